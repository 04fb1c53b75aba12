"""What may be changed in a PDF after somebody signed it: stricter than pyHanko's policy, and right where it errs."""

from __future__ import annotations

from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.reader import HistoricalResolver
from pyhanko.sign.diff_analysis import (
    DEFAULT_DIFF_POLICY,
    DiffResult,
    FormUpdatingRule,
    GenericFieldModificationRule,
    SigFieldCreationRule,
    SigFieldModificationRule,
    StandardDiffPolicy,
)
from pyhanko.sign.fields import FieldMDPSpec, MDPPerm


class _Policy(StandardDiffPolicy):
    def apply(
        self,
        old: HistoricalResolver,
        new: HistoricalResolver,
        field_mdp_spec: FieldMDPSpec | None = None,
        doc_mdp: MDPPerm | None = None,
    ) -> DiffResult:
        """Compare two revisions under a lock whose names are text."""
        return super().apply(old, new, plain(field_mdp_spec), doc_mdp)


def plain(spec: FieldMDPSpec | None) -> FieldMDPSpec | None:
    """Return ``spec`` with the names of its fields as text: those of an encrypted file come undeciphered."""
    if spec is None or spec.fields is None:
        return spec
    return FieldMDPSpec(spec.action, [_text(name) for name in spec.fields])


def decipher(lock: object) -> None:
    """Make the names in the ``/Lock`` of a field text, which pyHanko 0.38 cannot sign with otherwise."""
    if isinstance(lock, generic.DictionaryObject) and "/Fields" in lock:
        names = lock["/Fields"]
        for number, name in enumerate(list(names)):
            names[number] = generic.pdf_string(_text(name))


def _text(name: object) -> str:
    return str(name.decrypted if isinstance(name, generic.DecryptedObjectProxy) else name)


# pyHanko 0.38 takes an appearance that an earlier revision wrote for one that was changed, and then fails every locked
# field; it does not where no appearance may be overwritten in place, which neither signing nor filling does.
POLICY = _Policy(
    DEFAULT_DIFF_POLICY.global_rules,
    FormUpdatingRule(
        [
            SigFieldCreationRule(),  # type: ignore[no-untyped-call]
            SigFieldModificationRule(allow_in_place_appearance_stream_changes=False),
            GenericFieldModificationRule(allow_in_place_appearance_stream_changes=False),
        ]
    ),
)
