"""Means of ratios and their standard errors, from moments that merge batch by batch."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Real = NDArray[np.float64]


@dataclass(frozen=True)
class Moments:
    """Counts, means and centred second moments of numerators and weights, each (outcomes,), of the runs so far."""

    runs: int
    value: Real
    weight: Real
    value_value: Real
    value_weight: Real
    weight_weight: Real

    @classmethod
    def of(cls, value: Real, weight: Real) -> "Moments":
        """Moments of arrays (runs, outcomes) of numerators and weights."""
        mean_value, mean_weight = value.mean(axis=0), weight.mean(axis=0)
        a, b = value - mean_value, weight - mean_weight
        return cls(len(value), mean_value, mean_weight, (a * a).sum(axis=0), (a * b).sum(axis=0), (b * b).sum(axis=0))

    def merge(self, other: "Moments") -> "Moments":
        """Moments of both sets of runs (Chan, Golub and LeVeque 1983)."""
        runs = self.runs + other.runs
        a, b = other.value - self.value, other.weight - self.weight
        part, cross = other.runs / runs, self.runs * other.runs / runs
        return Moments(
            runs,
            self.value + part * a,
            self.weight + part * b,
            self.value_value + other.value_value + cross * a * a,
            self.value_weight + other.value_weight + cross * a * b,
            self.weight_weight + other.weight_weight + cross * b * b,
        )

    def ratio(self) -> tuple[Real, Real]:
        """Weighted means sum(value) / sum(weight) and their standard errors, to first order (delta method).

        Both are NaN where no run has weight (nobody survived); the standard error is NaN for a single run.

        >>> Moments.of(np.array([[1.0], [3.0]]), np.ones((2, 1))).ratio()
        (array([2.]), array([1.]))
        """
        with np.errstate(divide="ignore", invalid="ignore"):
            mean = self.value / self.weight
            spread = self.value_value - 2.0 * mean * self.value_weight + mean * mean * self.weight_weight
            variance = np.maximum(spread, 0.0) / np.float64(self.runs - 1)
            error = np.sqrt(variance / self.runs) / self.weight
        return mean, np.where(np.isfinite(mean), error, np.nan)
