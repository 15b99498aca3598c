"""Which employee an attendant is, once it was chosen."""

from __future__ import annotations

from widget.store.engine.database import Database
from widget.store.records.owners import Owners

TEO = "chatwoot:1:3"


def test_nobody_has_chosen_at_first(database: Database) -> None:
    assert Owners(database, "main").find(TEO) == ""


def test_a_choice_is_remembered(database: Database) -> None:
    Owners(database, "main").choose(TEO, "5")

    assert Owners(database, "main").find(TEO) == "5"


def test_a_later_choice_takes_its_place(database: Database) -> None:
    owners = Owners(database, "main")
    owners.choose(TEO, "5")
    owners.choose(TEO, "6")

    assert owners.find(TEO) == "6"
    assert len(database.rows("SELECT * FROM owners")) == 1


def test_attendants_and_integrations_are_kept_apart(database: Database) -> None:
    Owners(database, "main").choose(TEO, "5")

    assert Owners(database, "main").find("chatwoot:2:3") == ""
    assert Owners(database, "other").find(TEO) == ""
