"""Lookup tables: funnels, stages, plans, owners, branches, cities, channels, loss reasons."""

from __future__ import annotations

import contextlib
from collections.abc import Iterable

from widget.brazil.names import fold
from widget.crm.ixc import shapes
from widget.crm.ixc.base import Desk, Rows, like, together
from widget.crm.wire import Filter, Query, Row
from widget.domain import errors
from widget.domain.model import Choice, Fetched, Freshness, Plan, Stage

# What is read of the lookups changes seldom; the caching ring keeps these longer. The key is the
# resource.
RESOURCES = (
    "crm_funil",
    "crm_negociacoes_estagios",
    "crm_planos_negociacoes",
    "crm_substatus",
    "crm_tipo_candidato",
    "filial",
    "cidade",
    "uf",
    "usuarios",
    "funcionarios",
)
CITIES = 12
NAMES = {
    "funnels": "crm_funil",
    "stages": "crm_negociacoes_estagios",
    "plans": "crm_planos_negociacoes",
    "loss_reasons": "crm_substatus",
}


class Lookups:
    """Small tables that fill the selects.

    One that the base does not release is empty, see ``is_released``.
    """

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._cities: dict[
            str, str
        ] = {}  # a city keeps its name; what a list of people shows must not ask each time

    def funnels(self) -> list[Choice]:
        """The funnels that hold negotiations, in the CRM's order."""
        rows = self._table("crm_funil")
        return [
            shapes.choice(r, "funil") for r in rows if shapes.text(r, "tipo") in {"", "negociacao"}
        ]

    def stages(self, funnel_id: str = "") -> list[Stage]:
        """The steps of a funnel (of all, when none is named), first to last."""
        stages = [shapes.stage(row) for row in self._table("crm_negociacoes_estagios")]
        chosen = [s for s in stages if not funnel_id or s.funnel_id == funnel_id]
        return sorted(chosen, key=lambda s: (s.funnel_id, s.order, int(s.id)))

    def plans(self) -> list[Plan]:
        """The plans that are offered."""
        return [
            shapes.plan(r)
            for r in self._table("crm_planos_negociacoes")
            if shapes.text(r, "ativo") != "N"
        ]

    def owners(self) -> list[Choice]:
        """The employees who may own something, by name."""
        rows = self._table("funcionarios", sort="funcionario")
        return [
            shapes.choice(r, "funcionario", "email") for r in rows if shapes.text(r, "ativo") != "N"
        ]

    def branch_of(self, owner_id: str) -> str:
        """The branch where an employee works, "" when it is not told."""
        rows = self._table("funcionarios", sort="funcionario")
        return next((shapes.key(row, "filial_id") for row in rows if row["id"] == owner_id), "")

    def branches(self) -> list[Choice]:
        """The active branches."""
        return [
            Choice(r["id"], shapes.line(r, "fantasia") or shapes.line(r, "razao"))
            for r in self._table("filial")
            if shapes.text(r, "ativo") != "N"
        ]

    def channels(self) -> list[Choice]:
        """Where leads come from."""
        return [
            shapes.choice(r, "tipo")
            for r in self._table("crm_tipo_candidato")
            if shapes.text(r, "ativo") != "N"
        ]

    def loss_reasons(self) -> list[Choice]:
        """Why negotiations are lost."""
        return [shapes.choice(r, "descricao") for r in self._table("crm_substatus")]

    def cities(self, text: str) -> list[Choice]:
        """A dozen cities whose name holds the text, those that begin with it first."""
        rows = self._read(
            Query("cidade", (Filter("nome", "contains", text),), sort="nome", size=500)
        ).value
        found = [self._city(row) for row in rows]
        return sorted(found, key=lambda c: (not fold(c.name).startswith(fold(text)), fold(c.name)))[
            :CITIES
        ]

    def city(self, number: str) -> Choice | None:
        """One city with its state."""
        rows = (
            self._read(Query("cidade", (Filter("id", "=", number),), size=1)).value
            if number
            else ()
        )
        return self._city(rows[0]) if rows else None

    def city_names(
        self, numbers: Iterable[str], freshness: Freshness = Freshness.RECENT
    ) -> dict[str, str]:
        """The names of several cities in one question.

        KNOWN gives those that were told before, and asks nothing.
        """
        named = set(numbers)
        wanted = sorted(named - {"", *self._cities})
        if wanted and freshness is not Freshness.KNOWN:
            rows = self._read(Query("cidade", (Filter("id", "in", ",".join(wanted)),))).value
            self._cities |= {row["id"]: shapes.line(row, "nome") for row in rows}
        return {number: self._cities[number] for number in named if number in self._cities}

    def age(self, *names: str) -> Fetched[None]:
        """How old the tables behind a form are, and what kept us from reading them anew."""
        return like(
            together(
                [self._read(Query(NAMES[n], size=500, freshness=Freshness.ANY)) for n in names]
            ),
            None,
        )

    def owner_by_email(self, email: str) -> str:
        """The employee behind an attendant's e-mail, "" for none.

        Reference: ``usuarios.email`` → ``usuarios.funcionario`` → ``funcionarios.id``, webservice
        facts 5.4.
        """
        rows = self._read(Query("usuarios", (Filter("email", "=", email),))).value if email else ()
        active = [row for row in rows if shapes.text(row, "status") != "I"]
        return next(
            (shapes.key(row, "funcionario") for row in active if shapes.key(row, "funcionario")), ""
        )

    def prepare(self) -> None:
        """Reads every table that fills a select.

        The first attendant of the day need not wait for them.
        """
        with contextlib.suppress(errors.CRMError):
            for read in (
                self.funnels,
                self.stages,
                self.plans,
                self.owners,
                self.branches,
                self.channels,
            ):
                read()
            self.loss_reasons()

    def is_released(self, name: str) -> bool:
        """Whether the base lets us read the table at all."""
        try:
            self._desk.page(Query(NAMES[name], size=500))
        except (errors.ResourceUnavailable, errors.PermissionDenied):
            return False
        return True

    def _city(self, row: Row) -> Choice:
        states = {r["id"]: shapes.text(r, "sigla") for r in self._table("uf", size=60)}
        return Choice(row["id"], shapes.line(row, "nome"), states.get(shapes.key(row, "uf"), ""))

    def _table(self, resource: str, sort: str = "id", size: int = 500) -> tuple[Row, ...]:
        return self._read(Query(resource, sort=sort, size=size)).value

    def _read(self, query: Query) -> Rows:
        try:
            return self._desk.read(query)
        except (errors.ResourceUnavailable, errors.PermissionDenied):
            return Fetched((), 0.0)
