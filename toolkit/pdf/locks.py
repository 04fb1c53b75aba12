"""What a signature locks (`toolkit.slots`), as a PDF says it."""

from __future__ import annotations

from pikepdf import Array, Dictionary, Name, String

from toolkit.slots import Lock


def as_dictionary(lock: Lock) -> Dictionary:
    """Return ``lock`` as the entry of a signature field; with nothing left open it locks all."""
    if lock.everything or not lock.but:
        return Dictionary(Type=Name.SigFieldLock, Action=Name.All)
    return Dictionary(Type=Name.SigFieldLock, Action=Name.Exclude, Fields=Array(map(String, lock.but)))
