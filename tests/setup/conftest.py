"""Somebody at the set-up pages."""

import pytest
from flask import Flask

from tests.setup.desk import Desk, arrived
from widget.domain.permissions import Role


@pytest.fixture
def maria(app: Flask) -> Desk:
    """An administrator."""
    return arrived(app)


@pytest.fixture
def rosa(app: Flask) -> Desk:
    """Somebody of the support."""
    return arrived(app, Role.SUPPORT, "rosa")


@pytest.fixture
def stranger(app: Flask) -> Desk:
    """Nobody knows who."""
    return Desk(app.test_client())
