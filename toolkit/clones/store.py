"""Prints that are kept from run to run, to find what was copied from an earlier batch or a client's last plan.

**What the file holds.** A salt, drawn at random when the file is begun; for each plan 8 bytes that stand for the
client's id and 8 that stand for id and date together; for each of its longer answers 4 bytes that stand for the
question and up to 10 numbers of 4 bytes: two stand for all its words, each other for three that follow one another.
All of them are keyed hashes (BLAKE2 under the salt). No text, no word, no name, no id, no date; two files have no
number in common.

**What that protects and what not.** From the file alone no sentence can be read or put together again: of a text eight
runs of three words are kept, in no order, as hashes of 32 bits. But the salt stands in the file, for the next run
needs it. Whoever has the file can hash guesses with it: whether a given id (ids are few) or a given sentence is in it,
word for word, can be tried out. So it is not anonymous: keep it where the records are kept.
"""

from __future__ import annotations

import struct
from array import array
from hashlib import blake2b, sha256
from zlib import crc32

from msgspec import Struct, field

from toolkit.clones.prints import KEPT
from toolkit.errors import ReadError

_BEGINNING = b"plankit fingerprints "
_VERSION = b"1\n"
_SALT, _DIGEST = 16, 32
_PLAN = struct.Struct("<8s8sH")
_TEXT = struct.Struct(f"<{1 + KEPT}I")


class Store(Struct):
    """The prints of plans of all runs so far, under one ``salt``."""

    salt: bytes
    plans: dict[bytes, bytes] = field(default_factory=dict)
    """Of each plan (`plan`): whose it is (`who`), and of each text its question and its numbers, 4 bytes each."""

    def keyed(self, number: int) -> int:
        """Return what stands in this file for a number of a text."""
        return int.from_bytes(self._hash(number.to_bytes(4, "little"), 4), "little")

    def who(self, record: str) -> bytes:
        """Return what stands for a client, by the id."""
        return self._hash(b"who\0" + record.encode(), 8)

    def plan(self, record: str, day: str) -> bytes:
        """Return what stands for the plan that a client has of that day."""
        return self._hash(b"plan\0" + record.encode() + b"\0" + day.encode(), 8)

    def question(self, path: str) -> int:
        """Return what stands for a field."""
        return self.keyed(crc32(path.encode()))

    def _hash(self, what: bytes, size: int) -> bytes:
        return blake2b(what, digest_size=size, key=self.salt).digest()

    def dumps(self) -> bytes:
        """Return the file."""
        pieces = [_BEGINNING, _VERSION, self.salt]
        for plan, kept in self.plans.items():
            texts = array("I")
            texts.frombytes(kept[8:])
            rows = [texts[start : start + 1 + KEPT] for start in range(0, len(texts), 1 + KEPT)]
            pieces.append(_PLAN.pack(kept[:8], plan, len(rows)))
            pieces += (_TEXT.pack(*row) for row in rows)
        whole = b"".join(pieces)
        return whole + sha256(whole).digest()


def loads(data: bytes, name: str) -> Store:
    """Return what a file called ``name`` keeps; raises ReadError where it is damaged, newer or something else."""
    begins = len(_BEGINNING) + len(_VERSION)
    if not data.startswith(_BEGINNING):
        raise ReadError(f"{name} is no file of fingerprints. Give the name of one, or a new name, with --fingerprints.")
    if not data.startswith(_BEGINNING + _VERSION):
        raise ReadError(f"{name} was written by another version of plankit. Give a new name with --fingerprints.")
    whole, digest = data[:-_DIGEST], data[-_DIGEST:]
    if len(whole) < begins + _SALT or sha256(whole).digest() != digest:
        raise ReadError(
            f"{name} is damaged: it was cut off or changed. Put back a copy of it, or give a new name with "
            "--fingerprints."
        )
    store = Store(whole[begins : begins + _SALT])
    at = begins + _SALT
    while at < len(whole):
        who, plan, count = _PLAN.unpack_from(whole, at)
        at += _PLAN.size
        texts = array(
            "I", (number for row in range(count) for number in _TEXT.unpack_from(whole, at + row * _TEXT.size))
        )
        at += count * _TEXT.size
        store.plans[plan] = who + texts.tobytes()
    return store
