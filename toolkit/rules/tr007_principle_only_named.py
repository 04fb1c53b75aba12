"""A trauma-informed principle is named, and not how it shows.

Why it matters: “safety” and “choice” can be claimed by anybody; what is done for this client, in this room, shows it.
Example:
    pack = "trauma"
    [trauma]
    principles = ["Safety, choice and empowerment"]
Use instead:
    [trauma]
    principles = ["Choice: she picks the order of topics", "Safety: she sits where she sees the door"]
Source: SAMHSA 2014
Level: warning
Documents: treatment_plan
"""

import re

_NAMES = re.compile(
    r"\b(?:safety|safe|physical|psychological|emotional|trust\w*|transparen\w*|open\w*|peers?|support\w*|collaborat\w*|"
    r"mutual\w*|empower\w*|voices?|choices?|cultur\w*|historical|gender|issues|responsive\w*|sensitiv\w*|respect\w*|"
    r"control|strengths?|resilien\w*|principles?|trauma|informed|care|approach|practices?|we|are|is|our|the|and|of|in|a|"
    r"all|by|to|for|with|samhsa|six|used|applied|followed|follow|use|client|humility|focus\w*|based|environment)\b|[\W\d_]"
)
_FEW = 2


def check(trauma):
    for line in trauma.principles:
        if len(_NAMES.sub(" ", line.casefold()).split()) < _FEW:
            yield "principles", "holds one that is only named. Say what is done for this client, and by whom."
            return
