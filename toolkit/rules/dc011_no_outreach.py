"""Contact was lost, and no attempt to reach the client is recorded.

Why it matters: before a file is closed somebody has to have called or written.
Example:
    [discharge]
    kind = "lost_contact"
Use instead:
    [discharge]
    outreach = ["Called 09/01/2026, letter 09/05/2026"]
Source: Montana discharge summary rule
"""
