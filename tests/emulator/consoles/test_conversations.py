"""The demo console's cast: what the panel's cases are promised to find there."""

import pytest

from widget.emulator.consoles.conversations import ATTENDANTS, TALKS, Talk


def talk(number: int) -> Talk:
    return TALKS[number - 1]


def test_the_display_ids_follow_the_order_on_the_screen() -> None:
    assert [one.id for one in TALKS] == list(range(1, 13))


@pytest.mark.parametrize(
    ("number", "name", "phone"),
    [
        (1, "Marina", "+554988124417"),
        (2, "Rafael Prado", "+5549999032288"),
        (3, "Beatriz Lemos", None),
        (4, "Otávio Brandt", "+5547991230045"),
        (5, "Família Moura", "+5549984551020"),
        (6, "+554933221188", "+554933221188"),
        (7, "Serra Azul", "+5549991112020"),
        (8, "Henrique 🚀", "+5549991776031"),
        (9, "Lúcia", "+5549991450077"),
        (10, "", None),
        (11, "Jonas Siqueira", "+5549988310022"),
        (12, "Emma Clarke", "+14155552671"),
    ],
)
def test_each_person_has_the_name_and_phone_of_the_cast(
    number: int, name: str, phone: str | None
) -> None:
    assert (talk(number).name, talk(number).phone) == (name, phone)


def test_only_beatriz_is_known_by_an_untidy_email() -> None:
    assert {one.id: one.email for one in TALKS if one.email} == {3: "Beatriz.Lemos@Example.com "}


def test_the_firm_carries_its_alphanumeric_cnpj_as_a_custom_attribute() -> None:
    assert talk(7).attributes == {"cnpj": "12abc34501de35"}


def test_one_contact_is_missing_and_some_come_late() -> None:
    assert talk(10).contact == "missing"
    assert [one.id for one in TALKS if one.contact == "late"] == [5, 9]


@pytest.mark.parametrize("one", TALKS, ids=lambda one: str(one.id))
def test_messages_run_from_the_oldest_to_the_newest(one: Talk) -> None:
    ages = [message.minutes for message in one.messages]

    assert ages == sorted(ages, reverse=True)


def test_the_newest_conversation_stands_on_top() -> None:
    ages = [one.messages[-1].minutes for one in TALKS]

    assert ages == sorted(ages)


def test_several_conversations_hold_a_private_note() -> None:
    assert len([one for one in TALKS if any(message.by == "note" for message in one.messages)]) >= 4


@pytest.mark.parametrize(("number", "initials"), [(1, "M"), (2, "RP"), (6, ""), (8, "H"), (10, "")])
def test_initials_are_letters_of_the_name_or_nothing(number: int, initials: str) -> None:
    assert talk(number).initials == initials


def test_one_attendant_has_no_employee_in_the_crm() -> None:
    assert [attendant.name for attendant in ATTENDANTS if not attendant.employee] == ["Téo Lima"]
