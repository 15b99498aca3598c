"""What can be found inside the CRM.

It concerns the token, our address, resources, fields, times, and the attendants' employees.
"""

from __future__ import annotations

from collections.abc import Mapping

from widget.diagnosis import places
from widget.diagnosis.known import By, Known, bad, good, later, unsure
from widget.domain.texts import mark

TOKEN, ADDRESS, CLOSED, DENIED = "VNC-205", "VNC-206", "VNC-208", "VNC-209"

CRM: Mapping[str, Known] = {
    "token-ok": good(mark("O token tem a forma certa (usuário %(user)s, final %(last)s).")),
    "token-empty": bad(
        mark("Nenhum token foi informado."),
        mark("Gere o token do usuário Webservice no IXC e cole aqui."),
        places.TOKEN,
        By.INTEGRATOR,
        TOKEN,
    ),
    "token-locked": bad(
        mark("O token guardado não pode ser aberto: a chave que o tranca (vault_key) é outra."),
        mark("Traga de volta o arquivo vault_key.txt, ou cole o token de novo."),
        places.TOKEN,
        By.INTEGRATOR,
        TOKEN,
    ),
    "token-blanks": bad(
        mark("O token tem espaços ou quebras de linha."),
        mark("Cole o token de novo, sem espaços."),
        places.TOKEN,
        By.INTEGRATOR,
        TOKEN,
    ),
    "token-encoded": bad(
        mark("O token já foi codificado em Base64."),
        mark("Cole o token como o IXC mostra: número, dois pontos e 64 letras e números."),
        places.TOKEN,
        By.INTEGRATOR,
        TOKEN,
    ),
    "token-shape": bad(
        mark("O token não tem a forma número:código do IXC."),
        mark("Copie o token inteiro da tela do usuário no IXC."),
        places.TOKEN,
        By.INTEGRATOR,
        TOKEN,
    ),
    "accepted": good(mark("O CRM aceitou o token em %(ms)s ms.")),
    "token-refused": bad(
        mark(
            "O CRM não aceitou o token (401): está errado, foi trocado, ou o usuário dele está "
            "inativo."
        ),
        mark(
            "Confira se o usuário está ativo e permite webservice; gere o token de novo e cole "
            "aqui."
        ),
        places.USERS,
        By.INTEGRATOR,
        TOKEN,
    ),
    "token-old": bad(
        mark("O CRM proibiu o acesso (403): o token é de um servidor antigo do IXC."),
        mark("Gere o token de novo no servidor atual."),
        places.USERS,
        By.INTEGRATOR,
        TOKEN,
    ),
    "scheme-refused": bad(
        mark(
            "O CRM não entendeu como o painel se identifica (400): algo no caminho muda o "
            "cabeçalho Authorization."
        ),
        mark("Configure o proxy entre o painel e o CRM para não tocar em Authorization (Basic)."),
        places.NETWORK,
        By.NETWORK,
        "VNC-207",
    ),
    "address-refused": bad(
        mark("O CRM não permite acesso a partir do endereço deste servidor (%(address)s)."),
        mark("Acrescente em Redes permitidas o endereço com que este servidor chega ao CRM."),
        places.NETWORKS,
        By.CRM,
        ADDRESS,
    ),
    "resources-ok": good(mark("Todos os %(count)s recursos estão liberados e podem ser lidos.")),
    "resource-closed": bad(
        mark("O webservice desta base não liberou: %(resources)s."),
        mark("Peça ao suporte da IXC que libere esses recursos no webservice."),
        places.SUPPORT,
        By.CRM,
        CLOSED,
    ),
    "resource-closed-spared": unsure(
        mark("O webservice desta base não liberou: %(resources)s. O painel funciona sem."),
        mark("Peça ao suporte da IXC que libere esses recursos no webservice."),
        places.SUPPORT,
        By.CRM,
        CLOSED,
    ),
    "read-denied": bad(
        mark("O usuário do token não pode ler: %(resources)s."),
        mark("Dê ao grupo do usuário Webservice a permissão de acessar esses formulários."),
        places.GROUPS,
        By.CRM,
        DENIED,
    ),
    "read-denied-spared": unsure(
        mark("O usuário do token não pode ler: %(resources)s. O painel funciona sem."),
        mark("Dê ao grupo do usuário Webservice a permissão de acessar esses formulários."),
        places.GROUPS,
        By.CRM,
        DENIED,
    ),
    "resource-broken": bad(
        mark("O CRM não respondeu direito sobre: %(resources)s (%(what)s)."),
        mark("Repita em instantes; se continuar, abra um chamado com o horário deste teste."),
        places.SUPPORT,
        By.CRM,
        "VNC-203",
    ),
    "write-denied": bad(
        mark("O usuário do token não pode gravar: %(resources)s. O CRM recusou a última gravação."),
        mark(
            "Dê ao grupo do usuário Webservice a permissão de inserir e editar esses formulários."
        ),
        places.GROUPS,
        By.CRM,
        DENIED,
    ),
    "writes-ok": good(mark("As últimas gravações foram aceitas: %(resources)s.")),
    "writes-unknown": later(
        mark("Ainda não se sabe se o token pode gravar: este painel nada gravou ainda.")
    ),
    "fields-ok": good(mark("Os campos de que o painel precisa estão lá.")),
    "fields-unknown": later(mark("Não há registros para conferir os campos de: %(resources)s.")),
    "fields-absent": bad(
        mark("Faltam campos de que o painel precisa: %(fields)s."),
        mark("Mostre esses campos nos formulários do usuário Webservice."),
        places.FORMS,
        By.CRM,
        "VNC-208",
    ),
    "fields-absent-spared": unsure(
        mark("Faltam campos úteis: %(fields)s. O painel funciona sem."),
        mark("Mostre esses campos nos formulários do usuário Webservice."),
        places.FORMS,
        By.CRM,
    ),
    "empty-table": unsure(
        mark(
            "O CRM diz que não há nada em: %(resources)s. Ou está mesmo vazio, ou o usuário do "
            "token não pode ver."
        ),
        mark("Cadastre no IXC, ou tire do usuário Webservice os filtros por vendedor e filial."),
        places.USERS,
        By.CRM,
    ),
    "times-ok": good(
        mark(
            "O CRM responde em %(median)s ms (o mais lento: %(slowest)s ms; o máximo é %(wait)s s)."
        )
    ),
    "times-slow": unsure(
        mark(
            "O CRM responde em %(median)s ms, o mais lento em %(slowest)s ms: perto do máximo de "
            "%(wait)s s."
        ),
        mark("Veja por que o CRM está lento, ou aumente o tempo máximo."),
        places.WAIT,
        By.CRM,
    ),
    "clock-crm-ok": good(
        mark("Este servidor e o do CRM têm a mesma hora (diferença de %(seconds)s s).")
    ),
    "clock-unknown": later(mark("O CRM não diz que horas são.")),
    "clock-crm-off": unsure(
        mark("O relógio deste servidor está %(minutes)s min diferente do relógio do CRM."),
        mark("Acerte o relógio que estiver errado com NTP."),
        places.CLOCK,
        By.INTEGRATOR,
    ),
    "attendants-ok": good(
        mark("Os atendentes vistos por último são funcionários no CRM (%(count)s).")
    ),
    "attendants-none": later(mark("Nenhum atendente abriu o painel ainda.")),
    "attendant-unmapped": unsure(
        mark("Sem funcionário no CRM: %(attendants)s."),
        mark(
            "Cadastre no usuário do IXC o e-mail que o atendente usa no console, com o "
            "funcionário dele."
        ),
        places.STAFF,
        By.CRM,
    ),
}
