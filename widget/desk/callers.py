"""A caller: who asks, with which rights, served by which integration.

That is enough for a page, a hook or a rule.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import partial

from widget.crm.port import CRM
from widget.desk.kept import kept_contact, kept_negotiation
from widget.desk.services import Services
from widget.domain import errors
from widget.domain.model import (
    Attendant,
    Contact,
    Fetched,
    Freshness,
    Negotiation,
    Origin,
    Ref,
    State,
    Status,
    nothing,
)
from widget.domain.permissions import LABELS, Permission, Right

HOUR = 3600.0
# So often a record is read for a form while changes of ours land in it.
LANDINGS = 3


@dataclass(frozen=True)
class Caller:
    """One attendant, or what acts in an attendant's name, with the services of one integration.

    ``key`` names the attendant wherever something is remembered of them.
    """

    services: Services
    attendant: Attendant
    right: Right
    key: str

    def may(self, permission: Permission) -> bool:
        """Whether the attendant's department allows it."""
        return permission in self.right.permissions

    def count(self, what: str, times: int = 1) -> None:
        """Counts a look-up.

        Raises TooMany: a context that is made up would tell the customers by their phones.
        """
        most = self.services.shared.settings.lookups_per_hour * times
        try:
            wait = self.services.shared.limits.take(
                what, self.key, most, HOUR, ahead=most // 100 or 1
            )
        except errors.StorageFailed:
            return  # where nothing can be counted, nothing can be saved or revealed either
        if wait:
            raise errors.TooMany(f"{what}: {most} an hour")

    def need(self, permission: Permission | None) -> None:
        """Raises Forbidden when the attendant may not do this.

        What is not declared nobody may do.
        """
        if permission is None or not self.may(permission):
            raise errors.Forbidden(LABELS[permission] if permission else "", self.right.department)

    @property
    def crm(self) -> CRM:
        """The CRM's questions."""
        return self.services.crm

    def contact_of(self, ref: Ref, freshness: Freshness) -> Fetched[Contact]:
        """Returns the contact; raises NotFound when the CRM has it no longer."""
        found = self.find(ref, freshness)
        if found.value is None:
            raise errors.NotFound(f"{ref} is not in the CRM")
        return Fetched(found.value, found.at, found.stale, found.trouble)

    def find(self, ref: Ref, freshness: Freshness) -> Fetched[Contact | None]:
        """The contact as the CRM has it, or, of one that waits in the journal, as it will be."""
        ref = self.services.journal.resolve(ref)
        if ref.source != Ref.NEW:
            return self._read(ref, freshness)
        entry = self.services.journal.find(ref.id)
        is_there = entry is not None and not (entry.state is State.REFUSED and entry.seen)
        kept = kept_contact(ref, entry.work["record"]) if entry and is_there else None
        return Fetched(kept, self.services.shared.clock())

    def _read(self, ref: Ref, freshness: Freshness) -> Fetched[Contact | None]:
        """The record.

        Where any age will do, or the CRM fails, what the index keeps of it stands in.
        """
        people, known = self.crm.people, self.crm.index.one(ref)
        if known is None or freshness is Freshness.NOW:
            return people.one(ref, freshness)
        if freshness is Freshness.ANY:
            kept = people.one(ref, Freshness.KNOWN)
            return kept if kept.at >= known.at else known
        try:
            return people.one(ref, freshness)
        except errors.CRMError as error:
            return replace(known, trouble=error.code)

    def editable(
        self, subject: str, number: str, read: Callable[[], Mapping[str, str]]
    ) -> dict[str, str]:
        """The fields of a record as a form shows it.

        They are as they are in the CRM, with what open changes of ours will set in them. The record
        is read again while one of the changes lands, so that the form shows neither more nor less
        than it.
        """
        ahead = self.services.journal.ahead(subject, number)
        for _ in range(LANDINGS):
            record, before = read(), ahead
            ahead = self.services.journal.ahead(subject, number)
            if ahead == before:
                break
        return {
            **record,
            **ahead,
        }

    def negotiations(
        self, contact: Contact, freshness: Freshness
    ) -> Fetched[tuple[Negotiation, ...]]:
        """The contact's negotiations that the attendant may see.

        The attendant's department may show the attendant's own ones only.
        """
        found = self.crm.negotiations.of(contact, freshness)
        return replace(found, value=tuple(filter(self.sees, found.value)))

    def sees(self, negotiation: Negotiation) -> bool:
        """Whether the attendant may see the negotiation.

        The attendant sees their own ones and those of nobody, and anybody's where the department
        may.
        """
        return self.may(Permission.OTHERS) or negotiation.owner_id in {"", "0", self.owner_id()}

    def qualify(self, negotiation: str, value: str) -> None:
        """Keeps the qualification of a negotiation, for a CRM that has no column for it."""
        origin = self.origin("negotiation.qualify", value, negotiation=negotiation)
        self.services.ledger.append("qualified", origin, key="", facts={"value": value})
        self.services.qualifications.give(negotiation, value, self.attendant.name)

    def qualifying(self, negotiation: str, value: str) -> Callable[[], None]:
        """What is to be kept with a write that gives a qualification.

        Nothing where it stands already.
        """

        def keep() -> None:
            if value not in {"", self.services.qualifications.of(negotiation)}:
                self.qualify(negotiation, value)

        return keep

    def origin(
        self,
        action: str,
        summary: str = "",
        *,
        contact: Contact | None = None,
        negotiation: str = "",
    ) -> Origin:
        """Returns where a write comes from, and what it was typed against."""
        return Origin(
            "",
            self.attendant,
            str(contact.ref) if contact else "",
            action,
            summary=summary,
            negotiation=negotiation,
            version=contact.updated_at if contact else "",
        )

    @property
    def is_on_whatsapp(self) -> bool:
        """Tells whether the person writes through WhatsApp.

        A caller in no conversation cannot know.
        """
        return False

    def link(self, ref: Ref) -> None:
        """Links the person of the conversation; raises NotFound for a caller in none."""
        raise errors.NotFound(f"no conversation to link {ref} to")

    def unlink(self, ref: Ref) -> None:
        """Unlinks the person of the conversation; raises NotFound for a caller in none."""
        raise errors.NotFound(f"no conversation to unlink {ref} from")

    def welcome(self, contact: Ref) -> None:
        """Says that a contact is created for the person who writes.

        A caller in no conversation has no such person.
        """

    def has_accepted(self, key: str) -> bool:
        """Tells whether a write with this key went its way.

        A write that was refused is still being written.
        """
        entry = self.services.journal.find(key) if key else None
        return entry is not None and entry.state is not State.REFUSED

    def negotiation(self, contact: Contact, number: str) -> Negotiation:
        """Returns a negotiation of the contact, as it was read last where that will do.

        Raises NotFound where it is another contact's, Forbidden where the caller may not see it.
        """
        listed = self.negotiations(contact, Freshness.ANY).value
        found = next((each for each in listed if each.id == number), None)
        return found or self.negotiation_now(contact, number)

    def negotiation_now(self, contact: Contact, number: str) -> Negotiation:
        """Returns the negotiation as the CRM has it now; raises as `negotiation` does."""
        if not (number.isascii() and number.isdigit()):
            raise errors.NotFound(f"negotiation {number[:40]!r}")
        negotiation = self.crm.negotiations.one(number, Freshness.NOW)
        if not _belongs(negotiation, contact):
            raise errors.NotFound(f"negotiation {number} of another contact")
        if not self.sees(negotiation):
            self.need(Permission.OTHERS)
        return negotiation

    def editable_negotiation(self, contact: Contact, number: str) -> Negotiation:
        """Returns the negotiation as a form shows it, with what open changes of ours will set."""
        read: list[Negotiation] = []

        def fields() -> dict[str, str]:
            read.append(self.negotiation_now(contact, number))
            now = read[-1]
            return {
                "funnel": now.funnel_id,
                "stage": now.stage_id,
                "status": now.status.value,
                "loss_reason": now.loss_reason_id,
                "qualification": now.qualification,
            }

        shown = self.editable("negotiation", number, fields)
        return replace(
            read[-1],
            funnel_id=shown["funnel"],
            stage_id=shown["stage"],
            status=Status(shown["status"]),
            loss_reason_id=shown["loss_reason"],
            qualification=shown["qualification"],
        )

    def unsent(self, ref: Ref) -> list[tuple[Negotiation, State]]:
        """Returns the contact's negotiations that the CRM does not have yet, newest first.

        The id of each is that of a new Ref.
        """
        return [
            (kept_negotiation(entry.origin.negotiation, entry.work["record"]), entry.state)
            for entry in self.services.journal.of_contact(str(ref))
            if entry.is_open
            and entry.origin.action == "negotiation.create"
            and entry.key == entry.root
        ]

    def owner_id(self) -> str:
        """The attendant's employee number in the CRM, "" when there is none.

        It is the one that was chosen, else the one that the e-mail finds.
        """
        chosen = self.services.owners.find(self.key)
        return chosen or self.crm.lookups.owner_by_email(self.attendant.email)

    def remember_owner(self, owner_id: str) -> None:
        """From now on the attendant is this employee."""
        self.services.owners.choose(self.key, owner_id)

    def remembering(self, owner_id: str) -> Callable[[], None]:
        """What is to be kept with a write that names an owner.

        Nothing where it is known, or cannot be told, who it is.

        The CRM is asked now: nobody may wait for it inside a transaction.
        """
        try:
            is_known = self.owner_id() != ""
        except errors.CRMError:
            is_known = True
        return nothing if is_known else partial(self.remember_owner, owner_id)


def _belongs(negotiation: Negotiation, contact: Contact) -> bool:
    if contact.ref.source == Ref.CLIENT:
        return negotiation.client_id == contact.ref.id
    of_its_client = bool(contact.client_id) and negotiation.client_id == contact.client_id
    return negotiation.lead_id == contact.ref.id or of_its_client
