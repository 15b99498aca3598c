"""Lines of JSON that say what happened and never to whom."""

import io
import json
import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from tests import personal, product
from tests.every_screen import every_screen
from tests.product import (
    ANA,
    MARINA,
    RAFAEL,
    SECRET,
    START_KEY,
    TEO,
    Visitor,
    context,
    services_of,
    start_token,
)
from widget.domain import errors, logs
from widget.emulator.crm.server import Emulator

FAULTS = (
    "html200",
    "empty200",
    "401",
    "403",
    "404",
    "429",
    "500",
    "503",
    "redirect",
    "error",
    "truncated",
)


@contextmanager
def listening(level: int = logging.DEBUG) -> Iterator[io.StringIO]:
    """All that anybody logs, as the server would write it."""
    written = io.StringIO()
    handler = logging.StreamHandler(written)
    handler.setFormatter(logs.Lines())
    root, before = logging.getLogger(), logging.getLogger().level
    ours = logging.getLogger("vinculo")
    root.addHandler(handler)
    root.setLevel(level)
    ours.setLevel(level)
    try:
        yield written
    finally:
        root.removeHandler(handler)
        root.setLevel(before)
        ours.setLevel(logging.NOTSET)


def lines(written: io.StringIO) -> list[dict[str, Any]]:
    return [json.loads(line) for line in written.getvalue().splitlines()]


def logged(
    name: str, message: str, *values: object, error: BaseException | None = None, **fields: object
) -> Any:
    """The line of one record."""
    record = logging.LogRecord(name, logging.WARNING, __file__, 1, message, values, None)
    if error:
        record.exc_info = (type(error), error, error.__traceback__)
    record.fields = fields
    return json.loads(logs.Lines().format(record))


def test_a_line_says_when_what_and_of_which_request() -> None:
    number = logs.begin()
    inside = logged("vinculo.access", "request", status=200)
    logs.end()
    outside = logged("vinculo", "the worker waits: %s", "VNC-302")

    assert (inside["request"], inside["event"], inside["status"], inside["level"]) == (
        number,
        "request",
        200,
        "warning",
    )
    assert inside["at"].endswith("+00:00")
    assert (outside["event"], "request" in outside) == ("the worker waits: VNC-302", False)


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ("no 046.118.829-50 here", "no [number] here"),
        ("04611882950 / 12.ABC.345/01DE-35 / 12ABC34501DE35", "[number] / [document] / [document]"),
        ("call (49) 98812-4417 or +55 49 98812-4417", "call [number] or [number]"),
        ("to marina.teles+x@example.com.br now", "to [e-mail] now"),
        ("token 7:0f3a9c0f3a9c0f3a9c", "token [secret]"),
        ("eyJhbGciOi.eyJhdWQiOi.c2ln", "[secret]"),
        (
            "VNC-302 /data/vinculo.db: disk full; make room",
            "VNC-302 /data/vinculo.db: disk full; make room",
        ),
        ("33 of 1200 would vanish", "33 of 1200 would vanish"),
    ],
)
def test_what_looks_personal_is_masked_even_where_somebody_logs_it(said: str, kept: str) -> None:
    assert logged("vinculo", "%s", said)["event"] == kept


@pytest.mark.parametrize(
    ("message", "values", "kept"),
    [
        ("Error handling request %s", ("/tab/link/search?q=Marina",), "Error handling request"),
        ("Invalid request from ip=127.0.0.1: 'GET /?q=Marina'", (), "Invalid request from ip"),
        ("Booting worker with pid: %s", (12,), "Booting worker with pid"),
    ],
)
def test_of_what_others_log_no_value_is_kept(
    message: str, values: tuple[object, ...], kept: str
) -> None:
    assert logged("gunicorn.error", message, *values)["event"] == kept


def test_an_error_is_told_by_its_kind_and_place_not_by_what_it_says() -> None:
    try:
        int("Marina 98812-4417")
    except ValueError as error:
        line = logged("vinculo", "a mistake of ours", error=error)

    assert line["error"] == "ValueError"
    assert line["where"][-1].startswith("tests/domain/test_logs.py:")
    assert "Marina" not in json.dumps(line)


@pytest.mark.parametrize(
    ("error", "why"),
    [
        (errors.DiskFull("vinculo.db: full"), {"why": "vinculo.db: full"}),
        (errors.NotFound("contact 'Marina'"), {}),
        (errors.Rejected(["Marina já existe"]), {}),
    ],
)
def test_only_errors_in_our_own_words_tell_more_than_their_code(
    error: errors.VinculoError, why: Any
) -> None:
    assert logs.told(error) == why


def test_a_thread_that_dies_leaves_a_line_without_what_the_error_says(
    capsys: pytest.CaptureFixture[str],
) -> None:
    before, root = threading.excepthook, logging.getLogger()
    handlers, level = root.handlers[:], root.level
    try:
        logs.start("error")
        dying = threading.Thread(target=lambda: int("Marina"))
        dying.start()
        dying.join()
    finally:
        threading.excepthook = before
        logging.captureWarnings(capture=False)
        root.handlers, root.level = handlers, level
        logging.getLogger("vinculo").setLevel(logging.NOTSET)
    line = json.loads(capsys.readouterr().err)

    assert (line["error"], line["level"]) == ("ValueError", "error")
    assert "Marina" not in json.dumps(line)


# -- a long tour
# --------------------------------------------------------------------------------------------------


def _every_fault(crm: Emulator, ana: Visitor) -> Iterator[str]:
    """What each fault of the CRM brings onto the screen, when reading, searching and saving."""
    for fault in FAULTS:
        crm.control(fault=fault)
        for path in (
            "/tab/contact?fresh=now",
            "/tab/contact/edit",
            "/tab/link/search?ask=1&criterion=name&q=Marina",
        ):
            yield ana.get(path).response.text
        services_of(ana.client.application).guarded._breaker._close()  # type: ignore[union-attr]
    crm.control(fault="none")


def _hostile(app: Flask, ana: Visitor) -> Iterator[str]:
    """Addresses and bodies that hold people and secrets, where none is expected."""
    token = start_token(ANA)
    client, headers = app.test_client(), {"X-Panel-Token": ana.token, "HX-Request": "true"}
    for path in (
        "/Marina%20Teles%20Andrade/(49)98812-4417",
        "/tab/link/046.118.829-50",
        "/tab/interact/Marina",
        f"/panel/chatwoot?start={token}x",
        "/panel/Rafael%20Nunes%20Prado",
        "/tab/notes?negotiation=rafael.prado@x.example",
        "/tab/contact/reveal/Marina%20Teles%20Andrade",
    ):
        yield client.get(path, headers=headers).text
    yield client.post(
        "/panel/chatwoot/context", data={"start": f"{token}x", "context": context(MARINA)}
    ).text
    yield client.post(
        "/tab/contact/edit", data={"name": "Marina"}, headers={**headers, "X-Panel-Token": "x"}
    ).text


def test_after_a_long_tour_nobody_and_no_secret_stands_in_a_log_or_on_an_error_page(
    crm: Emulator,
    tmp_path: Path,
    capfd: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    app = product.product(crm, tmp_path / "data", wait=1)
    ana, teo = Visitor(app.test_client()), Visitor(app.test_client(), TEO)
    tokens = {crm.token, crm.token.partition(":")[2], START_KEY, SECRET}
    with listening() as written:
        screens = list(every_screen(crm, teo, lambda: None))
        ana.open(RAFAEL)
        crm.control(fault="none")
        problems = [*_every_fault(crm, ana), *_hostile(app, ana)]
        monkeypatch.setattr("widget.panel.card.show", lambda *_, **__: int("Marina Teles Andrade"))
        problems.append(ana.get("/tab/contact").response.text)
        tokens |= {ana.token, teo.token}
    output = capfd.readouterr()
    needles = personal.everything(Path(crm.path), *tokens)

    assert len(screens) > 30
    assert len(lines(written)) > len(screens)
    assert {line["level"] for line in lines(written)} >= {"info", "error"}
    assert personal.seen(written.getvalue() + output.out + output.err, needles) == set()
    assert (
        personal.seen("".join(p for p in problems if "Traceback" in p or "notice bad" in p), tokens)
        == set()
    )
    assert [p for p in problems if "Traceback" in p] == []
    pages = "".join([*problems, *(screen.response.text for _, screen in screens)])
    assert personal.seen(pages, tokens) == set()
