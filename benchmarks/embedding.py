"""Footnote's embedder beside Chroma's own and beside bare onnxruntime, with the same weights, in one run.

    python benchmarks/embedding.py

Wall times depend on what else the machine does; the ratios of one run hold better. Needs the weights
(`make install`). Chroma is fed its model from them, in a temporary folder, so that nothing is downloaded.
"""

from __future__ import annotations

import random
import shutil
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import onnxruntime
from chromadb.utils.embedding_functions import DefaultEmbeddingFunction, ONNXMiniLM_L6_V2
from rich.console import Console
from rich.table import Table

from retrieval.embedding import Embedder, open_embedder
from retrieval.embedding.weights import Model, find_model, package_folder
from retrieval.settings import RetrievalSettings

QUESTION = "which method learns depth from a single image without any labels"
PASSAGES, PASSAGE_WORDS = 200, 205  # common words of one token each: 207 tokens
CHROMA_PASSAGES = 32  # it is slow
WORDS = (
    "the",
    "model",
    "learns",
    "image",
    "depth",
    "from",
    "a",
    "video",
    "with",
    "points",
    "in",
    "each",
    "scene",
)

Call = Callable[[], object]


def main() -> None:
    """Print one table."""
    settings = RetrievalSettings.model_validate({})  # all comes from the environment
    embedder, model = open_embedder(settings), find_model(settings)
    with tempfile.TemporaryDirectory() as folder, _chroma(model, Path(folder)) as chroma:
        question = [
            ("Footnote", lambda: embedder.embed([QUESTION]), 100),
            ("bare onnxruntime, tokens given", _bare(model, embedder.count_tokens(QUESTION)), 100),
            ("Chroma, instance kept", lambda: chroma([QUESTION]), 10),
            ("Chroma, as it comes", lambda: DefaultEmbeddingFunction()([QUESTION]), 5),
        ]
        difference = np.abs(np.asarray(chroma([QUESTION])) - embedder.embed([QUESTION])).max()
        console = Console()
        console.print(_questions(question, embedder.count_tokens(QUESTION)))
        console.print(_passages(embedder, model, chroma))
        console.print(f"Largest difference between Footnote's and Chroma's numbers: {difference:.1e}")


def _questions(rows: list[tuple[str, Call, int]], tokens: int) -> Table:
    table = Table(f"one question of {tokens} tokens", "median ms", "cpu ms", "against Footnote")
    first = 0.0
    for name, call, times in rows:
        call()
        wall, cpu = zip(*(_timed(call) for _ in range(times)), strict=True)
        middle = statistics.median(wall)
        first = first or middle
        cpu_ms = 1000 * statistics.median(cpu)
        table.add_row(name, f"{1000 * middle:.2f}", f"{cpu_ms:.2f}", f"{middle / first:.2f} x the time")
    return table


def _passages(embedder: Embedder, model: Model, chroma: Any) -> Table:
    texts = _texts(PASSAGES)
    tokens = embedder.count_tokens(texts[0])
    bare = _bare(model, tokens)
    rows: list[tuple[str, Call, int]] = [
        ("Footnote, all cores", lambda: embedder.embed(texts), PASSAGES),
        ("bare onnxruntime, one core", lambda: [bare() for _ in texts], PASSAGES),
        ("Chroma, instance kept", lambda: chroma(texts[:CHROMA_PASSAGES]), CHROMA_PASSAGES),
    ]
    table = Table(f"passages of {tokens} tokens", "a second", "a cpu second", "against Footnote")
    first = 0.0
    for name, call, count in rows:
        wall, cpu = min(_timed(call) for _ in range(2))
        first = first or count / wall
        ratio = f"{count / wall / first:.2f} x the speed"
        table.add_row(name, f"{count / wall:.1f}", f"{count / cpu:.1f}", ratio)
    return table


def _timed(call: Call) -> tuple[float, float]:
    """Wall and CPU seconds."""
    wall, cpu = time.perf_counter(), time.process_time()
    call()
    return time.perf_counter() - wall, time.process_time() - cpu


def _texts(count: int) -> list[str]:
    random.seed(0)
    return [" ".join(random.choices(WORDS, k=PASSAGE_WORDS)) for _ in range(count)]


def _bare(model: Model, tokens: int) -> Call:
    """The model alone on one thread, without a tokenizer: the least that this runtime can take."""
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    session = onnxruntime.InferenceSession(str(model.onnx), options, providers=["CPUExecutionProvider"])
    ids = np.random.default_rng(0).integers(1000, 30000, (1, tokens))
    feed = {"input_ids": ids, "attention_mask": np.ones_like(ids)}
    return lambda: session.run(None, feed)


@contextmanager
def _chroma(model: Model, folder: Path) -> Iterator[ONNXMiniLM_L6_V2]:
    """Chroma's embedding function on our weights; its class looks into one fixed folder, moved meanwhile."""
    files = folder / ONNXMiniLM_L6_V2.EXTRACTED_FOLDER_NAME
    files.mkdir()
    onnx.save(_with_token_states(onnx.load(model.onnx)), files / "model.onnx")
    for name in ("config.json", "special_tokens_map.json", "tokenizer_config.json", "vocab.txt"):
        (files / name).touch()  # Chroma wants them there and does not read them
    shutil.copy(model.tokenizer, files / "tokenizer.json")
    kept, ONNXMiniLM_L6_V2.DOWNLOAD_PATH = ONNXMiniLM_L6_V2.DOWNLOAD_PATH, folder
    try:
        yield ONNXMiniLM_L6_V2()
    finally:
        ONNXMiniLM_L6_V2.DOWNLOAD_PATH = kept


def _with_token_states(model: Any) -> Any:
    """The graph without its pooling, with the third input that Chroma feeds."""
    states = [node for node in model.graph.node if node.op_type == "Reshape"][-1].output[0]
    del model.graph.output[:]
    model.graph.output.append(onnx.helper.make_tensor_value_info(states, onnx.TensorProto.FLOAT, None))
    third = onnx.helper.make_tensor_value_info("token_type_ids", onnx.TensorProto.INT64, ["batch", "length"])
    model.graph.input.append(third)
    return model


if __name__ == "__main__":
    if package_folder() is None:
        raise SystemExit("The weights are not installed: make install.")
    main()
