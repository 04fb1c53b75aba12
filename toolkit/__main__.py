"""The command ``plankit``, also as ``python -m toolkit``."""

import sys

from toolkit.kept import kept


def main() -> None:
    """Run the command line."""
    try:
        with kept():
            from toolkit.cli import main as command
    except KeyboardInterrupt:
        sys.stderr.write("Error: Stopped before anything was done.\n")
        sys.exit(130)
    command()


if __name__ == "__main__":
    main()
