"""Whole commands of ingest beside LangChain filling Chroma from the same files, each in a process of its own.

python -m benchmarks.ingesting ours|theirs real|stub FOLDER DATA
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from benchmarks.synthetic import DIMENSIONS, Synthetic
from benchmarks.tables import Row
from benchmarks.timing import process
from retrieval.settings import RetrievalSettings

CHARACTERS, OVERLAP = 1000, 200  # of LangChain's splitter, as its tutorials have it
BATCH = 32  # texts, padded to the longest: what its Hugging Face embedder does by default
SENTENCE = 20  # words
PEER = "LangChain with Chroma"


REACH = {"f32": "<= 1/1.2", "bf16": "<= 1/2.5", "stub": "<= 1/5"}
NAMES = {
    "f32": "all-MiniLM-L6-v2",
    "bf16": "all-MiniLM-L6-v2 in bf16",
    "stub": "an embedder that costs nothing",
}


def rows(folders: dict[str, tuple[Path, bool]], work: Path) -> Iterator[Row]:
    """Rows for each folder, by what it holds: with the real embedder (where True) and with a stub."""
    for name, (folder, real) in folders.items():
        theirs: dict[str, Any] = {}
        for kind in ("f32", "bf16", "stub") if real else ("stub",):
            if kind == "bf16" and find_spec("openvino") is None:
                continue
            data = work / f"ingest-{name.replace(' ', '-')}-{kind}"
            ours = _run("ours", kind, folder, data / "ours")
            if kind == "bf16" and "openvino" not in ours["note"]:
                continue  # of no use on this processor
            if kind != "bf16":
                theirs = _peer(kind, folder, data / "theirs")
            ratio = ours["cpu"] / theirs["cpu"] if "cpu" in theirs else None
            yield Row(
                f"ingest of {name}, {NAMES[kind]}",
                f"{ours['cpu']:.1f} cpu-s, {ours['passages']} passages",
                PEER,
                f"{theirs['cpu']:.1f} cpu-s, {theirs['passages']} passages" if ratio else theirs["note"],
                ratio,
                REACH[kind],
                ours["note"],
            )


def _peer(kind: str, folder: Path, data: Path) -> dict[str, Any]:
    try:
        return _run("theirs", kind, folder, data)
    except subprocess.CalledProcessError as error:
        return {"note": str(error.stderr).strip().splitlines()[-1][:60]}


def _run(who: str, kind: str, folder: Path, data: Path) -> dict[str, Any]:
    environment = {**os.environ, "FOOTNOTE_DATA": str(data), "PYTHONPATH": os.pathsep.join(sys.path)}
    printed, _, cpu = process(["-m", "benchmarks.ingesting", who, kind, str(folder), str(data)], environment)
    return {**json.loads(printed.splitlines()[-1]), "cpu": cpu}


def write_records(made: Synthetic, folder: Path, count: int) -> Path:
    """A folder with one file of `count` records: title, authors, year, venue, an abstract of 200 words."""
    folder.mkdir(parents=True)
    with (folder / "records.jsonl").open("w", encoding="utf-8") as file:
        for number in range(count):
            paper, words = made.paper(number), made.words(number, 200).split()
            sentences = [" ".join(words[at : at + SENTENCE]) for at in range(0, len(words), SENTENCE)]
            record = {
                "id": paper.id,
                "title": paper.title,
                "authors": paper.authors,
                "year": paper.year,
                "venue": paper.venue,
                "abstract": " ".join(sentence.capitalize() + "." for sentence in sentences),
            }
            file.write(json.dumps(record) + "\n")
    return folder


class Stub:
    """An embedder that costs nothing."""

    name, dimensions, max_tokens = "stub", DIMENSIONS, 256

    def count_tokens(self, text: str) -> int:
        return 2 + len(text) // 6

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        random = np.random.default_rng(len(texts))
        rows = random.standard_normal((len(texts), DIMENSIONS), np.float32)
        return np.asarray(rows / np.linalg.norm(rows, axis=1, keepdims=True), np.float32)

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        made: list[list[float]] = self.embed(texts).tolist()
        return made


class Plain:
    """all-MiniLM-L6-v2 on bare onnxruntime in batches as they come."""

    def __init__(self, settings: RetrievalSettings) -> None:
        import onnxruntime
        from tokenizers import Tokenizer

        from retrieval.embedding.weights import find_model

        model = find_model(settings)
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1
        self._session = onnxruntime.InferenceSession(
            str(model.onnx), options, providers=["CPUExecutionProvider"]
        )
        self._tokenizer = Tokenizer.from_file(str(model.tokenizer))
        self._tokenizer.enable_truncation(model.max_tokens)
        self._tokenizer.enable_padding()

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        found: list[list[float]] = []
        for start in range(0, len(texts), BATCH):
            encoded = self._tokenizer.encode_batch(texts[start : start + BATCH])
            feed = {
                "input_ids": np.array([one.ids for one in encoded]),
                "attention_mask": np.array([one.attention_mask for one in encoded]),
            }
            found += self._session.run(None, feed)[0].tolist()
        return found


def _ours(kind: str, folder: Path) -> dict[str, object]:
    from retrieval.embedding import embedder_when_needed
    from retrieval.library import Library

    if kind == "f32":
        sys.modules["openvino"] = None  # type: ignore[assignment]
    settings = RetrievalSettings.model_validate({})
    embedder = Stub() if kind == "stub" else embedder_when_needed(settings)
    with Library.open(settings, writable=True, create=True, embedder=embedder) as library:
        report = library.ingest([folder])
    note = f"{report.embedded} texts embedded"
    if kind == "bf16" and "openvino" in sys.modules:
        note += " by openvino"
    return {"passages": report.passages, "note": note}


def _theirs(kind: str, folder: Path, data: Path) -> dict[str, object]:
    from langchain_chroma import Chroma
    from langchain_core.documents import Document
    from langchain_text_splitters import RecursiveCharacterTextSplitter

    documents = [
        Document(text, metadata={"source": file.name, **facts})
        for file in sorted(folder.iterdir())
        for text, facts in _texts(file)
    ]
    pieces = RecursiveCharacterTextSplitter(chunk_size=CHARACTERS, chunk_overlap=OVERLAP).split_documents(
        documents
    )
    embedder: Any = Stub() if kind == "stub" else Plain(RetrievalSettings.model_validate({}))
    store = Chroma(
        embedding_function=embedder,
        persist_directory=str(data),
        collection_configuration={"hnsw": {"space": "cosine"}},
    )
    for start in range(0, len(pieces), 1000):
        store.add_documents(pieces[start : start + 1000])
    return {"passages": len(pieces), "note": ""}


def _texts(file: Path) -> Iterator[tuple[str, dict[str, Any]]]:
    text = file.read_text("utf-8", errors="replace")
    if file.suffix != ".jsonl":
        yield text, {}
        return
    for line in text.splitlines():
        record = json.loads(line)
        facts = {name: record[name] for name in ("title", "year", "venue") if record.get(name)}
        yield str(record.get("abstract") or record.get("summary") or ""), facts


if __name__ == "__main__":
    who, kind, folder, data = sys.argv[1:]
    print(json.dumps(_ours(kind, Path(folder)) if who == "ours" else _theirs(kind, Path(folder), Path(data))))
