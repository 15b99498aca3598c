"""The CRM's tables: their columns, what each column holds, and who hangs on whom."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal, get_args

Kind = Literal["text", "check", "key", "whole", "money", "price", "date", "moment"]
KINDS: tuple[Kind, ...] = get_args(Kind)
NUMERIC: frozenset[Kind] = frozenset({"key", "whole", "money", "price"})
UNSET: Mapping[Kind, str] = {
    "text": "",
    "check": "",
    "key": "0",
    "whole": "0",
    "money": "0.00",
    "price": "0.000000000",
    "date": "0000-00-00",
    "moment": "",
}
READ_ONLY = frozenset({"id", "ultima_atualizacao"})


@dataclass(frozen=True)
class Column:
    """One column: an empty field is stored as the kind's own nothing ("0", "0000-00-00" ...)."""

    name: str
    kind: Kind
    default: str

    @property
    def unset(self) -> str:
        return UNSET[self.kind]


@dataclass(frozen=True)
class Table:
    """A physical table; `dependants` are the (table, column) pairs that forbid a delete."""

    name: str
    title: str
    columns: Mapping[str, Column]
    dependants: tuple[tuple[str, str], ...] = ()

    def named(self, names: Iterable[str]) -> set[str]:
        """Its columns among these names, each `column` or `table.column`."""
        wanted = set(names)
        return {column for column in self.columns if {column, f"{self.name}.{column}"} & wanted}


def _table(name: str, title: str, defaults: str = "", dependants: str = "", **kinds: str) -> Table:
    given = dict(pair.split("=", 1) for pair in defaults.split())
    columns = {"id": Column("id", "key", "0")}
    for kind in KINDS:
        for column in kinds.get(kind, "").split():
            columns[column] = Column(column, kind, given.get(column, UNSET[kind]))
    columns["ultima_atualizacao"] = Column("ultima_atualizacao", "moment", "")
    pairs = [pair.split(".", 1) for pair in dependants.split()]
    return Table(name, title, columns, tuple((table, column) for table, column in pairs))


_ADDRESS = (
    "cep endereco numero bairro complemento referencia latitude longitude moradia tipo_localidade "
    "bloco apartamento"
)

CONTATO = _table(
    "contato",
    "Leads",
    defaults="principal=N tipo_pessoa=F lead=S ativo=S moradia=P tipo_localidade=U cadastro_site=N "
    "tipo_rede=P "
    "status_viabilidade=N origem=outros",
    dependants="crm_negociacoes.id_contato crm_agenda.id_lead",
    text="nome razao tipo_pessoa cnpj_cpf fone_residencial fone_comercial fone_celular "
    "fone_whatsapp email principal "
    "lead ativo skype facebook instagram website email_atendimento cadastro_site "
    "status_viabilidade tipo_rede "
    "velocidade_calculada obs alerta external_id external_system origem identificador "
    "origem_medium origem_campaing "
    f"origem_source {_ADDRESS}",
    key="id_cliente id_fornecedor id_contato_tipo cidade uf id_filial id_responsavel indicado_por "
    "id_candidato_tipo "
    "id_campanha id_concorrente id_perfil id_segmento id_vd_contrato id_condominio id_estagio "
    "id_estagio_anterior "
    "id_prospeccao",
    date="data_nascimento data data_ult_verificacao_viab",
    moment="data_cadastro",
)
CLIENTE = _table(
    "cliente",
    "Clientes",
    defaults="tipo_pessoa=F ativo=S crm=N moradia=P tipo_localidade=U tipo_rede=P tipo_assinante=3 "
    "contribuinte_icms=N iss_classificacao_padrao=99",
    dependants="crm_negociacoes.id_cliente crm_prospeccao_anotacoes.id_cliente contato.id_cliente",
    text="razao fantasia nome_social tipo_pessoa cnpj_cpf ie_identidade fone telefone_comercial "
    "telefone_celular "
    "whatsapp ramal email contato website skype facebook ativo crm status_prospeccao "
    "status_viabilidade tipo_rede "
    "obs senha hotsite_email tipo_assinante contribuinte_icms iss_classificacao_padrao "
    "external_id external_system "
    f"idx Sexo {_ADDRESS}",
    check="alerta cob_envia_email cob_envia_sms",
    key="filial_id cidade uf responsavel id_candato_tipo id_campanha id_concorrente id_perfil "
    "id_segmento id_vendedor "
    "id_conta id_vd_contrato_desejado id_contato_principal substatus_prospeccao indicado_por "
    "id_condominio",
    date="data_cadastro data_nascimento crm_data_novo crm_data_sondagem crm_data_apresentando "
    "crm_data_negociando "
    "crm_data_vencemos crm_data_perdemos prospeccao_ultimo_contato prospeccao_proximo_contato",
)
CRM_NEGOCIACOES = _table(
    "crm_negociacoes",
    "Negociações",
    defaults="status=N origem=outros considera_endereco_cliente=S "
    "auto_viabilidade=N tipo_localidade=U",
    dependants="crm_prospeccao_anotacoes.id_negociacao crm_agenda.id_negociacao",
    text="descricao status obs origem auto_viabilidade status_reserva_rede_neutra "
    "considera_endereco_cliente "
    "cep_negociacao endereco_negociacao numero_negociacao bairro_negociacao complemento_negociacao "
    "referencia_negociacao tipo_localidade autenticacao tipo_conexao_mapa login senha prioridade "
    "menssagem "
    "melhor_horario_reserva assinatura_digital external_id external_system",
    check="alerta inserir_contrato inserir_acesso inserir_atendimento inserir_tarefa",
    key="id_cliente id_contato substatus id_plano_negocio id_plano id_canal_origem id_campanha "
    "id_concorrente "
    "id_perfil id_segmento id_funil id_estagio id_estagio_anterior id_responsavel criado_por "
    "id_filial "
    "cidade_negociacao uf_negociacao id_tipo_cobranca id_modelo_contrato id_contrato id_login "
    "id_integracao id_grupo "
    "id_assunto id_wfl_processo id_tipo_agendamento",
    whole="fidelidade ordem_kanban",
    money="valor_mensal valor_fixo",
    date="data_inicio data_fechamento previsao_fechamento data_vencemos data_perdemos",
    moment="hora_inicio data_reservada",
)
CRM_PROSPECCAO_ANOTACOES = _table(
    "crm_prospeccao_anotacoes",
    "Anotações",
    text="anotacao",
    key="id_responsavel id_cliente id_negociacao modelo_anotacao",
    moment="data",
)
CRM_HISTORICO = _table(
    "crm_historico",
    "Histórico",
    text="tipo descricao",
    key="responsavel id_cliente id_negociacao",
    moment="data",
)
CRM_AGENDA = _table(
    "crm_agenda",
    "Agenda",
    defaults="status=A cliente_crm=N vincular_agenda_usuario=N status_google=N",
    text="assunto descricao status tipo cliente_crm vincular_agenda_usuario local email_convidados "
    "cor cor_texto "
    "id_evento_google status_google",
    check="avisar_popup avisar_email",
    key=(
        "id_cliente id_lead id_negociacao id_tipo_agendamento id_responsavel id_usuario_agenda "
        "id_texto_padrao"
    ),
    moment="hora_inicio hora_fim",
)
CRM_FUNIL = _table(
    "crm_funil",
    "Funis",
    defaults="tipo=negociacao",
    dependants="crm_negociacoes_estagios.id_funil crm_negociacoes.id_funil",
    text="funil cor_mapa tipo",
)
CRM_NEGOCIACOES_ESTAGIOS = _table(
    "crm_negociacoes_estagios",
    "Estágios",
    dependants="crm_negociacoes.id_estagio",
    text="estagio descricao pipe_id_estagio cor_mapa",
    key="id_funil",
    whole="ordem tempo_condicao_1 tempo_condicao_2 tempo_condicao_3 tempo_condicao_4",
)
CRM_PLANOS_NEGOCIACOES = _table(
    "crm_planos_negociacoes",
    "Planos de negociação",
    defaults="ativo=S",
    dependants="crm_negociacoes.id_plano_negocio",
    text="descricao velocidade cor_mapa ativo contem_no_plano nao_contem_no_plano autenticacao "
    "tipo_conexao_mapa "
    "prioridade menssagem",
    check="inserir_contrato inserir_acesso inserir_atendimento inserir_tarefa",
    key="id_campanha id_filial id_funil id_estagio modelo_email id_plano id_tipo_cobranca "
    "id_modelo_contrato id_grupo "
    "id_assunto id_wfl_processo id_tipo_agendamento",
    whole="ordem fidelidade",
    money="valor_mensal valor_fixo desconto_fidelidade",
)
CRM_SUBSTATUS = _table(
    "crm_substatus", "Motivos", dependants="crm_negociacoes.substatus", text="descricao cor_mapa"
)
CRM_TIPO_CANDIDATO = _table(
    "crm_tipo_candidato",
    "Canais de venda",
    defaults="ativo=S",
    dependants="crm_negociacoes.id_canal_origem contato.id_candidato_tipo",
    text="tipo cor_mapa ativo",
)
CRM_CAMPANHA = _table(
    "crm_campanha",
    "Campanhas",
    defaults="status=S",
    text="campanha cor_mapa status",
    date="data_inicio data_termino",
)
VD_CONTRATOS = _table(
    "vd_contratos",
    "Planos de venda",
    defaults="tipo=I Ativo=S tipo_pessoa=T mostrar_na_viabilidade=S limitar_n_logins=S",
    dependants="crm_planos_negociacoes.id_plano",
    text="nome descricao tipo Ativo moeda limitar_n_logins mostrar_na_viabilidade tipo_pessoa",
    key="id_filial id_cidade id_vendedor id_carteira_cobranca id_tipo_documento id_modelo",
    whole="logins_simultaneos fidelidade",
    money="comissao valor_adicional valor_desconto",
    price="valor_contrato",
)
FILIAL = _table(
    "filial",
    "Filiais",
    defaults="ativo=S",
    dependants="contato.id_filial cliente.filial_id crm_negociacoes.id_filial",
    text="ativo razao fantasia cnpj bairro endereco numero cep telefone telefone1 whatsapp email "
    "site cor_mapa "
    "token_rdstation nfe_chave nfe_senha",
    key="id_empresa cidade id_canal_venda_marketing",
)
CIDADE = _table(
    "cidade", "Cidades", dependants="cliente.cidade contato.cidade", text="nome cod_ibge", key="uf"
)
UF = _table("uf", "Estados", dependants="cidade.uf", text="sigla nome")
USUARIOS = _table(
    "usuarios",
    "Usuários",
    defaults="status=A language=Pt-Br template=vg permite_acesso_ixc_mobile=N",
    text="nome email status senha language template imagem permite_acesso_ixc_mobile tipo_acesso",
    check="acesso_webservice crm_filtra_vendedor inmap_filtra_vendedor administrador_kanban",
    key="id_grupo funcionario vendedor_padrao id_caixa",
    date="alter_passwd_date",
)
FUNCIONARIOS = _table(
    "funcionarios",
    "Colaboradores",
    defaults="ativo=S",
    dependants="usuarios.funcionario contato.id_responsavel crm_negociacoes.id_responsavel",
    text="funcionario email fone fone_celular telefone_comercial ramal ativo cor_mapa cpf_cnpj "
    "envia_email_os "
    "envia_sms_os",
    key="filial_id id_conta cidade id_setor_padrao id_funcao id_departamento",
)
EMPRESA = _table(
    "empresa",
    "Empresa",
    text="razao fantasia cnpj telefone email site endereco numero bairro cep",
    key="cidade",
)

TABLES: Mapping[str, Table] = {
    table.name: table
    for table in (
        CONTATO,
        CLIENTE,
        CRM_NEGOCIACOES,
        CRM_PROSPECCAO_ANOTACOES,
        CRM_HISTORICO,
        CRM_AGENDA,
        CRM_FUNIL,
        CRM_NEGOCIACOES_ESTAGIOS,
        CRM_PLANOS_NEGOCIACOES,
        CRM_SUBSTATUS,
        CRM_TIPO_CANDIDATO,
        CRM_CAMPANHA,
        VD_CONTRATOS,
        FILIAL,
        CIDADE,
        UF,
        USUARIOS,
        FUNCIONARIOS,
        EMPRESA,
    )
}
