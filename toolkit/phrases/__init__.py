"""What stands in a sentence of a plan: numbers, times, starting points, scales, acts. It reads and judges nothing."""

from toolkit.phrases.plain import Plain, holds_any, plain, unquoted
from toolkit.phrases.reading import Reading, read, words

__all__ = ["Plain", "Reading", "holds_any", "plain", "read", "unquoted", "words"]
