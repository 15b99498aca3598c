"""Browsers in which attendants proved who they are, by a code of an administrator."""

from __future__ import annotations

import hashlib
import hmac
import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass

from widget.domain.errors import StorageFailed
from widget.store.engine.port import Store

# Without what is read or heard wrongly: 0 and O, 1 and I and L.
ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
LENGTH = 8
DAY = 86400.0
USED_WITHIN = 3600.0


@dataclass(frozen=True)
class Pairing:
    """A code that was given out, good ``until``, or the browser where it was typed.

    Times in epoch seconds.
    """

    id: str
    number: str
    browser: str
    made_at: float
    until: float
    used_at: float
    is_open: bool


class Pairings:
    """Pairings by attendant.

    Codes and secrets are stored as keyed hashes; neither can be read again.
    """

    def __init__(self, database: Store, key: str, clock: Callable[[], float] = time.time) -> None:
        self._database = database
        self._key = key.encode()
        self._clock = clock

    def invite(self, host: str, account: str, number: str, days: float = 1.0) -> str:
        """A new code for the attendant, to be typed once and soon; as it is read aloud."""
        code = "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))
        now = self._clock()
        self._database.run(
            "INSERT INTO pairings (id, host, account, number, code, until, made_at) VALUES (?, ?, "
            "?, ?, ?, ?, ?)",
            secrets.token_hex(8),
            host,
            account,
            number,
            self._hash("code", host, account, code),
            now + days * DAY,
            now,
        )
        return f"{code[:4]}-{code[4:]}"

    def redeem(self, host: str, account: str, typed: str, browser: str) -> str:
        """What the browser keeps from now on, for a code of this account that is still good.

        "" for any other.

        A code works once. A wrong one, one that was used and one that is too old take the same way.
        """
        code = self._hash("code", host, account, "".join(c for c in typed.upper() if c.isalnum()))
        secret = secrets.token_urlsafe(32)
        paired = self._database.run(
            "UPDATE pairings SET code = NULL, secret = ?, browser = ?, used_at = ?"
            " WHERE code = ? AND until > ? AND host = ? AND account = ?",
            self._hash("secret", host, account, secret),
            browser[:80],
            self._clock(),
            code,
            self._clock(),
            host,
            account,
        )
        return secret if paired else ""

    def find(self, host: str, account: str, secret: str) -> tuple[str, str]:
        """Id and attendant's number of the pairing whose browser keeps this secret.

        ("", "") for none (any more).
        """
        kept = self._hash("secret", host, account, secret)
        row = self._database.row(
            "SELECT id, number, used_at FROM pairings WHERE secret = ? AND host = ? AND account = "
            "?",
            kept,
            host,
            account,
        )
        if row is None:
            return "", ""
        if self._clock() - row["used_at"] > USED_WITHIN:
            self._touch(row["id"])
        return str(row["id"]), str(row["number"])

    def is_live(self, pairing_id: str) -> bool:
        """Whether the pairing was not taken back."""
        return self._database.row("SELECT 1 FROM pairings WHERE id = ?", pairing_id) is not None

    def of(self, host: str, account: str) -> list[Pairing]:
        """The codes that may still be typed and the browsers that are paired, newest first."""
        rows = self._database.rows(
            "SELECT id, number, browser, made_at, until, used_at, secret IS NULL AS is_open FROM "
            "pairings"
            " WHERE host = ? AND account = ? AND (secret IS NOT NULL OR until > ?) ORDER BY "
            "made_at DESC",
            host,
            account,
            self._clock(),
        )
        return [
            Pairing(
                **{
                    **row,
                    "is_open": bool(row["is_open"]),
                }
            )
            for row in rows
        ]

    def revoke(self, pairing_id: str) -> None:
        """From now on the code, or the browser, proves nothing."""
        self._database.run("DELETE FROM pairings WHERE id = ?", pairing_id)

    def _touch(self, pairing_id: str) -> None:
        try:
            self._database.jot(
                "UPDATE pairings SET used_at = ? WHERE id = ?", self._clock(), pairing_id
            )
        except StorageFailed:
            return  # when it was last used is told, not needed

    def _hash(self, kind: str, *parts: str) -> str:
        return hmac.new(self._key, "\0".join((kind, *parts)).encode(), hashlib.sha256).hexdigest()
