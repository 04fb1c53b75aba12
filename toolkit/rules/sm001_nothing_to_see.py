"""An objective says nothing that could be seen or counted.

Why it matters: “will feel better” fits everybody; a reviewer looks for what this client will do or have less of.
Example:
    [[objectives]]
    objective = "1a"
    statement = "Patient will feel better."
Use instead:
    [[objectives]]
    objective = "1a"
    statement = "Takes part in two family meals a week without leaving the table"
Source: Mozu 2026, section 5; HealthBridge 2026
Level: warning
Documents: treatment_plan
"""

import re

_SAYS_NOTHING = {
    "abilities", "ability", "able", "about", "address", "addresses", "awareness", "become", "becomes", "better",
    "client", "continue", "cope", "coping", "deal", "decrease", "decreases", "develop", "emotional", "emotions",
    "explore", "explores", "feel", "feelings", "feels", "function", "functioning", "gain", "gains", "general", "goal",
    "good", "have", "health", "healthier", "healthy", "help", "improve", "improved", "improvement", "improves",
    "increase", "increases", "insight", "issue", "issues", "learn", "learns", "less", "life", "like", "maintain",
    "manage", "manages", "mental", "mood", "more", "overall", "patient", "person", "positive", "problem", "problems",
    "process", "processes", "quality", "reduce", "reduced", "reduces", "self", "skills", "symptoms", "their", "them",
    "themselves", "therapy", "these", "they", "this", "through", "toward", "towards", "treatment", "understand",
    "understanding", "understands", "well", "wellbeing", "wellness", "will", "with", "within", "work", "works",
}  # fmt: skip


def check(objective):
    words = re.findall(r"[^\W\d_]{4,}", objective.statement.casefold())
    if len(set(words) - _SAYS_NOTHING) < 2 and not re.search(r"\d", objective.statement):
        yield "statement", "names nothing that can be seen or counted. Say what the client will do, or have less of."
