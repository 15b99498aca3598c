"""Every way in which a call can end, and what it means: done, surely not done, or nobody knows."""

from __future__ import annotations

import gzip
import json
import shutil
import ssl
import time
import tracemalloc
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
import requests
import responses

from tests.crm.bench import ORIGIN, Clock, http, reason
from tests.emulator.certificate import write_certificate
from tests.product import integration
from widget.crm.http import LONGEST_PAUSE
from widget.crm.ixc.transport import Webservice, webservice
from widget.crm.wire import Filter, Query, Write
from widget.domain import errors
from widget.emulator.crm.server import Emulator

ADDRESS = "https://ixc.provedor.example/webservice/v1"
BOX = (
    '<div style="background:#FF0000">Ocorreu um erro ao processar. Contate o suporte IXC '
    "Soft.</div>"
)
FUNNELS = Query("crm_funil")


@pytest.fixture
def answers() -> Iterator[responses.RequestsMock]:
    with responses.RequestsMock() as mock:
        yield mock


@pytest.fixture
def far() -> Webservice:
    return Webservice(integration("https://ixc.provedor.example/adm.php", "7:abc", wait=2.0))


def said(message: str) -> str:
    return json.dumps({"type": "error", "message": message})


NOTICE = (
    "<br />\n<b>Notice</b>:  Undefined index: {id} in <b>/var/www/a.php</b> on line <b>12</b><br "
    "/>\n"
)


@pytest.mark.parametrize(
    "before", ["\ufeff", "\ufeff\n ", NOTICE, "PHP Warning:  Division by zero in a.php\n"]
)
def test_an_answer_behind_a_mark_or_a_notice_is_an_answer(
    answers: responses.RequestsMock, far: Webservice, before: str
) -> None:
    answers.post(
        f"{ADDRESS}/crm_funil", body=f'{before}{{"total":"1","registros":[{{"id":"1"}}]}}'.encode()
    )
    answers.post(
        f"{ADDRESS}/crm_substatus", body=f'{before}{{"type":"success","id":"5"}}\n'.encode()
    )

    assert far.read(FUNNELS).value.rows == ({"id": "1"},)
    assert far.write(reason()).id == "5"


def test_a_refusal_behind_a_notice_is_a_refusal(
    answers: responses.RequestsMock, far: Webservice
) -> None:
    answers.post(f"{ADDRESS}/crm_substatus", body=NOTICE + said("Preencha Nome!"))

    with pytest.raises(errors.Rejected, match="Preencha Nome!"):
        far.write(reason())


@pytest.mark.parametrize(
    "records", [{"0": {"id": "4"}, "1": {"id": "7"}}, {"2": {"id": "4"}, "5": {"id": "7"}}]
)
def test_rows_as_an_object_are_read_like_a_list(
    answers: responses.RequestsMock, far: Webservice, records: dict[str, Any]
) -> None:
    answers.post(f"{ADDRESS}/crm_funil", json={"total": "2", "registros": records})

    assert [row["id"] for row in far.read(FUNNELS).value.rows] == ["4", "7"]


@pytest.mark.parametrize(
    ("total", "read"), [({"total": 7}, 7), ({}, 3), ({"total": "?"}, 3), ({"total": None}, 3)]
)
def test_where_no_total_is_told_there_may_be_more(
    answers: responses.RequestsMock, far: Webservice, total: dict[str, object], read: int
) -> None:
    answers.post(f"{ADDRESS}/crm_funil", json={**total, "registros": [{"id": "4"}, {"id": "7"}]})

    assert far.read(FUNNELS).value.total == read


# -- statuses and bodies
# ------------------------------------------------------------------------------------------

WAYS = [  # status, body, what a read makes of it, what a write makes of it
    (200, BOX, errors.Unexpected, errors.OutcomeUnknown),
    (200, "", errors.Unexpected, errors.OutcomeUnknown),
    (200, "{}", errors.Unexpected, errors.OutcomeUnknown),
    (200, "[]", errors.Unexpected, errors.OutcomeUnknown),
    (200, "null", errors.Unexpected, errors.OutcomeUnknown),
    (200, '"registros"', errors.Unexpected, errors.OutcomeUnknown),
    (
        200,
        '{"page":"1","total":"3","registros":[{"id":"1"',
        errors.Unexpected,
        errors.OutcomeUnknown,
    ),
    (200, "[" * 100_000, errors.Unexpected, errors.OutcomeUnknown),
    (200, '{"page":"1","total":"3"}', errors.Incomplete, errors.OutcomeUnknown),
    (200, '{"total":"1","registros":{"id":"1"}}', errors.Unexpected, errors.OutcomeUnknown),
    (200, '{"total":"1","registros":["1"]}', errors.Unexpected, errors.OutcomeUnknown),
    (200, '{"total":"1","registros":[{"nome":"Ana"}]}', errors.Unexpected, errors.OutcomeUnknown),
    (200, '{"total":"1","registros":[{"id":"um"}]}', errors.Unexpected, errors.OutcomeUnknown),
    (200, '{"type":"success","message":"ok"}', errors.Unexpected, errors.OutcomeUnknown),
    (200, '{"type":"success","message":"ok","id":"0"}', errors.Unexpected, errors.OutcomeUnknown),
    (200, '{"type":"success","message":"ok","id":true}', errors.Unexpected, errors.OutcomeUnknown),
    (
        200,
        '{"type":"success","id":"5"}<br /><b>Notice</b>',
        errors.Unexpected,
        errors.OutcomeUnknown,
    ),
    (200, '<html><body>{"type":"success","id":"5"}', errors.Unexpected, errors.OutcomeUnknown),
    (
        200,
        '{"type":"success"}{"type":"success","id":"5"}',
        errors.Unexpected,
        errors.OutcomeUnknown,
    ),
    (
        200,
        'Notice: {"total":"2","registros":[{"id":"1","total":"0"}',
        errors.Unexpected,
        errors.OutcomeUnknown,
    ),
    (200, '{"message":"ok","id":"5"}', errors.Unexpected, errors.OutcomeUnknown),
    (302, "", errors.Unexpected, errors.OutcomeUnknown),
    (400, "", errors.Misconfigured, errors.Misconfigured),
    (401, "<html>401</html>", errors.CredentialsRefused, errors.CredentialsRefused),
    (403, "<html>403</html>", errors.CredentialsRefused, errors.CredentialsRefused),
    (404, "<html>404</html>", errors.Misconfigured, errors.Misconfigured),
    (418, "{}", errors.Unexpected, errors.OutcomeUnknown),
    (429, "", errors.Busy, errors.Busy),
    (500, BOX, errors.Unexpected, errors.OutcomeUnknown),
    (500, '{"type":"success","id":"5"}', errors.Unexpected, errors.OutcomeUnknown),
    (500, said("Preencha Nome!<br />"), errors.Unexpected, errors.OutcomeUnknown),
    (502, "", errors.Unexpected, errors.OutcomeUnknown),
    (503, "", errors.Unexpected, errors.OutcomeUnknown),
    (504, BOX, errors.Unexpected, errors.OutcomeUnknown),
    (200, said("Preencha Nome!<br />"), errors.Rejected, errors.Rejected),
    (200, said(""), errors.Rejected, errors.Rejected),
    (
        200,
        said("Recurso rad não está disponível!"),
        errors.ResourceUnavailable,
        errors.ResourceUnavailable,
    ),
    (
        200,
        said("Seu IP não está liberado para efetuar login!"),
        errors.AddressRefused,
        errors.AddressRefused,
    ),
    (
        200,
        said("Usuário não possui permissão para inserir!"),
        errors.PermissionDenied,
        errors.PermissionDenied,
    ),
]


@pytest.mark.parametrize(("status", "body", "meaning", "_"), WAYS)
def test_a_read_that_brings_no_rows_says_why(
    answers: responses.RequestsMock,
    far: Webservice,
    status: int,
    body: str,
    meaning: type[Exception],
    _: object,
) -> None:
    answers.post(f"{ADDRESS}/crm_funil", body=body, status=status)

    with pytest.raises(errors.CRMError) as caught:
        far.read(FUNNELS)

    assert type(caught.value) is meaning


@pytest.mark.parametrize(("status", "body", "_", "meaning"), WAYS)
def test_a_write_that_is_not_confirmed_says_whether_it_surely_did_not_happen(
    answers: responses.RequestsMock,
    far: Webservice,
    status: int,
    body: str,
    _: object,
    meaning: type[Exception],
) -> None:
    answers.post(f"{ADDRESS}/crm_substatus", body=body, status=status)

    with pytest.raises(errors.CRMError) as caught:
        far.write(reason())

    assert type(caught.value) is meaning


@pytest.mark.parametrize(
    ("told", "seconds"),
    [
        (None, 0),
        ("3", 3),
        ("0", 0),
        ("86400", LONGEST_PAUSE),
        ("9" * 5000, LONGEST_PAUSE),
        ("Fri, 20 Nov 2026 17:07:30 GMT", 30),
        ("Fri, 20 Nov 2026 17:06:00 GMT", 0),
        ("soon", 0),
        ("-5", 0),
        ("٣", 0),
    ],
)
def test_a_crm_that_is_busy_may_say_for_how_long(
    answers: responses.RequestsMock, told: str | None, seconds: float
) -> None:
    answers.post(f"{ADDRESS}/crm_funil", status=429, headers={"Retry-After": told} if told else {})

    with pytest.raises(errors.Busy) as caught:
        Webservice(integration("https://ixc.provedor.example", "7:abc", wait=2.0), Clock()).read(
            FUNNELS
        )

    assert caught.value.after == seconds


@pytest.mark.parametrize(
    ("raised", "meaning"),
    [
        (requests.ConnectionError("reset"), errors.OutcomeUnknown),
        (requests.ReadTimeout(), errors.OutcomeUnknown),
        (requests.exceptions.ChunkedEncodingError(), errors.OutcomeUnknown),
        (
            requests.exceptions.SSLError("EOF occurred in violation of protocol"),
            errors.OutcomeUnknown,
        ),
        (
            requests.exceptions.SSLError(ssl.SSLCertVerificationError("self-signed")),
            errors.Unreachable,
        ),
        (requests.exceptions.InvalidURL("no host"), errors.Misconfigured),
        (requests.exceptions.InvalidHeader("a token with a line break"), errors.Misconfigured),
        (OSError("broken pipe"), errors.OutcomeUnknown),
    ],
)
def test_only_an_error_before_sending_proves_that_nothing_was_written(
    answers: responses.RequestsMock, far: Webservice, raised: Exception, meaning: type[Exception]
) -> None:
    answers.post(f"{ADDRESS}/crm_substatus", body=raised)

    with pytest.raises(errors.CRMError) as caught:
        far.write(reason())

    assert type(caught.value) is meaning


@pytest.mark.parametrize(
    ("body", "names", "total"),
    [
        ('{"page":"1","total":"0"}', [], 0),
        ('{"page":"1","total":0,"registros":[]}', [], 0),
        ('{"page":"1","total":"0","registros":null}', [], 0),
        ('{"page":"1","total":"1","registros":[{"id":"1","funil":"A"}]}', ["A"], 1),
        ('{"page":1,"total":37,"registros":[{"id":1,"funil":"A"}]}', ["A"], 37),
        ('{"registros":[{"id":"1","funil":"A"}]}', ["A"], 2),
        ('{"total":"muitos","registros":[{"id":"1","funil":"Ação \\u00e3"}]}', ["Ação ã"], 2),
        ('{"total":"1","registros":[{"id":"1","funil":null}]}', [""], 1),
        ('{"total":"1","registros":[{"id":"1","funil":12.5}]}', ["12.5"], 1),
        ('{"total":"' + "9" * 5000 + '","registros":[{"id":"1","funil":"A"}]}', ["A"], 2),
    ],
)
def test_rows_are_read_in_every_form_in_which_the_crm_writes_them(
    answers: responses.RequestsMock, far: Webservice, body: str, names: list[str], total: int
) -> None:
    answers.post(f"{ADDRESS}/crm_funil", body=body, content_type="text/x-json; charset=utf-8")

    found = far.read(FUNNELS).value

    assert [row["funil"] for row in found.rows] == names
    assert found.total == total


def test_a_page_beyond_the_end_is_empty_though_the_total_is_not(
    answers: responses.RequestsMock, far: Webservice
) -> None:
    answers.post(f"{ADDRESS}/crm_funil", body='{"page":"9","total":"3"}')

    assert far.read(Query("crm_funil", page=9)).value.rows == ()


@pytest.mark.parametrize(("number", "expected"), [('"643"', "643"), ("643", "643")])
def test_the_number_of_a_new_record_may_be_text_or_number(
    answers: responses.RequestsMock, far: Webservice, number: str, expected: str
) -> None:
    answers.post(f"{ADDRESS}/crm_substatus", body=f'{{"type":"success","id":{number}}}')

    assert far.write(reason()).id == expected


def test_an_update_is_done_even_when_its_answer_names_no_record(
    answers: responses.RequestsMock, far: Webservice
) -> None:
    answers.put(
        f"{ADDRESS}/crm_substatus/4", body='{"type":"success","message":"Registro atualizado!"}'
    )

    assert far.write(Write("crm_substatus", {"descricao": "x"}, "key", ORIGIN, id="4")).id == "4"


@pytest.mark.parametrize(
    ("message", "lines"),
    [
        ("Preencha Nome!<br />Preencha Filial!<br />", ("Preencha Nome!", "Preencha Filial!")),
        ("<b>Cliente</b> &eacute; inv&aacute;lido<br>", ("Cliente é inválido",)),
        ("Parcela j\u00e1 est\u00e1 recebida\n", ("Parcela já está recebida",)),
        ("<script>alert(1)</script>", ("alert(1)",)),
        ("<br /><br />", ("?",)),
    ],
)
def test_a_refusal_keeps_the_crms_own_words_without_its_markup(
    answers: responses.RequestsMock, far: Webservice, message: str, lines: tuple[str, ...]
) -> None:
    answers.post(f"{ADDRESS}/crm_substatus", body=said(message))

    with pytest.raises(errors.Rejected) as caught:
        far.write(reason())

    assert caught.value.messages == lines


def test_the_resource_that_is_not_released_is_named(
    answers: responses.RequestsMock, far: Webservice
) -> None:
    answers.post(
        f"{ADDRESS}/crm_funil", body=said("Recurso crm_funil n\u00e3o est\u00e1 dispon\u00edvel!")
    )

    with pytest.raises(errors.ResourceUnavailable) as caught:
        far.read(FUNNELS)

    assert caught.value.resource == "crm_funil"


# -- what is sent
# --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("query", "sent"),
    [
        (
            Query("contato"),
            {
                "qtype": "contato.id",
                "query": "1",
                "oper": ">=",
                "page": "1",
                "rp": "200",
                "grid_param": "[]",
            },
        ),
        (
            Query(
                "crm_canditados",
                (Filter("razao", "contains", "lúcia"),),
                sort="razao",
                descending=True,
                page=2,
                size=10,
            ),
            {
                "qtype": "cliente.razao",
                "query": "lúcia",
                "oper": "L",
                "sortname": "cliente.razao",
                "sortorder": "desc",
                "page": "2",
                "rp": "10",
            },
        ),
        (
            Query(
                "contato", (Filter("nome", "contains", "ana"), Filter("nome", "contains", "souza"))
            ),
            {
                "qtype": "contato.nome",
                "query": "ana",
                "grid_param": '[{"TB": "contato.nome", "OP": "L", "P": "souza"}]',
            },
        ),
        (
            Query("contato", (Filter("email", "=", ""),)),
            {
                "qtype": "contato.id",
                "query": "1",
                "oper": ">=",
                "grid_param": '[{"TB": "contato.email", "OP": "=", "P": ""}]',
            },
        ),
    ],
)
def test_a_query_is_written_as_the_webservice_reads_it(
    answers: responses.RequestsMock, far: Webservice, query: Query, sent: dict[str, str]
) -> None:
    answers.post(f"{ADDRESS}/{query.resource}", body='{"total":"0"}')

    far.read(query)

    body: dict[str, Any] = json.loads(answers.calls[0].request.body or "")
    assert body | sent == body
    assert answers.calls[0].request.headers["ixcsoft"] == "listar"


def test_an_insert_is_never_sent_as_a_listing(
    answers: responses.RequestsMock, far: Webservice
) -> None:
    answers.post(f"{ADDRESS}/crm_substatus", body='{"type":"success","id":"1"}')

    far.write(reason())

    assert "ixcsoft" not in answers.calls[0].request.headers
    assert answers.calls[0].request.headers["Authorization"] == "Basic NzphYmM="


def test_a_redirect_is_not_followed_with_the_token(
    answers: responses.RequestsMock, far: Webservice
) -> None:
    answers.post(
        f"{ADDRESS}/crm_funil", status=302, headers={"Location": "https://elsewhere.example/"}
    )

    with pytest.raises(errors.Unexpected):
        far.read(FUNNELS)

    assert len(answers.calls) == 1


@pytest.mark.parametrize(
    ("pasted", "address"),
    [
        ("ixc.provedor.example", "https://ixc.provedor.example/webservice/v1"),
        ("https://ixc.provedor.example/adm.php", "https://ixc.provedor.example/webservice/v1"),
        (
            "https://ixc.provedor.example/webservice/v1/",
            "https://ixc.provedor.example/webservice/v1",
        ),
        ("http://10.0.0.5:8080/", "http://10.0.0.5:8080/webservice/v1"),
        ("10.0.0.5:8080", "https://10.0.0.5:8080/webservice/v1"),
    ],
)
def test_whatever_address_was_pasted_leads_to_the_webservice(pasted: str, address: str) -> None:
    assert webservice(pasted) == address


# -- the wire itself
# -----------------------------------------------------------------------------------------------

LOST = [
    "reset",
    "reset_after_commit",
    "cut_body",
    "half_headers",
    "truncated",
    "hang",
    "drip",
    "drip_headers",
    "huge",
]


@pytest.mark.parametrize("fault", LOST)
def test_a_write_whose_answer_is_lost_on_the_wire_is_unknown(crm: Emulator, fault: str) -> None:
    crm.control(fault=fault, drip_seconds=0.2)

    with pytest.raises(errors.OutcomeUnknown):
        http(crm, wait=0.4).write(reason())


@pytest.mark.parametrize("fault", LOST)
def test_a_read_whose_answer_is_lost_on_the_wire_is_an_error_and_never_an_empty_answer(
    crm: Emulator, fault: str
) -> None:
    crm.control(fault=fault, drip_seconds=0.2)

    with pytest.raises((errors.Unreachable, errors.Unexpected)):
        http(crm, wait=0.4).read(FUNNELS)


@pytest.mark.parametrize("verb", ["read", "write"])
@pytest.mark.parametrize("fault", ["hang", "drip", "drip_headers", "huge"])
def test_no_call_takes_longer_than_the_longest_wait_and_half_a_second(
    crm: Emulator, fault: str, verb: str
) -> None:
    crm.control(fault=fault, drip_seconds=0.1, huge_bytes=2_000_000_000)
    transport = http(crm, wait=0.5)
    began = time.monotonic()

    with pytest.raises(errors.CRMError):
        transport.read(FUNNELS) if verb == "read" else transport.write(reason())

    assert time.monotonic() - began < 0.5 + 0.5  # the headers alone would drip for 40 s


class Bomb(BaseHTTPRequestHandler):
    """Answers with little that would unpack to very much.

    The request does not say that packed answers are welcome.
    """

    BODY = gzip.compress(b'{"total":"1","registros":[' + b" " * 128 * 2**20, compresslevel=1)

    def do_POST(self) -> None:
        self.send_response(200)
        self.send_header("Content-Encoding", "gzip")
        self.send_header("Content-Length", str(len(self.BODY)))
        self.end_headers()
        self.wfile.write(self.BODY)

    def log_message(self, *_: object) -> None:
        pass


@pytest.mark.parametrize("verb", ["read", "write"])
def test_a_packed_answer_is_not_unpacked(verb: str) -> None:
    with ThreadingHTTPServer(("127.0.0.1", 0), Bomb) as server:
        Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
        transport = Webservice(
            integration(f"http://127.0.0.1:{server.server_port}", "7:abc", wait=5.0)
        )
        tracemalloc.start()
        with pytest.raises((errors.Unexpected, errors.OutcomeUnknown, errors.Unreachable)):
            transport.read(FUNNELS) if verb == "read" else transport.write(reason())
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        server.shutdown()

    assert peak < 20 * 2**20


def test_a_slow_answer_within_the_wait_is_an_answer(crm: Emulator) -> None:
    crm.control(fault="drip", drip_seconds=0.0005)

    assert len(http(crm, wait=5).read(FUNNELS).value.rows) == 3


def test_a_refused_connection_proves_that_nothing_was_written(crm: Emulator) -> None:
    transport = http(crm)
    crm.stop()

    with pytest.raises(errors.Unreachable):
        transport.write(reason())


def test_an_unknown_host_proves_that_nothing_was_written() -> None:
    transport = Webservice(integration("http://crm.invalid", "7:abc", wait=1.0))

    with pytest.raises(errors.Unreachable):
        transport.write(reason())


def test_a_kept_connection_that_the_crm_closed_meanwhile_is_opened_anew(crm: Emulator) -> None:
    transport = http(crm)
    transport.read(FUNNELS)

    crm.restart()

    assert transport.write(reason()).id == "8"
    assert len(crm.rows("crm_substatus", descricao="Mudou de cidade")) == 1


def test_a_connection_that_was_cut_serves_no_further_call(crm: Emulator) -> None:
    transport = http(crm, wait=0.3)
    crm.control(fault="hang", fault_times=1)
    with pytest.raises(errors.CRMError):
        transport.read(FUNNELS)

    assert len(transport.read(FUNNELS).value.rows) == 3


def test_the_crms_session_cookie_is_not_sent_back(crm: Emulator) -> None:
    transport = http(crm)

    transport.read(FUNNELS)
    transport.read(FUNNELS)

    assert len(transport._http._session.cookies) == 0


@pytest.mark.parametrize("switch", ["total_as_number", "id_as_number"])
def test_numbers_may_be_text_or_numbers(crm: Emulator, switch: str) -> None:
    crm.control(**{switch: True})
    transport = http(crm)

    assert transport.read(FUNNELS).value.total == 3
    assert transport.write(reason()).id == "8"


def test_an_insert_that_answers_nothing_is_unknown(crm: Emulator) -> None:
    crm.control(empty_insert_answer=True)

    with pytest.raises(errors.OutcomeUnknown):
        http(crm).write(reason())


def test_the_shared_table_of_two_resources_is_named_as_the_crm_wants_it(crm: Emulator) -> None:
    found = http(crm).read(Query("crm_canditados", (Filter("razao", "contains", "Lúcia Amaral"),)))

    assert [row["id"] for row in found.value.rows] == ["6"]


# -- TLS
# --------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_certificate(tmp_path_factory.mktemp("tls") / "crm.pem")


@pytest.fixture
def safe_crm(certificate: Path, first_day: Path, tmp_path: Path) -> Iterator[Emulator]:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    with Emulator(str(shutil.copy(first_day, tmp_path / "crm.db")), tls=context) as emulator:
        yield emulator


def safe(crm: Emulator, ca_file: str, wait: float = 2.0) -> Webservice:
    return Webservice(integration(crm.url, crm.token, wait=wait, ca_file=ca_file))


def test_a_certificate_of_the_crms_own_is_accepted_when_it_is_named(
    safe_crm: Emulator, certificate: Path
) -> None:
    assert len(safe(safe_crm, str(certificate)).read(FUNNELS).value.rows) == 3


def test_a_certificate_that_nobody_vouches_for_ends_the_call_before_anything_is_sent(
    safe_crm: Emulator,
) -> None:
    with pytest.raises(errors.Unreachable):
        safe(safe_crm, "").write(reason())

    assert safe_crm.calls == []


@pytest.mark.parametrize(
    "fault", ["reset_after_commit", "half_headers", "cut_body", "drip", "drip_headers", "hang"]
)
def test_a_write_lost_inside_tls_is_unknown_since_it_may_have_been_done(
    safe_crm: Emulator, certificate: Path, fault: str
) -> None:
    safe_crm.control(fault=fault, drip_seconds=0.2)

    with pytest.raises(errors.OutcomeUnknown):
        safe(safe_crm, str(certificate), wait=0.5).write(reason())
