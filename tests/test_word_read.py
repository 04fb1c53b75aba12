"""This file ensures that a Word file is read as a person sees it: all of it, and nothing that is deleted or hidden."""

import io
import re
import zipfile

import pytest
from word_files import part, with_part, word

from toolkit.errors import ReadError
from toolkit.word.read import paragraphs, text


def read(inner):
    """Return the paragraphs of a body that holds the XML ``inner``."""
    data = word("MARK")
    body = re.sub(r"<w:p>.*?</w:p>", lambda found: inner, part(data))
    return paragraphs(with_part(data, "word/document.xml", body))


def run(content):
    return f"<w:r>{content}</w:r>"


@pytest.mark.parametrize(
    ("runs", "shown"),
    [
        (run("<w:t>one</w:t>") + run("<w:t> two</w:t>"), "one two"),
        (run("<w:t>one</w:t><w:br/><w:t>two</w:t><w:cr/><w:t>three</w:t>"), "one\ntwo\nthree"),
        (run('<w:t>a</w:t><w:br w:type="page"/><w:t>b</w:t>'), "ab"),
        (
            '<w:pPr><w:tabs><w:tab w:val="left" w:pos="9"/></w:tabs></w:pPr>' + run("<w:t>a</w:t><w:tab/><w:t>b</w:t>"),
            "a\tb",
        ),
        (run("<w:t>e</w:t><w:noBreakHyphen/><w:t>mail</w:t><w:softHyphen/>"), "e\u2011mail\u00ad"),
        (run('<w:sym w:font="Wingdings" w:char="F0FC"/>'), "\uf0fc"),
        (
            '<w:del w:id="1" w:author="a">'
            + run("<w:delText>gone</w:delText><w:t>too</w:t>")
            + "</w:del>"
            + run("<w:t>x</w:t>"),
            "x",
        ),
        ('<w:moveFrom w:id="1" w:author="a">' + run("<w:t>gone</w:t>") + "</w:moveFrom>", ""),
        ('<w:ins w:id="1" w:author="a">' + run("<w:t>new</w:t>") + "</w:ins>", "new"),
        (run("<w:rPr><w:vanish/></w:rPr><w:t>hidden</w:t>") + run("<w:t>seen</w:t>"), "seen"),
        (run('<w:rPr><w:vanish w:val="0"/></w:rPr><w:t>seen</w:t>'), "seen"),
        ("<w:pPr><w:rPr><w:vanish/></w:rPr></w:pPr>" + run("<w:t>seen</w:t>"), "seen"),
        (run("<w:rPr><w:rPrChange><w:rPr><w:vanish/></w:rPr></w:rPrChange></w:rPr><w:t>seen</w:t>"), "seen"),
        (run('<w:fldChar w:fldCharType="begin"/><w:instrText>PAGE</w:instrText>') + run("<w:t>1</w:t>"), "1"),
        ("<w:hyperlink>" + run("<w:t>link</w:t>") + "</w:hyperlink>", "link"),
        ("<w:sdt><w:sdtPr/><w:sdtContent>" + run("<w:t>control</w:t>") + "</w:sdtContent></w:sdt>", "control"),
        (run("<w:t>a &lt; b &amp; c</w:t>"), "a < b & c"),
    ],
)
def test_a_paragraph_is_read_as_it_is_seen(runs, shown):
    assert read(f"<w:p>{runs}</w:p>") == [shown]


def test_an_exclamation_mark_hides_no_definition_and_is_none():
    assert read(f"<w:p>{run('<w:t>Stop!</w:t>')}</w:p>") == ["Stop!"]
    data = word("MARK")
    bomb = part(data).replace("<w:document", '<!DOCTYPE d [<!ENTITY a "Stop!">]><w:document', 1)
    with pytest.raises(ReadError, match="definitions"):
        paragraphs(with_part(data, "word/document.xml", bomb))


def test_a_text_box_is_read_once_and_apart():
    box = "<w:txbxContent><w:p><w:r><w:t>box</w:t></w:r></w:p></w:txbxContent>"
    compatible = "http://schemas.openxmlformats.org/markup-compatibility/2006"
    inner = (
        f'<w:p xmlns:mc="{compatible}">{run("<w:t>before </w:t>")}<w:r><mc:AlternateContent>'
        f'<mc:Choice Requires="wps">{box}</mc:Choice><mc:Fallback>{box}</mc:Fallback></mc:AlternateContent></w:r>'
        f"{run('<w:t>after</w:t>')}</w:p>"
    )
    assert read(inner) == ["before after", "box"]


def test_all_parts_are_read_body_first():
    data = word("Body", [["a", "b"]], header="Head", footer="Foot")
    assert paragraphs(data) == ["Body", "a", "b", "Head", "Foot"]
    assert text(data) == "Body\na\nb\nHead\nFoot"


def test_parts_are_found_by_what_they_are_not_by_their_names():
    data = word("MARK", header="Head")
    types, relations = "[Content_Types].xml", "word/_rels/document.xml.rels"
    changed = with_part(data, "word/odd.xml", part(data, "word/header1.xml"))
    changed = with_part(changed, types, part(data, types).replace("header1", "odd"))
    changed = with_part(changed, relations, part(data, relations).replace("header1", "odd"))
    assert paragraphs(changed) == ["MARK", "Head"]


def test_a_part_that_was_damaged_after_the_same_one_was_read_is_found():
    data = word("Body", header="Head")
    assert paragraphs(data) == ["Body", "Head"]
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        at = {info.filename: info.header_offset for info in package.infolist()}
    for name in ("word/header1.xml", "word/styles.xml"):
        middle = at[name] + 30 + len(name) + 40
        damaged = data[:middle] + bytes([data[middle] ^ 0x55]) + data[middle + 1 :]
        for _ in range(2):
            with pytest.raises(ReadError):
                paragraphs(damaged)
    assert paragraphs(data) == ["Body", "Head"]


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"no zip",
        b"\xd0\xcf\x11\xe0" + b"\0" * 600,
        word("x")[:-500],
        with_part(word("x"), "word/document.xml", "<w:document>"),
        with_part(word("x"), "word/document.xml", '<!DOCTYPE x [<!ENTITY a "b">]><x>&a;</x>'),
        with_part(word("x"), "word/document.xml", '<!DOCTYPE x [<!ENTITY a "b">]><x>&a;</x>'.encode("utf-16")),
        with_part(word("x"), "word/zeros.bin", b"\0" * 33_000_000),
        with_part(word("x"), "../up.xml", "<x/>"),
    ],
    ids=range(9),
)
def test_a_file_that_cannot_be_read_is_one_sentence(data):
    with pytest.raises(ReadError) as error:
        paragraphs(data, "plan.docx")
    assert str(error.value).startswith("plan.docx ")
    assert "\n" not in str(error.value)
