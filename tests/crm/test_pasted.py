"""What people paste is understood, or refused with the reason."""

from __future__ import annotations

import base64
import ssl
from pathlib import Path

import pytest

from tests.emulator.certificate import write_certificate
from widget.crm import pasted
from widget.crm.ixc.transport import webservice
from widget.crm.pasted import NotUnderstood
from widget.crm.probe import place_of

HASH = "3f9a" * 16
TOKEN = f"12:{HASH}"
ENCODED = base64.b64encode(TOKEN.encode()).decode()
HOME = "https://ixc.provedor.example/webservice/v1"


@pytest.mark.parametrize(
    ("typed", "address"),
    [
        ("ixc.provedor.example", HOME),
        (" https://ixc.provedor.example/adm.php?x=1#y ", HOME),
        ("https://ixc.provedor.example/webservicev1", HOME),
        ("https://ixc.provedor.example/webservice/v1/cliente/5", HOME),
        ("HTTPS://IXC.Provedor.Example:443/", HOME),
        ("https://ana:segredo@ixc.provedor.example/", HOME),
        ("http://10.0.0.7:8080/adm.php", "http://10.0.0.7:8080/webservice/v1"),
        ("[::1]:8080", "https://[::1]:8080/webservice/v1"),
        ("https:/ixc.provedor.example", HOME),
        ("https:///ixc.provedor.example/adm.php", HOME),
        ("https//ixc.provedor.example", HOME),
        ("https;//ixc.provedor.example", HOME),
        ("https:\\\\ixc.provedor.example", HOME),
        ("https://https://ixc.provedor.example", HOME),
        ("http:/10.0.0.7:8080/adm.php", "http://10.0.0.7:8080/webservice/v1"),
    ],
)
def test_an_address_is_understood_however_it_is_pasted(typed: str, address: str) -> None:
    assert pasted.url(typed) == address
    assert webservice(address) == address
    assert place_of(typed).url == address


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "  ",
        "ftp://ixc.example",
        "https://",
        "https:/",
        "https",
        "https:ixc.example",
        "htps://ixc.example",
        "https://ixc:99999",
        "javascript:alert(1)",
    ],
)
def test_what_is_no_address_is_refused(typed: str) -> None:
    with pytest.raises(NotUnderstood):
        pasted.url(typed)


@pytest.mark.parametrize(
    ("typed", "origin"),
    [
        ("https://chat.example", "https://chat.example"),
        ("https://chat.example/app/accounts/1/dashboard", "https://chat.example"),
        ("chat.example", "https://chat.example"),
        ("http://localhost:3000/", "http://localhost:3000"),
    ],
)
def test_the_origin_of_a_console_is_taken_from_any_address_of_it(typed: str, origin: str) -> None:
    assert pasted.origin(typed) == origin


@pytest.mark.parametrize(
    "typed", ["", "*", "https://*.example", "https://a.example;script-src", "https://a.example,b"]
)
def test_what_is_no_origin_is_refused(typed: str) -> None:
    with pytest.raises(NotUnderstood):
        pasted.origin(typed)


@pytest.mark.parametrize(
    "typed",
    [
        TOKEN,
        f"  {TOKEN}\n",
        f"12 : {HASH[:32]}\n{HASH[32:]}",
        ENCODED,
        ENCODED.rstrip("="),
        f"Basic {ENCODED}",
        f"Authorization: Basic {ENCODED}",
        f"basic {TOKEN}",
        f'"{TOKEN}"',
        f"\u200b{TOKEN}\ufeff",
        "\n".join((ENCODED[:40], ENCODED[40:])),
    ],
)
def test_a_token_is_understood_however_it_is_pasted(typed: str) -> None:
    assert pasted.token(typed) == TOKEN


@pytest.mark.parametrize(
    ("typed", "why"),
    [
        ("", "Preencha"),
        ("Basic ", "Preencha"),
        ("12:••••••3f9a", "escondido"),
        (f"{TOKEN[:20]}...", "cortado"),
        (f"Bearer {HASH}", "Bearer"),
        (HASH, "Falta o começo"),
        ("https://ixc.example", "endereço"),
        ("senha", "número:código"),
        (f"12:{HASH}:x", "número:código"),
        ("12:ção", "número:código"),
    ],
)
def test_what_is_no_token_is_refused_with_the_reason(typed: str, why: str) -> None:
    with pytest.raises(NotUnderstood, match=why):
        pasted.token(typed)


def test_an_authority_is_taken_as_text_or_as_a_file_of_either_form(tmp_path: Path) -> None:
    both = write_certificate(tmp_path / "server.pem").read_text()
    pem = both[both.index("-----BEGIN CERTIFICATE") :]

    assert pasted.authority(f"Meu certificado:\n{pem}\n{pem}").count("BEGIN") == 2
    assert pasted.authority(ssl.PEM_cert_to_DER_cert(pem)) == pasted.authority(pem)
    assert pasted.authority(" \n") == ""


@pytest.mark.parametrize(
    "typed", ["certificado", "-----BEGIN CERTIFICATE-----\nabc\n-----END CERTIFICATE-----"]
)
def test_what_is_no_certificate_is_refused(typed: str) -> None:
    with pytest.raises(NotUnderstood, match="certificado"):
        pasted.authority(typed)


def test_a_private_key_is_not_kept(tmp_path: Path) -> None:
    with pytest.raises(NotUnderstood, match="chave privada"):
        pasted.authority(write_certificate(tmp_path / "server.pem").read_bytes())


def test_a_file_that_is_no_certificates_size_is_refused() -> None:
    with pytest.raises(NotUnderstood, match="grande demais"):
        pasted.authority("x" * 65_000)
