"""The next follow-up of a contact."""

from __future__ import annotations

import pytest

from tests.crm.bench import ORIGIN, Bench
from tests.crm.ixc.test_negotiations import contact
from widget.crm.wire import Write
from widget.domain.model import Event, Freshness, Ref


def plan(bench: Bench, subject: str, at: str, **fields: str) -> None:
    usual = {
        "assunto": subject,
        "hora_inicio": at,
        "id_responsavel": "2",
        "id_usuario_agenda": "1",
    }
    bench.http.write(Write("crm_agenda", {**usual, **fields}, subject, ORIGIN))


def next_of(bench: Bench, source: str, number: str) -> Event | None:
    return bench.ixc.agenda.next(contact(bench, source, number), Freshness.NOW)


def test_the_earliest_open_appointment_is_the_next(bench: Bench) -> None:
    plan(bench, "Depois", "25/11/2026 09:00:00", id_lead="1")
    plan(bench, "Retornar", "21/11/2026 10:30:00", id_lead="1")
    plan(bench, "Feito", "20/11/2026 15:00:00", id_lead="1", status="F")

    assert next_of(bench, Ref.LEAD, "1") == Event("2026-11-21 10:30:00", "planned", "Retornar")


def test_an_appointment_that_was_missed_is_overdue(bench: Bench) -> None:
    plan(bench, "Retornar", "19/11/2026 10:30:00", id_cliente="5")

    assert next_of(bench, Ref.CLIENT, "5") == Event("2026-11-19 10:30:00", "overdue", "Retornar")


def test_a_lead_and_a_client_of_one_number_do_not_share_appointments(bench: Bench) -> None:
    plan(bench, "Retornar", "21/11/2026 10:30:00", id_lead="1")

    assert next_of(bench, Ref.CLIENT, "1") is None


def test_an_appointment_without_a_time_is_none(bench: Bench) -> None:
    plan(bench, "Um dia", "", id_lead="1")

    assert next_of(bench, Ref.LEAD, "1") is None


@pytest.mark.parametrize(
    "trouble",
    [{"not_released": ["crm_agenda"]}, {"fault": "500", "fault_resources": ["crm_agenda"]}],
)
def test_where_the_crm_does_not_tell_there_is_none(
    bench: Bench, trouble: dict[str, object]
) -> None:
    plan(bench, "Retornar", "21/11/2026 10:30:00", id_lead="1")
    bench.crm.control(**trouble)

    assert next_of(bench, Ref.LEAD, "1") is None
