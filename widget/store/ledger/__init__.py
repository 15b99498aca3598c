"""The chain of what was done, sealed line by line."""
