"""A behavior is to be reduced, and it is not said what it does for the person.

Why it matters: a behavior that gets something or ends something comes back in another form until something else does
    the same. Taking it away without a replacement takes away a voice.
Example:
    sample = "0057"
    [idd]
    behavior_function = ""
Use instead:
    [idd]
    behavior_function = "Running ends work without a visible end; the exit card does the same, for five minutes."
Source: Utah R432-152-11
Level: warning
Documents: treatment_plan
"""

import re

_BEHAVIOR = re.compile(
    r"\b(?:hits?|hitting|str(?:ikes?|iking)|punch\w*|kick\w*|bit(?:es?|ing)|pinch\w*|slap\w*|spit\w*|scratch\w*|"
    r"aggress\w+|outbursts?|tantrums?|meltdowns?|elop\w+|bolt\w*|run(?:s|ning)?|hurts?|injur\w+|self-injur\w+|"
    r"head[- ](?:bang\w*|hit\w*)|scream\w*|yell\w*|throw\w*|property|disrupt\w+|pica)\b",
    re.I,
)


def check(idd, objectives):
    if idd.get("behavior_function"):
        return
    for objective in objectives:
        said = " ".join(objective.get(name) or "" for name in ("statement", "unit"))
        if objective.get("direction") == "lower" and objective.get("measure") == "count" and _BEHAVIOR.search(said):
            yield (
                "idd.behavior_function",
                "is blank, and an objective counts a behavior that is to become less. Say what it gets or ends for the "
                "person, and what will do the same.",
            )
            return
