"""Medicines are listed, and nobody is named with whom they are coordinated.

Why it matters: somebody prescribes what the client takes. Whether the two who treat one person know of each other is
    among the things that record reviews miss most often.
Example:
    [plan]
    coordination = ""
Use instead:
    [plan]
    coordination = "Release signed 05/04/2026 for Dr. L. Haddad (primary care), who prescribes sertraline."
Source: Magellan 2024; Anthem Blue Cross California Medicaid
Level: warning
Documents: treatment_plan
"""

import re

_NONE = re.compile(r"^\W*(?:none|no medic\w+|no medicine|not taking|takes no)\b", re.I)


def check(plan, episode, staff, team):
    taken = [line for line in plan.medications if not _NONE.search(line)]
    if not taken or plan.get("coordination") or episode.get("physician") or team:
        return
    names = [str(person.get("name")).split()[-1] for person in staff if person.get("name")]
    if not any(name in line for name in names for line in taken):
        yield (
            "coordination",
            "is blank, and the client takes what somebody prescribes. Name the prescriber, the release and what you "
            "tell each other, or say why there is no contact.",
        )
