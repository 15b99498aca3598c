"""The emulator as a running server.

It is an object for tests and the demo, and a loop until a signal for the command line.
"""

import re
import signal
import ssl
import threading
from collections.abc import Callable, Mapping
from types import FrameType
from typing import Any, Self

from flask import Flask
from werkzeug.serving import make_server

from widget.emulator.crm import answers
from widget.emulator.crm import data as people
from widget.emulator.crm.base import Base, Row, insert, update
from widget.emulator.crm.calls import Calls
from widget.emulator.crm.control import control
from widget.emulator.crm.ixc import Webservice
from widget.emulator.crm.past import Past
from widget.emulator.crm.switches import Switchboard, Switches
from widget.emulator.crm.tables import TABLES
from widget.emulator.crm.wire import Handler, Hub

HOST = "127.0.0.1"
_TOKEN_FORM = re.compile(r"\d+:[0-9a-fA-F]{64}")
# It opens only the emulator.
TOKEN = "7:5e2a9c07d4b1f3868d0ce14b7fa92560c3d871ee4fb0962a5d13c8947be60f1a"  # noqa: S105


class Emulator:
    """A CRM on a local port.

    `data` is its SQLite file: made from the seed when it is not there, kept otherwise.

    ":memory:" stands for a file that goes with the process. `more` is how many people it has
    besides the usual ones.
    """

    def __init__(
        self,
        data: str,
        seed: int = 7,
        token: str = TOKEN,
        port: int = 0,
        *,
        tls: ssl.SSLContext | None = None,
        more: int = 0,
    ) -> None:
        self._base = Base(data)
        self.path = self._base.path
        self.token = token
        self.port = port
        self._seed, self._more = seed, more
        self._tls = tls
        self._past = Past(self._base)
        self._board = Switchboard(seed, self._turned)
        self._calls = Calls()
        self._server: Any = None
        self._thread: threading.Thread | None = None
        if self._base.empty():
            people.build(self._base, seed, more)

    @property
    def url(self) -> str:
        return f"{'https' if self._tls else 'http'}://{HOST}:{self.port}"

    @property
    def calls(self) -> list[dict[str, Any]]:
        """What has been asked, oldest first."""
        return self._calls.listed()

    def start(self) -> Self:
        """Serves from now on, on the same port as before if there was one."""
        self._turned(Switches(), self._board.switches)
        hub = Hub()
        app = self._app(hub.stopping)
        self._server = make_server(
            HOST, self.port, app, threaded=True, request_handler=Handler, ssl_context=self._tls
        )
        self._server.hub = hub
        self.port = self._server.server_port
        self._thread = threading.Thread(
            target=self._server.serve_forever, args=(0.02,), daemon=True
        )
        self._thread.start()
        return self

    def stop(self) -> None:
        """Frees the port and cuts every connection; the data stay."""
        if not self._server or not self._thread:
            return
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()
        self._server.hub.cut()
        self._server = self._thread = None
        self._past.release()
        self._base.close()

    def restart(self) -> None:
        self.stop()
        self.start()

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(self, *_: object) -> None:
        self.stop()

    def rows(self, table: str, **where: str | int) -> list[Row]:
        """The records of a table whose columns equal the given values.

        They come in order of id, read from the file.
        """
        condition = " AND ".join(f'"{column}" = ?' for column in where) or "1"
        unknown = set(where) - set(TABLES[table].columns)
        if unknown:
            raise KeyError(*unknown)
        with self._base.reading() as connection:
            sql = f'SELECT * FROM "{table}" WHERE {condition} ORDER BY id'
            cursor = connection.execute(sql, [str(value) for value in where.values()])
            names = [item[0] for item in cursor.description]
            return [dict(zip(names, map(str, row), strict=True)) for row in cursor]

    def put(self, table: str, **values: str) -> str:
        """Adds a record as it is given, and returns its number.

        Its number and time of change are taken too, past all that the CRM checks.
        """
        with self._base.writing() as connection:
            return insert(connection, table, values)

    def alter(self, table: str, record: str, **values: str) -> None:
        """Changes a record as it is given."""
        with self._base.writing() as connection:
            update(connection, table, record, values)

    def remove(self, table: str, *records: str) -> None:
        """Takes records away without a trace, whoever hangs on them."""
        with self._base.writing() as connection:
            connection.executemany(
                f'DELETE FROM "{table}" WHERE id = ?', [(record,) for record in records]
            )

    def control(self, **changes: Any) -> None:
        """Changes switches, as POST /control does. Raises WrongSwitchError."""
        self._board.change(changes)

    def reset(self) -> None:
        """Data as on the first day, no faults, no calls remembered."""
        self._board.reset()
        self._calls.clear()
        people.build(self._base, self._seed, self._more)

    def _turned(self, before: Switches, now: Switches) -> None:
        """Stale reads are of the moment at which they were switched on.

        A plan's hold theirs at a write.
        """
        if now.stale_reads and not before.stale_reads:
            self._past.hold()
        if not now.stale_reads and (before.stale_reads or "stale" not in now.plan):
            self._past.release()

    def _app(self, stopping: threading.Event) -> Flask:
        app = Flask("widget.emulator.crm")
        app.register_error_handler(500, lambda _error: answers.box(500))
        service = Webservice(self._base, self._past, self._board, self._calls, self.token, stopping)
        app.register_blueprint(service.blueprint())
        app.register_blueprint(control(self._base, self._board, self._calls, self.reset))
        return app


def serve(
    port: int,
    token: str,
    data: str,
    seed: int,
    more: int = 0,
    switches: Mapping[str, Any] | None = None,
) -> None:
    """Serves until SIGTERM or SIGINT; says where and with which token as soon as it is ready."""
    if token and not _TOKEN_FORM.fullmatch(token):
        raise SystemExit("The token must be a user's id, a colon and 64 hexadecimal characters.")
    ended = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, _ender(ended))
    with Emulator(data, seed, token or TOKEN, port, more=more) as emulator:
        emulator.control(**(switches or {}))
        print(
            f"CRM emulator ready at {emulator.url} (token {emulator.token}, data {emulator.path})",
            flush=True,
        )
        ended.wait()
    print("CRM emulator stopped", flush=True)


def _ender(ended: threading.Event) -> Callable[[int, FrameType | None], None]:
    return lambda _number, _frame: ended.set()
