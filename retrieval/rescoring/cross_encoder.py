"""A cross-encoder on onnxruntime: question and passage are read together, and one number says how they fit.

Any model for the classification of pairs of texts that was exported to ONNX does: with one output, its logit
is the score; with two, the logarithm of the odds of the second, "it fits". Nogueira and Cho, "Passage
Re-ranking with BERT" (2019).
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from retrieval.embedding.sessions import (
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
from retrieval.errors import ModelUnavailable

NAMES = ("model.onnx", "tokenizer.json", "config.json")
OFF = "set RERANKER_DIR to nothing"
INPUTS = {"input_ids", "attention_mask", "token_type_ids"}
LONGEST = 512  # tokens of question and passage together: models were taught on these, and more take long
SHIFTED = ("roberta", "xlm-roberta", "camembert")
"""Kinds of model that count positions from the number of their padding token plus one."""

Scores = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Files:
    """A folder that has what a cross-encoder needs."""

    onnx: Path
    tokenizer: Path
    max_tokens: int  # of question and passage together

    @classmethod
    def of(cls, folder: Path) -> Self:
        """Raises ModelUnavailable, with what is missing."""
        missing = [name for name in NAMES if not (folder / name).is_file()]
        if missing:
            raise ModelUnavailable(
                f"RERANKER_DIR={folder} must hold model.onnx, tokenizer.json and config.json, and lacks "
                f"{', '.join(missing)}. Export a cross-encoder to ONNX into it, or {OFF}."
            )
        return cls(folder / NAMES[0], folder / NAMES[1], _max_tokens(folder / NAMES[2]))


def _max_tokens(config: Path) -> int:
    try:
        said = json.loads(config.read_text("utf-8"))
        positions = int(said.get("max_position_embeddings", LONGEST))
        shift = int(said.get("pad_token_id", 1)) + 1 if said.get("model_type") in SHIFTED else 0
    except (OSError, ValueError, TypeError, AttributeError) as error:
        raise ModelUnavailable(
            f"{config} does not describe a model ({error!r}): export it again, or {OFF}."
        ) from error
    if positions - shift < 8:  # a word of each, and what stands around them
        raise ModelUnavailable(f"{config} describes a model of {positions} positions, too few for two texts.")
    return min(LONGEST, positions - shift)


def open_cross_encoder(folder: Path) -> CrossEncoder:
    """Load it and try it on a pair. Raises ModelUnavailable where it is none."""
    files = Files.of(folder)
    session = open_session(files.onnx)
    asked = {node.name for node in session.get_inputs()}
    if not asked <= INPUTS:
        raise ModelUnavailable(
            f"{files.onnx} asks for {', '.join(sorted(asked - INPUTS))}, which Footnote does not know: put a "
            f"cross-encoder over {', '.join(sorted(INPUTS))} into its folder, or {OFF}."
        )
    opened = CrossEncoder(files, open_tokenizer(files.tokenizer), runner(session))
    opened.scores("a question", ["a passage", "another one"])
    return opened


class CrossEncoder:
    """A `Rescorer`. Pairs are sorted by length, and spread over the cores batch by batch."""

    def __init__(self, files: Files, tokenizer: Any, run: Run) -> None:
        """The tokenizer, of `open_tokenizer`, is its own from then on: it cuts."""
        tokenizer.enable_truncation(files.max_tokens, strategy="only_second")
        self._files = files
        self._tokenizer = tokenizer
        self._run = run
        self._half = files.max_tokens // 2

    def scores(self, question: str, passages: Sequence[str]) -> Scores:
        """float32 [len(passages)]. A question keeps half of the tokens at most, a passage what is left.

        Raises ModelUnavailable where the model cannot be run.
        """
        if not passages:
            return np.empty(0, np.float32)
        asked = self._cut(utf8(question))
        pairs = self._tokenizer.encode_batch([(asked, utf8(passage)) for passage in passages])
        cut = batches([len(pair.ids) for pair in pairs])
        made = spread(lambda some: self._scored([pairs[number] for number in some]), cut)
        scores = np.empty(len(pairs), np.float32)
        scores[np.concatenate(cut)] = np.concatenate(made)
        return scores

    def _cut(self, question: str) -> str:
        places = self._tokenizer.encode(question[: 12 * self._half], add_special_tokens=False).offsets
        return question[: places[: self._half - 2][-1][1]] if places else ""

    def _scored(self, pairs: Sequence[Any]) -> Scores:
        feed = _feed(pairs)
        return _fit(tried(lambda: self._run(feed), self._files.onnx))


def _feed(pairs: Sequence[Any]) -> Mapping[str, Ids]:
    return padded([np.array(pair.ids) for pair in pairs], [np.array(pair.type_ids) for pair in pairs])


def _fit(logits: NDArray[np.float32]) -> Scores:
    """[pairs], [pairs, 1] or [pairs, 2] -> [pairs]. Raises ModelUnavailable for any other shape."""
    if logits.ndim == 1:
        return logits
    if logits.ndim == 2 and logits.shape[1] in (1, 2):
        return np.asarray(logits[:, -1] - (logits[:, 0] if logits.shape[1] == 2 else 0), np.float32)
    raise ModelUnavailable(
        f"The model in RERANKER_DIR gives an array of shape {logits.shape[1:]} for a pair of texts, where a "
        f"cross-encoder gives one number or two: put one there, or {OFF}."
    )
