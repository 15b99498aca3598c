"""Console accounts: which integration, and who may embed the panel."""

from dataclasses import replace
from pathlib import Path

import pytest

from widget.store.engine.database import Database
from widget.store.engine.vault import Vault
from widget.store.records.accounts import Account, Accounts

SALES = Account("chatwoot", "1", "sales", ("https://chat.example", "https://www.chat.example"))


@pytest.fixture
def accounts(tmp_path: Path) -> Accounts:
    return Accounts(Database(tmp_path / "vinculo.db"), Vault("key"))


def test_an_account_is_kept_as_it_was_set_up_last(accounts: Accounts) -> None:
    accounts.put(Account("chatwoot", "1", "main"))
    accounts.put(SALES)
    accounts.put(Account("chatwoot", "2", "main"))

    assert accounts.find("chatwoot", "1") == SALES
    assert [account.account for account in accounts.all()] == ["1", "2"]


def test_an_account_that_nobody_set_up_is_none(accounts: Accounts) -> None:
    accounts.put(SALES)
    accounts.remove("chatwoot", "1")

    assert accounts.find("chatwoot", "1") is accounts.find("zendesk", "1") is None


def test_the_console_signs_with_a_key_of_the_account_that_only_the_vault_opens(
    accounts: Accounts, tmp_path: Path
) -> None:
    accounts.put(SALES)
    accounts.renew_key("chatwoot", "1")
    first = accounts.find("chatwoot", "1")
    accounts.put(replace(SALES, integration="other"))
    changed = accounts.find("chatwoot", "1")
    accounts.renew_key("chatwoot", "1")
    renewed = accounts.find("chatwoot", "1")
    database = Database(tmp_path / "vinculo.db")

    assert first
    assert first.key
    assert changed
    assert renewed
    assert (changed.integration, changed.key) == ("other", first.key)
    assert renewed.key not in {first.key, "", None}
    assert first.key not in repr(first)
    assert first.key not in str(database.rows("SELECT * FROM accounts"))
    lost = Accounts(database, Vault("another key")).find("chatwoot", "1")
    assert lost
    assert lost.key == ""


def test_options_of_the_console_are_kept(accounts: Accounts) -> None:
    accounts.put(replace(SALES, options={"message": "other-brand:fetch-info"}))

    found = accounts.find("chatwoot", "1")
    assert found
    assert found.options == {"message": "other-brand:fetch-info"}
