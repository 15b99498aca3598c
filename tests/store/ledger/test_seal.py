"""The seals: their form never changes, every cell counts, and no two lines are sealed alike."""

from __future__ import annotations

import pytest

from widget.store.ledger.seal import Line, Seals, digest_of

LINE = Line(
    7,
    b"accepted",
    b"key",
    1795197600.25,
    b'["1","Ana"]',
    b"chatwoot:1:7",
    b"lead-1",
    b"7",
    b"note",
    b"90",
    b"digest",
    b"salt",
    b"{}",
    b"",
    b"",
    b"",
)
SEALS = Seals("a key")


def test_lines_sealed_by_an_older_version_still_fit() -> None:
    sealed = SEALS.sealed(LINE, SEALS.first)

    assert SEALS.first == b"c1d72e83a6f6a5d3ed7994e43a36a4c102bdd27998d185b7aaf6d7657ff20ed3"
    assert sealed.seal == b"becdcc69c83d01e59828c707b485e7d07a62d7d3a2e82229c6da2eb90660ea43"
    assert (
        digest_of(b"salt", b"text")
        == b"fb31e17dd12cf07273c5fcb5da95c5e7d0680dd33cb88956dd652633beaa0219"
    )


@pytest.mark.parametrize(
    "cell",
    [
        name
        for name in Line._fields
        if name not in {"seq", "salt", "personal", "author"}
        and not name.endswith("mac")
        and name != "seal"
    ],
)
def test_every_cell_of_the_content_counts(cell: str) -> None:
    other = LINE._replace(**{cell: 1.5 if cell == "at" else b"other"})

    assert SEALS.content(other, 7) != SEALS.content(LINE, 7)


def test_the_place_the_author_and_the_key_count() -> None:
    assert SEALS.content(LINE, 8) != SEALS.content(LINE, 7)
    assert SEALS.author(LINE, 8) != SEALS.author(LINE, 7)
    assert SEALS.author(LINE._replace(author=b"Rui"), 7) != SEALS.author(LINE, 7)
    assert Seals("another").content(LINE, 7) != SEALS.content(LINE, 7)
    assert Seals("another").first != SEALS.first


def test_text_that_moves_from_one_cell_to_the_next_is_another_content() -> None:
    moved = LINE._replace(event=b"accept", key=b"edkey")

    assert moved.event + moved.key == LINE.event + LINE.key
    assert SEALS.content(moved, 7) != SEALS.content(LINE, 7)


def test_a_digest_without_its_salt_tells_nothing() -> None:
    assert digest_of(b"salt", b"text") != digest_of(b"another", b"text")
