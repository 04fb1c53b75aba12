"""A screening tool, or one that measures need, is to show progress.

Why it matters: a screen asks whether there is a problem, mostly over a year; it cannot move in eight weeks. Tools for
    support needs or the level of care describe what somebody needs, and no change.
Example:
    [[objectives]]
    objective = "1a"
    statement = "Brings his AUDIT from 22 to 7"
    measure = "AUDIT"
    baseline = 22
    target = 7
    target_date = "06/29/2026"
Use instead:
    [[objectives]]
    objective = "1a"
    target_date = "09/14/2026"
Source: Joint Commission CTS.03.01.09; HealthBridge 2026
Level: warning
Documents: treatment_plan
"""

_SCREENS = ("screen", "screen only")
_NEEDS = ("support needs", "level of care")
_GRACE = 14


def check(objective, measures):
    measure = measures.get(objective.measure)
    if measure is None or measure.purpose not in (*_SCREENS, *_NEEDS):
        return
    usual = measure.reassess_days if measure.purpose in _SCREENS else None
    if usual is None or (objective.target_date - objective.baseline_date).days < usual - _GRACE:
        what = "is a screen" if measure.purpose in _SCREENS else "measures need"
        yield "measure", f"{what} and cannot show this change in time. Choose a measure of symptoms, or Count."
