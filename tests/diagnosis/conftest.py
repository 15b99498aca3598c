"""Whom the set-up pages know, and a database of the test's own."""

from tests.setup.conftest import maria, rosa, stranger
from tests.store.conftest import clock, database, journal

__all__ = ["clock", "database", "journal", "maria", "rosa", "stranger"]
