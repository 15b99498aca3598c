"""What a contact or negotiation will be that waits in the journal.

It waits there while the CRM does not have it.
"""

from __future__ import annotations

from collections.abc import Mapping

from widget.brazil import cells, meaning
from widget.domain.model import Contact, Kind, Negotiation, Ref, Status

# In the order in which a phone is most useful to somebody who chats.
PHONES = ("whatsapp", "mobile", "work_phone", "home_phone")


def kept_contact(ref: Ref, fields: Mapping[str, str]) -> Contact:
    """The contact that these fields of a write will make."""
    phones = (fields.get(name, "") for name in PHONES)
    email = fields.get("email", "")
    return Contact(
        ref=ref,
        kind=Kind.LEAD,
        name=meaning.line(fields.get("name", "")),
        document=fields.get("document", ""),
        phones=tuple(dict.fromkeys(filter(None, phones))),
        emails=cells.emails_in(email) or tuple(email.split()),
        owner_id=fields.get("owner", ""),
        branch_id=fields.get("branch", ""),
        city_id=fields.get("city", ""),
        channel_id=fields.get("channel", ""),
        created_at=fields.get("created", ""),
    )


def kept_negotiation(number: str, fields: Mapping[str, str]) -> Negotiation:
    """The negotiation that these fields of a write will make."""
    return Negotiation(
        id=number,
        title=meaning.line(fields.get("title", "")),
        status=Status.OPEN,
        client_id=fields.get("client", ""),
        lead_id=fields.get("lead", ""),
        plan_id=fields.get("plan", ""),
        funnel_id=fields.get("funnel", ""),
        stage_id=fields.get("stage", ""),
        owner_id=fields.get("owner", ""),
        branch_id=fields.get("branch", ""),
        city_id=fields.get("city", ""),
        monthly=meaning.amount(fields.get("monthly", "")),
        started=fields.get("started", ""),
        remarks=fields.get("remarks", ""),
    )
