"""Print the part of the lock that running Footnote needs, without the tools of its developers.

    python .ci/runtime_lock.py > runtime.txt

The lock says under each package which packages asked for it ("# via ..."). A package is needed to run if
pyproject.toml asks for it by name outside the `dev` extra, or if a needed package asked for it. What the
build itself needs (setuptools) is kept too; the Dockerfile removes it afterwards.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def _name(requirement: str) -> str:
    """The package's normalised name (PEP 503) at the start of a requirement."""
    found = re.match(r"[A-Za-z0-9._-]+", requirement)
    if found is None:
        raise ValueError(f"no package name in {requirement!r}")
    return re.sub(r"[-_.]+", "-", found.group()).lower()


def roots(pyproject: str) -> set[str]:
    """The packages that pyproject.toml asks for, except for development."""
    data = tomllib.loads(pyproject)
    asked: list[str] = [*data["project"]["dependencies"], *data["build-system"]["requires"]]
    asked += data["dependency-groups"]["weights"]
    return {_name(requirement) for requirement in asked}


def blocks(lock: str) -> list[str]:
    """The lock cut into one block a pinned line: the pin, its hashes and its "# via" comment."""
    return [block for block in re.split(r"^(?=[A-Za-z0-9])", lock, flags=re.MULTILINE) if block.strip()]


def parents(block: str) -> set[str]:
    """The packages that asked for this one, by the block's comment."""
    comment = "".join(re.findall(r"^ +# *(.*)$", block, flags=re.MULTILINE)).removeprefix("via").strip()
    return {_name(parent.strip()) for parent in comment.split(",") if parent.strip()}


def runtime(lock: str, wanted: Iterable[str]) -> str:
    """The blocks of `wanted` and of everything that they ask for, in the lock's order."""
    asked_by: dict[str, set[str]] = {}
    for block in blocks(lock):
        asked_by.setdefault(_name(block), set()).update(parents(block))
    needed = set(wanted)
    while more := {name for name, by in asked_by.items() if name not in needed and by & needed}:
        needed |= more
    return "".join(block for block in blocks(lock) if _name(block) in needed)


if __name__ == "__main__":
    lock = (ROOT / "requirements.txt").read_text(encoding="utf-8")
    print(runtime(lock, roots((ROOT / "pyproject.toml").read_text(encoding="utf-8"))), end="")
