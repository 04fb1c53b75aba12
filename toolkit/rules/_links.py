"""What rules on the links between rows share."""

import re

from toolkit import derive


def astray(intervention, objectives):
    """Tell of each objective that the intervention names whether it belongs to a goal that the intervention does not.

    Nothing is told of an intervention that names all, and an objective that is not there is no link.
    """
    goals, named = intervention.goals, intervention.objectives
    if "all" in goals or "all" in named:
        return []
    owners = {objective.id: objective.get("goal") for objective in objectives}
    return [owners.get(name) is not None and owners[name] not in goals for name in named]


def diagnosis_meant(typed, there):
    """Return the one of the diagnoses ``there`` that ``typed`` means by its code or its words, None where none is sure.

    Words mean a diagnosis when one holds the other (panic disorder) or they are its first letters (PTSD).
    """
    code, words = derive.diagnosis(typed.strip())
    if code:
        same = [one for one in there if _plain(derive.diagnosis(one)[0]) == _plain(code)]
    else:
        same = [one for one in there if _means(words, derive.diagnosis(one)[1])]
    return same[0] if len(same) == 1 else None


def _means(typed, words):
    typed, words = _plain(typed), _plain(words)
    letters = "".join(word[0] for word in words.split())
    return bool(typed and words) and (f" {typed} " in f" {words} " or f" {words} " in f" {typed} "
                                      or (len(typed) > 2 and letters.startswith(typed)))  # fmt: skip


def _plain(text):
    return re.sub(r"[^\w\s]", "", re.sub(r"[-–/]", " ", text)).casefold().strip()
