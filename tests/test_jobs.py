"""This file ensures that several processes give what one gives, however one of them ends, in memory that stays flat."""

import itertools
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from test_batch import TODAY, Clinic, changes, codes, files, snapshot

from toolkit import batch, demo, intake, shelf
from toolkit.batch.folder import JOURNAL, TEMPORARY, Folder, write_whole
from toolkit.batch.jobs import FEW, FEW_AS_PDF, jobs_for, worked
from toolkit.errors import ReadError, TemplateError, WriteError
from toolkit.model import Batch, Record

ROOT = Path(__file__).parent.parent
SHELF = shelf.load()
pytestmark = pytest.mark.skipif(not hasattr(os, "fork") or sys.platform == "darwin", reason="one process here")


def clients(path, count):
    """Write ``count`` clients as JSON Lines, the samples in turn; one id stands twice, some lack an answer."""
    samples = demo.samples(SHELF)
    shared = {name: samples[name] for name in ("clinic", "staff")}
    plans = [record for record in samples["records"] if record["client"]["id"] in ("0041", "0042", "0043")]
    with path.open("w", encoding="utf-8") as file:
        for number in range(count):
            record = {key: value for key, value in plans[number % 3].items() if key not in ("review", "discharge")}
            client = {**record["client"], "id": f"{number % (count - 1):05}"}
            if number % 7 == 3:
                del client["legal_name"]
            file.write(f"{json.dumps({**record, 'client': client, **shared}, default=str)}\n")
    return path


def told(outcome):
    return list(outcome.results), list(outcome.findings), outcome.records, outcome.summary()


# --- the same from several processes as from one -------------------------------------------------------------------


def test_several_processes_write_the_same_bytes_and_tell_the_same(tmp_path):
    source = clients(tmp_path / "clients.jsonl", 12)
    runs = []
    for jobs in (1, 2):
        batch_ = intake.read(source, SHELF.all())
        out = tmp_path / f"out{jobs}"
        first = told(batch.make(batch_, SHELF, out, today=TODAY, jobs=jobs, draft=True))
        made = {path.relative_to(out): path.read_bytes() for path in out.rglob("*") if path.is_file()}
        before = snapshot(out)
        second = told(batch.make(batch_, SHELF, out, today=TODAY, jobs=jobs, draft=True))
        assert snapshot(out) == before
        runs.append((made, first, second, told(batch.judge(batch_, SHELF, today=TODAY, jobs=jobs))))
    assert len(runs[0][0]) == 13 and {"WB014", "WR005"} <= {finding.code for finding in runs[0][1][1]}
    assert runs[0] == runs[1]


@pytest.mark.parametrize("jobs", [2, 3, 9])
def test_what_changed_is_made_again_and_what_someone_edited_is_kept_by_several_processes_too(tmp_path, jobs):
    clinic = Clinic(a={"plan": "one"}, b={"plan": "!two"}, c={"plan": "three"}, d={"plan": "four"}, e={"plan": "5"})
    clinic.make(tmp_path, draft=True, jobs=jobs)
    (tmp_path / "c/plan.docx").write_text("signed")
    (tmp_path / "d/plan.docx").unlink()
    clinic.clients |= {"a": {"plan": "!one"}, "b": {"plan": "two"}}
    clinic.printed.clear()
    outcome = clinic.make(tmp_path, draft=True, jobs=jobs)
    assert files(tmp_path) == {
        "a/plan-DRAFT.docx": "!one DRAFT", "b/plan.docx": "two", "c/plan.docx": "signed", "d/plan.docx": "four",
        "e/plan.docx": "5", "superseded/a/plan.docx": "one", "superseded/b/plan-DRAFT.docx": "!two DRAFT",
    }  # fmt: skip
    assert {(one.record, one.change) for one in outcome.results if one.change != "superseded"} == {
        ("a", "made"), ("b", "made"), ("c", "kept"), ("d", "made"), ("e", "unchanged"),
    }  # fmt: skip
    assert ("e", "plan") not in clinic.printed


def test_ids_that_differ_in_case_alone_get_the_same_folders_from_several_processes(tmp_path):
    several = {name: {"plan": name} for name in ("ab", "AB", "Ab", "aB", "x")}
    Clinic(**several).make(tmp_path / "one", jobs=1)
    Clinic(**several).make(tmp_path / "two", jobs=2)
    assert files(tmp_path / "one") == files(tmp_path / "two") and len(files(tmp_path / "one")) == 5


def test_of_two_reviews_of_one_day_none_is_lost_by_several_processes(tmp_path):
    for _ in range(2):
        clinic = Clinic(a={"review 2026-08-01": "one", "review 2026-08-01 ": "two"}, b={"plan": "three"})
        outcome = clinic.make(tmp_path, jobs=2)
        assert files(tmp_path) == {"a/review-2026-08-01.docx": "one", "b/plan.docx": "three"} and outcome.holds


def test_a_wrong_template_stops_several_processes_where_it_stops_one(tmp_path):
    clinic = Clinic(**{name: {"plan": name} for name in "abcdef"})
    clinic.raises = {"d": TemplateError("adult/plan.docx, paragraph 3: this tag is not closed.")}
    for jobs in (1, 2):
        with pytest.raises(TemplateError, match="paragraph 3"):
            clinic.make(tmp_path / f"{jobs}", jobs=jobs)
    assert (
        set(files(tmp_path / "1")) - {JOURNAL}
        == set(files(tmp_path / "2")) - {JOURNAL}
        == {f"{name}/plan.docx" for name in "abc"}
    )


@pytest.mark.parametrize("jobs", [1, 2])
def test_lines_that_somebody_changes_meanwhile_stop_the_run(tmp_path, jobs):
    source = clients(tmp_path / "clients.jsonl", 6)
    several = intake.read(source, SHELF.all())
    source.write_text("".join(f"{line}\n" for line in [*source.read_text().splitlines()[:4], "{", "{}"]))
    with pytest.raises(ReadError, match="was changed while it was read"):
        batch.judge(several, SHELF, today=TODAY, jobs=jobs)


def named(record):
    """Work on a record: two steps, of which the second gives its id."""
    yield
    return record.id


def test_every_record_comes_once_and_in_order_whatever_the_number_of_processes():
    for count in (*range(6), 200):
        several = Batch([Record(str(number), {}) for number in range(count)])
        for jobs in range(1, 5):
            assert list(worked(several, named, jobs)) == [str(number) for number in range(count)]


def test_each_step_is_done_for_a_block_and_the_first_record_before_there_are_other_processes():
    done = []

    def work(record):
        done.append(("one", record.id, os.getpid()))
        yield
        done.append(("two", record.id, os.getpid()))
        return done[:2]

    several, here = Batch([Record(str(number), {}) for number in range(41)]), os.getpid()
    assert len(list(worked(several, work, 1))) == 41
    assert [step for step, *_ in done[2:18]] == ["one"] * 8 + ["two"] * 8
    assert [number for step, number, _ in done if step == "one"] == [str(number) for number in range(41)]
    done.clear()
    assert list(worked(several, work, 2)) == [[("one", "0", here), ("two", "0", here)]] * 41


@pytest.mark.parametrize("jobs", [1, 2, 3])
@pytest.mark.parametrize(
    ("late", "early", "unreadable", "told"),
    [(27, 29, 50, 27), (29, 27, 50, 27), (27, None, 29, 27), (None, None, 29, 29)],
)
def test_of_several_that_stop_the_run_in_one_block_the_first_is_told(jobs, late, early, unreadable, told):
    def numbered(number):
        if number == unreadable:
            raise ReadError(str(number))
        return [Record(str(number), {})]

    class Lines:
        def portions(self, numbers):
            return map(numbered, itertools.takewhile(lambda number: number < 60, numbers))

    def work(record):
        number = int(record.id)
        if number == early:
            raise TemplateError(record.id)
        yield
        if number == late:
            raise TemplateError(record.id)
        return number

    given = []
    with pytest.raises((ReadError, TemplateError), match=f"^{told}$"):
        given.extend(worked(Batch(Lines()), work, jobs))
    assert given == list(range(told))


@pytest.mark.parametrize("jobs", [1, 2])
def test_when_the_work_is_broken_off_no_other_process_is_left(jobs):
    several = Batch([Record(str(number), {}) for number in range(200)])
    working = worked(several, named, jobs)
    assert next(working) == "0" and next(working) == "1"
    working.close()
    with pytest.raises(ChildProcessError):
        os.waitpid(-1, os.WNOHANG)


def test_a_portion_that_takes_long_holds_up_the_others_only_for_a_while(tmp_path):
    begun = tmp_path / "begun"
    begun.touch()

    def work(record):
        if record.id == "1":
            until(lambda: begun.stat().st_size >= 20)
            time.sleep(0.3)
            return begun.stat().st_size
        with begun.open("a") as file:
            file.write(".")
        yield
        return record.id

    first, slow, *others = worked(Batch([Record(str(number), {}) for number in range(500)]), work, 2)
    assert first == "0" and slow < 60 and others == [str(number) for number in range(2, 500)]


def test_a_second_process_is_started_where_it_pays():
    several = Batch([Record(str(number), {}) for number in range(FEW)])
    assert jobs_for(Batch(several.records[1:])) == 1 and jobs_for(Batch(iter(several))) == 1
    assert jobs_for(several) == min(8, len(os.sched_getaffinity(0))) and jobs_for(several, 3) == 3
    assert jobs_for(Batch(several.records[:6]), few=FEW_AS_PDF) == jobs_for(several)


# --- however one of them ends --------------------------------------------------------------------------------------


@pytest.mark.parametrize("dies", ["b", "c", "e"])
def test_what_a_process_that_died_had_to_do_is_done_all_the_same(tmp_path, monkeypatch, dies):
    names = "abcdefghijklmnopqrst"  # after the first, the other process is given three blocks of two
    clinic = Clinic(**{name: {"plan": name} for name in names})
    parent, judge = os.getpid(), clinic.judge

    def dying(record, shared=()):
        if record.id == dies and os.getpid() != parent:
            (tmp_path / "died").touch()
            os.kill(os.getpid(), signal.SIGKILL)
        return judge(record, shared)

    monkeypatch.setattr(clinic, "judge", dying)
    outcome = clinic.make(tmp_path / "out", jobs=2)
    assert (tmp_path / "died").exists()
    assert files(tmp_path / "out") == {f"{name}/plan.docx": name for name in names}
    assert [one.record for one in outcome.results] == list(names) and codes(outcome) == []


@pytest.mark.parametrize("room", [0, 1, 3])
def test_where_there_is_no_room_for_more_processes_those_that_there_are_do_it_all(monkeypatch, room):
    records = [Record(str(number), {}) for number in range(60)]
    left, before = [None] * room, len(list(Path("/proc/self/fd").iterdir()))
    fork, pipe = os.fork, os.pipe

    def limited(make):
        def made():
            if not left:
                raise BlockingIOError(11, "Resource temporarily unavailable")
            left.pop()
            return make()

        return made

    monkeypatch.setattr("os.fork", limited(fork))
    assert list(worked(Batch(records), named, 4)) == [one.id for one in records]
    left = [None] * room
    monkeypatch.setattr("os.fork", fork)
    monkeypatch.setattr("os.pipe", limited(pipe))
    assert list(worked(Batch(records), named, 4)) == [one.id for one in records]
    assert len(list(Path("/proc/self/fd").iterdir())) == before


def long(record):
    yield
    return record.id * 10_000


def test_no_process_is_left_when_a_run_ends_before_its_end():
    several = Batch([Record(str(number), {}) for number in range(1_000)])
    done = worked(several, long, 3)
    assert next(done).startswith("0")
    done.close()
    with pytest.raises(ChildProcessError):
        os.waitpid(-1, os.WNOHANG)


def test_the_helpers_of_a_run_do_not_hold_its_folder(tmp_path):
    with Folder(tmp_path) as folder:
        process = os.fork()
        if not process:
            folder.leave()
            time.sleep(60)
            os._exit(0)
        with pytest.raises(WriteError, match="Another run"), Folder(tmp_path):
            pass
    with Folder(tmp_path):
        pass
    os.kill(process, signal.SIGKILL)
    os.waitpid(process, 0)


SLOW = """
import os, pathlib, signal, sys, time
signal.signal(signal.SIGINT, signal.default_int_handler)  # what runs in the background is started without
sys.path.insert(0, {tests!r})
from test_batch import Clinic
clinic = Clinic(**{{f"c{{n:02}}": {{"plan": f"text {{n}}"}} for n in range(40)}})
sheet = clinic.sheet
def slow(*arguments):
    time.sleep(0.2)
    return sheet(*arguments)
clinic.sheet = slow
print(os.getpid(), flush=True)
{call}
"""


def started(tmp_path, call):
    script = SLOW.format(tests=str(Path(__file__).parent), call=call)
    process = subprocess.Popen(
        [sys.executable, "-c", script], stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=ROOT, start_new_session=True
    )
    until(lambda: len(list((tmp_path / "out").rglob("*.docx"))) > 4)
    return process


def until(happened):
    for _ in range(600):
        if happened():
            return
        time.sleep(0.05)
    raise AssertionError("it did not happen")


def is_over(group):
    """Tell whether every process of the session ``group`` has ended."""
    try:
        os.killpg(group, 0)
    except ProcessLookupError:
        return True
    return False


def test_a_killed_run_leaves_no_helper_no_half_file_and_no_notes_and_the_next_completes(tmp_path):
    run = started(tmp_path, f"clinic.make(pathlib.Path({str(tmp_path / 'out')!r}), jobs=2)")
    os.kill(run.pid, signal.SIGKILL)
    run.communicate()
    until(lambda: is_over(run.pid))
    left = {path.name for path in (tmp_path / "out").rglob("*") if path.is_file()}
    assert left <= {"plan.docx", JOURNAL, TEMPORARY}
    clinic = Clinic(**{f"c{number:02}": {"plan": f"text {number}"} for number in range(40)})
    outcome = clinic.make(tmp_path / "out", jobs=2)
    assert codes(outcome) == [] and files(tmp_path / "out") == {
        f"c{number:02}/plan.docx": f"text {number}" for number in range(40)
    }
    assert {one[3] for one in changes(outcome)} == {"made", "unchanged"}


def test_ctrl_c_while_a_file_is_written_leaves_nothing_of_it(tmp_path, monkeypatch):
    def pressed(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr(Path, "replace", pressed)
    with pytest.raises(KeyboardInterrupt):
        write_whole(tmp_path / "plan.docx", [b"text"])
    assert not list(tmp_path.iterdir())


def test_ctrl_c_ends_all_processes_at_once(tmp_path):
    (tmp_path / "nobody.json").write_text('{"records": []}')
    call = f"""
from types import SimpleNamespace
from toolkit.cli import jobs, main
out = pathlib.Path({str(tmp_path / "out")!r})
make = lambda *arguments, **options: clinic.make(out, jobs=2)
jobs.batch = SimpleNamespace(FORMS=['docx'], load=lambda *arguments: None, make=make)
main(["make", {str(tmp_path / "nobody.json")!r}, "-o", str(out)])
"""
    run = started(tmp_path, call)
    os.killpg(run.pid, signal.SIGINT)
    _, error = run.communicate(timeout=60)
    assert run.returncode == 130 and error.decode().startswith("Error: Stopped before the end.")
    until(lambda: is_over(run.pid))


# --- memory --------------------------------------------------------------------------------------------------------

MEASURED = """
import pathlib, sys
sys.path.insert(0, {tests!r})
from test_batch import Clinic
clinic = Clinic(**{{f"{{n}}": {{"plan": f"{{'!' * (n % 3 == 0)}}text {{n}}"}} for n in range({count})}})
for _ in range(2):
    outcome = clinic.make(pathlib.Path({out!r}), draft=True)
    assert len(outcome.findings) == len(outcome.held) == ({count} + 2) // 3
print(pathlib.Path("/proc/self/status").read_text().partition("VmHWM:")[2].split()[0])
"""


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="the system does not tell")
def test_ten_times_the_clients_take_little_more_memory(tmp_path):
    used = []
    for count in (300, 3_000):
        script = MEASURED.format(tests=str(Path(__file__).parent), count=count, out=str(tmp_path / f"{count}"))
        done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, cwd=ROOT)
        assert done.returncode == 0, done.stderr
        used.append(int(done.stdout) / 1024)
    assert used[1] < 150 and used[1] - used[0] < 15, used
