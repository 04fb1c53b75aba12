"""The commands around signatures: signing a PDF, and telling who signed it and whether it still holds."""

from __future__ import annotations

import json
import logging
import os
from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click
from msgspec.structs import asdict

from toolkit.cli.door import Named, Sentence, found_shelf, main

if TYPE_CHECKING:
    from toolkit.batch.signing import Checked, Recorded

T = TypeVar("T")
KEY_PASSWORD, FILE_PASSWORD = "PLANKIT_P12_PASSWORD", "PLANKIT_PDF_PASSWORD"
for _name in ("pyhanko", "pyhanko_certvalidator", "fontTools"):
    logging.getLogger(_name).addHandler(logging.NullHandler())  # what they log of a changed file is told in sentences
_KINDS = {"digital": "digital signature of", "recorded": "recorded signature, sealed by",
          "not signed": "recorded as not signed, sealed by"}  # fmt: skip


@main.command()
@click.option("--as", "role", help="The role that signs, such as client, guardian, clinician or supervisor.")
@click.option("--p12", type=Named(path_type=Path),
              help=f"Your key, a .p12 or .pfx file; its password is asked, or read from {KEY_PASSWORD}.")  # fmt: skip
@click.option(
    "--recorded",
    metavar="NAME",
    help="Record a signature given without a certificate: the name as typed. The key is the clinic’s.",
)
@click.option("--drawing", type=Named(path_type=Path), help="With --recorded: a PNG or JPEG of the drawn name.")
@click.option("--how", default="", help="With --recorded: how it was given, such as “in person, on paper”.")
@click.option("--given", type=click.DateTime(["%Y-%m-%d %H:%M", "%m/%d/%Y %H:%M"]),
              help="With --recorded: when it was given, by this computer’s clock.")  # fmt: skip
@click.option(
    "--not-signed", "why", metavar="REASON", help="Record why this role did not sign. The key is the clinic’s."
)
@click.option("--credential", default="", help="Shown behind the name, where the document does not say it.")
@click.option(
    "--encrypt",
    is_flag=True,
    help=f"First make an encrypted copy (AES-256); its password is asked, or read from {FILE_PASSWORD}.",
)
@click.option(
    "-o",
    "--output",
    type=Named(path_type=Path),
    help="The file to write (default: the signature is added to FILE.pdf; an encrypted copy is FILE-encrypted.pdf).",
)
@click.argument("file", metavar="FILE.pdf", type=Named(path_type=Path))
def sign(
    file: Path,
    role: str | None,
    p12: Path | None,
    recorded: str | None,
    drawing: Path | None,
    how: str,
    given: datetime | None,
    why: str | None,
    credential: str,
    encrypt: bool,
    output: Path | None,
) -> None:
    """Sign a PDF, one signer after another; what was signed before stays as it is.

    Without certificates: record how somebody signed, or why not, sealed by the clinic’s own key. It is called a
    recorded signature on the page, and is not a digital signature of that person.

    Example: plankit sign documents/0042/treatment_plan.pdf --as clinician --p12 ruth.p12
    """
    if bool(role) != bool(p12) or not (role or encrypt):
        raise Sentence("Say who signs and with which key: --as ROLE --p12 KEY.p12. Or make a copy with --encrypt.")
    note = _recorded(recorded, drawing, how, given, why)
    if note and not role:
        raise Sentence("Say for whom this is recorded: --as ROLE, and with --p12 the clinic’s key.")
    if encrypt:
        file = _encrypted(file, output)
        output = None
    if role and p12:
        _sign(file, role, p12, note, credential, output)


def _recorded(
    name: str | None, drawing: Path | None, how: str, given: datetime | None, why: str | None
) -> Recorded | None:
    from toolkit.batch.signing import Recorded, read

    if why is not None and (name or drawing or how or given):
        raise Sentence("Somebody signed, or did not: give --recorded or --not-signed, not both.")
    if why is not None and not why.strip():
        raise Sentence("Say why there is no signature: --not-signed “could not be reached since 07/01/2026”.")
    if why is not None:
        return Recorded(reason=why)
    if name is None and not (drawing or how or given):
        return None
    if not (name and name.strip() and how.strip()):
        raise Sentence("A recorded signature says who signed and how: --recorded NAME --how “in person, on paper”.")
    return Recorded(name, how, given.astimezone() if given else None, read(drawing) if drawing else b"")


def _encrypted(file: Path, output: Path | None) -> Path:
    from toolkit.batch import signing

    copy = output or file.with_name(f"{file.stem}-encrypted.pdf")
    signing.encrypt(file, _password(FILE_PASSWORD, f"New password for {copy.name}", confirm=True), copy)
    click.echo(f"Wrote {copy}, encrypted. Hand the password on by another way than the file.", err=True)
    return copy


def _sign(file: Path, role: str, p12: Path, note: Recorded | None, credential: str, output: Path | None) -> None:
    from toolkit.batch import signing

    key_password = _password(KEY_PASSWORD, f"Password of {p12.name}")
    now = datetime.now().astimezone()
    found, notes = _opened(
        file,
        lambda password: signing.sign(
            file, role, p12, key_password, now=now, out=output, recorded=note, credential=credential, password=password
        ),
    )
    for line in notes:
        click.echo(line, err=True)
    own = next(one for one in found.signatures if one.role == role)
    still = f"Still to sign: {', '.join(found.missing)}." if found.missing else "Everybody has signed."
    click.echo(f"{output or file}: {own.label}, {_KINDS[own.kind]} {own.by}. {still}", err=True)


@main.command()
@click.option(
    "--trust",
    multiple=True,
    type=Named(path_type=Path),
    help="A file with certificates that you trust (may be repeated): one of them has to stand behind each signature.",
)
@click.option("--format", type=click.Choice(["text", "json"]), default="text", show_default=True,
              help="text for people, json for programs (both name the signers).")  # fmt: skip
@click.argument("source", metavar="FILE.pdf|DIR", type=Named(path_type=Path))
@click.pass_context
def verify(ctx: click.Context, source: Path, trust: tuple[Path, ...], format: str) -> None:
    """Tell who signed, when and with what, whether anything was changed afterwards, and who is still missing.

    Exit code 0: everybody signed and all is as it was signed. 1: somebody is missing, or something was changed.
    2: it could not be verified.

    Example: plankit verify documents/0042 --trust clinic-root.pem
    """
    from toolkit.batch import signing

    now = datetime.now().astimezone()
    companions = [name for name, document in found_shelf(ctx).all().documents.items() if document.of]
    checked = _opened(
        source,
        lambda password: signing.verify(source, now=now, trusted=trust, password=password, companions=companions),
    )
    if format == "json":
        click.echo(json.dumps([_as_table(one) for one in checked], ensure_ascii=False, indent=2))
    else:
        click.echo("\n".join(line for one in checked for line in _lines(one)))
    complete = sum(one.found.complete for one in checked)
    click.echo(f"{complete} of {len(checked)} complete: everybody signed and nothing was changed.", err=True)
    if not trust and any(one.found.signatures for one in checked):
        click.echo(
            "Names are as the certificates claim: give the certificates that you trust with --trust to have them "
            "checked.",
            err=True,
        )
    ctx.exit(0 if complete == len(checked) else 1)


def _lines(one: Checked) -> Sequence[str]:
    from toolkit.sign.signing import shown

    found = one.found
    if found.fault:
        return [f"{one.path} · {found.fault}"]
    lines = []
    for signature in found.signatures:
        when = shown(signature.at) if signature.at else "no time"
        told = [
            *(f"NOT AS SIGNED: {text}" for text in signature.changed),
            *(f"DOUBT: {text}" for text in signature.doubts),
        ]
        lines.append(
            " · ".join(
                (
                    f"{one.path} · {signature.label}",
                    f"{_KINDS[signature.kind]} {signature.by} (certificate of {signature.issuer})" if signature.by
                    else "signature",
                    when,
                    *([signature.words] if signature.words else ()),
                    *(told or ["as it was signed"]),
                    *signature.notes,
                )
            )
        )  # fmt: skip
    lines += [f"{one.path} · {label} · does not sign: the document says why" for label in found.excused]
    return [*lines, *(f"{one.path} · {label} · MISSING: has not signed" for label in found.missing)]


def _as_table(one: Checked) -> dict[str, Any]:
    found = one.found
    signatures = [
        {**asdict(item), "at": item.at.isoformat() if item.at else None, "holds": item.holds}
        for item in found.signatures
    ]
    return {
        "file": str(one.path),
        "complete": found.complete,
        "fault": found.fault,
        "missing": list(found.missing),
        "excused": list(found.excused),
        "signatures": signatures,
    }


# --- passwords ------------------------------------------------------------------------------------------------------


def _password(variable: str, question: str, confirm: bool = False) -> str:
    """Return a password from the environment, or from the person; never from the command line."""
    given = os.environ.get(variable)
    return (
        given if given is not None else click.prompt(question, hide_input=True, confirmation_prompt=confirm, err=True)
    )


def _opened(file: Path, work: Callable[[str | None], T]) -> T:
    """Do ``work`` with the password of an encrypted file, which is asked for where it is needed."""
    from toolkit.batch.signing import PasswordNeededError

    given = os.environ.get(FILE_PASSWORD)
    try:
        return work(given)
    except PasswordNeededError:
        if given is not None:
            raise
        return work(click.prompt(f"Password of {file.name}", hide_input=True, err=True))
