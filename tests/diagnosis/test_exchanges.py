"""The last calls in figures."""

import pytest

from widget.diagnosis.exchanges import HEIGHT, WIDTH, looked_for, percentile, summaries
from widget.domain.traffic import Call


def call(ms: int, code: str = "", resource: str = "contato", request: str = "") -> Call:
    return Call(float(ms), "main", resource, "list", ms=ms, code=code, request=request)


@pytest.mark.parametrize(
    ("times", "share", "value"),
    [
        ([], 95, 0),
        ([7], 95, 7),
        ([1, 2, 3, 4], 50, 2),
        (list(range(1, 101)), 95, 95),
        (list(range(1, 21)), 95, 19),
    ],
)
def test_a_percentile_is_one_of_the_values(times: list[int], share: int, value: int) -> None:
    assert percentile(times, share) == value


def test_each_resource_has_its_figures() -> None:
    contato, funil = summaries(
        [call(10), call(30, "VNC-203"), call(20), call(5, resource="crm_funil")]
    )

    assert (contato.resource, contato.count, contato.failed, contato.share) == ("contato", 3, 1, 33)
    assert (contato.median, contato.p95, contato.slowest) == (20, 30, 30)
    assert (funil.resource, funil.failed) == ("crm_funil", 0)


def test_the_drawing_stays_in_its_frame_and_marks_what_failed() -> None:
    [one] = summaries([call(ms, "VNC-201" if ms == 90 else "") for ms in range(10, 1000, 10)])
    places = [tuple(map(float, point.split(","))) for point in one.line.points.split()]

    assert len(places) == 60
    assert all(0 <= x <= WIDTH and 0 <= y <= HEIGHT for x, y in places)
    assert one.line.bad == ()  # that one was long ago
    assert len(summaries([call(90, "VNC-201")])[0].line.bad) == 1


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        ("", [3, 2, 1]),
        ("VNC-203", [2]),
        ("vnc-203 ", [2]),
        ("abcd-1234", [3]),
        ("ABCD1234", [3]),
        ("VNC-999", []),
    ],
)
def test_a_code_or_the_number_of_a_request_finds_its_exchanges(
    wanted: str, found: list[int]
) -> None:
    calls = [call(1), call(2, "VNC-203"), call(3, request="ABCD-1234")]

    assert [c.ms for c in looked_for(calls, wanted)] == found
