"""The safety-performance trade-off in its smallest form (after Trager and others): two labs, risk x = k p.

Written from the model's equations without sight of the package's implementation.

A lab that takes the risk x gets the performance p = x / k; it wins with p_i / (p_i + p_j) ("ratio") or 1 / (1 +
exp(p_j - p_i)) ("logistic"), a winner is safe with sigma(x) = exp(-x) ("exponential") or 1 - x ("linear"), and only
a safe win pays. k is the risk a unit of performance costs, so that safety is cheaper the SMALLER k is.

The symmetric equilibrium is the x at which a lab's own marginal (log) payoff, differentiated numerically with 50
digits while the rival stands still, changes sign; x = 0 if it is negative there already (logistic, linear, k >=
1/2). The payoff is log-concave in a lab's own x in all three cases, so the stationary point is its best reply.

Decisions: "safety" is sigma(x) of the winner; "safety_falls_when_cheaper" is judged at the k given: safety at a
slightly smaller k is lower (so it is False in the logistic contest with k > 1/2, where safety is 1 on both sides).
The logistic contest with the exponential safety is refused: every symmetric x, or none, is stationary.
"""

from collections.abc import Iterator

import mpmath
import numpy as np
from mpmath import mp, mpf


def sample(random: np.random.Generator) -> dict:
    """One random parameter point."""
    pairs = [("ratio", "exponential"), ("ratio", "linear"), ("logistic", "linear")]
    contest, sigma = pairs[int(random.choice(3, p=[0.25, 0.25, 0.5]))]
    return {"contest": contest, "sigma": sigma, "k": float(10 ** random.uniform(-2, 1))}


def payoff(own, other, contest, sigma, k):
    """The probability of a safe win at the risks `own` and `other`."""
    p, rival = own / k, other / k
    wins = p / (p + rival) if contest == "ratio" else 1 / (1 + mpmath.exp(rival - p))
    return wins * (mpmath.exp(-own) if sigma == "exponential" else 1 - own)


def equilibrium(contest, sigma, k):
    """The symmetric x by bisection of a lab's own marginal payoff."""
    if contest == "logistic" and sigma == "exponential":
        raise ValueError("every symmetric x, or none, is stationary: the marginal log payoff is 1/(2k) - 1 for every x")
    step = mpf(10) ** -20

    def marginal(x):
        return payoff(x + step, x, contest, sigma, k) - payoff(x - step, x, contest, sigma, k)

    low, high = mpf(10) ** -12, (1 - mpf(10) ** -12 if sigma == "linear" else mpf(100))
    if marginal(low) <= 0:
        return mpf(0)
    for _ in range(110):
        middle = (low + high) / 2
        low, high = (middle, high) if marginal(middle) > 0 else (low, middle)
    return (low + high) / 2


def results(contest: str = "ratio", sigma: str = "exponential", k: float = 1) -> dict:
    """The symmetric equilibrium, and whether its safety falls when safety is made a little cheaper."""
    with mp.workdps(50):
        k = mpf(k)
        x = equilibrium(contest, sigma, k)
        cheaper = equilibrium(contest, sigma, k * (1 - mpf(10) ** -6))
        safety = mpmath.exp(-x) if sigma == "exponential" else 1 - x
        return {
            "x": float(x),
            "performance": float(x / k),
            "safety": float(safety),
            "safety_falls_when_cheaper": bool(cheaper > x + mpf(10) ** -15),
        }


def published() -> Iterator[tuple]:
    """(description, published number, number here, tolerance)."""
    for k in (0.2, 1.0, 5.0):
        answer = results("ratio", "exponential", k)
        yield f"ratio, exp(-x), k = {k}: x", 0.5, answer["x"], 1e-14
        yield f"ratio, exp(-x), k = {k}: safety", 0.6065, answer["safety"], 5e-5
        yield f"ratio, exp(-x), k = {k}: no risk compensation", False, answer["safety_falls_when_cheaper"], 0
        yield f"ratio, 1 - x, k = {k}: safety", 0.6667, results("ratio", "linear", k)["safety"], 5e-5
    for k in (0.1, 0.25, 0.49):
        answer = results("logistic", "linear", k)
        yield f"logistic, 1 - x, k = {k}: safety 2k", 2 * k, answer["safety"], 1e-14
        yield f"logistic, 1 - x, k = {k}: risk compensation", True, answer["safety_falls_when_cheaper"], 0
