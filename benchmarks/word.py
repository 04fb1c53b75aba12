"""How fast are treatment plans made, as a ratio to docxtpl used as its documentation says, in one run?

    python benchmarks/word.py [--documents 100] [--rounds 5]

Both engines fill the adult treatment plan for the samples of its pack; the texts are compared before anything is
timed. Rounds are interleaved and the ratio is taken within each round, so that a busy machine matters little.
"""

from __future__ import annotations

import argparse
import io
import json
import resource
import statistics
import time
from collections.abc import Callable
from datetime import date
from typing import Any

import docx
import jinja2
from docxtpl import DocxTemplate

from toolkit import derive, intake, kinds, proof, shelf
from toolkit.audit import Auditor
from toolkit.demo import samples
from toolkit.model import Case
from toolkit.word import read
from toolkit.word.compile import compile_template
from toolkit.word.render import Sign

DAY = date(2026, 9, 30)


def cases(found: shelf.Shelf) -> list[Case]:
    """Return the treatment plans of the samples of adults without overlays, judged."""
    auditor = Auditor(found.rules, found.compose, found.populations, DAY, everything=found.all())
    judged = (case for record in intake.records(samples(found), found.all()) for case in auditor.judge(record).cases)
    adults = (case for case in judged if case.definitions.populations == ("adult",))
    return [case for case in adults if case.wanted.document.name == "treatment_plan"]


def without_includes(data: bytes) -> bytes:
    """Return the template without its places for what populations add, which docxtpl does not know."""
    document = docx.Document(io.BytesIO(data))
    for paragraph in list(document.element.body.iter("{*}p")):
        if "%p include " in "".join(paragraph.itertext()):
            paragraph.getparent().remove(paragraph)
    file = io.BytesIO()
    document.save(file)
    return file.getvalue()


def with_docxtpl(data: bytes, context: dict[str, Any]) -> bytes:
    """Fill the template as docxtpl's documentation does: open, render, save, for each document."""
    template = DocxTemplate(io.BytesIO(data))
    context = {**context, "sign": Sign(context["signers"], draft=False)}
    lenient = jinja2.ChainableUndefined  # the last signer of an odd number has nobody beside
    template.render(
        context, jinja2.Environment(autoescape=True, finalize=kinds.show, undefined=lenient), autoescape=True
    )
    file = io.BytesIO()
    template.save(file)
    return file.getvalue()


def timed(make: Callable[[dict[str, Any]], object], contexts: list[dict[str, Any]]) -> float:
    """Return the milliseconds that a document takes."""
    start = time.perf_counter()
    for context in contexts:
        make(context)
    return (time.perf_counter() - start) * 1000 / len(contexts)


def words(data: bytes) -> str:
    """Return the text of a document without blanks, as the two engines part runs differently."""
    return "".join(read.text(data).split())


def main() -> None:
    """Compare, time and print a table and its figures as JSON."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--documents", type=int, default=100, help="documents a round")
    options.add_argument("--rounds", type=int, default=5)
    chosen = options.parse_args()
    found = shelf.load()
    path = found.pack("adult").file("treatment_plan.docx")
    assert path is not None
    data = path.read_bytes()
    compiled = compile_template(data, path.name, lambda name: b"", {}, found.compose(("adult",)))
    without_controls = compile_template(data, path.name, lambda name: b"")
    plain = without_includes(data)
    judged = cases(found)
    base = [derive.context(case) for case in judged]
    for context in base:
        assert words(compiled.render(context)) == words(with_docxtpl(plain, context)), "the texts differ"
    contexts = [base[number % len(base)] for number in range(chosen.documents)]
    proven = {id(context): case for context, case in zip(base, judged, strict=True)}

    def with_proof(context: dict[str, Any]) -> object:
        return proof.prove(proven[id(context)], read.text(compiled.render(context)))

    engines: dict[str, tuple[Callable[[dict[str, Any]], object], int]] = {
        "docxtpl as documented": (lambda context: with_docxtpl(plain, context), max(1, chosen.documents // 10)),
        "plankit": (compiled.render, chosen.documents),
        "plankit, without content controls": (without_controls.render, chosen.documents),
        "plankit, read back and proven": (with_proof, chosen.documents),
    }
    rounds = [
        {name: timed(make, contexts[:count]) for name, (make, count) in engines.items()} for _ in range(chosen.rounds)
    ]
    slow = next(iter(engines))
    figures = {}
    for name in engines:
        ratios = [one[slow] / one[name] for one in rounds]
        milliseconds = statistics.median(one[name] for one in rounds)
        figures[name] = {"ms": round(milliseconds, 2), "ratio": round(statistics.median(ratios), 1)}
        print(
            f"{name:<32} {milliseconds:8.2f} ms  {figures[name]['ratio']:6.1f} x  [{min(ratios):.1f}-{max(ratios):.1f}]"
        )
    print(f"peak memory {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB (both engines loaded)")
    print(json.dumps(figures))


if __name__ == "__main__":
    main()
