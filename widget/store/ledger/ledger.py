"""The chain of what was done: sealed line by line, still whole after an erasure."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from widget.domain.integrations import MAIN
from widget.domain.model import Attendant, Origin
from widget.store.engine.port import Lock, Store
from widget.store.ledger.proof import ERASED, Finding, first_bad, head
from widget.store.ledger.seal import INSERT, Line, Seals, digest_of, select

# Who saw or got what, and what was erased: nothing done for the contact, so no history shows it.
REVEALED, EXPORTED, RECEIPT = "revealed", "exported", "receipt"
QUIET = f"('{REVEALED}', '{EXPORTED}', '{RECEIPT}')"
# These hold numbers alone, and tell why others are blank.
LASTING = f"('{ERASED}', '{RECEIPT}')"


@dataclass(frozen=True)
class Sealed:
    """One line as it stands.

    ``at`` is epoch seconds. After an erasure ``facts`` is None, and ``summary`` and ``why`` are
    empty. Reading proves nothing: ``Ledger.verify`` does.
    """

    number: int
    event: str
    key: str
    at: float
    author: Attendant
    conversation: str
    contact: str
    negotiation: str
    action: str
    crm_id: str
    summary: str
    why: str
    facts: Mapping[str, str] | None


class Ledger:
    """The ledger: lines are added and never changed.

    No method edits or deletes a line, and the database refuses to. The secret key seals the lines.
    Who has only the file can blank or break it, but not alter it unnoticed. One chain holds the
    lines of all integrations. Each integration reads and erases those of its own contacts, since
    another CRM has the same numbers.
    """

    def __init__(
        self,
        database: Store,
        key: str,
        clock: Callable[[], float] = time.time,
        integration: str = MAIN,
    ) -> None:
        self._place = "" if integration == MAIN else f"{integration}/"
        self._database = database
        self._seals = Seals(key)
        self._clock = clock
        self._select = select(database.spelling)
        cell = database.spelling.text_cell("seal")
        last = "FROM ledger ORDER BY seq DESC LIMIT 1"
        self._select_last = f"SELECT seq, {cell} {last}"

    def append(
        self,
        event: str,
        origin: Origin,
        *,
        key: str,
        facts: Mapping[str, str],
        crm_id: str = "",
        why: str = "",
    ) -> None:
        """Adds a line, within the transaction around it if there is one.

        ``key`` is that of the journal's entry. ``facts``, ``why`` and the origin's summary may hold
        personal data: they are what ``erase`` blanks.
        """
        with self._database.transaction(Lock.LEDGER):
            self._add(
                event,
                origin,
                key=key,
                facts=facts,
                crm_id=crm_id,
                why=why,
            )

    def erase(self, contacts: Iterable[str], origin: Origin) -> int:
        """Blanks the personal part of these contacts' lines, and adds a line that says so.

        Returns how many it blanked. The bytes leave the database's files with its next
        ``shed``, for which the caller must ask.
        """
        spelling = self._database.spelling
        mine = spelling.as_list(self.names(contacts))
        where = (
            f"WHERE contact {spelling.in_list} AND event NOT IN {LASTING} AND personal IS NOT NULL"
        )
        with self._database.transaction(Lock.LEDGER):
            chosen = f"SELECT seq FROM ledger {where} ORDER BY seq"  # noqa: S608
            erase = f"UPDATE ledger SET personal = NULL, salt = NULL {where}"  # noqa: S608
            found = self._database.rows(chosen, mine)
            self._database.run(erase, mine)
            self._say_erased([row["seq"] for row in found], origin)
        return len(found)

    def expire(self, before: float) -> int:
        """Blanks the personal part of the lines before that moment (epoch seconds).

        Adds a line that says so, and returns how many it blanked.
        """
        where = f"WHERE at < ? AND personal IS NOT NULL AND event NOT IN {LASTING}"
        with self._database.transaction(Lock.LEDGER):
            chosen = f"SELECT seq FROM ledger {where} ORDER BY seq"  # noqa: S608
            found = self._database.rows(chosen, before)
            if found:
                self._database.run(
                    f"UPDATE ledger SET personal = NULL, salt = NULL {where}",  # noqa: S608
                    before,
                )
                origin = Origin("", Attendant("", ""), "", "ledger.expire")
                self._say_erased([row["seq"] for row in found], origin)
        return len(found)

    def _say_erased(self, numbers: list[int], origin: Origin) -> None:
        told = {
            "number": str(self._last()[0] + 1),
            "lines": _spans(numbers),
        }
        self._add(ERASED, replace(origin, summary=""), key="", facts=told)

    def head(self) -> str:
        """Returns what is kept elsewhere, to notice later that the end was cut off.

        An empty ledger has a head too.
        """
        return str(head(self._database, self._seals))

    def verify(self, head: str = "") -> Finding | None:
        """Returns the first bad line, or None when all are as they were sealed.

        The ``head`` from elsewhere must be among them.
        """
        return first_bad(self._database, self._seals, head)[1]

    def fits(self) -> bool:
        """Whether the last line was sealed with this key.

        A lost key must be noticed before more lines are sealed with another one.
        """
        row = self._database.row(f"{self._select} ORDER BY seq DESC LIMIT 1")
        if row is None:
            return True
        line = Line(**row)
        return self._seals.author(line, line.seq) == line.author_mac

    def of(self, contacts: Iterable[str], limit: int = 200) -> list[Sealed]:
        """Returns what was done for these contacts, newest first.

        Who saw their data is no part of it.
        """
        spelling = self._database.spelling
        where = f"WHERE contact {spelling.in_list} AND event NOT IN {QUIET}"
        mine = spelling.as_list(self.names(contacts))
        return self._read(f"{where} ORDER BY seq DESC LIMIT ?", mine, limit)

    def latest(self, contacts: Iterable[str]) -> dict[str, float]:
        """Returns when something was last done for each of these contacts (epoch seconds).

        Contacts for whom nothing was done are left out.
        """
        found = self._database.rows(
            f"SELECT contact, max(at) AS at FROM ledger WHERE event NOT IN {QUIET}"  # noqa: S608
            f" AND contact {self._database.spelling.in_list} GROUP BY contact",
            self._database.spelling.as_list(self.names(contacts)),
        )
        return {row["contact"].removeprefix(self._place): row["at"] for row in found}

    def names(self, contacts: Iterable[str]) -> list[str]:
        """Returns what these contacts are called in the lines.

        Those of any integration but the first have its name before them.
        """
        return [f"{self._place}{contact}" if contact else "" for contact in contacts]

    def _read(self, rest: str, *values: object) -> list[Sealed]:
        lines = (
            _sealed(Line(**row)) for row in self._database.rows(f"{self._select} {rest}", *values)
        )
        return [replace(line, contact=line.contact.removeprefix(self._place)) for line in lines]

    def _add(
        self,
        event: str,
        origin: Origin,
        *,
        key: str,
        facts: Mapping[str, str],
        crm_id: str = "",
        why: str = "",
    ) -> None:
        number, seal = self._last()
        by = origin.attendant
        salt = os.urandom(16).hex().encode()
        personal = json.dumps(
            {
                "facts": dict(facts),
                "summary": origin.summary,
                "why": why,
            }
        ).encode()
        line = Line(
            number + 1,
            event.encode(),
            key.encode(),
            float(self._clock()),
            json.dumps([by.id, by.name, by.email, by.proven]).encode(),
            origin.conversation.encode(),
            self.names([origin.contact])[0].encode(),
            origin.negotiation.encode(),
            origin.action.encode(),
            crm_id.encode(),
            digest_of(salt, personal),
            salt,
            personal,
            b"",
            b"",
            b"",
        )
        sealed = self._seals.sealed(line, seal)
        cells = [cell.decode() if isinstance(cell, bytes) else cell for cell in sealed]
        self._database.run(INSERT, *cells)

    def _last(self) -> tuple[int, bytes]:
        """Returns where the chain ends now; true only inside a transaction.

        After a damaged end the chain goes on; the end is not repaired.
        """
        row = self._database.row(self._select_last)
        if row is None:
            return 0, self._seals.first
        return row["seq"], row["seal"]


def _spans(numbers: list[int]) -> str:
    """Returns ``[3, 5, 6, 7]`` as ``3,5-7``.

    A contact's lines often stand together.
    """
    spans: list[list[int]] = []
    for number in numbers:
        if spans and number == spans[-1][1] + 1:
            spans[-1][1] = number
        else:
            spans.append([number, number])
    return ",".join(_span(first, last) for first, last in spans)


def _span(first: int, last: int) -> str:
    return str(first) if first == last else f"{first}-{last}"


def _sealed(line: Line) -> Sealed:
    personal = _json(line.personal, dict) or {}
    return Sealed(
        number=line.seq,
        event=_text(line.event),
        key=_text(line.key),
        at=line.at or 0.0,
        author=_author(line.author),
        conversation=_text(line.conversation),
        contact=_text(line.contact),
        negotiation=_text(line.negotiation),
        action=_text(line.action),
        crm_id=_text(line.crm_id),
        summary=str(personal.get("summary", "")),
        why=str(personal.get("why", "")),
        facts=_facts(personal.get("facts")),
    )


def _facts(found: Any) -> dict[str, str] | None:
    if not isinstance(found, dict):
        return None
    return {str(name): str(value) for name, value in found.items()}


def _text(cell: bytes) -> str:
    return cell.decode(errors="replace")


def _author(cell: bytes) -> Attendant:
    """Returns the author; a blank one when the cell is damaged.

    Showing a history must not fail on it.
    """
    match _json(cell, list):
        case [id_, name, email, proven]:
            return Attendant(str(id_), str(name), str(email), proven is True)
    return Attendant("", "")


def _json(cell: bytes | None, kind: type) -> Any:
    try:
        found = json.loads(cell or b"null")
    except ValueError:
        return None
    return found if isinstance(found, kind) else None
