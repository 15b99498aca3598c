"""Every option, once: frozen, strict, secrets masked; nothing else reads the environment."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Mapping
from dataclasses import MISSING, Field, dataclass, field, fields
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import available_timezones

from dotenv import dotenv_values
from marshmallow import EXCLUDE, Schema, ValidationError, validate
from marshmallow import fields as read

# What the integration is called that the environment describes; others are made on the set-up
# pages.
MAIN = "main"
LOG_LEVELS = ("debug", "info", "warning", "error")
PREFIX = "VINCULO_"
TOKEN = validate.Regexp(r"\d+:\S+$", error="not of the form id:hash")


class SettingsError(ValueError):
    """The settings cannot be used; ``str()`` has one line for each mistake."""


class _Origins(read.Field[tuple[str, ...]]):
    """Space-separated origins such as ``https://chat.example``; no path, no wildcard."""

    def _deserialize(
        self, value: Any, attr: str | None, data: Any, **kwargs: Any
    ) -> tuple[str, ...]:
        origins = tuple(str(value).split())
        for origin in origins:
            scheme, _, rest = origin.partition("://")
            if scheme not in {"http", "https"} or not rest or set(rest) & set("/*;,'\""):
                raise ValidationError(f"{origin!r} is not an origin such as https://chat.example")
        return origins


def _is_address(text: str) -> None:
    parts = urlsplit(text if "://" in text else f"https://{text}")
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise ValidationError("not an address such as https://ixc.provedor.example")


def _is_zone(text: str) -> None:
    if text not in available_timezones():
        raise ValidationError("not a time zone such as America/Sao_Paulo")


def _option(kind: read.Field[Any], meaning: str, *, name: str = "", secret: bool = False) -> Any:
    default = kind.load_default
    kind.allow_none = False
    return field(
        default=default,
        repr=not secret,
        metadata={
            "kind": kind,
            "meaning": meaning,
            "name": name,
            "secret": secret,
        },
    )


def _text(default: str = "", check: Callable[[str], object] | None = None) -> read.Field[Any]:
    return read.String(load_default=default, validate=check)


def _number(default: int, low: int, high: int) -> read.Field[Any]:
    return read.Integer(load_default=default, validate=validate.Range(low, high))


def _kept(days: int) -> read.Field[Any]:
    return _number(days, 0, 36500)


@dataclass(frozen=True)
class Settings:
    """What can be set. Without a CRM the product serves its demo."""

    port: int = _option(
        _number(5000, 0, 65535), "Port to listen on; 0 takes a free one", name="PORT"
    )
    host: str = _option(_text("127.0.0.1"), "Address to listen on")
    proxies: int = _option(
        _number(0, 0, 9),
        "Proxies in front that each add to `X-Forwarded-For` and `-Proto`; 0: nobody's word is "
        "taken",
    )
    public_url: str = _option(
        _text(), "Address under which consoles reach the panel; default: as the request says"
    )
    data: str = _option(_text("data"), "Folder of the database and of generated keys")
    demo: bool = _option(
        read.Boolean(load_default=True),
        "Whether the demo is served where no CRM is named here; off: what the set-up pages "
        "connect, and nothing before",
    )
    crm_url: str = _option(
        _text(check=_is_address),
        "The CRM's address, e.g. `https://ixc.provedor.example`; any path is cut off",
    )
    crm_token: str = _option(
        _text(check=TOKEN), "The CRM's token, `id:hash` as IXC shows it", secret=True
    )
    crm_name: str = _option(_text("Inmap Sales CRM"), "Heading of the panel")
    crm_wait: int = _option(
        _number(8, 1, 120), "Seconds that one call to the CRM may take (Tempo máximo de resposta)"
    )
    crm_calls: int = _option(_number(16, 1, 128), "Calls to the CRM that may be under way at once")
    crm_active: bool = _option(
        read.Boolean(load_default=True),
        "Whether the CRM is asked and written to; when off, what was accepted waits",
    )
    index: bool = _option(
        read.Boolean(load_default=True),
        "Whether people are mirrored, so that they are found without asking the CRM",
    )
    index_calls: int = _option(
        _number(60, 1, 600), "Calls a minute that the mirror makes to the CRM at most"
    )
    index_days: int = _option(
        _number(0, 0, 36500),
        "Days after its last change in the CRM for which a person stays mirrored; 0: as long as "
        "the CRM has it",
    )
    settle_seconds: int = _option(
        _number(120, 2, 3600),
        "Seconds after which a write without an answer will not come by itself any more; at least "
        "twice the wait",
    )
    crm_ca_file: str = _option(
        _text(), "Certificate authority file for a CRM with its own certificate"
    )
    qualification_field: str = _option(
        _text(), "Column of the CRM's negotiations that keeps the qualification, if there is one"
    )
    secret: str = _option(
        _text(),
        "Key that signs panel tokens; default: made at first start in the data folder",
        secret=True,
    )
    ledger_key: str = _option(
        _text(),
        "Key that seals the ledger, kept for good; default: made at first start in the data folder",
        secret=True,
    )
    vault_key: str = _option(
        _text(),
        "Key that locks the tokens of CRMs in the database; default: made at first start in the "
        "data folder",
        secret=True,
    )
    start_key: str = _option(
        _text(),
        "Key shared with the console, signs start tokens; default: made at first start in the "
        "data folder",
        secret=True,
    )
    metrics_key: str = _option(
        _text(),
        "Key with which Prometheus reads `/metrics` (`Authorization: Bearer …`); none: it is "
        "closed",
        secret=True,
    )
    parents: tuple[str, ...] = _option(
        _Origins(load_default=()),
        "Origins of the consoles that may embed the panel, space-separated; none: nobody",
    )
    chatwoot_message: str = _option(
        _text("chatwoot-dashboard-app:fetch-info"),
        "What the panel says to a Chatwoot to get the context; rebrands differ",
    )
    locale: str = _option(
        read.String(load_default="pt-BR", validate=validate.OneOf(["pt-BR", "en", "es"])),
        "Language when neither console nor browser tells one",
    )
    timezone: str = _option(
        _text("America/Sao_Paulo", _is_zone), "Time zone of the CRM's clock and of the screens"
    )
    lookups_per_hour: int = _option(
        _number(300, 10, 100_000),
        "People whom one attendant may look up in an hour; searches may be ten times as many",
    )
    fresh_seconds: int = _option(
        _number(120, 5, 86400), "Age up to which a contact read from the CRM counts as fresh"
    )
    lookup_seconds: int = _option(
        _number(3600, 5, 604800), "The same for funnels, plans, cities and other lookups"
    )
    token_minutes: int = _option(
        _number(60, 1, 1440), "Life of a panel token; it renews itself while in use"
    )
    log_level: str = _option(
        read.String(load_default="info", validate=validate.OneOf(LOG_LEVELS)),
        "What is logged: `debug`, `info` (each request), `warning` or `error`; never anything "
        "personal",
    )
    keep_cache_days: int = _option(
        _kept(30), "Days for which what was read from the CRM is kept; 0 here: for good"
    )
    keep_drafts_days: int = _option(_kept(30), "The same for what was typed and not saved")
    keep_conversations_days: int = _option(
        _kept(180), "The same for who is in a conversation, since it was last open"
    )
    keep_writes_days: int = _option(_kept(90), "The same for the content of what reached the CRM")
    keep_refusals_days: int = _option(_kept(90), "The same for the content of what the CRM refused")
    keep_ledger_days: int = _option(
        _kept(1825), "The same for the personal part of the ledger; its seals stay"
    )
    keep_copies_days: int = _option(_kept(30), "The same for the files that `restore` sets aside")
    reveal_minutes: int = _option(
        _number(30, 1, 1440),
        "Minutes for which what an attendant revealed stays in clear in the conversation",
    )
    threads: int = _option(
        _number(64, 4, 256), "Threads that answer requests; eight of them never wait for the CRM"
    )

    @property
    def seats(self) -> int:
        """So many requests may wait for the CRM at once.

        The rest of the threads serve what needs no CRM.
        """
        return self.threads - min(8, self.threads // 2)

    @property
    def is_demo(self) -> bool:
        """Whether the product serves its own emulator instead of a real CRM."""
        return self.demo and not self.crm_url


def name_of(option: Field[Any]) -> str:
    """The option's name in the environment."""
    return option.metadata["name"] or PREFIX + option.name.upper()


def load(environ: Mapping[str, str], dotenv: Path | None = None) -> Settings:
    """Reads the environment over the ``.env`` file.

    SettingsError names every mistake at once, typing errors too.
    """
    known = {name_of(f): f for f in fields(Settings)}
    file = (
        {k: v or "" for k, v in dotenv_values(dotenv, interpolate=False).items()} if dotenv else {}
    )
    given = {
        **file,
        **{k: v for k, v in environ.items() if k in known or k.startswith(PREFIX)},
    }
    mistakes = [_unknown(name, known) for name in given if name not in known]
    schema = Schema.from_dict({name: f.metadata["kind"] for name, f in known.items()})(
        unknown=EXCLUDE
    )
    try:
        values = schema.load({k: v for k, v in given.items() if v != ""})
    except ValidationError as error:
        values = {}
        mistakes += [f"{name}: {' '.join(_flat(why))}" for name, why in error.messages_dict.items()]
    settings = Settings(**{known[name].name: value for name, value in values.items()})
    if not mistakes and bool(settings.crm_url) != bool(settings.crm_token):
        mistakes.append(
            "VINCULO_CRM_URL and VINCULO_CRM_TOKEN go together: both for a real CRM, none for the "
            "demo"
        )
    if settings.settle_seconds < 2 * settings.crm_wait:
        mistakes.append(
            "VINCULO_SETTLE_SECONDS must be at least twice VINCULO_CRM_WAIT, or a late write is "
            "made twice"
        )
    if mistakes:
        raise SettingsError("\n".join(mistakes))
    return settings


def option_table() -> str:
    """The options as a Markdown table, for docs/options.md."""
    rows = ["| option | default | meaning |", "|---|---|---|"]
    for f in fields(Settings):
        default = "" if f.default in ("", (), MISSING) else f"`{f.default}`"
        rows.append(f"| `{name_of(f)}` | {default} | {f.metadata['meaning']} |")
    return "\n".join(rows)


def _unknown(name: str, known: Mapping[str, object]) -> str:
    near = difflib.get_close_matches(name, known, n=1)
    return f"{name}: there is no such option" + (f"; did you mean {near[0]}?" if near else "")


def _flat(why: Any) -> list[str]:
    return [str(w) for w in why] if isinstance(why, list) else [str(why)]
