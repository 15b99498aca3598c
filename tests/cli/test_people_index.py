"""Tests of the commands about the people index.

The commands fill, tell and erase, go on where they were, and say what is wrong.
"""

from __future__ import annotations

from collections.abc import Iterator
from io import StringIO
from pathlib import Path
from threading import Thread

import pytest

from tests.product import product, services_of
from widget.cli import people_index
from widget.cli.people_index import Show, erase, forget, mirror, person, status, told
from widget.desk.services import Services
from widget.domain import errors
from widget.domain.model import Ref
from widget.domain.settings import Settings
from widget.emulator.crm.server import Emulator
from widget.store.engine.presence import Presence
from widget.store.people.fills import GONE, NO_COLUMN, Filling, Progress
from widget.sync import pace

Capture = pytest.CaptureFixture[str]


@pytest.fixture
def services(crm: Emulator, tmp_path: Path) -> Services:
    return services_of(product(crm, tmp_path, index_calls=600))


@pytest.fixture
def settings(services: Services) -> Settings:
    return services.shared.settings


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Pauses that no test has to sit out."""
    monkeypatch.setattr(pace, "SHORTEST_STAY", 0.01)
    monkeypatch.setattr(people_index, "PATIENCE", 0.0)
    return


def fill(services: Services, *, rebuild: bool = False) -> int:
    """The command, in a process that ends with it."""
    try:
        return people_index.fill(services, rebuild=rebuild)
    finally:
        services.journal.presence.leave()


def count(services: Services) -> int:
    assert services.people
    return services.people.count()


def everybody(crm: Emulator) -> int:
    return len(crm.rows("contato")) + len(crm.rows("cliente"))


def test_the_index_is_filled_now_and_the_next_time_only_brought_up_to_date(
    services: Services, crm: Emulator, capsys: Capture
) -> None:
    assert fill(services) == 0
    said = capsys.readouterr().out
    assert count(services) == everybody(crm)
    assert f"100% {everybody(crm)} of {everybody(crm)} people" in said
    assert said.endswith(f"ok: {everybody(crm)} people\n")

    crm.alter("contato", "1", nome="Outro Nome", ultima_atualizacao="2026-11-21 09:00:00")
    before = len(crm.calls)
    assert fill(services) == 0
    assert {call["query"]["qtype"].partition(".")[2] for call in crm.calls[before:]} == {
        "ultima_atualizacao"
    }
    assert services.people
    assert (found := services.people.one(Ref.LEAD, "1"))
    assert found.row["nome"] == "Outro Nome"


def test_the_state_is_one_table_and_nothing_personal(
    services: Services, settings: Settings, capsys: Capture
) -> None:
    assert fill(services) == 0
    capsys.readouterr()

    assert status(settings) == 0
    head, leads, clients = (line.split() for line in capsys.readouterr().out.splitlines())
    assert head[:5] == ["table", "people", "read", "of", "state"]
    assert (leads[0], leads[4], clients[0], clients[4]) == (
        "contato",
        "following",
        "cliente",
        "following",
    )
    assert int(leads[1]) + int(clients[1]) == count(services)


def test_before_there_is_an_index_that_is_said_and_none_is_made(
    tmp_path: Path, capsys: Capture
) -> None:
    settings = Settings(data=str(tmp_path))

    assert (status(settings), erase(settings)) == (0, 0)
    assert "no index yet" in capsys.readouterr().out
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("off", [{"index": False}, {"active": False}])
def test_what_is_switched_off_is_not_filled(
    crm: Emulator, tmp_path: Path, capsys: Capture, off: dict[str, bool]
) -> None:
    services = services_of(product(crm, tmp_path, **off))

    assert mirror(services) is None
    assert fill(services) == 1
    assert "switched off" in capsys.readouterr().err
    assert crm.calls == []


@pytest.mark.parametrize(
    ("trouble", "todo"),
    [
        ({"fault": "401"}, "VINCULO_CRM_TOKEN"),
        ({"fault": "404"}, "VINCULO_CRM_URL"),
        ({"ip_blocked": True}, "Redes permitidas"),
        ({"not_released": ["cliente"]}, "ask its support"),
        ({"not_permitted": ["contato"]}, "permission"),
    ],
)
def test_what_only_a_person_can_repair_ends_it_with_the_one_thing_to_do(
    services: Services, crm: Emulator, capsys: Capture, trouble: dict[str, object], todo: str
) -> None:
    crm.control(**trouble)

    assert fill(services) == 1
    assert todo in capsys.readouterr().err

    crm.control(
        fault="none",
        ip_blocked=False,
        not_released=[],
        not_permitted=[],
    )
    assert fill(services) == 0


@pytest.mark.usefixtures("impatient")
def test_a_crm_that_stays_away_ends_it_and_one_that_asks_to_wait_does_not(
    services: Services, crm: Emulator, capsys: Capture
) -> None:
    crm.control(fault="504")
    assert fill(services) == 1
    assert "not understood" in capsys.readouterr().err

    crm.control(fault="429", fault_times=3, retry_after_seconds=0)
    assert fill(services) == 0
    assert count(services) == everybody(crm)


def test_while_a_server_fills_it_that_ones_progress_is_shown(
    services: Services, crm: Emulator, tmp_path: Path, capsys: Capture
) -> None:
    other = mirror(services)
    assert other
    other.presence = Presence(tmp_path / "run")
    assert other.take()
    other.start()
    try:
        assert fill(services) == 0
    finally:
        other.stop()

    assert f"ok: {everybody(crm)} people" in capsys.readouterr().out
    assert sum(call["query"]["rp"] == "1" for call in crm.calls) == 2  # one mirror began


def test_filling_anew_reads_everybody_again_but_who_was_forgotten(
    services: Services, settings: Settings, crm: Emulator
) -> None:
    fill(services)
    forget(settings, person("lead:2"))
    crm.remove("contato", *(str(number) for number in range(100, 200)))
    assert fill(services, rebuild=True) == 0

    assert count(services) == everybody(crm) - 1


def test_all_can_be_erased_and_the_way_to_keep_it_so_is_told(
    services: Services, settings: Settings, capsys: Capture, tmp_path: Path
) -> None:
    fill(services)
    assert erase(settings) == 0

    assert count(services) == 0
    assert "VINCULO_INDEX=0" in capsys.readouterr().out
    assert b"Marina Teles" not in b"".join(
        path.read_bytes() for path in tmp_path.glob("people.db*")
    )


def test_one_person_can_be_erased_and_does_not_come_back(
    services: Services, settings: Settings, crm: Emulator, capsys: Capture
) -> None:
    fill(services)
    assert [forget(settings, person(who)) for who in ("lead:1", "lead-99999")] == [0, 0]
    assert "lead-1 is no longer" in capsys.readouterr().out
    crm.alter("contato", "1", ultima_atualizacao="2026-11-21 09:00:00")
    fill(services)

    assert services.people
    assert services.people.one(Ref.LEAD, "1") is None


@pytest.mark.parametrize(
    "text", ["", "12", "lead", "lead:", "lead:x", "new-0123456789abcdef", "customer:1"]
)
def test_nobody_is_forgotten_by_an_unclear_name(text: str) -> None:
    with pytest.raises(ValueError, match=f"^{text}$"):
        person(text)


def test_a_damaged_file_is_said_to_be(tmp_path: Path, capsys: Capture) -> None:
    (tmp_path / "people.db").write_bytes(b"no database at all " * 1000)
    settings = Settings(data=str(tmp_path))

    assert (status(settings), erase(settings), forget(settings, Ref(Ref.LEAD, "1"))) == (1, 1, 1)
    assert capsys.readouterr().err.count("people.db") >= 3


@pytest.mark.parametrize(
    ("done", "total", "speed", "why", "wanted"),
    [
        (0, 0, 0.0, "", "[..............................]   0% 0 of 0 people"),
        (
            500,
            1000,
            10.0,
            "",
            "[###############...............]  50% 500 of 1000 people, 10/s, 50 s left",
        ),
        (
            500,
            100_500,
            20.0,
            "",
            "[..............................]   0% 500 of 100500 people, 20/s, 83 min left",
        ),
        (
            500,
            1_000_500,
            20.0,
            "",
            "[..............................]   0% 500 of 1000500 people, 20/s, 13.9 h left",
        ),
        (
            5,
            10,
            0.1,
            errors.Busy.code,
            "[###############...............]  50% 5 of 10 people (the CRM asks us to wait)",
        ),
    ],
)
def test_progress_is_a_bar_with_people_speed_and_time_left(
    done: int, total: int, speed: float, why: str, wanted: str
) -> None:
    assert told(Progress(done, total, Filling.FILLING, why, 0.0, 0.0), speed) == wanted


@pytest.mark.parametrize("why", [*people_index.HOPELESS, *people_index.PASSING, GONE, NO_COLUMN])
def test_every_reason_is_told_in_words(why: str) -> None:
    assert why not in told(Progress(1, 2, Filling.PAUSED, why, 0.0, 0.0), 0.0)


class Terminal(StringIO):
    def isatty(self) -> bool:
        return True


def test_on_a_terminal_one_line_renews_itself_elsewhere_there_is_one_now_and_then() -> None:
    for out, lines in ((Terminal(), 1), (StringIO(), 4)):
        show = Show(out, iter(range(0, 1000, 4)).__next__)
        for done in range(0, 90, 10):
            show(Progress(done, 90, Filling.FILLING, "", 0.0, 0.0))
        show(Progress(90, 90, Filling.FOLLOWING, "", 1.0, 1.0), is_last=True)

        assert out.getvalue().count("\n") == lines
        assert out.getvalue().count("\r") == (10 if lines == 1 else 0)


def test_the_people_a_second_are_counted_from_where_it_went_on() -> None:
    out = StringIO()
    show = Show(out, iter([0.0, 20.0]).__next__)
    show(Progress(5000, 10_000, Filling.FILLING, "", 0.0, 0.0))
    show(Progress(6000, 10_000, Filling.FILLING, "", 0.0, 0.0))

    assert ", 50/s, 80 s left" in out.getvalue()


def test_two_that_fill_at_once_ask_as_one(
    services: Services, crm: Emulator, tmp_path: Path
) -> None:
    again = services_of(product(crm, tmp_path, index_calls=600))
    codes: list[int] = []
    threads = [Thread(target=lambda s=one: codes.append(fill(s))) for one in (services, again)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)

    assert codes == [0, 0]
    assert sum(call["query"]["rp"] == "1" for call in crm.calls) == 2


def test_each_integration_has_an_index_of_its_own(
    services: Services, settings: Settings, capsys: Capture
) -> None:
    fill(services)
    before = count(services)
    capsys.readouterr()

    assert status(settings, "norte") == 0
    assert f"{before}" not in capsys.readouterr().out
    assert erase(settings, "norte") == forget(settings, person("lead:2"), "norte") == 0
    assert count(services) == before > 0
    assert erase(settings) == 0
    assert count(services) == 0
