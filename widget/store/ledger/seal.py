"""How a line of the ledger is sealed: keyed hashes of author, content and previous line."""

from __future__ import annotations

import hmac
from functools import cache, cached_property
from typing import NamedTuple

from widget.store.engine.port import Spelling


class Line(NamedTuple):
    """A line as its cells are on disk, texts as bytes.

    ``personal`` and ``salt`` are None once they are erased.
    """

    seq: int
    event: bytes
    key: bytes
    at: float | None
    author: bytes
    conversation: bytes
    contact: bytes
    negotiation: bytes
    action: bytes
    crm_id: bytes
    digest: bytes
    salt: bytes | None
    personal: bytes | None
    author_mac: bytes
    content_mac: bytes
    seal: bytes

    @property
    def is_erased(self) -> bool:
        """Whether its personal part is blank."""
        return self.personal is None and self.salt is None


@cache
def select(spelling: Spelling) -> str:
    """Returns how everything that reads lines begins."""
    cells = ", ".join(_cell(spelling, column) for column in Line._fields)
    return f"SELECT {cells} FROM ledger"  # noqa: S608 -- names of ours


def _cell(spelling: Spelling, column: str) -> str:
    """Returns the SQL that reads a cell and never fails, whatever was put there."""
    if column == "seq":
        return column
    if column == "at":
        return spelling.number_cell(column)
    return spelling.text_cell(column, may_be_blank=column in {"salt", "personal"})


_COLUMNS = ", ".join(Line._fields)
_MARKS = ", ".join("?" * len(Line._fields))
INSERT = f"INSERT INTO ledger ({_COLUMNS}) VALUES ({_MARKS})"  # noqa: S608


class Seals:
    """Seals under one key.

    What is sealed and in which order must never change: old lines would no longer fit.
    """

    def __init__(self, key: str) -> None:
        self._keyed = hmac.new(key.encode(), digestmod="sha256")

    @cached_property
    def first(self) -> bytes:
        """What stands in place of a seal before line 1."""
        return self._mac(b"ledger")

    def author(self, line: Line, number: int) -> bytes:
        """Returns the hash that binds the author to the line of this number."""
        return self._mac(b"author", b"%d" % number, line.author)

    def content(self, line: Line, number: int) -> bytes:
        """Returns the hash that binds what was done to the line of this number.

        Of the personal part it covers the digest only.
        """
        return self._mac(
            b"content",
            b"%d" % number,
            line.event,
            line.key,
            repr(line.at).encode(),
            line.conversation,
            line.contact,
            line.negotiation,
            line.action,
            line.crm_id,
            line.digest,
        )

    def seal(self, previous: bytes, author_mac: bytes, content_mac: bytes) -> bytes:
        """Returns the hash that binds both to the line before."""
        return self._mac(b"seal", previous, author_mac, content_mac)

    def sealed(self, line: Line, previous: bytes) -> Line:
        """Returns the line with its seals."""
        author = self.author(line, line.seq)
        content = self.content(line, line.seq)
        seal = self.seal(previous, author, content)
        return line._replace(author_mac=author, content_mac=content, seal=seal)

    def _mac(self, *parts: bytes) -> bytes:
        mac = self._keyed.copy()  # the key is worked in once
        mac.update(_joined(*parts))
        return mac.hexdigest().encode()


def digest_of(salt: bytes, personal: bytes) -> bytes:
    """Returns the digest that stands for the personal part in the content.

    Once the salt is erased it tells nothing about that part.
    """
    return hmac.digest(salt, personal, "sha256").hex().encode()


def _joined(*parts: bytes) -> bytes:
    """Joins the parts so that no other parts give the same text: each has its length."""
    return b"".join([b"%d:%b" % (len(part), part) for part in parts])
