"""A cross-encoder small enough for tests: it counts the words that a question and a passage share.

Its graph has the inputs and outputs of a real one. Words that it does not know count for nothing.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from tests import tiny_bert

INPUTS = ("input_ids", "attention_mask", "token_type_ids")
SPECIAL = tiny_bert.WORDS[:4]


def make_folder(
    folder: Path,
    words: Sequence[str] = tiny_bert.WORDS[4:],
    *,
    outputs: int = 1,
    weight: float = 1.0,
    inputs: Sequence[str] = INPUTS,
) -> Path:
    """model.onnx, config.json and tokenizer.json; `weight` is what each shared pair of words gives."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "model.onnx").write_bytes(_graph(outputs, weight, inputs))
    (folder / "config.json").write_text(json.dumps({"model_type": "bert", "max_position_embeddings": 40}))
    (folder / "tokenizer.json").write_text(json.dumps(tiny_bert.tokenizer([*SPECIAL, *words])))
    return folder


def _graph(outputs: int, weight: float, inputs: Sequence[str]) -> bytes:
    from onnx import TensorProto, helper, numpy_helper

    nodes: list[Any] = []

    def op(kind: str, *given: str, output: str = "", **attributes: Any) -> str:
        output = output or f"{kind}_{len(nodes)}"
        nodes.append(helper.make_node(kind, given, [output], **attributes))
        return output

    ids, mask, types = inputs
    number = op("Cast", ids, to=TensorProto.FLOAT)
    same = op("Cast", op("Equal", op("Unsqueeze", number, "two"), op("Unsqueeze", number, "one")), to=1)
    known = op("Cast", op("Greater", ids, "special"), to=TensorProto.INT64)
    visible = op("Mul", known, mask)
    second = op("Cast", op("Mul", types, visible), to=TensorProto.FLOAT)
    first = op("Sub", op("Cast", visible, to=TensorProto.FLOAT), second)
    across = op("Mul", op("Unsqueeze", first, "two"), op("Unsqueeze", second, "one"))
    shared = op("ReduceSum", op("Mul", same, across), "both", keepdims=0)
    logit = op("Unsqueeze", op("Mul", shared, "weight"), "one")
    parts = [op("Mul", logit, "zero") for _ in range(outputs - 1)] + [logit]
    op("Concat", *parts, axis=1, output="logits")
    constants = {
        "one": np.array([1]),
        "two": np.array([2]),
        "special": np.array(len(SPECIAL) - 1),
        "both": np.array([1, 2]),
        "weight": np.array(weight, np.float32),
        "zero": np.array(0, np.float32),
    }
    graph = helper.make_graph(
        nodes,
        "overlap",
        [helper.make_tensor_value_info(name, TensorProto.INT64, ["b", "l"]) for name in inputs],
        [helper.make_tensor_value_info("logits", TensorProto.FLOAT, ["b", outputs])],
        [numpy_helper.from_array(value, name) for name, value in constants.items()],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
    return bytes(model.SerializeToString())
