"""How well papers are told apart and brought together: `make bench-identity`, python -m benchmarks.identity.

    --corpus DIR   a folder of papers to make pairs from (samples/)
    --seeds N      how many times, each with other pairs (3)
    --only WORD    kinds whose name holds this
    --each         also print every pair that was judged wrongly
    --json         print JSON lines
    --results FILE keep the table as Markdown

All pairs of a kind lie in one pile, shuffled, so that each document may meet every other one. A pair of one
paper that was brought together is a hit. Precision is the share of right pairs among all that were brought
together, whoever they are; for the kinds of two papers, "others" are pairs of documents made
from different papers altogether that were.
"""

from __future__ import annotations

import argparse
import json
import random
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from itertools import combinations
from pathlib import Path

from benchmarks.kinds import KINDS, Kind
from retrieval.identity import group
from retrieval.models import Document
from retrieval.readers import read_file

SAMPLES = Path(__file__).resolve().parent.parent / "samples"


@dataclass(frozen=True, slots=True)
class Figures:
    """Of one kind, or of all."""

    kind: str
    pairs: int  # that were made
    joined: int  # of them
    strangers: int  # pairs of documents of two papers that were brought together beside them
    same: bool = True

    @property
    def recall(self) -> float | None:
        return self.joined / self.pairs if self.same and self.pairs else None

    @property
    def wrong(self) -> int:
        return self.strangers + (0 if self.same else self.joined)


def papers_of(folder: Path) -> list[Document]:
    """The papers of a folder that have a title and authors, each once."""
    files = [path for path in sorted(folder.rglob("*")) if path.is_file() and not path.name.startswith(".")]
    found = [document for path in files for document in read_file(path.name, path.read_bytes()).documents]
    fullest = [members[0] for members in group(found)]
    return [paper for paper in fullest if paper.title and len(paper.title.split()) > 3 and paper.authors]


def pile(papers: Sequence[Document], kind: Kind, seed: int) -> list[Document]:
    """Documents of all pairs of a kind, shuffled; the source says the pair's number and side."""
    chance = random.Random(f"{kind.name} {seed}")
    made = []
    drawn = chance.sample(list(papers), len(papers))
    half = len(drawn) // 2
    # A paper that lends its words to a second one has no place of its own in the pile: it would be that one.
    for number, paper in enumerate(drawn if kind.same else drawn[:half]):
        other = drawn[(number + half) % len(drawn)]
        pair = kind.make(paper, other, chance)
        for side, document in zip("ab", pair or (), strict=False):
            made.append(replace(document, source=f"{number}{side}"))
    chance.shuffle(made)
    return made


def judge(
    papers: Sequence[Document], kind: Kind, seed: int
) -> tuple[Figures, list[tuple[Document, Document]]]:
    """The figures of one pile, and the pairs that were judged wrongly."""
    made = pile(papers, kind, seed)
    together = {
        tuple(sorted((one.source, other.source)))
        for members in group(made)
        for one, other in combinations(members, 2)
    }
    by_source = {document.source: document for document in made}
    wanted = {(f"{n[:-1]}a", f"{n[:-1]}b") for n in by_source if n.endswith("b")}
    joined = wanted & together
    strangers = together - wanted
    wrong = (wanted - joined if kind.same else joined) | strangers
    figures = Figures(kind.name, len(wanted), len(joined), len(strangers), kind.same)
    return figures, [(by_source[one], by_source[other]) for one, other in sorted(wrong)]


def total(rows: Sequence[Figures], name: str) -> Figures:
    """The figures of several piles as one."""
    pairs, joined, others = (
        sum(getattr(row, field) for row in rows) for field in ("pairs", "joined", "strangers")
    )
    return Figures(name, pairs, joined, others, rows[0].same)


def precision(rows: Sequence[Figures]) -> float:
    """Right ones among all pairs that were brought together."""
    right = sum(row.joined for row in rows if row.same)
    return right / max(1, right + sum(row.wrong for row in rows))


def recall(rows: Sequence[Figures]) -> float:
    """Pairs of one paper that were brought together."""
    return sum(row.joined for row in rows if row.same) / max(1, sum(row.pairs for row in rows if row.same))


def lines(rows: Sequence[Figures]) -> Iterator[str]:
    """A line for each kind, and one for all."""
    yield f"{'pairs of one paper':<46} {'pairs':>6} {'recall':>7} {'precision':>9}"
    for row in (row for row in rows if row.same and row.pairs):
        yield f"{row.kind:<46} {row.pairs:>6} {row.recall:>7.1%} {precision([row]):>9.1%}"
    yield f"\n{'pairs of two papers':<46} {'pairs':>6} {'joined':>7} {'others':>7}"
    for row in (row for row in rows if not row.same and row.pairs):
        yield f"{row.kind:<46} {row.pairs:>6} {row.joined / row.pairs:>7.1%} {row.strangers:>7}"
    yield f"\nprecision {precision(rows):.2%}, recall {recall(rows):.2%}"


def markdown(rows: Sequence[Figures], papers: int, seeds: int) -> str:
    """The table to keep."""
    head = f"# One paper once\n\nPairs made from {papers} papers, {seeds} times with other chance.\n"
    same = [
        f"| {row.kind} | {row.pairs} | {row.recall:.1%} | {precision([row]):.1%} |"
        for row in rows
        if row.recall is not None
    ]
    two = [
        f"| {row.kind} | {row.pairs} | {row.joined / row.pairs:.1%} | {row.strangers} |"
        for row in rows
        if row.pairs and not row.same
    ]
    return "\n".join(
        [
            head,
            "| pairs of one paper | pairs | recall | precision |\n|---|---|---|---|",
            *same,
            "\n| pairs of two papers | pairs | joined | other papers joined |\n|---|---|---|---|",
            *two,
            f"\nAll together: precision {precision(rows):.2%}, recall {recall(rows):.2%}.\n",
        ]
    )


def main() -> None:
    options = _options()
    papers = papers_of(options.corpus)
    rows = []
    for kind in (kind for kind in KINDS if options.only in kind.name):
        judged = [judge(papers, kind, seed) for seed in range(options.first, options.first + options.seeds)]
        rows.append(total([figures for figures, _ in judged], kind.name))
        if options.each:
            _show_wrong(kind, [pair for _, pairs in judged for pair in pairs])
    if options.results:
        options.results.write_text(markdown(rows, len(papers), options.seeds), encoding="utf-8")
    if options.json:
        for row in rows:
            print(json.dumps(asdict(row)))
    else:
        print("\n".join(lines(rows)))


def _show_wrong(kind: Kind, pairs: Sequence[tuple[Document, Document]]) -> None:
    for one, other in pairs:
        facts = [(d.title, d.authors[:3], d.year, d.doi, len(d.text())) for d in (one, other)]
        print(f"{kind.name}: {facts[0]}\n    {facts[1]}")


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--corpus", type=Path, default=SAMPLES)
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--first", type=int, default=0, help="the first seed")
    parser.add_argument("--only", default="")
    parser.add_argument("--each", action="store_true")
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--results", type=Path)
    return parser.parse_args()


if __name__ == "__main__":
    main()
