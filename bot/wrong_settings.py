"""What a person reads of a setting that cannot be used: what to write, what it is for, where to change it.

Never its value, which may be a secret.
"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from difflib import get_close_matches
from io import StringIO
from pathlib import Path
from types import NoneType
from typing import TYPE_CHECKING, Any, Literal, get_args, get_origin

from bot.settings import BotSettings

if TYPE_CHECKING:
    from pydantic import ValidationError
    from pydantic.fields import FieldInfo

NO_TEXT = ".env is not UTF-8 text; save it anew as UTF-8."
"""All that can be wrong with the settings as a whole."""

LIKE = 0.9
"""How like a setting's a misspelt name is, of 1 (difflib's ratio): `OPENAI_BASEURL` is."""

_NAME = re.compile(r"^\s*(?:export\s+)?([A-Za-z_]\w*)\s*=", re.MULTILINE)

KINDS: dict[object, str] = {
    bool: "true or false",
    int: "a whole number",
    float: "a number",
    Path: "a path",
}


def sentences(error: ValidationError, environment: Mapping[str, str] = os.environ) -> list[str]:
    """What is wrong with each setting that the error speaks of, two or three sentences each."""
    fields = {str(field.validation_alias): field for field in BotSettings.model_fields.values()}
    return [
        _sentence(fault, fields[str(fault["loc"][0])], environment) if fault["loc"] else NO_TEXT
        for fault in error.errors()
    ]


def misspelt(environment: Mapping[str, str] = os.environ, file: Path = Path(".env")) -> list[str]:
    """Names that are set and nearly those of settings: as they stand they change nothing. A sentence each."""
    known = {str(field.validation_alias) for field in BotSettings.model_fields.values()}
    try:
        written = _NAME.findall(file.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError):
        written = []
    told = []
    for name in dict.fromkeys(name.upper() for name in (*written, *environment)):
        near = get_close_matches(name, known, n=1, cutoff=LIKE) if name not in known else []
        told += [f"{name} is no setting, {near[0]} is"] if near else []
    return told


def unread(file: Path = Path(".env")) -> list[str]:
    """Lines of the file that set nothing, for they are no NAME=VALUE or their quotation mark never ends."""
    from dotenv.parser import parse_stream  # what pydantic-settings reads the file with

    try:
        text = file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        return []
    wrong = [found.original for found in parse_stream(StringIO(text)) if found.error]
    above = [len(one.string) - len(one.string.lstrip("\r\n")) for one in wrong]  # blank lines count too
    return [
        f"line {one.line + blank} of {file} is no NAME=VALUE, or a quotation mark is left open"
        for one, blank in zip(wrong, above, strict=True)
    ]


def _sentence(fault: Any, field: FieldInfo, environment: Mapping[str, str]) -> str:
    name = str(field.validation_alias)
    own = fault["type"] == "value_error"  # raised by a validator of ours, which says what to write
    told = str(fault["ctx"]["error"]) if own else f"write {allowed(field)}"
    purpose = str(field.description)
    if purpose[1:2].islower():
        purpose = purpose[0].lower() + purpose[1:]
    return f"{name}: {told}. It means: {purpose}. Change it in {_place(name, environment)}."


def allowed(field: FieldInfo) -> str:
    """What the field takes, in words: "a whole number, 1 or more"."""
    kinds = [kind for kind in get_args(field.annotation) or (field.annotation,) if kind is not NoneType]
    if get_origin(field.annotation) is Literal:
        return f"one of {', '.join(kinds)}"
    limits = {
        name: getattr(one, name)
        for one in field.metadata
        for name in ("ge", "gt", "le")
        if hasattr(one, name)
    }
    return f"{KINDS.get(kinds[0], 'text')}{_bounds(**limits)}"


def _bounds(*, ge: float | None = None, gt: float | None = None, le: float | None = None) -> str:
    """Of pydantic's names for the limits of a number, in words; "" where there are none."""
    if gt is not None:
        return f", more than {gt}"
    if ge is not None:
        return f" from {ge} to {le}" if le is not None else f", {ge} or more"
    return ""


def _place(name: str, environment: Mapping[str, str]) -> str:
    """Where it is set; the environment goes before `.env`."""
    set_there = any(key.upper() == name and value for key, value in environment.items())
    return "the environment" if set_there else str(Path(".env").absolute())
