"""The gate's weights, fitted to questions of which it is known whether the library answers them. Pure.

A logistic regression with both kinds of question weighed alike; then the bias is set so that at most a given
share of the questions with an answer is refused.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import astuple, dataclass

import numpy as np
from numpy.typing import NDArray

from bot.gate import BIAS, WEIGHTS, Evidence, confidence
from retrieval.evaluate import Share

REFUSED = 0.04  # of the questions with an answer, at most, may be refused
PARTS = 10  # of the cross-validation
PENALTY = 1.0  # on the square of each weight, for signs in standard deviations
STEPS = 50  # of Newton's method; it converges in about ten

Matrix = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Rates:
    """How a gate does."""

    name: str
    weights: Evidence
    bias: float
    refused_rightly: Share  # of the questions without an answer
    refused_wrongly: Share  # of those with one


def calibrate(found: Sequence[Evidence], answerable: Sequence[bool], refused: float = REFUSED) -> list[Rates]:
    """The gate in use, and the one that fits these questions best: on all of them, and cross-validated.

    Repeatable: the parts are taken in turn. Raises ValueError where one kind of question is missing.
    """
    truth = np.array(answerable, dtype=bool)
    if not truth.any() or truth.all():
        raise ValueError("A calibration needs questions with an answer and questions without one.")
    signs = np.array([astuple(one) for one in found], dtype=float)
    weights, bias = _fit(signs, truth, refused)
    unseen = np.zeros(len(truth))
    for part in range(PARTS):
        held_out = np.arange(len(truth)) % PARTS == part
        if truth[~held_out].all() or not truth[~held_out].any() or not held_out.any():
            continue
        own, own_bias = _fit(signs[~held_out], truth[~held_out], refused)
        unseen[held_out] = signs[held_out] @ own + own_bias
    fitted = Evidence(*weights.tolist())
    in_use = np.array([confidence(one) for one in found])
    return [
        _rates("in use", WEIGHTS, BIAS, in_use, truth),
        _rates("fitted", fitted, bias, signs @ weights + bias, truth),
        _rates("fitted, on unseen questions", fitted, bias, unseen, truth),
    ]


def _rates(name: str, weights: Evidence, bias: float, scores: Matrix, truth: NDArray[np.bool_]) -> Rates:
    refused = scores < 0
    return Rates(
        name=name,
        weights=weights,
        bias=bias,
        refused_rightly=Share(int((refused & ~truth).sum()), int((~truth).sum())),
        refused_wrongly=Share(int((refused & truth).sum()), int(truth.sum())),
    )


def _fit(signs: Matrix, truth: NDArray[np.bool_], refused: float) -> tuple[Matrix, float]:
    """Weights and bias by Newton's method, for signs as they are."""
    mean, spread = signs.mean(axis=0), signs.std(axis=0) + 1e-9
    rows = np.c_[(signs - mean) / spread, np.ones(len(signs))]
    share = truth.mean()
    importance = np.where(truth, 0.5 / share, 0.5 / (1 - share))
    penalty = np.r_[np.full(signs.shape[1], PENALTY), 1e-6]
    beta = np.zeros(rows.shape[1])
    for _ in range(STEPS):
        likely = 1 / (1 + np.exp(-rows @ beta))
        slope = rows.T @ (importance * (likely - truth)) + penalty * beta
        curve = (rows * (importance * likely * (1 - likely))[:, None]).T @ rows + np.diag(penalty)
        beta -= np.linalg.solve(curve, slope)
    weights = beta[:-1] / spread
    lowest = np.sort(signs[truth] @ weights)
    return weights, -float(lowest[int(refused * len(lowest))]) + 1e-9
