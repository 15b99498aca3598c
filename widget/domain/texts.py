"""Screen text: the source is Brazilian Portuguese, ``widget/locale`` holds the rest."""

from __future__ import annotations

import io
from contextvars import ContextVar
from functools import cache
from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import NullTranslations, Translations

SOURCE = "pt-BR"
LOCALES = ("pt-BR", "en", "es")
FOLDER = Path(__file__).parents[1] / "locale"

_locale: ContextVar[str] = ContextVar("locale", default=SOURCE)


def mark(text: str) -> str:
    """Marks a sentence for the catalogues.

    It is marked where it is written and translated where it is shown.
    """
    return text


def choose(*wishes: str | None) -> str:
    """Returns the first wished language that we speak, else the source language.

    A wish is "pt_br", "en-GB" or an Accept-Language header.
    """
    for wish in wishes:
        for tag in (wish or "").replace("_", "-").split(","):
            language = tag.split(";")[0].strip().split("-")[0].lower()
            for locale in LOCALES:
                if language == locale.split("-")[0]:
                    return locale
    return SOURCE


def speak(locale: str) -> None:
    """Sets the language of this request."""
    _locale.set(locale)


def spoken() -> str:
    """The language of this request."""
    return _locale.get()


def gettext(message: str, **values: object) -> str:
    """The sentence in the language of this request, with its values filled in."""
    text: str = (
        _catalogue(spoken()).gettext(message) if message else ""
    )  # "" names a catalogue's own header
    return text % values if values else text


def ngettext(singular: str, plural: str, number: int, **values: object) -> str:
    """The sentence for one or many, in the language of this request; ``%(num)s`` is the number."""
    text: str = _catalogue(spoken()).ngettext(singular, plural, number)
    return text % {
        "num": number,
        **values,
    }


@cache
def _catalogue(locale: str) -> NullTranslations:
    """Reads the .po file itself: no compile step that could be forgotten."""
    path = FOLDER / f"{locale}.po"
    if locale == SOURCE or not path.exists():
        return NullTranslations()
    compiled = io.BytesIO()
    with path.open("rb") as file:
        write_mo(compiled, read_po(file, locale=locale.replace("-", "_")))
    compiled.seek(0)
    return Translations(compiled)
