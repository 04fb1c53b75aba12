"""A review does not say why treatment goes on.

Why it matters: what remains of symptoms and losses, and what gain is still to be expected, carries the next weeks.
Example:
    [[review]]
    continued_need = ""
Use instead:
    [[review]]
    continued_need = "He still misses one shift a week and wakes at four; we expect full weeks by October."
Source: Optum level of care guidelines; Mozu 2026
"""
