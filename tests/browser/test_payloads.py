"""Tests that no name from the CRM or the console runs as code on any screen.

This holds even where no policy stops it.
"""

from __future__ import annotations

from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser

from tests.every_screen import every_screen
from tests.product import TEO, Hour, Screen, Visitor
from widget.emulator.crm.server import Emulator
from widget.store.engine.database import sqlite3

pytestmark = pytest.mark.browser

# Each would call ``ran`` if it were more than text: as an element, out of an attribute, out of a
# script, as an address.
PAYLOADS = (
    "<script>ran()</script>",
    "<SCRIPT>ran()</SCRIPT >",
    "</title><script>ran()</script>",
    "<script src=data:,ran()>",
    "</textarea><script>ran()</script>",
    "</style><script>ran()</script>",
    "--><script>ran()</script>",
    "<img src=x onerror=ran()>",
    "<img/src=x/onerror=ran()>",
    "<img src=x onerror=&#114;an()>",
    "<image src=x onerror=ran()>",
    "<svg onload=ran()>",
    "<svg><script>ran()</script></svg>",
    "<svg/onload=ran()//",
    "<svg><animate onbegin=ran() attributeName=x>",
    "<math><mtext><img src=x onerror=ran()></mtext></math>",
    "<body onload=ran()>",
    "<iframe srcdoc='<script>parent.ran()</script>'>",
    "<iframe src=javascript:parent.ran()>",
    "<object data=javascript:ran()>",
    "<embed src=javascript:ran()>",
    "<video><source onerror=ran()></video>",
    "<audio src=x onerror=ran()>",
    "<details open ontoggle=ran()>",
    "<input autofocus onfocus=ran()>",
    "<select autofocus onfocus=ran()>",
    "<textarea autofocus onfocus=ran()>",
    "<marquee onstart=ran()>",
    "<style>@import 'javascript:ran()'</style>",
    "<base href=javascript:ran()//>",
    "<form action=javascript:ran()><button autofocus>",
    "<a href=javascript:ran()>x</a>",
    "<template><script>ran()</script></template>",
    "<noscript><p title='</noscript><img src=x onerror=ran()>'>",
    "<div hx-get=/x hx-trigger=load hx-on::load=ran()>",
    '" onmouseover=ran() autofocus onfocus=ran() x="',
    "' onfocus=ran() autofocus x='",
    '"><img src=x onerror=ran()>',
    "'><img src=x onerror=ran()>",
    "` onfocus=ran() `",
    "javascript:ran()",
    "data:text/html,<script>ran()</script>",
    "{{ ran() }}",
    "{% raw %}",
    "${ran()}",
    "\\u003cscript\\u003eran()\\u003c/script\\u003e",
    "&lt;script&gt;ran()&lt;/script&gt;",
    "%3Cscript%3Eran()%3C/script%3E",
    "\u2028ran()//",
    "\x0b<img src=x onerror=ran()>",
)
POISON = " ".join(PAYLOADS)
# What only markup of somebody else's could bring onto a screen.
FOREIGN = """() => {
  const elements = "script:not([src]),iframe,object,embed,img,image,audio,video,base,\
marquee,math,style";
  const addresses = ["href", "src", "action", "data", "formaction"];
  const runs = (a) => /^on|^hx-on/i.test(a.name)
    || (/^\\s*(javascript|data:text)/i.test(a.value) && addresses.includes(a.name));
  const bad = [...document.querySelectorAll(elements)];
  const handlers = [...document.querySelectorAll("*")].filter((e) => [...e.attributes].some(runs));
  return [...bad, ...handlers].map((e) => e.outerHTML.slice(0, 200))\
.concat(window.hit ? ["it ran"] : []);
}"""


@dataclass
class Poisoned(Visitor):
    """An attendant whose console tells everything together with the payloads."""

    def open(
        self, contact: dict[str, Any], conversation: int | None = None, **claims: Any
    ) -> Screen:
        """The same person, strangely called."""
        told = {
            "name": f"{contact.get('name', '')} {POISON}",
            "custom_attributes": {"documento": POISON},
        }
        return super().open({**contact, **told, "identifier": POISON}, conversation, **claims)


def poison(path: Path) -> int:
    """Adds the payloads to every text of the CRM; how many columns that were."""
    columns = 0
    with closing(sqlite3.connect(path)) as connection, connection:
        tables = [
            name
            for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
        ]
        for table in (name for name in tables if not name.startswith(("sqlite_", "emulator_"))):
            for _, column, *_ in connection.execute(f'PRAGMA table_info("{table}")').fetchall():
                # Words, that is: neither numbers and times nor the CRM's own letters for its
                # states.
                words = (
                    f'"{column}" GLOB \'*[A-Za-z]*\' AND length("{column}") > 2 AND "{column}" '
                    "NOT GLOB '*@*'"
                )
                found = connection.execute(
                    f'UPDATE "{table}" SET "{column}" = "{column}" || ? WHERE {words}',
                    [f" {POISON}"],
                )
                columns += found.rowcount > 0
    return columns


def test_no_payload_runs_on_any_screen(
    crm: Emulator, tmp_path: Path, hour: Hour, browser: Browser
) -> None:
    poisoned = poison(Path(crm.path))
    app = hour.app(crm, tmp_path / "data", index=False)
    teo = Poisoned(app.test_client(), {**TEO, "name": f"Téo {POISON}"})
    page = browser.new_page()
    page.add_init_script("window.ran = () => { window.hit = true }; window.alert = window.ran")
    found: dict[str, list[str]] = {}
    shown = 0
    for name, screen in every_screen(crm, teo, hour.passes):
        page.set_content(screen.response.text, wait_until="domcontentloaded")
        shown += "ran()" in screen.response.text
        if bad := page.evaluate(FOREIGN):
            found[name] = bad
    page.close()

    assert found == {}
    assert poisoned > 20
    assert shown > 30
