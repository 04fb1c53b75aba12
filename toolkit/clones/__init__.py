"""Copies: which texts of one client are those of another, or of the same client before, names and numbers apart.

Records are looked at one by one, wherever they are judged: `Taker` makes of each a `Prints`, a few hundred bytes in
which no text is. `Crowd` takes these in and says at the end which answers may be copies; those alone are read again
and compared as they stand. `Store` keeps prints from run to run.
"""

from toolkit.clones.crowd import FEW, Crowd
from toolkit.clones.prints import Prints, Taker
from toolkit.clones.store import Store, loads
from toolkit.clones.words import Names, alike, in_order, said

__all__ = ["FEW", "Crowd", "Names", "Prints", "Store", "Taker", "alike", "in_order", "loads", "said"]
