"""Notes: in the CRM's own table, else inside remarks.

Each once, each with its true author, none overwritten.
"""

from __future__ import annotations

from dataclasses import replace
from threading import Barrier, Thread

import pytest

from tests.crm.bench import ORIGIN, Bench, together
from tests.crm.ixc.test_negotiations import contact
from tests.crm.ixc.test_people import change
from widget.crm.ixc.notes import LONGEST
from widget.crm.port import NewNote
from widget.crm.signature import block, reference_of
from widget.domain import errors
from widget.domain.model import Attendant, Contact, Freshness, Note, Ref

KEY, OTHER = "key-of-the-form-1", "key-of-the-form-2"
NOTE = NewNote("Quer 500 Mega.\nLigar à tarde.", "2")
TEO = Attendant(
    "3", "Téo Lima", proven=True
)  # no employee in the CRM: the note is filed under Rui's number
TABLE = "crm_prospeccao_anotacoes"


def lucia(bench: Bench) -> Contact:
    return contact(bench, Ref.CLIENT, "6")


def marina(bench: Bench) -> Contact:
    return contact(bench, Ref.LEAD, "1")


def beatriz(bench: Bench) -> Contact:
    """A lead without any negotiation."""
    return contact(bench, Ref.LEAD, "2")


def notes_of(
    bench: Bench, whose: Contact, freshness: Freshness = Freshness.RECENT
) -> tuple[Note, ...]:
    deals = bench.ixc.negotiations.of(whose, freshness).value
    return bench.ixc.notes.of(whose, deals, bench.ixc.lookups.owners(), freshness).value


def in_table(bench: Bench, key: str = KEY) -> int:
    """How many rows of the CRM's own table bear the form's reference."""
    return sum(f"ref {reference_of(key)}" in row["anotacao"] for row in bench.crm.rows(TABLE))


def remarks(bench: Bench, table: str, number: str) -> str:
    return bench.crm.rows(table, id=number)[0]["obs"]


# -- in the CRM's table
# --------------------------------------------------------------------------------------------


def test_twenty_notes_come_newest_first_with_their_authors(bench: Bench) -> None:
    notes = notes_of(bench, lucia(bench))

    assert len(notes) == 20
    assert [note.at for note in notes] == sorted((note.at for note in notes), reverse=True)
    assert notes[0].text.startswith("Proposta nova enviada")
    assert {note.author for note in notes} == {"Ana Souza", "Rui Matos"}
    assert {note.negotiation_id for note in notes} == {"7"}


def test_a_note_is_kept_with_its_true_author_though_the_token_is_shared(bench: Bench) -> None:
    written = bench.ixc.notes.add(lucia(bench), "7", NOTE, KEY, replace(ORIGIN, attendant=TEO))

    (row,) = bench.crm.rows(TABLE, id=written.id)
    assert (row["id_cliente"], row["id_negociacao"], row["id_responsavel"]) == ("6", "7", "2")
    assert row["data"] == "2026-11-20 14:07:00"
    assert notes_of(bench, lucia(bench))[0] == Note(
        NOTE.text,
        "Téo Lima",
        "2026-11-20 14:07:00",
        written.id,
        reference_of(KEY),
        negotiation_id="7",
    )


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script>",
        "aspas \" ' e \\ barras",
        "👩‍👧 ção ñ",
        "{{ 7*7 }} %(x)s",
        "linha\r\noutra",
        "— Rui · ref ABC123",
        "x" * LONGEST,
    ],
)
def test_a_note_comes_back_as_it_was_typed(bench: Bench, text: str) -> None:
    bench.ixc.notes.add(lucia(bench), "", NewNote(text, "2"), KEY, ORIGIN)

    assert notes_of(bench, lucia(bench))[0].text == text.replace("\r\n", "\n")


def test_a_correction_points_at_what_it_corrects(bench: Bench) -> None:
    bench.ixc.notes.add(lucia(bench), "7", NOTE, KEY, ORIGIN)
    bench.ixc.notes.add(
        lucia(bench), "7", NewNote("Aliás, 700.", "2", reference_of(KEY)), OTHER, ORIGIN
    )

    correction = next(
        note for note in notes_of(bench, lucia(bench)) if note.reference == reference_of(OTHER)
    )

    assert correction.corrects == reference_of(KEY)


def test_a_leads_note_is_kept_with_its_negotiation(bench: Bench) -> None:
    written = bench.ixc.notes.add(marina(bench), "1", NOTE, KEY, ORIGIN)

    assert bench.crm.rows(TABLE, id=written.id)[0]["id_negociacao"] == "1"
    assert [note.text for note in notes_of(bench, marina(bench))] == [NOTE.text]


def test_of_very_many_notes_the_newest_are_shown(bench: Bench) -> None:
    with bench.crm._base.writing() as connection:
        connection.executemany(
            f"INSERT INTO {TABLE} (anotacao, id_cliente, id_responsavel, data) VALUES (?, '6', "
            "'1', ?)",
            [(f"Nota {day}", f"2025-01-01 00:{day // 60:02}:{day % 60:02}") for day in range(250)],
        )

    notes = notes_of(bench, lucia(bench))

    assert notes[0].text.startswith("Proposta nova enviada")
    assert [note.text for note in notes[20:23]] == ["Nota 249", "Nota 248", "Nota 247"]


def test_a_note_that_belongs_to_client_and_negotiation_is_shown_once(bench: Bench) -> None:
    change(bench.crm, "contato", "1", id_cliente="5")
    change(bench.crm, "crm_negociacoes", "1", id_cliente="5")
    bench.ixc.notes.add(marina(bench), "1", NOTE, KEY, ORIGIN)

    assert [note.text for note in notes_of(bench, marina(bench))] == [NOTE.text]


def test_saving_twice_keeps_one_note(bench: Bench) -> None:
    first = bench.ixc.notes.add(lucia(bench), "7", NOTE, KEY, ORIGIN)
    second = bench.ixc.notes.add(lucia(bench), "7", NOTE, KEY, ORIGIN)

    assert second == first
    assert in_table(bench) == 1


@pytest.mark.parametrize(
    "fault", ["reset_after_commit", "empty200", "html200", "cut_body", "truncated"]
)
def test_a_note_whose_answer_was_lost_is_kept_once(bench: Bench, fault: str) -> None:
    whose = lucia(bench)
    bench.crm.control(fault=fault, fault_on="write", fault_times=1)

    bench.ixc.notes.add(whose, "7", NOTE, KEY, ORIGIN)
    bench.settles()

    assert in_table(bench) == 1


def test_a_note_that_is_too_long_for_the_base_is_refused_in_the_crms_words(bench: Bench) -> None:
    bench.crm.control(long_notes="refuse", note_limit=100)

    with pytest.raises(errors.Rejected) as caught:
        bench.ixc.notes.add(lucia(bench), "7", NewNote("x" * 101, "2"), KEY, ORIGIN)

    assert caught.value.messages == ("Anotação deve ter no máximo 100 caracteres!",)


def test_a_permission_that_lacks_is_said_and_the_note_goes_nowhere_else(bench: Bench) -> None:
    whose = lucia(bench)
    bench.crm.control(not_writable=[TABLE])

    with pytest.raises(errors.PermissionDenied):
        bench.ixc.notes.add(whose, "7", NOTE, KEY, ORIGIN)

    assert NOTE.text not in remarks(bench, "crm_negociacoes", "7") + remarks(bench, "cliente", "6")


# -- inside remarks
# ------------------------------------------------------------------------------------------------


def test_a_pure_leads_note_stands_in_its_remarks_below_what_was_there(bench: Bench) -> None:
    bench.ixc.notes.add(marina(bench), "", NOTE, KEY, ORIGIN)

    assert remarks(bench, "contato", "1") == "Prefere contato à tarde.\n\n" + block(
        NOTE.text, "Ana Souza", KEY, "20/11/2026 14:07"
    )
    assert in_table(bench) == 0


def test_a_note_in_remarks_is_read_back_as_a_note(bench: Bench) -> None:
    bench.ixc.notes.add(marina(bench), "", NOTE, KEY, ORIGIN)

    assert notes_of(bench, marina(bench)) == (
        Note(NOTE.text, "Ana Souza", "2026-11-20 14:07:00", reference=reference_of(KEY)),
    )


@pytest.mark.parametrize(
    ("source", "number", "negotiation", "table", "row"),
    [
        (Ref.CLIENT, "6", "7", "crm_negociacoes", "7"),
        (Ref.CLIENT, "6", "", "cliente", "6"),
        (Ref.LEAD, "1", "1", "crm_negociacoes", "1"),
        (Ref.LEAD, "2", "", "contato", "2"),
    ],
)
def test_where_the_base_has_no_notes_they_stand_in_the_remarks_of_what_they_belong_to(
    bench: Bench, source: str, number: str, negotiation: str, table: str, row: str
) -> None:
    bench.crm.control(not_released=[TABLE])
    whose = contact(bench, source, number)
    before = bench.crm.rows(table, id=row)[0]

    bench.ixc.notes.add(whose, negotiation, NOTE, KEY, ORIGIN)
    bench.ixc.notes.add(
        whose, negotiation, NewNote("Segunda.", "2", reference_of(KEY)), OTHER, ORIGIN
    )

    after = bench.crm.rows(table, id=row)[0]
    assert {column for column in after if after[column] != before[column]} <= {
        "obs",
        "ultima_atualizacao",
    }
    found = notes_of(bench, contact(bench, source, number))
    assert sorted((note.text, note.corrects) for note in found) == [
        (NOTE.text, ""),
        ("Segunda.", reference_of(KEY)),
    ]
    assert {note.negotiation_id for note in found} == {negotiation}


def test_saving_twice_appends_one_note(bench: Bench) -> None:
    bench.ixc.notes.add(beatriz(bench), "", NOTE, KEY, ORIGIN)
    bench.ixc.notes.add(beatriz(bench), "", NOTE, KEY, ORIGIN)

    assert remarks(bench, "contato", "2").count(NOTE.text) == 1


@pytest.mark.parametrize("released", [True, False])
@pytest.mark.parametrize("fault", ["reset_after_commit", "empty200", "html200", "cut_body"])
def test_a_note_in_remarks_whose_answer_was_lost_is_appended_once(
    bench: Bench, fault: str, released: bool
) -> None:
    whose, negotiation = (marina(bench), "") if released else (lucia(bench), "7")
    table, number = ("contato", "1") if released else ("crm_negociacoes", "7")
    bench.crm.control(not_released=[] if released else [TABLE])
    bench.crm.control(
        fault=fault,
        fault_on="write",
        fault_times=1,
        fault_resources=[table],
    )

    bench.ixc.notes.add(whose, negotiation, NOTE, KEY, ORIGIN)
    bench.settles()

    assert remarks(bench, table, number).count(NOTE.text) == 1


def test_notes_of_twenty_attendants_at_the_same_moment_are_all_kept(bench: Bench) -> None:
    whose, start = beatriz(bench), Barrier(20)
    bench.crm.control(delay_seconds=0.01)

    def write(number: int) -> None:
        start.wait(10)
        bench.ixc.notes.add(
            whose, "", NewNote(f"Nota {number}.", "2"), f"key-of-the-form-{number}", ORIGIN
        )

    together([Thread(target=write, args=(number,)) for number in range(20)])
    bench.settles()

    assert {note.text for note in notes_of(bench, beatriz(bench))} == {
        f"Nota {number}." for number in range(20)
    }


def test_what_was_typed_in_the_crm_since_the_contact_was_read_stays(bench: Bench) -> None:
    whose = marina(bench)
    change(bench.crm, "contato", "1", obs="Digitado no CRM há um minuto.")

    bench.ixc.notes.add(whose, "", NOTE, KEY, ORIGIN)

    assert remarks(bench, "contato", "1").startswith("Digitado no CRM há um minuto.\n\n[")


def test_where_the_remarks_cannot_be_read_no_note_is_put_there_to_vanish(bench: Bench) -> None:
    whose = beatriz(bench)
    bench.crm.control(hide_fields=["contato.obs"])

    with pytest.raises(errors.ResourceUnavailable):
        bench.ixc.notes.add(whose, "", NOTE, KEY, ORIGIN)


def test_a_contact_that_is_gone_takes_no_note(bench: Bench) -> None:
    gone = replace(beatriz(bench), ref=Ref(Ref.LEAD, "99999"))

    with pytest.raises(errors.NotFound):
        bench.ixc.notes.add(gone, "", NOTE, KEY, ORIGIN)


@pytest.mark.parametrize("at", ["99/99/2026 10:00", "20/11/2026 99:99"])
def test_a_date_in_remarks_that_is_none_does_no_harm(bench: Bench, at: str) -> None:
    change(bench.crm, "contato", "2", obs=block("Mexido à mão.", "Ana", KEY, at))

    (note,) = notes_of(bench, beatriz(bench))

    assert (note.text, note.at) == ("Mexido à mão.", "")


# -- bases and moments
# ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("switch", ["not_released", "not_permitted"])
def test_where_notes_may_not_be_read_the_remarks_still_are(bench: Bench, switch: str) -> None:
    bench.ixc.notes.add(marina(bench), "", NOTE, KEY, ORIGIN)
    bench.crm.control(**{switch: [TABLE]})

    assert [note.text for note in notes_of(bench, marina(bench))] == [NOTE.text]


def test_a_failed_reading_is_an_error_and_not_an_empty_list(bench: Bench) -> None:
    whose = lucia(bench)
    bench.crm.control(fault="braces200", fault_resources=[TABLE])

    with pytest.raises(errors.Unexpected):
        notes_of(bench, whose)


def test_known_notes_are_shown_with_their_age_while_the_crm_is_away(bench: Bench) -> None:
    whose = lucia(bench)
    deals = bench.ixc.negotiations.of(whose, Freshness.RECENT).value
    owners = bench.ixc.lookups.owners()
    bench.ixc.notes.of(whose, deals, owners, Freshness.RECENT)
    bench.clock.at += 500
    bench.crm.stop()

    found = bench.ixc.notes.of(whose, deals, owners, Freshness.RECENT)

    assert len(found.value) == 20
    assert (found.stale, found.trouble) == (True, "VNC-201")


def test_who_has_no_notes_has_none(bench: Bench) -> None:
    assert notes_of(bench, beatriz(bench)) == ()


# -- history
# --------------------------------------------------------------------------------------------------


def test_the_crms_own_history_comes_newest_first_with_names(bench: Bench) -> None:
    whose = contact(bench, Ref.CLIENT, "5")
    deals = bench.ixc.negotiations.of(whose, Freshness.RECENT).value

    events = bench.ixc.notes.history(
        whose, deals, bench.ixc.lookups.owners(), Freshness.RECENT
    ).value

    assert [(event.at, event.author, event.negotiation_id) for event in events] == [
        ("2026-10-20 15:40:00", "Ana Souza", "4"),
        ("2025-08-11 17:22:00", "Rui Matos", "6"),
        ("2025-02-20 11:05:00", "Ana Souza", "5"),
    ]


def test_a_leads_history_is_that_of_its_negotiations(bench: Bench) -> None:
    whose = marina(bench)
    deals = bench.ixc.negotiations.of(whose, Freshness.RECENT).value

    (event,) = bench.ixc.notes.history(whose, deals, [], Freshness.RECENT).value

    assert event.text == "Estágio alterado de Novo contato para Sondagem"
    assert event.author == ""


def test_where_history_is_not_released_there_is_none(bench: Bench) -> None:
    whose = marina(bench)
    deals = bench.ixc.negotiations.of(whose, Freshness.RECENT).value
    bench.crm.control(not_released=["crm_historico"])

    assert bench.ixc.notes.history(whose, deals, [], Freshness.RECENT).value == ()
