"""Tests of static files: the address changes with the content.

What is sent is small and kept for ever.
"""

from __future__ import annotations

import gzip
import re
from dataclasses import replace

import brotli
import pytest
from flask import Flask
from flask.testing import FlaskClient
from rjsmin import jsmin

from widget.web.assets import FOLDER, SHARED, Assets


@pytest.fixture
def assets() -> Assets:
    return Assets({"chatwoot": FOLDER / "consoles/chatwoot.js"})


@pytest.fixture
def client(assets: Assets) -> FlaskClient:
    app = Flask("assets", static_folder=None)
    app.register_blueprint(assets.blueprint())
    return app.test_client()


NAMES = ["widget.css", "chatwoot.js"]


@pytest.mark.parametrize(
    ("name", "kind"), [("widget.css", "text/css"), ("chatwoot.js", "text/javascript")]
)
def test_a_file_is_served_under_its_address(
    assets: Assets, client: FlaskClient, name: str, kind: str
) -> None:
    answer = client.get(assets.url(name))

    assert answer.status_code == 200
    assert answer.mimetype == kind
    assert len(answer.data) > 500


@pytest.mark.parametrize("name", NAMES)
def test_the_address_names_the_content(assets: Assets, name: str) -> None:
    asset = assets._assets[name]
    changed = replace(asset, bodies={**asset.bodies, "identity": b"changed"})

    assert re.fullmatch(rf"/static/[0-9a-f]{{10}}/{re.escape(name)}", assets.url(name))
    assert changed.fingerprint != asset.fingerprint


def test_the_address_is_the_same_after_a_restart(assets: Assets) -> None:
    assert Assets({"chatwoot": FOLDER / "consoles/chatwoot.js"}).url("widget.css") == assets.url(
        "widget.css"
    )


def test_what_is_served_may_be_kept_for_ever(assets: Assets, client: FlaskClient) -> None:
    answer = client.get(assets.url("widget.css"))

    assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert answer.headers["Vary"] == "Accept-Encoding"


@pytest.mark.parametrize(
    ("accepted", "coding"),
    [
        ("gzip, deflate, br, zstd", "br"),
        ("gzip, deflate", "gzip"),
        ("br;q=0.1, gzip;q=0.9", "gzip"),
        ("br;q=0", ""),
        ("identity", ""),
        ("", ""),
    ],
)
def test_it_comes_in_the_coding_that_the_browser_takes_best(
    assets: Assets, client: FlaskClient, accepted: str, coding: str
) -> None:
    plain = client.get(assets.url("widget.css")).data
    unpacked = {"br": brotli.decompress, "gzip": gzip.decompress, "": bytes}

    answer = client.get(assets.url("widget.css"), headers={"Accept-Encoding": accepted})

    assert answer.headers.get("Content-Encoding", "") == coding
    assert unpacked[coding](answer.data) == plain


@pytest.mark.parametrize(
    "path",
    [
        "/static/0000000000/widget.css",
        "/static//widget.css",
        "/static/x/../../widget/cli/main.py",
        "/static/x/keys.js",
        "/static/widget.css",
    ],
)
def test_nothing_else_is_served(client: FlaskClient, path: str) -> None:
    assert client.get(path).status_code == 404


def test_a_file_is_not_served_under_anothers_fingerprint(
    assets: Assets, client: FlaskClient
) -> None:
    fingerprint = assets.url("widget.css").split("/")[2]

    assert client.get(f"/static/{fingerprint}/chatwoot.js").status_code == 404


def test_a_consoles_script_comes_first_and_brings_all_it_needs(
    assets: Assets, client: FlaskClient
) -> None:
    text = client.get(assets.url("chatwoot.js")).text

    parts = [
        text.index(jsmin((FOLDER / name).read_text())) for name in ("consoles/chatwoot.js", *SHARED)
    ]
    assert parts == sorted(parts)
    assert parts[0] < text.index("htmx") < parts[1]
