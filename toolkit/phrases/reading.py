"""The structure of a text of a plan: what it says of amounts, times, starting points, scales, acts and who acts."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from functools import cache, cached_property, lru_cache

from toolkit import reference
from toolkit.phrases.plain import Plain, holds_any, names_a_scale, plain, unquoted, written_out
from toolkit.reference import Measure

_UNIT = (
    r"(?:day|week|weekday|weekend|month|year|quarter|night|evening|morning|afternoon|hour|minute|session|visit|"
    r"meeting|"
    r"shift|school day|workday|semester|meal|class|period|trip|lunch|sunday|monday|tuesday|wednesday|thursday|"
    r"friday|saturday)s?"
)
_OCCASION = (
    r"(?:days?|nights?|evenings?|mornings?|hours?|minutes?|shifts?|meals?|classes|periods?|trips?|lunches|"
    r"weeknights?|\w+days|times|occasions?|afternoons?)"
)
_SPAN = r"(?:day|week|month|quarter|year|session|visit|semester|appointment|meeting)s?"
_HEAD = (
    r"(?:review|meeting|conference|check|checks|evaluation|reassessment|re-assessment|reading|appointment|visit|"
    r"report card|"
    r"isp|iep|staffing|plan meeting|mark|point|follow-up|anniversary|hearing|physical|discharge|deadline|date)"
)
_WHEN = (
    r"(?:DATE|\d+[ -](?:[\w-]+ )?(?:day|week|month|quarter|year|session|visit)s?\b|(?:\d+(?:st|nd|rd|th)|second|"
    r"last|final|next|annual|fall|spring|summer|winter|quarterly|team|plan|treatment|"
    rf"scheduled|\d+-\w+)\b[^.;:()]{{0,25}}?\b(?:{_SPAN}|{_HEAD}|DATE)\b|(?:{_SPAN}) \d+|(?:review|report card|isp|"
    rf"iep|conference|plan meeting)\b|discharge\b|"
    r"(?:the |this )?(?:end|close|start|beginning|middle) of|the (?:first|last|final) week|"
    r"(?:semester|quarter|trimester|term|school year|grading period|marking period|plan year|plan period|"
    r"review period|holidays))"
)
_DUE = re.compile(
    r"\b(?:by|before|until|till|through|no later than|not later than|ending|ends?|prior to|up to|due|target date|"
    r"goal date|review|reached by|at|to the end of|during|over|in|within|for)\b[:,]?\s+"
    rf"(?:(?:the|his|her|their|my|our|each|this|its|of|in|on|about|approximately|date|next|coming|following|first|"
    rf"last|"
    rf"final|pay|month|week|weeks|second|plan|early|late|mid|end|week of|around|\w+day|[\w'.-]+'s|all|every|"
    rf"\d+)\b,?\s+){{0,5}}?{_WHEN}"
)
_LASTING = re.compile(
    r"\b(?:within|in|over|during|for|after|across|at|by)\s+(?:the |each of the |about |a |his |her |their |"
    r"all of the )?"
    rf"(?:next |coming |following |first |full |plan'?s? |approximately |another )*(?:[2-9]|\d\d+|\d+th|"
    rf"(?<=within )(?:1|a)|(?<=next )(?:1|))[ -]?(?:\w+ ){{0,2}}(?:{_SPAN})\b"
    rf"|\b\d+[ -](?:{_SPAN})[ -]+(?:review|mark|point|meeting|check|follow|plan|reassessment|recheck|visit|"
    rf"of treatment|of therapy|"
    r"from|after (?:plan|start|intake|admission)|into|post)"
    r"|\b(?:week|month|day|session|visit|appointment)[ -]\d+\b|\b\d+(?:st|nd|rd|th) (?:\w+ )?(?:week|month|"
    r"session|visit|appointment)\b"
    r"|\b(?:this|next|the|a|one|1|second|2th|3th|4th|coming|current|full|\w+'s)(?: (?!long|short|last|"
    r"past)\w+)? (?:quarter|semester|trimester|term|school year|grading period|"
    r"marking period|plan year|plan period|review period|authorization period|certification period|"
    r"reporting period)\b"
    rf"|\b(?:end|close|completion) of (?:the )?(?:treatment|therapy|care|program|{_SPAN}|DATE|\d+)"
    rf"|\b(?:next|last|first|final) \d+ {_SPAN} of DATE|\b\d+ {_SPAN} from\b|\b(?:at|by) (?:the )?(?:next|annual|"
    rf"quarterly|fall|spring|summer|winter|\d+-\w+) "
    r"(?:\w+ ){0,3}?(?:review|meeting|visit|reading|isp|iep|conference|appointment|check)"
)
_FIRM = re.compile(
    r"(?:by|before|until|till|through|no later|not later|ending|prior|due|target|goal|review|reached|within)\b"
)
_NO_TIME = re.compile(
    r"\b(?<!\d )(?:each|every|weekly|daily|monthly) (?:\w+ )?(?:review|meeting|conference|check|reading|appointment|"
    r"visit|session)|\b(?:long term|short term|(?:last|past|previous|prior) (?:quarter|semester|trimester|term|"
    r"school year|year))\b|^(?:in|for|during|over) (?:the |his |her |their )?(?:isp|iep|review|conference|"
    r"report card)"
)
_NEAR = 40
_HELD = re.compile(
    r"^\s*(?:in a row|running|straight|consecutive|consecutively|apart|ago|earlier|before|back|prior)|"
    r"^[^.;,]{0,12}\bago\b"
)
_PAST = re.compile(
    r"\b(?:baseline|base|bl|intake|admission|at present|at first|now|current|currently|today|to date|so far|"
    r"these days|presently|"
    r"was|were|had|did|did so|has been|have been|has not|has never|have not|has gone|has taken|has refused|"
    r"have had|showed|"
    r"started|start:|starting (?:at|from|score)|used to|since|ago|previous|previously|prior|initial|initially|yet|"
    r"pre|"
    r"(?:last|past) (?:\w+ )?(?:week|weeks|month|months|quarter|year|term|semester|school year|night|DATE|"
    r"\d+)\b(?! (?:\w+ )?of DATE)|"
    r"in (?:the )?(?:last|past)|compared (?:with|to)|versus|vs|up from|down from|up to now|instead of the|"
    r"at the start|"
    r"got|stayed|left|packed|asked|needs|needed|refused|averaged|won't|hasn't|haven't|didn't|wasn't)\b"
)
_NOW = re.compile(
    r"\b(?:baseline|bl|base rate|intake|at admission|at present|now|current|currently|today|so far|these days|"
    r"presently|was|were|"
    r"had|did|hasn't|won't|since|previously|initially|at the start|starting|started|start:|start|up from|"
    r"down from|used to|compared|versus|vs|"
    r"last (?:\w+ )?(?:week|month|quarter|year|term|semester|night|fall|spring|summer|winter|DATE)|"
    r"past (?:\w+ )?(?:week|month|quarter|year|DATE)|"
    r"showed|ago|from(?! the (?:\w+ ){1,3}(?:shall|will|must))|"
    r"has (?:not|never|been|had|gone|taken|refused)|have (?:not|never|been|had)|instead of|where|"
    r"at first|average of|"
    r"to begin with|right now|on DATE|in DATE)\b|\((?:[^)]{0,40})?\d"
)
_AIM = re.compile(
    r"\b(?:from now|between now|(?:the|our) next \d+|want[^.;]{1,40} to show|"
    r"will|\w+'ll|shall|to \d|goal|target|aim|by DATE|or less|or fewer|or more|or lower|"
    r"or below|or under|or higher|or above|"
    r"no more than|at least|at most)\b|->|<=|>=|[<>]|\b(?:by|before|until|through|ending)\b[^.;]{0,40}\b(?:DATE|"
    r"review|meeting|weeks?)\b"
)
_FROM_TO = re.compile(
    r"\bfrom (?:about |an average of |roughly |a |an |the )?(?:(?! (?:shall|will|must) )[^.;]){1,60}?\bto\b|"
    r"->|\bup from\b|\bdown from\b|"
    r"\d[^.;,]{0,40}\bto (?:\d|no more|at most|at least|none)"
)
_LIMIT = (
    r"(?:at least|at most|no more than|not more than|no fewer than|no less than|fewer than|less than|more than|"
    r"under|below|above|"
    r"over|up to|within|no longer than|a minimum of|a maximum of|minimum of|maximum of|exceeding|<=|>=|<|>|=)"
)
_AMOUNT = re.compile(
    rf"{_LIMIT}\s*(?:an? |the |about |average of )?(?:\d|half|DATE)|\d[\d.,]*\s*%?(?: [\w'-]+){{0,3}} or (?:less|"
    rf"fewer|more|lower|below|under|"
    r"higher|above|better|longer|shorter|greater|none|smaller|earlier)\b|\d[\d.,]*\+|\d[\d.,]* ?(?:%|percent)|"
    r"\d+ (?:or \w+ )?(?:out of|of|in|in every|of every|of the|of each)(?: the)?(?: \w+){0,2}? \d+|"
    r"half or (?:fewer|less|more) of|\bby half\b|\bin half\b|"
    r"->\s*(?:about |no more than )?\d|\bto (?:about |just )?\d|"
    rf"\d+(?: [\w'-]+){{0,4}}? (?:a|an|per|each|every) (?:\w+ )?{_UNIT}\b|\d+ times?\b|\b(?:every|"
    rf"each) (?:\w+ )?(?:single )?(?:day|night|evening|morning|shift|meal|week|school day|workday|weekday|"
    rf"weekend)s?\b|\bdaily\b|\bnightly\b|"
    rf"\ball (?:\d+ )?(?:of )?(?:the |his |her |their )?(?:\w+ )?{_UNIT}\b|\bthe whole (?:\w+ )?{_UNIT}\b|"
    rf"\d[\d.,]* (?:consecutive |straight |full |whole |more )?(?:[\w'-]+ ){{0,2}}?{_OCCASION}\b|"
    rf"\d+ {_SPAN} (?:in a row|running|straight|without|sober|clean|free)|\d+ (?:[\w'-]+ ){{1,4}}?(?:in a row|"
    rf"running|straight)\b|"
    r"\d+ (?:in a row|running|straight|consecutive)|\$ ?\d|\d+ ?(?:dollars|cents|kg|lb|lbs|pounds|ml|miles|blocks|"
    r"steps|items|pages|words|points|bpm)\b"
)
_HOLDS = re.compile(
    rf"\bfor (?:a|an|1|the) (?:whole |full |entire |school )?(?:term|semester|quarter|month|season|year|week|"
    rf"marking period)\b|\b(?:for|in|over) (?:the )?(?:last |past |at least |a full )?\d+ (?:\w+ )?{_SPAN}\b"
)
_NONE = re.compile(
    r"\b(?:no|zero|0|without|never|none|not once|free of|nobody|not(?! (?:as|so) ))\b (?:an? |any |more |new |further |"
    r"other )?(?:[\w'-]+ ){0,2}[\w'-]+"
)
_NOT_TARGET = re.compile(
    r"\b(?:(?:session|sessions|visit|goals?|objectives?|phases?|ph|grade|age|aged|room|van|ward|unit|no\.|number|"
    r"report|case|page|gpa|level|criterion|"
    r"section|policy|iep of|dob|item|nd|bed|bus|route|line|exit|mile marker|version|step|week|day|month|tier|axis|"
    r"title|part)\s*#?\s*\d[\d.]*(?! (?:of \d+ )?(?:\w+ )?(?:nights|days|times|mornings|evenings|hours|minutes|"
    r"%))(?:\s*(?:of|and|through|to|[+,&-])\s*\d+)*|[a-z]\d[\d.]*\b)"
    r"|\d(?:\d*(?:st|nd|rd|th)\b(?: and \d+(?:st|nd|rd|th)\b)?"
    r"|[\d.]*\s*(?:mg|mcg|ml|units?|mg/day|meq)\b(?: (?:bid|tid|qd|qhs|daily|am|pm))?|"
    r"\d*-?(?: )?years?-?(?: )?old\b|\d* years\b"
    r"|\d* (?:prior|previous|earlier|past|former|emergency)\b|\d*:\d+|\d* (?:incidents? )?on file)|\(\d\)|#\d+"
)
_CHANGE = re.compile(
    r"\b(?:cut|cuts|reduc\w+|decreas\w+|lower|lowers|lowered|lowering|drop|drops|dropped|fall|falls|fell|"
    r"shrink\w*|lessen\w*|increas\w+|raise|raises|raised|"
    r"rise|rises|rising|grow|grows|improv\w+|gain|gains|double|doubles|halve|halves|halved|fewer|less|more|better|"
    r"worse|comes? down|go(?:es)? (?:down|up)|"
    r"(?:down|up) (?:by|to)|lighter|shorter|longer|higher|earlier|later|oftener|expand\w*|diminish\w*|declin\w+|"
    r"minimi\w+|higher|greater|eliminat\w+|"
    r"so (?:much|often|many)|percent (?:fewer|less|more)|by half|in half|% (?:fewer|less|more))\b"
)
_LIMIT_WORDS = re.compile(
    r"\bor (?:less|fewer|more|lower|higher|better|longer|shorter|greater|earlier|later|worse)\b|\b(?:no|not|any|"
    r"never) (?:more|fewer|less|longer|later|earlier|higher|lower)(?: than)?\b|"
    r"\b(?:more|less|fewer|longer|later|earlier|higher|lower|shorter|greater|better) than\b|\bfall(?:s|"
    r"ing)? asleep\b|\braises? (?:his|her|their|a) hand\b|\b1 (?:time )?or (?:less|more)\b|"
    r"\bleading up to\b|\b(?:a|the|his|her) raise\b|\bonce more\b|\bany more\b|"
    r"\bone more\b|\bor better\b|\bsooner or later\b"
)
_NO_FROM = re.compile(
    r"\bby (?:at least |about |roughly )?(?:(?:a |1 |2 )?(?:half|quarter|3th|thirds?)|\d+ ?(?:%|percent|points?))|"
    r"\bin half\b|\b(?:down|up) \d+ points\b|\b\d+ points (?:lower|less|better|higher|down|fewer)\b|"
    r"\bhalf as (?:many|much|often)|\b(?:2 times|double) as (?:many|much|often)|\b\d+ ?(?:%|percent) (?:reduction|"
    r"decrease|drop|increase|fewer|less|more|improvement)|\breduced \d+ ?(?:%|percent)|\bin 1/2\b|\bin 1 of 2\b|"
    r"\b(?:reduction|decrease|drop|increase|improvement|gain) (?:of|in)\b|\bhalv"
)
_RANGE = re.compile(
    r"\bfrom [^.;]{0,30}?\d[^.;]{0,60}?\b(?:to|down to|up to)\b|\d[^.;]{0,40}->|\b(?:up|down) from [^.;]{0,15}\d"
)
_NOW_NUMBER = re.compile(
    r"\b(?:now|was|were|is|baseline|currently|current|today|had|averag\w+|present|intake|did)\b[^.;]{0,25}?\d|"
    r"\d[^.;]{0,15}\b(?:now|today|at present|at intake|currently|at admission)\b"
)
_SENTENCE = re.compile(
    r"(?<=[A-Za-z\d)\"'])[.;!?](?:\s|$)|(?<!mr)(?<!ms)(?<!dr)(?<!mrs)\.\s|(?=\()|\)|, (?=(?:up|down) from|from |"
    r"now |was |were |where |which |she |he |they |compared|against|currently|versus|vs )| - "
)


_WORDS = re.compile(r"[a-z][a-z'-]*")
_DIGIT = re.compile(r"\d")


@lru_cache(maxsize=512)
def read(text: str, state: bool = False) -> Reading:
    """Return what stands in ``text``; where it tells of a ``state`` to be reached, its past tenses are no past."""
    return Reading(text, state)


@cache
def words(name: str) -> frozenset[str]:
    """Return the word list ``name`` of the reference data, stems with their ``*``."""
    return frozenset(_lists()[name].split())


@cache
def phrases(name: str) -> re.Pattern[str]:
    """Return the list of phrases ``name`` of the reference data as one pattern; upper case names stand as they are."""
    items = (item.lower() if item.isupper() else item for item in _items(name))
    return re.compile(rf"(?<![\w-])(?:{'|'.join(items)})")


@cache
def anchors(name: str) -> tuple[str, ...]:
    """Return for each phrase of the list ``name`` what stands wherever the phrase does, and is found sooner."""
    found = {anchor for item in _items(name) for anchor in _anchors(item.lower())}
    return tuple(sorted(one for one in found if not any(other in one for other in found - {one})))


def _items(name: str) -> list[str]:
    """Return the phrases of the list ``name``."""
    return [item.strip() for item in _ITEM.findall(_lists()[name].replace("\n", "")) if item.strip()]


def _anchors(item: str) -> list[str]:
    """Return the longest run of plain characters of a phrase; where all of it is in brackets, that of each choice."""
    plain = _longest(item)
    last = (_BRACKETED.findall(item) or [""])[-1]
    return [plain] if plain.strip() else [_longest(choice) for choice in last.split("|")]


def _longest(item: str) -> str:
    return max(_NOT_PLAIN.split(item), key=len)


_ITEM = re.compile(r"(?:[^|()]|\([^()]*\))+")
_BRACKETED = re.compile(r"\((?:\?:)?([^()]*)\)")
_NOT_PLAIN = re.compile(r"\([^()]*\)\??|\[[^]]*\]|\\.|.\?|[+*.]")
"""What stands between runs of plain characters: brackets, sets, signs with a meaning, and what may be absent."""


@cache
def _stems(name: str) -> tuple[frozenset[str], frozenset[str], tuple[int, ...]]:
    listed = words(name)
    stems = frozenset(word[:-1] for word in listed if word.endswith("*"))
    return frozenset(word for word in listed if not word.endswith("*")), stems, tuple(sorted({*map(len, stems)}))


class _Members(dict[str, bool]):
    """Whether a word stands in a list, whole or by its stem; each is looked for once."""

    def __init__(self, name: str) -> None:
        self._whole, self._stems, self._lengths = _stems(name)

    def __missing__(self, word: str) -> bool:
        if len(self) > _MOST_WORDS:
            self.clear()
        begins = (word[:length] for length in self._lengths if length <= len(word))
        found = self[word] = word in self._whole or not self._stems.isdisjoint(begins)
        return found


_MOST_WORDS = 4_096


@cache
def _member(name: str) -> Callable[[str], bool]:
    return _Members(name).__getitem__


def is_of(word: str, name: str) -> bool:
    """Tell whether ``word`` stands in the list ``name``, whole or by its stem."""
    return _member(name)(word)


def any_of(words: Iterable[str], name: str) -> bool:
    """Tell whether one of ``words`` stands in the list ``name``."""
    return any(map(_member(name), words))


def those_of(words: Iterable[str], name: str) -> tuple[str, ...]:
    """Return those of ``words`` that stand in the list ``name``."""
    return tuple(filter(_member(name), words))


@cache
def _lists() -> Mapping[str, str]:
    return reference.words()


class Reading:
    """What stands in one text. Everything is read when it is asked for, once."""

    def __init__(self, raw: str, state: bool = False) -> None:
        self.raw = raw
        self.state = state

    @cached_property
    def _plain(self) -> Plain:
        return plain(self.raw)

    @property
    def text(self) -> str:
        """The text in one spelling (`toolkit.phrases.plain`)."""
        return self._plain.text

    @property
    def scales(self) -> tuple[Measure | None, ...]:
        """The scales that are named."""
        return self._plain.scales

    @cached_property
    def lowered(self) -> str:
        """The text as it was typed, in small letters."""
        return self.raw.lower().replace("’", "'")

    @cached_property
    def _own(self) -> str:
        """The text in small letters without quotations."""
        return unquoted(self.lowered)

    @cached_property
    def words(self) -> tuple[str, ...]:
        """The words of the text in small letters, shorthand written out."""
        return written_out(_WORDS.findall(self.lowered))

    @property
    def has_capitals(self) -> bool:
        """Whether there may be the name of a scale in it."""
        return names_a_scale(self.raw)

    @property
    def has_digit(self) -> bool:
        """Whether a figure stands in it."""
        return bool(_DIGIT.search(self.raw))

    def hints(self, hints: tuple[str, ...]) -> bool:
        """Tell whether one of ``hints`` stands in it, be it in a word: what costs more need then not be looked for."""
        return holds_any(self.lowered, hints)

    def has(self, name: str) -> bool:
        """Tell whether a word of the list ``name`` stands in it."""
        return any_of(self.words, name)

    def of(self, name: str) -> tuple[str, ...]:
        """Return its words that stand in the list ``name``."""
        return those_of(self.words, name)

    def says(self, name: str) -> bool:
        """Tell whether a phrase of the list ``name`` stands in it, outside quotations."""
        return holds_any(self._own, anchors(name)) and bool(phrases(name).search(self._own))

    def count(self, name: str) -> int:
        """Return how many different phrases of the list ``name`` stand in it."""
        return len({*phrases(name).findall(self.lowered)}) if holds_any(self.lowered, anchors(name)) else 0

    # --- parts ------------------------------------------------------------------------------------------------------

    @cached_property
    def parts(self) -> tuple[str, ...]:
        """The sentences and brackets of the text."""
        return tuple(part.strip() for part in _SENTENCE.split(self.text) if part and part.strip())

    @cached_property
    def aims(self) -> str:
        """The text without the parts that only tell how it is or was."""
        if self.state:
            return self.text
        kept = [part for part in self.parts if _AIM.search(part) or not _PAST.search(part)]
        return " ; ".join(kept)

    # --- what an objective says -------------------------------------------------------------------------------------

    @cached_property
    def has_time(self) -> bool:
        """Whether it says by when, until when or for how long: a date, weeks, a named review, a term."""
        return any(map(_has_time, self.parts))

    @cached_property
    def has_start(self) -> bool:
        """Whether it says from what: a range, or how it is or was."""
        return bool(_FROM_TO.search(self.text) or _NOW.search(self.text))

    @cached_property
    def has_start_amount(self) -> bool:
        """Whether it says from how much: a range of numbers, or a number in what tells how it is or was."""
        before = [part for part in self.parts if not _AIM.search(part) and (_PAST.search(part) or part[0] == "(")]
        return bool(
            _RANGE.search(self.text)
            or any(re.search(r"\d|\bno\b|\bnone\b|every", part) for part in before)
            or _NOW_NUMBER.search(self.text)
        )

    @cached_property
    def has_amount(self) -> bool:
        """Whether it says how much or how many there shall be at the end: a number that is no date, dose or name."""
        if self.state and (self.holds or re.search(r"\d", self._bare)):
            return True
        return bool(_AMOUNT.search(self._bare) or _SCORED.search(self._bare) or _NOUGHT.search(self._bare)) or bool(
            self.none_of
        )

    @property
    def holds(self) -> bool:
        """Whether it says for how long something is to hold."""
        return bool(_HOLDS.search(self.text))

    @cached_property
    def has_threshold(self) -> bool:
        """Whether the amount is one to be reached: a limit, so many of so many, a share, a span, a score."""
        return bool(_THRESHOLD.search(self._bare) or _SCORED.search(self._bare) or _NOUGHT.search(self._bare)) or bool(
            self.none_of
        )

    @cached_property
    def _bare(self) -> str:
        """What is aimed at, without times, doses, ages and numbers that are names."""
        if self.state:
            return _NOT_TARGET.sub(" ", _START.sub(" ", self.aims))
        return _NOT_TARGET.sub(" ", _DUE.sub(_unless_held, _LASTING.sub(_unless_held, self.aims)))

    @cached_property
    def none_of(self) -> str:
        """What there shall be none of, where it is something that can be counted."""
        for found in _NONE.finditer(self.aims):
            if any_of(found[0].split()[1:], "behaviors"):
                return found[0]
        return ""

    @cached_property
    def change(self) -> bool:
        """Whether it speaks of more or less of something."""
        return bool(_CHANGE.search(_LIMIT_WORDS.sub(" ", self.aims)))

    @cached_property
    def share_of_change(self) -> bool:
        """Whether it speaks of a change by so much: by half, by 5 points, a reduction of."""
        return bool(_NO_FROM.search(self.aims))


_START = re.compile(r"\((?=[^)]*\d)[^)]*\b(?:at|on) (?:intake|admission|DATE)\)|\b(?:up|down) from \d[^,.;]*")
"""Where a number stands that tells how it was, in a text that tells of a state."""
_SCORED = re.compile(r"SCALE[^.;]{0,40}?(?:\d|normal|minimal|mild|moderate|severe)|\d[^.;]{0,20} SCALE")
_NOUGHT = re.compile(r"(?:target|goal|aim):? (?:of )?(?:none|no|zero|0)\b|\bto (?:none|zero|0)\b")


def _unless_held(found: re.Match[str]) -> str:
    """Return what stands in place of a time: nothing, but a time for which something is held is an amount."""
    return found[0] if _HELD.search(found.string[found.end() : found.end() + _NEAR]) else " , "


_THRESHOLD = re.compile(
    r"\b(?:(?:at least|at most|no more than|not more than|no fewer than|no less than|fewer than|less than|under|"
    r"below|above|over|up to|within|a minimum of|a maximum of)\s+(?:an? |the |about |average of )?(?:\d|half|"
    r"CLOCK)|to \d|from \d[^.;]{0,60} to\b|in a row\b|running\b|consecutive|straight\b)"
    r"|\d(?:[\d.,]*\s*%?(?: [\w'-]+){0,3} or (?:less|fewer|more|lower|below|under|higher|above|better|"
    r"longer|shorter|greater|none)\b|\+| ?(?:%|percent)"
    r"|\d* (?:or \w+ )?(?:out of|of|of every|of the|of each)(?: the)?(?: \w+){0,2}? \d)|[<>]=? ?\d|->"
)


_DATED = re.compile(
    r"\bof (?:the |his |her |their )?next \d+|\b(?:this|next) DATE|\bbetween (?:now|today|DATE)|"
    r"^at [^.;,]{0,30}\bon DATE|\bfrom (?:now|today) (?:to|until|through|on)|from DATE (?:to|until|through)|^by: ?DATE|"
    r"^(?:review|by|target date|due|date|when)?:? ?DATE|-> ?[^.;]{0,80}DATE|\bDATE review"
)
_ANY_DATE = re.compile(
    r"(?<!since )(?<!on )\bDATE|"
    r"\b\d+[ -](?:weeks|months|week|month)\b(?! (?:in a row|running|straight|apart|ago))"
)
_RATE_THEN = re.compile(
    r"(?:a|per|each|every) \w+ in DATE(?=[^;]{0,80}\b(?:(?:come|go)e?s? (?:down|up)|drops?|falls?|rises?) )"
)
"""When it was so often, in a sentence that goes on to tell of the change."""
_ON_A_DATE = re.compile(r"\bon DATE")


def _has_time(part: str) -> bool:
    """Tell whether a sentence or bracket says by when; in what tells how it was, and in brackets, only a firm "by"."""
    told = part[0] == "(" or (bool(_PAST.search(part)) and not _AIM.search(part))
    part = _RATE_THEN.sub(" ", part)
    for found in (*_DUE.finditer(part), *_LASTING.finditer(part)):
        held = _HELD.search(part[found.end() : found.end() + _NEAR])
        if not held and not _NO_TIME.search(found[0]) and (_FIRM.match(found[0]) or not told):
            return True
    if _AIM.search(part) and _ON_A_DATE.search(part):
        return True
    return not told and bool(_DATED.search(part) or _ANY_DATE.search(part))
