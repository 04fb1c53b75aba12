"""What a reader of one sentence would miss in it: the judgement that several rules share, by kind of text.

`faults` takes the text alone and gives the codes of the rules whose fault it has, so that the sentence can be judged
where nothing else is known (`benchmarks/judge.py`). In a plan, baseline, target, measure and date stand in fields of
their own, and the rules ask only for what the sentence itself must say.
"""

from functools import lru_cache

from toolkit.phrases import read
from toolkit.rules._texts.acts import ENOUGH_IN_PLAN, client_task, generic, intervention
from toolkit.rules._texts.aims import boilerplate, many_aims, objective, says_nothing, task_of_staff
from toolkit.rules._texts.coming import attendance_only
from toolkit.rules._texts.ends import criterion, unchecked
from toolkit.rules._texts.needs import fits_anybody, for_convenience, necessity, no_example
from toolkit.rules._texts.scores import counts_by_scale, only_by_how_much

__all__ = [
    "ENOUGH_IN_PLAN", "KINDS", "attendance_only", "boilerplate", "client_task", "counts_by_scale", "faults",
    "fits_anybody", "for_convenience", "generic", "many_aims", "no_example", "only_by_how_much", "says_nothing",
    "task_of_staff", "unchecked",
]  # fmt: skip

_JUDGES = {
    "objective": objective,
    "intervention": intervention,
    "discharge_criterion": criterion,
    "necessity": necessity,
}
KINDS = tuple(_JUDGES)


@lru_cache(maxsize=1024)
def faults(kind, text):
    """Return the codes of the rules that ``text`` breaks as a ``kind`` (one of `KINDS`), with nothing beside it."""
    return tuple(sorted(_JUDGES[kind](read(text))))
