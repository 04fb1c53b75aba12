"""When care ends: a state that can be checked."""

import re

from toolkit.phrases import read
from toolkit.phrases.reading import any_of
from toolkit.rules._texts.aims import VAGUE_AIM, boilerplate, names_what_to_see
from toolkit.rules._texts.coming import attendance_only

_QUOTED_WHOLE = re.compile(r'^"[^"]*"[^"]{0,40}$')
_GOALS_MET = re.compile(
    r"\b(?:goals?\b[^.;]{0,40}\b(?:met|complet|achiev|reach|attain)|(?:met|complet\w+|achiev\w+|reach\w*|"
    r"attain\w+|achievement) (?:of )?[^.;]{0,30}\bgoals?\b|graduates? from (?:the )?(?:program|group|treatment)|"
    r"(?:achievement|attainment|completion)\b[^.;]{0,40}\bof [^.;]{0,20}\b(?:outcomes|objectives)\b)|"
    r"completion of (?:\w+ ){0,3}(?:treatment|plan|program|protocol|curriculum|phases?|goals)"
)
_JUDGED = re.compile(
    r"\b(?:clinician|therapist|team|provider|parents?|family|staff|counselor|psychiatrist|guardian|"
    r"analyst|bcba|doctor|psychologist|prescriber)\b[^.;]{0,60}\b(?:agree|judge|determin|feel|decid|believ|think|"
    r"see fit|recommend|comfortable|concur)|"
    r"\bin the (?:view|opinion|judgment) of\b|\bclinical(?:ly)? (?:judgment|stable|appropriate|indicated)|"
    r"\b(?:no longer (?:requires?|needs?|meets?)|(?:are|is)(?:n't| not) needed)\b|\bno (?:more|further) need\b|"
    r"\b(?:doctor|school) and (?:the |his |her |their )?(?:doctor|school|parents?|family|team|therapist)\b|\bdeemed\b|"
    r"\bas (?:determined|judged|assessed|decided) by\b"
)
_ADMIN = re.compile(
    r"\bauth(?:ori[sz]\w+)?\b|\bjudge (?:dismiss|clos|sign|end|reliev)\w*|\bdeductible\b|\bcopays?\b|"
    r"\bgrant (?:year|ends)|\bcontract ends|\bplacement (?:ends|changes)|\bdcf\b|\brestitution\b|\bfines? paid|"
    r"\bhours of (?:community )?service\b|\bcaseworker\b|\brelocat\w+|"
    r"\bunits?\b[^.;]{0,30}\bused\b|\binsurance\b|\bbenefits? (?:end|run|exhaust)|\bcourt\b|"
    r"\bprobation\b|\bparole\b|\bcase (?:is )?clos|\bcloses case|\bwaiver (?:hours?|slot)\b|\bturns \d\d\b|"
    r"\bhours? run out|"
    r"\bfunding\b|\bno more approved|\bself pay\b|\bpo signs|\bvisits max|\bcoverage (?:ends|runs)|\bstaff turn|"
    r"\brequests? (?:discharge|to stop|to end)|\bmoves? away|\b(?:therapist|clinician|counselor) (?:leaves|moves|"
    r"retires)|\bused up\b|\btransfers? (?:to|out)|\bno longer (?:eligible|covered)|\beligib|\bmaxim\w+ (?:number|"
    r"benefit|visits)|\bages? out|\bclinician leaves|\bpays? (?:his|her|the) (?:bill|balance)"
)
_ONLY_A_DATE = re.compile(
    r"\b(?:DATE|discharge\w*|is|are|the|end|at|on|after|set|planned|for|of|or|and|last|day|school|year|plan|"
    r"treatment|weeks?|months?|sessions?|days?|visits?|annual|isp|iep|meeting|review|which|that|\d+(?:th)?|by|in|"
    r"a|an|about|from|now|program|client|patient|his|her|birthday|first|whichever|comes|completed?|intake|"
    r"admission|anniversary|if|sooner|later|earlier)\b|[^\w]"
)
_NOT_BY_ITSELF = (
    "goal", "session", "attend", "visit", "auth", "unit", "insur", "court", "prob", "parole", "clos", "waiver", "hours",
    "fund", "agree", "team", "judg", "determin", "discharge", "program", "treatment", "complet", "benefit", "case",
    "eligib", "pays", "transfer", "leaves", "moves", "age", "used",
)  # fmt: skip

# Where somebody is in life, out of care: at work, in school, housed, sober, not in a hospital.
_IN_LIFE = re.compile(
    r"\b(?:(?:day|work|vocational|after-?school|summer) program|work(?:s|ing|shop)?|jobs?|shifts?|duty|employed|"
    r"employment|hired|volunteers|schools?|class(?:es|room)?|lessons|college|campus|(?:grading|marking) periods?|"
    r"semester|trimester|report card|church|mosque|temple|choir|housed|apartment|own (?:place|home|bed|room)|"
    r"back home|bus|sober|abstinent|dry|(?:no |0 |without (?:an? )?|out of (?:the )?)(?:\w+ )?(?:hospital\w*|"
    r"admissions?|emergency|er|police|arrests?|jail|restraints?|suspensions?))\b"
)
_SO_LONG = r"\d+ (?:\w+ )?(?:days|weeks|months|semesters|terms|(?:grading|marking|pay) periods)"
_SO_MUCH = re.compile(
    r"\d ?(?:%|percent)|\d (?:out )?of (?:\w+ )?\d|\d (?:\w+ )?(?:days?|hours?|shifts?|mornings?|evenings?|nights?|"
    rf"periods?|times) (?:a|per|each|every) \w+|\b(?:for|over) {_SO_LONG}|(?<!after )(?<!within )(?<!in )(?<!at )"
    rf"(?<!by )(?<!of )(?<!through )(?<!until )\b{_SO_LONG}\b"
)
_ABOUT_CARE = re.compile(
    r"\b(?:sessions?|\w*therap\w+|counsel\w+|treatment|appointments?|clinic|visits?|iop|php|groups?(?! home)|aftercare|"
    r"services?|discharge\w*|plan|symptoms?|well|good|fine|successful\w*|appropriate\w*|function\w*|behav\w+|manag\w+|"
    r"stable|tolerat\w+|(?<!day )(?<!work )(?<!vocational )(?<!school )(?<!summer )program)\b"
)


def criterion(said):
    said = read(said.raw, state=True)
    found = set()
    if boilerplate(said):
        found.add("CL003")
    if unchecked(said):
        found.add("DC013")
    return found


def unchecked(said):
    """Tell whether nobody could check it: goals met, somebody's judgement, a date, coming to visits, a feeling."""
    if said.has_digit and said.has("behaviors") and not said.has("inner") and not said.hints(_NOT_BY_ITSELF):
        return False
    if lived(said):
        return False
    measured = said.scales or said.has_threshold
    if not measured and _is_only_a_date(said):
        return True
    if _ADMIN.search(said.text) or (not said.scales and _GOALS_MET.search(said.text)):
        return True
    if not (measured or said.has("behaviors")) and _JUDGED.search(said.text):
        return True
    if attendance_only(said):
        return True
    if said.has_amount and (said.has_threshold or said.holds or not said.change):
        return not names_what_to_see(said)
    return bool(
        said.change
        or said.has("inner")
        or VAGUE_AIM.search(said.text)
        or _QUOTED_WHOLE.match(said.text)
        or not said.has("observable")
    )


def _is_only_a_date(said):
    left = _ONLY_A_DATE.sub(" ", said.text).split()
    return len(left) < 3 and not any_of(left, "behaviors")


def lived(said):
    """Tell whether it says where in life somebody is, and how much or how long: back at work 4 days a week."""
    if not (_IN_LIFE.search(said.text) and _SO_MUCH.search(said.text)):
        return False
    judged = _ABOUT_CARE.search(said.text) or _ADMIN.search(said.text) or _JUDGED.search(said.text)
    return not (judged or said.has("inner") or said.change or VAGUE_AIM.search(said.text))
