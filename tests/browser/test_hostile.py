"""Markup from people and from the CRM stays text; other sites get neither a frame nor a hearing."""

import threading
from collections.abc import Iterator

import pytest
from flask import Flask
from playwright.sync_api import Route, expect
from werkzeug.serving import make_server

from tests.browser.panel import Desk

pytestmark = pytest.mark.browser

MARKUP = (
    "<img src=x onerror=\"document.title='ran'\"><script>document.title='ran'</script>&amp; {{ "
    "7*7 }}"
)


@pytest.fixture
def elsewhere() -> Iterator[tuple[Flask, str]]:
    """A site that nobody allowed to embed the panel."""
    app = Flask("elsewhere")
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    yield app, f"http://localhost:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


def start_of(desk: Desk) -> str:
    """An address of the panel that is signed and good."""
    src: str = desk.page.request.get(f"{desk.demo.address}/demo/start?attendant=1").json()["src"]
    return src


def nothing_ran(desk: Desk) -> None:
    assert desk.frame.title() != "ran"
    assert desk.frame.locator("img").count() == 0


def test_markup_in_a_new_contact_is_text_on_the_screen_and_in_the_crm(desk: Desk) -> None:
    desk.open("Otávio Brandt", "Otávio Brandt")
    desk.press("Adicionar contato")

    desk.fill(Nome=MARKUP)
    desk.choose("Filial", "Serra Net Chapecó")
    desk.save()

    desk.on(MARKUP)
    nothing_ran(desk)
    assert desk.crm.only("contato", nome=MARKUP)


def test_markup_in_fields_that_are_refused_comes_back_as_it_was_typed(desk: Desk) -> None:
    desk.tolerates(422)
    desk.open("Otávio Brandt", "Otávio Brandt")
    desk.press("Adicionar contato")
    fields = ("Nome", "CPF/CNPJ", "Número de telefone", "E-mail")

    desk.fill(**dict.fromkeys(fields, MARKUP))
    desk.save()

    desk.wrong("E-mail", "Isto não parece um e-mail.")
    for name in fields:
        expect(desk.field(name)).to_have_value(MARKUP)
    nothing_ran(desk)


def test_markup_in_negotiations_and_notes_is_text(desk: Desk) -> None:
    desk.open("Marina", "Marina Teles Andrade")
    desk.press("Adicionar negociação")
    desk.fill(Descrição=MARKUP)
    desk.save()
    desk.sees(MARKUP)
    desk.tab("Anotações")
    desk.fill(Nova_anotação=MARKUP)
    desk.save()
    desk.hears("Anotação salva")
    expect(desk.panel.get_by_role("article").first.locator(".prose")).to_have_text(MARKUP)
    desk.tab("Histórico")
    desk.sees(MARKUP)

    nothing_ran(desk)
    deal = desk.crm.only("crm_negociacoes", descricao=MARKUP)
    assert len(desk.crm.rows("crm_prospeccao_anotacoes", id_negociacao=deal["id"])) == 1


def test_markup_from_the_crm_is_text_on_every_screen(desk: Desk) -> None:
    desk.crm.change("cliente", "5", razao=MARKUP, email=f"{MARKUP}@example.com", obs=MARKUP)
    desk.crm.change("crm_negociacoes", "2", descricao=MARKUP)
    desk.crm.change("crm_historico", "2", descricao=MARKUP)
    desk.open("Henrique", MARKUP)
    desk.press("mostrar e-mail")
    nothing_ran(desk)

    for opens, heading in [
        ("Atualizar contato", "Atualizar contato"),
        ("Adicionar negociação", "Adicionar negociação"),
    ]:
        desk.press(opens)
        desk.on(heading)
        desk.sees(MARKUP)
        nothing_ran(desk)
        desk.press("Cancelar")
    desk.panel.get_by_role("article", name=MARKUP).get_by_role("button").click()
    desk.on(MARKUP)
    nothing_ran(desk)
    desk.press("Cancelar")
    desk.tab("Histórico")
    desk.sees(MARKUP)
    nothing_ran(desk)
    desk.press("Desvincular")
    desk.sees(f"Esta conversa deixa de ser de {MARKUP}.")
    nothing_ran(desk)


def test_a_search_for_markup_is_harmless(desk: Desk) -> None:
    desk.open("Otávio Brandt", "Otávio Brandt")
    desk.press("Vincular existente")

    desk.fill(Pesquisa=MARKUP)
    desk.press("Pesquisar")

    desk.hears("Ninguém encontrado.")
    nothing_ran(desk)


def test_a_parent_that_is_not_allowed_gets_no_panel(
    desk: Desk, elsewhere: tuple[Flask, str]
) -> None:
    app, address = elsewhere
    start = start_of(desk)
    app.add_url_rule(
        "/",
        "page",
        lambda: f'<title>x</title><link rel=icon href="data:,"><iframe src="{start}"></iframe>',
    )

    desk.page.goto(address)

    assert desk.page.frames[1].locator("#view").count() == 0
    refused = [line for line in desk.complaints if "frame-ancestors" in line]
    assert refused
    desk.complaints.clear()


def test_what_another_origin_says_is_not_heard(desk: Desk, elsewhere: tuple[Flask, str]) -> None:
    """Even a parent that got past the browser's own refusal."""
    app, address = elsewhere
    start = start_of(desk)
    app.add_url_rule(
        "/",
        "page",
        lambda: f'<title>x</title><link rel=icon href="data:,"><iframe src="{start}"></iframe>',
    )
    desk.page.route("**/panel/chatwoot?*", _let_anybody_embed)
    asked: list[str] = []
    desk.page.on("request", lambda request: asked.append(request.url))
    desk.page.goto(address)
    frame = desk.page.frames[1]
    frame.wait_for_function("typeof htmx !== 'undefined'", polling=20)

    contact = {"id": 1, "name": "x", "phone_number": "+554988124417"}
    told = {"event": "appContext", "data": {"conversation": {"id": 1}, "contact": contact}}
    desk.page.evaluate("told => frames[0].postMessage(JSON.stringify(told), '*')", told)
    frame.evaluate("0")  # the message has been handed over by now

    assert [url for url in asked if "/context" in url] == []
    assert desk.demo.stored("SELECT * FROM conversations") == []


@pytest.mark.parametrize(
    "start", ["", "?start=", "?start=forged", "?start=eyJhbGciOiJub25lIn0.eyJhdWQiOiJ2aW5jdWxvIn0."]
)
def test_an_unsigned_start_gets_a_page_that_says_so(desk: Desk, start: str) -> None:
    desk.tolerates(401)

    desk.page.goto(f"{desk.demo.panel_origin}/panel/chatwoot{start}")

    expect(desk.page.get_by_role("heading", name="O painel não pode abrir")).to_be_visible()
    assert desk.axe(desk.page.main_frame) == []


def _let_anybody_embed(route: Route) -> None:
    answer = route.fetch()
    headers = {
        name: value for name, value in answer.headers.items() if name != "content-security-policy"
    }
    route.fulfill(response=answer, headers=headers)
