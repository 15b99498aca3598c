"""Our own side: options, storage, the worker, and the index.

It also covers what is on its way, and what the CRM said to the last writes.
"""

from __future__ import annotations

from collections.abc import Iterator

from widget.diagnosis import health, observed
from widget.diagnosis.findings import Finding
from widget.diagnosis.installation import Installation
from widget.domain import errors
from widget.domain.integrations import Integration
from widget.domain.traffic import Call
from widget.store.engine.sqlite import left_behind
from widget.store.journal.entries import MANY
from widget.store.journal.survey import survey
from widget.store.people.fills import Filling

LOW = 200 * 1024 * 1024
SLOW_SYNC = 0.5
STUCK_SECONDS = 300
FAILURES: dict[type[errors.StorageFailed], str] = {
    errors.DiskFull: "storage-full",
    errors.ReadOnly: "storage-read-only",
    errors.Damaged: "storage-damaged",
    errors.Locked: "storage-locked",
    errors.Lost: "storage-lost",
}
SAYS_NO = {errors.PermissionDenied.code, errors.ResourceUnavailable.code}


def settings(installation: Installation) -> Iterator[Finding]:
    """Whether the options can be used, and nobody else reads the keys."""
    if installation.mistakes:
        yield Finding("settings", "settings-wrong", {"mistakes": installation.mistakes})
        return
    if not installation.integrations:
        yield Finding("settings", "no-crm")
        return
    seen = health.open_keys(installation.data) if installation.data.is_dir() else []
    yield (
        Finding("settings", "keys-open", {"files": ", ".join(seen)})
        if seen
        else Finding("settings", "settings-ok")
    )
    for integration in installation.integrations:
        if not integration.active:
            yield Finding("settings", "settings-off", subject=integration.id)


def storage(installation: Installation) -> Iterator[Finding]:
    """Space, rights, integrity, and how long the disk takes."""
    if not installation.file.exists() and not installation.data.exists():
        yield Finding("storage", "storage-new")
        return
    if left := left_behind(installation.file):
        yield Finding("storage", "storage-lost", {"path": installation.file.name}, ", ".join(left))
        return
    try:
        disk = health.try_disk(installation.data)
        if installation.file.exists():
            health.try_file(installation.file)
    except errors.StorageFailed as failure:
        slug = FAILURES.get(type(failure), "storage-failing")
        yield Finding(
            "storage", slug, {"path": installation.file.name}, str(failure.__cause__ or "")[:200]
        )
        return
    values = {
        "free": _size(disk.free),
        "ms": round(disk.sync * 1000),
    }
    slug = (
        "storage-low"
        if disk.free < LOW
        else "storage-slow"
        if disk.sync > SLOW_SYNC
        else "storage-ok"
    )
    yield Finding("storage", slug, values)


def worker(installation: Installation, integration: Integration) -> Iterator[Finding]:
    """Whether somebody settles what was accepted for this CRM."""
    if not integration.active:
        return
    if health.has_task(installation.data, health.worker_of(integration.id)):
        yield Finding("worker", "worker-ok")
    elif not health.servers(installation.data, installation.me) and not installation.me:
        yield Finding("worker", "server-absent")
    else:
        yield Finding("worker", "worker-dead")


def on_the_way(installation: Installation) -> Iterator[Finding]:
    """What waits for the CRM, and what waits for a person."""
    found = survey(installation.file, MANY) if installation.file.exists() else []
    waiting = [one.entry for one in found if one.entry.is_open]
    needy = [one.entry for one in found if one.needs_a_person and not one.entry.is_open]
    if waiting:
        age = installation.clock() - min(entry.kept_at for entry in waiting)
        why = next((entry.why for entry in waiting if entry.why), "-")
        slug = "writes-stuck" if age > STUCK_SECONDS else "writes-moving"
        yield Finding(
            "open",
            slug,
            {
                "count": len(waiting),
                "minutes": round(age / 60),
                "why": why,
            },
        )
    if needy:
        why = ", ".join(sorted({entry.why for entry in needy if entry.why})) or "-"
        yield Finding(
            "open",
            "writes-for-a-person",
            {
                "count": len(needy),
                "why": why,
            },
        )
    if not found:
        yield Finding("open", "writes-none")


def writable(installation: Installation, integration: Integration) -> Iterator[Finding]:
    """What the CRM said to the last write of each resource: nothing is written to find out.

    Why not: docs/decisions/0011-writable-without-writing.md.
    """
    last: dict[str, Call] = {}
    for call in installation.calls.last():
        is_told = not call.code or call.code in SAYS_NO
        if call.integration == integration.id and call.verb != "list" and is_told:
            last[call.resource] = call
    refused = sorted(resource for resource, call in last.items() if call.code)
    if refused:
        yield Finding(
            "writes",
            "write-denied",
            {"resources": ", ".join(refused)},
            ", ".join(sorted({last[resource].code for resource in refused})),
        )
    elif last:
        yield Finding("writes", "writes-ok", {"resources": ", ".join(sorted(last))})
    else:
        yield Finding("writes", "writes-unknown")


def index(installation: Installation, integration: Integration) -> Iterator[Finding]:
    """How far the people index is."""
    file = installation.data / "people.db"
    if not integration.index or not file.exists():
        yield Finding("index", "index-off")
        return
    try:
        count, progress = observed.index(
            file, integration.id, installation.crms[integration.kind].mirroring.resources.values()
        )
    except errors.StorageFailed as failure:
        yield Finding("index", "index-damaged", evidence=str(failure.__cause__ or "")[:200])
        return
    slugs = {
        Filling.PAUSED: "index-paused",
        Filling.FOLLOWING: "index-ok",
    }
    slug = (
        "index-ok"
        if progress.share >= 1 and not progress.why
        else slugs.get(progress.state, "index-filling")
    )
    values = {
        "count": count,
        "done": progress.done,
        "total": progress.total,
        "why": progress.why,
    }
    yield Finding("index", slug, values)


def _size(number: int) -> str:
    return f"{number / 1e9:.1f} GB" if number >= 1e9 else f"{number / 1e6:.0f} MB"
