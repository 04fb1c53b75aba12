"""Somebody who signs has no credential.

Why it matters: a signature counts by the credential that stands beside it.
Example:
    [[staff]]
    staff_id = "JR"
    credential = ""
Use instead:
    [[staff]]
    staff_id = "JR"
    credential = "LCSW"
Source: CGS signature guidelines; Centene record policy
"""
