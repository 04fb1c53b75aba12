"""What a marked copy of a workbook bears: the list of what to fix, and a note at each cell concerned."""

from __future__ import annotations

from msgspec import Struct

from toolkit.model import Level, Place

TITLE = "To fix"
"""What the sheet with the list is called, where no other sheet bears that name."""
HEADER = ("Who answers", "Client", "What is wrong", "What to do", "Where", "How urgent", "Why", "Code")
"""The header of the list; a sheet that bears it is ours, whatever it is called, and holds no answers."""
COLORS = {"error": "FFC7CE", "warning": "FFE699"}
"""The colours of the cells that must be fixed, and of those that somebody should look at."""


class Note(Struct, frozen=True):
    """What is said at one cell, or at the row that ``place`` names."""

    place: Place
    level: Level
    text: str
