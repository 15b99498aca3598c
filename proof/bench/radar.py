"""How well the radar tells duplicates.

It is measured over labelled pairs of another seed than the one it was tuned on.

A pair is *found* when the radar offers the stored contact as the same person, be it as a question.
It is not found when all that the radar says has its "but": same phone, another name; same phone,
another document; same firm, another branch. It is *sure* when the radar asks nothing. Precision: of
what is found, how much is one person. Recall: of those who are one person, how many are found.

A person who is in the CRM but is not brought before the rule, since no search finds them, is not
measured here. The words are the same for both seeds. A handful of nicknames and spellings entered
the rule's tables after it had missed them in the seed it was tuned on; others it still does not
know. Namesakes of whom nothing but the city differs count as wrong, since nobody could tell them
from one person, and have no line of their own.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator
from pathlib import Path

from proof.bench.figures import Figure
from proof.bench.pairs import OTHER, SAME, UNKNOWABLE, Pair, pairs
from widget.brazil.matching import AGAINST, duplicates

TUNED_ON, SEED = 1, 2026
ROUNDS = 3
NEW = 30  # people who are held against all others


def measure(share: float, folder: Path) -> Iterator[Figure]:
    """The radar's figures in per cent, and how long one pair takes.

    The pairs are the same however little is asked.
    """
    del folder
    labelled = pairs(SEED)
    told = [
        (pair, match)
        for pair in labelled
        for match in duplicates(pair.typed, [pair.stored], pair.city)
    ]
    found = [
        pair
        for pair, match in told
        if any(reason.detail not in AGAINST for reason in match.reasons)
    ]
    sure = [pair for pair, match in told if match.is_sure]
    precision, recall = _same(found), _part(found, [pair for pair in labelled if pair.same])
    yield Figure("radar_pairs", len(labelled), "labelled pairs, typed against stored", unit="pairs")
    yield Figure(
        "radar_precision", precision, "of those found, who are one person", 90, "%", at_least=True
    )
    yield Figure(
        "radar_recall", recall, "of those who are one person, who are found", 95, "%", at_least=True
    )
    yield Figure(
        "radar_f1", 2 * precision * recall / (precision + recall), "the two in one number", unit="%"
    )
    yield Figure(
        "radar_sure_precision",
        _same(sure),
        "of those found without a question",
        99,
        "%",
        at_least=True,
    )
    for kind in SAME:
        yield Figure(
            f"radar_recall_{kind}", _part(found, _of(labelled, kind)), f"found: {kind}", unit="%"
        )
    for kind in OTHER:
        told_apart = 100 - _part(found, _of(labelled, kind))
        if kind != UNKNOWABLE:
            yield Figure(f"radar_apart_{kind}", told_apart, f"not taken for one: {kind}", unit="%")
    yield Figure(
        "radar_quiet",
        100 - _alarms(labelled, share),
        "of all others, who are not mentioned",
        unit="%",
    )
    yield Figure(
        "radar_pair", _milliseconds(labelled), "one typed contact against one stored", unit="ms"
    )


def _of(labelled: Iterable[Pair], kind: str) -> list[Pair]:
    return [pair for pair in labelled if pair.kind == kind]


def _same(found: list[Pair]) -> float:
    """How many per cent are one person."""
    return 100 * sum(pair.same for pair in found) / max(1, len(found))


def _part(found: Iterable[Pair], wanted: list[Pair]) -> float:
    """How many per cent of the wanted are among the found."""
    numbers = {pair.stored.ref for pair in found}
    return 100 * sum(pair.stored.ref in numbers for pair in wanted) / len(wanted)


def _alarms(labelled: list[Pair], share: float) -> float:
    """How many per cent of the other people are mentioned when somebody is typed.

    The same names come again there.
    """
    typed = _of(labelled, "strangers")[: max(1, round(NEW * share))]
    mentioned = sum(
        len(duplicates(p.typed, (o.stored for o in labelled if o is not p), p.city)) for p in typed
    )
    return 100 * mentioned / len(typed) / (len(labelled) - 1)


def _milliseconds(labelled: list[Pair]) -> float:
    started = time.perf_counter()
    for _ in range(ROUNDS):
        for pair in labelled:
            duplicates(pair.typed, [pair.stored], pair.city)
    return (time.perf_counter() - started) * 1000 / ROUNDS / len(labelled)
