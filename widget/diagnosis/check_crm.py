"""The links inside the CRM.

They are token, our address, resources, fields, times, clock, and the attendants' employees.
"""

from __future__ import annotations

import statistics
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from email.utils import parsedate_to_datetime

from widget.crm.port import Need
from widget.crm.probe import Broken
from widget.diagnosis.check_link import found
from widget.diagnosis.examination import Examination
from widget.diagnosis.findings import Finding

HANDS = 4
# A share of the longest wait: slower than that is near to being cut.
NEAR = 0.5
CLOCK_SECONDS = 60
MOST_ATTENDANTS = 8


def token(examination: Examination) -> Iterator[Finding]:
    """Whether the token looks like one; nothing is asked for that."""
    user, _, secret = examination.integration.token.strip().partition(":")
    yield Finding(
        "token",
        examination.kind.shape_of_token(examination.integration.token),
        {
            "user": user,
            "last": secret[-4:],
        },
    )


def accepted(examination: Examination) -> Iterator[Finding]:
    """Whether the CRM lets the token in, from here."""
    try:
        answer = examination.ask(examination.kind.needs[0].resource)
    except Broken as broken:
        yield found("accepted", broken, wait=f"{examination.integration.wait:g}")
        return
    examination.first = answer
    slug, values = examination.kind.judged(answer, examination.line().place)
    values |= {
        "ms": round(answer.seconds * 1000),
        "address": answer.local,
    }
    is_in = slug in {"listing", "refused", "resource-closed", "read-denied"}
    yield Finding("accepted", "accepted" if is_in else slug, values, f"HTTP {answer.status}")


def resources(examination: Examination) -> Iterator[Finding]:
    """Whether each resource is released and may be read."""
    with ThreadPoolExecutor(HANDS, "check") as hands:
        looks = list(hands.map(lambda need: _look(examination, need), examination.kind.needs))
    examination.times = [look.seconds for look in looks if look.slug == "listing"]
    examination.rows = {look.need.resource: look.row for look in looks if look.slug == "listing"}
    yield from _grouped(looks)
    vacant = [
        look.need.resource
        for look in looks
        if look.slug == "listing" and look.is_vacant and look.need.has_rows
    ]
    if vacant:
        yield Finding("resources", "empty-table", {"resources": ", ".join(vacant)})


def fields(examination: Examination) -> Iterator[Finding]:
    """Whether the records show the columns that the panel relies on."""
    lacking: dict[str, list[str]] = {
        "fields-absent": [],
        "fields-absent-spared": [],
    }
    unknown = []
    for need in examination.kind.needs:
        row = examination.rows.get(need.resource)
        if row is None:
            unknown += (
                [need.resource] if need.resource in examination.rows and not need.is_spared else []
            )
            continue
        columns = "fields-absent-spared" if need.is_spared else "fields-absent"
        lacking[columns] += [
            f"{need.resource}.{column}" for column in need.columns if column not in row
        ]
        lacking["fields-absent-spared"] += [
            f"{need.resource}.{c}" for c in need.useful if c not in row
        ]
    bad = {slug: names for slug, names in lacking.items() if names}
    yield from (
        Finding("fields", slug, {"fields": ", ".join(names)}) for slug, names in bad.items()
    )
    if unknown:
        yield Finding("fields", "fields-unknown", {"resources": ", ".join(unknown)})
    elif not bad:
        yield Finding("fields", "fields-ok")


def times(examination: Examination) -> Iterator[Finding]:
    """How fast it answers, beside what was configured."""
    if not examination.times:
        return
    median, slowest = statistics.median(examination.times), max(examination.times)
    values = {
        "median": round(median * 1000),
        "slowest": round(slowest * 1000),
        "wait": f"{examination.integration.wait:g}",
    }
    yield Finding(
        "times",
        "times-slow" if slowest > NEAR * examination.integration.wait else "times-ok",
        values,
    )


def clock(examination: Examination) -> Iterator[Finding]:
    """Whether this machine and the CRM's have the same time.

    Our time is compared with the answer's own date.
    """
    date = examination.first.headers.get("Date", "") if examination.first else ""
    try:
        off = examination.clock() - parsedate_to_datetime(date).timestamp()
    except ValueError:
        yield Finding("crm-clock", "clock-unknown")
        return
    slug = "clock-crm-off" if abs(off) > CLOCK_SECONDS else "clock-crm-ok"
    yield Finding(
        "crm-clock",
        slug,
        {
            "seconds": round(abs(off)),
            "minutes": round(abs(off) / 60),
        },
        f"{off:+.0f} s",
    )


def attendants(examination: Examination) -> Iterator[Finding]:
    """Whether the CRM knows the attendants who used the panel last."""
    if not examination.emails:
        yield Finding("attendants", "attendants-none")
        return
    people = list(examination.emails.items())[:MOST_ATTENDANTS]
    with ThreadPoolExecutor(HANDS, "check") as hands:
        known = list(hands.map(lambda one: _is_employee(examination, one[1]), people))
    strangers = [who for (who, _), is_known in zip(people, known, strict=True) if not is_known]
    if strangers:
        yield Finding("attendants", "attendant-unmapped", {"attendants": ", ".join(strangers)})
    else:
        yield Finding("attendants", "attendants-ok", {"count": len(people)})


@dataclass(frozen=True)
class _Look:
    need: Need
    slug: str
    what: str
    seconds: float
    row: Mapping[str, object] | None = None
    is_vacant: bool = False


def _look(examination: Examination, need: Need) -> _Look:
    if examination.is_over:
        return _Look(need, "too-slow", "no time is left", 0.0)
    try:
        answer = examination.ask(need.resource)
    except Broken as broken:
        return _Look(need, broken.slug, broken.evidence or broken.slug, 0.0)
    slug, _ = examination.kind.judged(answer, examination.line().place)
    if slug != "listing":
        return _Look(need, slug, f"HTTP {answer.status}", answer.seconds)
    rows = examination.kind.rows(answer)
    row = rows[0] if rows else None
    return _Look(need, slug, "", answer.seconds, row, is_vacant=not rows)


def _grouped(looks: list[_Look]) -> Iterator[Finding]:
    """One finding for each kind of trouble.

    It is one thing to do, however many resources it concerns.
    """
    groups: dict[str, list[_Look]] = {}
    for look in looks:
        slug = (
            look.slug
            if look.slug in {"listing", "refused", "resource-closed", "read-denied"}
            else "resource-broken"
        )
        spared = look.need.is_spared and slug in {"resource-closed", "read-denied"}
        groups.setdefault(f"{slug}-spared" if spared else slug, []).append(look)
    well = groups.pop("listing", [])
    groups.pop("refused", None)
    if not groups:
        yield Finding("resources", "resources-ok", {"count": len(well)})
    for slug, group in groups.items():
        names = ", ".join(look.need.resource for look in group)
        yield Finding(
            "resources",
            slug,
            {
                "resources": names,
                "what": group[0].what,
            },
            group[0].what,
        )


def _is_employee(examination: Examination, email: str) -> bool:
    if examination.is_over:
        return True
    try:
        rows = examination.kind.rows(examination.employee(email))
    except (Broken, ValueError):
        return True  # not known is not "no"
    return examination.kind.names_employee(rows)
