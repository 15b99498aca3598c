"""What the environment sets: the options of the process, and the integration it describes."""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Mapping
from dataclasses import Field, dataclass, fields, replace
from pathlib import Path
from typing import Any

from dotenv import dotenv_values
from marshmallow import EXCLUDE, Schema, ValidationError, validate
from marshmallow import fields as read

from widget.domain.integrations import MAIN, Integration
from widget.domain.options import (
    PREFIX,
    days,
    is_option,
    is_zone,
    name_of,
    number,
    option,
    text,
    yes_or_no,
)

# The integration that the environment describes, where it says nothing.
FROM_ENVIRONMENT = Integration(MAIN, private=True, from_settings=True)
LOG_LEVELS = ("debug", "info", "warning", "error")


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


@dataclass(frozen=True)
class Settings:
    """What can be set. Without a CRM the product serves its demo."""

    port: int = option(number(5000, 0, 65535), "Port to listen on; 0 takes a free one", name="PORT")
    host: str = option(text("127.0.0.1"), "Address to listen on")
    proxies: int = option(
        number(0, 0, 9),
        "Proxies in front that each add to `X-Forwarded-For` and `-Proto`; 0: nobody's word is "
        "taken",
    )
    public_url: str = option(
        text(), "Address under which consoles reach the panel; default: as the request says"
    )
    data: str = option(text("data"), "Folder of the database and of generated keys")
    demo: bool = option(
        yes_or_no(default=True),
        "Whether the demo is served where no CRM is named here; off: what the set-up pages "
        "connect, and nothing before",
    )
    main: Integration = FROM_ENVIRONMENT
    index_calls: int = option(
        number(60, 1, 600), "Calls a minute that the mirror makes to the CRM at most"
    )
    index_days: int = option(
        number(0, 0, 36500),
        "Days after its last change in the CRM for which a person stays mirrored; 0: as long as "
        "the CRM has it",
    )
    secret: str = option(
        text(),
        "Key that signs panel tokens; default: made at first start in the data folder",
        secret=True,
    )
    ledger_key: str = option(
        text(),
        "Key that seals the ledger, kept for good; default: made at first start in the data folder",
        secret=True,
    )
    vault_key: str = option(
        text(),
        "Key that locks the tokens of CRMs in the database; default: made at first start in the "
        "data folder",
        secret=True,
    )
    start_key: str = option(
        text(),
        "Key shared with the console, signs start tokens; default: made at first start in the "
        "data folder",
        secret=True,
    )
    metrics_key: str = option(
        text(),
        "Key with which Prometheus reads `/metrics` (`Authorization: Bearer …`); none: it is "
        "closed",
        secret=True,
    )
    parents: tuple[str, ...] = option(
        _Origins(load_default=()),
        "Origins of the consoles that may embed the panel, space-separated; none: nobody",
    )
    chatwoot_message: str = option(
        text("chatwoot-dashboard-app:fetch-info"),
        "What the panel says to a Chatwoot to get the context; rebrands differ",
    )
    locale: str = option(
        read.String(load_default="pt-BR", validate=validate.OneOf(["pt-BR", "en", "es"])),
        "Language when neither console nor browser tells one",
    )
    timezone: str = option(
        text("America/Sao_Paulo", is_zone), "Time zone of the CRM's clock and of the screens"
    )
    lookups_per_hour: int = option(
        number(300, 10, 100_000),
        "People whom one attendant may look up in an hour; searches may be ten times as many",
    )
    fresh_seconds: int = option(
        number(120, 5, 86400), "Age up to which a contact read from the CRM counts as fresh"
    )
    lookup_seconds: int = option(
        number(3600, 5, 604800), "The same for funnels, plans, cities and other lookups"
    )
    token_minutes: int = option(
        number(60, 1, 1440), "Life of a panel token; it renews itself while in use"
    )
    log_level: str = option(
        read.String(load_default="info", validate=validate.OneOf(LOG_LEVELS)),
        "What is logged: `debug`, `info` (each request), `warning` or `error`; never anything "
        "personal",
    )
    keep_cache_days: int = option(
        days(30), "Days for which what was read from the CRM is kept; 0 here: for good"
    )
    keep_drafts_days: int = option(days(30), "The same for what was typed and not saved")
    keep_conversations_days: int = option(
        days(180), "The same for who is in a conversation, since it was last open"
    )
    keep_writes_days: int = option(days(90), "The same for the content of what reached the CRM")
    keep_refusals_days: int = option(days(90), "The same for the content of what the CRM refused")
    keep_ledger_days: int = option(
        days(1825), "The same for the personal part of the ledger; its seals stay"
    )
    keep_copies_days: int = option(days(30), "The same for the files that `restore` sets aside")
    reveal_minutes: int = option(
        number(30, 1, 1440),
        "Minutes for which what an attendant revealed stays in clear in the conversation",
    )
    threads: int = option(
        number(64, 4, 256), "Threads that answer requests; eight of them never wait for the CRM"
    )

    @property
    def seats(self) -> int:
        """So many requests may wait for the CRM at once.

        The rest of the threads serve what needs no CRM.
        """
        return self.threads - min(8, self.threads // 2)

    def over(self, url: str, token: str, **changes: Any) -> Settings:
        """These settings with the CRM at that address; ``changes`` are of its integration."""
        return replace(self, main=replace(self.main, url=url, token=token, **changes))

    def of_console(self, console: str) -> dict[str, str]:
        """The options that the environment sets for a console, by their names there."""
        prefix = f"{console}_"
        return {
            known.name.removeprefix(prefix): str(getattr(self, known.name))
            for known in fields(self)
            if known.name.startswith(prefix)
        }

    @property
    def is_demo(self) -> bool:
        """Whether the product serves its own emulator instead of a real CRM."""
        return self.demo and not self.main.url


def _declared(owner: type) -> Iterator[tuple[str, Field[Any]]]:
    """The options of a class by their names."""
    for known in fields(owner):
        if is_option(known):
            yield name_of(known), known


# Every option by its name in the environment: those of the process, and those of its integration.
_OF_PROCESS = dict(_declared(Settings))
_OF_MAIN = dict(_declared(Integration))
OPTIONS = {**_OF_PROCESS, **_OF_MAIN}


def load(environ: Mapping[str, str], dotenv: Path | None = None) -> Settings:
    """Reads the environment over the ``.env`` file.

    SettingsError names every mistake at once, typing errors too.
    """
    file = {}
    if dotenv:
        file = {name: text or "" for name, text in dotenv_values(dotenv, interpolate=False).items()}
    ours = {
        name: text for name, text in environ.items() if name in OPTIONS or name.startswith(PREFIX)
    }
    given = {**file, **ours}
    mistakes = [_unknown(name) for name in given if name not in OPTIONS]
    kinds = {name: known.metadata["kind"] for name, known in OPTIONS.items()}
    schema = Schema.from_dict(kinds)(unknown=EXCLUDE)
    try:
        values = schema.load({name: text for name, text in given.items() if text != ""})
    except ValidationError as error:
        values = {}
        mistakes += [f"{name}: {' '.join(_flat(why))}" for name, why in error.messages_dict.items()]
    main = replace(FROM_ENVIRONMENT, **_fields_of(_OF_MAIN, values))
    if not mistakes and bool(main.url) != bool(main.token):
        mistakes.append(
            "VINCULO_CRM_URL and VINCULO_CRM_TOKEN go together: both for a real CRM, none for the "
            "demo"
        )
    if not main.has_time_to_settle:
        mistakes.append(
            "VINCULO_SETTLE_SECONDS must be at least twice VINCULO_CRM_WAIT, or a late write is "
            "made twice"
        )
    if mistakes:
        raise SettingsError("\n".join(mistakes))
    return Settings(main=main, **_fields_of(_OF_PROCESS, values))


def _fields_of(options: Mapping[str, Field[Any]], values: Mapping[str, Any]) -> dict[str, Any]:
    """Of the values by option those that these options have, by the names of their fields."""
    return {known.name: values[name] for name, known in options.items() if name in values}


def told(settings: Settings) -> dict[str, object]:
    """What every option says, by its name; of a secret one only whether it is set."""
    return {
        **_told(settings, _OF_PROCESS),
        **_told(settings.main, _OF_MAIN),
    }


def _told(holder: object, options: Mapping[str, Field[Any]]) -> dict[str, object]:
    values = {name: getattr(holder, known.name) for name, known in options.items()}
    return {
        name: bool(value) if options[name].metadata["secret"] else value
        for name, value in values.items()
    }


def option_table() -> str:
    """The options as a Markdown table, for docs/options.md."""
    rows = ["| option | default | meaning |", "|---|---|---|"]
    for name, known in OPTIONS.items():
        default = "" if known.default in ("", ()) else f"`{known.default}`"
        rows.append(f"| `{name}` | {default} | {known.metadata['meaning']} |")
    return "\n".join(rows)


def _unknown(name: str) -> str:
    near = difflib.get_close_matches(name, OPTIONS, n=1)
    return f"{name}: there is no such option" + (f"; did you mean {near[0]}?" if near else "")


def _flat(why: Any) -> list[str]:
    return [str(w) for w in why] if isinstance(why, list) else [str(why)]
