"""A transport that goes nowhere says so."""

import pytest

from tests.crm.bench import reason
from widget.crm.rings.off import Off
from widget.crm.wire import Query
from widget.domain import errors


def test_nothing_is_asked() -> None:
    with pytest.raises(errors.SwitchedOff):
        Off().read(Query("contato"))


def test_nothing_is_written() -> None:
    with pytest.raises(errors.SwitchedOff):
        Off().write(reason())
