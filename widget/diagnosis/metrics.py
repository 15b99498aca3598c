"""/metrics for Prometheus: closed unless a key is set, and nothing in it is anybody's."""

from __future__ import annotations

import hmac
import shutil
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from flask import Response, request
from flask.typing import ResponseReturnValue
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.metrics_core import Metric
from prometheus_client.registry import Collector

from widget.desk.services import Services, served, services
from widget.diagnosis import health
from widget.diagnosis.exchanges import percentile
from widget.diagnosis.observed import left
from widget.domain import errors
from widget.domain.traffic import Call

# What the gauges of calls and arrivals look back on: all processes write into the same files, so
# each tells the same.
LATELY = 300
QUANTILES = (50, 95, 99)


def metrics() -> ResponseReturnValue:
    """The figures of now, for whoever shows the key as ``Authorization: Bearer``."""
    key = services().shared.settings.metrics_key
    if not key:
        raise errors.NotFound("metrics are closed")
    if not hmac.compare_digest(
        request.headers.get("Authorization", "").encode(), f"Bearer {key}".encode()
    ):
        raise errors.Unauthorised("metrics ask for their key")
    registry = CollectorRegistry()
    registry.register(_Figures(served().any(), served().all()))
    return Response(generate_latest(registry), content_type=CONTENT_TYPE_LATEST)


class _Figures(Collector):
    """Read from the files at each question; no counter that a second process would contradict."""

    def __init__(self, common: Services, integrations: list[Services]) -> None:
        self._common = common
        self._all = integrations

    def collect(self) -> Iterable[Metric]:
        """All families."""
        folder, since = (
            Path(self._common.shared.settings.data),
            self._common.shared.clock() - LATELY,
        )
        calls = [call for call in self._common.shared.calls.last() if call.at >= since]
        yield from _of_calls(calls)
        yield from self._of_integrations(folder)
        yield _counted(
            "vinculo_arrivals",
            "Who came to the panel's door within five minutes",
            ("host", "why"),
            Counter((a.host, a.why) for a in self._common.shared.arrivals.last() if a.at >= since),
        )
        yield _counted(
            "vinculo_writes",
            "Writes on their way or waiting for a person",
            ("integration", "state"),
            left(folder / "vinculo.db"),
        )
        yield _one(
            "vinculo_disk_free_bytes",
            "Free bytes where the data folder is",
            shutil.disk_usage(folder).free,
        )
        yield _one(
            "vinculo_processes", "Server processes on this data folder", health.servers(folder)
        )

    def _of_integrations(self, folder: Path) -> Iterator[Metric]:
        broken = {(s.id,): float(bool(s.guarded and s.guarded.trouble)) for s in self._all}
        yield _counted(
            "vinculo_crm_silent", "1 while nothing is heard of the CRM", ("integration",), broken
        )
        people = {(s.id,): float(s.people.count()) for s in self._all if s.people}
        yield _counted("vinculo_index_people", "People in the index", ("integration",), people)
        tasks = {(s.id,): float(health.has_task(folder, _task(s))) for s in self._all}
        yield _counted(
            "vinculo_worker_alive", "1 while somebody settles writes", ("integration",), tasks
        )


def _of_calls(calls: list[Call]) -> Iterator[Metric]:
    outcomes = Counter((c.integration, c.resource, c.verb, c.code or "ok") for c in calls)
    yield _counted(
        "vinculo_crm_calls",
        "Calls to the CRM within five minutes",
        ("integration", "resource", "verb", "outcome"),
        outcomes,
    )
    times: dict[str, list[int]] = defaultdict(list)
    for call in calls:
        times[call.integration].append(call.ms)
    quantiles = {
        (name, f"0.{share}"): percentile(sorted(found), share) / 1000
        for name, found in times.items()
        for share in QUANTILES
    }
    yield _counted(
        "vinculo_crm_call_seconds",
        "How long calls took within five minutes",
        ("integration", "quantile"),
        quantiles,
    )


def _counted(
    name: str, meaning: str, labels: tuple[str, ...], values: Mapping[Any, float]
) -> Metric:
    family = GaugeMetricFamily(name, meaning, labels=labels)
    for given, value in values.items():
        family.add_metric(given, value)
    return family


def _one(name: str, meaning: str, value: float) -> Metric:
    return GaugeMetricFamily(name, meaning, value=value)


def _task(found: Services) -> str:
    return health.worker_of(found.id)
