"""Why treatment is needed: symptom and loss, trained care, and why less will not do or why now."""

import re

from toolkit.phrases.reading import any_of
from toolkit.rules._texts.aims import boilerplate

_FAILED = re.compile(
    r"\b(?:no (?:odds|difference|better|result|success|improvement)|did nothing|again within|back (?:in|within|"
    r"after)|readmitted|"
    r"gave no|without (?:relief|result|change|improvement)|lasted (?:a|only|\d+)|shaken|indicated|persist\w*|"
    r"still|alone|without success|chang(?:ed|es) nothing|no (?:effect|help|change|benefit|relief)|not (?:enough|"
    r"help|helped|moved|worked|hold|held|reach)|did not|didn't|has not|have not|fail\w*|worse|longer|"
    r"more (?:fights|questions)|set off|stopped working|untreated|keeps? it going|feeds?|fed|despite|tried|tries|"
    r"relapsed|ended in|grows?|spread\w*|not (?:changed|kept|stopped|eased|lifted|brought)|little|unsuccessful\w*|"
    r"ineffective)\b"
)
_SOON = re.compile(
    r"\b(?:before|by DATE|until|in \d+ (?:weeks|days|months)|within|third|next (?:absence|late|one|time)|at risk|"
    r"risk of|now|cannot wait|should not wait|unless|this (?:week|month|term|DATE|year)|deadline|hearing|"
    r"right away|immediate\w*|urgent\w*|gone up|rising|escalat\w*|worsen\w*|worse|doubled|more often|"
    r"final warning|last (?:chance|warning)|expulsion|eviction|probation period|loses|ends the job|will (?:stop|"
    r"close|end|decide|lose|repeat))\b"
)
_METHOD = re.compile(
    r"\b(?:exposure|therapy|plan|training|assessment|prevention|skills|rhythm|approach|treatment|analysis|ba|cbt|"
    r"cpt|dbt|erp|emdr|hrt|medication|pacing|grounding|steps)\b"
)
_LOSS = re.compile(
    r"\b(?:let go|moved (?:off|to|out)|falls? asleep|taken off|pulled (?:from|out)|(?:has|have|had) not|no longer|"
    r"(?:can|could|does|do|did|will|would|may)(?:not|n't| not)|stopped|"
    r"gave up|given up|sent home|asked to leave|cut (?:from|to|back|his|her|their|hours)|out of (?:school|work)|"
    r"at risk|on leave|"
    r"refus\w+ (?:to|school|class)|skips?|skipped|banned|only \d|down to|fell to|nobody|alone|instead of)\b"
)
_JOINED = 6.4


def necessity(said):
    found = set()
    if boilerplate(said):
        found.add("CL003")
    if said.says("growth"):
        found.add("MN008")
    if said.says("convenience") or for_convenience(said):
        found.add("MN009")
    if not needs_skill(said):
        found |= (
            {"MN005"}
            | ({"MN003"} if not loss(said) else set())
            | ({"MN002"} if not said.has("symptoms") and not said.scales else set())
        )
    return found


def loss(said):
    """Tell whether something lost or no longer done is told, as a fact."""
    return said.has("losses") or bool(_LOSS.search(said.text))


_ASKS = re.compile(
    r"\b(?:needs?|needed|has to|have to|must|requires?|required|takes?|took|cannot wait|should not wait|call(?:s|"
    r"ed)? for|"
    r"necessary|essential|indicated|wanted|start|begin|begun|next step|without|until|due|warranted|is work for|"
    r"work for a|led by|"
    r"guided by|run by)\b|->"
)
_ENDS = re.compile(r"[.;](?:\s|$)")


def asks_for_skill(said):
    """Tell whether one sentence asks for somebody trained, or for a method."""
    for part in _ENDS.split(said.text):
        trained = _METHOD.search(part) or any_of(part.replace(",", " ").split(), "skilled")
        if trained and _ASKS.search(part):
            return True
    return False


def needs_skill(said):
    """Tell whether it joins symptom and loss with the need of trained care, and why less will not do or why now."""
    points = 2 * (said.has("symptoms") or bool(said.scales)) + 2 * loss(said) + 2.5 * asks_for_skill(said)
    points += 2.25 * bool(_FAILED.search(said.text)) + bool(_SOON.search(said.text))
    return points >= _JOINED


def for_convenience(said):
    """Tell whether convenience, a preference or an order is the reason, and no symptom stands beside it."""
    if said.count("orders") > 1 and not _FAILED.search(said.text):
        return True
    return (said.says("convenience") or said.says("orders")) and not said.scales and not said.has("symptoms")


def fits_anybody(said):
    """Tell whether a reason names no fact of this client: no number, date, loss, symptom or attempt before."""
    if boilerplate(said):
        return False
    return not (
        said.has_digit or said.has("losses") or said.has("symptoms") or _FAILED.search(said.text) or "DATE" in said.text
    )


def no_example(said):
    """Tell whether a loss of function is named without anything that could be seen."""
    if said.has_digit or len(said.words) >= 8:
        return False
    return not (said.has("losses") or said.has("observable") or "DATE" in said.text)
