"""The sheet of paper on which a template is laid out: page, styles, paragraphs, tables, footer, and fixed bytes."""

from __future__ import annotations

import datetime
import io
import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import docx
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_TAB_ALIGNMENT
from docx.opc.constants import RELATIONSHIP_TYPE as REL
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Emu, Inches, Pt, RGBColor
from docx.table import _Cell

from toolkit.blocks import INK, LINE, MUTED, SHADE, brand_color
from toolkit.word.breaks import CLOSING_ROWS, ROWS

ALARM = "9C1C1C"
WIDTH = 6.9
"""Inches between the margins of a US Letter page."""
LABELS = 1.7
"""Inches of the column of labels beside answers."""
_EPOCH = datetime.datetime(2026, 1, 1)
_KEPT_STYLES = {"Normal", "DefaultParagraphFont", "TableNormal", "NoList"}
_DROPPED_PARTS = {REL.CUSTOM_XML, REL.THUMBNAIL, REL.EXTENDED_PROPERTIES, REL.WEB_SETTINGS,
                  "http://schemas.microsoft.com/office/2007/relationships/stylesWithEffects"}  # fmt: skip

# name, parent, size in points, weight and colour, space before and after, and paragraph switches
_PARAGRAPH_STYLES: tuple[tuple[str, str, float, str, str, float, float, str], ...] = (
    ("Title", "Normal", 22, "bold", "brand", 10, 2, "next"),
    ("Subtitle", "Normal", 13, "", MUTED, 0, 8, "next"),
    ("Heading 1", "Normal", 13, "bold", "brand", 14, 4, "next lines"),
    ("Heading 2", "Normal", 11, "bold", "brand", 13, 1, "next lines"),
    ("Heading 3", "Normal", 9, "bold", MUTED, 7, 1, "next lines"),
    ("Statement", "Normal", 11, "bold", INK, 0, 3, ""),
    ("List Bullet", "Normal", 10, "", INK, 0, 2.5, "lines"),
    ("Finding", "Normal", 10, "", INK, 0, 2.5, "lines"),
    ("Quote", "Normal", 10.5, "italic", INK, 2, 5, ""),
    ("Table Text", "Normal", 9.5, "", INK, 0, 1.5, ""),
    ("Table Lead", "Table Text", 9.5, "bold", INK, 0, 1.5, ""),
    ("Table Note", "Table Text", 8.5, "", MUTED, 0, 1.5, ""),
    ("Row Label", "Normal", 8.5, "bold", MUTED, 0.5, 1.5, ""),
    ("Table Head", "Normal", 8.5, "bold", MUTED, 0, 1.5, "next"),
    ("Answer", "Normal", 10, "", INK, 0, 1.5, ""),
    ("Signature", "Normal", 9, "", INK, 18, 3, "next lines"),
    ("Masthead Line", "Normal", 8.5, "", MUTED, 0, 0, "right"),
    ("Gap", "Normal", 1, "", INK, 0, 0, "thin"),
    ("Plain", "Normal", 16, "", INK, 6, 10, "airy"),
    ("Small", "Normal", 8.5, "", MUTED, 0, 3, ""),
    ("Clinic", "Normal", 13, "bold", "brand", 0, 1, ""),
    ("Card Label", "Normal", 7.5, "", MUTED, 3, 0, ""),
    ("Card Value", "Normal", 9.5, "", INK, 0, 2, ""),
    ("Draft", "Normal", 10, "bold", ALARM, 0, 6, ""),
    ("Header", "Normal", 8, "", MUTED, 0, 0, ""),
    ("Footer", "Normal", 8, "", MUTED, 0, 0, ""),
    ("Tag", "Normal", 7, "", "8A8A8A", 0, 0, "next"),
)
_CHARACTER_STYLES = (("Label", "bold", MUTED, 8.5), ("Number", "bold", "brand", None), ("Aside", "", MUTED, 8.5))

Run = str | tuple[str, str]
"""Text, or text and the name of its character style."""


class Paper:
    """A Word file being laid out. ``add`` writes to the body; ``add`` in a cell or header takes it as ``where``."""

    def __init__(self, title: str, brand: Mapping[str, Any]) -> None:
        self.document = docx.Document()
        self.colour = brand_color(brand)
        self.font = str(brand.get("font") or "Arial")
        self._strip_package()
        self._define_styles()
        self._define_page()
        self._describe(title)

    # --- what stands on it ---------------------------------------------------------------------------------------

    def add(self, style: str, *runs: Run, where: Any = None, keep: bool = False) -> Any:
        """Add a paragraph of ``runs`` and return it; ``keep`` holds it on one page with what follows."""
        paragraph = (where if where is not None else self.document).add_paragraph(style=style)
        for run in runs:
            text, character = (run, None) if isinstance(run, str) else run
            if text:
                paragraph.add_run(text, style=character)
        if keep:
            paragraph.paragraph_format.keep_with_next = True
        return paragraph

    def tag(self, text: str, where: Any = None) -> None:
        """Add a paragraph that only steers: it holds one ``{%p … %}`` and vanishes when the template is compiled."""
        self.add("Tag", f"{{%p {text} %}}", where=where)

    def table(
        self,
        widths: Sequence[float],
        *,
        style: str = "",
        rules: bool = True,
        top: bool = False,
        margins: tuple[int, int] = (50, 0),
    ) -> Any:
        """Add an empty table of columns of ``widths`` inches and return it; ``style`` says which rows stay together.

        ``rules`` draws hairlines below rows, ``top`` one above the first; ``margins`` are those of a cell, above and
        below, left and right, in twentieths of a point.
        """
        table = self.document.add_table(rows=0, cols=len(widths))
        properties = table._tbl.tblPr
        for child in list(properties):
            properties.remove(child)
        line = f'<w:{{0}} w:val="single" w:sz="4" w:space="0" w:color="{LINE}"/>'
        edges = ("top", "bottom", "insideH") if top else ("bottom", "insideH")
        borders = "".join(line.format(edge) for edge in edges) if rules else ""
        margin, side = margins
        for xml in (
            f'<w:tblW {nsdecls("w")} w:w="{_twips(sum(widths))}" w:type="dxa"/>',
            f"<w:tblBorders {nsdecls('w')}>{borders}</w:tblBorders>" if borders else "",
            f'<w:tblLayout {nsdecls("w")} w:type="fixed"/>',
            f'<w:tblCellMar {nsdecls("w")}><w:top w:w="{margin}" w:type="dxa"/><w:left w:w="{side}" w:type="dxa"/>'
            f'<w:bottom w:w="{margin}" w:type="dxa"/><w:right w:w="{side or 115 * rules}" w:type="dxa"/>'
            "</w:tblCellMar>",
        ):
            if xml:
                properties.append(parse_xml(xml))
        if style:
            table.style = style
        for column, width in zip(table._tbl.tblGrid.findall(qn("w:gridCol")), widths, strict=True):
            column.set(qn("w:w"), str(_twips(width)))
        return table

    def row(self, table: Any, *, head: bool = False, whole: bool = False, across: bool = False) -> list[Any]:
        """Add a row and return its cells, each without a paragraph: give every one at least one.

        ``head`` repeats it at the top of each page; ``whole`` forbids a page break inside it; ``across`` makes it one
        cell over all columns.
        """
        row = table.add_row()
        properties = row._tr.get_or_add_trPr()
        if head or whole:
            properties.append(OxmlElement("w:cantSplit"))
        if head:
            properties.append(OxmlElement("w:tblHeader"))
        widths = [int(column.get(qn("w:w"))) for column in table._tbl.tblGrid.findall(qn("w:gridCol"))]
        for cell, width in zip(row.cells, widths, strict=True):
            cell.width = Emu(width * 635)
            cell._tc.remove(cell._tc.p_lst[0])
        first, *others = row._tr.tc_lst
        if across and others:
            for other in others:
                row._tr.remove(other)
            first.width = Emu(sum(widths) * 635)
            first.grid_span = len(widths)
        return [_Cell(item, table) for item in row._tr.tc_lst]

    def tag_row(self, table: Any, text: str) -> None:
        """Add a row that only steers: it holds one ``{%tr … %}`` and vanishes when the template is compiled."""
        [cell] = self.row(table, across=True)
        self.add("Tag", f"{{%tr {text} %}}", where=cell)

    def shade(self, cell: Any, colour: str = SHADE) -> None:
        """Fill ``cell`` with ``colour``."""
        cell._tc.get_or_add_tcPr().append(
            parse_xml(f'<w:shd {nsdecls("w")} w:val="clear" w:color="auto" w:fill="{colour}"/>')
        )

    def picture(self, path: Path, height: float, where: Any) -> None:
        """Add the picture at ``path``, ``height`` inches high, described as the clinic's logo."""
        paragraph = self.add("Normal", where=where)
        shape = paragraph.add_run().add_picture(str(path), height=Inches(height))
        shape._inline.docPr.set("descr", "Logo of the clinic")
        shape._inline.docPr.set("name", "Logo")

    def head_and_foot(self, left: Sequence[Run], right: Sequence[Run], header: Sequence[Run]) -> None:
        """Write the footer of every page (``right`` is followed by “Page x of y”) and the header of the later ones."""
        section = self.document.sections[0]
        section.different_first_page_header_footer = True
        for foot in (section.footer, section.first_page_footer):
            foot.is_linked_to_previous = False
            _clear(foot)
            first = self.add("Footer", *left, where=foot)
            _border(first, "top", LINE, 6)
            first.paragraph_format.tab_stops.add_tab_stop(Inches(WIDTH), WD_TAB_ALIGNMENT.RIGHT)
            page_numbers(first)
            self.add("Footer", *right, where=foot)
        for head, runs in ((section.header, header), (section.first_page_header, ())):
            head.is_linked_to_previous = False
            _clear(head)
            self.tag("if draft", where=head)
            self.add("Draft", "DRAFT – not ready to sign. Highlighted places still need an answer.", where=head)
            self.tag("endif", where=head)
            self.add("Header", *runs, where=head)

    def save(self) -> bytes:
        """Return the file; the same content always gives the same bytes."""
        buffer = io.BytesIO()
        self.document.save(buffer)
        with zipfile.ZipFile(buffer) as packed:
            parts = {name: packed.read(name) for name in packed.namelist()}
        first = ("[Content_Types].xml", "_rels/.rels")
        fixed = io.BytesIO()
        with zipfile.ZipFile(fixed, "w", zipfile.ZIP_DEFLATED) as packed:
            for name in (*first, *sorted(set(parts) - set(first))):
                info = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
                info.compress_type = zipfile.ZIP_DEFLATED
                packed.writestr(info, parts[name])
        return fixed.getvalue()

    # --- the sheet itself ------------------------------------------------------------------------------------------

    def _strip_package(self) -> None:
        """Drop what python-docx's own template carries along and no document of ours needs."""
        part = self.document.part
        for relations in (part.rels, part.package.rels):
            for key in [key for key, relation in relations.items() if relation.reltype in _DROPPED_PARTS]:
                del relations[key]
        settings = self.document.settings.element
        for name in ("w:savePreviewPicture", "w:rsids", "w:shapeDefaults", "w:proofState", "w:clrSchemeMapping",
                     "w:doNotAutoCompressPictures", "m:mathPr", "w:zoom"):  # fmt: skip
            for child in settings.findall(qn(name)):
                settings.remove(child)
        for child in [child for child in settings if child.tag.startswith("{http://schemas.microsoft.com")]:
            settings.remove(child)
        compat = settings.find(qn("w:compat"))
        compat.remove(compat.find(qn("w:useFELayout")))
        compat[0].set(qn("w:val"), "15")
        part.part_related_by(REL.FONT_TABLE)._blob = _FONTS.format(font=self.font).encode()
        numbering = part.numbering_part
        numbering._element = parse_xml(_NUMBERING)

    def _define_styles(self) -> None:
        styles = self.document.styles
        for style in list(styles.element.style_lst):
            if style.styleId not in _KEPT_STYLES:
                styles.element.remove(style)
        defaults = styles.element.find(qn("w:docDefaults"))
        defaults.getparent().replace(defaults, parse_xml(_DEFAULTS.format(font=self.font)))
        for name, parent, size, face, colour, before, after, keep in _PARAGRAPH_STYLES:
            builtin = name in ("Title", "Subtitle", "List Bullet", "Quote", "Header", "Footer") or "Heading" in name
            style = styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH, builtin)
            style.base_style = styles[parent]
            style.quick_style = True
            style.hidden = style.unhide_when_used = False
            self._face(style.font, size, face, colour)
            style.paragraph_format.space_before, style.paragraph_format.space_after = Pt(before), Pt(after)
            style.paragraph_format.keep_with_next = True if "next" in keep else None
            style.paragraph_format.keep_together = True if "lines" in keep else None
            if "thin" in keep:  # between two tables; with an exact height LibreOffice 7.4 loses rows of the second
                style.paragraph_format.line_spacing = 1
            if "airy" in keep:
                style.paragraph_format.line_spacing = 1.5
            style.paragraph_format.alignment = WD_ALIGN_PARAGRAPH.RIGHT if "right" in keep else None
        for name, face, colour, character_size in _CHARACTER_STYLES:
            style = styles.add_style(name, WD_STYLE_TYPE.CHARACTER)
            self._face(style.font, character_size, face, colour)
        for name in (ROWS, CLOSING_ROWS):
            styles.add_style(name, WD_STYLE_TYPE.TABLE).base_style = styles["Normal Table"]
        styles["List Bullet"].element.get_or_add_pPr().get_or_add_numPr().get_or_add_numId().val = 1
        hanging = styles["Finding"].paragraph_format
        hanging.left_indent, hanging.first_line_indent = Inches(0.32), Inches(-0.32)
        quote = styles["Quote"].paragraph_format
        quote.left_indent = Inches(0.14)
        _border(styles["Quote"], "left", self.colour, 18, 7)
        for level, name in enumerate(("Heading 1", "Heading 2", "Heading 3")):
            styles[name].element.get_or_add_pPr().append(parse_xml(f'<w:outlineLvl {nsdecls("w")} w:val="{level}"/>'))
            styles[name].next_paragraph_style = styles["Normal"]
        _border(styles["Heading 1"], "bottom", LINE, 4, 2)

    def _face(self, font: Any, size: float | None, face: str, colour: str) -> None:
        if size:
            font.size = Pt(size)
        font.bold = True if "bold" in face else None
        font.italic = True if "italic" in face else None
        font.color.rgb = RGBColor.from_string(self.colour if colour == "brand" else colour)

    def _define_page(self) -> None:
        section = self.document.sections[0]
        section.page_width, section.page_height = Inches(8.5), Inches(11)
        section.left_margin = section.right_margin = Inches((8.5 - WIDTH) / 2)
        section.top_margin, section.bottom_margin = Inches(0.7), Inches(0.8)
        section.header_distance, section.footer_distance = Inches(0.4), Inches(0.4)

    def _describe(self, title: str) -> None:
        properties = self.document.core_properties
        properties.title, properties.language, properties.revision = title, "en-US", 1
        properties.author = properties.last_modified_by = properties.comments = properties.keywords = ""
        properties.created = properties.modified = _EPOCH


def _twips(inches: float) -> int:
    return round(inches * 1440)


def _clear(block: Any) -> None:
    for paragraph in list(block.paragraphs):
        paragraph._p.getparent().remove(paragraph._p)


def _border(owner: Any, edge: str, colour: str, size: int, space: int = 4) -> None:
    """Draw a line at one edge of a paragraph or a paragraph style; ``size`` in eighths of a point."""
    element = owner.element if hasattr(owner, "element") and owner.element.tag == qn("w:style") else owner._p
    properties = element.get_or_add_pPr()
    border = parse_xml(
        f'<w:pBdr {nsdecls("w")}><w:{edge} w:val="single" w:sz="{size}" w:space="{space}" w:color="{colour}"/></w:pBdr>'
    )
    followers = ("w:shd", "w:tabs", "w:spacing", "w:ind", "w:jc", "w:outlineLvl")
    properties.insert_element_before(border, *followers)


def page_numbers(paragraph: Any) -> None:
    """Add “Page x of y” behind a tab."""
    paragraph.add_run("\tPage ")
    _field(paragraph, "PAGE")
    paragraph.add_run(" of ")
    _field(paragraph, "NUMPAGES")


def _field(paragraph: Any, name: str) -> None:
    for kind, text in (("begin", ""), ("", name), ("separate", ""), ("text", "1"), ("end", "")):
        run = paragraph.add_run()
        if kind == "text":
            run.text = text
        elif kind:
            run._r.append(parse_xml(f'<w:fldChar {nsdecls("w")} w:fldCharType="{kind}"/>'))
        else:
            run._r.append(parse_xml(f'<w:instrText {nsdecls("w")} xml:space="preserve"> {text} </w:instrText>'))


_DEFAULTS = f"""<w:docDefaults {nsdecls("w")}><w:rPrDefault><w:rPr>
<w:rFonts w:ascii="{{font}}" w:hAnsi="{{font}}" w:eastAsia="{{font}}" w:cs="{{font}}"/>
<w:color w:val="{INK}"/><w:sz w:val="20"/><w:szCs w:val="20"/>
<w:lang w:val="en-US" w:eastAsia="en-US" w:bidi="ar-SA"/></w:rPr></w:rPrDefault>
<w:pPrDefault><w:pPr><w:spacing w:after="80" w:line="264" w:lineRule="auto"/></w:pPr></w:pPrDefault></w:docDefaults>"""
_FONTS = f"""<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<w:fonts {nsdecls("w")}><w:font w:name="{{font}}"><w:family w:val="swiss"/></w:font></w:fonts>"""
_NUMBERING = f"""<w:numbering {nsdecls("w")}><w:abstractNum w:abstractNumId="0">
<w:multiLevelType w:val="singleLevel"/><w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="bullet"/>
<w:pStyle w:val="ListBullet"/><w:lvlText w:val="•"/><w:lvlJc w:val="left"/>
<w:pPr><w:ind w:left="216" w:hanging="216"/></w:pPr></w:lvl></w:abstractNum>
<w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num></w:numbering>"""
