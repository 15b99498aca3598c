"""Names as Brazil writes, hears and shortens them: folded, cut into words, heard, compared; nothing is rewritten."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from itertools import product

PARTICLES = frozenset({"da", "das", "de", "di", "do", "dos", "du", "e"})
# Father and son bear one name but for these.
GENERATIONS = frozenset({"filho", "filha", "junior", "jr", "neto", "neta", "segundo", "sobrinho", "sobrinha"})
_SHORT_GENERATIONS = {"jr": "junior", "jnr": "junior", "sob": "sobrinho"}
# What a firm may write after its name or not.
_FORMS_OF_FIRMS = frozenset({"ltda", "me", "mei", "epp", "eireli", "sa", "cia", "slu"})

# One family of names a line: each may stand for each other of its line.
_NICKNAMES = """
    jose ze zeca zezinho zezin
    francisco chico chiquinho kiko
    francisca chica chiquinha
    eduardo edu dudu duda
    eduarda duda
    roberto beto robertinho
    alberto beto
    humberto beto
    carlos carlinhos cacau
    antonio toninho tonho toni tonico
    joao joaozinho jota
    luis luisinho lula
    maria mariazinha maricota
    fernando nando
    fernanda nanda fe
    ronaldo naldo
    reginaldo naldo
    sebastiao tiao bastiao
    sebastiana tiana bastiana
    rafael rafa
    rafaela rafa
    gabriel biel gabi
    gabriela gabi bibi
    isabel bel isa
    isabela bela isa
    daniel dani
    daniela dani
    beatriz bia
    mariana mari
    marina mari
    leticia le leti
    leonardo leo
    leandro leo
    alexandre xande ale alex
    alexandra xanda ale
    alessandra ale sandra
    patricia pati
    cristina cris tina
    cristiane cris
    cristiano cris
    ricardo ricardinho rick cadu
    augusto guto
    gustavo guga guto
    guilherme gui guilherminho
    felipe lipe felipinho
    filomena filo
    aparecida cida cidinha
    geraldo gera geraldinho
    terezinha tere teca
    teresa tere teca
    conceicao ceica
    raimundo mundinho raimundinho
    manoel mane manu neco
    manuela manu
    pedro pedrinho
    paulo paulinho
    marcelo celo marcelinho
    vinicius vini
    vitor vitinho
    vitoria vivi
    viviane vivi
    carolina carol
    caroline carol
    juliana ju juju
    julia ju juju
    camila mila cami
    luciana lu
    luisa lu
    lucia lu
    natalia nati nat
    tatiana tati
    renata re
    benedito dito
    expedito dito
    joaquim quim quincas
    domingos mingo
    severino bio biu
    edson edinho
    wanderlei wando vando
    samuel samuca
    tiago ti
    catarina cata
    elisabete bete beth
    margarida guida
    rosangela rosa
    valdemar dema
    adriana dri
    adriano dri
    debora deb
    matias mati
    mateus teus
    valeria val
    valdir val
"""  # ours: only what Brazilians would say without thinking

_SAME, _HEARD, _TYPED, _CALLED, _INITIAL, _TWICE = 1.0, 0.97, 0.92, 0.85, 0.7, 0.85
_ANOTHER = 0.5  # what names reach at most when something in them tells two people apart


def fold(text: str) -> str:
    """Text without accents, case and superfluous blanks, to compare and to search in."""
    folded = _without_marks(_without_marks(text).casefold())  # folding case can bring new marks, and the reverse
    return " ".join(folded.split())


def words(name: str) -> tuple[str, ...]:
    """The folded words of a name in their order, without particles and apostrophes."""
    found = re.findall(r"\w+", re.sub(r"['’´`]", "", fold(name)))
    return tuple(word for word in found if word not in PARTICLES)


@lru_cache(maxsize=20_000)
def sound(word: str) -> str:
    """How a Brazilian hears a folded word: equal for luis and luiz, wagner and vagner, giovana and geovanna."""
    for pattern, heard in _SOUNDS:
        word = pattern.sub(heard, word)
    return word


def similarity(a: str, b: str) -> float:
    """How far two full names may be one person's, 0 to 1: in any order, with errors, nicknames and a surname more.

    Names that tell two people apart, such as father and son, reach one half at most.
    """
    first, second = _telling(a), _telling(b)
    if not first or not second:
        return 0.0
    if sorted(first) == sorted(second):
        return _SAME
    pairs = _paired(first, second)
    few, many = sorted((len(first), len(second)))
    alike = sum(score for score, _, _ in pairs)
    score = alike / few * (1 - 0.1 * (many - few)) if len(pairs) == few else alike / many
    return min(score, _ANOTHER) if _differ(first, second, pairs) else score


def distance(a: str, b: str, most: int) -> int:
    """How many letters are wrong, missing, too many or swapped with their neighbour; ``most`` + 1 for more."""
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
    scores = ((_alike(a, b), i, j) for (i, a), (j, b) in product(enumerate(first), enumerate(second)))
    pairs: list[tuple[float, int, int]] = []
    for score, i, j in sorted((s for s in scores if s[0]), key=lambda s: (-s[0], abs(s[1] - s[2]))):
        if all(i != x and j != y for _, x, y in pairs):
            pairs.append((score, i, j))
    return pairs


def _differ(first: list[str], second: list[str], pairs: list[tuple[float, int, int]]) -> bool:
    """Whether something tells two people apart: another given name, another generation, too little in common."""
    given = any(i == 0 for _, i, _ in pairs) and any(j == 0 for _, _, j in pairs)
    generation = GENERATIONS.intersection(first) == GENERATIONS.intersection(second)
    whole = [pair for pair in pairs if min(len(first[pair[1]]), len(second[pair[2]])) > 1]
    return not (given and generation and len(whole) > 1)


@lru_cache(maxsize=20_000)
def _alike(a: str, b: str) -> float:
    """How far two words may be one."""
    if a == b:
        return _SAME
    if 1 in {len(a), len(b)}:
        return _INITIAL if a[0] == b[0] else 0.0
    if sound(a) == sound(b):
        return _HEARD
    if _FAMILIES.get(sound(a), frozenset()) & _FAMILIES.get(sound(b), frozenset()):
        return _CALLED
    shorter = min(len(a), len(b))
    wrong = distance(a, b, 2)
    if wrong == 1 and shorter > 3:
        return _TYPED
    return _TWICE if wrong == 2 and shorter > 6 else 0.0


def _without_marks(text: str) -> str:
    """Compatibility forms resolved; accents, emoji selectors and invisible characters gone."""
    decomposed = unicodedata.normalize("NFKD", text)
    return "".join(c for c in decomposed if unicodedata.category(c) not in {"Mn", "Me", "Cf"})


def _families() -> dict[str, frozenset[int]]:
    """In which lines of nicknames each name stands."""
    found: dict[str, set[int]] = {}
    for number, line in enumerate(_NICKNAMES.strip().splitlines()):
        for name in line.split():
            found.setdefault(sound(name), set()).add(number)
    return {name: frozenset(lines) for name, lines in found.items()}


_SOUNDS = tuple(
    (re.compile(pattern), heard)
    for pattern, heard in (
        (r"(?<=gon)c(?=al)|(?<=en)c(?=[ao]$)|(?<=[dtr][oa]n)c(?=a$)|(?<=gra)c(?=a$)|(?<=[aeiu])c(?=ao$)", "s"),  # ç
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
