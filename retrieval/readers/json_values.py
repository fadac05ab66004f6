"""JSON lines, and JSON: their values one by one, so that a fault in one costs no other."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator

from retrieval.readers.pieces import at_once, begun, lines_of

_BEGINNING = re.compile(r"\[\s*[\[{]|\{\s*\"(?:[^\"\\\n]|\\.)*\"\s*:")
_SPACE = re.compile(r"[\s,]*")
_OWN_KEYS = {"title", "abstract", "text"}
_NEAR_END = 20  # characters; of a number or an escape that is cut, the fault is told where it begins

Decode = Callable[[str, int], tuple[object, int]]


def looks_like_json(text: str) -> bool:
    """Whether it begins as an array or an object of records does, or one of its first lines is an object."""
    text = text.lstrip()
    lines = text.split("\n", 20)[:20]
    return bool(_BEGINNING.match(text)) or any(isinstance(_parsed(line), dict) for line in lines)


def json_values(pieces: Iterable[str], notes: list[str]) -> Iterator[tuple[str, int, object]]:
    """Each value's place ("line 7", "record 7"), number from 1 and value; what is broken goes to `notes`.

    An array gives its items, an object its one list of objects or itself, anything else a value a line. Of an
    object alone the whole text has to be in memory.
    """
    head, pieces = begun(pieces)
    if head.lstrip().startswith("["):
        yield from _items(pieces, notes)
        return
    if not _is_of_lines(head):
        pieces = (at_once(pieces),)
        if isinstance(whole := _parsed(pieces[0].strip()), dict):
            for number, record in enumerate(_records(whole), 1):
                yield f"record {number}", number, record
            return
    yield from _lines(pieces, notes)


def _is_of_lines(head: str) -> bool:
    """Whether its first line is an object, and others follow."""
    first, _, more = head.lstrip().partition("\n")
    return bool(more.strip()) and isinstance(_parsed(first), dict)


def _lines(pieces: Iterable[str], notes: list[str]) -> Iterator[tuple[str, int, object]]:
    number = 0
    for at, line in enumerate(lines_of(pieces), 1):
        if not line.strip():
            continue
        number += 1  # broken lines count, so that mending one renames no other
        try:
            value = json.loads(line)
        except RecursionError:
            notes.append(f"line {at}: not JSON (nested too deep)")
        except ValueError as error:
            notes.append(f"line {at}: not JSON ({getattr(error, 'msg', error)})")
        else:
            yield f"line {at}", number, value


def _items(pieces: Iterable[str], notes: list[str]) -> Iterator[tuple[str, int, object]]:
    """The items of an array; of its text there is in memory what the present item needs."""
    coming = iter(pieces)
    body = next(coming).lstrip()
    decode = json.JSONDecoder().raw_decode
    position, number, lines = 1, 0, 0  # lines that are no more in memory
    while True:
        position = _skip(body, position)
        if position < len(body) and body[position] == "]":
            return
        value, end, fault = _item(decode, body, position)
        cut = end == len(body) and not isinstance(value, dict)  # a number might go on
        more = _as_much(coming, len(body) - position) if cut or _may_go_on(fault, body) else ""
        if more:
            lines += body.count("\n", 0, position)
            body, position = body[position:] + more, 0
            continue
        if position == len(body):
            notes.append(f"truncated: the list is not closed after record {number}")
            return
        number += 1
        if fault:
            line = lines + body.count("\n", 0, position) + 1
            notes.append(f"record {number}: not JSON, or cut off (line {line}); nothing after it was read")
            return
        yield f"record {number}", number, value
        position = end


def _item(decode: Decode, body: str, position: int) -> tuple[object, int, Exception | None]:
    """The value that begins at a position, and where it ends; or what is wrong with it."""
    try:
        return *decode(body, position), None
    except (ValueError, RecursionError) as error:
        return None, position, error


def _may_go_on(fault: Exception | None, body: str) -> bool:
    """Whether more text might mend a fault: it comes with the text's end, or with a string that has none."""
    if not isinstance(fault, json.JSONDecodeError):
        return False
    return fault.msg.startswith("Unterminated string") or fault.pos > len(body) - _NEAR_END


def _as_much(coming: Iterator[str], size: int) -> str:
    """As much more text as there is of the present item, so that a long one is not begun too often."""
    more = ""
    while len(more) <= size and (piece := next(coming, "")):
        more += piece
    return more


def _records(whole: dict[str, object]) -> list[object]:
    """An object's one list of objects, as in {"papers": [...]}; the object itself where it is a record."""
    lists = [value for value in whole.values() if isinstance(value, list) and value]
    lists = [value for value in lists if all(isinstance(item, dict) for item in value)]
    is_record = bool(_OWN_KEYS & {key.lower() for key in whole})
    return lists[0] if len(lists) == 1 and not is_record else [whole]


def _parsed(text: str) -> object:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None


def _skip(body: str, position: int) -> int:
    match = _SPACE.match(body, position)
    return match.end() if match else position
