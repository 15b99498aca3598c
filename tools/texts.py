"""Keeps the catalogues in step with the sources.

New sentences come in empty, gone ones leave, and nothing is guessed.
"""

from __future__ import annotations

import io
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.frontend import parse_mapping_cfg
from babel.messages.pofile import read_po, write_po

from widget.domain.texts import FOLDER, LOCALES, SOURCE

ROOT = Path(__file__).parent.parent
KEYWORDS = {
    "_": None,
    "gettext": None,
    "mark": None,
    "ngettext": (1, 2),
}
FOLDERS = {"templates", "widget"}
WIDTH = 120
# No dates and no names, which would change without the texts; Babel's own header has both.
HEADER = """\
# {language} texts of Vínculo. `make texts` brings new sentences here, empty; \
the tests want each one translated.
msgid ""
msgstr ""
"Project-Id-Version: Vínculo\\n"
"Language: {locale}\\n"
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=utf-8\\n"
"Content-Transfer-Encoding: 8bit\\n"
"Plural-Forms: {plurals}\\n"

"""


def main() -> None:
    """Rewrites each catalogue and says what is left to translate."""
    for locale in LOCALES:
        if locale != SOURCE:
            catalogue = updated(locale)
            path_of(locale).write_bytes(written(catalogue))
            print(
                f"{path_of(locale).relative_to(ROOT)}: {len(catalogue)} sentences, "
                f"{_empty(catalogue)} to translate"
            )


def extracted() -> Catalog:
    """Every sentence of the sources, with the files that say it."""
    catalogue = Catalog()
    with (ROOT / "babel.cfg").open(encoding="utf-8") as file:
        methods, options = parse_mapping_cfg(file)  # type: ignore[no-untyped-call]
    for name, line, sentence, _, _ in extract_from_dir(
        ROOT, methods, options, KEYWORDS, directory_filter=_is_ours
    ):
        catalogue.add(sentence, locations=[(name, line)])
    return catalogue


def path_of(locale: str) -> Path:
    """The catalogue's file."""
    return FOLDER / f"{locale}.po"


def read(locale: str) -> Catalog:
    """The catalogue as it is; an empty one for a new language."""
    path = path_of(locale)
    return (
        read_po(io.BytesIO(path.read_bytes()), locale=locale) if path.exists() else Catalog(locale)
    )


def translations(message: Message) -> tuple[str, ...]:
    """What a sentence is in the other language: one text, or one for each plural form."""
    return (
        tuple(message.string)
        if isinstance(message.string, (tuple, list))
        else (message.string or "",)
    )


def updated(locale: str) -> Catalog:
    """The catalogue with exactly the sentences of the sources."""
    catalogue = read(locale)
    catalogue.update(extracted(), no_fuzzy_matching=True)
    return catalogue


def written(catalogue: Catalog) -> bytes:
    """The catalogue as it is kept: by file, without line numbers.

    Line numbers would change with every edit.
    """
    file = io.BytesIO()
    write_po(
        file,
        catalogue,
        WIDTH,
        omit_header=True,
        sort_by_file=True,
        ignore_obsolete=True,
        include_lineno=False,
    )
    return _header(catalogue).encode() + file.getvalue()


def _header(catalogue: Catalog) -> str:
    locale = catalogue.locale
    language = locale.get_display_name("en") if locale else ""
    return HEADER.format(
        language=language, locale=catalogue.locale_identifier, plurals=catalogue.plural_forms
    )


def _is_ours(folder: str) -> bool:
    return Path(folder).relative_to(ROOT).parts[0] in FOLDERS


def _empty(catalogue: Catalog) -> int:
    return sum(bool(message.id) and not all(translations(message)) for message in catalogue)


if __name__ == "__main__":
    main()
