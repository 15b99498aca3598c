"""The mirror: everybody comes in once, politely, whatever happens meanwhile.

Then changes, new and vanished ones.
"""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import pytest

from tests.sync.office import Office
from widget.crm.ixc.mirrored import contact, mirrored
from widget.domain import errors
from widget.domain.model import Ref
from widget.emulator.crm.server import Emulator
from widget.store.people.fills import GONE, NO_COLUMN, Filling
from widget.sync.mirror import DISK_FIRST, LOOK_EVERY
from widget.sync.pace import LONGEST_STAY
from widget.sync.table import PASS_EVERY, PASS_EVERY_BLIND

NOW = "2026-11-21 09:00:00"
DAY = PASS_EVERY + 3600


@pytest.fixture
def office(crm: Emulator, tmp_path: Path) -> Office:
    return Office(crm, tmp_path)


def everybody(office: Office) -> None:
    """Asserts that the index holds exactly who is in the CRM, as they are there."""
    for source, table in {Ref.LEAD: "contato", Ref.CLIENT: "cliente"}.items():
        rows = office.crm.rows(table)
        assert office.people.count(source) == len(rows)
        found = [office.people.one(source, row["id"]) for row in rows]
        assert [contact(f) for f in found if f] == [
            contact(f)
            for row in rows
            if (f := office.people.one(source, mirrored(source, row).number))
        ]
        assert [dict(f.row) for f in found if f] == [mirrored(source, row).row for row in rows]


# -- the first pass
# ------------------------------------------------------------------------------------------------


def test_everybody_comes_in_and_then_the_index_is_complete(office: Office) -> None:
    office.fills_up()

    everybody(office)
    progress = office.fills.progress()
    assert (progress.state, progress.share, progress.done) == (
        Filling.FOLLOWING,
        1.0,
        office.people.count(),
    )


def test_the_way_can_be_watched(office: Office) -> None:
    office.takes, office.mirror = 1.0, office.process(size=50)
    shares = []
    while not office.fills.is_complete:
        office.step()
        shares.append(office.fills.progress().share)

    assert shares == sorted(shares)
    assert len({round(share, 3) for share in shares}) > 5
    assert {office.fills.progress().total} == {
        len(office.crm.rows("contato")) + len(office.crm.rows("cliente"))
    }


def test_a_server_that_ends_after_any_page_loses_no_other(office: Office) -> None:
    office.takes = 1.0
    for _ in range(100):
        if office.fills.is_complete:
            break
        office.mirror = office.process(size=50)
        office.works(3.1)  # a call or two each

    everybody(office)
    pages = [
        q.filters[0].value
        for q in office.calls()
        if q.resource == "contato" and q.size == 50 and q.sort == "id"
    ]
    assert len(pages) == len(set(pages)) == len(office.crm.rows("contato")) // 50 + 2


def test_what_happens_during_the_pass_is_known_after_it(office: Office) -> None:
    office.takes, office.mirror = 1.0, office.process(size=50)
    office.works(20)
    assert office.name("1") == "Marina Teles Andrade"
    office.crm.alter("contato", "1", nome="Marina de Outro Nome", ultima_atualizacao=NOW)
    new = office.crm.put("contato", nome="Chegou Agora", ultima_atualizacao=NOW)
    office.crm.remove("contato", "200")

    office.fills_up()
    office.works(2 * LOOK_EVERY)

    assert (office.name("1"), office.name(new)) == ("Marina de Outro Nome", "Chegou Agora")
    everybody(office)


def test_changes_are_followed_while_the_first_pass_still_goes_on(office: Office) -> None:
    office.takes, office.mirror = 1.9, office.process(size=50)
    office.works(30)
    office.crm.alter("contato", "1", nome="Outro Nome", ultima_atualizacao=NOW)
    while office.name("1") != "Outro Nome":
        office.step()

    assert not office.fills.is_complete


# -- rows that do not come as rows should
# --------------------------------------------------------------------------


def reasons(office: Office) -> list[str]:
    return [why for why in office.fills.progress().why.split(";") if why != NO_COLUMN]


@pytest.mark.parametrize("bad", [[1], [12], [12, 13, 14], [12, 90, 150]])
@pytest.mark.parametrize("size", [50, 200])
def test_a_row_that_empties_its_page_is_stepped_around_and_named(
    office: Office, bad: list[int], size: int
) -> None:
    office.crm.control(bad_rows=[f"contato.{number}" for number in bad])
    office.mirror = office.process(size=size)

    office.fills_up()

    found = {
        row["id"]
        for row in office.crm.rows("contato")
        if office.people.one(Ref.LEAD, str(row["id"]))
    }
    assert len(found) == len(office.crm.rows("contato")) - len(bad)
    assert not found & {str(number) for number in bad}
    assert reasons(office) == [f"row-empties:{number}" for number in bad]


def test_the_last_row_may_be_a_bad_one(office: Office) -> None:
    last = max(int(row["id"]) for row in office.crm.rows("cliente"))
    office.crm.remove("cliente", str(last - 1))  # its number is to be found beyond a gap
    office.crm.control(bad_rows=[f"cliente.{last}"])

    office.fills_up()

    assert office.people.count(Ref.CLIENT) == len(office.crm.rows("cliente")) - 1
    assert reasons(office) == [f"row-empties:{last}"]


def test_changes_are_followed_around_a_bad_row_and_it_comes_once_it_is_mended(
    office: Office,
) -> None:
    office.crm.control(bad_rows=["contato.12"])
    office.fills_up()
    office.crm.alter("contato", "12", ultima_atualizacao=NOW)
    office.crm.alter("contato", "1", nome="Outro Nome", ultima_atualizacao=NOW)
    office.works(3 * LOOK_EVERY)
    assert office.name("1") == "Outro Nome"

    office.crm.control(bad_rows=[])
    office.next_day()

    everybody(office)
    assert reasons(office) == [""]


def test_whoever_is_known_stays_when_his_row_goes_bad(office: Office) -> None:
    office.fills_up()
    office.crm.control(bad_rows=["contato.12"])
    office.next_day()

    everybody(office)


def test_a_row_that_goes_bad_by_a_change_hides_no_other_change_for_long(office: Office) -> None:
    office.fills_up()
    office.crm.control(bad_rows=["contato.12"])
    office.crm.alter("contato", "12", ultima_atualizacao=NOW)
    office.works(600)
    office.crm.alter("contato", "1", nome="Outro Nome", ultima_atualizacao=NOW)
    office.works(3 * LOOK_EVERY)

    assert office.name("1") == "Outro Nome"
    assert reasons(office) == ["row-empties:12"]


def test_a_row_that_comes_twice_comes_in_once_and_is_named(office: Office) -> None:
    office.crm.control(double_rows=["contato.12", "cliente.3"])

    office.fills_up()
    office.works(3 * LOOK_EVERY)

    everybody(office)
    assert reasons(office) == ["row-twice:12"]


def test_a_base_that_shows_no_row_at_all_is_left_alone_and_nobody_is_named(office: Office) -> None:
    office.crm.control(bad_rows=[f"contato.{n}" for n in range(1, 2000)])
    office.works(4 * LONGEST_STAY)

    progress = office.fills.progress()
    assert (progress.state, progress.why) == (Filling.PAUSED, errors.Incomplete.code)
    assert progress.share < 1
    assert len(office.calls(2 * LONGEST_STAY)) < 400


@pytest.mark.parametrize("cap", [1, 7, 20])
def test_a_base_with_short_pages_is_read_all_the_same(office: Office, cap: int) -> None:
    office.crm.control(rp_cap=cap)

    office.fills_up(2000)

    everybody(office)


# -- politeness
# --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("calls", "takes", "least"),
    [(60, 0.0, 1.0), (600, 0.0, 0.1), (600, 1.0, 3.0), (6, 0.0, 10.0), (60, 0.2, 1.2)],
)
def test_between_two_calls_there_is_rest(
    crm: Emulator, tmp_path: Path, calls: int, takes: float, least: float
) -> None:
    office = Office(crm, tmp_path, takes, {"calls": calls})
    office.fills_up()
    office.works(3 * LOOK_EVERY)

    moments = [at for at, _ in office.source.asked]
    assert min(later - sooner for sooner, later in pairwise(moments)) == pytest.approx(
        least, abs=1e-6
    )
    assert all(sum(m <= at < m + 60 for at in moments) <= calls for m in moments)


def test_a_crm_that_asks_us_to_wait_is_left_alone_longer_and_longer(office: Office) -> None:
    office.crm.control(fault="429", retry_after_seconds=1)
    office.works(4 * LONGEST_STAY)

    gaps = [later - sooner for (sooner, _), (later, _) in pairwise(office.source.asked)]
    assert gaps[0] == pytest.approx(5.0)
    assert gaps == sorted(gaps)
    assert gaps[-1] == pytest.approx(LONGEST_STAY)
    progress = office.fills.progress()
    assert (progress.state, progress.why) == (Filling.PAUSED, errors.Busy.code)

    office.crm.control(fault="none")
    office.fills_up()
    everybody(office)


@pytest.mark.parametrize(
    ("fault", "why"),
    [
        ("429", errors.Busy.code),
        ("401", errors.CredentialsRefused.code),
        ("504", errors.Unexpected.code),
        ("reset", errors.Unreachable.code),
        ("html200", errors.Unexpected.code),
    ],
)
def test_trouble_is_said_and_forgotten_when_it_is_over(
    office: Office, fault: str, why: str
) -> None:
    office.takes, office.mirror = 1.0, office.process(size=50)
    office.works(10)
    office.crm.control(fault=fault, fault_times=6)
    office.works(20)
    progress = office.fills.progress()
    assert (progress.state, progress.why) == (Filling.PAUSED, why)

    office.works(LONGEST_STAY)
    office.fills_up()
    assert office.fills.progress().why == ""
    everybody(office)


def test_slow_answers_make_it_ask_for_less_and_seldom(office: Office) -> None:
    office.takes = 3.0
    office.works(600)

    gaps = [later - sooner for (sooner, _), (later, _) in pairwise(office.source.asked)]
    assert gaps[-1] > 60
    assert office.calls()[-1].size == 50


def test_quick_answers_make_it_ask_for_more(office: Office) -> None:
    office.fills_up()
    office.works(10 * LOOK_EVERY)

    assert [q.size for q in office.calls() if q.size > 1][-1] == 500


def test_attendants_come_first(office: Office) -> None:
    office.mirror.is_quiet = lambda: False
    office.works(60)
    assert office.calls() == []

    office.mirror.is_quiet = lambda: True
    office.fills_up()


def test_a_table_that_is_not_released_does_not_hold_up_the_other(office: Office) -> None:
    office.crm.control(not_released=["cliente"])
    office.works(60)

    assert office.fills.of("contato").finished_at
    assert not office.fills.is_complete
    assert office.people.count(Ref.CLIENT) == 0


def test_of_several_servers_one_asks_and_another_goes_on_when_it_dies(office: Office) -> None:
    other = office.process()

    assert [office.mirror.take(), other.take(), office.mirror.take()] == [True, False, True]
    office.mirror.presence.leave()
    assert other.take()


# -- following
# --------------------------------------------------------------------------------------------------


def test_after_the_pass_only_what_changed_is_read(office: Office) -> None:
    office.fills_up()
    office.works(10 * LOOK_EVERY)
    began = office.passed
    office.crm.alter("cliente", "1", razao="Mudou de Nome", ultima_atualizacao=NOW)
    office.works(2 * LOOK_EVERY)

    assert office.name("1", Ref.CLIENT) == "Mudou de Nome"
    assert len(office.calls(began)) <= 6
    assert all(query.sort == "ultima_atualizacao" for query in office.calls(began))


def test_hundreds_that_changed_in_one_second_are_all_read_and_then_left_alone(
    office: Office,
) -> None:
    office.fills_up()
    office.works(2 * LOOK_EVERY)
    office.takes, office.mirror = 1.0, office.process(size=50)
    for row in office.crm.rows("contato"):
        office.crm.alter(
            "contato", row["id"], nome=f"Importada {row['id']}", ultima_atualizacao=NOW
        )
    last = office.crm.put(
        "contato", nome="Um Segundo Depois", ultima_atualizacao="2026-11-21 09:00:01"
    )
    office.works(2 * LOOK_EVERY)

    everybody(office)
    assert office.name(last) == "Um Segundo Depois"
    office.works(600)
    began = office.passed
    office.works(LOOK_EVERY + 5)
    assert len(office.calls(began)) <= 4


def test_who_was_saved_while_we_looked_is_found_by_the_next_look(office: Office) -> None:
    office.fills_up()
    office.crm.alter("contato", "1", nome="Primeira", ultima_atualizacao="2026-11-21 09:00:00")
    office.works(2 * LOOK_EVERY)
    office.crm.alter("contato", "2", nome="Segunda", ultima_atualizacao="2026-11-21 08:59:00")
    office.works(2 * LOOK_EVERY)

    assert (office.name("1"), office.name("2")) == ("Primeira", "Segunda")


@pytest.mark.parametrize(
    "quirk",
    [
        {"unfilterable": ["ultima_atualizacao"]},
        {"unheeded": ["ultima_atualizacao"]},
        {"hide_fields": ["ultima_atualizacao"]},
    ],
)
def test_where_changes_cannot_be_followed_new_ones_are_and_the_rest_comes_with_the_next_pass(
    office: Office, quirk: dict[str, list[str]]
) -> None:
    office.crm.control(**quirk)
    office.fills_up()
    office.works(2 * LOOK_EVERY)
    new = office.crm.put("contato", nome="Chegou Agora", ultima_atualizacao=NOW)
    office.crm.alter("contato", "1", nome="Outro Nome", ultima_atualizacao=NOW)
    office.works(2 * LOOK_EVERY)

    assert (office.fills.progress().state, office.fills.progress().why) == (
        Filling.FOLLOWING,
        NO_COLUMN,
    )
    assert (office.name(new), office.name("1")) == ("Chegou Agora", "Marina Teles Andrade")
    office.passes(PASS_EVERY_BLIND)
    office.works(300)
    assert office.name("1") == "Outro Nome"


def test_a_base_that_stops_filtering_by_the_column_is_noticed(office: Office) -> None:
    office.fills_up()
    office.works(2 * LOOK_EVERY)
    office.crm.control(unfilterable=["ultima_atualizacao"])
    office.works(600)
    assert office.fills.progress().why == NO_COLUMN

    office.crm.control(unfilterable=[])
    office.passes(PASS_EVERY_BLIND)
    office.works(300)
    assert office.fills.progress().why == ""


def test_a_change_dated_in_the_future_does_not_hide_the_next_ones(office: Office) -> None:
    office.fills_up()
    office.works(2 * LOOK_EVERY)
    office.crm.alter("contato", "5", ultima_atualizacao="2099-01-01 00:00:00")
    office.works(2 * LOOK_EVERY)
    office.crm.alter("contato", "1", nome="Outro Nome", ultima_atualizacao=NOW)
    office.passes(PASS_EVERY_BLIND)
    office.works(300)

    assert office.fills.progress().why == NO_COLUMN
    assert office.name("1") == "Outro Nome"


def test_an_empty_table_is_followed_too(office: Office) -> None:
    office.crm.remove("contato", *(row["id"] for row in office.crm.rows("contato")))
    office.fills_up()
    office.works(LOOK_EVERY)
    office.crm.put("contato", nome="A Primeira", ultima_atualizacao=NOW)
    office.works(2 * LOOK_EVERY)

    everybody(office)
    assert office.fills.progress().why == ""


def test_a_list_that_takes_no_notice_of_filter_and_order_is_no_endless_loop(office: Office) -> None:
    office.crm.control(unheeded=["id"])
    office.works(3600)

    assert len(office.calls()) < 60
    assert (office.fills.progress().state, office.fills.progress().why) == (
        Filling.PAUSED,
        errors.Unexpected.code,
    )


# -- vanished, expired, barred, erased
# -----------------------------------------------------------------------------


def test_who_vanished_is_noticed_by_a_slow_pass_and_nobody_else(office: Office) -> None:
    office.fills_up()
    office.crm.remove("contato", "3", "5", "9")
    office.works(2 * LOOK_EVERY)
    assert office.name("3")
    began = office.passed
    office.next_day()

    everybody(office)
    assert len([q for q in office.calls(began) if q.sort == "id"]) < 10


def test_when_many_would_vanish_at_once_nobody_does_and_it_is_said(office: Office) -> None:
    office.fills_up()
    before = office.people.count()
    office.crm.remove("contato", *(str(number) for number in range(1, 61)))
    office.next_day()
    assert office.people.count() == before
    assert office.fills.progress().why == GONE

    for number in range(1, 61):
        office.crm.put("contato", id=str(number), nome="Wieder da")
    office.next_day()
    assert office.fills.progress().why == ""


def test_a_wall_clock_that_is_set_makes_nobody_vanish(office: Office) -> None:
    office.takes, office.mirror = 1.0, office.process(size=50)
    office.works(10)
    office.clock.at -= 7200
    office.fills_up()
    assert office.fills.progress().why == ""  # nobody seemed to vanish either
    office.clock.at += 9000
    office.next_day()

    everybody(office)


def test_what_changed_while_no_server_ran_is_known_before_the_slow_pass_comes_to_it(
    office: Office,
) -> None:
    office.fills_up()
    office.crm.alter("contato", "1", ultima_atualizacao="2026-11-20 20:00:00")
    office.works(2 * LOOK_EVERY)
    office.takes, office.mirror = 1.9, office.process(size=50)
    office.crm.alter("contato", "203", nome="Outro Nome", ultima_atualizacao=NOW)
    office.crm.alter("contato", "201", ultima_atualizacao="2026-11-21 12:00:00")
    office.passes(PASS_EVERY)
    office.works(LOOK_EVERY + 20)

    assert office.fills.of("contato").is_passing
    assert office.name("203") == "Outro Nome"


def test_the_slow_pass_takes_a_quarter_of_the_rate(office: Office) -> None:
    office.fills_up()
    office.takes, office.mirror = 0.0, office.process(size=50)
    began = office.passed
    office.next_day()
    pages = [
        at
        for at, q in office.source.asked
        if at > began and q.sort == "id" and q.resource == "contato"
    ]

    assert min(later - sooner for sooner, later in pairwise(pages)) >= 4.0


def test_after_so_many_days_without_a_change_people_are_erased_and_stay_out(
    crm: Emulator, tmp_path: Path
) -> None:
    crm.alter("contato", "1", ultima_atualizacao="2026-10-01 10:00:00")
    crm.alter("contato", "2", ultima_atualizacao="2026-11-19 10:00:00")
    office = Office(crm, tmp_path, options={"days": 5})
    office.fills_up()
    assert (office.name("1"), office.name("2")) == ("", "Beatriz Lemos Farias")

    office.passes(4 * DAY)
    office.next_day()
    assert office.name("2") == ""
    assert office.people.count() > 300

    office.next_day()  # all others at once: they expired, and did not vanish
    assert (office.people.count(), office.fills.progress().why) == (0, "")


def test_who_was_barred_does_not_come_back(office: Office) -> None:
    office.fills_up()
    office.people.bar(Ref.LEAD, "1")
    office.crm.alter("contato", "1", ultima_atualizacao=NOW)
    office.next_day()

    assert office.people.one(Ref.LEAD, "1") is None


def test_an_index_that_is_erased_meanwhile_is_filled_anew(office: Office) -> None:
    office.takes, office.mirror = 1.0, office.process(size=50)
    office.works(15)
    office.people.erase()
    assert not office.fills.is_complete
    office.fills_up()

    everybody(office)


# -- as a thread
# --------------------------------------------------------------------------------------------------


def test_a_failing_disk_or_a_mistake_of_ours_does_not_end_it(
    office: Office, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    for trouble in (errors.DiskFull("x"), ZeroDivisionError("ours")):
        monkeypatch.setattr(office.people, "keep", _raising(trouble))
        waits = []
        for _ in range(5):
            waits.append(office.mirror._worked())
            office.passes(waits[-1])
        assert max(waits) == DISK_FIRST
    monkeypatch.undo()

    assert {"mistake of ours" in r.message or "waits" in r.message for r in caplog.records} == {
        True
    }
    office.passes(700)
    office.fills_up()
    everybody(office)


def _raising(error: Exception) -> object:
    def keep(*_: object) -> int:
        raise error

    return keep


def test_it_works_in_a_thread_of_its_own_until_it_is_stopped(crm: Emulator, tmp_path: Path) -> None:
    office = Office(crm, tmp_path)
    office.mirror.steady = iter(range(10**9)).__next__
    office.mirror.start()
    while not office.fills.is_complete:
        assert office.mirror._stop.wait(0.01) is False
    office.mirror.stop()

    everybody(office)
