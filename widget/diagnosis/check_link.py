"""The first links of the chain, from the address to whether a web server answers.

They are address, name, connection, certificate, and the web server.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from widget.crm.networks import is_private
from widget.crm.probe import Broken, day, place_of
from widget.diagnosis.examination import Examination
from widget.diagnosis.findings import Finding

SOON = timedelta(days=14)


def address(examination: Examination) -> Iterator[Finding]:
    """Whether what was pasted is an address, and what it becomes."""
    try:
        examination.place = place_of(examination.integration.url)
    except Broken as broken:
        yield found("address", broken)
        return
    yield Finding("address", "address-ok", {"url": examination.place.url})


def name(examination: Examination) -> Iterator[Finding]:
    """Whether the name leads to an address, and to one that may be asked."""
    line = examination.line()
    try:
        examination.addresses = line.resolve()
    except Broken as broken:
        yield found("name", broken)
        return
    values = {
        "host": line.place.host,
        "address": ", ".join(examination.addresses[:3]),
    }
    inner = not examination.integration.private and any(map(is_private, examination.addresses))
    yield Finding("name", "address-private" if inner else "name-ok", values)


def connection(examination: Examination) -> Iterator[Finding]:
    """Whether the port takes connections."""
    line = examination.line()
    before = examination.clock()
    try:
        with line.connect() as carrier:
            address = carrier.getpeername()[0]
    except Broken as broken:
        yield found("connection", broken)
        return
    values = {
        "address": address,
        "port": line.place.port,
        "ms": round((examination.clock() - before) * 1000),
    }
    yield Finding("connection", "connection-ok", values)


def tls(examination: Examination) -> Iterator[Finding]:
    """Whether the certificate proves who answers."""
    line = examination.line()
    if not line.place.is_tls:
        if not all(map(is_private, examination.addresses)):
            yield Finding("tls", "tls-none-wanted")
        return
    try:
        with line.connect() as plain, line.secure(plain) as secured:
            protocol = secured.version() or ""
    except Broken as broken:
        yield found("tls", broken)
        return
    shown = line.certificate()
    if shown is None:
        return
    soon = shown.until - datetime.now(UTC) < SOON
    slug = "tls-soon" if soon else "tls-own" if examination.integration.authority else "tls-ok"
    yield Finding(
        "tls",
        slug,
        {
            "until": day(shown.until),
            "issuer": shown.issuer,
        },
        protocol,
    )


def http(examination: Examination) -> Iterator[Finding]:
    """Whether a web server answers; asked without the token, which nobody else shall see."""
    try:
        examination.first = examination.kind.sample(
            examination.line(), examination.kind.needs[0].resource
        )
    except Broken as broken:
        yield found("http", broken, wait=f"{examination.integration.wait:g}")
        return
    values = {
        "status": examination.first.status,
        "ms": round(examination.first.seconds * 1000),
    }
    yield Finding("http", "http-ok", values)


def path(examination: Examination) -> Iterator[Finding]:
    """Whether it is the CRM's webservice that answers there."""
    if examination.first is None or examination.place is None:
        return
    slug, values = examination.kind.judged(examination.first, examination.place)
    yield Finding(
        "path", "path-ok" if slug in examination.kind.voices else slug, values, _told(examination)
    )


def found(check: str, broken: Broken, **values: object) -> Finding:
    """A broken link as a finding of this check."""
    return Finding(
        check,
        broken.slug,
        {
            **values,
            **broken.values,
        },
        broken.evidence,
    )


def _told(examination: Examination) -> str:
    answer = examination.first
    return f"HTTP {answer.status}, {len(answer.text)} characters" if answer else ""
