"""The signature of a text: the line that names its author and finds the text again.

All attendants share the CRM's token, so the CRM itself cannot tell who wrote a text.

The line stands at the beginning, in plain ASCII but for the name. So a base that keeps only the
start of a text, or spoils what is not ASCII, keeps the reference. Texts of older versions have it
at their end and are read as well.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass

# Without the letters that are read as digits (Crockford's base 32).
ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
# The largest character that a base of three bytes per character can hold.
LAST_PLAIN = "\uffff"
_REF = r"ref (?P<ref>[0-9A-Z]{6})"
_CORRECTS = r"corrige (?P<corrects>[0-9A-Z]+)"
# A base may have cut the line itself: then the text ends before the bracket closes.
_FIRST = re.compile(rf"\[{_REF}(?: - (?P<author>[^\n\[\]]*?)(?: - {_CORRECTS})?)?(?:\]|[\s-]*\Z)")
_LAST = re.compile(rf"\s*\n— (?P<author>[^\n]*?) · {_REF}(?: · {_CORRECTS})?\s*\Z")
_AT = r"\[(?P<at>\d\d/\d\d/\d{4} \d\d:\d\d)"
_HEAD = re.compile(
    rf"^{_AT}(?: - {_REF}(?: - (?P<author>[^\n\[\]]*?)(?: - {_CORRECTS})?)?)?(?:\]|[ -]*$)",
    re.MULTILINE,
)
_TAIL = re.compile(rf"\n— (?P<author>[^\n]*?) · {_REF}(?: · {_CORRECTS})?$", re.MULTILINE)


@dataclass(frozen=True)
class Signed:
    """A text with what its signature says; ``at`` only where the text itself carries the time.

    ``is_cut``: the mark at the end of a block is missing.
    """

    text: str
    author: str = ""
    reference: str = ""
    corrects: str = ""
    at: str = ""
    is_cut: bool = False


def reference_of(key: str) -> str:
    """Six characters that name the form with this key."""
    number = int.from_bytes(hashlib.sha256(key.encode()).digest()[:4])
    return "".join(ALPHABET[number >> shift & 31] for shift in range(0, 30, 5))


def signer(name: str) -> str:
    """Returns the name of an attendant as it stands in a signature.

    It is one line without any sign that ends the line or at which a base cuts.
    """
    kept = "".join(c for c in name if c <= LAST_PLAIN)
    return " ".join(kept.replace("[", "(").replace("]", ")").split())


def line(author: str, key: str, corrects: str = "") -> str:
    """The signature itself."""
    return f"[{_named(author, key, corrects)}]"


def sign(text: str, author: str, key: str, corrects: str = "") -> str:
    """The text with its signature."""
    return f"{line(author, key, corrects)}\n{text.strip()}"


def read(text: str) -> Signed:
    """What was signed, and by whom; a text without signature has no author."""
    plain = text.replace("\r\n", "\n").strip()
    first = _FIRST.match(plain)
    if first:
        return _signed(plain[first.end() :], first)
    last = _LAST.search(plain)
    if last:
        return _signed(plain[: last.start()], last)
    return Signed(plain)


def block(text: str, author: str, key: str, at: str, corrects: str = "") -> str:
    """The text dated and signed, to stand in remarks.

    How notes are kept where the CRM has no table for them.
    """
    return f"[{at} - {_named(author, key, corrects)}]\n{text.strip()}\n{_end(reference_of(key))}"


def blocks(remarks: str) -> tuple[list[Signed], str]:
    """The signed blocks inside remarks, in their order, and what else stands there."""
    plain = remarks.replace("\r\n", "\n")
    found, rest, passed = [], [], 0
    for start, end, signed in _blocks(plain):
        found.append(signed)
        rest.append(plain[passed:start])
        passed = end
    rest.append(plain[passed:])
    return found, "".join(rest).strip()


def _blocks(plain: str) -> Iterator[tuple[int, int, Signed]]:
    """Each block with where it begins and ends; what is quoted inside one is part of it."""
    passed = 0
    while head := _HEAD.search(plain, passed):
        end, signed = _block(plain, head) if head["ref"] else _older_block(plain, head)
        if signed:
            yield head.start(), end, signed
        passed = end


def _block(plain: str, head: re.Match[str]) -> tuple[int, Signed]:
    """A block goes on to its own end; where that was cut away, to the next block."""
    mark = f"\n{_end(head['ref'])}"
    end = plain.find(mark, head.end())
    if end >= 0:
        return end + len(mark), _signed(plain[head.end() : end], head)
    stop = _next_head(plain, head.end())
    text = plain[head.end() : stop].rstrip()
    # The end itself may be what was cut.
    part = next(
        (mark[:length] for length in range(len(mark), 1, -1) if text.endswith(mark[:length])), ""
    )
    return stop, _signed(text.removesuffix(part), head, is_cut=True)


def _older_block(plain: str, head: re.Match[str]) -> tuple[int, Signed | None]:
    """Reads a block of an older version, which ends with its signature.

    A block without one is somebody's own words.
    """
    tail = _TAIL.search(plain, head.end(), _next_head(plain, head.end()))
    if tail is None:
        return head.end(), None
    return tail.end(), _signed(plain[head.end() : tail.start()], tail, head["at"])


def _next_head(plain: str, start: int) -> int:
    """Where the next block with a reference begins, or the end."""
    return next((head.start() for head in _HEAD.finditer(plain, start) if head["ref"]), len(plain))


def _signed(text: str, found: re.Match[str], at: str = "", *, is_cut: bool = False) -> Signed:
    at = at or found.groupdict().get("at") or ""
    return Signed(
        text.strip(), found["author"] or "", found["ref"], found["corrects"] or "", at, is_cut
    )


def _named(author: str, key: str, corrects: str) -> str:
    corrected = f" - corrige {corrects}" if corrects else ""
    return f"ref {reference_of(key)} - {signer(author)}{corrected}"


def _end(reference: str) -> str:
    return f"[fim {reference}]"
