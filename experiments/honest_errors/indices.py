"""How often intervals of Sobol indices hold the truth: functions with closed forms, and a race.

Functions: T. Ishigami and T. Homma (1990); I. M. Sobol's g (A. Saltelli and I. M. Sobol 1995); and exp of a weighted
sum, whose tail is heavier. First-order and total indices of products follow from the variance of each factor.
"""

from collections.abc import Callable, Iterator

import numpy as np
from numpy.typing import NDArray

from experiments.honest_errors.samples import SEED, TRUTH_SEED, coverage_error
from race_sim import Scenario, sweep
from race_sim.sweeps.engine import table
from race_sim.sweeps.engine.axes import Axis
from race_sim.sweeps.engine.indices import analyse, sample
from race_sim.sweeps.evaluate import space

Real = NDArray[np.float64]
SAMPLES = (256, 1024)
NAMES = ("first_order", "total")
G = np.array([0.0, 1.0, 4.5, 9.0, 99.0, 99.0, 99.0, 99.0])
WEIGHTS = np.array([3.0, 2.0, 1.0, 0.3])
A, B = 7.0, 0.1
RACE, RACE_RUNS = "duopoly", 8
PATHS = ("incidents.gap_sensitivity", "prize.enmity", "lab.planning_horizon")
RISK = "catastrophe_probability"


def ishigami(unit: Real) -> Real:
    """On [-pi, pi]^3."""
    x, y, z = (2.0 * np.pi * unit - np.pi).T
    value: Real = np.sin(x) + A * np.sin(y) ** 2 + B * z**4 * np.sin(x)
    return value


def of_ishigami() -> tuple[Real, Real]:
    """Its first-order and total indices."""
    first = np.array([0.5 * (1.0 + B * np.pi**4 / 5.0) ** 2, A**2 / 8.0, 0.0])
    pair = B**2 * np.pi**8 * (1.0 / 18.0 - 1.0 / 50.0)  # of x and z
    whole = first.sum() + pair
    return first / whole, (first + np.array([pair, 0.0, pair])) / whole


def of_product(relative: Real) -> tuple[Real, Real]:
    """First-order and total indices of a product, from variance / mean^2 of each factor."""
    whole = np.prod(1.0 + relative) - 1.0
    return relative / whole, relative * np.prod(1.0 + relative) / (1.0 + relative) / whole


def relative_variance_of_exp(weight: Real) -> Real:
    """Of exp(weight u), u uniform."""
    result: Real = np.expm1(2.0 * weight) / (2.0 * weight) / (np.expm1(weight) / weight) ** 2 - 1.0
    return result


FUNCTIONS: dict[str, tuple[Callable[[Real], Real], tuple[Real, Real]]] = {
    "ishigami": (ishigami, of_ishigami()),
    "g": (lambda unit: np.prod((np.abs(4.0 * unit - 2.0) + G) / (1.0 + G), axis=1), of_product(1 / (3 * (1 + G) ** 2))),
    "exp": (lambda unit: np.exp(unit @ WEIGHTS), of_product(relative_variance_of_exp(WEIGHTS))),
}


def race(samples: int, seeds: range) -> Iterator[Real]:
    """The risk in a race at the points of each sample, on the same luck."""
    scenario = Scenario.load(RACE)
    units = np.concatenate([sample("sobol", samples, len(PATHS), seed) for seed in seeds])
    allowed = space(scenario)
    points = table(
        {path: Axis.parse(path).checked(allowed).at(units[:, n], allowed[path]) for n, path in enumerate(PATHS)}
    )
    swept = sweep(scenario, points, RACE_RUNS, SEED, [RISK])
    yield from swept["mean"].sel(outcome=RISK).values.reshape(len(seeds), -1)


def scored(name: str, samples: int, exact: tuple[Real, Real], outputs: Iterator[Real]) -> Iterator[dict[str, object]]:
    """A row per index and input."""
    inputs = len(exact[0])
    unit = sample("sobol", samples, inputs)
    analysed = [analyse("sobol", unit, output) for output in outputs]
    for kind, truth in zip(NAMES, exact, strict=True):
        low, high = (np.array([one[f"{kind}{end}"] for one in analysed]) for end in ("_low", "_high"))
        held = ((low <= truth) & (truth <= high)).mean(axis=0)
        for place in range(inputs):
            yield {
                "function": name,
                "samples": samples,
                "index": kind,
                "input": place + 1,
                "truth": float(truth[place]),
                "repeats": len(analysed),
                "coverage": float(held[place]),
                "coverage_error": coverage_error(len(analysed)),
                "width": float((high - low)[:, place].mean()),
            }


def rows(repeats: int, race_repeats: int, samples_of_truth: int) -> Iterator[dict[str, object]]:
    """A row per function, number of samples, index and input."""
    for name, (function, exact) in FUNCTIONS.items():
        inputs = len(exact[0])
        for samples in SAMPLES:
            outputs = (function(sample("sobol", samples, inputs, seed)) for seed in range(repeats))
            yield from scored(name, samples, exact, outputs)
    unit = sample("sobol", samples_of_truth, len(PATHS), TRUTH_SEED)
    known = analyse("sobol", unit, next(race(samples_of_truth, range(TRUTH_SEED, TRUTH_SEED + 1))))
    yield from scored(
        RACE, min(SAMPLES), (known["first_order"], known["total"]), race(min(SAMPLES), range(race_repeats))
    )
