"""A safety plan has two or fewer of its six parts.

Why it matters: warning signs, what the client does alone, people and places, whom to ask for help, professionals and
    988, and what was made safe: each carries the night when the one before fails. Parts are known by their words, so
    this is told only where most of them are missing.
Example:
    [risk]
    level = "moderate"
    safety_plan = "Contracted for safety on 05/04/2026; has the number of the clinic."
    [[interventions]]
    intervention = "1"
    action = "Clinician reviews the safety plan at each visit and plans the mornings hour by hour with him."
Use instead:
    [risk]
    safety_plan = "05/04/2026: warning sign is lying awake; he walks, wakes Marisol, calls 988; no firearms at home."
Source: CMS G0560
Level: warning
Documents: treatment_plan
"""

import re

from toolkit.rules._safety import raised

_PARTS = {
    "warning signs": r"\b(?:warning|early|signs?|triggers?|cues?|begins? with|when (?:he|she|they|i)\b)",
    "what the client does alone": r"\b(?:coping|copes|walks?|runs?|breath\w*|music|plays?|reads?|draw\w*|ice|shower|"
    r"steps?|own steps|ladder|prays?|grounding|skills?|goes to|what (?:he|she|they|helps)|beads|quiet|card)\b",
    "people": r"\b(?:wife|husband|partner|mother|father|mom|dad|parents?|sister|brother|aunt|uncle|cousin|friend|"
    r"roommate|sponsor|daughter|son|family|grand\w+|neighbor|coach|peer|tells?|wakes|with [a-z]\w+)\b",
    "professionals and 988": r"\b(?:988|911|crisis|hotline|lifeline|clinic|clinician|therapist|nurse|doctor|dr|staff|"
    r"team|program|emergency|hospital|police|desk)\b",
    "whom to call": r"\b(?:calls?|texts?|phones?|tells?|wakes?|finds?|asks?|contacts?|speaker|number)\b",
    "what was made safe": r"\b(?:means|safe|firearms?|guns?|rifles?|pistols?|handguns?|weapons?|blades?|razors?|knives|"
    r"lock\w*|keeps?|removed|pills?|tablets|medicines?|medication|keys|poured|destroyed|timer|checks?)\b",
}
_FOUND = {part: re.compile(words) for part, words in _PARTS.items()}
_FEW = 2


def check(record, day):
    for row, text in raised(record, day, each=False):
        said = text.casefold()
        lacking = [part for part, words in _FOUND.items() if not words.search(said)]
        if len(_FOUND) - len(lacking) <= _FEW:
            yield (row, "safety_plan"), f"seems to lack these parts: {', '.join(lacking)}. Add them, or say why not."
