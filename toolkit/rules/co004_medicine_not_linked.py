"""Medicine is listed, and nothing else in the plan speaks of it.

Why it matters: medicine and therapy are planned as one; whoever reads the plan should see who prescribes and what each
    tells the other.
Example:
    [plan]
    medications = ["Bupropion 150 mg each morning, Dr. Okafor"]
    coordination = "Release of 05/04/2026 for his employer: days of attendance, nothing else."
Use instead:
    [plan]
    coordination = "Release of 05/04/2026 for Dr. Okafor, who prescribes: PHQ-9 after each fourth visit."
Source: HealthBridge 2026; Magellan spring 2024
Level: info
Documents: treatment_plan
"""

import re

from toolkit.phrases import holds_any

_SPEAKS = ("medic", "prescri", "psychiatr", "physician", "doctor", "primary care", "pediatric", "nurse", "pharma",
           "titrat")  # fmt: skip
_SAYS = re.compile(r"\b(?:dr|pcp|doses?)\b")
_NONE = re.compile(r"\W*(?:none|no)\b", re.I)
_NAMES = re.compile(r"(?:^\W*|\b(?=[A-Z]))([^\W\d_]{4,})")


def check(plan, interventions, texts):
    listed = [line for line in plan.medications if not _NONE.match(line)]
    told = [plan.coordination, *(row.get(name) for row in interventions for name in ("technique", "action"))]
    said = "\n".join(text for text in told if text).casefold()
    if not listed or not interventions or holds_any(said, _SPEAKS) or _SAYS.search(said):
        return
    names = [name.casefold() for line in listed for name in _NAMES.findall(line)]
    if all(one.name == "medications" for one in texts.with_any(names)):
        yield "plan.medications", "is spoken of nowhere else. Say under {plan.coordination} who prescribes."
