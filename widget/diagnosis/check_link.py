"""The first links of the chain, from the address to whether a web server answers.

They are address, name, connection, certificate, and the web server.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from widget.crm.networks import is_private
from widget.crm.probe import Broken, day, place_of
from widget.diagnosis.findings import Finding
from widget.diagnosis.subject import Scene

SOON = timedelta(days=14)


def address(scene: Scene) -> Iterator[Finding]:
    """Whether what was pasted is an address, and what it becomes."""
    try:
        scene.place = place_of(scene.url)
    except Broken as broken:
        yield found("address", broken)
        return
    yield Finding("address", "address-ok", {"url": scene.place.url})


def name(scene: Scene) -> Iterator[Finding]:
    """Whether the name leads to an address, and to one that may be asked."""
    line = scene.line()
    try:
        scene.addresses = line.resolve()
    except Broken as broken:
        yield found("name", broken)
        return
    values = {
        "host": line.place.host,
        "address": ", ".join(scene.addresses[:3]),
    }
    inner = not scene.private and any(map(is_private, scene.addresses))
    yield Finding("name", "address-private" if inner else "name-ok", values)


def connection(scene: Scene) -> Iterator[Finding]:
    """Whether the port takes connections."""
    line = scene.line()
    before = scene.clock()
    try:
        with line.connect() as carrier:
            address = carrier.getpeername()[0]
    except Broken as broken:
        yield found("connection", broken)
        return
    values = {
        "address": address,
        "port": line.place.port,
        "ms": round((scene.clock() - before) * 1000),
    }
    yield Finding("connection", "connection-ok", values)


def tls(scene: Scene) -> Iterator[Finding]:
    """Whether the certificate proves who answers."""
    line = scene.line()
    if not line.place.is_tls:
        if not all(map(is_private, scene.addresses)):
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
    slug = "tls-soon" if soon else "tls-own" if scene.ca else "tls-ok"
    yield Finding(
        "tls",
        slug,
        {
            "until": day(shown.until),
            "issuer": shown.issuer,
        },
        protocol,
    )


def http(scene: Scene) -> Iterator[Finding]:
    """Whether a web server answers; asked without the token, which nobody else shall see."""
    try:
        scene.first = scene.kind.sample(scene.line(), scene.kind.needs[0].resource)
    except Broken as broken:
        yield found("http", broken, wait=f"{scene.wait:g}")
        return
    values = {
        "status": scene.first.status,
        "ms": round(scene.first.seconds * 1000),
    }
    yield Finding("http", "http-ok", values)


def path(scene: Scene) -> Iterator[Finding]:
    """Whether it is the CRM's webservice that answers there."""
    if scene.first is None or scene.place is None:
        return
    slug, values = scene.kind.judged(scene.first, scene.place)
    yield Finding("path", "path-ok" if slug in scene.kind.voices else slug, values, _told(scene))


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


def _told(scene: Scene) -> str:
    answer = scene.first
    return f"HTTP {answer.status}, {len(answer.text)} characters" if answer else ""
