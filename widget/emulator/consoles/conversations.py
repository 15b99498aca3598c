"""The demo console's twelve conversations.

The people are invented, one for each case that the panel must know.
"""

from dataclasses import dataclass, field
from typing import Literal

Channel = Literal["Channel::Whatsapp", "Channel::WebWidget", "Channel::Email"]
By = Literal["person", "attendant", "note"]


@dataclass(frozen=True)
class Attendant:
    """Who works in the console.

    `employee` is False for one whose CRM user has no employee behind it.
    """

    id: int
    name: str
    email: str
    employee: bool = True


@dataclass(frozen=True)
class Inbox:
    """Where a conversation came in."""

    id: int
    name: str
    channel: Channel


@dataclass(frozen=True)
class Message:
    """One bubble; `minutes` says how long before the page was opened it was written."""

    by: By
    minutes: int
    text: str
    author: Attendant | None = None


@dataclass(frozen=True)
class Talk:
    """One conversation.

    `contact` says what the console knows of the person: all, all but late, or nothing.
    """

    id: int
    name: str
    inbox: Inbox
    messages: tuple[Message, ...]
    phone: str | None = None
    email: str | None = None
    attributes: dict[str, str] = field(default_factory=dict)
    contact: Literal["known", "late", "missing"] = "known"
    unread: int = 0

    @property
    def initials(self) -> str:
        """Two letters at most; none when the name is a number or not there."""
        words = [word[0] for word in self.name.split() if word[0].isalpha()]
        return "".join(words[:1] + words[1:][-1:]).upper()

    @property
    def icon(self) -> str:
        return self.inbox.channel.removeprefix("Channel::").lower()


ANA = Attendant(1, "Ana Souza", "ana.souza@serranet.example")
RUI = Attendant(2, "Rui Matos", "rui.matos@serranet.example")
TEO = Attendant(3, "Téo Lima", "teo.lima@serranet.example", employee=False)
ATTENDANTS = (ANA, RUI, TEO)

WHATSAPP = Inbox(1, "WhatsApp Comercial", "Channel::Whatsapp")
SITE = Inbox(2, "Chat do site", "Channel::WebWidget")
MAIL = Inbox(3, "E-mail comercial", "Channel::Email")


def asks(minutes: int, text: str) -> Message:
    return Message("person", minutes, text)


def says(minutes: int, text: str, author: Attendant = ANA) -> Message:
    return Message("attendant", minutes, text, author)


def notes(minutes: int, text: str, author: Attendant = RUI) -> Message:
    return Message("note", minutes, text, author)


# The order is the display id and the order on the screen: the newest talk first.
TALKS = (
    Talk(
        1,
        "Marina",
        WHATSAPP,
        (
            asks(34, "Oi! Vi o anúncio da fibra de 600 mega. Vocês atendem no Efapi?"),
            says(
                31,
                "Oi, Marina! Atendemos sim. Pode me passar a rua e o número para eu conferir a "
                "viabilidade?",
            ),
            asks(29, "Rua Barra do Rio dos Cedros, 210. É casa, de esquina."),
            notes(22, "Conferido no mapa: CTO 12 a 80 m, duas portas livres."),
            says(
                20,
                "Tem fibra na sua porta! O 600 mega fica R$ 119,90 por mês, com instalação "
                "grátis. 😊",
            ),
            asks(6, "Que ótimo! E o Wi-Fi pega bem nos fundos? Trabalho de casa."),
            asks(2, "Se der para instalar até sexta, eu fecho hoje."),
        ),
        phone="+554988124417",
        unread=2,
    ),
    Talk(
        2,
        "Rafael Prado",
        WHATSAPP,
        (
            asks(58, "Oi, aqui é o Rafael. Minha internet está lenta desde ontem à noite."),
            says(55, "Oi, Rafael! Vou medir o sinal da sua ONU, um instante.", RUI),
            notes(52, "Sinal -19 dBm, normal. O roteador é de 2019: oferecer a troca no upgrade."),
            says(
                50,
                "O sinal da fibra está ótimo. Seu plano é o de 300 mega: quantas pessoas usam aí?",
                RUI,
            ),
            asks(12, "Agora somos cinco em casa 😅"),
            asks(9, "Quanto fica para passar para o de 600?"),
        ),
        phone="+5549999032288",
        unread=1,
    ),
    Talk(
        3,
        "Beatriz Lemos",
        MAIL,
        (
            asks(
                190,
                "Olá,\n\nSou da Clínica Lemos, em Xanxerê. Precisamos de um link com IP fixo e "
                "prazo de "
                "atendimento em contrato, para duas salas.\n\nPodem mandar uma "
                "proposta?\n\nBeatriz Lemos Farias",
            ),
            says(
                170,
                "Olá, Beatriz! Podemos, sim. Qual velocidade vocês usam hoje, e até quando vai o "
                "contrato?",
            ),
            asks(
                17,
                "Hoje são 200 mega e o contrato vence no fim do mês. Fico no aguardo da "
                "proposta.\n\nBeatriz",
            ),
        ),
        email="Beatriz.Lemos@Example.com ",
    ),
    Talk(
        4,
        "Otávio Brandt",
        WHATSAPP,
        (
            asks(31, "Olá! Estou de mudança de Joinville para Xanxerê no mês que vem."),
            asks(30, "Vocês têm fibra no bairro Aparecida?"),
            says(26, "Olá, Otávio, bem-vindo à região! Temos, sim. Já tem o endereço novo?"),
            asks(24, "Assino o aluguel amanhã e mando. Já posso deixar o cadastro pronto?"),
        ),
        phone="+5547991230045",
    ),
    Talk(
        5,
        "Família Moura",
        WHATSAPP,
        (
            asks(75, "Oi, aqui é a Cláudia, mas este celular é meu e do Igor, tá?"),
            says(71, "Combinado, Cláudia! Em que posso ajudar?", RUI),
            asks(
                70,
                "A minha internet é aí da Serra Net. O Igor vai morar sozinho e quer uma também.",
            ),
            says(
                66, "Que bom! Faço uma proposta no nome dele. Ele vai ficar em Chapecó mesmo?", RUI
            ),
            asks(41, "Isso, no centro. Ele responde mais tarde por aqui."),
        ),
        phone="+5549984551020",
        contact="late",
    ),
    Talk(
        6,
        "+554933221188",
        WHATSAPP,
        (
            asks(96, "Olá, aqui é da padaria. A maquininha do cartão caiu duas vezes hoje."),
            says(93, "Olá! Já estou vendo. Vocês têm outro link além do nosso?"),
            asks(88, "Não, só o de vocês. Sábado de manhã não posso ficar sem."),
            notes(85, "Faltou energia na rua. Boa conversa para o link reserva por 4G."),
            says(
                84,
                "Foi a energia da rua, já voltou. Posso apresentar um link reserva para o caixa?",
            ),
            asks(52, "Pode. Me liga no fixo depois das 14h, por favor."),
        ),
        phone="+554933221188",
    ),
    Talk(
        7,
        "Serra Azul",
        WHATSAPP,
        (
            asks(140, "Olá! Falo do financeiro da Serra Azul Logística."),
            asks(
                139,
                "Nosso CNPJ é dos novos, com letras: 12.ABC.345/01DE-35. O boleto pode sair nele?",
            ),
            says(133, "Olá! Pode, sim, já aceitamos o formato novo.", RUI),
            asks(131, "Ótimo. Também queremos cotar o segundo galpão, em Concórdia."),
            says(128, "Perfeito. Quantos pontos de rede e quantas câmeras teria lá?", RUI),
            asks(63, "24 pontos e 8 câmeras. Este número é novo, pode anotar."),
        ),
        phone="+5549991112020",
        attributes={"cnpj": "12abc34501de35"},
    ),
    Talk(
        8,
        "Henrique 🚀",
        WHATSAPP,
        (
            asks(210, "Fala, pessoal! Três coisas numa mensagem só 😂"),
            asks(
                209,
                "1) o ponto adicional do quarto 2) as câmeras da loja 3) aquele upgrade para 1 "
                "giga",
            ),
            says(204, "Fala, Henrique! Vamos por partes: o ponto adicional eu já posso agendar."),
            notes(203, "Três negociações abertas em dois funis. Não criar outra, usar Interagir."),
            asks(118, "Quinta de manhã está bom. E o preço das câmeras, saiu?"),
            says(115, "Sai hoje ainda, com o projeto junto."),
            asks(82, "Fechado! Sobre o 1 giga, me convence 😎"),
        ),
        phone="+5549991776031",
    ),
    Talk(
        9,
        "Lúcia",
        WHATSAPP,
        (
            asks(1510, "Olá, querida. Ainda vale aquele desconto de que falamos?"),
            says(1490, "Olá, dona Lúcia! Vale até o fim do mês, com fidelidade de doze meses."),
            notes(1488, "Já conversamos muitas vezes; ler as anotações antes de ligar.", ANA),
            asks(
                165,
                "Falei com meu filho. Ele pergunta se o telefone fixo continua com o mesmo número.",
            ),
            says(160, "Continua, a portabilidade é por nossa conta."),
            asks(104, "Então acho que agora vai 😊"),
        ),
        phone="+5549991450077",
        contact="late",
    ),
    Talk(
        10,
        "",
        SITE,
        (
            asks(128, "oi"),
            says(127, "Olá! Bem-vindo à Serra Net. Com quem eu falo?", RUI),
            asks(126, "só queria saber o preço da internet"),
            says(124, "Depende do endereço. Pode me dizer a sua cidade e um telefone?", RUI),
        ),
        contact="missing",
    ),
    Talk(
        11,
        "Jonas Siqueira",
        SITE,
        (
            asks(1580, "Olá. Quero contratar internet para a casa nova, em Xaxim."),
            says(1575, "Olá, Jonas! Você já foi nosso cliente?"),
            asks(1572, "Faz tempo, e este número é novo. O CPF é 390.533.447-05."),
            says(1570, "Obrigada! Amanhã eu faço o seu cadastro e volto com a proposta."),
            asks(1540, "Combinado, obrigado."),
        ),
        phone="+5549988310022",
    ),
    Talk(
        12,
        "Emma Clarke",
        WHATSAPP,
        (
            asks(1650, "Hello! I am moving to Chapecó in March. Do you speak English?"),
            says(1642, "Hello, Emma! A little, and we can write slowly. 🙂", RUI),
            asks(1640, "Perfect! Estou aprendendo português. Preciso de internet para trabalhar."),
            says(1636, "O seu português está ótimo! A senhora já tem CPF e endereço aqui?", RUI),
            asks(1601, "CPF ainda não. Posso usar meu telefone dos Estados Unidos?"),
        ),
        phone="+14155552671",
    ),
)
