"""The tables of our files, as steps that bring any older file up to date.

A step's name is remembered by the files.
"""

from __future__ import annotations

import sqlite_utils
from sqlite_utils import Migrations

vinculo = Migrations("vinculo")


@vinculo()
def conversations(db: sqlite_utils.Database) -> None:
    """Who is in each conversation and which contact its panel shows.

    The console told the person last.
    """
    db.execute(
        "CREATE TABLE conversations (key TEXT PRIMARY KEY, body TEXT NOT NULL, contact TEXT, "
        "seen_at REAL NOT NULL)"
    )


@vinculo()
def cache(db: sqlite_utils.Database) -> None:
    """What was read from the CRM, and when."""
    db.execute(
        "CREATE TABLE cache (integration TEXT, query TEXT, resource TEXT NOT NULL, body TEXT NOT "
        "NULL,"
        " fetched_at REAL NOT NULL, outdated INTEGER NOT NULL DEFAULT 0, PRIMARY KEY "
        "(integration, query))"
    )
    db.execute("CREATE INDEX cache_resource ON cache (integration, resource)")


@vinculo()
def journal(db: sqlite_utils.Database) -> None:
    """Every write, kept before the CRM is called."""
    db.execute(
        "CREATE TABLE journal (key TEXT PRIMARY KEY, integration TEXT NOT NULL, conversation TEXT "
        "NOT NULL,"
        " contact TEXT NOT NULL, negotiation TEXT NOT NULL, attendant TEXT NOT NULL, action TEXT "
        "NOT NULL,"
        " summary TEXT NOT NULL, verb TEXT NOT NULL, resource TEXT NOT NULL, record TEXT NOT "
        "NULL, body TEXT NOT NULL,"
        " state TEXT NOT NULL, crm_id TEXT NOT NULL DEFAULT '', why TEXT NOT NULL DEFAULT '', "
        "kept_at REAL NOT NULL,"
        " settled_at REAL)"
    )
    db.execute("CREATE INDEX journal_contact ON journal (integration, contact, kept_at)")


@vinculo()
def links(db: sqlite_utils.Database) -> None:
    """Which person is which contact, and which one surely not, by whom."""
    db.execute(
        "CREATE TABLE links (integration TEXT, person TEXT, contact TEXT, attendant TEXT NOT "
        "NULL, at REAL NOT NULL,"
        " denied INTEGER NOT NULL DEFAULT 0, PRIMARY KEY (integration, person, contact))"
    )


@vinculo()
def drafts(db: sqlite_utils.Database) -> None:
    """What is being typed, until it is saved."""
    db.execute(
        "CREATE TABLE drafts (conversation TEXT, form TEXT, attendant TEXT, body TEXT NOT NULL, "
        "at REAL NOT NULL,"
        " PRIMARY KEY (conversation, form, attendant))"
    )


@vinculo()
def owners(db: sqlite_utils.Database) -> None:
    """Which employee of the CRM an attendant is, where the e-mail does not tell."""
    db.execute(
        "CREATE TABLE owners (integration TEXT, attendant TEXT, owner TEXT NOT NULL, at REAL NOT "
        "NULL,"
        " PRIMARY KEY (integration, attendant))"
    )


@vinculo()
def qualifications(db: sqlite_utils.Database) -> None:
    """The qualification of a negotiation, for a CRM that has no column for it."""
    db.execute(
        "CREATE TABLE qualifications (integration TEXT, negotiation TEXT, value TEXT NOT NULL,"
        " attendant TEXT NOT NULL, at REAL NOT NULL, PRIMARY KEY (integration, negotiation))"
    )


@vinculo()
def journal_that_settles(db: sqlite_utils.Database) -> None:
    """The journal as the list of a worker.

    It holds in order what there is to do, who does it and how far it is. No index on what few
    entries have holds the others, so a write touches few pages, however many came before. No row is
    ever deleted, so ``seq`` never comes again.
    """
    db.execute("DROP TABLE journal")
    db.execute(
        "CREATE TABLE journal (seq INTEGER PRIMARY KEY, key TEXT NOT NULL UNIQUE, root TEXT NOT "
        "NULL,"
        " integration TEXT NOT NULL, conversation TEXT NOT NULL, contact TEXT NOT NULL, "
        "negotiation TEXT NOT NULL,"
        " action TEXT NOT NULL, state TEXT NOT NULL, crm_id TEXT NOT NULL DEFAULT '', why TEXT "
        "NOT NULL DEFAULT '',"
        " said TEXT NOT NULL DEFAULT '', attempts INTEGER NOT NULL DEFAULT 0, sends INTEGER NOT "
        "NULL DEFAULT 0,"
        " boot TEXT NOT NULL DEFAULT '', sent_at REAL NOT NULL DEFAULT 0, owner TEXT NOT NULL "
        "DEFAULT '',"
        " kept_at REAL NOT NULL, settled_at REAL NOT NULL DEFAULT 0, checks INTEGER NOT NULL "
        "DEFAULT 0,"
        " dropped TEXT NOT NULL DEFAULT '[]', twins TEXT NOT NULL DEFAULT '[]', seen INTEGER NOT "
        "NULL DEFAULT 0,"
        " origin TEXT NOT NULL, work TEXT NOT NULL, words TEXT NOT NULL)"
    )
    open_, bad = (
        "state IN ('kept', 'sending', 'unknown')",
        "state = 'refused' OR dropped <> '[]' OR twins <> '[]'",
    )
    for name, columns in {
        "contact": "(integration, contact, seq)",
        "new_negotiation": "(integration, negotiation) WHERE negotiation >= 'new-'",
        "left": f"(integration, seq) WHERE ({open_} OR (seen = 0 AND ({bad})))",
        "number": "(integration, crm_id) WHERE crm_id <> ''",
        "unchecked": "(integration, checks, seq) WHERE state = 'done'",
    }.items():
        db.execute(f"CREATE INDEX journal_{name} ON journal {columns}")


@vinculo()
def ledger(db: sqlite_utils.Database) -> None:
    """The chain of what was done.

    Only its end grows, and of a line only the personal part can go (LGPD).
    """
    sealed = (
        "event",
        "key",
        "author",
        "conversation",
        "contact",
        "negotiation",
        "action",
        "crm_id",
        "digest",
        "author_mac",
        "content_mac",
        "seal",
    )
    texts = ", ".join(f"{name} TEXT NOT NULL" for name in sealed)
    db.execute(
        f"CREATE TABLE ledger (seq INTEGER PRIMARY KEY, at REAL NOT NULL, {texts}, salt TEXT, "
        "personal TEXT)"
    )
    db.execute("CREATE INDEX ledger_contact ON ledger (contact, seq)")
    changed = " OR ".join(f"NEW.{name} IS NOT OLD.{name}" for name in ("seq", "at", *sealed))
    next_seq = "(SELECT coalesce(max(seq), 0) + 1 FROM ledger)"
    filled = "NEW.salt IS NOT NULL OR NEW.personal IS NOT NULL"
    for name, when in {
        "grows": f"INSERT ON ledger WHEN NEW.seq IS NOT {next_seq}",
        "stays": "DELETE ON ledger",
        "lasts": f"UPDATE ON ledger WHEN {changed} OR {filled}",
    }.items():
        db.execute(
            f"CREATE TRIGGER ledger_{name} BEFORE {when} BEGIN SELECT RAISE(ABORT, 'the ledger "
            "only grows'); END"
        )


@vinculo()
def consoles(db: sqlite_utils.Database) -> None:
    """The consoles' accounts: which CRM each uses, and which origins may embed the panel there."""
    db.execute(
        "CREATE TABLE accounts (host TEXT, account TEXT, integration TEXT NOT NULL, parents TEXT "
        "NOT NULL,"
        " at REAL NOT NULL, PRIMARY KEY (host, account))"
    )


@vinculo()
def integrations(db: sqlite_utils.Database) -> None:
    """The configured CRMs; a token is stored locked, and the key to it is elsewhere."""
    db.execute(
        "CREATE TABLE integrations (id TEXT PRIMARY KEY, body TEXT NOT NULL, token TEXT NOT NULL,"
        " made_at REAL NOT NULL, changed_at REAL NOT NULL)"
    )


@vinculo()
def attendants(db: sqlite_utils.Database) -> None:
    """Who works in each console, and the browsers in which attendants proved who they are.

    The department is kept too. Of codes and of what a browser keeps there is only a keyed hash.
    """
    db.execute(
        "CREATE TABLE attendants (host TEXT, account TEXT, number TEXT, name TEXT NOT NULL, email "
        "TEXT NOT NULL,"
        " department TEXT NOT NULL DEFAULT '', seen_at REAL NOT NULL, PRIMARY KEY (host, account, "
        "number))"
    )
    db.execute(
        "CREATE TABLE pairings (id TEXT PRIMARY KEY, host TEXT NOT NULL, account TEXT NOT NULL, "
        "number TEXT NOT NULL,"
        " code TEXT UNIQUE, until REAL NOT NULL, secret TEXT UNIQUE, browser TEXT NOT NULL "
        "DEFAULT '',"
        " made_at REAL NOT NULL, used_at REAL NOT NULL DEFAULT 0)"
    )
    db.execute("CREATE TABLE departments (name TEXT PRIMARY KEY, actions TEXT NOT NULL)")


@vinculo()
def reveals(db: sqlite_utils.Database) -> None:
    """Which of a contact's data an attendant sees in clear in a conversation, and since when."""
    db.execute(
        "CREATE TABLE reveals (integration TEXT, conversation TEXT, attendant TEXT, contact TEXT, "
        "kind TEXT,"
        " at REAL NOT NULL, PRIMARY KEY (integration, conversation, attendant, contact, kind))"
    )


@vinculo()
def administration(db: sqlite_utils.Database) -> None:
    """Who may open the set-up pages, and where they signed in.

    It also holds the links that let a person in, and how often what was done. Of passwords, links
    and sessions there are only hashes.
    """
    db.execute(
        "CREATE TABLE admins (name TEXT PRIMARY KEY COLLATE NOCASE, role TEXT NOT NULL, password "
        "TEXT NOT NULL,"
        " made_at REAL NOT NULL, seen_at REAL NOT NULL DEFAULT 0)"
    )
    db.execute(
        "CREATE TABLE admin_sessions (session TEXT PRIMARY KEY, admin TEXT NOT NULL COLLATE NOCASE,"
        " begun_at REAL NOT NULL, used_at REAL NOT NULL)"
    )
    db.execute(
        "CREATE TABLE admin_links (code TEXT PRIMARY KEY, role TEXT NOT NULL, until REAL NOT NULL)"
    )
    db.execute("CREATE TABLE limits (key TEXT PRIMARY KEY, until REAL NOT NULL) WITHOUT ROWID")


@vinculo()
def capacities(db: sqlite_utils.Database) -> None:
    """How much of a text each column of the CRM was seen to keep."""
    db.execute(
        'CREATE TABLE capacities (integration TEXT, resource TEXT, "column" TEXT, longest INTEGER '
        "NOT NULL,"
        ' plain INTEGER NOT NULL, at REAL NOT NULL, PRIMARY KEY (integration, resource, "column"))'
    )


@vinculo()
def journal_that_proves(db: sqlite_utils.Database) -> None:
    """Whether a record that was read shows what was done.

    What older servers called done counts as proven.
    """
    db.execute("ALTER TABLE journal ADD COLUMN proven INTEGER NOT NULL DEFAULT 0")
    db.execute("UPDATE journal SET proven = 1 WHERE state = 'done'")
    db.execute("UPDATE journal SET checks = 2 WHERE state = 'done' AND checks = 1 AND sends < 2")
    db.execute("UPDATE journal SET checks = 1 WHERE state = 'refused'")
    open_ = "state IN ('kept', 'sending', 'unknown')"
    told = "state = 'refused' OR dropped <> '[]' OR twins <> '[]' OR (state = 'done' AND why <> '')"
    db.execute("DROP INDEX journal_left")
    db.execute(
        f"CREATE INDEX journal_left ON journal (integration, seq) WHERE ({open_} OR (seen = 0 AND "
        f"({told})))"
    )
    db.execute(
        "CREATE INDEX journal_refusals ON journal (integration, settled_at) WHERE state = "
        "'refused' AND checks = 0"
    )


@vinculo()
def journal_in_our_words(db: sqlite_utils.Database) -> None:
    """Which entries are kept in the words of a kind of CRM, that only its package understands.

    They are put in ours as soon as their integration is served. An older server that still
    works beside us does not name the column: what it accepts counts as older too.
    """
    db.execute("ALTER TABLE journal ADD COLUMN is_older INTEGER NOT NULL DEFAULT 1")
    db.execute("CREATE INDEX journal_older ON journal (integration) WHERE is_older = 1")


@vinculo()
def accounts_of_their_own(db: sqlite_utils.Database) -> None:
    """What an account of a console signs with, locked, and the options of its console.

    An account without a key of its own uses the server's, as all did before.
    """
    db.execute("ALTER TABLE accounts ADD COLUMN key TEXT NOT NULL DEFAULT ''")
    db.execute("ALTER TABLE accounts ADD COLUMN options TEXT NOT NULL DEFAULT '{}'")


people = Migrations("people")


@people()
def index(db: sqlite_utils.Database) -> None:
    """Who is in the CRM, as far as it takes to recognise and show them.

    The people of an integration have their ids in a block of their own, so that a range of ids
    keeps integrations apart in every look-up. ``plain`` and ``sounds`` are the name as it is
    searched; ``clues`` are there to be removed.
    """
    db.execute("CREATE TABLE blocks (number INTEGER PRIMARY KEY, integration TEXT NOT NULL UNIQUE)")
    db.execute(
        "CREATE TABLE people (id INTEGER PRIMARY KEY, at REAL NOT NULL, block INTEGER NOT NULL, "
        "source TEXT NOT NULL,"
        " number TEXT NOT NULL, updated TEXT NOT NULL, plain TEXT NOT NULL, sounds TEXT NOT NULL, "
        "clues TEXT NOT NULL,"
        " body TEXT NOT NULL, UNIQUE (block, source, number))"
    )
    db.execute("CREATE INDEX people_plain ON people (block, plain)")
    db.execute(
        "CREATE TABLE barred (integration TEXT, source TEXT, number TEXT,"
        " PRIMARY KEY (integration, source, number)) WITHOUT ROWID"
    )
    db.execute(
        "CREATE TABLE clues (clue TEXT, key TEXT, person INTEGER, PRIMARY KEY (clue, key, "
        "person)) WITHOUT ROWID"
    )


@people()
def names(db: sqlite_utils.Database) -> None:
    """The words of all names, their sounds, and what typing errors may have meant.

    Raw SQL, since sqlite-utils knows no prefixes. The words are folded before, as the searched ones
    are: the tokenizer only cuts at blanks. Without ``secure-delete`` an erased name would stay in
    the index.
    """
    db.execute(
        "CREATE VIRTUAL TABLE names USING fts5 (plain, sounds, content = 'people', content_rowid "
        "= 'id',"
        """ columnsize = 0, detail = none, prefix = '1 2 3', tokenize = "ascii tokenchars '_'")"""
    )
    db.execute("INSERT INTO names (names, rank) VALUES ('secure-delete', 1)")
    db.execute("CREATE TABLE words (word TEXT PRIMARY KEY, uses INTEGER NOT NULL) WITHOUT ROWID")
    db.execute("CREATE TABLE slips (slip TEXT, word TEXT, PRIMARY KEY (slip, word)) WITHOUT ROWID")


@people()
def fills(db: sqlite_utils.Database) -> None:
    """How far the index is filled from each resource."""
    db.execute(
        "CREATE TABLE fills (integration TEXT, resource TEXT, started_at REAL, finished_at REAL, "
        "cursor TEXT,"
        " seen INTEGER, total INTEGER, newest TEXT, checked_at REAL, state TEXT, why TEXT,"
        " PRIMARY KEY (integration, resource))"
    )


@people()
def origins(db: sqlite_utils.Database) -> None:
    """From which CRM the people of each integration were read.

    In another CRM the same numbers are other people.
    """
    db.execute("CREATE TABLE origins (integration TEXT PRIMARY KEY, address TEXT NOT NULL)")
