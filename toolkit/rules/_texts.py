"""What a reader of one sentence would miss in it: the judgement that several rules share, by kind of text.

`faults` takes the text alone and gives the codes of the rules whose fault it has, so that the sentence can be judged
where nothing else is known (`benchmarks/judge.py`). In a plan, baseline, target, measure and date stand in fields of
their own, and the rules ask only for what the sentence itself must say.
"""

import re
from functools import lru_cache

from toolkit.phrases import read
from toolkit.phrases.reading import is_of

KINDS = ("objective", "intervention", "discharge_criterion", "necessity")


@lru_cache(maxsize=1024)
def faults(kind, text):
    """Return the codes of the rules that ``text`` breaks, read as a ``kind`` (one of `KINDS`) with nothing beside it."""
    return tuple(sorted(_JUDGES[kind](read(text))))


# --- objectives -------------------------------------------------------------------------------------------------------

_CARE = (
    r"(?:sessions?|therapy|counseling|treatment|appointments?|individual|group|groups|program rules|visits?|protocol|cpt|dbt|"
    r"intakes?|classes for parents)"
)
_ATTENDS = re.compile(
    rf"\battend\w*\b[^.;]{{0,50}}\b{_CARE}\b|\battendance\b(?!\s+at\s+(?:school|class|work))|\bpresent (?:for|at)\b[^.;]{{0,40}}\b{_CARE}\b|"
    rf"\b(?:come|comes|came|coming|show up|shows up|arriv\w+)\b[^.;]{{0,20}}\b(?:to|for|at)\b[^.;]{{0,30}}\b{_CARE}\b|"
    rf"\b(?:complete|completes|completed|finish\w*|keep|keeps|kept|participat\w+ in|take part in|miss no|misses no)\b[^.;]{{0,25}}\b(?:sessions?|appointments?|protocol|visits?|weeks|groups?)\b|"
    r"\b(?:weeks|sessions|visits) completed\b"
)
_COMPLIES = re.compile(
    r"\b(?:comply|complies|compliance|compliant|adhere\w*|cooperat\w+|follow\w*)\b[^.;]{0,40}\b(?:plan|directions?|rules?|treatment|medicine|"
    r"medications?|recommendations|staff|counselor|therapist|program|expectations|instructions|requirements)\b|"
    r"\b(?:takes?|taking)\b[^.;]{0,25}\b(?:medicines?|medications?|meds|pills)\b[^.;]{0,20}\b(?:as prescribed|as directed|daily)"
)
_STAFF_TASK = re.compile(
    r"^(?:the )?(?:clinician|therapist|counselor|staff|nurse|case manager|psychiatrist|team|treatment team|provider|social worker|"
    r"behavior analyst|bcba|psychologist|we|i)\b(?: \w+){0,1}?(?: will|:| shall| is to|'s task| to)(?! (?:log|record|count|report|see|note|show))|"
    r"^(?:clinician|therapist|counselor|provider|staff|case manager) (?:meets?|provid|writ|complet|teach|schedul|coordinat|refer|contact|review|meet|send|arrang)"
)
_MEASURED_BY = re.compile(
    r"(?:measured|tracked|shown|evidenced|recorded|counted|monitored|assessed|demonstrated|indicated|documented|verified|followed)"
    r"(?: (?:with|by|on|through|using|in|per))?(?: \w+){0,2}? (?:the )?SCALE|\b(?:per|by|via|using|on) (?:the |his |her |their )?SCALE|\bSCALE (?:will )?(?:show|count|track)"
)
_COUNTED = (
    r"(?:attacks?|absences?|episodes?|outbursts?|meltdowns?|tantrums?|hits?|incidents?|nightmares?|flashbacks?|nights?|meals?|drinks?|fights?|calls?|"
    r"urges|checks?|binges?|assaults?|elopements?|suspensions?|referrals?|days?|hours?|showers?|shifts?|cigarettes|classes|assignments|arrivals?|visits|lapses|relapses)"
)
_COUNT_MOVES = re.compile(
    rf"\b{_COUNTED}\b[^.;]{{0,90}}?\b\d+(?: times)?[^.;]{{0,20}}\b(?:a|per|each|every) \w+|\d+ (?:[\w'-]+ ){{0,2}}?{_COUNTED}\b|"
    rf"\b{_COUNTED}\b[^.;]{{0,60}}\bfrom \d|\bnumber of {_COUNTED}\b|\b{_COUNTED}\b[^.;]{{0,20}}, \d"
)
_OTHER_RECORD = re.compile(
    r"\b(?:log|logs|diary|calendar|tally|sheet|chart|portal|gradebook|timecards?|record|count|counts|app|checklist|report card|"
    r"notebook|list|graph|journal|cards?|counted by)\b"
)
_PROMPTS = {"independent": 0, "no prompt": 0, "gesture": 1, "gestural": 1, "verbal": 2, "spoken": 2, "model": 3, "partial physical": 4, "hand-over-hand": 5, "full physical": 5}  # fmt: skip
_PROMPT = "|".join(_PROMPTS)
_PROMPTS_MOVE = re.compile(rf"\bfrom\b[^.;]{{0,30}}?\b({_PROMPT})\b[^.;]{{0,30}}?\bto\b[^.;]{{0,30}}?\b({_PROMPT})\b")
_LIST = re.compile(r"[^,.;:]{3,60}(?:, (?:and |or )?[^,.;:]{3,60}){3,}")
_NUMBER = r"(\d+(?:\.\d+)?)"
_MOVES = re.compile(
    rf"\bfrom (?:about |an? )?{_NUMBER}[^.;]{{0,60}}?\b(?:to|up to|down to)\b[^.;\d]{{0,20}}{_NUMBER}|{_NUMBER}[^.;\d]{{0,30}}->[^.;\d]{{0,12}}{_NUMBER}"
    rf"|{_NUMBER} (?:percent|%)?[^.;\d]{{0,40}}, (?:will|is to) be (?:at )?{_NUMBER}"
)
_LIMIT_AFTER = re.compile(r"^\s*(?:%|percent)?\s*(?:or (less|lower|fewer|below|under|more|higher|above|better))")
_SHARE_OF_FEELING = re.compile(
    r"\b\d+ ?(?:%|percent) (?:less|more|of) (\w+)|\b(?:zero|0|no|never any) (?:negative |bad |unpleasant |anxious )?(emotions?|feelings?|thoughts|anxiety|stress|worry|sadness|anger)\b"
)
_WIDE = re.compile(r"\b(?:mental age|iq|age equivalent|cured|100 ?(?:%|percent) (?:of the time )?(?:happy|calm|free of|symptom)|never (?:again )?(?:feel|be|have))\b")
_VERB = re.compile(r"\b(?:will|shall|to|and|can|,|;|\"i|he|she|they|i|we|'ll|has|have|who|\w+) ([a-z]+)")


def _objective(said):
    found = set()
    if boilerplate(said):
        found.add("CL003")
    if task_of_staff(said):
        found.add("SM018")
    if not said.has_time:
        found.add("SM004")
    if attendance_only(said):
        found.add("SM011")
    if not said.has_amount and not milestone(said):
        found.add("SM003" if said.has("observable") and not said.has("inner") else "SM001")
    elif not has_what_to_see(said):
        found.add("SM001")
    if (said.change or said.share_of_change) and not said.has_start:
        found.add("SM002")
    if many_aims(said):
        found.add("SM010")
    if counts_by_scale(said):
        found.add("SM012")
    found |= moves_wrong(said)
    if means_nothing(said):
        found.add("SM001")
    return found


def milestone(said):
    """Tell whether it names something that is plainly done or not done, though it has no number."""
    aims = said.aims
    if said.change or not any(is_of(word, "observable") for word in aims.split()):
        return False
    inner = sum(is_of(word.strip(".,;\"'"), "inner") for word in aims.split())
    return not inner


def has_what_to_see(said):
    """Tell whether there is, beside numbers, an act, a counted thing or a scale."""
    return bool(said.scales) or said.has("observable") or said.has("behaviors")


def attendance_only(said):
    """Tell whether nothing but coming to care, taking part and complying is aimed at."""
    rest = _COMPLIES.sub(" ", _ATTENDS.sub(" ", said.text))
    if rest == said.text or said.scales or _OUTCOME.search(rest):
        return False
    return sum(is_of(word, "behaviors") for word in rest.split()) < 2


def task_of_staff(said):
    """Tell whether it is staff who act, and not the client."""
    return bool(_STAFF_TASK.search(said.text))


_OUTCOME = re.compile(r"\b(?:without (?!exception|fail)|so that|no more than \d+ (?!late|absen|cancel|missed)|urges?|asleep|alone|unprompted|by (?:him|her|them)self)\b")


def counts_by_scale(said):
    """Tell whether something is counted, and a scale that does not count is to show it."""
    return bool(_MEASURED_BY.search(said.text) and _COUNT_MOVES.search(said.text) and not _OTHER_RECORD.search(said.text))


def many_aims(said):
    """Tell whether four or more aims stand in one muddle."""
    for found in _LIST.finditer(said.aims):
        items = re.split(r", (?:and |or )?| and ", found[0])
        acts = [item for item in items if _begins_with_act(item)]
        if len(acts) >= 4 and not re.search(r"\d", " ".join(items[1:])):
            return True
    return False


def _begins_with_act(item):
    first = [word.strip("'\"") for word in item.split()][:3]
    if not first:
        return False
    return any(is_of(word, "observable") or is_of(word, "vague") or is_of(word, "inner") for word in first)


def moves_wrong(said):
    """Return the codes of what a span of numbers shows: the wrong way (SM006), too near (SM008), not on the scale (SM007)."""
    prompts = _PROMPTS_MOVE.search(said.text)
    if prompts and _PROMPTS[prompts[1]] < _PROMPTS[prompts[2]]:
        return {"SM006"}
    for found in _MOVES.finditer(said.text):
        start, end = (float(number) for number in [part for part in found.groups() if part][:2])
        measure = said.scales[0] if len(said.scales) == 1 else None
        if measure is not None and measure.direction:
            low = measure.direction == "lower"
            if (end > start) is low and end != start:
                return {"SM006"}
            if not measure.minimum <= end <= measure.maximum:
                return {"SM007"}
            if measure.reliable_change and abs(end - start) < measure.reliable_change / 2:
                return {"SM008"}
        elif not said.scales:
            before = said.text[: found.start()].split(".")[-1]
            good, bad = (any(is_of(word, name) for word in before.replace(",", " ").split()) for name in ("wanted", "unwanted"))
            if good and not bad and end < start and _LIMIT_AFTER.search(said.text[found.end() :]):
                return {"SM006"}
            if bad and not good and end > start:
                return {"SM006"}
    return set()


def means_nothing(said):
    """Tell whether the target is a share of a feeling, or something that nobody can reach."""
    share = _SHARE_OF_FEELING.search(said.text)
    feeling = share and (share[2] or is_of(share[1], "inner"))
    return bool(feeling or _WIDE.search(said.text))


def boilerplate(said):
    return said.count("stock") >= 2


# --- interventions ----------------------------------------------------------------------------------------------------

_OTHERS_DO = re.compile(
    r"^(?:the )?(?:school (?:counselor|nurse|staff)|teachers?|parents?|mother|father|grandmother|guardian|psychiatrist|pcp|probation officer|"
    r"refer\b|referral|pediatrician|coach|house staff|family|sponsor)\b"
)
_CLIENT_DOES = re.compile(
    r"^(?:the )?(?:client|patient|youth|individual|he|she|they|[a-z'.]+(?: [a-z]\.)?|mr\. \w+\.?|ms\. \w+\.?|mrs\. \w+\.?) (?:will|is to|should|agrees to|to|must|practices|keeps|uses|writes|attends|completes)\b"
)


def _intervention(said):
    found = set()
    if boilerplate(said):
        found.add("CL003")
    if client_task(said):
        found.add("CP009")
    elif generic(said):
        found.add("CP008")
    return found


def generic(said):
    """Tell whether it would fit anybody: no act that takes skill, or one without a method."""
    acts = len({word for word in said.words if is_of(word, "acts") and not is_of(word, "idle")})
    return not (acts and (said.count("methods") or acts >= 3))


def client_task(said):
    """Tell whether only what the client does at home is said."""
    first = said.parts[0] if said.parts else ""
    return bool(_CLIENT_DOES.search(first)) and not any(is_of(word, "agents") for word in said.words)


# --- discharge criteria -----------------------------------------------------------------------------------------------

_GOALS_MET = re.compile(r"\bgoals?\b[^.;]{0,40}\b(?:met|complet|achiev|reach|attain)|\b(?:met|complet\w+|achiev\w+|reach\w*|attain\w+) (?:of )?[^.;]{0,30}\bgoals?\b|completion of (?:all )?(?:treatment|the (?:plan|program))")
_JUDGED = re.compile(
    r"\b(?:clinician|therapist|team|provider|parents?|family|staff|counselor|psychiatrist|guardian|analyst)\b[^.;]{0,60}\b(?:agree|judge|determin|feel|decid|believ|think|see fit|recommend|comfortable|concur)|"
    r"\bin the (?:view|opinion|judgment) of\b|\bclinical(?:ly)? (?:judgment|stable|appropriate|indicated)|\bno longer (?:requires|needs)\b"
)
_ADMIN = re.compile(
    r"\bauth\w*\b|\bunits?\b[^.;]{0,30}\bused\b|\binsurance\b|\bbenefits? (?:end|run|exhaust)|\bcourt\b|\bprobation\b|\bparole\b|\bcase (?:is )?clos|\bcloses case|\bwaiver hours?\b|\bhours? run out|"
    r"\bfunding\b|\bno more approved|\bself pay\b|\bpo signs|\bvisits max|\bcoverage (?:ends|runs)|\bstaff turn|\bclinician leaves|\bpays? (?:his|her|the) (?:bill|balance)"
)


def _criterion(said):
    found = set()
    if boilerplate(said):
        found.add("CL003")
    if unchecked(said):
        found.add("DC013")
    return found


def unchecked(said):
    """Tell whether nobody could check it: goals met, somebody's judgement, a date, coming to visits, a feeling."""
    if _ADMIN.search(said.text) or (_GOALS_MET.search(said.text) and not said.scales):
        return True
    if _JUDGED.search(said.text) and not said.has_amount:
        return True
    if attendance_only(said):
        return True
    if not said.has_amount:
        return not milestone(said)
    return not has_what_to_see(said)


# --- why treatment is needed -------------------------------------------------------------------------------------------

_NEED = re.compile(
    r"\b(?:needs?|needed|needing|has to|have to|must|requires?|required|takes|cannot wait|should not wait|can't wait|called for|calls for|"
    r"necessary|warrants?|warranted|essential|until|only|->)\b"
)
_FAILED = re.compile(
    r"\b(?:alone|without success|chang(?:ed|es) nothing|no (?:effect|help|change|benefit|relief)|not (?:enough|help|helped|moved|worked|hold|held|reach)|did not|didn't|has not|have not|fail\w*|worse|longer|"
    r"more (?:fights|questions)|set off|stopped working|untreated|keeps? it going|feeds?|fed|despite|tried|tries|relapsed|ended in|grows?|spread\w*|little|unsuccessful\w*|ineffective)\b"
)
_SOON = re.compile(
    r"\b(?:before|by DATE|until|in \d+ (?:weeks|days|months)|within|third|next (?:absence|late|one|time)|at risk|risk of|now|cannot wait|should not wait|unless|this (?:week|month|term|DATE|year)|deadline|hearing|"
    r"final warning|last (?:chance|warning)|expulsion|eviction|probation period|loses|ends the job|will (?:stop|close|end|decide|lose|repeat))\b"
)
_METHOD = re.compile(r"\b(?:exposure|therapy|plan|training|assessment|prevention|skills|rhythm|approach|treatment|analysis|ba|cbt|cpt|dbt|pacing|grounding|steps)\b")


def _necessity(said):
    found = set()
    if boilerplate(said):
        found.add("CL003")
    if said.says("growth"):
        found.add("MN008")
    if said.says("convenience") or (said.says("orders") and not said.has("symptoms")):
        found.add("MN009")
    if not said.scales and not said.has("symptoms"):
        found.add("MN002")
    if loss(said) < 1:
        found.add("MN003")
    if not needs_skill(said):
        found.add("MN005")
    return found


def loss(said):
    """Return how many words tell of something lost or no longer done, with a fact beside it."""
    words = said.of("losses")
    return len(words) if re.search(r"\d|DATE|since|until|has not|no longer|stopped|cannot|lost", said.text) else 0


def needs_skill(said):
    """Tell whether one sentence asks for trained care, and the text says why less will not do or why now."""
    asked = any(
        _NEED.search(part) and (any(is_of(word, "skilled") for word in re.findall(r"[a-z]+", part)) or _METHOD.search(part))
        for part in said.parts
    )
    return asked and bool(_FAILED.search(said.text) or _SOON.search(said.text))


def for_convenience(said):
    """Tell whether convenience, a preference or an order is the reason, and no symptom stands beside it."""
    return (said.says("convenience") or said.says("orders")) and not said.scales and not said.has("symptoms")


def fits_anybody(said):
    """Tell whether a reason names no fact of this client: no number, date, loss, symptom or attempt before."""
    if boilerplate(said):
        return False
    return not (re.search(r"\d|DATE", said.text) or said.has("losses") or said.has("symptoms") or _FAILED.search(said.text))


def no_example(said):
    """Tell whether a loss of function is named without anything that could be seen."""
    few = len(said.words) < 8
    return few and not re.search(r"\d|DATE", said.text) and not said.has("losses") and not said.has("observable")


_JUDGES = {
    "objective": _objective,
    "intervention": _intervention,
    "discharge_criterion": _criterion,
    "necessity": _necessity,
}
