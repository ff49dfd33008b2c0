"""Naude and Dimitri, The race for an artificial general intelligence (AI & Society 35:367): an all-pay contest.

Written from the paper's equations without sight of the package's implementation.

Lab i spends x_i, succeeds with probability b_i x_i / (d + sum_j b_j x_j), and the prize is worth v. With Y = d +
sum_j b_j x_j (d belongs to Y) the marginal payoff v b_i (Y - b_i x_i) / Y^2 - 1 vanishes at b_i x_i = Y (1 - Y / (v
b_i)), which is positive iff v b_i > Y; otherwise a lab's best reply is 0. Y is therefore the one root of

    d / Y + sum_i max(0, 1 - Y / (v b_i)) = 1,

whose left side falls in Y: bisected with 50 digits, no active set is guessed and the closed form is not used.

Decisions: if d >= v max(b), nobody is active and Y = d. One lab with d = 0 wins with any effort however small and
has no best reply: ValueError.
"""

from collections.abc import Iterator

import numpy as np
from mpmath import fsum, mp, mpf


def sample(random: np.random.Generator) -> dict:
    """One random parameter point."""
    labs = int(random.integers(1, 9)) if random.random() < 0.95 else int(random.integers(9, 61))
    d = 0.0 if labs > 1 and random.random() < 0.2 else float(10 ** random.uniform(-2, 1.5))
    b = [float(value) for value in 10 ** random.uniform(-1.5, 1.5, labs)]
    if labs > 2 and random.random() < 0.3:
        b[1] = b[0]
    return {"b": b, "v": float(10 ** random.uniform(-0.5, 2)), "d": d}


def results(b=(3, 2, 1, 0.5), v: float = 10, d: float = 1) -> dict:
    """The equilibrium of the race: efforts, probabilities, and who takes part."""
    if d == 0 and len(b) == 1:
        raise ValueError("a single lab with d = 0 has no best reply")
    with mp.workdps(50):
        worth = [mpf(v) * mpf(value) for value in b]
        d = mpf(d)

        def shares(total):
            return [max(mpf(0), 1 - total / value) for value in worth]

        low, high = mpf(0), d + max(worth)
        for _ in range(180):
            middle = (low + high) / 2
            if d / middle + fsum(shares(middle)) > 1:
                low = middle
            else:
                high = middle
        total = (low + high) / 2
        # Nobody active: Y is d itself, not a neighbour of it.
        if d >= max(worth):
            total = d
        success = shares(total)
        return {
            "x": [float(total * share / mpf(value)) for share, value in zip(success, b, strict=True)],
            "success": [float(share) for share in success],
            "active": [bool(value > total) for value in worth],
            "Y": float(total),
            "none_succeeds": float(d / total),
        }


def payoff(own: float, lab: int, x, b, v: float, d: float) -> float:
    """A lab's payoff if it spends `own` while the others keep to x."""
    others = sum(b[j] * x[j] for j in range(len(b)) if j != lab)
    return v * b[lab] * own / (d + others + b[lab] * own) - own


def published() -> Iterator[tuple]:
    """(description, published number, number here, tolerance)."""
    for lab, effort in enumerate(results(b=[1, 1, 1], v=10, d=1)["x"]):
        yield f"b = (1, 1, 1): x of lab {lab + 1}", 2.0446, effort, 5e-5
    answer = results(b=[3, 2, 1, 0.5], v=10, d=1)
    yield "b = (3, 2, 1, .5): number of active labs", 2, sum(answer["active"]), 0
    yield "b = (3, 2, 1, .5): x of lab 1", 2.452, answer["x"][0], 5e-4
    yield "b = (3, 2, 1, .5): x of lab 2", 2.286, answer["x"][1], 5e-4
