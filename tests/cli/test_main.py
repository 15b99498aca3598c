"""Tests of server.py as a person and a process manager meet it.

They cover commands, mistakes, readiness and a graceful end.
"""

import io
import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from dataclasses import dataclass, field
from pathlib import Path
from unittest.mock import patch

import jwt
import pytest
import requests

from tests.conftest import ROOT
from tests.product import ANA, MARINA, START_KEY, context, start_token
from widget.cli.main import main
from widget.consoles.claims import start_of
from widget.domain.settings import option_table
from widget.emulator.crm.server import TOKEN, Emulator

SERVER = [sys.executable, str(ROOT / "server.py")]
PATIENCE = 60.0


def environment(folder: Path, **options: str) -> dict[str, str]:
    """The environment of a fresh machine, with these options."""
    clean = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith("VINCULO_") and name != "PORT"
    }
    return {
        **clean,
        "VINCULO_DATA": str(folder),
        "PORT": "0",
        **options,
    }


def run(folder: Path, *arguments: str, **options: str) -> subprocess.CompletedProcess[str]:
    """One command to its end.

    In this process where it leaves nothing behind, which spares the start of another.
    """
    if "integration" not in arguments and arguments != ("index",):  # these begin threads
        return _run_here(arguments, environment(folder, **options))
    return subprocess.run(
        [*SERVER, *arguments],
        env=environment(folder, **options),
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


def _run_here(
    arguments: tuple[str, ...], options: dict[str, str]
) -> subprocess.CompletedProcess[str]:
    out, err = io.StringIO(), io.StringIO()
    with (
        patch.dict(os.environ, options, clear=True),
        patch.object(sys, "argv", ["server.py", *arguments]),
        redirect_stdout(out),
        redirect_stderr(err),
        pytest.raises(SystemExit) as ended,
    ):
        _ended()
    return subprocess.CompletedProcess(
        arguments, int(ended.value.code or 0), out.getvalue(), err.getvalue()
    )


def _ended() -> None:
    main()
    sys.exit(0)


def until(holds: Callable[[], bool], patience: float = PATIENCE) -> bool:
    """Whether it holds before patience ends."""
    deadline = time.monotonic() + patience
    while time.monotonic() < deadline:
        if holds():
            return True
        time.sleep(0.05)
    return False


def listens(address: str) -> bool:
    """Whether somebody takes connections there."""
    host, _, port = address.removeprefix("http://").partition(":")
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex((host, int(port))) == 0


@dataclass
class Running:
    """A server in a process of its own, from its first line to its end."""

    process: subprocess.Popen[str]
    said: str
    complaints: Path
    address: str = field(init=False)

    def __post_init__(self) -> None:
        self.address = (re.search(r"http://localhost:\d+", self.said) or [""])[0]

    def get(self, path: str, timeout: float = 10) -> requests.Response:
        return requests.get(self.address + path, timeout=timeout)

    def complained(self) -> list[str]:
        """What it logged besides its requests."""
        return [
            line
            for line in self.complaints.read_text().splitlines()
            if json.loads(line)["level"] != "info"
        ]

    def stop(self) -> int:
        self.process.send_signal(signal.SIGTERM)
        self.said += self.process.communicate(timeout=PATIENCE)[0]
        return self.process.returncode


@contextmanager
def serving(folder: Path, *arguments: str, **options: str) -> Iterator[Running]:
    """`server.py run`, ready."""
    complaints = folder / "complaints.txt"
    with (
        complaints.open("w") as stderr,
        subprocess.Popen(
            [*SERVER, "run", *arguments],
            env=environment(folder, **options),
            stdout=subprocess.PIPE,
            stderr=stderr,
            text=True,
        ) as process,
    ):
        said = process.stdout.readline() if process.stdout else ""
        assert "Ready" in said, complaints.read_text()
        try:
            yield Running(process, said, complaints)
        finally:
            if process.poll() is None:  # a test that failed: its demo must not outlive it
                process.terminate()
                process.wait(PATIENCE)


def on(crm: Emulator, **options: str) -> dict[str, str]:
    """The options that name this CRM."""
    return {
        "VINCULO_CRM_URL": crm.url,
        "VINCULO_CRM_TOKEN": crm.token,
        "VINCULO_START_KEY": START_KEY,
        **options,
    }


# Commands


def test_the_options_are_listed_as_in_the_readme(tmp_path: Path) -> None:
    assert run(tmp_path, "options").stdout.strip() == option_table()


def test_a_start_url_opens_the_panel_of_its_console_only(tmp_path: Path) -> None:
    given = run(
        tmp_path,
        "start-url",
        "chatwoot",
        "--account",
        "42",
        VINCULO_PUBLIC_URL="https://panel.example/",
        VINCULO_START_KEY=START_KEY,
    )
    address, token = given.stdout.strip().split("?start=")
    start = start_of(token, lambda _: START_KEY, "chatwoot", time.time())

    assert address == "https://panel.example/panel/chatwoot"
    assert (start.account, start.attendant) == ("42", None)


def test_the_key_of_a_start_url_is_made_once_and_for_its_owner_only(tmp_path: Path) -> None:
    first, second = (run(tmp_path, "start-url", "chatwoot").stdout for _ in range(2))
    key = tmp_path / "start_key.txt"

    assert (
        jwt.decode(first.strip().partition("=")[2], key.read_text(), ["HS256"], audience="vinculo")[
            "account"
        ]
        == "1"
    )
    assert first == second
    assert key.stat().st_mode & 0o077 == 0


def test_the_ledger_is_verified_and_its_head_exported_while_the_server_runs(
    crm: Emulator, tmp_path: Path
) -> None:
    with serving(tmp_path, **on(crm)) as server:
        exported = run(tmp_path, "export-head", **on(crm))
        whole = run(tmp_path, "verify", "--head", exported.stdout, **on(crm))
        with_another_key = run(
            tmp_path, "verify", "--head", exported.stdout, VINCULO_LEDGER_KEY="another"
        )
        server.stop()

    assert exported.stdout.startswith("0:")
    assert (whole.returncode, whole.stdout) == (0, f"ok: 0 lines, head {exported.stdout}")
    assert with_another_key.returncode == 1
    assert "the key does not fit" in with_another_key.stdout
    assert (tmp_path / "ledger_key.txt").stat().st_mode & 0o077 == 0


def test_a_backup_is_made_and_brought_back_while_the_server_runs(
    crm: Emulator, tmp_path: Path
) -> None:
    copy, file = str(tmp_path / "copy.db"), tmp_path / "data" / "vinculo.db"
    data, options = file.parent, on(crm)
    data.mkdir()

    def attend(server: Running) -> int:
        body = {"start": start_token(ANA), "context": context(MARINA)}
        return requests.post(
            f"{server.address}/panel/chatwoot/context", body, timeout=PATIENCE
        ).status_code

    with serving(data, **options) as server:
        answers = [attend(server)]
        made = run(data, "backup", copy, **options)
        file.write_bytes(b"no database at all " * 1000)
        answers.append(attend(server))
        restored = run(data, "restore", copy, **options)
        answers.append(attend(server))
        server.stop()

    assert answers == [200, 507, 200]
    assert (made.returncode, restored.returncode) == (0, 0)
    assert "could not be used" in restored.stdout


def test_the_server_does_not_start_on_a_damaged_file_and_names_the_way_back(
    crm: Emulator, tmp_path: Path
) -> None:
    (tmp_path / "vinculo.db").write_bytes(b"no database at all " * 1000)

    refused = run(tmp_path, "run", **on(crm))

    assert refused.returncode == 1
    assert "server.py restore FILE" in refused.stderr
    assert "Traceback" not in refused.stderr


def test_the_writes_are_listed_while_the_server_runs(crm: Emulator, tmp_path: Path) -> None:
    with serving(tmp_path, **on(crm)) as server:
        listed = [run(tmp_path, "writes", *more, **on(crm)) for more in ([], ["--all"])]
        server.stop()

    assert [(one.returncode, one.stdout) for one in listed] == [
        (0, "0 on the way, 0 that need a person\n")
    ] * 2


@pytest.mark.parametrize("end", [signal.SIGKILL, signal.SIGINT])
def test_an_index_whose_filling_ends_in_the_middle_goes_on_from_there(
    crm: Emulator, tmp_path: Path, end: signal.Signals
) -> None:
    options = on(crm, VINCULO_INDEX_CALLS="600")
    crm.control(delay_seconds=0.8)
    # Who runs the tests in the background has Ctrl-C ignored, and so have his children.
    with subprocess.Popen(
        [*SERVER, "index"],
        env=environment(tmp_path, **options),
        stdout=subprocess.PIPE,
        # There are no threads here.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),  # noqa: PLW1509
    ) as filling:
        assert until(lambda: len(crm.calls) > 3)
        filling.send_signal(end)
        assert filling.wait(PATIENCE) == {signal.SIGKILL: -9, signal.SIGINT: 130}[end]
    crm.control(delay_seconds=0)
    stands = run(tmp_path, "index", "--status", **options)
    ended = run(tmp_path, "index", **options)

    everybody = len(crm.rows("contato")) + len(crm.rows("cliente"))
    assert (stands.returncode, stands.stdout.count("filling")) == (0, 2)
    assert (ended.returncode, ended.stdout.splitlines()[-1]) == (0, f"ok: {everybody} people")
    firsts = [
        call["resource"]
        for call in crm.calls
        if (call["query"]["oper"], call["query"]["query"]) == (">", "0")
    ]
    assert firsts.count("contato") == 1


def test_a_server_fills_its_index_by_itself_and_says_nothing_of_it(
    crm: Emulator, tmp_path: Path
) -> None:
    options = on(crm, VINCULO_INDEX_CALLS="600")
    with serving(tmp_path, **options) as server:
        assert until(
            lambda: run(tmp_path, "index", "--status", **options).stdout.count("following") == 2
        )
        server.stop()
        assert server.complained() == []

    erased = [
        run(tmp_path, "index", *how, **options)
        for how in (["--forget", "lead:1"], ["--erase"], ["--status"])
    ]
    assert [one.returncode for one in erased] == [0, 0, 0]
    assert run(tmp_path, "index", "--forget", "nobody", **options).returncode == 2


def test_the_demo_has_no_index_to_fill_by_hand(tmp_path: Path) -> None:
    assert run(tmp_path, "index").returncode == 1


@pytest.mark.parametrize(
    "arguments", [(), ("fly",), ("start-url",), ("start-url", "zendesk"), ("run", "--port", "1")]
)
def test_a_command_that_does_not_exist_is_refused_with_the_usage(
    tmp_path: Path, arguments: tuple[str, ...]
) -> None:
    refused = run(tmp_path, *arguments)

    assert refused.returncode == 2
    assert "usage: server.py" in refused.stderr


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        (
            {"VINCULO_CRM_TOKN": "x"},
            "VINCULO_CRM_TOKN: there is no such option; did you mean VINCULO_CRM_TOKEN?",
        ),
        ({"PORT": "many"}, "PORT: "),
        ({"PORT": "70000"}, "PORT: "),
        (
            {"VINCULO_CRM_URL": "https://ixc.example"},
            "VINCULO_CRM_URL and VINCULO_CRM_TOKEN go together",
        ),
        ({"VINCULO_PARENTS": "*"}, "VINCULO_PARENTS: "),
        ({"VINCULO_LOCALE": "fr"}, "VINCULO_LOCALE: "),
        ({"VINCULO_TIMEZONE": "Mars/Olympus"}, "VINCULO_TIMEZONE: "),
    ],
)
@pytest.mark.parametrize("command", [("run",), ("start-url", "chatwoot")])
def test_a_mistake_in_the_settings_stops_the_start_and_is_named(
    tmp_path: Path, options: dict[str, str], sentence: str, command: tuple[str, ...]
) -> None:
    refused = run(tmp_path, *command, **options)

    assert refused.returncode == 2
    assert sentence in refused.stderr
    assert "Traceback" not in refused.stderr


def test_a_secret_is_not_repeated_in_a_complaint(tmp_path: Path) -> None:
    refused = run(tmp_path, "run", VINCULO_CRM_TOKEN="7:topsecret", VINCULO_SECRET="alsosecret")

    assert refused.returncode == 2
    assert "secret" not in (refused.stderr + refused.stdout).lower()


# The server


def test_the_demo_is_ready_when_it_says_so_and_ends_with_its_crm(tmp_path: Path) -> None:
    with serving(tmp_path) as server:
        crm = (re.search(r"its CRM: (\S+)", server.said) or ["", ""])[1]
        health, demo, manifest = (
            server.get(path) for path in ("/healthz", "/demo", "/manifest.json")
        )
        both = listens(crm)
        started = time.monotonic()
        code = server.stop()

    assert (health.status_code, health.json()) == (200, {"status": "ok"})
    assert demo.status_code == 200
    assert manifest.json()["consoles"][0]["url"] == f"{server.address}/panel/chatwoot"
    assert both
    assert code == 0
    assert time.monotonic() - started < 10
    assert until(lambda: not listens(crm), 5)
    assert not listens(server.address.replace("localhost", "127.0.0.1"))
    assert server.complained() == []


def test_an_empty_demo_is_to_be_set_up_by_the_link_that_it_prints(tmp_path: Path) -> None:
    with serving(tmp_path, "--empty") as server:
        assert server.process.stdout
        told = server.process.stdout.readline() + server.process.stdout.readline()
        link = re.search(r"http://localhost:\d+(/setup/first\?code=\S+)", told)

        assert "Nothing is connected" in told
        assert link
        assert server.get(link[1]).status_code == 200
        assert server.get("/demo").status_code == 200
        assert server.stop() == 0


def test_what_a_command_connects_is_used_by_the_running_server_at_once(tmp_path: Path) -> None:
    with serving(tmp_path, "--empty", VINCULO_START_KEY=START_KEY) as server:
        crm = (re.search(r"its CRM: (\S+)", server.said) or ["", ""])[1]
        body = {"start": start_token(ANA), "context": context(MARINA)}
        before = requests.post(
            f"{server.address}/panel/chatwoot/context", data=body, timeout=PATIENCE
        )
        added = run(
            tmp_path,
            "integration",
            "add",
            "Vendas",
            "--url",
            crm,
            "--token-env",
            "CRM",
            "--private",
            "--no-index",
            CRM=TOKEN,
        )
        after = requests.post(
            f"{server.address}/panel/chatwoot/context", data=body, timeout=PATIENCE
        )

        assert before.status_code == 503
        assert added.returncode == 0, added.stderr + added.stdout
        assert "Marina Teles Andrade" in after.text
        assert TOKEN not in added.stdout + added.stderr


def test_with_a_crm_in_the_settings_there_is_nothing_empty(crm: Emulator, tmp_path: Path) -> None:
    refused = run(tmp_path, "run", "--empty", **on(crm))

    assert refused.returncode == 2
    assert "VINCULO_CRM_URL" in refused.stderr


def test_the_demos_crm_outlives_a_worker_that_is_replaced(tmp_path: Path) -> None:
    with serving(tmp_path) as server:
        crm = (re.search(r"its CRM: (\S+)", server.said) or ["", ""])[1]
        server.get("/healthz")
        [worker] = [
            pid for pid in children(server.process.pid) if "emulator" not in command_of(pid)
        ]
        os.kill(worker, signal.SIGTERM)
        replaced = until(lambda: not Path(f"/proc/{worker}").exists() or state_of(worker) == "Z")
        healthy = until(lambda: server.get("/healthz").status_code == 200)
        alive = listens(crm)
        server.stop()

    assert (replaced, healthy, alive) == (True, True, True)


def test_with_a_crm_in_the_settings_that_one_is_served_and_there_is_no_demo(
    crm: Emulator, tmp_path: Path
) -> None:
    with serving(tmp_path, **on(crm)) as server:
        demo = server.get("/demo")
        opened = requests.post(
            f"{server.address}/panel/chatwoot/context",
            timeout=PATIENCE,
            data={"start": start_token(ANA), "context": context(MARINA)},
        )
        code = server.stop()

    assert demo.status_code == 404
    assert opened.status_code == 200
    assert "Marina Teles Andrade" in opened.text
    assert "Set-Cookie" not in opened.headers
    assert code == 0
    assert "emulator" not in server.said


def test_without_the_demo_nothing_is_served_until_the_set_up_connects_it(tmp_path: Path) -> None:
    with serving(tmp_path, VINCULO_DEMO="0") as server:
        statuses = [server.get(path).status_code for path in ("/demo", "/setup", "/healthz")]
        opened = requests.post(
            f"{server.address}/panel/chatwoot/context",
            timeout=PATIENCE,
            data={"start": start_token(ANA), "context": context(MARINA)},
        )
        server.stop()

    assert statuses == [404, 200, 200]
    assert "VNC-1" in opened.text
    assert opened.status_code in {401, 503}


def test_a_request_in_flight_is_finished_before_the_end(crm: Emulator, tmp_path: Path) -> None:
    with serving(tmp_path, **on(crm)) as server:
        server.get("/healthz")
        crm.control(delay_seconds=0.5)
        before, body = len(crm.calls), {"start": start_token(ANA), "context": context(MARINA)}
        with ThreadPoolExecutor(1) as pool:
            answer = pool.submit(
                requests.post, f"{server.address}/panel/chatwoot/context", body, timeout=PATIENCE
            )
            assert until(lambda: len(crm.calls) > before)
            code = server.stop()

    assert code == 0
    assert answer.result().status_code == 200
    assert "Marina Teles Andrade" in answer.result().text


def test_health_and_pages_answer_while_the_crm_hangs_for_more_attendants_than_there_are_threads(
    crm: Emulator, tmp_path: Path
) -> None:
    crm.control(fault="hang")
    with serving(tmp_path, **on(crm, VINCULO_CRM_WAIT="8", VINCULO_THREADS="4")) as server:
        address = f"{server.address}/panel/chatwoot/context"

        def attend(number: int) -> int:
            person = {"id": number, "phone_number": f"+55499910{number:05}"}
            body = {"start": start_token(ANA), "context": context(person)}
            return requests.post(address, data=body, timeout=PATIENCE).status_code

        with ThreadPoolExecutor(12) as attendants:
            waiting = attendants.map(attend, range(100, 112))
            assert until(lambda: len(crm.calls) > 0)
            started = time.monotonic()
            health, page = (
                server.get("/healthz"),
                server.get(f"/panel/chatwoot?start={start_token(ANA)}"),
            )
            waited = time.monotonic() - started
            answers = list(waiting)
        server.stop()

    assert (health.status_code, page.status_code, answers) == (200, 200, [200] * 12)
    assert waited < 7  # who sat behind the four would wait as long as they do, which is eight


def test_nothing_personal_and_no_token_is_printed_or_logged(crm: Emulator, tmp_path: Path) -> None:
    with serving(tmp_path, **on(crm)) as server:
        token = start_token(ANA)
        opened = requests.post(
            f"{server.address}/panel/chatwoot/context",
            timeout=PATIENCE,
            data={"start": token, "context": context(MARINA)},
        )
        crm.control(fault="html200")
        headers = {"X-Panel-Token": opened.headers["X-Panel-Token"], "HX-Request": "true"}
        for path in (
            "/tab/contact/edit",
            "/tab/contact?fresh=now",
            "/tab/link/search?ask=1&criterion=name&q=Marina",
        ):
            requests.get(server.address + path, headers=headers, timeout=PATIENCE)
        server.get(f"/panel/chatwoot?start={token}x")
        server.stop()

    written = server.complaints.read_text() + server.said
    for secret in (
        token,
        headers["X-Panel-Token"],
        crm.token.partition(":")[2],
        "Marina",
        "88124417",
    ):
        assert secret not in written


def test_the_emulator_is_a_command_of_its_own(tmp_path: Path) -> None:
    arguments = ["emulator", "--data", str(tmp_path / "crm.db"), "--seed", "3"]
    with subprocess.Popen(
        [*SERVER, *arguments], env=environment(tmp_path), stdout=subprocess.PIPE, text=True
    ) as process:
        said = process.stdout.readline() if process.stdout else ""
        address = (re.search(r"http://\S+", said) or [""])[0]
        state = requests.get(f"{address}/control", timeout=PATIENCE).json()
        process.send_signal(signal.SIGTERM)
        code = process.wait(PATIENCE)

    assert "token 7:" in said
    assert state["fault"] == "none"
    assert code == 0
    assert (tmp_path / "crm.db").exists()


def children(pid: int) -> list[int]:
    """The processes that this one started."""
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def command_of(pid: int) -> str:
    return Path(f"/proc/{pid}/cmdline").read_text()


def state_of(pid: int) -> str:
    """One letter; Z is a process that has ended and not been waited for."""
    return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
