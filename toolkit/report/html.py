"""The findings as one readable page for a supervisor: it holds all that it needs, runs nothing and fetches nothing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from html import escape
from itertools import groupby

from msgspec import Struct, field

from toolkit import kinds
from toolkit.model import Definitions, Finding, Rule
from toolkit.report.outcome import Outcome, many
from toolkit.report.words import LEVEL_WORDS, by_person, one_line, page, parts, shown, whom, whose

_STYLE = """
:root { --ink: #1b2733; --quiet: #4d5b67; --line: #cfd8df; --band: #eef3f6; --brand: #1f3a4d; --link: #1f4e9c;
  --bad: #8f1d1d; --look: #704400; --good: #1c6237 }
* { box-sizing: border-box }
body { margin: 0 auto; max-width: 76rem; padding: 2rem 2.5rem 4rem; color: var(--ink); background: #fff;
  font: 15px/1.5 "Segoe UI", "Helvetica Neue", Arial, sans-serif; overflow-wrap: break-word }
h1 { font-size: 1.75rem; line-height: 1.2; margin: 0 0 .25rem; color: var(--brand) }
h2 { font-size: 1.25rem; margin: 2.75rem 0 .5rem; padding-top: .75rem; border-top: 3px solid var(--brand);
  color: var(--brand) }
h3 { font-size: 1rem; margin: 1.5rem 0 .25rem }
p { margin: .25rem 0 .75rem; max-width: 52rem } ul { margin: .25rem 0 .75rem; padding-left: 1.25rem }
a { color: var(--link) } a:focus-visible, summary:focus-visible { outline: 3px solid var(--link); outline-offset: 2px }
.quiet, caption, footer { color: var(--quiet) } .bad { color: var(--bad); font-weight: 600 }
.look { color: var(--look); font-weight: 600 } .good { color: var(--good); font-weight: 600 }
table { border-collapse: collapse; width: 100%; margin: .5rem 0 1rem } caption { text-align: left; padding: .25rem 0 }
th, td { text-align: left; vertical-align: top; padding: .4rem .6rem; border-bottom: 1px solid var(--line) }
thead th { background: var(--band); border-bottom: 2px solid var(--brand); font-size: .85rem }
tbody th { font-weight: 600 } td.number, th.number { text-align: right; width: 7rem }
.findings { table-layout: fixed } .findings .place { width: 14% } .findings .who { width: 15% }
.findings .why { width: 20% } .findings .code { width: 10% } .findings td:last-child { white-space: nowrap }
.do { display: block } .value { display: block; color: var(--quiet) }
.whole { white-space: nowrap } .skip { position: absolute; left: -99rem } .skip:focus { left: 1rem }
details { border-bottom: 1px solid var(--line); padding: .4rem 0 } summary { cursor: pointer }
pre { white-space: pre-wrap; font: inherit; margin: .5rem 0 .5rem 1.25rem; max-width: 52rem }
@media (max-width: 46rem) { body { padding: 1rem } .findings, .findings tbody, .findings tr, .findings td
  { display: block } .findings thead { display: none } .findings td { border: 0; padding: .1rem 0; width: auto }
  .findings tr { border-bottom: 1px solid var(--line); padding: .5rem 0 } }
@page { size: letter; margin: .65in .6in; @bottom-right { content: counter(page) " / " counter(pages);
  font: 8pt Arial; color: #4d5b67 } }
@media print { body { font-size: 9.5pt; max-width: none; padding: 0 } a { color: inherit; text-decoration: none }
  .skip { display: none } h2, h3, caption, section > ul { break-after: avoid } h2 { margin-top: 1.5rem }
  tr { break-inside: avoid }
  thead { display: table-header-group } details::details-content { content-visibility: visible; height: auto } }
"""
_BEGIN = """<!doctype html><!-- plankit check -->
<html lang="en-US"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="generator" content="plankit"><meta name="robots" content="noindex">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
"""
_LEVELS = {"error": "bad", "warning": "look", "info": "quiet"}
_TITLES = {
    "error": "Must be fixed",
    "warning": "Please look",
    "info": "For information",
}


class _Client(Struct):
    """What the page says of one client in a line: the documents with their state, and how much there is of what."""

    name: str
    documents: list[tuple[str, bool, int]] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)


def html(
    outcome: Outcome,
    rules: Mapping[str, Rule],
    definitions: Definitions,
    day: date,
    clinic: str = "",
    left_out: str = "",
    payers: Sequence[str] = (),
) -> Iterator[str]:
    """Yield the page on ``outcome``: the clinic in figures, each client with what was found, the rules behind it.

    ``definitions`` put the rules' examples in the words of the workbook; ``left_out`` says what is not shown;
    ``payers`` are the titles of those for whom it was checked. Values are shown: it is as confidential as the workbook.
    """
    clients, codes = _counted(outcome)
    title = f"What a reviewer would find: {clinic}" if clinic else "What a reviewer would find"
    yield f"{_BEGIN}<title>{_t(title)}</title>\n<style>{_STYLE}</style></head>\n<body>\n"
    yield '<a class="skip" href="#clients">To the clients</a>\n<header>\n'
    yield f"<h1>{_t(title)}</h1>\n"
    whose = f" for {' and '.join(payers)}" if payers else ""
    yield f'<p class="quiet">Checked{_t(whose)} as on {kinds.show(day)}. '
    yield "Confidential: it shows what was typed of clients.</p>\n"
    yield f"{f'<p><strong>{_t(left_out)}</strong></p>' if left_out else ''}</header>\n<main>\n"
    yield from _summary(outcome, codes, rules)
    numbers = {record: number for number, record in enumerate(clients, start=1)}
    yield from _overview(clients, numbers)
    for record, several in groupby(by_person(outcome.findings), key=lambda finding: finding.record):
        yield from _client(clients.get(record), numbers.get(record, 0), list(several), rules)
    yield from _rules(codes, rules, definitions)
    yield "</main>\n<footer><p>Made by plankit. It says what rules found and does not judge the care.</p></footer>\n"
    yield "</body></html>\n"


def tables(title: str, lead: str, parts: Iterable[tuple[str, Sequence[str], Iterable[Sequence[str]]]]) -> str:
    """Return a page of tables in the same dress: of each part its heading, its columns and its rows."""
    body = [f"{_BEGIN}<title>{_t(title)}</title>\n<style>{_STYLE}</style></head>\n<body>\n<header>\n"]
    body.append(f"<h1>{_t(title)}</h1>\n<p>{_t(lead)}</p></header>\n<main>\n")
    for heading, columns, rows in parts:
        body.append(f"<h2>{_t(heading)}</h2>\n<table>{_head(columns, numbers=0)}<tbody>\n")
        for row in rows:
            body.append(f"<tr>{''.join(f'<td>{_t(cell)}</td>' for cell in row)}</tr>\n")
        body.append("</tbody></table>\n")
    return "".join([*body, "</main>\n</body></html>\n"])


def _counted(outcome: Outcome) -> tuple[dict[str, _Client], Counter[str]]:
    """Return what there is to say of each client, by id, and how often each rule found what nobody accepted."""
    clients: dict[str, _Client] = {}
    for one in outcome.results:
        if one.change != "superseded":
            client = clients.setdefault(one.record, _Client(one.client))
            faults = sum(finding.holds for finding in one.findings)
            client.documents.append((one.dated_title, one.status == "ready", faults))
    codes: Counter[str] = Counter()
    for finding in outcome.findings:
        codes[finding.code] += not finding.waived
        if finding.record:
            name = f"{finding.record} {finding.initials}".strip()
            client = clients.setdefault(finding.record, _Client(name))
            client.counts["accepted" if finding.waived else finding.level] += 1
    return clients, codes


# --- the clinic ----------------------------------------------------------------------------------------------------


def _summary(outcome: Outcome, codes: Counter[str], rules: Mapping[str, Rule]) -> Iterator[str]:
    levels = Counter("accepted" if finding.waived else finding.level for finding in outcome.findings)
    yield '<section aria-labelledby="summary">\n<h2 id="summary">The clinic in figures</h2>\n<ul>\n'
    yield f"<li>{many(outcome.records, 'client')}</li>\n"
    yield f'<li><span class="good">{many(len(outcome.ready), "document")} ready to sign</span>, '
    yield f'<span class="{"bad" if outcome.held else "quiet"}">{len(outcome.held)} held</span></li>\n'
    yield f'<li><span class="bad">{levels["error"]}</span> must be fixed, <span class="look">{levels["warning"]}</span>'
    yield f" worth a look, {levels['info']} for information, {levels['accepted']} accepted with a reason</li>\n</ul>\n"
    if codes.total():
        head = _head(("Rule", "What it finds", "How urgent", "Found"), numbers=1)
        yield f"<table><caption>What was found most often</caption>{head}<tbody>\n"
        for code, count in (one for one in codes.most_common(10) if one[1]):
            rule = rules.get(code)
            level = f'<span class="{_LEVELS[rule.level]} whole">{LEVEL_WORDS[rule.level]}</span>' if rule else ""
            said = _t(rule.summary) if rule else ""
            yield f'<tr><th scope="row">{_code(code)}</th><td>{said}</td><td>{level}</td>'
            yield f'<td class="number">{count}</td></tr>\n'
        yield "</tbody></table>\n"
    yield "</section>\n"


def _overview(clients: Mapping[str, _Client], numbers: Mapping[str, int]) -> Iterator[str]:
    yield '<nav aria-labelledby="clients">\n<h2 id="clients">The clients</h2>\n'
    yield "<p>Who is not a link is clean: nothing was found.</p>\n"
    head = _head(("Client", "Documents", "Must be fixed", "Please look", "Accepted"), numbers=3)
    yield f"<table>{head}<tbody>\n"
    for record, client in clients.items():
        documents = "<br>".join(_document(*one) for one in client.documents) or '<span class="quiet">none</span>'
        name = f'<a href="#client-{numbers[record]}">{_t(client.name)}</a>' if client.counts else _t(client.name)
        yield f'<tr><th scope="row">{name}</th><td>{documents}</td>'
        for level, looks in (("error", "bad"), ("warning", "look"), ("accepted", "quiet")):
            count = client.counts[level]
            yield f'<td class="number{f" {looks}" if count else " quiet"}">{count}</td>'
        yield "</tr>\n"
    yield "</tbody></table>\n</nav>\n"


def _document(title: str, is_ready: bool, faults: int) -> str:
    if is_ready:
        return f'{_t(title)}: <span class="good">ready to sign</span>'
    return f'{_t(title)}: <span class="bad">held</span>, {many(faults, "thing")} to fix'


# --- one client ----------------------------------------------------------------------------------------------------


def _client(client: _Client | None, number: int, findings: list[Finding], rules: Mapping[str, Rule]) -> Iterator[str]:
    """Yield what was found of one client, or of the workbook as a whole where ``client`` is None."""
    title = f"Client {client.name}" if client else "The workbook as a whole"
    yield f'<section aria-labelledby="client-{number}">\n<h2 id="client-{number}">{_t(title)}</h2>\n'
    if client and client.documents:
        yield f"<ul>{''.join(f'<li>{_document(*one)}</li>' for one in client.documents)}</ul>\n"
    for level, heading in _TITLES.items():
        yield from _findings(heading, level, [one for one in findings if one.level == level and not one.waived], rules)
    yield from _findings("Accepted, with a reason", "info", [one for one in findings if one.waived], rules)
    yield "</section>\n"


def _findings(heading: str, level: str, findings: list[Finding], rules: Mapping[str, Rule]) -> Iterator[str]:
    if not findings:
        return
    yield f'<h3><span class="{_LEVELS[level]}">{heading}</span> ({len(findings)})</h3>\n'
    columns = (("Where", "place"), ("What, and what to do", ""), ("Who can answer", "who"), ("Who asks for it", "why"),
               ("Rule", "code"))  # fmt: skip
    head = "".join(f'<th scope="col"{f" class={name}" if name else ""}>{title}</th>' for title, name in columns)
    yield f'<table class="findings"><thead><tr>{head}</tr></thead><tbody>\n'
    for finding in findings:
        wrong, mend = parts(finding)
        more = "".join(
            f'<span class="{name}">{_t(text)}</span>'
            for name, text in (
                ("do", mend),
                ("value", shown(finding)),
                ("do", f"Accepted: {finding.waived}" if finding.waived else ""),
            )
            if text
        )
        cells = (_t(str(finding.place)), f"<strong>{_t(wrong)}</strong>{more}", _t(whom(finding)),
                 _t(whose(finding, rules)), _code(finding.code))  # fmt: skip
        yield f"<tr>{''.join(f'<td>{cell}</td>' for cell in cells)}</tr>\n"
    yield "</tbody></table>\n"


# --- the rules -----------------------------------------------------------------------------------------------------


def _rules(codes: Iterable[str], rules: Mapping[str, Rule], definitions: Definitions) -> Iterator[str]:
    known = sorted(code for code in codes if code in rules)
    if not known:
        return
    yield '<section aria-labelledby="rules">\n<h2 id="rules">The rules behind it</h2>\n'
    yield "<p>Open a rule for why it matters, an example, and who asks for it.</p>\n"
    for code in known:
        rule = rules[code]
        body = page(rule, definitions).split("\n\n", 2)[2]
        yield f'<details id="rule-{code}"><summary><strong>{code}</strong> {_t(rule.summary)}</summary>'
        yield f"<pre>{escape(body)}</pre></details>\n"
    yield "</section>\n"


# --- small pieces --------------------------------------------------------------------------------------------------


def _head(titles: Iterable[str], numbers: int) -> str:
    """Return a table's header; the last ``numbers`` columns hold numbers."""
    several = list(titles)
    cells = (
        f'<th scope="col"{" class=number" if place >= len(several) - numbers else ""}>{title}</th>'
        for place, title in enumerate(several)
    )
    return f"<thead><tr>{''.join(cells)}</tr></thead>"


def _code(code: str) -> str:
    return f'<a href="#rule-{_t(code)}">{_t(code)}</a>'


def _t(text: str) -> str:
    """Return ``text`` as it may stand in a page: nothing in it is markup, or turns the direction of what follows."""
    return escape(one_line(text))
