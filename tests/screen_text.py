"""Finds text in the sources that would reach a screen without passing through the catalogues."""

import ast
import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

from jinja2 import Environment, nodes

LETTER = re.compile(r"[^\W\d_]")
ACCENTED = re.compile(r"[À-ÖØ-öø-ÿ]")
TWO_WORDS = re.compile(r"(?<![\w-])[A-Za-z]{2,}[,.!?:;]? [A-Za-z]{2,}(?![\w-]*=)")
CAPITALISED = re.compile(r"[A-Z][a-z]{2,}[.!?…]?")
TRANSLATORS = {"_", "gettext", "ngettext", "mark"}
# The same in every language: keys, and the name of a product.
SAME_EVERYWHERE = re.compile(r"Alt\+[A-Z]|Alt|Ctrl|Enter|WhatsApp|Vínculo")
READ_ALOUD = {
    "alt",
    "aria-description",
    "aria-label",
    "aria-placeholder",
    "aria-roledescription",
    "aria-valuetext",
    "hx-confirm",
    "hx-prompt",
    "placeholder",
    "title",
}
ATTRIBUTE = re.compile(r"([\w:-]+)=(?:\"([^\"]*)\"|'([^']*)')")
BARE_ATTRIBUTE = re.compile(
    r"data-[a-z-]+|novalidate|autofocus|required|multiple|checked|selected|hidden|disabled"
)
# Where a script puts a literal so that it is read, and what a template literal fills in.
SHOWN = re.compile(
    r"""(?:
    \.(?:textContent|innerText|innerHTML|title|placeholder|alt|ariaLabel)\s*\+?=
    | (?:alert|confirm|prompt)\(
    | setAttribute\(\s*["'`](?:title|placeholder|alt|aria-label)["'`],
    )\s*["'`]([^"'`]*)""",
    re.VERBOSE,
)
HOLE = re.compile(r"\$\{[^}]*\}")
VALUE = "\ue000"  # stands where {{ }} puts something


def in_template(source: str) -> list[str]:
    """Returns the words of a template that stand outside ``{{ }}``.

    It also returns the string literals inside that nothing translates.
    """
    environment = Environment(autoescape=True, extensions=["jinja2.ext.i18n"])
    finder = _Finder()
    finder.feed(_skeleton(environment, source))
    finder.close()
    return finder.found + list(_untranslated_literals(environment.parse(source)))


def in_script(source: str) -> list[str]:
    """Sentences in a script's literals, and words that it puts where they are read."""
    code, literals = _strings_of_script(source)
    sentences = [text for text in literals if ACCENTED.search(text) or TWO_WORDS.search(text)]
    return sentences + [text for text in SHOWN.findall(code) if LETTER.search(HOLE.sub("", text))]


def in_style(source: str) -> list[str]:
    """Words that a style sheet writes."""
    return [
        text for text in re.findall(r"content:\s*[\"']([^\"']*)", source) if LETTER.search(text)
    ]


def in_module(source: str) -> list[str]:
    """Returns the literals of a module that look like what a person reads.

    Nothing translates or marks them.
    """
    tree = ast.parse(source)
    silent = {id(node) for call in ast.walk(tree) if _translates(call) for node in ast.walk(call)}
    silent |= {
        id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)
    }  # docstrings
    silent |= {id(name) for node in tree.body if _exports(node) for name in ast.walk(node)}
    sinks = {id(node) for sink in ast.walk(tree) for node in _shown_by(sink)}
    return [
        node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant)
        and isinstance(node.value, str)
        and id(node) not in silent
        and (_reads_like_text(node.value) or (id(node) in sinks and LETTER.search(node.value)))
    ]


def _reads_like_text(text: str) -> bool:
    return bool(
        ACCENTED.search(text)
        or CAPITALISED.fullmatch(text)
        or re.match(r"[A-ZÀ-Ú][a-zà-ú]* ", text)
    )


def _exports(node: ast.stmt) -> bool:
    return isinstance(node, ast.Assign) and any(
        getattr(target, "id", "") == "__all__" for target in node.targets
    )


def _translates(node: ast.AST) -> bool:
    return (
        isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id in TRANSLATORS
    )


def _shown_by(node: ast.AST) -> list[ast.expr]:
    """The literals that the statement or call brings to the screen just as they are."""
    if isinstance(node, ast.Assign) and any(
        getattr(t, "id", "") in {"sentence", "advice"} for t in node.targets
    ):
        return [node.value]
    if not isinstance(node, ast.Call):
        return []
    name = getattr(node.func, "attr", getattr(node.func, "id", ""))
    if name == "Invalid":
        return [
            value for fields in node.args if isinstance(fields, ast.Dict) for value in fields.values
        ]
    if name == "ValidationError" or (name == "show" and len(node.args) > 1):
        return node.args
    return [k.value for k in node.keywords if k.arg == "notice"]


def _skeleton(environment: Environment, source: str) -> str:
    """The HTML of a template, with a mark for each value and without the statements."""
    depth, parts = 0, []
    for _, kind, text in environment.lex(source):
        if kind in {"variable_begin", "block_begin", "comment_begin"}:
            depth += 1
            parts.append(VALUE if kind == "variable_begin" else "")
        elif kind in {"variable_end", "block_end", "comment_end"}:
            depth -= 1
        elif kind == "data" and not depth:
            parts.append(text)
    return "".join(parts)


def _untranslated_literals(tree: nodes.Template) -> Iterator[str]:
    translated = {
        id(c)
        for call in tree.find_all(nodes.Call)
        if getattr(call.node, "name", "") in TRANSLATORS
        for c in call.find_all(nodes.Const)
    }
    for literal in tree.find_all(nodes.Const):
        text = literal.value
        unseen = not isinstance(text, str) or id(literal) in translated or "hx-" in text
        if not unseen and (_reads_like_text(text) or TWO_WORDS.search(text)):
            yield text


def _strings_of_script(source: str) -> tuple[str, list[str]]:
    """The script without its comments, and its literals without what template literals put in."""
    token = re.compile(
        r"//[^\n]*|/\*.*?\*/|\"(?:\\.|[^\"\\\n])*\"|'(?:\\.|[^'\\\n])*'|`(?:\\.|[^`\\])*`",
        re.DOTALL,
    )
    code = token.sub(lambda m: "" if m[0].startswith("/") else m[0], source)
    literals = [m[0][1:-1] for m in token.finditer(code)]
    return code, [HOLE.sub("", text) for text in literals]


class _Finder(HTMLParser):
    """Collects text and spoken attributes.

    Macros that make attributes are read as such wherever they stand.
    """

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self._silent = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._silent += tag in {"script", "style"}
        for name, value in attrs:
            self._attribute(name, value or "")

    def handle_endtag(self, tag: str) -> None:
        self._silent -= tag in {"script", "style"}

    def handle_data(self, data: str) -> None:
        for name, double, single in ATTRIBUTE.findall(data):
            self._attribute(name, double or single)
        if not self._silent:
            for piece in BARE_ATTRIBUTE.sub("", ATTRIBUTE.sub("", data)).split("\n"):
                self._text(piece)

    def _attribute(self, name: str, value: str) -> None:
        if name in READ_ALOUD:
            self._text(value)

    def _text(self, text: str) -> None:
        words = text.strip()
        single_key = len(words) == 1
        if (
            LETTER.search(words.replace(VALUE, ""))
            and not single_key
            and not SAME_EVERYWHERE.fullmatch(words)
        ):
            self.found.append(words)


def files(folder: Path, suffix: str, *without: str) -> list[Path]:
    """The files of a kind, but for those whose path within the folder begins with one of these."""
    found = sorted(folder.rglob(f"*{suffix}"))
    return [path for path in found if not path.relative_to(folder).as_posix().startswith(without)]
