"""The sections that an attendant sees; one file each, listed in registry.py."""
