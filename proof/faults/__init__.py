"""Breaks one link after the other, and looks whether the diagnosis names it.

The links break for real, and on this machine only.
"""
