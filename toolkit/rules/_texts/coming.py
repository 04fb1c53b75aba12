"""Is coming, taking part and obeying all that is aimed at?"""

import re

from toolkit.phrases.reading import those_of

_GROUP = r"(?<!drum )(?<!peer )(?<!youth )(?<!church )(?<!music )(?<!hobby )groups?(?! home)"
_CARE = (
    rf"(?:sessions?|psychotherapy|therapy|counseling|treatment|appointments?|individual|{_GROUP}|program rules|"
    rf"visits?|"
    r"protocol|cpt|dbt|intakes?|classes for parents)"
)
_PLAINLY_CARE = (
    rf"(?:sessions?|psychotherapy|therapy|counseling|treatment|appointments?|skills {_GROUP}|therapy {_GROUP}|clinic|"
    r"(?:medication|therapy|clinic|counseling|telehealth|program|weekly|scheduled) visits?|intakes?)"
)
_ATTENDS = re.compile(
    rf"\b(?:no|fewer|less) [^.;]{{0,15}}\bcancel|\bcancels?\b|\battend\w*\b[^.;]{{0,50}}\b{_CARE}\b|"
    r"\b(?<!school )(?<!class )(?<!program )(?<!work )(?<!shift )attendance\b(?!\s+(?:at|in)\s+(?:school|class|"
    r"work|church))|"
    rf"\bpresent (?:for|at)\b[^.;]{{0,40}}\b{_CARE}\b|"
    r"\b(?:come|comes|came|coming|show up|shows up|arriv\w+|makes? it|turns? up|goes|gets)\b[^.;]{0,20}\b(?:to|"
    r"for|at)\b"
    rf"[^.;]{{0,30}}\b{_PLAINLY_CARE}\b|"
    rf"\b(?:complet\w+|finish\w*)\b[^.;]{{0,25}}\b(?:sessions?|appointments?|protocol|modules?|curriculum|{_GROUP}|"
    r"weeks of (?:treatment|therapy|group|the program)|of \d+ weeks)\b|"
    r"\b(?:keep|keeps|kept|miss no|misses no)\b[^.;]{0,25}\b(?:sessions?|appointments?|(?:clinic|therapy|telehealth|"
    r"medication|counseling|scheduled|weekly) visits?)\b|"
    rf"\b(?:takes? part|participat\w+|engag\w+)\b[^.;]{{0,25}}\b(?:milieu|programming|activities|{_GROUP}|treatment|"
    r"therapy|sessions?)\b|"
    r"\b(?:weeks|sessions|visits|modules)(?: and [^.;]{0,25})? (?:completed|done|finished|attended|used)\b|"
    r"\bcomplet\w+ (?:detox|residential|[^.;]{0,30}meetings)\b|\bno[- ]shows?\b|\bshow(?:s|ing)? up\b|"
    r"\bmiss(?:es|ing)? (?:no more than|no|fewer than|at most)[^.;]{0,20}\b(?:sessions?|appointments?|groups?|"
    r"visits?)\b|"
    rf"\b(?:log|logs|check|checks|sign|signs) (?:in|on|into)\b[^.;]{{0,20}}\b{_CARE}\b|"
    rf"\bon time (?:for|to)\b[^.;]{{0,20}}\b{_CARE}\b|"
    r"\bstays? (?:for|through|until)\b[^.;]{0,25}\b(?:session|group|hour)\b|\bearns? (?:the|a|his|her) certificate\b|"
    r"\b(?:come|comes|came) to \d+ (?:of|out of) \d+ (?:\w+ )?(?:groups|visits|sessions|classes|nights|meetings)\b"
)
_COMPLIES = re.compile(
    r"\b(?:comply|complies|compliance|compliant|adhere\w*|cooperat\w+|follow\w*)\b[^.;]{0,40}\b(?:plan|"
    r"directions?|rules?|treatment|medicine|"
    r"medications?|recommendations|staff|counselor|therapist|program|expectations|instructions|requirements)\b|"
    r"\b(?:takes?|taking|swallows?)\b[^.;]{0,25}\b(?:medicines?|medications?|meds|"
    r"pills)\b[^.;]{0,30}\b(?:as prescribed|as directed|daily|in front of)|"
    r"\b(?:worksheets?|diary cards?|mood logs?|thought (?:records?|logs?)|binder|workbook|"
    r"practice sheets?)\b[^.;,]{0,25}\b(?:filled|brought|completed?|returned|handed|done|turned)\b|"
    r"\b(?:fills?|brings?|completes?|returns?|turns?|hands?)\b[^.;,]{0,20}\b(?:worksheets?|diary cards?|"
    r"mood logs?|binder|workbook|practice sheets?)\b|"
    r"\b(?:does|do) (?:what|as) [^.;]{0,20}\b(?:says?|told|asks?)\b|\bobeys?\b"
)
_OUTCOME = re.compile(
    r"\b(?:without (?!exception|fail)|so that|urges?|asleep|alone|unprompted|by (?:him|her|them)self)\b"
)
_COMING = (
    "attend", "present", "com", "came", "arriv", "finish", "keep", "kept", "particip", "take", "taking", "tak", "adher",
    "follow", "show", "miss", "swallow", "cancel", "log", "check", "sign", "time", "stay", "do", "obey", "used",
    "engag", "bring", "brought", "fill", "return", "turn", "hand", "goes", "gets", "make",
)  # fmt: skip
_TO_CARE = (
    "milieu", "activities", "programming", "session", "therap", "counsel", "treatment", "tx", "appointment", "group",
    "individual", "grp", "visit", "protocol", "cpt", "dbt", "medic", "meds", "pills", "rules", "staff", "direction",
    "program", "show", "sess", "attendance", "says", "told", "plan", "module", "detox", "meetings", "recommend",
    "instruct", "weeks", "cancel", "worksheet", "binder", "workbook", "diary", "log",
)  # fmt: skip
"""One of these is in what is looked for, and is found sooner; so is one of those above."""


def attendance_only(said):
    """Tell whether nothing but coming to care, taking part and complying is aimed at."""
    if not (said.hints(_COMING) and said.hints(_TO_CARE)):
        return False
    rest = _COMPLIES.sub(" ", _ATTENDS.sub(" ", said.text))
    if rest == said.text or said.scales or _OUTCOME.search(rest):
        return False
    return len(those_of(rest.split(), "behaviors")) < 2
