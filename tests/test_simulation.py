"""simulate, summarise, estimate: labels, units, the same numbers however the work is split."""

import sys

import numpy as np
import pytest
import xarray as xr

import race_sim
from race_sim import InputError, Scenario, estimate, simulate, summarise
from race_sim.kernels.rules import NAMES
from race_sim.kernels.run import run_block
from race_sim.runs import batches as batches_module
from race_sim.runs.batches import in_batches
from race_sim.runs.records import build
from race_sim.scenario.policies import POLICIES
from tests.random_scenarios import random_scenario
from tests.test_engines_agree import differing_bits
from tests.waiting import finished

SHORT = Scenario.load("us-china-2026").replace({"time.horizon": 2})


@pytest.mark.quick
def test_dimensions_units_and_provenance():
    runs = simulate(SHORT, runs=5, seed=3, trajectories=True)
    assert runs.sizes == {"run": 5, "nation": 2, "lab": 8, "control": 15, "period": 24}
    assert list(runs.nation.values) == ["us", "china"]
    assert list(runs.lab.values) == list(SHORT.lab_names)
    for variable in runs.data_vars.values():
        assert variable.attrs["units"]
        assert variable.attrs["long_name"]
    assert runs.attrs["seed"] == 3
    assert Scenario.from_toml(runs.attrs["scenario_toml"]) == SHORT
    assert runs.attrs["race_sim"] == race_sim.__version__
    assert {"numba", "numpy", "python"} <= set(runs.attrs)
    assert "period" not in simulate(SHORT, runs=2).sizes


@pytest.mark.quick
def test_the_last_period_of_a_trajectory_is_the_outcome():
    runs = simulate(SHORT, runs=20, seed=3, trajectories=True)
    best = runs.lab_capability_path.isel(period=-1).max("lab")
    assert np.array_equal(best, runs.capability)
    assert np.allclose(runs.catastrophe_path.isel(period=-1), runs.catastrophe_probability)


@pytest.mark.quick
def test_summary_and_estimate_agree():
    scenario = random_scenario(8)
    runs = simulate(scenario, runs=700, seed=5, estimator="sampled")
    table, result = summarise(runs), estimate(scenario, runs=700, seed=5, estimator="sampled")
    assert list(table.index) == list(result.outcomes)
    for key, item in result.outcomes.items():
        assert table.loc[key, "mean"] == pytest.approx(item.mean, rel=1e-10, abs=1e-12, nan_ok=True), key
        assert table.loc[key, "standard_error"] == pytest.approx(item.standard_error, rel=1e-6, abs=1e-12, nan_ok=True)


def test_the_error_is_that_of_repeated_estimates():
    keys = ("catastrophe_probability", "safety_share", "lead", "payoff.us", "winner.us")
    result = [estimate(SHORT, runs=100, seed=seed) for seed in range(60)]
    for key in keys:
        means = np.array([one[key].mean for one in result])
        errors = np.array([one[key].standard_error for one in result])
        if errors.mean() == 0.0:
            assert means.std() == 0.0
        else:
            assert 0.7 < means.std(ddof=1) / errors.mean() < 1.4, key


def test_threads_chunks_order_and_processes_change_no_bit(monkeypatch, fuzz, verified):
    """Random scenarios: whole, in other batches, in another order, in one thread and in three."""
    bits, rules, policies = 0, set(), set()
    seeds = fuzz.seeds(sample=50, whole=300)
    for seed in seeds:
        scenario = random_scenario(seed, years=1)
        estimator = ("integrated", "sampled")[seed % 2]
        whole = build(scenario, seed, np.arange(12), estimator)
        run_block(*whole)
        order = np.random.default_rng(seed).permutation(12)
        for part in np.array_split(order, 1 + seed % 5):
            split = build(scenario, seed, part, estimator)
            run_block(*split)
            for one, other in zip(whole, split, strict=True):
                bits += differing_bits(one[part], other)
        results = []
        for batch, threads in ((256, 1), (256, 3), (5, 3)):
            monkeypatch.setattr(batches_module, "BATCH", batch)
            results.append(simulate(scenario, 12, seed, estimator, threads=threads, progress=False))
        monkeypatch.undo()
        assert results[0].identical(results[1])
        bits += sum(differing_bits(results[0][name].values, results[2][name].values) for name in results[0].data_vars)
        rules |= {lab.rule or scenario.lab.rule for lab in scenario.labs.values()}
        policies |= set(scenario.policies.values())
    verified(f"10 threads, batches and order on {len(seeds)} scenarios: bits that differ", bits, at_most=0)
    assert rules == set(NAMES)
    assert policies == set(POLICIES)


def test_another_process_and_a_later_start_change_no_bit():
    code = (
        "from race_sim import *\n"
        "s = Scenario.load('us-china-2026').replace({'time.horizon': 2})\n"
        "print(simulate(s, 3, 9, first_run=4).welfare.values.tobytes().hex())"
    )
    done = finished([sys.executable, "-c", code])
    here = simulate(SHORT, 7, 9).welfare.values[4:]
    assert done.stdout.strip() == here.tobytes().hex()


def test_batches_come_in_order_and_only_a_few_are_held():
    started, held = [], []

    def work(numbers):
        started.append(numbers[0])
        return numbers

    for batch in in_batches(work, 256 * 40, threads=2, progress=False):
        held.append(len(started) - len(held))
        assert batch[0] == 256 * (len(held) - 1)
    assert len(held) == 40
    assert max(held) <= 8


def test_both_estimators_have_the_same_means(capsys, verified):
    """Every reported mean, on a race with mishaps and catastrophes in plenty; the variance ratio is printed."""
    changes = {
        "time.horizon": 6,
        "incidents.mishap_hazard": 0.3,
        "incidents.catastrophe_probability": 0.1,
        "nations.us.policy": "treaty",
        "nations.china.policy": "covert_defection",
        "prize.threshold": 5.0,
    }
    scenario = Scenario.load("us-china-2026-point").replace(changes)
    runs = 6000
    one, other = (estimate(scenario, runs, seed=seed, estimator=e) for seed, e in ((1, "integrated"), (2, "sampled")))
    compared, furthest = 0, 0.0
    for key, item in one.outcomes.items():
        twin = other[key]
        error = np.hypot(item.standard_error, twin.standard_error)
        if error == 0.0 or not np.isfinite(error):
            assert item.mean == pytest.approx(twin.mean, abs=1e-12, nan_ok=True), key
            continue
        compared += 1
        furthest = max(furthest, abs(item.mean - twin.mean) / error)
    ratio = (other["catastrophe_probability"].standard_error / one["catastrophe_probability"].standard_error) ** 2
    with capsys.disabled():
        print(f"\n{compared} means compared; variance of sampled / integrated: {ratio:.1f}")
    assert compared > 60
    verified("05 both estimators, every mean: largest |z|", furthest, at_most=4.0)
    verified("05 variance of the risk, sampled over integrated", ratio, at_least=5.0)


def test_standard_errors_are_none_too_many():
    assert np.isnan(estimate(SHORT, runs=1)["lead"].standard_error)
    assert estimate(SHORT, runs=1).to_dict()["outcomes"]["lead"]["standard_error"] is None


@pytest.mark.quick
def test_nobody_survives():
    certain = {"incidents.mishap_hazard": 100.0, "incidents.catastrophe_probability": 1.0}
    doomed = SHORT.replace({**certain, "incidents.hazard_ceiling": 1e300})
    result = estimate(doomed, runs=50, estimator="sampled")
    assert result["catastrophe_probability"].mean == 1.0
    assert result.to_dict()["outcomes"]["lead"]["mean"] is None
    assert "NaN" not in result.to_json()


@pytest.mark.quick
@pytest.mark.parametrize(
    "arguments",
    [
        {"runs": 0},
        {"runs": 1.5},
        {"runs": True},
        {"seed": -1},
        {"seed": 2**64},
        {"estimator": "guess"},
        {"threads": 0},
        {"first_run": -1},
        {"scenario": "nowhere"},
    ],
)
@pytest.mark.parametrize("function", [simulate, estimate])
def test_bad_arguments_give_one_line(function, arguments):
    with pytest.raises(InputError) as error:
        function(**{"scenario": SHORT, "runs": 2, **arguments})
    assert "\n" not in str(error.value)


def test_summarise_refuses_what_is_no_result():
    with pytest.raises(InputError, match="dataset"):
        summarise(xr.Dataset({"x": ("run", [1.0])}))


def test_the_largest_seed_and_run_numbers_work():
    assert np.isfinite(estimate(SHORT, 2, seed=2**64 - 1, first_run=2**40)["welfare"].mean)
