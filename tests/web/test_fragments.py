"""Tests that what was drawn is shown again for a moment.

It is never shown after anything that it was drawn from has changed.
"""

from __future__ import annotations

import pytest

from widget.domain.errors import Locked
from widget.web import fragments
from widget.web.fragments import Drawn, Fragments

FOREVER = 1e12


class Drawing:
    """Draws the next number each time, under a version and a clock that the test sets."""

    def __init__(self) -> None:
        self.version, self.now, self.until, self.times = 1, 100.0, FOREVER, 0
        self.fragments = Fragments(self._told, lambda: self.now)

    def _told(self) -> int:
        if self.version < 0:
            raise Locked("the version cannot be read")
        return self.version

    def draw(self) -> Drawn:
        self.times += 1
        return Drawn(str(self.times), self.until)

    def get(self, key: str = "a") -> int:
        return int(self.fragments.of(key, self.draw).html)


@pytest.fixture
def drawing() -> Drawing:
    return Drawing()


def test_what_was_drawn_is_shown_again(drawing: Drawing) -> None:
    assert [drawing.get() for _ in range(3)] == [1, 1, 1]


def test_each_key_has_a_drawing_of_its_own(drawing: Drawing) -> None:
    assert [drawing.get(key) for key in "abab"] == [1, 2, 1, 2]


def test_whatever_has_changed_it_is_drawn_anew(drawing: Drawing) -> None:
    drawing.get()
    drawing.version = 2

    assert (drawing.get(), drawing.get()) == (2, 2)


def test_what_changes_while_it_is_drawn_has_changed(drawing: Drawing) -> None:
    def draw() -> Drawn:
        drawing.version += 1
        return drawing.draw()

    drawing.fragments.of("a", draw)

    assert drawing.get() == 2


@pytest.mark.parametrize(
    ("until", "now", "drawn"),
    [
        (FOREVER, 109.9, 1),
        (FOREVER, 110.0, 2),
        (FOREVER, 99.0, 2),
        (105.0, 104.9, 1),
        (105.0, 105.0, 2),
        (0.0, 100, 2),
    ],
    ids=["a moment", "longer", "a clock set back", "in time", "too late", "never"],
)
def test_it_is_shown_for_a_moment_and_never_after_its_time(
    drawing: Drawing, until: float, now: float, drawn: int
) -> None:
    drawing.until = until
    drawing.get()
    drawing.now = now

    assert drawing.get() == drawn


def test_while_nobody_can_say_what_has_changed_it_is_drawn_each_time(drawing: Drawing) -> None:
    drawing.get()
    drawing.version = -1

    assert (drawing.get(), drawing.get()) == (2, 3)


def test_all_are_forgotten_together(drawing: Drawing) -> None:
    drawing.get("a")
    drawing.now += 9
    drawing.get("b")
    drawing.now += 1

    assert drawing.get("b") == 3


def test_a_body_is_packed_once_until_it_is_forgotten(drawing: Drawing) -> None:
    packed: list[bytes] = []

    def pack(body: bytes) -> bytes:
        packed.append(body)
        return body[::-1]

    assert [drawing.fragments.packed(body, pack) for body in (b"ab", b"ab", b"cd")] == [
        b"ba",
        b"ba",
        b"dc",
    ]
    drawing.now += 10
    drawing.fragments.packed(b"ab", pack)

    assert packed == [b"ab", b"cd", b"ab"]


def test_there_is_a_limit_to_what_is_kept(
    drawing: Drawing, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fragments, "MOST", 2)

    assert [drawing.get(key) for key in "abca"] == [1, 2, 3, 4]
