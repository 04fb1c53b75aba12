"""An intervention is not fitted to the person.

Why it matters: a method that was made for others has to be changed in a way that can be named.
Example:
    pack = "idd"
    [[interventions]]
    intervention = "1"
    modification = ""
Use instead:
    [[interventions]]
    intervention = "1"
    modification = "Two columns of pictures in place of the thought record"
Source: HealthBridge 2026; Dagnan 2023
"""
