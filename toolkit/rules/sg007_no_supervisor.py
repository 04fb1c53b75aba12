"""A clinician who does not practice independently has no supervisor.

Why it matters: the supervisor signs with the trainee, so the plan has to know who that is. Which license needs one is
    our list; where we know that a state says otherwise (in Michigan an LMSW works alone, in Ohio an LPC does not), the
    state in the clinic’s address decides.
Example:
    [[staff]]
    staff_id = "JR"
    credential = "LMSW"
Use instead:
    [[staff]]
    staff_id = "JR"
    supervisor = "MK"
Source: OAC 5122-27-03; Colorado Medicaid chart audit
"""
