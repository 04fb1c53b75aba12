"""This file ensures that every required answer of every population and document is missed once, at its cell."""

from functools import partial

import pytest
from judging import (
    SHELF,
    compose,
    errors,
    followed_up,
    judge,
    place_of,
    record,
    required,
    sample,
    without,
)

from toolkit.model import CLIENT_ID


def refused(tables):
    """Return ``tables`` with a reason in place of aftercare."""
    reason = {"aftercare_refused_reason": "Will call the clinic when it comes back"}
    return {**tables, "aftercare": [], "discharge": {**tables["discharge"], **reason}}


def staff_named(tables):
    """Return the ids of the members of staff whom the record names."""
    rows = [row for name, rows in record(tables).rows.items() if name != "staff" for row in rows]
    return {row.get(item.name) for row in rows for item in row.section.fields if item.refers == "staff"}


WHOLE = {
    **{
        f"{pack} {record['client']['id']}": partial(sample, record["client"]["id"], pack)
        for pack, shelved in SHELF.packs.items()
        for record in shelved.samples()["records"]
    },
    "review and discharge": lambda: followed_up(sample()),
    "discharge without aftercare": lambda: refused(followed_up(sample())),
    **{f"review and discharge, {pack}": partial(lambda pack: followed_up(sample(pack=pack)), pack)
       for pack in ("adolescent", "trauma", "idd")},
}  # fmt: skip


@pytest.mark.parametrize("name", WHOLE)
def test_a_deleted_required_answer_is_one_error_at_its_cell_with_its_code(name):
    tables = WHOLE[name]()
    assert errors(judge(tables)) == []
    working = staff_named(tables)
    wrong = {}
    for item, number in required(tables):
        if item.section == "staff" and tables["staff"][number]["staff_id"] not in working:
            continue
        found = judge(without(tables, item, number))
        told = [(one.code, one.place) for one in errors(found)]
        held = any(case.status == "draft" for case in found.cases)
        if told != [(item.code, place_of(tables, item, number))] or not (held or item.path.endswith(".date")):
            wrong[item.path] = told, held
    assert wrong == {}


def test_every_required_field_is_deleted_by_some_test():
    tried = {item.path for make in WHOLE.values() for item, _ in required(make())}
    everything = compose(tuple(SHELF.packs)).fields.values()
    wanted = {item.path for item in everything if item.required and not item.one_row}
    assert wanted - tried == {CLIENT_ID}
