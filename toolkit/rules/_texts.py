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
    r"(?:sessions?|psychotherapy|therapy|counseling|treatment|appointments?|individual|(?<!drum )(?<!peer )(?<!youth )(?<!church )(?<!music )(?<!hobby )groups?|program rules|visits?|protocol|cpt|dbt|"
    r"intakes?|classes for parents)"
)
_ATTENDS = re.compile(
    rf"\b(?:no|fewer|less) [^.;]{{0,15}}\bcancel|\bcancels?\b|\battend\w*\b[^.;]{{0,50}}\b{_CARE}\b|(?<!school )(?<!class )(?<!program )(?<!work )(?<!shift )\battendance\b(?!\s+(?:at|in)\s+(?:school|class|work|church))|\bpresent (?:for|at)\b[^.;]{{0,40}}\b{_CARE}\b|"
    rf"\b(?:come|comes|came|coming|show up|shows up|arriv\w+)\b[^.;]{{0,20}}\b(?:to|for|at)\b[^.;]{{0,30}}\b{_CARE}\b|"
    rf"\b(?:complete|completes|completed|completion of|finish\w*|keep|keeps|kept|participat\w+ in|take part in|miss no|misses no)\b[^.;]{{0,25}}\b(?:sessions?|appointments?|protocol|visits?|weeks|groups?)\b|"
    r"\b(?:weeks|sessions|visits|modules) (?:completed|done|finished|attended|used)\b|\bcomplet\w+ (?:detox|residential|[^.;]{0,30}meetings)\b|\bno[- ]shows?\b|\bshow(?:s|ing)? up\b|\bmiss(?:es|ing)? (?:no more than|no|fewer than|at most)[^.;]{0,20}\b(?:sessions?|appointments?|groups?|visits?)\b|"
    rf"\b(?:log|logs|check|checks|sign|signs) (?:in|on|into)\b[^.;]{{0,20}}\b{_CARE}\b|\bon time (?:for|to)\b[^.;]{{0,20}}\b{_CARE}\b|\bstays? (?:for|through|until)\b[^.;]{{0,25}}\b(?:session|group|hour)\b"
)
_COMPLIES = re.compile(
    r"\b(?:comply|complies|compliance|compliant|adhere\w*|cooperat\w+|follow\w*)\b[^.;]{0,40}\b(?:plan|directions?|rules?|treatment|medicine|"
    r"medications?|recommendations|staff|counselor|therapist|program|expectations|instructions|requirements)\b|"
    r"\b(?:takes?|taking|swallows?)\b[^.;]{0,25}\b(?:medicines?|medications?|meds|pills)\b[^.;]{0,30}\b(?:as prescribed|as directed|daily|in front of)|"
    r"\b(?:does|do) (?:what|as) [^.;]{0,20}\b(?:says?|told|asks?)\b|\bobeys?\b"
)
_STAFF = (
    r"(?:clinician|therapist|counselor|staff|house staff|nurse|case manager|psychiatrist|prescriber|team|treatment team|care team|provider|social worker|care coordinator|coordinator|"
    r"behavior analyst|analyst|bcba|psychologist|family therapist|dr\.? \w+|school psychologist|behavior specialist|specialist|program|clinic|agency)"
)
_STAFF_TASK = re.compile(
    rf"(?:^|by [^,.;]{{0,30}}, )(?:the |his |her |their )?{_STAFF}\b(?: will|:| shall| is to| to|'s task)(?! (?:log|record|count|report|see|note|show|tally|find|observe|mark))|"
    rf"^(?:the )?{_STAFF} (?:meets?|provid|writ|complet|teach|schedul|coordinat|refer|contact|review|send|arrang|train|call|hold|obtain|submit|revis|updat)|"
    r"\b(?:referrals?|behavior plan|support plan|safety plan|release|records?|assessment|evaluation|report|letter|training|packet|paperwork|contract|schedule) (?:to [^.;,]{0,25})?(?:will be|is to be|shall be|is|are|has been|have been) (?:made|written|revised|completed|sent|requested|"
    r"approved|updated|signed|scheduled|obtained|submitted|rewritten|drafted|given|filed|held|delivered)"
)
_MEASURED_BY = re.compile(
    r"(?:measured|tracked|shown|evidenced|recorded|counted|monitored|assessed|demonstrated|indicated|documented|verified|followed|seen|charted|rated|scored|confirmed|judged|known)"
    r"(?: (?:with|by|on|through|using|in|per|from))?(?: [\w-]+){0,4}? SCALE|\b(?:per|by|via|using|on|with|from|through|according to) (?:the |his |her |their |a |an |each |monthly |weekly |repeat |parent |teacher |\w+ly ){0,3}SCALE|\bSCALE (?:\w+ )?(?:will |to |is to )?(?:show|count|track|record|measure)|\b(?:measure|tool|scale): SCALE|\(SCALE|SCALE (?:monthly|weekly|every|each|quarterly|at each|given|at the|total (?:each|every))|\bSCALE (?:will )?(?:show|count|track)"
)
_COUNTED = (
    r"(?:attacks?|absences?|episodes?|outbursts?|meltdowns?|tantrums?|hits?|incidents?|nightmares?|flashbacks?|nights?|meals?|drinks?|fights?|calls?|"
    r"urges|checks?|binges?|assaults?|elopements?|suspensions?|referrals?|days?|hours?|showers?|shifts?|cigarettes|classes|assignments|arrivals?|visits|lapses|relapses)"
)
_COUNT_MOVES = re.compile(
    rf"\b{_COUNTED}\b[^.;]{{0,90}}?\b\d+(?: times)?[^.;]{{0,20}}\b(?:a|per|each|every) \w+|\d+ (?:[\w'-]+ ){{0,2}}?{_COUNTED}\b|"
    rf"\b{_COUNTED}\b[^.;]{{0,60}}\bfrom \d|\bnumber of {_COUNTED}\b|\b{_COUNTED}\b[^.;]{{0,20}}, \d"
)
_SCORE_OF_SCALE = re.compile(r"\bSCALE[^.;,]{0,30}?(?:from |of |at |below |under |to )?\d[^.;,]{0,30}?(?:to|->|or) \w+(?: \d+)?|\d+(?: to | -> |-)\d+ on the SCALE")
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
    rf"|\bSCALE[^.;\d]{{0,20}}\b(?:of|was|is|at|stood at) {_NUMBER}[^.;]{{0,90}}?\b(?:to|be|at) {_NUMBER}"
    rf"|{_NUMBER} (?:percent|%)?[^.;\d]{{0,40}}, (?:will|is to) be (?:at )?{_NUMBER}"
)
_MORE_HELP = re.compile(r"\bwill (?:need|require|get|have)\b[^.;]{0,30}\b(?:full physical|hand-over-hand|more help|more prompts|more reminders|more support)")
_UNWANTED_FIRST = re.compile(r"[a-z-]+")
_RATE_OR_MORE = re.compile(r"\b(?:at least \d+|\d+ or more)\b(?! (?:of|out of))[^.;]{0,15}\b(?:a|per|each|every) (?:day|week|month)")
_FALLS = re.compile(r"\b(?:drops?|falls?|decreases?|declines?|goes down|go down|come down|comes down|shrinks?)\b")
_UPWARD = ("at least", "above", "over", "no less than", "no fewer than", "more than", ">", ">=")
_SCALE_LIMIT = re.compile(
    r"SCALE[^.]{0,60}?(?<![\d/-])(\d+(?:\.\d)?) or (?:(more|higher|above|greater|over|better)|less|lower|below|under|fewer)\b"
    r"|SCALE[^.;]{0,40}? (at least|above|over|no less than|no fewer than|more than|>=?|at most|below|under|no more than|less than|<=?) ?(\d+(?:\.\d)?)\b"
)
_LIMIT_AFTER = re.compile(r"^\s*(?:%|percent)?\s*(?:or (less|lower|fewer|below|under|more|higher|above|better))")
_SHARE_OF_FEELING = re.compile(
    r"\b\d+ ?(?:%|percent) (?:less|more|of) (\w+)|\b(?:zero|0|no|not 1|never any) (?:(?:negative|bad|unpleasant|anxious|angry|sad) (emotions?|feelings?|thoughts?)|(anxiety|stress|worry|sadness|anger))\b"
)
_OUT_OF = re.compile(r"(?<![\d.])(\d{1,4}) (?:of|out of|(?:hours |days |nights )?in every) (?:every |the |each )?(\d{1,4})(?![\d.]| ?%)")
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
    if not names_what_to_see(said):
        found.add("SM003" if said.has("observable") and not said.has("inner") else "SM001")
    if (said.change and not said.has_start) or (said.share_of_change and not said.has_start_amount):
        found.add("SM002")
    if reduction_without_end(said):
        found.add("SM003")
    if many_aims(said):
        found.add("SM010")
    if counts_by_scale(said):
        found.add("SM012")
    found |= moves_wrong(said)
    return found


_QUOTED_WHOLE = re.compile(r'^"[^"]*"[^"]{0,40}$')
_WANTS = re.compile(r"\bi (?:just |really |only )?(?:want|wish|hope|would like|need)\b")
_HEDGE = (
    r"(?:\w+ly |at least |at most |about |\d+ ?% |\d+ percent |more |less |most |very |so |truly |a |an |the |his |her |their |my |its |any |some |better |improved |greater |increased |positive |healthy |healthier |good |"
    r"strong |stronger |new |deeper |real |much |lot |of |in |at |with |and )"
)
_FEELS = re.compile(
    rf"\b(?:feel|feels|felt|feeling|be|becomes?|being|remain|remains|stay|have|has|show|shows|demonstrate|demonstrates|display|displays|exhibit|exhibits|develop|gain|express|experience|find|found|sees|"
    rf"achieve|reach|build|understand|understands|see|value|trust|accept|enjoy)\b {_HEDGE}{{0,5}}([a-z-]+)"
)
_VAGUE_AIM = re.compile(
    r"\b(?:work(?:s|ing|ed)? (?:on|through|toward|towards)|address(?:es|ed)?|explor(?:e|es|ed)|process(?:es|ed)?|be (?:monitored|reviewed|discussed|treated|supported|followed|considered|looked at)|talk(?:s)? (?:about|through|over)|focus(?:es)? on|"
    r"deal(?:s)? with|cope(?:s)?|handle(?:s)?|get along|gets? along|do(?:es)? better|get(?:s)? better|move(?:s)? (?:on|forward|past|beyond)|moved (?:on|past)|come(?:s)? to terms|let(?:s|ting)? go|open(?:s)? up|"
    r"stand(?:s)? up for|take(?:s)? (?:charge|control|pride|responsibility|ownership)|behind (?:him|her|them|me)|life back|old self|on (?:with )?(?:his|her|their|my) life|"
    r"make(?:s|ing)? (?:better|good|healthy|healthier|positive|safe) (?:choices|decisions)|better (?:choices|decisions)|open(?:ly)? communicat|step(?:s)? up|grow(?:s)? (?:as|into)|thrive(?:s)?|"
    r"progress (?:toward|to|in|on)|continue(?:s)? (?:in|with|to (?:work|make|grow|heal|improve|benefit|receive))|reach(?:es)? (?:his|her|their) (?:full|highest)|to the best of|as independent(?:ly)? as|more independent|"
    r"overcome(?:s)?|be more|be less|be better|be a better|find(?:s)? (?:him|her|them|my)sel|care (?:more|better) (?:about|for|of)|look forward|look(?:s)? at life|respect(?:s)?|behave(?:s)?|out of (?:his|her|their|my) shell|carr(?:y|ies) on|go(?:es)? on with|(?:stay|stays|remain|remains) in (?:therapy|treatment|counseling|care)|off my back|get a grip|"
    r"be (?:addressed|good|nice|happy|fine|okay|ok|normal|safe|themselves|himself|herself|free))\b"
)


def names_what_to_see(said):
    """Tell whether it names an act, a counted thing or a score, and how much of it, or something plainly done or not."""
    aims = said.aims
    if means_nothing(said):
        return False
    if said.scales and (said.has_threshold or said.has_amount):
        return True
    inner = _inner_aim(aims)
    seen = [word for word in re.findall(r"[a-z][a-z'-]*", aims) if is_of(word, "observable") or is_of(word, "behaviors")]
    vague = bool(_VAGUE_AIM.search(aims)) or (bool(_WANTS.search(aims)) and not said.has_amount)
    if said.has_threshold and not seen and any(is_of(word, "inner") for word in re.findall(r"[a-z-]+", aims)):
        return False
    if said.has_threshold:
        return any(is_of(word, "behaviors") for word in seen) or not (inner or (vague and not seen))
    if said.has_amount:
        return (bool(seen) or said.state) and not inner and not vague
    return milestone(said) and not vague and not inner


def says_nothing(said):
    """Tell whether a statement, with measure and target beside it, says nothing that could be seen or counted."""
    if said.has("observable") or said.has("behaviors") or said.has_amount or said.scales:
        return False
    told = {word for word in said.words if len(word) > 3 and not any(is_of(word, name) for name in _SAYS_LITTLE)}
    if len(told) < 2 and not said.has("symptoms"):
        return True
    return bool(_VAGUE_AIM.search(said.aims) or _inner_aim(said.aims))


_SAYS_LITTLE = ("inner", "vague", "filler")


def _inner_aim(aims):
    """Tell whether what is said of the client is a state that nobody sees."""
    return any(is_of(found[1], "inner") and not is_of(found[1], "behaviors") for found in _FEELS.finditer(aims))


def milestone(said):
    """Tell whether it names something that is plainly done or not done, though it has no number."""
    words = re.findall(r"[a-z][a-z'-]*", said.aims)
    if said.change or not any(is_of(word, "observable") for word in words):
        return False
    return not any(is_of(word, "inner") for word in words)


_REDUCTION = re.compile(
    r"\b(?:reduction|decrease|drop|fall|improvement|increase|change|gain|rise) (?:in [^.;]{0,25})?of (?:at least |about |more than )?\d[\d.]* ?(?:points?|%|percent)?|\bby (?:at least |about )?\d+ points\b"
)


def reduction_without_end(said):
    """Tell whether a scale is to change by so much, and neither the start nor the end is said."""
    return bool(said.scales and _REDUCTION.search(said.text) and not _SCORE_SPAN.search(said.text))


_SCORE_SPAN = re.compile(r"SCALE[^.;]{0,25}\bfrom \d+[^.;]{0,20}\bto \d|\bfrom \d+[^.;]{0,20}\bto \d[^.;]{0,25}SCALE")


_COMING = (
    "attend", "present", "com", "came", "arriv", "finish", "keep", "kept", "particip", "take", "taking", "tak", "adher",
    "follow", "show", "miss", "swallow", "cancel", "log", "check", "sign", "time", "stay", "do", "obey", "done", "used",
)  # fmt: skip
_TO_CARE = (
    "session", "therap", "counsel", "treatment", "tx", "appointment", "individual", "group", "grp", "visit", "protocol",
    "cpt", "dbt", "medic", "meds", "pills", "rules", "staff", "direction", "program", "no-show", "no show", "show", "sess",
    "attendance", "says", "told", "plan", "module", "detox", "meetings", "recommend", "instruct", "weeks", "cancel",
)  # fmt: skip


def attendance_only(said):
    """Tell whether nothing but coming to care, taking part and complying is aimed at."""
    if not (said.hints(_COMING) and said.hints(_TO_CARE)):
        return False
    rest = _COMPLIES.sub(" ", _ATTENDS.sub(" ", said.text))
    if rest == said.text or said.scales or _OUTCOME.search(rest):
        return False
    return sum(is_of(word, "behaviors") for word in rest.split()) < 2


def task_of_staff(said):
    """Tell whether it is staff who act, and not the client."""
    return bool(_STAFF_TASK.search(said.lowered))


_OUTCOME = re.compile(r"\b(?:without (?!exception|fail)|so that|urges?|asleep|alone|unprompted|by (?:him|her|them)self)\b")


def counts_by_scale(said):
    """Tell whether something is counted, and a scale that does not count is to show it."""
    if not said.has_capitals or not said.scales or not _MEASURED_BY.search(said.text) or _OTHER_RECORD.search(said.text):
        return False
    return bool(_COUNT_MOVES.search(_SCORE_OF_SCALE.sub(" ", said.text)))


def many_aims(said):
    """Tell whether four or more aims stand in one muddle."""
    if said.raw.count(",") < 3:
        return False
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
    return any(is_of(word, "observable") or is_of(word, "vague") or is_of(word, "inner") for word in first) or bool(re.match(r"[a-z]{2,}(?<!s)s$", first[0]))


def moves_wrong(said):
    """Return the codes of what a span of numbers shows: the wrong way (SM006), too near (SM008), not on the scale (SM007)."""
    prompts = _PROMPTS_MOVE.search(said.text)
    if prompts and _PROMPTS[prompts[1]] < _PROMPTS[prompts[2]]:
        return {"SM006"}
    if _MORE_HELP.search(said.aims) or (_UNWANTED_FIRST.match(said.text) and _RATE_OR_MORE.search(said.aims) and is_of(said.words[0], "unwanted")):
        return {"SM006"}
    measure = said.scales[0] if len(said.scales) == 1 else None
    if measure is not None and measure.direction:
        limit = _SCALE_LIMIT.search(said.aims)
        if limit:
            upward = bool(limit[2] or (limit[3] and limit[3] in _UPWARD))
            if upward is (measure.direction == "lower"):
                return {"SM006"}
            score = float(limit[1] or limit[4])
            if not measure.minimum <= score <= measure.maximum or (score == (measure.maximum if not upward else measure.minimum)):
                return {"SM007"}
    for found in _MOVES.finditer(said.text):
        start, end = (float(number) for number in [part for part in found.groups() if part][:2])
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
            if good and not bad and end < start and (_LIMIT_AFTER.search(said.text[found.end() :]) or _FALLS.search(before)):
                return {"SM006"}
            if bad and not good and end > start:
                return {"SM006"}
    return set()


def means_nothing(said):
    """Tell whether the target is a share of a feeling, or something that nobody can reach."""
    if any(int(found[1]) > int(found[2]) > 0 for found in _OUT_OF.finditer(said.aims)):
        return True
    share = _SHARE_OF_FEELING.search(said.text)
    feeling = share and (share[2] or share[3] or is_of(share[1], "inner"))
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
    if client_task(said) or others_act(said):
        found.add("CP009")
    elif generic(said):
        found.add("CP008")
    return found


_ENOUGH, ENOUGH_IN_PLAN = 4.25, 2.5
_AGENT = r"(?:clinician|therapist|counselor|psychologist|nurse|leader|analyst|bcba|provider|prescriber|psychiatrist|specialist|worker|coach|staff|ot|i|we|dr\.? \w+|practitioner)"
_DOES = re.compile(rf"\b{_AGENT}\b(?: and [\w' ]{{2,20}}?| & client)? (?:will |then |first |also )?(?:has |lets )?([a-z][a-z-]+)\b")


def generic(said, enough=_ENOUGH):
    """Tell whether an intervention would fit anybody.

    What speaks for this client is counted up: acts that take training, what somebody does, methods, what it is aimed
    at, words that do not stand in every plan; set phrases count against it. Where goals and codes stand in fields of
    their own, less is ``enough``.
    """
    if said.says("credentials"):
        return True
    skilled = len({word for word in said.words if is_of(word, "skilled_acts")})
    plain = len({word for word in said.words if is_of(word, "plain_acts")})
    done = len({found[1] for found in _DOES.finditer(said.lowered) if not is_of(found[1], "idle")})
    if not (skilled or plain or done):
        return True
    own = len({word for word in said.words if len(word) > 2 and not is_of(word, "bland")})
    points = 2 * min(skilled, 2) + 2 * min(done, 2) + min(plain, 3) / 2 + min(own, 14) / 5 + said.has("agents") / 2
    points -= 2.5 * min(said.count("vacant"), 2)
    if points >= enough:
        return False
    return points + min(said.count("methods"), 2) + bool(_TOWARD.search(said.lowered)) < enough


_TOWARD = re.compile(
    r"\b(?:so that|so as|in order to|against|until|before|aim|target|because|since|for (?:fear|avoidance|\w+ing|the|her|his|their)|when|"
    r"to (?:cut|reduce|lower|lessen|weaken|end|stop|bring|break|shorten|restore|rebuild|keep|loosen|counter|catch|lift|build|help|get|use|steady|calm|replace|prevent|increase|decrease|raise|take|make|ease|"
    r"shrink|undo|point|test|carry|drop|open|return|widen|fade|change|improve|treat|learn))\b|->"
)


def others_act(said):
    """Tell whether only others than the clinician act."""
    rest, found = _OTHERS_DO.subn(" ", said.text)
    return bool(found) and not said.count("methods") and not any(is_of(word, "agents") for word in rest.split())


def client_task(said):
    """Tell whether only what the client does at home is said."""
    return not said.has("agents") and bool(_CLIENT_DOES.match(said.lowered))


# --- discharge criteria -----------------------------------------------------------------------------------------------

_GOALS_MET = re.compile(r"\bgoals?\b[^.;]{0,40}\b(?:met|complet|achiev|reach|attain)|\b(?:met|complet\w+|achiev\w+|reach\w*|attain\w+) (?:of )?[^.;]{0,30}\bgoals?\b|completion of (?:\w+ ){0,3}(?:treatment|plan|program|protocol|curriculum|phases?|goals)|\bgraduates? from (?:the )?(?:program|group|treatment)")
_JUDGED = re.compile(
    r"\b(?:clinician|therapist|team|provider|parents?|family|staff|counselor|psychiatrist|guardian|analyst)\b[^.;]{0,60}\b(?:agree|judge|determin|feel|decid|believ|think|see fit|recommend|comfortable|concur)|"
    r"\bin the (?:view|opinion|judgment) of\b|\bclinical(?:ly)? (?:judgment|stable|appropriate|indicated)|\bno longer (?:requires?|needs?|meets?)\b|\bno (?:more|further) need\b|\b(?:doctor|school) and\b|\bdeemed\b|\bas (?:determined|judged|assessed|decided) by\b"
)
_ADMIN = re.compile(
    r"\bauth\w*\b|\bunits?\b[^.;]{0,30}\bused\b|\binsurance\b|\bbenefits? (?:end|run|exhaust)|\bcourt\b|\bprobation\b|\bparole\b|\bcase (?:is )?clos|\bcloses case|\bwaiver hours?\b|\bhours? run out|"
    r"\bfunding\b|\bno more approved|\bself pay\b|\bpo signs|\bvisits max|\bcoverage (?:ends|runs)|\bstaff turn|\brequests? (?:discharge|to stop|to end)|\bmoves? away|\btransfers? (?:to|out)|\bno longer (?:eligible|covered)|\beligib|\bmaxim\w+ (?:number|benefit|visits)|\bages? out|\bclinician leaves|\bpays? (?:his|her|the) (?:bill|balance)"
)


_ONLY_A_DATE = re.compile(r"\b(?:DATE|discharge\w*|is|are|the|end|at|on|after|set|planned|for|of|or|and|last|day|school|year|plan|treatment|weeks?|months?|sessions?|days?|visits?|annual|isp|iep|meeting|review|which|that|\d+(?:th)?|by|in|a|an|about|from|now|program|client|patient|his|her|birthday|first|whichever|comes|completed?)\b|[^\w]")


def _criterion(said):
    said = read(said.raw, state=True)
    found = set()
    if boilerplate(said):
        found.add("CL003")
    if unchecked(said):
        found.add("DC013")
    return found


_NOT_BY_ITSELF = (
    "goal", "session", "attend", "visit", "auth", "unit", "insur", "court", "prob", "parole", "clos", "waiver", "hours", "fund",
    "agree", "team", "judg", "determin", "discharge", "program", "treatment", "complet", "benefit", "case", "eligib", "pays",
)  # fmt: skip


def unchecked(said):
    """Tell whether nobody could check it: goals met, somebody's judgement, a date, coming to visits, a feeling."""
    if said.has_digit and said.has("behaviors") and not said.has("inner") and not said.hints(_NOT_BY_ITSELF):
        return False
    if len(_ONLY_A_DATE.sub("", said.text)) < 5:
        return True
    if _ADMIN.search(said.text) or (_GOALS_MET.search(said.text) and not said.scales):
        return True
    if _JUDGED.search(said.text) and not said.has_amount:
        return True
    if attendance_only(said):
        return True
    if said.has_amount:
        return not names_what_to_see(said)
    return bool(said.change or said.has("inner") or _VAGUE_AIM.search(said.text) or _QUOTED_WHOLE.match(said.text) or not said.has("observable"))


# --- why treatment is needed -------------------------------------------------------------------------------------------

_NEED = re.compile(
    r"\b(?:needs?|needed|needing|has to|have to|must|requires?|required|takes|cannot wait|should not wait|can't wait|called for|calls? for|without|"
    r"necessary|warrants?|warranted|essential|until|only|->)\b"
)
_FAILED = re.compile(
    r"\b(?:no (?:better|result|success|improvement)|did nothing|again within|back (?:in|within|after)|readmitted|gave no|without (?:relief|result|change|improvement)|lasted (?:a|only|\d)|shaken|indicated|persist\w*|still|alone|without success|chang(?:ed|es) nothing|no (?:effect|help|change|benefit|relief)|not (?:enough|help|helped|moved|worked|hold|held|reach)|did not|didn't|has not|have not|fail\w*|worse|longer|"
    r"more (?:fights|questions)|set off|stopped working|untreated|keeps? it going|feeds?|fed|despite|tried|tries|relapsed|ended in|grows?|spread\w*|not (?:changed|kept|stopped|eased|lifted|brought)|little|unsuccessful\w*|ineffective)\b"
)
_SOON = re.compile(
    r"\b(?:before|by DATE|until|in \d+ (?:weeks|days|months)|within|third|next (?:absence|late|one|time)|at risk|risk of|now|cannot wait|should not wait|unless|this (?:week|month|term|DATE|year)|deadline|hearing|right away|immediate\w*|urgent\w*|gone up|rising|escalat\w*|worsen\w*|worse|doubled|more often|"
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
    if not needs_skill(said):
        found |= {"MN005"} | ({"MN003"} if not loss(said) else set()) | ({"MN002"} if not said.has("symptoms") and not said.scales else set())
    return found


_LOSS = re.compile(
    r"\b(?:(?:has|have|had) not|no longer|(?:can|could|does|do|did|will|would|may)(?:not|n't| not)|stopped|gave up|given up|sent home|asked to leave|cut (?:from|to|back|his|her|their|hours)|out of (?:school|work)|at risk|on leave|"
    r"refus\w+ (?:to|school|class)|skips?|skipped|banned|only \d|down to|fell to|nobody|alone|instead of)\b"
)


def loss(said):
    """Tell whether something lost or no longer done is told, as a fact."""
    return said.has("losses") or bool(_LOSS.search(said.text))


_LED = re.compile(r"\b(?:led|guided|run|supervised|planned|paced|designed|given|done|managed|held) by (?:a |an |someone|the )?|\bclinician-led|\btherapist-led")


def needs_skill(said):
    """Tell whether it joins symptom and loss with the need of trained care, and why less will not do or why now."""
    need = bool(_NEED.search(said.text) or _LED.search(said.text))
    points = 2 * (said.has("symptoms") or bool(said.scales)) + 2 * loss(said) + 1.25 * need + 1.25 * said.has("skilled")
    points += 2.25 * bool(_FAILED.search(said.text)) + bool(_SOON.search(said.text))
    return points >= _JOINED


_JOINED = 5.75


def for_convenience(said):
    """Tell whether convenience, a preference or an order is the reason, and no symptom stands beside it."""
    return (said.says("convenience") or said.says("orders")) and not said.scales and not said.has("symptoms")


def fits_anybody(said):
    """Tell whether a reason names no fact of this client: no number, date, loss, symptom or attempt before."""
    if boilerplate(said):
        return False
    return not (said.has_digit or said.has("losses") or said.has("symptoms") or _FAILED.search(said.text) or "DATE" in said.text)


def no_example(said):
    """Tell whether a loss of function is named without anything that could be seen."""
    if said.has_digit or len(said.words) >= 8:
        return False
    return not (said.has("losses") or said.has("observable") or "DATE" in said.text)


_JUDGES = {
    "objective": _objective,
    "intervention": _intervention,
    "discharge_criterion": _criterion,
    "necessity": _necessity,
}
