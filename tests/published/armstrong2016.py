"""Armstrong, Bostrom, Shulman (2016), Racing to the precipice, AI & Society 31:201.

Written from the paper's equations without sight of the package's implementation.

Readings. Without enmity (e = 0) safety 1 for all is taken as the equilibrium under all three kinds of information, and
the risk is zero; the lower end of the leader's continuum, safety min(1, D), does not depend on the enmity.
"""

import numpy

from tests.published.exact_chain import floats, number


def sample(random: numpy.random.Generator) -> dict:
    return {
        "n": int(random.choice([2, random.integers(2, 12), int(2 * 500 ** random.uniform(0, 1))])),
        "e": float(
            random.choice([0.0, 1.0, 10 ** random.uniform(-6, 0), *random.uniform(0, 1, 5)]),
        ),
        "mu": 10 ** random.uniform(-2, 2.5),
    }


def risk_none(n, e, mu):
    return max(number(0), 1 - mu / (n * e)) if e > 0 else number(0)


def risk_private(n, e, mu):
    if e == 0:
        return number(0)
    a = n * e - e + 1
    if mu <= a:
        return 1 - n * mu / ((n + 1) * a)
    return (a / mu) ** n / (n + 1)


def risk_public(n, slope, mu):
    """The chance of disaster when the leader's safety is min(1, D / slope)."""
    if mu <= slope:
        return 1 - mu / (slope * (n + 1))
    return 1 - mu / (slope * (n + 1)) * (1 - (1 - slope / mu) ** (n + 1))


def results(n=2, e=1, mu=1):
    e, mu = number(e), number(mu)
    risk = {
        "none": risk_none(n, e, mu),
        "private": risk_private(n, e, mu),
        "public": risk_public(n, e, mu) if e > 0 else number(0),
    }
    return floats(
        {
            "risk": risk,
            "safety": {kind: 1 - value for kind, value in risk.items()},
            "public_lower_risk": risk_public(n, number(1), mu),
            "third_team_raises_risk": bool(risk_private(n + 1, e, mu) > risk_private(n, e, mu)),
        }
    )


def published():
    half_a_digit = 5.0001e-5
    for point, numbers in (((2, 1, 1), (0.5, 0.6667, 0.6667)), ((5, 1, 3), (0.4, 0.5, 0.5439))):
        result = results(*point)["risk"]
        for kind, value in zip(("none", "private", "public"), numbers, strict=True):
            yield f"risk at (n, e, mu) = {point}, {kind}", value, result[kind], half_a_digit
    for e, raises in ((1 / 7 + 1e-6, 1.0), (1 / 7 - 1e-6, 0.0)):
        yield f"a third team raises the risk, e = {e:.7f}", raises, float(results(2, e, 1)["third_team_raises_risk"]), 0
    for n, value in ((2, 0.0469), (3, 0.0313)):
        yield f"private risk at e = .5, mu = 4, n = {n}", value, results(n, 0.5, 4)["risk"]["private"], half_a_digit
