"""The durable list of writes: each is here before the CRM is called, until it is settled."""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from widget.domain import errors
from widget.domain.model import Origin, Ref, State, nothing
from widget.store.engine.port import Lock, Processes, Store
from widget.store.engine.presence import Steady
from widget.store.engine.sensitive import without_secrets
from widget.store.journal.entries import Entry, New, new_name, origin_text, packed, text
from widget.store.journal.register import IS_OPEN, OF_FORM, Register
from widget.store.ledger.ledger import Ledger


class Journal(Register):
    """Entries by key.

    The key is unique, and that is the lock: a second entry of one form cannot exist.

    Every acceptance and every end is sealed in the ledger, in the same transaction.
    """

    def __init__(
        self,
        database: Store,
        integration: str,
        ledger: Ledger,
        presence: Processes,
        steady: Steady | None = None,
        clock: Callable[[], float] = time.time,
    ) -> None:
        super().__init__(database, integration, clock)
        self.ledger = ledger
        self.presence = presence
        self.steady = steady or Steady()
        self._hands: set[str] = set()

    def accept(self, items: Sequence[New], also: Callable[[], None] = nothing) -> None:
        """Puts the writes of one form on disk, all or none; what is there already stays as it is.

        ``also`` keeps what belongs to the form in our own file, in the same transaction. One that
        was refused is taken anew as it is now. Raises AlreadySaved for other words under a key that
        was accepted before.
        """
        with self.database.transaction(Lock.JOURNAL, Lock.LEDGER):
            old: dict[str, Entry] = {}
            for item in items:
                if not self._insert(item):
                    old = old or {entry.key: entry for entry in self.of_form(item.root)}
                    self._once_more(item, old)
            also()

    def claim(self, key: str) -> Entry | None:
        """Takes an open entry in hand, if it is its turn and nobody alive has it.

        ``release`` gives it back.

        What a process that died was sending is of unknown outcome from here on. Its bytes may have
        gone out at its very end, so the settling time counts from now.
        """
        with self.database.transaction(Lock.JOURNAL):
            entry = self.find(key)
            if (
                entry is None
                or not entry.is_open
                or self._is_held(entry)
                or not self._has_turn(entry)
            ):
                return None
            taken = replace(entry, owner=f"{self.presence.name}:{secrets.token_hex(4)}")
            if entry.state is State.SENDING:
                taken = replace(
                    taken, state=State.UNKNOWN, boot=self.steady.boot, sent_at=self.steady.now()
                )
            self._hands.add(taken.owner)
            self._set(
                key, state=taken.state, owner=taken.owner, boot=taken.boot, sent_at=taken.sent_at
            )
            return taken

    def release(self, entry: Entry) -> None:
        """Gives an entry back; an entry that came to its end has no owner already."""
        try:
            self.database.run(
                "UPDATE journal SET owner = '' WHERE key = ? AND owner = ?", entry.key, entry.owner
            )
        finally:
            self._hands.discard(entry.owner)

    def sending(self, entry: Entry, before: Mapping[str, str] | None = None) -> None:
        """From here on nobody knows whether the CRM has it, until it is settled.

        ``before`` tells what the columns of a change hold right now.
        """
        work = (
            packed(
                {
                    **entry.work,
                    "before": before,
                },
                entry.words,
            )
            if before
            else packed(entry.work, entry.words)
        )
        self._move(
            entry,
            "state = 'sending', sends = sends + 1, work = ?, boot = ?, sent_at = ?",
            work,
            self.steady.boot,
            self.steady.now(),
        )

    def done(self, entry: Entry, number: str, *, proven: bool = True, warning: str = "") -> None:
        """Notes that the CRM has the write under this number.

        A record that was read shows it, or only the CRM says so (``proven``). ``warning`` is the
        code of what a person must be told of it all the same.
        """
        with self.database.transaction(Lock.JOURNAL, Lock.LEDGER):
            self._move(
                entry,
                "state = 'done', crm_id = ?, proven = ?, why = ?, said = '', settled_at = ?, seen "
                "= 0, owner = ''",
                number,
                int(proven),
                warning,
                self.clock(),
            )
            if proven:
                self._rename(new_name(entry.key), number)
            self.ledger.append("done", entry.origin, key=entry.key, facts={}, crm_id=number)

    def proven(self, entry: Entry, number: str) -> None:
        """A record shows what was done; what was waiting for its number gets it.

        The CRM may have named a wrong one.
        """
        with self.database.transaction(Lock.JOURNAL, Lock.LEDGER):
            is_news = self.database.run(
                "UPDATE journal SET proven = 1, crm_id = ? WHERE key = ? AND state = 'done' AND "
                "proven = 0",
                number,
                entry.key,
            )
            if is_news:
                self._rename(new_name(entry.key), number)
            if is_news and number != entry.crm_id:
                self.ledger.append("done", entry.origin, key=entry.key, facts={}, crm_id=number)

    def doubted(self, entry: Entry, why: str) -> None:
        """Notes that the CRM does not show what it called done.

        The entry is settled like one without an answer, but it is not sent again.
        """
        self.database.run(
            "UPDATE journal SET state = 'unknown', why = ?, proven = 0, checks = 0, boot = ?, "
            "sent_at = ?"
            " WHERE key = ? AND state = 'done'",
            why,
            self.steady.boot,
            self.steady.now(),
            entry.key,
        )

    def belated(self, entry: Entry, number: str) -> None:
        """Notes that what was refused is there all the same; a person must see that."""
        with self.database.transaction(Lock.JOURNAL, Lock.LEDGER):
            is_news = self.database.run(
                "UPDATE journal SET state = 'done', crm_id = ?, proven = 1, why = ?, said = '', "
                "settled_at = ?,"
                " seen = 0 WHERE key = ? AND state = 'refused'",
                number,
                errors.Belated.code,
                self.clock(),
                entry.key,
            )
            if is_news:
                self._rename(new_name(entry.key), number)
                self.ledger.append("done", entry.origin, key=entry.key, facts={}, crm_id=number)

    def looked(self, entry: Entry) -> None:
        """One look more was taken at what was refused, and it is not there."""
        self.database.run(
            "UPDATE journal SET checks = checks + 1 WHERE key = ? AND state = 'refused'", entry.key
        )

    def refused(self, entry: Entry, error: errors.VinculoError) -> None:
        """The CRM said no, or holds something that a person must look at first."""
        with self.database.transaction(Lock.JOURNAL, Lock.LEDGER):
            self._move(
                entry,
                "state = 'refused', why = ?, said = ?, settled_at = ?, seen = 0, owner = ''",
                error.code,
                text(error.said),
                self.clock(),
            )
            self.ledger.append("refused", entry.origin, key=entry.key, facts={}, why=error.code)

    def failed(self, entry: Entry, state: State, why: str) -> None:
        """A try that brought no end; it stays open."""
        self._move(entry, "state = ?, why = ?, attempts = attempts + 1", state, why)

    def unsent(self, entry: Entry, why: str) -> None:
        """A try of which surely nothing went out."""
        self._move(
            entry,
            "state = 'kept', why = ?, attempts = attempts + 1, "
            "sends = CASE WHEN sends > 0 THEN sends - 1 ELSE 0 END",
            why,
        )

    def sent(self, entry: Entry, state: State, why: str, number: str = "") -> None:
        """A send that brought no end; the settling time counts from now.

        ``number`` is what the CRM named.
        """
        self._move(
            entry,
            "state = ?, why = ?, crm_id = ?, attempts = attempts + 1, boot = ?, sent_at = ?",
            state,
            why,
            number,
            self.steady.boot,
            self.steady.now(),
        )

    def instead(self, entry: Entry, items: Sequence[New]) -> None:
        """Does it in another way: ``items`` take the entry's place, the last one being itself."""
        with self.database.transaction(Lock.JOURNAL, Lock.LEDGER):
            for item in items[:-1]:
                if (
                    not self._insert(item)
                    and (found := self.find(item.key))
                    and found.state is State.REFUSED
                ):
                    self._again(item, found)
            self._move(entry, "state = 'kept', work = ?", packed(items[-1].work, entry.words))

    def older(self) -> list[Entry]:
        """The entries that an older version kept in the words of the kind of CRM."""
        return self._entries("is_older = 1")

    def renew(self, entry: Entry, new: New, said: object, dropped: Mapping[str, str]) -> None:
        """The same entry in our words; that changes nothing of what it is about."""
        self._set(
            entry.key,
            work=packed(new.work, new.words),
            words=text(new.words),
            origin=origin_text(entry.origin, new.words),
            said=text(said) if said is not None else "",
            dropped=text(dropped or []),
            is_older=0,
        )

    def push(self, key: str) -> None:
        """Marks the form to be tried again now, as a person asked."""
        self._set(key, attempts=0)

    def see(self, entry: Entry, by: Origin) -> None:
        """Notes that a person has seen what needed one, and leaves it at that."""
        with self.database.transaction(Lock.JOURNAL, Lock.LEDGER):
            self._set(entry.key, seen=1)
            self.ledger.append(
                "dismissed", by, key=entry.key, facts={}, crm_id=entry.crm_id, why=entry.why
            )

    def told(self, root: str) -> None:
        """The person sees the refusal or the warning right now, with the form."""
        sql = f"UPDATE journal SET seen = 1 WHERE {OF_FORM} AND why <> ''"  # noqa: S608
        self.database.run(sql, root, root, root)

    def checked(
        self,
        entry: Entry,
        *,
        dropped: Mapping[str, str] | None = None,
        twins: Sequence[str] = (),
        quietly: bool = False,
    ) -> None:
        """What a look at the finished record found.

        What is new about it somebody must see, unless ``quietly``.

        ``dropped`` names the columns that the CRM did not keep, with what it holds there.
        """
        is_news = (tuple(dropped or ()), tuple(twins)) != (entry.dropped, entry.twins)
        self.database.run(
            "UPDATE journal SET checks = checks + 1, seen = ?, dropped = ?, twins = ? WHERE key = "
            "? AND state = 'done'",
            int(quietly or (entry.seen and not is_news)),
            text(dropped or []),
            text(list(twins)),
            entry.key,
        )

    def is_moving(self, root: str) -> bool:
        """Whether a process has the form in hand right now, or what it must wait for."""
        return any(
            self._is_held(other)
            for entry in self.of_form(root)
            if entry.is_open
            for other in [entry, *self._before(entry)]
        )

    def _has_turn(self, entry: Entry) -> bool:
        return self.blocker(entry) is None

    def _is_held(self, entry: Entry) -> bool:
        process = entry.owner.partition(":")[0]
        if process == self.presence.name:
            return entry.owner in self._hands
        return process != "" and self.presence.is_alive(process)

    def _insert(self, item: New) -> bool:
        """Puts a new entry on disk, sealed; False when its key is there already."""
        origin = self._placed(item.origin)
        added = self.database.run(
            "INSERT INTO journal (key, root, integration, conversation, contact, negotiation, "
            "action, state, kept_at,"
            " origin, work, words, is_older) VALUES (?, ?, ?, ?, ?, ?, ?, 'kept', ?, ?, ?, ?, 0)"
            " ON CONFLICT (key) DO NOTHING",
            item.key,
            item.root,
            self.integration,
            origin.conversation,
            origin.contact,
            origin.negotiation,
            origin.action,
            self.clock(),
            origin_text(origin, item.words),
            packed(item.work, item.words),
            text(item.words),
        )
        if added:
            self._seal(item, origin)
        return added > 0

    def _once_more(self, item: New, form: Mapping[str, Entry]) -> None:
        """What arrives under a key that was accepted before."""
        entry = form[item.key]
        came_back = any(other.state is State.REFUSED for other in form.values())
        if entry.state is State.REFUSED or (came_back and _may_change(entry, item)):
            self._again(item, entry)
        elif dict(entry.words) != dict(item.words):
            raise errors.AlreadySaved(f"{item.origin.action} {entry.crm_id}")

    def _again(self, item: New, old: Entry) -> None:
        """It was accepted now, so it stands behind what was accepted meanwhile.

        Of an insert that was ever sent what it said then is remembered: it may be there with those
        words.
        """
        work = dict(item.work)
        if old.sends and old.work["verb"] == "insert" and dict(old.words) != dict(item.words):
            work["before"] = old.work["record"]
        origin = self._placed(item.origin)
        last = self.database.row("SELECT MAX(seq) AS seq FROM journal")
        self._set(
            item.key,
            seq=last["seq"] + 1 if last else 1,
            state=State.KEPT,
            origin=origin_text(origin, item.words),
            work=packed(work, item.words),
            words=text(item.words),
            conversation=origin.conversation,
            contact=origin.contact,
            negotiation=origin.negotiation,
            why="",
            said="",
            crm_id="",
            proven=0,
            checks=0,
            attempts=0,
            seen=0,
            is_older=0,
        )
        self._seal(item, origin)

    def _seal(self, item: New, origin: Origin) -> None:
        facts = item.words or without_secrets(item.work["record"])
        self.ledger.append("accepted", origin, key=item.key, facts=facts)

    def _placed(self, origin: Origin) -> Origin:
        """The origin with the numbers that its contact and negotiation got meanwhile."""
        if not (origin.contact.startswith("new-") or origin.negotiation.startswith("new-")):
            return origin
        ref = Ref.parse(origin.contact)
        deal = (
            self.find(origin.negotiation.removeprefix("new-"))
            if origin.negotiation.startswith("new-")
            else None
        )
        return replace(
            origin,
            contact=str(self.resolve(ref)) if ref else origin.contact,
            negotiation=deal.number if deal and deal.number else origin.negotiation,
        )

    def _rename(self, old: str, number: str) -> None:
        sets, where = "UPDATE journal SET", "WHERE integration = ? AND"
        self.database.run(
            f"{sets} contact = ? {where} contact = ?",
            str(Ref(Ref.LEAD, number)),
            self.integration,
            old,
        )
        self.database.run(
            f"{sets} negotiation = ? {where} negotiation = ? AND negotiation >= 'new-'",
            number,
            self.integration,
            old,
        )

    def _move(self, entry: Entry, columns: str, *values: object) -> None:
        """Changes an entry that is in hand; raises RuntimeError when it has slipped out of it."""
        mine = f"key = ? AND owner = ? AND {IS_OPEN}"
        sql = f"UPDATE journal SET {columns} WHERE {mine}"  # noqa: S608
        if not self.database.run(sql, *values, entry.key, entry.owner):
            raise RuntimeError(f"entry {entry.seq} is in other hands")

    def _set(self, key: str, **values: object) -> None:
        columns = ", ".join(f"{column} = ?" for column in values)
        sql = f"UPDATE journal SET {columns} WHERE key = ?"  # noqa: S608
        self.database.run(sql, *values.values(), key)


def _may_change(entry: Entry, item: New) -> bool:
    """Whether the entry of a form that came back may change.

    A finished change may be changed again, and so may what waits for the refused part.
    """
    is_movable = entry.state is State.KEPT or (
        entry.state is State.DONE and entry.work["verb"] == "change"
    )
    return is_movable and dict(entry.words) != dict(item.words)
