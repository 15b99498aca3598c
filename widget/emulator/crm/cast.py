"""The named people of the demo and the tests: invented, fixed, the same whatever the seed."""

from widget.emulator.crm.documents import cnpj, cpf
from widget.emulator.crm.sales import Records
from widget.emulator.crm.staff import ANA, RUI

# Ids in the CRM. Leads are rows of contato; customers and the prospect are rows of cliente.
MARINA, BEATRIZ, IGOR = "1", "2", "3"
RAFAEL, CLAUDIA, PADARIA, SERRA_AZUL, HENRIQUE, LUCIA, JONAS = "1", "2", "3", "4", "5", "6", "7"

_NOTES = (
    "Primeiro contato pelo WhatsApp. Quer internet para a casa nova no bairro Efapi.",
    "Pediu preço do plano de 500 Mega; usa muito streaming à noite.",
    "Enviada tabela de planos. Vai conversar com o marido.",
    (
        "Perguntou se tem multa na mudança de endereço. Expliquei que não, dentro da área de "
        "cobertura."
    ),
    "Ligou a irmã pedindo o mesmo plano: anotar como indicação.",
    "Sem resposta hoje, tentar amanhã depois das 18 h.",
    "Retornou: prefere contato por áudio curto, trabalha em turno.",
    "Pediu comprovante de cobertura na rua Benjamin Constant.",
    "Equipe técnica confirmou viabilidade: caixa a 80 m.",
    "Comparou com a concorrente: R$ 10 mais barato lá, mas sem Wi-Fi 6.",
    "Autorizado desconto de instalação pela supervisão.",
    "Quer vencimento no dia 15.",
    "Perguntou sobre ponto adicional na edícula; orçar repetidor.",
    'Dúvida: "o <b>roteador</b> é comodato?" Sim, é comodato.',
    "Mudança atrasou uma semana; reagendar contato para segunda-feira.",
    "Enviados documentos: RG e comprovante de residência. Falta o contrato de aluguel.",
    "Contrato de aluguel recebido.",
    "Proposta formal enviada por e-mail.",
    "Leu a proposta, gostou. Pediu para trocar 500 por 700 Mega.",
    "Proposta nova enviada: 700 Mega + Wi-Fi 6, instalação isenta.",
)


def cast() -> Records:
    """Every record of the named people as (table, values).

    They come first, so the ids above hold.
    """
    yield from (("contato", person) for person in _leads())
    yield from (("cliente", person) for person in _clients())
    yield from (("crm_negociacoes", deal) for deal in _deals())
    for day, text in enumerate(_NOTES, start=1):
        note = {
            "anotacao": text,
            "id_cliente": LUCIA,
            "id_negociacao": "7",
            "id_responsavel": ANA if day % 3 else RUI,
        }
        yield (
            "crm_prospeccao_anotacoes",
            {
                **note,
                "data": f"2026-10-{day:02} {8 + day % 10:02}:{day * 2:02}:00",
            },
        )
    yield from (("crm_historico", trail) for trail in _trails())


def _leads() -> list[dict[str, str]]:
    marina = {
        "nome": "Marina Teles Andrade",
        "fone_whatsapp": "(49) 98812-4417",
        "cnpj_cpf": cpf("046118829"),
        "id_responsavel": ANA,
        "id_filial": "1",
        "id_candidato_tipo": "1",
        "cidade": "1",
        "uf": "24",
        "bairro": "Efapi",
        "data_cadastro": "2026-10-05 09:12:44",
        "data": "2026-10-05",
        "obs": "Prefere contato à tarde.",
    }
    beatriz = {
        "nome": "Beatriz Lemos Farias",
        "email": "beatriz.lemos@example.com",
        "id_responsavel": RUI,
        "id_filial": "2",
        "id_candidato_tipo": "3",
        "cidade": "2",
        "uf": "24",
        "data_cadastro": "2026-11-02 14:30:10",
    }
    igor = {
        "nome": "Igor Ferraz Moura",
        "fone_celular": "(49) 98455-1020",
        "id_responsavel": ANA,
        "id_filial": "4",
        "cidade": "4",
        "uf": "24",
        "data_cadastro": "2026-09-18 16:02:00",
    }
    return [marina, beatriz, igor]


def _client(name: str, branch: int, **fields: str) -> dict[str, str]:
    place = {
        "filial_id": str(branch),
        "cidade": str(branch),
        "uf": "24",
        "cep": "89801-000",
        "bairro": "Centro",
    }
    street = {
        "endereco": "Avenida Fernando Machado",
        "numero": "1200",
    }
    return {
        "razao": name,
        "responsavel": ANA,
        "data_cadastro": "2024-03-14",
        **place,
        **street,
        **fields,
    }


def _clients() -> list[dict[str, str]]:
    firm = {
        "tipo_pessoa": "J",
        "fantasia": "Padaria Trigo Bom",
        "cnpj_cpf": cnpj("317649020001"),
    }
    return [
        _client(
            "Rafael Nunes Prado",
            1,
            telefone_celular="(49) 99903-2288",
            cnpj_cpf=cpf("812447530"),
            email="rafael.prado@example.com",
            endereco="Rua Marechal Deodoro",
            numero="415",
        ),
        _client(
            "Cláudia Ferraz Moura",
            4,
            telefone_celular="(49) 98455-1020",
            cnpj_cpf=cpf("357902118"),
            responsavel=RUI,
        ),
        _client(
            "Padaria Trigo Bom", 1, fone="(49) 3322-1188", email="contato@trigobom.example", **firm
        ),
        _client(
            "Serra Azul Logística LTDA",
            3,
            tipo_pessoa="J",
            cnpj_cpf="12.ABC.345/01DE-35",
            fone="(49) 3444-7070",
            responsavel=RUI,
        ),
        _client(
            "Henrique Paz Duarte", 1, telefone_celular="(49) 99177-6031", cnpj_cpf=cpf("620518347")
        ),
        _client(
            "Lúcia Amaral Teixeira",
            2,
            whatsapp="49991450077",
            crm="S",
            status_prospeccao="N",
            id_candato_tipo="1",
            crm_data_novo="2026-09-30",
            data_cadastro="2026-09-30",
        ),
        _client(
            "Jonas P. Siqueira",
            1,
            fone="(49) 3344-2020",
            cnpj_cpf="390.533.447-05",
            email="jonas.siqueira@example.com",
        ),
    ]


def _deal(
    description: str, plan: int, funnel: int, stage: int, monthly: str, **fields: str
) -> dict[str, str]:
    usual = {
        "id_responsavel": ANA,
        "id_filial": "1",
        "data_inicio": "2026-10-06",
        "id_canal_origem": "1",
    }
    chosen = {
        "id_plano_negocio": str(plan),
        "id_plano": str(plan),
        "id_funil": str(funnel),
        "id_estagio": str(stage),
    }
    return {
        "descricao": description,
        "valor_mensal": monthly,
        **chosen,
        **usual,
        **fields,
    }


def _deals() -> list[dict[str, str]]:
    """1 is Marina's, 2 to 6 are Henrique's, 7 is Lúcia's."""
    won = {
        "status": "V",
        "data_vencemos": "2025-02-20",
        "data_fechamento": "2025-02-20",
    }
    lost = {
        "status": "D",
        "data_perdemos": "2025-08-11",
        "data_fechamento": "2025-08-11",
        "substatus": "1",
    }
    return [
        _deal("Fibra 500 Mega - casa nova", 2, 1, 2, "109.90", id_contato=MARINA),
        _deal("Segundo ponto na chácara", 1, 1, 3, "89.90", id_cliente=HENRIQUE),
        _deal("Upgrade para 700 Mega", 7, 3, 15, "129.90", id_cliente=HENRIQUE, id_responsavel=RUI),
        _deal(
            "TV junto com a fibra",
            4,
            1,
            4,
            "179.90",
            id_cliente=HENRIQUE,
            previsao_fechamento="2026-12-05",
        ),
        _deal(
            "Fibra 300 Mega", 1, 1, 6, "89.90", id_cliente=HENRIQUE, data_inicio="2025-02-03", **won
        ),
        _deal(
            "Câmeras na nuvem",
            3,
            1,
            4,
            "139.90",
            id_cliente=HENRIQUE,
            data_inicio="2025-07-01",
            **lost,
        ),
        _deal("Fibra 700 Mega - apartamento", 3, 1, 4, "139.90", id_cliente=LUCIA, id_filial="2"),
    ]


def _trails() -> list[dict[str, str]]:
    def trail(
        deal: str, client: str, owner: str, moment: str, kind: str, text: str
    ) -> dict[str, str]:
        bound = {
            "id_negociacao": deal,
            "id_cliente": client,
            "responsavel": owner,
        }
        return {
            **bound,
            "data": moment,
            "tipo": kind,
            "descricao": text,
        }

    return [
        trail(
            "1",
            "0",
            ANA,
            "2026-10-06 10:15:00",
            "E",
            "Estágio alterado de Novo contato para Sondagem",
        ),
        trail(
            "4",
            HENRIQUE,
            ANA,
            "2026-10-20 15:40:00",
            "E",
            "Estágio alterado de Sondagem para Proposta enviada",
        ),
        trail(
            "5",
            HENRIQUE,
            ANA,
            "2025-02-20 11:05:00",
            "S",
            "Status alterado de Negociando para Vencemos",
        ),
        trail(
            "6",
            HENRIQUE,
            RUI,
            "2025-08-11 17:22:00",
            "S",
            "Status alterado de Negociando para Perdemos",
        ),
        trail(
            "7",
            LUCIA,
            ANA,
            "2026-10-09 09:00:00",
            "E",
            "Estágio alterado de Sondagem para Viabilidade técnica",
        ),
        trail(
            "7",
            LUCIA,
            ANA,
            "2026-10-18 13:31:00",
            "E",
            "Estágio alterado de Viabilidade técnica para Proposta enviada",
        ),
    ]
