"""Faults between here and the CRM: name, connection, certificate, and somebody else who answers."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import replace

from proof.faults import certificates, ports
from proof.faults.stage import Fault, Stage
from widget.diagnosis.installation import Installation
from widget.emulator.crm.server import TOKEN

Befall = Callable[[Stage], AbstractContextManager[Installation]]


def at(url: Callable[[int], str], opened: Callable[[], AbstractContextManager[int]]) -> Befall:
    """A installation whose CRM should be behind this port."""

    @contextmanager
    def befall(stage: Stage) -> Iterator[Installation]:
        with opened() as port, stage.lived_in(url(port), TOKEN) as home:
            yield home.installation

    return befall


def secured(
    host: str = ports.HOST,
    days: tuple[int, int] = (-1, 365),
    *,
    own: bool = True,
    given: bool = True,
) -> Befall:
    """A CRM with a certificate like this.

    ``own``: by an authority of ours, which was ``given`` to the integration.
    """

    @contextmanager
    def befall(stage: Stage) -> Iterator[Installation]:
        authority = certificates.authority(stage.folder)
        context = certificates.server(stage.folder, authority if own else None, host, days)
        ca = str(authority.pem) if given and own else ""
        with stage.crm(context) as crm, stage.lived_in(crm.url, TOKEN, ca_file=ca) as home:
            yield home.installation

    return befall


@contextmanager
def _old(stage: Stage) -> Iterator[Installation]:
    context = certificates.old(
        certificates.server(stage.folder, certificates.authority(stage.folder))
    )
    with (
        stage.crm(context) as crm,
        stage.lived_in(crm.url, TOKEN, ca_file=str(stage.folder / "authority.pem")) as home,
    ):
        yield home.installation


@contextmanager
def _inner(stage: Stage) -> Iterator[Installation]:
    """An integration that nobody allowed into inner networks."""
    with stage.crm() as crm, stage.lived_in(crm.url, TOKEN) as home:
        [integration] = home.installation.integrations
        yield replace(home.installation, integrations=(replace(integration, private=False),))


@contextmanager
def _nowhere() -> Iterator[int]:
    yield ports.free()


@contextmanager
def _meddled(stage: Stage) -> Iterator[Installation]:
    with (
        stage.crm() as crm,
        ports.meddling(crm.port) as port,
        stage.lived_in(_plain(port), TOKEN) as home,
    ):
        yield home.installation


@contextmanager
def _without_tls(stage: Stage) -> Iterator[Installation]:
    with stage.crm() as crm, stage.lived_in(f"https://127.0.0.1:{crm.port}", TOKEN) as home:
        yield home.installation


def _plain(port: int) -> str:
    return f"http://127.0.0.1:{port}"


def _safe(port: int) -> str:
    return f"https://127.0.0.1:{port}"


def _speaks(speak: Callable[..., None]) -> Callable[[], AbstractContextManager[int]]:
    return lambda: ports.speaking(speak)


LINK = (
    Fault(
        "name does not resolve", "name-unresolved", at(lambda _: "https://crm.invalid", _nowhere)
    ),
    Fault("resolves to nothing reachable", "connection-silent", at(_safe, ports.deaf)),
    Fault("refused", "connection-refused", at(_safe, _nowhere)),
    Fault("reset during TLS", "tls-reset", at(_safe, _speaks(ports.resets))),
    Fault("certificate expired", "tls-expired", secured(days=(-30, -2))),
    Fault("certificate self-signed", "tls-self-signed", secured(own=False)),
    Fault("certificate of an unknown authority", "tls-unknown-authority", secured(given=False)),
    Fault("certificate of another name", "tls-wrong-name", secured("ixc.provedor.example")),
    Fault("certificate not valid yet", "tls-not-yet", secured(days=(2, 300))),
    Fault("only versions of TLS that are not safe", "tls-old", _old),
    Fault(
        "a port that takes the call and says nothing",
        "tls-silent",
        at(_safe, _speaks(ports.is_silent)),
    ),
    Fault("http where only https is spoken", "tls-wanted", at(_plain, _speaks(ports.wants_tls))),
    Fault("sent to another host", "elsewhere", at(_plain, _speaks(ports.sends_away))),
    Fault("an inner network that nobody allowed", "address-private", _inner),
    Fault("certificate runs out soon", "tls-soon", secured(days=(-300, 5))),
    Fault("own authority, all well", "", secured()),
    Fault("port speaks no TLS", "tls-absent", _without_tls),
    Fault("not HTTP", "http-absent", at(_plain, _speaks(ports.is_ssh))),
    Fault("reset instead of an answer", "http-reset", at(_plain, _speaks(ports.resets))),
    Fault(
        "a proxy's sign-in page with 200",
        "sign-in-page",
        at(_plain, lambda: ports.site(ports.SIGN_IN)),
    ),
    Fault("another web site with 200", "other-site", at(_plain, lambda: ports.site(ports.BAKERY))),
    Fault("scheme not Basic (400)", "scheme-refused", _meddled),
)
