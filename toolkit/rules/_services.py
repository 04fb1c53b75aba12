"""What an intervention's own words say of who is in the room, for rules that hold them against the code."""

import re

_NAMED = {
    "individual": re.compile(r"\bindividual\b", re.I),
    "group": re.compile(
        r"^group\b(?! (?:home|hous|liv))|\bgroup (?:therapy|psychotherapy|sessions?|treatment|counseling)\b"
        r"|\b(?<!support )(?<!to )(?<!for )(?:skills|therapy|process|psychoeducation|education|training|prevention|"
        r"tolerance|DBT|CBT) groups?\b",
        re.I,
    ),
    "family": re.compile(r"^(?:family|couples?|marital|conjoint)\b(?! (?:of origin|history))", re.I),
}
_SPOKEN_OF = {"individual": ("individual",), "group": ("group",), "family": ("famil", "couple", "marital", "conjoint")}


def wrong_room(technique, service):
    """Tell whether ``technique`` is individual, group or family work and no other, and the code is for another.

    Only codes with a national definition are held against it: states bill groups under other codes, with a modifier.
    """
    if service is None or service.system != "CPT" or service.kind not in _NAMED:
        return False
    said = technique.casefold()
    spoken_of = [room for room, words in _SPOKEN_OF.items() if any(word in said for word in words)]
    return len(spoken_of) == 1 and spoken_of[0] != service.kind and bool(_NAMED[spoken_of[0]].search(technique))
