"""Personal data in clear, only when somebody asks, and only for a while.

It is sealed in the ledger before it is shown.
"""

from __future__ import annotations

from collections.abc import Iterable

from widget.brazil.masks import DOCUMENT, EMAIL, PHONE
from widget.desk.visits import Visit
from widget.domain.model import Contact, Origin, Ref
from widget.domain.permissions import Permission
from widget.store.ledger.ledger import REVEALED


def may(visit: Visit) -> bool:
    """Whether the attendant may see anybody's data in clear at all."""
    return visit.may(Permission.REVEAL)


def kinds_of(contact: Contact) -> frozenset[str]:
    """What of the contact is masked."""
    values = {
        DOCUMENT: contact.document,
        PHONE: contact.phones,
        EMAIL: contact.emails,
    }
    return frozenset(kind for kind, value in values.items() if value)


def shown(visit: Visit, ref: Ref) -> dict[str, float]:
    """The kinds that this attendant sees in clear in this conversation.

    Each comes with the time when it is hidden again.
    """
    return visit.services.revealed.of(visit.conversation, ref) if may(visit) else {}


def reveal(visit: Visit, ref: Ref, kinds: Iterable[str]) -> None:
    """From now on these kinds are in clear.

    The ledger names them, and who wanted to see them of whom.

    What could not be sealed is not revealed. What is in clear already is sealed only once, and
    lasts no longer.
    """
    wanted = set(kinds)
    visit.need(Permission.REVEAL)
    new = sorted(wanted - visit.services.revealed.of(visit.conversation, ref).keys())
    if new:
        origin = Origin(visit.conversation.key, visit.attendant, str(ref), f"contact.{REVEALED}")
        visit.services.ledger.append(REVEALED, origin, key="", facts={"kinds": ", ".join(new)})
        visit.services.revealed.keep(visit.conversation, ref, new)


def hide(visit: Visit, ref: Ref) -> None:
    """Nothing of the contact is in clear any more."""
    visit.services.revealed.hide(visit.conversation, ref)
