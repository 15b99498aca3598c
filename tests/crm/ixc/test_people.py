"""Tests of contacts in the CRM.

A contact is found by each criterion whatever mask it wears, created once, and updated whole.
"""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.crm.bench import ORIGIN, Bench
from widget.brazil import documents, phones
from widget.brazil.matching import match
from widget.crm.port import NewContact
from widget.domain import errors
from widget.domain.model import Contact, Freshness, Kind, Person, Ref, State, Written
from widget.emulator.crm.server import Emulator

NOW, RECENT = Freshness.NOW, Freshness.RECENT
KEY = "key-of-the-form-1"
MARINA, RAFAEL, SERRA_AZUL, LUCIA = (
    Ref(Ref.LEAD, "1"),
    Ref(Ref.CLIENT, "1"),
    Ref(Ref.CLIENT, "4"),
    Ref(Ref.CLIENT, "6"),
)
LEAD = NewContact(
    name="Otávio Brandt",
    phone="(47) 99123-0045",
    on_whatsapp=True,
    email="otavio@example.com",
    document="390.533.447-05",
    owner_id="2",
    branch_id="1",
    channel_id="1",
)


def change(crm: Emulator, table: str, number: str, **values: str) -> None:
    with crm._base.writing() as connection:
        sets = ", ".join(f'"{column}" = ?' for column in values)
        connection.execute(f'UPDATE "{table}" SET {sets} WHERE id = ?', [*values.values(), number])


def found_by_phone(bench: Bench, phone: str) -> list[Ref]:
    parsed = phones.parse(phone)
    assert parsed is not None
    contacts = bench.ixc.people.by_phone(parsed.tail, RECENT).value
    return [m.contact.ref for m in match(Person(phones=(phone,)), contacts)]


# -- found
# --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("phone", "refs"),
    [
        ("+554988124417", [MARINA]),  # the console leaves the ninth digit out
        ("+5549999032288", [RAFAEL]),
        ("+5549984551020", [Ref(Ref.CLIENT, "2"), Ref(Ref.LEAD, "3")]),
        ("+554933221188", [Ref(Ref.CLIENT, "3")]),
        ("+5549991450077", [LUCIA]),
        ("+5547991230045", []),
    ],
)
def test_a_phone_finds_who_has_it_however_it_is_stored(
    bench: Bench, phone: str, refs: list[Ref]
) -> None:
    assert sorted(map(str, found_by_phone(bench, phone))) == sorted(map(str, refs))


MASKS = [
    "(49) 98812-4417",
    "(49)98812-4417",
    "(49) 8812-4417",
    "49988124417",
    "4988124417",
    "+55 49 98812-4417",
    "5549988124417",
    "554988124417",
    "049988124417",
    "(049) 98812-4417",
    "49 98812 4417",
    "(49) 9 8812-4417",
    "49.98812.4417",
    " (49) 98812-4417 ",
    "(49) 9881-24417",
]


@pytest.mark.parametrize("stored", MASKS)
@pytest.mark.parametrize(
    ("table", "column", "number"),
    [("contato", "fone_whatsapp", "1"), ("cliente", "telefone_celular", "1")],
)
def test_no_mask_hides_a_phone(
    bench: Bench, stored: str, table: str, column: str, number: str
) -> None:
    change(bench.crm, "contato", "1", fone_whatsapp="")
    change(bench.crm, table, number, **{column: stored})

    (found,) = found_by_phone(bench, "+554988124417")

    assert found == Ref(Ref.LEAD if table == "contato" else Ref.CLIENT, number)


@pytest.mark.parametrize(
    ("table", "column"),
    [
        ("contato", c)
        for c in ("fone_residencial", "fone_comercial", "fone_celular", "fone_whatsapp")
    ]
    + [("cliente", c) for c in ("fone", "telefone_comercial", "telefone_celular", "whatsapp")],
)
def test_a_phone_is_found_in_every_column_that_holds_one(
    bench: Bench, table: str, column: str
) -> None:
    change(bench.crm, table, "3", **{column: "(48) 99977-6655"})

    assert [ref.id for ref in found_by_phone(bench, "+5548999776655")] == ["3"]


@pytest.mark.parametrize("typed", ["12abc34501de35", "12.ABC.345/01DE-35", "12ABC34501DE35"])
@pytest.mark.parametrize("stored", ["12.ABC.345/01DE-35", "12ABC34501DE35", "12abc34501de35"])
def test_an_alphanumeric_cnpj_is_found_masked_and_bare(
    bench: Bench, typed: str, stored: str
) -> None:
    change(bench.crm, "cliente", "4", cnpj_cpf=stored)

    found = bench.ixc.people.by_document(documents.searchable_forms(typed), RECENT)

    assert [contact.ref for contact in found.value] == [SERRA_AZUL]


def test_one_document_may_be_in_the_crm_twice(bench: Bench) -> None:
    change(bench.crm, "contato", "2", cnpj_cpf="39053344705")

    found = bench.ixc.people.by_document(documents.searchable_forms("390.533.447-05"), RECENT)

    assert {contact.ref for contact in found.value} == {Ref(Ref.CLIENT, "7"), Ref(Ref.LEAD, "2")}


@pytest.mark.parametrize("typed", ["beatriz.lemos@example.com", "BEATRIZ.LEMOS@EXAMPLE.COM"])
def test_an_email_is_found_whatever_its_case(bench: Bench, typed: str) -> None:
    assert [c.ref for c in bench.ixc.people.by_email(typed, RECENT).value] == [Ref(Ref.LEAD, "2")]


def test_an_email_is_found_among_several_in_one_field(bench: Bench) -> None:
    change(bench.crm, "cliente", "1", email="financeiro@example.com; rafael.prado@example.com")

    (found,) = bench.ixc.people.by_email("rafael.prado@example.com", RECENT).value

    assert found.emails == ("financeiro@example.com", "rafael.prado@example.com")


@pytest.mark.parametrize(
    ("words", "names"),
    [
        (["ferraz", "moura"], ["Cláudia Ferraz Moura", "Igor Ferraz Moura"]),
        (["moura", "claudia"], ["Cláudia Ferraz Moura"]),
        (["LÚCIA", "amaral"], ["Lúcia Amaral Teixeira"]),
        (["ninguém", "assim"], []),
    ],
)
def test_a_name_is_found_by_its_words_in_any_order_without_accents(
    bench: Bench, words: list[str], names: list[str]
) -> None:
    found = bench.ixc.people.by_name(words, RECENT).value

    assert sorted(contact.name for contact in found) == names


def test_names_come_page_by_page_and_nobody_twice(bench: Bench) -> None:
    pages = [bench.ixc.people.by_name(["silva"], RECENT, page).value for page in range(1, 30)]
    in_crm = sum("silva" in row["nome"].casefold() for row in bench.crm.rows("contato"))
    in_crm += sum("silva" in row["razao"].casefold() for row in bench.crm.rows("cliente"))

    seen = [contact.ref for page in pages for contact in page if "silva" in contact.name.casefold()]

    assert len(pages[0]) <= 20
    assert len(seen) == len(set(seen)) == in_crm


def test_who_a_found_lead_belongs_to_is_found_along(bench: Bench) -> None:
    change(bench.crm, "contato", "1", id_cliente="5")

    found = bench.ixc.people.by_phone("4417", RECENT).value

    assert {MARINA, Ref(Ref.CLIENT, "5")} <= {contact.ref for contact in found}


def test_one_contact_is_read_by_its_number(bench: Bench) -> None:
    found = bench.ixc.people.one(LUCIA, RECENT)

    assert isinstance(found.value, Contact)
    assert (found.value.name, found.value.kind) == ("Lúcia Amaral Teixeira", Kind.PROSPECT)
    assert found.at == bench.clock.at


def test_a_contact_that_is_gone_is_none(bench: Bench) -> None:
    assert bench.ixc.people.one(Ref(Ref.LEAD, "99999"), RECENT).value is None


@pytest.mark.parametrize(
    "switch", [{"total_as_number": True}, {"hide_fields": ["ultima_atualizacao", "cidade", "obs"]}]
)
def test_a_base_with_its_own_ways_is_understood_too(
    bench: Bench, switch: dict[str, object]
) -> None:
    bench.crm.control(**switch)

    assert found_by_phone(bench, "+554988124417") == [MARINA]


def test_a_failed_search_is_an_error_and_not_nobody(bench: Bench) -> None:
    bench.crm.control(fault="braces200", fault_resources=["cliente"])

    with pytest.raises(errors.Unexpected):
        bench.ixc.people.by_phone("4417", RECENT)


def test_when_the_crm_is_away_a_search_tells_what_was_known_and_that_it_is_old(
    bench: Bench,
) -> None:
    bench.ixc.people.by_phone("4417", RECENT)
    bench.clock.at += 500
    bench.crm.stop()

    found = bench.ixc.people.by_phone("4417", RECENT)

    assert MARINA in {contact.ref for contact in found.value}
    assert (found.stale, found.trouble) == (True, "VNC-201")


# -- created
# --------------------------------------------------------------------------------------------------


def test_a_new_lead_is_stored_as_the_crms_own_screens_would(bench: Bench) -> None:
    written = bench.ixc.people.create(LEAD, KEY, ORIGIN)

    (row,) = bench.crm.rows("contato", id=written.id)
    wanted = {
        "nome": "Otávio Brandt",
        "tipo_pessoa": "F",
        "cnpj_cpf": "390.533.447-05",
        "fone_celular": "(47) 99123-0045",
        "fone_whatsapp": "(47) 99123-0045",
        "email": "otavio@example.com",
        "id_responsavel": "2",
        "id_filial": "1",
        "id_candidato_tipo": "1",
        "lead": "S",
        "ativo": "S",
        "data_cadastro": "2026-11-20 14:07:00",
        "external_id": KEY,
        "external_system": "vinculo",
        "id_cliente": "0",
    }
    assert row | wanted == row


@pytest.mark.parametrize(
    ("lead", "columns"),
    [
        (
            NewContact("Fixo", phone="(49) 3322-1188", is_mobile=False, on_whatsapp=True),
            {"fone_comercial": "(49) 3322-1188", "fone_celular": "", "fone_whatsapp": ""},
        ),
        (
            NewContact("SMS", phone="(49) 98888-7777"),
            {"fone_celular": "(49) 98888-7777", "fone_whatsapp": ""},
        ),
        (
            NewContact("Firma", email="a@b.example", document="12.ABC.345/01DE-35", is_firm=True),
            {"tipo_pessoa": "J", "cnpj_cpf": "12.ABC.345/01DE-35"},
        ),
        (
            NewContact('<b>"Aspas" & Cia</b> 🚀', email="a@b.example"),
            {"nome": '<b>"Aspas" & Cia</b> 🚀'},
        ),
    ],
)
def test_each_value_goes_to_its_column(
    bench: Bench, lead: NewContact, columns: dict[str, str]
) -> None:
    written = bench.ixc.people.create(lead, KEY, ORIGIN)

    (row,) = bench.crm.rows("contato", id=written.id)
    assert row | columns == row


@pytest.mark.parametrize("fault", ["reset_after_commit", "empty200", "cut_body"])
def test_a_lead_whose_answer_was_lost_is_found_again_and_not_made_twice(
    bench: Bench, fault: str
) -> None:
    bench.crm.control(fault=fault, fault_on="write", fault_times=1)

    written = bench.ixc.people.create(LEAD, KEY, ORIGIN)

    assert written.state is State.DONE
    assert [row["id"] for row in bench.crm.rows("contato", nome="Otávio Brandt")] == [written.id]


def test_a_new_lead_is_seen_at_once_by_searches_that_knew_nobody(bench: Bench) -> None:
    assert found_by_phone(bench, "+5547991230045") == []

    written = bench.ixc.people.create(LEAD, KEY, ORIGIN)

    assert found_by_phone(bench, "+5547991230045") == [Ref(Ref.LEAD, written.id)]


@pytest.mark.parametrize(
    ("lead", "switch", "sentence"),
    [
        (NewContact("", phone="(49) 98888-7777"), {}, "Preencha Nome!"),
        (NewContact("Sem contato"), {}, "Informe ao menos um telefone ou e-mail!"),
        (
            NewContact("Sem filial", email="a@b.example"),
            {"require_branch": True},
            "Preencha Filial!",
        ),
    ],
)
def test_what_the_crm_demands_comes_back_in_its_own_words(
    bench: Bench, lead: NewContact, switch: dict[str, bool], sentence: str
) -> None:
    bench.crm.control(**switch)

    with pytest.raises(errors.Rejected) as caught:
        bench.ixc.people.create(lead, KEY, ORIGIN)

    assert caught.value.messages == (sentence,)


# -- updated
# --------------------------------------------------------------------------------------------------


def update(
    bench: Bench, ref: Ref, changes: dict[str, str], key: str = KEY, **shown: str
) -> Written:
    """What "Atualizar contato" does; the form showed what the CRM holds, or what is ``shown``."""
    fields = bench.ixc.people.fields(ref)
    phone = bench.ixc.people.main_phone(ref)
    before = {name: fields[phone if name == "phone" else name] for name in changes}
    return bench.ixc.people.update(ref, changes, {**before, **shown}, key, ORIGIN)


def test_an_update_changes_what_was_changed_and_nothing_else(bench: Bench) -> None:
    before = bench.crm.rows("contato", id=1)[0]

    update(bench, MARINA, {"name": "Marina T. Andrade", "owner": "3"})

    after = bench.crm.rows("contato", id=1)[0]
    changed = {column for column in after if after[column] != before[column]} - {
        "ultima_atualizacao"
    }
    assert changed == {"nome", "id_responsavel"}


@pytest.mark.parametrize(
    ("ref", "changes", "columns"),
    [
        (MARINA, {"phone": "(49) 98888-7777"}, {"fone_whatsapp": "(49) 98888-7777"}),
        (RAFAEL, {"phone": "(49) 98888-7777"}, {"telefone_celular": "(49) 98888-7777"}),
        (Ref(Ref.LEAD, "2"), {"phone": "(49) 98888-7777"}, {"fone_celular": "(49) 98888-7777"}),
        (
            RAFAEL,
            {
                "name": "Rafael Prado",
                "branch": "2",
                "owner": "4",
                "channel": "3",
            },
            {
                "razao": "Rafael Prado",
                "filial_id": "2",
                "responsavel": "4",
                "id_candato_tipo": "3",
            },
        ),
        (
            MARINA,
            {
                "branch": "2",
                "channel": "3",
                "document": "390.533.447-05",
                "email": "m@example.com",
            },
            {
                "id_filial": "2",
                "id_candidato_tipo": "3",
                "cnpj_cpf": "390.533.447-05",
                "email": "m@example.com",
            },
        ),
    ],
)
def test_each_field_is_written_to_the_column_of_its_table(
    bench: Bench, ref: Ref, changes: dict[str, str], columns: dict[str, str]
) -> None:
    update(bench, ref, changes)

    (row,) = bench.crm.rows("contato" if ref.source == Ref.LEAD else "cliente", id=ref.id)
    assert row | columns == row


def test_an_update_keeps_the_customers_password_though_we_never_store_it(bench: Bench) -> None:
    change(bench.crm, "cliente", "1", senha="hash-of-rafael")

    update(bench, RAFAEL, {"name": "Rafael P."})

    assert bench.crm.rows("cliente", id=1)[0]["senha"] == "hash-of-rafael"
    kept = str(bench.database.rows("SELECT * FROM cache")) + str(
        bench.database.rows("SELECT * FROM journal")
    )
    assert "hash-of-rafael" not in kept


def test_an_update_is_seen_by_the_next_reading(bench: Bench) -> None:
    bench.ixc.people.one(MARINA, RECENT)

    update(bench, MARINA, {"name": "Marina Nova"})

    found = bench.ixc.people.one(MARINA, RECENT).value
    assert found is not None
    assert found.name == "Marina Nova"


def test_an_update_may_empty_a_field(bench: Bench) -> None:
    update(bench, MARINA, {"document": ""})

    assert bench.crm.rows("contato", id=1)[0]["cnpj_cpf"] == ""


@pytest.mark.parametrize("released", [True, False])
def test_a_prospect_is_written_through_its_own_form_where_there_is_one(
    bench: Bench, released: bool
) -> None:
    """The customers' form would insist on document and address, which a prospect need not have."""
    if not released:
        change(
            bench.crm, "cliente", LUCIA.id, cnpj_cpf="390.533.447-05", endereco="Rua A", numero="1"
        )
        bench.crm.control(not_released=["crm_canditados"])

    update(bench, LUCIA, {"name": "Lúcia A. Teixeira"})

    (row,) = bench.crm.rows("cliente", id=LUCIA.id)
    assert (row["razao"], row["crm"], row["whatsapp"]) == ("Lúcia A. Teixeira", "S", "49991450077")
    found = bench.ixc.people.one(LUCIA, RECENT).value
    assert found is not None
    assert found.name == "Lúcia A. Teixeira"


SOMEBODY = [
    ("fone_comercial", "4733221100/47991230045"),
    ("fone_celular", "(47) 99123-0044 / 0045"),
    ("fone_residencial", "+55 47 9123-0045 ramal 2"),
    ("email", "Otávio <Otavio@Example.com>, x@example.com"),
    ("email", "x@example.com/otavio@example.com."),
    ("cnpj_cpf", "7676813042"),
]
# Nobody of the cast has one of these.
STRANGER = replace(LEAD, document="076.768.130-42")


@pytest.mark.parametrize(("column", "cell"), SOMEBODY)
def test_who_could_not_be_looked_for_is_not_made_when_a_cell_holds_their_phone_or_address(
    bench: Bench, column: str, cell: str
) -> None:
    change(bench.crm, "contato", "1", **{column: cell})

    with pytest.raises(errors.Duplicate):
        bench.ixc.people.create(STRANGER, KEY, ORIGIN, unchecked=True)

    assert bench.crm.rows("contato", nome="Otávio Brandt") == []


@pytest.mark.parametrize(
    ("column", "cell"),
    [
        ("fone_comercial", "(48) 99123-0045"),
        ("fone_celular", "47 3322-0045"),
        ("fone_celular", "99123-0045"),
        ("email", "notavio@example.com"),
    ],
)
def test_what_only_looks_alike_keeps_nobody_out(bench: Bench, column: str, cell: str) -> None:
    change(bench.crm, "contato", "1", **{column: cell})

    assert bench.ixc.people.create(STRANGER, KEY, ORIGIN, unchecked=True).state is State.DONE


# -- a prospect from a lead
# ----------------------------------------------------------------------------------------


def make_prospect(bench: Bench, city_id: str = "") -> str:
    """Both steps, as a base that insists on a client has them taken; the number of the prospect."""
    made, tie = bench.ixc.people.prospect(MARINA.id, KEY, ORIGIN, city_id)
    bench.journaled.save(made, tie)
    entry = bench.journal.find(made.key)
    assert entry is not None
    return entry.crm_id


def test_a_prospect_takes_over_what_the_lead_tells(bench: Bench) -> None:
    number = make_prospect(bench)

    (row,) = bench.crm.rows("cliente", id=number)
    wanted = {
        "razao": "Marina Teles Andrade",
        "crm": "S",
        "whatsapp": "(49) 98812-4417",
        "cidade": "1",
        "filial_id": "1",
        "id_contato_principal": "1",
        "status_prospeccao": "C",
    }
    assert row | wanted == row
    assert bench.crm.rows("contato", id=1)[0]["id_prospeccao"] == number


def test_making_the_prospect_twice_makes_one(bench: Bench) -> None:
    assert make_prospect(bench) == make_prospect(bench)
    assert len(bench.crm.rows("cliente", razao="Marina Teles Andrade")) == 1


def test_a_prospect_whose_answer_was_lost_is_found_again(bench: Bench) -> None:
    bench.crm.control(
        fault="reset_after_commit",
        fault_on="write",
        fault_times=1,
        fault_resources=["crm_canditados"],
    )

    number = make_prospect(bench)

    assert [row["id"] for row in bench.crm.rows("cliente", razao="Marina Teles Andrade")] == [
        number
    ]


@pytest.mark.parametrize(("city", "stored"), [("", "9"), ("2", "2")])
def test_a_lead_without_a_city_takes_the_one_that_is_given(
    bench: Bench, city: str, stored: str
) -> None:
    change(bench.crm, "contato", "1", cidade=city or "0")

    number = make_prospect(bench, city_id="9")

    assert bench.crm.rows("cliente", id=number)[0]["cidade"] == stored


def test_a_prospect_without_any_city_is_refused_in_the_crms_words(bench: Bench) -> None:
    change(bench.crm, "contato", "1", cidade="0")

    with pytest.raises(errors.Rejected) as caught:
        make_prospect(bench)

    assert caught.value.messages == ("Preencha Cidade!",)
