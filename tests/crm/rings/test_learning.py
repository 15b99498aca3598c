"""Tests of what a base did not keep of a text.

It is learned from the first look, and said before the next save.
"""

from __future__ import annotations

import pytest
from flask import Flask

from tests.crm.bench import ORIGIN, Bench
from tests.product import BEATRIZ, LUCIA, Visitor, asked, services_of, settled
from widget.crm.port import NewContact
from widget.crm.rings.learning import Learning
from widget.emulator.crm.server import Emulator
from widget.store.records.capacities import Capacities, Capacity

KEY = "key-of-the-form-1"
LEAD = NewContact("Otávio Augusto 🚀 Brandt", phone="(47) 99123-0045", owner_id="2", branch_id="1")
NOTES, NEW_CONTACT = "/tab/notes", "/tab/contact/new"
LONG = "Um texto de quarenta e dois caracteres. :)"


def learned(bench: Bench) -> Capacities:
    """What the base was seen to keep, once everything was looked at."""
    capacities = Capacities(bench.database, "main", clock=bench.clock)
    Learning(bench.cached, bench.journal, bench.settling, capacities=capacities).turn()
    return capacities


def looked_at(app: Flask) -> None:
    settled(app)
    services_of(app).checking.turn()


@pytest.mark.parametrize(
    ("switches", "known"),
    [
        ({}, Capacity()),
        ({"column_limits": {"contato.nome": 10}}, Capacity(longest=10)),
        ({"cut_at_emoji": True}, Capacity(is_plain=True)),
        ({"drop_fields": ["contato.email"]}, Capacity()),
    ],
)
def test_a_name_of_which_only_the_beginning_is_there_tells_the_limit(
    bench: Bench, switches: dict[str, object], known: Capacity
) -> None:
    bench.crm.control(**switches)
    bench.ixc.people.create(LEAD, KEY, ORIGIN)

    assert learned(bench).of("contato", "nome") == known


def test_where_everything_was_kept_nothing_more_is_read(bench: Bench) -> None:
    bench.ixc.people.create(LEAD, KEY, ORIGIN)
    bench.checking.turn()
    reads = bench.asked(kind="list")
    Learning(
        bench.cached, bench.journal, bench.settling, capacities=Capacities(bench.database, "main")
    ).turn()

    assert bench.asked(kind="list") == reads


def test_a_base_that_keeps_more_by_now_disproves_a_limit(bench: Bench) -> None:
    Capacities(bench.database, "main", clock=bench.clock).learn(
        "contato", "nome", "x" * 20, "x" * 10
    )
    bench.ixc.people.create(LEAD, KEY, ORIGIN)

    assert learned(bench).of("contato", "nome") == Capacity()


def test_after_a_note_was_cut_the_next_one_is_refused_with_the_limit(
    ana: Visitor, app: Flask, crm: Emulator
) -> None:
    crm.control(column_limits={"crm_prospeccao_anotacoes.anotacao": 45})
    ana.open(LUCIA)
    ana.fill(NOTES, text=LONG)
    looked_at(app)
    written = len(asked(crm, kind="insert"))
    refused = ana.fill(NOTES, text=LONG)

    assert (refused.status, refused.form(".composer")["text"]) == (422, LONG)
    assert refused.wrong("text") == "O CRM guarda no máximo 20 caracteres aqui."
    assert len(asked(crm, kind="insert")) == written


def test_after_a_name_was_lost_at_an_emoji_the_next_one_is_refused(
    ana: Visitor, app: Flask, crm: Emulator
) -> None:
    crm.control(cut_at_emoji=True)
    person = {"id": 130, "name": "🌸 Nina", "phone_number": "+5547991230099"}
    ana.open(person)
    ana.fill(NEW_CONTACT, owner="1", branch="1")
    looked_at(app)
    ana.open({**person, "id": 131, "phone_number": "+5547991230088"})
    refused = ana.fill(NEW_CONTACT, owner="1", branch="1")

    assert refused.wrong("name") == "O CRM não guarda emojis neste campo: 🌸"


def test_a_note_below_remarks_that_was_cut_tells_how_long_they_may_be(
    ana: Visitor, app: Flask, crm: Emulator
) -> None:
    crm.control(column_limits={"contato.obs": 60})
    ana.open(BEATRIZ)
    ana.fill(NOTES, text=LONG)
    looked_at(app)

    assert services_of(app).capacities.of("contato", "obs").longest == 60
