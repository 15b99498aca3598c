"""What every save has in common.

A form is read, and save is pressed until an answer comes, sometimes twice.
"""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass, field

from proof.chaos.panel import Answer, Panel, session
from proof.chaos.record import Fate, History, Kind, Save

GIVES_UP = 60.0
RELOADS, OTHER_WORDS = 0.04, 0.02


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


class Desk:
    """Reads and saves for one attendant, one thing after the other."""

    def __init__(
        self,
        history: History,
        stopped: threading.Event,
        chance: random.Random,
        double_clicks: float,
    ) -> None:
        self._history = history
        self._stopped = stopped
        self._chance = chance
        self._double_clicks = double_clicks

    def resave(self, save: Save, talk: Talk, page: str) -> bool:
        """Opens the form that came back, with its text in it, and presses save.

        Whether it was accepted.
        """
        save.comebacks += 1
        form = self.form(talk, f"{page}{'&' if '?' in page else '?'}entry={save.key}")
        said = save.value or save.mark
        if form.get("key") != save.key or not any(said in text for text in form.values()):
            return False
        save.resaved = True
        save.posted = form
        answer = talk.panel.post(page.partition("?")[0], form)
        asked = answer.form()
        if (
            answer.status == 409 and asked.get("key") == save.key
        ):  # it asked which value holds: this one
            save.posted = asked
            answer = talk.panel.post(page.partition("?")[0], asked)
        self._history.answer(save, _fate(answer))
        return save.fate is Fate.ACCEPTED

    def save(
        self, talk: Talk, save: Save, path: str, data: Mapping[str, str], *, extra: bool = False
    ) -> bool:
        """Presses save until an answer comes; whether it was accepted."""
        save.key, save.posted = data.get("key", ""), data
        drawn_for = data.get("contact", "")
        if drawn_for in talk.clients:  # a link of which nothing was heard may have been made
            save.contact = drawn_for
        if not self._history.begin(save, extra=extra):
            return False
        deadline = time.monotonic() + GIVES_UP
        fate = Fate.DOUBT
        while (
            fate is Fate.DOUBT
            and time.monotonic() < deadline
            and (extra or not self._stopped.is_set())
        ):
            save.tries += 1
            twice = self._chance.random() < self._double_clicks and bool(save.key)
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
        other = Panel(
            talk.panel.urls,
            random.Random(self._chance.random()),
            talk.panel.attendant,
            talk.panel.person,
            session(),
            talk.panel.token,
        )
        answers: list[Answer] = []
        click = threading.Thread(target=lambda: answers.append(other.post(path, data)))
        click.start()
        answers.append(talk.panel.post(path, data))
        click.join()
        other.session.close()
        return min(
            answers, key=lambda answer: (_fate(answer) is not Fate.ACCEPTED, answer.status == 0)
        )

    def _tempt(self, talk: Talk, save: Save, path: str, data: Mapping[str, str]) -> None:
        """Sends the same form once more.

        It is sent as a reload sends it, or with other words, as no browser should.
        """
        if self._chance.random() < RELOADS:
            talk.panel.post(path, data)
        if save.kind is Kind.NOTE and self._chance.random() < OTHER_WORDS:
            other = Save(self._history.mark(), Kind.NOTE, save.person, save.contact, save.deal)
            if not self._history.begin(other):
                return
            answer = talk.panel.post(
                path,
                {
                    **data,
                    "text": f"Outra coisa {other.mark}",
                },
            )
            other.status, other.state, other.tries = answer.status, answer.state, 1
            self._history.answer(other, _fate(answer))

    def form(self, talk: Talk, path: str) -> dict[str, str]:
        page = self.page(talk, path)
        return page.form() if page else {}

    def page(self, talk: Talk, path: str) -> Answer | None:
        """The page, asked for a few times; None when it does not come."""
        for _ in range(4):
            answer = talk.panel.get(path)
            if answer.status == 200:
                return answer
            time.sleep(self._chance.uniform(0.1, 0.6))
        return None

    def number_of(self, talk: Talk, deal: Deal) -> str:
        """What the panel calls a negotiation by now; nothing while it does not show it."""
        page = self.page(talk, "/tab/contact/deals")
        for article in page.html.css("article.deal") if page else []:
            title = article.css_first("strong")
            button = article.css_first("button[hx-get^='/tab/interact/']")
            if title and button and deal.mark in title.text():
                return (button.attributes.get("hx-get") or "").rpartition("/")[2]
        return ""


def _fate(answer: Answer) -> Fate:
    """What the attendant reads in an answer.

    200 is accepted, a form that comes back is not, and everything else says nothing.
    """
    if answer.status == 200:
        return Fate.ACCEPTED
    return Fate.REFUSED if answer.status in {404, 409, 413, 422} else Fate.DOUBT
