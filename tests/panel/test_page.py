"""Tests of the page in the frame and its session.

They cover what proves who is asking, what the console may tell, and drafts on their way.
"""

import json
import time
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from flask import Flask
from itsdangerous import URLSafeTimedSerializer

from tests.product import (
    ANA,
    MARINA,
    OTAVIO,
    RUI,
    SECRET,
    START_KEY,
    Screen,
    Visitor,
    asked,
    context,
    product,
    services_of,
    start_token,
)
from widget.consoles.claims import make_start
from widget.domain.model import Attendant
from widget.emulator.crm.server import Emulator
from widget.store.records.attendants import Colleague

CONTEXT = "/panel/chatwoot/context"
PAGE = "/panel/chatwoot"
PAIR = "/panel/chatwoot/pair"

BAD_STARTS = {
    "none": "",
    "nonsense": "a.b.c",
    "another key": start_token(ANA, key="another-key-that-is-long-enough-too"),
    "another console": start_token(ANA, host="zendesk"),
    "another audience": start_token(ANA, aud="somebody"),
    "no audience": start_token(ANA, aud=None),
    "no account": start_token(ANA, account=None),
    "expired": start_token(ANA, exp=int(time.time()) - 3600),
    "from tomorrow": start_token(ANA, iat=int(time.time()) + 86400, nbf=int(time.time()) + 86400),
    "personal for ever": start_token(ANA, exp=None),
    "unsigned": "eyJhbGciOiJub25lIn0."
    "eyJhdWQiOiJ2aW5jdWxvIiwiaG9zdCI6ImNoYXR3b290IiwiYWNjb3VudCI6IjEifQ.",
}

BAD_TOKENS = {
    "none": "",
    "nonsense": "x",
    "three parts": "a.b.c",
    "another key": URLSafeTimedSerializer("another", salt="panel").dumps(["chatwoot:1:101", "1"]),
    "another purpose": URLSafeTimedSerializer(SECRET, salt="other").dumps(["chatwoot:1:101", "1"]),
    "no attendant": URLSafeTimedSerializer(SECRET, salt="panel").dumps("chatwoot:1:101"),
    "another shape": URLSafeTimedSerializer(SECRET, salt="panel").dumps({"a": 1}),
    "another conversation": URLSafeTimedSerializer(SECRET, salt="panel").dumps(
        ["chatwoot:1:999", "1"]
    ),
    "another attendant": URLSafeTimedSerializer(SECRET, salt="panel").dumps(
        ["chatwoot:1:101", "2"]
    ),
    "no values": URLSafeTimedSerializer(SECRET, salt="panel").dumps([None, {}]),
}


# The page


def test_the_page_is_painted_without_asking_the_crm_and_holds_nothing_personal(
    ana: Visitor, crm: Emulator
) -> None:
    page = ana.client.get(PAGE, query_string={"start": start_token(ANA)})

    assert page.status_code == 200
    assert "Inmap Sales CRM" in page.text
    assert "Ana" not in page.text
    assert crm.calls == []


def test_everything_the_page_loads_is_its_own(ana: Visitor) -> None:
    page = Screen(ana.client.get(PAGE, query_string={"start": start_token(ANA)}))
    sources = [
        n.attributes.get("src") or n.attributes.get("href") or ""
        for n in page.html.css("script, link")
    ]

    assert all(source.startswith(("/static/", "data:")) for source in sources)
    assert all(
        ana.client.get(source).status_code == 200 for source in sources if source.startswith("/")
    )
    assert (
        [n.text() for n in page.html.css("script") if n.text()]
        == page.html.css("style, [style], [onclick]")
        == []
    )


@pytest.mark.parametrize("start", BAD_STARTS.values(), ids=BAD_STARTS)
@pytest.mark.parametrize("route", [PAGE, CONTEXT, "/panel/chatwoot/token"])
def test_an_address_that_proves_nothing_opens_nothing(
    ana: Visitor, crm: Emulator, start: str, route: str
) -> None:
    body = {"start": start, "context": context(MARINA)}
    answer = (
        ana.client.get(route, query_string=body)
        if route == PAGE
        else ana.client.post(route, data=body)
    )

    assert answer.status_code == 401
    assert "VNC-101" in answer.text
    assert "Marina" not in answer.text
    assert "X-Panel-Token" not in answer.headers
    assert crm.calls == []


@pytest.mark.parametrize(
    ("locale", "word"),
    [("pt-BR", "Tentar de novo"), ("en", "Try again"), ("es", "Intentar de nuevo")],
)
def test_the_consoles_language_decides(ana: Visitor, locale: str, word: str) -> None:
    start = start_token(ANA, locale=locale)
    page = ana.client.get(PAGE, query_string={"start": start}, headers={"Accept-Language": "pt-BR"})

    assert f'<html lang="{locale}">' in page.text
    assert word in page.text


@pytest.mark.parametrize(
    ("wished", "spoken"),
    [("es-MX,es;q=0.9", "es"), ("en-GB", "en"), ("fr", "pt-BR"), ("", "pt-BR")],
)
def test_else_the_browsers_language_decides(ana: Visitor, wished: str, spoken: str) -> None:
    page = ana.client.get(
        PAGE, query_string={"start": start_token(ANA)}, headers={"Accept-Language": wished}
    )

    assert f'<html lang="{spoken}">' in page.text


# The context


def test_the_context_brings_the_person_and_a_token_of_ids_only(ana: Visitor) -> None:
    opened = ana.open(MARINA)

    assert "Marina Teles Andrade" in opened.text
    assert URLSafeTimedSerializer(SECRET, salt="panel").loads(ana.token) == ["chatwoot:1:101", "1"]


@pytest.mark.parametrize(
    ("told", "status"),
    [
        ("", 404),
        ("nonsense", 404),
        ("[]", 404),
        ("null", 404),
        ("1", 404),
        ('"x"', 404),
        ("{}", 404),
        ("[" * 20_000, 404),
        ('{"conversation": 1}', 404),
        ('{"conversation": {"id": null}}', 404),
        ('{"conversation": {"id": [1]}}', 404),
        ('{"conversation": {"id": "  "}}', 404),
        ('{"conversation": {"id": 1}}', 200),
        ('{"conversation": {"id": 1, "meta": []}, "contact": 5}', 200),
        ('{"conversation": {"id": 1}, "contact": null, "currentAgent": "x"}', 200),
        ('{"conversation": {"id": "\\ud83d"}}', 404),
        ('{"conversation": {"id": 1}, "contact": {"name": "\\ud800x"}}', 200),
        ('{"conversation": {"id": 1}, "contact": {"id": 1e400, "name": NaN}}', 200),
        ('{"conversation": {"id": 1}, "x": "' + "a" * 70_000 + '"}', 200),
        (
            '{"conversation": {"id": 1}, "contact": {"custom_attributes": {"x": "'
            + "ç" * 100_000
            + '"}}}',
            200,
        ),
        ('{"conversation": {"id": 1}, "contact": {"phone_number": ' + "9" * 5000 + "}}", 200),
        ('{"conversation": {"id": ' + "9" * 5000 + "}}", 404),
        ('{"conversation": {"id": 1}, "x": "' + "a" * 5_000_000 + '"}', 413),
    ],
)
def test_whatever_the_console_tells_is_read_or_refused(
    ana: Visitor, told: str, status: int
) -> None:
    answer = ana.client.post(
        CONTEXT, data={"start": start_token(ANA), "context": told}, headers={"HX-Request": "true"}
    )

    assert answer.status_code == status


@pytest.mark.parametrize("length", [200, 33_000, 70_000, 300_000, 900_000])
def test_a_long_field_of_the_console_keeps_nobody_from_being_recognised(
    ana: Visitor, length: int
) -> None:
    opened = ana.open({**MARINA, "custom_attributes": {"historico": "x" * length}})

    assert (opened.status, "Marina Teles Andrade" in opened.text) == (200, True)


def test_so_many_fields_keep_nobody_from_being_recognised(ana: Visitor) -> None:
    fields = {f"campo_{number}": {"valores": [number] * 9} for number in range(5000)}
    opened = ana.open(
        {**MARINA, "custom_attributes": fields, "additional_attributes": [fields]}, conversation=9
    )

    assert (opened.status, "Marina Teles Andrade" in opened.text) == (200, True)


HIDDEN = {"id": 101, "name": "Marina", "phone_number": "+123456789012345"}
MARINAS_NUMBER = "5549988124417@s.whatsapp.net"


@pytest.mark.parametrize(
    ("told", "seen"),
    [
        ({"identifier": MARINAS_NUMBER}, "reconhecido: mesmo telefone"),
        ({"custom_attributes": {"celular": "49 98812-4417"}}, "reconhecido: mesmo telefone"),
        ({"name": "Marina (49) 98812-4417"}, "telefone de outro campo do console: confira"),
        (
            {"name": "Serra", "custom_attributes": {"CNPJ da empresa": "CNPJ: 12.abc.345/01de-35"}},
            "mesmo CNPJ",
        ),
        (
            {"name": "Serra", "custom_attributes": {"doc_xyz": "12abc34501de35"}},
            "documento de outro campo do console",
        ),
    ],
)
def test_who_writes_with_a_hidden_number_is_found_by_what_else_is_told(
    ana: Visitor, told: dict[str, Any], seen: str
) -> None:
    opened = ana.open(HIDDEN | told)

    assert (opened.status, seen in opened.text) == (200, True)
    assert ("Quem é?" in opened.text) == ("outro campo" in seen)


def test_a_hidden_number_alone_is_no_clue(ana: Visitor, crm: Emulator) -> None:
    opened = ana.open(HIDDEN)

    assert "O console não disse telefone, e-mail nem documento desta pessoa." in opened.text
    assert ana.get("/tab/contact/new").form(".form")["phone"] == ""


FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:150.0) Gecko/20100101 Firefox/150.0"


def _shared(app: Flask, path: str, **more: str) -> Screen:
    """What a console brings that has one address for all of its attendants."""
    body = {"start": make_start(START_KEY, "chatwoot", "1"), "context": context(MARINA), **more}
    return Screen(
        app.test_client().post(
            path, data=body, headers={"HX-Request": "true", "User-Agent": FIREFOX}
        )
    )


def _invited(app: Flask, number: str = "p-1", account: str = "1") -> str:
    """The code that an administrator gives to Rui."""
    services = services_of(app)
    services.shared.attendants.add(
        Colleague("chatwoot", account, number, "Rui Matos", "rui.matos@serranet.example")
    )
    return services.shared.pairings.invite("chatwoot", account, number)


@pytest.mark.parametrize("pairing", ["", "x", "a" * 43, "ç🚀"])
def test_who_is_not_proven_sees_nothing_of_the_crm(app: Flask, crm: Emulator, pairing: str) -> None:
    opened = _shared(app, CONTEXT, pairing=pairing)

    assert opened.status == 403
    assert "VNC-121" in opened.text
    assert "Marina" not in opened.text
    assert "X-Panel-Token" not in opened.response.headers
    assert crm.calls == []


def test_a_code_pairs_the_browser_once_and_from_then_on_it_is_known(app: Flask) -> None:
    code = _invited(app)
    paired = _shared(app, PAIR, code=f" {code.lower()} ")
    again = _shared(app, PAIR, code=code)
    opened = _shared(app, CONTEXT, pairing=paired.response.headers["X-Pairing"])
    renewed = _shared(app, "/panel/chatwoot/token", pairing=paired.response.headers["X-Pairing"])
    conversation = services_of(app).shared.conversations.find("chatwoot:1:101", "p-1")

    [browser] = [one.browser for one in services_of(app).shared.pairings.of("chatwoot", "1")]

    assert (paired.status, again.status, opened.status, renewed.status) == (200, 422, 200, 200)
    assert browser == "Firefox, Linux"
    assert "Marina Teles Andrade" in paired.text
    assert "X-Pairing" not in again.response.headers
    assert conversation is not None
    assert conversation.attendant == Attendant(
        "p-1", "Rui Matos", "rui.matos@serranet.example", proven=True
    )


def test_where_a_frame_has_no_storage_a_cookie_of_its_partition_pairs(app: Flask) -> None:
    cookie = _shared(app, PAIR, code=_invited(app)).response.headers["Set-Cookie"]
    client = app.test_client(use_cookies=False)
    headers = {"HX-Request": "true", "Cookie": cookie.partition(";")[0]}
    statuses = [
        client.post(
            CONTEXT,
            headers=headers,
            data={"start": make_start(START_KEY, *place), "context": context(MARINA)},
        )
        for place in (("chatwoot", "1"), ("chatwoot", "2"))
    ]

    assert {"Secure", "HttpOnly", "Path=/", "SameSite=None", "Partitioned"} <= set(
        cookie.split("; ")
    )
    assert [answer.status_code for answer in statuses] == [200, 403]


@pytest.mark.parametrize("typed", ["", "AAAA-AAAA", "x" * 300, "ç🚀", "' OR 1=1 --"])
def test_a_wrong_code_pairs_nobody(app: Flask, crm: Emulator, typed: str) -> None:
    _invited(app)
    answer = _shared(app, PAIR, code=typed)

    assert (answer.status, "X-Pairing" in answer.response.headers) == (422, False)
    assert answer.form()["code"] == typed
    assert crm.calls == []


def test_codes_cannot_be_guessed_one_after_the_other(app: Flask) -> None:
    code = _invited(app)
    statuses = [_shared(app, PAIR, code="AAAA-AAAA").status for _ in range(12)]

    assert statuses == [422] * 10 + [429] * 2
    assert _shared(app, PAIR, code=code).status == 429


def test_a_panel_in_use_gets_a_fresh_token_now_and_then(
    ana: Visitor, time_machine: time_machine.TimeMachineFixture
) -> None:
    ana.open(MARINA)
    first = ana.token
    tokens = []
    for minutes in (0, 50, 50):
        time_machine.move_to(datetime.now(UTC) + timedelta(minutes=minutes), tick=False)
        tokens.append(ana.get("/tab/contact").response.headers.get("X-Panel-Token"))

    assert tokens[0] is None
    assert len({first, *tokens[1:]}) == 3
    assert ana.screen
    assert ana.screen.status == 200


def test_a_fresh_token_ends_with_the_pairing_of_the_one_before(
    app: Flask, time_machine: time_machine.TimeMachineFixture
) -> None:
    opened = _shared(app, PAIR, code=_invited(app)).response
    time_machine.move_to(datetime.now(UTC) + timedelta(minutes=30), tick=False)
    client, token = app.test_client(), opened.headers["X-Panel-Token"]
    fresh = client.get("/tab/contact", headers={"X-Panel-Token": token}).headers["X-Panel-Token"]
    pairings = services_of(app).shared.pairings
    pairings.revoke(pairings.of("chatwoot", "1")[0].id)

    assert client.get("/tab/contact", headers={"X-Panel-Token": fresh}).status_code == 401


def test_a_revoked_browser_is_nobodys(app: Flask) -> None:
    secret = _shared(app, PAIR, code=_invited(app)).response.headers["X-Pairing"]
    pairings = services_of(app).shared.pairings
    pairings.revoke(pairings.of("chatwoot", "1")[0].id)

    assert _shared(app, CONTEXT, pairing=secret).status == 403


def test_an_attendant_who_was_removed_is_nobody(app: Flask) -> None:
    secret = _shared(app, PAIR, code=_invited(app)).response.headers["X-Pairing"]
    services_of(app).shared.attendants.remove("chatwoot", "1", "p-1")

    assert _shared(app, CONTEXT, pairing=secret).status == 403


def test_a_pairing_of_another_account_proves_nothing(app: Flask) -> None:
    services = services_of(app)
    secret = services.shared.pairings.redeem("chatwoot", "2", _invited(app, account="2"), "Firefox")

    assert secret
    assert _shared(app, CONTEXT, pairing=secret).status == 403


def test_a_personal_start_goes_before_the_consoles_word(ana: Visitor) -> None:
    ana.open(MARINA)
    conversation = services_of(ana.client.application).shared.conversations.find(
        "chatwoot:1:101", "1"
    )

    assert conversation is not None
    assert (conversation.attendant.email, conversation.attendant.proven) == (ANA["email"], True)


def test_two_accounts_of_one_console_share_nothing(app: Flask, ana: Visitor) -> None:
    ana.open(OTAVIO)
    ana.link("client-5")
    other = Visitor(app.test_client())

    assert "não encontrado" in other.open(OTAVIO, account="2").text


# The token


@pytest.mark.parametrize("token", BAD_TOKENS.values(), ids=BAD_TOKENS)
def test_a_token_that_is_not_ours_opens_nothing(ana: Visitor, crm: Emulator, token: str) -> None:
    ana.open(MARINA)
    form = ana.get("/tab/notes").form(".composer")
    ana.token = token
    answers = [
        ana.get("/tab/contact"),
        ana.post("/tab/notes", {**form, "text": "x"}),
        ana.post("/tab/draft/x", {}),
    ]

    assert {answer.status for answer in answers} == {401}
    assert all("X-Panel-Token" not in answer.response.headers for answer in answers)
    assert asked(crm, "crm_prospeccao_anotacoes", "insert") == []


def test_a_tampered_token_opens_nothing(ana: Visitor) -> None:
    ana.open(MARINA)
    ana.token = ana.token[:-2] + ("AA" if not ana.token.endswith("AA") else "BB")

    assert ana.get("/tab/contact").status == 401


def test_a_token_lives_as_long_as_it_is_used_and_not_longer(ana: Visitor) -> None:
    ana.open(MARINA)
    with time_machine.travel(time.time() + 50 * 60, tick=True):
        used = ana.get("/tab/contact/card")
        renewed = ana.token
    with time_machine.travel(time.time() + 100 * 60, tick=True):
        still = ana.get("/tab/contact/card")
    with time_machine.travel(time.time() + 200 * 60, tick=True):
        over = ana.get("/tab/contact/card")

    assert used.response.headers["X-Panel-Token"] == renewed
    assert (used.status, still.status, over.status) == (200, 200, 401)


def test_after_the_session_ended_the_way_back_saves_what_was_typed(
    ana: Visitor, crm: Emulator
) -> None:
    ana.open(MARINA)
    form = {**ana.get("/tab/notes").form(".composer"), "text": "Nada se perde"}
    with time_machine.travel(time.time() + 90 * 60, tick=True):
        refused = ana.post("/tab/notes", form)
        body = {"start": start_token(ANA), "context": context(MARINA)}
        again = ana.client.post("/panel/chatwoot/token", data=body)
        ana.token = again.headers["X-Panel-Token"]
        saved = ana.post("/tab/notes", form)

    assert (refused.status, again.status_code, again.text, saved.status) == (401, 200, "", 200)
    assert (
        sum("Nada se perde" in row["anotacao"] for row in crm.rows("crm_prospeccao_anotacoes")) == 1
    )


def test_a_token_is_good_for_its_conversation_only(app: Flask, ana: Visitor, crm: Emulator) -> None:
    ana.open(MARINA)
    form = ana.get("/tab/notes").form(".composer")
    other = Visitor(app.test_client())
    other.open(OTAVIO)
    stopped = other.post("/tab/notes", {**form, "text": "x"})

    assert stopped.status in {404, 409}
    assert asked(crm, "crm_prospeccao_anotacoes", "insert") == []


# Drafts


def test_a_draft_is_kept_with_whatever_name_and_content(ana: Visitor) -> None:
    ana.open(MARINA)
    sent = {"text": "🚀\x00<b>" * 1000, "key": "k" * 20, "contact": "lead-1"}

    assert ana.post("/tab/draft/" + "x" * 500, sent).status == 204
    assert ana.post("/tab/draft/note-contact", sent).status == 204
    assert ana.get("/tab/notes").html.css(".composer b") == []


def test_who_cancels_gets_the_first_screen_and_no_draft(ana: Visitor) -> None:
    ana.open(MARINA)
    ana.post("/tab/draft/note-contact", {**ana.get("/tab/notes").form(".composer"), "text": "x"})
    headers = {"X-Panel-Token": ana.token, "HX-Request": "true"}
    screen = Screen(ana.client.delete("/tab/draft/note-contact?then=card", headers=headers))

    assert "Marina Teles Andrade" in screen.text
    assert "Rascunho" not in screen.text


def test_a_draft_outlives_the_process(crm: Emulator, tmp_path: Any) -> None:
    first = Visitor(product(crm, tmp_path).test_client())
    first.open(MARINA)
    first.post(
        "/tab/draft/note-contact",
        {**first.get("/tab/notes").form(".composer"), "text": "Meio escr"},
    )
    second = Visitor(product(crm, tmp_path).test_client())
    second.open(MARINA)

    assert second.get("/tab/notes").form(".composer")["text"] == "Meio escr"


def test_what_one_attendant_types_another_never_gets(app: Flask, ana: Visitor) -> None:
    ana.open(MARINA)
    ana.post(
        "/tab/draft/note-contact", {**ana.get("/tab/notes").form(".composer"), "text": "Meio escr"}
    )
    rui = Visitor(app.test_client(), RUI)
    rui.open(MARINA)

    assert rui.get("/tab/notes").form(".composer")["text"] == ""
    assert json.dumps("Meio escr")[1:-1] not in rui.open(MARINA).response.text
