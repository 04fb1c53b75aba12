"""One engine at one work, in a process of its own, so that its memory is known and its turn can be measured.

    python benchmarks/engines.py WORK ENGINE

Each line on standard input is a command: ``text`` prints the words of its first documents as JSON, a number makes so
many documents and prints the milliseconds that each took, ``memory`` prints the peak in megabytes, ``on`` and ``off``
switch the counting of instructions by callgrind.
"""

from __future__ import annotations

import io
import json
import os
import resource
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from itertools import cycle
from typing import Any, NamedTuple

DAY = date(2026, 9, 30)
COMPARED = 5
"""How many documents of each engine are compared before anything is timed."""
WITHOUT_ISAL = ", zlib"
"""At the end of an engine's name: as where the extra ``[fast]`` is not installed."""

Fill = Callable[[int], object]
"""Makes the document of the client with a number."""


class Work(NamedTuple):
    """A template to fill, the values of its clients, and the cases they came from, where there are such."""

    template: bytes
    contexts: Sequence[dict[str, Any]]
    compiled: Callable[[], Any]
    """Compiles the template as plankit does; it has content controls where plankit's own documents have."""
    cases: Sequence[Any] = ()


def four_pages() -> Work:
    """Return a plan of four pages without content controls, and 100 clients."""
    import four_pages as plan

    from toolkit.word.compile import compile_template

    data = plan.template()
    contexts = [{"client": client} for client in plan.clients(100)]
    return Work(data, contexts, lambda: compile_template(data, "plan.docx", lambda name: b""))


def heaviest() -> Work:
    """Return the treatment plan of an adolescent with trauma and IDD as plankit ships it, and its sample."""
    return _shipped("adolescent", "trauma", "idd")


def adult() -> Work:
    """Return the treatment plan of an adult as plankit ships it, and its samples."""
    return _shipped("adult")


def _shipped(*populations: str) -> Work:
    from toolkit import derive, intake, shelf
    from toolkit.audit import Auditor
    from toolkit.demo import samples
    from toolkit.word.compile import compile_template
    from toolkit.word.include import compose
    from toolkit.word.package import assemble, in_order, static_entry

    found = shelf.load()
    files = found.template_files(populations, "treatment_plan")
    assert files is not None
    data = files.template.read_bytes()
    added = {place: [path.read_bytes() for path in paths] for place, paths in files.added.items()}
    parts = compose(data, "plan", lambda name: b"", added).parts  # docxtpl does not know what populations add
    auditor = Auditor(found.rules, found.compose, found.populations, DAY, everything=found.all())
    judged = (case for record in intake.records(samples(found), found.all()) for case in auditor.judge(record).cases)
    cases = [
        case
        for case in judged
        if case.definitions.populations == populations and case.wanted.document.name == "treatment_plan"
    ]
    return Work(
        assemble(static_entry(part, parts[part]) for part in in_order(parts)),
        [derive.context(case) for case in cases],
        lambda: compile_template(data, "plan", lambda name: b"", added, found.compose(populations)),
        cases,
    )


WORKS: Mapping[str, Callable[[], Work]] = {"four-pages": four_pages, "heaviest": heaviest, "adult": adult}


# --- engines ---------------------------------------------------------------------------------------------------------


def _plankit(work: Work) -> Fill:
    template = work.compiled()
    return lambda number: template.render(work.contexts[number])


def _proven(work: Work) -> Fill:
    from toolkit import proof
    from toolkit.word import read

    template = work.compiled()

    def fill(number: int) -> bytes:
        data: bytes = template.render(work.contexts[number])
        words = read.paragraphs(data)
        if work.cases:
            assert not proof.prove(work.cases[number], words)
        return data

    return fill


def _docxtpl(work: Work) -> Fill:
    """Fill as docxtpl's documentation says: open, render and save, for each document."""
    from docxtpl import DocxTemplate

    def fill(number: int) -> bytes:
        return _saved(DocxTemplate(io.BytesIO(work.template)), _for_docxtpl(work, number), _environment())

    return fill


def _docxtpl_reused(work: Work) -> Fill:
    from docxtpl import DocxTemplate

    template, environment = DocxTemplate(io.BytesIO(work.template)), _environment()
    return lambda number: _saved(template, _for_docxtpl(work, number), environment)


def _environment() -> Any:
    import jinja2

    from toolkit.kinds import show

    # The last signer of an odd number has nobody beside, which docxtpl would not print otherwise.
    return jinja2.Environment(autoescape=True, finalize=show, undefined=jinja2.ChainableUndefined)


def _for_docxtpl(work: Work, number: int) -> dict[str, Any]:
    from toolkit.word.render import Sign

    context = work.contexts[number]
    return {**context, "sign": Sign(context["signers"], draft=False)} if "signers" in context else context


def _saved(template: Any, context: dict[str, Any], environment: Any) -> bytes:
    template.render(context, environment, autoescape=True)
    file = io.BytesIO()
    template.save(file)
    return file.getvalue()


ENGINES: Mapping[str, Callable[[Work], Fill]] = {
    "docxtpl as documented": _docxtpl,
    "docxtpl, all reused": _docxtpl_reused,
    "plankit": _plankit,
    "plankit, proven": _proven,
    "plankit" + WITHOUT_ISAL: _plankit,
    "plankit, proven" + WITHOUT_ISAL: _proven,
}


def main() -> None:
    """Do as standard input says."""
    work_name, name = sys.argv[1:3]
    if name.endswith(WITHOUT_ISAL):
        sys.modules["isal"] = None  # type: ignore[assignment]
    from toolkit.word import read

    work = WORKS[work_name]()
    serve(ENGINES[name](work), len(work.contexts), read.text)


def serve(
    fill: Fill, documents: int, text: Callable[[Any], str], clock: Callable[[], float] = time.perf_counter
) -> None:
    """Do as standard input says: ``fill`` makes one of so many documents, ``text`` reads its words."""
    numbers = cycle(range(documents))
    for command in map(str.strip, sys.stdin):
        answer: object
        if command == "text":
            made = (fill(number) for number in range(min(COMPARED, documents)))
            answer = ["".join(text(data).split()) for data in made]  # engines part runs and lines differently
        elif command == "memory":
            answer = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
        elif command in ("on", "off"):  # start and imports are no documents
            switch = ["callgrind_control", f"--instr={command}", str(os.getpid())]
            answer = subprocess.run(switch, capture_output=True).returncode
        else:
            start = clock()
            for _ in range(int(command)):
                fill(next(numbers))
            answer = (clock() - start) * 1000 / int(command)
        print(json.dumps(answer), flush=True)


if __name__ == "__main__":
    main()
