"""The journalling ring: a write is on disk before the CRM is called, and one key never makes two records."""

from __future__ import annotations

from dataclasses import replace

from widget import errors
from widget.crm.protocol import Freshness, Query, Rows, Transport, Write
from widget.crm.turns import Turns
from widget.model import Fetched, State, Written
from widget.store.cache import without_secrets
from widget.store.journal import Entry, Journal

# After these the CRM surely has nothing, and the same form may simply be sent again.
NOT_DONE = (
    errors.Unreachable, errors.Busy, errors.CredentialsRefused, errors.AddressRefused, errors.Misconfigured,
)  # fmt: skip
UNSETTLED = (State.SENDING, State.UNKNOWN)


class Journaled:
    """Keeps, sends, settles. A write whose answer was lost is looked up by its marker before it is sent again."""

    def __init__(self, inner: Transport, journal: Journal) -> None:
        self._inner = inner
        self._journal = journal
        self._turns = Turns()

    def read(self, query: Query) -> Fetched[Rows]:
        """Passes on."""
        return self._inner.read(query)

    def write(self, write: Write) -> Written:
        """Does it once per key: a repeated click waits for the first one and gets its answer.

        Raises AlreadySaved when that first one said something else.
        """
        with self._turns.take(write.key):
            verb = "update" if write.id else "insert"
            entry = self._journal.keep(
                write.key, write.origin, verb=verb, resource=write.resource, id=write.id, record=write.record
            )
            done = self._already(entry, write)
            return done or self._send(write, in_doubt=entry.state in UNSETTLED)

    def _already(self, entry: Entry, write: Write) -> Written | None:
        if entry.state is State.DONE and not _says_more(entry, write):
            return _repeated(entry.crm_id, entry, write)
        # Nobody else sends this key now, so "sending" was left behind by a process that died.
        if entry.state not in UNSETTLED or write.marker is None:
            return None
        found = self._inner.read(replace(write.marker, freshness=Freshness.NOW)).value.rows
        if not found:
            return None
        self._journal.settle(write.key, State.DONE, crm_id=found[0]["id"])
        return _repeated(found[0]["id"], entry, write)

    def _send(self, write: Write, *, in_doubt: bool) -> Written:
        """``in_doubt``: an earlier send may still arrive, which no later failure of ours disproves."""
        self._journal.send(write.key, write.record)
        try:
            written = self._inner.write(write)
        except errors.OutcomeUnknown as error:
            self._journal.settle(write.key, State.UNKNOWN, why=error.code)
            raise
        except errors.CRMError as error:
            state = State.UNKNOWN if in_doubt else State.KEPT
            self._journal.settle(write.key, state if isinstance(error, NOT_DONE) else State.REFUSED, why=error.code)
            raise
        self._journal.settle(write.key, State.DONE, crm_id=written.id)
        return written


def _repeated(number: str, entry: Entry, write: Write) -> Written:
    # Of a note that went into remarks after its own table was refused, the entry holds other columns.
    said = [column for column in write.words if column in entry.record]
    if any(entry.record[column] != write.record.get(column) for column in said):
        raise errors.AlreadySaved(f"{write.resource} {number}")
    return Written(number, repeated=True)


def _says_more(entry: Entry, write: Write) -> bool:
    """Whether a finished update now holds something else: a form came back for another reason and was changed.

    An update that a marker can find adds to its record, as notes do; it is never done twice.
    """
    return bool(write.id) and write.marker is None and entry.record != without_secrets(write.record)
