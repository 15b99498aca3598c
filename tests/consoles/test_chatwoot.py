"""What Chatwoot's context tells: the person as a hint, the attendant as far as it is proven."""

from __future__ import annotations

from typing import Any

import pytest

from widget.consoles.chatwoot import LONGEST, Chatwoot
from widget.consoles.port import Start, believed
from widget.domain import errors
from widget.domain.model import Attendant, Conversation, Person, Proof
from widget.emulator.consoles.console_context import known
from widget.emulator.consoles.conversations import TALKS, Talk

SHARED = Start("chatwoot", "1")
ANA = Attendant("1", "Ana Souza", "ana.souza@serranet.example", proven=True)
PERSONAL = Start("chatwoot", "1", ANA, locale="pt-BR")
MARINA = {
    "id": 101,
    "name": "Marina",
    "phone_number": "+554988124417",
    "email": None,
    "identifier": None,
}


def context(contact: object = None, sender: object = None, **more: Any) -> dict[str, Any]:
    return {
        "conversation": {"id": 7, "meta": {"channel": "Channel::Whatsapp", "sender": sender}},
        "contact": MARINA if contact is None else contact,
        "currentAgent": {"id": 3, "name": "Téo Lima", "email": "teo.lima@serranet.example"},
        **more,
    }


def read(told: dict[str, Any], start: Start = PERSONAL) -> Conversation:
    return believed(start, Chatwoot().conversation(start, told))


def test_a_context_is_read_whole() -> None:
    found = read(context())

    assert found == Conversation(
        "chatwoot",
        "1",
        "7",
        Person("101", "Marina", ("+554988124417",)),
        Attendant("1", "Ana Souza", "ana.souza@serranet.example", proven=True),
        "whatsapp",
        proven=(Proof.ATTENDANT,),
    )


def test_who_signed_counts_and_not_whom_the_message_claims() -> None:
    assert read(context(), PERSONAL).attendant.name == "Ana Souza"


def test_without_a_personal_token_the_claimed_attendant_is_taken_as_a_claim() -> None:
    attendant = read(context(), SHARED).attendant

    assert attendant == Attendant("3", "Téo Lima", "teo.lima@serranet.example", proven=False)


def test_the_mobile_app_writes_the_attendant_in_another_way() -> None:
    told = context()
    told["current_agent"] = told.pop("currentAgent")

    assert read(told, SHARED).attendant.id == "3"


@pytest.mark.parametrize("agent", [None, {}, {"id": None}, {"id": ""}, "Ana", [], {"name": "Ana"}])
def test_an_attendant_of_whom_nothing_is_told_is_proven_by_nothing(agent: object) -> None:
    attendant = read(context() | {"currentAgent": agent}, SHARED).attendant

    assert (attendant.id, attendant.proven) == ("", False)


@pytest.mark.parametrize(
    "conversation",
    [
        None,
        {},
        {"id": None},
        {"id": ""},
        {"id": "  "},
        {"id": True},
        {"id": [7]},
        "7",
        [],
        {"id": 7.5},
    ],
)
def test_without_a_conversation_there_is_nothing_to_show(conversation: object) -> None:
    with pytest.raises(errors.NotFound):
        read(context() | {"conversation": conversation})


def test_an_empty_message_has_no_conversation() -> None:
    with pytest.raises(errors.NotFound):
        read({})


@pytest.mark.parametrize("contact", [{}, None, [], "x"])
def test_a_contact_that_is_not_loaded_yet_is_taken_from_the_conversation(contact: object) -> None:
    told = context(sender=MARINA) | {"contact": contact}

    assert read(told).person.phones == ("+554988124417",)


def test_a_contact_of_another_conversation_is_not_taken_for_this_ones() -> None:
    rafael = {"id": 102, "name": "Rafael", "phone_number": "+5549999032288"}

    assert read(context(contact=MARINA, sender=rafael)).person.name == "Rafael"


def test_the_loaded_contact_tells_more_than_the_conversations_sender() -> None:
    loaded = {**MARINA, "custom_attributes": {"cpf": "39053344705"}}

    assert read(context(contact=loaded, sender=MARINA)).person.documents == ("39053344705",)


@pytest.mark.parametrize(
    ("contact", "person"),
    [
        ({}, Person()),
        (
            {
                "id": 5,
                "name": None,
                "phone_number": None,
                "email": None,
            },
            Person("5"),
        ),
        (
            {"id": "5", "email": " Beatriz.Lemos@Example.com "},
            Person("5", emails=("Beatriz.Lemos@Example.com",)),
        ),
        ({"id": 5, "phone_number": ""}, Person("5")),
        ({"id": 5, "phone_number": 5549988124417}, Person("5", phones=("5549988124417",))),
        ({"id": 5, "phone_number": ["+554988124417"]}, Person("5")),
        (
            {"id": 5, "custom_attributes": {"cnpj": "12abc34501de35"}},
            Person("5", documents=("12abc34501de35",)),
        ),
        (
            {"id": 5, "custom_attributes": {"cpf": "1", "documento": "2"}, "identifier": "1"},
            Person("5", documents=("1", "2")),
        ),
        ({"id": 5, "custom_attributes": None, "identifier": "x"}, Person("5", documents=("x",))),
        ({"id": 5, "custom_attributes": ["cpf"]}, Person("5")),
        ({"id": 5, "custom_attributes": {"cpf": {"a": 1}}}, Person("5")),
        ({"id": False, "name": True}, Person()),
    ],
)
def test_a_person_is_what_is_known_and_no_more(contact: dict[str, Any], person: Person) -> None:
    assert read(context(contact=contact or {"x": 1})).person == person


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("Ana\x00\nSouza\x1b", "AnaSouza"),
        ("Henrique 🚀", "Henrique 🚀"),
        ("\ud800x", "x"),
        ("a" * 5000, "a" * LONGEST),
        ("<b>Ana</b>", "<b>Ana</b>"),
    ],
)
def test_names_are_short_and_plain(name: str, kept: str) -> None:
    assert read(context(contact={"id": 1, "name": name})).person.name == kept


@pytest.mark.parametrize(
    ("channel", "word"),
    [
        ("Channel::Whatsapp", "whatsapp"),
        ("Channel::WebWidget", "webwidget"),
        ("Channel::Api", "api"),
        (None, ""),
        (7, "7"),
    ],
)
def test_the_channel_is_one_word(channel: object, word: str) -> None:
    told = context()
    told["conversation"]["meta"]["channel"] = channel

    assert read(told).channel == word


def test_the_account_is_the_signed_one_and_not_the_claimed_one() -> None:
    told = context()
    told["conversation"]["account_id"] = 99

    assert read(told).account == "1"


def test_messages_and_private_notes_are_not_kept() -> None:
    told = context()
    told["conversation"]["messages"] = [{"content": "minha senha é 123", "private": True}]

    assert "senha" not in str(read(told))


@pytest.mark.parametrize("talk", TALKS, ids=lambda talk: talk.name)
def test_every_conversation_of_the_demo_console_is_understood(talk: Talk) -> None:
    told = known(talk, account=1, now=1_795_000_000)

    found = read({"conversation": told["conversation"], "contact": told["contact"]})

    assert found.person.phones == tuple(filter(None, [talk.phone]))
    assert found.id


JID = "5549988124417@s.whatsapp.net"
CPF, OTHER = "39053344705", "012.345.678-90"


@pytest.mark.parametrize(
    ("contact", "phones", "guessed"),
    [
        ({"phone_number": "1234567890123@lid", "identifier": JID}, (JID,), ()),
        ({"phone_number": "123456789012345", "identifier": JID}, (JID,), ()),
        ({"phone_number": "+123456789012345", "identifier": JID}, (JID,), ()),
        (
            {"phone_number": 123456789012345, "identifier": "5549988124417:12@s.whatsapp.net"},
            ("5549988124417:12@s.whatsapp.net",),
            (),
        ),
        ({"phone_number": None, "identifier": "5549988124417@c.us"}, ("5549988124417@c.us",), ()),
        ({"phone_number": "+5549988124417", "identifier": JID}, ("+5549988124417",), ()),
        ({"phone_number": "+5549999032288", "identifier": JID}, ("+5549999032288", JID), ()),
        (
            {"phone_number": "+554988124417", "identifier": "554988124417@lid", "name": "Ana"},
            (),
            (),
        ),
        (
            {"phone_number": "+123456789012345", "custom_attributes": {"whatsapp": "49988124417"}},
            ("49988124417",),
            (),
        ),
        (
            {"phone_number": "+123456789012345", "additional_attributes": {"remoteJid": JID}},
            (JID,),
            (),
        ),
        (
            {"phone_number": "1@lid", "custom_attributes": {"fone_xyz": "4933221188"}},
            ("4933221188",),
            ("4933221188",),
        ),
        (
            {"phone_number": "1@lid", "name": "+55 49 98812-4417"},
            ("(49) 98812-4417",),
            ("(49) 98812-4417",),
        ),
        (
            {"phone_number": "1@lid", "name": "Marina 49988124417"},
            ("(49) 98812-4417",),
            ("(49) 98812-4417",),
        ),
        (
            {"phone_number": "1@lid", "identifier": "5549988124417"},
            ("(49) 98812-4417",),
            ("(49) 98812-4417",),
        ),
        (
            {"phone_number": "+5549999032288", "custom_attributes": {"whatsapp": "49988124417"}},
            ("+5549999032288",),
            (),
        ),
        ({"phone_number": "+5549999032288", "name": "Marina 49988124417"}, ("+5549999032288",), ()),
        ({"phone_number": "98812-4417"}, ("98812-4417",), ()),
        (
            {"phone_number": "1234567890123@lid", "identifier": "1234567890123@lid", "name": "Ana"},
            (),
            (),
        ),
        ({"phone_number": "120363021234567890@g.us"}, (), ()),
        ({"phone_number": "123456789012345"}, (), ()),
    ],
)
def test_a_hidden_number_is_no_phone_and_the_true_one_is_found(
    contact: dict[str, Any], phones: tuple[str, ...], guessed: tuple[str, ...]
) -> None:
    person = read(context(contact={"id": 5, **contact})).person

    assert (person.phones, person.guessed, person.documents) == (phones, guessed, ())


@pytest.mark.parametrize(
    ("contact", "talk", "documents", "guessed"),
    [
        ({"custom_attributes": {"CPF do titular": f"CPF: {CPF}"}}, {}, (CPF,), ()),
        ({"additional_attributes": {"cpfcnpj": CPF}}, {}, (CPF,), ()),
        ({}, {"custom_attributes": {"cpf": CPF}}, (CPF,), ()),
        ({}, {"additional_attributes": {"documento_cpf": 1234567890}}, ("01234567890",), ()),
        ({"identifier": f"cpf:{CPF}"}, {}, (CPF,), ()),
        ({"identifier": CPF}, {}, (CPF,), ()),
        (
            {"custom_attributes": {"cpf": CPF}},
            {"custom_attributes": {"cpf": OTHER}},
            (CPF, OTHER),
            (OTHER,),
        ),
        ({"custom_attributes": {"xis_cpf": CPF, "cpf": OTHER}}, {}, (OTHER, CPF), (CPF,)),
        ({"custom_attributes": {"cpf": CPF, "CPF": "390.533.447-05"}}, {}, (CPF,), ()),
        ({"custom_attributes": {"cpf_conjuge": CPF}}, {}, (), ()),
        (
            {"custom_attributes": "cpf"},
            {"custom_attributes": 5, "additional_attributes": [None]},
            (),
            (),
        ),
        ({"identifier": "a" * 60}, {}, (), ()),
        ({"identifier": "loja@exemplo.example"}, {}, (), ()),
    ],
)
def test_a_document_is_found_in_every_place_and_a_second_one_is_a_guess(
    contact: dict[str, Any],
    talk: dict[str, Any],
    documents: tuple[str, ...],
    guessed: tuple[str, ...],
) -> None:
    told = context(contact={"id": 5, **contact})
    told["conversation"] |= talk
    person = read(told).person

    assert (person.documents, person.guessed, person.phones) == (documents, guessed, ())


@pytest.mark.parametrize("digits", [100, 400, 5000])
def test_a_number_that_cannot_be_written_out_is_none(digits: int) -> None:
    number = 10**digits

    assert (
        read(context(contact={"id": number, "phone_number": number, "name": number})).person
        == Person()
    )
