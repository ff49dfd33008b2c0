"""Designs over what a scenario draws per run."""

import numpy as np
import pytest

from race_sim import InputError, Scenario, estimate, sobol_over_draws, sweep
from race_sim.runs.controls import drawn_parameters
from race_sim.runs.records import draw

SCENARIO = Scenario.load("us-china-2026")


def test_every_drawn_parameter_has_its_distribution():
    """Quantiles are those of independent draws, and closer to the exact ones than those of as many draws."""
    design = sobol_over_draws(SCENARIO, 1024, seed=3)
    drawn = drawn_parameters(SCENARIO)
    assert list(design.columns) == [parameter.path for parameter in drawn]
    at = np.linspace(0.05, 0.95, 19)
    for parameter in drawn:
        exact = parameter.value.draw(at, parameter.about.at_least, parameter.about.at_most)
        many = draw(parameter.path, parameter.value, parameter.about, 1, np.arange(1024))
        even, loose = (np.abs(np.quantile(x, at) - exact) for x in (design.columns[parameter.path], many))
        assert even.max() < 0.02 * (exact[-1] - exact[0])
        assert even.mean() < loose.mean()


def test_its_mean_is_that_of_the_scenario_with_a_smaller_error():
    """Twelve scrambled designs: their mean, in standard errors, and their spread against that of as many draws."""
    keys = ["catastrophe_probability", "mishaps", "payoff.us"]
    means = np.array([
        sweep(SCENARIO, sobol_over_draws(SCENARIO, 256, seed), 1, seed, keys, progress=False)["mean"].mean("point")
        for seed in range(12)
    ])  # fmt: skip
    exact = estimate(SCENARIO, 8192, 5, progress=False)
    plain = estimate(SCENARIO, 256 * 12, 6, progress=False, controlled=False)
    for place, key in enumerate(keys):
        error = means[:, place].std(ddof=1) / np.sqrt(12)
        z = (means[:, place].mean() - exact[key].mean) / np.hypot(error, exact[key].standard_error)
        print(f"{key}: z {z:.2f}; standard error, draws / Sobol {plain[key].standard_error / error:.2f}")
        assert abs(z) < 4
        if key != "mishaps":  # whose variance is the luck of the events, not that of the draws
            assert error < plain[key].standard_error


def test_a_scenario_without_draws_has_no_such_design():
    with pytest.raises(InputError, match=r"scenario: must draw a parameter per run, got one that draws none"):
        sobol_over_draws("us-china-2026-point", 8)
    with pytest.raises(InputError, match=r"sobol: must be a power of 2 \(64 or 128\), got 100"):
        sobol_over_draws(SCENARIO, 100)
