"""Console accounts: which integration, and who may embed the panel."""

from pathlib import Path

import pytest

from widget.store.engine.database import Database
from widget.store.records.accounts import Account, Accounts

SALES = Account("chatwoot", "1", "sales", ("https://chat.example", "https://www.chat.example"))


@pytest.fixture
def accounts(tmp_path: Path) -> Accounts:
    return Accounts(Database(tmp_path / "vinculo.db"))


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
