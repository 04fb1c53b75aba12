"""The plan in the person’s own plain words is missing.

Why it matters: a plan that cannot be understood is not that person’s plan.
Example:
    pack = "idd"
    [idd]
    plain_language = ""
Use instead:
    [idd]
    plain_language = "I see Ana on Tuesday. I use my card when it is noisy."
Source: MaineCare 144-101-I-6; ICI Impact 38-3
"""
