"""A symptom or an impairment is taken up by no goal.

Why it matters: what was found and then left alone looks forgotten; a reviewer follows each line of the assessment to
    a goal. Only where every goal names its lines can a program tell.
Example:
    [[goals]]
    goal = "1"
    addresses = "S1, I1"
Use instead:
    [[goals]]
    goal = "1"
    addresses = "S1, S2, I1"
Source: HealthBridge 2026; Mozu 2026, golden thread
Level: warning
Documents: treatment_plan
"""


def check(thread):
    lost = list(thread.missing("GT020"))
    for path in dict.fromkeys(one.node.path for one in lost):
        nodes = [one.node for one in lost if one.node.path == path]
        shown = {nodes[0].label: ", ".join(node.id for node in nodes), **{node.id: node.text for node in nodes}}
        goals = ", ".join(node.id for node in thread.step("goal").nodes)
        text = (
            "has a line that no goal takes up. Name it at the goal that answers it, under “For symptoms and "
            "impairments”, or make a goal that waits and say why."
        )
        yield path, text, {**shown, "the goals": goals}
