"""Every screen that an attendant can come to, and the words on them."""

import re
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

from tests import product
from tests.product import Screen, Visitor
from tests.screen_text import LETTER, READ_ALOUD, SAME_EVERYWHERE
from widget.emulator.crm.server import Emulator
from widget.store.engine.database import sqlite3


def every_screen(
    crm: Emulator, teo: Visitor, later: Callable[[], None]
) -> Iterator[tuple[str, Screen]]:
    """Every screen that an attendant can come to, by its name.

    He has no employee in the CRM and must choose one.
    """
    yield (
        "page",
        Screen(teo.client.get(f"/panel/chatwoot?start={product.start_token(teo.attendant)}")),
    )
    yield "forged", _is(401, Screen(teo.client.get("/panel/chatwoot?start=forged")))
    yield "no clue", teo.open(product.NOBODY)
    yield "several", teo.open(product.MOURA)
    yield "nobody", teo.open(product.OTAVIO)
    yield "new", teo.get("/tab/contact/new")
    yield (
        "new, wrong",
        _is(
            422,
            teo.fill(
                "/tab/contact/new",
                name="",
                document="1",
                phone="1",
                email="x",
            ),
        ),
    )
    yield from _screens_of_a_search(teo)
    yield from _screens_of_a_contact(teo)
    later()
    crm.control(fault="html200")
    yield "old data", teo.open(product.HENRIQUE)
    yield "card again", teo.get("/tab/contact/card")
    yield "note kept", _is(200, teo.fill("/tab/notes", text="77", owner="1"))
    yield "on its way", teo.get("/tab/pending")
    yield "card of what is on its way", teo.get("/tab/contact")
    yield "down", teo.open(product.EMMA)
    yield "looking whether it is back", teo.get("/tab/pending/back")


def _screens_of_a_search(teo: Visitor) -> Iterator[tuple[str, Screen]]:
    teo.open(product.JONAS)
    yield (
        "duplicates",
        _is(409, teo.fill("/tab/contact/new", document="390.533.447-05", owner="1", branch="1")),
    )
    yield "search", teo.get("/tab/link")
    for criterion, text in {
        "name": "zz",
        "phone": "12",
        "document": "1",
        "": "x",
    }.items():
        yield (
            f"wrong {criterion}",
            _is(422, teo.get("/tab/link/search", ask="1", criterion=criterion, q=text)),
        )
    yield (
        "nobody found",
        teo.get("/tab/link/search", ask="1", criterion="email", q="nobody@x.example"),
    )
    results = teo.get("/tab/link/search", ask="1", criterion="name", q="Silva")
    yield "results", results
    check = _address(results, "/tab/link/")
    yield "check", teo.get(check)
    yield "linked", teo.post(check, {})
    unlink = teo.get("/tab/link/remove")
    yield "unlink", unlink
    yield "unlinked", _is(200, teo.post("/tab/link/remove", unlink.form()))
    yield "check again", teo.get(check)
    yield "not there", _is(404, teo.get("/tab/link/client-999999"))


def _screens_of_a_contact(teo: Visitor) -> Iterator[tuple[str, Screen]]:
    card = teo.open(product.HENRIQUE)
    yield "card", card
    yield "deals", teo.get("/tab/contact/deals")
    interact = _address(card, "/tab/interact/")
    yield "edit", teo.get("/tab/contact/edit")
    asked = _is(409, teo.fill("/tab/contact/edit", before_name="77", name="Henrique"))
    yield "edit, conflict", asked
    yield "edited", _is(200, teo.post("/tab/contact/edit", asked.form(".form")))
    yield "negotiation", teo.get("/tab/negotiation/new")
    yield "negotiation, wrong", _is(422, teo.fill("/tab/negotiation/new", stage="1", funnel="2"))
    yield "path", teo.get("/tab/negotiation/path", plan="1", funnel="1")
    yield "cities", teo.get("/tab/negotiation/cities", city_name="chap")
    yield "no cities", teo.get("/tab/negotiation/cities", city_name="zzzz")
    yield "interact", teo.get(interact)
    yield "interact, no reason", _is(422, teo.fill(interact, status="D", loss_reason=""))
    yield "interact, conflict", _is(409, teo.fill(interact, before_status="V", status="V"))
    yield "card with drafts", teo.get("/tab/contact")
    yield "interacted", _is(200, teo.fill(interact, status="N", qualification="3"))
    yield "notes", teo.get("/tab/notes")
    noted = _is(200, teo.fill("/tab/notes", text="77", owner="1"))
    yield "noted", noted
    yield "more notes", teo.get("/tab/notes/list", page=1)
    yield "correct", teo.get(_address(noted, "/tab/notes/correct/"))
    yield "history", teo.get("/tab/history")
    yield "wrong phone", teo.post("/tab/check/phone", {"phone": "1"})


def _is(status: int, screen: Screen) -> Screen:
    """The screen, if it is the one that was meant."""
    assert screen.status == status, screen.text
    return screen


def _address(screen: Screen, start: str) -> str:
    """Where the screen's first control of this kind leads."""
    control = screen.html.css_first(f'[hx-get^="{start}"]')
    assert control is not None, screen.text
    return (control.attributes["hx-get"] or "").removesuffix("?negotiation=")


def words_of(screen: Screen) -> set[str]:
    """Each piece of text and of spoken attributes that has letters in it."""
    body = screen.html.body
    assert body is not None
    spoken = [
        v or ""
        for node in body.css("*")
        for name, v in node.attributes.items()
        if name in READ_ALOUD
    ]
    for silent in body.css("script, style"):
        silent.decompose()
    pieces = re.split(r"[⟦⟧\n·•…,]", "\n".join([body.text(separator="\n"), *spoken]))
    stripped = {
        re.sub(r"(?<=\w) [A-Z]{2}$", "", piece.strip(" ()/:.,–—")) for piece in pieces
    }  # a city is told with its state
    return {piece for piece in stripped if LETTER.search(piece) and not _is_of_no_language(piece)}


def _is_of_no_language(text: str) -> bool:
    codes = (
        r"CPF|CNPJ|VNC-\d+|[0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]{4}|R\$\s[\d.,]+|[A-Z]{1,2}|"
        r"Inmap Sales CRM"
    )
    return bool(SAME_EVERYWHERE.fullmatch(text) or re.fullmatch(codes, text))


def words_of_data(database: Path) -> str:
    """All that the CRM and the console can say."""
    with closing(sqlite3.connect(database)) as connection:
        tables = [
            name
            for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
        ]
        rows = [row for table in tables for row in connection.execute(f'SELECT * FROM "{table}"')]
    people = [
        product.TEO,
        product.OTAVIO,
        product.MOURA,
        product.JONAS,
        product.EMMA,
        product.HENRIQUE,
    ]
    return "\n".join(
        [
            *(str(value) for row in rows for value in row),
            *(str(v) for p in people for v in p.values()),
        ]
    )
