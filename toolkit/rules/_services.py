"""What an intervention's own words say of who is in the room, for rules that hold them against the code."""

import re

_ROOMS = {
    "individual": re.compile(r"\bindividual\b", re.I),
    "group": re.compile(
        r"^group\b(?! (?:home|hous|liv))|\bgroup (?:therapy|psychotherapy|sessions?|treatment|counseling)\b"
        r"|\b(?<!support )(?<!to )(?<!for )(?:skills|therapy|process|psychoeducation|education|training|prevention|"
        r"tolerance|DBT|CBT) groups?\b",
        re.I,
    ),
    "family": re.compile(r"^(?:multi-?)?(?:family|couples?|marital|conjoint)\b(?! (?:of origin|history))", re.I),
}


def wrong_room(technique, service):
    """Tell whether ``technique`` names one of individual, group and family work, and the code is for another of them.

    Only codes with a national definition are held against it: states bill groups under other codes, with a modifier.
    """
    if service is None or service.system != "CPT" or service.kind not in _ROOMS:
        return False
    named = [room for room, words in _ROOMS.items() if words.search(technique)]
    return len(named) == 1 and named[0] != service.kind
