"""Logit quantal response against closed forms, the definition, and a branch that folds."""

import math

import numpy as np
import pytest
from scipy.optimize import brentq

from race_sim.solvers.equilibria import quantal_response_path
from race_sim.solvers.game import Game

STAG_HUNT = Game.symmetric([[4, 0], [3, 3]], ("stag", "hare"))


def logit(x):
    return 1 / (1 + math.exp(-x))


@pytest.mark.parametrize("gain", [0.1, 1.0, 7.0])
def test_quantal_response_in_closed_form(gain):
    """Where defecting gains the same in any case, it is played with probability logit(precision gain)."""
    game = Game.symmetric([[3, 0], [3 + gain, gain]])
    precisions = np.array([0.0, 0.3, 1.0, 4.0, 2.0])
    points = quantal_response_path(game, precisions)
    assert [point.precision for point in points] == precisions.tolist()
    for point in points:
        assert point.profile[0][1] == pytest.approx(logit(point.precision * gain), abs=1e-11)


@pytest.mark.parametrize("win", [1.0, 4.0, 9.0])
def test_quantal_response_of_asymmetric_pennies(win):
    """The only fixed point, found by a root in one unknown."""
    game = Game.of_two([[win, 0], [0, 1]], [[0, 1], [1, 0]])
    for point in quantal_response_path(game, [0.2, 1, 5, 50]):
        weight = point.precision

        def excess(p, weight=weight):
            q = logit(weight * (1 - 2 * p))
            return p - logit(weight * (win * q - (1 - q)))

        p = brentq(excess, 0, 1, xtol=1e-15)
        assert point.profile[0][0] == pytest.approx(p, abs=1e-10)
        assert point.profile[1][0] == pytest.approx(logit(weight * (1 - 2 * p)), abs=1e-10)


def fixed_point_error(game, point):
    """How far every player's mixture is from its logit response, by the definition."""
    worst = 0.0
    letters = "abcdef"[: len(game.players)]
    for n, own in enumerate(point.profile):
        others = [point.profile[m] for m in range(len(letters)) if m != n]
        spec = ",".join([letters, *(letter for m, letter in enumerate(letters) if m != n)]) + "->" + letters[n]
        values = point.precision * np.einsum(spec, game.payoff[n], *others)
        response = np.exp(values - values.max())
        worst = max(worst, np.abs(own - response / response.sum()).max())
    return worst


def test_quantal_response_of_any_game_is_a_fixed_point_and_tends_to_nash():
    random = np.random.default_rng(0)
    for shape in [(2, 2), (3, 3), (4, 2), (5, 5), (2, 2, 2), (3, 2, 2)]:
        for _ in range(4):
            names = [tuple(map(str, range(size))) for size in shape]
            game = Game(tuple("abc"[: len(shape)]), tuple(names), random.normal(size=(len(shape), *shape)))
            points = quantal_response_path(game, [0, 0.5, 2, 10, 300])
            assert max(fixed_point_error(game, point) for point in points) < 1e-9
            assert all(np.ptp(mixture) < 1e-12 for mixture in points[0].profile)
            assert points[-1].exploitability < 0.02


def test_quantal_response_at_any_scale():
    for scale in (1e-6, 1e6):
        game = Game.symmetric(scale * STAG_HUNT.payoff[0])
        near, far = quantal_response_path(game, np.array([1.0, 200.0]) / scale)
        assert near.profile[0] == pytest.approx(quantal_response_path(STAG_HUNT, 1.0)[0].profile[0], abs=1e-10)
        assert far.profile[0] == pytest.approx([0, 1], abs=1e-6)  # the risk-dominant equilibrium


def test_quantal_response_says_where_its_path_turned():
    """The branch of this game folds back from 1.30 to 0.45: in between there are several logit equilibria."""
    first, second = [[-1, 3, 0], [4, 4, -6], [-1, 3, 2]], [[-7, 4, 4], [5, -2, -3], [2, -3, 0]]
    game = Game.of_two(first, second)
    points = quantal_response_path(game, [0.3, 1.0, 1.29, 1.31, 2.0])
    assert max(fixed_point_error(game, point) for point in points) < 1e-9
    assert [point.turned for point in points] == [False, False, False, True, True]
    settled = []
    for start in (points[1].profile, points[-1].profile):  # damped responses at precision 1, from both ends
        x, y = start
        for _ in range(3000):
            replies = [np.exp(first @ y), np.exp(x @ second)]
            x, y = (0.8 * old + 0.2 * new / new.sum() for old, new in zip((x, y), replies, strict=True))
        settled.append(x)
    assert settled[0] == pytest.approx(points[1].profile[0], abs=1e-8)
    assert np.abs(settled[0] - settled[1]).max() > 0.1
