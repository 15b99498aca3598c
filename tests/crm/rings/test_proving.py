"""Reading back: which record is ours, where a base answers with others, and what cannot be told."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.crm.bench import ORIGIN, Bench, reason
from tests.product import behind
from widget.crm.rings.proving import with_numbers
from widget.crm.wire import Filter, Query, Verb, Write
from widget.domain import errors

KEY, OTHER = "key-of-the-form-1", "key-of-the-form-2"
TABLE = "crm_substatus"


def lead(name: str = "Otávio Brandt", key: str = KEY) -> Write:
    record = {
        "nome": name,
        "external_id": key,
        "email": "otavio@example.com",
        "data_cadastro": "20/11/2026 14:07:00",
        "tipo_pessoa": "F",
        "lead": "S",
        "id_responsavel": "1",
    }
    markers = tuple(
        Query("contato", (Filter(column, "=", record[column]),))
        for column in ("external_id", "nome")
    )
    return Write("contato", record, key, ORIGIN, markers=markers)


def sent(bench: Bench, write: Write) -> str:
    """Sends it behind the journal's back; its number."""
    return bench.http.write(write).id


def test_the_row_that_shows_the_marker_is_found(bench: Bench) -> None:
    number = sent(bench, lead())

    assert bench.settling.proving.recognise(lead()) == [number]


@pytest.mark.parametrize("arrived", [True, False])
def test_a_base_that_takes_no_notice_of_a_marker_is_asked_for_its_newest_rows(
    bench: Bench, *, arrived: bool
) -> None:
    bench.crm.control(unheeded=["external_id"])
    number = sent(bench, lead()) if arrived else ""

    assert bench.settling.proving.recognise(lead()) == [number] * arrived


@pytest.mark.parametrize("arrived", [True, False])
def test_a_base_with_short_pages_is_read_to_its_end(bench: Bench, *, arrived: bool) -> None:
    bench.crm.control(unheeded=["external_id", "nome"], rp_cap=20)
    number = sent(bench, lead()) if arrived else ""

    assert bench.settling.proving.recognise(lead()) == [number] * arrived


def test_where_the_listing_does_not_come_to_its_end_it_is_untold(bench: Bench) -> None:
    bench.crm.control(unheeded=["external_id", "nome"], rp_cap=2)

    with pytest.raises(errors.Unexpected):
        bench.settling.proving.recognise(lead())


def test_a_row_that_bears_the_key_of_another_form_is_not_ours_though_it_says_the_same(
    bench: Bench,
) -> None:
    sent(bench, lead(key=OTHER))

    assert bench.settling.proving.recognise(lead()) == []


def test_where_the_key_is_not_listed_the_row_is_known_by_what_it_says(bench: Bench) -> None:
    bench.crm.control(hide_fields=["external_id"])
    number = sent(bench, lead())

    assert bench.settling.proving.recognise(lead()) == [number]


def test_a_number_proves_nothing_where_the_record_under_it_is_somebody_elses(bench: Bench) -> None:
    number = sent(bench, lead())

    assert bench.settling.proving.proof(lead(), "1") == (number, {})
    assert bench.settling.proving.proof(lead("Ninguém", OTHER), "1") == ("", {})


def test_another_record_than_was_asked_for_is_an_answer_to_nothing(bench: Bench) -> None:
    bench.crm.control(unheeded=["crm_substatus.id"])
    write = replace(reason(), id="3", verb=Verb.CHANGE)

    with pytest.raises(errors.Unexpected):
        bench.settling.proving.record(write)


@pytest.mark.parametrize(
    ("stored", "number", "dropped"),
    [
        ("Mudou", "1", {}),
        ("MUDOU", "1", {}),
        ("Como era", "", {}),
        ("Mu", "1", {"descricao": "Mu"}),
        ("", "1", {"descricao": ""}),
        ("Outra coisa", "1", {}),
    ],
)
def test_a_change_is_proven_by_what_stands_there(
    bench: Bench, stored: str, number: str, dropped: dict[str, str]
) -> None:
    behind(bench.crm, TABLE, "1", descricao=stored)
    write = replace(
        reason("Mudou"), id="1", verb=Verb.CHANGE, markers=(), before={"descricao": "Como era"}
    )

    assert bench.settling.proving.proof(write, "1") == (number, dropped)


def test_where_other_writes_were_named_their_numbers_are_put() -> None:
    at = f"@{KEY}"
    write = Write(
        "x",
        {"id_cliente": at, "nome": f"{at} x"},
        OTHER,
        ORIGIN,
        id=at,
        needs=(KEY,),
        markers=(Query("x", (Filter("id", "=", at),)),),
        guard=(Query("y", (Filter("id", "=", at),)),),
    )

    put = with_numbers(write, {at: "31"})

    assert (put.id, put.record) == ("31", {"id_cliente": "31", "nome": f"{at} x"})
    assert [query.filters[0].value for query in (*put.markers, *put.guard)] == ["31", "31"]
