"""What our files say of attendants and of who may embed us."""

from pathlib import Path

from widget.diagnosis import observed
from widget.store.engine.database import Database
from widget.store.engine.vault import Vault
from widget.store.records.accounts import Account, Accounts
from widget.store.records.attendants import Attendants, Colleague
from widget.store.records.owners import Owners


def test_attendants_are_told_by_their_number_and_without_those_who_chose_who_they_are(
    tmp_path: Path,
) -> None:
    database = Database(tmp_path / "vinculo.db")
    attendants = Attendants(database)
    for number, email in {"1": "a@x.example", "2": "b@x.example", "3": ""}.items():
        attendants.add(Colleague("chatwoot", "1", number, "Name", email))
    Owners(database, "main").choose("chatwoot:1:2", "12")

    assert observed.emails(tmp_path / "vinculo.db", "main", 10) == {
        "chatwoot 1 nº 1": "a@x.example"
    }


def test_each_account_has_its_own_parents(tmp_path: Path) -> None:
    Accounts(Database(tmp_path / "vinculo.db"), Vault("key")).put(
        Account("chatwoot", "1", "main", ("https://chat.example",))
    )

    assert observed.parents(tmp_path / "vinculo.db") == {"chatwoot 1": ("https://chat.example",)}
