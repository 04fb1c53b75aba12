"""What is wrong with the numbers of a target: the way they go, the scale they stand on, a target that means nothing."""

import re

from toolkit import reference
from toolkit.phrases.reading import any_of, is_of

_MEASURED_BY = re.compile(
    r"(?:measured|tracked|shown|evidenced|recorded|counted|monitored|assessed|demonstrated|indicated|documented|"
    r"verified|followed|seen|charted|rated|scored|confirmed|judged|known)"
    r"(?: (?:with|by|on|through|using|in|per|from))?(?: [\w-]+){0,4}? SCALE|\b(?:per|by|via|using|on|with|from|"
    r"through|according to) (?:the |his |her |their |a |an |each |monthly |weekly |repeat |parent |teacher |"
    r"\w+ly ){0,3}SCALE|\bSCALE (?:\w+ )?(?:will |to |is to )?(?:show|count|track|record|measure)|\b(?:measure|"
    r"tool|scale): SCALE|\((?:\w+ ){0,2}SCALE|SCALE (?:monthly|weekly|every|each|quarterly|at each|given|at the|"
    r"total (?:each|every))|\bSCALE (?:will )?(?:show|count|track)"
)
_COUNTED = (
    r"(?:attacks?|absences?|episodes?|outbursts?|meltdowns?|tantrums?|hits?|incidents?|nightmares?|flashbacks?|"
    r"nights?|meals?|drinks?|fights?|calls?|"
    r"urges|checks?|binges?|assaults?|elopements?|suspensions?|referrals?|days?|hours?|showers?|shifts?|"
    r"cigarettes|classes|assignments|arrivals?|visits|lapses|relapses)"
)
_COUNT_MOVES = re.compile(
    rf"\b{_COUNTED}\b[^.;]{{0,90}}?\b\d+(?: times)?[^.;]{{0,20}}\b(?:a|per|each|every) \w+|"
    rf"\d+ (?:[\w'-]+ ){{0,2}}?{_COUNTED}\b|"
    rf"\bfrom \d+(?: times)?[^.;]{{0,15}}\b(?:a|per|each|every) (?:day|week|month|night|shift)|"
    rf"\b{_COUNTED}\b[^.;]{{0,60}}\bfrom \d|\bnumber of {_COUNTED}\b|\b{_COUNTED}\b[^.;]{{0,20}}, \d"
)
_SCORE_OF_SCALE = re.compile(
    r"\bSCALE[^.;,]{0,30}?(?:from |of |at |below |under |to )?\d[^.;,]{0,30}?(?:to|->|or) \w+(?: \d+)?|\d+(?: to |"
    r" -> |-)\d+ on the SCALE"
)
_OTHER_RECORD = re.compile(
    r"\b(?:log|logs|diary|calendar|tally|sheet|chart|portal|gradebook|timecards?|record|count|counts|app|"
    r"checklist|report card|"
    r"notebook|list|graph|journal|cards?|counted by)\b"
)
_PROMPTS = {
    "independent": 0, "no prompt": 0, "gesture": 1, "gestural": 1, "verbal": 2, "spoken": 2, "model": 3,
    "partial physical": 4, "hand-over-hand": 5, "full physical": 5,
}  # fmt: skip
_PROMPT = "|".join(_PROMPTS)
_PROMPTS_MOVE = re.compile(rf"\bfrom\b[^.;]{{0,30}}?\b({_PROMPT})\b[^.;]{{0,30}}?\bto\b[^.;]{{0,30}}?\b({_PROMPT})\b")
_NEAR = 60
"""So many letters before a number what it is a number of may stand."""
_NUMBER = r"(\d+(?:\.\d+)?)"
_MOVES = re.compile(
    rf"\bfrom (?:about |an? )?{_NUMBER}[^.;]{{0,60}}?\b(?:to|up to|down to)\b[^.;\d]{{0,20}}{_NUMBER}|"
    rf"{_NUMBER}[^.;\d]{{0,30}}->[^.;\d]{{0,12}}{_NUMBER}"
    rf"|\bSCALE[^.;\d]{{0,20}}\b(?:of|was|is|at|stood at) {_NUMBER}[^.;]{{0,90}}?\b(?:to|be|at) {_NUMBER}"
    rf"|\bSCALE:? {_NUMBER}[^.;\d]{{0,30}}\bto {_NUMBER}"
    rf"|{_NUMBER} (?:percent|%)?[^.;\d]{{0,40}}, (?:will|is to) be (?:at )?{_NUMBER}"
)
_PROMPT_COUNTS = re.compile(
    r"\b(\d+) (?:\w+ )?(?:prompts|prompt|reminders|reminder)\b[^.]{0,40}?\b(\d+) (?:\w+ )?(?:prompts|reminders)\b"
)
_MORE_HELP = re.compile(
    r"\bwill (?:need|require|get|have)\b[^.;]{0,30}\b(?:full physical|hand-over-hand|more help|more prompts|"
    r"more reminders|more support)"
)
_RATE_OR_MORE = re.compile(
    r"\b(?:at least \d+|\d+ or more)\b(?! (?:of|out of))[^.;]{0,15}\b(?:a|per|each|every) (?:day|week|month)"
)
_RATE = re.compile(r"\b(?:a|per|each|every) (?:hour|day|night|week|month|shift|session)\b")
_FALLS = re.compile(r"\b(?:drops?|falls?|decreases?|declines?|goes down|go down|come down|comes down|shrinks?)\b")
_UPWARD = ("at least", "above", "over", "no less than", "no fewer than", "more than", ">", ">=")
_SCALE_LIMIT = re.compile(
    r"SCALE[^.]{0,60}?(?<![\d/-])(\d+(?:\.\d)?) or (?:(more|higher|above|greater|over|better)|less|lower|below|"
    r"under|fewer)\b"
    r"|SCALE[^.;]{0,40}? (at least|above|over|no less than|no fewer than|more than|>=?|at most|below|under|"
    r"no more than|less than|<=?) ?(\d+(?:\.\d)?)\b"
)
_LIMIT_AFTER = re.compile(r"\s*(?:%|percent)?\s*(?:or (less|lower|fewer|below|under|more|higher|above|better))")
_WHERE = re.compile(r"\b(?:at|in|during|after|before) (?:the |his |her |their )?[a-z]+")
_SHARE_OF_FEELING = re.compile(
    r"\b\d+ ?(?:%|percent) (?:less|more|of) (\w+)|\b(?:zero|0|no|not 1|never any) (?:(?:negative|bad|unpleasant|"
    r"anxious|angry|sad) (emotions?|feelings?|thoughts?)|(anxiety|stress|worry|sadness|anger))\b"
)
_OUT_OF = re.compile(
    r"(?<![\d.])(\d{1,4}) (?:of|out of|(?:hours |days |nights )?in every) (?:every |the |each )?(\d{1,4})(?![\d.]|"
    r" ?%)"
)
_WIDE = re.compile(
    r"\b(?:satisf\w+ with (?:the |his |her |their )?(?:services|care|treatment|therapy)|24 hours a day|mental age|"
    r"iq|age equivalent|cured|100 ?(?:%|percent) (?:of the time )?(?:happy|calm|free of|symptom)|"
    r"never (?:again )?(?:feel|be|have))\b"
)
_REDUCTION = re.compile(
    r"\b(?:reduction|decrease|drop|fall|improvement|increase|change|gain|rise) (?:in [^.;]{0,25})?of (?:at least |"
    r"about |more than )?\d[\d.]* ?(?:points?|%|percent)?|\bby (?:at least |about )?\d+ points\b"
)
_BY_HOW_MUCH = re.compile(
    r"^\W*(?:reduc\w+|decreas\w+|drop|fall|improv\w+|increas\w+|gain|rise|down|up|lower|"
    r"raise)\b[^.;]{0,20}\b(?:of|by) (?:at least )?\d"
    r"|^\W*\d+ ?(?:%|percent|points?) (?:less|fewer|lower|more|reduction|decrease|drop|improvement|increase)"
)
_SCORE_SPAN = re.compile(r"SCALE[^.;]{0,25}\bfrom \d+[^.;]{0,20}\bto \d|\bfrom \d+[^.;]{0,20}\bto \d[^.;]{0,25}SCALE")


def only_by_how_much(said):
    """Tell whether a target is a change and no score to reach: a reduction of 5 points, 50 % less, by half."""
    return bool(_BY_HOW_MUCH.search(said.lowered))


def reduction_without_end(said):
    """Tell whether a scale is to change by so much, and neither the start nor the end is said."""
    return bool(said.scales and _REDUCTION.search(said.text) and not _SCORE_SPAN.search(said.text))


def counts_by_scale(said):
    """Tell whether something is counted, and a scale that does not count is to show it."""
    if (
        not said.has_capitals
        or not said.scales
        or not _MEASURED_BY.search(said.text)
        or _OTHER_RECORD.search(said.text)
    ):
        return False
    return bool(_COUNT_MOVES.search(_SCORE_OF_SCALE.sub(" ", said.text)))


def tells_of_something_else(said):
    """Tell whether what is to change is none of what the scale tells of that is to show it."""
    if not said.scales or not _MEASURED_BY.search(said.text):
        return False
    known = reference.told_by(said.scales)
    if not known or any(one.is_told_in(said.text) for one in known):
        return False
    return said.has("behaviors") or said.has("symptoms")


def moves_wrong(said):
    """Return the codes of what numbers show: the wrong way (SM006), off the scale (SM007), too near (SM008)."""
    prompts = _PROMPTS_MOVE.search(said.text)
    if prompts and _PROMPTS[prompts[1]] < _PROMPTS[prompts[2]]:
        return {"SM006"}
    more = _PROMPT_COUNTS.search(said.text)
    if more and int(more[2]) > int(more[1]):
        return {"SM006"}
    if _MORE_HELP.search(said.aims) or (_RATE_OR_MORE.search(said.aims) and is_of(said.words[0], "unwanted")):
        return {"SM006"}
    measure = said.scales[0] if len(said.scales) == 1 else None
    if measure is not None and measure.direction:
        limit = _SCALE_LIMIT.search(said.aims)
        if limit:
            upward = bool(limit[2] or (limit[3] and limit[3] in _UPWARD))
            if upward is (measure.direction == "lower"):
                return {"SM006"}
            score = float(limit[1] or limit[4])
            if not measure.minimum <= score <= measure.maximum or (
                score == (measure.maximum if not upward else measure.minimum)
            ):
                return {"SM007"}
    for found in _MOVES.finditer(said.text):
        start, end = (float(number) for number in [part for part in found.groups() if part][:2])
        if measure is not None and _RATE.search(said.text, found.start(), found.end() + _NEAR):
            continue
        if measure is not None and measure.direction:
            low = measure.direction == "lower"
            if (end > start) is low and end != start:
                return {"SM006"}
            if not measure.minimum <= end <= measure.maximum:
                return {"SM007"}
            if measure.reliable_change and abs(end - start) < measure.reliable_change / 2:
                return {"SM008"}
        elif not said.scales:
            before = _WHERE.sub(" ", said.text[max(0, found.start() - _NEAR) : found.start()].split(".")[-1])
            good, bad = (any_of(before.replace(",", " ").split(), name) for name in ("wanted", "unwanted"))
            if (
                good
                and not bad
                and end < start
                and (_LIMIT_AFTER.match(said.text, found.end()) or _FALLS.search(before))
            ):
                return {"SM006"}
            if bad and not good and end > start:
                return {"SM006"}
    return set()


def means_nothing(said):
    """Tell whether the target is a share of a feeling, or something that nobody can reach."""
    if (" of " in said.aims or " every " in said.aims) and any(
        int(found[1]) > int(found[2]) > 0 for found in _OUT_OF.finditer(said.aims)
    ):
        return True
    share = _SHARE_OF_FEELING.search(said.text)
    feeling = share and (share[2] or share[3] or is_of(share[1], "inner"))
    return bool(feeling or _WIDE.search(said.text))
