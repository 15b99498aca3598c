"""The line that tells a text's true author, written and read, wherever the text is kept."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from widget.crm.signature import Signed, block, blocks, read, reference_of, sign, signer

KEY, OTHER = "key-of-the-form-1", "key-of-the-form-2"
REF, OTHER_REF = reference_of(KEY), reference_of(OTHER)
AT = "20/11/2026 14:07"
TEXTS = st.text(
    st.characters(exclude_categories=["Cc", "Cs", "Zl", "Zp"]) | st.just("\n"), min_size=1
).filter(str.strip)
NAMES = st.text(st.characters(exclude_categories=["Cc", "Cs", "Zl", "Zp"]), max_size=40)


def below(remarks: str, text: str, author: str, key: str, corrects: str = "") -> str:
    """The remarks with a note below, as a change puts it there."""
    return f"{remarks.rstrip()}\n\n{block(text, author, key, AT, corrects)}".strip()


def test_a_reference_is_six_characters_that_nobody_mistakes() -> None:
    assert re.fullmatch(r"[0-9A-HJKMNP-TV-Z]{6}", REF)
    assert reference_of(KEY) == REF != OTHER_REF


def test_references_differ_from_form_to_form() -> None:
    assert len({reference_of(f"key-{number}") for number in range(2000)}) > 1998


@pytest.mark.parametrize("corrects", ["", "ABC123", "42"])
@pytest.mark.parametrize(
    "text", ["Quer 500 Mega.", "duas\nlinhas\n\nmais", "— travessão", "🚀 <b>x</b>", "a · ref b"]
)
def test_what_was_signed_is_read_as_it_was(text: str, corrects: str) -> None:
    assert read(sign(text, "Ana Souza", KEY, corrects)) == Signed(text, "Ana Souza", REF, corrects)


@given(TEXTS, NAMES)
def test_any_text_of_any_author_survives(text: str, author: str) -> None:
    found = read(sign(text, author, KEY))

    assert (found.text, found.author, found.reference) == (text.strip(), signer(author), REF)


def test_the_crms_own_line_breaks_do_no_harm() -> None:
    assert read(sign("duas\nlinhas", "Ana", KEY).replace("\n", "\r\n")) == Signed(
        "duas\nlinhas", "Ana", REF
    )


@pytest.mark.parametrize(
    "text", ["", "Ligou hoje.", "— Ana", "Ana · ref ABC123", "texto\n— Ana · ref abc123"]
)
def test_a_text_without_a_signature_has_no_author(text: str) -> None:
    assert read(text) == Signed(text)


@pytest.mark.parametrize("corrects", ["", "ABC123", "42"])
@pytest.mark.parametrize("text", ["Quer 500 Mega.", "duas\nlinhas\n\nmais", "[ref", "a · ref b"])
def test_what_an_older_version_signed_at_the_end_is_read(text: str, corrects: str) -> None:
    corrected = f" · corrige {corrects}" if corrects else ""

    assert read(f"{text}\n\n— Ana Souza · ref {REF}{corrected}") == Signed(
        text, "Ana Souza", REF, corrects
    )


def test_a_text_that_was_cut_keeps_its_reference_and_its_author() -> None:
    signed = sign("Quer 500 Mega.", "Ana Souza", KEY, OTHER_REF)

    for length in range(len(f"[ref {REF}"), len(signed)):
        found = read(signed[:length].strip())
        assert found.reference == REF
        assert "Quer 500 Mega.".startswith(found.text)


@pytest.mark.parametrize(
    "author", ["🌸 Ana Souza", "Ana 🌸 Souza", "Ana [Souza]", "Ana\n- Souza", ""]
)
def test_nothing_in_a_name_cuts_the_text_or_ends_its_line(author: str) -> None:
    signed = sign("Quer 500 Mega.", author, KEY)

    assert max(signed) <= "\uffff"
    assert read(signed) == Signed("Quer 500 Mega.", signer(author), REF)


def test_the_reference_is_read_though_every_other_character_was_spoiled() -> None:
    spoiled = sign("São José", "Téo", KEY).encode().decode("ascii", "replace")

    assert read(spoiled).reference == REF


def test_a_quoted_signature_is_part_of_the_text() -> None:
    quoted = sign("Primeira.", "Rui Matos", OTHER)

    found = read(sign(f"{quoted}\n\nConcordo.", "Ana Souza", KEY))

    assert (found.author, found.reference) == ("Ana Souza", REF)
    assert found.text == f"{quoted}\n\nConcordo."


def test_the_longest_note_is_signed_and_read() -> None:
    assert read(sign("ç" * 10_000, "Ana", KEY)).text == "ç" * 10_000


# -- inside remarks
# ------------------------------------------------------------------------------------------------


def test_a_note_for_remarks_is_dated_and_signed() -> None:
    assert (
        block(" Quer 500.\n", "Ana", KEY, AT) == f"[{AT} - ref {REF} - Ana]\nQuer 500.\n[fim {REF}]"
    )


def test_a_note_is_put_below_what_stands_there_which_stays_as_it_is() -> None:
    remarks = below("Prefere contato à tarde.\r\nTem cachorro.", "Quer 500.", "Ana", KEY)

    assert remarks.startswith("Prefere contato à tarde.\r\nTem cachorro.\n\n[")
    assert blocks(remarks) == (
        [Signed("Quer 500.", "Ana", REF, "", AT)],
        "Prefere contato à tarde.\nTem cachorro.",
    )


def test_several_notes_are_read_in_their_order() -> None:
    remarks = below(
        below("Livre.", "Um", "Ana", KEY), "Dois\nlinhas", "Rui Matos", OTHER, corrects=REF
    )

    found, rest = blocks(remarks)

    assert found == [
        Signed("Um", "Ana", REF, "", AT),
        Signed("Dois\nlinhas", "Rui Matos", OTHER_REF, REF, AT),
    ]
    assert rest == "Livre."


def test_what_somebody_wrote_between_and_after_notes_is_not_a_note() -> None:
    remarks = below("", "Um", "Ana", KEY) + "\n\nescrito à mão\n"
    remarks = below(remarks, "Dois", "Ana", OTHER) + "\nmais um pouco"

    found, rest = blocks(remarks)

    assert [note.text for note in found] == ["Um", "Dois"]
    assert "escrito à mão" in rest
    assert "mais um pouco" in rest


def older(text: str, author: str, reference: str, corrects: str = "") -> str:
    """A block as older versions wrote it."""
    return (
        f"[{AT}] {text}\n— {author} · ref {reference}{f' · corrige {corrects}' if corrects else ''}"
    )


def test_blocks_of_an_older_version_are_read_among_new_ones() -> None:
    remarks = below(f"Livre.\n\n{older('Um', 'Ana', REF)}", "Dois", "Rui Matos", OTHER)
    remarks += f"\n\n{older('Três', 'Ana', 'ABC123', REF)}\n\nFim."

    found, rest = blocks(remarks)

    assert [(note.text, note.reference, note.corrects) for note in found] == [
        ("Um", REF, ""),
        ("Dois", OTHER_REF, ""),
        ("Três", "ABC123", REF),
    ]
    assert rest.split() == ["Livre.", "Fim."]


def test_a_date_that_somebody_typed_is_no_note() -> None:
    remarks = below(f"[{AT}] Ligou.", "Um", "Ana", KEY)

    assert blocks(remarks) == ([Signed("Um", "Ana", REF, "", AT)], f"[{AT}] Ligou.")


def test_a_block_that_was_cut_keeps_its_reference_and_says_so() -> None:
    whole = below("", "Quer 500 Mega.", "Ana Souza", KEY)

    for length in range(len(f"[{AT} - ref {REF}"), len(whole)):
        (found,), _ = blocks(whole[:length].strip())
        assert (found.reference, found.at, found.is_cut) == (REF, AT, True)
        assert "Quer 500 Mega.".startswith(found.text)


def test_a_note_below_one_that_was_cut_stands_for_itself() -> None:
    cut = below("", "Quer 500 Mega.", "Ana Souza", KEY)

    for length in range(len(f"[{AT} - ref {REF}"), len(cut)):
        found, _ = blocks(below(cut[:length], "Dois", "Rui", OTHER))
        assert [(note.reference, note.is_cut) for note in found] == [
            (REF, True),
            (OTHER_REF, False),
        ]


def test_a_quoted_signature_does_not_end_the_note() -> None:
    quoted = below("", "Primeira.", "Rui Matos", OTHER)

    found, rest = blocks(below("", f"Ele disse:\n{quoted}\n\nConcordo.", "Ana", KEY))

    assert [(note.author, note.reference) for note in found] == [("Ana", REF)]
    assert found[0].text.endswith("Concordo.")
    assert "Primeira." in found[0].text
    assert rest == ""


@given(TEXTS, NAMES, TEXTS)
def test_any_note_in_any_remarks_is_found_and_nothing_is_lost(
    text: str, author: str, before: str
) -> None:
    found, rest = blocks(below(before, text, author, KEY))

    assert [(note.text, note.author, note.at) for note in found] == [
        (text.strip(), signer(author), AT)
    ]
    assert rest == before.replace("\r\n", "\n").strip()


def test_remarks_without_notes_have_none() -> None:
    assert blocks("Prefere contato à tarde.") == ([], "Prefere contato à tarde.")
    assert blocks("") == ([], "")
