"""Both indexes anew, for another embedder or from the ground up, while the old ones are read.

What takes long is done beside them: texts are embedded into the catalogue, where readers do not look, and the
new indexes are filled in folders of their own. Then one transaction puts the papers, the folders and the
recipe in place of the old, and readers open what it names. Killed before, it has changed nothing that anybody
sees, and the next run embeds only what is left.
"""

from __future__ import annotations

from pathlib import Path

from retrieval import ingest
from retrieval.catalogue import PaperRecord
from retrieval.files import Progress
from retrieval.ingest import Indexes, Wanted, batches, changes, told_apart
from retrieval.lexical_index import LexicalIndex
from retrieval.models import IngestProgress
from retrieval.opening import VECTORS, WORDS, free_folder


def rebuild(indexes: Indexes, data: Path, progress: Progress) -> int:
    """Make all papers anew from the sources. Returns the number of texts that were embedded.

    The folders of the old indexes stay for those who read them, until the library is opened to be changed.
    """
    catalogue, embedder = indexes.catalogue, indexes.embedder
    recipe = ingest.recipe_of(embedder)
    wanted, near = told_apart(catalogue, recipe)
    vectors = indexes.vectors.beside(free_folder(catalogue, data, VECTORS))
    words = LexicalIndex(free_folder(catalogue, data, WORDS))
    try:
        embedded = _fill(Indexes(catalogue, vectors, words, embedder), wanted, progress)
    finally:
        vectors.close()
    catalogue.replace_papers(
        (ingest.records_of(batch, embedder)[0] for batch in batches(changes(catalogue, wanted))),
        **{VECTORS: vectors.folder.name, WORDS: words.folder.name},
        recipe=recipe,
        pending="0",
        open="1",  # until who did it closes the library: then every vector is compared
    )
    indexes.vectors.reopen(vectors.folder)
    indexes.words.reopen(words.folder)
    catalogue.put_near(near)
    catalogue.drop_unused_embeddings()
    return embedded


def _fill(fresh: Indexes, wanted: list[Wanted], progress: Progress) -> int:
    """Embed what is not, and put all of it into the new indexes."""
    done = embedded = 0
    waiting: list[PaperRecord] = []
    for number, batch in enumerate(batches(changes(fresh.catalogue, wanted)), 1):
        progress(IngestProgress("embedding", done, len(wanted)))
        records, new = ingest.embedded_records(fresh, batch)
        waiting += records
        embedded += new
        done += len(batch)
        if number % ingest.BATCHES_WRITTEN == 0 or done == len(wanted):
            ingest.put(fresh, waiting)
            waiting = []
    progress(IngestProgress("embedding", done, len(wanted)))
    return embedded
