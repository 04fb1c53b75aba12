"""This file ensures that a Word file is read as a person sees it: all of it, and nothing that is deleted or hidden."""

import io
import re
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st
from word_files import part, with_part, word

from toolkit.errors import ReadError
from toolkit.word import read as read_module
from toolkit.word.package import parse
from toolkit.word.read import of_part, paragraphs, text


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


W_MAIN = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
MC = "http://schemas.openxmlformats.org/markup-compatibility/2006"
AROUND = [
    ("<w:p>", "</w:p>"), ('<w:p w:rsidR="00A1">', "</w:p>"), ("<w:p\n>", "</w:p >"), ("<w:tc>", "</w:tc>"),
    ("<w:sdt><w:sdtContent>", "</w:sdtContent></w:sdt>"), ("<w:r>", "</w:r>"), ('<w:r w:rsidR="00A1">', "</w:r>"),
    ("<w:r><w:t>", "</w:t></w:r>"), ('<w:r><w:rPr><w:b/></w:rPr><w:t xml:space="preserve">', "</w:t></w:r>"),
]  # fmt: skip
INSIDE = [
    "<w:r><w:t>words</w:t></w:r>", "<w:r><w:t>one</w:t><w:br/><w:t> two</w:t><w:tab/></w:r>", "<w:p/>", "<w:r/>",
    "<w:r><w:rPr/><w:lastRenderedPageBreak/><w:t>next page</w:t></w:r>",
    "<w:pPr><w:tabs><w:tab w:val='left'/></w:tabs></w:pPr>", "words of a plan", "&lt;&amp;lt;&gt;&apos;&quot;",
    "&#8217;&#x1F600;&#128;", "Zoë 😀", "!", "?",
    '<w:r><w:fldChar w:fldCharType="begin"/><w:instrText xml:space="preserve"> PAGE </w:instrText><w:t>1</w:t></w:r>',
]  # fmt: skip
ODD_AROUND = [
    ("<w:del>", "</w:del>"), ("<w:moveFrom>", "</w:moveFrom>"), ("<w:txbxContent>", "</w:txbxContent>"),
    ("<mc:Fallback>", "</mc:Fallback>"), ("<mc:Choice>", "</mc:Choice>"), ('<x:a xmlns:w="other">', "</x:a>"),
    ("<w:r><w:rPr><w:vanish/></w:rPr>", "</w:r>"), ("<w:r\n>", "</w:r >"), ("<w:t >", "</w:t >"),
    (f'<v:r xmlns:v="{W_MAIN}"><v:t>', "</v:t></v:r>"), (f'<r xmlns="{W_MAIN}"><t>', "</t></r>"),
    ('<w:r><w:t w:note="a>b">', "</w:t></w:r>"), ("<w:r><x:a><w:t>", "</w:t></x:a></w:r>"),
    ("<w:p><w:t>", "</w:t></w:p>"), ("<w:r><w:instrText>", "</w:instrText></w:r>"),
    ("<w:r><w:rPr>", "</w:rPr><w:t>x</w:t></w:r>"),
]  # fmt: skip
ODD_INSIDE = [
    "<w:r><w:sym w:char='F0FC'/></w:r>", "<w:r><w:cr/><w:noBreakHyphen/></w:r>", '<w:r><w:br w:type="page"/></w:r>',
    "<w:r><w:t/></w:r>", "<w:r><w:br /><w:tab w:x='1'/></w:r>", "<!-- <w:r><w:t>no</w:t></w:r> -->", "\r\n",
    "<![CDATA[<w:r><w:t>no</w:t></w:r>]]>", "<?x <w:r><w:t>no</w:t></w:r>?>",
    "<w:p xml:id='a'/><w:p xml:id='a'/>", "<v:a/>", "<", "&unknown;", "</w:p>",
    "<w:r><w:fldChar w:x='b'><w:ffData/></w:fldChar></w:r>", "<w:r><w:instrText/><w:fldChar w:x='a>b'/></w:r>",
]  # fmt: skip


def xml(around, inside):
    """Return what makes XML of the pieces ``inside``, and of the pairs ``around`` with more of both between."""

    def more(inner):
        pairs = st.tuples(st.sampled_from(around), st.lists(inner, max_size=4))
        return pairs.map(lambda one: f"{one[0][0]}{''.join(one[1])}{one[0][1]}")

    return st.lists(st.recursive(st.sampled_from(inside), more, max_leaves=8), max_size=5)


def as_part(pieces):
    root = f'<w:document xmlns:w="{W_MAIN}" xmlns:mc="{MC}" xmlns:x="x"><w:body>'
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{root}{"".join(pieces)}</w:body></w:document>'.encode()


@given(st.one_of(xml(AROUND, INSIDE), xml(AROUND + ODD_AROUND, INSIDE + ODD_INSIDE)))
def test_what_is_read_without_a_tree_is_what_the_tree_tells(pieces):
    content = as_part(pieces)
    found = read_module.plain(content)
    try:
        tree = of_part(parse(content, "x"))
    except ReadError:
        assert found is None
    else:
        assert found in (None, tree)


@pytest.mark.parametrize(("before", "after"), [*ODD_AROUND, *((odd, "") for odd in ODD_INSIDE)])
def test_what_is_unusual_is_told_by_the_tree(before, after):
    seen = run("<w:t>seen</w:t>")
    for inner in (seen, "text", ""):
        content = as_part([f"<w:p>{seen}{before}{inner}{after}{seen}</w:p>"])
        found = read_module.plain(content)
        try:
            assert found in (None, of_part(parse(content, "x")))
        except ReadError:
            assert found is None


def test_a_plain_document_is_read_without_a_tree():
    data = word("One & <two>\nthree\tfour", ["a", "b"], header="Head")
    assert read_module.plain(part(data).encode()) == ["One & <two>\nthree\tfour", "a", "b"]
    assert read_module.plain(part(data, "word/header1.xml").encode()) == ["Head"]
    from_word = as_part(["<w:p><w:r/><w:r><w:rPr/><w:lastRenderedPageBreak/><w:t>next page</w:t></w:r></w:p>"])
    assert read_module.plain(from_word) == ["next page"]
    page = run('<w:fldChar w:fldCharType="begin"/>') + run("<w:instrText>PAGE</w:instrText>") + run("<w:t>1</w:t>")
    assert read_module.plain(as_part([f"<w:p>{page}</w:p>"])) == ["1"]


def test_a_text_that_no_reader_takes_is_left_to_the_tree_which_refuses_it():
    content = as_part([f"<w:p>{run('<w:t>' + 'x' * 10_000_001 + '</w:t>')}</w:p>"])
    assert read_module.plain(content) is None
    with pytest.raises(ReadError):
        parse(content, "plan.docx")


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
