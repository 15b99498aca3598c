"""Guards the house: who may import whom, where things are, how long they get.

It also guards that the documents are true.
"""

import ast
import io
import json
import re
import tokenize
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, cached_property
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

from tests.conftest import ROOT
from tools.prose import wrapped
from tools.readme import PAGES, module_map, renewed, room_map
from widget.crm.ixc.lookups import RESOURCES as LOOKUPS
from widget.crm.ixc.needs import NEEDS
from widget.crm.ixc.words import FORMS
from widget.domain.settings import option_table
from widget.registry import CONSOLES, TABS

# A room may import from rooms in the lines above its own, never from its own line or below.
DIRECTION = """
    domain
    brazil
    web store.engine
    store.ledger
    store.journal store.people store.records
    crm
    crm.rings crm.ixc
    consoles
    desk
    actions
    privacy
    panel diagnosis sync
    panel.tabs
    setup
    registry
    app
    cli
    server
"""
LEVELS = {
    room: level
    for level, line in enumerate(DIRECTION.strip().splitlines())
    for room in line.split()
}
DATABASES = {"sqlite3", "sqlite_utils", "pysqlite3"}
# Where requests are answered, and what is asked there of the one that is answered right now.
WEB = {
    "web",
    "desk",
    "actions",
    "panel",
    "panel.tabs",
    "widget.diagnosis.metrics",
    "setup",
    "registry",
    "app",
    "cli",
}
# What consoles may share beside their port: how tokens are read and starts are sealed.
SHARED_READERS = {"widget.consoles.claims", "widget.consoles.seals"}
# Nothing happens in these: they only declare, or put together what has its own tests.
WITHOUT_TESTS = {
    "widget.brazil.nicknames",
    "widget.crm.ixc.kind",
    "widget.crm.ixc.needs",
    "widget.crm.ixc.vocabulary",
    "widget.crm.ixc.words",
    "widget.crm.wire",
    "widget.desk.building",
    "widget.domain.traffic",
    "widget.diagnosis.known",
    "widget.diagnosis.known_crm",
    "widget.diagnosis.known_link",
    "widget.diagnosis.known_server",
    "widget.diagnosis.places",
    "widget.domain.trouble",
    "widget.setup.navigation",
    "widget.setup.office",
    "widget.setup.sheet",
    "widget.store.engine.port",
}
# These guard the whole rather than one module.
OF_THE_WHOLE = {
    "tests/test_map.py",
    "tests/test_setup.py",
    "tests/test_conftest.py",
    "tests/test_catalogues.py",
    "tests/test_faults.py",
    "tests/test_chaos.py",
    "tests/test_believed.py",
    "tests/test_own_ways.py",
    "tests/test_disk.py",
    "tests/test_acceptance.py",
    "tests/test_bench.py",
    "tests/test_exactly_once.py",
    "tests/test_nonsense.py",
    "tests/test_radar.py",
    "tests/test_collection.py",
    "tests/test_intruders.py",
    "tests/setup/test_nonsense.py",
    "tests/test_openapi.py",
    "tests/test_pages.py",
    "tests/test_second_console.py",
    "tests/test_second_kind.py",
    "tests/emulator/test_ixcpy.py",
    "tests/store/test_power_loss.py",
}


@dataclass(frozen=True)
class Module:
    """A Python file of the product."""

    path: Path

    @cached_property
    def name(self) -> str:
        return ".".join(self.path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")

    @property
    def room(self) -> str:
        """The folder below widget/; a file that stands in none is a room of its own."""
        names = self.name.removeprefix("widget.").split(".")
        return ".".join(names if self.is_package else names[:-1]) or names[0]

    @property
    def is_emulator(self) -> bool:
        return self.room.split(".")[0] == "emulator"

    @cached_property
    def text(self) -> str:
        return self.path.read_text()

    @cached_property
    def tree(self) -> ast.Module:
        return ast.parse(self.text)

    @property
    def is_package(self) -> bool:
        return self.path.name == "__init__.py"

    @cached_property
    def imports(self) -> list[ast.Import | ast.ImportFrom]:
        return [
            node for node in ast.walk(self.tree) if isinstance(node, ast.Import | ast.ImportFrom)
        ]

    @property
    def top(self) -> list[ast.stmt]:
        """Returns its outermost statements, and those of a ``try`` among them.

        A library may have a stand-in there.
        """
        tries = [node for node in self.tree.body if isinstance(node, ast.Try)]
        return [
            *self.tree.body,
            *(s for t in tries for s in [*t.body, *(s for h in t.handlers for s in h.body)]),
        ]

    @cached_property
    def foreign(self) -> set[str]:
        """The packages and modules that it imports, and the packages around them."""
        names = {
            alias.name
            for node in self.imports
            if isinstance(node, ast.Import)
            for alias in node.names
        }
        names |= {node.module or "" for node in self.imports if isinstance(node, ast.ImportFrom)}
        return names | {name.split(".")[0] for name in names}

    @cached_property
    def ours(self) -> set[str]:
        """The modules of ours that it imports."""
        found: set[str] = set()
        for node in self.imports:
            if isinstance(node, ast.Import):
                found |= {alias.name for alias in node.names}
            else:
                found |= {_module(node.module or "", alias.name) for alias in node.names}
        return {name for name in found if name.split(".")[0] == "widget"}


def _module(package: str, name: str) -> str:
    """``from package import name``: the module it means."""
    path = ROOT / package.replace(".", "/") / name
    return f"{package}.{name}" if path.with_suffix(".py").exists() or path.is_dir() else package


MODULES = [Module(path) for path in sorted([*(ROOT / "widget").rglob("*.py"), ROOT / "server.py"])]
OUTSIDE_EMULATOR = [m for m in MODULES if not m.is_emulator]


def _room(name: str) -> str:
    return Module(ROOT / (name.replace(".", "/") + ".py")).room


def _arrows(modules: list[Module]) -> set[tuple[str, str]]:
    """Which room imports from which other one."""
    return {
        (m.room, _room(name))
        for m in modules
        for name in m.ours
        if name != "widget" and _room(name) != m.room
    }


def _breaches(modules: list[Module], allowed: set[str], foreign: set[str]) -> list[str]:
    return [
        m.name
        for m in modules
        if m.foreign & foreign and m.room not in allowed and m.name not in allowed
    ]


def test_every_room_is_on_the_map() -> None:
    assert {m.room for m in OUTSIDE_EMULATOR if not m.is_package} == set(LEVELS)


def test_the_house_is_seen_at_a_glance() -> None:
    """So many rooms, levels and arrows a newcomer can keep in mind."""
    arrows = _arrows(OUTSIDE_EMULATOR)
    needs: dict[str, set[str]] = {}
    for room, other in arrows:
        needs.setdefault(room, set()).add(other)

    @cache
    def levels(room: str) -> int:
        return 1 + max(map(levels, needs.get(room, ())), default=0)

    assert len(LEVELS) <= 26
    assert len(arrows) <= 117
    assert levels("cli") <= 12


def test_no_room_needs_itself_through_others() -> None:
    needs: dict[str, set[str]] = {}
    for room, other in _arrows(MODULES):
        needs.setdefault(room, set()).add(other)

    assert "domain" in list(TopologicalSorter(needs).static_order())


def test_imports_go_in_one_direction() -> None:
    wrong = [
        f"{m.name} imports {name}"
        for m in OUTSIDE_EMULATOR
        for name in m.ours
        if name != "widget"
        and _room(name) != m.room
        and not _room(name).startswith("emulator")
        and LEVELS[_room(name)] >= LEVELS[m.room]
    ]

    assert wrong == []


def test_no_module_imports_itself_through_others() -> None:
    order = TopologicalSorter({m.name: m.ours for m in MODULES}).static_order()

    assert "widget.domain.model" in list(order)


@pytest.mark.parametrize("room", ["panel.tabs", "consoles"])
def test_slices_do_not_import_each_other(room: str) -> None:
    declared = {f"widget.{room}", f"widget.{room}.port", *SHARED_READERS}

    assert [
        m.name
        for m in MODULES
        if m.room == room and {n for n in m.ours if _room(n) == room} - declared
    ] == []


def test_the_emulator_imports_nothing_of_ours_outside_itself() -> None:
    emulator = [m for m in MODULES if m.is_emulator]

    assert emulator
    assert [
        f"{m.name} imports {n}"
        for m in emulator
        for n in m.ours
        if not n.startswith("widget.emulator")
    ] == []


def test_only_the_command_line_and_the_demo_know_the_emulator() -> None:
    assert {
        m.name for m in OUTSIDE_EMULATOR for n in m.ours if n.startswith("widget.emulator")
    } == {
        "widget.cli.main",
        "widget.cli.commands",
        "widget.cli.demo",
    }


def test_only_the_transport_knows_requests() -> None:
    assert (
        _breaches(OUTSIDE_EMULATOR, {"widget.crm.http"}, {"requests", "urllib.request", "httpx"})
        == []
    )
    assert (
        _breaches(OUTSIDE_EMULATOR, {"widget.crm.http", "widget.crm.connection"}, {"urllib3"}) == []
    )


def _calls(module: Module, *names: str) -> set[str]:
    """Which of these methods or classes it calls."""
    called = (node.func for node in ast.walk(module.tree) if isinstance(node, ast.Call))
    heard = {f.attr if isinstance(f, ast.Attribute) else getattr(f, "id", "") for f in called}
    return heard & set(names)


def _imported(module: Module, package: str) -> set[str]:
    """What it takes from one of our modules."""
    taken = [
        node
        for node in module.imports
        if isinstance(node, ast.ImportFrom) and node.module == package
    ]
    return {alias.name for node in taken for alias in node.names}


def test_no_write_goes_round_the_journal() -> None:
    """Only the settling calls a transport's ``write``, and the rings that pass it on."""
    of_files = {"widget.desk.running"}  # a key that was made is written down
    speaking = [
        m for m in OUTSIDE_EMULATOR if m.room.split(".")[0] in {"crm", "sync", *WEB} - {"cli"}
    ]
    rings = {"widget.crm.rings.cached", "widget.crm.rings.guarded"}

    assert {m.name for m in speaking if _calls(m, "write")} - of_files == {
        "widget.crm.rings.settling",
        *rings,
    }
    assert {m.name for m in OUTSIDE_EMULATOR if "widget.crm.http" in m.ours} == {
        "widget.crm.ixc.transport"
    }
    assert {m.name for m in OUTSIDE_EMULATOR if _calls(m, "transport")} == {"widget.desk.building"}
    assert {m.name for m in OUTSIDE_EMULATOR if _calls(m, "Settling", "Cached", "Guarded")} == {
        "widget.desk.building"
    }


def test_the_words_of_the_crm_save_and_nothing_else() -> None:
    vocabulary = [m for m in OUTSIDE_EMULATOR if m.name.startswith("widget.crm.ixc.")]
    settlers = {
        "widget.crm.rings.settling",
        "widget.crm.http",
        "widget.crm.rings.cached",
        "widget.crm.rings.guarded",
    }

    assert {m.name.rpartition(".")[2] for m in vocabulary if _calls(m, "save")} == {
        "people",
        "negotiations",
        "notes",
    }
    assert [
        m.name for m in OUTSIDE_EMULATOR if _calls(m, "save") and not m.room.startswith("crm")
    ] == []
    assert [
        m.name
        for m in [
            *(m for m in vocabulary if m.name != "widget.crm.ixc.transport"),
            *(m for m in OUTSIDE_EMULATOR if m.room == "panel.tabs"),
        ]
        if m.ours & settlers
    ] == []
    assert {
        m.name
        for m in OUTSIDE_EMULATOR
        if _imported(m, "widget.crm.wire") & {"Write"} and not m.room.startswith("crm")
    } == set()


def test_a_kind_of_crm_is_known_to_the_registry_only_and_to_no_other_kind() -> None:
    known = {
        (m.name, name)
        for m in OUTSIDE_EMULATOR
        for name in m.ours
        if name.startswith("widget.crm.ixc") and m.room != "crm.ixc"
    }

    assert known == {("widget.registry", "widget.crm.ixc.kind")}


def _columns_of_ixc() -> set[str]:
    """What IXC calls its tables and columns, but for words that are ours as well."""
    resources = {
        *LOOKUPS,
        *FORMS,
        *(need.resource for need in NEEDS),
        "crm_agenda",
        "crm_historico",
    }
    columns = {
        *(column for form in FORMS.values() for column in (*form.fields, *form.constants)),
        *(column for need in NEEDS for column in (*need.columns, *need.useful)),
        "ultima_atualizacao",
        "qtype",
        "ixcsoft",
    }
    ours = {word for form in FORMS.values() for word in form.fields.values()}
    return (resources | columns) - ours - {"crm", "data"}


# Portuguese words that stand elsewhere as what people write, not as what a CRM calls its columns.
PORTUGUESE = {
    "widget.brazil.clues",
    "widget.brazil.meaning",
    "widget.brazil.phones",
}


def test_nothing_outside_its_package_names_a_table_or_a_column_of_ixc() -> None:
    """Whole words in texts and SQL, and operators of the CRM where a condition is made."""
    names = _columns_of_ixc()
    named = [
        f"{m.name}: {word}"
        for m in OUTSIDE_EMULATOR
        if m.room != "crm.ixc" and m.name not in PORTUGUESE
        for text in _texts(m)
        for word in ({text} | set(re.findall(r"\w+_\w+|(?<=\$\.)\w+", text))) & names
    ]

    assert len(names) > 60
    assert sorted(named) == []


def test_a_condition_has_an_operator_of_ours() -> None:
    operators = {"=", "contains", ">", ">=", "<", "<=", "in", "not in"}
    used = {
        (m.name, node.args[1].value)
        for m in OUTSIDE_EMULATOR
        for node in ast.walk(m.tree)
        if isinstance(node, ast.Call)
        and getattr(node.func, "id", "") == "Filter"
        and len(node.args) == 3
        and isinstance(node.args[1], ast.Constant)
    }

    assert len(used) > 10
    assert {(name, one) for name, one in used if one not in operators} == set()


def _texts(module: Module) -> list[str]:
    """The texts in the code that are no docstrings."""
    documents = {
        id(node.value)
        for node in ast.walk(module.tree)
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
    }
    return [
        node.value
        for node in ast.walk(module.tree)
        if isinstance(node, ast.Constant)
        and isinstance(node.value, str)
        and id(node) not in documents
    ]


def test_only_the_store_knows_the_database() -> None:
    builders = {
        "widget.desk.building",
        "widget.desk.shared",
        "widget.cli.storage",
        "widget.cli.people_index",
        "widget.setup.office",
        "widget.cli.privacy",
        "widget.diagnosis.observed",
        "widget.privacy.retention",
        "widget.privacy.traces",
    }
    opening = [m for m in OUTSIDE_EMULATOR if "widget.store.engine.database" in m.ours]
    opens = {m.name for m in opening if not m.room.startswith("store")}

    assert _breaches(OUTSIDE_EMULATOR, {"store.engine"}, DATABASES) == []
    assert opens <= builders


def test_only_what_answers_requests_knows_flask() -> None:
    assert _breaches(OUTSIDE_EMULATOR, WEB, {"flask", "werkzeug"}) == []


def test_only_settings_and_the_command_line_touch_the_environment() -> None:
    environment = re.compile(r"\b(?:environb?|getenvb?|putenv|load_dotenv|dotenv_values)\b")
    touching = {
        m.name
        for m in MODULES
        if environment.search(re.sub(r'""".*?"""', "", m.text, flags=re.DOTALL))
    }

    assert touching - {m.name for m in MODULES if m.is_emulator} == {
        "widget.domain.settings",
        "widget.cli.main",
    }
    assert [
        m.name for m in MODULES if m.is_emulator and re.search(r"\bos\.environ|getenv", m.text)
    ] == []


@pytest.mark.parametrize("module", MODULES, ids=lambda m: m.name)
def test_imports_stand_at_the_top_and_name_what_they_take(module: Module) -> None:
    assert [ast.unparse(node) for node in module.imports if node not in module.top] == []
    assert [
        ast.unparse(node)
        for node in module.imports
        if any(alias.name == "*" for alias in node.names)
    ] == []
    assert [
        ast.unparse(node)
        for node in module.imports
        if isinstance(node, ast.ImportFrom) and node.level
    ] == []


@pytest.mark.parametrize("module", MODULES, ids=lambda m: m.name)
def test_every_module_says_its_role_in_its_first_line(module: Module) -> None:
    role = (ast.get_docstring(module.tree) or "").partition("\n")[0]

    assert re.fullmatch(r"\S.{10,115}\.", role), role


@pytest.mark.parametrize("module", [m for m in MODULES if m.is_package], ids=lambda m: m.name)
def test_a_package_holds_a_docstring_and_nothing_else(module: Module) -> None:
    assert len(module.tree.body) == 1


def _test_of(module: Module) -> Path:
    path = module.path.relative_to(ROOT / "widget")
    return ROOT / "tests" / path.with_name(f"test_{path.name}")


def test_every_module_has_its_tests_under_the_same_name() -> None:
    tested = [
        m
        for m in OUTSIDE_EMULATOR
        if not m.is_package and m.room != "server" and m.name not in WITHOUT_TESTS
    ]

    assert [m.name for m in tested if not _test_of(m).exists()] == []


def test_every_test_file_bears_the_name_of_what_it_tests() -> None:
    known = {_test_of(m) for m in MODULES if m.room != "server"} | {
        ROOT / name for name in OF_THE_WHOLE
    }
    files = [p for p in (ROOT / "tests").rglob("test_*.py") if "browser" not in p.parts]

    assert [str(p.relative_to(ROOT)) for p in files if p not in known] == []


def test_every_tab_has_its_templates_under_its_name() -> None:
    names = {tab.name for tab in TABS}
    templates = {path.stem for path in (ROOT / "templates/tabs").iterdir()}
    owners = {
        name
        for name in names
        for template in templates
        if template == name or template.startswith(f"{name}_")
    }

    assert {
        m.name.rpartition(".")[2] for m in MODULES if m.room == "panel.tabs" and not m.is_package
    } == names
    assert owners == names - {"check"}  # live checks answer one sentence
    assert [t for t in templates if t not in names and t.partition("_")[0] not in names] == []


def test_every_console_has_its_module_and_script_under_its_name() -> None:
    modules = {
        m.name.rpartition(".")[2] for m in MODULES if m.room == "consoles" and not m.is_package
    }

    assert modules - {"claims", "port", "seals"} == set(CONSOLES)
    assert {path.stem for path in (ROOT / "static/consoles").iterdir()} == set(CONSOLES)


def test_every_console_stands_in_the_manifest() -> None:
    consoles = json.loads((ROOT / "manifest.json").read_text())["consoles"]

    assert {console["host"] for console in consoles} == set(CONSOLES)


def _told(page: str) -> str:
    return (ROOT / page).read_text()


@pytest.mark.parametrize("page", PAGES)
def test_what_is_generated_in_a_document_is_in_step(page: str) -> None:
    assert renewed(page) == _told(page), "make docs"


def test_the_documents_hold_the_maps_and_the_options_as_the_code_has_them() -> None:
    assert room_map() in _told("README.md")
    assert module_map().strip() in _told("docs/architecture.md")
    assert option_table() in _told("docs/options.md")


def test_the_map_names_every_module() -> None:
    told = module_map()
    files = [m.path.relative_to(ROOT) for m in MODULES if m.room != "server" and not m.is_package]

    assert [str(path) for path in files if f"(../{path})" not in told] == []


def test_the_readme_names_every_room() -> None:
    rooms = {m.path.parent.relative_to(ROOT) for m in MODULES if m.is_package} - {Path("widget")}

    assert set(
        re.findall(r"^\| \[`\S+`\]\((widget/\S+)/\)", _told("README.md"), re.MULTILINE)
    ) == set(map(str, rooms))


def test_the_direction_is_told_as_it_is_held() -> None:
    assert "\n".join(line.strip() for line in DIRECTION.strip().splitlines()) in _told(
        "docs/architecture.md"
    )


def test_the_readme_is_short_and_lists_neither_files_nor_options() -> None:
    lines = _told("README.md").splitlines()

    assert len(lines) <= 150
    assert [line for line in lines if len(line) > 160] == []
    assert [
        line for line in lines if re.search(r"\]\(\S+\.py\)|^\|[^|]*(?:\.py|VINCULO_)", line)
    ] == []


def _places(page: Path) -> set[str]:
    """Returns what a link may name behind ``#``.

    That is the headings as GitHub writes them, and what bears an id.
    """
    headings = re.findall(r"^#+ +(.+)$", page.read_text(), re.MULTILINE)
    slugs = {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}
    return slugs | set(re.findall(r'<a id="([^"]+)"', page.read_text()))


def test_links_between_documents_lead_somewhere() -> None:
    part_of_errors = ROOT / "docs" / "problemas-dos-manuais.md"  # its links lead to places there
    pages = {*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")} - {part_of_errors}
    links = [
        (page, link)
        for page in pages
        for link in re.findall(r"\]\((?!https?:)([^)\s]+)\)", page.read_text())
    ]
    broken = []
    for page, link in links:
        name, _, place = link.partition("#")
        target = page.parent / name if name else page
        if not target.exists() or (place and place not in _places(target)):
            broken.append(f"{page.relative_to(ROOT)}: {link}")

    assert len(links) > 100
    assert sorted(broken) == []


def _written() -> Iterator[Path]:
    """The files of the product that a version might have strayed into."""
    yield from (ROOT / name for name in ("README.md", "Makefile", "pyproject.toml", "server.py"))
    for folder in ("widget", "templates", "static", "tools"):
        yield from (
            p
            for p in (ROOT / folder).rglob("*")
            if p.suffix in {".py", ".html", ".js", ".css", ".sh", ".po"}
        )


def test_the_version_stands_in_the_manifest_only() -> None:
    version = json.loads((ROOT / "manifest.json").read_text())["version"]

    assert re.fullmatch(r"\d+\.\d+\.\d+", version)
    assert [
        str(p)
        for p in _written()
        if re.search(rf"(?<![\d.]){re.escape(version)}(?![\d.])", p.read_text())
    ] == []


def test_the_changelogs_newest_release_is_the_manifests_version() -> None:
    version = json.loads((ROOT / "manifest.json").read_text())["version"]

    [newest, *_] = re.findall(
        r"^## (?!Unreleased$)(\S+)", (ROOT / "CHANGELOG.md").read_text(), re.MULTILINE
    )
    assert newest == version


def _lines(path: Path) -> int:
    return len(path.read_text().splitlines())


def _code_lines(path: Path) -> int:
    """Returns how many lines of a module hold code: no blank ones, comments or docstrings."""
    source = path.read_text()
    documented: set[int] = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            documented |= set(range(node.lineno, (node.end_lineno or node.lineno) + 1))
    code: set[int] = set()
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        if token.type in {tokenize.NAME, tokenize.OP, tokenize.STRING, tokenize.NUMBER}:
            code |= set(range(token.start[0], token.end[0] + 1))
    return len(code - documented)


def test_scripts_stay_small() -> None:
    shared = {path.name: _lines(path) for path in (ROOT / "static").glob("*.js")}
    of_consoles = {path.name: _lines(path) for path in (ROOT / "static/consoles").glob("*.js")}

    assert {name: length for name, length in shared.items() if length > 130} == {}
    assert sum(shared.values()) < 500
    assert {name: length for name, length in of_consoles.items() if length > 120} == {}


def test_templates_stay_readable() -> None:
    assert [str(p) for p in (ROOT / "templates").rglob("*.html") if _lines(p) > 300] == []


def test_modules_stay_readable() -> None:
    lengths = {module.name: _code_lines(module.path) for module in MODULES}

    assert {name: length for name, length in lengths.items() if length > 340} == {}


@pytest.mark.parametrize(
    "page", [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")], ids=lambda p: p.name
)
def test_no_line_of_a_document_is_long_but_in_tables(page: Path) -> None:
    assert wrapped(page.read_text()) == page.read_text()


def test_no_line_of_a_template_a_style_sheet_or_a_script_is_long() -> None:
    folders = ("templates", "static", "widget/emulator")
    files = [path for folder in folders for path in (ROOT / folder).rglob("*.*")]
    long = {
        path.relative_to(ROOT).as_posix()
        for path in files
        if path.suffix in {".html", ".css", ".js"}
        and any(len(line) > 100 for line in path.read_text().splitlines())
    }

    assert len(files) > 60
    assert long == set()


def test_no_words_of_a_template_run_into_those_of_the_next_line() -> None:
    """A line end behind a block tag is not sent: no space would stand between the two."""
    running = re.compile(r"^\s*(?!\{%)\S.*\}\}\)?\{%.*%\}$", re.MULTILINE)
    found = {
        path.relative_to(ROOT).as_posix(): running.findall(path.read_text())
        for path in (ROOT / "templates").rglob("*.html")
    }

    assert {path: lines for path, lines in found.items() if lines} == {}
