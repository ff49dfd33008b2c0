"""Means of ratios and their standard errors, with control variates, from moments that merge batch by batch."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from race_sim.kernels.gram import accumulate_products
from race_sim.runs.intervals import Interval, Limits, events_met, interval
from race_sim.runs.powers import Powers

Real = NDArray[np.float64]
FEWEST_EVENTS = 30
SMALLEST_SPREAD = 1e-10  # of a direction of the controls, relative to the widest, below which it counts as none


@dataclass(frozen=True)
class Moments:
    """Counts, means and centred second moments of values and weights, each (outcomes,), and of controls (controls,).

    The values are numerators: an outcome's mean over runs is sum(value) / sum(weight).
    """

    runs: int
    value: Real
    weight: Real
    value_value: Real
    value_weight: Real
    weight_weight: Real
    control: Real
    control_control: Real  # (controls, controls)
    control_value: Real  # (controls, outcomes)
    control_weight: Real  # (controls, outcomes)

    @classmethod
    def of(cls, value: Real, weight: Real, control: Real | None = None) -> "Moments":
        """Compute moments of values of some runs.

        Parameters
        ----------
        value, weight : array (runs, outcomes)
            Numerators and weights.
        control : array (runs, controls), optional
            Control variates; none by default.

        Returns
        -------
        Moments
            Of these runs.
        """
        control = np.empty((len(value), 0)) if control is None else control
        if len(value) == 0:
            return cls._nothing(value.shape[1], control.shape[1])
        mean_value, mean_weight, mean_control = value.mean(axis=0), weight.mean(axis=0), control.mean(axis=0)
        a, b, c = value - mean_value, weight - mean_weight, control - mean_control
        products = np.zeros((c.shape[1], c.shape[1] + 2 * a.shape[1]))
        accumulate_products(c, np.concatenate([c, a, b], axis=1), products)
        split = np.split(products, [c.shape[1], c.shape[1] + a.shape[1]], axis=1)
        squares = ((a * a).sum(axis=0), (a * b).sum(axis=0), (b * b).sum(axis=0))
        return cls(len(value), mean_value, mean_weight, *squares, mean_control, *split)

    @classmethod
    def _nothing(cls, outcomes: int, controls: int) -> "Moments":
        one, cross = np.zeros(outcomes), np.zeros((controls, outcomes))
        return cls(0, one, one, one, one, one, np.zeros(controls), np.zeros((controls, controls)), cross, cross)

    def merge(self, other: "Moments") -> "Moments":
        """Merge with the moments of other runs (Chan, Golub and LeVeque 1983).

        Parameters
        ----------
        other : Moments
            Of the same outcomes and controls.

        Returns
        -------
        Moments
            Of both sets of runs.

        References
        ----------
        .. [1] T. F. Chan, G. H. Golub, R. J. LeVeque 1983, Algorithms for computing the sample variance, The American
           Statistician 37:242.
        """
        runs = self.runs + other.runs
        if runs == 0:
            return self
        a, b, c = other.value - self.value, other.weight - self.weight, other.control - self.control
        part, cross = other.runs / runs, self.runs * other.runs / runs
        return Moments(
            runs,
            self.value + part * a,
            self.weight + part * b,
            self.value_value + other.value_value + cross * a * a,
            self.value_weight + other.value_weight + cross * a * b,
            self.weight_weight + other.weight_weight + cross * b * b,
            self.control + part * c,
            self.control_control + other.control_control + cross * np.outer(c, c),
            self.control_value + other.control_value + cross * np.outer(c, a),
            self.control_weight + other.control_weight + cross * np.outer(c, b),
        )

    def first(self, count: int) -> "Moments":
        """Keep the first controls only.

        Parameters
        ----------
        count : int
            How many.

        Returns
        -------
        Moments
            The same values and weights, fewer controls.
        """
        kept = slice(count)
        return replace(
            self,
            control=self.control[kept],
            control_control=self.control_control[kept, kept],
            control_value=self.control_value[kept],
            control_weight=self.control_weight[kept],
        )

    def met(self, column: int) -> bool:
        """Tell whether a control that counts events met enough of them, or none because they are impossible.

        Parameters
        ----------
        column : int
            Which control: a sum of events less their probabilities, whose variance is the expected number of events.

        Returns
        -------
        bool
            False where so few are expected that not meeting one leaves no trace in the spread of the runs.
        """
        events = self.control_control[column, column]  # its variance is their expected number
        return bool(events >= FEWEST_EVENTS or (events == 0.0 and self.control[column] == 0.0))

    def slopes(self) -> tuple[Real, Real]:
        """Fit the weights of the controls in values and in weights, by least squares.

        Returns
        -------
        tuple of array (controls, outcomes)
            For values and for weights; 0 for directions in which the controls hardly vary.
        """
        spread = np.sqrt(np.diag(self.control_control))
        scale = np.divide(1.0, spread, out=np.zeros_like(spread), where=spread > 0.0)
        square = self.control_control * np.outer(scale, scale)
        both = np.concatenate([self.control_value, self.control_weight], axis=1) * scale[:, np.newaxis]
        result = scale[:, np.newaxis] * np.linalg.lstsq(square, both, rcond=SMALLEST_SPREAD)[0]
        return result[:, : len(self.value)], result[:, len(self.value) :]

    def less(self, slopes: tuple[Real, Real]) -> "Moments":
        """Take the controls, whose means are 0, out of values and weights.

        Parameters
        ----------
        slopes : tuple of array (controls, outcomes)
            Their weights in values and in weights.

        Returns
        -------
        Moments
            Of what is left; without controls.
        """
        one, other = slopes
        return replace(
            self.first(0),
            value=self.value - self.control @ one,
            weight=self.weight - self.control @ other,
            value_value=self.value_value - 2.0 * (one * self.control_value).sum(axis=0) + self._square(one, one),
            value_weight=self.value_weight
            - (one * self.control_weight).sum(axis=0)
            - (other * self.control_value).sum(axis=0)
            + self._square(one, other),
            weight_weight=self.weight_weight
            - 2.0 * (other * self.control_weight).sum(axis=0)
            + self._square(other, other),
        )

    def _square(self, one: Real, other: Real) -> Real:
        total: Real = (one * (self.control_control @ other)).sum(axis=0)
        return total

    def ratio(self) -> tuple[Real, Real]:
        """Compute weighted means sum(value) / sum(weight) and their standard errors, to first order (delta method).

        Returns
        -------
        tuple of array (outcomes,)
            Means and standard errors. Both are NaN where no run has weight (nobody survived); the standard error is NaN
            for a single run.

        Examples
        --------
        >>> Moments.of(np.array([[1.0], [3.0]]), np.ones((2, 1))).ratio()
        (array([2.]), array([1.]))
        """
        with np.errstate(divide="ignore", invalid="ignore"):
            mean = self.value / self.weight
            spread = self.value_value - 2.0 * mean * self.value_weight + mean * mean * self.weight_weight
            variance = np.maximum(spread, 0.0) / np.float64(self.runs - 1)
            error = np.sqrt(variance / self.runs) / self.weight
        return mean, np.where(np.isfinite(mean), error, np.nan)


@dataclass(frozen=True)
class Halves:
    """Moments of two halves of the runs, so that weights of controls are fitted on one and applied to the other.

    Runs with even numbers are one half and those with odd numbers the other, whatever the batches. Without controls
    the halves only merge. Powers are those of all runs, controls not taken out.
    """

    even: Moments
    odd: Moments
    powers: Powers

    @classmethod
    def of(cls, runs: NDArray[np.int64], value: Real, weight: Real, control: Real) -> "Halves":
        """Compute moments of some runs, even and odd numbers apart.

        Parameters
        ----------
        runs : array (runs,)
            Their numbers.
        value, weight : array (runs, outcomes)
            Numerators and weights.
        control : array (runs, controls)
            Control variates; without any, all runs stand in one half.

        Returns
        -------
        Halves
            Of these runs.
        """
        first = runs % 2 == 0 if control.shape[1] else np.ones(len(runs), dtype=bool)
        even, odd = (Moments.of(value[half], weight[half], control[half]) for half in (first, ~first))
        return cls(even, odd, Powers.of(value, weight))

    @property
    def runs(self) -> int:
        """Number of runs in both."""
        return self.even.runs + self.odd.runs

    def has_events(self, count: int, counting: Sequence[int]) -> bool:
        """Tell whether both halves met enough of the events that the first controls count.

        Parameters
        ----------
        count : int
            How many controls are used.
        counting : sequence of int
            Columns that count events.

        Returns
        -------
        bool
            False where one of them met too few.
        """
        return all(half.met(column) for half in (self.even, self.odd) for column in counting if column < count)

    def merge(self, other: "Halves") -> "Halves":
        """Merge with the moments of other runs.

        Parameters
        ----------
        other : Halves
            Of the same outcomes and controls.

        Returns
        -------
        Halves
            Of both sets of runs.
        """
        return Halves(self.even.merge(other.even), self.odd.merge(other.odd), self.powers.merge(other.powers))

    def ratio(self, counts: Sequence[int] = (), groups: NDArray[np.int64] | None = None) -> tuple[Real, Real]:
        """Compute weighted means and standard errors, as ``Moments.ratio``, less what controls explain.

        Weights are fitted on one half and applied to the other, so that means keep their expectation.

        Parameters
        ----------
        counts : sequence of int
            How many of the first controls to try. Of these, and none, each group of outcomes gets what leaves the least
            sum of squared errors.
        groups : array (outcomes,), optional
            Labels of outcomes that add up to each other, and therefore add up afterwards; each outcome for itself
            without.

        Returns
        -------
        tuple of array (outcomes,)
            Means and standard errors.
        """
        tried = [self.even.first(0).merge(self.odd.first(0)).ratio()]
        for count in counts:
            one, other = self._adjusted(count)
            tried.append(one.merge(other).ratio())
        means, errors = (np.array(values) for values in zip(*tried, strict=True))
        best, column = _least(errors, groups), np.arange(means.shape[1])
        return means[best, column], errors[best, column]

    def interval(self, limits: Limits, counts: Sequence[int] = (), groups: NDArray[np.int64] | None = None) -> Interval:
        """Compute 95 % intervals of the means of ``ratio`` (``race_sim.runs.intervals``).

        With controls, an interval has the shape that the runs have without them, and the width of an error that the
        choice of controls has not made smaller: that of each half with the number of controls that the other half
        chooses. As weights are fitted on half the runs each, so are the degrees of freedom.

        Parameters
        ----------
        limits : Limits
            Bounds and events of the outcomes.
        counts : sequence of int
            As for ``ratio``.
        groups : array (outcomes,), optional
            As for ``ratio``.

        Returns
        -------
        Interval
            Lower and upper bounds, and runs that met an event.
        """
        spread = self.powers.spread(limits)
        events = events_met(spread, limits)
        if not counts:
            return Interval(*interval(spread, limits), events)
        low, high = interval(spread, limits, self.runs // 2)
        mean = self.ratio(counts, groups)[0]
        with np.errstate(divide="ignore", invalid="ignore"):
            narrower = self._error_of_others_choice(counts, groups) / np.sqrt(spread.second / (self.runs - 1))
        narrower = np.where(np.isfinite(narrower), narrower, 1.0)
        low, high = mean - narrower * (spread.mean - low), mean + narrower * (high - spread.mean)
        return Interval(np.clip(low, limits.low, limits.high), np.clip(high, limits.low, limits.high), events)

    def _adjusted(self, count: int) -> tuple[Moments, Moments]:
        """Both halves less what the first controls explain, by weights fitted on the other half."""
        even, odd = self.even.first(count), self.odd.first(count)
        return even.less(odd.slopes()), odd.less(even.slopes())

    def _error_of_others_choice(self, counts: Sequence[int], groups: NDArray[np.int64] | None) -> Real:
        """Standard error of the mean where each half has as many controls as the other half chooses."""
        tried = [(self.even.first(0), self.odd.first(0)), *map(self._adjusted, counts)]
        even, odd = (np.array([pair[half].ratio()[1] for pair in tried]) for half in (0, 1))
        column = np.arange(even.shape[1])
        part = self.even.runs / self.runs
        error: Real = np.hypot(
            part * even[_least(odd, groups), column], (1.0 - part) * odd[_least(even, groups), column]
        )
        return error


def _least(errors: Real, groups: NDArray[np.int64] | None) -> NDArray[np.int64]:
    """Which row of standard errors leaves each group of outcomes the least sum of squares, the first if none does."""
    squares = np.where(np.isfinite(errors), errors**2, np.inf)
    squares[0] = np.where(np.isfinite(errors[0]), squares[0], 0.0)
    _, group = np.unique(np.arange(errors.shape[1]) if groups is None else groups, return_inverse=True)
    sums = np.array([np.bincount(group, weights=row) for row in squares])
    best: NDArray[np.int64] = sums.argmin(axis=0)[group]
    return best


def adjusted(runs: NDArray[np.int64], value: Real, control: Real) -> Real:
    """Take what controls explain out of the values of single runs.

    Parameters
    ----------
    runs : array (runs,)
        Their numbers; weights are fitted on even ones for odd ones, and the other way round.
    value : array (runs, outcomes)
        Values; they are not changed.
    control : array (runs, controls)
        Control variates, of mean 0.

    Returns
    -------
    array (runs, outcomes)
        Values whose means have the same expectation.
    """
    left = value.copy()
    even = runs % 2 == 0
    one = np.ones_like(value)
    for half, other in ((even, ~even), (~even, even)):
        left[half] -= control[half] @ Moments.of(value[other], one[other], control[other]).slopes()[0]
    return left
