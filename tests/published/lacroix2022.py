"""LaCroix and Mohseni, The tragedy of the AI commons (arXiv 2006.05203), infinite population.

Written from the paper's payoffs without sight of the package's implementation.

In a group of N a cooperator pays c; unless at least n* of the group cooperate, everybody loses m with probability
r. The gradient of selection is the expected payoff of a cooperator minus that of a defector with the other N - 1
members drawn at random: `gradient` sums it over those groups, `polynomial` expands r m C(N-1, n*-1) x^(n*-1)
(1-x)^(N-n*) - c.

The roots are those of the polynomial in 50 digits (mpmath.polyroots) up to N = 8 and, since the gradient rises to a
single peak at (n*-1)/(N-1) and falls after it, by bisection on either side of the peak for larger groups.

Decisions: a root is stable iff the gradient falls through it; the boundary 0 is stable iff the gradient is negative
just inside, the boundary 1 iff it is positive just inside; only roots strictly inside (0, 1) are listed; the peak's
value includes - c.
"""

from collections.abc import Iterator
from math import comb

import mpmath
import numpy as np
from mpmath import mp, mpf


def sample(random: np.random.Generator) -> dict:
    """One random parameter point."""
    N = int(random.integers(2, 9)) if random.random() < 0.6 else int(random.integers(9, 61))
    return {
        "N": N,
        "n_star": int(random.integers(1, N + 1)),
        "r": float(random.uniform(0.02, 1)),
        "c": float(10 ** random.uniform(-2.5, 0)),
        "m": float(random.uniform(0.2, 3)),
    }


def gradient(x, N, n_star, r, c, m):
    """Expected payoff of a cooperator minus that of a defector when a share x cooperates."""
    total = mpf(0)
    for others in range(N):
        weight = comb(N - 1, others) * x**others * (1 - x) ** (N - 1 - others)
        cooperator = -c - (r * m if others + 1 < n_star else 0)
        defector = -(r * m if others < n_star else 0)
        total += weight * (cooperator - defector)
    return total


def closed_gradient(x, N, n_star, r, c, m):
    """The same in one term: only the pivotal groups matter."""
    return r * m * comb(N - 1, n_star - 1) * x ** (n_star - 1) * (1 - x) ** (N - n_star) - c


def polynomial(N, n_star, r, c, m) -> list:
    """Coefficients of the gradient, the highest power first."""
    coefficients = [mpf(0)] * N
    for k in range(N - n_star + 1):
        coefficients[n_star - 1 + k] += r * m * comb(N - 1, n_star - 1) * comb(N - n_star, k) * (-1) ** k
    coefficients[0] -= c
    return coefficients[::-1]


def bisected_roots(N, n_star, r, c, m) -> list:
    """Roots on either side of the peak."""
    peak = mpf(n_star - 1) / (N - 1)
    roots = []
    for low, high in ((mpf(0), peak), (peak, mpf(1))):
        below = closed_gradient(low, N, n_star, r, c, m) > 0
        if low == high or below == (closed_gradient(high, N, n_star, r, c, m) > 0):
            continue
        for _ in range(170):
            middle = (low + high) / 2
            if (closed_gradient(middle, N, n_star, r, c, m) > 0) == below:
                low = middle
            else:
                high = middle
        roots.append((low + high) / 2)
    return roots


def polynomial_roots(N, n_star, r, c, m) -> list:
    """Real roots inside (0, 1) among all roots of the polynomial."""
    roots = mpmath.polyroots(polynomial(N, n_star, r, c, m), maxsteps=500, extraprec=200)
    real = [root.real for root in map(mpmath.mpc, roots) if abs(root.imag) < mpf(10) ** -30]
    return sorted(root for root in real if 0 < root < 1)


def results(N: int = 6, n_star: int = 3, r: float = 0.9, c: float = 0.1, m: float = 1) -> dict:
    """Interior rest points, the stability of the two boundaries, and the peak of the gradient."""
    with mp.workdps(50):
        game = (N, n_star, mpf(r), mpf(c), mpf(m))
        near = mpf(10) ** -40
        roots = polynomial_roots(*game) if N <= 8 else bisected_roots(*game)
        peak = mpf(n_star - 1) / (N - 1)
        step = mpf(10) ** -20
        return {
            "roots": [
                {"x": float(x), "stable": bool(gradient(x + x * step, *game) < gradient(x - x * step, *game))}
                for x in roots
            ],
            "boundary": {"0": bool(gradient(near, *game) < 0), "1": bool(gradient(1 - near, *game) > 0)},
            "gradient_peak": {"x": float(peak), "value": float(gradient(peak, *game))},
        }


def published() -> Iterator[tuple]:
    """(description, published number, number here, tolerance)."""
    roots = results(N=6, n_star=3, r=0.9, c=0.1, m=1)["roots"]
    yield "number of roots", 2, len(roots), 0
    yield "lower root", 0.130, roots[0]["x"], 5e-4
    yield "upper root", 0.723, roots[1]["x"], 5e-4
    yield "the lower root is stable", False, roots[0]["stable"], 0
    yield "the upper root is stable", True, roots[1]["stable"], 0
