"""Faults planted in good plans: to learn to find them, and to see that `plankit check` finds each of them.

`toolkit.practice.faults` lists the faults, `toolkit.practice.planting` makes them.
"""

from toolkit.practice.faults import Fault, faults
from toolkit.practice.planting import Plan, Site, judge, plans, planted, sites

__all__ = ["Fault", "Plan", "Site", "faults", "judge", "plans", "planted", "sites"]
