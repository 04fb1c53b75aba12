"""A member of the team has no part in the plan.

Why it matters: a discipline that only stands in a list is not counted: it gives an intervention, or says what it found
    and what it will do.
Example:
    sample = "0044"
    [[team]]
    staff = "MK"
    [[team]]
    staff = "TB"
    [[team]]
    staff = "AC"
    discipline = "Psychiatry"
    contribution = ""
Use instead:
    [[team]]
    [[team]]
    [[team]]
    contribution = "Sets the dose of lamotrigine each week and watches for a rash."
Source: HealthBridge 2026; 1 TAC 354.2609
Level: warning
Documents: treatment_plan
"""


def check(team_member, interventions, episode):
    given = {row.get("provider") for row in interventions}
    if not team_member.get("contribution") and team_member.staff not in given:
        yield (
            "contribution",
            "is blank, and this member gives none of the interventions. Say what this discipline found and does, or "
            "name it with an intervention.",
        )
