"""Who came to the panel's door."""

from pathlib import Path

from widget.domain.traffic import Why
from widget.store.records.arrivals import Arrivals


def test_whoever_knocks_all_the_time_is_noted_now_and_then(tmp_path: Path) -> None:
    now = [1000.0]
    arrivals = Arrivals(tmp_path, lambda: now[0])
    for _ in range(12):
        arrivals.note("chatwoot", Why.SIGNATURE)
        now[0] += 1.0
    arrivals.note("chatwoot", Why.IN, "1")

    assert [(a.at, a.why) for a in arrivals.last()] == [
        (1000.0, "signature"),
        (1005.0, "signature"),
        (1010.0, "signature"),
        (1012.0, "in"),
    ]


def test_ever_new_ways_of_knocking_take_no_ever_growing_room(tmp_path: Path) -> None:
    arrivals = Arrivals(tmp_path)
    for number in range(1200):
        arrivals.note("chatwoot", Why.ORIGIN, origin=f"https://{number}.example")

    assert len(arrivals._noted) <= 500
