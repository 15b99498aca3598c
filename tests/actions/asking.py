"""A caller outside any conversation, and what it asks for.

A board, a rule or a webhook has such a caller.
"""

from flask import Flask

from tests.product import services_of
from widget.actions.action import Action, Asked, Subject
from widget.desk.callers import Caller
from widget.domain.model import Attendant, Freshness, Negotiation, Ref, Written
from widget.domain.permissions import ALL, Permission, Right

MARINA = Ref(Ref.LEAD, "1")
KEY = "k" * 22
# What each action is asked for, by its name.
VALUES: dict[str, dict[str, str]] = {
    "contact.create": {
        "name": "Quitéria Vasconcelos Prado",
        "document": "",
        "phone": "49 99145-7788",
        "email": "",
        "owner": "1",
        "branch": "1",
        "channel": "",
        "city": "",
    },
    "contact.update": {"owner": "2"},
    "contact.linked": {},
    "contact.unlinked": {},
    "negotiation.create": {
        "title": "Fibra 600",
        "plan": "",
        "funnel": "1",
        "stage": "1",
        "owner": "1",
        "city": "",
    },
    "negotiation.update": {
        "qualification": "4",
        "funnel": "1",
        "stage": "4",
        "status": "N",
        "loss_reason": "",
        "loss_remark": "",
    },
    "note.add": {"text": "Liga na sexta, depois das 14 h.", "owner": "1", "corrects": ""},
}


def caller(app: Flask, *, without: Permission | None = None) -> Caller:
    """Ana outside any conversation, with all permissions but one."""
    missing = {without} if without else set()
    right = Right(permissions=ALL - missing)
    return Caller(services_of(app), Attendant("1", "Ana Beatriz Lopes"), right, "chatwoot:1:1")


def deal(who: Caller, ref: Ref = MARINA) -> Negotiation:
    """The contact's first negotiation as the CRM has it now."""
    contact = who.contact_of(ref, Freshness.NOW).value
    return who.crm.negotiations.of(contact, Freshness.NOW).value[0]


def do(who: Caller, action: Action, key: str = KEY, **values: str) -> Written:
    """Does it to Marina's lead and its first negotiation, as they stand."""
    number, before = "", {"owner": who.contact_of(MARINA, Freshness.NOW).value.owner_id}
    if action.name == "negotiation.update":
        found = deal(who)
        number = found.id
        before = {"funnel": found.funnel_id, "stage": found.stage_id, "status": found.status.value}
    asked = Asked({**VALUES[action.name], **values}, key, before)
    return action(who, Subject(MARINA, number), asked)
