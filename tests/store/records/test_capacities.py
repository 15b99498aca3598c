"""What a column was seen to hold, learned from what came back."""

from __future__ import annotations

import pytest

from widget.store.engine.database import Database
from widget.store.records.capacities import DOUBTED, Capacities, Capacity


def learned(database: Database, *pairs: tuple[str, str]) -> Capacity:
    """Returns what is known of a column after these texts were sent.

    Each text comes with what stood there afterwards.
    """
    found = Capacities(database, "main")
    for sent, kept in pairs:
        found.learn("contato", "nome", sent, kept)
    return found.of("contato", "nome")


def test_of_a_column_where_nothing_was_cut_nothing_is_known(database: Database) -> None:
    assert learned(database, ("Ana Souza", "Ana Souza")) == Capacity()
    assert database.rows("SELECT * FROM capacities") == []


@pytest.mark.parametrize(
    ("sent", "kept", "known"),
    [
        ("a" * 30, "a" * 20, Capacity(longest=20)),
        ("linha\r\noutra linha", "linha\noutra", Capacity(longest=11)),
        ("Ana 🚀 Souza", "Ana ", Capacity(is_plain=True)),
        ("Ana 🚀 Souza", "Ana", Capacity(is_plain=True)),
        ("🚀 Ana", "", Capacity(is_plain=True)),
        ("Ana Souza", "", Capacity()),
        ("Ana Souza", "Rui Matos", Capacity()),
        ("Ana Souza", "ana", Capacity()),
        ("Ana", "Ana Souza", Capacity()),
    ],
)
def test_only_a_beginning_tells_a_limit(
    database: Database, sent: str, kept: str, known: Capacity
) -> None:
    assert learned(database, (sent, kept)) == known


def test_a_column_may_have_both_limits(database: Database) -> None:
    assert learned(database, ("a" * 30, "a" * 20), ("b 🚀", "b")) == Capacity(20, is_plain=True)


def test_a_text_that_was_kept_whole_disproves_what_was_known(database: Database) -> None:
    assert learned(database, ("a" * 30, "a" * 20), ("b" * 25, "b" * 25)) == Capacity()
    assert learned(database, ("b 🚀", "b"), ("c 🚀", "c 🚀")) == Capacity()
    assert learned(database, ("a" * 30, "a" * 20), ("b", "b")) == Capacity(20)


def test_a_note_below_remarks_that_was_cut_tells_how_long_all_of_them_may_be(
    database: Database,
) -> None:
    found = Capacities(database, "main")
    found.learn_appended("contato", "obs", "[ref]\nQuer 500 Mega.", "Livre.\n\n[ref]\nQuer")

    assert found.of("contato", "obs") == Capacity(longest=len("Livre.\n\n[ref]\nQuer"))


@pytest.mark.parametrize(
    "now", ["", "Livre.", "Livre.\n\n[ref]\nQuer 500 Mega.\n\nmais", "[ref]\nQuer 600."]
)
def test_remarks_that_were_written_over_tell_nothing(database: Database, now: str) -> None:
    found = Capacities(database, "main")
    found.learn_appended("contato", "obs", "[ref]\nQuer 500 Mega.", now)

    assert found.of("contato", "obs") == Capacity()


def test_what_does_not_fit_is_told(database: Database) -> None:
    known = Capacity(longest=5, is_plain=True)

    assert (known.excess("abcdefg"), known.excess("abcde")) == (2, 0)
    assert known.spoils("a🚀b🚀c🎉") == "🚀🎉"
    assert Capacity().spoils("🚀") == ""
    assert Capacity().excess("a" * 99_999) == 0


def test_after_a_month_a_limit_is_doubted_and_learned_again(database: Database) -> None:
    Capacities(database, "main", clock=lambda: 0.0).learn("contato", "nome", "Ana Souza", "Ana")
    later = Capacities(database, "main", clock=lambda: DOUBTED)

    assert later.of("contato", "nome") == Capacity()
    later.learn("contato", "nome", "Ana Souza", "Ana")
    assert later.of("contato", "nome") == Capacity(3)


def test_integrations_tables_and_columns_are_kept_apart(database: Database) -> None:
    Capacities(database, "main").learn("contato", "nome", "Ana Souza", "Ana")

    assert Capacities(database, "main").of("contato", "email") == Capacity()
    assert Capacities(database, "main").of("cliente", "nome") == Capacity()
    assert Capacities(database, "other").of("contato", "nome") == Capacity()


def test_two_forms_of_one_table_share_its_limits(database: Database) -> None:
    found = Capacities(database, "main", {"crm_canditados": "cliente"})
    found.learn("crm_canditados", "razao", "Ana Souza", "Ana")

    assert found.of("cliente", "razao") == Capacity(3)
