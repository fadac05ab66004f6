"""Scores of different measures on one scale. Pure."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

_ALIKE = 1e-9
"""A deviation under which all scores are alike, as of a question none of whose words is known."""


def standardised(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Distances from the mean in standard deviations; zeros where all are alike. [n] -> [n]"""
    deviation = float(values.std())
    return (values - values.mean()) / deviation if deviation > _ALIKE else np.zeros(len(values))
