"""What the journal holds, and what waits for what."""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from operator import itemgetter

from widget.domain.model import Ref, State
from widget.store.engine.port import Store
from widget.store.journal.entries import Entry, entry_of, new_name

IS_OPEN = "state IN ('kept', 'sending', 'unknown')"
# An index holds just these; it is used only where a query says the same, word for word.
IS_TOLD = "state = 'refused' OR dropped <> '[]' OR twins <> '[]' OR (state = 'done' AND why <> '')"
IS_LEFT = f"({IS_OPEN} OR (seen = 0 AND ({IS_TOLD})))"
# The key of a form has no point, and those of its other writes go on with one (``/`` follows on
# it): so the keys' own index finds them. A plus sign before other columns makes sure that no other
# index is tried.
OF_FORM = "(key = ? OR (key > ? || '.' AND key < ? || '/'))"


class Register:
    """The entries of one integration, and their order.

    They go one after the other for each contact and each negotiation.
    """

    def __init__(
        self, database: Store, integration: str, clock: Callable[[], float] = time.time
    ) -> None:
        self.database = database
        self.integration = integration
        self.clock = clock

    def find(self, key: str) -> Entry | None:
        """The entry of a key."""
        row = self.database.row("SELECT * FROM journal WHERE key = ?", key)
        return entry_of(row) if row else None

    def of_form(self, root: str) -> list[Entry]:
        """All entries of one form, in the order of their acceptance."""
        rows = self.database.rows(
            f"SELECT * FROM journal WHERE {OF_FORM}",  # noqa: S608
            root,
            root,
            root,
        )
        mine = [row for row in rows if row["integration"] == self.integration]
        return [entry_of(row) for row in sorted(mine, key=itemgetter("seq"))]

    def of_contact(self, contact: str, limit: int = 200) -> list[Entry]:
        """What this panel did for a contact, newest first."""
        return self._entries("contact = ? ORDER BY seq DESC LIMIT ?", contact, limit)

    def count_open(self) -> int:
        """How many writes are still on their way."""
        sql = f"SELECT count(*) AS n FROM journal WHERE integration = ? AND {IS_OPEN}"  # noqa: S608
        row = self.database.row(sql, self.integration)
        return int(row["n"]) if row else 0

    def abandon(self, why: str) -> None:
        """Refuses what is still on its way: it never arrives. ``why`` is the code of an error."""
        sets = "state = 'refused', why = ?, settled_at = ?, seen = 1, owner = ''"
        sql = f"UPDATE journal SET {sets} WHERE integration = ? AND {IS_OPEN}"  # noqa: S608
        self.database.run(sql, why, self.clock(), self.integration)

    def open(self, limit: int = 500) -> list[Entry]:
        """What is not settled, oldest first."""
        return self._entries(f"{IS_OPEN} ORDER BY seq LIMIT ?", limit)

    def unchecked(self, times: int, delay: float, limit: int, sends: int = 0) -> list[Entry]:
        """Returns finished entries that were looked at fewer than ``times`` times.

        They ended at least ``delay`` seconds ago and were sent at least ``sends`` times.
        """
        return self._entries(
            "state = 'done' AND checks < ? AND sends >= ? AND settled_at <= ? ORDER BY checks, "
            "seq LIMIT ?",
            times,
            sends,
            self.clock() - delay,
            limit,
        )

    def refusals(self, delay: float, limit: int) -> list[Entry]:
        """Returns what was refused ``delay`` seconds ago and was not looked for since.

        It was sent, so it may have come all the same.
        """
        return self._entries(
            "state = 'refused' AND checks = 0 AND sends > 0 AND settled_at <= ? ORDER BY "
            "settled_at LIMIT ?",
            self.clock() - delay,
            limit,
        )

    def pending(self, conversation: str, contact: str) -> list[Entry]:
        """Returns what is open or must be looked at, of a conversation or a contact.

        What must be looked at was refused, was not kept whole, or is there twice.
        """
        return self._entries(
            f"{IS_LEFT} AND (conversation = ? OR (contact <> '' AND contact = ?)) ORDER BY seq",
            conversation,
            contact,
        )

    def is_watched(self, conversation: str, contact: str) -> bool:
        """Whether a write was called done and has not been looked at yet.

        It counts for a conversation or a contact.
        """
        return (
            self.database.row(
                "SELECT 1 FROM journal WHERE integration = ? AND state = 'done' AND checks = 0"
                " AND (conversation = ? OR (contact <> '' AND contact = ?)) LIMIT 1",
                self.integration,
                conversation,
                contact,
            )
            is not None
        )

    def ahead(self, subject: str, number: str) -> dict[str, str]:
        """Returns the fields that our open changes will set in a record.

        A person who edits the record meanwhile goes on from there.
        """
        found: dict[str, str] = {}
        for entry in self._entries(
            f"{IS_OPEN} AND {self.database.spelling.member('work', 'id')} = ? ORDER BY seq", number
        ):
            if entry.table == subject:
                found |= entry.sets
        return found

    def claimed(self, entry: Entry, number: str, table: str) -> list[Entry]:
        """Earlier changes of the record that the CRM called done and that no look has shown yet."""
        found = self._entries(
            "crm_id = ? AND crm_id <> '' AND state = 'done' AND proven = 0 AND seq < ?"
            " ORDER BY seq",
            number,
            entry.seq,
        )
        return [earlier for earlier in found if earlier.verb == "change" and earlier.table == table]

    def overtaken(self, entry: Entry) -> set[str]:
        """Returns the fields of an entry's record that later writes of ours may have set."""
        number = entry.crm_id or entry.work.get("id", "")
        later = self._entries(
            "seq > ? AND crm_id = ? AND crm_id <> '' AND state = 'done'", entry.seq, number
        )
        later += self._entries(f"{IS_OPEN} AND sends > 0 AND seq > ?", entry.seq)
        fields: set[str] = set()
        for other in later:
            if not other.is_blank and other.work["id"] == number and other.table == entry.table:
                fields |= other.sets.keys()
        return fields

    def resolve(self, ref: Ref) -> Ref:
        """The contact's place in the CRM, once it has one."""
        if ref.source != Ref.NEW:
            return ref
        row = self.database.row(
            "SELECT crm_id FROM journal WHERE key = ? AND state = 'done' AND proven = 1", ref.id
        )
        return Ref(Ref.LEAD, row["crm_id"]) if row else ref

    def names(self, ref: Ref) -> list[str]:
        """Returns all names under which a contact's entries were sealed.

        They are its number, and the key that it had before.
        """
        keys = self.database.rows(
            "SELECT key FROM journal WHERE integration = ? AND contact = ? AND action = "
            "'contact.create'",
            self.integration,
            str(ref),
        )
        return [str(ref), *(new_name(row["key"]) for row in keys)]

    def makers(self, key: str, subject: str, number: str) -> list[Entry]:
        """The other entries that made a record under this number.

        Of one that was deleted the number may come again.
        """
        found = self._entries(
            "crm_id = ? AND crm_id <> '' AND key <> ? AND state = 'done' ORDER BY seq", number, key
        )
        return [
            other
            for other in found
            if other.verb == "insert" and other.work.get("subject") == subject
        ]

    def changes(self, number: str, table: str, since: float) -> list[Entry]:
        """Returns the finished changes of a table's record, oldest first.

        They ended since then (epoch seconds).
        """
        found = self._entries(
            "crm_id = ? AND crm_id <> '' AND state = 'done' AND settled_at >= ? ORDER BY seq",
            number,
            since,
        )
        return [entry for entry in found if entry.verb == "change" and entry.table == table]

    def blocker(self, entry: Entry) -> Entry | None:
        """Returns what an open entry has to wait for.

        This is an earlier entry of the contact, or one whose number it needs.
        """
        needed = (self.find(key) for key in entry.needs)
        unmet = (need for need in needed if need and not need.is_met)
        return next(unmet, None) or next(iter(self._before(entry)), None)

    def _before(self, entry: Entry) -> list[Entry]:
        """Returns the open entries before the form in the queue.

        They belong to the same contact or negotiation.
        """
        mine = self._start(entry.root)
        earlier = self._entries(
            f"{IS_OPEN} AND seq < ? AND root <> ? AND"
            " ((contact <> '' AND contact = ?) OR (negotiation <> '' AND negotiation = ?)) ORDER "
            "BY seq",
            mine,
            entry.root,
            entry.origin.contact,
            entry.origin.negotiation,
        )
        return [other for other in earlier if self._place(other) < mine]

    def _place(self, entry: Entry) -> float:
        """Returns where an entry stands.

        It stands with its form, not before what that needs, and nowhere while that was refused.
        """
        needed = [
            need for key in entry.needs if (need := self.find(key)) and need.state is not State.DONE
        ]
        if any(need.state is State.REFUSED for need in needed):
            return math.inf
        return max(
            [
                self._start(entry.root),
                *(self._place(need) for need in needed if need.root != entry.root),
            ]
        )

    def _start(self, root: str) -> int:
        """What took an entry's place later stands where its form does."""
        sql = f"SELECT min(seq) AS seq FROM journal WHERE {OF_FORM} AND {IS_OPEN}"  # noqa: S608
        row = self.database.row(sql, root, root, root)
        return int(row["seq"] or 0) if row else 0

    def _entries(self, condition: str, *values: object) -> list[Entry]:
        sql = f"SELECT * FROM journal WHERE integration = ? AND {condition}"  # noqa: S608
        return [entry_of(row) for row in self.database.rows(sql, self.integration, *values)]
