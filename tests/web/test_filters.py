"""How values look on the screen."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from tests.crm.bench import Clock
from widget.brazil import matching
from widget.domain.model import Certainty, Kind, Reason, State, Status
from widget.domain.texts import SOURCE, speak
from widget.web.filters import (
    KINDS,
    REASONS,
    STATES,
    STATUSES,
    age,
    all_filters,
    day,
    initials,
    money,
    telephone,
    whatsapp,
)

ZONE = ZoneInfo("America/Sao_Paulo")
NOW = datetime(2026, 11, 20, 14, 7, tzinfo=ZONE)


@pytest.fixture(autouse=True)
def _back_to_the_source() -> Iterator[None]:
    yield
    speak(SOURCE)


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (-30, "agora"),
        (0, "agora"),
        (59, "agora"),
        (60, "há 1 min"),
        (3599, "há 59 min"),
        (3600, "há 1 h"),
        (3599.9999995, "há 1 h"),  # a clock keeps microseconds only
        (86_399, "há 23 h"),
        (86_400, "há 1 dia"),
        (200_000, "há 2 dias"),
    ],
)
def test_an_age_is_told_as_people_tell_it(seconds: float, text: str) -> None:
    assert age(NOW.timestamp() - seconds, NOW) == text


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("2026-11-20 09:05:00", "09:05"),
        ("2026-11-20T09:05", "09:05"),
        ("2026-11-20", "hoje"),
        ("2026-11-20 00:00:00", "hoje"),
        ("2026-11-19 17:20:00", "ontem, 17:20"),
        ("2026-11-19", "ontem"),
        ("2026-08-12 10:00:00", "12/08/2026"),
        ("2026-12-05", "05/12/2026"),
        ("2016-04-07", "07/04/2016"),
        ("", ""),
        ("0000-00-00", ""),
        ("0000-00-00 00:00:00", ""),
        ("20/11/2026", "hoje"),
        ("20/11/2026 09:05", "09:05"),
        ("30/11/2025 10:00:00", "30/11/2025"),
        ("-0001-11-30 00:00:00", ""),
        ("1899-11-30", ""),
        ("0001-01-01", ""),
        ("30/11/-0001", ""),
        ("2026-02-30", ""),
    ],
)
def test_a_date_of_the_crm_is_told_as_people_tell_it(value: str, text: str) -> None:
    assert day(value, NOW) == text


def test_a_date_is_written_as_its_language_writes_it() -> None:
    speak("en")

    assert day("2026-08-12", NOW) == "12 Aug 2026"


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("119.90", "R$\u00a0119,90"),
        ("1290.00", "R$\u00a01.290,00"),
        ("89.900000000", "R$\u00a089,90"),
        ("99,90", "R$\u00a099,90"),
        ("1.299,90", "R$\u00a01.299,90"),
        ("R$ 1.299,90", "R$\u00a01.299,90"),
        ("0,00", ""),
        ("0.00", ""),
        ("", ""),
        ("abc", ""),
        ("nan", ""),
        ("inf", ""),
        ("1e999", ""),
    ],
)
def test_money_is_written_in_reais(value: str, text: str) -> None:
    assert money(value) == text


def test_the_clock_on_the_screen_is_the_crms_and_not_greenwichs() -> None:
    clock = Clock(NOW.timestamp())

    assert all_filters(clock.now)["time_of_day"](NOW.timestamp() - 60) == "14:06"


@pytest.mark.parametrize(
    ("text", "digits", "number"),
    [
        ("(49) 98812-4417", "5549988124417", "+5549988124417"),
        ("+554988124417", "5549988124417", "+5549988124417"),
        ("(49) 3322-1188", "", "+554933221188"),
        ("+14155552671", "14155552671", "+14155552671"),
        ("190", "", "190"),
        ("nada", "", ""),
    ],
)
def test_an_address_to_write_or_call(text: str, digits: str, number: str) -> None:
    assert (whatsapp(text), telephone(text)) == (digits, number)


@pytest.mark.parametrize(
    ("name", "letters"),
    [
        ("Marina Teles Andrade", "MA"),
        ("ana", "A"),
        ("Henrique 🚀", "H"),
        ("🚀", "?"),
        ("", "?"),
        ("  ", "?"),
        ("+55 49", "?"),
        ("Élcio da Silva", "ÉS"),
    ],
)
def test_initials_are_two_letters(name: str, letters: str) -> None:
    assert initials(name) == letters


def test_every_word_of_the_trade_has_its_words_on_the_screen() -> None:
    assert set(KINDS) == set(Kind)
    assert set(STATUSES) == set(Status)
    assert set(STATES) == set(State)


def test_every_reason_that_can_be_given_can_be_shown() -> None:
    given = {*matching.ORDER, Reason("link", Certainty.EXACT)}

    assert given <= set(REASONS)


@pytest.mark.parametrize("locale", ["pt-BR", "en", "es"])
def test_every_filter_works_in_every_language(locale: str) -> None:
    filters = all_filters(Clock(NOW.timestamp()).now)
    speak(locale)

    shown = [filters["kind"](kind) for kind in Kind] + [
        filters["status"](status) for status in Status
    ]
    shown += [filters["state"](state) for state in State] + [
        filters["reason"](reason) for reason in REASONS
    ]
    shown += [
        filters["age"](NOW.timestamp() - 90_000),
        filters["day"]("2026-11-19 10:00"),
        filters["money"]("1.5"),
    ]

    assert all(shown)
    assert len(set(shown)) == len(shown)
