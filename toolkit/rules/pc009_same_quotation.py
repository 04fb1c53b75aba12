"""The same words of the client stand in two goals.

Why it matters: quotations that repeat read as copied, and then none of them is believed.
Example:
    [[goals]]
    goal = "1"
    client_words = "I want my life back and my mornings."
    [[goals]]
    goal = "2"
    client_words = "I want my life back and my mornings."
Use instead:
    [[goals]]
    goal = "2"
    client_words = "My girls stopped asking me to come to their games."
Source: Palmetto GBA
Level: warning
Documents: treatment_plan
"""


def check(goals):
    seen = set()
    for goal in goals:
        words = " ".join((goal.get("client_words") or "").casefold().split())
        if words and words in seen:
            yield (goal, "client_words"), "says the same in another goal. Quote what was said about this one."
        seen.add(words)
