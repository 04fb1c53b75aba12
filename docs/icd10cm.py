"""Write the diagnosis codes, `toolkit/reference/icd10cm.txt`, from the package simple-icd-10-cm; it must be there."""

import re
import warnings
from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path

FILE = Path(__file__).parent.parent / "toolkit/reference/icd10cm.txt"
AS_OF = "2026-04-01"
"""Since when the codes of that version hold; its release notes name the update."""
_TITLED = re.compile(r"F|G47|R|T7[46]|Z")  # what such plans bear; of the rest it is enough to exist


def lines() -> Iterator[str]:
    """Yield what the file holds: its head, then each code that a claim may bear, with its title where it is kept."""
    with warnings.catch_warnings(action="ignore", category=DeprecationWarning):  # it reads its data in an older way
        import simple_icd_10_cm as codes  # 2 to 3 seconds and 185 MB: the reason for the file
    year = int(AS_OF[:4]) + (AS_OF[5:7] >= "10")
    yield f"# ICD-10-CM FY {year} since {AS_OF}, from simple-icd-10-cm {version('simple-icd-10-cm')} by docs/icd10cm.py"
    leaves = {code for code in codes.get_all_codes(True) if re.match(r"[A-Z]\w\w(\.|$)", code) and codes.is_leaf(code)}
    for code in sorted(leaves):
        yield f"{code} {codes.get_description(code)}" if _TITLED.match(code) else code


if __name__ == "__main__":
    FILE.write_text("\n".join(lines()) + "\n", encoding="utf-8", newline="\n")
