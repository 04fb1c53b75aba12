"""A total is typed for a measure that has none.

Why it matters: some measures are scored by subscales only; their sum means nothing.
Example:
    [[objectives]]
    objective = "1a"
    statement = "Outbursts at home become rarer, rated by his wife"
    measure = "ABC-2"
    baseline = 40
    target = 20
Use instead:
    [[objectives]]
    objective = "1a"
    measure = "PHQ-9"
    baseline = 19
    target = 9
Source: Aberrant Behavior Checklist, Encyclopedia of Autism Spectrum Disorders
Level: warning
Documents: treatment_plan
"""


def check(objective, measures):
    measure = measures.get(objective.measure)
    if measure and not measure.total_score_valid:
        said = objective.statement.casefold()
        if objective.baseline and not any(part.name.casefold() in said for part in measure.subscales):
            yield "measure", "has no total score. Name the subscale in {statement}, and type its score."
