"""This file ensures that copies among clients, plans and runs are found, and likeness by nature is left in peace."""

import json
from contextlib import nullcontext
from copy import deepcopy
from datetime import date
from pathlib import Path

import pytest
from click.testing import CliRunner
from judging import RULES, SHELF, TODAY, auditor, judge, lay_over, sample

from toolkit import batch, cli, demo, intake
from toolkit.batch import copies
from toolkit.clones import Names, Taker, crowd, said
from toolkit.errors import ReadError, WriteError
from toolkit.model import OwnLevel

FAMILY = ("CL001", "CL004", "CL005", "CL006", "CL008", "CL009", "CL010", "RV010")
GOOD_PLANS = sorted((Path(__file__).parent / "good_plans").glob("*.json"))
IDS = ("0041", "0042", "0043", "0045", "0047")
PROBLEM = (
    "Since the fire in March Zola sits in the parked van for 40 minutes before each delivery. She lost two regular "
    "customers in May and hides the unpaid invoices in the freezer. Her brother now answers the phone."
)


def people(*changes, ids=IDS):
    """Return synthetic adults, each of whom has a plan of their own, with ``changes`` laid over the first ones."""
    found = []
    for number, name in enumerate(ids):
        tables = {key: rows for key, rows in sample(name).items() if key not in ("clinic", "staff")}
        found.append(lay_over(tables, changes[number] if number < len(changes) else {}))
    return found


def records(tables):
    shared = demo.samples(SHELF)
    return intake.records(
        deepcopy({"clinic": shared["clinic"], "staff": shared["staff"], "records": tables}), SHELF.all()
    )


def findings(tables, **options):
    outcome = batch.judge(records(tables), SHELF, today=TODAY, **options)
    return [item for item in outcome.findings if item.code in FAMILY]


def told(tables, **options):
    """Return what is told of copies among clients: record, code, field, the other client."""
    return [(item.record, item.code, item.path, " ".join(item.show.values())) for item in findings(tables, **options)]


def problem(text, **more):
    return {"goals": [{"goal": "1", "problem": text, **more}]}


def named(name):
    return {"client": {"legal_name": name, "preferred_name": ""}}


# --- the same text for several clients -------------------------------------------------------------------------------

COPIES = {
    "word for word": PROBLEM,
    "other name": PROBLEM.replace("Zola", "Mirko").replace("She", "He").replace("Her", "His"),
    "other numbers": PROBLEM.replace("40", "25")
    .replace("March", "June")
    .replace("May", "08/2026")
    .replace("two", "five"),
    "other order": " ".join(reversed(PROBLEM.replace(". ", ".|").split("|"))),
    "one other word": PROBLEM.replace("brother", "cousin"),
    "capitals": PROBLEM.upper(),
}


@pytest.mark.parametrize("way", COPIES)
def test_a_copy_is_told_of_both_clients_each_at_its_cell_and_names_the_other_by_id(way):
    if way == "capitals":
        pair = people(problem(PROBLEM.upper()), problem(PROBLEM.upper().replace("40", "30")))
    else:
        pair = people(problem(PROBLEM), problem(COPIES[way]))
    assert told(pair) == [("0041", "CL001", "goals.problem", "0042"), ("0042", "CL001", "goals.problem", "0041")]


OWN = {
    "another story with the same beginning": (
        "Since the fire in March Mirko wakes at four, checks the stove nine times and phones his landlord from work. "
        "He was sent home from the bakery twice."
    ),
    "one sentence in common": (
        "Her brother now answers the phone. Petra has not opened the shop since a burglar hit her, keeps the blinds "
        "down, and sleeps on the floor of the storeroom with the light on."
    ),
    "too short to be anybody's": "Sits in the parked van before each delivery.",
}


@pytest.mark.parametrize("text", OWN.values(), ids=OWN)
def test_a_text_with_facts_of_its_own_is_left_in_peace(text):
    assert told(people(problem(PROBLEM), problem(text))) == []


def test_short_texts_may_be_the_same():
    short = problem("Sits in the parked van before each delivery")
    assert told(people(short, short)) == []
    lists = {"assessment": {"strengths": ["Plays chess with the neighbors", "Cooks supper on most evenings"]}}
    assert told(people(lists, lists)) == []


SHORT = "Zola keeps a full working week because mornings are bearable again, 5 days of 7"


@pytest.mark.parametrize(
    ("other", "is_copy"),
    [
        (SHORT, True),
        (SHORT.replace("Zola", "Mirko").upper(), True),
        (SHORT.replace("5 days", "4 days"), False),  # what tells them apart is that number
        (SHORT.replace("bearable", "easier"), False),
        ("Mornings are bearable again because Zola keeps a full working week, 5 days of 7", False),
    ],
)
def test_a_short_text_is_told_where_it_is_the_same_word_for_word(other, is_copy):
    pair = people({**problem(SHORT), **named("Zola Reed")}, {**problem(other), **named("Mirko Reed")})
    found = [item for item in findings(pair) if item.code == "CL001"]  # the name that was left in is told, too
    assert [(item.record, item.path) for item in found] == [
        (one, "goals.problem") for one in ("0041", "0042")
    ] * is_copy
    assert all("is word for word the same as another client’s, names apart. Write" in item.text for item in found)


@pytest.mark.parametrize(
    ("way", "says"),
    [("word for word", "has the same words"), ("other numbers", "has the same words"), ("one other word", "is nearly")],
)
def test_the_finding_says_how_much_the_texts_are_alike(way, says, tmp_path):
    assert all(says in item.text for item in findings(people(problem(PROBLEM), problem(COPIES[way]))))
    told(people(problem(PROBLEM), ids=("0041",)), fingerprints=tmp_path / "prints")
    (later,) = findings(people(problem(COPIES[way]), ids=("0043",)), fingerprints=tmp_path / "prints")
    assert says in later.text


def test_of_three_that_are_alike_each_is_told_as_it_is_to_the_one_that_is_named():
    three = people(problem(PROBLEM), problem(COPIES["one other word"]), problem(COPIES["one other word"]))
    found = findings(three)
    assert [item.show["the same in"] for item in found] == ["0042 and 1 more", *["0041 and 1 more"] * 2]
    assert all("is nearly" in item.text for item in found)


def test_what_is_the_same_for_many_by_nature_is_not_compared():
    many = {"plan": {"medications": ["Sertraline 50 mg each morning with food, prescribed by the primary care doctor"]}}
    assert told(people(many, many, many)) == []


def test_an_assembled_score_sentence_may_be_the_same():
    row = {"objective": "1a", "statement": "By 12/01/2026 the PHQ-9 falls from 19 to 9 or less, read at each visit"}
    assert told(people({"objectives": [row]}, {"objectives": [row]})) == []


def test_how_many_others_there_are_is_told_and_who_is_the_first():
    copies = people(*[problem(PROBLEM)] * 4)
    assert [other for _, _, _, other in told(copies)] == ["0042 and 2 more", *["0041 and 2 more"] * 3]


def test_two_goals_of_one_client_are_no_matter_of_other_clients():
    twice = {"goals": [{"goal": "1", "problem": PROBLEM}, {"goal": "2", "problem": PROBLEM}]}
    assert told(people(twice, ids=("0041", "0043"))) == []


def again(name, identity, called):
    """Return the plan of a sample as that of another client."""
    (one,) = people(ids=(name,))
    return lay_over(one, {"client": {"id": identity, "legal_name": called, "preferred_name": ""}})


def test_a_plan_that_is_another_clients_is_one_finding():
    pair = [*people(ids=("0043", "0041")), again("0043", "9", "Ivo Zemek")]
    whole = [item for item in findings(pair) if not item.path]
    first, second = whole
    assert [(item.record, item.code) for item in findings(pair) if item not in whole] == [("9", "CL005")] * 2
    assert (first.record, first.code, second.record) == ("0043", "CL001", "9")
    assert first.show["the same in"] == "9" and first.text.startswith("most answers of this client")
    answers, _, of = first.show["answers"].partition(" of ")
    assert answers == of and int(of) > 10


def test_a_client_who_stands_twice_is_no_other_client():
    assert told([*people(ids=("0043",)), again("0043", "0043", "Ivo Zemek")]) == []


def test_a_copy_never_holds_a_document_whatever_the_payer_makes_of_it():
    (one, *_) = records(people())
    judges = auditor(levels={"CL001": OwnLevel("error")})
    taker = Taker(SHELF.all())
    row, name, _, _ = next(taker.texts(one))
    from toolkit.model import Fact

    (found,) = judges.told(one, [Fact("same_text", row.place(name), f"{row.section.name}.{name}")], "")
    assert found.level == "warning" and not found.holds


@pytest.mark.parametrize("whole", [False, True])
def test_a_copy_can_be_accepted_with_a_reason(whole):
    waiver = {"code": "CL001", "reason": "Twins with one history", "accepted_by": "Ruth Katz", "expires": "12/31/2026"}
    if whole:
        pair = [*people(ids=("0043",)), {**again("0043", "9", "Walt Grimsby"), "waivers": [waiver]}]
    else:
        pair = people(problem(PROBLEM), {**problem(PROBLEM), "waivers": [waiver]})
    outcome = batch.judge(records(pair), SHELF, today=TODAY)
    waived = {item.record: bool(item.waived) for item in outcome.findings if item.code == "CL001"}
    assert list(waived.values()) == [False, True] and not [item for item in outcome.findings if item.code[:2] == "WV"]


def test_no_message_names_another_client():
    pair = findings(people({**named("Zola Brack"), **problem(PROBLEM)}, {**named("Mirko Dahl"), **problem(PROBLEM)}))
    assert len(pair) == 3  # two of the text, and one of the name in it
    assert not any("Zola" in f"{item.text} {item.show} {item.initials}" for item in pair)


# --- other clients' names --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "own", "codes"),
    [
        ("Shares a flat with Mirko Dahl, who drinks", "Zola Brack", ["CL005"]),
        ("Shares a flat with Mirko Dahl’s cousin", "Zola Brack", ["CL005"]),
        ("Shares a flat with Mirko, who drinks", "Zola Brack", []),
        ("Mirko Dahl shares a flat with a cousin", "Mirko Dahl", []),
    ],
)
def test_another_clients_first_and_last_name_is_told(text, own, codes):
    pair = people({**named(own), **problem(text)}, named("Dahl, Mirko"))
    assert [item.code for item in findings(pair)] == codes


def test_a_member_of_staff_who_is_called_like_a_client_may_be_named():
    staff = demo.samples(SHELF)["staff"][0]["name"]
    pair = people(problem(f"Came by word of {staff} in May"), named(staff))
    assert findings(pair) == []


def test_a_first_name_left_in_a_copied_text_is_told():
    pair = people({**named("Zola Brack"), **problem(PROBLEM)}, {**named("Mirko Dahl"), **problem(PROBLEM)})
    assert ("0042", "CL005", "goals.problem", "0041") in told(pair)


# --- scores and interventions ----------------------------------------------------------------------------------------


def scored(phq, gad):
    row = {"status": "active", "direction": "lower", "unit": "", "counted_by": ""}
    return {"objectives": [{"objective": "1a", "measure": "PHQ-9", "baseline": phq, "target": 4, **row},
                           {"objective": "1b", "measure": "GAD-7", "baseline": gad, "target": 4, **row}]}  # fmt: skip


def test_the_same_scores_on_all_scales_are_told_from_three_clients_on():
    ids = ("0041", "0043", "0045", "0047")
    alone = [lay_over({**one, "objectives": []}, scored(15, 12)) for one in people(ids=ids)]
    assert [(record, other) for record, code, _, other in told(alone[:3]) if code == "CL006"] == [
        ("0041", "0043 and 1 more"), ("0043", "0041 and 1 more"), ("0045", "0041 and 1 more")]  # fmt: skip
    assert [code for _, code, _, _ in told(alone[:2]) if code == "CL006"] == []
    varied = [*alone[:2], lay_over({**alone[2], "objectives": []}, scored(15, 11))]
    assert [code for _, code, _, _ in told(varied) if code == "CL006"] == []


def listed(*methods):
    action = "Reads the log with the client {}, marks what came before each surge and sets one step on the {}"
    return [
        {
            "intervention": f"{number}", "goals": ["all"], "objectives": ["all"], "technique": method, "minutes": 45,
            "times": 1, "per": "week", "weeks": 12, "provider": "RK", "service_code": "90834",
            "action": action.format(method, number),
        }
        for number, method in enumerate(methods, start=1)
    ]  # fmt: skip


def test_the_same_list_of_interventions_is_told_from_five_clients_on():
    methods = ("CBT for panic", "Interoceptive exposure", "Behavioral activation")
    ids = ("0041", "0042", "0043", "0045", "0047", "0044")
    same = [{**one, "interventions": listed(*methods)} for one in people(ids=ids)]

    def flagged(tables):
        return [record for record, code, _, _ in told(tables) if code == "CL009"]

    assert flagged(same) == list(ids) and flagged(same[:4]) == []
    assert flagged([*same[:4], {**same[4], "interventions": listed(*methods[:2], "ACT")}]) == []


# --- the words of the form -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("Panic on the train: 5 to 6 attacks a week, 9 of 22 shifts missed last month", []),  # too short to be sure
        (
            "By 10/01/2026 Mirko brings his GAD-7 from 18 to 8 or less by practicing exposure on the bus at least 4 "
            "times a week.",
            [],
        ),
    ],
)
def test_what_is_near_an_example_and_short_is_left_in_peace(text, codes):
    assert [item.code for item in findings(people(problem(text)))] == codes


def test_an_example_of_the_form_with_another_name_and_other_numbers_is_told():
    item = SHELF.all().fields["necessity.why_treatment_now"]
    text = item.example.replace("her", "him").replace("this month", "this June")
    (found,) = findings(people({**named("Mirko Dahl"), "necessity": {"why_treatment_now": text}}))
    assert (found.code, found.path) == ("CL010", "necessity.why_treatment_now")


def test_the_question_of_the_form_as_an_answer_is_told():
    item = SHELF.all().fields["risk.safety_plan"]
    (found,) = findings(people({"risk": {"safety_plan": f"{item.prompt} {item.why}"}}))
    assert found.code == "CL010"


def test_an_example_word_for_word_is_told_once():
    item = SHELF.all().fields["necessity.why_treatment_now"]
    outcome = batch.judge(records(people({"necessity": {"why_treatment_now": item.example}})), SHELF, today=TODAY)
    assert [one.code for one in outcome.findings if one.path == item.path] == ["CL007"]


# --- samples and good plans ------------------------------------------------------------------------------------------


def test_nothing_in_the_samples_is_a_copy():
    assert told(demo.samples(SHELF)["records"]) == []


def test_nothing_in_the_good_plans_is_a_copy():
    tables = [one for path in GOOD_PLANS for one in json.loads(path.read_text(encoding="utf-8"))["records"]]
    assert len(tables) >= 20 and told(tables) == []


# --- how a run does it -----------------------------------------------------------------------------------------------


def test_several_processes_and_lines_of_a_file_tell_the_same(tmp_path):
    tables = people(problem(PROBLEM), problem(PROBLEM), problem(COPIES["other order"]))
    shared = demo.samples(SHELF)
    lines = (json.dumps({**one, "clinic": shared["clinic"], "staff": shared["staff"]}, default=str) for one in tables)
    path = tmp_path / "clients.jsonl"
    path.write_text("\n".join(lines), encoding="utf-8")
    streamed = intake.read(path, SHELF.all())
    for jobs in (1, 2):
        found = batch.judge(streamed, SHELF, today=TODAY, jobs=jobs).findings
        assert [(one.record, one.path) for one in found if one.code == "CL001"] == [
            ("0041", "goals.problem"), ("0042", "goals.problem"), ("0043", "goals.problem")]  # fmt: skip


def test_lines_that_name_several_clinics_are_told_once_each(tmp_path):
    shared = demo.samples(SHELF)
    clinics = ({**shared["clinic"], "phone": f"419-555-010{number}"} for number in range(3))
    lines = [
        json.dumps({**one, "clinic": clinic, "staff": shared["staff"]}, default=str)
        for one, clinic in zip(people(ids=IDS[:3]), clinics, strict=True)
    ]
    path = tmp_path / "clients.jsonl"
    path.write_text("\n".join(lines), encoding="utf-8")
    found = batch.judge(intake.read(path, SHELF.all()), SHELF, today=TODAY).findings
    told = [(one.place.line, one.text) for one in found if one.code == "WB022"]
    assert [line for line, _ in told] == [2, 3] and all("serves all clients" in text for _, text in told)


@pytest.mark.parametrize("held", [0, 1, 2_000])
def test_records_whose_texts_are_not_held_are_read_again(monkeypatch, held):
    monkeypatch.setattr(crowd, "FEW", held)
    near = COPIES["other order"].replace("May", "June")
    assert [one[0] for one in told(people(problem(PROBLEM), problem(near), problem(PROBLEM)))] == [
        "0041",
        "0042",
        "0043",
    ]


@pytest.mark.parametrize("forgotten", [False, True])
def test_another_process_that_finds_the_places_of_half_of_them_tells_the_same(tmp_path, monkeypatch, forgotten):
    monkeypatch.setattr(copies, "_MANY", 2)
    if forgotten:  # what it was given is done here
        monkeypatch.setattr(copies, "begun", nullcontext)
    texts = people(problem(PROBLEM), problem(COPIES["other name"]), {}, problem(PROBLEM), problem(PROBLEM))
    found = [
        batch.judge(records(texts), SHELF, today=TODAY, fingerprints=tmp_path / f"{jobs}", jobs=jobs).findings
        for jobs in (1, 2)
    ]
    assert {"0041", "0042", "0045", "0047"} <= {one.record for one in found[0] if one.code == "CL001"}
    assert list(found[0]) == list(found[1])


@pytest.mark.parametrize(
    ("way", "first", "second", "found"),
    [
        ("other name", 0, 1, True),
        ("other name", 1, 2, False),
        ("other name", 2, 3, True),
        ("one other word", 0, 1, True),
        ("one other word", 1, 2, False),
        ("one other word", 3, 4, False),
    ],
)
def test_copies_are_looked_for_among_those_that_follow_one_another(monkeypatch, way, first, second, found):
    monkeypatch.setattr(crowd, "WINDOW", 2)
    changes = [{} for _ in IDS]
    changes[first], changes[second] = problem(PROBLEM), problem(COPIES[way])
    assert [one[0] for one in told(people(*changes))] == ([IDS[first], IDS[second]] if found else [])


def test_make_tells_of_copies_and_makes_the_documents(tmp_path):
    outcome = batch.make(records(people(problem(PROBLEM), problem(PROBLEM))), SHELF, tmp_path / "out", today=TODAY)
    assert [one.record for one in outcome.findings if one.code == "CL001"] == ["0041", "0042"]
    assert len(outcome.ready) >= len(IDS) and not outcome.held


def test_what_is_kept_of_a_record_holds_none_of_its_words():
    (one, *_) = records(people(problem(PROBLEM)))
    prints = Taker(SHELF.all())(one)
    assert not any(word.encode() in prints.texts for word in said(PROBLEM)) and len(prints.texts) < 24 * 30


@pytest.mark.parametrize(
    ("typed", "whole"),
    [
        ("Avery Reed", {"avery reed"}),
        ("Reed, Avery J.", {"avery reed"}),
        ("Nuño de la Cruz", {"nuño cruz"}),
        ("Zoë", set()),
    ],
)
def test_a_name_is_read_as_people_say_it(typed, whole):
    assert Names(typed, "", "").whole == whole


# --- from run to run -------------------------------------------------------------------------------------------------


def test_the_same_batch_again_finds_nothing_of_itself(tmp_path):
    file = tmp_path / "prints"
    assert told(people(), fingerprints=file) == told(people(), fingerprints=file) == []


def test_a_changed_plan_of_the_same_date_takes_the_place_of_the_one_before(tmp_path):
    file = tmp_path / "prints"
    told(people(problem(PROBLEM)), fingerprints=file)
    size = file.stat().st_size
    told(people(problem(COPIES["one other word"])), fingerprints=file)
    assert file.stat().st_size == size


def test_a_new_plan_that_is_the_last_one_is_told_at_its_date(tmp_path):
    file = tmp_path / "prints"
    told(people(), fingerprints=file)
    later = {"plan": {"date": "09/14/2026"}}
    (found,) = findings(people(later), fingerprints=file)
    assert (found.record, found.code, found.path) == ("0041", "CL008", "plan.date")


def test_a_new_plan_with_news_is_not(tmp_path):
    file = tmp_path / "prints"
    told(people(ids=("0041",)), fingerprints=file)
    other = lay_over(people(ids=("0043",))[0], {"client": {"id": "0041"}, "plan": {"date": "09/14/2026"}})
    assert told([other], fingerprints=file) == []


def test_a_text_of_another_client_in_an_earlier_run_is_told(tmp_path):
    file = tmp_path / "prints"
    told(people(problem(PROBLEM), ids=("0041",)), fingerprints=file)
    (found,) = told(people(problem(COPIES["other name"]), ids=("0043",)), fingerprints=file)
    assert found == ("0043", "CL001", "goals.problem", "another client’s plan of an earlier run")


def test_a_short_text_of_an_earlier_run_is_told_and_makes_no_plan_a_copy(tmp_path):
    file = tmp_path / "prints"
    told(people(problem(SHORT), ids=("0041",)), fingerprints=file)
    (found,) = findings(people(problem(SHORT), ids=("0043",)), fingerprints=file)
    assert (found.record, found.path) == ("0043", "goals.problem") and "word for word" in found.text
    assert told(people(problem(SHORT.replace("week", "month")), ids=("0045",)), fingerprints=file) == []


def test_the_file_holds_no_word_and_no_id_and_no_two_files_are_alike(tmp_path):
    files = [tmp_path / "one", tmp_path / "two"]
    for file in files:
        told(people(problem(PROBLEM), ids=("0041", "0043")), fingerprints=file)
    one, two = (file.read_bytes() for file in files)
    assert not any(word.encode() in one for word in ("0041", "0043", *said(PROBLEM)))
    beginning = len(b"plankit fingerprints 1\n")
    pieces, others = ({data[at : at + 8] for at in range(beginning, len(data) - 8)} for data in (one, two))
    assert len(pieces) > 500 and not [piece for piece in pieces & others if piece.count(0) < 4]


@pytest.mark.parametrize(
    ("spoil", "says"),
    [
        (lambda data: b"PK\x03\x04" + data, "is no file of fingerprints"),
        (lambda data: b"", "is no file of fingerprints"),
        (lambda data: data.replace(b"fingerprints 1", b"fingerprints 2"), "another version of plankit"),
        (lambda data: data[:-5], "is damaged"),
        (lambda data: data[:60] + b"x" + data[61:], "is damaged"),
    ],
)
def test_a_file_that_is_none_of_ours_is_one_sentence_and_stays_as_it_is(tmp_path, spoil, says):
    file = tmp_path / "prints"
    told(people(ids=("0041",)), fingerprints=file)
    spoilt = spoil(file.read_bytes())
    file.write_bytes(spoilt)
    with pytest.raises(ReadError, match=says) as refused:
        told(people(ids=("0041",)), fingerprints=file)
    assert "prints" in str(refused.value) and file.read_bytes() == spoilt


def test_a_file_that_cannot_be_written_is_one_sentence(tmp_path):
    with pytest.raises(WriteError, match="cannot be written"):
        told(people(ids=("0041",)), fingerprints=tmp_path / "no folder" / "prints")


def test_two_runs_at_once_lose_nothing(tmp_path):
    file = tmp_path / "prints"
    told(people(ids=("0047",)), fingerprints=file)
    from toolkit.batch.copies import Copies

    late = Copies(records([]), SHELF.all(), file)
    told(people(problem(PROBLEM), ids=("0041",)), fingerprints=file)
    list(late.told(auditor()))
    assert told(people(problem(PROBLEM), ids=("0043",)), fingerprints=file)


def test_the_command_keeps_the_file_that_its_settings_name_and_tells_of_a_damaged_one_in_a_sentence(
    tmp_path, monkeypatch
):
    monkeypatch.chdir(tmp_path)
    shared = demo.samples(SHELF)
    tables = {
        "clinic": shared["clinic"],
        "staff": shared["staff"],
        "records": people(problem(PROBLEM), problem(PROBLEM)),
    }
    Path("clients.json").write_text(json.dumps(tables, default=str), encoding="utf-8")
    Path("plankit.toml").write_text('[check]\nfingerprints = "prints"\n', encoding="utf-8")
    done = CliRunner().invoke(cli.main, ["check", "clients.json", "--today", "2026-09-30"])
    assert done.exit_code == 0 and done.stdout.count("CL001") == 2 and Path("prints").is_file()
    Path("prints").write_bytes(b"plankit fingerprints 1\n")
    done = CliRunner().invoke(cli.main, ["check", "clients.json"])
    assert done.exit_code == 2 and "prints is damaged" in done.stderr and "Traceback" not in done.output


# --- one client's own documents --------------------------------------------------------------------------------------


def reviewed(*texts):
    """Return a plan with a review for each of ``texts``, two weeks apart."""
    reviews = [
        {"date": date(2026, 8, 1 + 14 * number), "kind": "scheduled", "continued_need": text}
        for number, text in enumerate(texts)
    ]
    return {**sample(), "review": reviews}


NEED = "Still misses one shift a week and wakes at four on most nights, by the sleep log and the pay slips of 08/01"


@pytest.mark.parametrize(
    ("second", "codes"),
    [
        (NEED, ["RV010"]),
        (NEED.replace("08/01", "08/15").replace("one shift", "2 shifts"), ["RV010"]),
        ("Two full weeks at work; on Sundays he lies awake till four and calls his sister before he gets up", []),
        ("Still misses one shift a week", []),
    ],
)
def test_a_review_that_says_what_the_last_one_said_is_told(second, codes):
    found = judge(reviewed(NEED, second)).findings
    assert [item.code for item in found if item.code == "RV010"] == codes


def test_a_safety_plan_may_be_said_again():
    tables = reviewed(NEED, "Two full weeks at work")
    for row in tables["review"]:
        row["safety_plan"] = (
            "Warning sign is skipped meals; calls his wife, then the crisis line; she keeps the tablets locked"
        )
    assert not [item for item in judge(tables).findings if item.code == "RV010"]


@pytest.mark.parametrize("code", FAMILY)
def test_a_copy_is_never_more_than_a_warning(code):
    assert RULES[code].level == "warning" and RULES[code].source
