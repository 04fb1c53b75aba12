"""This file ensures that the practice workbook holds the faults of its key and no other, and none when it is mended."""

import re
from html import unescape

import pytest
from click.testing import CliRunner
from judging import SHELF, TODAY, auditor, everything
from openpyxl import load_workbook

from toolkit import cli, intake
from toolkit.errors import ShelfError, WriteError
from toolkit.practice import book, faults
from toolkit.shelf import load


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """Give the folder that `plankit practice` makes."""
    made = tmp_path_factory.mktemp("practice") / "practice"
    done = CliRunner().invoke(cli.main, ["practice", "-o", str(made)])
    assert done.exit_code == 0, done.output
    return made


def found(path):
    batch = intake.read(path, everything())
    judges = auditor()
    shared = judges.batch(batch)
    own = [item for record in batch for item in judges.judge(record, shared).findings]
    return {(item.code, str(item.place)) for item in (*shared, *own)}


def test_the_key_names_what_is_found_in_the_workbook_and_nothing_else(folder):
    page = unescape((folder / book.KEY).read_text(encoding="utf-8"))
    lines = [re.findall("<td>(.*?)</td>", line) for line in page.splitlines() if line.startswith("<tr>")]
    key = {(code, place) for place, _, _, _, code in (line for line in lines if line)}
    assert key == found(folder / book.WORKBOOK)
    assert len(key) == book.FAULTS
    assert all(why and said for _, said, why, _, _ in (line for line in lines if line))


@pytest.mark.parametrize("seed", [book.SEED, 1])
def test_each_planted_fault_is_found_alone_and_the_mended_workbook_is_clean(tmp_path, seed):
    taken = book.chosen(SHELF, TODAY, seed)
    assert len(taken.plans) == book.CLIENTS and len(taken.sites) == book.FAULTS
    spoilt, mended = tmp_path / "spoilt.xlsx", tmp_path / "mended.xlsx"
    spoilt.write_bytes(book.workbook(SHELF, [row for plan in taken.plans for row in plan.rows]))
    mended.write_bytes(book.workbook(SHELF, [row for plan in taken.good for row in plan.rows]))
    assert sorted(code for code, _ in found(spoilt)) == sorted(site.code for site in taken.sites)
    assert found(mended) == set()


def test_the_same_seed_plants_the_same_faults_and_another_one_others(folder, tmp_path):
    for name, seed in (("same", book.SEED), ("other", book.SEED + 1)):
        book.run(SHELF, tmp_path / name, TODAY, seed)
    assert (tmp_path / "same" / book.WORKBOOK).read_bytes() == (folder / book.WORKBOOK).read_bytes()
    assert (tmp_path / "other" / book.WORKBOOK).read_bytes() != (folder / book.WORKBOOK).read_bytes()
    assert load_workbook(folder / book.WORKBOOK)["Clients"].max_row >= book.CLIENTS


def test_a_workbook_in_which_somebody_may_have_worked_is_not_overwritten(folder):
    before = (folder / book.WORKBOOK).read_bytes()
    with pytest.raises(WriteError, match="there already"):
        book.run(SHELF, folder, TODAY)
    assert (folder / book.WORKBOOK).read_bytes() == before


def test_faults_of_a_pack_that_cannot_be_used_are_told_by_file_and_name(tmp_path):
    pack = tmp_path / "templates" / "adult"
    pack.mkdir(parents=True)
    (pack / "faults.toml").write_text('[odd]\nsays = "A thing."\nat = "plan.date"\nputs = ""\n', "utf-8")
    with pytest.raises(ShelfError, match=r"adult/faults.toml: «odd»"):
        faults(load(tmp_path))
