"""This file ensures that what another process does comes back whole, and is done here where that one cannot."""

import os
import signal
import subprocess
import sys
import threading
import time
from functools import partial
from pathlib import Path

import pytest

from tests.tables import DEFINITIONS, workbook
from toolkit import __version__, beside, intake
from toolkit.errors import ReadError
from toolkit.model import Fact, Place

forks = pytest.mark.skipif(not beside.can_fork(), reason="this system has no other processes to give work to")


@pytest.fixture(autouse=True)
def two_processors(monkeypatch):
    monkeypatch.setattr(beside, "processors", lambda: 2)


@forks
def test_what_another_process_found_comes_back_whole():
    found = [Fact("error_cell", Place("Plan", "C7", file=2), show={"typed": "#N/A <é>"}), "x" * 3_000_000, os.getpid()]
    with beside.begun(lambda: [*found[:2], os.getpid()]) as given:
        *same, process = given()
    assert same == found[:2]
    assert process != os.getpid()


@forks
def test_what_it_refuses_is_refused_here_in_its_own_words():
    def refused():
        raise ReadError("clients.xlsx is damaged.")

    with beside.begun(refused) as given, pytest.raises(ReadError, match=r"^clients\.xlsx is damaged\.$"):
        given()


@forks
def test_what_a_process_that_died_had_to_do_is_done_here():
    here = os.getpid()

    def dies():
        if os.getpid() != here:
            os.kill(os.getpid(), signal.SIGKILL)
        return "done"

    with beside.begun(dies) as given:
        assert given() == "done"


@forks
def test_what_goes_wrong_unexpectedly_there_goes_wrong_here_where_it_can_be_told():
    with beside.begun(lambda: 1 / 0) as given, pytest.raises(ZeroDivisionError):
        given()


def test_with_one_processor_the_work_is_done_here(monkeypatch):
    monkeypatch.setattr(beside, "processors", lambda: 1)
    with beside.begun(os.getpid) as given:
        assert given() == os.getpid()


@pytest.mark.parametrize("least", [0, 10_000_000])
def test_a_large_workbook_read_elsewhere_is_the_same(tmp_path, monkeypatch, least):
    monkeypatch.setattr(intake, "_LARGE", least)
    path = tmp_path / "clients.xlsx"
    path.write_bytes(
        workbook("""
        ## Clients
        | Client id | Legal name |
        | 0042      | José Uez   |
        """)
    )
    with intake.begin(path) as rest:
        begun = rest(DEFINITIONS)
    read = intake.read(path, DEFINITIONS)
    assert list(begun) == list(read)
    assert (begun.facts, begun.inputs, begun.sheets) == (read.facts, read.inputs, read.sheets)


@pytest.mark.parametrize("data", [None, b"", b"PK damaged", b"%PDF-1.7"])
def test_what_cannot_be_read_is_told_when_it_is_asked_for(tmp_path, monkeypatch, data):
    monkeypatch.setattr(intake, "_LARGE", 0)
    path = tmp_path / "clients.xlsx"
    if data is not None:
        path.write_bytes(data)
    told = []
    with intake.begin(path) as rest:
        for read in (rest, partial(intake.read, path)):
            with pytest.raises(ReadError) as error:
                read(DEFINITIONS)
            told.append(str(error.value))
    assert told[0] == told[1]


def test_the_command_is_also_a_module():
    said = subprocess.run([sys.executable, "-m", "toolkit", "--version"], capture_output=True, text=True, check=True)
    assert said.stdout == f"plankit, version {__version__}\n"


@forks
def test_nobody_is_left_at_work_where_it_is_never_asked_for():
    with beside.begun(lambda: time.sleep(99)):
        pass
    with pytest.raises(ChildProcessError):
        os.waitpid(-1, os.WNOHANG)


@forks
def test_where_there_is_no_room_for_another_process_the_work_is_done_here(monkeypatch):
    def none(run):
        raise BlockingIOError

    monkeypatch.setattr(beside, "forked", none)
    with beside.begun(os.getpid) as given:
        assert given() == os.getpid()


def test_of_lines_that_may_be_very_many_only_the_beginning_is_looked_at_first(tmp_path, monkeypatch):
    monkeypatch.setattr(intake, "_LARGE", 0)
    path = tmp_path / "clients.jsonl"
    path.write_text('{"client": {"id": "0042"}}\n')
    monkeypatch.setattr(Path, "read_bytes", lambda path: pytest.fail("all of it was read at once"))
    with intake.begin(path) as rest:
        assert [record.id for record in rest(DEFINITIONS)] == ["0042"]


def test_who_stops_the_command_while_it_loads_sees_one_sentence():
    script = """
import sys
from toolkit.__main__ import main

class Stopped:
    def find_spec(self, name, path=None, target=None):
        if name == "toolkit.cli":
            raise KeyboardInterrupt

sys.meta_path.insert(0, Stopped())
main()
"""
    run = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True)
    assert (run.returncode, run.stderr) == (130, "Error: Stopped before anything was done.\n")


@pytest.fixture
def ctrl_c():
    """The answer to Ctrl-C that Python begins with, also where the tests run unattended and it is ignored."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield signal.default_int_handler
    signal.signal(signal.SIGINT, before)


def test_ctrl_c_pressed_again_does_not_break_into_the_leaving():
    script = """
import signal, sys, toolkit.__main__ as command
from toolkit import cli

def pressed():
    try:
        signal.raise_signal(signal.SIGINT)
    finally:
        signal.raise_signal(signal.SIGINT)
        sys.stderr.write("left\\n")

cli.main = pressed
try:
    command.main()
except KeyboardInterrupt:
    sys.exit(130)
"""
    script = f"import signal\nsignal.signal(signal.SIGINT, signal.default_int_handler)\n{script}"
    run = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True)
    assert (run.returncode, run.stderr) == (130, "left\n")


@forks
def test_ctrl_c_at_the_moment_of_a_fork_is_not_swallowed(ctrl_c):
    pressed = [True]

    def press():
        if pressed:
            pressed.clear()
            signal.raise_signal(signal.SIGINT)

    os.register_at_fork(after_in_parent=press)  # as logging has one, in which Python would ignore it
    with pytest.raises(KeyboardInterrupt):
        beside.forked(lambda: time.sleep(60))
    assert signal.getsignal(signal.SIGINT) is ctrl_c
    with pytest.raises(ChildProcessError):
        os.waitpid(-1, os.WNOHANG)


def test_beside_other_threads_nothing_is_forked():
    told, done = [], threading.Event()
    worker = threading.Thread(target=lambda: (told.append(beside.can_fork()), done.wait()))
    worker.start()
    assert not beside.can_fork()
    done.set()
    worker.join()
    assert told == [False]


@forks
@pytest.mark.parametrize("arguments", [">&-", "2>&-", ">&- 2>&-"])
def test_closed_streams_stop_nobody(tmp_path, arguments):
    path = tmp_path / "clients.jsonl"
    path.write_bytes(b"{}\n" * 2)
    make = f"{sys.executable} -m toolkit make {path} -o {tmp_path / 'out'} --jobs 2 {arguments}"
    found = subprocess.run(["sh", "-c", make], capture_output=True, check=False)
    assert found.returncode == 1 and (tmp_path / "out" / "report.xlsx").exists()
    assert b"expect" not in found.stderr


@forks
def test_whoever_started_the_command_may_forget_ended_processes():
    before = signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    try:
        with beside.begun(lambda: 7) as given:
            assert given() == 7
    finally:
        signal.signal(signal.SIGCHLD, before)
