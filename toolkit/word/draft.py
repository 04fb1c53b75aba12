"""What a draft bears: the DRAFT mark on every page, and its missing answers as highlighted questions."""

from __future__ import annotations

from copy import deepcopy

from lxml import etree

from toolkit.word.package import (
    HEADER_TYPE,
    Element,
    Parts,
    R,
    W,
    declare,
    parse,
    relate,
    serialize,
    text_parts,
    w,
)

_MARK = "plankit-missing"
ASKED = "\x04"
"""What begins a missing answer until it is highlighted; neither a template nor a value can print it."""
OPENING = f'{ASKED}<w:t xml:space="preserve" {_MARK}="">'
"""How the text of a missing answer opens."""
LATER = "Signatures follow when the document is complete."
"""What stands in a draft where people will sign."""
_AFTER_HIGHLIGHT = {w(name) for name in ("u", "effect", "bdr", "shd", "fitText", "vertAlign", "rtl", "cs", "em", "lang",
                                         "eastAsianLayout", "specVanish", "oMath", "rPrChange")}  # fmt: skip

# --- missing answers -----------------------------------------------------------------------------------------------


def highlighted(xml: str) -> str:
    """Return a rendered part in which each missing answer stands in a highlighted run of its own."""
    root = etree.fromstring(xml.encode())
    for run in {text.getparent(): None for text in root.iter(w("t")) if _MARK in text.attrib}:
        _split(run)
    return str(etree.tostring(root, encoding="unicode"))


def _split(run: Element) -> None:
    properties = run.find(w("rPr"))
    runs: list[Element] = []
    for child in list(run):
        if child is properties:
            continue
        missing = child.attrib.pop(_MARK, None) is not None
        if missing or not runs or runs[-1][1]:
            runs.append((_run(properties, missing), missing))
        runs[-1][0].append(child)
    for new, missing in runs:
        if missing or any(child.tag != w("t") or child.text for child in new if child.tag != w("rPr")):
            run.addprevious(new)
    run.getparent().remove(run)


def _run(properties: Element | None, missing: bool) -> Element:
    run = etree.Element(w("r"))
    if properties is not None:
        run.append(deepcopy(properties))
    if missing:
        own = run.find(w("rPr"))
        if own is None:
            own = etree.SubElement(run, w("rPr"))
        for old in own.findall(w("highlight")):
            own.remove(old)
        behind = next(
            (item for item in own if item.tag in _AFTER_HIGHLIGHT or not item.tag.startswith(f"{{{W}}}")), None
        )
        highlight = etree.Element(w("highlight"), {w("val"): "yellow"})
        own.append(highlight) if behind is None else behind.addprevious(highlight)
    return run


# --- the mark ------------------------------------------------------------------------------------------------------

_RUN = (
    f'<w:r xmlns:w="{W}" xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office"'
    ' xmlns:w10="urn:schemas-microsoft-com:office:word"><w:rPr><w:noProof/></w:rPr><w:pict>'
    '<v:shapetype id="_x0000_t136" coordsize="21600,21600" o:spt="136" adj="10800" path="m@7,l@8,m@5,21600l@6,21600e">'
    '<v:formulas><v:f eqn="sum #0 0 10800"/><v:f eqn="prod #0 2 1"/><v:f eqn="sum 21600 0 @1"/>'
    '<v:f eqn="sum 0 0 @2"/><v:f eqn="sum 21600 0 @3"/><v:f eqn="if @0 @3 0"/><v:f eqn="if @0 21600 @1"/>'
    '<v:f eqn="if @0 0 @2"/><v:f eqn="if @0 @4 21600"/></v:formulas>'
    '<v:path textpathok="t" o:connecttype="rect"/><v:textpath on="t" fitshape="t"/><o:lock v:ext="edit" text="t"'
    ' shapetype="t"/></v:shapetype>'
    '<v:shape id="PlankitDraft{number}" o:spid="_x0000_s{shape}" type="#_x0000_t136" alt="DRAFT"'
    ' style="position:absolute;'
    "margin-left:0;margin-top:0;width:412pt;height:165pt;rotation:315;z-index:-251657216;"
    "mso-position-horizontal:center;mso-position-horizontal-relative:margin;"
    'mso-position-vertical:center;mso-position-vertical-relative:margin" o:allowincell="f" fillcolor="silver"'
    ' stroked="f"><v:fill opacity=".5"/><v:textpath style="font-family:&quot;Arial&quot;;font-size:1pt"'
    ' string="DRAFT"/><w10:wrap anchorx="margin" anchory="margin"/></v:shape></w:pict></w:r>'
)
_HEADER = f'<w:hdr xmlns:w="{W}" xmlns:r="{R}"><w:p/></w:hdr>'.encode()
_HEADER_RELATION = f"{R}/header"


def marked(parts: Parts, name: str) -> dict[str, bytes]:
    """Return ``parts`` with the DRAFT mark in the headers of every page; headers are made where there are none."""
    marked = dict(parts)
    body = next(iter(text_parts(parts, name)))
    _add_headers(marked, body, name)
    headers = [part for part, label in text_parts(marked, name).items() if label.startswith("header")]
    for number, part in enumerate(headers, start=1):
        root = parse(marked[part], name)
        holder = root.find(w("p"))
        if holder is None or _goes_away(holder):
            holder = etree.SubElement(root, w("p"))
        holder.append(etree.fromstring(_RUN.format(number=number, shape=4096 + number)))
        marked[part] = serialize(root)
    return marked


def _goes_away(paragraph: Element) -> bool:
    """Tell whether a tag takes the paragraph away when it is rendered."""
    text = "".join(item.text or "" for item in paragraph.iter(w("t")))
    return "{%p" in text or "{#p" in text


def _add_headers(parts: dict[str, bytes], body: str, name: str) -> None:
    """Give the first section each kind of header that some page asks for and no section has; others inherit it."""
    root = parse(parts[body], name)
    sections = list(root.iter(w("sectPr")))
    if not sections:
        sections = [etree.SubElement(root.find(w("body")), w("sectPr"))]
    settings = parts.get("word/settings.xml", b"")
    wanted = {"default": True, "first": any(item.find(w("titlePg")) is not None for item in sections),
              "even": b"evenAndOddHeaders" in settings}  # fmt: skip
    had = {item.get(w("type")) for item in sections[0].findall(w("headerReference"))}
    for kind in (kind for kind, needed in wanted.items() if needed and kind not in had):
        part = f"{body.rpartition('/')[0]}/header_draft_{kind}.xml".lstrip("/")
        parts[part] = _HEADER
        declare(parts, part, HEADER_TYPE, name)
        relation = relate(parts, body, _HEADER_RELATION, part.rpartition("/")[2], name)
        reference = etree.Element(w("headerReference"), {w("type"): kind, f"{{{R}}}id": relation})
        sections[0].insert(0, reference)
    parts[body] = serialize(root)
