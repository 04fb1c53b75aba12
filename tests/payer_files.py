"""Forms as payers send them: words printed beside the fields, tooltips on some, the traps of forms from elsewhere."""

from pdf_files import COMB, EDIT, MULTILINE, READ_ONLY, FormFile, options
from pikepdf import Array, Dictionary, Name, String

RADIO = 1 << 15


class PayerForm(FormFile):
    """A form with words on its pages."""

    def __init__(self, pages=1, **more):
        super().__init__(pages, **more)
        self._words = {number: [] for number in range(pages)}

    def word(self, text, x, y, page=0, size=9):
        raw = text.encode("cp1252").replace(b"\\", b"\\\\").replace(b"(", b"\\(").replace(b")", b"\\)")
        self._words[page].append(b"BT /Helv %d Tf %d %d Td (%b) Tj ET" % (size, x, y, raw))

    def line(self, y, *items, page=0):
        """Print labels and set fields in a row: ("Name:", x) prints, ("field", x0, x1, more) sets."""
        for item in items:
            if len(item) == 2:
                self.word(item[0], item[1], y, page)
            else:
                name, x0, x1, *more = item
                self.add(name, rect=(x0, y - 4, x1, y + 12), page=page, **{"MK": ruled(), **(more[0] if more else {})})

    def box(self, name, x, y, on="Yes", page=0, **more):
        field = self.add(name, "check", rect=(x, y - 2, x + 10, y + 8), page=page, AP=Dictionary(), **more)
        self.states(field, on)
        return field

    def radio(self, name, *spots, page=0, opt=()):
        """A radio group of (state, x, y)."""
        above, _, part = name.rpartition(".")
        field = self.pdf.make_indirect(Dictionary(T=String(part), FT=Name.Btn, Ff=RADIO, Kids=Array(), V=Name.Off))
        if opt:
            field.Opt = Array([String(one) for one in opt])
        for state, x, y in spots:
            kid = self.widget(page, (x, y - 2, x + 10, y + 8), Parent=field)
            self.states(kid, state)
            field.Kids.append(kid)
        self._put(above, field)
        return field

    def states(self, widget, on):
        """Give a button a frame, with a cross in it where it is on."""
        super().states(widget, on)
        frame = b"q 0.45 0.5 0.55 RG 0.5 0.5 9 9 re S Q"
        widget.AP.N["/Off"].write(frame)
        widget.AP.N[f"/{on}"].write(frame + b" q 1.4 w 2 2 m 8 8 l 2 8 m 8 2 l S Q")

    def bytes(self, **more):
        for number, words in self._words.items():
            self.pdf.pages[number].obj.Contents = self.pdf.make_stream(b"\n".join(words))
        return super().bytes(**more)


def script(format_):
    """Actions by which a field of Acrobat wants its dates."""
    return Dictionary(
        F=Dictionary(S=Name.JavaScript, JS=String(f'AFDate_FormatEx("{format_}");')),
        K=Dictionary(S=Name.JavaScript, JS=String(f'AFDate_KeystrokeEx("{format_}");')),
    )


def ruled():
    """Return the frame of a field; each file needs its own."""
    return Dictionary(BC=Array([0.45, 0.5, 0.55]))


def authorization():
    """Return an authorization request as managed care asks for one, made up: most labels stand only beside the fields.

    `plankit demo` hands it out: templates/authorization_request.pdf.
    """
    form = PayerForm(2)
    form.word("Northfield Health Plan (made up) - Request for Authorization of Outpatient Treatment", 40, 762, size=13)
    form.line(730, ("Member Name:", 40), ("Text1", 110, 300), ("DOB:", 310),
              ("Text2", 340, 440, {"AA": script("mm/dd/yyyy")}))  # fmt: skip
    form.line(705, ("Member ID#", 40), ("Text3", 110, 300, {"MaxLen": 20}), ("Date of birth (MMDDYYYY)", 310),
              ("dobcomb", 430, 560, {"flags": COMB, "MaxLen": 8}))  # fmt: skip
    form.line(680, ("Provider / Therapist", 40), ("prov", 130, 300), ("NPI", 310),
              ("Text5", 340, 440, {"TU": String("Clinician NPI")}))  # fmt: skip
    form.line(655, ("Admission date", 40), ("adm", 130, 220, {"AA": script("d-mmm-yyyy")}), ("Fax", 310),
              ("fax", 340, 440))  # fmt: skip
    form.line(630, ("Primary ICD-10 diagnosis code:", 40), ("dx1", 180, 240), ("Diagnosis code 2:", 260),
              ("dx2", 350, 410))  # fmt: skip
    form.word("Interpreter needed?", 40, 600)
    form.box("intY", 150, 600)
    form.word("Yes", 164, 600)
    form.box("intN", 200, 600, on="1")
    form.word("No", 214, 600)
    form.word("Risk level:", 40, 580)
    spots = ("None", 110), ("Low", 170), ("Moderate", 230), ("High", 320)
    form.radio("risk", *[(str(number), x, 580) for number, (_, x) in enumerate(spots)], opt=[one for one, _ in spots])
    for text, x in spots:
        form.word(text, x + 14, 580)
    form.word("Level of care", 40, 555)
    levels = options(("1", "Outpatient"), ("2", "Intensive outpatient"), ("9", "Other"))
    form.add("loc", "choice", flags=EDIT, rect=(110, 550, 330, 566), Opt=levels, MK=ruled())
    form.word("Why is treatment needed now?", 40, 535)
    form.add("whynow", flags=MULTILINE, rect=(40, 470, 560, 530), MK=ruled())
    form.word("Symptoms", 40, 455)
    form.add("sym", flags=MULTILINE, rect=(40, 400, 560, 450), TU=String("Presenting symptoms"), MK=ruled())
    form.word("For the plan's use", 40, 372)
    form.add("office.use", flags=READ_ONLY, rect=(130, 368, 300, 384), TU=String("Plan use only"), MK=ruled())
    form.line(60, ("Client signature", 40), ("Date signed", 330))
    form.add("sigs.SigMember", "signature", rect=(110, 50, 300, 74), MK=ruled())
    form.add("sigdate", rect=(390, 56, 470, 72), MK=ruled())
    for number in (1, 2):
        top = 760 - 180 * number
        form.word(f"Goal {number}", 40, top + 62, 1)
        form.add(f"goal{number}", flags=MULTILINE, rect=(40, top, 560, top + 58), page=1, MK=ruled())
        form.word(f"Goal {number} Target date", 40, top - 20, 1)
        date = String(f"Goal {number} target date")
        form.add(f"goal{number}date", rect=(150, top - 24, 260, top - 8), page=1, TU=date, MK=ruled())
    form.word("Clinician signature", 40, 100, 1)
    form.add("sigs.SigProv", "signature", rect=(140, 90, 320, 114), page=1, MK=ruled())
    form.form.NeedAppearances = True
    return form
