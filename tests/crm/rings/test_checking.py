"""A look at what was done: what the CRM dropped, what is there twice.

Nothing is ever changed by it.
"""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.crm.bench import ORIGIN, SETTLE, Bench, Wrapped, reason
from tests.product import behind
from widget.crm.port import NewContact
from widget.crm.rings.checking import LATER, PATIENCE, REST
from widget.crm.wire import Filter, Query, Rows, Verb, Write
from widget.domain import errors
from widget.domain.model import Fetched, State
from widget.store.journal.entries import Entry

KEY, OTHER = "key-of-the-form-1", "key-of-the-form-2"
LEAD = NewContact(
    "Otávio Brandt",
    phone="(47) 99123-0045",
    email="otavio@example.com",
    document="390.533.447-05",
    owner_id="2",
    branch_id="1",
)
HOUR, DAY = 3600, 24 * 3600


def entry(bench: Bench, key: str = KEY) -> Entry:
    found = bench.journal.find(key)
    assert found is not None
    return found


def lead(bench: Bench) -> Entry:
    bench.ixc.people.create(LEAD, KEY, ORIGIN)
    return entry(bench)


def twin(bench: Bench, delay: float = 0.0) -> None:
    """Sends it although it was sent: what remains when the CRM commits later than any limit."""
    write = bench.settling.proving.filled(entry(bench))
    bench.passes(delay)
    bench.http.write(write)


def looks(bench: Bench) -> None:
    """All looks that come within a minute of the end."""
    for _ in range(2):
        while bench.checking.turn():
            pass
        bench.passes(SETTLE)
    while bench.checking.turn():
        pass


def writes(bench: Bench) -> int:
    return sum(call["kind"] != "list" for call in bench.crm.calls)


# -- kept whole
# --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("fields", "quiet"), [(["external_id", "external_system"], True), (["email"], False)]
)
def test_marks_of_ours_that_a_base_does_not_keep_bother_no_attendant(
    bench: Bench, fields: list[str], *, quiet: bool
) -> None:
    bench.crm.control(drop_fields=fields)
    lead(bench)

    bench.checking.turn()

    assert entry(bench).dropped != ()
    assert entry(bench).seen is quiet


@pytest.mark.parametrize(
    ("fields", "dropped"),
    [
        ([], ()),
        (["external_id"], ("external_id",)),
        (["contato.email", "fone_whatsapp", "cnpj_cpf"], ("cnpj_cpf", "email")),
        (["id_candidato_tipo"], ()),  # nothing was sent in it
    ],
)
def test_what_the_crm_dropped_without_a_word_is_named(
    bench: Bench, fields: list[str], dropped: tuple[str, ...]
) -> None:
    bench.crm.control(drop_fields=fields)
    lead(bench)

    assert bench.checking.turn() == 1

    assert sorted(entry(bench).dropped) == sorted(dropped)
    assert entry(bench).state is State.DONE


def test_a_text_that_was_cut_is_named(bench: Bench) -> None:
    bench.crm.control(long_notes="cut", note_limit=20)
    record = {
        "anotacao": "x" * 40,
        "id_cliente": "6",
        "id_responsavel": "1",
        "data": "2026-11-20 14:07:00",
    }
    bench.journaled.save(Write("crm_prospeccao_anotacoes", record, KEY, ORIGIN))

    bench.checking.turn()

    assert entry(bench).dropped == ("anotacao",)


@pytest.mark.parametrize("stored", ["Mudou de cidade \r\n", "MUDOU", "outro texto que alguém pôs"])
def test_what_the_crm_or_somebody_in_it_wrote_otherwise_is_not_called_dropped(
    bench: Bench, stored: str
) -> None:
    bench.journaled.save(reason())
    behind(bench.crm, "crm_substatus", entry(bench).crm_id, descricao=stored)

    bench.checking.turn()

    assert entry(bench).dropped == ()


def test_a_column_that_a_base_does_not_list_is_not_called_dropped(bench: Bench) -> None:
    bench.crm.control(hide_fields=["contato.email"])
    behind(bench.crm, "contato", "1", nome="Marina")
    bench.journaled.save(
        Write(
            "contato",
            {"nome": "Marina T.", "email": "x@example.com"},
            KEY,
            ORIGIN,
            id="1",
            verb=Verb.CHANGE,
        )
    )

    bench.checking.turn()

    assert entry(bench).dropped == ()


def test_a_change_is_looked_at_too(bench: Bench) -> None:
    bench.crm.control(drop_fields=["contato.email"])
    record = {"email": "x@example.com", "nome": "Outro nome"}
    bench.journaled.save(Write("contato", record, KEY, ORIGIN, id="2", verb=Verb.CHANGE))
    behind(bench.crm, "contato", "2", email="")

    bench.checking.turn()

    assert (entry(bench).dropped, entry(bench).instead) == (("email",), {"email": ""})


def test_a_change_that_changed_nothing_is_in_doubt_and_then_said(bench: Bench) -> None:
    bench.journaled.save(
        Write("contato", {"email": "x@example.com"}, KEY, ORIGIN, id="2", verb=Verb.CHANGE)
    )
    behind(
        bench.crm,
        "contato",
        "2",
        email=bench.journal.find(KEY).work["before"]["email"],  # type: ignore[union-attr]
    )

    bench.checking.turn()
    assert entry(bench).state is State.UNKNOWN
    bench.settles()

    assert (entry(bench).state, entry(bench).why, entry(bench).sends) == (
        State.REFUSED,
        "VNC-213",
        1,
    )


def test_of_an_action_nothing_is_compared(bench: Bench) -> None:
    body = {
        "data_vencemos": "20/11/2026",
        "id_responsavel": "1",
        "id_cliente": "0",
        "id": "1",
    }
    bench.journaled.save(
        Write("crm_negociacoes_simplificado", body, KEY, ORIGIN, id="1", verb=Verb.ACT)
    )

    bench.checking.turn()

    assert (entry(bench).checks, entry(bench).dropped, entry(bench).twins) == (1, (), ())


# -- there once
# --------------------------------------------------------------------------------------------------


def test_what_is_there_once_is_looked_at_at_once_and_after_the_settling_time(bench: Bench) -> None:
    lead(bench)

    assert [bench.checking.turn() for _ in range(3)] == [1, 0, 0]
    bench.passes(SETTLE)
    assert [bench.checking.turn() for _ in range(3)] == [1, 0, 0]
    assert entry(bench).twins == ()
    bench.passes(2 * DAY)
    assert bench.checking.turn() == 0


def test_what_is_there_twice_is_said_with_its_numbers_and_nothing_is_deleted(bench: Bench) -> None:
    number = lead(bench).crm_id
    twin(bench)
    before = writes(bench)

    looks(bench)

    numbers = [row["id"] for row in bench.crm.rows("contato", nome="Otávio Brandt")]
    assert entry(bench).twins == tuple(numbers) == (number, str(int(number) + 1))
    assert writes(bench) == before
    assert [e.key for e in bench.journal.pending(ORIGIN.conversation, "")] == [KEY]


def test_twins_are_found_by_what_they_say_where_a_base_keeps_no_key_of_ours(bench: Bench) -> None:
    bench.crm.control(drop_fields=["external_id"])
    lead(bench)
    twin(bench)

    looks(bench)

    assert len(entry(bench).twins) == 2


def test_equal_records_that_two_forms_have_made_are_no_twins(bench: Bench) -> None:
    bench.crm.control(drop_fields=["external_id"])
    for key in (KEY, OTHER):
        bench.ixc.people.create(LEAD, key, ORIGIN)

    looks(bench)

    assert (entry(bench).twins, entry(bench, OTHER).twins) == ((), ())


@pytest.mark.parametrize("delay", [SETTLE + later for later in LATER])
def test_what_was_sent_twice_is_counted_again_as_time_goes_by(bench: Bench, delay: float) -> None:
    """The CRM may still commit the first one, later than any limit: after an hour, within a day."""
    bench.crm.control(fault="reset", fault_on="write", fault_times=1)
    bench.ixc.people.create(LEAD, KEY, ORIGIN)
    bench.settles()
    while bench.checking.turn():
        pass
    assert (entry(bench).sends, entry(bench).twins) == (2, ())
    twin(bench)
    assert bench.checking.turn() == 0

    bench.passes(delay)
    while bench.checking.turn():
        pass

    assert len(entry(bench).twins) == 2


def test_a_commit_later_than_the_settling_time_is_found_and_said(bench: Bench) -> None:
    bench.crm.control(
        fault="504", fault_on="write", fault_times=1, commit=True, commit_delay_seconds=2.0
    )
    bench.ixc.people.create(LEAD, KEY, ORIGIN)
    bench.settles()  # by a clock that goes faster than the CRM's
    assert entry(bench).sends == 2
    while len(bench.crm.rows("contato", nome="Otávio Brandt")) < 2:
        bench.settling.pursue(KEY)

    bench.passes(SETTLE)
    while bench.checking.turn():
        pass

    assert len(entry(bench).twins) == 2
    assert len(bench.crm.rows("contato", nome="Otávio Brandt")) == 2


def test_looking_comes_to_an_end(bench: Bench) -> None:
    bench.crm.control(fault="reset", fault_on="write", fault_times=1)
    bench.ixc.people.create(LEAD, KEY, ORIGIN)
    bench.settles()
    looked = 0
    for _ in range(10):
        looked += bench.checking.turn()
        bench.passes(DAY)

    assert looked == 1 + len(LATER)


# -- a CRM in trouble
# ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("fault", ["500", "429", "reset", "html200"])
def test_a_crm_in_trouble_is_left_in_peace_and_looked_at_later(bench: Bench, fault: str) -> None:
    for number in range(3):
        contact = replace(ORIGIN, contact=f"lead-{number}")
        bench.journaled.save(replace(reason(f"Motivo {number}", f"{KEY}{number}"), origin=contact))
    bench.crm.control(fault=fault)
    before = len(bench.crm.calls)

    bench.checking.turn()

    assert len(bench.crm.calls) - before <= 2
    assert {entry(bench, f"{KEY}{number}").checks for number in range(3)} == {0}
    bench.crm.control(fault="none")
    assert bench.checking.turn() == 0
    bench.passes(REST)
    assert bench.checking.turn() == 3


class Blind(Wrapped):
    """A base that can never be asked for one of the keys that forms have."""

    def read(self, query: Query) -> Fetched[Rows]:
        if any(f.value == KEY for f in query.filters):
            raise errors.Unexpected("HTTP 500, not JSON")
        return super().read(query)


def test_a_marker_that_a_base_can_never_be_asked_by_is_left_to_the_next_one(bench: Bench) -> None:
    lead(bench)
    bench.settling.inner = Blind(bench.cached)
    twin(bench)

    looks(bench)

    assert len(entry(bench).twins) == 2


def test_a_record_that_can_never_be_looked_at_keeps_no_other_from_it(bench: Bench) -> None:
    marker = Query("crm_substatus", (Filter("external_id", "=", KEY),))
    bench.journaled.save(replace(reason(), markers=(marker,)))
    bench.journaled.save(reason(key=OTHER))
    bench.settling.inner = Blind(bench.cached)

    for _ in range(2 * PATIENCE + 1):
        bench.checking.turn()
        bench.passes(REST)

    assert (entry(bench).checks, entry(bench, OTHER).checks) == (2, 2)
    assert (entry(bench).proven, entry(bench, OTHER).proven) == (False, True)


def test_an_outage_however_long_makes_nothing_count_as_looked_at(bench: Bench) -> None:
    bench.journaled.save(reason())
    bench.crm.control(fault="429")
    for _ in range(3 * PATIENCE):
        bench.checking.turn()
        bench.passes(REST)

    assert entry(bench).checks == 0


def test_a_look_says_why_it_failed_to_who_asked_for_it(bench: Bench) -> None:
    lead(bench)
    bench.crm.control(fault="500")

    with pytest.raises(errors.CRMError):
        bench.checking.look(entry(bench))


def test_what_is_not_there_though_the_crm_said_so_is_said_and_not_sent_again(bench: Bench) -> None:
    bench.journaled.save(reason())
    number = entry(bench).crm_id
    behind(bench.crm, "crm_substatus", number, descricao="outro", id="999")

    bench.checking.turn()
    assert (entry(bench).state, entry(bench).why) == (State.UNKNOWN, "VNC-213")
    bench.settles()

    assert (entry(bench).state, entry(bench).why, entry(bench).said) == (
        State.REFUSED,
        "VNC-213",
        number,
    )
    assert entry(bench).sends == 1
