"""Who may open the set-up: links work once, passwords prove, sessions end when they should."""

from pathlib import Path
from threading import Event, Lock, Thread

import pytest
from argon2 import PasswordHasher

from tests.crm.bench import together
from tests.product import Hour
from widget.domain.permissions import Role
from widget.store.engine.database import Database
from widget.store.records.admins import HOUR, LINK_SECONDS, Admins

PASSWORD, OTHER = "uma frase que ninguém adivinha", "outra frase que ninguém adivinha"


@pytest.fixture
def database(tmp_path: Path) -> Database:
    return Database(tmp_path / "vinculo.db")


@pytest.fixture
def admins(database: Database, hour: Hour) -> Admins:
    return Admins(database, lambda: hour.now)


def made(admins: Admins, name: str = "maria", role: Role = Role.ADMINISTRATOR) -> str:
    """Somebody who came by a link; the session."""
    return admins.enter(admins.invite(role), name, PASSWORD)


def test_a_link_lets_somebody_in_once(admins: Admins) -> None:
    code = admins.invite(Role.SUPPORT)

    assert admins.invited(code) is Role.SUPPORT
    assert admins.who(admins.enter(code, "rosa", PASSWORD)) == admins.all()[0]
    assert admins.all()[0].role is Role.SUPPORT
    assert admins.enter(code, "someone", PASSWORD) == ""
    assert admins.invited(code) is None


def test_a_link_is_good_for_a_day(admins: Admins, hour: Hour) -> None:
    code = admins.invite(Role.ADMINISTRATOR)
    hour.now += LINK_SECONDS + 1

    assert admins.enter(code, "maria", PASSWORD) == ""
    assert not admins.has_administrator()


def test_the_other_links_for_the_role_are_good_no_more(admins: Admins) -> None:
    first, second = admins.invite(Role.ADMINISTRATOR), admins.invite(Role.ADMINISTRATOR)
    support = admins.invite(Role.SUPPORT)
    admins.enter(first, "maria", PASSWORD)

    assert admins.invited(second) is None
    assert admins.invited(support) is Role.SUPPORT


def test_a_link_replaces_a_forgotten_password_and_ends_the_sessions(admins: Admins) -> None:
    before = made(admins)

    assert admins.enter(admins.invite(Role.ADMINISTRATOR), "Maria", OTHER)
    assert [admin.name for admin in admins.all()] == ["maria"]
    assert admins.who(before) is None
    assert admins.sign_in("maria", OTHER)
    assert not admins.sign_in("maria", PASSWORD)


def test_a_link_for_support_never_takes_over_an_administrator(admins: Admins) -> None:
    made(admins)

    assert admins.enter(admins.invite(Role.SUPPORT), "maria", OTHER) == ""
    assert admins.sign_in("maria", PASSWORD)


@pytest.mark.parametrize(
    ("name", "password", "is_right"),
    [
        ("maria", PASSWORD, True),
        ("MARIA", PASSWORD, True),
        ("maria", OTHER, False),
        ("maria", "", False),
        ("joana", PASSWORD, False),
        ("", "", False),
        ("maria", PASSWORD.replace("é", "e\u0301"), True),
    ],
)
def test_a_password_proves_who_it_is(
    admins: Admins, name: str, password: str, is_right: bool
) -> None:
    made(admins)

    assert bool(admins.sign_in(name, password)) is is_right
    assert admins.knows(name, password) is is_right


def test_another_password_ends_every_session(admins: Admins) -> None:
    sessions = [made(admins), admins.sign_in("maria", PASSWORD)]
    new = admins.change("maria", OTHER)

    assert [admins.who(session) for session in sessions] == [None, None]
    assert admins.who(new)
    assert not admins.knows("maria", PASSWORD)


@pytest.mark.parametrize(
    ("pauses", "lasts"), [([0.9 * HOUR], True), ([1.1 * HOUR], False), ([0.9 * HOUR] * 14, False)]
)
def test_a_session_ends_unused_or_after_a_working_day(
    admins: Admins, hour: Hour, pauses: list[float], lasts: bool
) -> None:
    session = made(admins)
    found = [admins.who(session)]
    for pause in pauses:
        hour.now += pause
        found.append(admins.who(session))

    assert found[0]
    assert bool(found[-1]) is lasts


def test_who_signs_out_is_out(admins: Admins) -> None:
    session = made(admins)
    admins.sign_out(session)

    assert admins.who(session) is None
    assert admins.who("") is None
    assert admins.who("ü\ud800") is None


def test_the_last_administrator_stays(admins: Admins) -> None:
    session = made(admins)
    made(admins, "rosa", Role.SUPPORT)

    assert not admins.remove("maria")
    made(admins, "joana")
    assert admins.remove("Maria")
    assert admins.who(session) is None
    assert admins.remove("rosa")
    assert [admin.name for admin in admins.all()] == ["joana"]


def test_nothing_in_the_file_opens_anything(
    admins: Admins, database: Database, tmp_path: Path
) -> None:
    code = admins.invite(Role.SUPPORT)
    session = made(admins)
    database.connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    kept = b"".join(path.read_bytes() for path in tmp_path.iterdir())

    assert all(secret.encode() not in kept for secret in (PASSWORD, session, code))


class Slow:
    """Hashes as long as somebody else does; knows how many did at once."""

    def __init__(self) -> None:
        self.lock, self.now, self.most, self.full = Lock(), 0, 0, Event()

    def verify(self, *_: str) -> bool:
        with self.lock:
            self.now += 1
            self.most = max(self.most, self.now)
            if self.now == 2:
                self.full.set()
        self.full.wait(5)
        with self.lock:
            self.now -= 1
        return True


def test_a_storm_of_passwords_does_not_take_all_memory(
    admins: Admins, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("widget.store.records.admins.HASHER", slow := Slow())

    together([Thread(target=admins.sign_in, args=("nobody", PASSWORD)) for _ in range(8)])

    assert slow.most == 2


def test_guessing_a_password_is_dear() -> None:
    """Reference: RFC 9106, 4 (second recommended option): argon2id, 3 passes over 64 MiB."""
    made = PasswordHasher().hash("x")

    assert made.startswith("$argon2id$")
    assert "m=65536,t=3,p=4" in made
