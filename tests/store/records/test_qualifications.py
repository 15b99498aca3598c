"""The qualification that the CRM has no column for."""

from __future__ import annotations

from widget.store.engine.database import Database
from widget.store.records.qualifications import Qualifications


def test_nobody_has_given_one_at_first(database: Database) -> None:
    assert Qualifications(database, "main").of("7") == ""


def test_a_value_is_seen_by_all_with_who_gave_it(database: Database) -> None:
    Qualifications(database, "main", lambda: 5.0).give("7", "4", "Ana Souza")

    assert Qualifications(database, "main").of("7") == "4"
    assert database.row("SELECT attendant, at FROM qualifications") == {
        "attendant": "Ana Souza",
        "at": 5.0,
    }


def test_the_last_value_counts(database: Database) -> None:
    values = Qualifications(database, "main")
    values.give("7", "4", "Ana Souza")
    values.give("7", "0", "Rui Matos")

    assert values.of("7") == "0"
    assert len(database.rows("SELECT * FROM qualifications")) == 1


def test_negotiations_and_integrations_are_kept_apart(database: Database) -> None:
    Qualifications(database, "main").give("7", "4", "Ana Souza")

    assert Qualifications(database, "main").of("77") == ""
    assert Qualifications(database, "other").of("7") == ""
