"""The lexical index: tantivy, BM25 (k1 1.2, b .75), one entry a chunk. Derived from the catalogue."""

from __future__ import annotations

import json
import shutil
import zlib
from array import array
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache, wraps
from pathlib import Path
from typing import Any, ParamSpec, TypeVar

import numpy as np
from numpy.typing import NDArray
from rapidfuzz import process
from rapidfuzz.distance import OSA

from retrieval.analysis import STOP_WORDS, words
from retrieval.errors import RetrievalError, is_fault, unusable
from retrieval.read_only import Lend, itself

BOOSTS: Mapping[str, float] = {"body": 1.0, "title": 0.05, "authors": 0.6}
"""How much a word counts by where it stands. The body holds the title too, so a title word counts in both."""

SHORTEST_MENDED, TWO_ERRORS = 4, 8
"""Letters from which one typing error is forgiven, and two: a letter wrong, missing, too many, swapped."""

PIECES, TEXTS = 50_000, 2048
"""Pieces of text between spaces whose terms are remembered, and whole texts: some 15 MB together."""

_HEAP = 64_000_000  # bytes the writer may hold before it writes a segment


_PARTS = ("term", "idx", "pos", "store", "fast", "fieldnorm")
"""The files of a segment that end with a footer: JSON with a checksum, its length, and four bytes more."""

P = ParamSpec("P")
T = TypeVar("T")


def _translated(call: Callable[P, T]) -> Callable[P, T]:
    """What tantivy raises becomes ours. It raises what there is: ValueError, OSError, and panics."""

    @wraps(call)
    def translated(*args: P.args, **kwargs: P.kwargs) -> T:
        try:
            return call(*args, **kwargs)
        except RetrievalError:
            raise
        except BaseException as error:
            if not is_fault(error):
                raise
            raise unusable("lexical", error) from error

    return translated


@dataclass(frozen=True, slots=True)
class Entry:
    """What the index sees of one chunk."""

    id: str
    paper_id: str
    title: str
    authors: str
    body: str  # title, section and text


class LexicalIndex:
    """Chunks by their words. Thread-safe to search; one process writes."""

    def __init__(self, folder: Path, lend: Lend = itself) -> None:
        """Open, or create when the folder is empty. Raises IndexBroken, as every call does."""
        import tantivy

        self._lend = lend
        self._tantivy = tantivy
        self._analyzer = _analyzer(tantivy)
        self._numbers_of = _Numbers(self.stems)
        # Passages of the same papers are asked for again and again.
        self._numbers = lru_cache(maxsize=TEXTS)(self._numbered)
        self._folder = folder
        self._open()

    @_translated
    def _open(self) -> None:
        if self._lend is itself:
            self._folder.mkdir(parents=True, exist_ok=True)
        self._index = self._tantivy.Index(_schema(self._tantivy), str(self._lend(self._folder)))
        self._index.register_tokenizer("footnote", self._analyzer)
        self._searcher = self._index.searcher()

    @property
    def folder(self) -> Path:
        return self._folder

    @_translated
    def reopen(self, folder: Path | None = None) -> None:
        """See what was committed since, or the index in another folder."""
        if folder not in (None, self._folder) or self._lend is not itself:
            self._folder = folder or self._folder
            self._open()
            return
        self._index.reload()
        self._searcher = self._index.searcher()

    def damaged(self) -> tuple[str, ...]:
        """The names of files that do not hold what was written into them. Reads them all."""
        try:
            held = json.loads((self._folder / "meta.json").read_bytes())
            return tuple(name for name in _files_of(held) if not _whole(self._folder / name))
        except (OSError, ValueError, KeyError):
            return ("meta.json",)

    def count(self) -> int:
        return int(self._searcher.num_docs)

    @_translated
    def ids(self) -> set[str]:
        found = self._searcher.search(self._tantivy.Query.all_query(), max(1, self.count()))
        return {self._id(address) for _, address in found.hits}

    @_translated
    def change(self, add: Iterable[Entry] = (), drop: Iterable[str] = ()) -> None:
        """Drop and add entries in one commit. An entry whose id is here already is replaced."""
        writer = self._index.writer(_HEAP, 1)
        # A run that was killed while it committed leaves files that this commit would name just the same.
        writer.garbage_collect_files()
        for name in drop:
            writer.delete_documents_by_term("id", name)
        for entry in add:
            writer.delete_documents_by_term("id", entry.id)
            writer.add_document(self._document(entry))
        writer.commit()
        writer.wait_merging_threads()
        for name in ("meta.json", ".managed.json"):  # these alone it keeps for its own user
            shutil.copymode(self._folder / ".tantivy-writer.lock", self._folder / name)
        self.reopen()

    def terms(self, text: str) -> list[str]:
        """The terms of a question: stemmed, without stop words, each once, in order.

        A term that stands nowhere is taken for the one it is a typing error of, if there is one.
        """
        meant = (term if self.frequency(term) else self._meant(term) for term in self.stems(text))
        return list(dict.fromkeys(term for term in meant if term))

    def stems(self, text: str) -> list[str]:
        """The terms of a text in order, with repeats."""
        return list(self._analyzer.analyze(" ".join(words(text))))

    def numbers(self, text: str) -> NDArray[np.int64]:
        """The same with a number for each term, its hash in this process: many times as fast to count."""
        return self._numbers(text)

    def _numbered(self, text: str) -> NDArray[np.int64]:
        # No word goes across a space, so what stands between two has the same terms wherever it stands.
        return np.frombuffer(b"".join(map(self._numbers_of.__getitem__, text.split())), np.int64)

    @_translated
    def _meant(self, typed: str) -> str | None:
        """The term of the index that is nearest to one that is not in it; None for a mistyped stop word.

        The first letter is taken for right: people rarely get it wrong, and it keeps the search short.
        """
        if len(typed) < SHORTEST_MENDED or any(char.isdigit() for char in typed):
            return typed
        if process.extractOne(typed, STOP_WORDS, scorer=OSA.distance, score_cutoff=1):
            return None
        errors = 1 if len(typed) < TWO_ERRORS else 2
        known = dict(self._searcher.terms_with_prefix("body", typed[0]))
        near = process.extract(typed, known.keys(), scorer=OSA.distance, score_cutoff=errors, limit=None)
        best = min(near, key=lambda found: (found[1], -known[found[0]]), default=None)
        return best[0] if best else typed

    @_translated
    def frequency(self, term: str) -> int:
        """In how many chunks a term stands."""
        return int(self._searcher.doc_freq("body", term))

    def best(self, terms: Sequence[str], k: int, paper_ids: Sequence[str] | None = None) -> dict[str, float]:
        """The scores of the k best chunks, of the given papers only where any are given."""
        query = self._query(terms)
        if paper_ids is not None:
            query = self._within(query, "paper", paper_ids)
        return self._scores(query, k)

    def holding(
        self, spellings: Sequence[Sequence[str]], k: int, paper_ids: Sequence[str] | None = None
    ) -> dict[str, float]:
        """The scores of the k best chunks that hold all terms of one of `spellings`."""
        factory, occur, schema = self._tantivy.Query, self._tantivy.Occur, self._index.schema
        whole = [
            factory.boolean_query([(occur.Must, factory.term_query(schema, "body", term)) for term in terms])
            for terms in spellings
            if terms
        ]
        if not whole or paper_ids == []:
            return {}
        query = factory.boolean_query([(occur.Should, one) for one in whole])
        if paper_ids is not None:
            query = self._within(query, "paper", paper_ids)
        return self._scores(query, k)

    def scores(self, terms: Sequence[str], ids: Sequence[str]) -> dict[str, float]:
        """The scores of the chunks `ids`; a chunk without any of the words is left out."""
        return self._scores(self._within(self._query(terms), "id", ids), max(1, len(ids)))

    @_translated
    def _scores(self, query: Any, k: int) -> dict[str, float]:
        hits = self._searcher.search(query, k, count=False).hits
        return {self._id(address): float(score) for score, address in hits}

    def _id(self, address: Any) -> str:
        return str(self._searcher.doc(address).get_first("id"))

    def _query(self, terms: Sequence[str]) -> Any:
        query, occur = self._tantivy.Query, self._tantivy.Occur
        schema = self._index.schema
        return query.boolean_query(
            [
                (occur.Should, query.boost_query(query.term_query(schema, field, term), boost))
                for field, boost in BOOSTS.items()
                for term in terms
            ]
        )

    def _within(self, query: Any, field: str, values: Sequence[str]) -> Any:
        factory, must = self._tantivy.Query, self._tantivy.Occur.Must
        allowed = factory.term_set_query(self._index.schema, field, list(values))
        return factory.boolean_query([(must, query), (must, factory.const_score_query(allowed, 0.0))])

    def _document(self, entry: Entry) -> Any:
        return self._tantivy.Document(
            id=entry.id,
            paper=entry.paper_id,
            title=" ".join(words(entry.title)),
            authors=" ".join(words(entry.authors)),
            body=" ".join(words(entry.body)),
        )


class _Numbers(dict[str, bytes]):
    """The hashes of the terms of what stands between two spaces, as int64. Forgets all when it is full."""

    def __init__(self, stems: Callable[[str], Sequence[str]]) -> None:
        self._stems = stems

    def __missing__(self, piece: str) -> bytes:
        if len(self) >= PIECES:
            self.clear()
        self[piece] = made = array("q", map(hash, self._stems(piece))).tobytes()
        return made


def _schema(tantivy: Any) -> Any:
    builder = tantivy.SchemaBuilder()
    builder.add_text_field("id", stored=True, tokenizer_name="raw", index_option="basic")
    builder.add_text_field("paper", stored=False, tokenizer_name="raw", index_option="basic")
    for field in BOOSTS:
        builder.add_text_field(field, stored=False, tokenizer_name="footnote", index_option="freq")
    return builder.build()


def _analyzer(tantivy: Any) -> Any:
    steps = tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.whitespace())
    steps = steps.filter(tantivy.Filter.custom_stopword(sorted(STOP_WORDS)))
    return steps.filter(tantivy.Filter.stemmer("english")).build()


def _files_of(held: Any) -> Iterator[str]:
    """The files of the segments that `meta.json` names."""
    for segment in held["segments"]:
        name = str(segment["segment_id"]).replace("-", "")
        yield from (f"{name}.{part}" for part in _PARTS)
        if segment["deletes"]:
            yield f"{name}.{segment['deletes']['opstamp']}.del"


def _whole(file: Path) -> bool:
    """Whether a file of a segment still has the checksum in its footer."""
    try:
        data = file.read_bytes()
        end = len(data) - 8
        start = end - int.from_bytes(data[end : end + 4], "little")
        return bool(zlib.crc32(memoryview(data)[:start]) == json.loads(data[start:end])["crc"])
    except (OSError, ValueError, KeyError):
        return False
