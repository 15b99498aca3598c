"""Chatwoot and its rebrands: what their dashboard-app context tells.

Reference: facts of the consoles, 1.4 and 1.5.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping, Sequence
from typing import Any

from widget.brazil import clues
from widget.brazil.clues import Clue, Field
from widget.brazil.documents import find
from widget.brazil.phones import compare
from widget.consoles.claims import make_start, start_of
from widget.consoles.port import SCRIPTS, Opening, Option, Start
from widget.domain import errors
from widget.domain.model import Attendant, Conversation, Person
from widget.domain.texts import mark

DOCUMENT_ATTRIBUTES = ("cpf", "cnpj", "cpf_cnpj", "documento", "document")
LONGEST = 200
LONGEST_DOCUMENT = 40
LONGEST_NUMBER = 64  # bits; Python refuses to write out the longest ones


class Chatwoot:
    """Context comes unsigned by postMessage.

    The attendant is proven by a personal start token only, or pairs.
    """

    name = "chatwoot"
    label = "Chatwoot"
    account_hint = mark("Em Chatwoot, o número depois de /accounts/ no endereço.")
    methods: Sequence[str] = ("GET",)
    script = SCRIPTS / "chatwoot.js"
    script_sources: Sequence[str] = ()
    wait_seconds = 8
    options: Sequence[Option] = (
        Option(
            "message",
            mark("Mensagem com que o painel pede o contexto"),
            mark("Só muda em versões de outra marca; em branco vale a de Chatwoot."),
            "chatwoot-dashboard-app:fetch-info",
        ),
    )

    def start(self, opening: Opening) -> Start:
        """Reads the start token in the registered address."""
        return start_of(opening.values.get("start", ""), opening.key, self.name, opening.now)

    def address(self, panel: str, account: str, key: str) -> str:
        """The same address for every attendant, who is then paired."""
        return f"{panel}?start={make_start(key, self.name, account)}"

    def page_data(self, start: Start, options: Mapping[str, str]) -> Mapping[str, str]:
        """What the script says to ask for the context."""
        return {"ask": options["message"]}

    def conversation(self, start: Start, context: Mapping[str, Any]) -> Conversation:
        """Reads ``{conversation, contact, currentAgent}``.

        The mobile app writes ``current_agent`` instead.
        """
        thread = _mapping(context.get("conversation"))
        number = _text(thread.get("id"))
        if not number:
            raise errors.NotFound("no conversation in the context")
        meta = _mapping(thread.get("meta"))
        contact, sender = _mapping(context.get("contact")), _mapping(meta.get("sender"))
        if not any(contact.values()) or _text(sender.get("id")) not in {
            "",
            _text(contact.get("id")),
        }:
            contact = sender  # not loaded yet, or still of another conversation
        return Conversation(
            host=self.name,
            account=start.account,
            id=number,
            person=_person(contact, thread),
            attendant=_attendant(
                _mapping(context.get("currentAgent") or context.get("current_agent"))
            ),
            channel=_text(meta.get("channel")).removeprefix("Channel::").lower(),
        )


def _person(contact: Mapping[str, Any], thread: Mapping[str, Any]) -> Person:
    own, talks = clues.fields(_free(contact)), clues.fields(_free(thread))
    documents = _documents(contact, own, talks)
    phones = _phones(contact, [*own, *talks])
    return Person(
        id=_text(contact.get("id")),
        name=_text(contact.get("name")),
        phones=tuple(phones),
        emails=_known(contact.get("email")),
        documents=tuple(documents),
        guessed=tuple(value for value, is_guess in (phones | documents).items() if is_guess),
    )


def _free(record: Mapping[str, Any]) -> list[object]:
    """The fields of a contact or a conversation that the house names itself."""
    return [record.get("custom_attributes"), record.get("additional_attributes")]


def _documents(contact: Mapping[str, Any], own: list[Field], talks: list[Field]) -> dict[str, bool]:
    """The documents that were told, and whether each is a guess.

    A person has one: who comes with a second one, in the conversation or in another field, may ask
    for somebody else.
    """
    identifier = _text(contact.get("identifier"))
    named = [
        clue
        for name in DOCUMENT_ATTRIBUTES
        for clue in clues.documents_in(f for f in own if f.name == name)
    ]
    told = [*named, *clues.documents_in(own)]
    said = identifier if find(identifier) else clues.document_in_words(identifier)
    told += [Clue(said)] if said else []
    told += clues.documents_in(talks)
    found: dict[str, bool] = {}
    for clue in told:
        known = {document.kind: document for document in map(find, found) if document}
        document = find(clue.value)
        if document and document not in map(find, found):
            found[clue.value] = clue.is_guess or document.kind in known
    # Also what is none, so that the attendant sees what was told.
    flawed = [
        f.text for f in own if f.name in DOCUMENT_ATTRIBUTES and not any(clues.documents_in([f]))
    ]
    return found | {
        text: False
        for text in _known(*flawed, "" if said else identifier)
        if _may_be_document(text)
    }


def _phones(contact: Mapping[str, Any], free: list[Field]) -> dict[str, bool]:
    """The phones that were told, and whether each is a guess.

    The free fields are asked where the own one has none.
    """
    number, identifier, name = (
        _text(contact.get(key)) for key in ("phone_number", "identifier", "name")
    )
    is_hidden = clues.is_hidden(number) or clues.is_lid_of(identifier, number)
    told = [Clue(number)] if clues.is_phone(number) and not is_hidden else []
    if clues.is_whatsapp(identifier):
        told.append(Clue(identifier))
    told = told or list(clues.phones_in(free))
    told = told or [
        Clue(clues.phone_in(text), is_guess=True)
        for text in (identifier, name)
        if clues.phone_in(text)
    ]
    found: dict[str, bool] = {}
    for clue in sorted(told, key=lambda clue: clue.is_guess):
        if not any(compare(clue.value, known) for known in found):
            found[clue.value] = clue.is_guess
    if not found and number and not is_hidden:
        found[number] = False  # no phone that we know, but what the attendant would look for
    return found


def _attendant(claimed: Mapping[str, Any]) -> Attendant:
    return Attendant(
        _text(claimed.get("id")), _text(claimed.get("name")), _text(claimed.get("email"))
    )


def _may_be_document(text: str) -> bool:
    """Whether a text in a document's own place may be a document with a mistake.

    Otherwise it is another system's name.
    """
    return len(text) <= LONGEST_DOCUMENT and "@" not in text and not clues.is_phone(text)


def _known(*values: object) -> tuple[str, ...]:
    return tuple(dict.fromkeys(filter(None, (_text(value) for value in values))))


def _mapping(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}


def _text(value: object) -> str:
    """Plain short text: numbers as they are written, anything else that is not text as nothing."""
    if isinstance(value, bool) or not isinstance(value, (str, int)):
        return ""
    if isinstance(value, int) and value.bit_length() > LONGEST_NUMBER:
        return ""
    visible = "".join(
        c for c in str(value)[: 4 * LONGEST] if unicodedata.category(c) not in {"Cc", "Cs"}
    )
    return visible.strip()[:LONGEST]
