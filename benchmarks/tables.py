"""Rows of figures beside their peers', printed, and kept as Markdown."""

from __future__ import annotations

import os
import platform
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from rich.console import Console
from rich.table import Table

HEADINGS = ("figure", "Footnote", "peer", "its figure", "Footnote / peer", "reach", "remarks")
FLAGS = ("avx2", "avx512f", "avx512_vnni", "avx512_bf16", "amx_bf16")
PACKAGES = (
    *("chromadb", "tantivy", "onnxruntime", "openvino", "numpy"),
    *("langchain-chroma", "rank-bm25", "sentence-transformers", "torch"),
)


@dataclass(frozen=True, slots=True)
class Row:
    """One figure of ours, one of a peer in the same run, and what the ratio should be."""

    figure: str
    ours: str
    peer: str = ""
    theirs: str = ""
    ratio: float | None = None  # ours / theirs; None where there is nothing to compare
    reach: str = ""
    remarks: str = ""

    def cells(self) -> tuple[str, ...]:
        return (
            self.figure,
            self.ours,
            self.peer,
            self.theirs,
            _ratio(self.ratio),
            self.reach,
            self.remarks,
        )


def _ratio(value: float | None) -> str:
    if value is None or value <= 0:
        return ""
    return f"{value:.2f}" if value >= 0.2 else f"1/{1 / value:.0f}"


def show(title: str, rows: Sequence[Row]) -> None:
    """Print a table."""
    table = Table(*HEADINGS, title=title, title_justify="left")
    for row in rows:
        table.add_row(*row.cells())
    Console(width=170).print(table)


def markdown(sections: Sequence[tuple[str, Sequence[Row]]], picture: str | None = None) -> str:
    """All tables of a run with the machine's description, and the picture of them where there is one."""
    lines = ["# Speed", "", *machine(), ""]
    if picture:
        lines += [f"![Ratios of Footnote's figures to its peers']({picture})", ""]
    for title, rows in sections:
        lines += [f"## {title}", "", _line(HEADINGS), _line(["---"] * len(HEADINGS))]
        lines += [_line(row.cells()) for row in rows]
        lines.append("")
    return "\n".join(lines)


def _line(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"


def machine() -> list[str]:
    """What the figures were measured on, without naming it."""
    flags: set[str] = set()
    model, info = platform.machine(), Path("/proc/cpuinfo")
    for line in info.read_text("utf-8").splitlines() if info.exists() else ():
        name, _, value = (part.strip() for part in line.partition(":"))
        flags |= set(value.split()) if name == "flags" else set()
        model = value if name == "model name" else model
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") >> 30
    able = ", ".join(sorted(flags & set(FLAGS))) or "no AVX"
    load = os.getloadavg()[0]
    return [
        f"- {os.cpu_count()} cores, {model} ({able}), {memory} GiB; load average at the end {load:.1f}",
        f"- {platform.system()}, Python {platform.python_version()}; {', '.join(_versions())}",
    ]


def _versions() -> list[str]:
    found = []
    for name in PACKAGES:
        try:
            found.append(f"{name} {version(name)}")
        except PackageNotFoundError:
            found.append(f"no {name}")
    return found
