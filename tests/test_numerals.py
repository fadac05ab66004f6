"""Numbers of a sentence against those of a paper: other ways to write them, roundings, limits, clauses."""

from __future__ import annotations

import time

import pytest

from bot.checking.numerals import in_digits, numbers, printed
from bot.checking.rounded import bounds, roughly
from bot.checking.support import Passages
from tests.fakes import HEDGE, PASSAGES, passage


def holds(paper: str, sentence: str) -> bool:
    return Passages([passage(HEDGE, paper)]).support(sentence, 1).holds


@pytest.mark.parametrize(
    ("paper", "sentence"),
    [
        (
            "Its accuracy is 84.9 % after pruning.",
            "Its accuracy is about 85 % after pruning.",
        ),
        (
            "Its accuracy is 84.9 % after pruning.",
            "Its accuracy is nearly 85 % after pruning.",
        ),
        (
            "Its accuracy is 85.2 % after pruning.",
            "Its accuracy is just over 85 % after pruning.",
        ),
        (
            "Its accuracy is 85.2 % after pruning.",
            "Its accuracy is more than 85 % after pruning.",
        ),
        ("Its accuracy is 73.56 % after pruning.", "Its accuracy is 73.6 % after pruning."),
        ("The set holds 1,203,441 images of gardens.", "The set holds 1.2 million images of gardens."),
        ("The set holds 1,203,441 images of gardens.", "The set holds about 1.2 million images of gardens."),
        ("The set holds 1,203,441 images of gardens.", "The set holds over 1.2 million images of gardens."),
        ("Pruning is 2.94 times faster than growing.", "Pruning is nearly 3x faster than growing."),
        ("Pruning is 2.94x faster than growing.", "Pruning is 2.94 times faster than growing."),
        ("Pruning takes 18 ms for a garden.", "Pruning takes less than 20 ms for a garden."),
        ("We test on three datasets of gardens.", "They test on 3 datasets of gardens."),
        ("We test on 3 datasets of gardens.", "They test on three datasets of gardens."),
        ("We test on thirteen datasets of gardens.", "They test on 13 datasets of gardens."),
        ("We test on 13 datasets of gardens.", "They test on thirteen datasets of gardens."),
        ("We test on twenty-five datasets of gardens.", "They test on 25 datasets of gardens."),
        ("We test on 25 datasets of gardens.", "They test on twenty-five datasets of gardens."),
        ("It rises by 5 % after pruning.", "It rises by 5 percent after pruning."),
        ("It rises by 5 percent after pruning.", "It rises by 5% after pruning."),
        (
            "It rises by 5 percentage points after pruning.",
            "It rises by five points after pruning.",
        ),
        ("The set holds 10k images of gardens.", "The set holds 10,000 images of gardens."),
        ("The set holds 10,000 images of gardens.", "The set holds 10k images of gardens."),
        ("The set holds 10 000 images of gardens.", "The set holds 10,000 images of gardens."),
        ("The set holds ten thousand images of gardens.", "The set holds 10,000 images of gardens."),
        ("The set holds 10,000 images of gardens.", "The set holds ten thousand images of gardens."),
        ("The set holds 10M images of gardens.", "The set holds 10 million images of gardens."),
        ("The net has 25.6M parameters in all.", "The net has 25.6 million parameters in all."),
        ("Pruning is 2x faster than growing trees.", "Pruning is twice as fast as growing trees."),
        ("Pruning is 2× faster than growing trees.", "Pruning is two times faster than growing trees."),
        ("Pruning is twice as fast as growing trees.", "Pruning is 2x as fast as growing trees."),
        ("Pruning doubles the speed of growing trees.", "Pruning makes the speed of growing trees 2x."),
        ("Pruning removes half of all branches.", "Pruning removes 50 % of all branches."),
        ("Pruning removes 50% of all branches.", "Pruning removes half of all branches."),
        ("Gardens have 10-20 trees each at most.", "Gardens have 10 to 20 trees each at most."),
        ("Gardens have 10 to 20 trees each.", "Gardens have between 10 and 20 trees each."),
        ("Gardens have 10–20 trees each.", "Gardens have from 10 to 20 trees each."),
        (
            "The rate for pruning is 1e-4 at first.",
            "The rate for pruning is 1e-4 at first.",
        ),
        (
            "The rate for pruning is 1e-4 at first.",
            "The rate for pruning is 0.0001 at first.",
        ),
        (
            "The rate for pruning is 0.0001 at first.",
            "The rate for pruning is 1e-4 at first.",
        ),
        (
            "The rate for pruning is 10−4 at first.",
            "The rate for pruning is 1e-4 at first.",
        ),
        (
            "The rate for pruning is 1 × 10−4 at first.",
            "The rate for pruning is 1e-4 at first.",
        ),
        (
            "The rate for pruning is 1×10^{-4} at first.",
            "The rate for pruning is 10^-4 at first.",
        ),
        (
            "The rate for pruning is 5 × 10-4 at first.",
            "The rate for pruning is 5e-4 at first.",
        ),
        (
            "The rate for pruning is 5 × 10−4 at first.",
            "The rate for pruning is 5 × 10⁻⁴ at first.",
        ),
        (
            "The rate for pruning is 5 × 10−4 at first.",
            "The rate for pruning is 5×10^-4 at first.",
        ),
        (
            "The rate for pruning is 5 × 10−4 at first.",
            "The rate for pruning is 0.0005 at first.",
        ),
        ("The budget of pruning is 10^6 steps.", "The budget of pruning is one million steps."),
        ("The budget of pruning is one million steps.", "The budget of pruning is 1,000,000 steps."),
        (
            "The loss uses a weight of .5 for trees.",
            "The loss uses a weight of 0.5 for trees.",
        ),
        (
            "The loss uses a weight of 0.5 for trees.",
            "The loss uses a weight of .5 for trees.",
        ),
        ("The error changes by -3.2 on gardens.", "The error changes by −3.2 on gardens."),
        ("Training takes two and a half hours on gardens.", "Training takes 2.5 hours on gardens."),
        ("Training takes 2.5 hours on gardens.", "Training takes two and a half hours on gardens."),
        ("Training takes 1.5 s on gardens.", "Training takes 1500 ms on gardens."),
        ("Training takes 1500 ms on gardens.", "Training takes 1.5 seconds on gardens."),
        ("The net prunes 1/3 of all its branches.", "The net prunes a third of all its branches."),
        ("The net prunes 2/3 of all its branches.", "The net prunes two thirds of all its branches."),
        ("We test on dozens of gardens with 12 trees.", "They test on dozens of gardens with a dozen trees."),
        ("Images of 256×256 pixels show gardens.", "Images of 256 by 256 pixels show gardens."),
        ("All runs used one small GPU for gardens.", "All runs used 1 small GPU for gardens."),
        ("All runs used a single GPU for gardens.", "All runs used one GPU for gardens."),
        ("Scores lie in 0.5±0.02 on gardens.", "Scores are 0.5 ± 0.02 on gardens."),
        ("The price of pruning is $1,500 a garden.", "The price of pruning is 1500 dollars a garden."),
    ],
)
def test_one_number_in_two_forms(paper: str, sentence: str) -> None:
    assert holds(paper, sentence)


@pytest.mark.parametrize(
    ("paper", "sentence"),
    [
        ("Its accuracy is 84.9 % after pruning.", "Its accuracy is 85 % after pruning."),
        ("Its accuracy is 84.9 % after pruning.", "Its accuracy is 84.8 % after pruning."),
        (
            "Its accuracy is 84.9 % after pruning.",
            "Its accuracy is about 84.8 % after pruning.",
        ),
        (
            "Its accuracy is 84.9 % after pruning.",
            "Its accuracy is about 84 % after pruning.",
        ),
        (
            "Its accuracy is 84.9 % after pruning.",
            "Its accuracy is about 90 % after pruning.",
        ),
        (
            "Its accuracy is 85.2 % after pruning.",
            "Its accuracy is nearly 85 % after pruning.",
        ),
        (
            "Its accuracy is 85 % after pruning.",
            "Its accuracy is more than 85 % after pruning.",
        ),
        (
            "Its accuracy is 84.9 % after pruning.",
            "Its accuracy is more than 85 % after pruning.",
        ),
        ("Its accuracy is 73.56 % after pruning.", "Its accuracy is 73.5 % after pruning."),
        ("The set holds 1,203,441 images of gardens.", "The set holds 1.3 million images of gardens."),
        ("The set holds 1,203,441 images of gardens.", "The set holds 1 million images of gardens."),
        ("The set holds 1,203,441 images of gardens.", "The set holds 1.2 billion images of gardens."),
        ("Pruning is 2.94 times faster than growing.", "Pruning is 3x faster than growing."),
        ("Pruning takes 18 ms for a garden.", "Pruning takes less than 18 ms for a garden."),
        ("Pruning takes 18 ms for a garden.", "Pruning takes less than 15 ms for a garden."),
        ("We test on 3 datasets of gardens.", "They test on four datasets of gardens."),
        ("We test on 13 datasets of gardens.", "They test on fifteen datasets of gardens."),
        ("We test on 25 datasets of gardens.", "They test on thirty datasets of gardens."),
        ("The set holds 10,000 images of gardens.", "The set holds 100k images of gardens."),
        ("The set holds 10,000 images of gardens.", "The set holds a hundred thousand images of gardens."),
        ("Pruning is 3x faster than growing trees.", "Pruning is twice as fast as growing trees."),
        ("Pruning is twice as fast as growing trees.", "Pruning is three times as fast as growing trees."),
        ("Pruning triples the speed of growing trees.", "Pruning doubles the speed of growing trees."),
        ("Pruning removes 30% of all branches.", "Pruning removes half of all branches."),
        ("Gardens have 10–20 trees each.", "Gardens have 10–30 trees each."),
        (
            "The rate for pruning is 1e-4 at first.",
            "The rate for pruning is 1e-3 at first.",
        ),
        (
            "The rate for pruning is 5 × 10−4 at first.",
            "The rate for pruning is 5e-5 at first.",
        ),
        ("Training takes 1500 ms on gardens.", "Training takes 1.5 ms on gardens."),
        ("Images of 256×256 pixels show gardens.", "Images of 512 by 512 pixels show gardens."),
        ("All runs used four small GPUs for gardens.", "All runs used one small GPU for gardens."),
        ("All runs used four small GPUs for gardens.", "All runs used a single small GPU for gardens."),
        ("All runs used 4 small GPUs for gardens.", "All runs used one small GPU for gardens."),
        ("Scores lie in 0.5±0.02 on gardens.", "Scores are 0.5 ± 0.03 on gardens."),
    ],
)
def test_another_number_is_no_form_of_it(paper: str, sentence: str) -> None:
    assert not holds(paper, sentence)


SCANS = "MoleFormer needs 18 ms for one scan, while RookNet needs 95 ms."
SETS = "HedgeNet reaches 71.3 % accuracy on GardenSet and 65.2 % on ThornSet."
BEATEN = "HedgeNet reaches 71.3 % accuracy, compared to 65.2 % for the previous best network."
APART = "HedgeNet needs 18 ms. ThornNet needs 95 ms."
HOURS = "Pruning takes 5 hours, but growing takes 9 hours."
RISE = "ProDigy improves the accuracy from 73.56% (baseline) to 79.19%."
IMAGES = "The garden set has 300 images for training and 40 images for testing."
RUNS = "We train with 4 GPUs for 20 epochs; ThornNet is trained with 8 GPUs for 90 epochs."
SIZES = "HedgeNet, ThornNet and RookNet have 4.2M, 11M and 25M parameters, respectively."
WITHOUT = "With pruning, accuracy is 71.3 %; without pruning, it is 68.0 %."


@pytest.mark.parametrize(
    ("paper", "sentence"),
    [
        (SCANS, "RookNet needs 95 ms."),
        (SCANS, "RookNet needs 95 ms for one scan."),
        (SCANS, "MoleFormer needs 18 ms per scan."),
        (SCANS, "MoleFormer needs 18 ms, while RookNet takes 95 ms."),
        (SCANS, "MoleFormer takes 18 ms per scan, compared with 95 ms for RookNet."),
        (SCANS, "At 18 ms for one scan MoleFormer is faster than RookNet, which needs 95 ms."),
        (SCANS, "MoleFormer reduces the time from 95 ms to 18 ms."),
        (SCANS, "RookNet is slower, at 95 ms, than MoleFormer."),
        (SETS, "HedgeNet reaches 65.2 % on ThornSet."),
        (SETS, "HedgeNet reaches 71.3 % on GardenSet."),
        (SETS, "HedgeNet reaches 71.3 % and 65.2 % on GardenSet and ThornSet, respectively."),
        (SETS, "On GardenSet its accuracy is 71.3 %, on ThornSet 65.2 %."),
        (BEATEN, "The previous best network reaches 65.2 % accuracy."),
        (BEATEN, "HedgeNet beats the previous best network, which has 65.2 % accuracy."),
        (APART, "ThornNet needs 95 ms."),
        (APART, "HedgeNet needs 18 ms and ThornNet 95 ms."),
        (HOURS, "Growing takes 9 hours."),
        (HOURS, "Pruning takes 5 hours."),
        (RISE, "ProDigy reaches an accuracy of 79.19%."),
        (RISE, "ProDigy raises accuracy to 79.19%, from 73.56% for the baseline."),
        (RISE, "The baseline has an accuracy of 73.56%."),
        (IMAGES, "There are 40 images for testing."),
        (RUNS, "HedgeNet is trained with 4 GPUs for 20 epochs."),
        (RUNS, "ThornNet is trained with 8 GPUs."),
        (SIZES, "ThornNet has 11M parameters."),
        (SIZES, "RookNet has 25M parameters."),
        (WITHOUT, "Accuracy is 68.0 % without pruning."),
    ],
)
def test_a_number_of_its_own_clause_stays(paper: str, sentence: str) -> None:
    assert holds(paper, sentence)


@pytest.mark.parametrize(
    ("paper", "sentence"),
    [
        (SCANS, "MoleFormer needs 95 ms for one scan."),
        (SCANS, "RookNet needs 18 ms."),
        (SCANS, "RookNet takes 18 ms per scan, compared with 95 ms for MoleFormer."),
        (SETS, "HedgeNet reaches 65.2 % accuracy on GardenSet."),
        (SETS, "Accuracy on ThornSet is 71.3 %."),
        (BEATEN, "HedgeNet reaches 65.2 % accuracy."),
        (APART, "HedgeNet needs 95 ms."),
        (APART, "ThornNet needs 18 ms."),
        (HOURS, "Pruning takes 9 hours."),
        (HOURS, "Growing takes 5 hours."),
        (IMAGES, "There are 300 images for testing in the garden set."),
        (IMAGES, "The garden set has 40 images for training."),
        (RUNS, "ThornNet is trained for 20 epochs."),
        (RUNS, "HedgeNet is trained for 90 epochs."),
        (WITHOUT, "Accuracy is 68.0 % with pruning."),
    ],
)
def test_a_number_of_another_clause_is_caught(paper: str, sentence: str) -> None:
    assert not holds(paper, sentence)


@pytest.mark.parametrize(
    ("sentence", "right"),
    [
        ("MoleFormer needs 18 ms for one scan.", True),
        ("MoleFormer needs 95 ms for one scan.", False),
        ("MoleFormer needs 95 ms.", False),
        ("Rook et al. need 95 ms.", True),
        ("The older method takes 95 ms.", True),
        ("The previous best method of Rook needs 18 ms.", False),
    ],
)
def test_it_is_what_was_spoken_of_before(sentence: str, right: bool) -> None:
    assert Passages(PASSAGES).support(sentence, 3).holds is right


def test_a_footnote_of_the_paper_counts_nothing() -> None:
    paper = "The kernel of HedgeNet has size 15. Large kernels are used by many networks [9, 11, 23]."
    assert holds(paper, "The kernel of HedgeNet has size 15.")
    assert not holds(paper, "The kernel of HedgeNet has size 11.")


def test_a_number_of_the_next_sentence_is_not_this_ones() -> None:
    paper = "In row 1, we report the accuracy of plain pruning. Row 2 is about growing trees."
    assert not holds(paper, "In row 2, they report the accuracy of plain pruning.")


def test_numbers_with_their_units() -> None:
    assert set(numbers("ResNet-50 takes 1,024 images, 0.50 % and 3 ms on 8GB.")) == {
        ("1024", ""),
        ("0.5", "%"),
        ("3", "ms"),
        ("8", "gb"),
    }
    assert ("256", "x") in printed("an image of 256×256pixels")
    assert ("5000", "") in printed("5k") and ("4200000", "") in printed("4.2 million")
    assert ("32.48", "") in printed("NAFNet 32 .48") and ("32", "") in printed("NAFNet 32 .48")


@pytest.mark.parametrize(
    "text",
    [
        "10-20 trees",
        "one of the trees",
        "one-to-many",
        "the first half of the net",
        "in 2010-20",
        "GPT-4 v1.5",
        "a dual tree",
        "half an hour",
    ],
)
def test_what_is_no_number_in_words_stays(text: str) -> None:
    assert in_digits(text) == text


def test_a_limit_is_no_number() -> None:
    assert bounds("fewer than 4.2, no more than five, at least 1,000, >= 7 or more than ten") == {
        ("at most", "4.2"),
        ("at most", "5"),
        ("at least", "1000"),
        ("at least", "10"),
    }


def test_only_what_is_said_to_be_rough_or_keeps_its_digits_may_be_rounded() -> None:
    found = roughly("about 85 of 90, nearly 3x, 73.6 and 5.1, over 2 million")
    assert [(one.value, one.side) for one in found] == [
        ("85", "about"),
        ("3", "below"),
        ("73.6", "kept"),
        ("2", "above"),
    ]


@pytest.mark.parametrize(
    "piece", ["1", "1,", "one ", "10^", "twenty-", "1 000 ", "5e", "half of ", "3 × 10", "("]
)
def test_a_long_odd_text_takes_no_time(piece: str) -> None:
    text = piece * 3_000
    started = time.perf_counter()
    printed(text)
    list(roughly(text))
    holds(f"HedgeNet has 4 branches. {text[:3_000]}", f"HedgeNet has {text[:300]} branches.")
    assert time.perf_counter() - started < 2.0
