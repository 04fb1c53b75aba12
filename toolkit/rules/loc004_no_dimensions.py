"""Substance use care above outpatient is justified without the dimensions that it is placed by.

Why it matters: levels of substance use care are levels of ASAM; reviewers place the client by its dimensions and look
    for them, or for the tool that the payer takes instead (LOCUS). The words are looked for, so it is a warning.
Example:
    sample = "0050"
    [level_of_care]
    justification = "Uses on most days; nine hours on three afternoons fill the time in which he uses."
Use instead:
    [level_of_care]
    justification = "Dimension 5: nine days is the longest pause. Dimension 6: two of three friends sell."
Source: ASAM, public summary; California DHCS BHIN 23-068
Level: warning
Documents: treatment_plan
"""

import re

_PLACED = re.compile(r"\bdim(?:ension)?s?\b|\bASAM\b|\bLOCUS\b|\bCALOCUS\b|\bCASII\b|\bD[1-6]\b", re.I)


def check(level_of_care, episode, levels):
    level = levels.get(episode.level_of_care)
    if level and level.above_outpatient and level.key.startswith("ASAM"):
        said = f"{level_of_care.justification} {level_of_care.get('less_intensive_considered') or ''}"
        if not _PLACED.search(said):
            yield "justification", "names none of the ASAM dimensions. Say which of them call for this level, and why."
