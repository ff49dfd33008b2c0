"""Askell, Brundage, Hadfield, The role of cooperation in responsible AI development (arXiv 1907.04534): five factors.

Written from the paper's inequality without sight of the package's implementation.

A lab that believes the other cooperates with probability pi cooperates iff f(pi) = pi (R - T) + (1 - pi)(S - P) >=
0. f is affine, so its values at pi = 0 and pi = 1 give the whole set of beliefs; the arithmetic is exact (fractions
of the floats).

Decisions. Ties follow the weak inequality: R = T with S < P leaves the belief 1 alone ("above", threshold 1), S = P
with R < T the belief 0 alone ("below", threshold 0), both equal "all". The inequality fixes the beliefs but not the
name of the game, for which the textbook's definitions are taken: a prisoner's dilemma needs R > P besides T > R and
P > S, for without it mutual defection is no worse for the two and there is no dilemma ("deadlock"); and a lab to
which both its actions pay the same against either reply is "indifferent", not in harmony. Otherwise all = harmony,
above = stag hunt, below = chicken. The empty set has interval None; empty and all have threshold None and factors
None. A factor is the sign of the derivative of the threshold (in the chicken game cooperation needs a belief BELOW
it, so there the signs are the opposite ones).
"""

from collections.abc import Iterator
from fractions import Fraction

import numpy as np

CLASSES = {"all": "harmony", "above": "stag hunt", "below": "chicken"}


def sample(random: np.random.Generator) -> dict:
    """One random parameter point; one in five with whole payoffs, where ties occur."""
    if random.random() < 0.2:
        return {name: int(random.integers(-3, 6)) for name in "RSTP"}
    return {name: float(random.uniform(-10, 10)) for name in "RSTP"}


def sign(value) -> int:
    """-1, 0 or 1."""
    return (value > 0) - (value < 0)


def name_of(kind: str, order: list) -> str:
    """The textbook's name of a game with payoffs `order` = R, S, T, P that leaves these beliefs."""
    if kind == "empty":
        return "deadlock" if order[3] >= order[0] else "prisoner's dilemma"
    return "indifferent" if order[:2] == order[2:] else CLASSES[kind]


def results(R: float = 3, S: float = 0, T: float = 5, P: float = 1) -> dict:
    """The beliefs under which a lab cooperates, and how the threshold moves."""
    exact_R, exact_S, exact_T, exact_P = (Fraction(value) for value in (R, S, T, P))
    at_one = exact_R - exact_T
    at_zero = exact_S - exact_P
    if at_one >= 0 and at_zero >= 0:
        kind, threshold, interval = "all", None, [0.0, 1.0]
    elif at_one < 0 and at_zero < 0:
        kind, threshold, interval = "empty", None, None
    else:
        threshold = float(at_zero / (at_zero - at_one))
        kind = "above" if at_one > at_zero else "below"
        interval = [threshold, 1.0] if kind == "above" else [0.0, threshold]
    factors = None
    if threshold is not None:
        # threshold = z / (z - o): its derivative is z / (z - o)^2 in o = R - T and -o / (z - o)^2 in z = S - P.
        factors = {"R": sign(at_zero), "T": -sign(at_zero), "S": -sign(at_one), "P": sign(at_one)}
    return {
        "beliefs": {"kind": kind, "threshold": threshold, "interval": interval},
        "game_class": name_of(kind, [exact_R, exact_S, exact_T, exact_P]),
        "gain_if_cooperates": float(at_one),
        "gain_if_defects": float(at_zero),
        "factors": factors,
    }


def published() -> Iterator[tuple]:
    """(description, published number, number here, tolerance)."""
    yield "prisoner's dilemma: no belief", "empty", results(R=3, S=0, T=5, P=1)["beliefs"]["kind"], 0
    yield "prisoner's dilemma: its name", "prisoner's dilemma", results(R=3, S=0, T=5, P=1)["game_class"], 0
    yield "harmony: every belief", "all", results(R=4, S=2, T=3, P=1)["beliefs"]["kind"], 0
    yield "chicken: below a threshold", "below", results(R=3, S=1, T=5, P=0)["beliefs"]["kind"], 0
    stag = {"R": 4.0, "S": 0.0, "T": 3.0, "P": 2.0}
    beliefs = results(**stag)["beliefs"]
    yield "stag hunt: above a threshold", "above", beliefs["kind"], 0
    yield "stag hunt: (P-S)/((P-S)+(R-T))", 2 / 3, beliefs["threshold"], 1e-15
    for name, direction in (("R", -1), ("T", 1), ("S", -1), ("P", 1)):
        moved = results(**{**stag, name: stag[name] + 1e-3})["beliefs"]["threshold"]
        yield f"stag hunt: the threshold moves with {name}", direction, sign(moved - beliefs["threshold"]), 0
        yield f"stag hunt: the factor {name}", direction, results(**stag)["factors"][name], 0
