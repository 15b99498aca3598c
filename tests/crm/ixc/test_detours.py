"""What a base does not release, or insists on, is done in another way.

The same also in the background.
"""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.crm.bench import ORIGIN, Bench
from tests.crm.ixc.test_negotiations import NEW
from tests.crm.ixc.test_negotiations import contact as contact_of
from tests.crm.ixc.test_people import LEAD, update
from tests.product import behind
from widget.crm.port import NewContact, NewNote
from widget.crm.signature import reference_of
from widget.crm.wire import Write
from widget.desk.kept import kept_contact
from widget.domain import errors
from widget.domain.model import Contact, Origin, Ref, State, Written
from widget.store.journal.entries import Entry

LEAD_KEY, DEAL_KEY, NOTE_KEY, SECOND_KEY = (
    f"key-of-the-{what}" for what in ("new-lead", "new-deal", "note", "second")
)
TABLE = "crm_prospeccao_anotacoes"
NOTE, SECOND = NewNote("Quer 500 Mega.", "1"), NewNote("Liga amanhã.", "1")
NEW_LEAD, NEW_DEAL = Ref(Ref.NEW, LEAD_KEY), Ref(Ref.NEW, DEAL_KEY)


def entry(bench: Bench, key: str) -> Entry:
    found = bench.journal.find(key)
    assert found is not None
    return found


def origin(contact: object, action: str, negotiation: object = "") -> Origin:
    return Origin(
        "chatwoot:1:7", ORIGIN.attendant, str(contact), action, negotiation=str(negotiation or "")
    )


def later(bench: Bench, act: Callable[[], Written]) -> None:
    """While the CRM is away it is accepted; then the CRM comes back, and the worker works."""
    bench.crm.stop()
    assert act().state is State.KEPT
    bench.crm.start()
    bench.settles()


def whole_offline(bench: Bench, lead: NewContact = LEAD) -> None:
    """A new contact, a negotiation for it, a note for each, all before any of them has a number."""
    bench.ixc.people.create(lead, LEAD_KEY, origin(NEW_LEAD, "contact.create"))
    entry_record = entry(bench, LEAD_KEY).work["record"]
    kept = kept_contact(NEW_LEAD, entry_record)
    bench.ixc.negotiations.create(
        kept, NEW, DEAL_KEY, origin(NEW_LEAD, "negotiation.create", NEW_DEAL)
    )
    bench.ixc.notes.add(kept, str(NEW_DEAL), NOTE, NOTE_KEY, origin(NEW_LEAD, "note.add", NEW_DEAL))
    bench.ixc.notes.add(kept, "", SECOND, SECOND_KEY, origin(NEW_LEAD, "note.add"))


# -- all at once, while the CRM is away
# ----------------------------------------------------------------------------


@pytest.mark.parametrize("released", [True, False])
def test_what_was_made_for_a_contact_without_a_number_arrives_once_in_order_under_the_right_numbers(
    bench: Bench, released: bool
) -> None:
    bench.crm.control(not_released=[] if released else [TABLE])
    bench.crm.stop()
    whole_offline(bench)
    assert {e.state for e in bench.journal.open()} == {State.KEPT}
    assert len(bench.journal.of_contact(str(NEW_LEAD))) == 4

    bench.crm.start()
    bench.settles()

    (lead,) = bench.crm.rows("contato", nome=LEAD.name)
    (deal,) = bench.crm.rows("crm_negociacoes", descricao=NEW.title)
    assert deal["id_contato"] == lead["id"]
    notes = [r for r in bench.crm.rows(TABLE) if f"ref {reference_of(NOTE_KEY)}" in r["anotacao"]]
    in_deal = deal["obs"].count(NOTE.text)
    assert ([n["id_negociacao"] for n in notes], in_deal) == (
        ([deal["id"]], 0) if released else ([], 1)
    )
    assert lead["obs"].count(SECOND.text) == 1
    assert [e.key for e in reversed(bench.journal.of_contact(f"lead-{lead['id']}"))] == [
        LEAD_KEY,
        DEAL_KEY,
        NOTE_KEY,
        SECOND_KEY,
    ]
    assert entry(bench, NOTE_KEY).origin.negotiation == deal["id"]
    assert bench.journal.resolve(NEW_LEAD) == Ref(Ref.LEAD, lead["id"])


def test_what_belongs_to_a_refused_contact_waits_and_goes_on_when_it_is_corrected(
    bench: Bench,
) -> None:
    bench.crm.stop()
    whole_offline(bench, NewContact("", phone="(47) 99123-0045"))
    bench.crm.start()
    for _ in range(10):
        bench.worker.turn()
        bench.passes(5)

    assert entry(bench, LEAD_KEY).state is State.REFUSED
    blockers = {
        key: bench.journal.blocker(entry(bench, key)) for key in (DEAL_KEY, NOTE_KEY, SECOND_KEY)
    }
    assert {key: e and e.key for key, e in blockers.items()} == {
        DEAL_KEY: LEAD_KEY,
        NOTE_KEY: DEAL_KEY,
        SECOND_KEY: LEAD_KEY,
    }
    assert bench.crm.rows("crm_negociacoes", descricao=NEW.title) == []

    bench.ixc.people.create(LEAD, LEAD_KEY, origin(NEW_LEAD, "contact.create"))
    bench.settles()

    assert len(bench.crm.rows("contato", nome=LEAD.name)) == 1
    assert len(bench.crm.rows("crm_negociacoes", descricao=NEW.title)) == 1


def test_a_contact_that_nobody_could_look_for_is_looked_for_before_it_is_sent(bench: Bench) -> None:
    later(
        bench,
        lambda: bench.ixc.people.create(
            NewContact("Marina", phone="(49) 98812-4417"),
            LEAD_KEY,
            origin(NEW_LEAD, "contact.create"),
            unchecked=True,
        ),
    )

    assert (entry(bench, LEAD_KEY).state, type(entry(bench, LEAD_KEY).refusal)) == (
        State.REFUSED,
        errors.Duplicate,
    )
    assert bench.asked("contato", "insert") == 0


@pytest.mark.parametrize(
    ("lead", "is_known"),
    [
        (NewContact("X", phone="(49) 98812-4417"), True),
        (NewContact("X", phone="(49) 99903-2288"), True),
        (NewContact("X", email="Beatriz.Lemos@example.com"), True),
        (NewContact("X", phone="(47) 90000-0000", document="390.533.447-05"), True),
        (NewContact("X", phone="(47) 90000-0000", email="nobody@example.com"), False),
    ],
)
def test_somebody_is_known_by_phone_email_or_document(
    bench: Bench, lead: NewContact, is_known: bool
) -> None:
    later(
        bench,
        lambda: bench.ixc.people.create(
            lead, LEAD_KEY, origin(NEW_LEAD, "contact.create"), unchecked=True
        ),
    )

    assert entry(bench, LEAD_KEY).state is (State.REFUSED if is_known else State.DONE)


# -- a note where the base has no notes
# ----------------------------------------------------------------------------


PLACES = [
    (Ref(Ref.CLIENT, "6"), "7", "crm_negociacoes", "7"),
    (Ref(Ref.CLIENT, "6"), "", "cliente", "6"),
    (Ref(Ref.CLIENT, "5"), "", "cliente", "5"),
    (Ref(Ref.LEAD, "1"), "1", "crm_negociacoes", "1"),
]


@pytest.mark.parametrize("away", [False, True])
@pytest.mark.parametrize("place", PLACES, ids=str)
@pytest.mark.parametrize("fault", ["none", "reset_after_commit", "500"])
def test_a_note_stands_once_in_the_remarks_where_the_base_has_no_notes(
    bench: Bench, place: tuple[Ref, str, str, str], away: bool, fault: str
) -> None:
    ref, negotiation, table, row = place
    whose = contact_of(bench, ref.source, ref.id)
    behind(bench.crm, "cliente", "5", cnpj_cpf="390.533.447-05", endereco="Rua A", numero="1")
    bench.crm.control(not_released=[TABLE])
    bench.crm.control(
        fault=fault, fault_on="write", fault_times=1, fault_resources=[table, "crm_canditados"]
    )

    def act() -> Written:
        return bench.ixc.notes.add(
            whose, negotiation, NOTE, NOTE_KEY, origin(ref, "note.add", negotiation)
        )

    if away:
        later(bench, act)
    else:
        act()
        bench.settles()

    assert bench.crm.rows(table, id=row)[0]["obs"].count(NOTE.text) == 1
    assert bench.asked(TABLE, "insert") >= 1
    assert (entry(bench, NOTE_KEY).state, entry(bench, NOTE_KEY).crm_id) == (State.DONE, row)


# -- a prospect
# --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("away", [False, True])
def test_a_prospect_is_changed_through_the_customers_form_where_its_own_is_not_released(
    bench: Bench, away: bool
) -> None:
    prospect = Ref(Ref.CLIENT, "6")
    behind(bench.crm, "cliente", "6", cnpj_cpf="390.533.447-05", endereco="Rua A", numero="1")
    bench.ixc.people.fields(prospect)
    bench.crm.control(not_released=["crm_canditados"])
    if away:
        bench.crm.control(fault="429", fault_on="all")
        before = {"name": bench.ixc.people.known(prospect)["razao"]}
        assert (
            bench.ixc.people.update(prospect, {"name": "Lúcia A."}, before, NOTE_KEY, ORIGIN).state
            is State.KEPT
        )
        bench.crm.control(fault="none")
        bench.settles()
    else:
        update(bench, prospect, {"name": "Lúcia A."}, NOTE_KEY)

    assert bench.crm.rows("cliente", id=6)[0]["razao"] == "Lúcia A."
    assert entry(bench, NOTE_KEY).work["form"] == ""


# -- a base that insists on a client
# -------------------------------------------------------------------------------


def open_deal(bench: Bench, whose: Contact) -> Written:
    return bench.ixc.negotiations.create(
        whose, NEW, DEAL_KEY, origin(whose.ref, "negotiation.create", NEW_DEAL)
    )


@pytest.mark.parametrize("away", [False, True])
@pytest.mark.parametrize("lost", ["", "crm_canditados", "contato", "crm_negociacoes"])
@pytest.mark.parametrize("fault", ["reset_after_commit", "500"])
def test_one_prospect_and_one_negotiation_are_made_whatever_gets_lost(
    bench: Bench, away: bool, lost: str, fault: str
) -> None:
    whose = contact_of(bench, Ref.LEAD, "1")
    bench.crm.control(require_client=True)
    if lost:
        bench.crm.control(
            fault=fault,
            fault_on="write",
            fault_times=1,
            fault_resources=[lost],
        )

    if away:
        later(bench, lambda: open_deal(bench, whose))
    else:
        open_deal(bench, whose)
        bench.settles()

    (prospect,) = bench.crm.rows("cliente", razao="Marina Teles Andrade")
    (deal,) = bench.crm.rows("crm_negociacoes", descricao=NEW.title)
    assert (deal["id_cliente"], deal["id_contato"]) == (prospect["id"], "1")
    assert bench.crm.rows("contato", id=1)[0]["id_prospeccao"] == prospect["id"]


def test_a_new_contact_on_such_a_base_becomes_a_prospect_too(bench: Bench) -> None:
    bench.crm.control(require_client=True)
    bench.crm.stop()
    whole_offline(bench)
    bench.crm.start()
    bench.settles()

    (prospect,) = bench.crm.rows("cliente", razao=LEAD.name)
    (deal,) = bench.crm.rows("crm_negociacoes", descricao=NEW.title)
    assert deal["id_cliente"] == prospect["id"]


# -- where the no stands
# -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("write", "error"),
    [
        (Write("contato", {}, NOTE_KEY, ORIGIN), errors.ResourceUnavailable("contato")),
        (
            Write("crm_negociacoes", {"id_cliente": ""}, NOTE_KEY, ORIGIN),
            errors.Rejected(("Preencha Descrição!",)),
        ),
        (
            Write("crm_negociacoes", {"id_cliente": "5"}, NOTE_KEY, ORIGIN),
            errors.Rejected(("Preencha Cliente!",)),
        ),
        (
            Write("crm_negociacoes", {"id_cliente": ""}, NOTE_KEY, ORIGIN),
            errors.PermissionDenied("cliente"),
        ),
        (
            Write("contato", {"id_cliente": ""}, NOTE_KEY, ORIGIN),
            errors.Rejected(("Preencha Cliente!",)),
        ),
        (Write(TABLE, {}, NOTE_KEY, ORIGIN), errors.PermissionDenied("sem permissão")),
    ],
)
def test_another_no_has_no_way_round(
    bench: Bench, write: Write, error: errors.VinculoError
) -> None:
    assert list(bench.settling.dialect.instead(write, error)) == []


# -- bases that drop our marks
# -------------------------------------------------------------------------------------


@pytest.mark.parametrize("arrived", [True, False])
def test_where_a_base_keeps_no_key_of_ours_a_lead_is_found_by_what_it_says(
    bench: Bench, arrived: bool
) -> None:
    bench.crm.control(drop_fields=["external_id", "external_system"])
    bench.crm.control(
        fault="reset",
        fault_on="write",
        fault_times=1,
        commit=arrived,
    )

    bench.ixc.people.create(LEAD, LEAD_KEY, origin(NEW_LEAD, "contact.create"))
    bench.settles()

    assert [row["id"] for row in bench.crm.rows("contato", nome=LEAD.name)] == [
        entry(bench, LEAD_KEY).crm_id
    ]
    assert entry(bench, LEAD_KEY).sends == (1 if arrived else 2)


@pytest.mark.parametrize("drop", [[], ["crm_negociacoes.obs"]])
@pytest.mark.parametrize("arrived", [True, False])
def test_of_two_equal_negotiations_neither_is_taken_for_the_other(
    bench: Bench, drop: list[str], arrived: bool
) -> None:
    whose = contact_of(bench, Ref.LEAD, "1")
    bench.crm.control(drop_fields=drop)
    first = bench.ixc.negotiations.create(
        whose, NEW, LEAD_KEY, origin(whose.ref, "negotiation.create")
    )
    bench.crm.control(
        fault="reset",
        fault_on="write",
        fault_times=1,
        commit=arrived,
    )

    open_deal(bench, whose)
    bench.settles()

    numbers = [row["id"] for row in bench.crm.rows("crm_negociacoes", descricao=NEW.title)]
    assert numbers == [first.id, entry(bench, DEAL_KEY).crm_id]
    assert entry(bench, DEAL_KEY).sends == (1 if arrived else 2)
