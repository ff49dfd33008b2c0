"""Sums of powers of values and weights about their means, up to the fourth, which merge batch by batch."""

from dataclasses import dataclass
from math import comb

import numpy as np
from numpy.typing import NDArray

from race_sim.runs.intervals import Limits, Spread, interval

Real = NDArray[np.float64]
ORDER = 4
POWERS = tuple((p, q) for p in range(ORDER + 1) for q in range(ORDER + 1 - p))


@dataclass(frozen=True)
class Powers:
    """Means of values and weights, and sums over runs of (value - its mean)^p (weight - its mean)^q for p + q <= 4.

    Attributes
    ----------
    value, weight : array (outcomes,)
        Means.
    sums : array (15, outcomes)
        In the order of ``POWERS``; the first is the number of runs.
    above, below : array (outcomes,)
        Number of runs whose value is not 0, and not that of the weight: of those that leave the bounds 0 and 1.
    """

    value: Real
    weight: Real
    sums: Real
    above: Real
    below: Real

    @classmethod
    def of(cls, value: Real, weight: Real) -> "Powers":
        """Sum powers of values of some runs.

        Parameters
        ----------
        value, weight : array (runs, outcomes)
            Numerators and weights.

        Returns
        -------
        Powers
            Of these runs.
        """
        if len(value) == 0:
            nothing = np.zeros(value.shape[1])
            return cls(nothing, nothing, np.zeros((len(POWERS), value.shape[1])), nothing, nothing)
        centre, middle = value.mean(axis=0), weight.mean(axis=0)
        a, b = value - centre, weight - middle
        powers = [[np.ones_like(a)], [np.ones_like(b)]]
        with np.errstate(over="ignore", invalid="ignore"):  # values above 1e77: their fourth powers are infinite
            for _ in range(ORDER):
                for chain, factor in zip(powers, (a, b), strict=True):
                    chain.append(chain[-1] * factor)
            sums = np.array([(powers[0][p] * powers[1][q]).sum(axis=0) for p, q in POWERS])
        above, below = ((value != bound).sum(axis=0).astype(float) for bound in (0.0, weight))
        return cls(centre, middle, sums, above, below)

    @property
    def runs(self) -> int:
        """Number of runs."""
        return int(self.sums[0, 0]) if self.sums.size else 0

    def merge(self, other: "Powers") -> "Powers":
        """Merge with those of other runs.

        Parameters
        ----------
        other : Powers
            Of the same outcomes.

        Returns
        -------
        Powers
            Of both sets of runs.
        """
        runs = self.runs + other.runs
        if runs == 0:
            return self
        part = other.runs / runs
        value, weight = (
            mean + part * (its - mean) for mean, its in ((self.value, other.value), (self.weight, other.weight))
        )
        sums = self._about(value, weight) + other._about(value, weight)
        return Powers(value, weight, sums, self.above + other.above, self.below + other.below)

    def _about(self, value: Real, weight: Real) -> Real:
        """The sums about other points, by the binomial theorem."""
        sums = dict(zip(POWERS, self.sums, strict=True))
        a, b = self.value - value, self.weight - weight
        return np.array([
            sum(comb(p, i) * comb(q, j) * a ** (p - i) * b ** (q - j) * sums[i, j]
                for i in range(p + 1) for j in range(q + 1))
            for p, q in POWERS
        ])  # fmt: skip

    def of_columns(self, columns: NDArray[np.int64]) -> "Powers":
        """Choose some of the outcomes.

        Parameters
        ----------
        columns : array (chosen,) of int
            Which.

        Returns
        -------
        Powers
            Of these, in that order.
        """
        value, weight, sums, above, below = (
            array[..., columns] for array in (self.value, self.weight, self.sums, self.above, self.below)
        )
        return Powers(value, weight, sums, above, below)

    def spread(self, limits: Limits) -> Spread:
        """Compute how the values of runs lie about sum(value) / sum(weight), to first order.

        Parameters
        ----------
        limits : Limits
            Of the same outcomes: which bounds ``above`` and ``below`` count.

        Returns
        -------
        Spread
            NaN where no run has weight.
        """
        sums = dict(zip(POWERS, self.sums, strict=True))
        with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
            mean = self.value / self.weight
            second, third, fourth = (
                sum(comb(p, q) * (-mean) ** q * sums[p - q, q] for q in range(p + 1)) / self.runs / self.weight**p
                for p in (2, 3, 4)
            )
        above = np.where(limits.low == 0.0, self.above, self.runs)
        below = np.where(limits.high == 1.0, self.below, self.runs)
        return Spread(self.runs, mean, np.maximum(second, 0.0), third, np.maximum(fourth, 0.0), above, below)


def interval_of(value: Real, event: float = 0.0, weight: Real | None = None) -> tuple[Real, Real]:
    """Compute 95 % intervals of means of which nothing is declared: of differences between runs on the same luck, say.

    Parameters
    ----------
    value : array (runs, columns)
        A value per run.
    event : float
        By how much an event that no run has met would raise or lower the value of a run; 0 where only the sample can
        say.
    weight : array (runs, columns), optional
        For sum(value) / sum(weight) instead of plain means.

    Returns
    -------
    tuple of array (columns,)
        Lower and upper bounds.

    Examples
    --------
    >>> low, high = interval_of(np.array([[1.0], [2.0], [4.0], [5.0]]))
    >>> bool(low[0] < 3.0 < high[0])
    True
    """
    none = Limits.none(value.shape[1])
    limits = Limits(none.low, none.high, none.chance, none.rise + event, none.fall + event)
    return interval(Powers.of(value, np.ones_like(value) if weight is None else weight).spread(limits), limits)
