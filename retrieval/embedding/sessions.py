"""What models that run on this machine share: tokenizers, sessions of onnxruntime, batches without waste."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from retrieval.errors import ModelUnavailable

if TYPE_CHECKING:
    from tokenizers import Tokenizer

BATCH_TOKENS = 512  # rows times the longest row; larger batches fall out of the CPU's cache and are slower

WORKERS = min(8, os.cpu_count() or 1)  # batches computed side by side, each on one core

S = TypeVar("S")
T = TypeVar("T")
Ids = NDArray[np.int64]
Run = Callable[[Mapping[str, Ids]], NDArray[np.float32]]
"""Inputs by name, those that the model does not ask for left out -> its first output. Thread-safe."""


def open_tokenizer(path: Path) -> Tokenizer:
    """The tokenizer with neither truncation nor padding, both of which its file may switch on.

    Raises ModelUnavailable.
    """
    from tokenizers import Tokenizer

    try:
        description = json.loads(path.read_text("utf-8"))
        if "vocab" not in description["model"]:
            raise ValueError("it has no vocabulary")
        tokenizer = Tokenizer.from_str(json.dumps(description))
    except Exception as error:  # tokenizers raises nothing more special for what it cannot read
        raise ModelUnavailable(f"{path} is not a tokenizer ({error}): fetch it again.") from error
    tokenizer.no_truncation()
    tokenizer.no_padding()
    return tokenizer


def open_session(path: Path) -> Any:
    """The model on one thread: texts are spread over the cores batch by batch. Raises ModelUnavailable.

    Side by side batches on single threads are as fast as batches on many threads or faster, and a single
    question does not wake the other cores (benchmarks/embedding.py).
    """
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    options.inter_op_num_threads = 1
    options.enable_mem_pattern = False  # a plan of memory for each shape: texts have many shapes
    options.log_severity_level = 3  # errors only
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    return tried(
        lambda: onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"]), path
    )


def tried(call: Callable[[], T], path: Path) -> T:
    """What a call to onnxruntime gives. Raises ModelUnavailable where it cannot run the model in `path`."""
    from onnxruntime.capi import onnxruntime_pybind11_state as failures

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
        return call()
    except broken as error:
        raise ModelUnavailable(
            f"{path} is not a model that onnxruntime can run: put a whole one there. One that Footnote made "
            "or fetched itself can be deleted, and is made or fetched again."
        ) from error


def runner(session: Any) -> Run:
    """The session as a call."""
    names = [node.name for node in session.get_inputs()]

    def run(feed: Mapping[str, Ids]) -> NDArray[np.float32]:
        return np.asarray(session.run(None, {name: feed[name] for name in names})[0], np.float32)

    return run


def padded(rows: Sequence[Ids], types: Sequence[Ids] | None = None) -> dict[str, Ids]:
    """Rows of token ids as the inputs of a BERT, each int64 [len(rows), longest].

    `types` of the tokens tell the second text of a pair from the first.
    """
    lengths = np.array([len(row) for row in rows])
    mask = (np.arange(lengths.max()) < lengths[:, None]).astype(np.int64)
    ids, kinds = np.zeros_like(mask), np.zeros_like(mask)
    ids[mask == 1] = np.concatenate(rows)
    if types is not None:
        kinds[mask == 1] = np.concatenate(types)
    return {"input_ids": ids, "attention_mask": mask, "token_type_ids": kinds}


def batches(lengths: Sequence[int]) -> list[list[int]]:
    """The numbers of the rows, the shortest first, in batches of at most BATCH_TOKENS with their padding."""
    made: list[list[int]] = []
    for row in sorted(range(len(lengths)), key=lambda row: lengths[row]):
        if not made or (len(made[-1]) + 1) * lengths[row] > BATCH_TOKENS:
            made.append([])
        made[-1].append(row)
    return made


def spread(call: Callable[[S], T], batches: Sequence[S]) -> list[T]:
    """The call on each batch, on all cores, in order."""
    if min(WORKERS, len(batches)) < 2:
        return [call(batch) for batch in batches]
    with ThreadPoolExecutor(min(WORKERS, len(batches)), thread_name_prefix="batch") as pool:
        return list(pool.map(call, batches))


def utf8(text: str) -> str:
    """A lone surrogate, as broken JSON can hold, has no UTF-8 form, and the tokenizer refuses it."""
    return text.encode("utf-8", "replace").decode("utf-8")
