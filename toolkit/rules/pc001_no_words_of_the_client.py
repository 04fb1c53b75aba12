"""No goal is in the client’s own words.

Why it matters: at least one goal should show what the client wants, as the client says it.
Example:
    [[goals]]
    goal = "1"
    client_words = ""
    [[goals]]
    goal = "2"
    client_words = ""
Use instead:
    [[goals]]
    goal = "1"
    client_words = "I want to get up when the alarm goes."
Source: CARF 2.C; HealthBridge 2026
"""
