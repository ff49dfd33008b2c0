"""n labs whose systems must all be aligned (symmetric and independent), attributed to Kwa (2026).

Written from the model's equations without sight of the package's implementation.

A lab that spends the share s on safety is aligned with probability P = k s^a / (k s^a + 1 - s) and gets a market
share proportional to (1 - s)^w; its payoff is the product of ALL labs' P times its own share. The symmetric
equilibria are the s at which the derivative of a lab's own log payoff, the others standing still, is zero:
differentiated numerically with 30 digits in the logit of s, every sign change on a grid of the logit bracketed and
bisected.

Decisions: only s strictly inside (0, 1) are roots (the quadratic's other root, p > 1, is no probability), and a
root is selected if it is each lab's best reply over a fine grid of its own s. The derivative of the log payoff in
the own s falls for all parameters, so there is exactly one root and it is the best reply. P at s = 0 is 0, so
neither end can be an equilibrium against interior play.
"""

from collections.abc import Iterator

import mpmath
import numpy as np
from mpmath import mp, mpf

GRID = np.linspace(-60, 60, 13)


def sample(random: np.random.Generator) -> dict:
    """One random parameter point."""
    return {
        "n": int(random.integers(2, 11)) if random.random() < 0.85 else int(random.integers(11, 1001)),
        "k": float(10 ** random.uniform(-2, 4)),
        "a": 1.0 if random.random() < 0.3 else float(random.uniform(0.2, 4)),
        "w": 1.0 if random.random() < 0.2 else float(10 ** random.uniform(-1, 1)),
    }


def log_payoff(own, others, n, k, a, w):
    """Log payoff of a lab with the logit `own` when all the others have the logit `others`, but for their log P."""
    s, rest = 1 / (1 + mpmath.exp(-own)), 1 / (1 + mpmath.exp(own))
    rivals = (n - 1) * (1 / (1 + mpmath.exp(others))) ** w
    aligned = k * s**a / (k * s**a + rest)
    return mpmath.log(aligned) + mpmath.log(rest**w / (rest**w + rivals))


def results(n: int = 2, k: float = 33.9, a: float = 1, w: float = 1) -> dict:
    """Every symmetric stationary point, the best reply to itself among them selected."""
    with mp.workdps(30):
        game = (n, mpf(k), mpf(a), mpf(w))
        step = mpf(10) ** -12

        def marginal(t):
            return log_payoff(t + step, t, *game) - log_payoff(t - step, t, *game)

        stationary = []
        signs = [marginal(mpf(t)) > 0 for t in GRID]
        for i in range(len(GRID) - 1):
            if signs[i] != signs[i + 1]:
                low, high = mpf(GRID[i]), mpf(GRID[i + 1])
                for _ in range(62):
                    middle = (low + high) / 2
                    low, high = (middle, high) if (marginal(middle) > 0) == signs[i] else (low, middle)
                stationary.append((low + high) / 2)
        roots = []
        for t in stationary:
            s, rest = 1 / (1 + mpmath.exp(-t)), 1 / (1 + mpmath.exp(t))
            p = game[1] * s ** game[2] / (game[1] * s ** game[2] + rest)
            here = log_payoff(t, t, *game)
            best = all(log_payoff(mpf(own), t, *game) <= here for own in np.linspace(-20, 20, 21))
            roots.append({"s": float(s), "p": float(p), "selected": best, "all": float(p**n)})
        chosen = next((root for root in roots if root["selected"]), None)
        return {
            "s": chosen and chosen["s"],
            "p": chosen and chosen["p"],
            "aligned_all": chosen and chosen["all"],
            "roots": [{name: root[name] for name in ("s", "p", "selected")} for root in roots],
            "exists": chosen is not None,
        }


def published() -> Iterator[tuple]:
    """(description, published number, number here, tolerance)."""
    yield "n = 2, w = 1, k = 33.9: p", 0.897, results(n=2, k=33.9, a=1, w=1)["p"], 5e-4
    for n, k, w in ((2, 33.9, 1.0), (5, 3.0, 0.7), (10, 0.4, 2.5)):
        square, linear, constant = n * (k - 1), n * (2 * k - 1) + w * (n - 1), n * k
        # The lower root in the form that is stable for k near 1 and below it.
        closed = 2 * constant / (linear + (linear**2 - 4 * square * constant) ** 0.5)
        yield f"the quadratic's root at n = {n}, k = {k}, w = {w}", closed, results(n=n, k=k, w=w)["p"], 1e-13
