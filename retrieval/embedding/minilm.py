"""all-MiniLM-L6-v2 on onnxruntime and tokenizers: 384 dimensions, at most 256 tokens a text, no torch.

Many texts go through openvino where it is installed and the processor multiplies bf16 (openvino_model.py).
"""

from __future__ import annotations

import json
import os
import threading
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from retrieval.embedding.openvino_model import Run, open_openvino
from retrieval.embedding.weights import Model, find_model
from retrieval.errors import ModelUnavailable
from retrieval.settings import RetrievalSettings

if TYPE_CHECKING:
    from tokenizers import Tokenizer

BATCH_TOKENS = 512  # rows times the longest row; larger batches fall out of the CPU's cache and are slower
WINDOW = 4096  # texts that are tokenized and sorted at once, to bound memory
MAX_WORKERS = 8  # batches computed side by side, each on one core
BULK = 64  # texts at once from which opening openvino, a second of work, pays

Vectors = NDArray[np.float32]


def open_minilm(settings: RetrievalSettings) -> MiniLM:
    """Find the weights, check them and load them. Raises ModelUnavailable."""
    model = find_model(settings)
    return MiniLM(model, open_tokenizer(model.tokenizer), _open_session(model.onnx))


class MiniLM:
    """An `Embedder`. One session of one thread; many texts are spread over the cores batch by batch.

    Side by side batches on single threads are as fast as batches on many threads or faster, and a single
    question does not wake the other cores (benchmarks/embedding.py).
    """

    def __init__(self, model: Model, tokenizer: Tokenizer, session: Any) -> None:
        self.name = model.name
        self.max_tokens = model.max_tokens
        self._tokenizer = tokenizer
        self._session = session
        self._inputs = {node.name for node in session.get_inputs()}
        self._workers = min(MAX_WORKERS, os.cpu_count() or 1)
        self._onnx = model.onnx
        self._guard = threading.Lock()
        self._bulk: Run | None = None
        self.dimensions = int(self._run([np.array([0])]).shape[1])

    def count_tokens(self, text: str) -> int:
        """Tokens of the whole text with [CLS] and [SEP]."""
        return len(self._tokenizer.encode(_utf8(text)).ids)

    def embed(self, texts: Sequence[str]) -> Vectors:
        """float32 [len(texts), 384], unit length. Raises ValueError for a text over `max_tokens`."""
        windows = [self._embed(texts[at : at + WINDOW]) for at in range(0, len(texts), WINDOW)]
        return np.concatenate([np.empty((0, self.dimensions), np.float32), *windows])

    def _embed(self, texts: Sequence[str]) -> Vectors:
        rows = [np.array(encoding.ids) for encoding in self._encode(texts)]
        order = sorted(range(len(rows)), key=lambda row: len(rows[row]))
        batches = _batches([rows[row] for row in order])
        run = self._bulk_runner() if len(rows) >= BULK else self._infer
        vectors = np.empty((len(rows), self.dimensions), np.float32)
        vectors[order] = np.concatenate(self._run_all(batches, run))
        return vectors

    def _encode(self, texts: Sequence[str]) -> list[Any]:
        encodings = self._tokenizer.encode_batch_fast([_utf8(text) for text in texts])
        longest = max(len(encoding.ids) for encoding in encodings)
        if longest > self.max_tokens:
            raise ValueError(
                f"a text of {longest} tokens is over the embedder's {self.max_tokens}: embed its parts"
            )
        return encodings

    def _bulk_runner(self) -> Run:
        with self._guard:
            if self._bulk is None:
                self._bulk = open_openvino(self._onnx, self._workers) or self._infer
            return self._bulk

    def _run_all(self, batches: list[list[NDArray[np.int64]]], run: Run) -> list[Vectors]:
        workers = min(self._workers, len(batches))
        if workers < 2:
            return [self._run(batch, run) for batch in batches]
        with ThreadPoolExecutor(workers, thread_name_prefix="embed") as pool:
            return list(pool.map(lambda batch: self._run(batch, run), batches))

    def _run(self, batch: list[NDArray[np.int64]], run: Run | None = None) -> Vectors:
        """One batch through the model, padded to its longest row."""
        lengths = np.array([len(row) for row in batch])
        mask = (np.arange(lengths.max()) < lengths[:, None]).astype(np.int64)
        ids = np.zeros_like(mask)
        ids[mask == 1] = np.concatenate(batch)
        feed = {"input_ids": ids, "attention_mask": mask, "token_type_ids": np.zeros_like(mask)}
        output = (run or self._infer)({name: feed[name] for name in self._inputs})
        return output if output.ndim == 2 else _pool(output, mask)

    def _infer(self, feed: dict[str, NDArray[np.int64]]) -> Vectors:
        return np.asarray(self._session.run(None, feed)[0])


def _pool(states: Vectors, mask: NDArray[np.int64]) -> Vectors:
    """Mean over the visible tokens at unit length, for a model that ends with its token states."""
    total = np.einsum("blh,bl->bh", states, mask.astype(np.float32))
    length = np.linalg.norm(total, axis=1, keepdims=True)
    return np.asarray(total / np.maximum(length, 1e-12), dtype=np.float32)


def _batches(rows: list[NDArray[np.int64]]) -> list[list[NDArray[np.int64]]]:
    """Cut rows, sorted by length, into batches of at most BATCH_TOKENS with their padding."""
    batches: list[list[NDArray[np.int64]]] = []
    for row in rows:
        if not batches or (len(batches[-1]) + 1) * len(row) > BATCH_TOKENS:
            batches.append([])
        batches[-1].append(row)
    return batches


def _utf8(text: str) -> str:
    """A lone surrogate, as broken JSON can hold, has no UTF-8 form, and the tokenizer refuses it."""
    return text.encode("utf-8", "replace").decode("utf-8")


def open_tokenizer(path: Path) -> Tokenizer:
    """The tokenizer with neither truncation nor padding, both of which its file may switch on."""
    from tokenizers import Tokenizer

    try:
        description = json.loads(path.read_text("utf-8"))
        if "vocab" not in description["model"]:
            raise ValueError("it has no vocabulary")
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise ModelUnavailable(f"{path} is not a tokenizer ({error}): fetch it again.") from error
    tokenizer = Tokenizer.from_str(json.dumps(description))
    tokenizer.no_truncation()
    tokenizer.no_padding()
    return tokenizer


def _open_session(path: Path) -> Any:
    import onnxruntime
    from onnxruntime.capi import onnxruntime_pybind11_state as failures

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    options.inter_op_num_threads = 1
    options.enable_mem_pattern = False  # a plan of memory for each shape: texts have many shapes
    options.log_severity_level = 3  # errors only
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    broken = (
        failures.Fail,
        failures.InvalidArgument,
        failures.InvalidGraph,
        failures.InvalidProtobuf,
        failures.NoSuchFile,
        failures.NotImplemented,
        failures.RuntimeException,
    )
    try:
        return onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
    except broken as error:
        raise ModelUnavailable(
            f"{path} is not a model that onnxruntime can run: delete it, and it is made or fetched again."
        ) from error
