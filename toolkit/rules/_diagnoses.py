"""The codes with which a plan's diagnoses begin, for rules that look at them."""

import re

CODE = re.compile(r"([A-Z]\d[0-9AB](?:\.[0-9A-Z]{1,4})?)(?!\.?\w)")
"""What an ICD-10-CM code looks like; what stands behind it is no part of one."""


def typed(plan):
    """Yield each diagnosis of ``plan``: the name of its field, and what was typed, empty where the field is blank."""
    yield "primary_diagnosis", plan.get("primary_diagnosis") or ""
    for line in plan.get("other_diagnoses") or ():
        yield "other_diagnoses", line


def coded(plan):
    """Yield each diagnosis of ``plan`` that begins with a code: the name of its field, and the code."""
    for name, text in typed(plan):
        if found := CODE.match(text):
            yield name, found[1]
