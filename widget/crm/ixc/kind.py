"""IXC Provedor as a kind of CRM: everything that its package supplies to the port."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime

from widget.crm.exchanges import Note
from widget.crm.index import Index
from widget.crm.ixc import answers, mirrored, samples, shapes
from widget.crm.ixc.base import Desk
from widget.crm.ixc.dialect import Dialect
from widget.crm.ixc.lookups import RESOURCES as LOOKUPS
from widget.crm.ixc.needs import NEEDS
from widget.crm.ixc.negotiations import RESOURCE as NEGOTIATIONS
from widget.crm.ixc.transport import Webservice, webservice
from widget.crm.ixc.vocabulary import IXC
from widget.crm.probe import Answer, Line, Place
from widget.crm.wire import Accepting, Filter, Query, Row, Transport
from widget.domain.integrations import Integration
from widget.domain.model import Contact, Freshness, Ref
from widget.store.people.people import Found, Mirrored


class Mirroring:
    """Leads, and prospects and customers, are read into the people index."""

    resources = shapes.RESOURCES
    changed = "ultima_atualizacao"

    def mirrored(self, source: str, row: Row) -> Mirrored:
        """A row as the index keeps it."""
        return mirrored.mirrored(source, row)

    def contact(self, found: Found) -> Contact:
        """The contact that the index gives back."""
        return mirrored.contact(found)


class Personal:
    """Whose the rows are that the cache and the index keep."""

    contacts = shapes.RESOURCES
    negotiations = NEGOTIATIONS
    owned = ("crm_prospeccao_anotacoes", "crm_historico", "crm_agenda", NEGOTIATIONS)
    lookups = LOOKUPS
    client_columns = ("id_cliente", "id_prospeccao")

    def contact(self, source: str, row: Row) -> Contact:
        """A row of ``contato`` or ``cliente``."""
        return shapes.contact(source, row)

    def belongs(self, row: Row, refs: Iterable[Ref]) -> bool:
        """Whether the row names one of these contacts as its own."""
        columns = {
            Ref.CLIENT: "id_cliente",
            Ref.LEAD: "id_contato",
        }
        return any(row.get(columns.get(ref.source, "")) == ref.id for ref in refs)

    def negotiation_of(self, row: Row) -> str:
        """The number of the negotiation that the row is about, "" for none."""
        return shapes.key(row, "id_negociacao")


class Examined:
    """What the diagnosis asks, past all rings."""

    needs = NEEDS

    def shape_of_token(self, token: str) -> str:
        """What the token looks like, by its name in the diagnosis's catalogue."""
        return samples.shape_of_token(token)

    def sample(self, line: Line, resource: str, token: str = "") -> Answer:
        """The newest row of a resource."""
        return samples.ask(line, resource, token)

    voices = answers.OF_THE_WEBSERVICE

    def judged(self, answer: Answer, place: Place) -> tuple[str, dict[str, object]]:
        """The answer's name in the diagnosis's catalogue, and what is said with it."""
        return answers.judged(answer, place)

    def rows(self, answer: Answer) -> Sequence[Mapping[str, object]]:
        """The rows of an answer; raises ValueError where it is none."""
        content = json.loads(answer.text)
        if not isinstance(content, dict):
            raise ValueError("no object")  # noqa: TRY004 -- what came is wrong, not its type
        return [row for row in content.get("registros") or [] if isinstance(row, dict)]

    def employee(self, line: Line, email: str, token: str) -> Answer:
        """Asks for the user with the e-mail. Reference: webservice facts 5.4, ``usuarios``."""
        return samples.ask(line, "usuarios", token, Filter("email", "=", email))

    def names_employee(self, rows: Sequence[Mapping[str, object]]) -> bool:
        """Whether an active user among the rows has an employee."""
        return any(
            str(row.get("funcionario") or "0") != "0" for row in rows if row.get("status") != "I"
        )


class Provedor:
    """The kind of CRM that integrations call ``ixc``."""

    name = "ixc"
    tables = shapes.TABLES
    seldom = LOOKUPS
    knock = Query("filial", size=1, freshness=Freshness.NOW)
    mirroring = Mirroring()
    personal = Personal()
    examined = Examined()

    def address(self, url: str) -> str:
        """The webservice's address, for whatever was pasted."""
        return webservice(url)

    def transport(
        self, integration: Integration, clock: Callable[[], float], note: Note
    ) -> Webservice:
        """The innermost transport."""
        return Webservice(integration, clock, note)

    def dialect(
        self, inner: Transport, now: Callable[[], datetime], qualification_field: str
    ) -> Dialect:
        """How writes are said."""
        return Dialect(inner, now, qualification_field)

    def crm(
        self,
        transport: Accepting,
        now: Callable[[], datetime],
        index: Index,
        *,
        calls: int,
        qualification_field: str,
    ) -> IXC:
        """The questions and deeds over the outermost ring."""
        pool = ThreadPoolExecutor(calls, "crm")
        return IXC(Desk(transport, now, qualification_field, pool), index)
