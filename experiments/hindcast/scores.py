"""How a row is scored: CRPS of logarithms, Brier scores of events, and skill over the best naive forecast.

References
----------
.. [1] T. Gneiting, A. E. Raftery 2007, Strictly proper scoring rules, prediction, and estimation, JASA 102:359.
"""

import numpy as np
from numpy.typing import NDArray
from scipy.stats import norm

from experiments.hindcast.outputs import EVENTS, SCORED

Real = NDArray[np.float64]
REACHED = {"T1": 5.0e26, "T2": 20.0, "T3": 7.0, "T6": 0.39, "T7": 10.7, "T8": 362.0, "T9": 0.03, "T10": 1.8,
           "T13a": 32.0, "T11a": 0.0, "T11b": 1.0, "T12b": 0.0, "T14": 0.0}  # fmt: skip
UNCHANGED = {"T1": 3.14e23, "T2": 189.0, "T3": 24.8, "T6": 0.18, "T7": 5.5, "T8": 85.0, "T9": 1.0, "T10": 1.0,
             "T13a": 50.0}  # fmt: skip
TRENDS = {"T1": 7.3e26, "T2": 3.5e4, "T6": 0.07, "T8": 416.0}  # log-linear, from 2012 to 2020
SPREAD = {"T1": (4.9e25, 1.1e28)}  # 80 % of the trend
SAME_AS_COMPUTE = {"T7": 189.0}  # the ratio of money becomes that of frontier compute
BY_SUCCESSION = 1.0 - (1.0 - 1.0 / 11.0) ** 5  # Laplace: none in the nine years 2012 to 2020, one in the next five


def crps(values: Real, reached: float) -> float:
    """CRPS of an ensemble in units of log10, fair to its size.

    >>> round(crps(np.array([1.0, 100.0]), 10.0), 3)
    0.0
    """
    x = np.sort(np.log10(values))
    n = len(x)
    between = 2.0 * float((x * (2.0 * np.arange(1, n + 1) - n - 1)).sum()) / (n * (n - 1)) if n > 1 else 0.0
    return float(np.abs(x - np.log10(reached)).mean()) - 0.5 * between


def crps_normal(centre: float, spread: float, reached: float) -> float:
    """CRPS of a normal forecast of log10."""
    z = (np.log10(reached) - centre) / spread
    return float(spread * (z * (2.0 * norm.cdf(z) - 1.0) + 2.0 * norm.pdf(z) - 1.0 / np.sqrt(np.pi)))


def naive(row: str) -> tuple[str, float]:
    """The best naive forecast of a row, chosen with hindsight, and its score."""
    if row in EVENTS:
        return "rule of succession", (BY_SUCCESSION - REACHED[row]) ** 2
    tried = {"no change": abs(np.log10(UNCHANGED[row] / REACHED[row]))}
    if row in TRENDS:
        tried["log-linear trend"] = abs(np.log10(TRENDS[row] / REACHED[row]))
    if row in SPREAD:
        low, high = np.log10(SPREAD[row])
        tried["log-linear trend with its spread"] = crps_normal(
            float(np.log10(TRENDS[row])), (high - low) / 2.0 / float(norm.ppf(0.9)), REACHED[row]
        )
    if row in SAME_AS_COMPUTE:
        tried["that of frontier compute"] = abs(np.log10(SAME_AS_COMPUTE[row] / REACHED[row]))
    best = min(tried, key=lambda name: tried[name])
    return best, float(tried[best])


def score(row: str, values: Real) -> float:
    """CRPS, or the Brier score of the share of runs that met an event."""
    return float((values.mean() - REACHED[row]) ** 2) if row in EVENTS else crps(values, REACHED[row])


def skills(results: dict[str, Real]) -> Real:
    """1 - score / score of the best naive forecast, for all rows in order."""
    return np.array([1.0 - score(row, results[row]) / naive(row)[1] for row in (*SCORED, *EVENTS)])


def covered(row: str, values: Real) -> bool:
    """Whether the central 80 % of the runs hold what was measured."""
    low, high = np.quantile(values, [0.1, 0.9])
    return bool(low <= REACHED[row] <= high)


def energy(results: dict[str, Real]) -> tuple[float, float]:
    """Energy score of (T2, T3) in log10 units, and that of no change."""
    x = np.log10(np.stack([results["T2"], results["T3"]], axis=1))
    y = np.log10([REACHED["T2"], REACHED["T3"]])
    start = np.log10([UNCHANGED["T2"], UNCHANGED["T3"]])
    apart = np.sqrt(((x[:, np.newaxis] - x[np.newaxis]) ** 2).sum(axis=2))
    n = len(x)
    own = float(np.sqrt(((x - y) ** 2).sum(axis=1)).mean()) - 0.5 * float(apart.sum()) / (n * (n - 1))
    return own, float(np.sqrt(((start - y) ** 2).sum()))
