"""The crowd: people made from a seed.

Their phones, documents, dates and remarks have the mess of real bases.
"""

import random
from collections.abc import Iterator

from widget.emulator.crm.documents import any_cnpj, any_cpf, bare
from widget.emulator.crm.names import DISTRICTS, FAMILY, FIRMS, GIVEN, REMARKS, STREETS, TRADES
from widget.emulator.crm.places import SANTA_CATARINA
from widget.emulator.crm.sales import PLANS, REASONS, STAGES, Records

_LEADS, _CLIENTS, _PROSPECTS, _DEALS = 170, 130, 40, 180
_CAST_CLIENTS = 7
_AREAS = ("49", "49", "49", "49", "48", "47", "46", "54", "11")
_LEAD_PHONES = ("fone_residencial", "fone_comercial", "fone_celular", "fone_whatsapp")
_CLIENT_PHONES = ("fone", "telefone_comercial", "telefone_celular", "whatsapp")
_MOBILE_COLUMNS = ("fone_celular", "fone_whatsapp", "telefone_celular", "whatsapp")
# Subscriber numbers of the crowd begin with these; the cast's begin otherwise, so that nobody is
# met by chance.
_MOBILE_STARTS, _LANDLINE_STARTS = "67", "25"


def crowd(chance: random.Random) -> Records:
    """Leads, customers, prospects and their negotiations as (table, values)."""
    clients = [
        _client(chance, prospect=place >= _CLIENTS) for place in range(_CLIENTS + _PROSPECTS)
    ]
    leads = [_lead(chance) for _ in range(_LEADS)]
    _tangle(chance, leads, clients)
    yield from (("cliente", client) for client in clients)
    yield from (("contato", lead) for lead in leads)
    yield from (("contato", contact) for contact in _contacts(chance, clients))
    for place in range(_DEALS):
        yield from _deal(chance, str(_CAST_CLIENTS + 1 + place % len(clients)), 8 + place)


def multitude(chance: random.Random, number: int) -> Records:
    """So many people more, three leads for two clients, with nothing between them.

    Made while they are taken.
    """
    for place in range(number):
        changed = {"ultima_atualizacao": f"{_day(chance)} {_hour(chance)}"}
        if place % 5 < 3:
            yield "contato", _lead(chance) | changed
        else:
            yield "cliente", _client(chance, prospect=place % 10 == 3) | changed


def _lead(chance: random.Random) -> dict[str, str]:
    day = _day(chance)
    return {
        **_person(chance),
        **_phones(chance, _LEAD_PHONES),
        "id_filial": str(chance.choice((0, 1, 1, 2, 3, 4))),
        "id_responsavel": str(chance.randrange(13)),
        "id_candidato_tipo": str(chance.randrange(7)),
        "data_cadastro": chance.choice(
            (f"{day} {_hour(chance)}", f"{day} 00:00:00", "0000-00-00 00:00:00")
        ),
        "data": chance.choice((day, "0000-00-00", "")),
    }


def _client(chance: random.Random, *, prospect: bool) -> dict[str, str]:
    person = _person(chance)
    person["razao"] = person.pop("nome")
    if not prospect and chance.random() < 0.2:  # one in five is a firm
        person |= _firm(chance)
    state = {"crm": chance.choice(("N", "N", ""))}
    if prospect:  # its form demands a city; old customers lack much that theirs demands
        state = {
            "crm": "S",
            "status_prospeccao": chance.choice("CSAN"),
            "cidade": str(chance.randint(1, 4)),
        }
    return {
        **person,
        **_phones(chance, _CLIENT_PHONES),
        **state,
        "filial_id": str(chance.randint(1, 4)),
        "responsavel": str(chance.randrange(13)),
        "ativo": chance.choice("SSSSN"),
        "data_cadastro": chance.choice((_day(chance), "0000-00-00")),
    }


def _person(chance: random.Random) -> dict[str, str]:
    given, families = chance.choice(GIVEN), chance.sample(FAMILY, 2)
    document = any_cpf(chance)
    mail = f"{given}.{families[1]}{chance.randrange(100)}".replace(" ", "").lower()
    return {
        "nome": chance.choice(
            (
                " ".join((given, *families)),
                f"{given} {families[0]}",
                f"{given} {families[1]}".upper(),
            )
        ),
        "tipo_pessoa": "F",
        "cnpj_cpf": chance.choice((document, document, bare(document), "")),
        "email": chance.choice((f"{mail}@example.com", f"{mail}@example.org".upper(), "", "")),
        "data_nascimento": chance.choice(
            (f"19{chance.randint(50, 99)}-{_month_day(chance)}", "0000-00-00", "")
        ),
        "cep": chance.choice(("89801-000", "89820000", "")),
        "endereco": chance.choice(STREETS),
        "numero": str(chance.choice((chance.randint(1, 2400), "S/N", ""))),
        "bairro": chance.choice(DISTRICTS),
        "cidade": str(chance.choice((0, 1, 1, 1, 2, 3, 4, chance.randint(5, 400)))),
        "uf": chance.choice((SANTA_CATARINA, "0")),
        "obs": chance.choice(REMARKS),
    }


def _firm(chance: random.Random) -> dict[str, str]:
    name = f"{chance.choice(TRADES)} {chance.choice(FIRMS)}"
    document = any_cnpj(chance, letters=chance.random() < 0.4)
    written = chance.choice((document, document, bare(document)))
    return {
        "razao": f"{name} LTDA",
        "fantasia": name,
        "tipo_pessoa": "J",
        "cnpj_cpf": written,
    }


def _phones(chance: random.Random, columns: tuple[str, ...]) -> dict[str, str]:
    """One or two of the four phone columns, written as somebody once typed them."""
    chosen = chance.sample(columns, chance.choice((1, 1, 2)))
    return {column: _phone(chance, mobile=column in _MOBILE_COLUMNS) for column in chosen}


def _phone(chance: random.Random, *, mobile: bool) -> str:
    area, rest = chance.choice(_AREAS), f"{chance.randrange(10**7):07}"
    number = f"{chance.choice(_MOBILE_STARTS if mobile else _LANDLINE_STARTS)}{rest}"
    if mobile and chance.random() < 0.8:  # the others were never given their ninth digit
        number = f"9{number}"
    masked = f"({area}) {number[:-4]}-{number[-4:]}"
    bare_forms = (
        f"{area}{number}",
        f"55{area}{number}",
        f"+55 {area} {number[:-4]}-{number[-4:]}",
        f"0{area}{number}",
    )
    return chance.choice(
        (masked, masked, masked, bare_forms[0], bare_forms[0], chance.choice(bare_forms))
    )


def _tangle(
    chance: random.Random, leads: list[dict[str, str]], clients: list[dict[str, str]]
) -> None:
    """Two people on one phone, and one CPF twice, now with mask and now without."""
    for lead, client in zip(leads[:12], clients[:12], strict=True):
        lead["fone_celular"] = client["telefone_celular"] = _phone(chance, mobile=True)
    for lead, client in zip(leads[12:24], clients[12:24], strict=True):
        document = any_cpf(chance)
        client |= {
            "cnpj_cpf": document,
            "tipo_pessoa": "F",
        }
        lead["cnpj_cpf"] = chance.choice((document, bare(document)))


def _contacts(chance: random.Random, clients: list[dict[str, str]]) -> Iterator[dict[str, str]]:
    """A customer's own contact rows: the same person once more, bound by id_cliente."""
    for place in range(24, 54):
        client = clients[place]
        phone = next((client[column] for column in _CLIENT_PHONES if client.get(column)), "")
        yield {
            "nome": client["razao"],
            "lead": "N",
            "principal": "S",
            "id_cliente": str(_CAST_CLIENTS + 1 + place),
            "fone_celular": phone,
            "email": client["email"],
            "data_cadastro": f"{_day(chance)} {_hour(chance)}",
        }


def _deal(chance: random.Random, client: str, record: int) -> Records:
    plan = chance.randrange(len(PLANS))
    funnel = PLANS[plan][4]
    stage = chance.choice(
        [place for place, item in enumerate(STAGES, start=1) if item[0] == funnel]
    )
    day, status = _day(chance), chance.choice("NNNVD")
    owner = str(chance.randint(1, 12))
    deal = {
        "descricao": f"{PLANS[plan][0]} - {chance.choice(DISTRICTS)}",
        "id_cliente": client,
        "id_plano_negocio": str(plan + 1),
        "id_funil": str(funnel),
        "id_estagio": str(stage),
        "valor_mensal": PLANS[plan][2],
        "status": status,
        "id_responsavel": owner,
        "id_filial": str(chance.randint(0, 4)),
        "data_inicio": day,
        **_closing(chance, status, day),
    }
    yield "crm_negociacoes", deal
    if chance.random() < 0.5:
        text = {
            "anotacao": chance.choice(REMARKS[3:]),
            "data": f"{day} {_hour(chance)}",
            "id_responsavel": owner,
        }
        yield (
            "crm_prospeccao_anotacoes",
            {
                **text,
                "id_cliente": client,
                "id_negociacao": str(record),
            },
        )


def _closing(chance: random.Random, status: str, day: str) -> dict[str, str]:
    if status == "V":
        return {
            "data_vencemos": day,
            "data_fechamento": day,
        }
    if status == "D":
        return {
            "data_perdemos": day,
            "data_fechamento": day,
            "substatus": str(chance.randint(1, len(REASONS))),
        }
    return {}


def _day(chance: random.Random) -> str:
    return f"{chance.randint(2019, 2025)}-{_month_day(chance)}"


def _month_day(chance: random.Random) -> str:
    return f"{chance.randint(1, 12):02}-{chance.randint(1, 28):02}"


def _hour(chance: random.Random) -> str:
    return f"{chance.randint(7, 21):02}:{chance.randrange(60):02}:{chance.randrange(60):02}"
