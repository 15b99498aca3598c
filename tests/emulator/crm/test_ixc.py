"""Tests of the webservice's outside.

They say who is let in, which verbs and bodies it takes, and what its answers look like.
"""

import base64
import json
import socket
from urllib.parse import urlsplit

import pytest
import requests

from tests.emulator.client import LIST, Api, deal, lead
from widget.emulator.crm.server import Emulator

ONE_CITY = {"qtype": "cidade.id", "query": "1", "oper": "="}


@pytest.mark.parametrize(
    ("authorization", "status"),
    [
        ("Basic {good}", 200),
        ("basic {good}", 200),
        ("Basic {wrong}", 401),
        ("Basic not-base64", 401),
        ("Bearer {good}", 400),
        ("Token {good}", 400),
        ("", 401),
    ],
)
def test_only_basic_with_the_right_token_is_let_in(
    crm: Emulator, authorization: str, status: int
) -> None:
    encoded = {
        name: base64.b64encode(token.encode()).decode()
        for name, token in {"good": crm.token, "wrong": crm.token[:-1] + "0"}.items()
    }
    headers = LIST | {"Authorization": authorization.format(**encoded)}

    answer = requests.post(
        f"{crm.url}/webservice/v1/cidade", json=ONE_CITY, headers=headers, timeout=10
    )

    assert answer.status_code == status
    assert ("text/html" in answer.headers["Content-Type"]) == (status != 200)


@pytest.mark.parametrize("path", ["cidade", "cidade/"])
@pytest.mark.parametrize("method", ["GET", "POST"])
@pytest.mark.parametrize("form", ["json", "urlencoded", "multipart", "json without a content type"])
def test_a_listing_is_read_by_either_verb_and_in_any_form(
    api: Api, method: str, path: str, form: str
) -> None:
    bodies = {
        "json": {"json": ONE_CITY},
        "urlencoded": {"data": ONE_CITY},
        "multipart": {"files": {name: (None, value) for name, value in ONE_CITY.items()}},
        "json without a content type": {"data": json.dumps(ONE_CITY)},
    }

    answer = api.send(method, path, headers=LIST, **bodies[form])

    assert [city["nome"] for city in answer.json()["registros"]] == ["Chapecó"]


def test_an_insert_is_read_from_a_form_too(api: Api, crm: Emulator) -> None:
    answer = api.send("POST", "contato", data=lead(nome="Do Formulário"))

    assert crm.rows("contato", nome="Do Formulário")[0]["id"] == answer.json()["id"]


@pytest.mark.parametrize(
    ("method", "path", "headers", "status"),
    [
        ("GET", "cidade", {}, 404),
        ("GET", "cidade/1", {}, 404),
        ("GET", "cidade/1", LIST, 404),
        ("HEAD", "cidade", {}, 404),
    ],
)
def test_get_without_a_listing_is_no_route(
    api: Api, method: str, path: str, headers: dict[str, str], status: int
) -> None:
    assert api.send(method, path, headers=headers).status_code == status


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("POST", "contato/1"),
        ("PUT", "contato"),
        ("DELETE", "contato"),
        ("POST", "crm_negociacoes_simplificado/1"),
    ],
)
def test_a_verb_that_does_not_fit_is_refused_and_changes_nothing(
    api: Api, crm: Emulator, method: str, path: str
) -> None:
    before = crm.rows("contato"), crm.rows("crm_negociacoes")

    answer = api.send(method, path, json=lead())

    assert (answer.status_code, answer.json()["type"]) == (200, "error")
    assert (crm.rows("contato"), crm.rows("crm_negociacoes")) == before


def test_a_listing_header_on_an_insert_lists_and_creates_nothing(api: Api, crm: Emulator) -> None:
    before = len(crm.rows("contato"))

    answer = api.send("POST", "contato", json=lead(), headers=LIST)

    assert "registros" in answer.json()
    assert len(crm.rows("contato")) == before


@pytest.mark.parametrize("word", ["", "incluir", "insert", "Provedor"])
def test_any_other_word_in_the_header_is_no_listing(api: Api, crm: Emulator, word: str) -> None:
    answer = api.send("POST", "contato", json=lead(nome="Cabeçalho"), headers={"ixcsoft": word})

    assert answer.json()["type"] == "success"
    assert len(crm.rows("contato", nome="Cabeçalho")) == 1


def test_an_answer_calls_its_json_text_escapes_it_and_sets_a_session_cookie(api: Api) -> None:
    answer = api.find("cidade", **ONE_CITY)

    assert answer.headers["Content-Type"] == "text/x-json; charset=utf-8"
    assert answer.headers["Set-Cookie"].startswith("IXC_Session=")
    assert answer.headers["Server"] == "nginx"
    assert b"Chapec\\u00f3" in answer.content


def test_html_in_a_record_does_not_look_like_an_error_page(api: Api) -> None:
    api.insert("contato", **lead(nome="Com HTML", obs="<div>nota</div>"))

    answer = api.find("contato", qtype="contato.nome", query="Com HTML", oper="=")

    assert "</div>" not in answer.text
    assert answer.json()["registros"][0]["obs"] == "<div>nota</div>"


@pytest.mark.parametrize(
    "resource", ["crm_leads", "crm_candidatos", "sqlite_master", "emulator_arrived", "Contato"]
)
def test_an_unknown_resource_is_named_in_the_refusal(api: Api, resource: str) -> None:
    answer = api.find(resource)

    assert answer.json() == {"type": "error", "message": f"Recurso {resource} não está disponível!"}


@pytest.mark.parametrize(
    "body",
    [
        "{",
        "[1, 2]",
        '"text"',
        "nome=X",
        '{"qtype": "contato.nome", "query": "\\ud800", "oper": "="}',
        "\ud800",
    ],
)
def test_a_body_that_is_no_json_object_brings_the_red_box_or_an_empty_list(
    api: Api, body: str
) -> None:
    answer = api.send("POST", "contato", data=body.encode("utf-8", "surrogatepass"), headers=LIST)

    assert answer.status_code in {200, 500}
    assert "registros" not in answer.text


def test_connections_are_kept_and_the_next_request_starts_after_an_unread_body(
    crm: Emulator,
) -> None:
    address = urlsplit(crm.url)
    request = (
        f"POST /webservice/v1/contato HTTP/1.1\r\nHost: {address.netloc}\r\n"
        "Authorization: Basic d3Jvbmc=\r\nContent-Length: 7\r\n\r\n{{{{{{{"
    )
    with socket.create_connection(
        (address.hostname or "", address.port or 0), timeout=5
    ) as connection:
        for _ in range(3):
            connection.sendall(request.encode())
            assert connection.recv(65_536).startswith(b"HTTP/1.1 401 ")


def test_an_answer_arrives_in_one_piece(crm: Emulator) -> None:
    address = urlsplit(crm.url)
    token = base64.b64encode(crm.token.encode()).decode()
    request = (
        f"GET /webservice/v1/cidade HTTP/1.1\r\nHost: {address.netloc}\r\nAuthorization: Basic "
        f"{token}\r\n"
        "ixcsoft: listar\r\nContent-Length: 0\r\n\r\n"
    )
    with socket.create_connection(
        (address.hostname or "", address.port or 0), timeout=5
    ) as connection:
        connection.sendall(request.encode())
        first = connection.recv(65_536)

    head, _, body = first.partition(b"\r\n\r\n")
    assert f"Content-Length: {len(body)}".encode() in head


def test_a_chunked_body_is_read(api: Api, crm: Emulator) -> None:
    pieces = iter([json.dumps(lead(nome="Em Pedaços")).encode()])

    api.send("POST", "contato", data=pieces, headers={"Content-Type": "application/json"})

    assert len(crm.rows("contato", nome="Em Pedaços")) == 1


def test_a_blocked_address_is_told_so_before_its_token_is_looked_at(crm: Emulator) -> None:
    crm.control(ip_blocked=True)

    with Api(crm.url, "1:wrong") as stranger:
        answer = stranger.find("cidade")

    assert answer.json() == {
        "type": "error",
        "message": "Seu IP não está liberado para efetuar login!",
    }


@pytest.mark.parametrize("resource", ["contato", "crm_negociacoes_perdemos_data"])
def test_a_resource_that_is_not_released_answers_as_an_unknown_one(
    api: Api, crm: Emulator, resource: str
) -> None:
    crm.control(not_released=[resource])

    answer = api.update(resource, "1", {})

    assert answer.json()["message"] == f"Recurso {resource} não está disponível!"


def test_a_resource_that_is_not_permitted_names_what_may_not_be_done(
    api: Api, crm: Emulator
) -> None:
    crm.control(not_permitted=["crm_negociacoes"])

    answers = [api.find("crm_negociacoes").json(), api.insert("crm_negociacoes", **deal()).json()]

    assert [answer["type"] for answer in answers] == ["error", "error"]
    assert (
        answers[0]["message"] == "Usuário não possui permissão para acessar em Negociações!<br />"
    )
    assert "inserir" in answers[1]["message"]


def test_a_resource_that_is_not_writable_can_be_read(api: Api, crm: Emulator) -> None:
    crm.control(not_writable=["crm_negociacoes_simplificado", "contato"])

    assert api.find("contato").json()["total"] != "0"
    assert "permissão para inserir" in api.insert("contato", **lead()).json()["message"]
    assert (
        "permissão para editar"
        in api.update("crm_negociacoes_simplificado", "1", {}).json()["message"]
    )
