"""What each column of the CRM holds, learned whenever a record is read back after a save."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from widget.store.engine.port import Store

# The largest character of a base that has three bytes for each: it keeps a text up to the first
# larger one.
LAST_PLAIN = "\uffff"
# Somebody may have shortened a text by hand, or the base may hold more by now: after so long it is
# tried again.
DOUBTED = 30 * 24 * 3600.0


@dataclass(frozen=True)
class Capacity:
    """How much of a text a column keeps.

    ``longest`` is the most characters that it kept of a longer text, 0 while no text was cut.
    ``is_plain``: it cuts a text at the first character beyond U+FFFF, such as an emoji.
    """

    longest: int = 0
    is_plain: bool = False

    def spoils(self, text: str) -> str:
        """The characters of the text that the column cannot hold, each once."""
        return "".join(dict.fromkeys(c for c in text if c > LAST_PLAIN)) if self.is_plain else ""

    def excess(self, text: str) -> int:
        """How many characters of the text are too many."""
        return max(0, len(text) - self.longest) if self.longest else 0

    def after(self, sent: str, kept: str) -> Capacity:
        """What is known once a text was sent and this is what stands there now."""
        if kept == sent:
            is_plain = self.is_plain and all(c <= LAST_PLAIN for c in sent)
            return Capacity(
                0 if self.longest and len(sent) > self.longest else self.longest, is_plain
            )
        if len(kept) >= len(sent) or not sent.startswith(kept):
            return self
        if sent[len(kept) :].lstrip()[:1] > LAST_PLAIN:
            return Capacity(self.longest, is_plain=True)
        return Capacity(len(kept), self.is_plain) if kept else self


class Capacities:
    """Limits by integration, table and column.

    ``tables`` tells which table a resource writes, if not its own.
    """

    def __init__(
        self,
        database: Store,
        integration: str,
        tables: Mapping[str, str] | None = None,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._database = database
        self._integration = integration
        self._tables = tables or {}
        self._clock = clock

    def of(self, resource: str, column: str) -> Capacity:
        """What is known of the column."""
        row = self._database.row(
            "SELECT longest, plain FROM capacities WHERE integration = ? AND resource = ? AND "
            '"column" = ? AND at > ?',
            self._integration,
            self._tables.get(resource, resource),
            column,
            self._clock() - DOUBTED,
        )
        return Capacity(row["longest"], bool(row["plain"])) if row else Capacity()

    def learn(self, resource: str, column: str, sent: str, kept: str) -> None:
        """Compares what was sent with what stands there now.

        A beginning tells a limit, a whole text disproves one. Anything else tells nothing: somebody
        may have written there since.
        """
        before = self.of(resource, column)
        after = before.after(_plain(sent), _plain(kept))
        if after != before:
            self._keep(self._tables.get(resource, resource), column, after)

    def learn_appended(self, resource: str, column: str, text: str, kept: str) -> None:
        """Learns the same from a text that was put below what stood there.

        That text may have been cut anywhere, or another may follow it.
        """
        whole, now = _plain(text), _plain(kept)
        if whole in now:
            self.learn(resource, column, now, now)
            return
        start = now.rfind(whole.partition("\n")[0])
        if start >= 0:
            self.learn(resource, column, now[:start] + whole, now)

    def _keep(self, table: str, column: str, known: Capacity) -> None:
        self._database.run(
            'INSERT INTO capacities (integration, resource, "column", longest, plain, at) VALUES '
            "(?, ?, ?, ?, ?, ?)"
            ' ON CONFLICT (integration, resource, "column")'
            " DO UPDATE SET longest = excluded.longest, plain = excluded.plain, at = excluded.at",
            self._integration,
            table,
            column,
            known.longest,
            int(known.is_plain),
            self._clock(),
        )


def _plain(text: str) -> str:
    return str(text).replace("\r\n", "\n").strip()
