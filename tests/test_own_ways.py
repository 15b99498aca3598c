"""Tests of a healthy base that writes in its own way, and in which people work.

None of that is an alarm, and nothing waits for ever.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from tests.crm.bench import ORIGIN, SETTLE, Bench
from tests.product import BEATRIZ, LUCIA, MARINA, Visitor, behind, services_of
from tests.test_believed import (
    DEAL,
    EDIT,
    KINDS,
    LEAD,
    MAIL,
    NOTE,
    NOTES,
    STAGE,
    WON,
    Kind,
    Time,
    delete,
    entries,
    every_kind,
    last,
    pending,
)
from widget.crm.ixc.people import TOUCHES, change
from widget.crm.port import NewContact, NewNote
from widget.domain.model import Kind as What
from widget.domain.model import Ref, State
from widget.emulator.crm.server import Emulator
from widget.store.engine.database import sqlite3
from widget.store.journal.entries import blank as blanked

KEYLESS = {"drop_fields": ["external_id", "external_system"]}
BASES: dict[str, dict[str, Any]] = {
    "Brazilian dates": {"date_format": "br"},
    "decimal commas": {"decimal_comma": True},
    "numbers as numbers": {"id_as_number": True, "total_as_number": True},
    "rows as an object": {"rows_as_object": True, "rp_cap": 20},
    "empty dates": {"zero_date": ""},
}
OF_LEADS: dict[str, dict[str, Any]] = {
    "no key": KEYLESS,
    "no key, Brazilian dates": {**KEYLESS, "date_format": "br"},
    "key cut": {"column_limits": {"contato.external_id": 10}},
}


def rewritten(crm: Emulator, expression: str, columns: Mapping[str, tuple[str, ...]]) -> None:
    """From now on the base writes these columns in its own way, whoever sets them."""
    with closing(sqlite3.connect(crm.path)) as connection, connection:
        for table, names in columns.items():
            sets = ", ".join(
                f"{name} = {expression.format(column=f'NEW.{name}')}" for name in names
            )
            for event in ("INSERT", "UPDATE"):
                connection.execute(
                    f"CREATE TRIGGER {table}_{event} AFTER {event} ON {table}"
                    f" BEGIN UPDATE {table} SET {sets} WHERE id = NEW.id; END"
                )


def all_is_well(app: Flask, ana: Visitor) -> bool:
    """Whether everything is done and proven with one send, and no line bothers anybody."""
    Time(app).passes()
    fine = [e.state is State.DONE and e.proven and e.sends <= 1 and not e.why for e in entries(app)]
    return all(fine) and "não guardou" not in pending(ana) and "VNC" not in pending(ana)


@every_kind
@pytest.mark.parametrize("base", BASES.values(), ids=BASES)
def test_a_base_with_ways_of_its_own_raises_no_alarm(
    app: Flask, ana: Visitor, crm: Emulator, kind: Kind, base: dict[str, Any]
) -> None:
    crm.control(**base)

    kind.save(ana)

    assert all_is_well(app, ana)
    assert kind.stands(crm) == 1


@pytest.mark.parametrize("base", OF_LEADS.values(), ids=OF_LEADS)
def test_a_lead_is_known_again_whatever_the_base_keeps_of_our_key(
    app: Flask, ana: Visitor, crm: Emulator, base: dict[str, Any]
) -> None:
    crm.control(**base)

    LEAD.save(ana)

    assert all_is_well(app, ana)


UPPER = "upper({column})"
ENTITIES = "replace(replace({column}, '&', '&amp;'), char(10), char(13) || char(10))"
BREAKS = "replace({column}, char(10), '<br />' || char(10))"
TEXTS = {"contato": ("nome", "obs"), "crm_negociacoes": ("descricao", "obs"), NOTES: ("anotacao",)}


@pytest.mark.parametrize("name", ["lead", "deal", "note", "remark"])
@pytest.mark.parametrize("way", [UPPER, ENTITIES, BREAKS], ids=["capitals", "entities", "breaks"])
def test_texts_in_the_bases_own_way_are_the_same_texts(
    app: Flask, ana: Visitor, crm: Emulator, name: str, way: str
) -> None:
    rewritten(crm, way, {"contato": ("obs",)} if name == "remark" else TEXTS)

    KINDS[name].save(ana)

    assert all_is_well(app, ana)


@pytest.mark.parametrize("base", [{}, KEYLESS], ids=["key", "no key"])
def test_a_phone_in_the_bases_own_mask_is_the_same_phone(
    app: Flask, ana: Visitor, crm: Emulator, base: dict[str, Any]
) -> None:
    crm.control(**base)
    bare = "replace(replace(replace(replace({column}, '(', ''), ')', ''), ' ', ''), '-', '')"
    rewritten(crm, bare, {"contato": ("fone_celular",)})

    LEAD.save(ana)

    assert all_is_well(app, ana)


@pytest.mark.parametrize("way", [UPPER, "lower({column})"])
def test_a_change_whose_answer_was_lost_is_known_in_the_bases_own_way(
    app: Flask, ana: Visitor, crm: Emulator, way: str
) -> None:
    rewritten(crm, way, {"contato": ("nome",)})
    ana.open(MARINA)
    crm.control(fault="reset_after_commit", fault_on="write", fault_times=1)

    ana.fill("/tab/contact/edit", name="Marina Tavares")

    assert all_is_well(app, ana)


# -- people who work in it
# -----------------------------------------------------------------------------------------


def test_a_lead_that_somebody_edits_at_once_stays_a_lead(
    app: Flask, ana: Visitor, crm: Emulator
) -> None:
    crm.control(**KEYLESS)
    LEAD.save(ana)
    Time(app).passes(1)
    behind(
        crm,
        "contato",
        last(app).crm_id,
        email="x@y.example",
        nome="Otavio B",
        fone_celular="(47) 99123-9999",
    )

    assert all_is_well(app, ana)


def test_a_deal_that_is_won_and_reopened_at_once_raises_no_alarm(app: Flask, ana: Visitor) -> None:
    WON.save(ana)
    ana.fill("/tab/interact/1", status="N")

    assert all_is_well(app, ana)


def test_a_deal_that_is_won_again_is_no_copy_that_lags(app: Flask, ana: Visitor) -> None:
    WON.save(ana)
    watch = Time(app)
    watch.passes(1)
    ana.fill("/tab/interact/1", status="N")
    watch.passes(1)
    ana.fill("/tab/interact/1", status="V")

    assert ana.fill("/tab/interact/1", stage="4").state == "done"


def test_a_deal_of_somebody_else_with_the_same_title_is_not_ours(
    app: Flask, ana: Visitor, crm: Emulator
) -> None:
    ana.open(MARINA)
    form = ana.get(DEAL.path).form(".form")
    crm.control(fault="reset", fault_on="write", fault_times=1)
    ana.post(DEAL.path, {**form, **DEAL.typed})
    row = {
        **crm.rows("crm_negociacoes", id=1)[0],
        "descricao": "Fibra da Marina",
        "obs": "[ref AAAAAA - Rui Matos]",
    }
    behind(
        crm,
        "crm_negociacoes",
        "9001",
        **{c: row[c] for c in ("descricao", "obs", "id_contato", "status")},
    )
    behind(
        crm,
        "crm_negociacoes",
        "9001",
        data_inicio=services_of(app).shared.now().strftime("%Y-%m-%d"),
    )

    Time(app).passes()

    assert (last(app).state, last(app).crm_id == "9001") == (State.DONE, False)


# -- what belongs to another table, or is known no longer
# ------------------------------------------------------------


def same_number(crm: Emulator) -> str:
    """A number that a lead and a client have both."""
    return next(row["id"] for row in crm.rows("cliente") if crm.rows("contato", id=row["id"]))


def test_a_lead_and_a_client_of_the_same_number_are_two(crm: Emulator, tmp_path: Path) -> None:
    bench, number = Bench(crm, tmp_path), same_number(crm)
    client = replace(ORIGIN, contact=f"client-{number}")
    remark = bench.ixc.notes.remark(
        Ref(Ref.LEAD, number), What.LEAD, NewNote("Oi", "1"), "key-of-the-remark-1", ORIGIN
    )
    bench.journaled.save(remark)
    crm.control(fault="lie", fault_on="write", fault_times=1)
    bench.journaled.save(
        change(
            "contato",
            number,
            {"email": "a@a.example"},
            "key-of-the-lead-1",
            ORIGIN,
            touches=TOUCHES,
        )
    )

    made = bench.journaled.save(
        change(
            "cliente",
            number,
            {"email": "b@b.example"},
            "key-of-the-client-1",
            client,
            touches=TOUCHES,
        )
    )
    for _ in range(12):
        bench.worker.turn()
        bench.checking.turn()
        bench.passes(SETTLE / 2)

    lied = bench.journal.find("key-of-the-lead-1")
    assert made.state is State.DONE
    assert lied
    assert lied.state is State.REFUSED


def blank(app: Flask) -> None:
    """Everything is purged, as after its time."""
    blanked(services_of(app).journal.database, "1 = 1")


def test_what_was_purged_keeps_nobody_from_changing_the_record_again(
    app: Flask, ana: Visitor
) -> None:
    EDIT.save(ana)
    Time(app).passes(1)
    blank(app)

    assert ana.fill("/tab/contact/edit", email=f"outra.{MAIL}").state == "done"


def test_what_was_purged_before_it_was_proven_counts_as_proven(app: Flask, ana: Visitor) -> None:
    DEAL.save(ana)
    blank(app)

    services_of(app).settling.prove(last(app))

    assert last(app).proven


def test_the_number_of_what_was_purged_may_come_again(
    app: Flask, ana: Visitor, crm: Emulator
) -> None:
    NOTE.save(ana)
    watch = Time(app)
    watch.passes()
    first = last(app).crm_id
    blank(app)
    crm.control(reuse_numbers=True)
    delete(crm, NOTES, first)

    ana.open(LUCIA)
    ana.fill("/tab/notes", text="Outra coisa")
    watch.passes()

    assert (last(app).state, last(app).crm_id) == (State.DONE, first)


def test_a_text_that_is_cut_holds_up_no_later_change(
    app: Flask, ana: Visitor, crm: Emulator
) -> None:
    crm.control(column_limits={"contato.obs": 300})
    ana.open(BEATRIZ)
    ana.fill("/tab/notes", text="x" * 280)
    Time(app).passes(1)

    assert ana.fill("/tab/contact/edit", name="Beatriz Lemos Alves").state == "done"


def test_where_conditions_are_not_heeded_a_whole_listing_tells_that_nobody_is_alike(
    crm: Emulator, tmp_path: Path
) -> None:
    bench = Bench(crm, tmp_path)
    phones = [
        "fone_celular",
        "fone_comercial",
        "fone_whatsapp",
        "fone_residencial",
        "whatsapp",
        "telefone_celular",
    ]
    crm.control(unheeded=["cnpj_cpf", "fone", "telefone_comercial", *phones])

    bench.ixc.people.create(
        NewContact("Novo Alguém", "(47) 99777-0045"), "key-of-the-form-1", ORIGIN, unchecked=True
    )
    bench.settles()

    entry = bench.journal.find("key-of-the-form-1")
    assert entry
    assert entry.state is State.DONE


def test_words_that_were_corrected_twice_are_not_taken_for_the_first(
    app: Flask, ana: Visitor, crm: Emulator
) -> None:
    ana.open(LUCIA)
    crm.control(
        fault="error",
        fault_on="write",
        fault_resources=[NOTES],
        fault_times=1,
    )
    crm.control(commit=True, commit_delay_seconds=1.0)
    first = ana.fill("/tab/notes", text="Primeira")
    crm.control(fault_times=1, commit=False, commit_delay_seconds=0)
    second = ana.post("/tab/notes", {**first.form(".composer"), "text": "Segunda"})
    while not [row for row in crm.rows(NOTES) if "Primeira" in row["anotacao"]]:
        services_of(app).journal.open()

    third = ana.post("/tab/notes", {**second.form(".composer"), "text": "Terceira"})

    assert (third.status, STAGE.stands(crm)) == (409, False)
    assert "Isto já estava salvo no CRM, como foi escrito antes." in third.text


def test_what_waits_for_a_record_that_cannot_be_proven_asks_a_person(
    app: Flask, ana: Visitor, crm: Emulator
) -> None:
    LEAD.save(ana)
    lead = last(app).key
    ana.fill("/tab/negotiation/new", title="Fibra do Otávio")
    database = services_of(app).journal.database
    database.run("UPDATE journal SET proven = 0 WHERE key = ?", lead)
    database.run(
        "UPDATE journal SET state = 'kept', sends = 0, crm_id = '', proven = 0,"
        " work = json_set(work, '$.needs', json_array(?)) WHERE key <> ?",
        lead,
        lead,
    )
    crm.control(not_permitted=["contato"])
    Time(app).passes(30)

    assert last(app).state is State.KEPT
    assert "Precisa de você" in pending(ana)
