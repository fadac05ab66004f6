"""Files -> catalogue and indexes. Repeatable, resumable, bounded.

Two steps, and each can be killed at any point and run again:

1. `files.read_changes` makes the catalogue's `sources` match the files, a file a transaction.
2. `settle` makes `papers`, `chunks` and the indexes match the sources, some papers a transaction: first the
   new vectors and words go into the indexes, where readers drop ids that the catalogue does not know; then
   the catalogue moves in one transaction; then stale ids leave the indexes.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from itertools import islice

from retrieval import analysis, chunking
from retrieval.allocator import give_back
from retrieval.catalogue import Catalogue, PaperRecord, vector_id
from retrieval.decided import said_of
from retrieval.embedding import Embedder
from retrieval.errors import IndexMismatch
from retrieval.files import Progress
from retrieval.fingerprints import digest as digest_of
from retrieval.identity import identify, merge, paper_id, versions
from retrieval.lexical_index import Entry, LexicalIndex
from retrieval.models import Chunk, Document, IngestProgress, Paper
from retrieval.vector_index import VectorIndex

KEYWORDS = frozenset(("keywords", "keyword", "tags", "subjects", "topics"))
"""Columns of a record whose words are searched though no field of a paper holds them."""

CHUNKS_AT_A_TIME = 128
"""Chunks that are embedded together: some seconds of work, which is what a crash can cost."""

BATCHES_WRITTEN = 16
"""Batches of embedded chunks that go into the indexes together: each commit costs, however small it is."""


@dataclass(frozen=True, slots=True)
class Indexes:
    """Everything that is written to."""

    catalogue: Catalogue
    vectors: VectorIndex
    words: LexicalIndex
    embedder: Embedder


def settle(indexes: Indexes, progress: Progress) -> int:
    """Make papers and indexes match the sources. Returns the number of texts that were embedded.

    What is held of all papers at once are the traits that tell them apart, never their texts: these are read
    once to identify the papers, and those that changed once more to be written, some at a time.
    """
    catalogue = indexes.catalogue
    recipe = recipe_of(indexes.embedder)
    if catalogue.get("pending") != "1" and catalogue.get("recipe") == recipe:
        return 0
    wanted, near = told_apart(catalogue, recipe)
    give_back()
    known = catalogue.digests()
    changed = [one for one in wanted if known.get(one.paper_id) != one.digest]
    embedded = _write(indexes, changed, known.keys() - {one.paper_id for one in wanted}, progress)
    catalogue.drop_unused_embeddings()
    catalogue.put_near(near)
    catalogue.put(pending="0", recipe=recipe)
    return embedded


@dataclass(frozen=True, slots=True)
class Wanted:
    """A paper that there is to be: its sources, the fullest text first, and what tells whether it changed."""

    paper_id: str
    sources: tuple[str, ...]
    digest: str


def told_apart(catalogue: Catalogue, recipe: str) -> tuple[list[Wanted], list[tuple[str, str, str]]]:
    """The papers that the sources make, and pairs of sources that may be one paper, with the reason."""
    digests = dict(catalogue.sources())
    identified = identify(catalogue.documents(list(digests)), said_of(catalogue, digests.keys()))
    near = [(near.one, near.other, near.reason) for near in identified.near]
    wanted = [_wanted(members, recipe, digests) for members in identified.groups]
    return wanted, near


def _wanted(members: Sequence[Document], recipe: str, digests: Mapping[str, str]) -> Wanted:
    found = versions(members) if len(members) > 1 else ()
    sources = tuple(document.source for document in members)
    said = (repr(found),) if found else ()
    return Wanted(paper_id(sources), sources, digest_of(recipe, *said, *(digests[one] for one in sources)))


@dataclass(frozen=True, slots=True)
class Change:
    """A paper that has to be written."""

    paper: Paper
    digest: str
    chunks: tuple[Chunk, ...]


def changes(catalogue: Catalogue, changed: Sequence[Wanted]) -> Iterator[Change]:
    """The papers with their texts, one after the other."""
    documents = catalogue.documents([source for one in changed for source in one.sources])
    for one in changed:
        members = tuple(islice(documents, len(one.sources)))
        paper = merge(members)
        yield Change(paper, one.digest, _chunks(members, paper))


def _chunks(documents: Sequence[Document], paper: Paper) -> tuple[Chunk, ...]:
    """The chunks of a paper: of its best source, which says what the others say, and its card.

    A label is no title, so a paper that only has one needs no card.
    """
    best = documents[0]
    chunks = chunking.chunks_of(best, paper)
    if not (paper.title_is_label and chunks):
        chunks.append(chunking.card_of(best, paper))
    return tuple({chunk.id: chunk for chunk in chunks}.values())


def _write(indexes: Indexes, changed: Sequence[Wanted], gone: AbstractSet[str], progress: Progress) -> int:
    """Write what changed and drop what is gone. Returns the number of texts that were embedded."""
    owner = indexes.catalogue.owners(gone)
    done = embedded = 0
    left = set(gone)
    waiting: list[PaperRecord] = []
    for number, batch in enumerate(batches(changes(indexes.catalogue, changed)), 1):
        progress(IngestProgress("embedding", done, len(changed)))
        records, new = embedded_records(indexes, batch)
        waiting += records
        embedded += new
        done += len(batch)
        if number % BATCHES_WRITTEN and done < len(changed):
            continue
        # A paper leaves in the transaction in which the paper comes that its sources belong to now.
        replaced = left & {owner.get(source, "") for record in waiting for source in record.paper.sources}
        _commit(indexes, waiting, replaced)
        left -= replaced
        waiting = []
    if left:
        _commit(indexes, [], left)
    progress(IngestProgress("embedding", done, len(changed)))
    return embedded


def batches(changes: Iterable[Change]) -> Iterator[list[Change]]:
    """Changes in turn, of CHUNKS_AT_A_TIME chunks and a few more."""
    batch: list[Change] = []
    size = 0
    for change in changes:
        batch.append(change)
        size += len(change.chunks)
        if size >= CHUNKS_AT_A_TIME:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch


def embedded_records(indexes: Indexes, batch: Sequence[Change]) -> tuple[list[PaperRecord], int]:
    """The batch with the keys of its embeddings, which the catalogue holds afterwards; how many are new."""
    records, texts = records_of(batch, indexes.embedder)
    known = indexes.catalogue.known_keys(list(texts))
    new = [key for key in texts if key not in known]
    vectors = indexes.embedder.embed([texts[key] for key in new])
    indexes.catalogue.add_embeddings(dict(zip(new, vectors, strict=True)))
    return records, len(new)


def records_of(batch: Sequence[Change], embedder: Embedder) -> tuple[list[PaperRecord], dict[str, str]]:
    """The batch with the keys of its embeddings, and the text of each key. Embeds nothing."""
    texts: dict[str, str] = {}
    records = []
    for change in batch:
        keys = []
        title = "" if change.paper.title_is_label else change.paper.title
        for chunk in change.chunks:
            parts = chunking.texts_to_embed(chunk, title, embedder.count_tokens, embedder.max_tokens)
            named = {digest_of(embedder.name, part): part for part in parts}
            texts.update(named)
            keys.append(tuple(named))
        records.append(PaperRecord(change.paper, change.digest, change.chunks, tuple(keys)))
    return records, texts


def _commit(indexes: Indexes, records: Sequence[PaperRecord], gone: Iterable[str]) -> None:
    put(indexes, records)
    stale_vectors, stale_chunks = indexes.catalogue.write_papers(records, gone)
    indexes.vectors.drop(stale_vectors)
    if stale_chunks:
        indexes.words.change(drop=stale_chunks)


def put(indexes: Indexes, records: Sequence[PaperRecord]) -> None:
    """The records into both indexes; their embeddings are in the catalogue."""
    keys = {
        vector_id(chunk.id, part): key
        for record in records
        for chunk, of_chunk in zip(record.chunks, record.keys, strict=True)
        for part, key in enumerate(of_chunk)
    }
    vectors = indexes.catalogue.embeddings(list(set(keys.values())))
    indexes.vectors.put({name: vectors[key] for name, key in keys.items()})
    give_back()
    indexes.words.change(add=[entry(chunk, record.paper) for record in records for chunk in record.chunks])
    give_back()


def entry(chunk: Chunk, paper: Paper) -> Entry:
    """What the lexical index sees of a chunk."""
    title = "" if paper.title_is_label else paper.title
    keywords = " ".join(value for name, value in paper.extra if name.lower() in KEYWORDS)
    return Entry(
        id=chunk.id,
        paper_id=paper.id,
        title=title,
        authors=", ".join(paper.authors),
        body="\n".join((title, chunk.section, chunk.text, keywords)),
    )


def recipe_of(embedder: Embedder) -> str:
    """What an index was made with; one of another recipe is never searched."""
    return f"{chunking.RECIPE}.{analysis.RECIPE}/{embedder.name}"


def made_by(catalogue: Catalogue) -> str | None:
    """The name of the embedder that made the index; None where nothing was made yet."""
    made = catalogue.get("recipe")
    return made.partition("/")[2] if made else None


def check_recipe(catalogue: Catalogue, embedder: Embedder) -> None:
    """Remember the recipe of a new library. Raises IndexMismatch for one of another embedder.

    One that an older version cut otherwise, with the same embedder, serves until the next `settle` has made
    its papers anew, some at a time.
    """
    wanted, made = recipe_of(embedder), catalogue.get("recipe")
    if made is None:
        catalogue.put(recipe=wanted)
    elif (before := made.partition("/")[2]) != embedder.name:
        raise IndexMismatch(
            f"This library was indexed by {before}, and EMBEDDER is now {embedder.name}: these do not fit. "
            "Run `footnote ingest --rebuild` to index it anew (the old index answers meanwhile), or set "
            "EMBEDDER back."
        )
