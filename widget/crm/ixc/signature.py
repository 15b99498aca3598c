"""The line under a text that tells its true author, and lets us find it again: the CRM's token is shared by all."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass

# Without the letters that are read as digits (Crockford's base 32).
ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_LINE = re.compile(r"\s*\n— (?P<author>[^\n]*?) · ref (?P<ref>[0-9A-Z]{6})(?: · corrige (?P<corrects>[0-9A-Z]+))?\s*$")
_BLOCK = re.compile(
    r"^\[(?P<at>\d\d/\d\d/\d{4} \d\d:\d\d)\] (?P<text>.*?)\n— (?P<author>[^\n]*?) · ref (?P<ref>[0-9A-Z]{6})"
    r"(?: · corrige (?P<corrects>[0-9A-Z]+))?$",
    re.DOTALL | re.MULTILINE,
)


@dataclass(frozen=True)
class Signed:
    """A text with what its signature says; ``at`` only where the text itself carries the time."""

    text: str
    author: str = ""
    reference: str = ""
    corrects: str = ""
    at: str = ""


def reference_of(key: str) -> str:
    """Six characters that name the form with this key."""
    number = int.from_bytes(hashlib.sha256(key.encode()).digest()[:4])
    return "".join(ALPHABET[number >> shift & 31] for shift in range(0, 30, 5))


def sign(text: str, author: str, key: str, corrects: str = "") -> str:
    """The text with its signature."""
    return f"{text.strip()}\n\n{_line(author, key, corrects)}"


def read(text: str) -> Signed:
    """What was signed, and by whom; a text without signature has no author."""
    plain = text.replace("\r\n", "\n").strip()
    line = _LINE.search(plain)
    if not line:
        return Signed(plain)
    return Signed(plain[: line.start()].strip(), line["author"], line["ref"], line["corrects"] or "")


def block(text: str, author: str, key: str, at: str, corrects: str = "") -> str:
    """The text dated and signed, to stand in remarks; how notes are kept where the CRM has no table for them."""
    # A quoted signature must not end the block: it is moved one blank away from where signatures stand.
    quoted = re.sub(r"^(?=— .* · ref )", " ", text.strip(), flags=re.MULTILINE)
    return f"[{at}] {quoted}\n{_line(author, key, corrects)}"


def blocks(remarks: str) -> tuple[list[Signed], str]:
    """The signed blocks inside remarks, in their order, and what else stands there."""
    plain = remarks.replace("\r\n", "\n")
    found = [
        Signed(m["text"].strip(), m["author"], m["ref"], m["corrects"] or "", m["at"]) for m in _BLOCK.finditer(plain)
    ]
    return found, _BLOCK.sub("", plain).strip()


def _line(author: str, key: str, corrects: str) -> str:
    corrected = f" · corrige {corrects}" if corrects else ""
    return f"— {' '.join(author.split())} · ref {reference_of(key)}{corrected}"
