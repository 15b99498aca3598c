"""Which contact the person of a conversation is.

An attendant says it, and it is kept here, never in the CRM.
"""

from __future__ import annotations

from marshmallow import Schema

from widget.actions.action import Asked, Subject, action
from widget.desk.callers import Caller
from widget.domain.model import NOTHING, Written
from widget.domain.permissions import Permission
from widget.domain.texts import mark


class Nothing(Schema):
    """Linking asks nothing beside the contact."""


@action(
    "contact.linked",
    permission=Permission.LINK,
    schema=Nothing,
    label=mark("Vínculo"),
    past=mark("Vinculado à conversa pelo painel"),
    undone_by="contact.unlinked",
)
# It takes what all actions take.
def link(caller: Caller, subject: Subject, asked: Asked) -> Written:  # noqa: ARG001
    """From now on the conversation's person is the contact, in every panel."""
    caller.link(subject.ref)
    return NOTHING


@action(
    "contact.unlinked",
    permission=Permission.LINK,
    schema=Nothing,
    label=mark("Desvínculo"),
    past=mark("Desvinculado da conversa pelo painel"),
    undone_by="contact.linked",
)
# It takes what all actions take.
def unlink(caller: Caller, subject: Subject, asked: Asked) -> Written:  # noqa: ARG001
    """The conversation's person is not the contact; nothing changes in the CRM."""
    caller.unlink(subject.ref)
    return NOTHING
