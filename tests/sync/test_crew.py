"""Tests that each integration has its own worker and mirror, in one process.

What is switched off has none.
"""

from dataclasses import replace
from pathlib import Path

import pytest

from tests.product import product, services_of
from widget.emulator.crm.server import Emulator
from widget.sync import crew


@pytest.mark.parametrize(
    ("options", "works"),
    [
        ({}, [True, True]),
        ({"index": False}, [True, False]),
        ({"active": False}, [False, False]),
    ],
)
def test_who_works_depends_on_what_is_switched_on(
    crm: Emulator, tmp_path: Path, options: dict[str, bool], works: list[bool]
) -> None:
    services = services_of(product(crm, tmp_path, **options))

    assert [found is not None for found in (crew.worker(services), crew.mirror(services))] == works


def test_two_integrations_of_one_process_do_not_keep_each_other_from_work(
    crm: Emulator, tmp_path: Path
) -> None:
    services = services_of(product(crm, tmp_path))
    tasks = [
        crew.worker(found).task  # type: ignore[union-attr]
        for found in (
            services,
            replace(services, integration=replace(services.integration, id="sales")),
        )
    ]

    assert len(set(tasks)) == 2
    assert all(services.journal.presence.take(task) for task in tasks)


def test_who_is_dismissed_leaves_the_task_to_the_next(crm: Emulator, tmp_path: Path) -> None:
    presence = services_of(product(crm, tmp_path)).journal.presence
    first = presence.take("worker")
    second = presence.take("worker")
    presence.drop("worker")

    assert (first, second, presence.take("worker")) == (True, False, True)
