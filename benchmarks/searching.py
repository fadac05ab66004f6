"""A whole hybrid search beside LangChain's ensemble of BM25 and Chroma, on the same passages and vectors."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from benchmarks.libraries import Chroma, Ready, questions, reading
from benchmarks.synthetic import Synthetic
from benchmarks.tables import Row
from benchmarks.timing import in_turns
from retrieval.library import Library

TOP = 8
TIMES = 100
PEER_TIMES = 30  # it is slow


def rows(made: Synthetic, library: Library, peer: Chroma) -> Iterator[Row]:
    reading(made, library)
    asked = questions(made)
    ours = in_turns({"ours": lambda n: library.search(asked[n], limit=TOP)}, TIMES)["ours"]
    name = f"{made.size:,} passages, whole search, 8 passages"
    mine = f"p50 {ours.p50:.1f} ms, p99 {ours.p99:.1f} ms"
    try:
        ensemble = _ensemble(made, peer)
    except ImportError as error:
        yield Row(name, mine, "LangChain, BM25 and Chroma", f"not installed: {error.name}", None, "<= 1/10")
        return
    both = in_turns(
        {"ours": lambda n: library.search(asked[n], limit=TOP), "peer": lambda n: ensemble(asked[n])},
        PEER_TIMES,
    )
    remark = "the question's vector is ready on both sides"
    theirs = both["peer"]
    ratio = both["ours"].p50 / theirs.p50
    yield Row(name, mine, "LangChain, BM25 and Chroma", f"p50 {theirs.p50:.0f} ms", ratio, "<= 1/10", remark)
    yield Row("", "", "", f"p99 {theirs.p99:.0f} ms", ours.p99 / theirs.p99, "<= 1/5", "p99")


def _ensemble(made: Synthetic, peer: Chroma) -> Callable[[str], Any]:
    from langchain_chroma import Chroma as Store
    from langchain_classic.retrievers import EnsembleRetriever
    from langchain_community.retrievers import BM25Retriever

    store = Store(client=peer.client, collection_name=peer.collection.name, embedding_function=Ready(made))
    texts = [chunk.text for record in made.records() for chunk in record.chunks]
    words = BM25Retriever.from_texts(texts, k=TOP)
    both = EnsembleRetriever(
        retrievers=[words, store.as_retriever(search_kwargs={"k": TOP})], weights=[0.5, 0.5]
    )
    return lambda question: both.invoke(question)[:TOP]
