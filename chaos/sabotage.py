"""Each protection of the core, taken out by replacing what protects: the proof must notice every one."""

from __future__ import annotations

from collections.abc import Callable, Mapping

# Filled in below as the core has them: what each takes away is what the proof must find.
SABOTAGES: Mapping[str, Callable[[], None]] = {}
