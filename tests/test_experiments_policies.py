"""What the experiments on the policy game compute by themselves, against the package and by hand."""

import numpy as np
import pytest

from experiments.number_of_racers import armstrong, race_of
from experiments.verification_threshold import least
from experiments.which_dilemma import CLASSES, GAMES, PROFILES, bootstrap_means, classes_of
from race_sim.nations.solved_game import own_class
from race_sim.solvers.equilibria import cooperation_factors
from race_sim.solvers.game import Game


def test_classes_are_those_of_the_package():
    payoffs = np.random.default_rng(1).normal(size=(200, 2, len(PROFILES)))
    result = classes_of(payoffs)
    seen = set()
    for sample, classes in zip(payoffs, result, strict=True):
        for g, pair in enumerate(GAMES.values()):
            matrices = [[[sample[n, PROFILES.index((a, b))] for b in pair] for a in pair] for n in (0, 1)]
            game = Game.of_two(*matrices, strategies=[pair, pair], players=("us", "china"))
            for n, factors in enumerate(cooperation_factors(game).values()):
                name = CLASSES[classes[g, n]]
                expected = own_class(factors)
                assert name == ("other" if expected == "battle of the sexes" else expected)
                seen.add(name)
    assert seen >= {"prisoner's dilemma", "chicken", "stag hunt", "harmony", "deadlock", "other"}


def test_sharing_alone_is_racing():
    payoffs = np.zeros((2, len(PROFILES)))
    payoffs[0, PROFILES.index(("fundamentals", "fundamentals"))] = 1.0
    payoffs[1, PROFILES.index(("fundamentals", "fundamentals"))] = -1.0
    game = list(GAMES).index("race/fundamentals")
    assert [CLASSES[k] for k in classes_of(payoffs)[game]] == ["sharing pays", "sharing costs"]


def test_bootstrap_draws_keep_ties_and_means():
    samples = np.random.default_rng(2).normal(size=(50, 3))
    samples[:, 2] = samples[:, 0]
    means = bootstrap_means(samples, 1)
    assert np.array_equal(means[:, 0], means[:, 2])
    assert means[-1] == pytest.approx(samples.mean(axis=0))
    assert means[:-1, 1].std() == pytest.approx(samples[:, 1].std() / np.sqrt(50), rel=0.15)


@pytest.mark.parametrize(
    ("loss", "expected"),
    [
        ([1.0, 1.0, 1.0], 0.0),
        ([-1.0, -1.0, -1.0], np.nan),
        ([-1.0, 1.0, 1.0], 0.25),
        ([-1.0, -3.0, 1.0], 0.875),
        ([-1.0, 1.0, -1.0], np.nan),
        ([1.0, -1.0, 1.0], 0.75),
    ],
)
def test_least_verification_by_hand(loss, expected):
    assert least(np.array([0.0, 0.5, 1.0]), np.array(loss)) == pytest.approx(expected, nan_ok=True)


def test_armstrongs_numbers():
    """Published: two teams and enmity 1 give 2/3 under private information; more teams, more risk for e > 1/7."""
    assert armstrong(2, 1.0) == pytest.approx(2 / 3, abs=1e-3)
    assert armstrong(3, 0.2) > armstrong(2, 0.2)
    assert armstrong(3, 0.1) < armstrong(2, 0.1)


def test_labs_are_dealt_out_in_turn():
    scenario = race_of(5, 2, 0.4)
    assert [lab.nation for lab in scenario.labs.values()] == [
        "nation_1",
        "nation_2",
        "nation_1",
        "nation_2",
        "nation_1",
    ]
    assert all(lab.resources == 0.4 for lab in scenario.labs.values())
