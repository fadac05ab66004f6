"""Bulk embedding through openvino, where it is installed; and everything as before, where it is not."""

from __future__ import annotations

import importlib.util
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from importlib.machinery import ModuleSpec
from pathlib import Path
from types import ModuleType, SimpleNamespace

import numpy as np
import pytest

from retrieval.embedding import minilm
from retrieval.embedding.minilm import open_minilm
from retrieval.embedding.openvino_model import open_openvino
from retrieval.embedding.sessions import Ids, Run
from retrieval.settings import RetrievalSettings
from tests import tiny_bert

TEXTS = ["graphs of light", "depth of a light .", "points", "a graph of depth points ."] * 20


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> RetrievalSettings:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    folder = tiny_bert.make_folder(tmp_path / "tiny")
    return RetrievalSettings.model_validate({"MINILM_DIR": folder, "FOOTNOTE_DATA": tmp_path / "data"})


def test_without_openvino_onnxruntime_embeds_all(
    settings: RetrievalSettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "openvino", None)
    assert open_openvino(Path("nowhere.onnx"), 1) is None
    embedder = open_minilm(settings)
    together = embedder.embed(TEXTS)
    np.testing.assert_allclose(together[:4], embedder.embed(TEXTS[:4]), atol=1e-5)


def test_many_texts_go_another_way_than_few(
    settings: RetrievalSettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[int] = []

    def ones(onnx: Path, workers: int) -> Run:
        opened.append(workers)
        return lambda feed: np.ones((len(feed["input_ids"]), tiny_bert.HIDDEN), np.float32)

    monkeypatch.setattr(minilm, "open_openvino", ones)
    embedder = open_minilm(settings)
    assert not (embedder.embed(TEXTS[: minilm.BULK - 1]) == 1).any()
    assert opened == []
    assert (embedder.embed(TEXTS) == 1).all()
    assert (embedder.embed(TEXTS) == 1).all()
    assert len(opened) == 1


class FirstRunAlone(ModuleType):
    """Stands for openvino, whose first run hangs where two threads come to it at once."""

    def __init__(self) -> None:
        super().__init__("openvino")
        self.__spec__ = ModuleSpec("openvino", None)
        self.inputs = [SimpleNamespace(any_name="input_ids"), SimpleNamespace(any_name="attention_mask")]
        self.ran_in: list[int] = []

    def Core(self) -> FirstRunAlone:
        return self

    def get_property(self, device: str, name: str) -> list[str]:
        return ["FP32", "BF16"]

    def compile_model(self, path: str, device: str, settings: dict[str, object]) -> FirstRunAlone:
        return self

    def create_infer_request(self) -> FirstRunAlone:
        return self

    def infer(self, feed: dict[str, Ids]) -> list[object]:
        if not self.ran_in and threading.current_thread() is not threading.main_thread():
            raise AssertionError("the first run was left to threads that run side by side")
        self.ran_in.append(threading.get_ident())
        return [np.ones((len(feed["input_ids"]), tiny_bert.HIDDEN), np.float32)]


def test_the_first_run_is_over_before_threads_run_side_by_side(monkeypatch: pytest.MonkeyPatch) -> None:
    openvino = FirstRunAlone()
    monkeypatch.setitem(sys.modules, "openvino", openvino)
    run = open_openvino(Path("some.onnx"), 2)
    assert run is not None
    ids = np.ones((4, 3), np.int64)
    with ThreadPoolExecutor(2) as threads:
        made = list(threads.map(run, [{"input_ids": ids, "attention_mask": ids}] * 4))
    assert [rows.shape for rows in made] == [(4, tiny_bert.HIDDEN)] * 4
    assert openvino.ran_in[0] == threading.get_ident()


def test_openvino_gives_nearly_the_same_vectors(settings: RetrievalSettings) -> None:
    if importlib.util.find_spec("openvino") is None:
        pytest.skip("the extra `openvino` is not installed")
    embedder = open_minilm(settings)
    cosines = (embedder.embed(TEXTS)[:4] * embedder.embed(TEXTS[:4])).sum(axis=1)
    assert np.min(cosines) > 0.999
