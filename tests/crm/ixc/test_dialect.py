"""What the journal keeps of a write in our words, and the request that comes of it."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace

import pytest

from tests.crm.bench import ORIGIN, Bench
from tests.crm.ixc.test_negotiations import NEW, henrique, marina
from tests.crm.ixc.test_people import MARINA, RAFAEL, STRANGER, update
from widget.crm.ixc.dialect import Dialect
from widget.crm.ixc.words import FORMS
from widget.crm.port import Interaction, NewNote
from widget.crm.wire import Query, Write
from widget.domain.model import Status, Written

KEY = "key-of-the-form-1"
NOTE = NewNote("Quer 500 Mega", "2", "ABC123")
STEP = Interaction({"stage": "3"}, {"stage": ("2", "3")}, "Foi para outro", Status.LOST)
DEEDS: dict[str, Callable[[Bench], Written]] = {
    "contact.create": lambda b: b.ixc.people.create(STRANGER, KEY, ORIGIN, unchecked=True),
    "contact.update": lambda b: update(b, MARINA, {"name": "Marina T.", "phone": "4999"}),
    "a customer": lambda b: update(b, RAFAEL, {"owner": "3"}),
    "negotiation.create": lambda b: b.ixc.negotiations.create(marina(b), NEW, KEY, ORIGIN),
    "negotiation.update": lambda b: b.ixc.negotiations.interact("1", STEP, KEY, ORIGIN),
    "note.add": lambda b: b.ixc.notes.add(henrique(b), "", NOTE, KEY, ORIGIN),
    "note.remark": lambda b: b.ixc.notes.add(marina(b), "", NOTE, KEY, ORIGIN),
}


class Watched(Dialect):
    """Remembers what it was told."""

    def __init__(self) -> None:
        super().__init__()
        self.writes: list[Write] = []

    def told(self, write: Write) -> dict[str, object]:
        self.writes.append(write)
        return super().told(write)


@pytest.fixture
def watched(bench: Bench) -> Watched:
    dialect = Watched()
    bench.settling.dialect = dialect
    return dialect


@pytest.mark.parametrize("do", DEEDS.values(), ids=DEEDS)
def test_what_is_asked_after_the_journal_is_what_was_asked_before(
    bench: Bench, watched: Watched, do: Callable[[Bench], Written]
) -> None:
    do(bench)

    assert watched.writes
    for write in list(watched.writes):
        kept = json.loads(json.dumps(watched.told(write)))
        again = watched.asked(kept, write.key, write.origin)
        words = again.words.keys()
        said = replace(again, words=write.words, said={}, subject="", touches=write.touches)
        assert said == write
        assert not words & (FORMS[write.resource].fields.keys() - {"email", "status", "whatsapp"})


@pytest.mark.parametrize("do", DEEDS.values(), ids=DEEDS)
def test_no_table_no_column_and_no_constant_of_the_crm_is_kept(
    bench: Bench, watched: Watched, do: Callable[[Bench], Written]
) -> None:
    do(bench)

    for write in list(watched.writes):
        kept = watched.told(write)
        assert {"resource", "markers", "guard", "table"}.isdisjoint(kept)
        fields = {*FORMS[write.resource].fields.values()}
        for part in ("record", "append", "expected", "before"):
            assert fields.issuperset(kept[part]), part  # type: ignore[call-overload]


def test_a_write_of_a_table_without_words_is_kept_as_it_is() -> None:
    markers = (Query("crm_substatus"),)
    write = Write("crm_substatus", {"descricao": "x"}, KEY, ORIGIN, markers=markers)
    dialect = Dialect()

    assert replace(dialect.asked(dialect.told(write), KEY, ORIGIN), subject="") == write


def test_the_qualification_has_a_word_whatever_its_column() -> None:
    dialect = Dialect(qualification_field="pontos")
    write = Write("crm_negociacoes", {"pontos": "4"}, KEY, ORIGIN)

    assert dialect.told(write)["record"] == {"qualification": "4"}
