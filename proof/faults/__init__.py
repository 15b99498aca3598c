"""Breaks one link after the other, for real and on this machine only, and looks whether the diagnosis names it."""
