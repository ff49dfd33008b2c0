"""Tan, The suicide region: option games and the race to artificial general intelligence (arXiv 2512.07526).

Written from the paper's payoffs without sight of the package's implementation.

    leader(V)   = pi V (1 - S) - (1 - pi) D - I
    follower(V) = pi V S       - (1 - pi) D

All three thresholds are the values V at which something affine in V is zero, found from its values at V = 0 and V =
1: leader - follower (who waits is overtaken), leader (deploying is worth it for oneself), leader + follower (it is
for both). `at` evaluates the same three comparisons at a given V.

Decisions: the suicide region is the set of V from the first threshold up to, and without, the second; where the second
is not the larger one (D small) the set is empty: it has no ends, so low and high are None, and its width is 0 (the
two thresholds themselves are given anyway). The arithmetic is exact, so that a tie of the two is one. The text on the
equilibria at a given V is not reproduced here; points are drawn with V = None.
"""

from collections.abc import Iterator
from fractions import Fraction

import numpy as np

DEFAULTS = {"I": 1, "S": 0.1, "pi": 0.8, "D": 10, "V": None}


def sample(random: np.random.Generator) -> dict:
    """One random parameter point."""
    return {
        "I": 0.0 if random.random() < 0.05 else float(10 ** random.uniform(-1.5, 1.5)),
        "S": 0.0 if random.random() < 0.1 else float(random.uniform(0, 0.48)),
        "pi": 1.0 if random.random() < 0.1 else float(random.uniform(0.05, 1)),
        "D": 0.0 if random.random() < 0.1 else float(10 ** random.uniform(-1.5, 2.5)),
        "V": None,
    }


def payoffs(value, **parameters) -> tuple:
    """What the leader and the follower expect when the prize is worth `value`."""
    cost, share, pi, ruin = (Fraction({**DEFAULTS, **parameters}[name]) for name in ("I", "S", "pi", "D"))
    leader = pi * value * (1 - share) - (1 - pi) * ruin - cost
    follower = pi * value * share - (1 - pi) * ruin
    return leader, follower


def at(value: float, **parameters) -> dict:
    """The three comparisons at one value of the prize."""
    leader, follower = payoffs(Fraction(value), **parameters)
    return {"preempt": leader > follower, "individual": leader > 0, "social": leader + follower > 0}


def results(**parameters) -> dict:
    """The three thresholds and the region between the first two."""
    parameters.pop("V", None)

    def root(difference):
        none, one = difference(*payoffs(Fraction(0), **parameters)), difference(*payoffs(Fraction(1), **parameters))
        return -none / (one - none)

    preempt = root(lambda leader, follower: leader - follower)
    individual = root(lambda leader, follower: leader)
    social = root(lambda leader, follower: leader + follower)
    ends = (preempt, individual) if individual > preempt else None
    return {
        "preempt": float(preempt),
        "individual": float(individual),
        "social": float(social),
        "suicide_region": {
            "low": float(ends[0]) if ends else None,
            "high": float(ends[1]) if ends else None,
            "width": float(ends[1] - ends[0]) if ends else 0.0,
        },
    }


def published() -> Iterator[tuple]:
    """(description, published number, number here, tolerance)."""
    answer = results(I=1, S=0.1, pi=0.8, D=10)
    yield "preemption threshold", 1.5625, answer["preempt"], 1e-14
    yield "individual threshold", 4.1667, answer["individual"], 5e-5
    yield "social threshold", 6.25, answer["social"], 1e-14
    wider = results(I=1, S=0.1, pi=0.8, D=20)["suicide_region"]["width"]
    yield "the suicide region widens in D", True, wider > answer["suicide_region"]["width"], 0
