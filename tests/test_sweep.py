"""A sweep's numbers are those of one estimate per point, however the work is cut."""

from concurrent.futures import ThreadPoolExecutor
from itertools import product

import numpy as np
import pytest

from race_sim import InputError, Scenario, estimate, load_sweep, simulate, sweep
from race_sim.runs.records import build
from race_sim.sweeps.engine import latin_hypercube, sobol, table
from race_sim.sweeps.evaluate import STRIDE, space

pytestmark = pytest.mark.quick

SHORT = Scenario.load("us-china-2026").replace({"time.horizon": 1})
FIXED = SHORT.replace({"lab.rule": "fixed"})


def assert_estimates(outcome, scenario, runs, seed, first_run=0):
    result = estimate(scenario, runs, seed, first_run=first_run)
    for key, item in result.outcomes.items():
        here = outcome.sel(outcome=key)
        names = ("mean", "standard_error", "low", "high")
        numbers = [getattr(item, name) for name in names]
        assert np.array_equal([here[name].item() for name in names], numbers, equal_nan=True), key


@pytest.mark.parametrize("runs", [2, 100, 300])
def test_every_point_is_an_estimate_to_the_bit(runs):
    levels = {
        "nations.us.policy": ["race", "covert_defection"],
        "lab.rule": ["fixed", "best_response"],
        "nations.china.lag": [0.0, 7.5],
        "time.periods_per_year": [4, 12],
        "labs.us_2.initial_share": [0.3],
        "labs.us_3.rule": ["human"],
    }
    base = SHORT.replace({"nations.china.policy": "treaty"})
    result = sweep(base, levels, runs=runs, seed=3)
    for values in list(product(*levels.values()))[:: 5 if runs > 2 else 1]:
        point = dict(zip(levels, values, strict=True))
        assert_estimates(result.sel(point), base.replace(point), runs, 3)


def test_records_of_many_variants_are_those_of_each():
    """Every path that a sweep can vary, moved: the row is that of the scenario with the value."""
    scenario = Scenario.load("us-china-2026")
    runs = np.arange(3)
    for path, known in space(scenario).items():
        if known.names:
            value = known.names[-1]
        elif path.startswith("time."):
            value = {"time.horizon": 3.0, "time.periods_per_year": 24, "time.decision_interval": 1.0}[path]
        else:
            value = known.plausible[0] if known.whole else 0.3 * known.plausible[0] + 0.7 * known.plausible[1]
            value = int(value) if known.whole else value
        ours = build(scenario, 1, runs, changes={path: np.full(3, value, dtype=object if known.names else float)})
        theirs = build(scenario.replace({path: value}), 1, runs)
        for one, other in zip(ours, theirs, strict=True):
            assert one.tobytes() == other.tobytes(), path


def test_own_streams_are_those_of_later_runs():
    design = latin_hypercube(3, "prize.enmity=0:1", streams="own")
    result = sweep(FIXED, design, runs=20, seed=1)
    for point in range(3):
        here = result.isel(point=point)
        scenario = FIXED.replace({"prize.enmity": here["prize.enmity"].item()})
        assert_estimates(here, scenario, 20, 1, first_run=point * STRIDE)


def test_common_streams_pair_points():
    result = sweep(FIXED, {"prize.enmity": [0, 1]}, runs=50, per_run=True)
    luck = result["value"].sel(outcome="breakthroughs")
    assert (luck.sel({"prize.enmity": 0}) == luck.sel({"prize.enmity": 1})).all()
    assert (luck > 0).any()
    apart = sweep(FIXED, table({"prize.enmity": [0, 1]}, streams="own"), runs=50, per_run=True)["value"]
    assert (apart.sel(outcome="breakthroughs")[0] != apart.sel(outcome="breakthroughs")[1]).any()


def test_per_run_values_are_those_of_simulate():
    result = sweep(FIXED, {"prize.enmity": [0.0, 1.0]}, runs=300, seed=2, per_run=True)
    runs = simulate(FIXED.replace({"prize.enmity": 1.0}), 300, 2)
    here = result.sel({"prize.enmity": 1.0})
    assert (here["value"].sel(outcome="welfare").values == runs["welfare"].values).all()
    assert (here["value"].sel(outcome="payoff.us").values == runs["nation_payoff"].sel(nation="us").values).all()
    assert (here["weight"].sel(outcome="trust").values == runs["time_alive"].values).all()
    assert_estimates(here, FIXED.replace({"prize.enmity": 1.0}), 300, 2)


def test_a_target_error_is_reached_and_what_it_took_is_said():
    levels = {"breakthrough.rate": [0.0, 0.03, 0.1]}
    result = sweep(FIXED, levels, runs=10, target_error="breakthroughs:10%", most_runs=3000, outcomes=["breakthroughs"])
    relative = (result["standard_error"] / result["mean"]).sel(outcome="breakthroughs").values
    assert result["reached"].values.tolist() == [False, True, True]
    assert result["runs"].values[0] == 3000
    assert (relative[1:] <= 0.1).all()
    assert result["runs"].values[1] > result["runs"].values[2] >= 256
    assert result["runs"].values[1] % 256 == 0
    again = estimate(FIXED.replace({"breakthrough.rate": 0.03}), int(result["runs"].values[1]))
    assert again["breakthroughs"].mean == result["mean"].values[1, 0]
    assert again["breakthroughs"].standard_error == result["standard_error"].values[1, 0]


@pytest.mark.parametrize("kept", [False, True])
def test_threads_executors_and_parts_change_nothing(tmp_path, kept):
    design = sobol(16, "prize.enmity", "nations.us.policy", "lab.initial_share=0:0.5")

    def run(name, **options):
        return sweep(FIXED, design, 30, 4, out=tmp_path / name if kept else None, **options)

    first = run("one", threads=1)
    assert first.identical(run("two", threads=2, points_per_part=1))
    assert first.identical(run("three", threads=3, points_per_part=500))
    with ThreadPoolExecutor(2) as executor:
        assert first.identical(run("four", executor=executor, points_per_part=5))
    if kept:
        assert first.identical(load_sweep(tmp_path / "four"))


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"runs": 0}, "runs: must be a whole number, at least 1, got 0"),
        ({"seed": -1}, "seed"),
        ({"outcomes": ["welfar"]}, "did you mean 'welfare'"),
        ({"outcomes": []}, "at least one is needed"),
        ({"outcomes": ["welfare", "welfare"]}, "each once"),
        ({"estimator": "guess"}, "estimator"),
        ({"threads": 0}, "threads"),
        ({"workers": 0}, "workers"),
        ({"points_per_part": -1}, "points_per_part"),
        ({"target_error": "welfare"}, "OUTCOME:PERCENT%"),
        ({"target_error": "welfare:0%"}, "OUTCOME:PERCENT%"),
        ({"target_error": "welfar:5%"}, "did you mean 'welfare'"),
        ({"target_error": "welfare:5%", "per_run": True}, "per_run"),
        ({"out": "/proc/nowhere"}, "cannot be written"),
    ],
)
def test_bad_arguments_are_one_line(options, message):
    with pytest.raises(InputError) as error:
        sweep("duopoly", {"prize.enmity": [0, 1]}, **{"runs": 2, **options})
    assert message in str(error.value)
    assert "\n" not in str(error.value)


def test_times_that_do_not_fit_together_are_seen_before_anything_runs():
    with pytest.raises(InputError, match="whole number of periods"):
        sweep("duopoly", {"time.horizon": [1, 1.3], "time.periods_per_year": [4, 12]}, runs=2)


def test_a_parameter_with_the_name_of_an_outcome():
    tables = Scenario.load("duopoly").to_dict()
    tables["labs"] = {f"lab_{n}" if n else "recovery": lab for n, lab in enumerate(tables["labs"].values())}
    with pytest.raises(InputError, match="parameter and of an outcome"):
        sweep(Scenario.from_dict(tables), {"trust.recovery": [0.2, 0.4]}, runs=2)


def test_own_streams_keep_the_gain_of_a_sobol_design():
    """The mean over a box, in 12 designs each: with common streams their luck is in every point, and stays."""
    axes = ("lab.initial_share", "breakthrough.rate=0.1:0.3", "capability.growth_rate", "trust.recovery")

    def spread(streams):
        designs = (sobol(64, *axes, seed=seed, streams=streams) for seed in range(12))
        result = [sweep(FIXED, design, 2, 50 + n, ["breakthroughs"])["mean"].mean() for n, design in enumerate(designs)]
        return np.var(result, ddof=1)

    assert spread("common") / spread("own") > 5.0  # in expectation about 64; F(11, 11) is below 5 with 99 %


@pytest.mark.long
def test_stopping_by_a_target_error_does_not_raise_rare_events():
    """200 points that are all alike, each on its own runs: their mean is that of a fixed number of runs.

    Runs that decide for themselves to stop would raise it by 0.3^2, a tenth.
    """
    rare = {"time.horizon": 3, "incidents.mishap_hazard": 0.2, "incidents.catastrophe_probability": 0.05}
    scenario = FIXED.replace(rare)
    design = latin_hypercube(200, "rules.reciprocity_step=0:1", seed=1, streams="own")  # nobody reciprocates
    outcome = "catastrophe_probability"
    result = sweep(scenario, design, 256, 5, [outcome], target_error=f"{outcome}:30%", estimator="sampled")
    truth = estimate(scenario, 20_000, 6)[outcome].mean
    means = result["mean"].values[:, 0]
    error = means.std(ddof=1) / len(means) ** 0.5
    runs = result["runs"].values
    print(f"\nmean over truth {means.mean() / truth:.3f} +- {error / truth:.3f}, {runs.min()} to {runs.max()} runs")
    assert runs.min() < runs.max()
    assert abs(means.mean() - truth) < 3.0 * error
    assert 3.0 * error < 0.09 * truth
    assert result["reached"].values.mean() > 0.7
