"""all-MiniLM-L6-v2 on onnxruntime and tokenizers: 384 dimensions, at most 256 tokens a text, no torch.

A question runs with weights of 8 bits, which takes half the time: so few tokens wait for the weights to come
from memory (bert_onnx.py). That costs .0001 of nDCG@10 on SciTLDR, .0017 on CACM, and nothing on the dev
questions. Many texts go through openvino where it is installed and the processor multiplies
bf16 (openvino_model.py).
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from retrieval.embedding.openvino_model import open_openvino
from retrieval.embedding.sessions import (
    WORKERS,
    Ids,
    Run,
    batches,
    open_session,
    open_tokenizer,
    padded,
    runner,
    spread,
    tried,
    utf8,
)
from retrieval.embedding.weights import Model, find_model
from retrieval.errors import ModelUnavailable
from retrieval.settings import RetrievalSettings

if TYPE_CHECKING:
    from tokenizers import Tokenizer

WINDOW = 4096  # texts that are tokenized and sorted at once, to bound memory
BULK = 64  # texts at once from which opening openvino, a second of work, pays
QUESTION = 64  # tokens of a text alone up to which 8 bits are faster by more than they cost

Vectors = NDArray[np.float32]

_log = logging.getLogger(__name__)


def open_minilm(settings: RetrievalSettings) -> MiniLM:
    """Find the weights, check them and load those for questions. Raises ModelUnavailable."""
    model = find_model(settings)
    return MiniLM(model, open_tokenizer(model.tokenizer))


class MiniLM:
    """An `Embedder`. One session of one thread for questions, one for texts, opened when they come.

    The vector of a question has a cosine of .9995 with that of the same text among others.
    """

    def __init__(self, model: Model, tokenizer: Tokenizer) -> None:
        """Raises ModelUnavailable."""
        self.name = model.name
        self.max_tokens = model.max_tokens
        self._tokenizer = tokenizer
        self._onnx = model.onnx
        self._guard = threading.RLock()
        self._texts: Run | None = None
        self._bulk: Run | None = None
        self._question = self._light(model.light) if model.light else self._runner()
        self.dimensions = int(_vectors(self._question, [np.array([0])]).shape[1])

    def count_tokens(self, text: str) -> int:
        """Tokens of the whole text with [CLS] and [SEP]."""
        return len(self._tokenizer.encode(utf8(text)).ids)

    def embed(self, texts: Sequence[str]) -> Vectors:
        """float32 [len(texts), 384], unit length. Raises ValueError for a text over `max_tokens`."""
        windows = [self._embed(texts[at : at + WINDOW]) for at in range(0, len(texts), WINDOW)]
        return np.concatenate(windows) if windows else np.empty((0, self.dimensions), np.float32)

    def _embed(self, texts: Sequence[str]) -> Vectors:
        rows = [np.array(encoding.ids) for encoding in self._encode(texts)]
        if len(rows) == 1:
            return _vectors(self._question if len(rows[0]) <= QUESTION else self._runner(), rows)
        cut = batches([len(row) for row in rows])
        run = self._bulk_runner() if len(rows) >= BULK else self._runner()
        vectors = np.empty((len(rows), self.dimensions), np.float32)
        made = spread(lambda some: _vectors(run, [rows[number] for number in some]), cut)
        vectors[np.concatenate(cut)] = np.concatenate(made)
        return vectors

    def _encode(self, texts: Sequence[str]) -> list[Any]:
        encodings = self._tokenizer.encode_batch_fast([utf8(text) for text in texts])
        longest = max(len(encoding.ids) for encoding in encodings)
        if longest > self.max_tokens:
            raise ValueError(
                f"a text of {longest} tokens is over the embedder's {self.max_tokens}: embed its parts"
            )
        return encodings

    def _light(self, path: Path) -> Run:
        """The model with weights of 8 bits; the model as it is, where this onnxruntime cannot run them."""
        try:
            run = runner(open_session(path))
            tried(lambda: _vectors(run, [np.array([0])]), path)
        except ModelUnavailable as error:
            _log.warning("questions take longer: %s", error)
            return self._runner()
        return run

    def _runner(self) -> Run:
        """The model as it is, for texts. Raises ModelUnavailable."""
        with self._guard:
            if self._texts is None:
                self._texts = runner(open_session(self._onnx))
            return self._texts

    def _bulk_runner(self) -> Run:
        with self._guard:
            if self._bulk is None:
                self._bulk = open_openvino(self._onnx, WORKERS) or self._runner()
            return self._bulk


def _vectors(run: Run, batch: list[Ids]) -> Vectors:
    """One batch through the model, padded to its longest row."""
    feed = padded(batch)
    output = run(feed)
    return output if output.ndim == 2 else _pool(output, feed["attention_mask"])


def _pool(states: Vectors, mask: Ids) -> Vectors:
    """Mean over the visible tokens at unit length, for a model that ends with its token states."""
    total = np.einsum("blh,bl->bh", states, mask.astype(np.float32))
    length = np.linalg.norm(total, axis=1, keepdims=True)
    return np.asarray(total / np.maximum(length, 1e-12), dtype=np.float32)
