"""An integration that is switched off: nothing is asked and nothing is written."""

from __future__ import annotations

from widget.crm.wire import Query, Rows, Write
from widget.domain import errors
from widget.domain.model import Fetched, Written


class Off:
    """A transport that goes nowhere.

    What is known already may still be shown, by the ring around it.
    """

    def read(self, query: Query) -> Fetched[Rows]:
        """Raises SwitchedOff."""
        raise errors.SwitchedOff(query.resource)

    def write(self, write: Write) -> Written:
        """Raises SwitchedOff."""
        raise errors.SwitchedOff(write.resource)
