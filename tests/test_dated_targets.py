"""Targets with a date: how they are read off runs, and that the command prints each of them."""

import numpy as np
import pytest

from experiments.calibrate_baseline import HORIZONS, _months_behind, compared, main, paths
from race_sim import Scenario, simulate


def test_months_behind_a_path():
    ahead = np.array([[0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0, 1.1, 1.2, 1.4]] * 4)
    behind = np.zeros((4, 13))
    behind[:, 12] = [1.4, 1.3, 0.45, -0.1]  # abreast; half a month; between two; before the start, at 0.1 a month
    assert _months_behind(ahead, behind, 12) == pytest.approx([0.0, 0.5, 8.5, 14.0])


def test_means_by_year_are_those_of_the_runs():
    scenario = Scenario.load("us-china-2026-point").replace({"incidents.mishap_hazard": 0.02})
    seen = paths(scenario, 10, 150, seed=4)
    data = simulate(scenario, 150, 4, trajectories=True)
    begun = np.concatenate([np.ones((150, 1)), data.survival_path.values[:, :-1]], axis=1)[:, 24]
    hazard = data.lab_hazard_path.transpose("run", "period", "lab").values.sum(axis=2)[:, 24:36].mean(axis=1)
    assert seen.hazard[0][2] == pytest.approx((begun * hazard).sum() / begun.sum())
    assert seen.chances["mishap by 2035"][0] == pytest.approx((data.mishaps.values > 0).mean(), abs=1e-12)
    assert seen.chances["catastrophe by 2035"][0] == pytest.approx(data.catastrophe_probability.mean().item())
    assert 4.0 < seen.lag[0][0] < 10.0
    assert len(list(compared(10, seen))) == 1 + 10 + 1 + 1 + 3 + 30


def test_every_target_is_printed_with_whether_it_is_met(capsys, tmp_path):
    main(["--quick", "--into", str(tmp_path)])
    lines = capsys.readouterr().out.splitlines()
    asked = [line for line in lines if line.startswith("- ")]
    assert [line for line in lines if line.startswith("over ")] == [f"over {years} years:" for years in HORIZONS]
    assert sum(line.endswith((": met", ": MISSED")) for line in asked) == len(asked) == 87
    assert len((tmp_path / "calibrate_baseline" / "targets.csv").read_text().splitlines()) == 88
