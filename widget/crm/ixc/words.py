"""Our words for IXC's resources and columns, and what each insert holds that nobody fills in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from widget.crm.wire import Verb
from widget.domain.model import Ref

NEGOTIATION, NOTE = "negotiation", "note"
PROSPECT = "prospect"


@dataclass(frozen=True)
class Form:
    """One resource through which records are written.

    ``subject`` is our word for where the record stands, ``form`` tells two forms of one subject
    apart, ``constants`` is what an insert holds always.
    """

    subject: str
    fields: Mapping[str, str]
    form: str = ""
    constants: Mapping[str, str] = field(default_factory=dict)


MARKS = {
    "external_id": "form_key",
    "external_system": "form_system",
}
LEAD = {
    "nome": "name",
    "tipo_pessoa": "legal_form",
    "cnpj_cpf": "document",
    "fone_whatsapp": "whatsapp",
    "fone_celular": "mobile",
    "fone_comercial": "work_phone",
    "fone_residencial": "home_phone",
    "email": "email",
    "id_responsavel": "owner",
    "id_filial": "branch",
    "id_candidato_tipo": "channel",
    "cidade": "city",
    "obs": "remarks",
    "data_cadastro": "created",
    "id_prospeccao": "client",
    **MARKS,
}
CLIENT = {
    "razao": "name",
    "tipo_pessoa": "legal_form",
    "cnpj_cpf": "document",
    "whatsapp": "whatsapp",
    "telefone_celular": "mobile",
    "telefone_comercial": "work_phone",
    "fone": "home_phone",
    "email": "email",
    "responsavel": "owner",
    "filial_id": "branch",
    "id_candato_tipo": "channel",
    "cidade": "city",
    "obs": "remarks",
    "data_cadastro": "created",
    "id_contato_principal": "lead",
    **MARKS,
}
DEAL = {
    "descricao": "title",
    "id_cliente": "client",
    "id_contato": "lead",
    "status": "status",
    "id_funil": "funnel",
    "id_estagio": "stage",
    "id_plano_negocio": "plan",
    "valor_mensal": "monthly",
    "id_responsavel": "owner",
    "id_filial": "branch",
    "cidade_negociacao": "city",
    "considera_endereco_cliente": "at_clients_address",
    "data_inicio": "started",
    "data_vencemos": "won_at",
    "data_perdemos": "lost_at",
    "substatus": "loss_reason",
    "obs": "remarks",
}
ANNOTATION = {
    "anotacao": "text",
    "id_responsavel": "owner",
    "data": "written_at",
    "id_cliente": "client",
    "id_negociacao": "negotiation",
}
# Winning with one of these set to S would make a contract, login, ticket or task. Reference:
# webservice facts 5.2.
NO_SIDE_EFFECTS = {
    "inserir_contrato": "N",
    "inserir_acesso": "N",
    "inserir_atendimento": "N",
    "inserir_tarefa": "N",
}
FORMS = {
    "contato": Form(
        Ref.LEAD,
        LEAD,
        constants={
            "lead": "S",
            "ativo": "S",
            "principal": "N",
            "external_system": "vinculo",
        },
    ),
    "cliente": Form(Ref.CLIENT, CLIENT),
    "crm_canditados": Form(
        Ref.CLIENT,
        CLIENT,
        PROSPECT,
        {
            "crm": "S",
            "status_prospeccao": "C",
            "ativo": "S",
            "external_system": "vinculo",
        },
    ),
    "crm_negociacoes": Form(NEGOTIATION, DEAL, constants=NO_SIDE_EFFECTS),
    "crm_negociacoes_simplificado": Form(NEGOTIATION, DEAL, "won"),
    "crm_negociacoes_perdemos_data": Form(NEGOTIATION, DEAL, "lost"),
    "crm_prospeccao_anotacoes": Form(NOTE, ANNOTATION, constants={"modelo_anotacao": "0"}),
}
RESOURCES = {(form.subject, form.form): resource for resource, form in FORMS.items()}
# What is done, in one word: by verb and subject.
DEEDS = {
    (Verb.INSERT, Ref.LEAD): "contact.create",
    (Verb.INSERT, Ref.CLIENT): "contact.promote",
    (Verb.CHANGE, Ref.LEAD): "contact.update",
    (Verb.CHANGE, Ref.CLIENT): "contact.update",
    (Verb.INSERT, NEGOTIATION): "negotiation.create",
    (Verb.CHANGE, NEGOTIATION): "negotiation.update",
    (Verb.ACT, NEGOTIATION): "negotiation.close",
    (Verb.INSERT, NOTE): "note.add",
}
# A note inside the remarks of a record is a change that is found again by its reference.
REMARK = "note.remark"
MOMENTS = frozenset(("data_cadastro", "data_inicio", "data", "data_vencemos", "data_perdemos"))
