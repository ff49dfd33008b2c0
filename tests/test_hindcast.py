"""The hindcast: scores by hand, rows and mechanisms that exist, the same draws for all variants."""

import numpy as np
import pandas as pd
import pytest
from scipy.stats import norm

from experiments.hindcast.outputs import EVENTS, SCORED, _ratio, outputs
from experiments.hindcast.scores import (
    REACHED,
    UNCHANGED,
    covered,
    crps,
    crps_normal,
    energy,
    naive,
    score,
    skills,
)
from experiments.hindcast.variants import ABLATIONS, FIRST, LADDER, SECOND, scenarios
from race_sim.runs.records import build


def test_crps_is_the_mean_distance_less_half_the_spread():
    random = np.random.default_rng(1)
    values = 10.0 ** random.normal(1.0, 0.5, 40)
    x = np.log10(values)
    apart = np.abs(x[:, None] - x[None]).sum() / (40 * 39)
    assert crps(values, 20.0) == pytest.approx(np.abs(x - np.log10(20.0)).mean() - 0.5 * apart, rel=1e-12)
    assert crps(np.full(5, 7.0), 7.0) == pytest.approx(0.0, abs=1e-15)


def test_crps_of_a_normal_forecast_is_that_of_a_large_sample():
    level = (np.arange(20_000) + 0.5) / 20_000
    sample = 10.0 ** norm.ppf(level, 2.0, 0.4)
    assert crps_normal(2.0, 0.4, 10**2.3) == pytest.approx(crps(sample, 10**2.3), abs=1e-4)


def test_the_targets_are_those_of_the_table():
    rows = pd.read_csv("race_sim/scenario/data/hindcast_targets.csv").set_index("id")
    for row in (*SCORED, *EVENTS):
        assert REACHED[row] == rows.loc[row, "target_2025"]
        if row in ("T1", "T2", "T6", "T7", "T8", "T13a"):
            assert UNCHANGED[row] == rows.loc[row, "start_2020"]


def test_the_best_naive_forecast_is_chosen_with_hindsight():
    assert naive("T8") == ("log-linear trend", pytest.approx(np.log10(416 / 362)))
    assert naive("T2")[0] == "no change"
    assert naive("T14")[1] == pytest.approx((1 - (10 / 11) ** 5) ** 2)


def test_scores_of_events_coverage_and_energy():
    assert score("T11b", np.array([0.0, 0.0, 0.0, 1.0])) == pytest.approx(0.75**2)
    assert covered("T3", np.array([1.0, 5.0, 9.0, 20.0]))
    assert not covered("T3", np.array([8.0, 9.0, 10.0]))
    exact = {"T2": np.full(4, 20.0), "T3": np.full(4, 7.0)}
    assert energy(exact)[0] == pytest.approx(0.0, abs=1e-12)
    perfect = {row: np.full(4, REACHED[row]) for row in (*SCORED, *EVENTS)}
    assert skills(perfect) == pytest.approx(np.ones(13))


def test_ratios_of_nothing_and_of_very_much():
    assert _ratio(np.array([0.0, 2.0, 1.0, 1e9]), np.array([0.0, 1.0, 0.0, 1.0])).tolist() == [1.0, 2.0, 1e3, 1e3]


def test_all_variants_have_the_same_draws_and_every_row_an_output():
    variants = scenarios()
    assert {ablation.row for ablation in ABLATIONS.values()} <= set(SCORED)
    assert len([name for name in variants if name.startswith("less ")]) == len(LADDER)
    parameters = {name: build(scenario, 3, np.arange(5)).parameters for name, scenario in variants.items()}
    for field in ("capability_growth_rate", "trust_mishap_loss", "lab_liability", "assurance_growth_rate"):
        assert (parameters[FIRST][field] == parameters[SECOND][field]).all()
        assert len(set(parameters[FIRST][field])) == 5
    for scenario in (variants[FIRST], variants[SECOND]):
        result = outputs(scenario, 3, 1)
        assert set(result) >= {*SCORED, *EVENTS}
        assert all((result[row] > 0.0).all() for row in SCORED)
        assert result["T12b"].tolist() == [0.0, 0.0, 0.0]


def test_the_start_of_both_versions_is_what_was_measured():
    for name in (FIRST, SECOND):
        labs = build(scenarios()[name], 1, np.arange(4)).labs["capability"]
        assert labs[:, :4].max(axis=1) - labs[:, 4:].max(axis=1) == pytest.approx(np.log10(189.0), abs=0.01)
