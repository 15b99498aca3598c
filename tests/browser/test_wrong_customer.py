"""Tests that nothing lands on the wrong customer.

This holds whatever is slow, and however fast a person hurries from one conversation to the next.
"""

import json
import os
import random

import pytest
from playwright.sync_api import expect

from tests import product
from tests.browser.panel import Desk, until

pytestmark = pytest.mark.browser

NOTES = "crm_prospeccao_anotacoes"
SEED = 20_261_122
# A whole run tries 200: INTERLEAVINGS=200 make test ARGS=tests/browser/test_wrong_customer.py
INTERLEAVINGS = int(os.environ.get("INTERLEAVINGS", "60"))
# Whom the console tells, and whom the CRM has for them.
PEOPLE = {
    "Rafael Nunes Prado": product.RAFAEL,
    "Padaria Trigo Bom": product.PADARIA,
    "Henrique Paz Duarte": product.HENRIQUE,
    "Lúcia Amaral Teixeira": product.LUCIA,
}
# What one does beside a composer, with no moment between.
HURRIES = (
    ("save", "switch"),
    ("switch", "save"),
    ("switch", "save", "switch"),
    ("save", "edit", "switch"),
    ("edit", "switch"),
    ("switch", "tab", "save", "switch"),
    ("edit", "save", "switch", "switch"),
    ("save", "tab", "switch", "save"),
)
# Every request of the panel is on its way for a while, so that later ones overtake it, on the way
# there or back.
SLOW = """
(() => {
  let state = SEED;
  const chance = () => ((state = (state * 1103515245 + 12345) % 2147483648) / 2147483648);
  const { send } = XMLHttpRequest.prototype;
  XMLHttpRequest.prototype.send = function (body) {
    setTimeout(() => send.call(this, body), chance() < 0.5 ? 0 : chance() * 40);
  };
})();
""".replace("SEED", str(SEED))
SAVE = """text => {
  const form = document.querySelector("form.composer");
  if (!form || form.querySelector("[type=submit]").disabled) return "";
  const name = document.querySelector("h1").firstChild.textContent.trim();
  form.elements.text.value = `${text} para ${name}.`;
  form.elements.text.dispatchEvent(new Event("input", { bubbles: true }));
  form.requestSubmit();
  return name;
}"""
TELL = (
    "told => document.querySelector('#panel "
    "iframe').contentWindow.postMessage(JSON.stringify(told), '*')"
)
CLICKS = {
    "tab": "() => document.querySelector('[role=tab][data-key=a]')?.click()",
    "edit": "() => document.querySelector('#go-edit')?.click()",
}


def switch(desk: Desk, name: str) -> None:
    """As a console does that keeps its frame: it tells the next conversation."""
    desk.page.evaluate(
        TELL, {"event": "appContext", "data": json.loads(product.context(PEOPLE[name]))}
    )


def test_no_note_lands_on_another_contact_than_the_one_on_the_screen(desk: Desk) -> None:
    chance = random.Random(SEED)  # noqa: S311 -- for tests
    print(f"seed {SEED}")  # noqa: T201 -- to play it again
    desk.page.add_init_script(SLOW)
    # A form whose answer was dropped, saved again with other words before the next screen comes, is
    # stopped and told.
    desk.tolerates(409)
    stopped: list[int] = []
    desk.page.on("response", lambda answer: stopped.append(1) if answer.status == 409 else None)
    desk.open("Rafael Prado", "Rafael Nunes Prado")
    selected, frame, saved = "Rafael Nunes Prado", desk.frame, {}
    desk.at_rest()

    for _ in range(INTERLEAVINGS):
        frame.evaluate(CLICKS["tab"])
        frame.wait_for_selector("form.composer")
        for step in chance.choice(HURRIES):
            if step == "save":
                text = f"Nota {len(saved)}"
                if name := frame.evaluate(SAVE, text):
                    saved[f"{text} para {name}."] = name
            elif step in CLICKS:
                frame.evaluate(CLICKS[step])
            else:
                selected = chance.choice([name for name in PEOPLE if name != selected])
                switch(desk, selected)
        desk.on(selected)
        desk.at_rest()
        desk.on(selected)

    names = {row["id"]: row["razao"] for row in desk.crm.rows("cliente")}
    until(lambda: len(_found(desk)) >= len(saved) - len(stopped), desk.page, seconds=60)
    landed = {text: names[number] for text, number in _found(desk)}
    assert len(saved) > INTERLEAVINGS / 4
    assert len(_found(desk)) == len(landed) == len(saved) - len(stopped)
    assert landed.items() <= saved.items()
    assert len(stopped) < INTERLEAVINGS / 20


def _found(desk: Desk) -> list[tuple[str, str]]:
    """The notes of the test in the CRM, with the customer's number."""
    found = [
        (row["anotacao"].partition("\n")[2], row["id_cliente"]) for row in desk.crm.rows(NOTES)
    ]
    return [(text, number) for text, number in found if text.startswith("Nota ")]


def test_a_save_after_a_colleague_has_linked_somebody_else_is_stopped_and_asks(desk: Desk) -> None:
    desk.tolerates(409)
    desk.open("Otávio Brandt", "Otávio Brandt")
    link(desk, "Rafael Nunes Prado")
    desk.tab("Anotações")
    desk.fill(Nova_anotação="Era para o Rafael")
    colleague = desk.another_window()
    colleague.open("Otávio Brandt", "Rafael Nunes Prado")
    colleague.press("Desvincular")
    colleague.press("Desvincular")
    link(colleague, "Henrique Paz Duarte")

    desk.save()

    expect(desk.panel.get_by_role("group", name="Aviso")).to_be_visible()
    expect(desk.field("Nova anotação")).to_have_value("Era para o Rafael")
    assert desk.crm.rows("emulator_arrived") == []


def link(desk: Desk, name: str) -> None:
    desk.press("Vincular existente")
    desk.fill(Pesquisa=name)
    desk.press("Pesquisar")
    desk.press(name, exact=False)
    desk.save()
    desk.on(name)
