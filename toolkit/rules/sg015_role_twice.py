"""Two rows of the sheet Signers are about the same place to sign.

Why it matters: each role has one line, so the name in the other row would stand in no document.
Example:
    [[signers]]
    role = "witness"
    name = "Marisol Núñez"
    [[signers]]
    role = "witness"
    name = "Dana Ferris"
Use instead:
    [[signers]]
    role = "witness"
    name = "Marisol Núñez"
    [[signers]]
    role = "team_1"
    label = "Second witness"
    name = "Dana Ferris"
Source: our own
Requires: Each place to sign is named once
Looks at: to_sign
Waivable: no
"""


def check(signers):
    roles = [row.get("role") for row in signers]
    for number, row in enumerate(signers):
        if row.get("role") is not None and row.get("role") in roles[:number]:
            yield (
                (row, "role"),
                "stands in an earlier row too, and there is one line for each. Delete one of the rows, or pick another "
                "role, such as a team member, with a line title of its own.",
            )
