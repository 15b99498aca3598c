"""What was saved and is still on its way, or came back.

Each form has one line, for the attendant to see.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from typing import Any
from zlib import crc32

from widget.actions import catalogue
from widget.desk.visits import Visit
from widget.domain import errors
from widget.domain.model import Choice, Stage, State
from widget.domain.model import label as label_of
from widget.domain.texts import gettext, mark
from widget.panel.tab import Way, way_to
from widget.store.journal.entries import MANY, Entry

# What the forms call the fields that a CRM may not have kept.
FIELDS = {
    "name": mark("Nome"),
    "document": mark("CPF/CNPJ"),
    "email": mark("E-mail"),
    **dict.fromkeys(("mobile", "whatsapp", "home_phone", "work_phone"), mark("Telefone")),
    "owner": mark("Responsável"),
    "branch": mark("Filial"),
    "channel": mark("Canal"),
    "title": mark("Descrição"),
    "plan": mark("Plano de negócio"),
    "funnel": mark("Funil"),
    "stage": mark("Etapa do funil"),
    "city": mark("Cidade"),
    "monthly": mark("Valor mensal"),
    "loss_reason": mark("Motivo da perda"),
    "status": mark("Status"),
    "remarks": mark("Observação"),
    "text": mark("Anotação"),
}
REASONS = {
    errors.Unreachable.code: mark("O CRM está fora do ar."),
    errors.OutcomeUnknown.code: mark("O CRM não confirmou; o painel confere sozinho."),
    errors.Unexpected.code: mark("O CRM respondeu de um jeito que não se entende."),
    errors.Busy.code: mark("O CRM pediu para esperar."),
    errors.TooSlow.code: mark("O CRM está demorando demais agora."),
    errors.CredentialsRefused.code: mark("O CRM não aceitou o token do painel."),
    errors.AddressRefused.code: mark("O CRM não permite acesso a partir deste servidor."),
    errors.Misconfigured.code: mark("O endereço do CRM parece errado."),
    errors.NotThere.code: mark(
        "O CRM disse que salvou, mas ainda não mostra; o painel confere sozinho."
    ),
    errors.Outdated.code: mark("O CRM ainda mostra este registro como era antes; o painel espera."),
}
# So much of a value is shown beside another one.
LONGEST_VALUE = 60


@dataclass(frozen=True)
class Progress:
    """One saved form.

    ``entry`` is the part of it that decides how far it is; ``waits_for`` what must come first.

    ``losses`` tell for each field that the CRM did not keep what was sent and what stands there
    now.
    """

    entry: Entry
    action: str
    reason: str = ""
    waits_for: str = ""
    error: errors.VinculoError | None = None
    way: Way | None = None
    losses: tuple[str, ...] = ()
    is_unproven: bool = False

    @property
    def is_claimed(self) -> bool:
        """Whether the CRM said that it is saved, and does not show it.

        What was announced then holds no longer.
        """
        return self.entry.why == errors.NotThere.code

    @property
    def is_stuck(self) -> bool:
        """Whether a person should look, because trying again has not helped so far."""
        return self.entry.is_open and (self.entry.attempts >= MANY or self.is_unproven)


def of(visit: Visit) -> list[Progress]:
    """What is on its way or came back, oldest first.

    It is that of this conversation and of the contact that it shows.
    """
    contact = str(visit.shown() or "")
    found = visit.services.journal.pending(visit.conversation.key, contact)
    roots = {entry.root: entry for entry in sorted(found, key=_weight)}
    return [_progress(visit, roots[root]) for root in dict.fromkeys(entry.root for entry in found)]


def is_moving(visit: Visit) -> bool:
    """Whether something is on its way.

    Its state is worth showing at once, without a CRM that may be in trouble.
    """
    return any(line.entry.is_open for line in of(visit))


def told(visit: Visit, done: Iterable[Entry] = ()) -> dict[str, Any]:
    """What tabs/pending.html shows; ``done`` has come to its end since somebody looked."""
    lines = of(visit)
    watched = is_watched(visit)
    moving = [line.entry.key for line in lines if line.entry.is_open]
    return {
        "lines": lines,
        "moving": ",".join(moving),
        "watched": watched,
        "just_done": list(done),
        "called": catalogue.label,
        "drawn": face(lines, watched=watched),
    }


def is_watched(visit: Visit) -> bool:
    """Whether the CRM called something done that no record has shown yet.

    The next look may tell otherwise.
    """
    return visit.services.journal.is_watched(visit.conversation.key, str(visit.shown() or ""))


def face(lines: Iterable[Progress], *, watched: bool = False) -> str:
    """The same text for lines that look the same."""
    looks = [
        (
            e.key,
            e.state,
            line.reason,
            line.waits_for,
            line.is_stuck,
            e.why,
            e.dropped,
            line.losses,
            e.twins,
        )
        for line in lines
        for e in [line.entry]
    ]
    return f"{crc32(repr((looks, watched)).encode()):08x}"


def _weight(entry: Entry) -> tuple[bool, int]:
    """The last one decides: what came back before what is open, the first of those."""
    return entry.state is State.REFUSED, -entry.seq


def _progress(visit: Visit, entry: Entry) -> Progress:
    action = catalogue.label(entry.origin.action)
    if entry.state is State.REFUSED:
        way = way_to(entry.origin.form, entry.root)
        return Progress(entry, action, error=entry.refusal, way=way)
    before = visit.services.journal.blocker(entry) if entry.is_open else None
    waits_for = (
        catalogue.label(before.origin.action) if before and before.root != entry.root else ""
    )
    return Progress(
        entry,
        action,
        reason=REASONS.get(entry.why, ""),
        waits_for=waits_for,
        losses=tuple(_losses(visit, entry)),
        is_unproven=before is not None and before.state is State.DONE and before.checks > 0,
    )


def _losses(visit: Visit, entry: Entry) -> Iterator[str]:
    """Each field once: where something else stands in it now, what was sent and what that is."""
    seen = set()
    for field in entry.dropped:
        label = gettext(FIELDS[field]) if field in FIELDS else field
        if label in seen:
            continue
        seen.add(label)
        sent = entry.work["record"].get(field, "")
        now = entry.instead.get(field, "")
        if not sent or not now:
            yield label
            continue
        names = _Names(visit, field)
        yield gettext(
            "%(field)s (enviado: %(sent)s; no CRM: %(now)s)",
            field=label,
            sent=names.of(sent),
            now=names.of(now),
        )


@dataclass(frozen=True)
class _Names:
    """What the values of a field are called."""

    visit: Visit
    field: str

    def of(self, value: str) -> str:
        """The name behind a number of a look-up table, as far as the CRM tells it.

        A text as it is, but short.
        """
        with suppress(errors.CRMError):
            choices = self._choices()
            return label_of(choices, value) if choices else _short(value)
        return _short(value)

    def _choices(self) -> list[Choice] | list[Stage]:
        lookups = self.visit.crm.lookups
        if self.field == "stage":
            return lookups.stages()
        table = {
            "funnel": lookups.funnels,
            "owner": lookups.owners,
            "branch": lookups.branches,
            "channel": lookups.channels,
            "loss_reason": lookups.loss_reasons,
        }
        return table[self.field]() if self.field in table else []


def _short(value: str) -> str:
    return value if len(value) <= LONGEST_VALUE else f"{value[:LONGEST_VALUE]}…"
