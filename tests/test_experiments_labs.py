"""The experiments about labs: the parts whose truth does not depend on the grid."""

from itertools import chain, combinations

import numpy as np
import pytest

from experiments import half_a_benchmark, mishap_and_regulation, shared_benchmarks, whose_race
from experiments._base.paired import bootstrap_error, mean_error, shapley
from race_sim import simulate
from race_sim.kernels.run import run_block
from race_sim.runs.records import build


def test_shapley_values_are_fair():
    """They sum to the whole in every run, are 0 for a cause that does nothing, and by hand for a game of three."""
    random = np.random.default_rng(5)
    causes = ["a", "b", "c", "idle"]
    groups = chain.from_iterable(combinations("abc", size) for size in range(4))
    worth = {frozenset(group): random.normal(size=6) for group in groups}
    result = shapley(causes, lambda group: worth[group - {"idle"}])
    whole = worth[frozenset("abc")] - worth[frozenset()]
    assert np.allclose(sum(result.values()), whole, rtol=0.0, atol=1e-14)
    assert np.abs(result["idle"]).max() < 1e-14
    gloves = shapley(["l", "m", "r"], lambda g: np.array([float("r" in g and bool(g & {"l", "m"}))]))
    assert [round(6 * gloves[name][0], 12) for name in ("l", "m", "r")] == [1.0, 1.0, 4.0]


def test_bootstrap_errors_are_those_of_means():
    values = np.random.default_rng(6).exponential(size=400)
    assert bootstrap_error((values,), lambda mean: mean, seed=1) == pytest.approx(mean_error(values)[1], rel=0.06)


def test_the_parts_of_the_excess_sum_to_it():
    cells = whose_race.sweep(whose_race.AS_IT_IS, 2, 3)
    parts = whose_race.parts(cells)
    everything = frozenset(whose_race.FAILURES)
    excess = cells[frozenset()]["catastrophe_probability"] - cells[everything]["catastrophe_probability"]
    assert np.allclose(sum(parts.values()), excess, rtol=1e-12, atol=1e-15)
    table = whose_race.part_table({whose_race.AS_IT_IS: cells}, 1).set_index("failure")
    assert table.drop("sum")["risk_added"].sum() == pytest.approx(table.loc["sum", "risk_added"], rel=1e-12)


def test_the_parts_of_shared_benchmarks_sum_to_what_free_labs_do():
    result = shared_benchmarks.divide(1.0, 4, 2)
    after, before = (
        simulate(shared_benchmarks.fundamentals(*levers), 4, 2)["catastrophe_probability"].values
        for levers in ((1.0, 0.5), (0.0, 0.0))
    )
    assert np.allclose(sum(result[cause] for cause in shared_benchmarks.CAUSES), after - before, rtol=1e-12, atol=1e-15)
    assert (result["race"] == before).all()


def test_where_nobody_is_struck_the_race_takes_its_course():
    """Bit by bit, in every run that has no mishap in the period by itself."""
    scenario = mishap_and_regulation.BASE
    runs = 12
    ours, theirs = (build(scenario, 3, np.arange(runs)) for _ in range(2))
    ours.worlds["periods"] = 24
    run_block(*ours)
    ours.worlds["periods"] = scenario.periods
    mishap_and_regulation.intervene(scenario, ours, 3, np.full(runs, mishap_and_regulation.NOBODY))
    run_block(*ours)
    theirs.worlds["periods"] = 25
    run_block(*theirs)
    calm = theirs.labs["mishap"].sum(axis=1) == 0
    theirs.worlds["periods"] = scenario.periods
    run_block(*theirs)
    assert calm.sum() > runs // 2
    for one, other in zip(ours, theirs, strict=True):
        # the time left, and the controls that it weighs, were told another horizon meanwhile
        kept = [name for name in one.dtype.names if name != "left" and not name.startswith("control_")]
        assert all(one[calm][name].tobytes() == other[calm][name].tobytes() for name in kept)


def test_a_mishap_costs_trust_and_moves_regulation():
    scenario = mishap_and_regulation.BASE.replace(
        {"regulation.home_probability": 1.0, "regulation.abroad_probability": 0.0, "trust.commons_share": 0.0}
    )
    pair = []
    for lab in (5, mishap_and_regulation.NOBODY):
        records = build(scenario, 3, np.arange(1))
        mishap_and_regulation.intervene(scenario, records, 3, np.array([lab]))
        pair.append(records)
    struck, calm = pair
    lost = struck.labs["trust"][0] < calm.labs["trust"][0]
    assert np.flatnonzero(lost).tolist() == [5]
    assert (struck.nations["regulation"][0] > calm.nations["regulation"][0]).tolist() == [False, True]
    assert struck.worlds["mishaps"][0] == pytest.approx(1.0, abs=1e-3)


def test_optima_and_the_bargain():
    result = {
        (0.0, 0.0): np.zeros((2, 3)),
        (1.0, 0.0): np.array([[3.0, 3.0, 3.0], [1.0, 1.0, 1.0]]),
        (1.0, 1.0): np.array([[2.0, 2.0, 2.0], [2.0, 2.0, 2.0]]),
        (0.0, 1.0): np.array([[-1.0, -1.0, -1.0], [5.0, 5.0, 5.0]]),
    }
    best = half_a_benchmark.optima(result)
    assert best == {"leader": (1.0, 0.0), "laggard": (0.0, 1.0), "bargain": (1.0, 1.0)}
    assert half_a_benchmark.confidence(result, 1, 20) == {"leader": 1.0, "laggard": 1.0, "bargain": 1.0}
    assert half_a_benchmark.optima({(0.0, 0.0): np.zeros((2, 3))})["bargain"] is None
