"""How often intervals hold the truth: a sample of experiments.honest_errors, and more of it in the long run."""

import numpy as np
import pytest

from experiments.honest_errors.__main__ import FEW, MARGIN, MOST
from experiments.honest_errors.samples import LEAST, covered, events_expected
from race_sim import Scenario
from race_sim.runs.intervals import Limits, Spread


def short_and_over(name, estimator, size, runs):
    """Outcomes whose intervals hold the truth too seldom, and too often, beyond what chance does."""
    rows = [row for row in covered(Scenario.load(name), estimator, size) if row["runs"] in runs and row["point"] < 1.0]
    bounds = [LEAST - 3.0 * row["coverage_error"] - MARGIN for row in rows]
    worst = min(rows, key=lambda row: row["coverage"])
    print(f"\n{name}, {estimator}: {len(rows)} intervals, the least {worst['outcome']} {worst['coverage']:.3f}")
    short = [row["outcome"] for row, bound in zip(rows, bounds, strict=True) if row["coverage"] < bound]
    mean = np.mean([row["coverage"] for row in rows if row["events"] > FEW])
    return short, mean


@pytest.mark.parametrize("estimator", ["integrated", "sampled"])
def test_intervals_hold_the_truth_as_often_as_they_say(estimator):
    short, mean = short_and_over("duopoly", estimator, (120, 6000, 1000, 6000), (50,))
    assert short == []
    assert LEAST - 0.03 < mean < MOST


@pytest.mark.long
@pytest.mark.parametrize("estimator", ["integrated", "sampled"])
@pytest.mark.parametrize("name", ["us-china-2026", "duopoly"])
def test_intervals_hold_the_truth_for_every_outcome_and_number_of_runs(name, estimator):
    short, mean = short_and_over(name, estimator, (2000, 100_000, 20_000, 100_000), (50, 200))
    assert short == []
    assert LEAST - MARGIN < mean < MOST


def test_events_are_counted_where_an_outcome_has_them():
    runs = np.full(3, 100.0)
    spread = Spread(100, np.array([0.03, 0.9, 5.0]), np.array([0.03, 0.09, 4.0]), np.array([0.03, -0.07, 8.0]),
                    np.ones(3), np.array([3.0, 90.0, 100.0]), runs)  # fmt: skip
    no = np.zeros(3)
    limits = Limits(no, np.array([1.0, 1.0, np.inf]), np.array([True, True, False]), no, no)
    assert events_expected(spread, limits, 50) == pytest.approx([1.5, 5.0, 50.0])
