"""What happened is told in more detail than the plan needs.

Why it matters: the plan goes to payers, reviewers and files; a line or two bear out the diagnosis, and details can hurt
    the client again when they are read. How many words are too many is our own number.
Example:
    pack = "trauma"
    [trauma]
    exposure_summary = "Assaulted by a visitor in the parking deck after a night shift. He had waited behind a van, \
took her by the arm, pushed her against the wall between two cars, tore her jacket and her badge, held her there for \
some minutes while she heard a cart come and go, hit her in the face twice when she called, and let go only when a \
guard's radio was heard from the stairs and the lights of the upper deck went on."
Use instead:
    [trauma]
    exposure_summary = "Beaten by a visitor in the parking deck, 07/02/2025. Reminders: carts, concrete stairwells."
Source: SAMHSA TIP 57
Level: warning
Documents: treatment_plan
"""

import re

_MOST = 60
_GRAPHIC = re.compile(
    r"\b(?:penis|vagin\w*|anal|anus|genital\w*|breasts?|oral sex|penetrat\w*|ejaculat\w*|fondl\w*|naked|gore|entrails|"
    r"brains|decapitat\w*|dismember\w*|mutilat\w*)\b",
    re.I,
)


def check(trauma):
    said = trauma.exposure_summary
    if len(said.split()) > _MOST:
        yield "exposure_summary", f"is longer than {_MOST} words. Keep what happened and which reminders matter."
    elif _GRAPHIC.search(said):
        yield "exposure_summary", "holds details that nobody needs here. Keep what happened and which reminders matter."
