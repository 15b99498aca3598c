"""The places of the set-up pages in their order, and what a page says after something was done."""

from __future__ import annotations

from dataclasses import dataclass

from flask import request

from widget.domain.texts import mark


@dataclass(frozen=True)
class Place:
    """A page by its blueprint, whose view ``show`` it is."""

    page: str
    label: str


PLACES = (
    Place("integrations", mark("Integrações")),
    Place("attendants", mark("Atendentes")),
    Place("departments", mark("Departamentos")),
    Place("consoles", mark("Consoles")),
    Place("diagnosis", mark("Diagnóstico")),
    Place("data", mark("Dados pessoais")),
    Place("people", mark("Acesso")),
)
SAID = {
    "changed": mark("Senha trocada. As outras sessões terminaram."),
    "added": mark("Integração criada. Os servidores já a usam."),
    "saved": mark("Integração salva. Os servidores já usam o que mudou."),
    "deleted": mark("Integração excluída."),
    "kept": mark("Salvo; vale a partir de agora."),
    "gone": mark("Removido."),
    "renewed": mark("Chave trocada: registre o novo endereço no console."),
    "stays": mark("Você mesmo, e o último administrador, não podem ser removidos."),
    "revoked": mark("Revogado: o navegador não prova mais quem é."),
    "made": mark("Departamento criado."),
    "dissolved": mark("Departamento dissolvido; seus atendentes estão agora sem departamento."),
    "out": mark("Você saiu."),
}


def said() -> str:
    """What was done by the form before this page, named in its address; "" for nothing."""
    return SAID.get(request.args.get("said", ""), "")
