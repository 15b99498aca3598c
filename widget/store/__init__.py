"""What we keep on disk, in SQLite; one file for each thing kept."""
