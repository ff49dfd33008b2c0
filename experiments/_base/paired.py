"""Means and errors over runs that share their draws, and fair divisions of an effect among its causes."""

from collections.abc import Callable, Sequence
from itertools import combinations
from math import factorial

import numpy as np
from numpy.typing import NDArray

Real = NDArray[np.float64]


def mean_error(values: Real) -> tuple[float, float]:
    """Mean over runs and its standard error; give differences of paired runs for the error of a difference.

    >>> mean_error(np.array([1.0, 3.0]))
    (2.0, 1.0)
    """
    return float(values.mean()), float(values.std(ddof=1) / np.sqrt(len(values)))


def shapley(causes: Sequence[str], value: Callable[[frozenset[str]], Real]) -> dict[str, Real]:
    """Shapley values, run by run: what each cause adds, averaged over all orders in which causes come in.

    value: outcome (runs,) with exactly the given causes at work. The values of all causes sum to
    value(all) - value(none) in every run. L. S. Shapley 1953.

    >>> shapley(["a", "b"], lambda s: np.array([float(len(s)) ** 2]))
    {'a': array([2.]), 'b': array([2.])}
    """
    count = len(causes)
    result = {}
    for cause in causes:
        others = [name for name in causes if name != cause]
        parts = []
        for size in range(count):
            outcome_weight = factorial(size) * factorial(count - size - 1) / factorial(count)
            for group in combinations(others, size):
                parts.append(outcome_weight * (value(frozenset((*group, cause))) - value(frozenset(group))))
        result[cause] = np.sum(parts, axis=0)
    return result


def bootstrap_error(values: Sequence[Real], statistic: Callable[..., float], seed: int, draws: int = 2000) -> float:
    """Standard error of a statistic of means of paired arrays (runs,): runs are drawn anew, with replacement."""
    random = np.random.default_rng(seed)
    runs = len(values[0])
    result = []
    for _ in range(draws):
        pick = random.integers(runs, size=runs)
        result.append(statistic(*(value[pick].mean() for value in values)))
    return float(np.std(result, ddof=1))
