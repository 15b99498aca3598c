"""A disk that is full and one that may not be written.

Both are real disks, in memory, seen by one process alone.
"""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from proof.faults.stage import Stage
from widget.diagnosis.installation import Installation
from widget.emulator.crm.server import TOKEN

# In a mount namespace of its own, which vanishes with it: a small disk, the files of the
# installation on it, and then this.
SCRIPT = """set -e
mount -t tmpfs -o size=3m none "$1"
cp -a "$2"/. "$1"/
{befall}
echo ready
cat
"""
FILL = 'dd if=/dev/zero of="$1/filler" bs=4k 2>/dev/null || true'
LOCK = 'mount -o remount,ro "$1"'
WAYS = (["unshare", "--mount"], ["unshare", "--mount", "--map-root-user"])


class Unable(Exception):
    """This machine lets us make no disk."""


@contextmanager
def full(stage: Stage) -> Iterator[Installation]:
    """No byte is left."""
    with _on_a_disk(stage, FILL) as installation:
        yield installation


@contextmanager
def read_only(stage: Stage) -> Iterator[Installation]:
    """Mounted so that nobody may write."""
    with _on_a_disk(stage, LOCK) as installation:
        yield installation


@contextmanager
def _on_a_disk(stage: Stage, befall: str) -> Iterator[Installation]:
    with stage.crm() as crm:
        with stage.lived_in(crm.url, TOKEN) as home:
            installation = home.installation
        mounted = stage.folder / "disk"
        mounted.mkdir()
        holder = _hold(mounted, installation.data, SCRIPT.format(befall=befall))
        try:
            # The other namespace as this process sees it. Reference: proc(5), /proc/pid/root.
            seen = Path(f"/proc/{holder.pid}/root{mounted}")
            yield replace(installation, settings=replace(installation.settings, data=str(seen)))
        finally:
            holder.kill()
            holder.wait()


def _hold(mounted: Path, files: Path, script: str) -> subprocess.Popen[bytes]:
    for way in WAYS:
        holder = subprocess.Popen(
            [*way, "sh", "-c", script, "sh", str(mounted), str(files)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )
        if holder.stdout and holder.stdout.readline() == b"ready\n":
            return holder
        holder.kill()
        holder.wait()
    raise Unable("neither unshare --mount nor --map-root-user works here")
