"""This file ensures that what is held packed comes out as it went in, and that sorting in parts is sorting."""

import errno
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from toolkit import packed
from toolkit.errors import WriteError
from toolkit.model import Chosen, Finding, Place, Score, Signer
from toolkit.packed import Packed, Part, dumps, loads, ordered

FINDING = Finding("SM004", "error", "is blank.", Place("Goals", "A2"), "0042", show={"typed": "ä\n"}, documents=("a",))


@pytest.mark.parametrize(
    "value",
    [FINDING, (FINDING, FINDING), Signer("client", "Client"), Score("12", Decimal(12)), Chosen("op", "Outpatient"),
     date(2026, 8, 1), {"a": [None, 1, b"x"]}, ValueError("one sentence")],
    ids=lambda value: type(value).__name__,
)  # fmt: skip
def test_a_value_comes_out_as_it_went_in(value):
    again = loads(dumps(value))
    assert type(again) is type(value) and repr(again) == repr(value)


@pytest.mark.parametrize("count", [0, 1, 127, 4095, 4096, 4097, 4352, 5000])
def test_a_packed_list_is_the_same_list(count):
    items = [replace(FINDING, record=str(number)) for number in range(count)]
    held = Packed(items)
    assert list(held) == items and len(held) == count and bool(held) == bool(items)
    assert held == items and held == tuple(items) and held != [*items, FINDING]
    assert count < 2 or (held[-1], held[1], held[:2]) == (items[-1], items[1], items[:2])
    with pytest.raises(IndexError):
        held[count]


def test_what_is_put_aside_in_a_file_is_the_same_list(monkeypatch):
    monkeypatch.setattr(packed, "_HELD", 100)
    items = [replace(FINDING, record=str(number)) for number in range(1_000)]
    held = Packed(items, few=256)
    both = list(zip(held, held, strict=True))  # two go through it at a time
    held.append(FINDING)
    assert both == list(zip(items, items, strict=True)) and held == [*items, FINDING]
    assert list(ordered(reversed(held), lambda one: one.record)) == sorted(
        [*items, FINDING], key=lambda one: one.record
    )


def test_no_room_for_it_is_one_sentence(monkeypatch):
    def full(*_):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(packed.SpooledTemporaryFile, "write", full)
    with pytest.raises(WriteError, match=r"There is no room .*: No space left on device\. Make room there"):
        Packed(range(4_096))


def test_a_part_holds_what_belongs_to_it():
    part = Part(Packed(range(1_000)), lambda number: number % 10 == 3)
    assert len(part) == 100 and part[1] == 13 and part[:2] == [3, 13] and part == range(3, 1_000, 10)
    assert not Part([1], lambda number: number > 1)


@given(st.lists(st.tuples(st.integers(0, 5), st.integers()), max_size=60))
def test_sorting_in_parts_is_sorting(items):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(packed, "_FEW", 10)
        patch.setattr(packed, "_RUN", 7)
        assert list(ordered(items, lambda item: item[0])) == sorted(items, key=lambda item: item[0])
