"""How values look: Jinja filters for ages, dates, money, masks and reasons."""

from __future__ import annotations

import math
from collections.abc import Callable
from datetime import date, datetime

from babel.dates import format_date, format_time
from babel.numbers import format_decimal
from markupsafe import Markup, escape

from widget.brazil import cells, masks, meaning
from widget.brazil.names import fold
from widget.brazil.phones import PhoneKind, with_nine
from widget.domain.model import Certainty, Kind, Reason, State, Status
from widget.domain.texts import gettext, mark, ngettext, spoken

KINDS = {
    Kind.LEAD: mark("Lead"),
    Kind.PROSPECT: mark("Prospecção"),
    Kind.CUSTOMER: mark("Cliente"),
}
STATUSES = {
    Status.OPEN: mark("Em andamento"),
    Status.WON: mark("Vencida"),
    Status.LOST: mark("Perdida"),
}
STATES = {
    State.KEPT: mark("guardada"),
    State.SENDING: mark("enviando"),
    State.DONE: mark("no CRM"),
    State.REFUSED: mark("recusada"),
    State.UNKNOWN: mark("sem confirmação"),
}
_EXACT, _VARIANT, _ASK = Certainty.EXACT, Certainty.VARIANT, Certainty.ASK
REASONS = {
    Reason("link", _EXACT): mark("vinculado por um atendente"),
    Reason("document", _EXACT): mark("mesmo documento"),
    Reason("document", _EXACT, "cpf"): mark("mesmo CPF"),
    Reason("document", _EXACT, "cnpj"): mark("mesmo CNPJ"),
    Reason("document", _ASK): mark("documento parecido: confira"),
    Reason("document", _ASK, "branch"): mark("mesma empresa, outra filial"),
    Reason("document", _ASK, "guessed"): mark("documento de outro campo do console: confira"),
    Reason("phone", _EXACT): mark("mesmo telefone"),
    Reason("phone", _VARIANT, "nine_missing"): mark("mesmo telefone, no CRM sem o nono dígito"),
    Reason("phone", _VARIANT, "nine_added"): mark("mesmo telefone, no CRM com o nono dígito"),
    Reason("phone", _ASK): mark("telefone parecido: confira"),
    Reason("phone", _ASK, "seven"): mark("mesmo telefone, se ganhou o nono dígito: confira"),
    Reason("phone", _ASK, "no_area"): mark("mesmo telefone, no CRM sem DDD: confira"),
    Reason("phone", _ASK, "guessed"): mark("telefone de outro campo do console: confira"),
    Reason("phone", _ASK, "other_name"): mark("mesmo telefone, outro nome"),
    Reason("phone", _ASK, "other_document"): mark("mesmo telefone, outro documento"),
    Reason("phone", _ASK, "service"): mark("mesmo número de serviço: confira"),
    Reason("email", _EXACT): mark("mesmo e-mail"),
    Reason("email", _ASK): mark("e-mail parecido: confira"),
    Reason("email", _ASK, "other_name"): mark("mesmo e-mail, outro nome"),
    Reason("email", _ASK, "other_document"): mark("mesmo e-mail, outro documento"),
    Reason("name", _ASK): mark("nome parecido: confira"),
    Reason("name", _ASK, "same"): mark("mesmo nome: confira"),
    Reason("name", _ASK, "same_in_city"): mark("mesmo nome, mesma cidade"),
    Reason("name", _ASK, "in_city"): mark("nome parecido, mesma cidade"),
}
MINUTE, HOUR, DAY = 60, 3600, 86400


def all_filters(now: Callable[[], datetime]) -> dict[str, Callable[..., str]]:
    """Returns the filters by name; ``now`` is the local time of screens."""
    return {
        "age": lambda at: age(at, now()),
        "day": lambda value: day(value, now()),
        "short_day": lambda value: day(value[:10], now()),
        "time_of_day": lambda at: _clock(datetime.fromtimestamp(at, now().tzinfo)),
        "money": money,
        "plain": meaning.line,
        "masked_phone": masks.masked_phone,
        "masked_document": masks.masked_document,
        "masked_email": masks.masked_email,
        "veiled": masks.veiled,
        "whatsapp": whatsapp,
        "telephone": telephone,
        "initials": initials,
        "found": found,
        "kind": lambda kind: gettext(KINDS[kind]),
        "status": lambda status: gettext(STATUSES[status]) if status in STATUSES else status,
        "state": lambda state: gettext(STATES[state]),
        "reason": lambda given: gettext(REASONS[given]),
    }


def age(at: float, now: datetime) -> str:
    """Returns how long ago (epoch seconds) something was read.

    It is "agora", "há 2 min", "há 3 h" or "há 2 dias".
    """
    seconds = max(0, round(now.timestamp() - at))
    if seconds < MINUTE:
        return gettext("agora")
    if seconds < HOUR:
        return gettext("há %(number)s min", number=seconds // MINUTE)
    if seconds < DAY:
        return gettext("há %(number)s h", number=seconds // HOUR)
    return ngettext("há %(num)s dia", "há %(num)s dias", seconds // DAY)


def day(value: str, now: datetime) -> str:
    """Returns a date or date-time of the CRM as people write it.

    It is "14:07" today, "ontem, 17:20" or "12/08/2026".
    """
    try:
        moment = datetime.fromisoformat(meaning.moment(value))
    except ValueError:
        return ""
    has_time = len(value) > len("2026-01-01") and (moment.hour, moment.minute) != (0, 0)
    days = (now.date() - moment.date()).days
    if days == 0:
        return _clock(moment) if has_time else gettext("hoje")
    if days == 1:
        return gettext("ontem, %(time)s", time=_clock(moment)) if has_time else gettext("ontem")
    return _date(moment.date())


def money(value: str) -> str:
    """Returns an amount of the CRM ("119.90", "1.299,90") as reais; "" for none or zero."""
    amount = float(meaning.amount(value) or 0)
    if not amount or not math.isfinite(amount):
        return ""
    return f"R$\N{NO-BREAK SPACE}{format_decimal(amount, '#,##0.00', locale=_locale())}"


def found(name: str, query: str) -> Markup:
    """Returns the name with the searched beginnings marked; "jose" marks José."""
    wanted = tuple(fold(query).split())
    return Markup(" ").join(_marked(word, wanted) for word in name.split())


def _marked(word: str, wanted: tuple[str, ...]) -> Markup:
    lengths = [len(text) for text in wanted if fold(word[: len(text)]) == text]
    length = max(lengths, default=0)
    if not length:
        return escape(word)
    return Markup("<mark>{}</mark>{}").format(word[:length], word[length:])


def whatsapp(text: str) -> str:
    """Returns the digits for the WhatsApp address of a cell's first mobile.

    They are "" when the cell holds no mobile.
    """
    reachable = {PhoneKind.MOBILE, PhoneKind.FOREIGN}
    found = (with_nine(phone) for phone in cells.phones_in(text) if phone.kind in reachable)
    return next((phone.whatsapp for phone in found), "")


def telephone(text: str) -> str:
    """Returns the number for a ``tel:`` address: the first one of a cell with several."""
    phone = cells.first_phone(text)
    if phone is None:
        return ""
    return phone.e164 or phone.digits


def initials(name: str) -> str:
    """Returns two letters for an avatar."""
    words = [word for word in name.split() if word[0].isalpha()]
    if not words:
        return "?"
    last = words[-1][0] if len(words) > 1 else ""
    return (words[0][0] + last).upper()


def _clock(moment: datetime) -> str:
    return format_time(moment, "HH:mm", locale=_locale())


def _date(value: date) -> str:
    pattern = "d MMM yyyy" if spoken() == "en" else "dd/MM/yyyy"
    return format_date(value, pattern, locale=_locale())


def _locale() -> str:
    return spoken().replace("-", "_")
