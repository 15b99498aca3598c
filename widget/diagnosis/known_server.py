"""What can be found on our own side.

It concerns options, storage, worker, what is on its way, the index, and the consoles.
"""

from __future__ import annotations

from collections.abc import Mapping

from widget.diagnosis import places
from widget.diagnosis.known import By, Known, bad, good, later, unsure
from widget.domain.texts import mark

SESSION = "VNC-101"

SERVER: Mapping[str, Known] = {
    "skipped": later(mark("Não foi conferido: um elo antes deste está quebrado.")),
    "check-broken": unsure(
        mark("Esta conferência não terminou por um erro do painel."),
        mark("Envie o pacote de suporte a quem mantém o painel."),
        places.SERVER,
        By.INTEGRATOR,
        "VNC-500",
    ),
    "settings-ok": good(mark("As opções estão certas.")),
    "no-crm": unsure(
        mark("Nenhum CRM está conectado ao painel."),
        mark("Conecte o CRM; sem nenhum, só a demonstração funciona."),
        places.INTEGRATIONS,
        By.INTEGRATOR,
        "VNC-122",
    ),
    "settings-wrong": bad(
        mark("As opções não podem ser usadas: %(mistakes)s"),
        mark("Corrija as linhas indicadas e inicie o servidor de novo."),
        places.OPTIONS,
        By.INTEGRATOR,
    ),
    "settings-off": unsure(
        mark("A integração está desligada: nada é lido nem gravado."),
        mark("Ligue a integração quando puder; o que espera será enviado."),
        places.OPTIONS,
        By.INTEGRATOR,
        "VNC-211",
    ),
    "keys-open": unsure(
        mark("Outros usuários da máquina podem ler as chaves: %(files)s."),
        mark("Tire a permissão dos outros (chmod 600)."),
        places.DATA,
        By.INTEGRATOR,
    ),
    "storage-ok": good(
        mark("Há %(free)s livres; o arquivo está inteiro; gravar no disco leva %(ms)s ms.")
    ),
    "storage-new": later(
        mark("Nada foi guardado ainda: o arquivo será criado quando o servidor iniciar.")
    ),
    "storage-full": bad(
        mark("O disco do painel está cheio: nada mais pode ser guardado."),
        mark("Libere espaço; nada precisa ser reiniciado."),
        places.DATA,
        By.INTEGRATOR,
        "VNC-302",
    ),
    "storage-low": unsure(
        mark("Restam só %(free)s no disco do painel."),
        mark("Libere espaço antes que acabe."),
        places.DATA,
        By.INTEGRATOR,
        "VNC-302",
    ),
    "storage-read-only": bad(
        mark("O painel não pode escrever em %(path)s."),
        mark("Dê ao usuário do servidor o direito de escrever na pasta e nos arquivos dela."),
        places.DATA,
        By.INTEGRATOR,
        "VNC-303",
    ),
    "storage-lost": bad(
        mark("O arquivo %(path)s sumiu da pasta de dados, e com ele o que foi aceito."),
        mark(
            "Traga o arquivo de volta ou restaure a cópia: server.py restore ARQUIVO. Do zero: "
            "server.py run --new."
        ),
        places.DATA,
        By.INTEGRATOR,
        "VNC-307",
    ),
    "storage-damaged": bad(
        mark("O arquivo %(path)s está danificado."),
        mark("Restaure a última cópia de segurança: server.py restore ARQUIVO."),
        places.DATA,
        By.INTEGRATOR,
        "VNC-304",
    ),
    "storage-locked": bad(
        mark("Outro programa segura o arquivo %(path)s."),
        mark("Encerre o outro programa e não deixe o backup da máquina travar este arquivo."),
        places.DATA,
        By.INTEGRATOR,
        "VNC-305",
    ),
    "storage-failing": bad(
        mark("O arquivo %(path)s não pode ser usado."),
        mark("Veja o registro do servidor e o disco."),
        places.DATA,
        By.INTEGRATOR,
        "VNC-301",
    ),
    "storage-slow": unsure(
        mark("Gravar no disco leva %(ms)s ms: cada salvar espera por isso."),
        mark("Ponha a pasta de dados em um disco local mais rápido."),
        places.DATA,
        By.INTEGRATOR,
    ),
    "server-absent": unsure(
        mark("O servidor do painel não está rodando."),
        mark("Inicie o servidor do painel."),
        places.SERVER,
        By.INTEGRATOR,
    ),
    "worker-ok": good(mark("O trabalhador que envia o que foi guardado está vivo.")),
    "worker-dead": bad(
        mark("O servidor roda, mas o trabalhador que envia o que foi guardado parou."),
        mark("Reinicie o servidor do painel; nada se perde."),
        places.SERVER,
        By.INTEGRATOR,
        "VNC-202",
    ),
    "writes-none": good(mark("Nada espera para ser enviado ao CRM.")),
    "writes-moving": good(mark("A caminho do CRM: %(count)s; a mais antiga há %(minutes)s min.")),
    "writes-stuck": unsure(
        mark("A caminho do CRM: %(count)s; a mais antiga espera há %(minutes)s min (%(why)s)."),
        mark("Corrija primeiro o elo quebrado desta lista; o que espera segue sozinho."),
        places.PENDING,
        By.INTEGRATOR,
    ),
    "writes-for-a-person": unsure(
        mark("Gravações que precisam de uma pessoa: %(count)s (%(why)s)."),
        mark("Abra a conversa e resolva o que está marcado como seu."),
        places.PENDING,
        By.ATTENDANT,
    ),
    "index-off": later(mark("O índice de pessoas está desligado.")),
    "index-ok": good(mark("Pessoas no índice: %(count)s; ele acompanha o CRM.")),
    "index-filling": unsure(mark("O índice está sendo preenchido: %(done)s de %(total)s pessoas.")),
    "index-paused": unsure(
        mark("O índice parou de ser preenchido (%(why)s)."),
        mark("Corrija primeiro o elo quebrado desta lista; o índice segue sozinho."),
        places.SERVER,
        By.INTEGRATOR,
    ),
    "index-damaged": unsure(
        mark("O arquivo do índice de pessoas não pode ser usado."),
        mark("Reinicie o servidor: ele é feito de novo a partir do CRM."),
        places.DATA,
        By.INTEGRATOR,
        "VNC-304",
    ),
    "console-ok": good(mark("O último contexto do console chegou há %(minutes)s min.")),
    "console-none": later(mark("Nenhum console abriu o painel ainda.")),
    "origins-ok": good(mark("Podem abrir o painel: %(origins)s.")),
    "origins-none": bad(
        mark("Nenhum endereço pode abrir o painel: em todo console ele fica em branco."),
        mark("Informe o endereço do console, por exemplo https://chat.provedor.example."),
        places.PARENTS,
        By.INTEGRATOR,
    ),
    "origin-refused": bad(
        mark("Um console em %(origin)s tentou abrir o painel e não pode."),
        mark("Se este console é seu, acrescente o endereço dele."),
        places.PARENTS,
        By.INTEGRATOR,
    ),
    "signature-wrong": bad(
        mark("O console (%(host)s) assina com outra chave: o painel não abre."),
        mark(
            "Registre de novo no console o endereço que a página Consoles mostra; um console que "
            "assina usa a chave que está ali."
        ),
        places.CONSOLE,
        By.INTEGRATOR,
        SESSION,
    ),
    "clock-off": bad(
        mark(
            "O relógio deste servidor está %(minutes)s min diferente do relógio do console "
            "(%(host)s)."
        ),
        mark("Acerte o relógio que estiver errado com NTP."),
        places.CLOCK,
        By.INTEGRATOR,
        SESSION,
    ),
    "start-expired": unsure(
        mark("O console (%(host)s) abriu o painel com um início vencido há %(minutes)s min."),
        mark("Recarregue a página do console; se repetir, confira por que ele guarda o início."),
        places.CONSOLE,
        By.ATTENDANT,
        SESSION,
    ),
    "start-wrong": bad(
        mark("O início que o console (%(host)s) envia não é de um painel Vínculo, ou falta."),
        mark("Registre o painel de novo com o endereço de server.py start-url."),
        places.CONSOLE,
        By.INTEGRATOR,
        SESSION,
    ),
    "context-wrong": unsure(
        mark("O console (%(host)s) abriu o painel sem conversa ou sem atendente."),
        mark(
            "Abra uma conversa; se repetir, confira o tipo de console com que o painel foi "
            "registrado."
        ),
        places.CONSOLE,
        By.ATTENDANT,
        "VNC-102",
    ),
}
