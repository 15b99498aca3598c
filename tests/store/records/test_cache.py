"""What was read of the CRM: kept with its time, outdated by writes, never with secrets."""

from __future__ import annotations

from threading import Thread

import pytest

from tests.crm.bench import together
from tests.store.trouble import damaged, read_only
from widget.store.engine.database import Database
from widget.store.records.cache import Cache

ROWS = ({"id": "1", "nome": "Ana 🚀 ção"}, {"id": "2", "nome": 'aspas " e \\ barras'})


@pytest.fixture
def cache(database: Database) -> Cache:
    return Cache(database, "main")


def test_nothing_is_known_at_first(cache: Cache) -> None:
    assert cache.get("q") is None


def test_an_answer_comes_back_as_it_was(cache: Cache) -> None:
    cache.put("q", "contato", ROWS, total=37, at=12.5)

    kept = cache.get("q")

    assert kept is not None
    assert (kept.rows, kept.total, kept.at, kept.outdated) == (ROWS, 37, 12.5, False)


def test_an_empty_answer_is_an_answer(cache: Cache) -> None:
    cache.put("q", "contato", (), total=0, at=1)

    kept = cache.get("q")

    assert kept is not None
    assert kept.rows == ()


def test_a_new_answer_takes_the_place_of_the_one_before(cache: Cache, database: Database) -> None:
    cache.put("q", "contato", ROWS, total=2, at=1)
    cache.put("q", "contato", ROWS[:1], total=1, at=2)

    kept = cache.get("q")

    assert kept is not None
    assert (len(kept.rows), kept.at) == (1, 2)
    assert len(database.rows("SELECT * FROM cache")) == 1


def test_a_write_outdates_its_resources_and_no_others(cache: Cache) -> None:
    for query, resource in (("a", "contato"), ("b", "contato"), ("c", "cliente"), ("d", "filial")):
        cache.put(query, resource, ROWS, total=2, at=1)

    cache.outdate(("contato", "cliente"))

    kept = {query: cache.get(query) for query in "abcd"}
    assert {query: k.outdated for query, k in kept.items() if k} == {
        "a": True,
        "b": True,
        "c": True,
        "d": False,
    }


def test_reading_anew_makes_an_outdated_answer_good_again(cache: Cache) -> None:
    cache.put("q", "contato", ROWS, total=2, at=1)
    cache.outdate(("contato",))
    cache.put("q", "contato", ROWS, total=2, at=2)

    kept = cache.get("q")

    assert kept is not None
    assert not kept.outdated


def test_integrations_are_kept_apart(cache: Cache, database: Database) -> None:
    other = Cache(database, "other")
    cache.put("q", "contato", ROWS, total=2, at=1)
    other.put("q", "contato", ROWS[:1], total=1, at=1)

    other.outdate(("contato",))

    mine, theirs = cache.get("q"), other.get("q")
    assert mine is not None
    assert theirs is not None
    assert (len(mine.rows), mine.outdated, len(theirs.rows), theirs.outdated) == (2, False, 1, True)


@pytest.mark.parametrize(
    "column",
    [
        "senha",
        "Senha",
        "nfe_senha",
        "hotsite_email",
        "token",
        "token_rdstation",
        "token_webservice",
        "nfe_chave",
        "nfe_certificado",
        "certificado_digital",
    ],
)
def test_no_secret_lies_on_disk(cache: Cache, database: Database, column: str) -> None:
    cache.put(
        "q", "filial", [{"id": "1", "fantasia": "Serra Net", column: "s3cr3t"}], total=1, at=1
    )

    assert "s3cr3t" not in str(database.rows("SELECT * FROM cache"))


def test_many_threads_may_keep_the_same_answer(cache: Cache, database: Database) -> None:
    def keep(number: int) -> None:
        cache.put("q", "contato", ROWS, total=number, at=number)

    together([Thread(target=keep, args=(number,)) for number in range(20)])

    assert len(database.rows("SELECT * FROM cache")) == 1


# While the disk takes nothing


def test_an_answer_that_cannot_be_kept_makes_no_read_fail(cache: Cache, database: Database) -> None:
    cache.put("old", "contato", ROWS, total=2, at=1)

    with read_only(database):
        cache.put("new", "contato", ROWS, total=2, at=2)

        assert cache.get("new") is None
        assert cache.get("old") is not None


def test_a_file_that_cannot_be_read_knows_nothing(cache: Cache, database: Database) -> None:
    cache.put("q", "contato", ROWS, total=2, at=1)

    with damaged(database):
        assert cache.get("q") is None


def test_what_a_write_outdated_while_nothing_could_be_written_is_outdated_then_and_afterwards(
    cache: Cache, database: Database
) -> None:
    for query, resource in (("q", "contato"), ("other", "crm_funil")):
        cache.put(query, resource, ROWS, total=2, at=1)
    with read_only(database):
        cache.outdate(["contato"])
        during = [kept.outdated for kept in (cache.get("q"), cache.get("other")) if kept]
    cache.get("other")
    afterwards = [
        kept.outdated for kept in (Cache(database, "main").get("q"), cache.get("other")) if kept
    ]

    assert during == [True, False]
    assert afterwards == [True, False]
