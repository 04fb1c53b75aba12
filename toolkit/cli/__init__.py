"""The command line: reads options, calls the rooms, speaks to people. Data goes to stdout, talk to stderr.

`toolkit.cli.door` is the command itself, with its settings and its one way of telling errors; its subcommands are in
`toolkit.cli.jobs` (what makes something), `toolkit.cli.signatures` (signing and verifying), `toolkit.cli.threads` (the
threads of plans), `toolkit.cli.profiles` and `toolkit.cli.listings` (what is on the shelf).
"""

from toolkit.cli import jobs, listings, profiles, signatures, threads  # each adds its commands
from toolkit.cli.door import main

__all__ = ["jobs", "listings", "main", "profiles", "signatures", "threads"]
