"""Jensen, Emery-Xu, Trager, Industrial policy for advanced AI: compute pricing and the safety tax (arXiv 2302.11436).

Written from the paper's equations without sight of the package's implementation.

    s_i = A X_s^alpha p_i^-theta,  p_i = B X_p^beta,  q_i = p_i / sum_j p_j,
    u_i = S_i - (1 - total) d - r (X_s + X_p),

where with risk "multiplicative" every winner is safe with the product of all s_j / (1 + s_j), with "winner" with
its own s_j / (1 + s_j) only; S_i is the probability that i wins safely and total the probability that anybody does.

The two first-order conditions of u_i in X_s and X_p at a symmetric point, with sigma = s / (1 + s) and S = sigma^n
or sigma:

    r X_s = alpha m,          m = (1/n + d) S (1 - sigma)      (multiplicative)
                              m = (1 + d) / n S (1 - sigma)    (winner)
    r X_p = beta (S (n - 1) / n^2 - theta m)

(with "winner" the shared loss d does not enter the second condition: at a symmetric point moving the win to another
lab of the same safety changes no risk). Together with the definition of s this is one equation in s; all its roots
are bracketed by a grid of 6,001 points over 260 orders of magnitude, the turning points and a point far below, and
bisected with 50 digits. `gradient` differentiates the payoff itself.

Decisions: an equilibrium is an interior root of the first-order conditions with X_p > 0 (no second-order test, as
in the published solver's closed form); "success" is the probability that no disaster happens, S;
safety_falls_with_price is alpha > beta theta whether or not there is an equilibrium at this price; price_threshold
is the supremum of prices with an interior equilibrium, None if there is one at every price. Inputs may be as small as
they like: where theta > 0 the hindrance p^-theta grows without bound as X_p -> 0, so a root with hardly any effort is
as interior as any other, and counts.
"""

from collections.abc import Iterator

import mpmath
import numpy as np
from mpmath import mp, mpf

DEFAULTS = {"n": 2, "r": 0.01, "d": 0, "A": 1, "B": 1, "alpha": 1, "beta": 1, "theta": 0, "risk": "multiplicative"}
GRID = np.linspace(-300, 300, 6001)
FAR = mpf(-(10**9))  # below the grid log_price_power is a straight line; its one root may lie far out


def sample(random: np.random.Generator) -> dict:
    """One random parameter point; one in twenty where X_p and s vanish together (n = 2, d = 0, theta = 1/2)."""
    point = {
        "n": int(random.integers(2, 9)) if random.random() < 0.9 else int(random.integers(9, 61)),
        "r": float(10 ** random.uniform(-3.5, 0)),
        "d": 0.0 if random.random() < 0.4 else float(random.uniform(0, 2)),
        "A": float(10 ** random.uniform(-0.5, 1.5)),
        "B": float(10 ** random.uniform(-0.5, 1.5)),
        "alpha": 1.0 if random.random() < 0.3 else float(random.uniform(0.3, 2)),
        "beta": float(random.uniform(0.3, 2)),
        "theta": 0.0 if random.random() < 0.4 else float(random.uniform(0.05, 1.2)),
        "risk": str(random.choice(["multiplicative", "winner"])),
    }
    return {**point, "n": 2, "d": 0.0, "theta": 0.5} if random.random() < 0.05 else point


def payoff(own_safety_input, own_performance_input, others_safety_input, others_performance_input, **parameters):
    """u_1 when all the others choose the same inputs: nothing but the definition of the model."""
    n, r, d, A, B, alpha, beta, theta, risk = ({**DEFAULTS, **parameters}[name] for name in DEFAULTS)
    performance = [B * own_performance_input**beta] + [B * others_performance_input**beta] * (n - 1)
    inputs = [own_safety_input] + [others_safety_input] * (n - 1)
    safety = [A * x**alpha * p**-theta for x, p in zip(inputs, performance, strict=True)]
    own_part = [s / (1 + s) for s in safety]
    safe = own_part if risk == "winner" else [mpmath.fprod(own_part)] * n
    win = [p / mpmath.fsum(performance) for p in performance]
    total = mpmath.fsum(sigma * q for sigma, q in zip(safe, win, strict=True))
    return safe[0] * win[0] - (1 - total) * d - r * (own_safety_input + own_performance_input)


def gradient(safety_input, performance_input, **parameters) -> tuple[float, float]:
    """Both derivatives of the payoff in a lab's own inputs at the symmetric point, by differences with 60 digits."""
    with mp.workdps(60):
        x, y, h = mpf(safety_input), mpf(performance_input), mpf(10) ** -15

        def payoff_at(own_x, own_y):
            return payoff(own_x, own_y, x, y, **parameters)

        in_safety = (payoff_at(x * (1 + h), y) - payoff_at(x * (1 - h), y)) / (2 * h * x)
        in_performance = (payoff_at(x, y * (1 + h)) - payoff_at(x, y * (1 - h))) / (2 * h * y)
        return float(in_safety), float(in_performance)


def results(**parameters) -> dict:
    """Every interior symmetric solution of the first-order conditions, the safest one selected."""
    with mp.workdps(50):
        return _results(**{**DEFAULTS, **parameters})


def exact(**parameters) -> dict:
    """The same with 300 digits, for what a float cannot tell: X_p next to nothing, safeties closer than 1e-100."""
    with mp.workdps(300):
        return _results(**{**DEFAULTS, **parameters}, rounded=mpf)


def _results(n, r, d, A, B, alpha, beta, theta, risk, rounded=float) -> dict:
    A, B, alpha, beta, theta, d, r = (mpf(value) for value in (A, B, alpha, beta, theta, d, r))
    power = n if risk == "multiplicative" else 1
    contest = mpf(n - 1) / n**2
    stake = mpf(1) / n + d if risk == "multiplicative" else (1 + d) / n
    # r X_p = beta S (contest - theta stake / (1 + s)) is positive only above this safety (negative: everywhere).
    lowest = theta * stake / contest - 1
    start = max(lowest, mpf(0))

    def point(t):
        """Log S, log r X_s, log r X_p and s at s = start + exp(t), for mpmath's numbers or numpy's arrays alike."""
        array = isinstance(t, np.ndarray)
        log, exp = (np.log, np.exp) if array else (mpmath.log, mpmath.exp)
        above = exp(t)
        gap = float(start - lowest) if array else start - lowest
        s = (float(start) if array else start) + above
        constants = (power, alpha, beta, stake, contest)
        w, al, be, st, co = (float(c) for c in constants) if array else constants
        log_all_safe = -w * (np.log1p(1 / s) if array else mpmath.log1p(1 / s))
        log_xs = log(al * st) + log_all_safe - log(1 + s)
        log_xp = log(be * co) + log_all_safe + log((gap if lowest < 0 else 0) + above) - log(1 + s)
        return log_all_safe, log_xs, log_xp, s

    def log_price_power(t):
        """(alpha - beta theta) log r at which s(t) solves both conditions."""
        _, log_xs, log_xp, s = point(t)
        if isinstance(t, np.ndarray):
            level = float(mpmath.log(A) - theta * mpmath.log(B))
            return level + float(alpha) * log_xs - float(theta * beta) * log_xp - np.log(s)
        return mpmath.log(A) - theta * mpmath.log(B) + alpha * log_xs - theta * beta * log_xp - mpmath.log(s)

    exponent = alpha - beta * theta
    target = exponent * mpmath.log(r)
    grid = log_price_power(GRID)
    # The turning points are added to the grid, so that two roots between neighbouring points are not missed.
    # (A flat stretch turns only by the rounding of floats, where its second difference is of that size.)
    turns = np.flatnonzero(np.diff(np.sign(np.diff(grid))) * (abs(np.diff(grid, 2)) > 1e-9)) + 1
    step = mpf(10) ** -20
    exact = [
        bisect(lambda t: log_price_power(t + step) - log_price_power(t - step), GRID[i - 1], GRID[i + 1]) for i in turns
    ]
    crossings = np.flatnonzero(np.diff(grid > float(target)))
    points = sorted({FAR} | {mpf(GRID[i]) for i in (0, *crossings, *(crossings + 1), len(GRID) - 1)} | set(exact))
    above = [log_price_power(t) > target for t in points]
    roots = []
    for i in range(len(points) - 1):
        if above[i] == above[i + 1]:
            continue
        t = bisect(lambda t: log_price_power(t) - target, points[i], points[i + 1])
        log_all_safe, log_xs, log_xp, s = point(t)
        xs, xp = mpmath.exp(log_xs) / r, mpmath.exp(log_xp) / r
        roots.append((s, B * xp**beta, xs, xp, mpmath.exp(log_all_safe)))
    roots.sort()
    names = ("safety", "performance", "X_s", "X_p", "success")
    upper = roots[-1] if roots else None
    answer: dict = {name: rounded(upper[i]) if upper else None for i, name in enumerate(names)}
    answer["roots"] = [
        {"safety": rounded(root[0]), "performance": rounded(root[1]), "selected": root is upper} for root in roots
    ]
    answer["exists"] = bool(roots)
    answer["safety_falls_with_price"] = bool(exponent > 0)
    # At s -> 0 log_price_power goes as (power (alpha - beta theta) - 1) log s, less another beta theta log s where X_p
    # vanishes at s = 0 too (lowest = 0); at X_p -> 0 with s > 0 it grows without bound.
    falls = power * exponent - 1 - (theta * beta if lowest == 0 else 0) < 0
    if exponent <= 0 or lowest > 0 or falls:
        answer["price_threshold"] = None
    else:
        # Where neither grows nor falls the required price tends to a limit at s -> 0, which may be the supremum.
        peak = max(log_price_power(t) for t in [mpf(GRID[0]), *exact])
        answer["price_threshold"] = rounded(mpmath.exp(peak / exponent))
    return answer


def bisect(function, low, high):
    """The root between two points of opposite sign."""
    low, high = mpf(low), mpf(high)
    positive = function(low) > 0
    for _ in range(64 + int(mpmath.log(1 + high - low, 2))):
        middle = (low + high) / 2
        if (function(middle) > 0) == positive:
            low = middle
        else:
            high = middle
    return (low + high) / 2


# Both first-order conditions vanish at 5.50488 and 17.90429 (`gradient`). The authors' program is a numerical solver;
# what it printed lies .0009 and .0007 away, more than the rounding of three decimals.
DIFFERS = {
    "the authors' solver: safety at r = .01": "a numerical solver's answer, near the exact root",
    "the authors' solver: performance at r = .01": "a numerical solver's answer, near the exact root",
}


def published() -> Iterator[tuple]:
    """(description, published number, number here, tolerance)."""
    cheap, dear = results(r=0.01), results(r=0.05)
    yield "safety at r = .01", 5.5049, cheap["safety"], 5e-5
    yield "performance at r = .01", 17.9043, cheap["performance"], 5e-5
    yield "the authors' solver: safety at r = .01", 5.504, cheap["safety"], 5e-4
    yield "the authors' solver: performance at r = .01", 17.905, cheap["performance"], 5e-4
    yield "safety at r = .05", 1.4236, dear["safety"], 5e-5
    yield "performance at r = .05", 1.7252, dear["performance"], 5e-5
    yield "price above which there is no interior equilibrium", 2 / 27, cheap["price_threshold"], 1e-15
    yield "an equilibrium just below 2/27", True, results(r=2 / 27 * 0.999)["exists"], 0
    yield "none just above 2/27", False, results(r=2 / 27 * 1.001)["exists"], 0
    for theta, falls in ((0.0, True), (0.9, True), (1.1, False), (1.6, False)):
        low, high = (results(n=3, r=r, alpha=1, beta=1, theta=theta)["safety"] for r in (0.004, 0.005))
        yield f"safety falls with the price at alpha = beta = 1, theta = {theta}", falls, high < low, 0
