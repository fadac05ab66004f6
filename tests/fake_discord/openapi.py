"""Every request held against Discord's own OpenAPI description, where that file is there.

It is data that we do not ship: `FOOTNOTE_DISCORD_OPENAPI` names it, else `../shared/discord/openapi.json`
beside the checkout. Where it is missing, only this check is left out.
"""

from __future__ import annotations

import json
import os
import re
from functools import cache
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator
from jsonschema.protocols import Validator

Json = dict[str, Any]

_IGNORED_KEYS = {"tts"}
"""discord.py sends these on edits as well; the API passes over them."""


def find_description() -> Path | None:
    """Where Discord's description of its API is, or None."""
    named = os.environ.get("FOOTNOTE_DISCORD_OPENAPI")
    path = Path(named) if named else Path(__file__).parents[2].parent / "shared/discord/openapi.json"
    return path if path.is_file() else None


@cache
def load(path: Path) -> OpenApi:
    """The description at `path`, read once."""
    return OpenApi(json.loads(path.read_bytes()))


class OpenApi:
    """Discord's description of its API.

    Read as the API behaves, not to the letter: a snowflake may be sent as an integer, a `oneOf` may be met
    twice, and a key that no schema names is a fault.
    """

    def __init__(self, description: Json) -> None:
        self._root = _relaxed(description)
        self._root["components"]["schemas"]["SnowflakeType"] = {"type": ["string", "integer"]}
        # GUILD_MEDIA (16) is in Discord's documentation and not in this file
        self._root["components"]["schemas"]["ChannelTypes"] = {"type": "integer", "minimum": 0, "maximum": 16}
        self._paths = [(_pattern(path), path) for path in self._root["paths"]]
        self._validators: dict[str, Validator] = {}

    def knows(self, method: str, path: str) -> bool:
        """Whether there is such a call; `path` without the address and version in front."""
        return self._operation(method, path) is not None

    def faults(self, method: str, path: str, body: Any) -> list[str]:
        """What is wrong with this request; empty when nothing is."""
        operation = self._operation(method, path)
        if operation is None:
            return [f"{method} {path}: there is no such call"]
        content = operation.get("requestBody", {}).get("content", {})
        schema = content.get("application/json", {}).get("schema")
        if schema is None:
            return [] if body is None else [f"{method} {path}: takes no body"]
        if body is None:
            return [f"{method} {path}: needs a body"] if operation["requestBody"].get("required") else []
        found = [
            f"{error.json_path}: {error.message[:200]}" for error in self._validator(schema).iter_errors(body)
        ]
        return found + [f"unknown key {key!r}" for key in self._unknown(schema, body)]

    def _operation(self, method: str, path: str) -> Json | None:
        for pattern, name in self._paths:
            if pattern.fullmatch(path) and (found := self._root["paths"][name].get(method.lower())):
                return dict(found)
        return None

    def _validator(self, schema: Json) -> Validator:
        key = json.dumps(schema)
        if key not in self._validators:
            whole = {**schema, "components": self._root["components"]}
            self._validators[key] = Draft202012Validator(whole)
        return self._validators[key]

    def _unknown(self, schema: Json, body: Any) -> list[str]:
        if not isinstance(body, dict):
            return []
        known = self._keys(schema)
        return sorted(set(body) - known - _IGNORED_KEYS) if known else []

    def _keys(self, schema: Json) -> set[str]:
        """Every key that any branch of `schema` names."""
        if "$ref" in schema:
            schema = self._root["components"]["schemas"][schema["$ref"].rsplit("/", 1)[1]]
        keys = set(schema.get("properties", {}))
        for branch in (*schema.get("anyOf", ()), *schema.get("allOf", ())):
            keys |= self._keys(branch)
        return keys


def _pattern(path: str) -> re.Pattern[str]:
    parts = re.split(r"\{[^}]+\}", path)
    return re.compile("[^/]+".join(map(re.escape, parts)))


def _relaxed(node: Any) -> Any:
    if isinstance(node, dict):
        return {"anyOf" if key == "oneOf" else key: _relaxed(value) for key, value in node.items()}
    if isinstance(node, list):
        return [_relaxed(value) for value in node]
    return node
