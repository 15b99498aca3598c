"""Puts the entries of an older journal in our words, as the kind of CRM understands them."""

from __future__ import annotations

from widget.crm.wire import Dialect
from widget.domain import errors
from widget.store.engine.port import Lock
from widget.store.journal.entries import Entry, New
from widget.store.journal.journal import Journal


def renew(journal: Journal, dialect: Dialect) -> int:
    """Does it for all of them at once; how many there were.

    Whatever is open goes on as it was, in the words in which today's entries are kept.
    """
    if not journal.older():
        return 0
    with journal.database.transaction(Lock.JOURNAL, Lock.LEDGER):
        older = journal.older()
        for entry in older:
            _renew(journal, dialect, entry)
    return len(older)


def _renew(journal: Journal, dialect: Dialect, entry: Entry) -> None:
    work = dialect.renewed(entry.work, entry.key, entry.origin)
    if work is None or entry.is_blank:
        new = New(entry.key, entry.origin, entry.work if work is None else work, entry.words)
        journal.renew(entry, new, entry.said, entry.lost)
        return
    new = New(entry.key, entry.origin, work, work["words"])
    write = dialect.asked(work, entry.key, entry.origin)
    is_conflict = entry.why == errors.Conflict.code and isinstance(entry.said, dict)
    said = write.in_words(entry.said) if is_conflict else entry.said
    journal.renew(entry, new, said, write.in_words(entry.lost))
