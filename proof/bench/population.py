"""Synthetic people of a provider's CRM, from a seed.

Names are as frequent as in Brazil, and numbers are as clerks write them.
"""

from __future__ import annotations

import random
import unicodedata
from collections.abc import Iterator
from itertools import accumulate

from widget.domain.model import Ref
from widget.emulator.crm.documents import any_cnpj, any_cpf, bare

# How many of a thousand people bear it, roughly as the census tells; the others have rare ones.
GIVEN = """
maria 58 josé 28 ana 22 joão 18 antônio 14 francisco 9 carlos 8 paulo 7 pedro 7 lucas 7 luiz 6 \
luís 4 marcos 6
gabriel 6 rafael 5 daniel 5 marcelo 4 bruno 4 eduardo 4 felipe 4 raimundo 4 rodrigo 4 manoel 3 \
mateus 3 andré 3
fernando 3 fábio 3 leonardo 3 gustavo 3 guilherme 3 leandro 3 tiago 3 thiago 2 anderson 3 \
ricardo 3 márcio 3 jorge 3
sebastião 3 alexandre 3 roberto 3 edson 3 diego 3 vítor 3 sérgio 3 cláudio 2 matheus 2 adriana 5 \
juliana 5 márcia 5
fernanda 5 patrícia 5 aline 4 sandra 4 camila 4 amanda 4 bruna 4 jéssica 4 letícia 4 júlia 4 \
luciana 4 vanessa 4
mariana 4 gabriela 3 vera 3 vitória 3 larissa 3 cláudia 3 beatriz 3 rita 3 luana 3 sônia 3 \
renata 3 eliane 3 josefa 3
simone 3 natália 3 cristiane 3 carla 3 débora 3 rosângela 3 jaqueline 3 rosa 3 daniela 3 marlene 3 \
terezinha 3
"""
SURNAMES = """
silva 105 santos 75 oliveira 50 souza 40 pereira 33 ferreira 30 lima 26 costa 24 rodrigues 23 \
alves 22 sousa 18
nascimento 17 araújo 15 ribeiro 15 almeida 14 jesus 13 barbosa 12 gomes 12 martins 11 carvalho 11 \
soares 10 lopes 10
rocha 9 vieira 9 mendes 8 dias 8 fernandes 8 nunes 8 batista 8 moreira 7 freitas 7 cardoso 7 \
ramos 7 marques 7
machado 7 teixeira 6 andrade 6 gonçalves 6 santana 6 correia 5 cavalcante 5 reis 5 castro 5 \
pinto 5 monteiro 5
moura 5 borges 5 conceição 5 bezerra 4 campos 4 melo 4 cunha 4 farias 4 miranda 4 garcia 4 sales 3 \
nogueira 3
"""
# Of these the rare ones are made: many names, few people each.
BEGINNINGS = """
ad al ar bel ben ber cla cle cri dal dar del ede edi eli elo fab fer gil gra hel iv jan jo jus ker \
lau leo lin luc mar
mel mir nat nel nil odi ol os pri quin ram ren ros sal sil sol tai tel val van vil wal wil yas zan \
zel zil
"""
GIVEN_ENDS = """
ana andra ânia ciana dete diane eide elma erson eu ice ilda ilene ilson ina inaldo ino ione ita \
iton ivan lania mara
milson naldo neia nilda nora omar on ondes osmar ren rilene ton vaine vânia viano wagner yson zete
"""
SURNAME_ENDS = """
alini anelli anini ardi artti asco azzi bach berger ckmann egatti ellato elotto ermann etti evicz \
ezini gnoli hauser
iani icki inger ini iolo ivski kowski latto lmann meier nardo nelli oldi onatto orski otto owicz \
reiter rini schmann
sen stein tini uzzi vedo wald wicz zanella zatto zini zonni
"""
FIRMS = (
    "Mercado",
    "Padaria",
    "Oficina",
    "Clínica",
    "Transportes",
    "Auto Peças",
    "Escola",
    "Construtora",
    "Hotel",
)
PARTICLES = ("", "", "", "", "da ", "de ", "dos ")
CODES = ("49", "48", "47", "51", "54", "55", "11", "21", "41", "62", "81", "85")
MASKS = (
    "({0}) {1}-{2}",
    "{0}{1}{2}",
    "({0}){1}-{2}",
    "{0} {1}-{2}",
    "55{0}{1}{2}",
    "+55 {0} {1}-{2}",
    "0{0}{1}{2}",
)
DOMAINS = ("gmail.example", "hotmail.example", "serranet.example", "yahoo.example")
LEADS = 3  # of five people; the others are clients


def population(count: int, seed: int) -> Iterator[tuple[str, dict[str, str]]]:
    """Yields ``count`` people, each as (source, row of the CRM).

    They come one at a time, and are always the same for one seed.
    """
    maker = _Maker(seed)
    numbers = {
        Ref.LEAD: 0,
        Ref.CLIENT: 0,
    }
    for place in range(count):
        source = Ref.LEAD if place % 5 < LEADS else Ref.CLIENT
        numbers[source] += 1
        yield source, maker.lead(numbers) if source == Ref.LEAD else maker.client(numbers)


class _Maker:
    """Makes rows by chance."""

    def __init__(self, seed: int) -> None:
        self._chance = random.Random(seed)
        self._given, self._surnames = _Names(GIVEN, GIVEN_ENDS), _Names(SURNAMES, SURNAME_ENDS)

    def lead(self, numbers: dict[str, int]) -> dict[str, str]:
        """One in ten belongs to a client."""
        name = self._name()
        client = (
            str(self._chance.randint(1, numbers[Ref.CLIENT] + 1))
            if self._chance.random() < 0.1
            else "0"
        )
        return {
            "id": str(numbers[Ref.LEAD]),
            "nome": name,
            "cnpj_cpf": self._document(0.3),
            "email": self._email(name),
            "fone_whatsapp": self._phone(0.6),
            "fone_celular": self._phone(0.9),
            "id_cliente": client,
            "id_responsavel": "3",
            "id_filial": "1",
            "id_candidato_tipo": "2",
            "lead": "S",
            **self._times(),
        }

    def client(self, numbers: dict[str, int]) -> dict[str, str]:
        """One in twelve is a firm."""
        is_firm = self._chance.random() < 1 / 12
        name = self._firm() if is_firm else self._name()
        return {
            "id": str(numbers[Ref.CLIENT]),
            "razao": name,
            "fantasia": name if is_firm else "",
            "cnpj_cpf": any_cnpj(self._chance, letters=False) if is_firm else self._document(1.0),
            "email": self._email(name),
            "telefone_celular": self._phone(0.95),
            "fone": self._phone(0.3),
            "whatsapp": self._phone(0.5),
            "crm": self._chance.choice("SNN"),
            "cidade": "4",
            "filial_id": "1",
            "responsavel": "2",
            **self._times(),
        }

    def _name(self) -> str:
        chance = self._chance
        given = [self._given.one(chance) for _ in range(chance.choice((1, 1, 2)))]
        surnames = [
            chance.choice(PARTICLES) + self._surnames.one(chance)
            for _ in range(chance.choice((1, 2, 2, 3)))
        ]
        name = " ".join([*given, *surnames])
        return name.upper() if chance.random() < 0.3 else name

    def _firm(self) -> str:
        return f"{self._chance.choice(FIRMS)} {self._surnames.one(self._chance)} LTDA"

    def _document(self, share: float) -> str:
        if self._chance.random() >= share:
            return ""
        document = any_cpf(self._chance)
        return bare(document) if self._chance.random() < 0.3 else document

    def _email(self, name: str) -> str:
        chance = self._chance
        plain = (
            unicodedata.normalize("NFD", name.split(maxsplit=1)[0])
            .encode("ascii", "ignore")
            .decode()
            .lower()
        )
        return (
            f"{plain}{chance.randrange(10**6)}@{chance.choice(DOMAINS)}"
            if chance.random() < 0.6
            else ""
        )

    def _phone(self, share: float) -> str:
        """A mobile with ninth digit or without; one in nine is a landline."""
        chance = self._chance
        if chance.random() >= share:
            return ""
        number = f"{chance.choice('66777888999'[:9] + '23')}{chance.randrange(10**7):07}"
        ninth = "9" if number[0] in "6789" and chance.random() < 0.7 else ""
        return chance.choice(MASKS).format(chance.choice(CODES), ninth + number[:4], number[4:])

    def _times(self) -> dict[str, str]:
        chance = self._chance
        made = f"20{chance.randint(12, 25)}-{chance.randint(1, 12):02}-{chance.randint(1, 28):02}"
        return {
            "data_cadastro": made,
            "ultima_atualizacao": f"2026-{chance.randint(1, 11):02}-11 10:00:00",
        }


class _Names:
    """Frequent names and rare ones."""

    def __init__(self, frequent: str, ends: str) -> None:
        words = frequent.split()
        self._known = [name.capitalize() for name in words[::2]]
        self._until = [*accumulate(map(int, words[1::2]))]
        self._beginnings, self._ends = BEGINNINGS.split(), ends.split()

    def one(self, chance: random.Random) -> str:
        if chance.randrange(1000) < self._until[-1]:
            return chance.choices(self._known, cum_weights=self._until)[0]
        middle = chance.choice(("", "", "e", "i", "o"))
        return (chance.choice(self._beginnings) + middle + chance.choice(self._ends)).capitalize()
