"""An attendant who works: opens conversations, fills forms, presses save until an answer comes, sometimes twice."""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import requests

from chaos.panel import Answer, Panel, session
from chaos.record import Fate, History, Kind, Save

STAFF = ("Ana Souza", "Rui Matos", "Bruna Kessler", "Caio Bortoluzzi", "Débora Antunes", "Everton Simões",
         "Fabiana Zanella", "Heloísa Pacheco", "Joice Mendonça")  # fmt: skip
MAILS = ("ana.souza", "rui.matos", "bruna.kessler", "caio.bortoluzzi", "debora.antunes", "everton.simoes",
         "fabiana.zanella", "heloisa.pacheco", "joice.mendonca")  # fmt: skip
WEIGHTS: Mapping[Kind, int] = {
    Kind.NOTE: 46, Kind.LEAD: 10, Kind.NEGOTIATION: 12, Kind.UPDATE: 10, Kind.STAGE: 12, Kind.WIN: 4, Kind.LINK: 6,
}  # fmt: skip
FIRST_CLIENT, CLIENTS = 8, 120  # the crowd's customers in the emulator's data
REMEMBERED = 6  # so many people an attendant goes back and forth between
GIVES_UP = 60.0
DOUBLE_CLICKS, RELOADS, OTHER_WORDS = 0.05, 0.04, 0.02


@dataclass
class Deal:
    """A negotiation that was saved, and the stage last asked for."""

    mark: str
    stage: str = ""
    won: bool = False


@dataclass
class Talk:
    """One conversation: its panel, and what the attendant believes to be there."""

    panel: Panel
    person: str
    contact: str = ""
    clients: tuple[str, ...] = ()
    deals: list[Deal] = field(default_factory=list)

    @property
    def open_deals(self) -> list[Deal]:
        return [deal for deal in self.deals if not deal.won]


class Attendant:
    """Works until enough is saved or ``stopped``; one thing after the other, like a person."""

    def __init__(self, number: int, urls: list[str], history: History, stopped: threading.Event, seed: int) -> None:
        self._number = number
        self._urls = urls
        self._history = history
        self._stopped = stopped
        self._chance = random.Random(f"{seed}/{number}")
        self._session: requests.Session = session()
        self._talks: list[Talk] = [self._customer_talk(place) for place in range(2)]
        self._people = 0
        self._does: Mapping[Kind, Callable[[], bool]] = {
            Kind.NOTE: self._note, Kind.LEAD: self._lead, Kind.NEGOTIATION: self._negotiation,
            Kind.UPDATE: self._update, Kind.STAGE: self._stage, Kind.WIN: self._win, Kind.LINK: self._link,
        }  # fmt: skip

    def work(self) -> None:
        """One save after the other."""
        for talk in self._talks:
            self._relink(talk)
        while not self._stopped.is_set() and len(self._history.saves) < self._history.wanted:
            [kind] = self._chance.choices(list(WEIGHTS), list(WEIGHTS.values()))
            if not self._does[kind]():
                self._stopped.wait(0.05)

    # What is saved; each says whether it came to a save at all.

    def _lead(self) -> bool:
        self._people += 1
        talk = self._talk(self._number * 10_000 + self._people)
        form = self._form(talk, "/tab/contact/new")
        if not form:
            return False
        mark = self._history.mark()
        save = Save(mark, Kind.LEAD, talk.person, mark)
        if self._save(talk, save, "/tab/contact/new", {**form, "name": f"Pessoa {mark}"}):
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
        deal = self._chance.choice(talk.deals) if talk.deals and self._chance.random() < 0.5 else None
        number = self._number_of(talk, deal) if deal else ""
        if deal and not number:
            return False
        form = self._form(talk, f"/tab/notes?negotiation={number}" if number else "/tab/notes")
        if not form:
            return False
        mark = self._history.mark()
        save = Save(mark, Kind.NOTE, talk.person, talk.contact, deal.mark if deal else "")
        self._save(talk, save, "/tab/notes", {**form, "text": f"Falamos do contrato {mark}\nretornar amanhã"})
        return True

    def _negotiation(self) -> bool:
        talk = self._any(lambda talk: bool(talk.contact))
        form = self._form(talk, "/tab/negotiation/new") if talk else {}
        if talk is None or not form:
            return False
        mark = self._history.mark()
        save = Save(mark, Kind.NEGOTIATION, talk.person, talk.contact, mark)
        if self._save(talk, save, "/tab/negotiation/new", {**form, "title": f"Fibra {mark}"}):
            talk.deals.append(Deal(mark, form["stage"]))
        return True

    def _update(self) -> bool:
        talk = self._any(lambda talk: bool(talk.contact) and not talk.clients)
        form = self._form(talk, "/tab/contact/edit") if talk else {}
        if talk is None or not form:
            return False
        mark = self._history.mark()
        save = Save(mark, Kind.UPDATE, talk.person, talk.contact)
        self._save(talk, save, "/tab/contact/edit", {**form, "email": f"{mark}@chaos.example"})
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
        number = self._number_of(talk, deal)
        page = self._page(talk, f"/tab/interact/{number}") if number else None
        form = page.form() if page else {}
        if not page or not form:
            return False
        form.pop("qualification", None)
        save = Save(self._history.mark(), kind, talk.person, talk.contact, deal.mark)
        if kind is Kind.WIN:
            changes, save.value = {"status": "V"}, "V"
        else:
            others = [stage for stage in page.choices("stage") if stage not in {form.get("stage"), deal.stage}]
            save.value = self._chance.choice(others)
            changes = {"stage": save.value}
        if self._save(talk, save, f"/tab/interact/{number}", {**form, **changes}):
            deal.won, deal.stage = kind is Kind.WIN, changes.get("stage", deal.stage)
        return True

    def _link(self) -> bool:
        talk = self._any(lambda talk: bool(talk.clients))
        return talk is not None and self._relink(talk)

    def _relink(self, talk: Talk) -> bool:
        client = self._chance.choice([client for client in talk.clients if client != talk.contact])
        if self._page(talk, f"/tab/link/{client}") is None:
            return False
        save = Save(self._history.mark(), Kind.LINK, talk.person, client, value=client)
        if self._save(talk, save, f"/tab/link/{client}", {}):
            talk.contact, talk.deals = client, []
        return True

    # How it is saved.

    def _save(self, talk: Talk, save: Save, path: str, data: Mapping[str, str]) -> bool:
        """Presses save until an answer comes; whether it was accepted."""
        save.key = data.get("key", "")
        if not self._history.begin(save):
            return False
        deadline = time.monotonic() + GIVES_UP
        fate = Fate.DOUBT
        while fate is Fate.DOUBT and time.monotonic() < deadline and not self._stopped.is_set():
            save.tries += 1
            twice = self._chance.random() < DOUBLE_CLICKS and bool(save.key)
            answer = self._clicked_twice(talk, path, data) if twice else talk.panel.post(path, data)
            save.status, save.state = answer.status, answer.state
            fate = _fate(answer)
            if fate is Fate.DOUBT:
                self._stopped.wait(self._chance.uniform(0.2, 1.0))
        self._history.answer(save, fate)
        if fate is Fate.REFUSED:
            self._stopped.wait(1.0)  # it is read before anything else is done
        if fate is Fate.ACCEPTED and save.key:
            self._tempt(talk, save, path, data)
        return fate is Fate.ACCEPTED

    def _clicked_twice(self, talk: Talk, path: str, data: Mapping[str, str]) -> Answer:
        """The same form at the same moment from two windows; the better answer of both."""
        other = Panel(talk.panel.urls, random.Random(self._chance.random()), talk.panel.attendant, talk.panel.person,
                      session(), talk.panel.token)  # fmt: skip
        answers: list[Answer] = []
        click = threading.Thread(target=lambda: answers.append(other.post(path, data)))
        click.start()
        answers.append(talk.panel.post(path, data))
        click.join()
        other.session.close()
        return min(answers, key=lambda answer: (_fate(answer) is not Fate.ACCEPTED, answer.status == 0))

    def _tempt(self, talk: Talk, save: Save, path: str, data: Mapping[str, str]) -> None:
        """Sends the same form once more, as a reload does, or with other words, as no browser should."""
        if self._chance.random() < RELOADS:
            talk.panel.post(path, data)
        if save.kind is Kind.NOTE and self._chance.random() < OTHER_WORDS:
            other = Save(self._history.mark(), Kind.NOTE, save.person, save.contact, save.deal)
            if not self._history.begin(other):
                return
            answer = talk.panel.post(path, {**data, "text": f"Outra coisa {other.mark}"})
            other.status, other.state, other.tries = answer.status, answer.state, 1
            self._history.answer(other, _fate(answer))

    # How it is read.

    def _form(self, talk: Talk, path: str) -> dict[str, str]:
        page = self._page(talk, path)
        return page.form() if page else {}

    def _page(self, talk: Talk, path: str) -> Answer | None:
        """The page, asked for a few times; None when it does not come."""
        for _ in range(4):
            answer = talk.panel.get(path)
            if answer.status == 200:
                return answer
            if self._stopped.wait(self._chance.uniform(0.1, 0.6)):
                return None
        return None

    def _number_of(self, talk: Talk, deal: Deal) -> str:
        """What the panel calls a negotiation by now; nothing while it does not show it."""
        page = self._page(talk, "/tab/contact/deals")
        for article in page.html.css("article.deal") if page else []:
            title = article.css_first("strong")
            button = article.css_first("button[hx-get^='/tab/interact/']")
            if title and button and deal.mark in title.text():
                return (button.attributes.get("hx-get") or "").rpartition("/")[2]
        return ""

    def _any(self, fits: Callable[[Talk], bool]) -> Talk | None:
        found = [talk for talk in self._talks if fits(talk)]
        return self._chance.choice(found) if found else None

    def _talk(self, number: int) -> Talk:
        person = {"id": number, "name": f"Pessoa {number}", "phone_number": f"+554998{number:07d}"}
        place = self._number % len(STAFF)
        attendant = {
            "sub": str(100 + self._number), "name": f"{STAFF[place]}", "email": f"{MAILS[place]}@serranet.example",
        }  # fmt: skip
        return Talk(Panel(self._urls, self._chance, attendant, person, self._session), str(number))

    def _customer_talk(self, place: int) -> Talk:
        """A conversation that is linked to one, then another, of four customers whom nobody else serves."""
        talk = self._talk(9_000_000 + self._number * 10 + place)
        first = (self._number * 2 + place) * 4 % CLIENTS + FIRST_CLIENT
        talk.clients = tuple(f"client-{number}" for number in range(first, first + 4))
        return talk


def _fate(answer: Answer) -> Fate:
    """As the attendant reads it: 200 is accepted, a form that comes back is not, everything else says nothing."""
    if answer.status == 200:
        return Fate.ACCEPTED
    return Fate.REFUSED if answer.status in {404, 409, 413, 422} else Fate.DOUBT
