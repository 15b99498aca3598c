"""How a base writes its JSON: beginning, escapes, bytes and content type.

The beginning is what stands before the JSON.
"""

import json
import re
from typing import Any

from flask import Response

from widget.emulator.crm.answers import Json
from widget.emulator.crm.switches import Switches

_HTML = "text/html; charset=ISO-8859-1"
_FOREIGN = re.compile(r"[^\x00-\x7f]")
_BROKEN = "\udcc3"  # becomes the byte C3 alone: the first half of a letter whose second is lost


def shown(answer: Response, switches: Switches) -> Response:
    """The answer as this base sends it; what is no JSON stays as it is."""
    if not isinstance(answer, Json):
        return answer
    answer.set_data(switches.preamble.encode() + _bytes(answer.content, switches))
    if switches.refusals_as_html and answer.content.get("type") == "error":
        answer.content_type = _HTML
    return answer


def _bytes(content: Any, switches: Switches) -> bytes:
    if switches.charset == "broken":
        return _text(_halved(content)).encode(errors="surrogateescape")
    if switches.charset == "cp1252":
        return _text(content).encode("cp1252", errors="replace")
    return _text(content, ascii_only=switches.ascii_json).encode()


def _text(content: Any, *, ascii_only: bool = False) -> str:
    return json.dumps(content, separators=(",", ":"), ensure_ascii=ascii_only).replace("/", "\\/")


def _halved(content: Any) -> Any:
    """The same with the first letter beyond ASCII of each text broken."""
    if isinstance(content, dict):
        return {name: _halved(value) for name, value in content.items()}
    if isinstance(content, list):
        return [_halved(value) for value in content]
    return _FOREIGN.sub(_BROKEN, content, count=1) if isinstance(content, str) else content
