"""Tests of what fails after a form was accepted.

The form was saved all the same, with all that belongs to it, and this is said.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from dataclasses import dataclass
from pathlib import Path

import pytest
from flask import Flask

from tests.crm.bench import Wrapped
from tests.product import MARINA, OTAVIO, TEO, Screen, Visitor, asked, product, services_of, settled
from tests.store.trouble import TROUBLES, Trouble, locked, read_only
from widget.crm.wire import Transport, Write
from widget.domain.model import Ref, State, Written
from widget.emulator.crm.server import Emulator
from widget.store.engine.database import Database, sqlite3

NOTES = "crm_prospeccao_anotacoes"
UNSURE = "VNC-306"


@dataclass(frozen=True)
class Saving:
    """A form, and what it makes in the CRM."""

    name: str
    address: str
    typed: dict[str, str]
    table: str
    where: dict[str, str]
    whom: dict[str, object]


SAVINGS = [
    Saving(
        "note",
        "/tab/notes",
        {"text": "Quer 700 Mb", "owner": "2"},
        NOTES,
        {"anotacao": "Quer 700 Mb"},
        MARINA,
    ),
    Saving(
        "deal",
        "/tab/negotiation/new",
        {"title": "Fibra 700", "owner": "2"},
        "crm_negociacoes",
        {"descricao": "Fibra 700"},
        MARINA,
    ),
    Saving(
        "contact",
        "/tab/contact/new",
        {"name": "Otávio B", "owner": "2", "branch": "1"},
        "contato",
        {"nome": "Otávio B"},
        OTAVIO,
    ),
    Saving(
        "move",
        "/tab/interact/1",
        {"qualification": "4", "stage": "3"},
        "crm_negociacoes",
        {"id": "1", "id_estagio": "3"},
        MARINA,
    ),
    Saving(
        "change",
        "/tab/contact/edit",
        {"name": "Marina Alves"},
        "contato",
        {"nome": "Marina Alves"},
        MARINA,
    ),
]
each_form = pytest.mark.parametrize("saving", SAVINGS, ids=lambda saving: saving.name)


class Afterwards(Wrapped):
    """The way to the CRM, where something happens right after the CRM has answered a write."""

    def __init__(self, inner: Transport, then: Callable[[], object]) -> None:
        super().__init__(inner)
        self.then = then

    def write(self, write: Write) -> Written:
        written = super().write(write)
        self.then()
        return written


@pytest.fixture
def app(crm: Emulator, tmp_path: Path) -> Flask:
    """The product, which waits for no lock."""
    app = product(crm, tmp_path / "data")
    database = database_of(app)
    database._wait = 0.1
    database.close()
    return app


@pytest.fixture
def teo(app: Flask) -> Visitor:
    """An attendant whom the CRM does not know: what he chooses as owner is remembered."""
    return Visitor(app.test_client(), TEO)


@pytest.fixture
def stack() -> Iterator[ExitStack]:
    """Ends what began in another thread."""
    with ExitStack() as stack:
        yield stack


def database_of(app: Flask) -> Database:
    return services_of(app).shared.drafts._database


def after_the_answer(app: Flask, then: Callable[[], object]) -> None:
    """From now on this happens when the CRM has answered a write, in the thread that asked it."""
    settling = services_of(app).settling
    settling.inner = Afterwards(settling.inner, then)


def typed(visitor: Visitor, saving: Saving) -> dict[str, str]:
    """The form, filled."""
    visitor.open(saving.whom)
    return {**visitor.get(saving.address).form(".form, .composer, form"), **saving.typed}


def made(crm: Emulator, saving: Saving) -> int:
    """How many records in the CRM show the form; a note is signed around its text."""
    if saving.table == NOTES:
        return sum(saving.where["anotacao"] in row["anotacao"] for row in crm.rows(NOTES))
    return len(crm.rows(saving.table, **saving.where))


def claims_nothing_was_saved(answer: Screen) -> bool:
    return any(
        words in answer.text.lower() for words in ("nada foi", "nada mudou", "não foi enviado")
    )


def owner_of_teo(app: Flask) -> str:
    return services_of(app).owners.find("chatwoot:1:3")


def belongings(app: Flask, saving: Saving) -> bool:
    """Whether all that belongs to the form beside its write was kept: link, stars, owner."""
    found = services_of(app)
    link = found.links.of("chatwoot:1:p104")
    return {
        "contact": link is not None
        and link.ref.source in {Ref.NEW, Ref.LEAD}
        and owner_of_teo(app) == "2",
        "move": found.qualifications.of("1") == "4",
        "change": True,
    }.get(saving.name, owner_of_teo(app) == "2")


# -- our own file fails after the CRM has it
# -----------------------------------------------------------------------


@each_form
@pytest.mark.parametrize("trouble", TROUBLES, ids=lambda trouble: trouble.name)
def test_whatever_our_file_does_after_acceptance_nobody_is_told_that_nothing_was_saved(
    app: Flask, teo: Visitor, stack: ExitStack, saving: Saving, trouble: Trouble
) -> None:
    form = typed(teo, saving)
    after_the_answer(app, lambda: stack.enter_context(trouble.befall(database_of(app))))

    answer = teo.post(saving.address, form)

    assert not claims_nothing_was_saved(answer), answer.text
    if trouble.is_readable:
        assert (answer.status, answer.state in {State.KEPT, State.SENDING, State.DONE}) == (
            200,
            True,
        )
    else:
        assert (answer.status, UNSURE in answer.text) == (507, True)


@each_form
def test_once_the_file_is_free_again_there_is_one_record_with_all_that_belongs_to_it(
    app: Flask, crm: Emulator, teo: Visitor, saving: Saving
) -> None:
    form = typed(teo, saving)
    with ExitStack() as stack:
        after_the_answer(app, lambda: stack.enter_context(locked(database_of(app))))
        teo.post(saving.address, form)
        again = teo.post(saving.address, form)
    after_the_answer(app, lambda: None)

    settled(app)

    assert again.status == 200
    assert made(crm, saving) == 1
    assert belongings(app, saving)


@each_form
def test_a_lock_before_acceptance_says_that_nothing_was_saved_and_so_it_is(
    app: Flask, crm: Emulator, teo: Visitor, saving: Saving
) -> None:
    form = typed(teo, saving)

    with locked(database_of(app)):
        answer = teo.post(saving.address, form)

    assert (answer.status, "nada foi ao CRM" in answer.text) == (507, True)
    assert made(crm, saving) == 0
    assert services_of(app).journal.find(form["key"]) is None


def test_who_saves_again_while_the_file_takes_nothing_is_told_that_it_is_saved(
    app: Flask, crm: Emulator, teo: Visitor
) -> None:
    form = typed(teo, SAVINGS[0])
    teo.post("/tab/notes", form)

    with read_only(database_of(app)):
        same = teo.post("/tab/notes", form)
        other = teo.post("/tab/notes", {**form, "text": "Quer 500 Mb"})

    assert (same.status, same.state) == (200, "done")
    assert "VNC-106" in other.text
    assert len(asked(crm, NOTES, "insert")) == 1


def test_who_saves_again_while_the_file_is_gone_is_told_that_nobody_knows(
    app: Flask, teo: Visitor
) -> None:
    form = typed(teo, SAVINGS[0])
    teo.post("/tab/notes", form)
    gone = next(trouble for trouble in TROUBLES if trouble.name == "gone")

    with gone.befall(database_of(app)):
        answer = teo.post("/tab/notes", form)

    assert (answer.status, UNSURE in answer.text, claims_nothing_was_saved(answer)) == (
        507,
        True,
        False,
    )


# -- the CRM fails after it has it
# ---------------------------------------------------------------------------------


@each_form
@pytest.mark.parametrize("fault", ["500", "html200", "401", "403", "404", "429", "error", "reset"])
def test_whatever_reading_does_after_a_save_it_is_called_saved(
    app: Flask, crm: Emulator, teo: Visitor, saving: Saving, fault: str
) -> None:
    form = typed(teo, saving)

    def then() -> None:
        crm.control(fault=fault, fault_on="read")
        database_of(app).run("DELETE FROM cache")

    after_the_answer(app, then)
    answer = teo.post(saving.address, form)

    assert (answer.status, claims_nothing_was_saved(answer)) == (200, False), answer.text
    assert answer.state
    assert made(crm, saving) == 1
    assert belongings(app, saving)


def test_a_refusal_is_still_a_refusal_when_reading_fails_after_it(
    app: Flask, crm: Emulator, teo: Visitor
) -> None:
    form = typed(teo, SAVINGS[0])
    crm.control(fault="error", fault_on="write")

    answer = teo.post("/tab/notes", form)

    assert (answer.status, answer.state) == (422, "")


# -- one transaction
# -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("saving", "table"),
    [
        (SAVINGS[0], "owners"),
        (SAVINGS[1], "owners"),
        (SAVINGS[2], "links"),
        (SAVINGS[2], "owners"),
        (SAVINGS[3], "qualifications"),
    ],
    ids=lambda part: part if isinstance(part, str) else part.name,
)
def test_what_belongs_to_a_form_is_accepted_with_it_or_neither_is(
    app: Flask, crm: Emulator, teo: Visitor, saving: Saving, table: str
) -> None:
    form = typed(teo, saving)
    with closing(sqlite3.connect(database_of(app)._path)) as connection, connection:
        connection.execute(
            f"CREATE TRIGGER full BEFORE INSERT ON {table} BEGIN SELECT RAISE(ABORT, 'no'); END"
        )

    answer = teo.post(saving.address, form)

    assert answer.status >= 500
    assert services_of(app).journal.find(form["key"]) is None
    assert [row["event"] for row in ledger(app)] == []
    assert made(crm, saving) == 0


def test_saving_twice_links_once(app: Flask, teo: Visitor) -> None:
    form = typed(teo, SAVINGS[2])

    for _ in range(2):
        teo.post("/tab/contact/new", form)

    assert [row["event"] for row in ledger(app)].count("linked") == 1


def ledger(app: Flask) -> list[dict[str, str]]:
    return database_of(app).rows("SELECT event FROM ledger WHERE event <> 'revealed' ORDER BY seq")
