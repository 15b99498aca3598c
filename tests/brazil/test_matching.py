"""Matching: the cast of the demo, the order of reasons, folding, and what must never be joined."""

import copy
import random
from dataclasses import replace
from itertools import permutations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from widget.brazil.matching import ORDER, duplicates, match, sure
from widget.domain.model import Certainty, Contact, Kind, Match, Person, Reason, Ref

EXACT, VARIANT, ASK = Certainty.EXACT, Certainty.VARIANT, Certainty.ASK
DOCUMENT = Reason("document", EXACT, "cpf")
FIRM = Reason("document", EXACT, "cnpj")
BRANCH = Reason("document", ASK, "branch")
PHONE = Reason("phone", EXACT)
NINE_MISSING = Reason("phone", VARIANT, "nine_missing")
NINE_ADDED = Reason("phone", VARIANT, "nine_added")
EMAIL = Reason("email", EXACT)
PHONE_ASK = Reason("phone", ASK, "seven")
SERVICE = Reason("phone", ASK, "service")
NAME = Reason("name", ASK)
SAME_NAME = Reason("name", ASK, "same")

CPF = "390.533.447-05"


def lead(number: int, name: str = "", client_id: str = "0", **known: str) -> Contact:
    return contact(Ref(Ref.LEAD, str(number)), Kind.LEAD, name, client_id, known)


def client(number: int, name: str = "", **known: str) -> Contact:
    return contact(Ref(Ref.CLIENT, str(number)), Kind.CUSTOMER, name, "", known)


def contact(ref: Ref, kind: Kind, name: str, client_id: str, known: dict[str, str]) -> Contact:
    return Contact(
        ref=ref,
        kind=kind,
        name=name,
        client_id=client_id,
        document=known.get("document", ""),
        phones=("", known.get("phone", "")),
        emails=(known.get("email", ""),),
    )


def person(name: str = "", phone: str = "", email: str = "", document: str = "") -> Person:
    return Person(
        name=name,
        phones=(phone,),
        emails=(email,),
        documents=(document,),
    )


MARINA = lead(1, "Marina Teles Andrade", phone="(49) 98812-4417")
RAFAEL = client(2, "Rafael Nunes Prado", phone="(49) 99903-2288")
BEATRIZ = lead(3, "Beatriz Lemos Farias", email="beatriz.lemos@example.com")
CLAUDIA = client(5, "Cláudia Ferraz Moura", phone="(49) 98455-1020")
IGOR = lead(6, "Igor Ferraz Moura", phone="(49) 98455-1020")
BAKERY = client(7, "Padaria Trigo Bom", phone="(49) 3322-1188", document="11.222.333/0001-81")
SERRA = client(
    8, "Serra Azul Logística LTDA", phone="(49) 3344-1000", document="12.ABC.345/01DE-35"
)
LUCIA = client(9, "Lúcia Amaral Teixeira", phone="49991450077")
JONAS = client(
    10,
    "Jonas P. Siqueira",
    phone="(49) 3344-2020",
    document=CPF,
    email="jonas.siqueira@example.com",
)
EVERYONE = (MARINA, RAFAEL, BEATRIZ, CLAUDIA, IGOR, BAKERY, SERRA, LUCIA, JONAS)

TOLD = [
    (person("Marina", "+554988124417"), [(MARINA, NINE_ADDED)], MARINA),
    (person("Rafael", "+5549999032288"), [(RAFAEL, PHONE)], RAFAEL),
    (person("Bia", email="Beatriz.Lemos@Example.com "), [(BEATRIZ, EMAIL)], BEATRIZ),
    (person("Otávio Brandt", "+5547991230045"), [], None),
    (person("Família Moura", "+5549984551020"), [(CLAUDIA, PHONE), (IGOR, PHONE)], None),
    (person("Padaria", "+554933221188"), [(BAKERY, PHONE)], BAKERY),
    (person("Serra Azul", "+5549991112020", document="12abc34501de35"), [(SERRA, FIRM)], SERRA),
    (person("Lúcia", "+5549991450077"), [(LUCIA, PHONE)], LUCIA),
    (person(), [], None),
    (Person(), [], None),
    (person("Jonas Siqueira", "+5549988310022"), [], None),
    (
        person("Jonas Siqueira", "+5549988310022", document="39053344705"),
        [(JONAS, DOCUMENT)],
        JONAS,
    ),
    (person("Emma Clarke", "+14155552671"), [], None),
]


@pytest.mark.parametrize(("who", "expected", "shown"), TOLD)
def test_everyone_of_the_demo_is_recognised_as_far_as_possible(
    who: Person, expected: list[tuple[Contact, Reason]], shown: Contact | None
) -> None:
    matches = match(who, EVERYONE)

    found = sure(matches)
    assert matches == tuple(Match(contact, (reason,)) for contact, reason in expected)
    assert (found.contact if found else None) == shown


def test_a_match_has_all_its_reasons_best_first() -> None:
    who = person("Jonas", "+554933442020", "JONAS.SIQUEIRA@example.com", "39053344705")

    (found,) = match(who, EVERYONE)

    assert found == Match(JONAS, (DOCUMENT, PHONE, EMAIL))


def test_of_two_numbers_that_both_fit_the_surer_one_is_the_reason() -> None:
    who = Person(phones=("+554988124417", "+5549988124417"))

    assert match(who, [MARINA]) == (Match(MARINA, (PHONE,)),)


def test_better_reasons_come_first_and_then_more_of_them() -> None:
    who = person("Ana Souza", "+5549979124417", "ana@example.com", CPF)
    by_all = client(1, document=CPF, email="ana@example.com")
    by_document = client(2, document=CPF)
    by_phone = client(3, phone="49979124417")
    by_email = client(4, email="ana@example.com")
    by_question = client(5, phone="4979124417")
    by_name = client(6, "Souza, Ana")
    expected = [by_all, by_document, by_phone, by_email, by_question, by_name]

    for shuffled in permutations(expected):
        assert [found.contact for found in duplicates(who, shuffled)] == expected


def test_an_exact_phone_comes_before_the_same_without_ninth_digit() -> None:
    old, new = client(1, phone="(49) 8812-4417"), client(2, phone="(49) 98812-4417")

    matches = match(person(phone="+5549988124417"), [old, new])

    assert matches == (Match(new, (PHONE,)), Match(old, (NINE_MISSING,)))


@pytest.mark.parametrize(
    ("who", "stored"),
    [
        (person(phone="11 3333-4444"), client(1, phone="11 93333-4444")),
        (person(phone="11 98765-4321"), client(1, phone="21 98765-4321")),
        (person(phone="98765-4321"), client(1, phone="98765-4321")),
        (person(phone="abc"), client(1, phone="abc")),
        (person(email="ana+loja@example.com"), client(1, email="ana@example.com")),
        (person(email="ana"), client(1, email="ana")),
        (person(email="@"), client(1, email="@")),
        (person(email=" "), client(1, email=" ")),
        (person(document="111.111.111-11"), client(1, document="111.111.111-11")),
        (person(document="390.533.447-06"), client(1, document="390.533.447-06")),
        (person(document="isento"), client(1, document="isento")),
        (person(document="11.222.333/0001-81"), client(1, document="11.222.333/0002-62")),
        (person("Marina Teles Andrade"), MARINA),
    ],
)
def test_what_proves_nothing_is_not_offered(who: Person, stored: Contact) -> None:
    assert match(who, [stored]) == ()


# How phones prove that a conversation's person is a contact: the numbers' own table is in
# test_phones.py.
TOGETHER = [
    ("5511987654321", "551187654321", VARIANT),
    ("(11) 98765-4321", "0 15 11 98765-4321", EXACT),
    ("00 55 11 98765-4321", "+55 11 98765-4321", EXACT),
    ("5511987654321@s.whatsapp.net", "11 98765.4321", EXACT),
    ("11 3333-4444", "11 93333-4444", None),
    ("11 98765-4321", "21 98765-4321", None),
    ("55 99123-4567", "55 55 99123-4567", EXACT),
    ("11 7234-5678", "11 97234-5678", ASK),
    ("0800 123 4567", "0800 123-4567", ASK),
    ("0800 123 4567", "11 98765-4321", None),
    ("0300 123 4567", "0800 123 4567", None),
    ("190", "11 9190-0190", None),
    ("10315", "11 91031-5103", None),
    ("+1 415 555 2671", "14 15555-2671", None),
]


@pytest.mark.parametrize(("a", "b", "certainty"), TOGETHER)
def test_phones_join_people_as_far_as_the_rules_of_brazil_say_in_both_directions(
    a: str, b: str, certainty: Certainty | None
) -> None:
    for told, stored in ((a, b), (b, a)):
        matches = match(person(phone=told), [client(1, phone=stored)])

        assert [reason.certainty for found in matches for reason in found.reasons] == (
            [certainty] if certainty else []
        )
        assert (sure(matches) is not None) is (certainty in {EXACT, VARIANT})


def test_a_phone_that_needs_a_question_is_offered_but_never_sure() -> None:
    matches = match(person(phone="11 7234-5678"), [client(1, phone="11 97234-5678")])

    assert [found.reasons for found in matches] == [(PHONE_ASK,)]
    assert sure(matches) is None


@pytest.mark.parametrize("number", ["0800 123 4567", "190", "4004-1234"])
def test_a_service_number_is_only_a_question_since_many_share_it(number: str) -> None:
    matches = match(person(phone=number), [client(1, phone=number)])

    assert [found.reasons for found in matches] == [(SERVICE,)]


@pytest.mark.parametrize(
    "stored", ["a@x.example; BIA@example.com", "bia@example.com,b@x.example", "\tbia@EXAMPLE.com\n"]
)
def test_one_field_may_hold_several_addresses(stored: str) -> None:
    assert match(person(email=" Bia@Example.com"), [client(1, email=stored)])[0].reasons == (EMAIL,)


FORMS = [
    ("390.533.447-05", "39053344705", True),
    (" 390 533 447 05 ", "390.533.447-05", True),
    ("12.ABC.345/01DE-35", "12abc34501de35", True),
    ("12 ABC 345 01DE 35", "12.abc.345/01de-35", True),
    ("11.222.333/0001-81", "11222333000181", True),
    ("11.222.333/0001-81", "11.222.333/0002-62", False),
    ("390.533.447-05", "529.982.247-25", False),
    ("390.533.447-05", "", False),
    ("", "", False),
]


@pytest.mark.parametrize(("a", "b", "same"), FORMS)
def test_a_document_is_itself_in_every_form_in_both_directions(a: str, b: str, same: bool) -> None:
    assert [
        bool(match(person(document=x), [client(1, document=y)])) for x, y in ((a, b), (b, a))
    ] == [same, same]


def test_plus_tags_are_kept_when_they_agree() -> None:
    assert match(person(email="Ana+Loja@example.com"), [client(1, email="ana+loja@example.com")])


def test_a_lead_that_belongs_to_a_matched_client_is_folded_into_it_with_its_reasons() -> None:
    who = person("Jonas", "+5549988124417", document=CPF)
    its_lead = lead(77, phone="(49) 8812-4417", client_id="10")

    for contacts in ([JONAS, its_lead], [its_lead, JONAS]):
        matches = match(who, contacts)

        assert matches == (Match(JONAS, (DOCUMENT, NINE_MISSING)),)
        assert sure(matches) == matches[0]


def test_a_lead_is_folded_into_its_client_even_when_the_client_itself_tells_nothing() -> None:
    its_lead = lead(77, phone="(49) 98812-4417", client_id="10")

    assert match(person(phone="+5549988124417"), [JONAS, its_lead]) == (Match(JONAS, (PHONE,)),)


@pytest.mark.parametrize("client_id", ["", "0", "77", "999"])
def test_a_lead_without_client_is_not_folded_away(client_id: str) -> None:
    its_lead = lead(77, phone="(49) 98812-4417", client_id=client_id)
    other = client(5, phone="(49) 98812-4417")

    assert len(match(person(phone="+5549988124417"), [its_lead, other])) == 2


def test_a_lead_and_a_client_of_one_number_are_two_contacts() -> None:
    phone = "(49) 98812-4417"

    assert len(match(person(phone=phone), [lead(5, phone=phone), client(5, phone=phone)])) == 2


def test_a_contact_found_twice_is_one_match_with_the_reasons_of_both() -> None:
    by_phone, by_email = client(5, phone="49988124417"), client(5, email="ana@example.com")

    matches = match(person(phone="+5549988124417", email="ana@example.com"), [by_phone, by_email])

    assert matches == (Match(by_phone, (PHONE, EMAIL)),)


def test_of_two_contacts_none_is_sure_however_good_one_is() -> None:
    better = Match(JONAS, (DOCUMENT, PHONE, EMAIL))
    worse = Match(MARINA, (PHONE_ASK,))

    assert sure((better,)) == better
    assert sure((better, worse)) is None
    assert sure((worse,)) is None
    assert sure(()) is None


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("José da Silva", "JOSE DA SILVA"),
        ("José da Silva", "jose  silva"),
        ("Silva, José da", "José da Silva"),
        ("Conceição dos Santos e Souza", "CONCEICAO SANTOS SOUZA"),
        ("Joa\u0303o", "João"),
        ("Ｍａｒｉｎａ", "marina"),
        ("Joana D'Ávila", "JOANA DAVILA"),
        ("Joana D’Ávila", "joana d'avila"),
        ("Padaria Trigo Bom.", "PADARIA TRIGO BOM"),
    ],
)
def test_an_equal_name_is_a_possible_duplicate_and_a_question(typed: str, stored: str) -> None:
    matches = duplicates(person(typed), [client(1, stored)])

    assert [found.reasons for found in matches] == [(SAME_NAME,)]
    assert sure(matches) is None


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("José da Silva", "José da Silva Filho"),
        ("José da Silva", "José de Souza"),
        ("José José", "José"),
        ("", ""),
        ("  ", "\t"),
        ("da", "de"),
        ("🙂", "🙂"),
    ],
)
def test_another_name_is_no_duplicate(typed: str, stored: str) -> None:
    assert duplicates(person(typed), [client(1, stored)]) == ()


def test_duplicates_of_the_demo_are_found_by_document_and_by_name() -> None:
    candidate = person("Rafael Prado Nunes", "+5549988310022", document=CPF)

    assert duplicates(candidate, EVERYONE) == (
        Match(JONAS, (DOCUMENT,)),
        Match(RAFAEL, (SAME_NAME,)),
    )


MARIA = person("Maria Aparecida da Silva", "+5549988124417", "maria@example.com", CPF)
SON = "José Carlos da Silva Filho"


@pytest.mark.parametrize(
    ("typed", "stored", "reasons"),
    [
        (MARIA, client(1, "Outro Nome", document=CPF, phone="49988124417"), (DOCUMENT, PHONE)),
        (MARIA, client(1, "Aparecida Silva", phone="49988124417"), (PHONE, NAME)),
        (MARIA, client(1, "Cida da Silva", phone="4988124417"), (NINE_MISSING, NAME)),
        (MARIA, client(1, "MARIA", phone="49988124417"), (PHONE,)),
        (MARIA, client(1, phone="49988124417"), (PHONE,)),
        (
            MARIA,
            client(1, "João Pedro da Silva", phone="49988124417"),
            (Reason("phone", ASK, "other_name"),),
        ),
        (
            MARIA,
            client(1, "João Pedro da Silva", email="maria@example.com"),
            (Reason("email", ASK, "other_name"),),
        ),
        (
            MARIA,
            client(1, "Maria Aparecida da Silva", phone="4988124417", document="529.982.247-25"),
            (Reason("phone", ASK, "other_document"),),
        ),
        (MARIA, client(1, "Maria Aparecida da Silva", document="529.982.247-25"), ()),
        (MARIA, client(1, "Maria Aparecida da Silva", document="11.222.333/0001-81"), (SAME_NAME,)),
        (person(SON, "+5549988124417"), client(1, "José Carlos da Silva"), ()),
        (
            person(SON, "+5549988124417"),
            client(1, "José Carlos da Silva", phone="49988124417"),
            (Reason("phone", ASK, "other_name"),),
        ),
        (person("Padaria Trigo Bom", document="11.222.333/0002-62"), BAKERY, (BRANCH,)),
        (person(phone="0800 123 4567"), client(1, "Rui", phone="0800 123 4567"), (SERVICE,)),
        (person("Nelson Souza"), client(1, "Nilson Souza"), ()),
        (person("Luiz Cazagrande"), client(1, "LUIS CASAGRANDE"), (NAME,)),
    ],
)
def test_the_radar_says_why_and_asks_where_something_speaks_against_it(
    typed: Person, stored: Contact, reasons: tuple[Reason, ...]
) -> None:
    assert [found.reasons for found in duplicates(typed, [stored])] == (
        [reasons] if reasons else []
    )


@pytest.mark.parametrize(
    ("city", "stored_in", "name", "detail"),
    [
        ("1", "1", "Ana Paula Souza", "same_in_city"),
        ("1", "1", "Ana Souza", "in_city"),
        ("1", "2", "Ana Paula Souza", "same"),
        ("", "", "Ana Paula Souza", "same"),
        ("1", "1", "Ana Paula Souza Lima Prado Reis", "in_city"),
        ("1", "2", "Ana Paula Souza Lima Prado Reis", None),
    ],
)
def test_one_city_makes_a_name_count_for_more(
    city: str, stored_in: str, name: str, detail: str | None
) -> None:
    stored = replace(client(1, name), city_id=stored_in)
    matches = duplicates(person("Ana Paula Souza"), [stored], city)

    assert [found.reasons for found in matches] == (
        [(Reason("name", ASK, detail),)] if detail is not None else []
    )
    assert sure(matches) is None


SOME_PHONES = st.sampled_from(
    ["49988124417", "(49) 8812-4417", "4979124417", "49979124417", "0800 123 4567", "?", ""]
)
SOME_EMAILS = st.sampled_from(
    ["ana@example.com", "ANA@example.com ", "rui@example.com", "ana@", ""]
)
SOME_DOCUMENTS = st.sampled_from(
    [CPF, "39053344705", "12.ABC.345/01DE-35", "12abc34501de35", "111.111.111-11", ""]
)
SOME_NAMES = st.sampled_from(["Ana Souza", "SOUZA, Ana", "Rui Matos", ""])
REFS = st.builds(Ref, st.sampled_from([Ref.LEAD, Ref.CLIENT]), st.sampled_from(["1", "2", "3"]))
CONTACTS = st.builds(
    Contact,
    ref=REFS,
    kind=st.sampled_from(Kind),
    name=SOME_NAMES,
    document=SOME_DOCUMENTS,
    phones=st.lists(SOME_PHONES, max_size=3).map(tuple),
    emails=st.lists(SOME_EMAILS, max_size=2).map(tuple),
    client_id=st.sampled_from(["", "0", "1", "2", "3"]),
)
PEOPLE = st.builds(
    Person,
    name=SOME_NAMES,
    phones=st.lists(SOME_PHONES, max_size=2).map(tuple),
    emails=st.lists(SOME_EMAILS, max_size=2).map(tuple),
    documents=st.lists(SOME_DOCUMENTS, max_size=2).map(tuple),
)


@settings(deadline=None)
@given(PEOPLE, st.lists(CONTACTS, max_size=6))
def test_matches_are_ranked_distinct_and_the_very_contacts_that_came_in(
    who: Person, contacts: list[Contact]
) -> None:
    before = copy.deepcopy((who, contacts))

    matches = duplicates(who, contacts)

    ranks = [[ORDER.index(reason) for reason in found.reasons] for found in matches]
    assert all(found.contact in contacts and found.reasons for found in matches)
    assert len({found.contact.ref for found in matches}) == len(matches)
    assert all(rank == sorted(rank) for rank in ranks)
    assert [rank[0] for rank in ranks] == sorted(rank[0] for rank in ranks)
    assert (who, contacts) == before


@settings(deadline=None)
@given(PEOPLE, st.lists(CONTACTS, max_size=6, unique_by=lambda contact: contact.ref), st.randoms())
def test_the_order_of_the_contacts_does_not_change_who_is_found_and_why(
    who: Person, contacts: list[Contact], chance: random.Random
) -> None:
    shuffled = list(contacts)
    chance.shuffle(shuffled)

    assert set(match(who, contacts)) == set(match(who, shuffled))


@settings(deadline=None)
@given(PEOPLE, st.lists(CONTACTS, max_size=6))
def test_two_different_people_are_never_shown_as_one(who: Person, contacts: list[Contact]) -> None:
    matches = match(who, contacts)

    assert (sure(matches) is not None) is (len(matches) == 1 and matches[0].is_sure)


GUESSED_PHONE = Reason("phone", ASK, "guessed")
GUESSED_DOCUMENT = Reason("document", ASK, "guessed")


def test_what_was_guessed_is_asked_and_proves_nothing() -> None:
    phone = replace(person(phone="+5549999032288"), guessed=("+5549999032288",))
    document = replace(person(document=CPF), guessed=(CPF,))

    assert match(phone, EVERYONE) == (Match(RAFAEL, (GUESSED_PHONE,)),)
    assert match(document, EVERYONE) == (Match(JONAS, (GUESSED_DOCUMENT,)),)
    assert sure(match(phone, EVERYONE)) is sure(match(document, EVERYONE)) is None


def test_a_guess_is_no_doubt_about_what_was_told() -> None:
    told = replace(person(phone="+5549999032288", document=CPF), guessed=(CPF,))

    assert match(told, EVERYONE) == (Match(RAFAEL, (PHONE,)),)


def test_a_guess_stands_beside_what_proves_the_same() -> None:
    told = replace(person(email="jonas.siqueira@example.com", document=CPF), guessed=(CPF,))

    assert match(told, EVERYONE) == (Match(JONAS, (EMAIL, GUESSED_DOCUMENT)),)
    assert sure(match(told, EVERYONE)) is not None
