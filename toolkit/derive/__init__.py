"""What follows from the answers: small facts, defaults and derived values, who signs, and what templates print."""

from toolkit.derive.answers import UNREAD, complete
from toolkit.derive.assembling import Assembled, assembled
from toolkit.derive.facts import age, diagnosis, initials, lookup, parent, rows_of, staff
from toolkit.derive.signing import signers
from toolkit.derive.view import BESIDE, Person, context

__all__ = [
    "BESIDE", "UNREAD", "Assembled", "Person", "age", "assembled", "complete", "context", "diagnosis", "initials",
    "lookup", "parent", "rows_of", "signers", "staff",
]  # fmt: skip
