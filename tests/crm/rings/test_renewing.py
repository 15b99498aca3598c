"""Tests of a journal of an older version, in the words of the CRM.

It opens, is put in our words, and goes on where it was.
"""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import ROOT
from tests.crm.bench import ORIGIN, Bench
from tests.product import behind
from widget.crm.port import NewContact
from widget.crm.rings.renewing import renew
from widget.crm.signature import reference_of
from widget.crm.wire import unpacked
from widget.domain import errors
from widget.domain.model import State
from widget.emulator.crm.server import Emulator
from widget.store.journal.entries import Entry

# Written by the last version that kept the CRM's words: tables and rows just as they were.
OLDER = (ROOT / "tests/crm/older/journal.sql").read_text()
NOTES = "crm_prospeccao_anotacoes"


def key(name: str) -> str:
    return f"older-{name}-000000"


def restored(folder: Path) -> None:
    folder.mkdir()
    with closing(sqlite3.connect(folder / "vinculo.db")) as connection:
        connection.executescript(OLDER)


@pytest.fixture
def bench(crm: Emulator, tmp_path: Path) -> Bench:
    restored(tmp_path / "data")
    return Bench(crm, tmp_path / "data", in_words=True)


def renewed(bench: Bench) -> int:
    return renew(bench.journal, bench.settling.dialect)


def entry(bench: Bench, name: str) -> Entry:
    found = bench.journal.find(name if "-" in name else key(name))
    assert found is not None
    return found


def plain(value: object) -> object:
    """Lists of an older file are tuples of today, and its operators were the CRM's."""
    if isinstance(value, dict):
        return {name: tuple(part) for name, part in value.items()}
    return (
        repr(value)
        .replace("operator='L'", "operator='contains'")
        .replace("<Status.LOST: 'D'>", "'D'")
    )


def test_every_entry_is_put_in_our_words_once(bench: Bench) -> None:
    count = bench.database.row("SELECT count(*) AS n FROM journal")

    assert count == {"n": renewed(bench)}
    assert (renewed(bench), bench.journal.older()) == (0, [])
    rows = bench.database.rows("SELECT work, words, said, dropped FROM journal")
    told = " ".join(str(value) for row in rows for value in row.values())
    for column in ("razao", "id_estagio", "anotacao", "fone_celular", "crm_", "contato", "obs"):
        assert f'"{column}' not in told


def test_what_is_kept_says_what_was_kept_before(bench: Bench) -> None:
    """Each request is the same as before, to the last marker.

    Only what is out of date afterwards may be more.
    """
    before = {e.key: unpacked(e.work, e.key, e.origin) for e in bench.journal.older() if e.words}
    renewed(bench)

    assert len(before) > 12
    for name, old in before.items():
        found = entry(bench, name)
        new = bench.settling.dialect.asked(found.work, name, found.origin)
        for part in set(vars(old)) - {"touches", "words", "said", "subject", "table"}:
            assert plain(getattr(new, part)) == plain(getattr(old, part)), (name, part)


def test_what_is_open_arrives_once_each_with_all_that_belongs_to_it(bench: Bench) -> None:
    renewed(bench)

    bench.settles()

    (lead,) = bench.crm.rows("contato", nome="Otávio Prado")
    (deal,) = bench.crm.rows("crm_negociacoes", descricao="Fibra 700 - chácara")
    assert (deal["id_contato"], lead["fone_celular"]) == (lead["id"], "(47) 99123-0045")
    assert lead["obs"].count("Mora no sítio") == 1
    notes = [row for row in bench.crm.rows(NOTES) if "[ref " in row["anotacao"]]
    assert sorted((n["id_negociacao"], n["anotacao"].partition("\n")[2]) for n in notes) == [
        ("0", "Prefere manhã"),
        (deal["id"], "Quer 500 Mega 🚀"),
        ("2", "Ligar amanhã"),
    ]
    (client,) = bench.crm.rows("cliente", id=1)
    assert (client["razao"], client["telefone_celular"]) == ("Rafael P.", "(49) 98888-7777")
    assert bench.crm.rows("cliente", id=6)[0]["email"] == "lucia@example.com"
    (moved,) = bench.crm.rows("crm_negociacoes", id=1)
    assert (moved["id_estagio"], moved["status"], "Foi para outro" in moved["obs"]) == (
        "8",
        "D",
        True,
    )


def test_what_had_arrived_without_an_answer_is_found_and_not_sent_again(bench: Bench) -> None:
    text = f"[ref {reference_of(key('lost'))} - Ana Souza]\nLigar amanhã"
    behind(bench.crm, NOTES, "900", id_negociacao="2", anotacao=text, data="2026-11-20 14:07:00")
    renewed(bench)

    bench.settles()

    assert (entry(bench, "lost").state, entry(bench, "lost").crm_id) == (State.DONE, "900")
    assert [r["id"] for r in bench.crm.rows(NOTES) if "Ligar amanhã" in r["anotacao"]] == ["900"]


def test_a_refusal_comes_back_with_our_fields_and_the_crms_words(bench: Bench) -> None:
    renewed(bench)

    conflict, rejected = entry(bench, "conflict").refusal, entry(bench, "rejected").refusal
    assert isinstance(conflict, errors.Conflict)
    assert conflict.theirs == {"name": "Marina de Outro"}
    assert isinstance(rejected, errors.Rejected)
    assert rejected.messages == ("Preencha Nome!",)


def test_what_the_crm_did_not_keep_is_named_by_our_field(bench: Bench) -> None:
    assert entry(bench, "cut").dropped == ("email",)
    bench.database.run("UPDATE journal SET dropped = ? WHERE key = ?", '{"nome": ""}', key("cut"))

    renewed(bench)

    assert entry(bench, "cut").dropped == ("name",)


def test_a_purged_entry_stays_blank(bench: Bench) -> None:
    renewed(bench)

    found = entry(bench, "purged")
    assert (found.is_blank, found.state, found.table) == (True, State.DONE, "note")


def test_the_same_form_sent_again_after_the_change_is_still_the_same_form(bench: Bench) -> None:
    renewed(bench)
    before: dict[str, Any] = dict(entry(bench, "lead").words)
    new = NewContact(
        "Otávio Prado",
        phone="(47) 99123-0045",
        email="otavio@example.com",
        document="076.768.130-42",
        owner_id="2",
        branch_id="1",
        channel_id="2",
        city_id="2",
        on_whatsapp=True,
    )

    bench.ixc.people.create(new, key("lead"), ORIGIN)

    assert entry(bench, "lead").words == before
    with pytest.raises(errors.AlreadySaved):
        bench.ixc.people.create(NewContact("Outro", phone="1"), key("lead"), ORIGIN)


def test_what_was_typed_comes_back_as_it_was(bench: Bench) -> None:
    before = {e.key: e.origin for e in bench.journal.older()}

    renewed(bench)

    assert {name: entry(bench, name).origin for name in before} == before


def test_what_an_older_server_accepts_beside_us_is_understood_and_renewed_later(
    bench: Bench,
) -> None:
    renewed(bench)
    old = "SELECT work, words FROM journal WHERE key = ?"
    with closing(sqlite3.connect(":memory:")) as connection:
        connection.executescript(OLDER)
        work, words = connection.execute(old, [key("clientnote")]).fetchone()
    bench.database.run(
        "UPDATE journal SET work = ?, words = ?, is_older = 1 WHERE key = ?",
        work,
        words,
        key("clientnote"),
    )

    bench.settles()

    found = [row for row in bench.crm.rows(NOTES) if "Prefere manhã" in row["anotacao"]]
    assert (len(found), entry(bench, "clientnote").state, renewed(bench)) == (1, State.DONE, 1)


def test_what_does_not_say_that_it_is_in_our_words_counts_as_older(bench: Bench) -> None:
    renewed(bench)
    columns = (
        "integration, conversation, contact, negotiation, action, state, kept_at, origin, "
        "work, words"
    )
    bench.database.run(
        f"INSERT INTO journal (key, root, {columns}) SELECT 'new', 'new', {columns} FROM journal"
        " WHERE key = ?",
        key("clientnote"),
    )

    assert [entry.key for entry in bench.journal.older()] == ["new"]
