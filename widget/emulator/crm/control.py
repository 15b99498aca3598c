"""What only the emulator has: switches, a look at what was asked, and what arrived.

What arrived in the CRM has a page.
"""

import json
from collections.abc import Callable
from typing import Any

from flask import Blueprint, Response, jsonify, render_template, request

from widget.emulator.crm.base import Base
from widget.emulator.crm.calls import Calls
from widget.emulator.crm.checks import WrongSwitchError
from widget.emulator.crm.switches import Switchboard
from widget.emulator.crm.tables import TABLES

_LATEST = 100


def control(base: Base, board: Switchboard, calls: Calls, reset: Callable[[], None]) -> Blueprint:
    """The routes under /control, and the page at /."""
    routes = Blueprint("control", __name__)

    @routes.get("/")
    def arrived() -> Response:
        with base.reading() as connection:
            writes, counts = _writes(connection), _counts(connection)
        page = Response(
            render_template("arrived.html", writes=writes, counts=counts, changed=board.changed())
        )
        page.headers["Content-Security-Policy"] = "default-src 'none'; style-src 'self'"
        return page

    @routes.get("/control")
    def state() -> Response:
        return jsonify(board.state())

    @routes.post("/control")
    def change() -> Response | tuple[Response, int]:
        changes = request.get_json(silent=True)
        if not isinstance(changes, dict):
            return jsonify(error="a JSON object is wanted"), 400
        try:
            board.change(changes)
        except WrongSwitchError as error:
            return jsonify(error=str(error)), 400
        return jsonify(board.state())

    @routes.post("/control/reset")
    def start_anew() -> Response:
        reset()
        return jsonify(board.state())

    @routes.get("/control/calls")
    def asked() -> Response:
        return jsonify(calls.listed())

    @routes.post("/control/calls")
    def forget() -> tuple[str, int]:
        calls.clear()
        return "", 204

    return routes


def _writes(connection: Any) -> list[dict[str, Any]]:
    rows = connection.execute("SELECT * FROM emulator_arrived ORDER BY id DESC LIMIT ?", (_LATEST,))
    names = ("id", "moment", "what", "table", "record", "summary")
    found = [dict(zip(names, row, strict=True)) for row in rows]
    return [
        {
            **row,
            "fields": json.loads(row["summary"]),
        }
        for row in found
    ]


def _counts(connection: Any) -> list[tuple[str, str, int]]:
    return [
        (table.title, name, connection.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0])
        for name, table in TABLES.items()
    ]
