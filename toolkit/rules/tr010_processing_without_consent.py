"""Processing is planned, and consent to it is missing.

Why it matters: what it is, what it asks and how to stop has to be explained first.
Example:
    pack = "trauma"
    [trauma]
    phase = "processing"
    no_processing_reason = ""
    processing_consent = ""
Use instead:
    [trauma]
    processing_consent = "Explained with a sheet on 05/04/2026; she agreed and raises a hand to stop"
Source: SAMHSA 2014
Waivable: no
"""
