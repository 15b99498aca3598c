"""A self-signed certificate for 127.0.0.1, made with the standard library alone.

No key lies in the repository.

The DER structures follow RFC 5280 (certificate) and RFC 8017 (RSA key and PKCS #1 v1.5 signature).
"""

import base64
import hashlib
import ipaddress
import secrets
from datetime import UTC, datetime, timedelta
from pathlib import Path

_EXPONENT = 65537
_SHA256_RSA, _RSA = "2a864886f70d01010b", "2a864886f70d010101"  # object identifiers, encoded
_COMMON_NAME, _ALTERNATIVE, _CONSTRAINTS, _USAGE, _SUBJECT_KEY, _ISSUER_KEY = (
    "550403",
    "551d11",
    "551d13",
    "551d0f",
    "551d0e",
    "551d23",
)
_SMALL_PRIMES = [n for n in range(3, 2000, 2) if all(n % d for d in range(3, int(n**0.5) + 1, 2))]


def write_certificate(path: Path, address: str = "127.0.0.1") -> Path:
    """Writes key and certificate, valid for a day, into one PEM file, and gives its path."""
    p, q = _prime(1024), _prime(1024)
    n, d = p * q, pow(_EXPONENT, -1, (p - 1) * (q - 1))
    key = _sequence(
        *(_integer(v) for v in (0, n, _EXPONENT, d, p, q, d % (p - 1), d % (q - 1), pow(q, -1, p)))
    )
    body = _body(n, address)
    signed = _sequence(body, _algorithm(_SHA256_RSA), _bits(_signature(body, n, d)))
    path.write_text(_pem("RSA PRIVATE KEY", key) + _pem("CERTIFICATE", signed), encoding="ascii")
    return path


def _body(n: int, address: str) -> bytes:
    name = _sequence(_tag(0x31, _sequence(_identifier(_COMMON_NAME), _tag(0x0C, b"CRM emulator"))))
    now = datetime.now(UTC)
    validity = _sequence(_time(now - timedelta(hours=1)), _time(now + timedelta(days=1)))
    public = _sequence(_integer(n), _integer(_EXPONENT))
    return _sequence(
        _tag(0xA0, _integer(2)),
        _integer(secrets.randbits(63)),
        _algorithm(_SHA256_RSA),
        name,
        validity,
        name,
        _sequence(_algorithm(_RSA), _bits(public)),
        _tag(0xA3, _sequence(*_extensions(public, address))),
    )


def _extensions(public: bytes, address: str) -> list[bytes]:
    mark = hashlib.sha256(public).digest()[:20]
    return [
        _extension(_ALTERNATIVE, _sequence(_tag(0x87, ipaddress.ip_address(address).packed))),
        _extension(_CONSTRAINTS, _sequence(_tag(0x01, b"\xff")), critical=True),
        _extension(
            _USAGE, _tag(0x03, b"\x02\x84"), critical=True
        ),  # digital signature, certificate signing
        _extension(_SUBJECT_KEY, _tag(0x04, mark)),
        _extension(_ISSUER_KEY, _sequence(_tag(0x80, mark))),
    ]


def _extension(kind: str, value: bytes, *, critical: bool = False) -> bytes:
    return _sequence(_identifier(kind), _tag(0x01, b"\xff") if critical else b"", _tag(0x04, value))


def _signature(body: bytes, n: int, d: int) -> bytes:
    digest = _sequence(
        _sequence(_identifier("608648016503040201"), _tag(0x05, b"")),
        _tag(0x04, hashlib.sha256(body).digest()),
    )
    size = (n.bit_length() + 7) // 8
    padded = b"\x00\x01" + b"\xff" * (size - len(digest) - 3) + b"\x00" + digest
    return pow(int.from_bytes(padded, "big"), d, n).to_bytes(size, "big")


def _prime(bits: int) -> int:
    while True:
        number = secrets.randbits(bits) | 1 | (3 << (bits - 2))
        if (
            all(number % small for small in _SMALL_PRIMES)
            and (number - 1) % _EXPONENT
            and _probably_prime(number)
        ):
            return number


def _probably_prime(number: int, rounds: int = 8) -> bool:
    """Miller and Rabin's test."""
    twos = ((number - 1) & (1 - number)).bit_length() - 1
    odd = (number - 1) >> twos
    return all(_passes(number, odd, twos, secrets.randbelow(number - 3) + 2) for _ in range(rounds))


def _passes(number: int, odd: int, twos: int, base: int) -> bool:
    power = pow(base, odd, number)
    return power == 1 or any(pow(power, 2**turn, number) == number - 1 for turn in range(twos))


def _tag(kind: int, content: bytes) -> bytes:
    size = len(content)
    length = bytes([size]) if size < 128 else bytes([0x82]) + size.to_bytes(2, "big")
    return bytes([kind]) + length + content


def _sequence(*parts: bytes) -> bytes:
    return _tag(0x30, b"".join(parts))


def _integer(value: int) -> bytes:
    return _tag(0x02, value.to_bytes(value.bit_length() // 8 + 1, "big"))


def _identifier(encoded: str) -> bytes:
    return _tag(0x06, bytes.fromhex(encoded))


def _algorithm(encoded: str) -> bytes:
    return _sequence(_identifier(encoded), _tag(0x05, b""))


def _bits(content: bytes) -> bytes:
    return _tag(0x03, b"\x00" + content)


def _time(moment: datetime) -> bytes:
    return _tag(0x17, moment.strftime("%y%m%d%H%M%SZ").encode())


def _pem(kind: str, content: bytes) -> str:
    return f"-----BEGIN {kind}-----\n{base64.encodebytes(content).decode()}-----END {kind}-----\n"
