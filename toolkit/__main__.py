"""The command ``plankit``, also as ``python -m toolkit``."""

import gc


def main() -> None:
    """Run the command line."""
    gc.disable()  # what is loaded now is there to stay
    from toolkit.cli import main as command

    gc.enable()
    command()


if __name__ == "__main__":
    main()
