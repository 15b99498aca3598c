"""The emulator as a server: ports, restarts, kept data, many threads, the command line."""

import os
import signal
import socket
import sqlite3
import subprocess
import sys
import threading
from contextlib import closing
from pathlib import Path

import pytest
import requests

from tests.emulator.client import Api, lead
from widget.emulator.crm.server import Emulator, serve

SERVE = "from widget.emulator.crm.server import serve; serve({port}, '{token}', {data!r}, 7)"


def test_stopping_refuses_connections_and_cuts_kept_ones(crm: Emulator, api: Api) -> None:
    api.find("filial")

    crm.stop()

    with pytest.raises(requests.ConnectionError):
        api.find("filial")
    with closing(socket.socket()) as free:
        free.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # ended connections may linger
        free.bind(("127.0.0.1", crm.port))


def test_a_restart_keeps_port_data_and_switches(crm: Emulator, api: Api) -> None:
    url = crm.url
    api.insert("contato", **lead(nome="Fica"))
    crm.control(total_as_number=True)

    crm.restart()

    assert crm.url == url
    assert api.find("contato", qtype="contato.nome", query="Fica", oper="=").json()["total"] == 1


def test_an_existing_file_is_used_as_it_is(tmp_path: Path) -> None:
    path = str(tmp_path / "crm.db")
    with Emulator(path) as first, Api(first.url, first.token) as api:
        api.insert("contato", **lead(nome="De Antes"))

    with Emulator(path, seed=99) as second:
        assert len(second.rows("contato", nome="De Antes")) == 1


def test_a_test_may_put_alter_and_remove_records_past_all_checks(crm: Emulator) -> None:
    record = crm.put("contato", nome="Posta", ultima_atualizacao="2020-01-02 03:04:05")
    crm.alter("contato", record, nome="Mudada")

    assert [(row["nome"], row["ultima_atualizacao"]) for row in crm.rows("contato", id=record)] == [
        ("Mudada", "2020-01-02 03:04:05")
    ]
    crm.remove("contato", record, "1")
    assert crm.rows("contato", id=record) == crm.rows("contato", id=1) == []


def test_a_base_in_memory_is_one_for_all_its_threads() -> None:
    with Emulator(":memory:") as emulator, Api(emulator.url, emulator.token) as api:
        api.insert("contato", **lead(nome="Passa"))

        assert len(emulator.rows("contato", nome="Passa")) == 1
        assert Path(emulator.path).exists()


def test_rows_can_be_read_while_the_server_is_down(crm: Emulator) -> None:
    crm.stop()

    assert crm.rows("filial", id=1)[0]["fantasia"] == "Serra Net Chapecó"


def test_rows_of_a_column_that_does_not_exist_are_an_error(crm: Emulator) -> None:
    with pytest.raises(KeyError):
        crm.rows("filial", nome="x")


def test_the_file_can_be_read_from_outside(tmp_path: Path) -> None:
    path = tmp_path / "crm.db"
    with Emulator(str(path)) as emulator, Api(emulator.url, emulator.token) as api:
        record = api.insert("contato", **lead(nome="De Fora")).json()["id"]

        with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as outside:
            assert outside.execute(
                "SELECT nome FROM contato WHERE id = ?", (record,)
            ).fetchone() == ("De Fora",)


def test_writes_from_many_threads_are_all_kept_once(crm: Emulator) -> None:
    def write(place: int) -> None:
        with Api(crm.url, crm.token) as api:
            for turn in range(10):
                api.insert("contato", **lead(nome=f"Junto {place}-{turn}"))

    threads = [threading.Thread(target=write, args=(place,)) for place in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    names = [row["nome"] for row in crm.rows("contato") if row["nome"].startswith("Junto")]
    assert sorted(names) == sorted(
        f"Junto {place}-{turn}" for place in range(8) for turn in range(10)
    )


def test_updates_from_many_threads_wait_for_each_other(crm: Emulator) -> None:
    refused: list[str] = []

    def write(record: str) -> None:
        with Api(crm.url, crm.token) as api:
            body = api.record("contato", "contato", record)
            answers = [
                api.update("contato", record, body | {"bairro": f"Bairro {turn}"})
                for turn in range(15)
            ]
            refused.extend(answer.text for answer in answers if "success" not in answer.text)

    threads = [threading.Thread(target=write, args=(str(record),)) for record in range(1, 9)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert refused == []
    assert {crm.rows("contato", id=record)[0]["bairro"] for record in range(1, 9)} == {"Bairro 14"}


def test_two_emulators_do_not_know_each_other(tmp_path: Path) -> None:
    with Emulator(str(tmp_path / "a.db")) as one, Emulator(str(tmp_path / "b.db")) as other:
        one.control(fault="500")
        with Api(one.url, one.token) as first, Api(other.url, other.token) as second:
            assert (first.find("uf").status_code, second.find("uf").status_code) == (500, 200)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_the_command_says_where_it_is_and_ends_on_a_signal(
    tmp_path: Path, number: signal.Signals
) -> None:
    token = "3:" + "ab" * 32
    code = SERVE.format(port=0, token=token, data=str(tmp_path / "crm.db"))
    with subprocess.Popen(
        [sys.executable, "-c", code], stdout=subprocess.PIPE, text=True, env=os.environ
    ) as process:
        assert process.stdout
        ready = process.stdout.readline()
        url = next(word for word in ready.split() if word.startswith("http"))
        with Api(url, token) as api:
            total = api.find("filial").json()["total"]
        process.send_signal(number)
        rest = process.stdout.read()

    assert total == "4"
    assert token in ready
    assert (process.returncode, rest) == (0, "CRM emulator stopped\n")


@pytest.mark.parametrize("token", ["abc", "7:xyz", "7:" + "a" * 63, ":" + "a" * 64])
def test_a_token_of_another_form_is_refused_in_a_sentence(tmp_path: Path, token: str) -> None:
    with pytest.raises(SystemExit, match="64 hexadecimal"):
        serve(0, token, str(tmp_path / "crm.db"), 7)
