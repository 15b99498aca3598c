"""The error tree: every error has its status, its code and its sentence."""

from __future__ import annotations

import inspect

import pytest

from widget.domain import errors
from widget.domain.errors import (
    CRMError,
    Invalid,
    NotConnected,
    PermissionDenied,
    Rejected,
    ResourceUnavailable,
    StorageFailed,
    Unsure,
    VinculoError,
)
from widget.domain.texts import speak

ALL = [
    kind
    for _, kind in inspect.getmembers(errors, inspect.isclass)
    if issubclass(kind, VinculoError)
]


@pytest.mark.parametrize("kind", ALL)
def test_every_error_says_what_happened_in_one_sentence(kind: type[VinculoError]) -> None:
    assert kind.sentence.endswith(".")
    assert kind.sentence[0].isupper()
    assert kind.advice == "" or kind.advice.endswith(".")


@pytest.mark.parametrize("kind", [k for k in ALL if k not in (VinculoError, CRMError)])
def test_every_error_has_a_sentence_of_its_own(kind: type[VinculoError]) -> None:
    assert [other for other in ALL if other.sentence == kind.sentence] == [kind]


def test_every_code_is_used_once() -> None:
    codes = [kind.code for kind in ALL]

    assert sorted(set(codes)) == sorted(codes)
    assert all(code.startswith("VNC-") for code in codes)


@pytest.mark.parametrize("kind", ALL)
def test_only_trouble_of_the_crm_or_of_our_disk_may_look_like_a_server_error(
    kind: type[VinculoError],
) -> None:
    is_no_mistake_of_the_request = issubclass(kind, CRMError | StorageFailed) or kind in (
        VinculoError,
        NotConnected,
        Unsure,
    )

    assert 400 <= kind.status < 500 or is_no_mistake_of_the_request
    assert kind.status in {401, 403, 404, 409, 413, 422, 429, 500, 502, 503, 504, 507}


@pytest.mark.parametrize("kind", [kind for kind in ALL if issubclass(kind, StorageFailed)])
def test_trouble_of_our_disk_says_that_nothing_went_out_and_that_the_text_stays(
    kind: type[StorageFailed],
) -> None:
    assert kind.status == 507
    assert kind.sentence.endswith("nada foi ao CRM. O que você digitou continua na tela.")
    assert kind.advice
    assert kind.remedy or kind is StorageFailed


def test_the_tree_in_the_docstring_is_the_tree() -> None:
    drawn = [
        word
        for line in (errors.__doc__ or "").splitlines()
        for word in line.split()
        if word in vars(errors)
    ]

    assert sorted(drawn) == sorted(kind.__name__ for kind in ALL)


def test_an_invalid_form_names_its_fields_but_not_what_was_typed() -> None:
    error = Invalid({"phone": "Falta o DDD.", "name": "Preencha este campo."})

    assert error.fields["phone"] == "Falta o DDD."
    assert str(error) == "name, phone"


def test_a_refusal_carries_the_crms_words() -> None:
    error = Rejected(("Preencha Nome!", "Preencha Filial!"))

    assert error.messages == ("Preencha Nome!", "Preencha Filial!")
    assert str(error) == "Preencha Nome! / Preencha Filial!"


def test_a_missing_resource_is_named() -> None:
    assert ResourceUnavailable("crm_funil").resource == "crm_funil"


@pytest.mark.parametrize(
    ("message", "messages"), [("", ()), ("Sem permissão.", ("Sem permissão.",))]
)
def test_a_missing_permission_carries_the_crms_words_if_it_said_any(
    message: str, messages: tuple[str, ...]
) -> None:
    assert PermissionDenied(message).messages == messages


def test_a_sentence_is_translated_where_it_is_shown_and_not_before() -> None:
    speak("en")
    try:
        assert errors.Unreachable().sentence == errors.Unreachable.sentence
    finally:
        speak("pt-BR")
