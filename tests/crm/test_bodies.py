"""Tests of bodies as real bases send them.

They hold bytes of another code page, broken bytes, and what is no text at all.
"""

from __future__ import annotations

import json

import pytest

from widget.crm import bodies
from widget.crm.bodies import LOST


@pytest.mark.parametrize(
    "text",
    ["São José", "JOÃO DA CONCEIÇÃO", "Nº 12 – “Padaria”", "Irmãos Müller & Cia", "Peña", "25°C ½"],
)
def test_a_text_is_read_in_utf8_and_in_cp1252(text: str) -> None:
    assert bodies.decoded(text.encode()) == text
    assert bodies.decoded(text.encode("cp1252")) == text


@pytest.mark.parametrize(
    "body",
    [
        b"S\xffo Jos\xc3\xa9",  # broken in one place, whole in another
        b"S\xe3o Jos\xc3\xa9",  # one column in another code page than the rest
        b"Jos\xff",
        b"S\xc3o Bento",
        b"JOS\xc3",
        b"Jos\xc3",  # cut in the middle of a letter
        b"Jos\x81",
    ],
)
def test_what_is_broken_is_not_taken_for_another_code_page(body: bytes) -> None:
    assert LOST in bodies.decoded(body)


@pytest.mark.parametrize("value", ["\ufffd", "S\ufffdo", "x\ude00y", [], {"a": 1}, True])
def test_what_no_text_says_without_harm_is_a_damaged_column(value: object) -> None:
    text = bodies.text_of(value)

    text.encode()
    assert bodies.damaged_columns({"nome": text, "email": "a@b.example"}) == ["nome"]


@pytest.mark.parametrize(("value", "text"), [(None, ""), (12, "12"), ("🚀", "🚀"), ("São", "São")])
def test_what_can_be_said_is_no_damage(value: object, text: str) -> None:
    assert bodies.text_of(value) == text
    assert not bodies.damaged_columns({"nome": text})


def test_an_emoji_in_two_halves_is_whole() -> None:
    assert bodies.text_of(json.loads('"\\ud83d\\ude80"')) == "🚀"


@pytest.mark.parametrize("number", ["99.90", "1e3", "1.50"])
def test_a_number_stays_as_it_is_written(number: str) -> None:
    assert bodies.content(f'{{"total": {number}}}') == {"total": number}


@pytest.mark.parametrize(
    "text", ["", "[" * 100_000, '{"a":' * 100_000, "{" * 100_000, '{"' * 100_000, "9" * 5000]
)
def test_nonsense_of_any_length_is_refused_soon(text: str) -> None:
    with pytest.raises(bodies.NotOne):
        bodies.content(text)
    assert not bodies.is_spoiled(text)
