"""The provider's house: the firm, four branches, twelve employees and their users.

One more user has no employee.
"""

from widget.emulator.crm.documents import cnpj, cpf
from widget.emulator.crm.sales import Records

ANA, RUI = "1", "2"
INTEGRATION_USER = "7"  # whose token the emulator takes unless told otherwise
BRANCHES = (
    "Chapecó",
    "Xanxerê",
    "Concórdia",
    "Xaxim",
)  # the place is the id of the branch and of its city
_FIRST_USER = 21  # so that a user's id is never an employee's
_EMPLOYEES = (
    ("Ana Souza", "ana.souza", 1),
    ("Rui Matos", "rui.matos", 2),
    ("Bruna Kessler", "bruna.kessler", 1),
    ("Caio Bortoluzzi", "caio.bortoluzzi", 1),
    ("Débora Antunes", "debora.antunes", 2),
    ("Everton Simões", "everton.simoes", 3),
    ("Fabiana Zanella", "fabiana.zanella", 3),
    ("Gustavo Röhrig", "gustavo.rohrig", 4),
    ("Heloísa Pacheco", "heloisa.pacheco", 4),
    ("Ivan Dall'Agnol", "ivan.dallagnol", 1),
    ("Joice Mendonça", "joice.mendonca", 2),
    ("Kleber Vieira", "kleber.vieira", 1),
)
_LEFT = "Kleber Vieira"  # the one who no longer works here


def staff() -> Records:
    """Every record of the house as (table, values)."""
    firm = {
        "razao": "Serra Net Telecomunicações LTDA",
        "fantasia": "Serra Net Telecom",
        "cnpj": cnpj("407718250001"),
    }
    contact = {
        "telefone": "(49) 3300-4400",
        "email": "contato@serranet.example",
        "site": "www.serranet.example",
    }
    yield (
        "empresa",
        {
            **firm,
            **contact,
            "cidade": "1",
        },
    )
    for place, city in enumerate(BRANCHES, start=1):
        yield "filial", _branch(place, city)
    yield (
        "usuarios",
        _user(INTEGRATION_USER, "Integração", "integracao@serranet.example", "0") | _WEBSERVICE,
    )
    for place, (name, mail, branch) in enumerate(_EMPLOYEES, start=1):
        yield "funcionarios", _employee(place, name, mail, branch)
        yield (
            "usuarios",
            _user(str(_FIRST_USER + place - 1), name, f"{mail}@serranet.example", str(place)),
        )
    yield (
        "usuarios",
        _user(str(_FIRST_USER + len(_EMPLOYEES)), "Téo Lima", "teo.lima@serranet.example", "0"),
    )


_WEBSERVICE = {
    "acesso_webservice": "S",
    "tipo_acesso": "W",
}


def _branch(place: int, city: str) -> dict[str, str]:
    return {
        "id": str(place),
        "razao": f"Serra Net Telecomunicações LTDA - {city}",
        "fantasia": f"Serra Net {city}",
        "cnpj": cnpj(f"40771825{place:04}"),
        "cidade": str(place),
        "id_empresa": "1",
        "telefone": f"(49) 3300-44{place:02}",
        "email": f"filial{place}@serranet.example",
        "bairro": "Centro",
        "nfe_senha": "segredo-da-nota",
        "token_rdstation": "segredo-de-marketing",
    }


def _employee(place: int, name: str, mail: str, branch: int) -> dict[str, str]:
    return {
        "id": str(place),
        "funcionario": name,
        "email": f"{mail}@serranet.example",
        "filial_id": str(branch),
        "fone_celular": f"(49) 98800-01{place:02}",
        "cpf_cnpj": cpf(f"7712034{place:02}"),
        "ativo": "N" if name == _LEFT else "S",
        "cidade": str(branch),
        "cor_mapa": "#4f86c6",
    }


def _user(record: str, name: str, email: str, employee: str) -> dict[str, str]:
    return {
        "id": record,
        "nome": name,
        "email": email,
        "funcionario": employee,
        "id_grupo": "2",
        "status": "I" if name == _LEFT else "A",
        "senha": f"{int(record):064x}",
    }
