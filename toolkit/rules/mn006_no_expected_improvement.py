"""It is not said what improvement is expected.

Why it matters: an audit found whole files of plans that were silent on it, and asked for the money back.
Example:
    [necessity]
    expected_improvement = ""
Use instead:
    [necessity]
    expected_improvement = "In 2017 the same approach brought him back to full shifts in five months."
Source: HHS OIG A-02-19-01012; Noridian MBPM 6-70.1; 42 CFR 410.43
"""
