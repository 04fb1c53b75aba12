"""The team has one discipline where the level of care needs several.

Why it matters: intensive care is the work of several disciplines toward shared goals, and reviewers look for each.
Example:
    sample = "0044"
    team = []
Use instead:
    [[team]]
    staff = "MK"
    discipline = "Psychology"
    [[team]]
    staff = "SP"
    discipline = "Nursing"
Source: HealthBridge 2026; 42 CFR 441.154; 14 NYCRR 584.14
Requires: Disciplines of the team for the level of care
Documents: treatment_plan
"""

from toolkit.text import key


def check(team, staff, episode):
    own = {person.id: person.get("discipline") for person in staff}
    disciplines = [row.get("discipline") or own.get(row.get("staff")) for row in team]
    unknown = disciplines.count(None)  # each may be one more
    if episode.above_outpatient and len({key(name) for name in disciplines if name}) + unknown < 2:
        yield "team", "at this level of care the team needs two disciplines or more. Add who else takes part."
