"""What things are: people, negotiations, writes and their states, errors, permissions, settings, texts."""
