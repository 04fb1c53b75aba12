"""A diagnosis is treated by no goal, and the plan says nothing else of it.

Why it matters: each diagnosis on the plan is treated, or the plan says who treats it or why it waits. Lasting
    conditions, such as an intellectual disability, and those of the body need no goal of their own.
Example:
    sample = "0043"
    [plan]
    other_diagnoses = ["F33.1 Major depressive disorder, recurrent, moderate", "F40.10 Social phobia, unspecified"]
Use instead:
    sample = "0043"
    [plan]
    other_diagnoses = ["F33.1 Major depressive disorder, recurrent, moderate", "F40.10 Social phobia, unspecified"]
    [[goals]]
    goal = "3"
    diagnosis = "F40.10"
Source: HealthBridge 2026; SAMHSA TIP 42
Level: warning
Documents: treatment_plan
"""


def check(thread):
    lost = list(thread.missing("GT007"))
    for path in dict.fromkeys(one.node.path for one in lost):
        treated = {link.source.id for link in thread.between("diagnosis", "goal")}
        nodes = [one.node for one in lost if one.node.path == path]
        shown = {nodes[0].label: "; ".join(node.line for node in nodes), "the goals treat": ", ".join(sorted(treated))}
        text = (
            "names what no goal treats, and the plan says no more of it. Name it at a goal, under “Diagnosis treated”, "
            "or say under “Coordination of care” who treats it."
        )
        yield path, text, shown
