"""Labelled pairs from a seed, all invented.

A pair is somebody typed as new, a stored record, and whether they are one person.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from proof.bench import words
from proof.bench.clerks import Maker, plain
from widget.domain.model import Contact, Person
from widget.emulator.crm.documents import cnpj

EACH = 26  # pairs of each kind; strangers are many more


@dataclass(frozen=True)
class Pair:
    """Somebody typed (``city``: where) against a stored contact.

    ``kind`` names the noise, or why they are two.
    """

    kind: str
    same: bool
    typed: Person
    city: str
    stored: Contact

    @property
    def is_hard(self) -> bool:
        """Whether they are two people who look like one."""
        return not self.same and self.kind != "strangers"


def pairs(seed: int, each: int = EACH) -> list[Pair]:
    """``each`` of every kind and six times as many strangers, always the same for one seed."""
    maker = Maker(seed)
    made = [
        Pair(kind, same, *make(maker))
        for kinds, same in ((SAME, True), (OTHER, False))
        for kind, make in kinds.items()
        for _ in range(each * (6 if kind == "strangers" else 1))
    ]
    maker.chance.shuffle(made)
    return made


def _old_phone(m: Maker) -> Told:
    who = m.somebody()
    return *m.typed(who, only="phone"), m.stored(
        who, phone=m.written(who.phone[:2] + who.phone[3:])
    )


def _masked_phone(m: Maker) -> Told:
    who = m.somebody()
    return *m.typed(who, only="phone"), m.stored(who)


def _name_of_a_profile(m: Maker) -> Told:
    """The chat tells a first name or a nickname only; the phone is known."""
    formal = m.chance.choice(sorted(words.NICKNAMES))
    who = m.somebody(*formal.split())
    name = m.chance.choice((who.given[0], m.chance.choice(words.NICKNAMES[formal].split())))
    return *m.typed(who, name, only="phone"), m.stored(who)


def _email(m: Maker) -> Told:
    who = m.somebody()
    form = m.chance.choice((who.email.upper(), f" {who.email} ", f"{who.email}; outro@example.com"))
    return *m.typed(who, only="email"), m.stored(who, phone=m.written(m.phone()), email=form)


def _document(m: Maker) -> Told:
    """Another phone, and the name as it is after a wedding."""
    who = m.somebody()
    wed = replace(who, surnames=(*who.surnames[:-1], m.chance.choice(words.SURNAMES)))
    form = m.chance.choice(
        (who.document, "".join(filter(str.isalnum, who.document)), f" {who.document}")
    )
    return *m.typed(wed, only="document"), m.stored(who, document=form, phone="")


def _firm(m: Maker) -> Told:
    who = m.company()
    told = m.typed(
        who,
        f"{who.name} {m.chance.choice(words.FIRM_FORMS)}",
        only=m.chance.choice(("document", "phone", "")),
    )
    return *told, m.stored(who)


def _accents(m: Maker) -> Told:
    who = m.somebody()
    return *m.typed(who, m.chance.choice((who.name.lower(), plain(who.name)))), m.stored(who)


def _typo(m: Maker) -> Told:
    who = m.somebody()
    return *m.typed(who, m.mistyped(who.name)), m.stored(who)


def _two_typos(m: Maker) -> Told:
    who = m.somebody()
    return *m.typed(who, m.mistyped(m.mistyped(who.name))), m.stored(who)


def _spelling(m: Maker) -> Told:
    one, other = m.chance.sample(m.chance.choice(words.SPELLINGS).split(), 2)
    who = m.somebody(one)
    return *m.typed(who), m.stored(who, f"{other} {' '.join(who.surnames)}")


def _nickname(m: Maker) -> Told:
    formal = m.chance.choice(sorted(words.NICKNAMES))
    who = m.somebody(*formal.split())
    nick = m.chance.choice(words.NICKNAMES[formal].split())
    return *m.typed(who, f"{nick} {' '.join(who.surnames)}"), m.stored(who)


def _married(m: Maker) -> Told:
    who = m.somebody()
    wed = replace(who, surnames=(*who.surnames, m.chance.choice(words.SURNAMES)))
    return *m.typed(wed), m.stored(who)


def _order(m: Maker) -> Told:
    who = m.somebody()
    return *m.typed(who), m.stored(
        who, f"{who.surnames[-1]}, {' '.join((*who.given, *who.surnames[:-1]))}"
    )


def _short(m: Maker) -> Told:
    """First and last name, as people tell them."""
    who = m.somebody(*m.chance.sample(words.GIVEN, 2))
    return *m.typed(who, f"{who.given[0]} {who.surnames[-1]}"), m.stored(who)


def _initials(m: Maker) -> Told:
    who = replace(m.somebody(), surnames=tuple(m.chance.sample(words.SURNAMES, 3)))
    middle = " ".join(f"{name.split()[-1][0]}." for name in who.surnames[:-1])
    return *m.typed(who), m.stored(who, f"{' '.join(who.given)} {middle} {who.surnames[-1]}")


def _father_and_son(m: Maker) -> Told:
    father = m.somebody()
    son = replace(
        father,
        surnames=(*father.surnames, m.chance.choice(words.GENERATIONS)),
        document=m.cpf(),
        phone=m.phone(),
    )
    if m.chance.random() < 0.5:
        son = replace(son, phone=father.phone)
    typed, stored = (son, father) if m.chance.random() < 0.5 else (father, son)
    return *m.typed(typed, only=m.chance.choice(("phone", "phone document"))), m.stored(stored)


def _one_phone(m: Maker) -> Told:
    """Husband and wife, mother and son."""
    one, other = m.somebody(), m.somebody()
    shared = replace(
        other, surnames=(*other.surnames[:-1], one.surnames[-1]), phone=one.phone, city=one.city
    )
    return *m.typed(one, only="phone"), m.stored(shared)


def _one_mailbox(m: Maker) -> Told:
    one, other = m.somebody(), m.somebody()
    return *m.typed(one, only="email"), m.stored(other, email=one.email)


def _branches(m: Maker) -> Told:
    who = m.company()
    root = "".join(filter(str.isalnum, who.document))[:8]
    branch = replace(
        who,
        document=cnpj(f"{root}{m.chance.randint(2, 40):04}"),
        city=m.chance.choice(words.CITIES),
    )
    only = m.chance.choice(("document", "document phone"))
    return *m.typed(branch, only=only), m.stored(who, document=who.document)


def _namesakes(m: Maker) -> Told:
    one = m.somebody()
    other = replace(one, document=m.cpf(), phone=m.phone(), email="")
    return *m.typed(one, only="document"), m.stored(other, document=other.document)


def _namesakes_elsewhere(m: Maker) -> Told:
    """Nobody could tell: only the city differs, where it is known.

    Here the radar shall ask, and is counted wrong.
    """
    one = m.somebody()
    city = m.chance.choice([c for c in words.CITIES if c != one.city])
    return *m.typed(one), m.stored(replace(one, phone=m.phone(), city=city), document="", email="")


def _siblings(m: Maker) -> Told:
    first = m.chance.choice(words.GIVEN)
    one, two = (m.chance.choice(words.GIVEN) for _ in range(2))
    who = m.somebody(first, one) if m.chance.random() < 0.5 else m.somebody(one)
    given = (first, two) if len(who.given) > 1 else (two,)
    if given == who.given:
        return _siblings(m)
    return *m.typed(who), m.stored(
        replace(
            who,
            given=given,
            phone=m.phone(),
            document=m.cpf(),
            email="",
        )
    )


def _one_letter(m: Maker) -> Told:
    """Paulo and Paula, Nelson and Nilson, of one family."""
    one, other = m.chance.sample(m.chance.choice(words.ALIKE).split(), 2)
    who = m.somebody(one)
    return *m.typed(who), m.stored(
        replace(
            who,
            given=(other,),
            phone=m.phone(),
            document=m.cpf(),
            email="",
        )
    )


def _near_phone(m: Maker) -> Told:
    """Another area code, a digit off, or the landline that a mobile's last eight digits are."""
    one, other = m.somebody(), m.somebody()
    ddd, digits = one.phone[:2], one.phone[-8:]
    off = str((int(digits[-1]) + 1) % 10)
    landline = f"{ddd}3{digits[1:]}"
    near = m.chance.choice(
        (f"{'11' if ddd != '11' else '21'}9{digits}", f"{ddd}9{digits[:-1]}{off}", landline)
    )
    if near == landline:
        one = replace(one, phone=f"{ddd}93{digits[1:]}")
    return *m.typed(one, only="phone"), m.stored(other, phone=m.written(near))


def _strangers(m: Maker) -> Told:
    one, other = m.somebody(), m.somebody()
    return *m.typed(one, only="phone email document"), m.stored(replace(other, city=one.city))


Told = tuple[Person, str, Contact]
_Make = Callable[[Maker], Told]
SAME: dict[str, _Make] = {
    "old_phone": _old_phone,
    "masked_phone": _masked_phone,
    "profile": _name_of_a_profile,
    "email": _email,
    "document": _document,
    "firm": _firm,
    "accents": _accents,
    "typo": _typo,
    "two_typos": _two_typos,
    "spelling": _spelling,
    "nickname": _nickname,
    "married": _married,
    "order": _order,
    "short": _short,
    "initials": _initials,
}
OTHER: dict[str, _Make] = {
    "father_and_son": _father_and_son,
    "one_phone": _one_phone,
    "one_mailbox": _one_mailbox,
    "branches": _branches,
    "namesakes": _namesakes,
    "namesakes_elsewhere": _namesakes_elsewhere,
    "siblings": _siblings,
    "one_letter": _one_letter,
    "near_phone": _near_phone,
    "strangers": _strangers,
}
UNKNOWABLE = "namesakes_elsewhere"
