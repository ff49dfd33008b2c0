"""Scenarios named after a class of game have it, each decisive payoff difference at four standard errors."""

import numpy as np
import pytest

from race_sim import policy_game
from race_sim.solvers.equilibria import classify

RUNS, SEED = 1_000, 3
DECISIVE = {
    "prisoner's dilemma": ("TR", "RP", "PS"),
    "chicken": ("TR", "RS", "SP"),
    "deadlock": ("TR", "PS", "PR"),
    "harmony": ("RT", "SP", "RP"),
}
SLOWDOWN, TREATY = ("unilateral_slowdown", "race"), ("treaty", "covert_defection")


@pytest.mark.parametrize(
    ("scenario", "policies", "expected"),
    [
        ("dilemma", SLOWDOWN, "prisoner's dilemma"),
        ("chicken", SLOWDOWN, "chicken"),
        ("deadlock", SLOWDOWN, "deadlock"),
        ("harmony", SLOWDOWN, "harmony"),
        ("treaty-dilemma", TREATY, "prisoner's dilemma"),
    ],
)
def test_class(scenario, policies, expected, capsys):
    game = policy_game(scenario, policies, RUNS, SEED)
    result = classify(game)
    assert result.class_ == expected
    assert result.probability[expected] > 0.999
    scores = {}
    for n, player in enumerate(game.players):
        own = np.moveaxis(game.samples[:, n], 1 + n, 1)
        outcome = {"R": own[:, 0, 0], "S": own[:, 0, 1], "T": own[:, 1, 0], "P": own[:, 1, 1]}
        for better, worse in DECISIVE[expected]:
            paired = outcome[better] - outcome[worse]
            scores[f"{player} {better} > {worse}"] = paired.mean() / (paired.std(ddof=1) / np.sqrt(RUNS))
    with capsys.disabled():
        print(f"\n{scenario}: {expected}; z (at least 4): { {name: round(float(z), 1) for name, z in scores.items()} }")
    assert min(scores.values()) >= 4
