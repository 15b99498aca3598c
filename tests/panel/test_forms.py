"""A form from its drawing to its save: the key, the draft, the reasons and where they stand."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from flask import Flask

from tests.crm.bench import reason
from tests.product import MARINA, OTAVIO, Visitor, services_of
from widget.crm.rings.settling import item
from widget.desk.visits import Visit
from widget.domain import errors
from widget.domain.permissions import Right
from widget.panel import forms

LABELS = {"filial": "branch", "cpf": "document", "nome": "name"}
KEY = "k" * 22


@pytest.fixture
def guest(app: Flask) -> Iterator[Visit]:
    """Ana beside Marina, as the code sees it, who asks for a form."""
    Visitor(app.test_client()).open(MARINA)
    conversation = services_of(app).shared.conversations.find("chatwoot:1:101", "1")
    assert conversation is not None
    with app.test_request_context():
        yield Visit.of(services_of(app), conversation, Right())


def form(**values: str) -> forms.Form:
    return forms.Form("note-contact", KEY, "lead-1", values)


def finish(guest: Visit, key: str) -> None:
    """A write with this key is done."""
    journal = guest.services.journal
    journal.accept([item(replace(reason(key=key), origin=guest.origin("note.add")))])
    entry = journal.claim(key)
    assert entry is not None
    journal.done(entry, "7")


@pytest.mark.parametrize(
    ("messages", "problems", "stays_above"),
    [
        (("Preencha Filial!",), {"branch": "Preencha Filial!"}, False),
        (
            ("Preencha CNPJ/CPF!", "Preencha Nome!"),
            {"document": "Preencha CNPJ/CPF!", "name": "Preencha Nome!"},
            False,
        ),
        (("Preencha FILIAL!", "Cadastro bloqueado"), {"branch": "Preencha FILIAL!"}, True),
        (("Cadastro bloqueado",), {}, True),
    ],
)
def test_the_crms_own_words_stand_at_the_field_they_mean(
    messages: tuple[str, ...], problems: dict[str, str], stays_above: bool
) -> None:
    drawn = form()
    drawn.take(errors.Rejected(messages), LABELS)

    assert drawn.problems == problems
    assert (drawn.alert is not None) is stays_above


def test_what_is_wrong_with_the_whole_form_stands_above_it() -> None:
    drawn, error = form(), errors.Unreachable("x")
    drawn.take(error, LABELS)

    assert (drawn.alert, drawn.problems) == (error, {})


def test_a_form_gets_a_key_when_it_is_drawn_and_another_the_next_time(guest: Visit) -> None:
    first, second = (forms.draw(guest, "note-contact", {"text": ""}) for _ in range(2))

    assert len(first.key) >= 16
    assert first.key != second.key
    assert (first.contact, first.values, first.drafted) == ("lead-1", {"text": ""}, False)


def test_a_draft_brings_its_key_along(guest: Visit) -> None:
    forms.keep_draft(guest, "note-contact", {"text": "meio", "key": KEY, "contact": "lead-1"})
    drawn = forms.draw(guest, "note-contact", {"text": "", "owner": "1"})

    assert (drawn.key, drawn.values, drawn.drafted) == (KEY, {"text": "meio", "owner": "1"}, True)


def test_a_draft_like_the_empty_form_is_none(guest: Visit) -> None:
    forms.keep_draft(
        guest,
        "note-contact",
        {
            "text": "",
            "owner": "1",
            "key": KEY,
            "contact": "lead-1",
        },
    )

    assert not forms.draw(guest, "note-contact", {"text": "", "owner": "1"}).drafted


def test_a_draft_for_another_contact_is_not_drawn(guest: Visit) -> None:
    forms.keep_draft(guest, "note-contact", {"text": "meio", "key": KEY, "contact": "client-5"})
    drawn = forms.draw(guest, "note-contact", {"text": ""})

    assert (drawn.values, drawn.drafted) == ({"text": ""}, False)
    assert drawn.key != KEY


def test_a_draft_of_a_form_that_was_saved_is_neither_drawn_nor_kept(guest: Visit) -> None:
    typed = {"text": "feito", "key": KEY, "contact": "lead-1"}
    forms.keep_draft(guest, "note-contact", typed)
    finish(guest, KEY)
    drawn = forms.draw(guest, "note-contact", {"text": ""})
    guest.services.shared.drafts.drop(guest.conversation, "note-contact")
    forms.keep_draft(guest, "note-contact", typed)

    assert drawn.values == {"text": ""}
    assert guest.services.shared.drafts.find(guest.conversation, "note-contact") == {}


@pytest.mark.parametrize("key", ["", "x" * 15, "x" * 65])
def test_a_form_without_a_key_of_ours_is_stale(app: Flask, key: str) -> None:
    with (
        app.test_request_context(method="POST", data={"key": key, "text": "x"}),
        pytest.raises(errors.Stale),
    ):
        forms.posted("note-contact")


def test_a_posted_form_holds_what_was_typed(app: Flask) -> None:
    with app.test_request_context(
        method="POST", data={"key": KEY, "contact": "lead-1", "text": "x"}
    ):
        sent = forms.posted("note-contact")

    assert (sent.key, sent.contact, sent.values) == (KEY, "lead-1", {"text": "x"})


def test_a_refused_form_is_kept_as_draft_and_a_saved_one_is_not(ana: Visitor) -> None:
    ana.open(OTAVIO)
    refused = ana.fill("/tab/contact/new", name="Otávio B", branch="")
    kept = "Rascunho guardado: Adicionar contato" in ana.open(OTAVIO).text
    saved = ana.post("/tab/contact/new", {**refused.form(".form"), "branch": "1"})

    assert kept
    assert saved.status == 200
    assert "Rascunho" not in ana.open(OTAVIO).text
