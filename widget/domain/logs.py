"""Logs: one JSON object a line, with the number of the request, and no personal data."""

from __future__ import annotations

import json
import logging
import re
import secrets
import sys
import threading
import traceback
from contextvars import ContextVar
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path

from widget.domain import errors

ROOT = Path(__file__).parents[2]
OURS = "vinculo"
# People read them aloud on the phone, so no letter looks like a digit.
LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
LONGEST = 500
# Other errors may say what a person typed, or what the CRM answered.
IN_OUR_WORDS = (errors.Unauthorised, errors.StorageFailed)
# What must never be in one of our lines. If a mistake of ours puts it there, it is masked all the
# same.
MASKED = {
    "[secret]": re.compile(
        r"\d+:[\w+/=-]{16,}|\beyJ[\w-]+\.[\w.-]+|\b(?=[\w-]*\d)(?=[\w-]*[A-Za-z])[\w-]{32,}"
    ),
    "[e-mail]": re.compile(r"[^\s@<>'\"]+@[^\s@<>'\"]+\.\w+"),
    "[document]": re.compile(r"\b[0-9A-Z]{2}\.?[0-9A-Z]{3}\.?[0-9A-Z]{3}/?[0-9A-Z]{4}-?\d{2}\b"),
    "[number]": re.compile(r"(?<![\w-])\+?\(?\d(?:[ .()/-]{0,2}\d){7,}(?![\w-])"),
}
ENCODER = json.JSONEncoder(ensure_ascii=False)
_number: ContextVar[str] = ContextVar("request", default="")


def begin() -> str:
    """Begins a request in this thread and returns its number, which all its lines bear."""
    text = "".join(LETTERS[byte % len(LETTERS)] for byte in secrets.token_bytes(8))
    _number.set(f"{text[:4]}-{text[4:]}")
    return number()


def end() -> None:
    """Ends the request of this thread: what it does from here on belongs to none."""
    _number.set("")


def number() -> str:
    """Returns the number of the request in hand, "" outside of one."""
    return _number.get()


def start(level: str) -> None:
    """Makes the process write log lines to stderr from now on.

    Our lines are written from this level on, those of libraries from warnings on. All unexpected
    errors are written.
    """
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(Lines())
    logging.basicConfig(level=logging.WARNING, handlers=[handler], force=True)
    logging.getLogger(OURS).setLevel(level.upper())
    logging.captureWarnings(capture=True)
    threading.excepthook = _mistake


class Lines(logging.Formatter):
    """Writes a record as a line of JSON.

    Of a line of a library only its own words are kept, not the values in it. Of an error its kind
    and place are kept, not what it says. Our lines pass fields as ``extra={"fields": {...}}``.
    """

    def format(self, record: logging.LogRecord) -> str:
        """Returns the line, without its end."""
        is_ours = record.name.partition(".")[0] == OURS
        line: dict[str, object] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "event": _event(record) if is_ours else _words(str(record.msg)),
        }
        if number():
            line["request"] = number()
        line |= getattr(record, "fields", {})
        if record.exc_info and record.exc_info[1]:
            line |= _shape(record.exc_info[1])
        return ENCODER.encode(line)


def told(error: errors.VinculoError) -> dict[str, str]:
    """Returns what one of our errors says for support, if it is surely in our own words."""
    return {"why": masked(str(error))} if isinstance(error, IN_OUR_WORDS) else {}


def masked(text: str) -> str:
    """Returns the text without what looks like a document, a phone, an e-mail or a secret."""
    for mark, pattern in MASKED.items():
        text = pattern.sub(mark, text)
    return text[:LONGEST]


def _event(record: logging.LogRecord) -> str:
    return masked(record.getMessage()) if record.args else _constant(str(record.msg))


@lru_cache(100)
def _constant(message: str) -> str:
    """Masks a line without values, which is the same each time."""
    return masked(message)


def _words(message: str) -> str:
    """Returns what a line of a library says before its first value."""
    return re.split(r"[%{:='\"]", message, maxsplit=1)[0].strip()[:80]


def _shape(error: BaseException) -> dict[str, object]:
    """Returns the kind of the error and of its cause, and our lines that it came through.

    The innermost line is the last.
    """
    frames = traceback.extract_tb(error.__traceback__)
    cause = error.__cause__ or error.__context__
    told: dict[str, object] = {
        "error": type(error).__name__,
        "where": [_place(frame) for frame in frames[-12:]],
    }
    if cause:
        told["cause"] = type(cause).__name__
    return told


def _place(frame: traceback.FrameSummary) -> str:
    path = Path(frame.filename)
    is_ours = path.is_relative_to(ROOT) and ".venv" not in path.parts
    name = path.relative_to(ROOT) if is_ours else path.name
    return f"{name}:{frame.lineno} {frame.name}"


def _mistake(failed: threading.ExceptHookArgs) -> None:
    if failed.exc_value:
        logging.getLogger(OURS).error(
            "a thread ended by a mistake of ours", exc_info=failed.exc_value
        )
