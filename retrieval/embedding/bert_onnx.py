"""A BERT encoder's safetensors file as an ONNX graph that gives one unit vector a text, without torch.

Checked against a plain numpy forward pass in tests/test_embedding.py. Format of the weights:
https://huggingface.co/docs/safetensors; architecture: Devlin et al., "BERT" (2019), post-norm, exact GELU;
pooling: mean over the tokens, then unit length, as the all-MiniLM-L6-v2 model card does it.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from retrieval.errors import ModelUnavailable

RECIPE = 1  # raise it when the graph changes, so that files of an older recipe are not used
OPSET = 20  # the first with Gelu; IR 10 belongs to it
IR_VERSION = 10
ONNXRUNTIME = "com.microsoft"  # the domain of its own operators
BLOCK = 64  # weights that share a scale; 32 are a fifth slower, and the cosine .9997
MASKED = np.float32(-1e9)  # added to the attention scores of padding
HEADER_LIMIT = 100_000_000  # bytes; the limit that the safetensors format itself sets

_DTYPES = {"F32": "<f4", "F16": "<f2"}

Array = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class BertShape:
    """What of a BERT's config.json its graph needs."""

    layers: int
    heads: int
    hidden: int
    epsilon: float
    positions: int  # tokens of the longest text it has positions for

    @classmethod
    def read(cls, path: Path) -> BertShape:
        """From a Hugging Face config.json. Raises ModelUnavailable for all but a BERT with exact GELU."""
        try:
            config = json.loads(path.read_text("utf-8"))
            kind = (config["model_type"], config.get("hidden_act"), config.get("position_embedding_type"))
            shape = cls(
                layers=int(config["num_hidden_layers"]),
                heads=int(config["num_attention_heads"]),
                hidden=int(config["hidden_size"]),
                epsilon=float(config["layer_norm_eps"]),
                positions=int(config["max_position_embeddings"]),
            )
        except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
            raise ModelUnavailable(f"{path} does not describe a BERT model: {error!r}.") from error
        if kind not in {("bert", "gelu", "absolute"), ("bert", "gelu", None)}:
            raise ModelUnavailable(
                f"{path} describes {kind}, not a BERT with GELU: put a model.onnx of it into the folder."
            )
        return shape


def read_safetensors(path: Path) -> dict[str, Array]:
    """The floating-point tensors of a file, as float32, by name. Raises ModelUnavailable if it is damaged."""
    try:
        raw = np.memmap(path, dtype=np.uint8, mode="r")
        size = int(raw[:8].view("<u8")[0])
        if size > min(HEADER_LIMIT, raw.size - 8):
            raise ValueError("its header is longer than the file")
        header: dict[str, Any] = json.loads(bytes(raw[8 : 8 + size]))
        body = raw[8 + size :]
        return {name: _tensor(body, entry) for name, entry in header.items() if entry.get("dtype") in _DTYPES}
    except (OSError, ValueError, KeyError, TypeError, AttributeError, IndexError) as error:
        raise ModelUnavailable(
            f"{path} is not a whole safetensors file ({error}): fetch it again."
        ) from error


def _tensor(body: NDArray[np.uint8], entry: Mapping[str, Any]) -> Array:
    start, end = entry["data_offsets"]
    values = body[start:end].view(_DTYPES[entry["dtype"]]).reshape(entry["shape"])
    return values.astype(np.float32, copy=False)


def bert_graph(tensors: Mapping[str, Array], shape: BertShape, *, light: bool = False) -> bytes:
    """The ONNX file: input_ids, attention_mask int64 [batch, length] -> sentence_embedding [batch, hidden].

    Batch and length are free. `light` weights take 8 bits and the table of words 16, a third of the memory:
    for few tokens, whose time is that of reading the weights. Vectors keep a cosine of .9995 (MiniLM).
    Raises ModelUnavailable where a tensor is missing or of another shape.
    """
    named = {name.removeprefix("bert."): tensor for name, tensor in tensors.items()}
    try:
        return _Graph(named, shape, light).build()
    except KeyError as error:
        raise ModelUnavailable(f"The weights are not those of a BERT model: {error} is missing.") from error
    except ValueError as error:
        raise ModelUnavailable(f"The weights do not fit their config.json: {error}.") from error


def in_blocks(weight: Array) -> tuple[NDArray[np.uint8], Array]:
    """Rows in blocks of BLOCK numbers, of 8 bits around 128, and the scale of each block.

    [n, k] -> uint8 [n, blocks, BLOCK] and float32 [n * blocks], as onnxruntime's MatMulNBits reads them:
    https://github.com/microsoft/onnxruntime/blob/main/docs/ContribOperators.md#commicrosoftmatmulnbits
    """
    rows, columns = weight.shape
    whole = np.pad(weight, ((0, 0), (0, -columns % BLOCK))).reshape(rows, -1, BLOCK)
    scales = np.maximum(np.abs(whole).max(axis=2, keepdims=True) / np.float32(127), np.float32(1e-9))
    return (np.rint(whole / scales) + 128).astype(np.uint8), scales.reshape(-1)


@dataclass(slots=True)
class _Graph:
    """Collects nodes and constants. Tokens are rows of one matrix, so that every linear layer is one Gemm."""

    tensors: Mapping[str, Array]
    shape: BertShape
    light: bool = False
    nodes: list[Any] = field(default_factory=list)
    constants: list[Any] = field(default_factory=list)

    def build(self) -> bytes:
        from onnx import TensorProto, helper

        states = self._embeddings()
        visible = self._op("Cast", "attention_mask", to=TensorProto.FLOAT)
        padding = self._op("Sub", self._op("Unsqueeze", visible, self._ints(1, 2)), self._floats(1.0))
        bias = self._op("Mul", padding, self._floats(-MASKED))  # 0 where visible, MASKED where padding
        for layer in range(self.shape.layers):
            states = self._layer(f"encoder.layer.{layer}.", states, bias)
        output = self._pool(states, visible)
        inputs = [
            helper.make_tensor_value_info(name, TensorProto.INT64, ["batch", "length"])
            for name in ("input_ids", "attention_mask")
        ]
        vectors = helper.make_tensor_value_info(output, TensorProto.FLOAT, ["batch", self.shape.hidden])
        graph = helper.make_graph(self.nodes, "sentence_embedding", inputs, [vectors], self.constants)
        opset = [helper.make_opsetid("", OPSET)]
        opset += [helper.make_opsetid(ONNXRUNTIME, 1)] if self.light else []
        model = helper.make_model(graph, opset_imports=opset, ir_version=IR_VERSION, producer_name="footnote")
        return bytes(model.SerializeToString(deterministic=True))

    def _embeddings(self) -> str:
        """[batch * length, hidden]. Every text is one segment, so its type is folded into the positions."""
        positions = (
            self.tensors["embeddings.position_embeddings.weight"]
            + self.tensors["embeddings.token_type_embeddings.weight"][0]
        )
        length = self._op("Shape", "input_ids", start=1, end=2)
        placed = self._op("Slice", self._constant(positions), self._ints(0), length)
        words = self._words()
        states = self._norm("embeddings.LayerNorm", self._op("Add", words, placed))
        return self._op("Reshape", states, self._ints(-1, self.shape.hidden))

    def _words(self) -> str:
        from onnx import TensorProto

        table = self.tensors["embeddings.word_embeddings.weight"]
        if not self.light:
            return self._op("Gather", self._constant(table), "input_ids")
        rows = self._op("Gather", self._constant(table.astype(np.float16)), "input_ids")
        return self._op("Cast", rows, to=TensorProto.FLOAT)

    def _layer(self, prefix: str, states: str, bias: str) -> str:
        attended = self._attention(prefix + "attention.self.", states, bias)
        projected = self._linear(prefix + "attention.output.dense", attended)
        states = self._norm(prefix + "attention.output.LayerNorm", self._op("Add", projected, states))
        inner = self._op("Gelu", self._linear(prefix + "intermediate.dense", states))
        outer = self._linear(prefix + "output.dense", inner)
        return self._norm(prefix + "output.LayerNorm", self._op("Add", outer, states))

    def _attention(self, prefix: str, states: str, bias: str) -> str:
        width = self.shape.hidden // self.shape.heads
        batch_length = self._op("Shape", "input_ids")
        split = self._op("Concat", batch_length, self._ints(self.shape.heads, width), axis=0)

        def heads(name: str, order: list[int], scale: float = 1.0) -> str:
            rows = self._linear(prefix + name, states, scale)
            return self._op("Transpose", self._op("Reshape", rows, split), perm=order)

        query = heads("query", [0, 2, 1, 3], scale=width**-0.5)
        key = heads("key", [0, 2, 3, 1])
        value = heads("value", [0, 2, 1, 3])
        scores = self._op("Add", self._op("MatMul", query, key), bias)
        mixed = self._op("MatMul", self._op("Softmax", scores, axis=-1), value)
        joined = self._op("Transpose", mixed, perm=[0, 2, 1, 3])
        return self._op("Reshape", joined, self._ints(-1, self.shape.hidden))

    def _pool(self, states: str, visible: str) -> str:
        """The mean over visible tokens at unit length, which makes the division by their count needless."""
        shape = self._op("Concat", self._op("Shape", "input_ids"), self._ints(self.shape.hidden), axis=0)
        rows = self._op("Reshape", states, shape)
        kept = self._op("Mul", rows, self._op("Unsqueeze", visible, self._ints(2)))
        total = self._op("ReduceSum", kept, self._ints(1), keepdims=0)
        length = self._op("ReduceL2", total, self._ints(1), keepdims=1)
        return self._op(
            "Div", total, self._op("Max", length, self._floats(1e-12)), output="sentence_embedding"
        )

    def _linear(self, name: str, rows: str, scale: float = 1.0) -> str:
        factor = np.float32(scale)
        weight, bias = self.tensors[name + ".weight"] * factor, self.tensors[name + ".bias"] * factor
        if not self.light:
            return self._op("Gemm", rows, self._constant(weight.T), self._constant(bias))
        blocks, scales = in_blocks(weight)
        return self._op(
            "MatMulNBits",
            rows,
            self._constant(blocks),
            self._constant(scales),
            "",  # no zero points: they are all 128
            "",  # no order of groups
            self._constant(bias),
            domain=ONNXRUNTIME,
            N=weight.shape[0],
            K=weight.shape[1],
            bits=8,
            block_size=BLOCK,
            accuracy_level=4,  # the products are of int8 too
        )

    def _norm(self, name: str, rows: str) -> str:
        scale, offset = self._weight(name + ".weight"), self._weight(name + ".bias")
        return self._op("LayerNormalization", rows, scale, offset, axis=-1, epsilon=self.shape.epsilon)

    def _weight(self, name: str) -> str:
        return self._constant(self.tensors[name])

    def _ints(self, *values: int) -> str:
        return self._constant(np.array(values, dtype=np.int64))

    def _floats(self, value: float | np.float32) -> str:
        return self._constant(np.array(value, dtype=np.float32))

    def _constant(self, values: NDArray[Any]) -> str:
        from onnx import numpy_helper

        name = f"constant_{len(self.constants)}"
        self.constants.append(numpy_helper.from_array(np.ascontiguousarray(values), name))
        return name

    def _op(self, kind: str, *inputs: str, output: str = "", **attributes: Any) -> str:
        from onnx import helper

        output = output or f"{kind}_{len(self.nodes)}"
        self.nodes.append(helper.make_node(kind, inputs, [output], **attributes))
        return output
