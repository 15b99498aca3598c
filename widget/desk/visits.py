"""The visit of one attendant to one conversation: who asks, what the department allows, which contact is shown."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import partial

from flask import g

from widget.crm.port import CRM
from widget.crm.wire import Freshness
from widget.desk.kept import kept_contact
from widget.desk.services import Services
from widget.domain import errors
from widget.domain.model import (
    Attendant,
    Contact,
    Conversation,
    Fetched,
    Negotiation,
    Origin,
    Ref,
    State,
)
from widget.domain.permissions import LABELS, Permission, Right
from widget.store.journal.entries import nothing

HOUR = 3600.0
# So often a record is read for a form while changes of ours land in it.
LANDINGS = 3


@dataclass(frozen=True)
class Visit:
    """One attendant's request inside one conversation: who, where, and which contact may be written to."""

    services: Services
    conversation: Conversation
    right: Right

    def may(self, permission: Permission) -> bool:
        """Whether the attendant's department allows it."""
        return permission in self.right.permissions

    def count(self, what: str, times: int = 1) -> None:
        """Counts a look-up.

        Raises TooMany: a context that is made up would tell the customers by their phones.
        """
        most = self.services.settings.lookups_per_hour * times
        try:
            wait = self.services.limits.take(
                what, self._attendant_key, most, HOUR, ahead=most // 100 or 1
            )
        except errors.StorageFailed:
            return  # where nothing can be counted, nothing can be saved or revealed either
        if wait:
            raise errors.TooMany(f"{what}: {most} an hour")

    def need(self, permission: Permission | None) -> None:
        """Raises Forbidden when the attendant may not do this; what is not declared nobody may do."""
        if permission is None or not self.may(permission):
            raise errors.Forbidden(LABELS[permission] if permission else "", self.right.department)

    @property
    def attendant(self) -> Attendant:
        """Who is asking."""
        return self.conversation.attendant

    @property
    def crm(self) -> CRM:
        """The CRM's questions."""
        return self.services.crm

    def ref(self) -> Ref:
        """The contact that this conversation's panel shows; raises NotFound when it shows none."""
        ref = self.shown()
        if ref is None:
            raise errors.NotFound("this conversation shows no contact")
        return ref

    def shown(self) -> Ref | None:
        """The contact that this conversation's panel shows, if any, by its number as soon as it has one."""
        ref = self.services.conversations.shown(self.conversation)
        return self.services.journal.resolve(ref) if ref else None

    def same(self, form_contact: str) -> Ref:
        """The contact, if it is still the one that the form was drawn for; raises Stale when not."""
        ref = self.unchanged(form_contact)
        if ref is None:
            raise errors.Stale("a form for nobody")
        return ref

    def unchanged(self, form_contact: str) -> Ref | None:
        """What the panel shows, if it is still the contact, or nobody, for whom the form was drawn; else Stale."""
        ref, drawn = self.shown(), Ref.parse(form_contact)
        if str(ref or "") != (str(self.services.journal.resolve(drawn)) if drawn else form_contact):
            raise errors.Stale(
                f"form for {form_contact or 'nobody'}, panel shows {ref or 'nobody'}"
            )
        return ref

    def contact(
        self, freshness: Freshness = Freshness.RECENT, ref: Ref | None = None
    ) -> Fetched[Contact]:
        """The contact that the panel shows, or the given one.

        Raises NotFound when the CRM has it no longer.
        """
        ref = ref or self.ref()
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
        return Fetched(kept, self.services.clock())

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
        """The fields of a record as a form shows it: as it is in the CRM, with what open changes of ours will set in it.

        It is read again while one of them lands, so that the form shows neither more nor less than it.
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
        """The contact's negotiations, of which the attendant's department may show its own ones only."""
        found = self.crm.negotiations.of(contact, freshness)
        return replace(found, value=tuple(filter(self.sees, found.value)))

    def sees(self, negotiation: Negotiation) -> bool:
        """Whether the attendant may see it: somebody's own, nobody's, or anybody's by the department."""
        return self.may(Permission.OTHERS) or negotiation.owner_id in {"", "0", self.owner_id()}

    def link(self, ref: Ref) -> None:
        """From now on this conversation's person is the contact, in every panel."""
        self._seal("linked", ref)
        self.services.links.link(self.conversation.person_key, ref, self.attendant.name)

    def link_new(self, ref: Ref) -> None:
        """The contact that this conversation's person is about to become.

        Once, however often it is saved.
        """
        held = self.services.links.of(self.conversation.person_key)
        if held is None or self.services.journal.resolve(held.ref) != self.services.journal.resolve(
            ref
        ):
            self.link(ref)

    def unlink(self, ref: Ref) -> None:
        """This person is not that contact."""
        self._seal("unlinked", ref)
        self.services.links.deny(self.conversation.person_key, ref, self.attendant.name)

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

    def _seal(self, event: str, ref: Ref) -> None:
        origin = Origin(self.conversation.key, self.attendant, str(ref), f"contact.{event}")
        self.services.ledger.append(
            event, origin, key="", facts={"person": self.conversation.person_key}
        )

    def origin(
        self,
        action: str,
        summary: str = "",
        *,
        contact: Contact | None = None,
        negotiation: str = "",
    ) -> Origin:
        """Where a write comes from, and what it was typed against."""
        link = self.services.links.of(self.conversation.person_key)
        return Origin(
            self.conversation.key,
            self.attendant,
            str(contact.ref) if contact else "",
            action,
            summary=summary,
            negotiation=negotiation,
            link=f"{link.ref} {link.by} {link.at:.0f}" if link else "",
            version=contact.updated_at if contact else "",
        )

    def owner_id(self) -> str:
        """The attendant's employee number in the CRM: as chosen, else by e-mail, "" when there is none."""
        chosen = self.services.owners.find(self._attendant_key)
        return chosen or self.crm.lookups.owner_by_email(self.attendant.email)

    def remember_owner(self, owner_id: str) -> None:
        """From now on the attendant is this employee."""
        self.services.owners.choose(self._attendant_key, owner_id)

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

    @property
    def _attendant_key(self) -> str:
        return f"{self.conversation.host}:{self.conversation.account}:{self.attendant.id}"


def admit(found: Services, conversation: Conversation) -> Visit:
    """The attendant's visit, with what the department allows.

    Raises Forbidden for who may see nothing.
    """
    if conversation.integration != found.id:
        raise errors.Unauthorised("a conversation of another integration")
    right = found.attendants.right(conversation)
    if found.linkers and right.department not in found.linkers:
        right = replace(right, permissions=right.permissions - {Permission.LINK})
    guest = Visit(found, conversation, right)
    guest.need(Permission.SEE)
    return guest


def visit() -> Visit:
    """The visit of this request; it was admitted before the view began."""
    found: Visit = g.visit
    return found
