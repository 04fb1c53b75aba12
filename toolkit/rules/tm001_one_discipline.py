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
Documents: treatment_plan
"""


def check(team, episode):
    disciplines = {(row.get("discipline") or row.get("staff") or "").casefold() for row in team} - {""}
    if episode.above_outpatient and len(disciplines) < 2:
        yield "team", "at this level of care the team needs two disciplines or more. Add who else takes part."
