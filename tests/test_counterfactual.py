"""Runs that other-regarding labs or scripts steer."""

import numpy as np
import pytest

from race_sim import InputError, OtherRegarding, Scenario, other_regarding_runs, scripted_runs, simulate, stage_game
from race_sim.kernels.other_regarding import other_regarding_reply, settle_other_regarding

NONE, ALL = OtherRegarding(0, 0, 0, 0), OtherRegarding(1, 1, 1, 1)
HALF = np.full((1, 120, 2), 0.5)
HALF_YEARLY = Scenario.load("us-china-2026").replace({"time.decision_interval": 0.5})


@pytest.mark.parametrize(("name", "apart"), [("us-china-2026-v1", 2e-3), ("us-china-2026", 0.01)])
def test_labs_that_count_nothing_of_others_play_the_stage_equilibrium(name, apart):
    """Replies one after another and all at once come to rest at the same shares, and so give the same races.

    Both stop short of rest by up to a thousandth of a share, which moves delays, and these move later shares.
    """
    scenario = Scenario.load(name).replace({"time.decision_interval": 0.5})
    ours, unsettled = other_regarding_runs(scenario, NONE, 6, seed=2)
    theirs = simulate(scenario.replace({"lab.rule": "stage_nash"}), 6, seed=2)
    shares = ours.labs["share_time"] / ours.worlds["time_alive"][:, np.newaxis]
    moved = np.abs(shares - theirs["lab_safety_share"].values)
    assert moved.max() < apart
    assert np.median(moved) < 1e-3
    assert np.allclose(ours.worlds["catastrophe"], theirs["catastrophe_probability"].values, rtol=0.02)
    assert unsettled.sum() == 0


def test_labs_with_all_others_counted_serve_the_world():
    """Each reply raises the sum of all objectives less all catastrophe costs, to what the world's planner reaches."""
    game = stage_game("us-china-2026-point-v1")
    shares = game.last.copy()
    settle_other_regarding(shares, ALL, *game._state)
    plan = game.planner("world", catastrophe_cost=True, starts=3)
    assert game.total("world", shares, catastrophe_cost=True) == pytest.approx(plan.total, rel=1e-6)
    assert plan.total > 1.02 * game.total("world", game.equilibrium(1).first.shares, catastrophe_cost=True)


@pytest.mark.parametrize(
    ("counted", "served"),
    [
        (OtherRegarding(0, 0, 0, 1), lambda game, x: game.total("china", x, catastrophe_cost=True)),
        (OtherRegarding(0, 1, 0, 0), lambda game, x: game.total("us", x) - game.total("us_1", x)),
        (OtherRegarding(1, 0, 0, 0), lambda game, x: game.total("us", x, catastrophe_cost=True) - game.total("us", x)),
    ],
)
def test_what_a_lab_counts_of_others_serves_them(counted, served):
    """A lab that counts something of others leaves more of it than one that does the best for itself alone."""
    game = stage_game("us-china-2026-point", time=5.0)
    at = game.equilibrium(1).first.shares
    alone = game.planner("us_1", at).shares
    minded = at.copy()
    minded[0] = other_regarding_reply(0, at.copy(), counted, *game._state)
    assert game.total("us_1", minded) < game.total("us_1", alone)
    assert served(game, minded) > served(game, alone)


def test_a_script_of_what_labs_did_gives_what_they_got():
    scenario = Scenario.load("us-china-2026").replace({"incidents.mishap_hazard": 0.05, "nations.us.policy": "treaty"})
    free = simulate(scenario, 5, seed=4, trajectories=True)
    replayed = scripted_runs(scenario, free["lab_share_path"].values, seed=4, delays=free["lab_delay_path"].values)
    assert (replayed.worlds["catastrophe"] == free["catastrophe_probability"].values).all()
    assert (replayed.nations["payoff"] == free["nation_payoff"].values).all()
    idle = scripted_runs(scenario, np.zeros_like(free["lab_share_path"].values), seed=4)
    assert (idle.worlds["catastrophe"] > replayed.worlds["catastrophe"]).all()


def test_neither_threads_nor_the_number_of_runs_matter():
    one = other_regarding_runs(HALF_YEARLY, ALL, 3, seed=1, threads=1)[0]
    two = other_regarding_runs(HALF_YEARLY, ALL, 2, seed=1, threads=2)[0]
    assert one.worlds["catastrophe"][:2].tobytes() == two.worlds["catastrophe"].tobytes()


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (
            lambda: other_regarding_runs("duopoly", OtherRegarding(0, 2, 0, 0), 2),
            "other_regarding: must be OtherRegarding of 0 and 1",
        ),
        (lambda: other_regarding_runs("duopoly", NONE, 0), "runs: must be a whole number"),
        (lambda: scripted_runs("duopoly", np.zeros((2, 5, 2))), r"shares: must have shape \(runs, 120, 2\)"),
        (lambda: scripted_runs("duopoly", np.full((1, 120, 2), 1.5)), r"shares: must lie in \[0, 1\]"),
        (lambda: scripted_runs("duopoly", HALF, delays=HALF[:, :5]), r"delays: must have shape \(runs, 120, 2\), got"),
        (lambda: scripted_runs("duopoly", HALF, delays=HALF[[0, 0]]), "delays: must be of as many runs .*, 1, got 2"),
        (lambda: scripted_runs("duopoly", HALF, delays=-HALF), "delays: must be 0 or more"),
    ],
)
def test_bad_input_is_said_in_one_line(call, message):
    with pytest.raises(InputError, match=message):
        call()
