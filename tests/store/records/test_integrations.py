"""Tests of the configured CRMs.

They are as they were set up last, in their order, with tokens that the file does not tell.
"""

from dataclasses import replace
from pathlib import Path

import pytest

from tests.planting import planted
from tests.product import Hour
from widget.domain.integrations import MAIN, Integration
from widget.store.engine.database import Database
from widget.store.engine.vault import Vault
from widget.store.records.accounts import Account, Accounts
from widget.store.records.integrations import LASTING, Integrations

SALES = Integration(
    "sales", "Vendas", "https://ixc.serranet.example", "7:abcdef", wait=5, departments=("Vendas",)
)
GIVEN = Integration(MAIN, "Inmap Sales CRM", "https://crm.example", "1:aaa", from_settings=True)


@pytest.fixture
def database(tmp_path: Path) -> Database:
    return Database(tmp_path / "vinculo.db")


@pytest.fixture
def integrations(database: Database, hour: Hour) -> Integrations:
    return Integrations(database, Vault("key"), None, lambda: hour.now)


def test_an_integration_is_kept_as_it_was_set_up_last(integrations: Integrations) -> None:
    integrations.add(SALES)
    integrations.add(replace(SALES, id="other", name="Outra", token="8:bbb"))
    integrations.change(replace(SALES, wait=9, token="7:new"))

    assert [stored.id for stored in integrations.all()] == ["sales", "other"]
    assert integrations.find("sales") == replace(SALES, wait=9, token="7:new")
    assert integrations.find("none") is None


def test_the_file_tells_no_token(integrations: Integrations, database: Database) -> None:
    integrations.add(SALES)

    assert "abcdef" not in str(database.rows("SELECT * FROM integrations"))
    assert "abcdef" not in repr(integrations.all())


def test_without_the_key_everything_is_there_but_the_token(
    integrations: Integrations, database: Database
) -> None:
    integrations.add(SALES)

    assert Integrations(database, Vault("another"), None).all() == [replace(SALES, token="")]


def test_what_the_environment_says_comes_first_and_stands(
    integrations: Integrations, database: Database
) -> None:
    integrations.add(SALES)
    integrations.add(replace(SALES, id=MAIN))

    assert Integrations(database, Vault("key"), GIVEN).all() == [GIVEN, SALES]


def test_every_change_shows_in_the_version_even_of_the_same_moment(
    integrations: Integrations,
) -> None:
    versions = [integrations.version()]
    for act in (integrations.add, integrations.change, integrations.change):
        act(SALES)
        versions.append(integrations.version())

    assert len(set(versions)) == len(versions)


def test_a_deleted_one_takes_what_hangs_on_it_along_and_nothing_else(
    integrations: Integrations, database: Database
) -> None:
    integrations.add(SALES)
    accounts = Accounts(database, Vault("key"))
    accounts.put(Account("chatwoot", "1", "sales"))
    accounts.put(Account("chatwoot", "2", "other"))
    integrations.delete("sales")

    assert integrations.all() == []
    assert [account.account for account in accounts.all()] == ["2"]


def test_every_table_that_bears_the_name_of_an_integration_is_emptied_with_it(
    integrations: Integrations, database: Database
) -> None:
    """A new table is planted like the others: nothing has to be told of it anywhere."""
    database.run("CREATE TABLE tags (integration TEXT, contact TEXT, name TEXT)")
    tables = [table for table in database.tables_with("integration") if table not in LASTING]
    for name in ("sales", "other"):
        for table in tables:
            planted(database, table, {"integration": name})
    integrations.delete("sales")

    left = {table: database.rows(f"SELECT integration FROM {table}") for table in tables}
    assert len(tables) > 6
    assert {name: [row["integration"] for row in rows] for name, rows in left.items()} == {
        table: ["other"] for table in tables
    }


@pytest.mark.parametrize(
    ("name", "word"),
    [
        ("Vendas", "vendas"),
        ("sales", "sales2"),
        ("São Ção", "soo"),
        ("🚀", "crm"),
        ("A" * 40, "a" * 16),
    ],
)
def test_an_id_is_a_short_word_that_no_other_has(
    integrations: Integrations, name: str, word: str
) -> None:
    integrations.add(SALES)

    assert integrations.free_id(name) == word


def test_an_id_that_the_journal_knows_never_comes_again(
    integrations: Integrations, database: Database
) -> None:
    database.run(
        "INSERT INTO journal (key, root, integration, conversation, contact, negotiation, action, "
        "origin, work, words,"
        " state, kept_at) VALUES ('k', 'k', 'vendas', 'c', '', '', 'note.add', '{}', '{}', '{}', "
        "'done', 1)"
    )

    assert integrations.free_id("Vendas") == "vendas2"


@pytest.mark.parametrize("name", ["Main", "nothing"])
def test_the_names_that_mean_something_are_given_to_nobody(
    integrations: Integrations, name: str
) -> None:
    assert integrations.free_id(name) == f"{name.casefold()}2"
