"""What the tables hold of one person, and its erasure from all of them at once."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from widget.crm.port import Personal
from widget.domain.errors import StorageFailed
from widget.domain.integrations import MAIN
from widget.domain.model import Origin, Ref
from widget.store.engine.database import Database
from widget.store.engine.port import Lock, Row, Store
from widget.store.journal.entries import blank
from widget.store.journal.register import IS_OPEN, Register
from widget.store.ledger.ledger import RECEIPT, Ledger
from widget.store.people.people import People


@dataclass(frozen=True)
class Found:
    """Where a person was found.

    It holds names of the contact, keys of conversations and entries, and numbers of negotiations.
    """

    names: tuple[str, ...]
    talks: frozenset[str]
    entries: frozenset[str]
    drafts: frozenset[tuple[str, str, str]]
    negotiations: frozenset[str]


class Traces:
    """Reads and erases in one integration's part of the file.

    It does the same in the people index where there is one.
    """

    def __init__(
        self,
        database: Store,
        people: Database | None,
        integration: str,
        ledger: Ledger,
        kind: Personal,
    ) -> None:
        """``kind`` knows whose a row is that came from the CRM."""
        self.kind = kind
        self._database = database
        self._index = people
        self._integration = integration
        self._ledger = ledger

    def records(self, resource: str) -> Iterator[Mapping[str, str]]:
        """Every record of a resource that is in the cache, as often as it is there."""
        sql = "SELECT body FROM cache WHERE integration = ? AND resource = ?"
        for row in self._database.rows(sql, self._integration, resource):
            yield from json.loads(row["body"])["rows"]

    def mirrored(self, ref: Ref) -> Iterator[Mapping[str, str]]:
        """The contact's row in the people index, if it is there."""
        for row in self._people("p.body", "p.source = ? AND p.number = ?", ref.source, ref.id):
            yield json.loads(row["body"])

    def leads_of(self, client: str) -> list[str]:
        """The numbers of the leads that the index knows to be this client."""
        if not self._index:
            return []
        member = self._index.spelling.member
        columns = ", ".join(member("p.body", name) for name in self.kind.client_columns)
        is_theirs = f"p.source = ? AND ? IN ({columns})"
        return [row["number"] for row in self._people("p.number", is_theirs, Ref.LEAD, client)]

    def _people(self, column: str, condition: str, *values: object) -> list[Row]:
        sql = (
            # The words are our own.
            f"SELECT {column} FROM people AS p JOIN blocks AS b ON b.number = p.block"  # noqa: S608
            f" WHERE b.integration = ? AND {condition}"
        )
        return self._index.rows(sql, self._integration, *values) if self._index else []

    def names(self, refs: Iterable[Ref]) -> list[str]:
        """What the contacts are called in journal and ledger, now and before they had a number."""
        register = Register(self._database, self._integration)
        return [name for ref in refs for name in register.names(ref)]

    def conversations(self) -> list[Row]:
        """All conversations under this integration."""
        return self._ours(
            "key", self._database.rows("SELECT key, body, contact, seen_at FROM conversations")
        )

    def drafts(self) -> list[Row]:
        """All drafts under this integration."""
        drafts = self._database.rows("SELECT conversation, form, attendant, body, at FROM drafts")
        return self._ours("conversation", drafts)

    def entries(self) -> list[Row]:
        """All entries of the journal, also of which the content is gone."""
        return self._database.rows(
            "SELECT * FROM journal WHERE integration = ? ORDER BY seq", self._integration
        )

    def links(self, names: Collection[str]) -> list[Row]:
        """Who said that somebody is, or is not, one of these contacts."""
        return self._of("links", names)

    def reveals(self, names: Collection[str]) -> list[Row]:
        """Who sees these contacts' data in clear now."""
        return self._of("reveals", names)

    def qualifications(self, negotiations: Collection[str]) -> list[Row]:
        """How these negotiations were qualified."""
        return self._of("qualifications", negotiations, "negotiation")

    def lines(self, names: Collection[str]) -> list[Row]:
        """The ledger's lines about these contacts, also about who saw them."""
        columns = (
            "seq, at, event, author, conversation, contact, negotiation, action, crm_id, personal"
        )
        where = f"contact {self._database.spelling.in_list}"
        sql = f"SELECT {columns} FROM ledger WHERE {where} ORDER BY seq"  # noqa: S608
        return self._database.rows(sql, self._list(self._ledger.names(names)))

    def note(self, event: str, origin: Origin, facts: Mapping[str, str]) -> None:
        """A line about what was done with the person's data as a whole."""
        self._ledger.append(event, origin, key="", facts=facts)

    def erase(
        self, found: Found, origin: Origin, lookups: Iterable[str], refs: Iterable[Ref]
    ) -> dict[str, int]:
        """Erases all of it and seals the receipt, which holds these numbers and nothing else.

        Everything of the CRM but ``lookups`` leaves the cache, since it can be read again. Of
        entries and lines of the ledger stays that they were. Afterwards no byte of it is left in
        the files.
        """
        with self._database.transaction(Lock.JOURNAL, Lock.LEDGER, Lock.RECORDS):
            gone = self._erase(found, lookups) | {"lines": self._ledger.erase(found.names, origin)}
            told = {name: str(number) for name, number in gone.items()}
            self._ledger.append(RECEIPT, origin, key="", facts=told)
        if self._index:
            people = People(self._index, self._integration)
            gone["index"] = sum(
                people.bar(ref.source, ref.id) for ref in refs if ref.source != Ref.NEW
            )
        self._database.shrink()
        return gone

    def _erase(self, found: Found, lookups: Iterable[str]) -> dict[str, int]:
        mine, entries = self._integration, self._list(found.entries)
        names = self._list(found.names)
        return {
            "cache": self._run(
                "DELETE FROM cache WHERE integration = ? AND NOT (resource {in})",
                mine,
                self._list(lookups),
            ),
            "conversations": self._run(
                "DELETE FROM conversations WHERE key {in}", self._list(found.talks)
            ),
            "drafts": sum(self._drop_draft(*draft) for draft in found.drafts),
            "links": self._run(
                "DELETE FROM links WHERE integration = ? AND contact {in}", mine, names
            ),
            "reveals": self._run(
                "DELETE FROM reveals WHERE integration = ? AND contact {in}", mine, names
            ),
            "qualifications": self._run(
                "DELETE FROM qualifications WHERE integration = ? AND negotiation {in}",
                mine,
                self._list(found.negotiations),
            ),
            "open": self._run(
                f"UPDATE journal SET state = 'refused' "  # noqa: S608
                f"WHERE {IS_OPEN} AND key {{in}}",
                entries,
            ),
            "writes": self._blank(entries),
        }

    def _drop_draft(self, conversation: str, form: str, attendant: str) -> int:
        return self._database.run(
            "DELETE FROM drafts WHERE conversation = ? AND form = ? AND attendant = ?",
            conversation,
            form,
            attendant,
        )

    def _blank(self, entries: object) -> int:
        blanked = blank(self._database, f"key {self._database.spelling.in_list}", entries)
        return self._run("UPDATE journal SET conversation = '' WHERE key {in}", self._list(blanked))

    def _run(self, sql: str, *values: object) -> int:
        return self._database.run(sql.replace("{in}", self._database.spelling.in_list), *values)

    def _ours(self, column: str, rows: Iterable[Row]) -> list[Row]:
        """Those of this integration.

        The name of a conversation begins with the integration, if it is not the first one.
        """
        return [row for row in rows if (_place(row[column]) or MAIN) == self._integration]

    def _of(self, table: str, names: Collection[str], column: str = "contact") -> list[Row]:
        where = f"integration = ? AND {column} {self._database.spelling.in_list}"
        sql = f"SELECT * FROM {table} WHERE {where}"  # noqa: S608 -- names of ours
        return self._database.rows(sql, self._integration, self._list(names))

    def _list(self, values: Iterable[object]) -> object:
        return self._database.spelling.as_list(sorted(values, key=str))


def opened(path: Any, migrations: Any) -> Database | None:
    """The file, if it is there and can be read."""
    try:
        return Database(path, migrations) if path.exists() else None
    except StorageFailed:
        return None


def _place(conversation: str) -> str:
    """The integration in the name of a conversation, "" where there is none.

    Consoles have no slash in theirs.
    """
    return conversation.partition(":")[0].rpartition("/")[0]
