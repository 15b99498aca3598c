"""A stand-in of the chat consoles."""
