"""How an option of the environment is declared: kind, meaning, name, and whether it is secret."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import Field, field, fields
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import available_timezones

from marshmallow import ValidationError, validate
from marshmallow import fields as read

PREFIX = "VINCULO_"


def option(kind: read.Field[Any], meaning: str, *, name: str = "", secret: bool = False) -> Any:
    """A field of a dataclass that an option sets.

    ``kind`` reads and checks the text, and holds the default. The option is called ``name``; by
    default like the field, in capitals and with our prefix. A secret one is left out of ``repr``.
    """
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


def text(default: str = "", check: Callable[[str], object] | None = None) -> read.Field[Any]:
    """Any text that ``check`` takes."""
    return read.String(load_default=default, validate=check)


def number(default: int, low: int, high: int) -> read.Field[Any]:
    """A whole number from ``low`` to ``high``."""
    return read.Integer(load_default=default, validate=validate.Range(low, high))


def days(default: int) -> read.Field[Any]:
    """Days for which something is kept; 0: for good."""
    return number(default, 0, 36500)


def yes_or_no(*, default: bool) -> read.Field[Any]:
    """On or off."""
    return read.Boolean(load_default=default)


def is_address(value: str) -> None:
    """Refuses what is no web address."""
    parts = urlsplit(value if "://" in value else f"https://{value}")
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise ValidationError("not an address such as https://ixc.provedor.example")


def is_zone(value: str) -> None:
    """Refuses what is no time zone."""
    if value not in available_timezones():
        raise ValidationError("not a time zone such as America/Sao_Paulo")


def is_option(declared: Field[Any]) -> bool:
    """Whether the field of a dataclass is set by an option."""
    return "kind" in declared.metadata


def name_of(declared: Field[Any]) -> str:
    """The option's name in the environment."""
    return declared.metadata["name"] or PREFIX + declared.name.upper()


def range_of(owner: type, name: str) -> tuple[int, int]:
    """The least and the most that an option declared with ``number`` may be."""
    declared = next(known for known in fields(owner) if known.name == name)
    (allowed,) = declared.metadata["kind"].validators
    return allowed.min, allowed.max
