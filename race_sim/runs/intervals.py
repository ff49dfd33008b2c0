"""95 % intervals of means over runs, honest where runs are few, skewed, or meet few events; from moments that merge.

A sample of n runs with the cumulants c2 and c3 is one of k = n c2^3 / c3^2 events of size v = c3 / c2, as far as its
first three moments go: for rare events of size 1 exactly so; for a symmetric sample k is infinite. The mean then has
the quantiles of a gamma distribution. On the side of the tail one event more than was met is allowed for, and none on
the other, which is the exact interval of F. Garwood (1936) for counts; half an event on each side would be P. Hall's
correction of Student's t for skewness (1992), which it exceeds by half an event. What the spread of the sample does not
share with its mean, kurtosis - 1 - skewness^2 (2 for a normal sample, 0 for one of equal events), gives the degrees of
freedom of Student's t by which all is widened: n - 1 for the normal sample, and none are needed for equal events. Nor
do a few runs show the whole tail of a heavy distribution: the skewness has a standard error of (6/n)^(1/2) in a normal
sample and none where events are equal, and each side allows for one of them.

An outcome that rests at a bound but for rare events of any size (regulation) is two numbers, how often it leaves the
bound and how far then: its interval reaches at least as far as both intervals together.

Where a run is worth 0 or 1, one run at the bound is added to those that were met, and the mean has the quantiles of the
beta distribution with the moments of the Bayesian bootstrap (D. B. Rubin 1981) of all n + 1: for runs that are worth
exactly 0 or 1 that is the exact interval of Clopper and Pearson, and for others Gaffke's bound, nearly. Both sides keep
2.5 % each, whatever was met: a bound of 5 % that is chosen after no event was met covers less than 95 % (G. J. Feldman
and R. D. Cousins 1998).
"""

import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from race_sim.runs.outcomes import Outcome
from race_sim.scenario.scenario import Scenario

Real = NDArray[np.float64]
TAIL = 0.975
Z = 1.959963984540054  # the normal quantile of TAIL
MOST_EVENTS = 1e6  # beyond, a gamma distribution is normal
LEAST_OWN = 1e-6  # of the spread's variance, below which the mean knows the spread


class Spread(NamedTuple):
    """How the values of runs lie about their mean, each (outcomes,): to first order for ratios.

    Attributes
    ----------
    runs : int
        Number of runs.
    mean : array (outcomes,)
        sum(value) / sum(weight).
    second, third, fourth : array (outcomes,)
        Central moments of the runs' deviations (value - mean weight) / mean(weight).
    above, below : array (outcomes,)
        How many runs do not stand at the lower bound, and at the upper bound, of the outcome.
    """

    runs: int
    mean: Real
    second: Real
    third: Real
    fourth: Real
    above: Real
    below: Real


class Interval(NamedTuple):
    """Bounds that cover the expected value with 95 %, each (outcomes,).

    Attributes
    ----------
    low, high : array (outcomes,)
        Bounds, in the outcome's unit; NaN where a single run, or none, supports them.
    events : array (outcomes,)
        In how many runs the outcome is not at its lower bound; NaN for outcomes without one.
    """

    low: Real
    high: Real
    events: Real


@dataclass(frozen=True)
class Limits:
    """Between which values outcomes can lie and what an event that no run has met would change, each (outcomes,).

    Attributes
    ----------
    low, high : array (outcomes,)
        Bounds of an outcome's value in any run.
    chance : array (outcomes,) of bool
        Whether a run is worth 0 or 1 (times its survival).
    rise, fall : array (outcomes,)
        By how much one event raises, and lowers, the value of a run; 0 where only the sample can say.
    """

    low: Real
    high: Real
    chance: NDArray[np.bool_]
    rise: Real
    fall: Real

    @classmethod
    def of(cls, scenario: Scenario, estimator: str, outcomes: Iterable[Outcome]) -> "Limits":
        """Gather what outcomes declare.

        Parameters
        ----------
        scenario : Scenario
            What is simulated.
        estimator : str
            ``integrated`` or ``sampled``: whether catastrophes are events.
        outcomes : iterable of Outcome
            In the order of the numbers.

        Returns
        -------
        Limits
            Of these outcomes.
        """
        declared = [(*outcome.range(scenario), *outcome.event(scenario, estimator)) for outcome in outcomes]
        low, high, chance, rise, fall = np.array(declared, dtype=float).reshape(-1, 5).T
        return cls(low, high, chance > 0.0, rise, fall)

    @classmethod
    def joined(cls, parts: Iterable["Limits"]) -> "Limits":
        """Put limits one after the other.

        Parameters
        ----------
        parts : iterable of Limits
            Those of several scenarios, say.

        Returns
        -------
        Limits
            Of all their outcomes.
        """
        columns = zip(*((one.low, one.high, one.chance, one.rise, one.fall) for one in parts), strict=True)
        low, high, chance, rise, fall = map(np.concatenate, columns)
        return cls(low, high, chance, rise, fall)

    @classmethod
    def none(cls, outcomes: int) -> "Limits":
        """Declare nothing: differences, and values of which nothing is known.

        Parameters
        ----------
        outcomes : int
            How many.

        Returns
        -------
        Limits
            Without bounds and events.
        """
        zero, far = np.zeros(outcomes), np.full(outcomes, np.inf)
        return cls(-far, far, zero > 0.0, zero, zero)


def interval(spread: Spread, limits: Limits, free: int | None = None) -> tuple[Real, Real]:
    """Compute the 95 % interval of means over runs.

    Parameters
    ----------
    spread : Spread
        Of the runs.
    limits : Limits
        Of the same outcomes.
    free : int, optional
        Number of runs from which the spread is known, all by default.

    Returns
    -------
    tuple of array (outcomes,)
        Lower and upper bounds; NaN where the mean is, or where a single run does not give any.

    Examples
    --------
    No event in 50 runs, and three of size 1:

    >>> some = Spread(50, *(np.array(one) for one in ([0.0], [0.0], [0.0], [0.0], [0.0], [50.0])))
    >>> chance = Limits(*(np.array(one) for one in ([0.0], [1.0], [True], [1.0], [1.0])))
    >>> [float(bound[0].round(4)) for bound in interval(some, chance)]
    [0.0, 0.0711]
    """
    with np.errstate(all="ignore"):
        widening = _widening(spread, spread.runs if free is None else free)
        low = spread.mean - widening * _reach(spread, -1.0, limits.fall)
        high = spread.mean + widening * _reach(spread, 1.0, limits.rise)
        high = np.where(spread.above < spread.runs, np.maximum(high, _rare(spread, limits, widening, 1.0)), high)
        low = np.where(spread.below < spread.runs, np.minimum(low, _rare(spread, limits, widening, -1.0)), low)
        low = np.where(limits.chance, 1.0 - _chance(spread, 1.0 - spread.mean), low)
        high = np.where(limits.chance, _chance(spread, spread.mean), high)
    low, high = (np.clip(bound, limits.low, limits.high) for bound in (low, high))
    defined = np.isfinite(spread.mean)
    return np.where(defined, low, np.nan), np.where(defined, high, np.nan)


def _cumulants(spread: Spread) -> tuple[Real, Real, Real]:
    """Variance, third and fourth cumulant of single runs, without bias (R. A. Fisher's k-statistics)."""
    n = float(spread.runs)
    second = spread.second * n / (n - 1.0)
    third = spread.third * n**2 / ((n - 1.0) * max(n - 2.0, 1.0))
    fourth = (n + 1.0) * spread.fourth - 3.0 * (n - 1.0) * spread.second**2
    return second, third, fourth * n**2 / ((n - 1.0) * max(n - 2.0, 1.0) * max(n - 3.0, 1.0))


def _widening(spread: Spread, free: int) -> Real:
    """Student's t over the normal quantile: degrees of freedom of what the spread does not share with the mean."""
    from scipy.special import stdtrit

    if free < 2:
        return np.full_like(spread.mean, np.nan)
    own = _own(spread)
    result: Real = np.where(own > LEAST_OWN, stdtrit(2.0 * (free - 1) / np.maximum(own, LEAST_OWN), TAIL) / Z, 1.0)
    return result


def _own(spread: Spread) -> Real:
    """What the spread does not share with the mean: kurtosis - 1 - skewness^2, 0 or more."""
    second, third, fourth = _cumulants(spread)
    return np.where(second > 0.0, np.maximum(2.0 + fourth / second**2 - third**2 / second**3, 0.0), 0.0)


def _reach(spread: Spread, side: float, event: Real) -> Real:
    """From the mean to its bound on one side, before it is widened."""
    from scipy.special import gammaincinv

    runs = float(spread.runs)
    second, third, _ = _cumulants(spread)
    unseen = np.sqrt(np.minimum(_own(spread), 2.0) * 3.0 / runs * second)  # of c3 / c2: a standard error of skewness
    own = np.where(second > 0.0, side * third / second + unseen, 0.0)
    size = np.maximum(own, event)
    tail = size > 0.0
    size = np.where(tail, size, np.abs(own))
    count = np.minimum(runs * second / size**2, MOST_EVENTS)
    size = np.where(count < MOST_EVENTS, size, np.sqrt(runs * second / MOST_EVENTS))
    beyond = gammaincinv(count + 1.0, TAIL) - count
    short = count - np.where(count > 0.0, gammaincinv(count, 1.0 - TAIL), 0.0)
    reach: Real = np.where(size > 0.0, size / runs * np.where(tail, beyond, short), 0.0)
    return reach


def _rare(spread: Spread, limits: Limits, widening: Real, side: float) -> Real:
    """A bound where some runs stand at the other bound of the outcome: how often they leave it, and how far then.

    Both have bounds, which combine on the scale of logarithms (G. Y. Zou and A. Donner 2008): runs that leave it, by
    Clopper and Pearson; their mean distance, by Student's t, at most the whole range.
    """
    from scipy.special import betaincinv, stdtrit

    base, end, count = (
        (limits.low, limits.high, spread.above) if side > 0.0 else (limits.high, limits.low, spread.below)
    )
    runs = float(spread.runs)
    whole, mean = side * (end - base), side * (spread.mean - base)
    count = np.where(mean > 0.0, count, 0.0)  # by less than rounding is not at all
    often = betaincinv(count + 1.0, runs - count, TAIL)
    distance = runs * mean / count
    spread_of = np.maximum(runs / count * (spread.second + mean**2) - distance**2, 0.0) * count / (count - 1.0)
    far = np.where(count > 1.0, stdtrit(np.maximum(count - 1.0, 1.0), TAIL) * np.sqrt(spread_of / count), np.inf)
    farthest = np.minimum(distance + far, whole)
    logarithm = np.hypot(np.log(often * runs / count), np.log(farthest / distance))
    bound = np.where(count > 0.0, np.minimum(mean * np.exp(logarithm), often * whole), often * whole)
    return np.where(np.isfinite(whole) & (whole > 0.0), base + side * bound, spread.mean)


def _chance(spread: Spread, mean: Real) -> Real:
    """The upper bound of a mean of runs that are worth 0 to 1: Bayesian bootstrap of them and of one more, worth 1."""
    from scipy.special import betaincinv

    runs = float(spread.runs)
    centre = (runs * mean + 1.0) / (runs + 1.0)
    variance = ((runs * (spread.second + mean**2) + 1.0) / (runs + 1.0) - centre**2) / (runs + 2.0)
    both = centre * (1.0 - centre) / variance - 1.0
    bound: Real = np.where(variance > 0.0, betaincinv(centre * both, (1.0 - centre) * both, TAIL), 1.0)
    return bound


def events_met(spread: Spread, limits: Limits) -> Real:
    """Count the runs that met an event: those in which an outcome is not at its lower bound.

    Parameters
    ----------
    spread : Spread
        Of the runs.
    limits : Limits
        Of the same outcomes.

    Returns
    -------
    array (outcomes,)
        Numbers of runs; NaN for outcomes without a lower bound.
    """
    return np.where(np.isfinite(limits.low), spread.above, math.nan)
