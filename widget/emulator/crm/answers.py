"""The bodies the CRM and the proxies before it answer with.

They are JSON that calls itself text, and HTML.
"""

import json
from collections.abc import Mapping
from typing import Any

from flask import Response

_STYLE = (
    "margin:40px; padding:30px; background:#FF0000; border:1px solid #000; color:#FFF; "
    "font-family:Arial;"
)
_BOX = f'<div style="{_STYLE}">Ocorreu um erro ao processar. Contate o suporte IXC Soft.</div>'
_GATEWAY_BOX = _BOX.replace("<div ", '<div class="erro" class="erro" ')
_LOGIN = (
    "<!DOCTYPE html><html><head><title>IXC Provedor</title></head><body><div>Efetue o "
    "login</div></body></html>"
)
_TITLES = {
    401: "401 Authorization Required",
    403: "403 Forbidden",
    404: "404 Not Found",
    429: "429 Too Many Requests",
    502: "502 Bad Gateway",
    503: "503 Service Temporarily Unavailable",
}


class Json(Response):
    """An answer that holds a JSON object; `content` is what it says."""

    content: Mapping[str, Any]


def data(content: Mapping[str, Any]) -> Json:
    """JSON as PHP writes it, under the content type the CRM gives it.

    Everything is escaped, slashes too.
    """
    text = json.dumps(content, separators=(",", ":")).replace("/", "\\/")
    answer = Json(text, content_type="text/x-json; charset=utf-8")
    answer.content = content
    return answer


def said(answer: Response) -> Mapping[str, Any]:
    """What a JSON answer says; nothing when it is another."""
    return answer.content if isinstance(answer, Json) else {}


def silence() -> Response:
    """JSON by its name, and empty."""
    return Response("", content_type="text/x-json; charset=utf-8")


def success(message: str, record: str | int | None = None) -> Json:
    answer: dict[str, Any] = {
        "type": "success",
        "message": message,
    }
    return data(
        answer
        if record is None
        else {
            **answer,
            "id": record,
        }
    )


def error(message: str) -> Json:
    """A refusal: 200, and only the body says so."""
    return data(
        {
            "type": "error",
            "message": message,
        }
    )


def box(status: int) -> Response:
    """The CRM's red box."""
    return _html(_GATEWAY_BOX if status == 504 else _BOX, status)


def gateway(status: int) -> Response:
    """The page of the web server in front of the CRM."""
    title = _TITLES.get(status, f"{status} Bad Request")
    page = (
        f"<html>\r\n<head><title>{title}</title></head>\r\n"
        f"<body>\r\n<center><h1>{title}</h1></center>\r\n"
    )
    return _html(f"{page}<hr><center>nginx</center>\r\n</body>\r\n</html>\r\n", status)


def login_page() -> Response:
    return _html(_LOGIN, 200)


def redirect() -> Response:
    answer = _html("", 302)
    answer.headers["Location"] = "/adm.php"
    return answer


def _html(text: str, status: int) -> Response:
    return Response(text.encode("latin-1"), status, content_type="text/html; charset=ISO-8859-1")
