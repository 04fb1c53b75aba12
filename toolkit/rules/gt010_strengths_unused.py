"""No strength that was found is used anywhere in the plan.

Why it matters: reviewers and surveyors ask what the client's strengths are for; a list that nothing takes up is a form
    filled in. Whether a plan uses them is told by shared words, which is a guess.
Example:
    [assessment]
    strengths = ["Keeps bees", "Speaks Portuguese"]
Use instead:
    [assessment]
    strengths = ["Plays guitar well and misses it", "Speaks Portuguese"]
Source: Magellan 2023; CARF 2.C
Level: info
Documents: treatment_plan
"""

from toolkit.thread import stems

_SECTIONS = ("interventions", "goals", "objectives", "necessity", "participation", "plan", "risk")


def check(assessment, goals, texts):
    strengths = stems("\n".join(assessment.strengths))
    said = (text for text in texts if text.row.section.name in _SECTIONS)
    if goals and strengths and not any(strengths & stems(text.typed) for text in said):
        yield "assessment.strengths", "is taken up nowhere in the plan. Use one: who helps, what worked before."
