"""The root of all errors, and those about the CRM behind us.

Errors.py shows the whole tree and has the rest.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar

from widget.domain.texts import gettext, mark


class VinculoError(Exception):
    """What we raise on purpose.

    ``str()`` is for support; the attendant sees ``sentence``, translated where shown.
    """

    status: ClassVar[int] = 500
    code: ClassVar[str] = "VNC-500"
    sentence: ClassVar[str] = mark(
        "Algo deu errado aqui no painel. O que você digitou continua guardado."
    )
    advice: ClassVar[str] = mark("Tente de novo; se repetir, passe o código ao suporte.")

    @property
    def said(self) -> object:
        """What brings the error back later."""
        return str(self)


class CRMError(VinculoError):
    """Something about the CRM.

    ``answered``: it is what the CRM, or something before it, said to a request.
    """

    status = 502
    code = "VNC-200"
    answered: bool = False


class Unreachable(CRMError):
    """No connection was made, so nothing was done there."""

    status = 503
    code = "VNC-201"
    sentence = mark("O CRM está fora do ar. O que você digitou continua aqui.")
    advice = mark("Tente de novo em instantes.")


class OutcomeUnknown(CRMError):
    """A write went out and no usable answer came back."""

    status = 504
    code = "VNC-202"
    sentence = mark("O CRM não confirmou se salvou. O que você digitou continua aqui.")
    advice = mark("Salve de novo: antes de enviar, o painel confere se já está lá.")


class Unexpected(CRMError):
    """An answer outside the protocol."""

    code = "VNC-203"
    sentence = mark("O CRM respondeu de um jeito que não se entende.")
    advice = mark("Tente de novo em instantes; se repetir, avise quem cuida do CRM.")


class Busy(CRMError):
    """The CRM limits how often it may be asked; certainly nothing was done.

    ``after`` so many seconds, if it says.
    """

    status = 503
    code = "VNC-204"
    sentence = mark("O CRM pediu para esperar um pouco.")
    advice = mark("Tente de novo em um minuto.")
    after = 0.0


class CredentialsRefused(CRMError):
    """The token is wrong, old, or its user is inactive."""

    code = "VNC-205"
    answered = True
    sentence = mark("O CRM não aceitou o token do painel.")
    advice = mark("Avise quem configurou a integração: o token precisa ser gerado de novo.")


class AddressRefused(CRMError):
    """Our address is not among the networks allowed for the token's user group."""

    code = "VNC-206"
    answered = True
    sentence = mark("O CRM não permite acesso a partir deste servidor.")
    advice = mark("Avise quem cuida do CRM: o IP do painel falta em Redes permitidas.")


class Misconfigured(CRMError):
    """The address answers, but is not the CRM's webservice."""

    code = "VNC-207"
    sentence = mark("O endereço do CRM parece errado.")
    advice = mark("Avise quem configurou a integração: confira a URL.")


class ResourceUnavailable(CRMError):
    """The webservice does not release this table on this base."""

    code = "VNC-208"
    answered = True
    sentence = mark("Este CRM não liberou esse recurso para o painel.")
    advice = mark("Avise quem cuida do CRM: o recurso pode ser liberado pelo suporte da IXC.")

    def __init__(self, resource: str) -> None:
        super().__init__(resource)
        self.resource = resource


class PermissionDenied(CRMError):
    """The token's user lacks a right in the CRM."""

    status = 403
    code = "VNC-209"
    answered = True
    sentence = mark("O usuário do token não tem permissão para isto no CRM.")
    advice = mark("Avise quem cuida do CRM: falta permissão no grupo do usuário Webservice.")

    def __init__(self, message: str = "") -> None:
        super().__init__(message)
        self.messages = (message,) if message else ()


class Rejected(CRMError):
    """The CRM refused the record; ``messages`` are its own words, without markup."""

    status = 422
    code = "VNC-210"
    answered = True
    sentence = mark("O CRM não aceitou.")
    advice = ""

    def __init__(self, messages: Iterable[str]) -> None:
        self.messages = tuple(messages)
        super().__init__(" / ".join(self.messages))

    @property
    def said(self) -> object:
        """What brings the error back later."""
        return list(self.messages)


class SwitchedOff(CRMError):
    """The integration is switched off: nothing is asked and nothing accepted."""

    status = 503
    code = "VNC-211"
    sentence = mark("A integração com o CRM está desligada. Nada foi salvo.")
    advice = mark(
        "Quem configurou a integração pode ligá-la; o que já estava guardado será enviado."
    )


class TooSlow(CRMError):
    """Others hold every place, or the screen has waited long enough; certainly nothing was done."""

    status = 503
    code = "VNC-212"
    sentence = mark("O CRM está demorando demais agora.")


class Incomplete(Unexpected):
    """Rows that it announces do not come, or do not end; what came is not all there is."""

    code = "VNC-221"
    announced = 0
    sentence = mark("O CRM não mostrou tudo o que tem: não dá para saber o que falta.")
    advice = mark("Tente de novo em instantes; se repetir, avise quem cuida do CRM.")


class Illegible(CRMError):
    """Columns nobody touched came unreadable: the whole record, written back, would destroy them.

    Nothing was sent.
    """

    status = 422
    code = "VNC-222"
    sentence = mark(
        "Há texto neste registro que o CRM não deixa ler. Gravar o registro o destruiria; nada "
        "foi salvo."
    )
    advice = mark("Corrija a coluna no próprio CRM, ou avise quem cuida dele, e salve de novo.")

    def __init__(self, columns: Iterable[str]) -> None:
        self.columns = tuple(columns)
        super().__init__(", ".join(self.columns))

    @property
    def messages(self) -> tuple[str, ...]:
        """What is to be mended, in the CRM's own words."""
        return (
            gettext(
                "Veio ilegível do CRM, e gravar o registro o destruiria: %(columns)s.", columns=self
            ),
        )

    @property
    def said(self) -> object:
        """What brings the error back later."""
        return list(self.columns)


class NotThere(CRMError):
    """The CRM said that it saved, and does not show it; ``said`` is the number that it named."""

    code = "VNC-213"
    sentence = mark("O CRM respondeu que salvou, mas não mostra o que foi salvo.")
    advice = mark("Confira no CRM antes de salvar de novo, e avise quem cuida dele.")

    def __init__(self, number: str = "") -> None:
        super().__init__(number)
        self.number = number

    @property
    def messages(self) -> tuple[str, ...]:
        """What happened, with the number to look for."""
        if not self.number:
            return ()
        said = gettext(
            "O CRM respondeu que salvou com o nº %(number)s, mas não mostra isso lá.",
            number=self.number,
        )
        return said, gettext(self.advice)


class Belated(CRMError):
    """What the CRM had refused is there all the same; ``number`` is its number."""

    code = "VNC-215"
    sentence = mark("O CRM tinha recusado isto, mas gravou mesmo assim.")
    advice = mark("Confira o que está lá antes de salvar de novo.")


class Outdated(CRMError):
    """A record is shown as it was before our own last change: a copy that lags behind.

    Nothing was sent.
    """

    code = "VNC-214"
    sentence = mark("O CRM ainda mostra este registro como era antes da última gravação.")
    advice = mark("O painel espera e grava sozinho.")
