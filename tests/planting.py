"""Rows for tests of what becomes of a table's content, whatever the table is."""

from collections.abc import Collection, Mapping

from widget.store.engine.database import Database


def planted(
    database: Database, table: str, known: Mapping[str, str], marked: Collection[str] = ()
) -> list[str]:
    """Puts a row into the table, with the known values, and returns the words that mark it.

    Each of the ``marked`` columns that is not known holds a word that stands nowhere else.
    """
    words, row = [], {}
    for column in database.rows(f"PRAGMA table_info({table})"):
        name, is_number = column["name"], column["type"] in {"INTEGER", "REAL"}
        if name in known:
            row[name] = known[name]
        elif name in marked and not is_number:
            row[name] = f"semeado {table} {name}"
            words.append(row[name])
        elif column["pk"] and is_number:
            continue
        else:
            row[name] = 0 if is_number else f"{table} {name} {sorted(known.values())}"
    columns, marks = ", ".join(row), ", ".join("?" * len(row))
    database.run(f"INSERT INTO {table} ({columns}) VALUES ({marks})", *row.values())
    return words
