"""The provider's sales set-up: funnels and stages, plans, loss reasons, channels, campaigns."""

from collections.abc import Iterator

Records = Iterator[tuple[str, dict[str, str]]]

FUNNELS = ("Vendas varejo", "Vendas empresarial", "Pós-venda")
# (funnel, stage, colour); the id is the place in this list, the order the place in the funnel.
STAGES = (
    (1, "Novo contato", "#7c93a8"),
    (1, "Sondagem", "#4f86c6"),
    (1, "Viabilidade técnica", "#3aa6a0"),
    (1, "Proposta enviada", "#d99a2b"),
    (1, "Documentação", "#8a6fc1"),
    (1, "Agendar instalação", "#4b9c5f"),
    (2, "Qualificação", "#7c93a8"),
    (2, "Reunião marcada", "#4f86c6"),
    (2, "Projeto técnico", "#3aa6a0"),
    (2, "Proposta comercial", "#d99a2b"),
    (2, "Análise jurídica", "#8a6fc1"),
    (2, "Aprovação da diretoria", "#b65c7a"),
    (2, "Assinatura do contrato", "#4b9c5f"),
    (3, "Boas-vindas", "#4f86c6"),
    (3, "Oferta de upgrade", "#d99a2b"),
    (3, "Renovação de fidelidade", "#8a6fc1"),
    (3, "Recuperação de cancelamento", "#c0563f"),
    (3, "Encerrado", "#7c93a8"),
)
# (description, speed, monthly value, joining fee, funnel, stage, months of loyalty, active)
PLANS = (
    ("Fibra 300 Mega", "300 Mbps", "89.90", "0.00", 1, 2, 12, "S"),
    ("Fibra 500 Mega", "500 Mbps", "109.90", "0.00", 1, 2, 12, "S"),
    ("Fibra 700 Mega + Wi-Fi 6", "700 Mbps", "139.90", "50.00", 1, 4, 12, "S"),
    ("Fibra 1 Giga + TV", "1 Gbps", "179.90", "50.00", 1, 4, 12, "S"),
    ("Empresarial 500 com IP fixo", "500 Mbps", "249.90", "150.00", 2, 7, 24, "S"),
    ("Link dedicado 200 Mega", "200 Mbps", "1290.00", "500.00", 2, 9, 36, "S"),
    ("Upgrade para 700 Mega", "700 Mbps", "129.90", "0.00", 3, 15, 12, "S"),
    ("Rádio 10 Mega (descontinuado)", "10 Mbps", "59.90", "100.00", 1, 1, 0, "N"),
)
REASONS = (
    "Preço acima do esperado",
    "Sem viabilidade técnica",
    "Fechou com concorrente",
    "Fidelidade em outra operadora",
    "Desistiu da mudança",
    "Não respondeu mais",
    "Restrição de crédito",
)
CHANNELS = (
    "WhatsApp",
    "Telefone",
    "Site",
    "Indicação",
    "Loja",
    "Redes sociais",
    "Porta a porta (inativo)",
)
CAMPAIGNS = ("Volta às aulas", "Inverno conectado", "Indique um amigo")


def sales() -> Records:
    """Every record of the set-up as (table, values)."""
    yield from (
        (
            "crm_funil",
            {
                "funil": name,
                "cor_mapa": "#4f86c6",
                "tipo": "negociacao",
            },
        )
        for name in FUNNELS
    )
    yield from _stages()
    for place, name in enumerate(REASONS):
        yield (
            "crm_substatus",
            {
                "descricao": name,
                "cor_mapa": f"#c0{place}{place}3f",
            },
        )
    for name in CHANNELS:
        yield (
            "crm_tipo_candidato",
            {
                "tipo": name,
                "ativo": "N" if "inativo" in name else "S",
                "cor_mapa": "#4b9c5f",
            },
        )
    for place, name in enumerate(CAMPAIGNS):
        dates = {
            "data_inicio": f"2026-0{place * 3 + 1}-10",
            "data_termino": f"2026-0{place * 3 + 2}-28",
        }
        yield (
            "crm_campanha",
            {
                "campanha": name,
                "status": "S" if place == len(CAMPAIGNS) - 1 else "N",
                **dates,
            },
        )
    yield from _plans()


def _stages() -> Records:
    orders: dict[int, int] = {}
    for funnel, name, colour in STAGES:
        orders[funnel] = orders.get(funnel, 0) + 1
        yield (
            "crm_negociacoes_estagios",
            {
                "estagio": name,
                "id_funil": str(funnel),
                "cor_mapa": colour,
                "ordem": str(orders[funnel]),
            },
        )


def _plans() -> Records:
    for place, (name, speed, monthly, fee, funnel, stage, months, active) in enumerate(
        PLANS, start=1
    ):
        contract = {
            "nome": name,
            "descricao": speed,
            "Ativo": active,
            "valor_contrato": f"{monthly}0000000",
        }
        yield (
            "vd_contratos",
            {
                **contract,
                "fidelidade": str(months),
            },
        )
        yield (
            "crm_planos_negociacoes",
            {
                "descricao": name,
                "velocidade": speed,
                "valor_mensal": monthly,
                "valor_fixo": fee,
                "id_funil": str(funnel),
                "id_estagio": str(stage),
                "fidelidade": str(months),
                "ativo": active,
                "ordem": str(place),
                "id_plano": str(place),
            },
        )
