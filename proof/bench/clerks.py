"""Invented people and firms, and what clerks make of them.

Clerks leave old numbers, masks, capitals and slips of the fingers.
"""

from __future__ import annotations

import random
import string
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import count

from proof.bench import words
from widget.domain.model import Contact, Kind, Person, Ref
from widget.emulator.crm.documents import any_cpf, cnpj


@dataclass(frozen=True)
class Somebody:
    """A person or firm as it really is; what a record holds of it is less."""

    given: tuple[str, ...]
    surnames: tuple[str, ...]
    phone: str
    email: str
    document: str
    city: str

    @property
    def name(self) -> str:
        return " ".join((*self.given, *self.surnames))


@dataclass
class Maker:
    """Makes people, and what clerks make of them.

    Every answer depends on the seed and on the calls before.
    """

    seed: int
    chance: random.Random = field(init=False)
    numbers: Iterator[int] = field(init=False)

    def __post_init__(self) -> None:
        self.chance = random.Random(self.seed)
        self.numbers = count(1)

    def somebody(self, *given: str) -> Somebody:
        """A person; of this given name, if one is told."""
        pick = self.chance.choice
        first = given or tuple(
            self.chance.sample(words.GIVEN, 2 if self.chance.random() < 0.3 else 1)
        )
        surnames = tuple(self.chance.sample(words.SURNAMES, self.chance.choice((1, 2, 2, 2, 3))))
        email = f"{first[0]}.{surnames[-1].split()[-1]}{self.chance.randint(1, 99)}@example.com"
        return Somebody(
            first, surnames, self.phone(), plain(email).lower(), self.cpf(), pick(words.CITIES)
        )

    def company(self) -> Somebody:
        """A firm; half of them have a number with letters."""
        letters = string.ascii_uppercase if self.chance.random() < 0.5 else string.digits
        root = "".join(self.chance.choices(string.digits + letters, k=8))
        name = (self.chance.choice(words.TRADES), *self.chance.choice(words.FIRMS).split())
        email = plain(f"contato@{name[1]}{self.chance.randint(1, 99)}.example").lower()
        phone = f"{self.chance.choice(words.DDDS)}3{self.chance.randint(2000000, 9999999)}"
        document, city = cnpj(f"{root}0001"), self.chance.choice(words.CITIES)
        return Somebody(name[:1], name[1:], phone, email, document, city)

    def phone(self) -> str:
        """A mobile as it is dialled today."""
        return f"{self.chance.choice(words.DDDS)}9{self.chance.randint(80000000, 99999999)}"

    def cpf(self) -> str:
        return any_cpf(self.chance)

    def typed(self, who: Somebody, name: str = "", *, only: str = "") -> tuple[Person, str]:
        """What is typed of somebody: name, a new phone, city.

        And truly theirs the clues that ``only`` names.
        """
        person = Person(
            name=name or who.name,
            phones=(dialled(who.phone if "phone" in only else self.phone()),),
            emails=(who.email,) if "email" in only else (),
            documents=(who.document,) if "document" in only else (),
        )
        return person, who.city if self.chance.random() < 0.7 else ""

    def stored(self, who: Somebody, name: str = "", **other: str) -> Contact:
        """Somebody's record: shouted as old ones are, often without document or e-mail."""
        name = name or who.name
        name = self.chance.choice((name, name.upper(), plain(name).upper(), plain(name)))
        document = other.get("document", who.document if self.chance.random() < 0.5 else "")
        email = other.get("email", who.email if self.chance.random() < 0.5 else "")
        phone = other.get("phone", self.written(who.phone))
        ref = Ref(self.chance.choice((Ref.LEAD, Ref.CLIENT)), str(next(self.numbers)))
        kind = (
            Kind.LEAD
            if ref.source == Ref.LEAD
            else self.chance.choice((Kind.PROSPECT, Kind.CUSTOMER))
        )
        city = other.get("city", who.city)
        return Contact(ref, kind, name, document, (phone,), (email,) if email else (), city_id=city)

    def written(self, phone: str) -> str:
        """A number as somebody once wrote it down."""
        ddd, number = phone[:2], phone[2:]
        masks = (
            "({0}) {1}-{2}",
            "{0}{1}{2}",
            "{0} {1}-{2}",
            "0{0}{1}{2}",
            "+55 {0} {1}-{2}",
            "55{0}{1}{2}",
        )
        return self.chance.choice(masks).format(ddd, number[:-4], number[-4:])

    def mistyped(self, name: str) -> str:
        """The name with one slip of the fingers in a word that is long enough to bear it."""
        written = name.split()
        place = self.chance.choice([i for i, word in enumerate(written) if len(word) > 3] or [0])
        written[place] = self._slip(written[place])
        return " ".join(written)

    def _slip(self, word: str) -> str:
        at = self.chance.randrange(1, len(word) - 1)
        near = words.NEIGHBOURS.get(plain(word[at]).lower(), "a")
        slips = (
            word[:at] + word[at + 1] + word[at] + word[at + 2 :],
            word[:at] + word[at + 1 :],
            word[:at] + word[at] + word[at:],
            word[:at] + self.chance.choice(near) + word[at + 1 :],
        )
        return self.chance.choice(slips)


def plain(text: str) -> str:
    """Without accents, as old systems wanted it."""
    return "".join(c for c in unicodedata.normalize("NFD", text) if not unicodedata.combining(c))


def dialled(phone: str) -> str:
    """As a form writes it."""
    return f"({phone[:2]}) {phone[2:-4]}-{phone[-4:]}"
