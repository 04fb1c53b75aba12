"""What an objective aims at: something to see, how much of it, by when and from what."""

import re

from toolkit.phrases.reading import any_of, is_of
from toolkit.rules._texts.coming import attendance_only
from toolkit.rules._texts.scores import (
    counts_by_scale,
    means_nothing,
    moves_wrong,
    reduction_without_end,
    tells_of_something_else,
)

_STAFF = (
    r"(?:clinician|therapist|counselor|staff|house staff|nurse|case manager|psychiatrist|prescriber|team|"
    r"treatment team|care team|provider|social worker|care coordinator|coordinator|"
    r"behavior analyst|analyst|bcba|psychologist|family therapist|dr\.? \w+|school psychologist|"
    r"behavior specialist|specialist|program|clinic|agency|ssw|lcsw|msw|slp|pcp|otr?)"
)
_STAFF_TASK = re.compile(
    rf"(?:^|by [^,.;]{{0,30}}, )(?:the |his |her |their )?{_STAFF}\b(?: will|:| shall| is to| to|"
    rf"'s task)(?! (?:log|record|count|report|see|note|show|tally|find|observe|mark))|"
    rf"^(?:the )?{_STAFF} (?:meets?|provid|writ|complet|teach|schedul|coordinat|refer|contact|review|send|arrang|"
    rf"train|call|hold|obtain|submit|revis|updat)|"
    r"\b(?:referrals?|interpreter|consents?|slot|behavior plan|support plan|safety plan|release|records?|"
    r"assessment|evaluation|report|letter|training|packet|paperwork|contract|"
    r"schedule) (?:to [^.;,]{0,25})?(?:will be|is to be|to be|shall be|is|are|has been|have been)? ?(?:made|found|"
    r"redone|faxed|written|revised|completed|sent|requested|"
    r"approved|updated|signed|scheduled|obtained|submitted|rewritten|drafted|given|filed|held|delivered)"
)
_LIST = re.compile(r"[^,.;:]{3,60}(?:, (?:and |or )?[^,.;:]{3,60}){3,}")
_WANTS = re.compile(r"\bi (?:just |really |only )?(?:want|wish|hope|would like|need)\b")
_HEDGE = (
    r"(?:\w+ly |at least |at most |about |\d+ ?% |\d+ percent |more |less |most |very |so |truly |a |an |the |"
    r"his |her |their |my |its |any |some |better |improved |greater |increased |positive |healthy |healthier |"
    r"good |"
    r"strong |stronger |new |deeper |real |much |lot |of |in |at |with |and )"
)
_FEELS = re.compile(
    rf"\b(?:feel|feels|felt|feeling|be|becomes?|being|remain|remains|stay|have|has|show|shows|demonstrate|"
    rf"demonstrates|display|displays|exhibit|exhibits|develop|gain|express|experience|find|found|sees|"
    rf"achieve|reach|build|understand|understands|see|value|trust|accept|enjoy)\b {_HEDGE}{{0,5}}([a-z-]+)"
)
VAGUE_AIM = re.compile(
    r"\b(?:work(?:s|ing|ed)? (?:on|through|toward|towards)|(?<!same )(?<!home )address(?:es|ed)?|"
    r"explor(?:e|es|ed)|process(?:es|ed)?|"
    r"be (?:monitored|reviewed|discussed|treated|supported|followed|considered|looked at)|talk(?:s)? (?:about|"
    r"through|over)|focus(?:es)? on|"
    r"deal(?:s)? with|cope(?:s)?|handle(?:s)?|get along|gets? along|do(?:es)? better|get(?:s)? better|"
    r"move(?:s)? (?:on|forward|past|beyond)|moved (?:on|past)|come(?:s)? to terms|let(?:s|ting)? go|open(?:s)? up|"
    r"stand(?:s)? up for|take(?:s)? (?:charge|control|pride|responsibility|ownership)|behind (?:him|her|them|me)|"
    r"life back|old self|on (?:with )?(?:his|her|their|my) life|"
    r"make(?:s|ing)? (?:better|good|healthy|healthier|positive|safe) (?:choices|decisions)|better (?:choices|"
    r"decisions)|open(?:ly)? communicat|step(?:s)? up|grow(?:s)? (?:as|into)|thrive(?:s)?|"
    r"progress (?:toward|to|in|on)|continue(?:s)? (?:in|with|to (?:work|make|grow|heal|improve|benefit|receive))|"
    r"reach(?:es)? (?:his|her|their) (?:full|highest)|to the best of|as independent(?:ly)? as|more independent|"
    r"overcome(?:s)?|be more|be less|be better|be a better|find(?:s)? (?:him|her|them|my)sel|care (?:more|"
    r"better) (?:about|for|of)|look forward|look(?:s)? at life|respect(?:s)?|behave(?:s)?|out of (?:his|her|their|"
    r"my) shell|carr(?:y|ies) on|go(?:es)? on with|(?:stay|stays|remain|remains) in (?:therapy|treatment|"
    r"counseling|care)|off my back|get a grip|"
    r"be (?:addressed|good|nice|happy|fine|okay|ok|normal|safe|themselves|himself|herself|free))\b"
)
_WORD, _PART = re.compile(r"[a-z][a-z'-]*"), re.compile(r"[a-z-]+")
_SAYS_LITTLE = ("inner", "vague", "filler")


def objective(said):
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
        found |= {"SM002", "SM003"}
    if many_aims(said):
        found.add("SM010")
    if counts_by_scale(said):
        found.add("SM012")
    if tells_of_something_else(said):
        found.add("GT011")
    found |= moves_wrong(said)
    return found


def names_what_to_see(said):
    """Tell whether it names an act, a count or a score, and how much of it, or something plainly done or not."""
    if means_nothing(said):
        return False
    if said.scales and (said.has_threshold or said.has_amount):
        return True
    words = _WORD.findall(said.aims)
    counted = any_of(words, "behaviors")
    seen = counted or any_of(words, "observable")
    if said.has_threshold:
        if not seen and any_of(_PART.findall(said.aims), "inner"):
            return False
        return counted or not (_inner_aim(said.aims) or (not seen and _is_vague(said)))
    if said.has_amount:
        return (seen or said.state) and not _inner_aim(said.aims) and not _is_vague(said)
    return milestone(said) and not _is_vague(said) and not _inner_aim(said.aims)


def _is_vague(said):
    """Tell whether what is aimed at is an effort or a wish, which nobody sees."""
    return bool(VAGUE_AIM.search(said.aims)) or (not said.has_amount and bool(_WANTS.search(said.aims)))


def says_nothing(said):
    """Tell whether a statement, with measure and target beside it, says nothing that could be seen or counted."""
    if said.has("observable") or said.has("behaviors") or said.has_amount or said.scales:
        return False
    told = {word for word in said.words if len(word) > 3}.difference(*map(said.of, _SAYS_LITTLE))
    if len(told) < 2 and not said.has("symptoms"):
        return True
    return bool(VAGUE_AIM.search(said.aims) or _inner_aim(said.aims))


def _inner_aim(aims):
    """Tell whether what is said of the client is a state that nobody sees."""
    return any(is_of(found[1], "inner") and not is_of(found[1], "behaviors") for found in _FEELS.finditer(aims))


def milestone(said):
    """Tell whether it names something that is plainly done or not done, though it has no number."""
    words = _WORD.findall(said.aims)
    return any_of(words, "observable") and not any_of(words, "inner") and not said.change


def task_of_staff(said):
    """Tell whether it is staff who act, and not the client."""
    return bool(_STAFF_TASK.search(said.lowered))


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
    return any(any_of(first, name) for name in ("observable", "vague", "inner")) or bool(
        re.match(r"[a-z]{2,}(?<!s)s$", first[0])
    )


def boilerplate(said):
    return said.count("stock") >= 2
