"""Means of ratios and their standard errors, with control variates, from sums that merge batch by batch."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from race_sim.kernels import means
from race_sim.runs.intervals import Interval, Limits, events_met, interval
from race_sim.runs.powers import Powers

Real = NDArray[np.float64]
Whole = NDArray[np.int64]


@dataclass(frozen=True)
class Halves:
    """Sums over two halves of the runs, so that weights of controls are fitted on one and applied to the other.

    Runs with even numbers are one half and those with odd numbers the other, whatever the batches. Without controls
    all stand in the first. Powers are those of all runs, controls not taken out.

    Attributes
    ----------
    number : array (2,) of int
        Runs of each half.
    mean : array (2, controls + 2 outcomes)
        Means of controls, values and weights.
    square : array (2, 3, outcomes)
        Sums of squares and products of the deviations of values and weights.
    cross : array (2, controls, controls + 2 outcomes)
        Sums of products of the controls' deviations with all.
    powers : Powers
        Of all runs.
    """

    number: Whole
    mean: Real
    square: Real
    cross: Real
    powers: Powers

    @classmethod
    def of(cls, runs: Whole, value: Real, weight: Real, control: Real | None = None) -> "Halves":
        """Sum over some runs.

        Parameters
        ----------
        runs : array (runs,)
            Their numbers.
        value, weight : array (runs, outcomes)
            Numerators and weights.
        control : array (runs, controls), optional
            Control variates; none by default.

        Returns
        -------
        Halves
            Of these runs.
        """
        control = np.empty((len(value), 0)) if control is None else control
        controls, outcomes = control.shape[1], value.shape[1]
        number, square = np.empty(2, np.int64), np.empty((2, 3, outcomes))
        mean, cross = np.empty((2, controls + 2 * outcomes)), np.empty((2, controls, controls + 2 * outcomes))
        columns = (np.ascontiguousarray(array, dtype=float) for array in (control, value, weight))
        means.gather(np.ascontiguousarray(runs, dtype=np.int64), *columns, number, mean, square, cross)
        return cls(number, mean, square, cross, Powers.of(value, weight))

    @property
    def runs(self) -> int:
        """Number of runs in both."""
        return int(self.number.sum())

    def merge(self, other: "Halves") -> "Halves":
        """Merge with the sums of other runs.

        Parameters
        ----------
        other : Halves
            Of the same outcomes and controls.

        Returns
        -------
        Halves
            Of both sets of runs.
        """
        number, mean, square, cross = self.number.copy(), self.mean.copy(), self.square.copy(), self.cross.copy()
        means.merge(number, mean, square, cross, other.number, other.mean, other.square, other.cross)
        return Halves(number, mean, square, cross, self.powers.merge(other.powers))

    def ratio(
        self, counts: Sequence[int] = (), counting: Sequence[int] = (), groups: Whole | None = None
    ) -> tuple[Real, Real]:
        """Compute weighted means sum(value) / sum(weight) and their standard errors, less what controls explain.

        Errors are to first order (delta method). Weights, and how many controls there are, come for each half from the
        other one.

        Parameters
        ----------
        counts : sequence of int
            How many of the first controls to try. Of these, and none, each group of outcomes gets in each half that
            of which the other half expects the least sum of squared errors (Akaike's final prediction error).
        counting : sequence of int
            Columns of controls that count events: a count of controls is not tried where the other half met too few.
        groups : array (outcomes,), optional
            Labels of outcomes that add up to each other, and therefore add up afterwards; each outcome for itself
            without.

        Returns
        -------
        tuple of array (outcomes,)
            Means and standard errors. Both are NaN where no run has weight (nobody survived); the standard error is NaN
            for a single run.

        Examples
        --------
        >>> Halves.of(np.arange(2), np.array([[1.0], [3.0]]), np.ones((2, 1))).ratio()
        (array([2.]), array([1.]))
        """
        outcomes = self.square.shape[2]
        _, labels = np.unique(np.arange(outcomes) if groups is None else groups, return_inverse=True)
        mean, error = np.empty(outcomes), np.empty(outcomes)
        means.controlled_means(
            self.number, self.mean, self.square, self.cross, *_whole(counts, counting, labels), mean, error
        )
        return mean, error

    def interval(
        self,
        limits: Limits,
        counts: Sequence[int] = (),
        counting: Sequence[int] = (),
        groups: Whole | None = None,
    ) -> Interval:
        """Compute 95 % intervals of the means of ``ratio`` (``race_sim.runs.intervals``).

        With controls, an interval has the shape that the runs have without them, and the width of the error that is
        left. As weights are fitted on half the runs each, so are the degrees of freedom.

        Parameters
        ----------
        limits : Limits
            Bounds and events of the outcomes.
        counts, counting : sequence of int
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
        mean, error = self.ratio(counts, counting, groups)
        with np.errstate(divide="ignore", invalid="ignore"):
            narrower = error / np.sqrt(spread.second / (self.runs - 1))
        narrower = np.where(np.isfinite(narrower), narrower, 1.0)
        low, high = mean - narrower * (spread.mean - low), mean + narrower * (high - spread.mean)
        return Interval(np.clip(low, limits.low, limits.high), np.clip(high, limits.low, limits.high), events)


def adjusted(runs: Whole, value: Real, control: Real, counts: Sequence[int], counting: Sequence[int]) -> Real:
    """Take what controls explain out of the values of single runs.

    Parameters
    ----------
    runs : array (runs,)
        Their numbers; weights, and how many controls there are, are taken from the even ones for the odd ones, and the
        other way round.
    value : array (runs, outcomes)
        Values; they are not changed.
    control : array (runs, controls)
        Control variates, of mean 0.
    counts, counting : sequence of int
        As for ``Halves.ratio``; all outcomes are one group.

    Returns
    -------
    array (runs, outcomes)
        What is left of the values.
    """
    left = np.empty(value.shape)
    columns = (np.ascontiguousarray(array, dtype=float) for array in (control, value))
    means.control_runs(np.ascontiguousarray(runs, dtype=np.int64), *columns, *_whole(counts, counting), left)
    return left


def _whole(*lists: Sequence[int] | Whole) -> list[Whole]:
    return [np.array(one, dtype=np.int64) for one in lists]
