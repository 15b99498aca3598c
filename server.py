"""The command line: ``python server.py --help``."""

from widget.cli.main import main

if __name__ == "__main__":
    main()
