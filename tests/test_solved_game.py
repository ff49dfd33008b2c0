"""A simulated policy game and a published game go through the same solvers, the same plot and the same JSON."""

import json

import numpy as np
import pytest

from race_sim import policy_game
from race_sim.games._base.catalogue import catalogue
from race_sim.nations.solved_game import solve_game
from race_sim.plots import payoff_matrix


def games():
    published = [(key, game().game()) for key, game in catalogue().items()]
    simulated = [("simulated", policy_game("duopoly", ["race", "unilateral_slowdown", "treaty"], runs=30))]
    return [(key, game) for key, game in published if game is not None] + simulated


@pytest.mark.parametrize(("key", "game"), games(), ids=lambda value: value if isinstance(value, str) else "")
def test_solved_drawn_and_said(key, game):
    report = json.loads(json.dumps(solve_game(game).to_dict(), allow_nan=False))
    assert report["players"] == list(game.players)
    assert report["equilibria"]
    assert all(one["exploitability"] < 1e-9 * max(1.0, np.abs(game.payoff).max()) for one in report["equilibria"])
    assert (report["standard_error"] is None) == (key != "simulated")
    assert (report["catastrophe_probability"] is None) == (key != "simulated")
    if len(game.players) != 2:
        return
    assert report["subgames"]
    pure = [one["profile"] for one in report["equilibria"] if one["kind"] == "pure"]
    cells = [tuple(game.strategy(n, next(iter(one[who]))) for n, who in enumerate(game.players)) for one in pure]
    before = game.payoff.copy()
    ax = payoff_matrix(game.payoff, game.strategies, game.players, game.standard_error, cells, game.unit)
    assert len(ax.texts) == 2 * game.payoff[0].size
    assert len(ax.patches) == len(cells)
    assert game.players[1] in ax.get_xlabel()
    assert np.array_equal(before, game.payoff)
