"""The family's view is missing from the review, and why they were not asked.

Why it matters: a plan for a minor is reviewed with those who live with the minor; an invitation or the reason for none
    is what shows it.
Example:
    pack = "adolescent"
    discharge = []
    outcomes = []
    aftercare = []
    [[progress]]
    review_date = "12/08/2025"
    [[progress]]
    review_date = "12/08/2025"
    [[progress]]
    review_date = "12/08/2025"
    [[review]]
    date = "12/08/2025"
    family_view = ""
Use instead:
    [[review]]
    family_view = "Mother, by telephone: mornings are calmer, she leaves on time four days of five."
Source: Montana ARM PRTF treatment requirements; Mississippi Rule 23-207-4.9; HealthBridge 2026
"""
