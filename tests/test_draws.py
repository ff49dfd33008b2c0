"""Quantiles of truncated distributions: against mpmath, in far tails too, and in order."""

import math

import mpmath
import numpy as np
import pytest

from race_sim import Lognormal, Normal, Triangular, Uniform
from race_sim.kernels import draws

rng = np.random.default_rng(20261127)


def test_normal_tails_and_quantiles_are_right_to_rounding():
    """An error of the quantile is one of the probability over the density there."""
    values = -np.concatenate([rng.uniform(0, 0.7, 1000), rng.uniform(0.6, 6, 1000), rng.uniform(5, 37, 1000)])
    parts = np.concatenate([rng.uniform(0, 0.5, 1000), 10.0 ** rng.uniform(-300, -1, 1000)])
    with mpmath.workdps(40):
        tail = max(float(abs(draws.lower_tail(float(x)) / mpmath.ncdf(mpmath.mpf(float(x))) - 1)) for x in values)
        quantile = 0.0
        for part in parts:
            at = mpmath.mpf(draws.lower_quantile(float(part)))
            wrong = (mpmath.ncdf(at) - mpmath.mpf(float(part))) / mpmath.npdf(at)
            quantile = max(quantile, float(abs(wrong / at)))
    print(f"\nlargest relative errors: tail {tail:.2e}, quantile {quantile:.2e}")
    assert tail < 1.5e-15
    assert quantile < 1e-15


def test_ends_of_the_normal():
    assert draws.lower_tail(0.0) == 0.5
    assert draws.lower_tail(-math.inf) == draws.lower_tail(-40.0) == 0.0
    assert draws.lower_quantile(0.5) == 0.0
    assert draws.lower_quantile(0.0) == -math.inf


@pytest.mark.parametrize(("low", "high"), [(-1.0, 2.5), (-math.inf, -3.0), (4.0, math.inf), (9.0, 9.5), (-30.0, -29.0)])
@pytest.mark.parametrize("kind", ["normal", "lognormal"])
def test_truncated_quantiles_are_exact_in_far_tails(kind, low, high):
    """Between so many standard deviations from the middle; 9 to 9.5 of them lie beyond 1 - 1e-19."""
    parts = np.array([0.0, 1e-9, 0.1, 0.25, 0.5, 0.75, 0.9, 1.0 - 1e-9, 1.0])
    distribution = Normal(mean=3.0, standard_deviation=2.0) if kind == "normal" else Lognormal(median=2.0, sigma=0.5)
    ends = [3.0 + 2.0 * z if kind == "normal" else 2.0 * math.exp(0.5 * z) for z in (low, high)]
    with mpmath.workdps(60):
        side = -1 if low > 0 else 1  # by the tail that has digits
        first, last = sorted((mpmath.ncdf(side * mpmath.mpf(low)), mpmath.ncdf(side * mpmath.mpf(high))))
        truths = []
        for part in map(mpmath.mpf, map(float, parts)):
            inside = first + (last - first) * (part if side > 0 else 1 - part)
            near = mpmath.mpf(low if math.isinf(high) else high if math.isinf(low) else (low + high) / 2)
            if inside == 0:
                truths.append(math.inf * -side)
                continue
            at = mpmath.findroot(lambda x, p=inside: mpmath.log(mpmath.ncdf(x) / p), side * near, solver="secant")
            at *= side
            truths.append(float(3 + 2 * at if kind == "normal" else 2 * mpmath.exp(at / 2)))
    values = distribution.draw(parts, *ends)
    finite = np.isfinite(truths)
    assert values[finite] == pytest.approx(np.array(truths)[finite], rel=3e-13)
    assert (np.diff(values) >= 0.0).all()


@pytest.mark.parametrize(
    "distribution",
    [Uniform(low=0.2, high=0.6), Triangular(low=0.1, mode=0.3, high=0.9), Triangular(low=0.1, mode=0.1, high=0.9),
     Triangular(low=0.1, mode=0.9, high=0.9), Normal(mean=0.5, standard_deviation=0.1), Lognormal(median=0.4, sigma=2)],
    ids=str,
)  # fmt: skip
def test_quantiles_rise_lie_within_the_bounds_and_the_check_of_mass_knows_the_same_distribution(distribution):
    parts = np.concatenate([[0.0], np.sort(rng.random(5000)), [1.0]])
    values = distribution.draw(parts, 0.25, 0.5)
    assert (np.diff(values) >= 0.0).all()
    assert (values[0], values[-1]) == pytest.approx((0.25, 0.5), rel=1e-12)
    first, last = distribution.mass(0.25, 0.5)
    below = np.array([distribution.mass(0.25, value)[1] for value in values])
    assert (below - first) / (last - first) == pytest.approx(parts, abs=1e-12)


def test_draws_of_any_shape():
    one = Uniform(low=2, high=4)
    assert one.draw(np.array([[0.0, 0.5], [0.25, 1.0]])).tolist() == [[2.0, 3.0], [2.5, 4.0]]
    assert one.draw([0.5]).tolist() == [3.0]
    assert one.draw(np.linspace(0, 1, 9)[::4]).tolist() == [2.0, 3.0, 4.0]
