"""The live checks while typing: the sentences of the saved form, one at a time."""

import pytest

from tests.product import OTAVIO, Visitor, asked
from widget.emulator.crm.server import Emulator


@pytest.mark.parametrize(
    ("what", "typed", "sentence"),
    [
        ("document", "", ""),
        ("document", "390.533.447-05", ""),
        ("document", "12.abc.345/01de-35", ""),
        ("document", "390.533.447-06", "Os dígitos verificadores não conferem."),
        ("document", "390.533", ""),
        ("document", "390.533.447-0", "Falta 1 dígito do CPF."),
        ("document", "111.111.111-11", "Números repetidos não são um documento."),
        ("phone", "", ""),
        ("phone", "(49) 98812-4417", ""),
        ("phone", "+1 415 555 2671", ""),
        ("phone", "98812-4417", ""),
        ("phone", "(20) 98812-4417", "Este DDD não existe."),
    ],
)
def test_a_value_is_judged_while_it_is_typed(
    ana: Visitor, what: str, typed: str, sentence: str
) -> None:
    ana.open(OTAVIO)
    answer = ana.post(f"/tab/check/{what}", {what: typed})

    assert (answer.status, answer.text) == (200, sentence)


@pytest.mark.parametrize("what", ["document", "phone"])
@pytest.mark.parametrize("typed", ["<script>x</script>", "\x00", "🚀" * 100, "9" * 100_000])
def test_nonsense_is_judged_without_being_repeated(ana: Visitor, what: str, typed: str) -> None:
    ana.open(OTAVIO)
    answer = ana.post(f"/tab/check/{what}", {what: typed})

    assert answer.status == 200
    assert "script" not in answer.response.text


@pytest.mark.parametrize("what", ["document", "phone"])
def test_a_check_never_asks_the_crm(ana: Visitor, crm: Emulator, what: str) -> None:
    ana.open(OTAVIO)
    before = len(crm.calls)
    ana.post(f"/tab/check/{what}", {what: "390.533.447-05"})

    assert len(asked(crm)) == before


@pytest.mark.parametrize("what", ["document", "phone"])
def test_the_sentence_is_in_the_language_of_the_screen(ana: Visitor, what: str) -> None:
    ana.open(OTAVIO)
    headers = {"X-Panel-Token": ana.token, "X-Panel-Locale": "en"}
    answer = ana.client.post(f"/tab/check/{what}", data={what: "(20) 98812-4417x"}, headers=headers)

    assert answer.text.isascii()
    assert answer.text
