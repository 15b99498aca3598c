"""The demo's chat console: embeds the panel from another site and speaks to it as Chatwoot does."""

import json
import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from http.client import HTTPException
from typing import Any
from urllib.request import ProxyHandler, Request, build_opener

import jwt
from flask import Blueprint, Response, abort, render_template, request

from widget.emulator.consoles import conversations
from widget.emulator.consoles.console_context import CUSTOM_ATTRIBUTES, agent, known

START_LIFE = timedelta(hours=8)
LOCALES = ("pt-BR", "en", "es")
_CRM_WAIT_SECONDS = 2
# The provider of the demo is in Chapecó; Brazil has had no summer time since 2019.
_HERE = timezone(timedelta(hours=-3))

# The emulator is on this machine: never through a proxy that the environment may name.
_DIRECT = build_opener(ProxyHandler({}))

# What each position of the CRM switch asks of the emulator's /control.
_CRM_STATES: dict[str, dict[str, object]] = {
    "up": {
        "fault": "none",
        "delay_seconds": 0,
    },
    "slow": {
        "fault": "none",
        "delay_seconds": 3,
    },
    "down": {
        "fault": "reset",
        "fault_on": "all",
        "delay_seconds": 0,
    },
    "refuse": {
        "fault": "503",
        "fault_on": "all",
        "delay_seconds": 0,
    },
}


def console(
    *,
    panel_origin: Callable[[str], str],
    start_key: Callable[[str], str],
    crm_control: str | None,
    account: str = "1",
) -> Blueprint:
    """The console under /demo.

    `panel_origin` gives the panel's origin (another site) for a request's host, `start_key` gives
    what signs the start tokens of an account, `crm_control` is the CRM emulator's base URL (None:
    the page shows no CRM switch).
    """
    desk = _Desk(panel_origin, start_key, crm_control, account)
    routes = Blueprint(
        "console", __name__, url_prefix="/demo", static_folder="static", template_folder="templates"
    )
    routes.add_url_rule("", "page", desk.page, strict_slashes=False)
    routes.add_url_rule("/start", "start", desk.start)
    routes.add_url_rule("/crm", "crm", desk.crm)
    routes.add_url_rule("/crm", "set_crm", desk.set_crm, methods=["POST"])
    routes.after_request(desk.guard)
    return routes


@dataclass(frozen=True)
class _Desk:
    panel_origin: Callable[[str], str]
    start_key: Callable[[str], str]
    crm_control: str | None
    account: str

    def page(self) -> str:
        now = datetime.now(UTC)
        return render_template(
            "console.html",
            talks=conversations.TALKS,
            attendants=conversations.ATTENDANTS,
            locales=LOCALES,
            crm_url=self.crm_control,
            written_at=lambda message: (now - timedelta(minutes=message.minutes)).astimezone(_HERE),
            today=now.astimezone(_HERE).date(),
            data=self._data(int(now.timestamp())),
        )

    def start(self) -> Response:
        """The address of one new frame, with a fresh token that says who the attendant is."""
        _refuse_other_sites()
        who = next(
            (a for a in conversations.ATTENDANTS if str(a.id) == request.args.get("attendant")),
            None,
        )
        locale = request.args.get("locale", LOCALES[0])
        if who is None or locale not in LOCALES:
            abort(404)
        src = f"{self.panel_origin(request.host)}/panel/chatwoot?start={self._token(who, locale)}"
        return _json({"src": src})

    def crm(self) -> Response:
        """Which position of the switch is the CRM's true state now.

        Null: none of them, or no answer.
        """
        _refuse_other_sites()
        now = self._control()
        state = next(
            (name for name, asked in _CRM_STATES.items() if now and asked.items() <= now.items()),
            None,
        )
        return _json(
            {
                "state": state,
                "answers": now is not None,
            }
        )

    def set_crm(self) -> Response:
        _refuse_other_sites()
        asked = _CRM_STATES.get(request.form.get("state", ""))
        if asked is None:
            abort(400)
        return Response(status=502 if self._control(asked) is None else 204)

    def guard(self, response: Response) -> Response:
        panel = self.panel_origin(request.host)
        response.headers["Content-Security-Policy"] = (
            f"default-src 'none'; style-src 'self'; script-src 'self'; frame-src {panel}; "
            "connect-src 'self'; "
            "img-src 'self' data:; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
        )
        response.headers["X-Content-Type-Options"] = "nosniff"
        return response

    def _data(self, now: int) -> dict[str, Any]:
        return {
            "conversations": [known(talk, int(self.account), now) for talk in conversations.TALKS],
            "agents": [agent(attendant) for attendant in conversations.ATTENDANTS],
            "customAttributes": CUSTOM_ATTRIBUTES,
        }

    def _token(self, who: conversations.Attendant, locale: str) -> str:
        now = int(time.time())
        claims = {
            "aud": "vinculo",
            "host": "chatwoot",
            "account": self.account,
            "sub": str(who.id),
            "name": who.name,
            "email": who.email,
            "locale": locale,
            "jti": secrets.token_hex(8),  # two of the same second differ all the same
            "iat": now,
            "exp": now + int(START_LIFE.total_seconds()),
        }
        return jwt.encode(claims, self.start_key(self.account), algorithm="HS256")

    def _control(self, change: dict[str, object] | None = None) -> dict[str, object] | None:
        """Reads the emulator's /control, or changes it.

        None when it does not answer, 404 when there is none.
        """
        if self.crm_control is None:
            abort(404)
        body = None if change is None else json.dumps(change).encode()
        ask = Request(  # noqa: S310
            f"{self.crm_control}/control", data=body, headers={"Content-Type": "application/json"}
        )
        try:
            with _DIRECT.open(ask, timeout=_CRM_WAIT_SECONDS) as answer:
                state = json.loads(answer.read() or "{}")
        except (OSError, HTTPException, ValueError):
            return None
        return state if isinstance(state, dict) else {}


def _refuse_other_sites() -> None:
    """Only the console's own page may ask.

    A browser that names no site (plain HTTP elsewhere) names its origin.
    """
    own = request.host_url.rstrip("/")
    site = request.headers.get("Sec-Fetch-Site")
    foreign = (
        request.headers.get("Origin", own) != own
        if site is None
        else site not in {"same-origin", "none"}
    )
    if foreign:
        abort(403)


def _json(value: dict[str, Any]) -> Response:
    return Response(
        json.dumps(value), mimetype="application/json", headers={"Cache-Control": "no-store"}
    )
