"""What a read through the product costs beside a bare call of the same CRM by ``requests``."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path

from proof.bench import stage
from proof.bench.figures import Figure
from proof.bench.paired import paired
from widget.desk.services import Services
from widget.domain.model import Freshness

DELAYS = (0, 50, 300)
MAIN = 50
GOAL = 1.10


def measure(share: float, folder: Path) -> Iterator[Figure]:
    """Every figure of this room; ``share`` of the rounds."""
    with stage.crm(folder) as crm:
        product = stage.product(crm, folder / "data")
        for delay in DELAYS:
            crm.answers_after(delay)
            yield from _beside(
                max(3, round((200 if delay <= MAIN else 30) * share)), product, crm, delay
            )


def _beside(rounds: int, product: Services, crm: stage.Crm, delay: int) -> Iterator[Figure]:
    session = stage.session(crm.token)
    address = f"{crm.url}/webservice/v1/cliente"
    body = json.dumps(
        {
            "qtype": "cliente.id",
            "query": stage.LUCIA.id,
            "oper": "=",
            "page": "1",
            "rp": "1",
            "sortname": "cliente.id",
            "sortorder": "asc",
            "grid_param": "[]",
        }
    )

    def ours(_: int) -> Callable[[], object]:
        return lambda: product.crm.people.one(stage.LUCIA, Freshness.NOW).value

    def theirs(_: int) -> Callable[[], object]:
        return lambda: session.post(
            address, data=body, headers={"ixcsoft": "listar"}, timeout=8
        ).json()["registros"][0]

    proxied, bare = paired(rounds, ours, theirs)
    what = (
        f"a contact read through every ring ÷ a bare call of the CRM that answers after {delay} ms"
    )
    yield Figure(
        f"proxy_at_{delay}_ms_ratio", proxied.over(bare), what, GOAL if delay == MAIN else None
    )
    yield Figure(
        f"proxy_at_{delay}_ms_added_ms",
        proxied.median - bare.median,
        "what we add to it",
        unit="ms",
    )
