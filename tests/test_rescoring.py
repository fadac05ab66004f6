"""A second look at the candidates of a search: the cross-encoder, what is refused, and what it changes."""

from __future__ import annotations

import json
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from bot.doctor import machine
from bot.settings import BotSettings
from retrieval.errors import ModelUnavailable
from retrieval.library import Library
from retrieval.rescoring import NO_JUDGEMENT, Judgement, SecondLook, open_rescorer
from retrieval.rescoring.cross_encoder import open_cross_encoder
from retrieval.settings import RetrievalSettings
from tests import tiny_bert, tiny_cross_encoder
from tests.papers import HashingEmbedder, write_records

QUESTION = "a graph of points"
PASSAGES = ["light", "a graph of light", "points of light of depth of a graph .", "", "a graph of points"]
WEIGHTS = (0.0, 0.5, 0.9, 1.0)
SHARED = [0, 3, 6, 0, 4]  # pairs of equal words, one on each side


def settings(folder: Path | None, **values: object) -> RetrievalSettings:
    return RetrievalSettings.model_validate({"RERANKER_DIR": folder, **values})


@pytest.mark.parametrize("outputs", [1, 2])
def test_each_passage_has_its_score_in_order(tmp_path: Path, outputs: int) -> None:
    encoder = open_cross_encoder(tiny_cross_encoder.make_folder(tmp_path, outputs=outputs))
    scores = encoder.scores(QUESTION, PASSAGES)
    assert scores.dtype == np.float32
    assert scores.tolist() == SHARED
    many = encoder.scores(QUESTION, PASSAGES * 40)  # several batches
    np.testing.assert_array_equal(many, np.tile(scores, 40))
    assert encoder.scores(QUESTION, []).shape == (0,)


def test_with_two_outputs_the_odds_of_the_second_count(tmp_path: Path) -> None:
    folder = tiny_cross_encoder.make_folder(tmp_path, outputs=2, weight=-2.0)
    assert open_cross_encoder(folder).scores(QUESTION, ["light", QUESTION]).tolist() == [0.0, -8.0]


def test_what_is_too_long_is_cut_and_the_question_keeps_half(tmp_path: Path) -> None:
    encoder = open_cross_encoder(tiny_cross_encoder.make_folder(tmp_path))
    long = "graph " * 1000
    scores = encoder.scores(long, ["graph", "graph \ud800", long, "light " * 1000 + "graph"])
    assert scores.tolist() == [18, 18, 18 * 19, 0]  # 18 words of the question, 40 tokens in all
    assert encoder.scores("", ["graph"]).tolist() == [0]


def test_threads_share_a_cross_encoder(tmp_path: Path) -> None:
    encoder = open_cross_encoder(tiny_cross_encoder.make_folder(tmp_path))
    expected = encoder.scores(QUESTION, PASSAGES)
    with ThreadPoolExecutor(4) as pool:
        for scores in pool.map(lambda _: encoder.scores(QUESTION, PASSAGES), range(12)):
            np.testing.assert_array_equal(scores, expected)


# -- what is refused


@pytest.mark.parametrize("name", ["model.onnx", "tokenizer.json", "config.json"])
def test_a_folder_that_lacks_a_file_is_refused_at_the_start(tmp_path: Path, name: str) -> None:
    folder = tiny_cross_encoder.make_folder(tmp_path / "model")
    (folder / name).unlink()
    wanted = settings(folder, FOOTNOTE_DATA=tmp_path / "data")
    with pytest.raises(ModelUnavailable, match=rf"lacks {name}\. .* set RERANKER_DIR to nothing"):
        Library.open(wanted, writable=True, create=True, embedder=HashingEmbedder())
    Library.open(settings(None, FOOTNOTE_DATA=tmp_path / "data"), embedder=HashingEmbedder()).close()


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("model.onnx", b"this is no graph", "is not a model that onnxruntime can run"),
        ("tokenizer.json", b"{}", "is not a tokenizer"),
        ("tokenizer.json", json.dumps({**tiny_bert.tokenizer(), "normalizer": 3}).encode(), "no.* tokenizer"),
        ("config.json", b"[]", "does not describe a model"),
        ("config.json", b'{"max_position_embeddings": 6}', "too few for two texts"),
        ("config.json", b'{"max_position_embeddings": "many"}', "does not describe a model"),
    ],
)
def test_a_damaged_folder_is_refused(tmp_path: Path, name: str, content: bytes, said: str) -> None:
    folder = tiny_cross_encoder.make_folder(tmp_path)
    (folder / name).write_bytes(content)
    with pytest.raises(ModelUnavailable, match=said):
        open_cross_encoder(folder)


def test_a_model_that_is_no_cross_encoder_is_refused(tmp_path: Path) -> None:
    three = tiny_cross_encoder.make_folder(tmp_path / "three", outputs=3)
    with pytest.raises(ModelUnavailable, match="one number or two"):
        open_cross_encoder(three)
    pictures = tiny_cross_encoder.make_folder(
        tmp_path / "pictures", inputs=("pixel_values", "attention_mask", "token_type_ids")
    )
    with pytest.raises(ModelUnavailable, match="asks for pixel_values, which Footnote does not know"):
        open_cross_encoder(pictures)


async def test_the_doctor_tries_it(tmp_path: Path) -> None:
    folder = tiny_cross_encoder.make_folder(tmp_path)
    found = await machine.reranker(BotSettings.model_validate({"RERANKER_DIR": folder}))
    assert found is not None
    assert (found.state, "best 20 candidates" in found.message) == ("ok", True)
    (folder / "model.onnx").write_bytes(b"")
    found = await machine.reranker(BotSettings.model_validate({"RERANKER_DIR": folder}))
    assert found is not None
    assert (found.state, "onnxruntime" in found.advice) == ("problem", True)
    assert await machine.reranker(BotSettings.model_validate({})) is None


# -- what it changes


def test_scores_are_handed_out_in_the_order_of_judgement() -> None:
    scores = {"a": 2.0, "b": 0.5, "c": 1.0, "d": -1.0}
    judged = Judgement({"b": 9.0, "a": 3.0, "d": 100.0, "gone": 7.0}, weight=1.0)
    assert judged.handed_out(scores) == {"d": 2.0, "b": 0.5, "a": -1.0, "c": 1.0}
    ranked = [("a", 2.0), ("c", 1.0), ("b", 0.5)]
    assert Judgement({"b": 1.0, "a": 0.0}, weight=1.0).reordered(ranked) == [
        ("b", 2.0),
        ("c", 1.0),
        ("a", 0.5),
    ]
    assert NO_JUDGEMENT.handed_out(scores) == scores
    assert NO_JUDGEMENT.reordered(ranked) == ranked


@pytest.mark.parametrize("judged", [dict.fromkeys("abcd", 1.0), {"d": 9.0}, {"gone": 1.0}])
def test_what_tells_nothing_apart_changes_nothing(judged: dict[str, float]) -> None:
    scores = {"a": 2.0, "b": 0.5, "c": 1.0, "d": -1.0}
    assert Judgement(judged, weight=1.0).handed_out(scores) == scores


def test_both_count_by_their_weight_on_whatever_scale() -> None:
    scores = {"a": 3.0, "b": 2.0, "c": 1.0}
    for scale in (1e-3, 1.0, 1e6):
        judged = {"a": 2.0 * scale, "b": 3.0 * scale, "c": -4.0 * scale}
        first = [
            max(Judgement(judged, w).handed_out(scores).items(), key=lambda pair: pair[1])[0] for w in WEIGHTS
        ]
        assert first == ["a", "a", "b", "b"]


class Counting:
    """A rescorer that keeps what it was shown, and likes long passages."""

    def __init__(self) -> None:
        self.shown: list[str] = []

    def scores(self, question: str, passages: Sequence[str]) -> NDArray[np.float32]:
        self.shown = list(passages)
        return np.array([len(passage) for passage in passages], np.float32)


def test_only_the_best_candidates_are_shown() -> None:
    rescorer = Counting()
    fused = {f"chunk{number}": float(number) for number in range(9)}
    judged = SecondLook(rescorer, 3, 0.7).judge(
        "any", fused, lambda names: {name: name * int(name[-1]) for name in names if name != "chunk7"}
    )
    assert judged == Judgement({"chunk8": 48.0, "chunk6": 36.0}, 0.7), "a passage that is gone is not shown"
    assert rescorer.shown == ["chunk8" * 8, "chunk6" * 6]


def test_a_search_follows_the_second_look(tmp_path: Path) -> None:
    """The model knows two words, which stand in another paper than the question's other words."""
    folder = tiny_cross_encoder.make_folder(tmp_path / "model", ["harvest", "power"])
    papers = write_records(tmp_path / "papers" / "list.jsonl").parent
    plain = settings(None, FOOTNOTE_DATA=tmp_path / "data")
    looked = settings(folder, FOOTNOTE_DATA=tmp_path / "data", RERANKER_WEIGHT=1)
    question = "Moss cools which roofs, and can they harvest power?"
    with Library.open(plain, writable=True, create=True, embedder=HashingEmbedder()) as library:
        library.ingest([papers])
        first = library.search(question)
    with Library.open(looked, embedder=HashingEmbedder()) as library:
        second = library.search(question)
    assert first.papers[0].paper.title == first.passages[0].paper.title == "Moss on Roofs"
    assert second.papers[0].paper.title.startswith("KiteNet")
    assert "harvest power" in second.passages[0].chunk.text
    assert {found.paper.id for found in first.papers} == {found.paper.id for found in second.papers}
    assert first.similarity == second.similarity


def test_without_the_setting_there_is_none(tmp_path: Path) -> None:
    assert open_rescorer(settings(None)) is None
    assert isinstance(open_rescorer(settings(tiny_cross_encoder.make_folder(tmp_path))), object)
