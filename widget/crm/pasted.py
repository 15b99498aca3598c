"""What people paste into an integration's form, understood: addresses, tokens, certificates.

Or why it cannot be.
"""

from __future__ import annotations

import base64
import re

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from widget.crm.probe import Broken, place_of
from widget.domain.texts import mark

WEBSERVICE = "/webservice/v1"
LONGEST_CA = 64_000
# What copying from a page leaves around and inside: blanks of every kind, marks without a width,
# quotes.
BLANKS = re.compile("[\\s\u200b-\u200f\u2060\ufeff\"'`“”‘’]+")
DOTS = set("•●*…")


class NotUnderstood(ValueError):
    """It cannot be used.

    ``str()`` is the sentence for whoever pasted it, translated where it is shown.
    """


def url(text: str) -> str:
    """The webservice's address for a host, a panel's address or the manual's ``/webservicev1``.

    Raises NotUnderstood.

    A name and password inside the address are left out.
    """
    try:
        return place_of(BLANKS.sub("", text)).url
    except Broken as broken:
        if broken.slug == "address-empty":
            raise NotUnderstood(mark("Preencha este campo.")) from broken
        raise NotUnderstood(
            mark("Isto não é um endereço. Um exemplo: https://ixc.provedor.com.br")
        ) from broken


def origin(text: str) -> str:
    """The origin of a console for any address of it, such as ``https://chat.example``.

    Raises NotUnderstood.
    """
    address = url(text).removesuffix(WEBSERVICE)
    if set(address.partition("://")[2]) & set("*;,'\"/"):
        raise NotUnderstood(
            mark("Isto não é o endereço de um console. Um exemplo: https://chat.provedor.com.br")
        )
    return address


def token(text: str) -> str:
    """The token as ``id:hash``, whether pasted so, encoded, with blanks or as a whole header.

    Raises NotUnderstood.

    Reference: webservice facts 1.2.
    """
    bare = re.sub(r"(?i)^(authorization:?)?(basic)?", "", BLANKS.sub("", text))
    if not bare:
        raise NotUnderstood(mark("Preencha este campo."))
    if DOTS & set(bare) or bare.endswith("..."):
        raise NotUnderstood(
            mark(
                "Isto é o token escondido ou cortado. Copie-o inteiro do cadastro do usuário no "
                "IXC."
            )
        )
    if re.match(r"(?i)bearer", bare):
        raise NotUnderstood(
            mark("Isto é um token de outro sistema (Bearer). O do IXC tem a forma número:código.")
        )
    found = next(
        (shape for shape in (bare, _decoded(bare)) if re.fullmatch(r"\d+:[!-9;-~]+", shape)), ""
    )
    if not found:
        raise NotUnderstood(_why_not(bare))
    return found


def _why_not(bare: str) -> str:
    if "://" in bare:
        return mark("Isto é um endereço, não um token.")
    if re.fullmatch(r"[0-9A-Fa-f]{64}", bare):
        return mark(
            "Falta o começo: o token inteiro é o número do usuário, dois-pontos e o código."
        )
    return mark("Isto não parece um token do IXC, que tem a forma número:código, como 12:3f9a….")


def _decoded(bare: str) -> str:
    try:
        return (
            base64.b64decode(bare + "=" * (-len(bare) % 4), validate=True).decode("ascii").strip()
        )
    except ValueError:
        return ""


def authority(content: bytes | str) -> str:
    """The certificates of a PEM or DER file as PEM text; "" for nothing; raises NotUnderstood.

    A private key in the file is refused, so that nobody keeps one here by mistake.
    """
    raw = content.encode() if isinstance(content, str) else content
    if not raw.strip():
        return ""
    if len(raw) > LONGEST_CA:
        raise NotUnderstood(mark("O arquivo é grande demais para um certificado."))
    if b"PRIVATE KEY" in raw:
        raise NotUnderstood(
            mark(
                "Há uma chave privada no arquivo, que não pode sair do servidor do CRM. Cole só o "
                "certificado."
            )
        )
    try:
        found = (
            x509.load_pem_x509_certificates(raw)
            if b"-----BEGIN" in raw
            else [x509.load_der_x509_certificate(raw)]
        )
    except ValueError as error:
        raise NotUnderstood(
            mark("Isto não é um certificado. Ele começa com -----BEGIN CERTIFICATE-----.")
        ) from error
    return "".join(certificate.public_bytes(Encoding.PEM).decode() for certificate in found)
