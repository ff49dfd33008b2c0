"""Bova, Di Stefano, Han, Quantifying detection rates for dangerous capabilities (arXiv 2412.15433).

Written from the paper's equations without sight of the package's implementation.

Tests of severity u find the danger with the rate r; the estimate is the most severe danger found, never above the
truth y. So the estimate stays below t iff no test between t and y finds anything: P(estimate < t) = exp(-integral
of r from t to y). The mean estimate is the integral of P(estimate >= t) over [0, y], done by quadrature with 30
digits, and the bias is the mean minus y.

Decisions: nothing found counts as the estimate 0, and the threshold tau = 0 is read by the formula (something is
found), not as the certain event. With r = 0 nothing is ever found: bias -y.
"""

from collections.abc import Iterator
from math import exp

import mpmath
import numpy as np
from mpmath import mp, mpf


def sample(random: np.random.Generator) -> dict:
    """One random parameter point."""
    y = float(10 ** random.uniform(-1.5, 1.5))
    r = 0.0 if random.random() < 0.05 else float(10 ** random.uniform(-3, 1.5))
    tau = float(y * random.choice([0.0, 1.0, random.random()], p=[0.05, 0.05, 0.9]))
    return {"r": r, "y": y, "tau": tau}


def result_at_or_above(t, r, y):
    """P(something at least as severe as t is found): one minus the probability of no point of the process on [t, y]."""
    return 1 - mpmath.exp(-mpmath.quad(lambda u: r, [t, y]))


def results(r: float = 1, y: float = 1, tau: float = 0.5) -> dict:
    """Detection probability at the threshold tau and the bias of the estimate."""
    with mp.workdps(30):
        r, y, tau = mpf(r), mpf(y), mpf(tau)
        detected = result_at_or_above(tau, r, y)
        # Pieces of a few decay lengths, so that the quadrature sees the boundary layer below y.
        pieces = [mpf(0), *sorted(y - j / r for j in (1, 4, 12, 40, 120) if r > 0 and y - j / r > 0), y]
        mean = mpmath.quad(lambda t: 1 - mpmath.exp(-r * (y - t)), pieces)
        return {
            "detection_probability": float(detected),
            "bias": float(mean - y),
            "mean_estimate": float(mean),
            "missed": float(1 - detected),
        }


def published() -> Iterator[tuple]:
    """(description, the paper's formula, number here, tolerance)."""
    for r, y, tau in ((1.0, 1.0, 0.5), (0.2, 3.0, 1.0), (5.0, 2.0, 1.9)):
        answer = results(r, y, tau)
        yield (
            f"P(estimate >= {tau}) at r = {r}, y = {y}",
            1 - exp(-r * (y - tau)),
            answer["detection_probability"],
            1e-15,
        )
        yield f"bias at r = {r}, y = {y}", -(1 - exp(-r * y)) / r, answer["bias"], 1e-15
    yield "bias when nothing is ever tested", -2.0, results(0.0, 2.0, 1.0)["bias"], 0
