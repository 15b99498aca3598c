"""Finds the documents and phones in the free fields of a console."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from widget.brazil import cells, documents, phones
from widget.brazil.documents import DocumentKind
from widget.brazil.names import PARTICLES, fold
from widget.brazil.phones import Phone, PhoneKind

MOST_FIELDS = 2000
DEEPEST = 6
LONGEST_NAME = 200
LONGEST_TEXT = 1000
LONGEST_PHONE = 12  # digits, but for those that are known to exist
# A number that became an integer lost the zeros before it: one of ten documents one, of a hundred
# two.
LOST = 2
LOST_OF_NAMED = 3  # when the field's name says which document it is

_NAMES_DOCUMENT = frozenset(
    {"cpf", "cnpj", "documento", "documentos", "document", "doc", "docs", "docto", "taxid"}
)
_NAMES_PHONE = frozenset(
    {
        "telefone",
        "telefones",
        "fone",
        "phone",
        "celular",
        "cel",
        "whatsapp",
        "whats",
        "wpp",
        "zap",
        "mobile",
        "tel",
    }
    | {"telephone", "jid", "waid", "wa", "pn", "msisdn"}
)
# What may stand beside such a word without making it somebody else's.
_NEUTRAL = PARTICLES | frozenset(
    {
        "numero",
        "num",
        "nr",
        "no",
        "n",
        "number",
        "valor",
        "value",
        "ou",
        "or",
        "of",
        "the",
        "br",
        "brasil",
        "tax",
    }
    | {
        "cliente",
        "client",
        "customer",
        "titular",
        "assinante",
        "contratante",
        "consumidor",
        "usuario",
        "user",
        "lead",
    }
    | {
        "contato",
        "contact",
        "pessoa",
        "person",
        "fisica",
        "juridica",
        "empresa",
        "company",
        "firma",
        "loja",
        "my",
    }
    | {
        "fiscal",
        "federal",
        "principal",
        "cadastro",
        "dado",
        "dados",
        "campo",
        "field",
        "custom",
        "attribute",
        "seu",
    }
    | {
        "informado",
        "digitado",
        "confirmado",
        "validado",
        "valido",
        "atual",
        "completo",
        "so",
        "somente",
        "apenas",
    }
    | {
        "numeros",
        "digitos",
        "sem",
        "com",
        "pontos",
        "mascara",
        "rg",
        "ie",
        "remote",
        "sender",
        "source",
        "alt",
    }
    | {"residencial", "comercial", "home", "work", "meu", "adicional", "additional", "attributes"}
)
# Whose it is then is another question than who writes.
_SOMEBODY_ELSE = frozenset(
    {
        "conjuge",
        "esposa",
        "esposo",
        "marido",
        "mulher",
        "companheiro",
        "companheira",
        "mae",
        "pai",
        "pais",
        "filho",
    }
    | {
        "filha",
        "irmao",
        "irma",
        "avo",
        "parente",
        "amigo",
        "amiga",
        "vizinho",
        "vizinha",
        "recado",
        "outro",
        "outra",
    }
    | {
        "vendedor",
        "vendedora",
        "atendente",
        "agente",
        "agent",
        "assignee",
        "consultor",
        "consultora",
        "operador",
    }
    | {
        "operadora",
        "tecnico",
        "instalador",
        "gerente",
        "supervisor",
        "funcionario",
        "colaborador",
        "provedor",
    }
    | {
        "indicado",
        "indicada",
        "indicador",
        "indicacao",
        "indicou",
        "referencia",
        "fiador",
        "avalista",
        "procurador",
    }
    | {
        "contador",
        "contadora",
        "contabilidade",
        "fornecedor",
        "parceiro",
        "revenda",
        "revendedor",
        "dependente",
    }
    | {
        "testemunha",
        "representante",
        "terceiro",
        "terceiros",
        "antigo",
        "antiga",
        "anterior",
        "old",
        "previous",
    }
    | {
        "spouse",
        "wife",
        "husband",
        "mother",
        "father",
        "son",
        "daughter",
        "friend",
        "seller",
        "owner",
        "partner",
    }
)
_INNER = re.compile(
    r"(documentos?|cnpj|cpf|telefone|celular|whatsapp|(?<!tele)fone|(?<!tele)phone)"
)
_WRITTEN = re.compile(
    r"(?<!\w)(?:\d{3}[. ]\d{3}[. ]\d{3}[-. ]?\d{2}|\d{9}-\d{2}|\d{11}|[0-9A-Z]{12}\d{2}"
    r"|[0-9A-Z]{2}[. ][0-9A-Z]{3}[. ][0-9A-Z]{3}[/ ]?[0-9A-Z]{4}[- ]?\d{2})(?!\w)",
    re.ASCII | re.IGNORECASE,
)
_WHATSAPP = ("@s.whatsapp.net", "@c.us")


@dataclass(frozen=True)
class Clue:
    """A document or phone that was told.

    ``is_guess``: not where a console, or the house, surely keeps it.
    """

    value: str
    is_guess: bool = False


@dataclass(frozen=True)
class Field:
    """A free field of the console: its name, with the names around it, and its text."""

    name: str
    text: str

    @property
    def words(self) -> frozenset[str]:
        """Returns the folded words of the name.

        ``cpfDoTitular``, ``cpf_do_titular`` and ``CPF do titular`` give the same words.
        """
        return _words(self.name)

    def verdict(self, kinds: frozenset[str]) -> bool | None:
        """Tells by the name whether the value is the person's own.

        True means yes, False means a guess, None means no.
        """
        words = self.words
        if not words & kinds or words & _SOMEBODY_ELSE:
            return None
        return words <= kinds | _NEUTRAL


def fields(told: object) -> list[Field]:
    """Returns the fields in what a console keeps beside its own data.

    Texts and whole numbers count, also those in lists and groups.
    """
    found: list[Field] = []
    waiting: deque[tuple[str, object, int]] = deque([("", told, 0)])
    while waiting and len(found) < MOST_FIELDS:
        name, value, depth = waiting.popleft()
        inner = _inner(name, value)
        if inner is None:
            found += [Field(name, text)] if (text := _text(value)) and name else []
        elif depth < DEEPEST:
            waiting += [(name, value, depth + 1) for name, value in inner[:MOST_FIELDS]]
    return found


def documents_in(told: Iterable[Field]) -> Iterator[Clue]:
    """The documents under every name that means one, right by their check digits."""
    for field in told:
        is_own = field.verdict(_NAMES_DOCUMENT)
        if is_own is None:
            continue
        numbers = _documents(field)
        for number in numbers:
            yield Clue(number, not is_own or _several_of_a_kind(numbers))


def phones_in(told: Iterable[Field]) -> Iterator[Clue]:
    """The phones under every name that means one."""
    for field in told:
        is_own = field.verdict(_NAMES_PHONE)
        if is_own is not None and is_phone(field.text):
            yield Clue(field.text, not is_own)


def document_in_words(text: str) -> str:
    """The document in a text that says itself that it holds one: ``cpf:390.533.447-05``.

    "" for none.
    """
    words = _words(text)
    said = bool(words & {"cpf", "cnpj"}) and not words & _SOMEBODY_ELSE
    numbers = _documents(Field(text, text)) if said else []
    return numbers[0] if len(numbers) == 1 else ""


def phone_in(text: str) -> str:
    """The phone in a text that is none itself, such as a name; "" for none."""
    phone = cells.first_phone(text) if is_phone(text) else None
    return phone.national if phone else ""


def is_phone(text: str) -> bool:
    """Whether a person can be called or written to by this; a hidden id of WhatsApp is no phone."""
    return bool(_own_phones(text)) and not is_hidden(text)


def is_whatsapp(text: str) -> bool:
    """Whether this is WhatsApp's own name for a phone."""
    return text.strip().casefold().endswith(_WHATSAPP) and is_phone(text)


def is_lid_of(identifier: str, number: str) -> bool:
    """Whether the identifier names this number as a hidden one (a LID).

    Such a number may look like a phone.
    """
    name, _, place = identifier.strip().casefold().partition("@")
    return place == "lid" and re.sub(r"\D", "", name.partition(":")[0]) == re.sub(r"\D", "", number)


def is_hidden(text: str) -> bool:
    """Whether the text looks like a LID, the hidden name of a person in WhatsApp.

    It is so long that it counts as a phone only if such a phone surely exists.
    """
    if "@" in text and not text.strip().casefold().endswith(_WHATSAPP):
        return True
    is_long = len(re.sub(r"\D", "", text.partition("@")[0].partition(":")[0])) > LONGEST_PHONE
    return is_long and not any(map(_exists, _own_phones(text)))


def _own_phones(text: str) -> list[Phone]:
    return [phone for phone in cells.whole_phones([text]) if phone.kind is not PhoneKind.SERVICE]


def _exists(phone: Phone) -> bool:
    """Whether there is such a number; of another country's that must be looked up."""
    return phone.kind is not PhoneKind.FOREIGN or phones.problem(phone.digits) is None


def _inner(name: str, value: object) -> list[tuple[str, object]] | None:
    if isinstance(value, dict):
        return [(f"{name} {key}".strip()[-LONGEST_NAME:], inner) for key, inner in value.items()]
    if isinstance(value, (list, tuple)):
        return [(name, inner) for inner in value]
    return None


def _text(value: object) -> str:
    """A text or a whole number; a longer text by its beginning."""
    if isinstance(value, float) and value.is_integer() and 0 < value < 1e15:
        return str(int(value))
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value) if 0 < value < 10**15 else ""
    return value[:LONGEST_TEXT].strip() if isinstance(value, str) else ""


def _words(text: str) -> frozenset[str]:
    spaced = re.sub(r"(?<=[^\W_A-Z])(?=[A-Z])", " ", text[:LONGEST_NAME])
    parted = _INNER.sub(r" \1 ", re.sub(r"[^a-z]+", " ", fold(spaced)))
    words = _together(parted).split()
    return frozenset(
        re.sub(r"^(?:d[aeo]s?)(?=\w{4})", "", word) if word not in _KNOWN else word
        for word in words
    )


def _together(words: str) -> str:
    """With the names that are written as one word or as two written as one."""
    return re.sub(r"\b(tax|wa) (id)\b|\b(whats) (app)\b", r"\1\2\3\4", words)


_KNOWN = _NAMES_DOCUMENT | _NAMES_PHONE | _NEUTRAL | _SOMEBODY_ELSE


def _documents(field: Field) -> list[str]:
    """Returns the documents in a field.

    The whole text is taken when it is a document. Otherwise the documents among its words are.
    """
    text = re.sub(r"(?<=\d)\.0+$", "", field.text)
    if documents.find(text):
        return [text]
    if _words(text) & _SOMEBODY_ELSE:
        return []
    written = [found[0] for found in _WRITTEN.finditer(text) if documents.find(found[0])]
    return list(dict.fromkeys(written)) or _with_zeros(field, re.findall(r"\d+", text, re.ASCII))


def _with_zeros(field: Field, runs: list[str]) -> list[str]:
    """The one number in a text with the zeros that it lost, if that makes a document of it."""
    if len(runs) != 1:
        return []
    says = field.words | _words(field.text)
    named = {kind for kind in DocumentKind if kind.value in says}
    for kind in DocumentKind:
        lost = kind.length - len(runs[0])
        most = LOST_OF_NAMED if named == {kind} else LOST
        whole = runs[0].zfill(kind.length)
        if kind in (named or DocumentKind) and 0 < lost <= most and documents.find(whole):
            return [whole]
    return []


def _several_of_a_kind(numbers: list[str]) -> bool:
    """Whether a text names two people, or two firms; which one is meant cannot be told."""
    kinds = [found.kind for number in numbers if (found := documents.find(number))]
    return len(set(kinds)) < len(kinds)
