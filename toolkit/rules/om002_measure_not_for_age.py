"""A measure was not made for the client's age.

Why it matters: norms and cut-offs hold for the ages that were studied; an adult scale given to a child proves little.
Example:
    [client]
    date_of_birth = "03/14/1979"
    [[objectives]]
    objective = "1a"
    measure = "PHQ-A"
Use instead:
    [[objectives]]
    objective = "1a"
    measure = "PHQ-9"
Source: Joint Commission CTS.03.01.09
Level: warning
Documents: treatment_plan
"""


def check(objective, client, measures):
    measure = measures.get(objective.measure)
    if measure is None:
        return
    too_young = measure.age_min is not None and client.age < measure.age_min
    too_old = measure.age_max is not None and client.age > measure.age_max
    if too_young or too_old:
        yield "measure", "was not made for this client’s age. Choose one that was, or say why this one is used."
