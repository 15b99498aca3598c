"""The consoles that embed us; one file each, listed in registry.py."""
