"""Tests of readings of a moment that has passed.

They are held, let go, and no hindrance to what is written meanwhile.
"""

from tests.emulator.client import Api, lead
from widget.emulator.crm.base import Base
from widget.emulator.crm.cast import MARINA
from widget.emulator.crm.past import Past
from widget.emulator.crm.server import Emulator


def test_stale_listings_are_of_the_moment_of_switching_on(api: Api, crm: Emulator) -> None:
    record = api.record("contato", "contato", MARINA)
    crm.control(stale_reads=True)
    api.update("contato", MARINA, record | {"bairro": "Líder"})
    number = api.insert("contato", **lead(nome="Depois")).json()["id"]
    crm.control(delay_seconds=0)  # any other change leaves the moment as it is

    seen, found = (
        api.record("contato", "contato", MARINA),
        api.records("contato", qtype="contato.id", query=number),
    )

    assert (seen["bairro"], found) == (record["bairro"], [])
    assert crm.rows("contato", id=MARINA)[0]["bairro"] == "Líder"


def test_switched_off_and_on_again_it_is_a_new_moment(api: Api, crm: Emulator) -> None:
    crm.control(stale_reads=True)
    number = api.insert("contato", **lead(nome="Depois")).json()["id"]
    crm.control(stale_reads=False)
    now = api.records("contato", qtype="contato.id", query=number)
    crm.control(stale_reads=True)

    assert [len(now), len(api.records("contato", qtype="contato.id", query=number))] == [1, 1]


def test_a_reset_and_a_restart_are_no_hindrance(api: Api, crm: Emulator) -> None:
    crm.control(stale_reads=True)
    number = api.insert("contato", **lead(nome="Depois")).json()["id"]
    crm.restart()
    restarted = len(api.records("contato", qtype="contato.id", query=number))
    crm.reset()

    assert restarted == 1
    assert api.records("contato", qtype="contato.id", query=number) == []


def test_a_held_moment_grows_old(crm: Emulator) -> None:
    now = [0.0]
    past = Past(Base(crm.path), clock=lambda: now[0])

    assert not past.young(1)
    past.hold()
    now[0] = 1.0
    assert past.young(1)
    now[0] = 1.1
    assert not past.young(1)
    past.release()
