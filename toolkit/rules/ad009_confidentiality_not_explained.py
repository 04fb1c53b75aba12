"""What stays private and where that ends is missing.

Why it matters: young person and parent have to know before they speak what will be passed on.
Example:
    pack = "adolescent"
    [adolescent]
    confidentiality = ""
Use instead:
    [adolescent]
    confidentiality = "Attendance is shared; what is said is not, unless somebody is in danger"
Source: 45 CFR 164.502(g)(3); 42 CFR 2.14
"""
