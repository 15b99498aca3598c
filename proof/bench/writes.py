"""What a write costs: accepted on disk, carried to the CRM, and as a whole request.

And after many of them.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

import requests

from proof.bench import stage
from proof.bench.figures import Figure
from proof.bench.paired import Work, paired
from proof.chaos.panel import Answer
from widget.app import create_app
from widget.crm.ixc.base import Desk
from widget.crm.ixc.notes import Notes
from widget.crm.port import NewNote
from widget.crm.rings.settling import Settling, item
from widget.crm.wire import Query, Rows, Write
from widget.desk.services import Services
from widget.desk.shared import Keys
from widget.domain.model import Contact, Fetched, Kind, Origin, Ref, Written, nothing
from widget.store.engine.sqlite import connect

LUCIA = Contact(
    Ref(Ref.CLIENT, "6"), Kind.PROSPECT, "Lúcia Prado", updated_at="2026-11-20 10:00:00"
)
DEAL = "7"
TEXT = (
    "Quer 600 Mega, instalação na sexta à tarde; ligar antes. Hoje paga 119,90 em outro provedor. "
    * 3
)
DELAYS = (0, 50, 300)
# SQLite begins its log anew after 1000 pages of 4 kB; so many writes surely make them.
LOG_BYTES, FILLED_BY = 1000 * 4120, 1000
ACCEPT_GOAL, HAPPY_GOAL, GROWTH_GOAL = 2.0, 1.15, 1.25


def measure(share: float, folder: Path) -> Iterator[Figure]:
    """Every figure of this room; ``share`` of the rounds."""
    with stage.crm(folder) as crm:
        yield from _durable_accept(
            _rounds(2000, share), stage.product(crm, folder / "accept"), folder
        )
        product = stage.product(crm, folder / "save")
        for delay in DELAYS:
            crm.answers_after(delay)
            yield from _happy_path(_rounds(200 if delay < 100 else 60, share), product, crm, delay)
        crm.answers_after(0)
        yield from _whole_request(_rounds(300, share), crm, folder)
        yield from _growth(_rounds(400, share), _rounds(20_000, share), crm, folder)


def _rounds(whole: int, share: float) -> int:
    return max(3, round(whole * share))


def _durable_accept(rounds: int, product: Services, folder: Path) -> Iterator[Figure]:
    """The product's way of keeping a note, beside one INSERT of as many bytes.

    The product's way includes the note's line in the ledger.
    """
    bare = _bare_table(folder / "bare.db")
    body = "x" * _size(product)

    def ours(_: int) -> Callable[[], object]:
        items = [item(_note())]
        return lambda: product.journal.accept(items)

    def theirs(number: int) -> Callable[[], object]:
        row = (secrets.token_urlsafe(16), f"client-{number}", body)
        return lambda: bare(row)

    _fill_log(folder / "accept" / "vinculo.db", ours)
    _fill_log(folder / "bare.db", theirs)
    accepted, inserted = paired(rounds, ours, theirs)
    what = (
        f"a note accepted on disk ÷ a bare INSERT of its {len(body)} bytes, both WAL and full sync"
    )
    yield Figure("durable_accept_ratio", accepted.over(inserted), what, ACCEPT_GOAL)
    yield Figure("durable_accept_p50_ms", accepted.median, "a note accepted on disk", unit="ms")
    yield Figure("durable_accept_p95_ms", accepted.at(0.95), "the same", unit="ms")
    yield Figure("bare_insert_p50_ms", inserted.median, "the bare INSERT", unit="ms")


def _fill_log(path: Path, work: Work) -> None:
    """Writes until SQLite begins its log again from the start.

    While the log still grows, every commit waits for the file system too.
    """
    log = path.with_name(f"{path.name}-wal")
    for number in range(FILLED_BY):
        if log.exists() and log.stat().st_size > LOG_BYTES:
            return
        work(-number - 1)()


def _bare_table(path: Path) -> Callable[[tuple[str, str, str]], None]:
    """Inserts a row in a transaction of its own, as safely as we do: a unique key, one index."""
    path.touch()
    connection = connect(path)
    for setting in ("journal_mode=WAL", "synchronous=FULL"):
        connection.execute(f"PRAGMA {setting}").fetchall()
    connection.execute(
        "CREATE TABLE bare (key TEXT NOT NULL UNIQUE, contact TEXT NOT NULL, body TEXT NOT NULL)"
    )
    connection.execute("CREATE INDEX bare_contact ON bare (contact)")

    def insert(row: tuple[str, str, str]) -> None:
        connection.execute("BEGIN IMMEDIATE")
        connection.execute("INSERT INTO bare (key, contact, body) VALUES (?, ?, ?)", row)
        connection.execute("COMMIT")

    return insert


def _size(product: Services) -> int:
    """The bytes of a note's row in the journal.

    Its line in the ledger is ours alone, and counts as cost.
    """
    write = _note()
    product.journal.accept([item(write)])
    row = product.journal.database.row("SELECT * FROM journal WHERE key = ?", write.key) or {}
    return sum(len(str(value).encode()) for value in row.values())


def _happy_path(rounds: int, product: Services, crm: stage.Crm, delay: int) -> Iterator[Figure]:
    """A note saved in a CRM that answers well, beside nothing but the call."""
    session = stage.session(crm.token)
    address = f"{crm.url}/webservice/v1/"

    def ours(_: int) -> Callable[[], object]:
        key = secrets.token_urlsafe(16)
        return lambda: _done(product.crm.notes.add(LUCIA, DEAL, NewNote(TEXT, "1"), key, _origin()))

    def theirs(_: int) -> Callable[[], object]:
        write = _note()
        return lambda: _succeeded(
            session.post(address + write.resource, data=json.dumps(write.record), timeout=8)
        )

    saved, called = paired(rounds, ours, theirs)
    name = "happy_path_ratio" if delay == DELAYS[1] else f"happy_path_at_{delay}_ms_ratio"
    what = f"a note saved ÷ a bare call of the CRM that answers after {delay} ms"
    yield Figure(name, saved.over(called), what, HAPPY_GOAL if delay == DELAYS[1] else None)
    yield Figure(
        f"happy_path_at_{delay}_ms_added_ms",
        saved.median - called.median,
        "what we add to it",
        unit="ms",
    )


def _done(written: Written) -> None:
    if not written.id:
        raise RuntimeError(f"not saved: {written}")


def _succeeded(answer: requests.Response) -> None:
    if answer.json().get("type") != "success":
        raise RuntimeError(f"not saved: {answer.text}")


def _whole_request(rounds: int, crm: stage.Crm, folder: Path) -> Iterator[Figure]:
    """The form, from the request to the fragment with the note on top.

    No network is involved on our side.
    """
    app = create_app(crm.settings(folder / "form"), Keys(stage.SECRET, stage.START_KEY))
    browser = _Browser(app.test_client())
    browser.open()

    def post(_: int) -> Callable[[], object]:
        form = Answer(200, browser.ask("GET", "/tab/notes").text).form() | {"text": TEXT}
        return lambda: browser.ask("POST", "/tab/notes", form)

    (taken,) = paired(rounds, post)
    what = "a note's form sent, saved in the CRM and drawn anew (it lists the notes again)"
    yield Figure("save_request_p50_ms", taken.median, what, unit="ms")
    yield Figure("save_request_p95_ms", taken.at(0.95), "the same", unit="ms")


@dataclass
class _Browser:
    """An attendant with Lúcia's panel open."""

    client: Any
    headers: dict[str, str] = field(default_factory=lambda: {"HX-Request": "true"})

    def open(self) -> None:
        form = {
            "start": stage.start_token(),
            "context": json.dumps(stage.CONTEXT),
        }
        self.ask("POST", "/panel/chatwoot/context", form)

    def ask(self, method: str, path: str, data: dict[str, str] | None = None) -> Any:
        answer = self.client.open(path, method=method, data=data, headers=self.headers)
        if answer.status_code != 200:
            raise RuntimeError(f"{method} {path}: {answer.status_code}")
        self.headers["X-Panel-Token"] = answer.headers.get(
            "X-Panel-Token", self.headers.get("X-Panel-Token", "")
        )
        return answer


def _growth(rounds: int, before: int, crm: stage.Crm, folder: Path) -> Iterator[Figure]:
    """A journal that has seen much, beside a new one.

    Measured is everything that a write asks of it, from acceptance to end.
    """
    young, old = (stage.product(crm, folder / name) for name in ("young", "old"))
    _carry(old, _note())
    _multiply(Path(old.shared.settings.data) / "vinculo.db", before)

    def of(product: Services) -> Callable[[int], Callable[[], object]]:
        return lambda _: partial(_carry, product, _note())

    for name, product in {
        "young": young,
        "old": old,
    }.items():
        _fill_log(folder / name / "vinculo.db", of(product))
    new, grown = paired(rounds, of(young), of(old))
    what = f"a write in the journal after {before} others ÷ in a new one"
    yield Figure("journal_growth_ratio", grown.over(new), what, GROWTH_GOAL)


def _carry(product: Services, write: Write) -> None:
    product.journal.accept([item(write)])
    Settling(RECORDER, product.journal, product.integration.settle_seconds).pursue(write.key)
    product.journal.pending(write.origin.conversation, write.origin.contact)


def _multiply(path: Path, times: int) -> None:
    """Puts copies of the finished write beside it, of other conversations and contacts."""
    kept = "integration, action, origin, work, words, state, kept_at, settled_at, checks"
    with closing(connect(path)) as connection:
        connection.execute(
            "WITH RECURSIVE n(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < ?)"
            f" INSERT INTO journal (key, root, conversation, contact, negotiation, crm_id, {kept})"
            f" SELECT key || n, root || n, 'chatwoot:1:' || n, 'lead-' || n, n, n, {kept} FROM "
            "journal, n",
            (times,),
        )


class _Recorder:
    """Stands where the product accepts writes, and keeps the last one.

    What is measured is thus what the product really writes. As a CRM it obliges at once.
    """

    last: Write

    def read(self, query: Query) -> Fetched[Rows]:
        raise NotImplementedError(query.resource)

    def save(self, *writes: Write, also: Callable[[], None] = nothing) -> Written:
        also()
        self.last = writes[-1]
        return Written("")

    def write(self, write: Write) -> Written:
        return Written(str(secrets.randbits(40)))


RECORDER = _Recorder()
NOTES = Notes(Desk(RECORDER, lambda: datetime.now(UTC)))


def _note() -> Write:
    NOTES.add(LUCIA, DEAL, NewNote(TEXT, "1"), secrets.token_urlsafe(16), _origin())
    return RECORDER.last


def _origin() -> Origin:
    typed = {
        "text": TEXT,
        "owner": "1",
        "corrects": "",
        "negotiation": DEAL,
    }
    return Origin(
        "chatwoot:1:109",
        stage.ANA,
        str(LUCIA.ref),
        "note.add",
        TEXT[:80],
        DEAL,
        version=LUCIA.updated_at,
        form=f"note-{DEAL}",
        typed=typed,
    )
