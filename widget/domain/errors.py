"""Every error of the product: status, code, a sentence for the attendant, one for support.

VinculoError
├── Unauthorised          who is asking is not proven (or no longer)
├── Forbidden             the attendant's department may not do this; ``action`` says what
├── NotPaired             neither the console nor this browser proves who the attendant is
├── NotConnected          no CRM is connected to this console's account
├── Foreign               a page of another site sent it
├── TooMany               more people were looked up, or codes tried, than anybody does who works
├── NotFound              no such thing for this conversation
├── Invalid               a form has mistakes; ``fields`` says which
├── Stale                 what the form was typed against has changed
│   ├── AlreadySaved      the form was saved before with other words
│   ├── Conflict          a record holds ``theirs`` instead of what was shown
│   └── Duplicate         the CRM has a person like this already
├── TooLarge              more was sent than any form holds
├── StorageFailed         our own file could not take it; nothing was accepted
│   └── DiskFull · ReadOnly · Damaged · Locked · Lost
├── Unsure                our own file cannot even be read: nobody can say whether it was accepted
└── CRMError              the CRM behind us
    ├── Unreachable           no connection: certainly nothing was done there
    ├── OutcomeUnknown        sent, no usable answer: nobody knows yet whether it was done
    ├── Unexpected            it answered, but not in its protocol (HTML, cut JSON, ...)
    │   └── Incomplete            rows that it announces do not come
    ├── Busy                  it asks us to wait (429)
    ├── CredentialsRefused · AddressRefused · Misconfigured   the token; our address; the URL
    ├── ResourceUnavailable   a table is not released on this base
    ├── PermissionDenied      the token's user may not do this
    ├── Illegible             a column came unreadable: writing it back would destroy it
    ├── Rejected              a business rule said no; ``messages`` are the CRM's own words
    ├── NotThere              it said that it saved, and does not show it
    ├── Belated               it had refused what is there all the same
    ├── Outdated              it shows a record as it was before our own last change
    ├── TooSlow               no time or no place left to ask it: surely nothing was done
    └── SwitchedOff           the integration is switched off
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from widget.domain.texts import mark
from widget.domain.trouble import (
    AddressRefused,
    Belated,
    Busy,
    CredentialsRefused,
    CRMError,
    Illegible,
    Incomplete,
    Misconfigured,
    NotThere,
    OutcomeUnknown,
    Outdated,
    PermissionDenied,
    Rejected,
    ResourceUnavailable,
    SwitchedOff,
    TooSlow,
    Unexpected,
    Unreachable,
    VinculoError,
)

__all__ = [
    "AddressRefused",
    "AlreadySaved",
    "Belated",
    "Busy",
    "CRMError",
    "Conflict",
    "CredentialsRefused",
    "Damaged",
    "DiskFull",
    "Duplicate",
    "Forbidden",
    "Foreign",
    "Illegible",
    "Incomplete",
    "Invalid",
    "Locked",
    "Lost",
    "Misconfigured",
    "NotConnected",
    "NotFound",
    "NotPaired",
    "NotThere",
    "OutcomeUnknown",
    "Outdated",
    "PermissionDenied",
    "ReadOnly",
    "Rejected",
    "ResourceUnavailable",
    "Stale",
    "StorageFailed",
    "SwitchedOff",
    "TooLarge",
    "TooMany",
    "TooSlow",
    "Unauthorised",
    "Unexpected",
    "Unreachable",
    "Unsure",
    "VinculoError",
]


class Unauthorised(VinculoError):
    """The start token or panel token is missing, forged or out of date.

    ``why`` is a word of the arrivals for the diagnosis. ``issued`` is when the console says it
    signed (epoch seconds), 0 where nothing proves that.
    """

    status = 401
    code = "VNC-101"
    sentence = mark("A sessão deste painel terminou. O que você digitou continua aqui.")
    advice = mark("Continue a sessão e salve de novo.")

    def __init__(self, detail: str = "", *, why: str = "start", issued: float = 0.0) -> None:
        super().__init__(detail)
        self.why = why
        self.issued = issued


class NotFound(VinculoError):
    """It does not exist, or does not belong to this conversation's contact."""

    status = 404
    code = "VNC-102"
    sentence = mark("Isto não existe mais, ou não é deste contato.")
    advice = mark("Volte ao contato e escolha de novo.")


class Forbidden(VinculoError):
    """The attendant's department may not do this; ``action`` names it, untranslated."""

    status = 403
    code = "VNC-120"
    sentence = mark("Seu departamento não tem permissão para isto.")
    advice = mark("Quem administra o painel pode liberar em Atendentes, Departamentos.")

    def __init__(self, action: str, department: str = "") -> None:
        super().__init__(f"{action} in {department or 'no department'}")
        self.action, self.department = action, department


class NotPaired(VinculoError):
    """The attendant is not proven; no data of the CRM is shown."""

    status = 403
    code = "VNC-121"
    sentence = mark("O painel ainda não sabe quem é você.")
    advice = mark("Digite o código que recebeu de quem administra o painel.")


class NotConnected(VinculoError):
    """The console's account has no CRM."""

    status = 503
    code = "VNC-122"
    sentence = mark("Nenhum CRM está ligado a este console.")
    advice = mark("Quem administra o painel liga um em Integrações e o escolhe em Consoles.")


class Foreign(VinculoError):
    """A page of another site sent it; nothing was done."""

    status = 403
    code = "VNC-124"
    sentence = mark("Este pedido veio de uma página que não é do painel. Nada foi feito.")
    advice = mark("Abra o painel por dentro do console.")


class TooMany(VinculoError):
    """More than anybody needs who works: it is no work, or something runs wild.

    Nothing was looked up.
    """

    status = 429
    code = "VNC-123"
    sentence = mark("Consultas demais em pouco tempo.")
    advice = mark(
        "Espere um minuto e tente de novo; se isto atrapalha o trabalho, avise quem administra o "
        "painel."
    )


class Invalid(VinculoError):
    """A form has mistakes."""

    status = 422
    code = "VNC-103"
    sentence = mark("Confira os campos marcados.")
    advice = ""

    def __init__(self, fields: dict[str, str]) -> None:
        super().__init__(", ".join(sorted(fields)))
        self.fields = fields


class Stale(VinculoError):
    """The link of the conversation changed after the form was drawn."""

    status = 409
    code = "VNC-104"
    sentence = mark(
        "O contato desta conversa mudou depois que este formulário foi aberto. Nada foi salvo."
    )
    advice = mark("Confira quem é o contato antes de salvar.")


class AlreadySaved(Stale):
    """The first words of this form are in the CRM; what was changed in it afterwards is not."""

    code = "VNC-106"
    sentence = mark(
        "Isto já estava salvo no CRM, como foi escrito antes. O que você mudou depois não foi "
        "enviado."
    )
    advice = mark("Confira o que está lá. Salvar de novo cria outro registro com o texto de agora.")


class Conflict(Stale):
    """Somebody changed the record.

    ``theirs`` tells for each column in conflict what stands there now.
    """

    code = "VNC-107"
    sentence = mark("Isto mudou no CRM depois que o formulário foi aberto. Nada foi salvo.")
    advice = mark("Confira o que está lá e salve de novo.")

    def __init__(self, theirs: Mapping[str, str]) -> None:
        super().__init__(", ".join(sorted(theirs)))
        self.theirs = dict(theirs)

    @property
    def said(self) -> object:
        """What brings the error back later."""
        return self.theirs


class Duplicate(Stale):
    """What was to be made may be there already; ``found`` tells what, as far as is known."""

    def __init__(self, said: object = "", found: object = None) -> None:
        super().__init__(said)
        self.found = found

    code = "VNC-108"
    sentence = mark("Alguém com estes dados já está no CRM. O contato não foi criado.")
    advice = mark("Confira os parecidos; se for outra pessoa, salve de novo.")


class TooLarge(VinculoError):
    """The body is larger than anything that could be meant."""

    status = 413
    code = "VNC-105"
    sentence = mark("O texto é grande demais; nada foi salvo.")
    advice = mark("Encurte e salve de novo.")


class StorageFailed(VinculoError):
    """Our own file could not take it: nothing was accepted.

    ``remedy`` is for whoever keeps the server.
    """

    status = 507
    code = "VNC-301"
    sentence = mark(
        "O painel não conseguiu guardar no disco; nada foi ao CRM. O que você digitou continua na "
        "tela."
    )
    advice = mark("Copie o que digitou antes de fechar e passe o código ao suporte.")
    remedy: ClassVar[str] = ""


class DiskFull(StorageFailed):
    """There is no room for it."""

    code = "VNC-302"
    sentence = mark(
        "O disco do painel está cheio; nada foi ao CRM. O que você digitou continua na tela."
    )
    advice = mark("Avise o suporte: falta espaço no servidor do painel. Depois salve de novo.")
    remedy = "make room on the disk; nothing needs to be started anew"


class Lost(StorageFailed):
    """The file is gone, or an empty one stands in its place.

    Beginning anew would lose what was accepted.
    """

    code = "VNC-307"
    sentence = mark(
        "O arquivo do painel sumiu; nada foi ao CRM. O que você digitou continua na tela."
    )
    advice = mark(
        "Avise o suporte: é preciso trazer o arquivo de volta ou restaurar a cópia. Depois salve "
        "de novo."
    )
    remedy = (
        "put it back, or a backup: server.py restore FILE; to begin with nothing: server.py run "
        "--new"
    )


class Unsure(VinculoError):
    """Our own file cannot be read: it is unknown whether the form was accepted before."""

    status = 507
    code = "VNC-306"
    sentence = mark(
        "O painel não consegue ver agora se isto já foi guardado. O que você digitou continua na "
        "tela."
    )
    advice = mark("Salve de novo em um minuto: o que já estava guardado não vai duas vezes.")

    def __init__(self, failure: StorageFailed) -> None:
        super().__init__(f"{failure.code} {failure}")
        self.messages = (failure.code,)


class ReadOnly(StorageFailed):
    """The file or its folder may not be written, or is gone."""

    code = "VNC-303"
    sentence = mark(
        "O painel não pode escrever no seu disco; nada foi ao CRM. O que você digitou continua na "
        "tela."
    )
    advice = mark(
        "Avise o suporte: o painel precisa poder escrever na sua pasta de dados. Depois salve de "
        "novo."
    )
    remedy = (
        "the data folder and the files in it must be there and writable for the user that runs "
        "the server"
    )


class Damaged(StorageFailed):
    """The file is not what SQLite wrote."""

    code = "VNC-304"
    sentence = mark(
        "O arquivo do painel está danificado; nada foi ao CRM. O que você digitou continua na tela."
    )
    advice = mark(
        "Avise o suporte: é preciso restaurar a cópia de segurança. Depois salve de novo."
    )
    remedy = "put a backup back: server.py restore FILE"


class Locked(StorageFailed):
    """Another process holds the file for longer than we wait."""

    code = "VNC-305"
    sentence = mark(
        "O arquivo do painel está ocupado; nada foi ao CRM. O que você digitou continua na tela."
    )
    advice = mark("Salve de novo em um minuto; se repetir, avise o suporte.")
    remedy = "another program holds the file; end it, and let no backup software lock it"
