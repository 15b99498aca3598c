"""Our own side: options, storage, the worker, and the index.

It also covers what is on its way, and what the CRM said to the last writes.
"""

from __future__ import annotations

from collections.abc import Iterator

from widget.diagnosis import health, observed
from widget.diagnosis.findings import Finding
from widget.diagnosis.installation import House, Target
from widget.domain import errors
from widget.store.engine.sqlite import left_behind
from widget.store.journal.entries import MANY
from widget.store.journal.survey import survey
from widget.store.people.fills import Filling
from widget.store.records.calls import Call

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


def settings(house: House) -> Iterator[Finding]:
    """Whether the options can be used, and nobody else reads the keys."""
    if house.mistakes:
        yield Finding("settings", "settings-wrong", {"mistakes": house.mistakes})
        return
    if not house.targets:
        yield Finding("settings", "no-crm")
        return
    seen = health.open_keys(house.data) if house.data.is_dir() else []
    yield (
        Finding("settings", "keys-open", {"files": ", ".join(seen)})
        if seen
        else Finding("settings", "settings-ok")
    )
    for target in house.targets:
        if not target.active:
            yield Finding("settings", "settings-off", subject=target.id)


def storage(house: House) -> Iterator[Finding]:
    """Space, rights, integrity, and how long the disk takes."""
    if not house.file.exists() and not house.data.exists():
        yield Finding("storage", "storage-new")
        return
    if left := left_behind(house.file):
        yield Finding("storage", "storage-lost", {"path": house.file.name}, ", ".join(left))
        return
    try:
        disk = health.try_disk(house.data)
        if house.file.exists():
            health.try_file(house.file)
    except errors.StorageFailed as failure:
        slug = FAILURES.get(type(failure), "storage-failing")
        yield Finding(
            "storage", slug, {"path": house.file.name}, str(failure.__cause__ or "")[:200]
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


def worker(house: House, target: Target) -> Iterator[Finding]:
    """Whether somebody settles what was accepted for this CRM."""
    if not target.active:
        return
    if health.has_task(house.data, health.worker_of(target.id)):
        yield Finding("worker", "worker-ok")
    elif not health.servers(house.data, house.me) and not house.me:
        yield Finding("worker", "server-absent")
    else:
        yield Finding("worker", "worker-dead")


def on_the_way(house: House) -> Iterator[Finding]:
    """What waits for the CRM, and what waits for a person."""
    found = survey(house.file, MANY) if house.file.exists() else []
    waiting = [one.entry for one in found if one.entry.is_open]
    needy = [one.entry for one in found if one.needs_a_person and not one.entry.is_open]
    if waiting:
        age = house.clock() - min(entry.kept_at for entry in waiting)
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


def writable(house: House, target: Target) -> Iterator[Finding]:
    """What the CRM said to the last write of each resource: nothing is written to find out.

    Why not: docs/decisions/0011-writable-without-writing.md.
    """
    last: dict[str, Call] = {}
    for call in house.calls.last():
        is_told = not call.code or call.code in SAYS_NO
        if call.integration == target.id and call.verb != "list" and is_told:
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


def index(house: House, target: Target) -> Iterator[Finding]:
    """How far the people index is."""
    file = house.data / "people.db"
    if not target.index or not file.exists():
        yield Finding("index", "index-off")
        return
    try:
        count, progress = observed.index(
            file, target.id, house.crms[target.kind].mirroring.resources.values()
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
