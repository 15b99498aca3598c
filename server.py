"""The command line: ``python server.py --help``."""

from widget.cli import main

if __name__ == "__main__":
    main()
