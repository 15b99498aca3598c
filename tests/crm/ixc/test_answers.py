"""What an answer is."""

import pytest

from widget.crm.ixc.answers import judged, refusal
from widget.crm.probe import Answer, Place
from widget.emulator.crm import answers

PLAIN = Place("http", "crm.example", 80)
PANEL = (
    "<html><head><title>IXC Provedor</title></head><body><div>Efetue o login</div></body></html>"
)
SIGN_IN = (
    "<html><title>Acme proxy sign-in</title><form><input name=u><input "
    "type='password'></form></html>"
)


def answer(status: int, text: str = "", *, is_cut: bool = False, **headers: str) -> Answer:
    return Answer(status, headers, text, 0.1, is_cut=is_cut)


@pytest.mark.parametrize(
    ("given", "slug"),
    [
        (answer(200, '{"page":"1","total":"0"}'), "listing"),
        (answer(200, '{"page":"1","total":1,"registros":[{"id":"1"}]}'), "listing"),
        (
            answer(
                200, '{"type":"error","message":"Seu IP não está liberado para efetuar login!"}'
            ),
            "address-refused",
        ),
        (
            answer(200, '{"type":"error","message":"Recurso rad não está disponível!"}'),
            "resource-closed",
        ),
        (answer(200, '{"type":"error","message":"Usuário não possui permissão"}'), "read-denied"),
        (answer(200, '{"type":"error","message":"Preencha Nome!"}'), "refused"),
        (answer(200, ""), "body-empty"),
        (answer(200, "{}"), "body-empty"),
        (answer(200, '{"page":"1","total":"1","registros":[{"id'), "body-cut"),
        (answer(200, '{"page":"1"', is_cut=True), "body-cut"),
        (answer(200, "", is_cut=True), "body-cut"),
        (answer(200, '\ufeff{"page":"1","total":"0"}'), "listing"),
        (answer(200, '<b>Notice</b>: x in a.php\n{"page":"1","total":"0"}'), "listing"),
        (answer(200, '{"page":"1","total":"0"}<br /><b>Notice</b>: x in a.php'), "body-spoiled"),
        (answer(200, '<b>Notice</b>{"page":"1","total":"0"} and more'), "body-spoiled"),
        (answer(200, '<html><script>{"type":"success"}</script></html>'), "other-site"),
        (answer(200, '["a site of its own"]'), "other-site"),
        (answer(200, '{"status":"healthy"}'), "other-site"),
        (answer(200, "<html><title>Padaria do Zé</title></html>"), "other-site"),
        (answer(200, SIGN_IN), "sign-in-page"),
        (answer(407, ""), "sign-in-page"),
        (answer(200, PANEL), "path-panel"),
        (answer(200, answers._BOX), "crm-error-page"),
        (answer(500, answers._BOX), "crm-error-page"),
        (answer(504, answers._GATEWAY_BOX), "gateway"),
        (answer(502, "<html>Bad Gateway</html>"), "gateway"),
        (answer(400, ""), "scheme-refused"),
        (answer(400, "The plain HTTP request was sent to HTTPS port"), "tls-wanted"),
        (answer(401, ""), "token-refused"),
        (answer(403, ""), "token-old"),
        (answer(404, ""), "path-absent"),
        (answer(429, ""), "busy"),
        (answer(301, Location="https://crm.example/webservice/v1/"), "tls-wanted"),
        (answer(302, Location="/adm.php"), "path-panel"),
        (answer(302, Location="https://login.example/?next=1"), "elsewhere"),
    ],
)
def test_an_answer_is_named(given: Answer, slug: str) -> None:
    assert judged(given, PLAIN)[0] == slug


def test_where_it_sends_to_is_told_without_what_may_be_secret_in_it() -> None:
    _, values = judged(answer(302, Location="https://login.example/?token=secret"), PLAIN)

    assert values["location"] == "https://login.example"


def test_a_refusal_of_the_crm_is_understood_without_accents_too() -> None:
    assert refusal("Recurso crm_funil nao esta disponivel!") == "resource-closed"
