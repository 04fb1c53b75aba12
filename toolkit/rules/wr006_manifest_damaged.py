"""The list of the files that were made, manifest.json, could not be read whole.

Why it matters: without it nobody knows which files were edited, so files that it does not name are left alone.
Example:
    manifest.json cut off by a full disk
Use instead:
    nothing: the next run writes a new one; the damaged one is in the folder superseded
Source: our own
Level: warning
Waivable: no
"""
