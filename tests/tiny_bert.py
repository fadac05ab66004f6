"""A BERT small enough for tests: a folder of random weights, and its forward pass in plain numpy."""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
Weights = dict[str, NDArray[np.float32]]

LAYERS, HEADS, HIDDEN, INNER, POSITIONS, EPSILON = 2, 3, 12, 20, 40, 1e-6
WORDS = ("[PAD]", "[UNK]", "[CLS]", "[SEP]", "graph", "##s", "light", "depth", "a", "of", "points", ".")
CLS, SEP = WORDS.index("[CLS]"), WORDS.index("[SEP]")

CONFIG = {
    "model_type": "bert",
    "hidden_act": "gelu",
    "num_hidden_layers": LAYERS,
    "num_attention_heads": HEADS,
    "hidden_size": HIDDEN,
    "layer_norm_eps": EPSILON,
    "max_position_embeddings": POSITIONS,
}


def make_folder(folder: Path, *, seed: int = 0, prefix: str = "", half: bool = False) -> Path:
    """model.safetensors, config.json and tokenizer.json of a random BERT."""
    folder.mkdir(parents=True, exist_ok=True)
    tensors = {prefix + name: tensor for name, tensor in weights(seed).items()}
    write_safetensors(folder / "model.safetensors", tensors, half=half)
    (folder / "config.json").write_text(json.dumps(CONFIG))
    (folder / "tokenizer.json").write_text(json.dumps(tokenizer()))
    return folder


def weights(seed: int = 0) -> Weights:
    """Random tensors by their Hugging Face names: multiples of 1/256, which half precision holds too."""
    shapes: dict[str, tuple[int, ...]] = {
        "embeddings.word_embeddings.weight": (len(WORDS), HIDDEN),
        "embeddings.position_embeddings.weight": (POSITIONS, HIDDEN),
        "embeddings.token_type_embeddings.weight": (2, HIDDEN),
        **_pair("embeddings.LayerNorm", HIDDEN),
    }
    for layer in range(LAYERS):
        at = f"encoder.layer.{layer}."
        for name in ("self.query", "self.key", "self.value", "output.dense"):
            shapes |= _pair(f"{at}attention.{name}", HIDDEN, HIDDEN)
        shapes |= _pair(f"{at}attention.output.LayerNorm", HIDDEN)
        shapes |= _pair(f"{at}intermediate.dense", INNER, HIDDEN)
        shapes |= _pair(f"{at}output.dense", HIDDEN, INNER)
        shapes |= _pair(f"{at}output.LayerNorm", HIDDEN)
    random = np.random.default_rng(seed)
    return {
        name: random.integers(-256, 257, shape).astype(np.float32) / np.float32(256)
        for name, shape in shapes.items()
    }


def _pair(name: str, *weight: int) -> dict[str, tuple[int, ...]]:
    return {f"{name}.weight": weight, f"{name}.bias": weight[:1]}


def write_safetensors(path: Path, tensors: Weights, *, half: bool = False) -> None:
    """Also with an integer tensor and metadata, as real files have them; readers must step over both."""
    kind, dtype = ("F16", np.float16) if half else ("F32", np.float32)
    header: dict[str, object] = {"__metadata__": {"format": "pt"}}
    ids = np.arange(POSITIONS, dtype=np.int64).tobytes()
    header["embeddings.position_ids"] = {
        "dtype": "I64",
        "shape": [1, POSITIONS],
        "data_offsets": [0, len(ids)],
    }
    body = ids
    for name, tensor in tensors.items():
        raw = tensor.astype(dtype).tobytes()
        header[name] = {
            "dtype": kind,
            "shape": list(tensor.shape),
            "data_offsets": [len(body), len(body) + len(raw)],
        }
        body += raw
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 8)
    path.write_bytes(len(text).to_bytes(8, "little") + text + body)


def tokenizer(words: Sequence[str] = WORDS) -> dict[str, object]:
    """A WordPiece tokenizer.json, with truncation and fixed padding switched on as in MiniLM's own file.

    `words` begin with the four special ones.
    """
    special = {
        name: {"id": name, "ids": [WORDS.index(name)], "tokens": [name]} for name in ("[CLS]", "[SEP]")
    }
    single: list[object] = [
        {"SpecialToken": {"id": "[CLS]", "type_id": 0}},
        {"Sequence": {"id": "A", "type_id": 0}},
        {"SpecialToken": {"id": "[SEP]", "type_id": 0}},
    ]
    pair = [
        *single,
        {"Sequence": {"id": "B", "type_id": 1}},
        {"SpecialToken": {"id": "[SEP]", "type_id": 1}},
    ]
    return {
        "version": "1.0",
        "truncation": {"max_length": 6, "strategy": "LongestFirst", "stride": 0, "direction": "Right"},
        "padding": {
            "strategy": {"Fixed": 6},
            "direction": "Right",
            "pad_to_multiple_of": None,
            "pad_id": 0,
            "pad_type_id": 0,
            "pad_token": "[PAD]",
        },
        "added_tokens": [],
        "normalizer": None,
        "pre_tokenizer": {"type": "BertPreTokenizer"},
        "post_processor": {
            "type": "TemplateProcessing",
            "single": single,
            "pair": pair,
            "special_tokens": special,
        },
        "decoder": None,
        "model": {
            "type": "WordPiece",
            "unk_token": "[UNK]",
            "continuing_subword_prefix": "##",
            "max_input_chars_per_word": 100,
            "vocab": {word: number for number, word in enumerate(words)},
        },
    }


def embed(weights: Weights, words: list[str]) -> Array:
    """The vector of a text of these vocabulary words, by the formulas of the papers, in float64."""
    w = {name: tensor.astype(np.float64) for name, tensor in weights.items()}
    ids = [CLS, *map(WORDS.index, words), SEP]
    x = (
        w["embeddings.word_embeddings.weight"][ids]
        + w["embeddings.position_embeddings.weight"][: len(ids)]
        + w["embeddings.token_type_embeddings.weight"][0]
    )
    x = _norm(w, "embeddings.LayerNorm", x)
    for layer in range(LAYERS):
        at = f"encoder.layer.{layer}."
        x = _norm(w, at + "attention.output.LayerNorm", x + _attention(w, at + "attention.", x))
        inner = _gelu(_linear(w, at + "intermediate.dense", x))
        x = _norm(w, at + "output.LayerNorm", x + _linear(w, at + "output.dense", inner))
    mean: Array = x.mean(axis=0)
    unit: Array = mean / np.linalg.norm(mean)
    return unit


def _attention(w: dict[str, Array], at: str, x: Array) -> Array:
    query, key, value = (_linear(w, f"{at}self.{name}", x) for name in ("query", "key", "value"))
    heads = []
    for columns in np.split(np.arange(HIDDEN), HEADS):
        scores = np.exp(query[:, columns] @ key[:, columns].T / math.sqrt(len(columns)))
        heads.append(scores / scores.sum(axis=1, keepdims=True) @ value[:, columns])
    return _linear(w, at + "output.dense", np.concatenate(heads, axis=1))


def _linear(w: dict[str, Array], name: str, x: Array) -> Array:
    result: Array = x @ w[name + ".weight"].T + w[name + ".bias"]
    return result


def _norm(w: dict[str, Array], name: str, x: Array) -> Array:
    spread = np.sqrt(x.var(axis=1, keepdims=True) + EPSILON)
    result: Array = (x - x.mean(axis=1, keepdims=True)) / spread * w[name + ".weight"] + w[name + ".bias"]
    return result


def _gelu(x: Array) -> Array:
    error_function = np.array([math.erf(value / math.sqrt(2)) for value in x.ravel()]).reshape(x.shape)
    result: Array = x * 0.5 * (1 + error_function)
    return result
