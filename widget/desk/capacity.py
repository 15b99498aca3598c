"""Says before a save what the CRM would not keep of a text.

The text has too many characters, or some that the CRM cannot hold.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from widget.crm.port import Place
from widget.desk.services import Services
from widget.domain import errors
from widget.domain.model import State
from widget.domain.texts import gettext


@dataclass(frozen=True)
class Text:
    """What was typed, and where it will stand."""

    place: Place
    typed: str


def check(services: Services, key: str, texts: Mapping[str, Text]) -> None:
    """Raises Invalid with the reason at each field whose text the CRM would cut.

    A form that was accepted before is on its way already.
    """
    entry = services.journal.find(key)
    if entry is not None and entry.state is not State.REFUSED:
        return
    problems = {field: why for field, text in texts.items() if (why := problem(services, text))}
    if problems:
        raise errors.Invalid(problems)


def problem(services: Services, text: Text) -> str:
    """The sentence for the attendant, "" where the CRM keeps all of it as far as is known."""
    known = services.capacities.of(text.place.resource, text.place.column)
    spoiled = known.spoils(text.typed)
    if spoiled:
        return gettext("O CRM não guarda emojis neste campo: %(signs)s", signs=spoiled[:5])
    if known.excess(text.place.around + text.typed):
        most = known.longest - len(text.place.around)
        return (
            gettext("O CRM guarda no máximo %(most)s caracteres aqui.", most=most)
            if most > 0
            else _full()
        )
    size = len((text.place.around + text.typed).encode())
    is_huge = 0 < text.place.most_bytes < size
    return _full() if is_huge else ""


def left(services: Services, place: Place, most: int) -> int:
    """How many characters may be typed, ``most`` where the CRM is not known to hold less."""
    longest = services.capacities.of(place.resource, place.column).longest
    return min(most, max(0, longest - len(place.around))) if longest else most


def _full() -> str:
    return gettext("O CRM não tem mais espaço neste campo.")
