"""An interpreter is needed, and nothing says who interprets.

Why it matters: without somebody who interprets the client cannot take part; relatives and children should not have to.
Example:
    [client]
    language = "Spanish"
    interpreter = "yes"
Use instead:
    [plan]
    coordination = "Interpreter at each visit: R. Ruiz, in person. Release of 05/04/2026 for Dr. L. Haddad."
Source: 14 NYCRR 599.10; MaineCare 144-101-I-6
Level: warning
Documents: treatment_plan
"""


def check(client, texts):
    if client.get("interpreter"):
        language = (client.get("language") or "English").casefold()
        if not texts.with_any(("interpret", "bilingual", f" in {language}")):
            yield "plan.coordination", "says nothing of who interprets, and the client needs it. Name who, and when."
