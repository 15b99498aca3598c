"""How SQLite spells what SQL leaves to each engine."""

from __future__ import annotations

import json
from collections.abc import Iterable

# A cell of the wrong type is read as this. It is no UTF-8 text, so none of our hashes fits it.
DAMAGED = b"\xff"


class SQLiteSpelling:
    """SQLite's way to write lists, members of a JSON text, and cells that may be damaged."""

    in_list = "IN (SELECT value FROM json_each(?))"

    def as_list(self, values: Iterable[object]) -> object:
        """Returns the one value that stands for the mark of ``in_list``."""
        return json.dumps([*values])

    def member(self, column: str, *names: str) -> str:
        """Returns the SQL of a member of the JSON text in a column, as a text."""
        return f"{column} ->> '$.{'.'.join(names)}'"

    def text_cell(self, column: str, *, may_be_blank: bool = False) -> str:
        """Returns the SQL that reads the bytes of a text and never fails, whatever was put there.

        NULL counts as damage too, unless the cell may be blank.
        """
        blank = " WHEN 'null' THEN NULL" if may_be_blank else ""
        return (
            f"CASE typeof({column}) WHEN 'text' THEN CAST({column} AS BLOB){blank}"
            f" ELSE x'{DAMAGED.hex()}' END AS {column}"
        )

    def number_cell(self, column: str) -> str:
        """Returns the SQL that reads a number, and NULL where something else was put there."""
        return f"CASE typeof({column}) WHEN 'real' THEN {column} END AS {column}"
