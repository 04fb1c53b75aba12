"""The families of rules: what the letters of a code stand for, and which codes a prefix means."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

FAMILIES: Mapping[str, str] = {
    "WB": "The workbook's form",
    "RQ": "Required answers",
    "MN": "Medical necessity",
    "GT": "The golden thread",
    "SM": "Objectives",
    "CP": "Services and codes",
    "PC": "In the client's words",
    "OM": "Outcome measures",
    "RK": "Risk",
    "RV": "Reviews",
    "DC": "Discharge",
    "DL": "Delivered care",
    "LOC": "Level of care",
    "TM": "Team and coordination",
    "SG": "Signers and dates",
    "CO": "Co-occurring conditions",
    "PR": "Priorities",
    "AD": "Adolescents",
    "TR": "Trauma",
    "ID": "Disability (IDD)",
    "CL": "Copies and boilerplate",
    "PV": "Privacy",
    "WV": "Waivers",
    "TP": "Templates",
    "PF": "The finished file",
    "WR": "Writing files",
}
"""What a family is called, by the letters of its codes, in the order in which they are listed."""


def family(code: str) -> str:
    """Return the letters of a rule's code: ``SM`` of ``SM004``."""
    return code.rstrip("0123456789")


def by_family(codes: Iterable[str]) -> dict[str, list[str]]:
    """Return ``codes`` by their families, those that are called something first."""
    found: dict[str, list[str]] = {name: [] for name in FAMILIES}
    for code in codes:
        found.setdefault(family(code), []).append(code)
    return {name: several for name, several in found.items() if several}


def is_chosen(code: str, select: Iterable[str], ignore: Iterable[str]) -> bool:
    """Tell whether ``code`` is among what prefixes ``select``, and none that says more of it takes away (``ignore``).

    Where nothing is selected, all is.
    """
    wanted, unwanted = list(select) or [""], list(ignore)
    taken, left = (
        max((len(prefix) for prefix in prefixes if code.startswith(prefix)), default=-1)
        for prefixes in (wanted, unwanted)
    )
    return taken > left
