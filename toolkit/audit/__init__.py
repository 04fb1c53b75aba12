"""Holds a record against what is asked of it: which documents are wanted, what is missing, and what the rules find.

A blank required answer is reported by `toolkit.audit.blanks`, once, with the code that its field bears; every other
judgement is a rule. What merely follows from a finding is not reported beside it: a cell that cannot be read is not
also blank, and a plan without goals does not also lack objectives.
"""

from toolkit.audit.auditor import Auditor
from toolkit.audit.crosswalk import REQUIREMENTS, SIGNERS, STAFF, lists_requirements, with_requirements
from toolkit.audit.findings import by_place, in_order, merge_into, merged
from toolkit.audit.waivers import WAIVERS

__all__ = [
    "REQUIREMENTS",
    "SIGNERS",
    "STAFF",
    "WAIVERS",
    "Auditor",
    "by_place",
    "in_order",
    "lists_requirements",
    "merge_into",
    "merged",
    "with_requirements",
]
