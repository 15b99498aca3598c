"""What an engine supplies: a file with transactions, its migrations, presence of processes, copies, a vault."""
