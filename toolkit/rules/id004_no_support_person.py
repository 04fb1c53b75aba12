"""No support person is named, and no reason is given.

Why it matters: what is practiced in session has to be carried into the day by somebody.
Example:
    pack = "idd"
    [idd]
    supports = ""
    no_supports_reason = ""
Use instead:
    [idd]
    no_supports_reason = "Lives alone and wants it so; reminders by phone"
Source: Dagnan 2023
"""
