"""Tests that what the CRM says is no fact.

They go through each way in which it, or the way to it, can be wrong, for each kind of write.

Everything goes through the panel's own addresses; what counts is what stands in the CRM's own file
at the end.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass

import pytest
from flask import Flask

from tests.product import BEATRIZ, LUCIA, MARINA, OTAVIO, Screen, Visitor, behind, services_of
from widget.domain.model import State
from widget.emulator.crm.cast import BEATRIZ as BEATRIZ_ID
from widget.emulator.crm.server import Emulator
from widget.store.engine.database import sqlite3
from widget.store.engine.presence import Steady
from widget.store.journal.entries import Entry
from widget.sync.worker import Worker

TEXT = "Quer instalar na sexta"
MAIL = "nova@example.com"
NOTES = "crm_prospeccao_anotacoes"


@dataclass(frozen=True)
class Kind:
    """One kind of write.

    It says whose conversation it is, how it is saved, and how often its effect stands in the CRM.
    """

    person: dict[str, object]
    path: str
    typed: dict[str, str]
    stands: Callable[[Emulator], int]
    resource: str

    def save(self, ana: Visitor) -> Screen:
        """Opens the form and saves it, as somebody does who says that nobody alike is the same."""
        ana.open(self.person)
        saved = ana.fill(self.path, **self.typed)
        if saved.status == 409 and saved.html.css_first("[name=sure]"):
            saved = ana.post(self.path, saved.form(".form"))
        return saved


def rows(table: str, column: str, text: str) -> Callable[[Emulator], int]:
    return lambda crm: sum(row[column].count(text) for row in crm.rows(table))


LEAD = Kind(
    OTAVIO,
    "/tab/contact/new",
    {"name": "Otávio Brandt", "phone": "(47) 99123-0045", "branch": "1"},
    rows("contato", "nome", "Otávio Brandt"),
    "contato",
)
DEAL = Kind(
    MARINA,
    "/tab/negotiation/new",
    {"title": "Fibra da Marina"},
    rows("crm_negociacoes", "descricao", "Fibra da Marina"),
    "crm_negociacoes",
)
NOTE = Kind(LUCIA, "/tab/notes", {"text": TEXT}, rows(NOTES, "anotacao", TEXT), NOTES)
REMARK = Kind(BEATRIZ, "/tab/notes", {"text": TEXT}, rows("contato", "obs", TEXT), "contato")
EDIT = Kind(MARINA, "/tab/contact/edit", {"email": MAIL}, rows("contato", "email", MAIL), "contato")
STAGE = Kind(
    MARINA,
    "/tab/interact/1",
    {"stage": "4"},
    lambda crm: crm.rows("crm_negociacoes", id=1)[0]["id_estagio"] == "4",
    "crm_negociacoes",
)
WON = Kind(
    MARINA,
    "/tab/interact/1",
    {"status": "V"},
    lambda crm: crm.rows("crm_negociacoes", id=1)[0]["status"] == "V",
    "crm_negociacoes_simplificado",
)
KINDS = {
    "lead": LEAD,
    "deal": DEAL,
    "note": NOTE,
    "remark": REMARK,
    "edit": EDIT,
    "stage": STAGE,
    "won": WON,
}
every_kind = pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS)
INSERTS = {name: KINDS[name] for name in ("lead", "deal", "note")}
every_insert = pytest.mark.parametrize("kind", INSERTS.values(), ids=INSERTS)


class Time:
    """The worker's and the checks' time, which goes on by so many seconds when told so."""

    def __init__(self, app: Flask) -> None:
        self.services = services_of(app)
        self.passed = 0.0
        journal = self.services.journal
        now = journal.steady.now
        journal.steady = Steady(lambda: now() + self.passed)
        journal.clock = lambda: time.time() + self.passed

    def passes(self, times: int = 12) -> None:
        """Works, looks, and lets half of a settling time go by, so many times."""
        found = self.services
        worker = Worker(found.settling, found.journal, found.checking)
        for _ in range(times):
            if found.guarded:
                found.guarded._breaker._close()  # its probe needs real time
            worker.turn()
            while found.checking.turn():
                pass
            self.passed += found.integration.settle_seconds / 2


def entries(app: Flask) -> list[Entry]:
    journal = services_of(app).journal
    keys = journal.database.rows("SELECT key FROM journal ORDER BY seq")
    return [entry for row in keys if (entry := journal.find(row["key"]))]


def last(app: Flask) -> Entry:
    return entries(app)[-1]


def pending(ana: Visitor) -> str:
    return ana.get("/tab/pending").text


# -- success that is none
# ------------------------------------------------------------------------------------------


@every_kind
def test_a_success_that_wrote_nothing_is_not_called_done_and_not_sent_again(
    app: Flask, ana: Visitor, crm: Emulator, kind: Kind
) -> None:
    crm.control(
        fault="lie",
        fault_on="write",
        fault_resources=[kind.resource],
        fault_times=1,
    )

    kind.save(ana)
    Time(app).passes()

    assert kind.stands(crm) == 0
    assert (last(app).state, last(app).why, last(app).sends) == (State.REFUSED, "VNC-213", 1)
    assert "O CRM respondeu que salvou" in pending(ana)


@every_kind
def test_what_the_crm_says_and_does_is_done_and_proven_with_one_send(
    app: Flask, ana: Visitor, crm: Emulator, kind: Kind
) -> None:
    saved = kind.save(ana)
    Time(app).passes()

    assert (saved.status, kind.stands(crm)) == (200, 1)
    assert (last(app).state, last(app).proven, last(app).sends) == (State.DONE, True, 1)
    assert last(app).dropped in {(), ("form_key",)}
    assert "Precisa" not in pending(ana)


@every_insert
def test_the_number_of_another_record_is_believed_by_nobody(
    app: Flask, ana: Visitor, crm: Emulator, kind: Kind
) -> None:
    crm.control(
        fault="wrong_number", fault_on="write", fault_resources=[kind.resource], fault_times=1
    )

    kind.save(ana)
    Time(app).passes()

    column, text = {
        "contato": ("nome", "Otávio Brandt"),
        "crm_negociacoes": ("descricao", "Fibra da Marina"),
    }.get(kind.resource, ("anotacao", TEXT))
    [number] = [row["id"] for row in crm.rows(kind.resource) if text in row[column]]
    assert (last(app).state, last(app).proven, last(app).crm_id) == (State.DONE, True, number)


def test_what_follows_a_wrong_number_goes_to_the_right_customer(
    app: Flask, ana: Visitor, crm: Emulator
) -> None:
    crm.control(
        fault="wrong_number",
        fault_on="write",
        fault_resources=["contato"],
        fault_times=1,
    )
    LEAD.save(ana)

    ana.fill("/tab/negotiation/new", title="Fibra do Otávio")
    ana.fill("/tab/notes", text=TEXT)
    ana.fill("/tab/contact/edit", email=MAIL)
    Time(app).passes()

    [lead] = crm.rows("contato", nome="Otávio Brandt")
    [deal] = crm.rows("crm_negociacoes", descricao="Fibra do Otávio")
    assert deal["id_contato"] == lead["id"]
    assert [row["id"] for row in crm.rows("contato") if row["email"] == MAIL] == [lead["id"]]
    assert [row["id_negociacao"] for row in crm.rows(NOTES) if TEXT in row["anotacao"]] == [
        deal["id"]
    ]


# -- refusals that are none
# ----------------------------------------------------------------------------------------


@every_kind
@pytest.mark.parametrize("fault", ["error", "400", "401", "403", "404", "429"])
def test_a_refusal_of_what_was_written_is_no_refusal(
    app: Flask, ana: Visitor, crm: Emulator, kind: Kind, fault: str
) -> None:
    crm.control(
        fault=fault, commit=True, fault_on="write", fault_resources=[kind.resource], fault_times=1
    )

    kind.save(ana)
    Time(app).passes()

    assert kind.stands(crm) == 1
    assert (last(app).state, last(app).sends) == (State.DONE, 1)


def test_who_is_there_already_on_the_second_try_is_the_one_of_the_first(
    app: Flask, ana: Visitor, crm: Emulator
) -> None:
    crm.control(unique=["contato.fone_celular"], unheeded=["contato.external_id"])
    crm.control(
        fault="504",
        commit=True,
        fault_on="write",
        fault_times=1,
        commit_delay_seconds=0.5,
    )

    LEAD.save(ana)
    watch = Time(app)
    while not LEAD.stands(crm):
        watch.passes(1)
    watch.passes()

    assert (LEAD.stands(crm), last(app).state) == (1, State.DONE)


def refused_and_come(app: Flask, ana: Visitor, crm: Emulator, kind: Kind) -> Screen:
    """Returns what the attendant saw of a save that the CRM refused.

    The CRM wrote it a moment later all the same.
    """
    crm.control(
        fault="error",
        commit=True,
        fault_on="write",
        fault_resources=[kind.resource],
        fault_times=1,
        commit_delay_seconds=0.5,
    )
    refused = kind.save(ana)
    while not kind.stands(crm):
        services_of(app).journal.open()
    return refused


@every_insert
def test_what_was_refused_and_comes_later_all_the_same_is_found_and_said(
    app: Flask, ana: Visitor, crm: Emulator, kind: Kind
) -> None:
    refused = refused_and_come(app, ana, crm, kind)

    Time(app).passes()

    assert (refused.status, kind.stands(crm)) == (422, 1)
    assert (last(app).state, last(app).why, last(app).sends) == (State.DONE, "VNC-215", 1)
    assert "O CRM tinha recusado isto, mas gravou mesmo assim." in pending(ana)


@every_insert
def test_a_refused_form_that_came_all_the_same_is_not_taken_for_its_corrected_words(
    app: Flask, ana: Visitor, crm: Emulator, kind: Kind
) -> None:
    refused = refused_and_come(app, ana, crm, kind)

    again = {
        name: f"{value} corrigido"
        for name, value in kind.typed.items()
        if name in {"text", "title", "name"}
    }
    told = ana.post(kind.path, {**refused.form(".form, .composer"), **again})
    if told.html.css_first("[name=sure]") and "Talvez já exista" in told.text:
        told = ana.post(kind.path, told.form(".form"))
    Time(app).passes()

    assert (told.status, kind.stands(crm), len(entries(app))) == (409, 1, 1)
    assert "Isto já estava salvo no CRM, como foi escrito antes." in told.text
    assert last(app).state is State.DONE


def test_a_stage_that_the_crm_lied_about_is_not_hidden_by_a_later_save(
    app: Flask, ana: Visitor, crm: Emulator
) -> None:
    crm.control(
        fault="lie",
        fault_on="write",
        fault_resources=["crm_negociacoes"],
        fault_times=1,
    )
    STAGE.save(ana)

    ana.fill("/tab/interact/1", status="V")
    Time(app).passes()

    stage = entries(app)[0]
    assert (stage.state, stage.why) == (State.REFUSED, "VNC-213")
    assert WON.stands(crm)


def test_an_address_that_the_crm_lied_about_is_not_lost_under_a_later_one(
    app: Flask, ana: Visitor, crm: Emulator
) -> None:
    crm.control(
        fault="lie",
        fault_on="write",
        fault_resources=["contato"],
        fault_times=1,
    )
    EDIT.save(ana)
    watch = Time(app)
    watch.passed += 2 * services_of(app).integration.settle_seconds  # nobody has looked yet

    ana.fill("/tab/contact/edit", email="mais.nova@example.com")
    watch.passes()

    first, second = entries(app)
    assert (first.state, first.why) == (State.REFUSED, "VNC-213")
    assert second.state in {State.DONE, State.REFUSED}


# -- rows that prove nothing
# ---------------------------------------------------------------------------------------


@every_kind
@pytest.mark.parametrize("arrived", [True, False])
def test_a_base_that_heeds_no_filter_shows_no_strangers_row_for_ours(
    app: Flask, ana: Visitor, crm: Emulator, kind: Kind, *, arrived: bool
) -> None:
    crm.control(unheeded=["external_id", "anotacao", "obs", "descricao", "data_inicio", "status"])
    crm.control(
        fault="reset",
        commit=arrived,
        fault_on="write",
        fault_resources=[kind.resource],
        fault_times=1,
    )

    kind.save(ana)
    Time(app).passes()

    assert kind.stands(crm) == 1
    assert (last(app).state, last(app).proven) == (State.DONE, True)
    if kind is NOTE:
        [row] = [row for row in crm.rows(NOTES) if TEXT in row["anotacao"]]
        assert last(app).crm_id == row["id"]


def test_where_nothing_can_be_asked_nothing_is_sent_again(
    app: Flask, ana: Visitor, crm: Emulator
) -> None:
    ana.open(MARINA)
    form = ana.get(DEAL.path).form(".form")
    crm.control(
        unfilterable=["obs", "descricao"],
        fault="reset",
        fault_on="write",
        fault_times=1,
    )

    ana.post(DEAL.path, {**form, **DEAL.typed})
    Time(app).passes()

    assert (DEAL.stands(crm), last(app).state, last(app).sends) == (0, State.UNKNOWN, 1)


def test_a_number_that_comes_again_after_a_delete_belongs_to_who_has_it_now(
    app: Flask, ana: Visitor, crm: Emulator
) -> None:
    NOTE.save(ana)
    first = last(app).crm_id
    crm.control(
        reuse_numbers=True,
        fault="reset",
        commit=True,
        fault_on="write",
        fault_times=1,
    )
    delete(crm, NOTES, first)

    ana.fill("/tab/notes", text="Outra coisa")
    Time(app).passes()

    assert [row["id"] for row in crm.rows(NOTES) if "Outra coisa" in row["anotacao"]] == [first]
    assert (last(app).state, last(app).crm_id, last(app).sends) == (State.DONE, first, 1)


def delete(crm: Emulator, table: str, number: str) -> None:
    """Somebody in the CRM deletes the record."""
    with closing(sqlite3.connect(crm.path)) as connection, connection:
        connection.execute(f"DELETE FROM {table} WHERE id = ?", [number])


# -- later
# --------------------------------------------------------------------------------------------------


@every_insert
def test_a_copy_of_the_request_that_comes_later_is_noticed_though_one_send_sufficed(
    app: Flask, ana: Visitor, crm: Emulator, kind: Kind
) -> None:
    crm.control(
        fault="repeated",
        fault_on="write",
        fault_resources=[kind.resource],
        fault_times=1,
        commit_delay_seconds=0.3,
    )
    kind.save(ana)
    while kind.stands(crm) < 2:
        services_of(app).journal.open()

    Time(app).passes()

    assert (last(app).sends, len(last(app).twins)) == (1, 2)
    assert "Há registros iguais no CRM" in pending(ana)


@pytest.mark.parametrize("kind", [STAGE, EDIT, REMARK], ids=["stage", "edit", "remark"])
def test_a_change_that_is_committed_later_than_the_crm_said_is_waited_for(
    app: Flask, ana: Visitor, crm: Emulator, kind: Kind
) -> None:
    crm.control(
        fault="late_success",
        fault_on="write",
        fault_resources=[kind.resource],
        fault_times=1,
        commit_delay_seconds=0.5,
    )
    kind.save(ana)
    watch = Time(app)
    watch.passes(1)
    assert (last(app).state, last(app).why) == (State.UNKNOWN, "VNC-213")
    while not kind.stands(crm):
        services_of(app).journal.open()

    watch.passes()

    assert (last(app).state, last(app).proven, last(app).sends) == (State.DONE, True, 1)


def test_a_note_is_not_written_over_by_one_that_was_read_from_a_stale_copy(
    app: Flask, ana: Visitor, crm: Emulator
) -> None:
    crm.control(stale_reads=True)
    REMARK.save(ana)
    ana.fill("/tab/notes", text="Outra coisa")
    assert last(app).why == "VNC-214"
    crm.control(stale_reads=False)

    Time(app).passes()

    [beatriz] = crm.rows("contato", id=BEATRIZ_ID)
    assert TEXT in beatriz["obs"]
    assert "Outra coisa" in beatriz["obs"]


def test_a_stage_that_goes_back_is_said_with_what_it_was_and_is(
    app: Flask, ana: Visitor, crm: Emulator
) -> None:
    STAGE.save(ana)
    watch = Time(app)
    watch.passes(1)
    behind(crm, "crm_negociacoes", "1", id_estagio="2")

    watch.passes()

    assert (last(app).state, last(app).instead) == (State.DONE, {"stage": "2"})
    assert "Etapa do funil (enviado: Proposta enviada; no CRM: " in pending(ana)


def test_a_note_that_is_written_over_later_is_said(app: Flask, ana: Visitor, crm: Emulator) -> None:
    REMARK.save(ana)
    watch = Time(app)
    watch.passes(1)
    behind(crm, "contato", BEATRIZ_ID, obs="")

    watch.passes()

    assert last(app).dropped == ("remarks",)
    assert "o CRM não guardou tudo: Observação" in pending(ana)


def test_an_update_that_leaves_one_column_as_it_was_is_said(
    app: Flask, ana: Visitor, crm: Emulator
) -> None:
    crm.control(frozen_fields=["contato.email"])
    before = crm.rows("contato", id=1)[0]["email"]
    ana.open(MARINA)

    ana.fill("/tab/contact/edit", email=MAIL, name="Marina Tavares")
    Time(app).passes()

    assert (last(app).state, last(app).instead) == (State.DONE, {"email": before})
    assert "E-mail" in pending(ana)
    assert MAIL not in pending(ana)
