"""server.py's commands."""
