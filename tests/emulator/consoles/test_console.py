"""The demo console: its routes, and what a frame in a real browser is told by it."""

import json
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import jwt
import pytest
from axe_playwright_python.sync_playwright import Axe
from flask import Flask, request
from flask.testing import FlaskClient
from playwright.sync_api import Browser, Frame, Page, expect
from werkzeug.serving import make_server

from widget.emulator.consoles.console import console

KEY = "a key of forty characters for these tests"
# A panel that keeps what it is told and shows it; it asks for more only when a test says so.
STAND_IN = """<!doctype html><html lang="pt-BR"><title>Painel</title><h1>Painel</h1><script>
addEventListener('message', ({ data, origin }) => (window.told ??= []).push({ data, origin }));
</script></html>"""


def other_site(host: str) -> str:
    name, _, port = host.partition(":")
    return f"http://{'127.0.0.1' if name == 'localhost' else 'localhost'}:{port}"


def serve(app: Flask) -> Iterator[str]:
    """Yields the address of an app that runs on a free port of localhost."""
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    yield f"http://localhost:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


def desk(crm_control: str | None) -> Flask:
    app = Flask("desk")
    app.register_blueprint(
        console(
            panel_origin=other_site,
            start_key=lambda _: KEY,
            crm_control=crm_control,
            account="42",
        )
    )
    app.add_url_rule("/panel/chatwoot", "panel", lambda: STAND_IN)
    return app


@dataclass
class Control:
    """A CRM emulator as far as the console sees it: the state under /control."""

    url: str = ""
    state: dict[str, Any] = field(
        default_factory=lambda: {"fault": "none", "fault_on": "all", "delay_seconds": 0}
    )

    def answer(self) -> dict[str, Any]:
        self.state |= request.get_json() if request.method == "POST" else {}
        return self.state


@pytest.fixture
def control() -> Iterator[Control]:
    control = Control()
    app = Flask("control")
    app.add_url_rule("/control", "control", control.answer, methods=["GET", "POST"])
    for control.url in serve(app):
        yield control


@pytest.fixture
def client(control: Control) -> FlaskClient:
    return desk(control.url).test_client()


def claims(answer: Any) -> dict[str, Any]:
    token = answer.json["src"].partition("?start=")[2]
    return jwt.decode(token, KEY, algorithms=["HS256"], audience="vinculo")


def test_the_page_holds_every_conversation_and_its_data(client: FlaskClient) -> None:
    page = client.get("/demo").text

    data = json.loads(page.partition('id="console-data">')[2].partition("</script>")[0])
    assert [one["conversation"]["id"] for one in data["conversations"]] == list(range(1, 13))
    assert all(f'href="#{number}"' in page for number in range(1, 13))


def test_the_page_has_nothing_inline_and_nothing_from_elsewhere(client: FlaskClient) -> None:
    page = client.get("/demo").text

    assert "style=" not in page
    assert "<style" not in page
    assert "onclick" not in page
    assert page.count("<script") == 2  # the data, which does not run, and the module


def test_the_policy_frames_only_the_other_site(client: FlaskClient) -> None:
    policy = client.get("/demo", base_url="http://localhost:5000").headers[
        "Content-Security-Policy"
    ]

    assert "default-src 'none'" in policy
    assert "frame-src http://127.0.0.1:5000;" in policy
    assert "unsafe" not in policy


@pytest.mark.parametrize(
    "address", ["/demo", "/demo/", "/demo/static/console.css", "/demo/static/console.js"]
)
def test_page_and_assets_are_there(client: FlaskClient, address: str) -> None:
    with client.get(address) as answer:
        assert answer.status_code == 200


def test_a_start_leads_to_the_panel_on_the_other_site(client: FlaskClient) -> None:
    answer = client.get("/demo/start?attendant=1", base_url="http://127.0.0.1:5000")

    assert answer.json["src"].startswith("http://localhost:5000/panel/chatwoot?start=")
    assert answer.headers["Cache-Control"] == "no-store"


def test_a_start_token_says_who_the_attendant_is(client: FlaskClient) -> None:
    told = claims(client.get("/demo/start?attendant=3&locale=es"))

    issued, expires, number = told.pop("iat"), told.pop("exp"), told.pop("jti")
    assert number
    assert expires - issued == 8 * 3600
    assert abs(issued - time.time()) < 60
    assert told == {
        "aud": "vinculo",
        "host": "chatwoot",
        "account": "42",
        "sub": "3",
        "name": "Téo Lima",
        "email": "teo.lima@serranet.example",
        "locale": "es",
    }


def test_every_start_is_another_one(client: FlaskClient) -> None:
    assert client.get("/demo/start?attendant=1").json != client.get("/demo/start?attendant=1").json


def test_a_start_speaks_portuguese_unless_told_otherwise(client: FlaskClient) -> None:
    assert claims(client.get("/demo/start?attendant=2"))["locale"] == "pt-BR"


@pytest.mark.parametrize("query", ["", "attendant=4", "attendant=x", "attendant=1&locale=fr"])
def test_nobody_unknown_and_no_unknown_language_gets_a_start(
    client: FlaskClient, query: str
) -> None:
    assert client.get(f"/demo/start?{query}").status_code == 404


@pytest.mark.parametrize(
    ("state", "expected"),
    [
        ("up", {"fault": "none", "delay_seconds": 0}),
        ("slow", {"fault": "none", "delay_seconds": 3}),
        ("down", {"fault": "reset", "fault_on": "all", "delay_seconds": 0}),
        ("refuse", {"fault": "503", "fault_on": "all", "delay_seconds": 0}),
    ],
)
def test_the_switch_changes_the_crm_and_reads_it_back(
    client: FlaskClient, control: Control, state: str, expected: dict[str, Any]
) -> None:
    answer = client.post("/demo/crm", data={"state": state})

    assert answer.status_code == 204
    assert expected.items() <= control.state.items()
    assert client.get("/demo/crm").json == {"state": state, "answers": True}


def test_a_state_set_by_somebody_else_is_none_of_the_positions(
    client: FlaskClient, control: Control
) -> None:
    control.state["fault"] = "html200"

    assert client.get("/demo/crm").json == {"state": None, "answers": True}


def test_an_unknown_state_is_refused(client: FlaskClient) -> None:
    assert client.post("/demo/crm", data={"state": "off"}).status_code == 400


def test_an_emulator_that_does_not_answer_is_a_bad_gateway() -> None:
    gone = desk("http://127.0.0.1:1").test_client()

    assert gone.post("/demo/crm", data={"state": "up"}).status_code == 502
    assert gone.get("/demo/crm").json == {"state": None, "answers": False}


def test_without_an_emulator_there_is_no_switch() -> None:
    alone = desk(None).test_client()

    assert 'name="crm"' not in alone.get("/demo").text
    assert alone.post("/demo/crm", data={"state": "up"}).status_code == 404


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Sec-Fetch-Site": "same-origin"}, 204),
        ({"Sec-Fetch-Site": "cross-site"}, 403),
        ({"Sec-Fetch-Site": "same-site"}, 403),
        ({"Origin": "http://localhost"}, 204),
        ({"Origin": "http://elsewhere.example"}, 403),
        ({"Origin": "null"}, 403),
    ],
)
def test_only_the_consoles_own_page_may_switch_the_crm(
    client: FlaskClient, headers: dict[str, str], status: int
) -> None:
    assert client.post("/demo/crm", data={"state": "up"}, headers=headers).status_code == status


def test_another_site_gets_no_start(client: FlaskClient) -> None:
    assert (
        client.get("/demo/start?attendant=1", headers={"Sec-Fetch-Site": "cross-site"}).status_code
        == 403
    )


@pytest.fixture
def page(browser: Browser, control: Control) -> Iterator[Page]:
    """The console, opened; whatever its page complains of fails the test."""
    complaints: list[str] = []
    page = browser.new_page(viewport={"width": 1280, "height": 800}, color_scheme="light")
    page.on("console", lambda message: complaints.append(message.text))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    for address in serve(desk(control.url)):
        page.goto(f"{address}/demo")
        yield page
        page.close()
    assert complaints == []


def panel(page: Page, *, besides: str = "") -> Frame:
    """Returns the frame of the panel as soon as it is there.

    Its address is another one than `besides`.
    """
    until(lambda: any("/panel/" in one.url and one.url != besides for one in page.frames[1:]), page)
    return page.frames[1]


def told(page: Page, count: int) -> list[dict[str, Any]]:
    """What the frame has been told, as soon as there are `count` messages."""
    frame = panel(page)
    # By the clock: a frame that a narrow screen hides is never painted.
    frame.wait_for_function("count => window.told?.length >= count", arg=count, polling=20)
    return [json.loads(one["data"]) for one in frame.evaluate("window.told")]


def until(holds: Callable[[], bool], page: Page) -> None:
    deadline = time.monotonic() + 30
    while not holds():
        assert time.monotonic() < deadline
        page.wait_for_timeout(20)


def ask(frame: Frame, message: str = "'chatwoot-dashboard-app:fetch-info'") -> None:
    frame.evaluate(f"parent.postMessage({message}, '*')")


@pytest.mark.browser
def test_the_frame_is_told_the_context_when_it_has_loaded(page: Page) -> None:
    context = told(page, 1)[0]

    assert context["event"] == "appContext"
    assert set(context["data"]) == {
        "conversation",
        "contact",
        "currentAgent",
        "customAttributes",
        "theme",
    }
    assert context["data"]["contact"]["phone_number"] == "+554988124417"
    assert context["data"]["currentAgent"] == {
        "id": 1,
        "name": "Ana Souza",
        "email": "ana.souza@serranet.example",
    }
    assert context["data"]["theme"] == "light"


@pytest.mark.browser
def test_the_frame_is_of_another_site_and_is_named(page: Page) -> None:
    frame = panel(page)

    assert frame.url.startswith("http://127.0.0.1:")
    assert page.locator("iframe").get_attribute("title") == "Inmap Sales CRM"
    assert page.locator("iframe").get_attribute("sandbox") is None


@pytest.mark.browser
def test_the_frame_is_told_again_when_it_asks_by_the_bare_string(page: Page) -> None:
    told(page, 1)

    ask(panel(page), "{ ask: 'chatwoot-dashboard-app:fetch-info' }")  # an object is ignored
    ask(panel(page))

    assert len(told(page, 2)) == 2


@pytest.mark.browser
def test_switching_makes_a_new_frame_with_a_new_start(page: Page) -> None:
    told(page, 1)
    before = panel(page)

    page.get_by_role("link", name="Rafael Prado").click()

    assert before is not panel(page, besides=before.url)
    assert before.is_detached()
    assert told(page, 1)[0]["data"]["contact"]["phone_number"] == "+5549999032288"
    assert page.locator("iframe").count() == 1
    assert page.url.endswith("/demo#2")


@pytest.mark.browser
def test_a_late_contact_is_empty_first_and_whole_when_asked_again(page: Page) -> None:
    before = panel(page).url
    page.get_by_role("link", name="Família Moura").click()
    panel(page, besides=before)
    told(page, 1)

    ask(panel(page))

    first, second = told(page, 2)
    assert first["data"]["contact"] == {}
    assert first["data"]["conversation"]["meta"]["sender"]["phone_number"] == "+5549984551020"
    assert second["data"]["contact"]["phone_number"] == "+5549984551020"


@pytest.mark.browser
def test_the_keyboard_alone_chooses_a_conversation(page: Page) -> None:
    page.get_by_role("link", name="Marina").focus()

    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")

    page.get_by_role("heading", name="Beatriz Lemos").wait_for()
    assert page.locator("#list [aria-current]").get_attribute("href") == "#3"


@pytest.mark.browser
def test_enter_sends_a_message_and_the_panel_learns_of_it_when_it_asks(page: Page) -> None:
    told(page, 1)
    composer = page.get_by_label("Mensagem para Marina")

    composer.fill("Pode ser <b>sexta</b>?")
    composer.press("Enter")
    ask(panel(page))

    assert (
        page.locator(".chat:visible .bubble.attendant .text").last.inner_text()
        == "Pode ser <b>sexta</b>?"
    )
    assert composer.input_value() == ""
    assert (
        told(page, 2)[1]["data"]["conversation"]["messages"][-1]["content"]
        == "Pode ser <b>sexta</b>?"
    )


@pytest.mark.browser
def test_shift_enter_makes_a_line_and_blanks_are_not_sent(page: Page) -> None:
    composer = page.get_by_label("Mensagem para Marina")
    count = page.locator(".chat:visible .bubble").count()

    composer.press("Shift+Enter")
    composer.press("Enter")

    assert page.locator(".chat:visible .bubble").count() == count


@pytest.mark.browser
def test_the_theme_is_told_to_the_frame_that_is_there(page: Page) -> None:
    told(page, 1)
    before = panel(page)

    page.get_by_label("Tema escuro").check()

    assert told(page, 2)[1]["data"]["theme"] == "dark"
    assert panel(page) is before


@pytest.mark.browser
def test_attendant_and_language_go_into_the_next_start(page: Page) -> None:
    before = panel(page).url
    page.get_by_label("Atendente").select_option("Rui Matos")
    between = panel(page, besides=before).url
    page.get_by_label("Idioma do painel").select_option("English")

    token = panel(page, besides=between).url.partition("?start=")[2]

    start = jwt.decode(token, KEY, algorithms=["HS256"], audience="vinculo")
    assert (start["email"], start["locale"]) == ("rui.matos@serranet.example", "en")
    assert told(page, 1)[0]["data"]["currentAgent"]["name"] == "Rui Matos"


@pytest.mark.browser
def test_the_crm_switch_shows_and_changes_the_crm(page: Page, control: Control) -> None:
    until(page.get_by_label("No ar").is_checked, page)

    page.get_by_label("Fora do ar").check()

    until(lambda: control.state["fault"] == "reset", page)


@pytest.mark.browser
def test_the_panel_is_made_wider_and_narrower_within_its_limits(page: Page) -> None:
    grip = page.get_by_role("separator", name="Largura do painel")
    widths = []

    for key in ("ArrowLeft", "End", "Home"):
        grip.press(key)
        widths.append(page.locator("#panel").bounding_box()["width"])

    assert widths == [360, 420, 280]


@pytest.mark.browser
def test_the_grip_follows_the_mouse_over_the_frame(page: Page) -> None:
    panel(page)
    box = page.get_by_role("separator", name="Largura do painel").bounding_box()

    page.mouse.move(box["x"] + 4, 400)
    page.mouse.down()
    page.mouse.move(box["x"] + 44, 400, steps=4)
    page.mouse.up()

    assert page.locator("#panel").bounding_box()["width"] == pytest.approx(300, abs=2)


@pytest.mark.browser
def test_a_start_that_fails_is_said_and_can_be_tried_again(page: Page) -> None:
    before = panel(page).url
    page.route("**/demo/start?*", lambda route: route.fulfill(status=200, json={"src": None}))
    page.get_by_role("link", name="Lúcia").click()
    page.get_by_text("O painel não pôde ser aberto.").wait_for()
    page.unroute("**/demo/start?*")

    page.get_by_role("button", name="Tentar de novo").click()

    assert panel(page, besides=before)


@pytest.mark.browser
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 800, 320])
def test_axe_finds_nothing(page: Page, scheme: Any, width: int) -> None:
    page.emulate_media(color_scheme=scheme)
    page.set_viewport_size({"width": width, "height": 800})
    told(page, 1)

    found = Axe().run(
        page, options={"resultTypes": ["violations"], "iframes": False}
    )  # the panel has tests of its own

    assert found.violations_count == 0, found.generate_report()


@pytest.mark.browser
def test_a_narrow_screen_shows_one_part_at_a_time(page: Page) -> None:
    page.set_viewport_size({"width": 390, "height": 800})

    page.get_by_role("button", name="CRM").click()

    expect(page.locator("iframe")).to_be_visible()
    expect(page.get_by_label("Mensagem para Marina")).not_to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") == 390
