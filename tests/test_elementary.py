"""Our own exponentials, logarithms, powers and cosine: against mpmath, at their ends, and the same bits uncompiled."""

import math

import mpmath
import numpy as np
import pytest

from race_sim.kernels import elementary

rng = np.random.default_rng(20261127)
SPANS = {
    "exp": [rng.uniform(-708, 709, 2000), rng.uniform(-1, 1, 2000), rng.uniform(-40, 2, 2000)],
    "exp10": [rng.uniform(-100, 100, 2000), rng.uniform(-2, 2, 2000)],
    "expm1": [rng.uniform(-700, 709, 2000), rng.uniform(-1.5, 1.5, 2000), -(10.0 ** rng.uniform(-300, 1, 2000))],
    "log": [10.0 ** rng.uniform(-300, 300, 2000), rng.uniform(0.5, 2, 2000), 1 + rng.uniform(-1e-5, 1e-5, 2000),
            10.0 ** rng.uniform(-320, -308, 100)],
    "log1p": [10.0 ** rng.uniform(-300, 300, 2000), rng.uniform(-0.999, 1, 2000), 10.0 ** rng.uniform(-18, 0, 2000)],
    "cos_of_turn": [rng.uniform(0, 1, 4000)],
}  # fmt: skip
TRUTH = {
    "exp": mpmath.exp, "exp10": lambda x: mpmath.mpf(10) ** x, "expm1": mpmath.expm1, "log": mpmath.log,
    "log1p": mpmath.log1p, "cos_of_turn": lambda x: mpmath.cos(2 * mpmath.pi * x),
}  # fmt: skip
LARGEST_ERROR = {"exp": 0.65, "exp10": 0.65, "log": 0.65, "log1p": 1.1, "power": 1.1, "expm1": 1.8, "cos_of_turn": 1.8}


def over(name, *columns):
    """A function at many points, compiled where kernels are."""
    return np.array([getattr(elementary, name)(*map(float, point)) for point in zip(*columns, strict=True)])


def error(values, truths):
    """Largest error, in units in the last place of the truth."""
    return max(
        float(abs(mpmath.mpf(float(value)) - truth) / mpmath.mpf(math.ulp(float(truth))))
        for value, truth in zip(values, truths, strict=True)
        if truth != 0
    )


@pytest.mark.parametrize("name", SPANS)
def test_errors_are_those_of_good_libraries(name):
    points = np.concatenate(SPANS[name])
    with mpmath.workdps(50):
        largest = error(over(name, points), [TRUTH[name](mpmath.mpf(float(x))) for x in points])
    print(f"\n{name}: largest error {largest:.3f} units in the last place at {len(points)} points")
    assert largest <= LARGEST_ERROR[name]


def test_powers_lose_nothing_to_large_exponents():
    spans = [10.0 ** rng.uniform(-2, 2, 2000), rng.uniform(0.5, 2, 2000), 10.0 ** rng.uniform(-90, 90, 2000)]
    base = np.concatenate(spans)
    exponent = np.concatenate([rng.uniform(-100, 100, 4000), rng.uniform(-3, 3, 2000)])
    with mpmath.workdps(50):
        truths = [mpmath.mpf(float(b)) ** mpmath.mpf(float(e)) for b, e in zip(base, exponent, strict=True)]
        largest = error(over("power", base, exponent), truths)
    print(f"\npower: largest error {largest:.3f} units in the last place at {len(base)} points")
    assert largest <= LARGEST_ERROR["power"]


@pytest.mark.parametrize(
    ("name", "arguments", "value"),
    [
        ("exp", (0.0,), 1.0), ("exp", (710.0,), math.inf), ("exp", (-710.0,), 0.0), ("exp", (-math.inf,), 0.0),
        ("exp", (math.inf,), math.inf), ("exp10", (0.0,), 1.0), ("exp10", (2.0,), 100.0), ("expm1", (0.0,), 0.0),
        ("expm1", (1e-320,), 1e-320), ("expm1", (-1e4,), -1.0), ("expm1", (1e4,), math.inf), ("log", (1.0,), 0.0),
        ("log", (0.0,), -math.inf), ("log", (math.inf,), math.inf), ("log1p", (0.0,), 0.0),
        ("log1p", (1e-320,), 1e-320), ("log1p", (-1.0,), -math.inf), ("power", (0.0, 0.3), 0.0),
        ("power", (0.0, 0.0), 1.0),
        ("power", (0.0, -1.0), math.inf), ("power", (7.0, 0.0), 1.0), ("power", (7.0, 1.0), 7.0),
        ("power", (math.inf, 2.0), math.inf), ("power", (math.inf, -2.0), 0.0), ("power", (2.0, 0.5), math.sqrt(2.0)),
        ("power", (10.0, 400.0), math.inf), ("power", (10.0, -400.0), 0.0), ("cos_of_turn", (0.0,), 1.0),
        ("cos_of_turn", (0.25,), 0.0), ("cos_of_turn", (0.5,), -1.0), ("cos_of_turn", (1.0,), 1.0),
    ],
)  # fmt: skip
def test_ends(name, arguments, value):
    assert getattr(elementary, name)(*arguments) == value


@pytest.mark.parametrize("name", ["exp", "expm1", "log", "log1p"])
def test_what_is_no_number_stays_so(name):
    assert math.isnan(getattr(elementary, name)(math.nan))


def test_no_logarithm_and_no_power_of_a_negative_number():
    assert math.isnan(elementary.power(math.nan, 0.3))
    assert math.isnan(elementary.power(2.0, math.nan))
    assert math.isnan(elementary.power(-1.0, 0.3))
    assert math.isnan(elementary.log(-1.0))
    assert math.isnan(elementary.log1p(-2.0))
