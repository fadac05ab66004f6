"""Footnote's embedder beside Chroma's own, bare onnxruntime and the processor, with the same weights.

Chroma is fed its model from our weights, in a temporary folder, so that nothing is downloaded.
"""

from __future__ import annotations

import os
import random
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import onnxruntime
from chromadb.utils.embedding_functions import DefaultEmbeddingFunction, ONNXMiniLM_L6_V2

from benchmarks.tables import Row
from benchmarks.timing import Times, in_turns, process, timed
from retrieval.embedding import Embedder, open_embedder
from retrieval.embedding.weights import Model, find_model
from retrieval.settings import RetrievalSettings

QUESTION = "which method learns depth from a single image without any labels"
PASSAGES, PASSAGE_WORDS = 200, 205  # common words of one token each: 207 tokens
FEW = 32  # passages for peers that are slow
SGEMM = """
import time, numpy, onnx, onnxruntime
from onnx import TensorProto, helper
square = numpy.random.default_rng(0).standard_normal((1024, 1024), numpy.float32)
values = [helper.make_tensor_value_info(name, TensorProto.FLOAT, [1024, 1024]) for name in "abc"]
graph = helper.make_graph([helper.make_node("MatMul", ["a", "b"], ["c"])], "g", values[:2], values[2:])
model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 20)], ir_version=10)
options = onnxruntime.SessionOptions()
options.intra_op_num_threads = 1
session = onnxruntime.InferenceSession(model.SerializeToString(), options)
def speed(multiply):
    start = time.process_time()
    for _ in range(10):
        multiply()
    return 10 * 2 * 1024**3 / (time.process_time() - start)
ways = (lambda: square @ square, lambda: session.run(None, {"a": square, "b": square}))
print(max(speed(way) for _ in range(5) for way in ways))
"""  # floating-point operations a CPU second, of one thread, by the faster of two libraries
LAYERS, HIDDEN = 6, 384
WORDS = [
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
]

Call = Callable[[], object]


def rows() -> Iterator[Row]:
    settings = RetrievalSettings.model_validate({})  # all comes from the environment
    embedder, model = open_embedder(settings), find_model(settings)
    with tempfile.TemporaryDirectory() as folder, _chroma(model, Path(folder)) as chroma:
        yield from _question(embedder, model, chroma)
        yield from _bulk(settings, model, chroma)


def _question(embedder: Embedder, model: Model, chroma: Any) -> Iterator[Row]:
    tokens = embedder.count_tokens(QUESTION)
    bare = _bare(model, tokens)
    quick = in_turns({"ours": lambda _: embedder.embed([QUESTION]), "bare": lambda _: bare()}, 100)
    slow = in_turns(
        {
            "ours": lambda _: embedder.embed([QUESTION]),
            "kept": lambda _: chroma([QUESTION]),
            "default": lambda _: DefaultEmbeddingFunction()([QUESTION]),
        },
        5,
        warm=1,
    )

    def row(peer: str, ours: Times, theirs: Times, reach: str) -> Row:
        name = f"a question of {tokens} tokens"
        return Row(name, str(ours), peer, str(theirs), ours.cpu50 / theirs.cpu50, reach, "ratio of cpu")

    yield row("Chroma's default embedder", slow["ours"], slow["default"], "<= 1/80")
    yield row("the same, instance kept", slow["ours"], slow["kept"], "")
    yield row("bare onnxruntime, tokens given", quick["ours"], quick["bare"], "<= 1.2")


def _bulk(settings: RetrievalSettings, model: Model, chroma: Any) -> Iterator[Row]:
    texts = _texts(PASSAGES)
    embedder = _with_onnxruntime(settings)
    tokens = embedder.count_tokens(texts[0])
    bare, name = _bare(model, tokens), f"passages of {tokens} tokens, a cpu second"
    ours = _rate(lambda: embedder.embed(texts), PASSAGES)
    peers: list[tuple[str, Call, str]] = [
        ("bare onnxruntime f32, one by one", lambda: [bare() for _ in range(FEW)], ""),
        ("Chroma's embedder, instance kept", lambda: chroma(texts[:FEW]), ""),
    ]
    transformers = _sentence_transformers(texts[:FEW])
    reach = ">= 1.2"
    if transformers:
        peers.append(("sentence-transformers on torch", transformers, reach))
    else:
        yield Row(name, f"{ours:.1f}", "sentence-transformers on torch", "not installed", None, reach)
    for peer, call, wanted in peers:
        rate = _rate(call, FEW)
        yield Row(name, f"{ours:.1f}", peer, f"{rate:.1f}", ours / rate, wanted, "Footnote with f32")
    limit = _limit(tokens)
    yield Row(name, f"{ours:.1f}", "f32 limit (large sgemm)", f"{limit:.1f}", ours / limit, ">= 0.6")
    other = open_embedder(settings)
    other.embed(texts)  # what is opened at the first use is open now
    if "openvino" not in sys.modules:
        yield Row(name, "no openvino, or no bf16", "Footnote with f32", f"{ours:.1f}", None, ">= 2.5")
        return
    rate = _rate(lambda: other.embed(texts), PASSAGES)
    cosine = float(np.min(np.sum(embedder.embed(texts) * other.embed(texts), axis=1)))
    remark = f"openvino; least cosine to f32 {cosine:.5f}"
    yield Row(name, f"{rate:.1f}", "Footnote with f32", f"{ours:.1f}", rate / ours, ">= 2.5", remark)


def _with_onnxruntime(settings: RetrievalSettings) -> Embedder:
    """An embedder that has found no openvino."""
    kept = sys.modules.pop("openvino", None)
    sys.modules["openvino"] = None  # type: ignore[assignment]
    try:
        embedder = open_embedder(settings)
        embedder.embed(_texts(PASSAGES))
    finally:
        del sys.modules["openvino"]
        if kept:
            sys.modules["openvino"] = kept
    return embedder


def _rate(call: Call, count: int) -> float:
    """Texts a CPU second, the better of two runs."""
    return max(count / timed(call)[2] for _ in range(2))


def _limit(tokens: int) -> float:
    """Passages a CPU second, were there nothing but matrix products at the speed of large ones."""
    printed, _, _ = process(["-c", SGEMM], {**os.environ, "OPENBLAS_NUM_THREADS": "1"})
    linear = 2 * 12 * HIDDEN**2 * tokens  # 4 projections, and 2 layers of 4 times the width
    attention = 2 * 2 * HIDDEN * tokens**2
    return float(printed) / (LAYERS * (linear + attention))


def _sentence_transformers(texts: list[str]) -> Call | None:
    try:
        from sentence_transformers import SentenceTransformer
    except ImportError:
        return None
    from retrieval.embedding.weights import package_folder

    model = SentenceTransformer(str(package_folder()), device="cpu")
    return lambda: model.encode(texts, batch_size=32)


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
