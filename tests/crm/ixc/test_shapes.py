"""Tests of rows of the CRM as words of the trade.

The rows have everything that real bases leave empty or write in another way.
"""

from __future__ import annotations

from datetime import datetime

import pytest

from widget.crm.ixc import shapes
from widget.domain.model import Contact, Kind, Negotiation, Plan, Ref, Stage, Status
from widget.emulator.crm.server import Emulator


def test_a_lead_is_read_whole(crm: Emulator) -> None:
    (row,) = crm.rows("contato", id=1)

    assert shapes.contact(Ref.LEAD, row) == Contact(
        ref=Ref(Ref.LEAD, "1"),
        kind=Kind.LEAD,
        name="Marina Teles Andrade",
        document=row["cnpj_cpf"],
        phones=("(49) 98812-4417",),
        owner_id=row["id_responsavel"],
        branch_id="1",
        city_id="1",
        channel_id="1",
        remarks="Prefere contato à tarde.",
        created_at="2026-10-05 09:12:44",
        updated_at=row["ultima_atualizacao"],
    )


@pytest.mark.parametrize(("number", "kind"), [("1", Kind.CUSTOMER), ("6", Kind.PROSPECT)])
def test_a_client_is_a_prospect_or_a_customer(crm: Emulator, number: str, kind: Kind) -> None:
    assert shapes.contact(Ref.CLIENT, crm.rows("cliente", id=number)[0]).kind is kind


@pytest.mark.parametrize(
    ("source", "row", "resource"),
    [
        (Ref.LEAD, {"crm": "S"}, "contato"),
        (Ref.CLIENT, {"crm": "S"}, "crm_canditados"),
        (Ref.CLIENT, {"crm": "N"}, "cliente"),
        (Ref.CLIENT, {}, "cliente"),
    ],
)
def test_each_kind_of_contact_has_its_form(source: str, row: dict[str, str], resource: str) -> None:
    assert shapes.form(source, row) == resource


def test_every_person_of_the_crm_can_be_read(crm: Emulator) -> None:
    people = [shapes.contact(Ref.LEAD, row) for row in crm.rows("contato")]
    people += [shapes.contact(Ref.CLIENT, row) for row in crm.rows("cliente")]

    assert len(people) > 300
    assert len({person.ref for person in people}) == len(people)
    assert all(not person.created_at.startswith("0000") for person in people)


@pytest.mark.parametrize("source", [Ref.LEAD, Ref.CLIENT])
def test_a_row_with_nothing_but_its_number_is_a_contact_without_anything(source: str) -> None:
    found = shapes.contact(source, {"id": "5"})

    assert (found.ref, found.name, found.phones, found.emails) == (Ref(source, "5"), "", (), ())
    assert (found.owner_id, found.client_id, found.created_at) == ("", "", "")


def test_phones_stand_in_the_order_in_which_one_would_write_to_them_each_once() -> None:
    row = {
        "id": "1",
        "fone_residencial": "1",
        "fone_celular": " 2 ",
        "fone_whatsapp": "3",
        "fone_comercial": "2",
    }

    assert shapes.contact(Ref.LEAD, row).phones == ("3", "2", "1")


@pytest.mark.parametrize(
    ("stored", "emails"),
    [
        ("a@b.example", ("a@b.example",)),
        ("a@b.example; c@d.example", ("a@b.example", "c@d.example")),
        ("a@b.example,c@d.example e@f.example", ("a@b.example", "c@d.example", "e@f.example")),
        (" ; ", ()),
        ("", ()),
    ],
)
def test_one_field_may_hold_several_addresses(stored: str, emails: tuple[str, ...]) -> None:
    assert shapes.contact(Ref.CLIENT, {"id": "1", "email": stored}).emails == emails


@pytest.mark.parametrize(
    ("row", "client"),
    [
        ({"id_cliente": "5", "id_prospeccao": "6"}, "5"),
        ({"id_cliente": "0", "id_prospeccao": "6"}, "6"),
        ({"id_cliente": "0", "id_prospeccao": "0"}, ""),
        ({"id_cliente": "", "id_prospeccao": ""}, ""),
    ],
)
def test_a_lead_may_belong_to_a_client_or_to_the_prospect_made_from_it(
    row: dict[str, str], client: str
) -> None:
    assert shapes.contact(Ref.LEAD, {"id": "1", **row}).client_id == client


def test_a_firm_without_a_name_is_called_by_its_trade_name() -> None:
    assert (
        shapes.contact(Ref.CLIENT, {"id": "1", "razao": " ", "fantasia": "Trigo Bom"}).name
        == "Trigo Bom"
    )


@pytest.mark.parametrize(
    ("source", "row", "column"),
    [
        (Ref.LEAD, {}, "fone_celular"),
        (Ref.LEAD, {"fone_celular": "1", "fone_whatsapp": "2"}, "fone_whatsapp"),
        (Ref.LEAD, {"fone_residencial": "1"}, "fone_residencial"),
        (Ref.CLIENT, {}, "telefone_celular"),
        (Ref.CLIENT, {"fone": "1", "whatsapp": "  "}, "fone"),
    ],
)
def test_the_main_phone_is_the_one_that_is_shown(
    source: str, row: dict[str, str], column: str
) -> None:
    assert shapes.main_phone(source, row) == column


def test_a_negotiation_is_read_whole(crm: Emulator) -> None:
    (row,) = crm.rows("crm_negociacoes", id=6)

    assert shapes.negotiation(row) == Negotiation(
        id="6",
        title="Câmeras na nuvem",
        status=Status.LOST,
        client_id="5",
        plan_id="3",
        funnel_id="1",
        stage_id="4",
        owner_id=row["id_responsavel"],
        branch_id="1",
        monthly="139.90",
        started="2025-07-01",
        closed="2025-08-11",
        loss_reason_id="1",
        remarks=row["obs"],
        updated_at=row["ultima_atualizacao"],
    )


@pytest.mark.parametrize(
    ("letter", "status"),
    [
        ("N", Status.OPEN),
        ("V", Status.WON),
        ("D", Status.LOST),
        ("", Status.OPEN),
        ("P", Status.OPEN),
        ("n", Status.OPEN),
    ],
)
def test_a_status_that_nobody_knows_is_open(letter: str, status: Status) -> None:
    assert shapes.negotiation({"id": "1", "status": letter}).status is status


@pytest.mark.parametrize(
    ("order", "number"),
    [("3", 3), ("", 0), ("-1", 0), ("1.5", 0), ("²", 0), ("abc", 0), (" 4 ", 4)],
)
def test_a_stage_without_a_proper_order_comes_first(order: str, number: int) -> None:
    found = shapes.stage(
        {
            "id": "2",
            "estagio": "Sondagem",
            "id_funil": "1",
            "ordem": order,
        }
    )

    assert found == Stage("2", "Sondagem", funnel_id="1", order=number)


def test_a_plan_presets_funnel_stage_and_value() -> None:
    row = {
        "id": "2",
        "descricao": "Fibra 500",
        "velocidade": "500 Mbps",
        "id_funil": "1",
        "id_estagio": "0",
        "valor_mensal": "109.90",
    }

    assert shapes.plan(row) == Plan(
        "2", "Fibra 500", "500 Mbps", funnel_id="1", stage_id="", monthly="109.90"
    )


@pytest.mark.parametrize(
    ("value", "expected"),
    [("0", ""), ("", ""), (" 0 ", ""), ("00", "00"), ("7", "7"), ("10", "10")],
)
def test_a_key_of_nothing_is_nothing(value: str, expected: str) -> None:
    assert shapes.key({"k": value}, "k") == expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("0000-00-00", ""),
        ("0000-00-00 00:00:00", ""),
        ("", ""),
        ("2026-11-20", "2026-11-20"),
        (" 2026-11-20 14:07:00", "2026-11-20 14:07:00"),
    ],
)
def test_a_zero_date_is_no_date(value: str, expected: str) -> None:
    assert shapes.date({"d": value}, "d") == expected


def test_dates_are_written_as_the_crm_wants_them() -> None:
    moment = datetime(2026, 3, 5, 7, 8, 9)  # noqa: DTZ001 -- the CRM's local time

    assert shapes.written_date(moment) == "05/03/2026"
    assert shapes.written_time(moment) == "05/03/2026 07:08:09"


def test_every_label_leads_to_a_field_of_the_contact() -> None:
    assert set(shapes.CONTACT_LABELS.values()) <= {
        "name",
        "document",
        "email",
        "phone",
        "owner",
        "branch",
        "channel",
    }
