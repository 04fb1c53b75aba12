"""Processing begins, and nothing is said of dissociation.

Why it matters: who loses time in session needs another pace; a short screen, or what was watched for, is enough.
Example:
    pack = "trauma"
    [trauma]
    dissociation_screen = ""
Use instead:
    [trauma]
    dissociation_screen = "No lost time on the DES of 09/08/2025; the pace stays as in the manual"
Source: ISTSS 2012
Level: info
Documents: treatment_plan
"""


def check(trauma):
    if trauma.phase == "processing" and trauma.get("dissociation_screen") is None:
        yield (
            "dissociation_screen",
            "is blank, and processing has begun. Say how it was looked for, with what result.",
        )
