"""Who may open the set-up pages: hashed passwords, one-time links, signed-in browsers."""

from __future__ import annotations

import hashlib
import secrets
import threading
import time
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from widget.domain.errors import StorageFailed
from widget.domain.permissions import Role
from widget.domain.texts import mark
from widget.store.engine.port import Lock, Row, Store

MINUTE, HOUR = 60.0, 3600.0
LINK_SECONDS = 24 * HOUR
# A session ends when it is not used for an hour, and at the end of a working day.
IDLE_SECONDS, LONGEST_SECONDS = HOUR, 12 * HOUR
SHORTEST_PASSWORD, LONGEST_PASSWORD = 12, 200
HASHER = PasswordHasher()
# So many at once: each takes 64 MiB, which is what makes guessing dear, and would make our memory
# short.
HANDS = threading.BoundedSemaphore(2)


ROLES = {
    Role.ADMINISTRATOR: mark("administrador"),
    Role.SUPPORT: mark("suporte"),
}


@dataclass(frozen=True)
class Admin:
    """One person. ``seen_at`` is the last sign-in in epoch seconds, 0 for never."""

    name: str
    role: Role
    made_at: float
    seen_at: float


class Admins:
    """People by name.

    Passwords are kept as argon2 hashes, links and sessions as plain hashes of long chance.
    """

    def __init__(self, database: Store, clock: Callable[[], float] = time.time) -> None:
        self._database = database
        self._clock = clock

    def all(self) -> list[Admin]:
        """Everybody, by name."""
        return [
            _admin(row)
            for row in self._database.rows("SELECT * FROM admins ORDER BY name COLLATE NOCASE")
        ]

    def has_administrator(self) -> bool:
        """Whether there is an administrator who can open everything."""
        return (
            self._database.row("SELECT 1 FROM admins WHERE role = ?", Role.ADMINISTRATOR)
            is not None
        )

    def invite(self, role: Role) -> str:
        """Returns the code of a link that gives this role, once, within a day."""
        code, now = secrets.token_urlsafe(24), self._clock()
        self._database.run("DELETE FROM admin_links WHERE until < ?", now)
        self._database.run(
            "INSERT INTO admin_links (code, role, until) VALUES (?, ?, ?)",
            _hash(code),
            role,
            now + LINK_SECONDS,
        )
        return code

    def invited(self, code: str) -> Role | None:
        """The role that the code gives, if it is still good."""
        row = self._database.row("SELECT role, until FROM admin_links WHERE code = ?", _hash(code))
        return Role(row["role"]) if row and row["until"] > self._clock() else None

    def enter(self, code: str, name: str, password: str) -> str:
        """Makes the person, or gives a known one this role and password.

        Their session, "" for a code that is not good.

        Whoever holds a link for a role may so replace the password of a person of the same role,
        and only of such a one. The other links for the same role are good no more.
        """
        hashed = _made(password)
        with self._database.transaction(Lock.RECORDS):
            role = self.invited(code)
            known = self._row(name)
            if role is None or (known and known["role"] != role):
                return ""
            self._database.run("DELETE FROM admin_links WHERE role = ?", role)
            self._database.run(
                "DELETE FROM admin_sessions WHERE admin = ?", known["name"] if known else name
            )
            self._database.run(
                "INSERT INTO admins (name, role, password, made_at) VALUES (?, ?, ?, ?)"
                " ON CONFLICT (name) DO UPDATE SET password = excluded.password",
                name,
                role,
                hashed,
                self._clock(),
            )
            return self._begin(name)

    def sign_in(self, name: str, password: str) -> str:
        """A new session; "" when name or password is wrong, and nothing tells which."""
        row = self._row(name)
        is_right = _fits(row["password"] if row else _nobody(), password)
        return self._begin(row["name"]) if row and is_right else ""

    def who(self, session: str) -> Admin | None:
        """The person of a session that is not over."""
        now, kept = self._clock(), _hash(session)
        row = self._database.row(
            "SELECT admins.*, used_at FROM admin_sessions JOIN admins ON admins.name = admin"
            " WHERE session = ? AND used_at > ? AND begun_at > ?",
            kept,
            now - IDLE_SECONDS,
            now - LONGEST_SECONDS,
        )
        if row is None:
            return None
        if now - row["used_at"] > MINUTE:
            self._touch(kept)
        return _admin(row)

    def knows(self, name: str, password: str) -> bool:
        """Whether it is the person's password."""
        row = self._row(name)
        return _fits(row["password"] if row else _nobody(), password) and row is not None

    def change(self, name: str, password: str) -> str:
        """From now on it is this password; all sessions of the person end, and a new one begins."""
        hashed = _made(password)
        with self._database.transaction(Lock.RECORDS):
            self._database.run("UPDATE admins SET password = ? WHERE name = ?", hashed, name)
            self._database.run("DELETE FROM admin_sessions WHERE admin = ?", name)
            return self._begin(name)

    def sign_out(self, session: str) -> None:
        """The session is over."""
        self._database.run("DELETE FROM admin_sessions WHERE session = ?", _hash(session))

    def remove(self, name: str) -> bool:
        """Takes all access from the person; False for the last administrator, who stays."""
        with self._database.transaction(Lock.RECORDS):
            row = self._row(name)
            others = self._database.row(
                "SELECT 1 FROM admins WHERE role = ? AND name <> ?",
                Role.ADMINISTRATOR,
                row["name"] if row else name,
            )
            if row is None or (row["role"] == Role.ADMINISTRATOR and others is None):
                return False
            self._database.run("DELETE FROM admin_sessions WHERE admin = ?", row["name"])
            self._database.run("DELETE FROM admins WHERE name = ?", row["name"])
            return True

    def _begin(self, name: str) -> str:
        session, now = secrets.token_urlsafe(32), self._clock()
        with self._database.transaction(Lock.RECORDS):
            self._database.run(
                "DELETE FROM admin_sessions WHERE begun_at < ?", now - LONGEST_SECONDS
            )
            self._database.run(
                "INSERT INTO admin_sessions (session, admin, begun_at, used_at) VALUES (?, ?, ?, "
                "?)",
                _hash(session),
                name,
                now,
                now,
            )
            self._database.run("UPDATE admins SET seen_at = ? WHERE name = ?", now, name)
        return session

    def _touch(self, kept: str) -> None:
        try:
            self._database.jot(
                "UPDATE admin_sessions SET used_at = ? WHERE session = ?", self._clock(), kept
            )
        except StorageFailed:
            return  # a session that ends early is no harm

    def _row(self, name: str) -> Row | None:
        return self._database.row("SELECT * FROM admins WHERE name = ?", name)


def _admin(row: Row) -> Admin:
    return Admin(row["name"], Role(row["role"]), row["made_at"], row["seen_at"])


def _made(password: str) -> str:
    with HANDS:
        return HASHER.hash(_plain(password))


def _fits(hashed: str, password: str) -> bool:
    try:
        with HANDS:
            return HASHER.verify(hashed, _plain(password))
    except (VerificationError, InvalidHashError):
        return False


def _plain(password: str) -> str:
    """The same password from every keyboard; what is too long to be one costs no more than one."""
    return unicodedata.normalize("NFKC", password[:LONGEST_PASSWORD])


def _hash(secret: str) -> str:
    """Returns a plain hash, which is enough for long random text: it cannot be guessed."""
    return hashlib.sha256(secret.encode(errors="replace")).hexdigest()


@cache
def _nobody() -> str:
    """Verified where the name is unknown, so that the time does not tell which names there are."""
    return HASHER.hash(secrets.token_hex())
