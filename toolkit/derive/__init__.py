"""What follows from the answers: small facts, defaults and derived values, who signs, and what templates print."""

from toolkit.derive.answers import UNREAD, complete
from toolkit.derive.assembling import Assembled, assembled
from toolkit.derive.facts import age, diagnosis, diagnosis_meant, initials, lookup, parent, rows_of, serves, staff
from toolkit.derive.limits import counted, limit, source, strictest, told
from toolkit.derive.signing import signers
from toolkit.derive.view import BESIDE, Person, context

__all__ = [
    "BESIDE", "UNREAD", "Assembled", "Person", "age", "assembled", "complete", "context", "counted", "diagnosis",
    "diagnosis_meant", "initials", "limit", "lookup", "parent", "rows_of", "serves", "signers", "source", "staff",
    "strictest", "told",
]  # fmt: skip
