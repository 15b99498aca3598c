"""Names as Brazil writes, hears and shortens them: folded, cut into words, heard, compared.

Nothing is rewritten.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from itertools import product

from widget.brazil import nicknames

PARTICLES = frozenset({"da", "das", "de", "di", "do", "dos", "du", "e"})
# Father and son bear one name but for these.
GENERATIONS = frozenset(
    {"filho", "filha", "junior", "jr", "neto", "neta", "segundo", "sobrinho", "sobrinha"}
)
_SHORT_GENERATIONS = {
    "jr": "junior",
    "jnr": "junior",
    "sob": "sobrinho",
}
_DOUBLED = frozenset(
    {"ana", "joao", "jose", "luis", "luiz", "maria"}
)  # seldom a given name on their own
_FORMS_OF_FIRMS = frozenset(
    {"ltda", "me", "mei", "epp", "eireli", "sa", "cia", "slu"}
)  # written after a name or not

_SAME, _HEARD, _TYPED, _CALLED, _INITIAL, _TWICE = 1.0, 0.97, 0.92, 0.85, 0.7, 0.85
_ANOTHER = 0.5  # what names reach at most when something in them tells two people apart


def fold(text: str) -> str:
    """Text without accents, case and superfluous blanks, to compare and to search in."""
    folded = _without_marks(
        _without_marks(text).casefold()
    )  # folding case can bring new marks, and the reverse
    return " ".join(folded.split())


def words(name: str) -> tuple[str, ...]:
    """The folded words of a name in their order, without particles and apostrophes."""
    found = re.findall(r"\w+", re.sub(r"['’´`]", "", fold(name)))
    return tuple(word for word in found if word not in PARTICLES)


@lru_cache(maxsize=20_000)
def sound(word: str) -> str:
    """Returns a folded word as a Brazilian hears it.

    Luis and luiz, wagner and vagner, giovana and geovanna are equal.
    """
    for pattern, heard in _SOUNDS:
        word = pattern.sub(heard, word)
    return word


def similarity(a: str, b: str) -> float:
    """Returns from 0 to 1 how likely two full names are those of one person.

    The names may differ in order, by typing errors, by nicknames and by one surname more.

    Names with too little in common reach one half at most. So do names that tell two people apart,
    such as those of father and son.
    """
    first, second = _telling(a), _telling(b)
    if not first or not second:
        return 0.0
    if sorted(first) == sorted(second):
        return _SAME
    pairs = _paired(first, second)
    whole = [pair for pair in pairs if min(len(first[pair[1]]), len(second[pair[2]])) > 1]
    few, many = sorted((len(first), len(second)))
    alike = sum(score for score, _, _ in pairs)
    score = alike / few * (1 - 0.1 * (many - few)) if len(pairs) == few else alike / many
    return min(score, _ANOTHER) if len(whole) < 2 or _differ(first, second, pairs) else score


def differ(a: str, b: str) -> bool:
    """Whether two names are clearly of two people: another given name, or another generation.

    An empty one is not.
    """
    first, second = _telling(a), _telling(b)
    return bool(first and second) and _differ(first, second, _paired(first, second))


def distance(a: str, b: str, most: int) -> int:
    """How many letters are wrong, missing, too many or swapped with their neighbour.

    ``most`` + 1 for more.
    """
    if abs(len(a) - len(b)) > most:
        return most + 1
    before: list[int] = []
    above = list(range(len(b) + 1))
    for i, x in enumerate(a, 1):
        row = [i]
        for j, y in enumerate(b, 1):
            cost = min(above[j] + 1, row[j - 1] + 1, above[j - 1] + (x != y))
            if i > 1 and j > 1 and x == b[j - 2] and a[i - 2] == y:
                cost = min(cost, before[j - 2] + 1)
            row.append(cost)
        before, above = above, row
    return min(above[-1], most + 1)


def _telling(name: str) -> list[str]:
    found = [_SHORT_GENERATIONS.get(word, word) for word in words(name)]
    return [word for word in found if word not in _FORMS_OF_FIRMS] or found


def _paired(first: list[str], second: list[str]) -> list[tuple[float, int, int]]:
    """Which word of one name is which of the other: each once, the surest first."""
    scores = (
        (_alike(a, b), i, j) for (i, a), (j, b) in product(enumerate(first), enumerate(second))
    )
    pairs: list[tuple[float, int, int]] = []
    for score, i, j in sorted((s for s in scores if s[0]), key=lambda s: (-s[0], abs(s[1] - s[2]))):
        if all(i != x and j != y for _, x, y in pairs):
            pairs.append((score, i, j))
    return pairs


def _differ(first: list[str], second: list[str], pairs: list[tuple[float, int, int]]) -> bool:
    """Whether something tells two people apart: another given name, another generation."""
    places = {(i, j) for _, i, j in pairs}
    given = any(i == 0 for i, _ in places) and any(j == 0 for _, j in places)
    # Maria Aparecida is Aparecida to everybody.
    given = (
        given
        or (first[0] in _DOUBLED and (1, 0) in places)
        or (second[0] in _DOUBLED and (0, 1) in places)
    )
    left = {first[i] for i in range(len(first)) if all(i != x for x, _ in places)}
    right = {second[j] for j in range(len(second)) if all(j != y for _, y in places)}
    if left & nicknames.GIVEN and right & nicknames.GIVEN:  # Ana Clara and Ana Júlia are sisters
        return True
    return not given or GENERATIONS.intersection(first) != GENERATIONS.intersection(second)


@lru_cache(maxsize=20_000)
def _alike(a: str, b: str) -> float:
    """How far two words may be one."""
    if a == b:
        return _SAME
    if 1 in {len(a), len(b)}:
        return _INITIAL if a[0] == b[0] else 0.0
    if sound(a) == sound(b):
        return _HEARD
    return _CALLED if _is_called(a, b) else _mistyped(a, b)


def _is_called(a: str, b: str) -> bool:
    return any(_are_of_one_family(x, y) for x in (a, *_plain(a)) for y in (b, *_plain(b)))


def _are_of_one_family(a: str, b: str) -> bool:
    a, b = sound(a), sound(b)
    return a == b or not _FAMILIES.get(a, frozenset()).isdisjoint(_FAMILIES.get(b, frozenset()))


def _plain(small: str) -> Iterator[str]:
    """Yields the names of which a diminutive is made.

    These are paula of paulinha, marcos of marquinhos, luiz of luizinho, ze of zezinho.
    """
    for ending in (r"z?inh([oa]?s?)$", r"inh([oa]?s?)$"):
        if (found := re.search(ending, small)) and found.start() > 1:
            stem = re.sub("qu$", "c", small[: found.start()])
            yield from (stem, stem + found[1])


def _mistyped(a: str, b: str) -> float:
    """Likely where one letter is wrong, less so where two are.

    Never between two names that people bear.
    """
    short, long = sorted((a, b), key=len)
    if {a, b} <= nicknames.GIVEN or _is_of_the_other_sex(short, long):
        return 0.0
    wrong = distance(a, b, 2)
    if wrong == 1 and len(short) > 3:
        return _TYPED
    return _TWICE if wrong == 2 and len(short) > 6 else 0.0


def _is_of_the_other_sex(short: str, long: str) -> bool:
    """Paulo and Paula, Daniel and Daniela: one letter apart, and never one person."""
    return long in {f"{short}a", f"{short[:-1]}a"} and short[-1] in "olrsz"


def _without_marks(text: str) -> str:
    """Compatibility forms resolved; accents, emoji selectors and invisible characters gone."""
    decomposed = unicodedata.normalize("NFKD", text)
    return "".join(c for c in decomposed if unicodedata.category(c) not in {"Mn", "Me", "Cf"})


def _families() -> dict[str, frozenset[int]]:
    """In which families of nicknames each name stands."""
    found: dict[str, set[int]] = {}
    for number, line in enumerate(nicknames.FAMILIES):
        for name in line.split():
            found.setdefault(sound(name), set()).add(number)
    return {name: frozenset(lines) for name, lines in found.items()}


_SOUNDS = tuple(
    (re.compile(pattern), heard)
    for pattern, heard in (
        (
            (
                r"(?<=gon)c(?=al)|(?<=en)c(?=[ao]$)|(?<=[dtr][oa]n)c(?=a$)"
                r"|(?<=gra)c(?=a$)|(?<=[aeiu])c(?=ao$)"
            ),
            "s",
        ),  # ç
        (r"(?<=un)c(?=ao$)", "s"),
        (r"ph", "f"),
        (r"sch|sh", "x"),
        (r"ch(?=[rl])", "k"),
        (r"ch", "x"),
        (r"lh", "li"),
        (r"nh", "ni"),
        (r"h", ""),
        (r"y", "i"),
        (r"ee", "i"),
        (r"oo", "u"),
        (r"(.)\1+", r"\1"),
        (r"[sx]c(?=[ei])", "s"),
        (r"c(?=[ei])", "s"),
        (r"c?qu(?=[ei])|c?q|ck", "k"),
        (r"c(?=t)|p(?=t)|(?<=^i)g(?=n)", ""),
        (r"[cq]", "k"),
        (r"g(?=[ei])", "j"),
        (r"gu(?=[ei])", "g"),
        (r"j[ei](?=[ao])", "j"),
        (r"z", "s"),
        (r"ei(?=[ao])", "e"),
        (r"ei(?=[rx])", "e"),
        (r"ou", "o"),
        (r"e(?=[ao])", "i"),
        (r"o(?=[aei])", "u"),
        (r"w(?=[^aeiou]|$)", "u"),
        (r"w|^u(?=[aeio])", "v"),
        (r"l(?=[^aeiou]|$)", "u"),
        (r"m(?=[^aeiou]|$)", "n"),
        (r"^s(?=[^aeiou])", "es"),
        (r"^fi(?=li)", "fe"),
        (r"dt$", "t"),
        (r"d$|(?<=ua)n$", ""),
        (r"ie$|e$", "i"),
        (r"(?<=[bfgjkptv])$", "i"),
        (r"o(?=s?$)", "u"),
        (r"(.)\1+", r"\1"),
    )
)
_FAMILIES = _families()
