"""The durable list of writes: every one is here before the CRM is called, and stays until it is settled."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

from widget import errors
from widget.model import Origin, Ref, State
from widget.store.cache import without_secrets
from widget.store.database import Database
from widget.store.entries import Entry, New, entry_of, new_name, origin_text, packed, text
from widget.store.ledger import Ledger
from widget.store.presence import Presence, Steady

IS_OPEN = "state IN ('kept', 'sending', 'unknown')"
# An index holds just these; it is used only where a query says the same, word for word.
IS_LEFT = f"({IS_OPEN} OR (seen = 0 AND (state = 'refused' OR dropped <> '[]' OR twins <> '[]')))"


@dataclass
class Journal:
    """Entries by key. The key is unique, and that is the lock: a second entry of one form cannot exist.

    Every acceptance and every end is sealed in the ledger, in the same transaction.
    """

    database: Database
    integration: str
    ledger: Ledger
    presence: Presence
    steady: Steady = field(default_factory=Steady)
    clock: Callable[[], float] = time.time

    def __post_init__(self) -> None:
        self._mine: set[str] = set()
        self._lock = threading.Lock()

    def accept(self, items: Sequence[New]) -> None:
        """Puts the writes of one form on disk, all or none; what is there already stays as it is.

        One that was refused is taken anew as it is now. Raises AlreadySaved for other words under a key that was
        accepted before.
        """
        with self.database.transaction():
            old = {entry.key: entry for entry in self.of_form(items[0].root)}
            came_back = any(entry.state is State.REFUSED for entry in old.values())
            for item in items:
                entry = old.get(item.key)
                if entry is None:
                    self._insert(item)
                elif entry.state is State.REFUSED or (came_back and _may_change(entry, item)):
                    self._again(item)
                elif dict(entry.words) != dict(item.words):
                    raise errors.AlreadySaved(f"{item.origin.action} {entry.crm_id}")

    def claim(self, key: str) -> Entry | None:
        """Takes an open entry in hand, if it is its turn and nobody alive has it; ``release`` gives it back.

        What a process that died was sending is of unknown outcome from here on.
        """
        with self.database.transaction():
            entry = self.find(key)
            if entry is None or not entry.is_open or self._is_held(entry) or not self._has_turn(entry):
                return None
            state = State.UNKNOWN if entry.state is State.SENDING else entry.state
            self._set(key, state=state, owner=self.presence.name)
            with self._lock:
                self._mine.add(key)
            return replace(entry, state=state)

    def release(self, key: str) -> None:
        """Gives an entry back; one that came to its end is nobody's already."""
        with self._lock:
            self._mine.discard(key)
        self.database.run("UPDATE journal SET owner = '' WHERE key = ? AND owner = ?", key, self.presence.name)

    def sending(self, key: str) -> None:
        """From here on nobody knows whether the CRM has it, until it is settled."""
        self.database.run(
            "UPDATE journal SET state = 'sending', sends = sends + 1, boot = ?, sent_at = ? WHERE key = ?",
            self.steady.boot, self.steady.now(), key,
        )  # fmt: skip

    def done(self, entry: Entry, number: str) -> None:
        """The CRM has it under this number; what was waiting for the number gets it."""
        with self.database.transaction():
            self._set(entry.key, state=State.DONE, crm_id=number, why="", said="", settled_at=self.clock(), owner="")
            self._rename("contact", new_name(entry.key), str(Ref(Ref.LEAD, number)))
            self._rename("negotiation", new_name(entry.key), number)
            self.ledger.append("done", entry.origin, key=entry.key, facts={}, crm_id=number)

    def refused(self, entry: Entry, error: errors.VinculoError) -> None:
        """The CRM said no, or holds something that a person must look at first."""
        with self.database.transaction():
            said = json.dumps(error.said, ensure_ascii=False)
            self._set(
                entry.key, state=State.REFUSED, why=error.code, said=said, settled_at=self.clock(), seen=0, owner=""
            )
            self.ledger.append("refused", entry.origin, key=entry.key, facts={}, why=error.code)

    def failed(self, key: str, state: State, why: str) -> None:
        """A try that brought no end; it stays open."""
        self.database.run(
            "UPDATE journal SET state = ?, why = ?, attempts = attempts + 1 WHERE key = ?", state, why, key
        )

    def instead(self, entry: Entry, items: Sequence[New]) -> None:
        """Does it in another way: ``items`` take the entry's place, the last one being itself."""
        with self.database.transaction():
            for item in items[:-1]:
                found = self.find(item.key)
                if found is None:
                    self._insert(item)
                elif found.state is State.REFUSED:
                    self._again(item)
            self._set(entry.key, state=State.KEPT, work=packed(items[-1].work))

    def push(self, key: str) -> None:
        """Somebody wants it tried again now."""
        self._set(key, attempts=0)

    def see(self, entry: Entry, by: Origin) -> None:
        """Somebody has seen what needed a person, and leaves it at that."""
        with self.database.transaction():
            self._set(entry.key, seen=1)
            self.ledger.append("dismissed", by, key=entry.key, facts={}, crm_id=entry.crm_id, why=entry.why)

    def told(self, root: str) -> None:
        """The person sees the refusal right now, with the form."""
        self.database.run("UPDATE journal SET seen = 1 WHERE root = ? AND state = 'refused'", root)

    def checked(self, entry: Entry, *, dropped: Sequence[str] = (), twins: Sequence[str] = ()) -> None:
        """What a look at the finished record found; what is new about it somebody must see."""
        is_news = (tuple(dropped), tuple(twins)) != (entry.dropped, entry.twins)
        self.database.run(
            "UPDATE journal SET checks = checks + 1, seen = ?, dropped = ?, twins = ? WHERE key = ? AND state = 'done'",
            int(entry.seen and not is_news), text(list(dropped)), text(list(twins)), entry.key,
        )  # fmt: skip

    def find(self, key: str) -> Entry | None:
        """The entry of a key."""
        row = self.database.row("SELECT * FROM journal WHERE key = ?", key)
        return entry_of(row) if row else None

    def of_form(self, root: str) -> list[Entry]:
        """All entries of one form, in the order of their acceptance."""
        return self._entries("root = ? ORDER BY seq", root)

    def of_contact(self, contact: str, limit: int = 200) -> list[Entry]:
        """What this panel did for a contact, newest first."""
        return self._entries("contact = ? ORDER BY seq DESC LIMIT ?", contact, limit)

    def open(self, limit: int = 500) -> list[Entry]:
        """What is not settled, oldest first."""
        return self._entries(f"{IS_OPEN} ORDER BY seq LIMIT ?", limit)

    def unchecked(self, times: int, delay: float, limit: int, sends: int = 0) -> list[Entry]:
        """Finished entries looked at fewer than so many times, ``delay`` seconds after their end, sent so often."""
        return self._entries(
            "state = 'done' AND checks < ? AND sends >= ? AND settled_at <= ? ORDER BY checks, seq LIMIT ?",
            times, sends, self.clock() - delay, limit,
        )  # fmt: skip

    def pending(self, conversation: str, contact: str) -> list[Entry]:
        """What is open or must be looked at (refused, not kept whole, there twice), of a conversation or a contact."""
        return self._entries(
            f"{IS_LEFT} AND (conversation = ? OR (contact <> '' AND contact = ?)) ORDER BY seq",
            conversation, contact,
        )  # fmt: skip

    def resolve(self, ref: Ref) -> Ref:
        """The contact's place in the CRM, once it has one."""
        if ref.source != Ref.NEW:
            return ref
        row = self.database.row("SELECT crm_id FROM journal WHERE key = ? AND state = 'done'", ref.id)
        return Ref(Ref.LEAD, row["crm_id"]) if row else ref

    def names(self, ref: Ref) -> list[str]:
        """All names under which a contact's entries were sealed: its number, and the key it had before."""
        keys = self.database.rows(
            "SELECT key FROM journal WHERE integration = ? AND contact = ? AND action = 'contact.create'",
            self.integration, str(ref),
        )  # fmt: skip
        return [str(ref), *(new_name(row["key"]) for row in keys)]

    def is_taken(self, key: str, resource: str, number: str) -> bool:
        """Whether another entry has made this record: then it does not show that this one has."""
        return self.database.row(
            "SELECT 1 FROM journal WHERE integration = ? AND crm_id = ? AND crm_id <> '' AND key <> ?"
            " AND state = 'done' AND json_extract(work, '$.verb') = 'insert' AND json_extract(work, '$.resource') = ?",
            self.integration, number, key, resource,
        ) is not None  # fmt: skip

    def is_moving(self, root: str) -> bool:
        """Whether somebody has the form in hand right now, or what it must wait for."""
        return any(
            self._is_held(other)
            for entry in self.of_form(root) if entry.is_open
            for other in [entry, *self._before(entry)]
        )  # fmt: skip

    def blocker(self, entry: Entry) -> Entry | None:
        """What an open entry has to wait for: an earlier one of the contact, or one whose number it needs."""
        needed = (self.find(key) for key in entry.needs)
        unmet = (need for need in needed if need and need.state is not State.DONE)
        return next(unmet, None) or next(iter(self._before(entry)), None)

    def _has_turn(self, entry: Entry) -> bool:
        return self.blocker(entry) is None

    def _before(self, entry: Entry) -> list[Entry]:
        """Open entries of the same contact or negotiation that were there before the form.

        What took an entry's place later stands where its form does.
        """
        return self._entries(
            f"{IS_OPEN} AND seq < (SELECT min(seq) FROM journal WHERE root = ?)"  # noqa: S608 -- our own words
            " AND ((contact <> '' AND contact = ?) OR (negotiation <> '' AND negotiation = ?)) ORDER BY seq LIMIT 1",
            entry.root, entry.origin.contact, entry.origin.negotiation,
        )  # fmt: skip

    def _is_held(self, entry: Entry) -> bool:
        if entry.owner == self.presence.name:
            return entry.key in self._mine
        return entry.owner != "" and self.presence.is_alive(entry.owner)

    def _insert(self, item: New) -> None:
        origin = self._placed(item.origin)
        self.database.run(
            "INSERT INTO journal (key, root, integration, conversation, contact, negotiation, action, origin, work,"
            " words, state, kept_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 'kept', ?)",
            item.key, item.root, self.integration, origin.conversation, origin.contact, origin.negotiation,
            origin.action, origin_text(origin), packed(item.work), text(item.words), self.clock(),
        )  # fmt: skip
        self._seal(item, origin)

    def _again(self, item: New) -> None:
        origin = self._placed(item.origin)
        self._set(
            item.key, state=State.KEPT, origin=origin_text(origin), work=packed(item.work), words=text(item.words),
            conversation=origin.conversation, contact=origin.contact, negotiation=origin.negotiation,
            why="", said="", attempts=0, sends=0, seen=0,
        )  # fmt: skip
        self._seal(item, origin)

    def _seal(self, item: New, origin: Origin) -> None:
        facts = item.words or without_secrets(item.work["record"])
        self.ledger.append("accepted", origin, key=item.key, facts=facts)

    def _placed(self, origin: Origin) -> Origin:
        """The origin with the numbers that its contact and negotiation got meanwhile."""
        ref = Ref.parse(origin.contact)
        deal = self.find(origin.negotiation.removeprefix("new-")) if origin.negotiation.startswith("new-") else None
        return replace(
            origin,
            contact=str(self.resolve(ref)) if ref else origin.contact,
            negotiation=deal.crm_id if deal and deal.crm_id else origin.negotiation,
        )

    def _rename(self, column: str, old: str, new: str) -> None:
        sql = f"UPDATE journal SET {column} = ? WHERE integration = ? AND {column} = ?"  # noqa: S608 -- a column of ours
        self.database.run(sql, new, self.integration, old)

    def _set(self, key: str, **values: object) -> None:
        columns = ", ".join(f"{column} = ?" for column in values)
        self.database.run(f"UPDATE journal SET {columns} WHERE key = ?", *values.values(), key)  # noqa: S608 -- ours

    def _entries(self, condition: str, *values: object) -> list[Entry]:
        sql = f"SELECT * FROM journal WHERE integration = ? AND {condition}"  # noqa: S608 -- our own words
        return [entry_of(row) for row in self.database.rows(sql, self.integration, *values)]


def _may_change(entry: Entry, item: New) -> bool:
    """Of a form that came back, a finished change may be changed again, and so may what waits for the refused part."""
    is_movable = entry.state is State.KEPT or (entry.state is State.DONE and entry.work["verb"] == "change")
    return is_movable and dict(entry.words) != dict(item.words)
