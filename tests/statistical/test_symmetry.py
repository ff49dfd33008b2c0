"""Two identical nations fare alike: payoffs, winner frequencies and the policy game's payoff matrices."""

import itertools

import numpy as np
import pytest

from race_sim.kernels.run import run_block
from race_sim.runs.records import Records, build
from race_sim.scenario.scenario import Scenario

RUNS = 3_000
POLICIES = ("race", "unilateral_slowdown", "treaty")
LUCKLESS = {"breakthrough.rate": 0.0, "incidents.mishap_hazard": 0.0, "cooperation.false_alarm": 0.0}
Cells = dict[tuple[str, str], np.ndarray]


def play(east: str, west: str, runs: int, **changes: float) -> Records:
    scenario = Scenario.load("duopoly-v1").replace(
        {"nations.east.policy": east, "nations.west.policy": west, **changes}
    )
    records = build(scenario, 12, np.arange(runs))
    run_block(*records)
    return records


def game(runs: int, **changes: float) -> Cells:
    """Payoffs (runs, 2) of east and west in every cell of the policy game."""
    return {
        (east, west): play(east, west, runs, **changes).nations["payoff"].copy()
        for east, west in itertools.product(POLICIES, repeat=2)
    }


def z_score(difference: np.ndarray) -> float:
    """Mean over its standard error; 0 where nothing differs in any run."""
    error = difference.std(ddof=1) / np.sqrt(len(difference))
    return float(difference.mean() / error) if error > 0.0 else 0.0


@pytest.fixture(scope="module")
def cells():
    return game(RUNS)


def test_payoffs_and_winners_agree(verified):
    records = play("race", "race", RUNS)
    scores = {
        "payoff of nations": z_score(np.diff(records.nations["payoff"], axis=1)[:, 0]),
        "payoff of labs": z_score(np.diff(records.labs["payoff"], axis=1)[:, 0]),
        "wins": z_score(np.diff(records.nations["wins"], axis=1)[:, 0]),
        "capability": z_score(np.diff(records.labs["capability"], axis=1)[:, 0]),
        "mishaps": z_score(np.diff(records.labs["mishaps"], axis=1)[:, 0]),
        "safety share": z_score(np.diff(records.labs["share_time"], axis=1)[:, 0]),
    }
    print(f"\nz of east against west (threshold 4): { {name: round(z, 2) for name, z in scores.items()} }")
    assert (records.nations["wins"].sum(axis=1) > 0.5).mean() > 0.5, "most races must reach the line"
    verified("07 two equal nations, six outcomes: largest |z|", max(map(abs, scores.values())), at_most=4)


def test_payoff_matrices_are_each_others_transpose(cells, verified):
    scores = {
        (own, other): z_score(cells[own, other][:, 0] - cells[other, own][:, 1])
        for own, other in itertools.product(POLICIES, repeat=2)
    }
    print(f"\nz of east's matrix against west's transposed (threshold 4): {[round(z, 2) for z in scores.values()]}")
    verified("07 payoff matrices are each other's transpose: largest |z|", max(map(abs, scores.values())), at_most=4)


def test_the_transpose_is_said_from_the_matrix(cells):
    """The same comparison without transposing fails: the matrices are not symmetric by themselves."""
    off = z_score(cells["race", "unilateral_slowdown"][:, 0] - cells["unilateral_slowdown", "race"][:, 0])
    print(f"\nz of racing alone against slowing alone: {off:.1f}")
    assert abs(off) > 10


def test_without_luck_the_transpose_is_exact():
    cells = game(1, **LUCKLESS)
    for own, other in itertools.product(POLICIES, repeat=2):
        assert cells[own, other][0, 0] == pytest.approx(cells[other, own][0, 1], rel=1e-9)
