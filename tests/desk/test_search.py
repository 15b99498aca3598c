"""Tests of the search for a person.

The index answers at once and without the CRM, the CRM answers when asked, both as one list.
"""

import re
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from flask import Flask

from tests.product import (
    MARINA,
    OTAVIO,
    Hour,
    Screen,
    Visitor,
    behind,
    mirrored,
    product,
    services_of,
)
from widget.emulator.crm.server import Emulator

SEARCH = "/tab/link/search"


@pytest.fixture
def indexed(app: Flask, ana: Visitor) -> Visitor:
    """Ana, with an index of everybody, in a conversation with somebody unknown."""
    mirrored(app)
    ana.open(OTAVIO)
    return ana


def names(screen: Screen) -> list[str]:
    """Who is listed, best first."""
    return [node.text() for node in screen.html.css(".result strong")]


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("lucia am", "Lúcia Amaral Teixeira"),
        ("LÚCIA TEIXEIRA", "Lúcia Amaral Teixeira"),
        ("henriqe duarte", "Henrique Paz Duarte"),
        ("390.533.4", "Jonas P. Siqueira"),
        ("39053344705", "Jonas P. Siqueira"),
        ("12abc34501de35", "Serra Azul Logística LTDA"),
        ("12.ABC.3", "Serra Azul Logística LTDA"),
        ("49 99177-6", "Henrique Paz Duarte"),
        ("(49) 9177-6031", "Henrique Paz Duarte"),
        ("beatriz.le", "Beatriz Lemos Farias"),
        ("Beatriz.Lemos@example.com", "Beatriz Lemos Farias"),
    ],
)
def test_the_index_finds_what_is_typed_so_far_without_the_crm(
    indexed: Visitor, crm: Emulator, text: str, first: str
) -> None:
    before = len(crm.calls)
    found = indexed.get(
        SEARCH, q=text, **({"criterion": "email"} if text.startswith("beatriz.le") else {})
    )

    assert names(found)[0] == first
    assert len(crm.calls) == before


def test_the_guessed_criterion_is_shown_and_the_chosen_one_stays(indexed: Visitor) -> None:
    guessed = indexed.get(SEARCH, q="390.533").html
    chosen = indexed.get(SEARCH, q="390.533", criterion="phone").html

    assert [(n.attributes["data-guess"], n.text()) for n in guessed.css("#guess")] == [
        ("document", "Critério sugerido: CPF/CNPJ")
    ]
    assert (
        chosen.css("#guess") == guessed.css("[type=radio]") == []
    )  # nothing replaces what somebody chooses


@pytest.mark.parametrize("text", ["", "m", "49", "12"])
def test_too_little_finds_nobody_and_complains_of_nothing(
    indexed: Visitor, crm: Emulator, text: str
) -> None:
    before = len(crm.calls)
    answer = indexed.get(SEARCH, q=text)

    assert (answer.status, names(answer)) == (200, [])
    assert answer.html.css(".wrong") == []
    assert len(crm.calls) == before


def test_what_is_looked_for_is_marked_in_the_name(indexed: Visitor) -> None:
    found = indexed.get(SEARCH, q="lucia tei")

    assert [node.text() for node in found.html.css(".result mark")] == ["Lúcia", "Tei"]


def test_who_pauses_is_told_city_and_open_negotiations(indexed: Visitor) -> None:
    at_once = indexed.get(SEARCH, q="marina teles")
    later = indexed.get(SEARCH, q="marina teles", details="1", criterion="name")

    assert "negociações abertas" not in at_once.text
    assert "negociaç" in later.text
    assert "Enter procura também no CRM." in later.text


def test_the_last_contact_is_what_the_crm_says_or_what_we_did_ourselves(
    app: Flask, crm: Emulator, ana: Visitor
) -> None:
    behind(crm, "cliente", "6", prospeccao_ultimo_contato="2026-03-04")
    mirrored(app)
    ana.open(MARINA)
    ana.fill("/tab/contact/edit", name="Marina Teles")
    ana.open(OTAVIO)

    assert "último contato: 04/03/2026" in ana.get(SEARCH, q="lúcia amaral").text
    assert re.search(r"último contato: \d\d:\d\d", ana.get(SEARCH, q="marina teles").text)


def test_enter_asks_the_crm_too_and_says_who_is_known_to_one_of_both_alone(
    indexed: Visitor, crm: Emulator
) -> None:
    behind(crm, "contato", "9001", nome="Henrique Novo Duarte", lead="S", ativo="S")
    asked_for = indexed.get(SEARCH, q="henrique duarte", ask="1")
    mistyped = indexed.get(SEARCH, q="henriqe duarte", ask="1")

    assert names(asked_for) == ["Henrique Paz Duarte", "Henrique Novo Duarte"]
    assert [n.text().count("só no CRM") for n in asked_for.html.css(".result")] == [0, 1]
    assert names(mistyped) == ["Henrique Paz Duarte"]
    assert "só na cópia local" in mistyped.text


CELLS = {
    "9001": {"fone_celular": "4933221100/988770011"},
    "9002": {"fone_celular": "(49) 3344-1100 / 1101"},
    "9003": {"email": "Zilda <zilda.c@example.com>"},
    "9004": {"email": "x@example.com/zilda.d@example.com"},
    "9005": {"email": "\u200bzilda.e@example.com."},
    "9006": {"fone_celular": "3322-1102 / 98877-0022"},
    "9007": {"fone_celular": "+54 9 11 2345-6789"},
}


@pytest.mark.parametrize("asked_for", [True, False])
@pytest.mark.parametrize(
    ("criterion", "text", "number"),
    [
        ("phone", "49988770011", "9001"),
        ("phone", "(49) 3344-1101", "9002"),
        ("phone", "4933221100/988770011", "9001"),
        ("phone", "49 98877-0022", "9006"),
        ("phone", "+54 11 2345-6789", "9007"),
        ("email", "zilda.c@example.com", "9003"),
        ("email", "Zilda <zilda.c@example.com>", "9003"),
        ("email", "mailto:zilda.d@example.com", "9004"),
        ("email", "zilda.e@example.com", "9005"),
        ("email", "zilda.e@exam", "9005"),
    ],
)
def test_each_of_several_values_of_a_cell_is_found(
    app: Flask,
    crm: Emulator,
    ana: Visitor,
    criterion: str,
    text: str,
    number: str,
    *,
    asked_for: bool,
) -> None:
    for key, values in CELLS.items():
        behind(
            crm,
            "contato",
            key,
            nome=f"Zilda {key}",
            lead="S",
            ativo="S",
            **values,
        )
    if not asked_for:
        mirrored(app)
    ana.open(OTAVIO)
    found = ana.get(SEARCH, q=text, criterion=criterion, **({"ask": "1"} if asked_for else {}))

    assert names(found) == [f"Zilda {number}"]


@pytest.mark.parametrize(
    ("text", "begun"),
    [
        ("+54 9 11 23", "9007"),
        ("+54 11 2345", "9007"),
        ("49 3344", "9002"),
        ("zilda.d", "9004"),
        ("<zilda.c", "9003"),
    ],
)
def test_each_of_several_values_is_found_by_its_beginning(
    app: Flask, crm: Emulator, ana: Visitor, text: str, begun: str
) -> None:
    for key, values in CELLS.items():
        behind(
            crm,
            "contato",
            key,
            nome=f"Zilda {key}",
            lead="S",
            ativo="S",
            **values,
        )
    mirrored(app)
    ana.open(OTAVIO)
    criterion = "email" if "zilda" in text else "phone"

    assert f"Zilda {begun}" in names(ana.get(SEARCH, q=text, criterion=criterion))


def _crowded(app: Flask, crm: Emulator, ana: Visitor, count: int) -> None:
    """So many people whose addresses begin alike."""
    for number in range(9001, 9001 + count):
        mail = f"zz.silva{number}@example.com"
        behind(
            crm, "contato", str(number), nome=f"Pessoa {number}", email=mail, lead="S", ativo="S"
        )
    mirrored(app)
    ana.open(OTAVIO)


@pytest.mark.parametrize("query", [{"criterion": "email"}, {"criterion": "email", "ask": "1"}, {}])
def test_where_few_match_the_first_answer_holds_all_of_them(
    app: Flask, crm: Emulator, ana: Visitor, query: dict[str, str]
) -> None:
    _crowded(app, crm, ana, 45)
    found = ana.get(SEARCH, q="zz.silva", **query)

    assert sorted(names(found)) == [f"Pessoa {number}" for number in range(9001, 9046)]
    assert "45 encontrados" in found.text
    assert "Mais resultados" not in found.text


def test_of_many_it_is_said_how_many_of_how_many_are_shown(
    app: Flask, crm: Emulator, ana: Visitor
) -> None:
    _crowded(app, crm, ana, 60)
    typed = ana.get(SEARCH, q="zz.silva", criterion="email")
    asked_for = ana.get(SEARCH, q="zz.silva", criterion="email", ask="1")
    rest = ana.get(
        SEARCH,
        q="zz.silva",
        criterion="email",
        ask="1",
        page=2,
    )

    assert len(names(typed)) == len(names(asked_for)) == 50
    assert "Os 50 primeiros de 60 na cópia local" in typed.text
    assert "Os 50 primeiros de 60 encontrados" in asked_for.text
    assert sorted([*names(asked_for), *names(rest)]) == [
        f"Pessoa {number}" for number in range(9001, 9061)
    ]
    assert "só na cópia local" not in asked_for.text


def test_what_the_crm_tells_is_newer_than_the_index(indexed: Visitor, crm: Emulator) -> None:
    behind(crm, "cliente", "5", razao="Henrique Paz Duarte Neto")

    assert names(indexed.get(SEARCH, q="henrique paz", ask="1")) == ["Henrique Paz Duarte Neto"]


def test_nobody_is_on_two_pages(app: Flask, crm: Emulator, ana: Visitor) -> None:
    for number in range(9001, 9036):
        behind(crm, "contato", str(number), nome=f"Zilda Silva {number}", lead="S", ativo="S")
    mirrored(app)
    ana.open(OTAVIO)
    seen: list[str] = []
    for page in range(1, 20):
        found = ana.get(
            SEARCH,
            ask="1",
            criterion="name",
            q="zilda silva",
            page=page,
        )
        seen += [node.attributes["hx-get"] or "" for node in found.html.css(".result")]
        if "Mais resultados" not in found.text:
            break

    assert sorted(seen) == sorted(f"/tab/link/lead-{n}" for n in range(9001, 9036))


def test_while_the_crm_is_down_the_index_answers_with_its_age(
    crm: Emulator, tmp_path: Path, hour: Hour
) -> None:
    app = hour.app(crm, tmp_path / "data")
    mirrored(app)
    ana = Visitor(app.test_client())
    ana.open(OTAVIO)
    hour.passes()
    crm.stop()
    found = ana.get(SEARCH, q="henrique", ask="1")
    crm.start()

    assert names(found) == ["Henrique Paz Duarte"]
    assert "O CRM não respondeu: isto é o que a cópia local sabe, lido há 1 h." in found.text


def test_without_an_index_nothing_is_asked_until_one_presses_enter(
    crm: Emulator, tmp_path: Path
) -> None:
    ana = Visitor(product(crm, tmp_path / "data", index=False).test_client())
    ana.open(OTAVIO)
    before = len(crm.calls)
    typed = ana.get(SEARCH, q="henrique")

    assert "Enter ou Pesquisar procura no CRM." in typed.text
    assert len(crm.calls) == before
    assert names(ana.get(SEARCH, q="henrique", ask="1")) == ["Henrique Paz Duarte"]
    assert "só no" not in ana.screen.text  # type: ignore[union-attr]
    assert not (tmp_path / "data/people.db").exists()


def test_an_index_that_is_not_filled_yet_counts_as_none(ana: Visitor) -> None:
    ana.open(OTAVIO)

    assert "Enter ou Pesquisar procura no CRM." in ana.get(SEARCH, q="henrique").text


def test_while_the_index_is_being_filled_the_search_says_how_far_it_is(
    app: Flask, ana: Visitor
) -> None:
    fills = services_of(app).fills
    assert fills is not None
    fills.advance(fills.begin("contato", ""), "30", 30, 70)
    ana.open(OTAVIO)

    assert (
        "A cópia local está sendo feita (15%). Enter ou Pesquisar procura no CRM."
        in ana.get(SEARCH, q="hen").text
    )


def test_results_of_the_index_tell_their_age(crm: Emulator, tmp_path: Path, hour: Hour) -> None:
    app = hour.app(crm, tmp_path / "data")
    mirrored(app)
    ana = Visitor(app.test_client())
    ana.open(OTAVIO)
    hour.passes()

    assert "1 encontrado na cópia local, lida há 1 h" in ana.get(SEARCH, q="henrique").text
    assert "na cópia local, lida há 1 h" in ana.get(SEARCH, q="(49) 9845").text


def test_of_many_the_likeliest_are_shown_and_said_to_be_so(
    app: Flask, crm: Emulator, ana: Visitor
) -> None:
    for number in range(9001, 9031):
        behind(crm, "contato", str(number), nome=f"Zilda {number}", lead="S", ativo="S")
    mirrored(app)
    ana.open(OTAVIO)
    found = ana.get(SEARCH, q="zilda")

    assert len(names(found)) == 10
    assert "Os 10 mais parecidos na cópia local, lida agora" in found.text


def test_a_damaged_index_is_made_anew_and_the_crm_asked_meanwhile(
    app: Flask, crm: Emulator, tmp_path: Path
) -> None:
    mirrored(app)
    file = tmp_path / "data/people.db"
    for suffix in ("-wal", "-shm"):
        file.with_name(file.name + suffix).unlink(missing_ok=True)
    file.write_bytes(b"no database" * 1000)
    again = product(crm, tmp_path / "data")
    ana = Visitor(again.test_client())
    ana.open(OTAVIO)

    assert "Enter ou Pesquisar procura no CRM." in ana.get(SEARCH, q="henrique").text
    mirrored(again)
    assert names(ana.get(SEARCH, q="henrique")) == ["Henrique Paz Duarte"]


def test_an_index_that_fails_while_it_serves_is_no_error_of_the_panel(
    indexed: Visitor, tmp_path: Path
) -> None:
    with closing(sqlite3.connect(tmp_path / "data/people.db")) as connection, connection:
        connection.execute("ALTER TABLE clues RENAME TO gone")

    assert "Enter ou Pesquisar procura no CRM." in indexed.get(SEARCH, q="390.533.447-05").text
    assert names(indexed.get(SEARCH, q="390.533.447-05", ask="1")) == ["Jonas P. Siqueira"]


def test_the_lead_rows_of_a_client_stand_behind_him(
    app: Flask, crm: Emulator, ana: Visitor
) -> None:
    behind(
        crm,
        "contato",
        "9001",
        nome="Henrique Paz Duarte",
        id_cliente="5",
        lead="S",
        ativo="S",
    )
    mirrored(app)
    ana.open(OTAVIO)

    assert names(ana.get(SEARCH, q="henrique paz")) == ["Henrique Paz Duarte"]
    assert names(ana.get(SEARCH, q="henrique paz", ask="1")) == ["Henrique Paz Duarte"]
