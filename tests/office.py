"""Is a file valid for Word and Excel? What openxml-audit says, and what it misses."""

import io
import posixpath
import zipfile
from collections import Counter
from functools import lru_cache

from lxml import etree
from openxml_audit import OpenXmlValidator

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
DS = "{http://schemas.openxmlformats.org/officeDocument/2006/customXml}"
ORDER = ("rPr", "alias", "tag", "id", "lock", "placeholder", "temporary", "showingPlcHdr", "dataBinding", "text",
         "date", "dropDownList")  # fmt: skip


def complaints(path):
    """Return what is wrong with the file at ``path``, one text each."""
    return [f"{error.part_uri}: {error.description}" for error in OpenXmlValidator().validate(path).errors]


def faults(data):
    """Return what openxml-audit does not see in the Word file ``data`` and Word would mind, one text each."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        names = archive.namelist()
        parts = {name: _root(archive.read(name)) for name in names if name.endswith((".xml", ".rels"))}
    found = [f"part twice: {name}" for name, times in Counter(names).items() if times > 1]
    stores = _stores(parts)
    ids = Counter()
    for name, root in parts.items():
        for sdt in root.iter(f"{W}sdt"):
            found += [f"{name}: {fault}" for fault in _control_faults(sdt, stores)]
            ids.update(item.get(f"{W}val") for item in sdt.findall(f"{W}sdtPr/{W}id"))
        marks = Counter(item.get(f"{W}name") for item in root.iter(f"{W}bookmarkStart"))
        found += [f"{name}: bookmark twice: {mark}" for mark, times in marks.items() if times > 1]
    found += [f"control id twice: {number}" for number, times in ids.items() if times > 1]
    return found + [f"control id too great: {number}" for number in ids if not -(2**31) <= int(number) < 2**31]


@lru_cache(maxsize=256)
def _root(content):
    """Return the root of a part, which nobody changes; most parts are the same in many files."""
    return etree.fromstring(content)


def _stores(parts):
    """Return the root of each custom XML part by its id."""
    stores = {}
    for name, root in parts.items():
        for relation in root if name.startswith("customXml/_rels/") else ():
            properties = parts[posixpath.join("customXml", relation.get("Target"))]
            stores[properties.get(f"{DS}itemID")] = parts[name.replace("_rels/", "").removesuffix(".rels")]
    return stores


def _control_faults(sdt, stores):
    properties = sdt.find(f"{W}sdtPr")
    kinds = [etree.QName(item).localname for item in properties]
    if [kind for kind in ORDER if kind in kinds] != kinds:
        yield f"the properties of a control are out of order: {kinds}"
    for kind in ("tag", "alias"):
        item = properties.find(f"{W}{kind}")
        if item is not None and len(item.get(f"{W}val")) > 64:
            yield f"a control's {kind} is longer than Word takes"
    content = sdt.find(f"{W}sdtContent")
    if sdt.getparent().tag == f"{W}p":
        if next(content.iter(f"{W}p"), None) is not None:
            yield "a control in a line holds a paragraph"
        if next(content.iter(f"{W}sdt"), None) is not None:
            yield "a control stands in another"
        if not shown(sdt):
            yield "a control is empty"
    line = properties.find(f"{W}text")
    if line is not None and not line.keys() and next(content.iter(f"{W}br"), None) is not None:
        yield "a control of one line holds several"
    binding = properties.find(f"{W}dataBinding")
    if binding is not None:
        yield from _binding_faults(sdt, properties, binding, stores)


def _binding_faults(sdt, properties, binding, stores):
    """Yield where Word would show something else than the file says: it shows what the store holds."""
    nodes = stores[binding.get(f"{W}storeItemID")].xpath(binding.get(f"{W}xpath"))
    if len(nodes) != 1:
        yield f"a binding leads to {len(nodes)} places: {binding.get(f'{W}xpath')}"
        return
    kept = nodes[0].text or ""
    if properties.find(f"{W}date") is not None:
        if properties.find(f"{W}date").get(f"{W}fullDate") != f"{kept}T00:00:00Z":
            yield "a date and its binding differ"
        year, month, day = kept.split("-")
        kept = f"{month}/{day}/{year}"
    elif properties.find(f"{W}dropDownList") is not None:
        items = {item.get(f"{W}value"): item.get(f"{W}displayText") for item in properties.iter(f"{W}listItem")}
        kept = items.get(kept)
    if kept != shown(sdt):
        yield f"Word would show {kept!r} for {shown(sdt)!r}"


def shown(sdt):
    """Return the text that a control shows; a soft break is a new line."""
    marks = {f"{W}br": "\n", f"{W}tab": "\t"}
    items = sdt.find(f"{W}sdtContent").iter(f"{W}t", *marks)
    return "".join(marks.get(item.tag) or item.text or "" for item in items)
