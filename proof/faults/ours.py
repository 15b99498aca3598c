"""Faults of our own side and of the consoles.

They are in disk, database, worker, clock, origin, signature and attendants.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace

import time_machine

from proof.faults.disk import full, read_only
from proof.faults.link import Befall
from proof.faults.stage import NOBODY, Fault, Home, Stage, start
from widget.diagnosis.installation import Installation
from widget.emulator.crm.server import TOKEN
from widget.store.engine.sqlite import connect

OFF = 600


def visited(visit: Callable[[Home], None]) -> Befall:
    """A healthy installation to which this happens."""

    @contextmanager
    def befall(stage: Stage) -> Iterator[Installation]:
        with stage.crm() as crm, stage.lived_in(crm.url, TOKEN) as home:
            visit(home)
            yield home.installation

    return befall


@contextmanager
def _clock_off(stage: Stage) -> Iterator[Installation]:
    """The server's clock goes wrong; the console signs by the right time, anew each time."""
    with stage.crm() as crm, stage.lived_in(crm.url, TOKEN) as home:
        now = time.time()
        for passed in (0, 7):
            with time_machine.travel(now + OFF + passed, tick=True):
                home.open(start(at=now + passed))
        yield home.installation


@contextmanager
def _clock_behind(stage: Stage) -> Iterator[Installation]:
    with stage.crm() as crm, stage.lived_in(crm.url, TOKEN) as home:
        home.open(start(at=time.time() + OFF))
        yield home.installation


@contextmanager
def _damaged(stage: Stage) -> Iterator[Installation]:
    with stage.crm() as crm, stage.lived_in(crm.url, TOKEN) as home:
        home.open()
        for suffix in ("", "-wal"):
            path = home.installation.file.with_name(home.installation.file.name + suffix)
            path.write_bytes(b"\xff" * path.stat().st_size)
        yield home.installation


@contextmanager
def _lost(stage: Stage) -> Iterator[Installation]:
    """Somebody has cleared the data folder, and left the keys."""
    with stage.crm() as crm, stage.lived_in(crm.url, TOKEN) as home:
        home.open()
        for suffix in ("", "-wal", "-shm"):
            home.installation.file.with_name(home.installation.file.name + suffix).unlink(
                missing_ok=True
            )
        yield home.installation


@contextmanager
def _locked(stage: Stage) -> Iterator[Installation]:
    """A backup program holds the file."""
    with stage.crm() as crm, stage.lived_in(crm.url, TOKEN) as home:
        other = connect(home.installation.file)
        other.execute("BEGIN IMMEDIATE")
        yield home.installation
        other.close()


@contextmanager
def _crm_clock_off(stage: Stage) -> Iterator[Installation]:
    """Nobody knows which of the two is wrong."""
    with stage.crm() as crm, stage.lived_in(crm.url, TOKEN) as home:
        yield replace(home.installation, clock=lambda: time.time() + OFF)


@contextmanager
def _worker_dead(stage: Stage) -> Iterator[Installation]:
    with stage.crm() as crm, stage.served(stage.settings(crm.url, TOKEN)) as home:
        yield home.installation


@contextmanager
def _nobody_may_embed(stage: Stage) -> Iterator[Installation]:
    with stage.crm() as crm, stage.lived_in(crm.url, TOKEN) as home:
        settings = replace(home.settings, parents=())
        yield replace(home.installation, settings=settings)


def _framed(home: Home) -> None:
    home.page(
        **{
            "Sec-Fetch-Dest": "iframe",
            "Referer": "https://chat.outro.example/app",
        }
    )


OURS = (
    Fault("clock 10 minutes ahead of the console's signature", "clock-off", _clock_off),
    Fault("clock 10 minutes behind the console's signature", "clock-off", _clock_behind),
    Fault("clock 10 minutes away from the CRM's", "clock-crm-off", _crm_clock_off),
    Fault("console origin not allowed", "origin-refused", visited(_framed)),
    Fault("no origin allowed at all", "origins-none", _nobody_may_embed),
    Fault(
        "signature wrong",
        "signature-wrong",
        visited(lambda home: home.open(start(key="a-key-of-somebody-else-that-is-long-enough"))),
    ),
    Fault("start of something else", "start-wrong", visited(lambda home: home.open("not-a-start"))),
    Fault("disk full", "storage-full", full),
    Fault("database read-only", "storage-read-only", read_only),
    Fault("database damaged", "storage-damaged", _damaged),
    Fault("database gone", "storage-lost", _lost),
    Fault("database held by another program", "storage-locked", _locked),
    Fault("worker dead", "worker-dead", _worker_dead),
    Fault(
        "attendant without a CRM employee",
        "attendant-unmapped",
        visited(lambda home: home.open(start(NOBODY))),
    ),
)
