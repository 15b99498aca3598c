"""The phones and e-mail addresses in a column that people fill as they like.

A cell is only read. What cannot be told apart for sure is no value: a wrong match is worse than a
question.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import product

from widget.brazil import documents, phones
from widget.brazil.phones import AREA_CODES, Phone, PhoneKind
from widget.domain.model import Certainty

_LONGEST = 200  # longer text is no list of phones
_MOST_PIECES = 30  # of a cell; with more of them it is a text and no list
_WITH_AREA = frozenset({PhoneKind.MOBILE, PhoneKind.LANDLINE})
# Characters that no screen shows, and that are no format characters of Unicode.
_UNSEEN = frozenset("\u034f\u115f\u1160\u2800\u3164")

_CHAT = re.compile(
    r"(?:https?://[^\s;,|]*?)?(?:wa\.me/|[?&]phone=)(?:\+|%2B)?\d+(?:[?&][^\s;,|]*)?"
    r"|\+?\d[\d.:_]*@(?:s\.whatsapp\.net|c\.us)",
    re.ASCII | re.IGNORECASE,
)
_ADDRESS = re.compile(r"[^\s/;,|<>()]*@[^\s/;,|<>()]*")
_DOCUMENT = re.compile(r"\d{3}\.\d{3}\.\d{3}-\d{2}|\d{2}\.\d{3}\.\d{3}/\d{4}-\d{2}")
_TRUNK = re.compile(
    r"0\s*[x*]{2}\s*", re.IGNORECASE
)  # "0XX49": a carrier's two digits belong there
_EXTENSION = re.compile(
    r"(?<![^\W\d_])(?:ramal|ram|rml|ext|r|x)[\s.:]*\d{1,5}(?![\s.-]*\d)", re.IGNORECASE
)
# Between two values, though an area code and its number may be parted so too.
_BETWEEN = re.compile(r"([/\\;,|&•·_\n\r\t\v\f]+|[^\W\d_]+|\s[-–—]+\s|(?<=\d)\s*(?=\+))")
# A number without area code that is written out, with more after it.
_LOCAL_FIRST = re.compile(r"(\D*\d{4,5}-\d{4})\s+(?=\D*\d)")
_LIKE_LOCAL = re.compile(r"9\d{8}|[2-9]\d{7}")
_LOCAL_SHAPES = frozenset({(8,), (9,), (4, 4), (5, 4), (1, 8), (1, 4, 4)})
# What comes before the number itself: trunk zeros, country, area, perhaps the ninth digit alone.
_LEAD = re.compile(r"0{0,2}(?:55)?0?(\d\d)?9?")
# After such words a short number is no area code.
_PLACES = frozenset(
    {
        "ap",
        "apt",
        "apto",
        "apartamento",
        "bl",
        "bloco",
        "casa",
        "km",
        "lote",
        "numero",
        "rua",
        "sala",
    }
)
_LISTING = re.compile(r"\s*(?:[/\\;,|&]|e|ou|y|and|or)\s*", re.IGNORECASE)


def phones_in(cell: str) -> tuple[Phone, ...]:
    """The numbers of a cell as they were written (see ``phones.read``), each once, in their order.

    One without area code takes that of the numbers before it. Where these have none, or several, it
    stays local.
    """
    text = _legible(cell)
    if len(text) > _LONGEST:
        return ()
    chats = [phone for link in _CHAT.findall(text) if (phone := phones.read(link))]
    for pattern in (_CHAT, _ADDRESS, _DOCUMENT, _EXTENSION):
        text = pattern.sub(";", _TRUNK.sub("0", text))
    pieces = list(_pieces(text))
    read = _Reading(pieces).phones() if len(pieces) <= _MOST_PIECES else []
    return tuple(dict.fromkeys([*chats, *read]))


def first_phone(cell: str) -> Phone | None:
    """The number to call of a cell: the first one that is whole."""
    return next(map(phones.with_nine, whole_phones([cell])), None)


def phone_keys(cell: str) -> frozenset[str]:
    """Under which keys an index keeps the phones of a cell."""
    return frozenset(phone.key for phone in phones_in(cell))


def whole_phones(cells: Iterable[str]) -> list[Phone]:
    """Returns the phones of several cells by which a person can be looked for.

    A phone without an area code is left out: it proves nothing.
    """
    return [
        phone for cell in cells for phone in phones_in(cell) if phone.kind is not PhoneKind.LOCAL
    ]


def sought_keys(cells: Iterable[str]) -> frozenset[str]:
    """Under which keys an index may have those phones: there they may lack their area code."""
    found = whole_phones(cells)
    return frozenset({phone.key for phone in found} | {phone.local_key for phone in found}) - {""}


def tails(cells: Iterable[str]) -> tuple[str, ...]:
    """The last four digits of those phones, each once."""
    return tuple(dict.fromkeys(phone.tail for phone in whole_phones(cells)))


def emails_in(cell: str) -> tuple[str, ...]:
    """Returns the addresses of a cell, in upper and lower case as written."""
    words = re.split(r"[\s<>()\[\],;:\"|\\/]+", _legible(cell))
    found = [word.partition("?")[0].strip(".'’`´") for part in words for word in _single(part)]
    return tuple(dict.fromkeys(word for word in found if re.fullmatch(r"[^@]+@[^@]+", word)))


def addresses(cells: Iterable[str]) -> frozenset[str]:
    """The addresses of several cells as they are compared.

    Plus tags stay: they may be other people.
    """
    return frozenset(email.casefold() for cell in cells for email in emails_in(cell))


def share(cell: str, value: str) -> bool:
    """Whether a cell surely holds the phone, the address or the document that a value is."""
    if addresses([cell]) & addresses([value]):
        return True
    document = documents.told(value)
    if document and documents.told(cell) == document:
        return True
    pairs = product(whole_phones([value]), phones_in(cell))
    return any(
        phones.meet(phone, stored) in {Certainty.EXACT, Certainty.VARIANT}
        for phone, stored in pairs
    )


def begun_email(text: str) -> str:
    """An address that is being typed or pasted, as it is compared: without what comes before it."""
    return re.sub(r"^.*(?:<|mailto:)", "", _legible(text).strip().casefold())


def _single(word: str) -> list[str]:
    """Splits a word that holds several addresses joined by ``&``.

    One address may hold that sign too, so a word with one ``@`` stays whole.
    """
    return word.split("&") if word.count("@") > 1 else [word]


def _legible(cell: str) -> str:
    """The text with usual forms of its characters, and only those that can be seen."""
    text = unicodedata.normalize("NFKC", cell)
    return "".join(
        c
        for c in text
        if c.isspace() or not (c in _UNSEEN or unicodedata.category(c) in {"Cc", "Cf"})
    )


@dataclass(frozen=True)
class _Piece:
    """A part of a cell with digits in it, and what stands between it and the one before."""

    text: str
    before: str = ""

    @property
    def runs(self) -> list[str]:
        return re.findall(r"\d+", self.text)

    @property
    def digits(self) -> str:
        return "".join(self.runs)


def _pieces(text: str) -> Iterator[_Piece]:
    before = ""
    for number, part in enumerate(_BETWEEN.split(text)):
        if number % 2 or not re.search(r"\d", part):
            before += part
            continue
        rest = part
        while local := _LOCAL_FIRST.match(rest):
            yield _Piece(local[1], before)
            rest, before = rest[local.end() :], " "
        yield _Piece(rest, before)
        before = ""


class _Reading:
    """Reads pieces from left to right.

    A number ends as soon as it is whole. A piece that is no number is passed over.
    """

    def __init__(self, pieces: Sequence[_Piece]) -> None:
        self._pieces = pieces
        self._found: list[Phone] = []

    def phones(self) -> list[Phone]:
        at, is_after_number = 0, False
        while at < len(self._pieces):
            taken = self._tail(at) if is_after_number else 0
            taken = taken or self._number(at)
            is_after_number = taken > 0
            at += taken or 1
        return self._found

    def _number(self, at: int) -> int:
        """Takes the number that begins at a piece; of how many pieces it is, 0 for none."""
        for count in range(1, min(4, len(self._pieces) - at) + 1):
            group = self._pieces[at : at + count]
            if count > 1 and not _may_begin(group):
                return 0
            if numbers := self._whole(group):
                self._found += numbers
                return count
        return 0

    def _tail(self, at: int) -> int:
        """Takes four digits that stand for the end of another number: ``3322-1100 / 1101``."""
        piece, last = self._pieces[at], self._found[-1]
        is_tail = re.fullmatch(r"\s*\d{4}\s*\)?\s*", piece.text) and _LISTING.fullmatch(
            piece.before
        )
        if not is_tail or last.kind not in {*_WITH_AREA, PhoneKind.LOCAL}:
            return 0
        self._found.append(Phone(last.digits[:-4] + piece.digits, last.kind))
        return 1

    def _whole(self, group: Sequence[_Piece]) -> list[Phone]:
        text = " ".join(piece.text for piece in group)
        phone = phones.read(text)
        if phone and not (
            phone.kind is PhoneKind.SERVICE and len(phone.digits) < 8 and len(self._pieces) > 1
        ):
            return [phone]
        runs = [run for piece in group for run in piece.runs]
        if local := self._local(runs):
            return [local]
        return _only_way(self._ways(group[0].text, runs)) if len(group) == 1 else []

    def _local(self, runs: Sequence[str], found: Sequence[Phone] = ()) -> Phone | None:
        digits = "".join(runs)
        if tuple(map(len, runs)) not in _LOCAL_SHAPES or not _LIKE_LOCAL.fullmatch(digits):
            return None
        areas = {phone.digits[:2] for phone in (*self._found, *found) if phone.kind in _WITH_AREA}
        inherited = phones.read(areas.pop() + digits) if len(areas) == 1 else None
        return inherited or Phone(digits, PhoneKind.LOCAL)

    def _ways(
        self, text: str, runs: list[str], found: tuple[Phone, ...] = ()
    ) -> Iterator[tuple[Phone, ...]]:
        """All ways to read runs of digits as numbers without leaving out any.

        Blanks and hyphens do not tell.
        """
        if not runs:
            yield found
            return
        for count in range(1, min(6, len(runs)) + 1):
            plus = "+" if not found and text.lstrip(" (").startswith("+") else ""
            phone = phones.read(plus + " ".join(runs[:count]))
            if phone and phone.kind is not PhoneKind.SERVICE:
                yield from self._ways(text, runs[count:], (*found, phone))
            elif (local := self._local(runs[:count], found)) and (
                local.kind is not PhoneKind.LOCAL or count == 1
            ):
                yield from self._ways(text, runs[count:], (*found, local))


def _may_begin(group: Sequence[_Piece]) -> bool:
    """Whether the pieces before the last may be the beginning of its number, and nothing else."""
    if _PLACES & set(re.findall(r"[^\W\d_]+", group[0].before.casefold())):
        return False
    lead = "".join(piece.digits for piece in group[:-1])
    found = _LEAD.fullmatch(lead)
    if found and (found[1] is None or found[1] in AREA_CODES):
        return True
    joined = any(re.search(r"[^\W\d_]", piece.before) for piece in group[1:])
    return (
        not joined
        and len(group[-1].digits) == 4
        and re.fullmatch(r"(?:\d\d)?\d{4,5}", lead) is not None
    )


def _only_way(ways: Iterable[tuple[Phone, ...]]) -> list[Phone]:
    """What all ways to read it agree on; nothing when they differ."""
    told = {tuple(phone.key for phone in way): way for way in ways}
    return list(*told.values()) if len(told) == 1 else []
