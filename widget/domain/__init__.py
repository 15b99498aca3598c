"""What things are: people, negotiations, writes, errors, permissions, settings, texts."""
