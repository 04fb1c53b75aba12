"""A workbook as Excel saves one that people have worked in for years: it holds what openpyxl would lose.

Extended validations and conditional formats, slots of a form control, a conversation, notes, a table, a picture, a
chart sheet, printer settings, names of sheets and of the workbook, rich text, theme colours, outlines, merged titles,
hidden rows and columns, a filter, a protected sheet, custom XML, a chain of formulas. `PARTS` are its parts.
"""

# ruff: noqa: E501, SIM905 - the parts stand as Excel writes them

import io
import zipfile

HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\r\n'
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
REL = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
X14 = "http://schemas.microsoft.com/office/spreadsheetml/2009/9/main"
SHEET = (
    f'xmlns="{MAIN}" xmlns:r="{REL}" xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" '
    'mc:Ignorable="x14ac xr" xmlns:x14ac="http://schemas.microsoft.com/office/spreadsheetml/2009/9/ac" '
    'xmlns:xr="http://schemas.microsoft.com/office/spreadsheetml/2014/revision"'
)
OFFICE = "application/vnd.openxmlformats-officedocument."
TABLE = OFFICE + "spreadsheetml."


def relations(*items):
    rows = "".join(f'<Relationship Id="{key}" Type="{kind}" Target="{target}"/>' for key, kind, target in items)
    return f'{HEAD}<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{rows}</Relationships>'


TYPES = {
    "xl/workbook.xml": TABLE + "sheet.main+xml",
    "xl/worksheets/sheet1.xml": TABLE + "worksheet+xml",
    "xl/worksheets/sheet2.xml": TABLE + "worksheet+xml",
    "xl/worksheets/sheet3.xml": TABLE + "worksheet+xml",
    "xl/chartsheets/sheet1.xml": TABLE + "chartsheet+xml",
    "xl/styles.xml": TABLE + "styles+xml",
    "xl/sharedStrings.xml": TABLE + "sharedStrings+xml",
    "xl/calcChain.xml": TABLE + "calcChain+xml",
    "xl/theme/theme1.xml": OFFICE + "theme+xml",
    "xl/comments1.xml": TABLE + "comments+xml",
    "xl/threadedComments/threadedComment1.xml": "application/vnd.ms-excel.threadedcomments+xml",
    "xl/persons/person.xml": "application/vnd.ms-excel.person+xml",
    "xl/tables/table1.xml": TABLE + "table+xml",
    "xl/drawings/drawing1.xml": OFFICE + "drawing+xml",
    "xl/drawings/drawing2.xml": OFFICE + "drawing+xml",
    "xl/charts/chart1.xml": OFFICE + "drawingml.chart+xml",
    "docProps/app.xml": OFFICE + "extended-properties+xml",
    "docProps/core.xml": "application/vnd.openxmlformats-package.core-properties+xml",
    "customXml/itemProps1.xml": OFFICE + "customXmlProperties+xml",
}
CONTENT_TYPES = (
    f'{HEAD}<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Default Extension="xml" ContentType="application/xml"/><Default Extension="png" ContentType="image/png"/>'
    f'<Default Extension="bin" ContentType="{TABLE}printerSettings"/>'
    f'<Default Extension="vml" ContentType="{OFFICE}vmlDrawing"/>'
    + "".join(f'<Override PartName="/{part}" ContentType="{kind}"/>' for part, kind in TYPES.items())
    + "</Types>"
)
WORKBOOK = f"""{HEAD}<workbook {SHEET}><fileVersion appName="xl" lastEdited="7" lowestEdited="7" rupBuild="28827"/>\
<workbookPr codeName="ThisWorkbook" defaultThemeVersion="166925"/><workbookProtection lockStructure="1"/>\
<bookViews><workbookView xWindow="0" yWindow="0" windowWidth="28800" windowHeight="12210" firstSheet="1" activeTab="2"/>\
</bookViews><sheets><sheet name="Clients" sheetId="1" r:id="rId1"/><sheet name="Goals &amp; more" sheetId="4" r:id="rId2"/>\
<sheet name="Pie" sheetId="9" r:id="rId3"/><sheet name="Old lists" sheetId="7" state="hidden" r:id="rId4"/></sheets>\
<definedNames><definedName name="_xlnm._FilterDatabase" localSheetId="0" hidden="1">Clients!$A$3:$E$6</definedName>\
<definedName name="levels">'Old lists'!$A$1:$A$3</definedName><definedName name="mine" localSheetId="3">'Old lists'!$A$1\
</definedName><definedName name="_xlnm.Print_Titles" localSheetId="1">'Goals &amp; more'!$1:$1</definedName></definedNames>\
<calcPr calcId="191029"/></workbook>"""
STYLES = f"""{HEAD}<styleSheet {SHEET}><numFmts count="1"><numFmt numFmtId="164" formatCode="mm/dd/yyyy;@"/></numFmts>\
<fonts count="2" x14ac:knownFonts="1"><font><sz val="11"/><color theme="1"/><name val="Calibri"/><family val="2"/>\
<scheme val="minor"/></font><font><b/><sz val="14"/><color theme="4" tint="-0.249977111117893"/><name val="Calibri"/>\
<family val="2"/><scheme val="minor"/></font></fonts><fills count="3"><fill><patternFill patternType="none"/></fill>\
<fill><patternFill patternType="gray125"/></fill><fill><patternFill patternType="solid"><fgColor theme="9" tint="0.59"/>\
<bgColor indexed="64"/></patternFill></fill></fills><borders count="1"><border><left/><right/><top/><bottom/><diagonal/>\
</border></borders><cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>\
<cellXfs count="4"><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/><xf numFmtId="164" fontId="0" \
fillId="2" borderId="0" xfId="0" applyNumberFormat="1" applyFill="1"/><xf numFmtId="49" fontId="0" fillId="0" \
borderId="0" xfId="0" applyNumberFormat="1"/><xf numFmtId="0" fontId="1" fillId="0" borderId="0" xfId="0" \
applyFont="1"/></cellXfs><cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles>\
<dxfs count="1"><dxf><font><color rgb="FF9C0006"/></font></dxf></dxfs><tableStyles count="0" \
defaultTableStyle="TableStyleMedium2"/></styleSheet>"""
STRINGS = f"""{HEAD}<sst xmlns="{MAIN}" count="9" uniqueCount="9"><si><t>Our clients</t></si><si><t>Client id</t></si>\
<si><t>Legal name</t></si><si><t>Date of birth</t></si><si><r><rPr><b/><sz val="11"/></rPr><t>Ann</t></r><r><rPr>\
<sz val="11"/></rPr><t xml:space="preserve"> Ray</t></r></si><si><t>0042</t></si><si><t>Bus pass?</t></si>\
<si><t>Statement</t></si><si><t>Sleep_x000a_ well</t></si></sst>"""
CLIENTS = f"""{HEAD}<worksheet {SHEET} xr:uid="{{00000000-0001-0000-0000-000000000000}}"><sheetPr codeName="Sheet1" \
filterMode="1"><tabColor theme="5"/><outlinePr summaryBelow="0"/></sheetPr><dimension ref="A1:E6"/><sheetViews>\
<sheetView workbookViewId="0"><pane ySplit="3" topLeftCell="A4" activePane="bottomLeft" state="frozen"/>\
<selection pane="bottomLeft" activeCell="B5" sqref="B5"/></sheetView></sheetViews><sheetFormatPr defaultRowHeight="15" \
outlineLevelCol="1" x14ac:dyDescent="0.25"/><cols><col min="1" max="1" width="9.7109375" style="2" customWidth="1"/>\
<col min="2" max="2" width="31.5703125" customWidth="1"/><col min="3" max="3" width="12" style="1" customWidth="1" \
outlineLevel="1"/><col min="4" max="4" hidden="1" width="0" customWidth="1"/></cols><sheetData><row r="1" spans="1:5" \
ht="28.5" customHeight="1" x14ac:dyDescent="0.25"><c r="A1" s="3" t="s"><v>0</v></c><c r="B1" s="3"/></row><row r="3" \
spans="1:5"><c r="A3" t="s"><v>1</v></c><c r="B3" t="s"><v>2</v></c><c r="C3" t="s"><v>3</v></c><c r="E3" t="s"><v>6</v>\
</c></row><row r="4" spans="1:5"><c r="A4" s="2" t="s"><v>5</v></c><c r="B4" t="s"><v>4</v></c><c r="C4" s="1"><v>33000\
</v></c></row><row r="5" spans="1:5" hidden="1"><c r="A5" s="2"><f>A4&amp;"b"</f><v>7</v></c></row><row r="6" \
spans="1:5"><c r="A6" s="2" t="str"><f>CONCATENATE(A4,"c")</f><v>0042c</v></c><c r="C6" s="1"/></row></sheetData>\
<sheetProtection algorithmName="SHA-512" hashValue="q83v" saltValue="q83v" spinCount="100000" sheet="1"/>\
<autoFilter ref="A3:E6"><filterColumn colId="0"><filters><filter val="0042"/></filters></filterColumn></autoFilter>\
<mergeCells count="2"><mergeCell ref="A1:E1"/><mergeCell ref="B5:B6"/></mergeCells><conditionalFormatting sqref="B4:B6">\
<cfRule type="containsBlanks" dxfId="0" priority="2"><formula>LEN(TRIM(B4))=0</formula></cfRule></conditionalFormatting>\
<dataValidations count="1"><dataValidation type="date" allowBlank="1" showInputMessage="1" sqref="C4:C6"><formula1>1\
</formula1><formula2>73000</formula2></dataValidation></dataValidations><hyperlinks><hyperlink ref="E3" r:id="rId6"/>\
</hyperlinks><pageMargins left="0.7" right="0.7" top="0.75" bottom="0.75" header="0.3" footer="0.3"/><pageSetup \
orientation="landscape" r:id="rId1"/><drawing r:id="rId2"/><legacyDrawing r:id="rId3"/><extLst><ext \
uri="{{78C0D931-6437-407d-A8EE-F0AAD7539E65}}" xmlns:x14="{X14}"><x14:conditionalFormattings><x14:conditionalFormatting \
xmlns:xm="http://schemas.microsoft.com/office/excel/2006/main"><x14:cfRule type="expression" priority="1" \
id="{{1AB7C4B5-0000-4000-8000-000000000001}}"><xm:f>COUNTIF('Old lists'!$A$1:$A$3,E4)=0</xm:f><x14:dxf><font><b/></font>\
</x14:dxf></x14:cfRule><xm:sqref>E4:E6</xm:sqref></x14:conditionalFormatting></x14:conditionalFormattings></ext><ext \
uri="{{CCE6A557-97BC-4b89-ADB6-D9C93CAAB3DF}}" xmlns:x14="{X14}"><x14:dataValidations \
xmlns:xm="http://schemas.microsoft.com/office/excel/2006/main" count="1"><x14:dataValidation type="list" allowBlank="1" \
showErrorMessage="1"><x14:formula1><xm:f>'Old lists'!$A$1:$A$3</xm:f></x14:formula1><xm:sqref>E4:E60</xm:sqref>\
</x14:dataValidation></x14:dataValidations></ext></extLst></worksheet>"""
GOALS = f"""{HEAD}<worksheet {SHEET}><dimension ref="A1:B2"/><sheetViews><sheetView workbookViewId="0"/></sheetViews>\
<sheetFormatPr defaultRowHeight="15"/><sheetData><row r="1"><c r="A1" t="s"><v>1</v></c><c r="B1" t="s"><v>7</v></c>\
</row><row r="2"><c r="A2" t="s"><v>5</v></c><c r="B2" t="s"><v>8</v></c></row></sheetData><pageMargins left="0.7" \
right="0.7" top="0.75" bottom="0.75" header="0.3" footer="0.3"/><tableParts count="1"><tablePart r:id="rId1"/>\
</tableParts></worksheet>"""
LISTS = f"""{HEAD}<worksheet {SHEET}><sheetData><row r="1"><c r="A1"><v>1</v></c></row></sheetData></worksheet>"""
PIE = f"""{HEAD}<chartsheet xmlns="{MAIN}" xmlns:r="{REL}"><sheetPr/><sheetViews><sheetView tabSelected="1" \
zoomScale="96" workbookViewId="0" zoomToFit="1"/></sheetViews><pageMargins left="0.7" right="0.7" top="0.75" \
bottom="0.75" header="0.3" footer="0.3"/><drawing r:id="rId1"/></chartsheet>"""
COMMENTS = f"""{HEAD}<comments {SHEET}><authors><author>Dana</author>\
<author>tc={{8C1D0DB4-0000-4000-8000-000000000001}}</author></authors><commentList><comment ref="B4" authorId="0" \
shapeId="0" xr:uid="{{00000000-0006-0000-0000-000001000000}}"><text><r><rPr><b/><sz val="9"/><color indexed="81"/>\
<rFont val="Tahoma"/><family val="2"/></rPr><t>Dana:</t></r><r><rPr><sz val="9"/><color indexed="81"/><rFont \
val="Tahoma"/><family val="2"/></rPr><t xml:space="preserve">
asked the mother </t></r></text></comment><comment ref="C4" authorId="1" shapeId="0"><text><t>[Threaded comment]

Your version of Excel allows you to read this threaded comment. Comment:
    Is this the right day?</t></text></comment></commentList></comments>"""
NOTE_BOX = """<v:shape id="_x0000_s{number}" type="#_x0000_t202" style='position:absolute;visibility:hidden' \
fillcolor="infoBackground [80]" o:insetmode="auto"><v:fill color2="infoBackground [80]"/><v:textbox \
style='mso-direction-alt:auto'><div style='text-align:left'></div></v:textbox><x:ClientData ObjectType="Note">\
<x:MoveWithCells/><x:SizeWithCells/><x:Anchor>
    2, 15, 2, 10, 4, 15, 6, 4</x:Anchor><x:AutoFill>False</x:AutoFill><x:Row>3</x:Row><x:Column>{column}</x:Column>\
</x:ClientData></v:shape>"""
DRAWING = f"""<xml xmlns:v="urn:schemas-microsoft-com:vml"
 xmlns:o="urn:schemas-microsoft-com:office:office"
 xmlns:x="urn:schemas-microsoft-com:office:excel">
 <o:shapelayout v:ext="edit"><o:idmap v:ext="edit" data="1"/></o:shapelayout>
 <v:shapetype id="_x0000_t202" coordsize="21600,21600" o:spt="202" path="m,l,21600r21600,l21600,xe">
  <v:stroke joinstyle="miter"/></v:shapetype>
 {NOTE_BOX.format(number=1025, column=1)}{NOTE_BOX.format(number=1026, column=2)}
 <v:shape id="_x0000_s1027" type="#_x0000_t201" style='position:absolute'><v:textbox><div>Press<br>here</div></v:textbox>
  <x:ClientData ObjectType="Button"><x:Anchor>5, 0, 1, 0, 6, 0, 2, 0</x:Anchor></x:ClientData></v:shape></xml>"""
DRAWN = (
    f'{HEAD}<xdr:wsDr xmlns:xdr="http://schemas.openxmlformats.org/drawingml/2006/spreadsheetDrawing" '
    'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main">{0}</xdr:wsDr>'
)
PICTURE = f"""<xdr:oneCellAnchor><xdr:from><xdr:col>6</xdr:col><xdr:colOff>0</xdr:colOff><xdr:row>1</xdr:row>\
<xdr:rowOff>0</xdr:rowOff></xdr:from><xdr:ext cx="190500" cy="190500"/><xdr:pic><xdr:nvPicPr><xdr:cNvPr id="2" \
name="Logo"/><xdr:cNvPicPr/></xdr:nvPicPr><xdr:blipFill><a:blip xmlns:r="{REL}" r:embed="rId1"/><a:stretch><a:fillRect/>\
</a:stretch></xdr:blipFill><xdr:spPr><a:xfrm><a:off x="0" y="0"/><a:ext cx="190500" cy="190500"/></a:xfrm><a:prstGeom \
prst="rect"><a:avLst/></a:prstGeom></xdr:spPr></xdr:pic><xdr:clientData/></xdr:oneCellAnchor>"""
FRAME = f"""<xdr:absoluteAnchor><xdr:pos x="0" y="0"/><xdr:ext cx="9000000" cy="6000000"/><xdr:graphicFrame macro="">\
<xdr:nvGraphicFramePr><xdr:cNvPr id="2" name="Chart 1"/><xdr:cNvGraphicFramePr/></xdr:nvGraphicFramePr><xdr:xfrm><a:off \
x="0" y="0"/><a:ext cx="0" cy="0"/></xdr:xfrm><a:graphic><a:graphicData \
uri="http://schemas.openxmlformats.org/drawingml/2006/chart"><c:chart \
xmlns:c="http://schemas.openxmlformats.org/drawingml/2006/chart" xmlns:r="{REL}" r:id="rId1"/></a:graphicData></a:graphic>\
</xdr:graphicFrame><xdr:clientData/></xdr:absoluteAnchor>"""
CHART = f"""{HEAD}<c:chartSpace xmlns:c="http://schemas.openxmlformats.org/drawingml/2006/chart"><c:chart><c:plotArea>\
<c:layout/><c:pieChart><c:varyColors val="1"/><c:ser><c:idx val="0"/><c:order val="0"/><c:val><c:numRef><c:f>\
'Old lists'!$A$1:$A$3</c:f></c:numRef></c:val></c:ser></c:pieChart></c:plotArea></c:chart></c:chartSpace>"""
THREADS = "http://schemas.microsoft.com/office/spreadsheetml/2018/threadedcomments"
APP = f"""{HEAD}<Properties xmlns="http://schemas.openxmlformats.org/officeDocument/2006/extended-properties" \
xmlns:vt="http://schemas.openxmlformats.org/officeDocument/2006/docPropsVTypes"><Application>Microsoft Excel</Application>\
<HeadingPairs><vt:vector size="6" baseType="variant"><vt:variant><vt:lpstr>Worksheets</vt:lpstr></vt:variant><vt:variant>\
<vt:i4>3</vt:i4></vt:variant><vt:variant><vt:lpstr>Charts</vt:lpstr></vt:variant><vt:variant><vt:i4>1</vt:i4></vt:variant>\
<vt:variant><vt:lpstr>Named Ranges</vt:lpstr></vt:variant><vt:variant><vt:i4>1</vt:i4></vt:variant></vt:vector>\
</HeadingPairs><TitlesOfParts><vt:vector size="5" baseType="lpstr"><vt:lpstr>Clients</vt:lpstr><vt:lpstr>Goals &amp; more\
</vt:lpstr><vt:lpstr>Old lists</vt:lpstr><vt:lpstr>Pie</vt:lpstr><vt:lpstr>levels</vt:lpstr></vt:vector></TitlesOfParts>\
</Properties>"""
CORE = f"""{HEAD}<cp:coreProperties \
xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties" \
xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:creator>Dana</dc:creator></cp:coreProperties>"""
THEME_COLORS = "".join(
    f'<a:{name}><a:srgbClr val="{value}"/></a:{name}>'
    for name, value in zip(
        "dk1 lt1 dk2 lt2 accent1 accent2 accent3 accent4 accent5 accent6 hlink folHlink".split(),
        "000000 FFFFFF 44546A E7E6E6 4472C4 ED7D31 A5A5A5 FFC000 5B9BD5 70AD47 0563C1 954F72".split(), strict=True,
    )
)  # fmt: skip
FACE = '<a:latin typeface="Calibri"/><a:ea typeface=""/><a:cs typeface=""/>'
FILL, LINE = '<a:solidFill><a:schemeClr val="phClr"/></a:solidFill>', '<a:ln w="6350"><a:noFill/></a:ln>'
THEME = f"""{HEAD}<a:theme xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" name="Office Theme">\
<a:themeElements><a:clrScheme name="Office">{THEME_COLORS}</a:clrScheme><a:fontScheme name="Office"><a:majorFont>{FACE}\
</a:majorFont><a:minorFont>{FACE}</a:minorFont></a:fontScheme><a:fmtScheme name="Office"><a:fillStyleLst>{FILL * 3}\
</a:fillStyleLst><a:lnStyleLst>{LINE * 3}</a:lnStyleLst><a:effectStyleLst>{"<a:effectStyle><a:effectLst/></a:effectStyle>" * 3}\
</a:effectStyleLst><a:bgFillStyleLst>{FILL * 3}</a:bgFillStyleLst></a:fmtScheme></a:themeElements></a:theme>"""
PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c4890000000d49444154789c63f8cfc0f01f000501"
    "01ffa7c5e1a60000000049454e44ae426082"
)
PARTS = {
    "[Content_Types].xml": CONTENT_TYPES,
    "_rels/.rels": relations(
        ("rId1", f"{REL}/officeDocument", "xl/workbook.xml"),
        ("rId2", f"{REL}/extended-properties", "docProps/app.xml"),
        ("rId3", "http://schemas.openxmlformats.org/package/2006/relationships/metadata/core-properties",
         "docProps/core.xml"),
    ),
    "xl/workbook.xml": WORKBOOK,
    "xl/_rels/workbook.xml.rels": relations(
        ("rId1", f"{REL}/worksheet", "worksheets/sheet1.xml"),
        ("rId2", f"{REL}/worksheet", "/xl/worksheets/sheet2.xml"),
        ("rId3", f"{REL}/chartsheet", "chartsheets/sheet1.xml"),
        ("rId4", f"{REL}/worksheet", "worksheets/sheet3.xml"),
        ("rId5", f"{REL}/styles", "styles.xml"),
        ("rId6", f"{REL}/theme", "theme/theme1.xml"),
        ("rId7", f"{REL}/sharedStrings", "sharedStrings.xml"),
        ("rId8", f"{REL}/calcChain", "calcChain.xml"),
        ("rId9", f"{REL}/customXml", "../customXml/item1.xml"),
        ("rId10", "http://schemas.microsoft.com/office/2017/10/relationships/person", "persons/person.xml"),
    ),
    "xl/worksheets/sheet1.xml": CLIENTS,
    "xl/worksheets/_rels/sheet1.xml.rels": relations(
        ("rId1", f"{REL}/printerSettings", "../printerSettings/printerSettings1.bin"),
        ("rId2", f"{REL}/drawing", "../drawings/drawing1.xml"),
        ("rId3", f"{REL}/vmlDrawing", "../drawings/vmlDrawing1.vml"),
        ("rId4", f"{REL}/comments", "../comments1.xml"),
        ("rId5", "http://schemas.microsoft.com/office/2017/10/relationships/threadedComment",
         "../threadedComments/threadedComment1.xml"),
        ("rId6", f"{REL}/hyperlink", "https://example.org/bus"),
    ).replace('Target="https://example.org/bus"', 'Target="https://example.org/bus" TargetMode="External"'),
    "xl/worksheets/sheet2.xml": GOALS,
    "xl/worksheets/_rels/sheet2.xml.rels": relations(("rId1", f"{REL}/table", "../tables/table1.xml")),
    "xl/worksheets/sheet3.xml": LISTS,
    "xl/chartsheets/sheet1.xml": PIE,
    "xl/chartsheets/_rels/sheet1.xml.rels": relations(("rId1", f"{REL}/drawing", "../drawings/drawing2.xml")),
    "xl/drawings/drawing1.xml": DRAWN.replace("{0}", PICTURE),
    "xl/drawings/_rels/drawing1.xml.rels": relations(("rId1", f"{REL}/image", "../media/image1.png")),
    "xl/drawings/drawing2.xml": DRAWN.replace("{0}", FRAME),
    "xl/drawings/_rels/drawing2.xml.rels": relations(("rId1", f"{REL}/chart", "../charts/chart1.xml")),
    "xl/charts/chart1.xml": CHART,
    "xl/media/image1.png": PNG,
    "xl/drawings/vmlDrawing1.vml": DRAWING,
    "xl/comments1.xml": COMMENTS,
    "xl/threadedComments/threadedComment1.xml": f'{HEAD}<ThreadedComments xmlns="{THREADS}"><threadedComment ref="C4" '
    'dT="2026-01-05T10:00:00.00" personId="{8C1D0DB4-0000-4000-8000-000000000002}" '
    'id="{8C1D0DB4-0000-4000-8000-000000000001}"><text>Is this the right day?</text></threadedComment></ThreadedComments>',
    "xl/persons/person.xml": f'{HEAD}<personList xmlns="{THREADS}"><person displayName="Dana" '
    'id="{8C1D0DB4-0000-4000-8000-000000000002}" userId="dana" providerId="None"/></personList>',
    "xl/tables/table1.xml": f'{HEAD}<table xmlns="{MAIN}" id="1" name="Table1" displayName="Table1" ref="A1:B2" '
    'totalsRowShown="0"><autoFilter ref="A1:B2"/><tableColumns count="2"><tableColumn id="1" name="Client id"/>'
    '<tableColumn id="2" name="Statement"/></tableColumns><tableStyleInfo name="TableStyleMedium2" showFirstColumn="0" '
    'showLastColumn="0" showRowStripes="1" showColumnStripes="0"/></table>',
    "xl/styles.xml": STYLES,
    "xl/sharedStrings.xml": STRINGS,
    "xl/calcChain.xml": f'{HEAD}<calcChain xmlns="{MAIN}"><c r="A5" i="1"/><c r="A6" i="1"/></calcChain>',
    "xl/theme/theme1.xml": THEME,
    "xl/printerSettings/printerSettings1.bin": b"\x00P\x00r\x00i\x00n\x00t\xff\xfe",
    "customXml/item1.xml": "<clinic>east</clinic>",
    "customXml/_rels/item1.xml.rels": relations(("rId1", f"{REL}/customXmlProps", "itemProps1.xml")),
    "customXml/itemProps1.xml": f"{HEAD}<ds:datastoreItem ds:itemID=\"{{8C1D0DB4-0000-4000-8000-000000000009}}\" "
    'xmlns:ds="http://schemas.openxmlformats.org/officeDocument/2006/customXml"><ds:schemaRefs/></ds:datastoreItem>',
    "docProps/app.xml": APP,
    "docProps/core.xml": CORE,
}  # fmt: skip


def packed(parts):
    """Return parts as the bytes of a workbook."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in parts.items():
            package.writestr(name, content)
    return stream.getvalue()


def unpacked(data):
    """Return the parts of a workbook."""
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        return {name: package.read(name) for name in package.namelist()}


WORKBOOK_FILE = packed(PARTS)
