"""An attendant who works.

The attendant opens conversations and saves what comes up, one thing after the other.
"""

from __future__ import annotations

import random
import threading
from collections.abc import Callable, Mapping
from collections.abc import Set as AbstractSet

from proof.chaos.desk import Deal, Desk, Talk
from proof.chaos.panel import Panel, session
from proof.chaos.record import Fate, History, Kind, Save

STAFF = (
    "Ana Souza",
    "Rui Matos",
    "Bruna Kessler",
    "Caio Bortoluzzi",
    "Débora Antunes",
    "Everton Simões",
    "Fabiana Zanella",
    "Heloísa Pacheco",
    "Joice Mendonça",
)
MAILS = (
    "ana.souza",
    "rui.matos",
    "bruna.kessler",
    "caio.bortoluzzi",
    "debora.antunes",
    "everton.simoes",
    "fabiana.zanella",
    "heloisa.pacheco",
    "joice.mendonca",
)
WEIGHTS: Mapping[Kind, int] = {
    Kind.NOTE: 46,
    Kind.LEAD: 10,
    Kind.NEGOTIATION: 12,
    Kind.UPDATE: 10,
    Kind.STAGE: 12,
    Kind.WIN: 4,
    Kind.LINK: 6,
}
FIRST_CLIENT, CLIENTS = 8, 120  # the crowd's customers in the emulator's data
COMEBACKS = 3  # so often a form that came back is saved again
REMEMBERED = 6  # so many people an attendant goes back and forth between


class Attendant:
    """Works until enough is saved or ``stopped``; one thing after the other, like a person."""

    def __init__(
        self,
        number: int,
        urls: list[str],
        history: History,
        stopped: threading.Event,
        *,
        seed: int,
        doubles: float,
    ) -> None:
        self._number = number
        self._urls = urls
        self._history = history
        self._stopped = stopped
        self._chance = random.Random(f"{seed}/{number}")
        self._desk = Desk(history, stopped, self._chance, doubles)
        self._session = session()
        self._talks: list[Talk] = [self._customer_talk(place) for place in range(2)]
        self._saved: list[tuple[Save, Talk, str]] = []
        self._people = 0
        self._does: Mapping[Kind, Callable[[], bool]] = {
            Kind.NOTE: self._note,
            Kind.LEAD: self._lead,
            Kind.NEGOTIATION: self._negotiation,
            Kind.UPDATE: self._update,
            Kind.STAGE: self._stage,
            Kind.WIN: self._win,
            Kind.LINK: self._link,
        }

    def work(self) -> None:
        """One save after the other."""
        for talk in self._talks:
            self._relink(talk)
        while not self._stopped.is_set() and len(self._history.saves) < self._history.wanted:
            [kind] = self._chance.choices(list(WEIGHTS), list(WEIGHTS.values()))
            if not self._does[kind]():
                self._stopped.wait(0.05)

    def tend(self, refused: AbstractSet[str]) -> int:
        """Saves again what was accepted and came back later, as it came back.

        ``refused`` are its keys. How many.
        """
        came_back = [
            (save, talk, page)
            for save, talk, page in self._saved
            if save.key in refused
            and save.fate is Fate.ACCEPTED
            and not save.returned
            and save.comebacks < COMEBACKS
        ]
        return sum(self._resave(save, talk, page) for save, talk, page in came_back)

    def _resave(self, save: Save, talk: Talk, page: str) -> bool:
        """In the conversation as it was then."""
        if (
            talk.clients
            and talk.contact != save.contact
            and not self._relink(talk, save.contact, extra=True)
        ):
            return False
        return self._desk.resave(save, talk, page)

    # What is saved; each says whether it came to a save at all.

    def _lead(self) -> bool:
        self._people += 1
        talk = self._talk(self._number * 10_000 + self._people)
        form = self._desk.form(talk, "/tab/contact/new")
        if not form:
            return False
        mark = self._history.mark()
        save = Save(mark, Kind.LEAD, talk.person, mark)
        self._saved.append((save, talk, "/tab/contact/new"))
        if self._desk.save(
            talk,
            save,
            "/tab/contact/new",
            {
                **form,
                "name": f"Pessoa {mark}",
            },
        ):
            talk.contact = mark
            self._talks.append(talk)
            leads = [known for known in self._talks if not known.clients]
            if len(leads) > REMEMBERED:
                self._talks.remove(leads[0])
        return True

    def _note(self) -> bool:
        talk = self._any(lambda talk: bool(talk.contact))
        if talk is None:
            return self._lead()
        deal = (
            self._chance.choice(talk.deals) if talk.deals and self._chance.random() < 0.5 else None
        )
        number = self._desk.number_of(talk, deal) if deal else ""
        if deal and not number:
            return False
        page = f"/tab/notes?negotiation={number}" if number else "/tab/notes"
        form = self._desk.form(talk, page)
        if not form:
            return False
        mark = self._history.mark()
        save = Save(mark, Kind.NOTE, talk.person, talk.contact, deal.mark if deal else "")
        self._saved.append((save, talk, page))
        self._desk.save(
            talk,
            save,
            "/tab/notes",
            {
                **form,
                "text": f"Falamos do contrato {mark}\nretornar amanhã",
            },
        )
        return True

    def _negotiation(self) -> bool:
        talk = self._any(lambda talk: bool(talk.contact))
        form = self._desk.form(talk, "/tab/negotiation/new") if talk else {}
        if talk is None or not form:
            return False
        mark = self._history.mark()
        save = Save(mark, Kind.NEGOTIATION, talk.person, talk.contact, mark)
        self._saved.append((save, talk, "/tab/negotiation/new"))
        if self._desk.save(
            talk,
            save,
            "/tab/negotiation/new",
            {
                **form,
                "title": f"Fibra {mark}",
            },
        ):
            talk.deals.append(Deal(mark, form["stage"]))
        return True

    def _update(self) -> bool:
        talk = self._any(lambda talk: bool(talk.contact) and not talk.clients)
        form = self._desk.form(talk, "/tab/contact/edit") if talk else {}
        if talk is None or not form:
            return False
        mark = self._history.mark()
        save = Save(mark, Kind.UPDATE, talk.person, talk.contact)
        self._saved.append((save, talk, "/tab/contact/edit"))
        self._desk.save(
            talk,
            save,
            "/tab/contact/edit",
            {
                **form,
                "email": f"{mark}@chaos.example",
            },
        )
        return True

    def _stage(self) -> bool:
        return self._interact(Kind.STAGE)

    def _win(self) -> bool:
        return self._interact(Kind.WIN)

    def _interact(self, kind: Kind) -> bool:
        talk = self._any(lambda talk: bool(talk.open_deals))
        if talk is None:
            return self._negotiation()
        deal = self._chance.choice(talk.open_deals)
        number = self._desk.number_of(talk, deal)
        page = self._desk.page(talk, f"/tab/interact/{number}") if number else None
        form = page.form() if page else {}
        if not page or not form:
            return False
        form.pop("qualification", None)
        save = Save(self._history.mark(), kind, talk.person, talk.contact, deal.mark)
        if kind is Kind.WIN:
            changes, save.value = {"status": "V"}, "V"
        else:
            others = [
                stage
                for stage in page.choices("stage")
                if stage not in {form.get("stage"), deal.stage}
            ]
            save.value = self._chance.choice(others)
            changes = {"stage": save.value}
        self._saved.append((save, talk, f"/tab/interact/{number}"))
        posted = {
            **form,
            **changes,
        }
        if self._desk.save(talk, save, f"/tab/interact/{number}", posted):
            deal.won, deal.stage = posted.get("status") == "V", posted.get("stage", deal.stage)
        return True

    def _link(self) -> bool:
        talk = self._any(lambda talk: bool(talk.clients))
        return talk is not None and self._relink(talk)

    def _relink(self, talk: Talk, client: str = "", *, extra: bool = False) -> bool:
        client = client or self._chance.choice(
            [client for client in talk.clients if client != talk.contact]
        )
        if self._desk.page(talk, f"/tab/link/{client}") is None:
            return False
        save = Save(self._history.mark(), Kind.LINK, talk.person, client, value=client)
        if self._desk.save(talk, save, f"/tab/link/{client}", {}, extra=extra):
            talk.contact, talk.deals = client, []
        return True

    def _any(self, fits: Callable[[Talk], bool]) -> Talk | None:
        found = [talk for talk in self._talks if fits(talk)]
        return self._chance.choice(found) if found else None

    def _talk(self, number: int) -> Talk:
        person = {
            "id": number,
            "name": f"Pessoa {number}",
            "phone_number": f"+554998{number:07d}",
        }
        place = self._number % len(STAFF)
        attendant = {
            "sub": str(100 + self._number),
            "name": f"{STAFF[place]}",
            "email": f"{MAILS[place]}@serranet.example",
        }
        return Talk(Panel(self._urls, self._chance, attendant, person, self._session), str(number))

    def _customer_talk(self, place: int) -> Talk:
        """A conversation that is linked to one, then another, of four customers.

        Nobody else serves these four.
        """
        talk = self._talk(9_000_000 + self._number * 10 + place)
        first = (self._number * 2 + place) * 4 % CLIENTS + FIRST_CLIENT
        talk.clients = tuple(f"client-{number}" for number in range(first, first + 4))
        return talk
