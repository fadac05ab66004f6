"""Footnote's embedder beside Chroma's own, bare onnxruntime, torch and the processor, with the same weights.

Chroma is fed its model from our weights, in a temporary folder, so that nothing is downloaded.
"""

from __future__ import annotations

import os
import random
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import onnxruntime
from chromadb.utils.embedding_functions import DefaultEmbeddingFunction, ONNXMiniLM_L6_V2
from numpy.typing import NDArray

from benchmarks.sides import Calls, Side
from benchmarks.tables import Row
from benchmarks.timing import process, timed, turns
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
BGEMM = """
import time, numpy, openvino
from openvino import opset13
square = numpy.random.default_rng(0).standard_normal((1024, 1024), numpy.float32)
given = opset13.parameter([1024, 1024], numpy.float32)
product = openvino.Model([opset13.matmul(given, opset13.constant(square), False, False)], [given])
settings = {"INFERENCE_PRECISION_HINT": "bf16", "INFERENCE_NUM_THREADS": 1, "NUM_STREAMS": 1}
request = openvino.Core().compile_model(product, "CPU", settings).create_infer_request()
def speed():
    start = time.process_time()
    for _ in range(10):
        request.infer([square])
    return 10 * 2 * 1024**3 / (time.process_time() - start)
print(max(speed() for _ in range(5)))
"""  # the same in bf16
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
    yield from _question(open_embedder(settings).count_tokens(QUESTION))
    model = find_model(settings)
    with tempfile.TemporaryDirectory() as folder, _chroma(model, Path(folder)) as chroma:
        yield from _bulk(settings, model, chroma)


PEERS = (
    ("Chroma's default embedder", "default", "<= 1/80", 10),
    ("the same, instance kept", "kept", "", 20),
    ("bare onnxruntime, tokens given", "bare", "<= 1.2", 100),
)
"""Peers at one question: the name, of `_asked`, what is to be reached, and how often it is asked."""


def _question(tokens: int) -> Iterator[Row]:
    with ExitStack() as stack:
        ours = stack.enter_context(Side(_asked, "ours", tokens))
        for peer, who, reach, times in PEERS:
            theirs = stack.enter_context(Side(_asked, who, tokens))
            found, _ = turns({"ours": ours.clocked("ask"), "peer": theirs.clocked("ask")}, times)
            ratio = found["ours"].cpu50 / found["peer"].cpu50
            name = f"a question of {tokens} tokens"
            yield Row(name, str(found["ours"]), peer, str(found["peer"]), ratio, reach, "ratio of cpu")


@contextmanager
def _asked(who: str, tokens: int) -> Iterator[Calls]:
    """The question through Footnote's embedder, one of Chroma's, or the bare model."""
    settings = RetrievalSettings.model_validate({})
    model = find_model(settings)
    with tempfile.TemporaryDirectory() as folder, _chroma(model, Path(folder)) as kept:
        made: dict[str, Callable[[], Call]] = {
            "ours": lambda: partial(open_embedder(settings).embed, [QUESTION]),
            "default": lambda: lambda: DefaultEmbeddingFunction()([QUESTION]),
            "kept": lambda: partial(kept, [QUESTION]),
            "bare": lambda: _bare(model, tokens),
        }
        call = made[who]()
        yield {"ask": lambda _: call()}


def _bulk(settings: RetrievalSettings, model: Model, chroma: Any) -> Iterator[Row]:
    texts = _texts(PASSAGES)
    embedder = _with_onnxruntime(settings)
    tokens = embedder.count_tokens(texts[0])
    bare, name = _bare(model, tokens), f"passages of {tokens} tokens, a cpu second"
    peers: list[tuple[str, Call]] = [
        ("bare onnxruntime f32, one by one", lambda: [bare() for _ in range(FEW)]),
        ("Chroma's embedder, instance kept", lambda: chroma(texts[:FEW])),
    ]
    ours = _rate(lambda: embedder.embed(texts), PASSAGES)
    torch = _sentence_transformers(model, embedder, texts[:FEW])
    torch_rate = None if isinstance(torch, str) else _rate(torch, FEW)

    def beside_torch(mine: float, reach: str, remark: str) -> Row:
        theirs = f"{torch_rate:.1f}" if torch_rate else str(torch)
        ratio = mine / torch_rate if torch_rate else None
        return Row(name, f"{mine:.1f}", "sentence-transformers on torch", theirs, ratio, reach, remark)

    yield beside_torch(ours, ">= 1.2", "Footnote with f32")
    for peer, call in peers:
        rate = _rate(call, FEW)
        yield Row(name, f"{ours:.1f}", peer, f"{rate:.1f}", ours / rate, "", "Footnote with f32")
    limit = _limit(tokens, SGEMM)
    yield Row(name, f"{ours:.1f}", "f32 limit (large sgemm)", f"{limit:.1f}", ours / limit, ">= 0.6")
    other = open_embedder(settings)
    other.embed(texts)  # what is opened at the first use is open now
    if "openvino" not in sys.modules:
        yield Row(name, "no openvino, or no bf16", "Footnote with f32", f"{ours:.1f}", None)
        return
    rate = _rate(lambda: other.embed(texts), PASSAGES)
    remark = f"bf16 by openvino; least cosine to f32 {_least_cosine(embedder, other.embed(texts), texts):.5f}"
    yield beside_torch(rate, ">= 3", remark)
    yield Row(name, f"{rate:.1f}", "Footnote with f32", f"{ours:.1f}", rate / ours, "", remark)
    most = _limit(tokens, BGEMM)
    remark = f"bf16 by openvino; the limit is {most / limit:.2f} of that with f32"
    yield Row(name, f"{rate:.1f}", "bf16 limit (large product)", f"{most:.1f}", rate / most, ">= 0.6", remark)


def _least_cosine(embedder: Embedder, vectors: NDArray[np.float32], texts: list[str]) -> float:
    return float(np.min(np.sum(embedder.embed(texts) * vectors, axis=1)))


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


def _limit(tokens: int, product: str) -> float:
    """Passages a CPU second, were there nothing but matrix products at the speed of large ones."""
    printed, _, _ = process(["-c", product], {**os.environ, "OPENBLAS_NUM_THREADS": "1"})
    linear = 2 * 12 * HIDDEN**2 * tokens  # 4 projections, and 2 layers of 4 times the width
    attention = 2 * 2 * HIDDEN * tokens**2
    return float(printed) / (LAYERS * (linear + attention))


def _sentence_transformers(model: Model, embedder: Embedder, texts: list[str]) -> Call | str:
    """The peer on the folder of our weights, on one thread, where it is fastest; or why there is none."""
    try:
        import torch
        from sentence_transformers import SentenceTransformer
    except ImportError as error:
        return f"not installed: {error.name}"
    torch.set_num_threads(1)
    try:
        peer = SentenceTransformer(str(model.tokenizer.parent), device="cpu", local_files_only=True)
    except (OSError, ValueError) as error:
        return f"cannot load our weights: {error}"
    vectors = np.asarray(peer.encode(texts, normalize_embeddings=True), np.float32)
    assert _least_cosine(embedder, vectors, texts) > 0.999, "both embed alike"
    return lambda: peer.encode(texts, batch_size=len(texts))


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
