"""The code asks that the client is there, and the text says otherwise, or the other way round.

Why it matters: individual therapy and family therapy with the client need the client in the room; time with parents
    alone has a code of its own, and a reviewer reads who was there.
Example:
    [[interventions]]
    intervention = "3"
    action = "Sessions with the wife alone, without the client, on how she answers when he stays in bed."
Use instead:
    [[interventions]]
    intervention = "3"
    service_code = "90846"
Source: Psychiatric News 2016
Level: warning
Documents: treatment_plan
"""

import re

from toolkit.rules._services import wrong_room

_CLIENT = r"(?:the )?(?:client|patient|young person|youth|teen|child|boy|girl)"
_FAMILY = r"(?:parents?|mother|father|caregivers?|guardians?|family|wife|husband|spouse|partner|foster parents?)"
_AWAY = re.compile(
    rf"\bwithout {_CLIENT}\b(?! (?:knowing|having|being))"
    rf"|\b{_CLIENT} (?:is |are )?(?:not|never) (?:present(?! (?:in the|to|with))|in the (?:room|session)|there|seen)\b"
    rf"|\b(?:sessions?|visits?|meets?|meetings?|sees?|hours?|coaching) (?:for |with |of )?(?:the |both |his |her )?"
    rf"{_FAMILY} (?:only|alone)\b(?! (?:after|as|at|if|in|once|to|when|with))"
    rf"|\b{_FAMILY}[- ]only (?:sessions?|visits?|meetings?|hours?)\b"
)
_THERE = re.compile(
    rf"\b(?:with {_CLIENT} (?:present|in the room|there)|{_CLIENT} (?:is present|is in the room|joins|attends)"
    rf"|{_CLIENT} and (?:the |his |her |their |both )?{_FAMILY} together|{_FAMILY} and {_CLIENT} together)\b"
)

_HINTS = ("without", "not ", "never ", "alone", "only", "together", "present", "room", "there", "joins", "attends")
"""One of these is in each of them, and is found sooner."""


def check(intervention, services):
    service, said = services.get(intervention.service_code), intervention.action.casefold()
    if service is None or service.kind not in ("individual", "family") or not any(hint in said for hint in _HINTS):
        return
    away, there = bool(_AWAY.search(said)), bool(_THERE.search(said))
    if away is there or wrong_room(intervention.technique, service):
        return
    if away and service.client_present == "required":
        yield "service_code", "is for sessions with the client, and {action} tells of one without. Correct one of them."
    elif there and service.client_present == "absent":
        yield "service_code", "is for sessions without the client, and {action} tells of one with. Correct one of them."
