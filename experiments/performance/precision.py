"""How precise is a second of computing?

Question: how many CPU seconds does a relative standard error of 1 % take, by the way an outcome is estimated? Design:
the ladder from drawing everything (``sampled``) over carrying the probability of survival (``integrated``) and taking
out what luck explains (``with controls``) to laying the per-run draws out evenly (``Sobol over the draws``), for the
probability of a catastrophe, the mishaps and a nation's payoff: squared relative error times CPU seconds. The error of
a frequency follows from its mean, which ``integrated`` knows better; that of a Sobol design is its spread over
independently scrambled designs. And for the mean over a box of ten parameters, those on which the risk depends most:
variance of the mean of random points over that of Sobol points, at equal numbers of points and runs.
"""

import time
from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np
import pandas as pd

from experiments._base.results import RESULTS
from experiments.performance.clock import Row
from race_sim import Estimate, Scenario, estimate, sweep
from race_sim.runs.controls import drawn_parameters
from race_sim.sweeps.draws import sobol_over_draws
from race_sim.sweeps.engine import sobol, table
from race_sim.sweeps.engine.axes import Axis
from race_sim.sweeps.engine.design import Design
from race_sim.sweeps.evaluate import space

RISK = "catastrophe_probability"
OUTCOMES = (RISK, "mishaps", "payoff.us")
WAYS: dict[str, dict[str, Any]] = {
    "sampled": {"estimator": "sampled"},
    "integrated": {"controlled": False},
    "with controls": {"controlled": True},
}
SOBOL = "Sobol over the draws"
TARGETS = {"us-china-2026-point": "at least 5,000", "us-china-2026": "at least 1,000"}
BOX, BOX_POINTS, BOX_RUNS = 10, 512, 4


def process_cpu(work: Callable[[], Any]) -> tuple[float, Any]:
    """CPU seconds of all threads of this process for ``work``, and what it returns."""
    start = time.process_time()
    result = work()
    return time.process_time() - start, result


def seconds_to_one_percent(scenario: Scenario, runs: int, designs: int) -> dict[str, dict[str, float]]:
    """CPU seconds to a 1 % standard error, by way and outcome."""
    exact = estimate(scenario, 4 * runs, 2, progress=False)
    seconds = {}
    for way, options in WAYS.items():
        spent, result = process_cpu(partial(estimate, scenario, runs, 1, threads=1, progress=False, **options))
        errors = {key: _relative_error(result, key, exact) for key in OUTCOMES}
        seconds[way] = {key: spent * (error / 0.01) ** 2 for key, error in errors.items()}
    if drawn_parameters(scenario):
        spent, means = process_cpu(lambda: _means(scenario, _over_draws(scenario, runs // designs, designs), 1))
        spread = means.std(axis=0, ddof=1) / means.mean(axis=0)  # of one design, which takes spent / designs
        seconds[SOBOL] = {
            key: spent / designs * float(error / 0.01) ** 2 for key, error in zip(OUTCOMES, spread, strict=True)
        }
    return seconds


def _relative_error(estimated: Estimate, key: str, exact: Estimate) -> float:
    if key == RISK and estimated.estimator == "sampled":
        mean = exact[RISK].mean
        return float(((1.0 - mean) / mean / estimated.runs) ** 0.5)
    return estimated[key].standard_error / abs(estimated[key].mean)


def _over_draws(scenario: Scenario, samples: int, designs: int) -> list[Design]:
    return [sobol_over_draws(scenario, samples, seed) for seed in range(designs)]


def _means(scenario: Scenario, designs: list[Design], runs: int) -> np.ndarray:
    """Means of OUTCOMES over the points of each design, (designs, outcomes); each design on luck of its own."""
    return np.array([
        sweep(scenario, design, runs, seed, OUTCOMES, threads=1, progress=False)["mean"].mean("point").values
        for seed, design in enumerate(designs)
    ])  # fmt: skip


def most_influential(count: int) -> list[str]:
    """The parameters on which the risk depends most, by what_the_baseline_depends_on."""
    indices = pd.read_csv(RESULTS / "what_the_baseline_depends_on" / "table.csv")
    return list(indices[indices["outcome"] == RISK].nlargest(count, "total")["parameter"])


def random_points(scenario: Scenario, paths: list[str], samples: int, seed: int) -> Design:
    """Independent uniform points of the box, with streams of their own."""
    unit, here = np.random.default_rng(seed).random((samples, len(paths))), space(scenario)
    axes = [Axis(path).checked(here) for path in paths]
    return table({axis.path: axis.at(unit[:, n], here[axis.path]) for n, axis in enumerate(axes)}, streams="own")


def gain_over_a_box(scenario: Scenario, points: int, runs: int, designs: int) -> float:
    """Variance of the mean risk over a box with random points / with Sobol points, over independent designs."""
    paths = most_influential(BOX)
    even = _means(scenario, [sobol(points, *paths, seed=seed, streams="own") for seed in range(designs)], runs)
    loose = _means(scenario, [random_points(scenario, paths, points, seed) for seed in range(designs)], runs)
    return float(loose[:, 0].var(ddof=1) / even[:, 0].var(ddof=1))


def rows(quick: bool) -> list[Row]:
    """Measure."""
    runs, designs, box = (512, 4, (64, 1, 3)) if quick else (8192, 16, (BOX_POINTS, BOX_RUNS, 32))
    result: list[Row] = []
    for name, target in TARGETS.items():
        seconds = seconds_to_one_percent(Scenario.load(name), runs, designs)
        for key in OUTCOMES:
            for way, spent in ((way, items[key]) for way, items in seconds.items()):
                result.append((f"{name}: CPU to a 1 % error of {key}, {way}", spent, "s", ""))
            for way in list(seconds)[1:]:
                ratio = seconds["sampled"][key] / seconds[way][key]
                aim = target if (key, way) == (RISK, "with controls") else ""
                result.append((f"{name}: CPU to a 1 % error of {key}, sampled / {way}", ratio, "", aim))
    gain = gain_over_a_box(Scenario.load("us-china-2026-point"), *box)
    text = f"mean risk over a box of {BOX} parameters at {box[0]} points: variance, random / Sobol"
    return [*result, (text, gain, "", "at least 8")]
