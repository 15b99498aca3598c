"""Static files: read once, named by what is in them, compressed once, cached for ever."""

from __future__ import annotations

import gzip
import hashlib
import mimetypes
from dataclasses import dataclass
from importlib.metadata import distribution
from pathlib import Path

import brotli
from flask import Blueprint, Response, abort, request

FOLDER = Path(__file__).parent.parent / "static"
# htmx 2, installed with the package django-htmx, of which nothing else is used.
HTMX = "django_htmx/static/django_htmx/htmx-2.min.js"


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
    """All static files by name."""

    def __init__(self) -> None:
        htmx = Path(str(distribution("django-htmx").locate_file(HTMX)))
        files = {str(p.relative_to(FOLDER)): p for p in FOLDER.rglob("*") if p.is_file()}
        self._assets = {name: _asset(name, path) for name, path in {**files, "htmx.js": htmx}.items()}

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


def _asset(name: str, path: Path) -> Asset:
    body = path.read_bytes()
    kind = mimetypes.guess_type(name)[0] or "application/octet-stream"
    return Asset(name, kind, {"br": brotli.compress(body), "gzip": gzip.compress(body, mtime=0), "identity": body})


def _answer(asset: Asset) -> Response:
    coding = request.accept_encodings.best_match(["br", "gzip", "identity"], "identity")
    response = Response(asset.bodies[coding], mimetype=asset.kind)
    response.headers["Cache-Control"] = "public, max-age=31536000, immutable"
    response.headers["Vary"] = "Accept-Encoding"
    if coding != "identity":
        response.headers["Content-Encoding"] = coding
    return response
