"""Static files: put together once, named by what is in them, compressed once, cached for ever."""

from __future__ import annotations

import gzip
import hashlib
import mimetypes
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.metadata import distribution
from pathlib import Path

import brotli
from flask import Blueprint, Response, abort, request
from rcssmin import cssmin
from rjsmin import jsmin

FOLDER = Path(__file__).parents[2] / "static"
# htmx 2, installed with the package django-htmx, of which nothing else is used.
HTMX = "django_htmx/static/django_htmx/htmx-2.min.js"
# After the console's own script, which must listen before anything else; one file compresses better
# than five.
SHARED = ("panel.js", "say.js", "still.js", "changes.js", "reveal.js", "drafts.js", "keys.js")

# Asked for by themselves: what is not needed, or not everywhere, when the panel opens.
ALONE = ("widget.css", "setup.css", "setup.js", "pairing.js", "combobox.js")


@dataclass(frozen=True)
class Asset:
    """One file with its compressed twins by content coding."""

    name: str
    kind: str
    bodies: dict[str, bytes]

    @property
    def fingerprint(self) -> str:
        """Changes when the content does."""
        return hashlib.sha256(self.bodies["identity"]).hexdigest()[:10]


class Assets:
    """The style sheet, and one script for each console."""

    def __init__(self, consoles: Mapping[str, Path]) -> None:
        """``consoles`` are the own scripts of the consoles, by their names."""
        htmx = Path(str(distribution("django-htmx").locate_file(HTMX))).read_text()
        shared = [htmx, *(_lean(FOLDER / name) for name in SHARED)]
        self._assets = {name: _asset(name, _lean(FOLDER / name)) for name in ALONE}
        for console, path in consoles.items():
            name = f"{console}.js"
            self._assets[name] = _asset(name, "\n".join([_lean(path), *shared]))

    def url(self, name: str) -> str:
        """The address of a file, with its fingerprint."""
        return f"/static/{self._assets[name].fingerprint}/{name}"

    def blueprint(self) -> Blueprint:
        """Serves the files; only the current fingerprint exists."""
        blueprint = Blueprint("assets", __name__)

        @blueprint.get("/static/<fingerprint>/<path:name>")
        def file(fingerprint: str, name: str) -> Response:
            asset = self._assets.get(name)
            if asset is None or asset.fingerprint != fingerprint:
                abort(404)
            return _answer(asset)

        return blueprint


def _lean(path: Path) -> str:
    """The file without blanks and comments."""
    minify = {
        ".js": jsmin,
        ".css": cssmin,
    }[path.suffix]
    return str(minify(path.read_text()))


def _asset(name: str, text: str) -> Asset:
    body = text.encode()
    kind = mimetypes.guess_type(name)[0] or "application/octet-stream"
    return Asset(
        name,
        kind,
        {
            "br": _brotli(body),
            "gzip": gzip.compress(body, mtime=0),
            "identity": body,
        },
    )


@cache
def _brotli(body: bytes) -> bytes:
    """Compressed as well as can be, which takes its time: once for each content."""
    return bytes(brotli.compress(body))


def _answer(asset: Asset) -> Response:
    coding = request.accept_encodings.best_match(["br", "gzip", "identity"], "identity")
    response = Response(asset.bodies[coding], mimetype=asset.kind)
    response.headers["Cache-Control"] = "public, max-age=31536000, immutable"
    response.headers["Vary"] = "Accept-Encoding"
    if coding != "identity":
        response.headers["Content-Encoding"] = coding
    return response
