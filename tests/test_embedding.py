"""The port, held against both of its adapters; the weights, the graph and the tokenizer of the local one."""

from __future__ import annotations

import importlib.util
import json
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from retrieval.embedding import Embedder, open_embedder
from retrieval.embedding.bert_onnx import BLOCK, in_blocks
from retrieval.embedding.minilm import MiniLM
from retrieval.embedding.sessions import open_tokenizer
from retrieval.embedding.weights import PACKAGE, find_model
from retrieval.errors import ModelUnavailable, UnknownEmbedder
from retrieval.settings import RetrievalSettings
from tests import tiny_bert
from tests.fake_embeddings import fake_embeddings

TEXTS = [
    "a graph of points .",
    "light",
    "depth of a graphs",
    "",
    "points of light of depth of a graph",
    "light",
]


def settings(**values: object) -> RetrievalSettings:
    names = {"data": "FOOTNOTE_DATA", "embedder": "EMBEDDER", "minilm_dir": "MINILM_DIR"}
    names |= {"embedding_base_url": "EMBEDDING_BASE_URL", "embedding_api_key": "EMBEDDING_API_KEY"}
    return RetrievalSettings.model_validate({names[name]: value for name, value in values.items()})


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest) -> Path:
    """A cache folder and a home of the test's own, but for the tests that need the real weights."""
    if "minilm" not in request.fixturenames:
        monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
        monkeypatch.setenv("HOME", str(tmp_path / "home"))
    return tmp_path / "cache" / "footnote"


@pytest.fixture
def tiny(tmp_path: Path) -> RetrievalSettings:
    return settings(minilm_dir=tiny_bert.make_folder(tmp_path / "tiny"), data=tmp_path / "data")


@pytest.fixture(params=["minilm", "openai"])
def embedder(request: pytest.FixtureRequest, tiny: RetrievalSettings) -> Iterator[Embedder]:
    """Every implementation of the port."""
    if request.param == "minilm":
        yield open_embedder(tiny)
        return
    with fake_embeddings() as fake:
        yield open_embedder(settings(embedder="openai:some-model", embedding_base_url=fake.url))


# The port


def test_vectors_are_of_unit_length_and_type_float32(embedder: Embedder) -> None:
    vectors = embedder.embed(TEXTS)
    assert vectors.dtype == np.float32
    assert vectors.shape == (len(TEXTS), embedder.dimensions)
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-6)


def test_a_text_has_the_same_vector_alone_and_among_others(embedder: Embedder) -> None:
    together = embedder.embed(TEXTS * 20)  # several batches
    alone = np.concatenate([embedder.embed([text]) for text in TEXTS] * 20)
    assert np.min((together * alone).sum(axis=1)) > 0.999  # a question may be embedded with fewer bits
    np.testing.assert_allclose(together, np.concatenate([embedder.embed(TEXTS)] * 20), atol=1e-5)


def test_no_texts_give_no_vectors(embedder: Embedder) -> None:
    assert embedder.embed([]).shape == (0, embedder.dimensions)


def test_a_text_that_is_too_long_is_refused_and_never_cut(embedder: Embedder) -> None:
    fitting = " ".join(["a"] * (embedder.max_tokens - 2))
    assert embedder.count_tokens(fitting) == embedder.max_tokens
    embedder.embed([fitting])
    with pytest.raises(ValueError, match=f"{embedder.max_tokens + 1} tokens"):
        embedder.embed(["a", fitting + " a", ""])


def test_broken_unicode_is_embedded_and_counted(embedder: Embedder) -> None:
    text = "depth \ud800 of \x00 light"
    assert embedder.count_tokens(text) > 4
    assert np.isfinite(embedder.embed([text])).all()


def test_threads_share_an_embedder(embedder: Embedder) -> None:
    expected = embedder.embed(TEXTS)
    with ThreadPoolExecutor(4) as pool:
        for vectors in pool.map(lambda _: embedder.embed(TEXTS), range(12)):
            np.testing.assert_allclose(vectors, expected, atol=1e-5)


@pytest.mark.parametrize("name", ["minlim", "openai", "openai:", "minilm:small", ""])
def test_an_unknown_embedder_is_told_the_good_names(name: str) -> None:
    with pytest.raises(UnknownEmbedder, match="minilm, openai:MODEL"):
        open_embedder(settings(embedder=name))


# The graph


@pytest.mark.parametrize("half", [False, True])
@pytest.mark.parametrize("prefix", ["", "bert."])
def test_the_graph_computes_what_plain_numpy_computes(tmp_path: Path, prefix: str, half: bool) -> None:
    folder = tiny_bert.make_folder(tmp_path / "tiny", seed=3, prefix=prefix, half=half)
    texts = [["light"], ["a", "graph", "##s", "of", "points", "."], [], ["depth"] * 30]
    vectors = open_embedder(settings(minilm_dir=folder, data=tmp_path)).embed(
        [" ".join(words).replace(" ##", "") for words in texts]
    )
    expected = [tiny_bert.embed(tiny_bert.weights(3), words) for words in texts]
    np.testing.assert_allclose(vectors, expected, atol=2e-6)


@pytest.mark.parametrize("columns", [12, 64, 100])
def test_weights_in_blocks_are_right_to_half_a_step(columns: int) -> None:
    weight = np.random.default_rng(7).normal(size=(5, columns)).astype(np.float32)
    weight[2] = 0
    blocks, scales = in_blocks(weight)
    kept = (blocks.astype(np.float32) - 128) * scales.reshape(5, -1, 1)
    error = np.abs(kept.reshape(5, -1)[:, :columns] - weight)
    assert blocks.shape == (5, -(-columns // BLOCK), BLOCK)
    assert (error <= np.repeat(scales.reshape(5, -1), BLOCK, axis=1)[:, :columns] * 0.501).all()


def test_a_question_runs_with_weights_of_8_bits(tiny: RetrievalSettings) -> None:
    embedder = open_embedder(tiny)
    question = ["a graph of points"]
    alone, among = embedder.embed(question)[0], embedder.embed(question * 2)[0]
    assert 0.999 < float(alone @ among) < 1 - 1e-6


def test_where_8_bits_cannot_be_run_questions_are_embedded_as_texts_are(
    tiny: RetrievalSettings, tmp_path: Path
) -> None:
    model = find_model(tiny)
    unknown = tmp_path / "unknown.onnx"
    unknown.write_bytes(
        model.light.read_bytes().replace(b"MatMulNBits", b"MatMulNBitz") if model.light else b""
    )
    embedder = MiniLM(replace(model, light=unknown), open_tokenizer(model.tokenizer))
    np.testing.assert_allclose(embedder.embed(TEXTS[:1]), embedder.embed(TEXTS)[:1], atol=1e-6)


def test_tokens_are_counted_beyond_the_truncation_in_the_file(tiny: RetrievalSettings) -> None:
    embedder = open_embedder(tiny)
    assert embedder.count_tokens("graphs of light") == 6
    assert embedder.count_tokens("graphs " * 100) == 202
    assert embedder.max_tokens == tiny_bert.POSITIONS


def test_other_weights_have_another_name(tmp_path: Path, tiny: RetrievalSettings) -> None:
    other = tiny_bert.make_folder(tmp_path / "other", seed=1)
    copy = tiny_bert.make_folder(tmp_path / "copy")
    names = {open_embedder(settings(minilm_dir=folder)).name for folder in (other, copy, tiny.minilm_dir)}
    assert len(names) == 2


def test_a_ready_model_that_ends_in_token_states_is_pooled(tmp_path: Path, tiny: RetrievalSettings) -> None:
    """As Chroma's model.onnx does, which also wants token_type_ids."""
    from onnx import TensorProto, helper, numpy_helper, save

    table = np.random.default_rng(5).normal(size=(len(tiny_bert.WORDS), 4)).astype(np.float32)
    names = ("input_ids", "attention_mask", "token_type_ids")
    inputs = [helper.make_tensor_value_info(name, TensorProto.INT64, ["b", "l"]) for name in names]
    output = helper.make_tensor_value_info("last_hidden_state", TensorProto.FLOAT, ["b", "l", 4])
    nodes = [
        helper.make_node("Mul", ["token_type_ids", "attention_mask"], ["zeros"]),
        helper.make_node("Add", ["input_ids", "zeros"], ["ids"]),
        helper.make_node("Gather", ["table", "ids"], ["last_hidden_state"]),
    ]
    graph = helper.make_graph(nodes, "g", inputs, [output], [numpy_helper.from_array(table, "table")])
    folder = tmp_path / "ready"
    folder.mkdir()
    save(
        helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8),
        folder / "model.onnx",
    )
    (folder / "tokenizer.json").write_text(json.dumps(tiny_bert.tokenizer()))

    vectors = open_embedder(settings(minilm_dir=folder)).embed(["light depth", "a"])
    word = tiny_bert.WORDS.index
    states = table[[tiny_bert.CLS, word("light"), word("depth"), tiny_bert.SEP]].sum(axis=0)
    np.testing.assert_allclose(vectors[0], states / np.linalg.norm(states), atol=1e-6)


# The ONNX file


def test_the_onnx_files_are_made_once(tiny: RetrievalSettings, cache: Path) -> None:
    open_embedder(tiny)
    before = {path: path.stat().st_mtime_ns for path in cache.iterdir()}
    open_embedder(tiny)
    assert {path: path.stat().st_mtime_ns for path in cache.iterdir()} == before
    assert sorted(path.name.partition("-")[0] for path in before) == ["minilm", "minilm8"]


@pytest.mark.parametrize("kind", ["minilm", "minilm8"])
@pytest.mark.parametrize(
    "damage", [lambda raw: raw[: len(raw) // 2], lambda raw: raw[:-1] + b"?", lambda _: b""]
)
def test_a_damaged_onnx_file_is_made_again(
    tiny: RetrievalSettings, cache: Path, damage: object, kind: str
) -> None:
    before = open_embedder(tiny)
    (made,) = cache.glob(f"{kind}-*")
    whole = made.read_bytes()
    assert callable(damage)
    made.write_bytes(damage(whole))
    after = open_embedder(tiny)
    for texts in (TEXTS, TEXTS[:1]):
        np.testing.assert_array_equal(after.embed(texts), before.embed(texts))
    assert made.read_bytes() == whole


def test_processes_that_build_at_once_do_not_hurt_each_other(tiny: RetrievalSettings, cache: Path) -> None:
    code = (
        "import sys; from retrieval.embedding import open_embedder as open_\n"
        "from tests.test_embedding import settings\n"
        "print(open_(settings(minilm_dir=sys.argv[1])).embed(['light']).tolist())"
    )
    command = [sys.executable, "-c", code, str(tiny.minilm_dir)]
    root = Path(__file__).parent.parent  # where `tests` can be imported from
    builders = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=root) for _ in range(3)]
    printed = {builder.communicate(timeout=60)[0] for builder in builders}
    assert len(printed) == 1
    assert [builder.returncode for builder in builders] == [0, 0, 0]
    assert [path.suffix for path in cache.iterdir()] == [".onnx"] * 2


def test_the_data_folder_is_used_where_the_cache_cannot_be(tiny: RetrievalSettings, cache: Path) -> None:
    cache.parent.mkdir()
    cache.touch()  # a file where the folder should be
    open_embedder(tiny)
    assert [path.suffix for path in (tiny.data / "models").iterdir()] == [".onnx"] * 2


def test_nowhere_to_write_is_said(tiny: RetrievalSettings, cache: Path) -> None:
    cache.parent.mkdir()
    cache.touch()
    tiny.data.touch()
    with pytest.raises(ModelUnavailable, match="could not be written"):
        open_embedder(tiny)


# Weights that are refused


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("model.safetensors", b""),
        ("model.safetensors", b"\xff" * 8 + b"{}"),
        ("model.safetensors", (2).to_bytes(8, "little") + b"{}"),
        ("model.safetensors", (2).to_bytes(8, "little") + b"[]"),
        ("config.json", b'{"model_type": "roberta"}'),
        ("config.json", json.dumps({**tiny_bert.CONFIG, "hidden_act": "relu"}).encode()),
        ("config.json", json.dumps({**tiny_bert.CONFIG, "num_hidden_layers": 9}).encode()),
        ("config.json", b"not json"),
        ("tokenizer.json", b"{}"),
        ("tokenizer.json", b"\xff\xfe"),
        ("model.onnx", b"this is no graph"),
    ],
)
def test_a_damaged_folder_is_refused(tiny: RetrievalSettings, name: str, content: bytes) -> None:
    assert tiny.minilm_dir is not None
    (tiny.minilm_dir / name).write_bytes(content)
    with pytest.raises(ModelUnavailable):
        open_embedder(tiny)


def test_a_cut_weights_file_is_refused(tiny: RetrievalSettings) -> None:
    assert tiny.minilm_dir is not None
    path = tiny.minilm_dir / "model.safetensors"
    path.write_bytes(path.read_bytes()[:-8])
    with pytest.raises(ModelUnavailable, match=r"safetensors"):
        open_embedder(tiny)


@pytest.mark.parametrize("name", ["tokenizer.json", "model.safetensors"])
def test_an_incomplete_folder_is_told_what_belongs_there(tiny: RetrievalSettings, name: str) -> None:
    assert tiny.minilm_dir is not None
    (tiny.minilm_dir / name).unlink()
    with pytest.raises(ModelUnavailable, match=r"must hold tokenizer\.json and model\.onnx or"):
        open_embedder(tiny)


def test_a_package_with_other_weights_is_refused_and_not_imported(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    package = tmp_path / "site" / PACKAGE
    tiny_bert.make_folder(package / "model")
    (package / "__init__.py").write_text("raise AssertionError('imported')")
    monkeypatch.syspath_prepend(tmp_path / "site")
    with pytest.raises(ModelUnavailable, match=r"SHA-256 .*make install"):
        open_embedder(settings())


# The real weights


@pytest.fixture(scope="module")
def minilm() -> Embedder:
    if importlib.util.find_spec(PACKAGE) is None:
        pytest.skip(f"the weights package {PACKAGE} is not installed (make install)")
    return open_embedder(settings())


def test_the_default_embedder_is_the_known_model(minilm: Embedder) -> None:
    assert (minilm.dimensions, minilm.max_tokens) == (384, 256)
    first, second = minilm.embed(["A man is eating food.", "A man is eating a piece of bread."])
    assert float(first @ second) == pytest.approx(0.7553, abs=0.001)  # as sentence-transformers documents it
    assert PACKAGE not in sys.modules
    assert "torch" not in sys.modules


def test_the_real_tokenizer_counts_and_refuses_beyond_256(minilm: Embedder) -> None:
    assert minilm.count_tokens("eating food") == 4
    assert minilm.embed(["food " * 254]).shape == (1, 384)
    with pytest.raises(ValueError, match="257 tokens"):
        minilm.embed(["food " * 255])
