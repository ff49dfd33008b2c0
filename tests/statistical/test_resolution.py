"""Monthly periods are fine enough: eight times as many change the probability of a catastrophe by less than 5 %."""

import numpy as np
import pytest

from race_sim.kernels.run import run_block
from race_sim.runs.records import build
from race_sim.scenario.scenario import Scenario

TOLERANCE = 0.05
RUNS = {"us-china-2026-point": 2_000, "us-china-2026": 4_000}


def catastrophe(name: str, periods_per_year: int) -> np.ndarray:
    """Probability of a catastrophe in every run, integrated."""
    scenario = Scenario.load(name).replace({"time.periods_per_year": periods_per_year})
    records = build(scenario, 8, np.arange(RUNS[name]))
    run_block(*records)
    return records.worlds["catastrophe"].copy()


@pytest.mark.parametrize("name", ["us-china-2026-point", pytest.param("us-china-2026", marks=pytest.mark.long)])
def test_monthly_against_96_periods_per_year(name, verified):
    """Draws within a run do not pair across resolutions, but its drawn parameters do: the error is of pairs."""
    monthly, fine = catastrophe(name, 12), catastrophe(name, 96)
    ratio = monthly.mean() / fine.mean()
    error = (monthly - ratio * fine).std(ddof=1) / np.sqrt(len(fine)) / fine.mean()
    print(f"\n{name}: {monthly.mean():.5f} monthly, {fine.mean():.5f} at 96 a year; ratio {ratio:.4f} +- {error:.4f}")
    verified(f"11 risk of {name}, monthly over 96 periods a year", ratio, 1.0 - TOLERANCE, 1.0 + TOLERANCE)
    assert 3.0 * error < TOLERANCE, "5 % must be at least three standard errors for this to be a test"
