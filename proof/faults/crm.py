"""Faults of the CRM itself: its token, its rights, its answers."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from proof.faults.link import Befall
from proof.faults.stage import WAIT, Fault, Stage
from widget.diagnosis.installation import Installation
from widget.emulator.crm.server import TOKEN

NOTES = "crm_prospeccao_anotacoes"


def switched(**switches: Any) -> Befall:
    """The CRM with these switches."""

    @contextmanager
    def befall(stage: Stage) -> Iterator[Installation]:
        with stage.crm() as crm, stage.lived_in(crm.url, TOKEN) as home:
            crm.control(**switches)
            yield home.installation

    return befall


def with_token(token: str) -> Befall:
    """A healthy CRM, and this token."""

    @contextmanager
    def befall(stage: Stage) -> Iterator[Installation]:
        with stage.crm() as crm, stage.lived_in(crm.url, token) as home:
            yield home.installation

    return befall


@contextmanager
def _write_refused(stage: Stage) -> Iterator[Installation]:
    """The diagnosis never writes; it knows from what the CRM said to an attendant's save."""
    with stage.crm(not_writable=[NOTES]) as crm, stage.lived_in(crm.url, TOKEN) as home:
        home.open()
        home.save_note()
        yield home.installation


@contextmanager
def _patient(stage: Stage) -> Iterator[Installation]:
    """A longest wait that is longer than anybody waits for a diagnosis."""
    with (
        stage.crm(fault="hang") as crm,
        stage.lived_in(crm.url, TOKEN, wait=30, settle_seconds=60) as home,
    ):
        yield home.installation


@contextmanager
def _path(stage: Stage) -> Iterator[Installation]:
    with (
        stage.crm(fault="404") as crm,
        stage.lived_in(f"{crm.url}/ixc/webservicev1", TOKEN) as home,
    ):
        yield home.installation


CRM = (
    Fault("all well", "", switched()),
    Fault("wrong path (404)", "path-absent", _path),
    Fault("sent to the sign-in screen of the CRM", "path-panel", switched(fault="redirect")),
    Fault("token empty", "token-empty", with_token("")),
    Fault("token with blanks", "token-blanks", with_token(f" {TOKEN} ")),
    Fault(
        "token encoded already",
        "token-encoded",
        with_token(base64.b64encode(TOKEN.encode()).decode()),
    ),
    Fault("token without its number", "token-shape", with_token(TOKEN.partition(":")[2])),
    Fault("token wrong", "token-refused", with_token("7:" + "ab" * 32)),
    Fault("user inactive (401)", "token-refused", switched(fault="401")),
    Fault("old server's token (403)", "token-old", switched(fault="403")),
    Fault("address not allowed", "address-refused", switched(ip_blocked=True)),
    Fault("resource not released", "resource-closed", switched(not_released=["crm_negociacoes"])),
    Fault(
        "useful resource not released",
        "resource-closed-spared",
        switched(not_released=["crm_substatus"]),
    ),
    Fault("not permitted to read", "read-denied", switched(not_permitted=["cliente"])),
    Fault("not permitted to write", "write-denied", _write_refused),
    Fault("field hidden", "fields-absent", switched(hide_fields=["contato.cnpj_cpf"])),
    Fault("CRM's red error page with 200", "crm-error-page", switched(fault="html200")),
    Fault("gateway 504", "gateway", switched(fault="504")),
    Fault("429", "busy", switched(fault="429")),
    Fault("answers slower than the maximum", "too-slow", switched(delay_seconds=WAIT + 2.0)),
    Fault("no answer, and a maximum of 30 s", "too-slow", _patient),
    Fault(
        "some resources hang",
        "resource-broken",
        switched(fault="hang", fault_resources=["crm_funil", "cidade", "uf", "filial", "usuarios"]),
    ),
    Fault("an answer that drips", "too-slow", switched(fault="drip", drip_seconds=0.5)),
    Fault("body truncated", "body-cut", switched(fault="truncated")),
    Fault("body cut off on its way", "body-cut", switched(fault="cut_body")),
    Fault("empty answer with 200", "body-empty", switched(fault="empty200")),
    Fault("two answers in one body", "body-spoiled", switched(preamble='{"total":"0"}')),
)
