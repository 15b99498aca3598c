"""What the API calls its tables.

They are resources with what an insert demands, and the buttons of a negotiation.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from widget.emulator.crm.tables import CLIENTE, CONTATO, TABLES, Table


@dataclass(frozen=True)
class Resource:
    """What the API calls a table.

    `implicit` narrows lists and is set on inserts. One of `reach` must be filled.
    """

    name: str
    table: Table
    required: Mapping[str, str] = field(default_factory=dict)
    reach: tuple[str, ...] = ()
    branch: str = ""
    implicit: Mapping[str, str] = field(default_factory=dict)


# Labels of fields that an insert demands; they make up the CRM's "Preencha <Label>!<br />".
_REQUIRED: Mapping[str, Mapping[str, str]] = {
    "contato": {
        "nome": "Nome",
        "data_cadastro": "Data de cadastro",
    },
    "cliente": {
        "ativo": "Ativo",
        "tipo_pessoa": "Tipo de pessoa",
        "razao": "Razão social/Nome",
        "cnpj_cpf": "CNPJ/CPF",
        "contribuinte_icms": "Contribuinte ICMS",
        "tipo_assinante": "Tipo de assinante",
        "cep": "CEP",
        "endereco": "Endereço",
        "numero": "Número",
        "bairro": "Bairro",
        "cidade": "Cidade",
        "tipo_localidade": "Tipo de localidade",
        "iss_classificacao_padrao": "Classificação ISS padrão",
    },
    "crm_negociacoes": {
        "descricao": "Descrição",
        "id_estagio": "Estágio",
        "status": "Status",
    },
    "crm_prospeccao_anotacoes": {
        "anotacao": "Anotação",
        "id_responsavel": "Responsável",
        "data": "Data",
    },
    "crm_agenda": {
        "assunto": "Assunto",
        "id_responsavel": "Responsável",
        "id_usuario_agenda": "Usuário",
    },
    "crm_funil": {"funil": "Funil"},
    "crm_negociacoes_estagios": {
        "estagio": "Estágio",
        "id_funil": "Funil",
    },
    "crm_planos_negociacoes": {
        "descricao": "Descrição",
        "velocidade": "Velocidade",
    },
    "crm_substatus": {"descricao": "Descrição"},
    "crm_tipo_candidato": {"tipo": "Tipo"},
    "crm_campanha": {"campanha": "Campanha"},
    "vd_contratos": {
        "nome": "Nome",
        "tipo": "Tipo",
    },
    "funcionarios": {
        "funcionario": "Colaborador",
        "filial_id": "Filial",
    },
    "usuarios": {
        "nome": "Nome",
        "email": "E-mail",
    },
}
_PROSPECT = {
    "razao": "Razão social/Nome",
    "status_prospeccao": "Status",
    "tipo_pessoa": "Tipo de pessoa",
    "ativo": "Ativo",
    "cidade": "Cidade",
    "crm": "CRM",
}
_LEAD_REACH = ("fone_residencial", "fone_comercial", "fone_celular", "fone_whatsapp", "email")
_PROSPECT_REACH = ("fone", "telefone_comercial", "telefone_celular", "whatsapp", "email")


def _resource(table: Table) -> Resource:
    required = _REQUIRED.get(table.name, {})
    if table is CONTATO:
        return Resource(table.name, table, required, _LEAD_REACH, branch="id_filial")
    return Resource(table.name, table, required)


RESOURCES: Mapping[str, Resource] = {table.name: _resource(table) for table in TABLES.values()} | {
    "crm_canditados": Resource(
        "crm_canditados",
        CLIENTE,
        _PROSPECT,
        _PROSPECT_REACH,
        branch="filial_id",
        implicit={"crm": "S"},
    )
}
# Buttons of the negotiation's form: (status it leads to, the date it fills).
ACTIONS: Mapping[str, tuple[str, str]] = {
    "crm_negociacoes_simplificado": ("V", "data_vencemos"),
    "crm_negociacoes_perdemos_data": ("D", "data_perdemos"),
}


def table_of(resource: str) -> Table:
    """The physical table that a resource or a button writes to."""
    return RESOURCES[resource].table if resource in RESOURCES else TABLES["crm_negociacoes"]
