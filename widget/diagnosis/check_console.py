"""The consoles' side: who may open the panel, who came last, who was refused, and why."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence

from widget.diagnosis import observed
from widget.diagnosis.findings import Finding
from widget.diagnosis.installation import Installation
from widget.domain.errors import StorageFailed
from widget.domain.traffic import Arrival, Why

# Older refusals are history.
LATELY = 24 * 3600
# Fresh starts that are all refused at about the same age: then it is a clock.
SPREAD = 90.0
SLUGS = {
    Why.SIGNATURE: "signature-wrong",
    Why.START: "start-wrong",
    Why.CONTEXT: "context-wrong",
}


def origins(installation: Installation) -> Iterator[Finding]:
    """Who may embed the panel, and who tried to and may not."""
    allowed = _allowed(installation)
    if not allowed:
        yield Finding("origins", "origins-none")
        return
    refused = [a for a in _lately(installation) if a.why == Why.ORIGIN and a.origin not in allowed]
    if refused:
        names = ", ".join(dict.fromkeys(a.origin for a in reversed(refused)))
        yield Finding("origins", "origin-refused", {"origin": names[:300]})
        return
    yield Finding("origins", "origins-ok", {"origins": ", ".join(allowed)})


def console(installation: Installation) -> Iterator[Finding]:
    """What became of the last who came, console by console."""
    by_host: dict[str, list[Arrival]] = defaultdict(list)
    for arrival in _lately(installation):
        if arrival.why not in {
            Why.ORIGIN,
            Why.PAIRING,
            Why.SIGN_IN,
        }:  # the others tell nothing of the console
            by_host[arrival.host].append(arrival)
    if not by_host:
        yield Finding("console", "console-none")
    for host, arrivals in by_host.items():
        yield _of_console(installation, host, arrivals)


def _of_console(installation: Installation, host: str, arrivals: Sequence[Arrival]) -> Finding:
    last = arrivals[-1]
    if last.why == Why.IN:
        return Finding(
            "console", "console-ok", {"minutes": round((installation.clock() - last.at) / 60)}
        )
    values = {"host": host}
    if last.why == Why.AHEAD:
        return Finding(
            "console",
            "clock-off",
            {
                **values,
                "minutes": round(abs(last.issued - last.at) / 60),
            },
        )
    if last.why == Why.EXPIRED:
        age = last.at - last.issued
        slug = "clock-off" if _is_a_clock(arrivals) else "start-expired"
        return Finding(
            "console",
            slug,
            {
                **values,
                "minutes": round(age / 60),
            },
            f"{age:.0f} s",
        )
    return Finding("console", SLUGS[Why(last.why)], values)


def _is_a_clock(arrivals: Sequence[Arrival]) -> bool:
    """Whether starts that were each signed newly are too old all the same.

    A start that was kept grows older each time.
    """
    since = [a for a in arrivals if a.why == Why.EXPIRED][-5:]
    ages = [a.at - a.issued for a in since]
    return len({a.issued for a in since}) > 1 and max(ages) - min(ages) < SPREAD


def _lately(installation: Installation) -> list[Arrival]:
    return [a for a in installation.arrivals.last() if installation.clock() - a.at < LATELY]


def _allowed(installation: Installation) -> tuple[str, ...]:
    try:
        accounts = observed.parents(installation.file) if installation.file.exists() else {}
    except StorageFailed:  # said elsewhere
        accounts = {}
    return tuple(
        dict.fromkeys(
            [*installation.settings.parents, *(one for many in accounts.values() for one in many)]
        )
    )
