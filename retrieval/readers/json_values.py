"""JSON lines, and JSON: their values one by one, so that a fault in one costs no other."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

_BEGINNING = re.compile(r"\[\s*[\[{]|\{\s*\"(?:[^\"\\\n]|\\.)*\"\s*:")
_SPACE = re.compile(r"[\s,]*")
_OWN_KEYS = {"title", "abstract", "text"}


def looks_like_json(text: str) -> bool:
    """Whether it begins as an array or an object of records does, or one of its first lines is an object."""
    text = text.lstrip()
    lines = text.split("\n", 20)[:20]
    return bool(_BEGINNING.match(text)) or any(isinstance(_parsed(line), dict) for line in lines)


def json_values(text: str, notes: list[str]) -> Iterator[tuple[str, int, object]]:
    """Each value's place ("line 7", "record 7"), number from 1 and value; what is broken goes to `notes`.

    An array gives its items, an object its one list of objects or itself, anything else a value a line.
    """
    body = text.strip()
    if body.startswith("["):
        yield from _items(body, notes)
    elif isinstance(whole := _parsed(body), dict):
        for number, record in enumerate(_records(whole), 1):
            yield f"record {number}", number, record
    else:
        yield from _lines(text, notes)


def _lines(text: str, notes: list[str]) -> Iterator[tuple[str, int, object]]:
    number = 0
    for at, line in enumerate(text.split("\n"), 1):
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


def _items(body: str, notes: list[str]) -> Iterator[tuple[str, int, object]]:
    decoder = json.JSONDecoder()
    position, number = _skip(body, 1), 0
    while position < len(body) and body[position] != "]":
        number += 1
        try:
            value, position = decoder.raw_decode(body, position)
        except (ValueError, RecursionError):
            line = body.count("\n", 0, position) + 1
            notes.append(f"record {number}: not JSON, or cut off (line {line}); nothing after it was read")
            return
        yield f"record {number}", number, value
        position = _skip(body, position)
    if position >= len(body):
        notes.append(f"truncated: the list is not closed after record {number}")


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
