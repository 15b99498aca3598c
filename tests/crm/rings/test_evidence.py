"""What a row proves, and what it does not: one table for each question."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.crm.bench import ORIGIN
from widget.crm.rings.evidence import contains, equal, is_another_forms, lost, sets, shows
from widget.crm.wire import Filter, Query, Verb, Write

KEY = "key-of-the-form-1"


def asked(column: str, operator: str, value: str) -> Query:
    return Query("contato", (Filter(column, operator, value),))


@pytest.mark.parametrize(
    ("marker", "row", "shown"),
    [
        (asked("external_id", "=", KEY), {"external_id": KEY}, True),
        (asked("external_id", "=", KEY), {"external_id": "another"}, False),
        (asked("external_id", "=", KEY), {"external_id": ""}, False),
        (asked("external_id", "=", KEY), {"nome": "Marina"}, False),
        (asked("nome", "=", "São José"), {"nome": "sao jose"}, True),
        (asked("nome", "=", "P & Q"), {"nome": "P &amp; Q"}, True),
        (asked("nome", "=", "Ana"), {"nome": "Ana Souza"}, False),
        (asked("valor", "=", "99.90"), {"valor": "99.900000000"}, True),
        (asked("cnpj", "=", "0123"), {"cnpj": "123"}, False),
        (asked("obs", "contains", "ref AB12CD"), {"obs": "[ref AB12CD - Ana]\r\nOi"}, True),
        (asked("obs", "contains", "ref AB12CD"), {"obs": "[ref ZZ12CD - Ana]"}, False),
        (asked("obs", "contains", "ref AB12CD"), {}, False),
        (asked("data", ">=", "2026-11-30"), {"data": "2026-11-30 00:00:01"}, True),
        (asked("data", ">=", "2026-11-30"), {"data": "30/11/2026"}, True),
        (asked("data", ">=", "2026-11-30"), {"data": "2026-11-29 23:59:59"}, False),
        (asked("data", ">=", "2026-11-30"), {"data": "0000-00-00"}, False),
        (asked("data", ">=", "2026-11-30"), {}, False),
        (asked("id", ">=", "1"), {"id": "7"}, True),
        (asked("nome", "?", "x"), {"nome": "x"}, False),
        (Query("contato"), {"nome": "x"}, False),
    ],
)
def test_a_row_shows_a_marker_only_where_the_marker_stands_in_it(
    marker: Query, row: dict[str, str], *, shown: bool
) -> None:
    assert shows(row, marker) is shown


def test_all_conditions_of_a_marker_must_be_shown() -> None:
    both = Query("contato", (Filter("nome", "=", "Ana"), Filter("email", "=", "a@b.example")))

    assert shows({"nome": "Ana", "email": "a@b.example"}, both)
    assert not shows({"nome": "Ana", "email": "other@b.example"}, both)


@pytest.mark.parametrize(
    ("row", "is_other"),
    [
        ({"external_id": KEY}, False),
        ({"external_id": "another"}, True),
        ({"external_id": ""}, False),
        ({}, False),
    ],
)
def test_a_row_with_another_forms_key_is_not_ours_whatever_else_it_says(
    row: dict[str, str], *, is_other: bool
) -> None:
    write = Write(
        "contato", {"nome": "Ana"}, KEY, ORIGIN, markers=(asked("external_id", "=", KEY),)
    )

    assert is_another_forms(row, write) is is_other


@pytest.mark.parametrize(
    ("sent", "now", "before", "gone"),
    [
        ("a@b.example", "a@b.example", None, False),
        ("a@b.example", "", None, True),
        ("a@b.example", "a@b", None, True),
        ("a@b.example", "old@b.example", "old@b.example", True),
        ("a@b.example", "somebody@b.example", "old@b.example", False),
        ("Mudou", "MUDOU", "Outro", False),
        ("Linha\nmais", "Linha\r\nmais ", None, False),
        ("3", "2", "2", True),
        ("", "old", "old", True),
        ("", "old", None, False),
        ("N", "", None, False),
        ("99.90", "99.900000000", "1.00", False),
        ("30/11/2026 10:00:00", "2026-11-30 10:00:00", None, False),
    ],
)
def test_a_column_is_lost_when_it_is_empty_cut_or_as_it_was(
    sent: str, now: str, before: str | None, *, gone: bool
) -> None:
    known = {} if before is None else {"x": before}
    write = Write("contato", {"x": sent}, KEY, ORIGIN, id="1", verb=Verb.CHANGE)

    assert lost(write, {"x": now}, known) == ({"x": now.strip()} if gone else {})
    assert lost(write, {}, known) == {}


def test_appended_text_that_is_not_there_is_lost() -> None:
    write = Write("contato", {}, KEY, ORIGIN, id="1", verb=Verb.CHANGE, append={"obs": "Quer 500"})

    assert lost(write, {"obs": "Antes.\r\n\r\nQuer 500"}, {}) == {}
    assert lost(write, {"obs": "Antes."}, {}) == {"obs": ""}
    assert lost(write, {}, {}) == {}


def test_a_change_must_show_where_it_sets_something_else_than_before() -> None:
    write = Write(
        "x",
        {"a": "1", "b": "2"},
        KEY,
        ORIGIN,
        id="1",
        verb=Verb.CHANGE,
        before={"a": "1", "b": "1"},
    )

    assert sets(write, {"a": "1", "b": "2"}) == {"b"}
    assert sets(write, {"a": "1"}) == set()
    assert sets(replace(write, before={}), {"a": "1", "b": "2"}) == {"a", "b"}


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("0", "", True),
        ("99.9", "99.90", True),
        ("007", "7", False),
        ("2026-11-30", "30/11/2026", True),
        ("a", "A", False),
        ("a ", "a", True),
    ],
)
def test_two_values_say_the_same(one: str, other: str, *, same: bool) -> None:
    assert equal(one, other) is same
    assert equal(other, one) is same


def test_a_text_contains_a_part_however_the_crm_keeps_it() -> None:
    assert contains("<b>&Aacute;gua &amp; luz</b>\r\n", "Água & luz")
    assert not contains("Água", "Luz")
