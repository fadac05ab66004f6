"""Python literals from files of unknown origin, read without running anything or trusting their shape."""

from __future__ import annotations

import ast
import re

_MAX_DEPTH = 20
_TOKEN = re.compile(
    r"""\s+
    | [bBuUrR]{0,2}'(?:[^'\\\n]++|\\.)*+' | [bBuUrR]{0,2}"(?:[^"\\\n]++|\\.)*+"
    | (?P<sign>[-+]?)(?P<number>\d[\d_]*\.?\d*|\.\d+)(?:[eE][-+]?\d+)?
    | True\b | False\b | None\b
    | (?P<open>[\[{(]) | (?P<close>[\]})]) | [,:]""",
    re.VERBOSE | re.DOTALL,
)


class NotALiteral(ValueError):
    """The text is no plain Python literal; the message says why."""


def read_literal(text: str) -> object:
    """The value of a literal of strings, numbers, True, False, None, lists, tuples, sets and dicts.

    Its tokens are looked at first, because `ast.literal_eval` can be brought down by deep nesting and by long
    chains of operators. Raises NotALiteral.
    """
    _check(text)
    try:
        return ast.literal_eval(text.strip())
    except SyntaxError as error:
        raise NotALiteral(f"not a Python literal ({error.msg})") from error
    except (ValueError, TypeError, MemoryError, RecursionError) as error:
        raise NotALiteral(f"not a Python literal ({type(error).__name__})") from error


def _check(text: str) -> None:
    position = depth = 0
    number_before = False
    while position < len(text):
        token = _TOKEN.match(text, position)
        if not token:
            unclosed = text[position] in "'\""
            raise NotALiteral(
                "cut off inside a string"
                if unclosed
                else f"not a Python literal (at character {position + 1})"
            )
        if token["sign"] and number_before:
            raise NotALiteral("not a Python literal (arithmetic)")
        number_before = bool(token["number"]) or (number_before and token[0].isspace())
        depth += bool(token["open"]) - bool(token["close"])
        if depth > _MAX_DEPTH:
            raise NotALiteral(f"nested more than {_MAX_DEPTH} deep")
        position = token.end()
    if depth > 0:
        raise NotALiteral("cut off: a bracket is not closed")
