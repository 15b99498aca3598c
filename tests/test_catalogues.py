"""Tests that every sentence is there in every language.

Every word on a screen passes through the catalogues.
"""

import re
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from babel.messages.catalog import Catalog, Message

from tests import product
from tests.conftest import ROOT
from tests.every_screen import every_screen, words_of, words_of_data
from tests.product import Visitor
from tests.screen_text import files, in_module, in_script, in_style, in_template
from tools.texts import extracted, path_of, read, translations, updated, written
from widget.domain import texts
from widget.emulator.crm.server import Emulator

LANGUAGES = [locale for locale in texts.LOCALES if locale != texts.SOURCE]
# These speak to whoever runs the server, or to the CRM; the emulator is a product of its own.
SPEAK_TO_OTHERS = (
    "emulator/",
    "crm/",
    "cli/",
    "store/engine/copies.py",
    "store/journal/survey.py",
    "diagnosis/metrics.py",
    "domain/integrations.py",
    "domain/options.py",
    "domain/settings.py",
    "web/browsers.py",
)
NO_SCREEN_TEXT = {
    "Origin",
    "Strict",
    "None",
    "Chatwoot",
    "Vínculo",
    "Referer",
    "Vary",
    "Date",
    "Form",
    "View",
}  # brands, headers, names of types
PLACE = re.compile(r"%\((\w+)\)\w")


def sentences(catalogue: Catalog) -> dict[str, Message]:
    """Its messages by their source text, the plural one after a line."""
    return {_source(message): message for message in catalogue if message.id}


def _source(message: Message) -> str:
    return message.id if isinstance(message.id, str) else "\n".join(message.id)


@pytest.mark.parametrize("locale", LANGUAGES)
def test_a_catalogue_has_every_sentence_of_the_sources_and_no_other(locale: str) -> None:
    assert set(sentences(read(locale))) == set(sentences(extracted())), (
        "run `make texts` and translate what is new"
    )
    assert not read(locale).obsolete


@pytest.mark.parametrize("locale", LANGUAGES)
def test_every_sentence_is_translated_and_none_is_a_guess(locale: str) -> None:
    catalogue = read(locale)

    assert [
        _source(m) for m in sentences(catalogue).values() if m.fuzzy or not all(translations(m))
    ] == []
    assert {len(translations(m)) for m in sentences(catalogue).values() if m.pluralizable} == {
        catalogue.num_plurals
    }


@pytest.mark.parametrize("locale", LANGUAGES)
def test_a_translation_has_the_places_of_its_sentence(locale: str) -> None:
    catalogue = read(locale)

    different = [
        (source, text)
        for source, message in sentences(catalogue).items()
        for text in translations(message)
        if set(PLACE.findall(text)) != set(PLACE.findall(source))
    ]

    assert different == []
    assert list(catalogue.check()) == []


@pytest.mark.parametrize("locale", LANGUAGES)
def test_a_translation_begins_and_ends_as_its_sentence(locale: str) -> None:
    def edges(text: str) -> tuple[bool, str]:
        return text[:1].isupper(), text[-1:] if text[-1:] in ".:…?" else ""

    unlike = [
        (source, text)
        for source, message in sentences(read(locale)).items()
        for text in translations(message)
        if source[0].isalpha()
        and text[0].isalpha()
        and edges(text) != edges(source.partition("\n")[0])
    ]

    assert unlike == []


@pytest.mark.parametrize("locale", LANGUAGES)
def test_a_catalogue_names_nobody_and_no_day(locale: str) -> None:
    header = path_of(locale).read_text().partition("\n\n")[0]

    assert f'"Language: {locale}\\n"' in header
    assert "charset=utf-8" in header
    assert not re.search(r"Date|Translator|Team|Generated|@|\d{4}-\d\d", header)


def test_bringing_the_catalogues_up_to_date_twice_changes_nothing() -> None:
    for locale in LANGUAGES:
        assert written(updated(locale)) == path_of(locale).read_bytes(), "make texts"
        assert read(locale).plural_expr == "(n != 1)"


def test_the_panel_reads_the_catalogue_itself() -> None:
    texts.speak("es")

    assert texts.gettext("Etapa %(step)s de %(steps)s", step=2, steps=5) == "Etapa 2 de 5"
    assert texts.gettext("Vencida") == "Ganada"
    assert texts.ngettext("há %(num)s dia", "há %(num)s dias", 1) == "hace 1 día"
    assert texts.ngettext("há %(num)s dia", "há %(num)s dias", 3) == "hace 3 días"


@pytest.mark.parametrize("path", files(ROOT / "templates", ".html"), ids=lambda p: p.name)
def test_a_template_says_nothing_that_is_not_translated(path: Path) -> None:
    assert in_template(path.read_text()) == []


@pytest.mark.parametrize("path", files(ROOT / "static", ".js"), ids=lambda p: p.name)
def test_a_script_says_nothing_of_its_own(path: Path) -> None:
    assert in_script(path.read_text()) == []


@pytest.mark.parametrize("path", files(ROOT / "static", ".css"), ids=lambda p: p.name)
def test_a_style_sheet_writes_no_words(path: Path) -> None:
    assert in_style(path.read_text()) == []


@pytest.mark.parametrize(
    "path", files(ROOT / "widget", ".py", *SPEAK_TO_OTHERS), ids=lambda p: p.name
)
def test_a_module_marks_every_sentence_that_people_read(path: Path) -> None:
    assert set(in_module(path.read_text())) <= NO_SCREEN_TEXT


@pytest.mark.parametrize(
    ("find", "source", "words"),
    [
        (in_template, '<p class="x y">Olá {{ name }}</p>', ["Olá \ue000"]),
        (in_template, '<b aria-label="{{ _("ok") }}: isto">{{ _("Sim") }}</b>', ["\ue000: isto"]),
        (in_template, '{% macro tip() %}title="Abre"{% endmacro %}<i {{ tip() }}></i>', ["Abre"]),
        (in_template, '{{ ui.input(form, "name", "Nome") }}{{ "sem nome" }}', ["Nome", "sem nome"]),
        (in_template, '<kbd>Alt</kbd> <kbd>A</kbd><i title="Alt+A">· {{ x }}</i>{# nota #}', []),
        (in_script, 'by("say").textContent = "Salvo"; // um comentário', ["Salvo"]),
        (in_script, 'button.setAttribute("aria-label", `Fechar ${name}`)', ["Fechar ${name}"]),
        (in_script, 'show("isto vai mal", "não")', ["isto vai mal", "não"]),
        (
            in_script,
            'find("[data-list] .result, [type=search]"); x.textContent = `${a} / ${b}`',
            [],
        ),
        (in_style, '.x::before { content: "novo" } .y::after { content: "·" }', ["novo"]),
        (
            in_module,
            '"""Não."""\nX = {"a": "Falta o DDD.", "b": mark("Falta o DDD.")}',
            ["Falta o DDD."],
        ),
        (in_module, 'raise ValidationError("curto")', ["curto"]),
        (in_module, 'raise Invalid({"phone": "errado", "email": mark("x")})', ["errado"]),
        (in_module, 'class A:\n    sentence = "quebrou"\n    code = "VNC-1"', ["quebrou"]),
        (in_module, 'card.show(visit, fresh, "salvo")\nlog.info("for support")', ["salvo"]),
    ],
)
def test_untranslated_words_are_found(find: Any, source: str, words: list[str]) -> None:
    assert find(source) == words


@pytest.fixture
def silent_catalogue(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A language without words: each sentence is only brackets around its values.

    What has letters is not translated.
    """
    catalogue = Catalog("es")
    for message in sentences(extracted()).values():
        empty = "⟦{}⟧".format(
            "".join(f"⟧%({name})s⟦" for name in PLACE.findall(_source(message).split("\n")[-1]))
        )
        catalogue.add(message.id, (empty, empty) if message.pluralizable else empty)
    (tmp_path / "es.po").write_bytes(written(catalogue))
    monkeypatch.setattr(texts, "FOLDER", tmp_path)
    texts._catalogue.cache_clear()
    yield
    texts._catalogue.cache_clear()


def test_on_every_screen_only_names_and_data_stand_outside_the_catalogues(
    crm: Emulator, tmp_path: Path, silent_catalogue: None
) -> None:
    clock = [time.time()]
    app = product.product(crm, tmp_path / "data", locale="es", clock=lambda: clock[-1])
    screens = every_screen(
        crm, Visitor(app.test_client(), product.TEO), lambda: clock.append(clock[-1] + 1800)
    )
    data = words_of_data(tmp_path / "crm.db")

    strange = {
        (name, text) for name, screen in screens for text in words_of(screen) if text not in data
    }

    assert strange == set()


def test_the_attendants_guide_uses_the_words_and_keys_of_the_screens() -> None:
    guide = (ROOT / "docs" / "guia-do-atendente.md").read_text()
    said = ["Inmap Sales CRM", *sentences(extracted())]
    templates = "".join(path.read_text() for path in files(ROOT / "templates", ".html"))

    assert [
        words
        for words in re.findall(r"\*\*(.+?)\*\*", guide)
        if not any(words in text for text in said)
    ] == []
    assert set(re.findall(r"`Alt`\+`(\w)`", guide)) == {
        key.upper() for key in re.findall(r'data-key="(\w)"', templates)
    }
