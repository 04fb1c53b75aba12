"""The command ``plankit``, also as ``python -m toolkit``."""

import signal
import sys
from types import FrameType

from toolkit.kept import kept


def main() -> None:
    """Run the command line."""
    if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
        signal.signal(signal.SIGINT, _stop)
    try:
        with kept():
            from toolkit.cli import main as command
    except KeyboardInterrupt:
        sys.stderr.write("Error: Stopped before anything was done.\n")
        sys.exit(130)
    command()


def _stop(number: int, frame: FrameType | None) -> None:
    """Answer Ctrl-C once: pressed again it would break into the leaving."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    raise KeyboardInterrupt


if __name__ == "__main__":
    main()
