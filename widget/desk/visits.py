"""A visit: a caller inside a conversation, with the contact that its panel shows."""

from __future__ import annotations

from dataclasses import dataclass, replace

from flask import g

from widget.desk.callers import Caller
from widget.desk.services import Services
from widget.domain import errors
from widget.domain.model import Contact, Conversation, Fetched, Freshness, Origin, Ref
from widget.domain.permissions import Permission, Right


@dataclass(frozen=True)
class Visit(Caller):
    """One attendant's request inside one conversation.

    ``pairing`` is that of the browser, "" where the console proves the attendant.
    """

    conversation: Conversation
    pairing: str = ""

    @classmethod
    def of(
        cls, services: Services, conversation: Conversation, right: Right, pairing: str = ""
    ) -> Visit:
        """Returns the visit of the conversation's attendant."""
        attendant = conversation.attendant
        key = f"{conversation.host}:{conversation.account}:{attendant.id}"
        return cls(services, attendant, right, key, conversation, pairing)

    def ref(self) -> Ref:
        """The contact that this conversation's panel shows; raises NotFound when it shows none."""
        ref = self.shown()
        if ref is None:
            raise errors.NotFound("this conversation shows no contact")
        return ref

    def shown(self) -> Ref | None:
        """The contact that this conversation's panel shows, if any.

        It is named by its number as soon as it has one.
        """
        ref = self.services.shared.conversations.shown(self.conversation)
        return self.services.journal.resolve(ref) if ref else None

    def same(self, form_contact: str) -> Ref:
        """The contact, if it is still the one that the form was drawn for.

        Raises Stale when it is not.
        """
        ref = self.unchanged(form_contact)
        if ref is None:
            raise errors.Stale("a form for nobody")
        return ref

    def unchanged(self, form_contact: str) -> Ref | None:
        """What the panel shows, if it is still that for which the form was drawn.

        That is the contact, or nobody. Raises Stale when the panel shows something else.
        """
        ref, drawn = self.shown(), Ref.parse(form_contact)
        if str(ref or "") != (str(self.services.journal.resolve(drawn)) if drawn else form_contact):
            raise errors.Stale(
                f"form for {form_contact or 'nobody'}, panel shows {ref or 'nobody'}"
            )
        return ref

    def link(self, ref: Ref) -> None:
        """From now on this conversation's person is the contact, in every panel."""
        self._seal("linked", ref)
        self.services.links.link(self.conversation.person_key, ref, self.attendant.name)

    def unlink(self, ref: Ref) -> None:
        """This person is not that contact."""
        self._seal("unlinked", ref)
        self.services.links.deny(self.conversation.person_key, ref, self.attendant.name)

    def _seal(self, event: str, ref: Ref) -> None:
        origin = Origin(self.conversation.key, self.attendant, str(ref), f"contact.{event}")
        self.services.ledger.append(
            event, origin, key="", facts={"person": self.conversation.person_key}
        )

    @property
    def is_on_whatsapp(self) -> bool:
        """Tells whether the person writes through WhatsApp."""
        return "whatsapp" in self.conversation.channel

    def contact(self, freshness: Freshness = Freshness.RECENT) -> Fetched[Contact]:
        """Returns the contact that the panel shows.

        Raises NotFound when the CRM has it no longer.
        """
        return self.contact_of(self.ref(), freshness)

    def welcome(self, contact: Ref) -> None:
        """Links the conversation's person to the contact that is being created.

        It is linked once, however often the form is saved.
        """
        held = self.services.links.of(self.conversation.person_key)
        resolve = self.services.journal.resolve
        if held is None or resolve(held.ref) != resolve(contact):
            self.link(contact)

    def origin(
        self,
        action: str,
        summary: str = "",
        *,
        contact: Contact | None = None,
        negotiation: str = "",
    ) -> Origin:
        """Returns where a write comes from.

        That includes the conversation, and who had linked its person.
        """
        found = super().origin(action, summary, contact=contact, negotiation=negotiation)
        link = self.services.links.of(self.conversation.person_key)
        return replace(
            found,
            conversation=self.conversation.key,
            link=f"{link.ref} {link.by} {link.at:.0f}" if link else "",
        )


def admit(found: Services, conversation: Conversation, pairing: str = "") -> Visit:
    """The attendant's visit, with what the department allows.

    Raises Forbidden for who may see nothing.
    """
    if conversation.integration != found.id:
        raise errors.Unauthorised("a conversation of another integration")
    right = found.shared.attendants.right(conversation)
    if found.integration.departments and right.department not in found.integration.departments:
        right = replace(right, permissions=right.permissions - {Permission.LINK})
    guest = Visit.of(found, conversation, right, pairing)
    guest.need(Permission.SEE)
    return guest


def visit() -> Visit:
    """The visit of this request; it was admitted before the view began."""
    found: Visit = g.visit
    return found
