"""What can be found between here and the CRM.

It concerns address, name, connection, certificate, and who answers there.
"""

from __future__ import annotations

from collections.abc import Mapping

from widget.diagnosis import places
from widget.diagnosis.known import By, Known, bad, good, unsure
from widget.domain.texts import mark

UNREACHABLE, STRANGE, BUSY, ADDRESS = "VNC-201", "VNC-203", "VNC-204", "VNC-207"

LINK: Mapping[str, Known] = {
    "address-ok": good(mark("O webservice será procurado em %(url)s.")),
    "address-empty": bad(
        mark("Nenhum endereço do CRM foi informado."),
        mark("Informe o endereço do IXC, por exemplo https://ixc.provedor.example."),
        places.SETTINGS,
        By.INTEGRATOR,
        ADDRESS,
    ),
    "address-wrong": bad(
        mark("%(url)s não é um endereço da web."),
        mark("Copie o endereço da barra do navegador com o IXC aberto."),
        places.SETTINGS,
        By.INTEGRATOR,
        ADDRESS,
    ),
    "address-private": bad(
        mark(
            "%(host)s é um endereço de rede interna (%(address)s) e esta integração não pode "
            "usá-los."
        ),
        mark(
            "Se o CRM fica mesmo na rede interna, um administrador precisa permitir isso na "
            "integração."
        ),
        places.SETTINGS,
        By.INTEGRATOR,
        UNREACHABLE,
    ),
    "name-ok": good(mark("%(host)s é %(address)s.")),
    "name-unresolved": bad(
        mark("O nome %(host)s não existe para este servidor."),
        mark(
            "Confira se o endereço está escrito certo; se estiver, peça que o nome seja criado no "
            "DNS."
        ),
        places.SETTINGS,
        By.INTEGRATOR,
        UNREACHABLE,
    ),
    "name-service-silent": bad(
        mark("O serviço de nomes não respondeu quando se perguntou por %(host)s."),
        mark("Confira o DNS que este servidor usa."),
        places.NAMES,
        By.NETWORK,
        UNREACHABLE,
    ),
    "connection-ok": good(mark("%(address)s, porta %(port)s, atendeu em %(ms)s ms.")),
    "connection-refused": bad(
        mark("%(address)s recusou a conexão na porta %(port)s: nada escuta ali."),
        mark("Confira a porta no endereço e se o servidor web do CRM está ligado."),
        places.SETTINGS,
        By.CRM,
        UNREACHABLE,
    ),
    "connection-silent": bad(
        mark("%(address)s, porta %(port)s, não respondeu em %(seconds)s s."),
        mark("Libere no firewall o caminho deste servidor até o CRM."),
        places.NETWORK,
        By.NETWORK,
        UNREACHABLE,
    ),
    "tls-ok": good(mark("Certificado válido até %(until)s, emitido por %(issuer)s.")),
    "tls-own": good(
        mark("Certificado conferido com a autoridade informada; válido até %(until)s.")
    ),
    "tls-none-wanted": unsure(
        mark("O endereço usa http: o token e os dados passam abertos pela rede."),
        mark("Use https, se o CRM oferece."),
        places.SETTINGS,
        By.INTEGRATOR,
    ),
    "tls-soon": unsure(
        mark("O certificado do CRM vence em %(until)s."),
        mark("Renove o certificado antes dessa data."),
        places.WEB_SERVER,
        By.CRM,
    ),
    "tls-expired": bad(
        mark("O certificado do CRM venceu em %(until)s."),
        mark("Renove o certificado."),
        places.WEB_SERVER,
        By.CRM,
        UNREACHABLE,
    ),
    "tls-not-yet": bad(
        mark("O certificado do CRM só vale a partir de %(since)s."),
        mark("Confira o relógio deste servidor e o certificado do CRM."),
        places.CLOCK,
        By.INTEGRATOR,
        UNREACHABLE,
    ),
    "tls-self-signed": bad(
        mark(
            "O certificado do CRM foi assinado por ele mesmo (%(issuer)s): não prova quem responde."
        ),
        mark("Instale um certificado reconhecido, ou informe este certificado como autoridade."),
        places.AUTHORITY,
        By.INTEGRATOR,
        UNREACHABLE,
    ),
    "tls-unknown-authority": bad(
        mark(
            "O certificado do CRM foi emitido por %(issuer)s, que não é reconhecida, ou falta um "
            "intermediário."
        ),
        mark(
            "Envie a cadeia completa no servidor web do CRM, ou informe a autoridade na integração."
        ),
        places.AUTHORITY,
        By.CRM,
        UNREACHABLE,
    ),
    "tls-wrong-name": bad(
        mark("O certificado é de %(names)s, mas o endereço é %(host)s."),
        mark("Use no endereço um nome que está no certificado."),
        places.SETTINGS,
        By.INTEGRATOR,
        UNREACHABLE,
    ),
    "tls-authority-unreadable": bad(
        mark("A autoridade certificadora informada não pode ser lida."),
        mark("Informe um arquivo PEM, que começa com BEGIN CERTIFICATE."),
        places.AUTHORITY,
        By.INTEGRATOR,
        ADDRESS,
    ),
    "tls-absent": bad(
        mark("A porta %(port)s atende, mas não fala TLS (https)."),
        mark("Use a porta de https no endereço, ou http:// se o CRM só fala assim."),
        places.SETTINGS,
        By.INTEGRATOR,
        UNREACHABLE,
    ),
    "tls-old": bad(
        mark("O CRM só oferece uma versão de TLS que não é mais segura."),
        mark("Ative TLS 1.2 ou mais novo."),
        places.WEB_SERVER,
        By.CRM,
        UNREACHABLE,
    ),
    "tls-reset": bad(
        mark("A conexão foi cortada durante a negociação de TLS."),
        mark("Procure um firewall ou antivírus que inspeciona https e libere este caminho."),
        places.NETWORK,
        By.NETWORK,
        UNREACHABLE,
    ),
    "tls-silent": bad(
        mark("A porta %(port)s aceitou a conexão, mas não respondeu à negociação de TLS."),
        mark("Confira se esta é a porta de https do CRM."),
        places.SETTINGS,
        By.NETWORK,
        UNREACHABLE,
    ),
    "tls-wanted": bad(
        mark("A porta %(port)s só aceita https, e o endereço usa http."),
        mark("Troque http:// por https:// no endereço."),
        places.SETTINGS,
        By.INTEGRATOR,
        ADDRESS,
    ),
    "http-ok": good(mark("Um servidor web respondeu (%(status)s) em %(ms)s ms.")),
    "http-absent": bad(
        mark("O que atende na porta %(port)s não é um servidor web."),
        mark("Confira a porta no endereço."),
        places.SETTINGS,
        By.INTEGRATOR,
        UNREACHABLE,
    ),
    "http-reset": bad(
        mark("A conexão foi cortada antes da resposta."),
        mark("Procure um firewall ou proxy entre este servidor e o CRM."),
        places.NETWORK,
        By.NETWORK,
        UNREACHABLE,
    ),
    "too-slow": bad(
        mark("O CRM não respondeu em %(seconds)s s; o máximo configurado é %(wait)s s."),
        mark("Veja por que o CRM está lento; só se for o normal dele, aumente o tempo máximo."),
        places.WAIT,
        By.CRM,
        "VNC-212",
    ),
    "body-cut": bad(
        mark("A resposta veio cortada (%(size)s bytes)."),
        mark(
            "Procure um proxy com limite de tamanho ou de tempo; se não houver, fale com quem "
            "cuida do CRM."
        ),
        places.NETWORK,
        By.NETWORK,
        STRANGE,
    ),
    "body-spoiled": bad(
        mark(
            "O CRM responde, mas com outro texto antes ou depois da resposta, como um aviso do PHP."
        ),
        mark(
            "Peça a quem cuida do CRM que desligue no servidor dele a exibição de avisos do PHP "
            "(display_errors)."
        ),
        places.SUPPORT,
        By.CRM,
        STRANGE,
    ),
    "body-empty": bad(
        mark("O CRM respondeu %(status)s sem nada dentro."),
        mark("Repita em instantes; se continuar, fale com quem cuida do CRM."),
        places.SUPPORT,
        By.CRM,
        STRANGE,
    ),
    "sign-in-page": bad(
        mark(
            "Em vez do CRM respondeu uma página de login de outro sistema (proxy ou portal da "
            "rede)."
        ),
        mark("Libere este servidor no proxy, sem login, para o endereço do CRM."),
        places.NETWORK,
        By.NETWORK,
        STRANGE,
    ),
    "other-site": bad(
        mark("Neste endereço responde outro site, não o IXC."),
        mark("Confira o endereço: é o mesmo com que se entra no IXC?"),
        places.SETTINGS,
        By.INTEGRATOR,
        STRANGE,
    ),
    "elsewhere": bad(
        mark("O endereço manda para outro lugar: %(location)s."),
        mark("Use na integração o endereço final."),
        places.SETTINGS,
        By.INTEGRATOR,
        STRANGE,
    ),
    "path-absent": bad(
        mark("O servidor existe, mas não conhece /webservice/v1 (404)."),
        mark(
            "Confira se o endereço é o do IXC, e não o do site ou da central do assinante em "
            "outro servidor."
        ),
        places.SETTINGS,
        By.INTEGRATOR,
        ADDRESS,
    ),
    "path-panel": bad(
        mark("Respondeu a tela de login do IXC, não o webservice."),
        mark("Peça a quem cuida do CRM que publique /webservice/v1 neste endereço."),
        places.SETTINGS,
        By.CRM,
        STRANGE,
    ),
    "path-ok": good(mark("É o webservice do IXC, em /webservice/v1.")),
    "crm-error-page": bad(
        mark("O IXC respondeu a página de erro dele (%(status)s)."),
        mark("Repita em instantes; se continuar, abra um chamado com o horário deste teste."),
        places.SUPPORT,
        By.CRM,
        STRANGE,
    ),
    "gateway": bad(
        mark("O servidor web do CRM respondeu %(status)s: o IXC atrás dele não respondeu a tempo."),
        mark("Veja a carga do servidor do IXC."),
        places.SUPPORT,
        By.CRM,
        STRANGE,
    ),
    "busy": bad(
        mark("O CRM pediu para esperar (429)."),
        mark(
            "Espere um minuto; se repetir, reduza outras integrações que usam este CRM ou aumente "
            "o limite dele."
        ),
        places.SUPPORT,
        By.CRM,
        BUSY,
    ),
}
