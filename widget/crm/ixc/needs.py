"""What the panel needs of a base: resources to read and to write, and columns."""

from __future__ import annotations

from widget.crm.port import Need

NEEDS = (
    Need(
        "contato",
        ("nome", "cnpj_cpf", "email", "fone_celular", "fone_whatsapp", "id_responsavel", "obs"),
        ("external_id", "external_system", "id_prospeccao", "ultima_atualizacao"),
    ),
    Need(
        "cliente",
        ("razao", "cnpj_cpf", "email", "telefone_celular", "whatsapp", "crm"),
        ("ultima_atualizacao",),
    ),
    Need(
        "crm_negociacoes",
        ("descricao", "id_cliente", "id_contato", "id_funil", "id_estagio", "status", "obs"),
        ("id_plano_negocio", "id_responsavel", "substatus"),
    ),
    Need("crm_funil", ("funil",), has_rows=True),
    Need("crm_negociacoes_estagios", ("estagio", "id_funil"), has_rows=True),
    Need("funcionarios", ("funcionario",), ("email", "ativo"), has_rows=True),
    Need("usuarios", ("email", "funcionario"), ("status",), has_rows=True),
    Need("filial", ("razao",), ("fantasia",), has_rows=True),
    Need("crm_planos_negociacoes", ("descricao",), is_spared=True),
    Need("crm_prospeccao_anotacoes", ("anotacao", "id_responsavel", "data"), is_spared=True),
    Need("crm_historico", ("descricao", "data"), is_spared=True),
    Need("crm_substatus", ("descricao",), is_spared=True),
    Need("crm_tipo_candidato", ("tipo",), is_spared=True),
    Need("cidade", ("nome", "uf"), is_spared=True),
    Need("uf", ("sigla",), is_spared=True),
)
