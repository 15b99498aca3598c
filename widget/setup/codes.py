"""What a code on a screen means, and what the diagnosis says where it comes from."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from widget.diagnosis.findings import KNOWN
from widget.diagnosis.known import Known, Verdict
from widget.domain.errors import VinculoError
from widget.privacy import dossier
from widget.setup import guard

# Those of the set-up pages alone are declared where they are raised.
ON_SCREENS = {"widget.domain.errors", "widget.domain.trouble", dossier.__name__, guard.__name__}


@dataclass(frozen=True)
class Meaning:
    """A code, with what people read and what support needs to know.

    The findings that lead to it come with it, by their names.
    """

    code: str
    sentence: str
    advice: str
    role: str
    findings: Mapping[str, Known]


def meanings() -> dict[str, Meaning]:
    """Every code that a screen may show, in order."""
    found = {kind.code: kind for kind in _kinds(VinculoError) if kind.__module__ in ON_SCREENS}
    return {code: _meaning(kind) for code, kind in sorted(found.items())}


def _meaning(kind: type[VinculoError]) -> Meaning:
    leading = {
        slug: known
        for slug, known in KNOWN.items()
        if known.code == kind.code and known.verdict in {Verdict.FAILING, Verdict.WARNING}
    }
    role = (kind.__doc__ or "").partition("\n")[0].partition(";")[0].rstrip(".") + "."
    return Meaning(kind.code, kind.sentence, kind.advice, role, leading)


def _kinds(kind: type[VinculoError]) -> Iterator[type[VinculoError]]:
    """The kinds of error, the narrower first.

    Of those that share a code, the one that gave it its name comes last and stays.
    """
    for narrower in kind.__subclasses__():
        yield from _kinds(narrower)
    yield kind
