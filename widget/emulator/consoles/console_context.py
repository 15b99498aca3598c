"""What Chatwoot tells a dashboard app of one conversation.

It has the shape of its store's records, over-sharing included.
"""

from typing import Any

from widget.emulator.consoles.conversations import ANA, RUI, Attendant, Message, Talk

Json = dict[str, Any]

# Definitions only, account-wide: the values stand in each contact's `custom_attributes`.
CUSTOM_ATTRIBUTES: list[Json] = [
    {
        "id": 1,
        "attribute_key": "cnpj",
        "attribute_display_name": "CNPJ",
        "attribute_display_type": "text",
        "attribute_model": "contact_attribute",
        "attribute_description": "",
        "attribute_values": [],
        "default_value": None,
        "regex_pattern": None,
    }
]

_INCOMING, _OUTGOING = 0, 1


def known(talk: Talk, account: int, now: int) -> Json:
    """What `appContext` says of one conversation.

    `late`: the first telling is to be without the contact.
    """
    return {
        "late": talk.contact == "late",
        "contact": {} if talk.contact == "missing" else person(talk, now),
        "conversation": conversation(talk, account, now),
    }


def agent(attendant: Attendant) -> Json:
    """Exactly the three fields that `currentAgent` has."""
    return {
        "id": attendant.id,
        "name": attendant.name,
        "email": attendant.email,
    }


def person(talk: Talk, now: int) -> Json:
    return {
        "id": 1000 + talk.id,
        "name": talk.name,
        "email": talk.email,
        "phone_number": talk.phone,
        "identifier": None,
        "thumbnail": "",
        "blocked": False,
        "availability_status": "offline",
        "additional_attributes": {},
        "custom_attributes": dict(talk.attributes),
        "last_activity_at": now - 60 * talk.messages[-1].minutes,
        "created_at": now - 60 * talk.messages[0].minutes,
    }


def conversation(talk: Talk, account: int, now: int) -> Json:
    first, last = talk.messages[0], talk.messages[-1]
    return {
        "id": talk.id,
        "uuid": f"00000000-0000-4000-8000-{talk.id:012d}",
        "account_id": account,
        "inbox_id": talk.inbox.id,
        "meta": _meta(talk, now),
        "status": "open",
        "priority": None,
        "labels": [],
        "messages": [_message(talk, number, account, now) for number in range(len(talk.messages))],
        "additional_attributes": {},
        "custom_attributes": {},
        "can_reply": True,
        "muted": False,
        "snoozed_until": None,
        "unread_count": talk.unread,
        "created_at": now - 60 * first.minutes,
        "timestamp": now - 60 * last.minutes,
        "last_activity_at": now - 60 * last.minutes,
        "waiting_since": now - 60 * last.minutes if last.by == "person" else 0,
    }


def _meta(talk: Talk, now: int) -> Json:
    return {
        "sender": person(talk, now),
        "channel": talk.inbox.channel,
        "assignee": agent(_assignee(talk)),
        "assignee_type": "User",
        "team": None,
        "hmac_verified": False,
    }


def _assignee(talk: Talk) -> Attendant:
    answered = [message.author for message in talk.messages if message.by == "attendant"]
    return RUI if RUI in answered else ANA


def _message(talk: Talk, number: int, account: int, now: int) -> Json:
    message = talk.messages[number]
    return {
        "id": talk.id * 1000 + number,
        "account_id": account,
        "inbox_id": talk.inbox.id,
        "conversation_id": talk.id,
        "content": message.text,
        "content_type": "text",
        "content_attributes": {},
        "message_type": _INCOMING if message.by == "person" else _OUTGOING,
        "private": message.by == "note",
        "status": "read",
        "created_at": now - 60 * message.minutes,
        "sender_type": "Contact" if message.author is None else "User",
        "sender": _sender(talk, message),
    }


def _sender(talk: Talk, message: Message) -> Json:
    if message.author is not None:
        return agent(message.author) | {"type": "user"}
    return {
        "id": 1000 + talk.id,
        "name": talk.name,
        "type": "contact",
    }
