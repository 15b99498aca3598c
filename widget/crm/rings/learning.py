"""A check that also learns how much of a text each column of the CRM keeps."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, replace

from widget.crm.rings.checking import Checking
from widget.crm.wire import Verb
from widget.domain import errors
from widget.domain.model import State
from widget.store.journal.entries import Entry
from widget.store.records.capacities import Capacities, Capacity


@dataclass
class Learning(Checking):
    """Reads a record once more where part of it is missing or a limit may be disproved."""

    capacities: Capacities | None = None

    def look(self, entry: Entry) -> None:
        """Looks, and learns after the first look; raises CRMError as a look does."""
        super().look(entry)
        if self.capacities and not entry.checks:
            with suppress(errors.CRMError):  # the next save that is cut tells as much
                self._learn(self.capacities, entry.key)

    def _learn(self, capacities: Capacities, key: str) -> None:
        entry = self.journal.find(key)
        if entry is None or entry.state is not State.DONE or entry.is_blank:
            return
        write = replace(self.settling.proving.filled(entry), id=entry.crm_id)
        columns = (*write.record, *write.append)
        known = [
            column for column in columns if capacities.of(write.resource, column) != Capacity()
        ]
        if write.verb is Verb.ACT or not (entry.dropped or known):
            return
        row = self.settling.proving.record(write) or {}
        for column, sent in write.record.items():
            if column in row:
                capacities.learn(write.resource, column, sent, row[column])
        for column, text in write.append.items():
            if column in row:
                capacities.learn_appended(write.resource, column, text, row[column])
