"""What an engine supplies: a file with transactions, migrations, presence, copies, a vault."""
