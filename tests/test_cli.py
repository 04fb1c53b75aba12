"""This file ensures that the command line speaks in sentences, tells every fault of an input, and exits 0, 1 or 2."""

import copy
import errno
import io
import json
import os
import re
import shlex
import shutil
import stat
import subprocess
import sys
import zipfile
from pathlib import Path

import click
import docx
import openpyxl
import pytest
from click.testing import CliRunner

from toolkit import batch, cli, demo, intake, shelf
from toolkit.intake import blank
from toolkit.pdf import build


@pytest.fixture(scope="module")
def demonstration(tmp_path_factory):
    """Give the folder that `plankit demo` makes."""
    folder = tmp_path_factory.mktemp("demo") / "plankit-demo"
    assert CliRunner().invoke(cli.main, ["demo", "-o", str(folder)]).exit_code == 0
    return folder


@pytest.fixture
def demonstrated(demonstration, tmp_path):
    """Put what `plankit demo` makes where it would have made it."""
    shutil.copytree(demonstration, tmp_path / "plankit-demo")


def test_the_demonstration_shows_each_combination_in_word_and_as_pdf_and_says_what_it_holds(run, tmp_path):
    said = " ".join(run("demo").output.split())
    made = {path.relative_to(tmp_path / "plankit-demo" / "documents") for path in tmp_path.rglob("*/documents/*/*.*")}
    word, pdf = ({path.with_suffix("") for path in made if path.suffix == ending} for ending in (".docx", ".pdf"))
    without = word - pdf
    assert pdf < word and len(word) == 43 and {path.parent.name for path in without} == {"0055"} and len(without) == 2
    assert "18 clients: 43 documents ready to sign (43 made now), 2 held." in said
    assert "not as PDF: 2 of those that are ready" in said and "the line that ends in PF004 says why" in said
    readme = (demo.Path(__file__).parent.parent / "README.md").read_text(encoding="utf-8")
    command = "plankit make plankit-demo/clients.xlsx -o plankit-demo/documents --as docx,pdf"
    assert command in said.replace(os.sep, "/") and command in readme
    assert all(
        words in readme for words in ("eighteen made-up clients", "holds two plans", "two documents come in Word")
    )
    again = run("make", *command.split()[2:]).output
    assert "(43 unchanged)" in again and "print-all.pdf in the same folder" in again


def zipped(**members):
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as package:
        for name, data in members.items():
            package.writestr(name.replace("__", "/"), data)
    return file.getvalue()


OLE = bytes.fromhex("d0cf11e0a1b11ae1") + bytes(2000)
BAD_INPUTS = {
    "empty.xlsx": b"",
    "locked.xlsx": OLE + "EncryptedPackage".encode("utf-16-le"),
    "old.xls": OLE + "Workbook".encode("utf-16-le"),
    "really-a-pdf.xlsx": b"%PDF-1.7\n%%EOF",
    "truncated.xlsx": demo.workbook(shelf.load())[:9000],
    "bomb.xlsx": zipped(**{"[Content_Types].xml": "<a/>", "xl__worksheets__sheet1.xml": b" " * 600_000_000}),
    "notes.txt": b"some notes",
    "broken.json": b'{"records": [\n  {"client": {"id": "1"},,}\n]}',
    "list.json": b'"just a text"',
    "deep.json": b"[" * 100_000,
    "broken.jsonl": b'{"client": {"id": "1"}}\n{"client": \n',
}


@pytest.mark.parametrize("name", BAD_INPUTS)
@pytest.mark.parametrize("command", ["check", "make"])
def test_an_input_that_cannot_be_read_is_one_plain_sentence(run, tmp_path, name, command):
    (tmp_path / name).write_bytes(BAD_INPUTS[name])
    result = run(command, name, *(["-o", "out"] if command == "make" else []))
    told = result.stderr.strip()
    assert result.exit_code == 2, result.output
    assert told.startswith("Error: ") and "\n" not in told and told.endswith((".", "»")), told
    assert not re.search(r"Traceback|Exception|\binvalid\b|null\b|None\b|schema|regex", told), told
    if name.endswith((".json", ".jsonl")) and name.startswith("broken"):
        assert "line 2" in told
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("command", ["check", "make"])
def test_a_missing_input_is_one_plain_sentence(run, command):
    result = run(command, "nowhere.xlsx", *(["-o", "out"] if command == "make" else []))
    assert result.exit_code == 2
    assert "nowhere.xlsx" in result.stderr and len(result.stderr.strip().splitlines()) == 1


def test_an_output_folder_that_cannot_be_written_is_one_plain_sentence(run, demonstrated, tmp_path):
    (tmp_path / "blocked").write_text("a file where a folder should be")
    result = run("make", "plankit-demo/clients.xlsx", "-o", "blocked/out")
    assert result.exit_code == 2
    assert "blocked" in result.stderr and len(result.stderr.strip().splitlines()) == 1
    if os.geteuid() != 0:
        (tmp_path / "sealed").mkdir(mode=stat.S_IRUSR | stat.S_IXUSR)
        assert run("make", "plankit-demo/clients.xlsx", "-o", "sealed").exit_code == 2


def test_an_unknown_document_payer_rule_or_population_names_those_there_are(run, demonstrated):
    book = "plankit-demo/clients.xlsx"
    assert "treatment_plan" in run("check", book, "-d", "treatment_pln").stderr
    assert "default" in run("check", book, "--payer", "optm").stderr
    assert "SM006" in run("rule", "SM06").stderr
    assert "adult" in run("fields", "adlt").stderr


def test_a_new_workbook_never_overwrites(run, tmp_path):
    assert run("new", "-o", "clients.xlsx").exit_code == 0
    before = (tmp_path / "clients.xlsx").read_bytes()
    result = run("new", "-o", "clients.xlsx")
    assert result.exit_code == 2 and "is there already" in result.stderr
    assert (tmp_path / "clients.xlsx").read_bytes() == before


def test_the_first_help_begins_with_the_workbook_and_lists_commands_in_the_order_of_use(run):
    said = run("--help").output
    assert said.index("plankit new -o") < said.index("plankit check clients") < said.index("plankit make clients")
    listed = [line.split()[0] for line in said.partition("Commands:")[2].splitlines() if line.startswith("  ")]
    assert listed[:4] == ["demo", "new", "check", "make"]
    words = said + run("check", "--help").output + run("make", "--help").output
    assert "SARIF" not in words and "Exit code" not in words and "folder of workbooks" in words


def test_the_program_calls_itself_plankit_however_it_was_started():
    launched = [sys.executable, "-c", "from toolkit.cli import main; main()", "--help"]
    said = subprocess.run(launched, capture_output=True, text=True, encoding="utf-8", check=True).stdout
    assert said.startswith("Usage: plankit [OPTIONS]")


def test_a_blank_workbook_has_nothing_wrong_but_its_emptiness(run):
    run("new", "-o", "clients.xlsx")
    result = run("check", "clients.xlsx")
    assert result.exit_code in (0, 1) and "Traceback" not in result.output


@pytest.mark.parametrize("flags", [[], ["--adolescent"], ["--trauma", "--idd"], ["--full"], ["--one-client"]])
def test_every_form_of_the_blank_workbook_is_written_and_read_again(run, flags):
    assert run("new", *flags, "-o", "clients.xlsx").exit_code == 0
    assert run("check", "clients.xlsx").exit_code in (0, 1)


def test_findings_come_as_text_json_and_sarif(run, demonstrated):
    book = "plankit-demo/clients.xlsx"
    text = run("check", book)
    assert text.exit_code == 1 and re.search(r"^\S.*![A-Z]+\d+ · \S+ [A-Z.]+ · .+ [A-Z]{2}\d{3}$", text.stdout, re.M)
    assert json.loads(run("check", book, "--format", "json").stdout)
    sarif = json.loads(run("check", book, "--format", "sarif").stdout)
    assert sarif["version"] == "2.1.0" and sarif["runs"][0]["results"]


def test_settings_in_the_working_folder_are_defaults(run, demonstrated, tmp_path):
    (tmp_path / "plankit.toml").write_text('[check]\nformat = "json"\n')
    assert json.loads(run("check", "plankit-demo/clients.xlsx").stdout)
    (tmp_path / "plankit.toml").write_text("chekc = 1\n")
    assert run("packs").exit_code == 2


def test_the_commands_of_the_readme_run_as_printed(run):
    readme = (demo.Path(__file__).parent.parent / "README.md").read_text(encoding="utf-8")
    blocks = re.findall(r"```console\n(.*?)```", readme, re.DOTALL)
    lines = [part.strip() for block in blocks for line in block.splitlines() for part in line.split("&&")]
    typed = [shlex.split(line)[1:] for line in lines if line.startswith("plankit ")]
    assert len(typed) >= 5
    for arguments in typed:
        result = run(*arguments)
        assert result.exit_code in (0, 1), arguments
        assert result.exception is None or isinstance(result.exception, SystemExit), arguments


def commands(group=cli.main, path=()):
    for name, command in group.commands.items():
        if hasattr(command, "commands"):
            yield from commands(command, (*path, name))
        else:
            yield (*path, name), command


@pytest.mark.parametrize(
    ("path", "command"), list(commands()), ids=lambda item: " ".join(item) if isinstance(item, tuple) else ""
)
def test_every_command_has_help_an_example_and_a_place_in_the_readme(run, path, command):
    text = run(*path, "--help").output
    assert f"Example: plankit {' '.join(path)}" in re.sub(r"\s+", " ", text)
    readme = (demo.Path(__file__).parent.parent / "README.md").read_text(encoding="utf-8")
    assert f"plankit {' '.join(path)}" in readme
    assert all(option.help for option in command.params if isinstance(option, click.Option))


def test_a_packs_templates_are_built_with_a_brand(run, tmp_path):
    (tmp_path / "brand.toml").write_text('name = "Elm Clinic"\ncolor = "#204060"\n')
    assert run("template", "build", "adult", "--brand", "brand.toml", "--as", "docx", "-o", "built").exit_code == 0
    assert (tmp_path / "built" / "treatment_plan.docx").is_file()
    assert not list((tmp_path / "built").glob("*.pdf"))


@pytest.mark.skipif(not build.installed(), reason="NOT BUILT: WeasyPrint is missing, so no form was laid out")
def test_forms_are_built_beside_the_word_templates_or_alone(run, tmp_path):
    assert run("template", "build", "trauma", "-o", "both").exit_code == 0
    assert {path.name for path in (tmp_path / "both").iterdir()} == {
        "treatment_plan.docx", "plan_review.docx", "discharge_summary.docx", "supplement.docx", "supplement.pdf",
    }  # fmt: skip
    assert run("template", "build", "trauma", "--as", "PDF", "-o", "alone").exit_code == 0
    assert [path.name for path in (tmp_path / "alone").iterdir()] == ["supplement.pdf"]


def test_without_weasyprint_word_templates_are_built_and_forms_are_refused_in_one_sentence(run, tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "weasyprint", None)
    assert run("template", "build", "trauma", "-o", "word").exit_code == 0
    assert not list((tmp_path / "word").glob("*.pdf"))
    result = run("template", "build", "trauma", "--as", "pdf", "-o", "forms")
    assert result.exit_code == 2 and "WeasyPrint, which is not installed" in result.stderr
    assert not list((tmp_path / "forms").iterdir())


def test_a_workbook_without_clients_is_told(run):
    run("new")
    result = run("check", "clients.xlsx")
    assert result.exit_code == 1 and "No client was found" in result.stderr


@pytest.mark.parametrize(
    ("settings", "told"),
    [
        ("chekc = 1", "Did you mean check?"),
        ('[make]\npayr = "acme"', "Did you mean payer?"),
        ("shelf = 3", "sets «shelf»"),
        ("[make", "line 1, cannot be read there. A quote, a bracket"),
        ("make = 5", "sets «make»"),
        ("[make]\ndraft = []", "«draft» is not what it should be"),
        ("[make]\ndocument = 3", "«document» is not what it should be (a list in [ ])"),
        ("[make]\npayer = " + "9" * 5000, "cannot be read"),
        ("a = " + "[" * 5000, "cannot be read"),
    ],
)
def test_a_wrong_setting_is_told(run, tmp_path, settings, told):
    (tmp_path / "plankit.toml").write_text(settings)
    result = run("packs")
    assert result.exit_code == 2 and told in result.stderr


def test_a_level_of_care_is_found_by_code_or_name(run):
    assert run("new", "--level", "Intensive outpatient", "-o", "iop").exit_code == 0
    assert "IOP (Intensive outpatient" in run("new", "--level", "weekly", "-o", "x.xlsx").stderr
    assert "ends in .xlsx" in run("new", "-o", "clients.docx").stderr


@pytest.mark.parametrize("command", ["packs", "payers", "rules", "fields", "schema"])
def test_what_can_be_listed_is_listed(run, command):
    result = run(command)
    assert result.exit_code == 0 and result.stdout.strip()


def test_check_and_make_agree_where_a_population_has_no_template_yet(run, tmp_path):
    pack = tmp_path / "shelf" / "templates" / "deaf" / "pack.toml"
    pack.parent.mkdir(parents=True)
    pack.write_text(
        'title = "Deaf"\nkind = "overlay"\nwhen = "client.deaf == True"\n'
        '[[sections]]\nname = "client"\nextends = true\n[sections.fields.deaf]\nlabel = "Deaf"\nkind = "yes_no"\n'
    )
    tables = demo.samples(shelf.load())
    tables["records"] = tables["records"][:1]
    tables["records"][0]["client"]["deaf"] = "yes"
    (tmp_path / "one.json").write_text(json.dumps(tables, default=str))
    for command in ("check", "make"):
        result = run("--shelf", "shelf", command, "one.json")
        assert result.exit_code == 1 and "TP001" in result.stdout, result.output
        assert "1 held" in result.stderr


@pytest.mark.parametrize(
    "arguments",
    [
        ("check", ""), ("make", "", "-o", "out"), ("make", "x.xlsx", "-o", ""), ("new", "-o", ""), ("demo", "-o", ""),
        ("template", "build", "adult", "-o", ""), ("--shelf", "", "packs"),
    ],
)  # fmt: skip
def test_an_empty_name_is_one_sentence_and_nothing_is_written(run, tmp_path, arguments):
    result = run(*arguments)
    assert result.exit_code == 2 and result.stderr.startswith("Error: The name of the file or folder is empty"), result
    assert list(tmp_path.iterdir()) == []


def test_control_c_is_one_sentence_and_the_exit_code_that_shells_know(run, monkeypatch):
    def stop(*_, **__):
        raise KeyboardInterrupt

    monkeypatch.setattr("toolkit.cli.door.shelf.load", stop)
    result = run("packs")
    assert (result.exit_code, result.stdout) == (130, "")
    assert result.stderr == "Error: Stopped before the end. Run the same command again to do the rest.\n"


def test_a_file_of_a_folder_is_told_by_its_name_on_the_screen_and_nowhere_else(run, tmp_path):
    run("new", "--one-client", "-o", "folder.xlsx")
    (tmp_path / "intakes").mkdir()
    book = demo.workbook(shelf.load())
    (tmp_path / "intakes" / "Alma Reyes.xlsx").write_bytes(book)
    told = run("make", "intakes", "-o", "out")
    assert "Alma Reyes.xlsx Objectives!H8" in told.stdout
    for path in (tmp_path / "out").rglob("*"):
        assert "Alma Reyes.xlsx" not in path.name
    assert "Alma Reyes" not in (tmp_path / "out" / "manifest.json").read_text(encoding="utf-8")
    assert "Alma Reyes" not in run("check", "intakes", "--format", "sarif").stdout


def test_settings_may_be_saved_by_a_windows_editor_and_hold_a_date(run, demonstrated, tmp_path):
    (tmp_path / "plankit.toml").write_bytes(b"\xef\xbb\xbf[check]\ntoday = 2026-08-01\n")
    assert "No such" not in run("check", "plankit-demo/clients.xlsx").stderr
    assert run("check", "plankit-demo/clients.xlsx").exit_code == 1


def test_documents_never_go_among_the_clients_own_files(run, demonstrated, tmp_path):
    result = run("make", "plankit-demo", "-o", "plankit-demo")
    assert result.exit_code == 2 and "own files" in result.stderr
    assert not (tmp_path / "plankit-demo" / "manifest.json").exists()


def test_a_workbook_written_in_part_does_not_stay(run, tmp_path, monkeypatch):
    class Full(io.BytesIO):
        def write(self, data):
            raise OSError(errno.ENOSPC, "No space left on device")

    def full(path, mode="r", *more, **extra):
        if mode != "xb":
            return opened(path, mode, *more, **extra)
        opened(path, mode).close()
        return Full()

    opened = Path.open
    monkeypatch.setattr(Path, "open", full)
    result = run("new", "-o", "clients.xlsx")
    assert result.exit_code == 2 and "No space left" in result.stderr
    assert not (tmp_path / "clients.xlsx").exists()


def test_a_terminal_that_knows_few_characters_still_gets_its_answer():
    code = "import sys; from toolkit.cli import main; main(sys.argv[1:])"
    call = [sys.executable, "-c", code, "rule", "PC010"]
    told = subprocess.run(call, capture_output=True, env={**os.environ, "PYTHONIOENCODING": "cp437"}, check=True)
    assert b"PC010" in told.stdout


def test_a_fault_of_ours_is_one_sentence_without_a_value(run, monkeypatch):
    def fail(*_, **__):
        raise KeyError("Zebulon Quackenbush")

    monkeypatch.setattr("toolkit.cli.door.shelf.load", fail)
    result = run("packs")
    assert result.exit_code == 2 and "KeyError, test_cli.py line" in result.stderr
    assert "Zebulon" not in result.output and "Traceback" not in result.output


@pytest.mark.parametrize(
    ("fault", "told"),
    [
        (MemoryError(), "Error: This takes more memory than this computer has to give."),
        (OSError(errno.ENOSPC, "No space left on device"), "Error: There is no room for what this prints or writes."),
    ],
)
def test_a_full_memory_or_disk_is_a_sentence(run, demonstrated, monkeypatch, fault, told):
    def full(*given):
        raise fault

    monkeypatch.setattr("toolkit.cli.door.shelf.load", full)
    result = run("check", "plankit-demo/clients.xlsx")
    assert result.exit_code == 2 and result.stderr.startswith(told) and result.stderr.count("\n") == 1


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no device that is always full here")
@pytest.mark.parametrize("asked", ["--help", "rules", "check --help"])
def test_what_finds_no_room_to_be_printed_is_told(asked):
    call = [sys.executable, "-m", "toolkit", *asked.split()]
    with open("/dev/full", "w") as full:  # noqa: PTH123
        done = subprocess.run(call, stdout=full, stderr=subprocess.PIPE, text=True, cwd=Path(__file__).parent.parent)
    assert done.returncode == 2 and done.stderr.startswith("Error: There is no room for what this prints")
    assert "Traceback" not in done.stderr


def test_a_fault_in_a_clinics_template_names_part_place_and_words(run, demonstrated, tmp_path):
    document = docx.Document()
    document.add_paragraph("{{ client.legal_name }}")
    table = document.add_table(1, 2)
    table.cell(0, 1).text = "Goals: {% for goal in goals"
    (tmp_path / "shelf" / "templates" / "adult").mkdir(parents=True)
    document.save(tmp_path / "shelf" / "templates" / "adult" / "treatment_plan.docx")
    result = run("--shelf", "shelf", "make", "plankit-demo/clients.xlsx", "-o", "out")
    told = result.stderr.strip().splitlines()[-1]
    assert result.exit_code == 2 and told.startswith("Error: "), result.output
    assert "table 1" in told and "goal in goals" in told and "Traceback" not in result.output


def test_what_a_run_leaves_is_not_looked_through_when_all_is_done(demonstration):
    code = (
        "import atexit, gc, sys; atexit.register(lambda: print(gc.get_freeze_count() > 0, file=sys.stderr)); "
        "from toolkit.cli import main; main(sys.argv[1:])"
    )
    call = [sys.executable, "-c", code, "check", demonstration / "clients.xlsx"]
    done = subprocess.run(call, capture_output=True, text=True, cwd=Path(__file__).parent.parent)
    assert done.returncode == 1 and done.stderr.endswith("\nTrue\n")


def test_a_check_starts_without_the_engines_that_only_a_document_needs(demonstration):
    code = (
        "import sys; from toolkit.cli import main; main(sys.argv[1:], standalone_mode=False); "
        "sys.exit(repr({'docxtpl', 'docx', 'lxml', 'openpyxl', 'pydantic'} & set(sys.modules)))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, "check", demonstration / "clients.xlsx"],
        capture_output=True, text=True, encoding="utf-8", cwd=Path(__file__).parent.parent,
    )  # fmt: skip
    assert "held" in done.stderr and done.stderr.endswith("set()\n"), done.stderr


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("rule", "SM0004"), "There is no rule «SM0004». Did you mean SM004? See: plankit rules"),
        (
            ("new", "-d", "treatmentplan"),
            "There is no document «treatmentplan». Did you mean treatment_plan? There are:",
        ),
        (("new", "--level", "IOPP"), "There is no level of care «IOPP». Did you mean IOP? There are: OP (Outpatient"),
        (("template", "build", "adlt", "-o", "t"), "There is no population «adlt» on the shelf."),
        (
            ("template", "build", "adult", "--as", "pfd", "-o", "t"),
            "There is no kind of template «pfd». Did you mean pdf?",
        ),
    ],
)
def test_what_is_not_there_is_told_with_the_nearest_and_with_all_there_are(run, arguments, told):
    result = run(*arguments)
    assert result.exit_code == 2 and told in result.stderr


ACME = """
title = "Acme Health"
[levels]
SM006 = { level = "warning", why = "its form has no baseline", source = "Acme manual 4.2" }
SM008 = "info"
[[sections]]
name = "client"
extends = true
[sections.fields.pronouns]
required = ["treatment_plan"]
"""


def test_the_next_command_is_for_the_same_payers_waivers_and_shelf(run, demonstrated, tmp_path):
    (tmp_path / "my shelf" / "payers").mkdir(parents=True)
    (tmp_path / "my shelf" / "payers" / "acme.toml").write_text('title = "Acme Health"')
    waiver = '[[waivers]]\nclient_id = "{}"\ncode = "{}"\nreason = "A"\naccepted_by = "B"\nexpires = 2099-01-01\n'
    (tmp_path / "all.toml").write_text(waiver.format("0042", "SM004") + waiver.format("0044", "LOC001"))
    book = "plankit-demo/clients.xlsx"
    shelf = ("--shelf", "my shelf")

    def told(*arguments):
        return run(*arguments).stderr

    assert f'plankit --shelf "my shelf" check {book} --payer acme\n' in told(*shelf, "check", book, "--payer", "acme")
    asked = ("check", book, "--payer", "optum", "--payer", "aetna")
    assert f"run again: plankit {' '.join(asked)}\n" in told(*asked)
    ready = told(*shelf, "check", book, "--payer", "acme", "--waivers", "all.toml")
    assert f'plankit --shelf "my shelf" make {book} -o documents --payer acme --waivers all.toml\n' in ready
    made = told(*shelf, "new", "--payer", "acme", "-o", "my clients.xlsx")
    assert 'run: plankit --shelf "my shelf" check "my clients.xlsx" --payer acme\n' in made
    told("new", "-o", "narrow.xlsx")
    wider = told("new", "--from", "narrow.xlsx", "-d", "plan_review", "--payer", "optum", "-o", "wider.xlsx")
    assert "run: plankit check wider.xlsx --payer optum\n" in wider


@pytest.mark.parametrize(
    ("option", "typed", "says"),
    [
        ("--waivers", "nowhere.toml", "'--waivers': File 'nowhere.toml' does not exist."),
        ("--fingerprints", ".", "'--fingerprints': File '.' is a directory."),
        ("--jobs", "many", "'--jobs': 'many' is not a whole number."),
        ("--jobs", "0", "'--jobs': 0 is not in the range x>=1."),
        ("--format", "word", "'--format': 'word' is not one of 'text', 'html', 'json', 'sarif'."),
        ("--today", "tomorrow", "'--today': 'tomorrow' is not a date such as 2026-07-27 or 07/27/2026."),
    ],
)
def test_what_an_option_cannot_take_is_told_in_everyday_words(run, option, typed, says):
    result = run("check", "clients.xlsx", option, typed)
    assert result.exit_code == 2 and result.stderr.endswith(f"Error: {says}\n")


def test_who_asks_is_told_by_payers_fields_and_findings(run, tmp_path):
    (tmp_path / "shelf" / "payers").mkdir(parents=True)
    (tmp_path / "shelf" / "payers" / "acme.toml").write_text(ACME, encoding="utf-8")
    told = run("--shelf", "shelf", "payers", "acme").stdout
    assert "SM006: warning (its form has no baseline; Acme manual 4.2)" in told and "SM008: info\n" in told
    told = run("--shelf", "shelf", "fields", "adult", "trauma", "--payer", "acme").stdout.splitlines()
    lines = {line[2:].split()[0]: line for line in told}
    assert lines["client.pronouns"].endswith(" [Acme Health: treatment_plan]")
    assert lines["review.population_update"].endswith(" [Trauma: plan_review]")
    assert told[0].startswith("* required in every row")
    assert lines["review.no_change_reason"].startswith("? ")
    assert lines["review.no_change_reason"].endswith(" [core: plan_review; unless «Changes to the plan» is answered]")
    assert lines["discharge.aftercare_refused_reason"].startswith("? ")
    assert lines["goals.client_words"].endswith(" [core: treatment_plan; in at least one row]")
    assert lines["plan.date"].startswith("* ")
    assert lines["risk.safety_plan"].startswith("? ") and lines["risk.safety_plan"].endswith(" [core: in some cases]")
    table = json.loads(run("--shelf", "shelf", "fields", "adult", "--payer", "acme", "--format", "json").stdout)
    (pronouns,) = (item for item in table if item["path"] == "client.pronouns")
    assert pronouns["asked_by"] == "core"
    assert pronouns["required_by"] == [{"by": "acme", "documents": ["treatment_plan"], "when": ""}]
    source = tmp_path / "one.json"
    samples = demo.samples(shelf.load())
    samples["records"][0]["client"].pop("pronouns", None)
    source.write_text(json.dumps({**samples, "records": samples["records"][:1]}, default=str), encoding="utf-8")
    told = run("--shelf", "shelf", "check", source, "--payer", "acme").stdout
    assert re.search(r"the pronouns are blank.*\(Acme Health\b.*\) RQ001", told), told
    assert "pronouns" not in run("--shelf", "shelf", "check", source).stdout


# --- the marked copy -----------------------------------------------------------------------------------------------


def test_a_marked_copy_is_written_beside_the_workbook_which_stays_as_it_is(run, demonstrated, tmp_path):
    book = tmp_path / "plankit-demo/clients.xlsx"
    before = book.read_bytes()
    result = run("check", book, "--marked", "to-fix")
    assert result.exit_code == 1 and "Wrote to-fix.xlsx" in result.stderr
    assert book.read_bytes() == before
    copy = openpyxl.load_workbook(tmp_path / "to-fix.xlsx")
    assert copy.active["A1"].value == "2 things to fix before 2 documents can be made"
    assert "the target date is blank" in copy["Objectives"]["H8"].comment.text
    assert sorted(path.name for path in tmp_path.iterdir()) == ["plankit-demo", "to-fix.xlsx"]


def test_a_marked_copy_is_checked_like_the_workbook_it_came_from(run, demonstrated, tmp_path):
    first = run("check", "plankit-demo/clients.xlsx", "--marked", "a.xlsx")
    assert run("check", "a.xlsx", "--marked", "b.xlsx").stdout == first.stdout
    assert zip_parts(tmp_path / "b.xlsx") == zip_parts(tmp_path / "a.xlsx")


def zip_parts(path):
    with zipfile.ZipFile(path) as package:
        return {name: package.read(name) for name in package.namelist()}


def test_a_question_and_answer_workbook_is_marked_too(run, tmp_path):
    one_client(run, tmp_path, "one").save(tmp_path / "filled.xlsx")
    told = run("check", "filled.xlsx", "--marked", "marked.xlsx")
    assert told.exit_code == 1, told.output
    place = next(re.finditer(r"^Questions!([A-Z]+[0-9]+) ", told.stdout, re.M))[1]
    assert openpyxl.load_workbook(tmp_path / "marked.xlsx")["Questions"][place].comment.author == "plankit"


def one_client(run, tmp_path, name):
    """Return a question-and-answer workbook in which only the client and the day of the plan are answered."""
    run("new", "--one-client", "-o", f"{name}.xlsx")
    book = openpyxl.load_workbook(tmp_path / f"{name}.xlsx")
    for cell in book["Questions"]["A"]:
        if cell.value in ("client.id", "plan.date"):
            cell.offset(0, 2).value = {"client.id": "0042", "plan.date": "07/27/2026"}[cell.value]
    return book


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("plankit-demo/clients.xlsx", "is your workbook itself, which is never written to"),
        ("link.xlsx", "is your workbook itself"),
        ("dangling.xlsx", "is there already, and somebody may have typed into it"),
        ("taken.xlsx", "is there already"),
        ("copy.csv", "give it a name that ends in .xlsx"),
        ("copy.xlsm", "holds no macros: give the copy a name that ends in .xlsx"),
        ("nowhere/copy.xlsx", "cannot be written: no such file or directory. Choose another place with --marked"),
        ("-", "cannot be a dash alone (--marked)"),
        ("plankit-demo", "is there already"),
        ("..", "is there already"),
        ("device", "is there already"),
    ],
)
def test_a_marked_copy_never_replaces_a_file(run, demonstrated, tmp_path, name, words):
    (tmp_path / "taken.xlsx").write_bytes(b"theirs")
    (tmp_path / "link.xlsx").symlink_to(tmp_path / "plankit-demo/clients.xlsx")
    (tmp_path / "dangling.xlsx").symlink_to(tmp_path / "gone.xlsx")
    (tmp_path / "device").symlink_to(os.devnull)
    before = {path: path.read_bytes() for path in tmp_path.rglob("*.xlsx") if path.exists()}
    result = run("check", "plankit-demo/clients.xlsx", "--marked", name)
    assert result.exit_code == 2 and words in result.stderr and len(result.stderr.splitlines()) == 1
    assert {path: path.read_bytes() for path in tmp_path.rglob("*.xlsx") if path.exists()} == before
    assert not list(tmp_path.rglob("*.tmp"))


@pytest.mark.parametrize("name", ["-", "..", "device"])
def test_a_blank_workbook_is_a_file_of_its_own(run, tmp_path, name):
    (tmp_path / "device").symlink_to(os.devnull)
    result = run("new", "-o", name)
    assert result.exit_code == 2 and len(result.stderr.splitlines()) == 1
    assert not list(tmp_path.glob("*.xlsx"))


def test_a_workbook_gets_what_it_lacks_in_a_copy_and_is_checked_as_before(run, tmp_path):
    run("new", "-o", "old.xlsx")
    book = openpyxl.load_workbook(tmp_path / "old.xlsx")
    for column, typed in ((1, "0042"), (2, "Avery Reed"), (5, "3/18/91")):
        book["Clients"].cell(4, column, typed)
    book.save(tmp_path / "old.xlsx")
    old = (tmp_path / "old.xlsx").read_bytes()
    done = run("new", "--from", "old.xlsx", "-d", "plan_review", "-o", "more")
    assert done.exit_code == 0 and (tmp_path / "old.xlsx").read_bytes() == old
    assert "all that is in old.xlsx, as it is there" in done.stderr and "Reviews, Progress" in done.stderr
    before, after = (run("check", name).stdout for name in ("old.xlsx", "more.xlsx"))
    assert before == after and "0042" in before
    again = run("new", "--from", "old.xlsx", "-d", "plan_review", "-o", "more.xlsx")
    assert again.exit_code == 2 and "more.xlsx is there already" in again.stderr
    assert run("new", "--from", "old.xlsx", "-o", "old.xlsx", "--full").exit_code == 2
    assert (tmp_path / "old.xlsx").read_bytes() == old
    assert "leave out --one-client" in run("new", "--from", "old.xlsx", "--one-client", "-o", "x").stderr
    assert "There is no file nowhere.xlsx" in run("new", "--from", "nowhere.xlsx", "-o", "x").stderr


def test_what_has_no_column_or_sheet_is_told_with_the_command_that_adds_them(run, tmp_path):
    found = shelf.load()
    records = intake.records(demo.samples(found), found.all())
    iop = next(one for one in records if one.id == "0044")
    narrow = blank.workbook(found.compose(("adult",)), records=[iop])
    book = openpyxl.load_workbook(io.BytesIO(narrow))
    for name in ("Team", "Second review"):
        del book[name]
    (head,) = [cell for cell in book["Plan"][2] if str(cell.value).startswith("Why this level of care")]
    for (cell,) in book["Plan"].iter_rows(min_col=head.column, max_col=head.column):
        cell.value = None
    book.save(tmp_path / "my clients.xlsx")
    said = run("check", "my clients.xlsx").stdout
    command = 'plankit new --from "my clients.xlsx" -o "my clients-2.xlsx"'
    lines = {line.rpartition(" ")[2]: line for line in said.splitlines()}
    mend = f"no column for it: add one headed “Why this level of care” on the sheet Plan, or run: {command}"
    assert mend in lines["LOC001"]
    assert "why would visits once a week" not in lines["LOC001"]
    assert all(f"makes a copy that has it: {command}" in lines[code] for code in ("TM001", "RQ001"))
    assert "SG001" not in lines and "--full makes one" not in said
    log = run("check", "my clients.xlsx", "--format", "sarif").stdout
    assert "YOUR-WORKBOOK.xlsx" in log and "my clients" not in log
    done = run(*shlex.split(command)[1:])
    assert done.exit_code == 0, done.stderr
    again = run("check", "my clients-2.xlsx").stdout
    assert "Plan!" in next(line for line in again.splitlines() if line.endswith("LOC001"))


def test_what_a_new_workbook_has_no_place_for_is_told(run, tmp_path):
    (tmp_path / "csv").mkdir()
    (tmp_path / "csv/Clients.csv").write_text("Client id,Legal name,Shoe size\n0042,Avery Reed,7\n", "utf-8")
    done = run("new", "--from", "csv", "-o", "new.xlsx")
    assert "Not carried over" in done.stderr
    assert "Clients!C1: a column that is none of ours (“Shoe size”)" in done.stderr
    assert openpyxl.load_workbook(tmp_path / "new.xlsx")["Clients"]["B3"].value == "Avery Reed"


def test_a_workbook_with_macros_keeps_them_and_its_ending(run, demonstrated, tmp_path):
    parts = zip_parts(tmp_path / "plankit-demo/clients.xlsx") | {"xl/vbaProject.bin": b"macros"}
    kind = b"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
    parts["[Content_Types].xml"] = parts["[Content_Types].xml"].replace(
        kind, b"application/vnd.ms-excel.sheet.macroEnabled.main+xml"
    )
    (tmp_path / "macros.xlsm").write_bytes(zipped(**{name.replace("/", "__"): data for name, data in parts.items()}))
    assert "give the copy a name that ends in .xlsm" in run("check", "macros.xlsm", "--marked", "copy.xlsx").stderr
    assert run("check", "macros.xlsm", "--marked", "copy").exit_code == 1
    assert zip_parts(tmp_path / "copy.xlsm")["xl/vbaProject.bin"] == b"macros"


def test_a_workbook_that_is_saved_while_it_is_checked_is_not_marked(run, demonstrated, tmp_path, monkeypatch):
    judge = batch.judge

    def judged(*arguments, **options):
        (tmp_path / "plankit-demo/clients.xlsx").write_bytes(demo.workbook(shelf.load()) + b" ")
        return judge(*arguments, **options)

    monkeypatch.setattr(batch, "judge", judged)
    result = run("check", "plankit-demo/clients.xlsx", "--marked", "copy.xlsx")
    assert result.exit_code == 2 and "was saved while it was being checked" in result.stderr
    assert not (tmp_path / "copy.xlsx").exists()


def test_what_is_no_workbook_is_not_marked(run, tmp_path):
    (tmp_path / "clients.json").write_text('{"records": []}')
    (tmp_path / "sheets").mkdir()
    (tmp_path / "sheets/Clients.csv").write_text("Client id\n0042\n")
    for source in ("clients.json", "sheets"):
        result = run("check", source, "--marked", "copy.xlsx")
        assert result.exit_code == 2 and "A marked copy can be made of Excel workbooks" in result.stderr
    assert not (tmp_path / "copy.xlsx").exists()


def test_of_a_folder_of_workbooks_each_one_is_marked_with_what_is_its_own(run, tmp_path):
    (tmp_path / "books").mkdir()
    for number in ("1", "2"):
        book = one_client(run, tmp_path, number)
        if number == "2":
            next(cell for cell in book["Questions"]["A"] if cell.value == "client.id").offset(0, 2).value = "0043"
        book.save(tmp_path / f"books/{number}.xlsx")
    result = run("check", "books", "--marked", "marked")
    assert result.exit_code == 1 and "Wrote marked" in result.stderr
    lists = [openpyxl.load_workbook(tmp_path / f"marked/{number}.xlsx")["To fix"] for number in ("1", "2")]
    who = [{row[1].value for row in sheet.iter_rows(min_row=4)} - {None} for sheet in lists]
    assert who == [{"0042"}, {"0043"}]
    assert all(sheet["A1"].value.endswith("to fix before 1 document can be made") for sheet in lists)
    assert lists[0]["E4"].value.startswith("Questions!") and lists[0]["E4"].hyperlink.location.startswith(
        "'Questions'!"
    )
    assert "is your folder itself" in run("check", "books", "--marked", "books").stderr
    assert "is there already" in run("check", "books", "--marked", "marked").stderr


def test_a_check_says_that_more_may_follow_only_where_an_answer_could_not_be_read(run, tmp_path):
    samples = demo.samples(shelf.load())
    more = "More may follow once these are mended.\n"
    for change, told in (({"weeks": ""}, False), ({"date": "next week"}, True), ({}, False)):
        record = copy.deepcopy(samples["records"][0])
        record["plan"] |= change
        (tmp_path / "one.json").write_text(json.dumps({**samples, "records": [record]}, default=str), encoding="utf-8")
        assert run("check", "one.json").stderr.endswith(more) is told, change
