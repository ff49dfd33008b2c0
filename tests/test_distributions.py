"""Per-run draws follow the distribution that the file names, truncated to its bounds."""

import numpy as np
import pytest
from scipy import stats

from race_sim import InputError, Lognormal, Normal, Scenario, Triangular, Uniform
from race_sim.runs.records import build

pytestmark = pytest.mark.quick

CASES = [
    (Uniform(low=0.2, high=0.6), stats.uniform(0.2, 0.4)),
    (Triangular(low=0.1, mode=0.3, high=0.9), stats.triang(0.25, 0.1, 0.8)),
    (Normal(mean=0.5, standard_deviation=0.1), stats.norm(0.5, 0.1)),
    (Lognormal(median=0.1, sigma=0.5), stats.lognorm(0.5, scale=0.1)),
]


@pytest.mark.parametrize(("ours", "exact"), CASES)
def test_draws_have_the_distribution(ours, exact):
    uniform = (np.arange(20_000) + 0.5) / 20_000
    values = ours.draw(uniform, -1e9, 1e9)
    assert stats.kstest(values, exact.cdf).statistic < 2e-4


@pytest.mark.parametrize(("ours", "exact"), CASES)
def test_truncation_to_bounds(ours, exact):
    uniform = (np.arange(20_000) + 0.5) / 20_000
    values = ours.draw(uniform, 0.25, 0.5)
    assert values.min() >= 0.25
    assert values.max() <= 0.5
    low, high = exact.cdf([0.25, 0.5])
    assert stats.kstest(values, lambda x: (exact.cdf(x) - low) / (high - low)).statistic < 2e-4


def test_a_draw_is_the_same_for_all_labs_and_policies_and_differs_between_runs():
    scenario = Scenario.load("us-china-2026")
    racing = build(scenario, 3, np.arange(50))
    treaty = build(scenario.replace({"nations.us.policy": "treaty", "lab.rule": "fixed"}), 3, np.arange(50))
    for name in ("capability_growth_rate", "incidents_catastrophe_probability", "assurance_difficulty"):
        assert (racing.parameters[name] == treaty.parameters[name]).all()
        assert len(np.unique(racing.parameters[name])) == 50
    assert np.unique(racing.parameters["prize_enmity"]).tolist() == [0.6]
    streams = [racing.parameters[name] for name in ("capability_growth_rate", "assurance_difficulty")]
    assert abs(np.corrcoef(streams)[0, 1]) < 0.5


def test_the_baseline_draws_what_was_measured():
    records = build(Scenario.load("us-china-2026"), 1, np.arange(20_000))
    growth = records.parameters["capability_growth_rate"]
    head_start = records.labs["capability"][:, 0] - records.labs["capability"][:, 4]
    months = 12 * head_start / growth
    assert 4 <= months.min() < 4.5
    assert 13 < months.max() <= 14
    assert months.mean() == pytest.approx(7, abs=0.1)
    assert growth.min() >= 0.86
    assert growth.max() <= 1.45


@pytest.mark.parametrize(
    "arguments",
    [
        {"kind": Uniform, "low": 1.0, "high": 0.0},
        {"kind": Normal, "mean": 0.0, "standard_deviation": 0.0},
        {"kind": Lognormal, "median": -1.0, "sigma": 0.5},
        {"kind": Triangular, "low": 0.0, "mode": 2.0, "high": 1.0},
        {"kind": Uniform, "low": float("nan"), "high": 1.0},
    ],
)
def test_wrong_distributions_are_refused(arguments):
    kind = arguments.pop("kind")
    with pytest.raises(InputError) as error:
        Scenario.load("duopoly").replace({"nation.rivalry": kind(**arguments)})
    assert "\n" not in str(error.value)
