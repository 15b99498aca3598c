"""A transport that goes nowhere says so."""

import pytest

from tests.crm.bench import reason
from widget import errors
from widget.crm.off import Off
from widget.crm.protocol import Query


def test_nothing_is_asked() -> None:
    with pytest.raises(errors.SwitchedOff):
        Off().read(Query("contato"))


def test_nothing_is_written() -> None:
    with pytest.raises(errors.SwitchedOff):
        Off().write(reason())
