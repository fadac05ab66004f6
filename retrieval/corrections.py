"""What people said of papers from within Footnote: facts mended, papers set aside.

A manifest stands beside the files, which may be on a disk that Footnote only reads. This list stands in the
data folder, a JSON object a line, and holds through every later reading. A line speaks of a source by its
name and by the content of its file, so that it still holds where the file is renamed or moved.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, fields, replace
from pathlib import Path

from retrieval.errors import LibraryError
from retrieval.models import Document
from retrieval.readers.manifest import Override
from retrieval.source_names import file_of, part_of
from retrieval.whole_files import whole

FILE = "corrections.jsonl"
NOTHING = Override()


@dataclass(frozen=True, slots=True)
class Correction:
    """What was said of one source."""

    source: str  # as it was called then: FILE or FILE#PART
    content: str  # `fingerprints.content_of` its file then; "" where the file was not there
    facts: Override = NOTHING
    removed: bool = False

    @property
    def part(self) -> str:
        """ "#PART", or "" for a file that is one paper."""
        return part_of(self.source)

    def speaks_of(self, name: str, content: str) -> bool:
        """Whether it is about this file. What was set aside as a whole is known by its content alone:
        another paper may come by the same name."""
        same_name = file_of(self.source) == name
        return (bool(content) and self.content == content) or (
            same_name and not (self.removed and not self.part)
        )


def load(data: Path) -> tuple[Correction, ...]:
    """All that was said, oldest first. Raises LibraryError where the list is damaged."""
    path = data / FILE
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
        return tuple(_correction(json.loads(line)) for line in lines if line.strip())
    except FileNotFoundError:
        return ()
    except (OSError, ValueError, TypeError, KeyError) as error:
        raise LibraryError(
            f"{path} cannot be read ({error}). Mend that line, or move the file away."
        ) from error


def save(data: Path, corrections: Iterable[Correction]) -> None:
    """Put these in place of what there was: all of them, or none. Raises LibraryError where it cannot."""
    try:
        with whole(data / FILE) as out:
            out.writelines(
                json.dumps(_record(one), ensure_ascii=False).encode() + b"\n" for one in corrections
            )
    except OSError as error:
        raise LibraryError(
            f"{data / FILE} cannot be written ({error.strerror}); nothing was changed. Make room on its "
            "disk, or give Footnote the right to write there."
        ) from error


def with_said(known: Sequence[Correction], said: Correction) -> tuple[Correction, ...]:
    """`known` and `said`, which goes before what was said of the same source earlier."""
    before = next((one for one in known if one.source == said.source), None)
    rest = tuple(one for one in known if one.source != said.source)
    return (*rest, replace(said, facts=_over(before.facts, said.facts)) if before else said)


def lifted(known: Sequence[Correction], contents: AbstractSet[str]) -> tuple[Correction, ...]:
    """`known`, but nothing of files with these contents is set aside any more; mended facts hold."""
    back = [replace(one, removed=False) if one.content in contents else one for one in known]
    return tuple(one for one in back if one.removed or one.facts != NOTHING)


def of_file(corrections: Iterable[Correction], name: str, content: str) -> dict[str, Correction]:
    """What was said of a file's sources, by "#PART" or ""; a line that names the file goes before others."""
    about = [one for one in corrections if one.speaks_of(name, content)]
    about.sort(key=lambda one: file_of(one.source) == name)
    return {one.part: one for one in about}


def together(said: Mapping[str, Override], corrections: Mapping[str, Correction]) -> dict[str, object]:
    """All that people say of a file, for its fingerprint. Without corrections, what manifests say alone."""
    return {**said, **{f"corrected {part}": repr(one) for part, one in corrections.items()}}


def corrected(
    documents: Sequence[Document], name: str, said: Mapping[str, Correction]
) -> tuple[list[Document], int]:
    """The documents of a file as people want them, and how many were set aside."""
    kept = []
    for document in documents:
        correction = said.get(document.source.removeprefix(name))
        if correction is None:
            kept.append(document)
        elif not correction.removed:
            kept.append(correction.facts.apply(document))
    return kept, len(documents) - len(kept)


def _over(old: Override, new: Override) -> Override:
    facts = {field.name: getattr(new, field.name) for field in fields(Override)}
    return replace(old, **{name: value for name, value in facts.items() if value is not None})


def _record(one: Correction) -> dict[str, object]:
    facts = {field.name: getattr(one.facts, field.name) for field in fields(Override)}
    said = {name: value for name, value in facts.items() if value is not None}
    return {
        "source": one.source,
        "content": one.content,
        **said,
        **({"removed": True} if one.removed else {}),
    }


def _correction(record: dict[str, object]) -> Correction:
    facts = {field.name: record.get(field.name) for field in fields(Override)}
    if isinstance(facts["authors"], list):
        facts["authors"] = tuple(map(str, facts["authors"]))
    return Correction(
        source=str(record["source"]),
        content=str(record.get("content", "")),
        facts=Override(**facts),  # type: ignore[arg-type]
        removed=record.get("removed") is True,
    )
