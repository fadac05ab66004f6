"""Whether a passage supports a sentence: by its words, figures, names and sense."""

from __future__ import annotations

import random
from collections import Counter
from pathlib import Path

import pytest

from bot.checking.claims import negated
from bot.checking.planted import FAITHFUL, Planted, caught, exchanged_names, plant, table
from bot.checking.support import Passages
from retrieval.evaluate import Share
from retrieval.models import Chunk, Paper, Passage
from retrieval.readers import read_file
from tests.fakes import HEDGE, MOLE, PASSAGES, FakeLibrary, paper, passage

HELD = Passages(PASSAGES)  # 1 and 2 of HedgeNet, 3 of MoleFormer, 4 of the tides


@pytest.mark.parametrize(
    ("sentence", "number"),
    [
        ("HedgeNet has 4.2 million parameters.", 1),
        ("HedgeNet prunes its own branches during training.", 1),
        ("It reaches 71.3% accuracy on GardenSet with 4.2 million parameters.", 1),
        ("Pruning happens every 500 steps.", 2),
        ("Branches that have not grown yet would be removed by earlier pruning.", 2),
        ("MoleFormer needs 18 ms for a scan, the previous best method of Rook et al. needs 95 ms.", 3),
        ("The tide is predicted to within 6 cm from one photograph.", 4),
        ("The runs used 4 small GPUs.", 2),
    ],
)
def test_what_the_paper_says_has_support(sentence: str, number: int) -> None:
    assert HELD.support(sentence, number).faults == ()


@pytest.mark.parametrize(
    ("sentence", "number", "fault"),
    [
        ("HedgeNet has 4.3 million parameters.", 1, "number"),
        ("MoleFormer needs 18 s for one scan.", 3, "unit"),
        ("ThornNet has 4.2 million parameters.", 1, "name"),
        ("HedgeNet has 4.2 million parameters.", 3, "number"),
        ("Pruning does not happen every 500 steps.", 2, "negation"),
        ("It needs 95 ms for one scan, while the previous best method of Rook needs 18 ms.", 3, "order"),
        ("Sourdough rises in large bakeries overnight.", 1, "words"),
        ("See https://papers.example/other for HedgeNet branches.", 1, "name"),
    ],
)
def test_what_it_does_not_say_is_told_by_its_fault(sentence: str, number: int, fault: str) -> None:
    assert fault in HELD.support(sentence, number).faults


def test_a_title_that_counts_claims_no_number() -> None:
    twice = paper("t", "Think Twice: Pruning by Two Gardeners")
    told = Passages([passage(twice, "The saw needs 18 ms for each branch of the hedge. It is fast.")])
    for lead in (f"{twice.title}: The", f"In “{twice.title}”, the", "The"):
        assert told.support(f"{lead} saw needs 18 ms for each branch.", 1).holds
        assert "number" in told.support(f"{lead} saw needs 19 ms for each branch.", 1).faults
    assert not told.support("The saw is twice as fast for each branch of the hedge.", 1).holds


def test_a_word_turned_round_is_no_support() -> None:
    grown = Passages([passage(HEDGE, "Pruning increases the accuracy on GardenSet by a wide margin.")])
    assert "direction" in grown.support("Pruning decreases the accuracy on GardenSet.", 1).faults
    assert grown.support("Pruning increases the accuracy on GardenSet.", 1).holds


def test_the_span_is_where_the_words_stand() -> None:
    found = HELD.support("All runs used four GPUs.", 2)
    text = PASSAGES[1].chunk.text
    assert text[slice(*found.span)] == "All runs used four small GPUs."


def test_the_best_passage_and_none() -> None:
    best = HELD.best("The tide is predicted to within 6 cm.")
    assert best is not None and best[0] == 4
    assert HELD.best("The tide is predicted to within 9 cm.") is None
    assert Passages([]).best("Anything at all.") is None


def test_two_passages_may_support_one_sentence_together() -> None:
    told = "HedgeNet has 4.2 million parameters, while MoleFormer needs 18 ms for one scan."
    assert HELD.together(told, [1, 3])
    assert not HELD.together(told.replace("18", "19"), [1, 3])
    assert not HELD.together(told, [1, 4])


def test_denials() -> None:
    assert negated("It cannot fly.") and negated("It doesn't fly.")
    assert not negated("It not only flies but sings.")
    assert not negated("It depends on whether a bird flies or not.")


def test_a_denial_is_told_though_the_paper_calls_its_method_otherwise() -> None:
    told = "Our performance is sensitive to the selected seeds. When a seed is not set well, HedgeNet wilts."
    held = Passages([passage(HEDGE, told)])
    assert held.support("HedgeNet is sensitive to its seeds.", 1).holds
    assert "negation" in held.support("HedgeNet is not sensitive to its seeds.", 1).faults


def test_what_denies_in_other_words_is_no_contradiction() -> None:
    held = Passages(
        [passage(HEDGE, "The graph of all branches can be simplified without losing much accuracy.")]
    )
    assert held.support("The graph can be simplified with little loss of accuracy.", 1).holds
    assert not held.support("The graph of all branches can be simplified losing much accuracy.", 1).holds


def test_not_only_is_not_only() -> None:
    held = Passages([passage(HEDGE, "Branches are only pruned while the network trains on GardenSet.")])
    assert held.support("Branches are only pruned while the network trains on GardenSet.", 1).holds
    assert "negation" in held.support("Branches are not only pruned while it trains on GardenSet.", 1).faults


@pytest.mark.parametrize("subject", ["Thornton", "Birch", "Pruning"])
def test_another_name_at_the_beginning_is_told_by_its_place(subject: str) -> None:
    text = "HedgeNet uses features of all branches, of the garden around them, and of the soil below."
    held = Passages([passage(MOLE, text)])
    assert "name" in held.support(text.replace("HedgeNet", subject), 1).faults
    for fair in ("HedgeNet", "The network", "It"):
        assert held.support(text.replace("HedgeNet", fair), 1).holds


def test_words_run_together_are_looked_for_as_they_stand() -> None:
    glued = "NetworksThatPruneThemselvesInGardensBySpringAndAutumn"
    held = Passages([passage(HEDGE, f"The table {glued} compares ten gardens by their hedges.")])
    assert held.support(f"The table {glued} compares ten gardens.", 1).holds
    assert "name" in held.support(f"The table {glued}X compares ten gardens.", 1).faults


def test_a_name_with_a_sign_within_is_found() -> None:
    held = Passages(
        [passage(HEDGE, "HedgeNet improves the state of the art by 7 % under mAP@0.5 on GardenSet.")]
    )
    assert held.support("It improves the state of the art by 7 % under mAP@0.5 on GardenSet.", 1).holds


def _planted(passages: list[Passage], seed: int) -> list[Planted]:
    return list(plant(passages, random.Random(seed)))


def test_every_kind_of_fault_is_planted_in_made_passages_too() -> None:
    grove = passage(
        MOLE,
        "We show that MoleFormer outperforms RookNet on GardenSet by 12 % with 8 GB of memory. "
        "It outperforms ThornNet on GardenSet by 19 %.",
    )
    kinds = Counter(one.kind for one in _planted([grove, *PASSAGES], 1))
    assert set(kinds) == {
        FAITHFUL,
        "wrong number",
        "wrong paper",
        "denied",
        "exchanged names",
        "wrong unit",
        "last digit changed",
        "number of another",
    }


def test_a_papers_own_authors_take_no_names_place() -> None:
    own = passage(HEDGE, "In spring we hold HedgeNet against the gardens of all our neighbours.")
    other = passage(MOLE, "The maps of Rowan and Alder at CVPR are older than those of Quennel.")
    for seed in range(30):
        made = exchanged_names(own.chunk.text, 1, (own, other), random.Random(seed))
        assert made is not None
        assert "Quennel" in made.sentence


def test_planted_faults_in_the_corpus_are_caught_and_right_sentences_kept(corpus: Path) -> None:
    groups = _groups(corpus)
    total: dict[str, Share] = {}
    for seed, passages in enumerate(groups):
        for kind, share in caught(_planted(passages, seed), Passages(passages)).items():
            before = total.get(kind, Share(0, 0))
            total[kind] = Share(before.hits + share.hits, before.of + share.of)
    lost = total.pop(FAITHFUL)
    assert lost.of >= 200 and lost.hits <= 0.05 * lost.of
    assert sum(share.of for share in total.values()) >= 200
    assert sum(share.hits for share in total.values()) >= 0.9 * sum(share.of for share in total.values())
    for kind, share in total.items():
        assert share.hits >= 0.8 * share.of, kind


def _groups(corpus: Path) -> list[list[Passage]]:
    """The abstracts of the corpus' conference list, eight at a time, as passages."""
    found: list[Passage] = []
    for path in sorted(corpus.iterdir()):
        for n, document in enumerate(read_file(path.name, path.read_bytes()).documents):
            if document.title and document.text("abstract"):
                owner = Paper(id=f"{path.name}-{n}", title=document.title, sources=(f"{path.name}#{n}",))
                found.append(passage(owner, document.text("abstract")))
        if len(found) >= 160:
            break
    return [found[at : at + 8] for at in range(0, len(found), 8)]


def test_the_table_of_planted_faults_is_the_same_on_every_run() -> None:
    class Held(FakeLibrary):
        def passages_of(self, paper_id: str) -> list[Chunk]:
            return [p.chunk for p in self.passages if p.paper.id == paper_id]

    first = table(Held(), papers=3)
    assert first == table(Held(), papers=3)
    assert first[FAITHFUL].hits == 0 and first[FAITHFUL].of > 2
    assert first["wrong paper"].value == 1.0
