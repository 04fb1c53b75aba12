"""From the bytes of a JSON or JSON Lines file to plain objects, with one sentence for each way in which they fail."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any, NoReturn

from toolkit.errors import ReadError

MOST_BYTES = 200_000_000
"""The largest .json file that is read; a .jsonl file is read line by line and may be larger."""
MOST_BYTES_A_LINE = 20_000_000
_MOST_DIGITS = 40  # a longer number stays text: it is no date, score or count, and could fill the memory when printed
_BLANK = b"\xef\xbb\xbf \t\r\n"
_NOT_A_NUMBER = re.compile(r'"(?:[^"\\]|\\.)*"|(-?Infinity|NaN)', re.DOTALL)


class Object(dict[str, Any]):
    """A JSON object that remembers which of its keys stood there twice."""

    doubled: tuple[str, ...] = ()


class _NotANumberError(ValueError):
    """NaN or Infinity stands in the file."""


def is_lines(path: Path) -> bool:
    """Tell whether ``path`` is a file of JSON Lines, by its name."""
    return path.suffix.casefold() in (".jsonl", ".ndjson")


def documents(path: Path, numbers: Iterable[int]) -> Iterator[tuple[Any, int]]:
    """Yield what ``path`` holds: one value and line 0, or for JSON Lines each line's value and number.

    Of the lines, only those that have the ``numbers`` (from 0 on, rising) where blank ones are not counted.

    Objects are `Object`, numbers with a point Decimal; numbers of absurd length stay text. Raises ReadError, naming
    the line where there is one, when the file cannot be opened, is empty, too large, or not JSON in UTF-8.
    """
    try:
        yield from _lines(path, numbers) if is_lines(path) else _whole(path)
    except OSError as error:
        raise ReadError(
            f"{path.name} cannot be opened. Check that it exists, and that no other program holds it."
        ) from error


def _whole(path: Path) -> Iterator[tuple[Any, int]]:
    if path.stat().st_size > MOST_BYTES:
        raise ReadError(
            f"{path.name} is larger than {MOST_BYTES // 1_000_000} MB. Write it as JSON Lines instead: a file that "
            "ends in .jsonl, with one record a line."
        )
    data = path.read_bytes()
    if not data.strip(_BLANK):
        raise _empty(path)
    yield _parse(path.name, data), 0


def _lines(path: Path, numbers: Iterable[int]) -> Iterator[tuple[Any, int]]:
    found = number = 0
    rising = iter(numbers)
    wanted = next(rising, None)
    with path.open("rb") as stream:
        while data := stream.readline(MOST_BYTES_A_LINE + 1):
            number += 1
            if len(data) > MOST_BYTES_A_LINE:
                most = MOST_BYTES_A_LINE // 1_000_000
                raise ReadError(f"{path.name}: line {number} is longer than {most} MB. Write one record a line.")
            if number == 1 and json.detect_encoding(data[:4]) not in ("utf-8", "utf-8-sig"):
                raise ReadError(f"{path.name} is not saved as UTF-8. Save it again with the encoding UTF-8.")
            if data.strip(_BLANK):
                if found == wanted:
                    yield _parse(path.name, data, number), number
                    wanted = next(rising, None)
                    if wanted is None:
                        return
                found += 1
    if not found:
        raise _empty(path)


def _empty(path: Path) -> ReadError:
    return ReadError(f"{path.name} is empty. Choose the file that holds the records.")


def _parse(name: str, data: bytes, line: int = 0) -> Any:
    decoded = ""
    try:
        decoded = data.decode(json.detect_encoding(data))
        return _DECODER.decode(decoded)
    except UnicodeDecodeError as error:
        line = line or data.count(b"\n", 0, error.start) + 1
        raise ReadError(
            f"{name}: line {line} holds characters that are not UTF-8. Save the file again with the encoding UTF-8."
        ) from None
    except json.JSONDecodeError as error:
        where = f"line {line or error.lineno}, character {error.colno}"
        if error.msg == "Extra data":
            raise ReadError(
                f"{name} goes on at {where} after its end. Put several records into one list, or one a line into a "
                "file that ends in .jsonl."
            ) from None
        raise ReadError(
            f"{name} cannot be read as JSON: at {where}, a comma, quote or bracket is missing or one too many. "
            "Mend it there, or export the file again."
        ) from None
    except _NotANumberError:
        raise ReadError(
            f"{name}: at line {line or _line_of_not_a_number(decoded)} stands NaN or Infinity, which is no number. "
            "Leave that answer out instead."
        ) from None
    except RecursionError:
        where = f"line {line} is" if line else "it is"
        raise ReadError(
            f"{name} cannot be read: {where} nested too deeply. A record holds goals, and a goal holds objectives; "
            "nothing goes deeper."
        ) from None


def _line_of_not_a_number(decoded: str) -> int:
    found = next((word.start() for word in _NOT_A_NUMBER.finditer(decoded) if word[1]), 0)
    return decoded.count("\n", 0, found) + 1


def _object(pairs: list[tuple[str, Any]]) -> Object:
    found = Object(pairs)
    if len(found) < len(pairs):
        names = [name for name, _ in pairs]
        found.doubled = tuple(name for name in found if names.count(name) > 1)
    return found


def _integer(digits: str) -> int | str:
    return int(digits) if len(digits) <= _MOST_DIGITS else digits


def _decimal(digits: str) -> Decimal | str:
    number = Decimal(digits) if len(digits) <= _MOST_DIGITS else None
    return digits if number is None or abs(number.adjusted()) > _MOST_DIGITS else number


def _no_constant(word: str) -> NoReturn:
    raise _NotANumberError


_DECODER = json.JSONDecoder(
    object_pairs_hook=_object, parse_float=_decimal, parse_int=_integer, parse_constant=_no_constant
)
