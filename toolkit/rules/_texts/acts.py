"""What a clinician does: method, act and target, or what would fit anybody."""

import re

from toolkit.phrases.reading import any_of, is_of
from toolkit.rules._texts.aims import boilerplate

_OTHERS_DO = re.compile(
    r"^(?:the )?(?:school (?:counselor|nurse|staff)|teachers?|parents?|mother|father|grandmother|guardian|"
    r"psychiatrist|pcp|probation officer|"
    r"refer\b|referral|pediatrician|coach|house staff|family|sponsor)\b"
)
_CLAUSES = re.compile(r"(?<!\bdr)[.;,]\s*(?:and |while |but )?|\band (?=the |dr)")
_ANOTHER = re.compile(
    r"(?:(?:the|his|her|their) )?(?:\w+ )?(?:school \w+|\w+'s \w+ group|(?:school|homeroom|math|class) teacher|teacher|"
    r"dr\.? \w+|psychiatrist|pcp|pediatrician|neurologist|cardiologist|dietitian|slp|ot|pt|caseworker|"
    r"probation officer|sponsor|pastor|coach)\b"
)
_CLIENT_DOES = re.compile(
    r"^(?:the )?(?:client|patient|youth|individual|he|she|they|[a-z'.]+(?: [a-z]\.)?|mr\. \w+\.?|ms\. \w+\.?|"
    r"mrs\. \w+\.?) (?:will|is to|should|agrees to|to|must|practices|keeps|uses|writes|attends|completes)\b"
)
_ENOUGH, ENOUGH_IN_PLAN = 5.25, 2.5
_AGENT = (
    r"(?:clinician|therapist|counselor|psychologist|nurse|leader|analyst|bcba|provider|prescriber|psychiatrist|"
    r"specialist|worker|coach|staff|ot|i|we|dr\.? \w+|practitioner)"
)
_DOES = re.compile(
    rf"\b{_AGENT}\b(?: and [\w' ]{{2,20}}?| & client)? (?:will |then |first |also )?(?:has |lets )?([a-z][a-z-]+)\b"
)
_TOWARD = re.compile(
    r"\b(?:so that|so as|in order to|against|until|before|aim|target|because|since|for (?:fear|avoidance|\w+ing|"
    r"the|her|his|their)|when|"
    r"to (?:cut|reduce|lower|lessen|weaken|end|stop|bring|break|shorten|restore|rebuild|keep|loosen|counter|catch|"
    r"lift|build|help|get|use|steady|calm|replace|prevent|increase|decrease|raise|take|make|ease|"
    r"shrink|undo|point|test|carry|drop|open|return|widen|fade|change|improve|treat|learn))\b|->"
)


def intervention(said):
    found = set()
    if boilerplate(said):
        found.add("CL003")
    if client_task(said) or others_act(said):
        found.add("CP009")
    elif generic(said):
        found.add("CP008")
    return found


def generic(said, enough=_ENOUGH):
    """Tell whether an intervention would fit anybody.

    What speaks for this client is counted up: acts that take training, what somebody does, methods, what it is aimed
    at, words that do not stand in every plan; set phrases count against it. Where goals and codes stand in fields of
    their own, less is ``enough``.
    """
    if said.says("credentials"):
        return True
    skilled = len({*said.of("skilled_acts")})
    plain = len({*said.of("plain_acts")})
    own = len({word for word in said.words if len(word) > 2}.difference(said.of("bland")))
    points = 2 * min(skilled, 2) + min(plain, 3) / 2 + min(own, 14) / 5 + said.has("agents") / 2
    points -= 2.5 * min(said.count("vacant"), 2)
    if (skilled or plain) and points >= enough:
        return False
    done = len({found[1] for found in _DOES.finditer(said.lowered) if not is_of(found[1], "idle")})
    if not (skilled or plain or done):
        return True
    points += 2 * min(done, 2)
    if points >= enough:
        return False
    return points + min(said.count("methods"), 2) + bool(_TOWARD.search(said.lowered)) < enough


def others_act(said):
    """Tell whether only others than the clinician act."""
    clauses = [part for part in _CLAUSES.split(said.text) if part.strip()]
    if len(clauses) > 1 and all(map(_ANOTHER.match, clauses)):
        return True
    rest, found = _OTHERS_DO.subn(" ", said.text)
    return bool(found) and not said.count("methods") and not any_of(rest.split(), "agents")


def client_task(said):
    """Tell whether only what the client does at home is said."""
    return bool(_CLIENT_DOES.match(said.lowered)) and not said.has("agents")
