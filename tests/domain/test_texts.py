"""The language of a request, and sentences in it."""

from __future__ import annotations

from collections.abc import Iterator
from threading import Thread

import pytest

from widget.domain.texts import LOCALES, SOURCE, choose, gettext, mark, ngettext, speak, spoken


@pytest.fixture(autouse=True)
def _back_to_the_source() -> Iterator[None]:
    yield
    speak(SOURCE)


@pytest.mark.parametrize(
    ("wishes", "locale"),
    [
        (["pt_BR"], "pt-BR"),
        (["pt"], "pt-BR"),
        (["pt-PT"], "pt-BR"),
        (["en-GB"], "en"),
        (["EN"], "en"),
        (["es-419"], "es"),
        (["es_MX,es;q=0.9,en;q=0.8"], "es"),
        (["fr-FR,fr;q=0.9,en;q=0.8"], "en"),
        (["fr", "es"], "es"),
        (["", "en"], "en"),
        ([None, "es"], "es"),
        (["es", "en"], "es"),
        (["fr", "de"], "pt-BR"),
        ([], "pt-BR"),
        (["*"], "pt-BR"),
        (["; ,,=-_"], "pt-BR"),
        (["english"], "pt-BR"),
    ],
)
def test_the_first_wish_that_we_speak_decides(wishes: list[str | None], locale: str) -> None:
    assert choose(*wishes) == locale


def test_the_source_needs_no_catalogue() -> None:
    speak("pt-BR")

    assert gettext("Salvar") == "Salvar"


@pytest.mark.parametrize(
    ("locale", "word"), [("pt-BR", "Salvar"), ("en", "Save"), ("es", "Guardar")]
)
def test_a_sentence_is_said_in_the_language_of_the_request(locale: str, word: str) -> None:
    speak(locale)

    assert spoken() == locale
    assert gettext("Salvar") == word


@pytest.mark.parametrize("locale", LOCALES)
def test_values_are_filled_in_in_every_language(locale: str) -> None:
    speak(locale)

    assert "12" in gettext("há %(number)s min", number=12)
    assert "12" in ngettext("há %(num)s dia", "há %(num)s dias", 12)


@pytest.mark.parametrize(
    ("locale", "one", "many"),
    [("pt-BR", "há 1 dia", "há 2 dias"), ("es", "hace 1 día", "hace 2 días")],
)
def test_one_and_many_are_told_apart(locale: str, one: str, many: str) -> None:
    speak(locale)

    assert ngettext("há %(num)s dia", "há %(num)s dias", 1) == one
    assert ngettext("há %(num)s dia", "há %(num)s dias", 2) == many


@pytest.mark.parametrize("locale", LOCALES)
def test_nothing_stays_nothing(locale: str) -> None:
    """A catalogue answers "" with its own header, which is not for attendants."""
    speak(locale)

    assert gettext("") == ""


@pytest.mark.parametrize("locale", LOCALES)
def test_what_no_catalogue_knows_is_said_as_it_is_written(locale: str) -> None:
    speak(locale)

    assert gettext("Preencha Filial! 100%") == "Preencha Filial! 100%"


def test_one_requests_language_is_not_anothers() -> None:
    speak("en")
    seen: list[str] = []
    other = Thread(target=lambda: seen.append(spoken()))
    other.start()
    other.join(10)

    assert seen == [SOURCE]


def test_marking_changes_nothing() -> None:
    assert mark("Salvar") == "Salvar"
