"""Lets ixcpy be built: its source distribution forgot README_PyPI.md, which its setup.py reads.

Python loads this file at every start while PYTHONPATH names this folder; the set-up does that for
ixcpy's build alone. The package's code stays as its author published it.
"""

from pathlib import Path

if Path("setup.py").is_file() and Path("ixcpy/connection.py").is_file():
    Path("README_PyPI.md").touch()
