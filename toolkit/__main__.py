"""The command ``plankit``, also as ``python -m toolkit``."""

from toolkit.kept import kept


def main() -> None:
    """Run the command line."""
    with kept():
        from toolkit.cli import main as command
    command()


if __name__ == "__main__":
    main()
