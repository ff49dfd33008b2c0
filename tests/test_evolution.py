"""Fixation, rare mutants and the full chain: closed forms, arbitrary precision, exact fractions, brute force."""

import json
import math
from fractions import Fraction
from pathlib import Path

import mpmath
import numpy as np
import pytest
from scipy import stats

from race_sim import evolution
from race_sim.errors import InputError
from race_sim.games.han2020 import race_payoff
from race_sim.solvers.evolution import (
    full_chain,
    gradient_of_selection,
    group_advantage,
    group_log_fixation,
    invasions,
    log_fixation,
    log_fixation_constant,
    log_fixation_moran,
    log_fixation_stepwise,
    log_rates,
    populations_log_rates,
    replicator,
    replicator_of_populations,
    risk_dominates,
    stationary_distribution,
    stationary_of,
)
from race_sim.solvers.game import Game
from tests import evolution_oracles as oracle

POINTS = json.loads((Path(__file__).parent / "data" / "han2020_stationary.json").read_text())["points"]
ROCK_PAPER_SCISSORS = np.array([[0.0, -1.0, 1.0], [1.0, 0.0, -1.0], [-1.0, 1.0, 0.0]])
OFF = ~np.eye(3, dtype=bool)


def numbers(rows):
    return np.array([[math.nan if x is None else float(x) for x in row] for row in rows])


@pytest.mark.parametrize("point", POINTS, ids=range(len(POINTS)))
def test_oracle_of_high_precision(point):
    at = point["params"]
    payoff = race_payoff(at["b"], at["c"], at["s"], at["pfo"], at["B"], at["W"], at["p_r"])
    np.testing.assert_allclose(payoff, numbers(point["payoff"]), rtol=1e-13)
    logs = log_fixation(payoff, at["Z"], at["beta"])
    np.testing.assert_allclose(logs[OFF], numbers(point["log_rho_resident_invader"])[OFF], rtol=1e-9, atol=0)
    chain = stationary_of(log_rates(logs))
    np.testing.assert_allclose(chain.probability, [float(x) for x in point["stationary"]], rtol=0, atol=1e-10)
    assert abs(chain.probability.sum() - 1) < 1e-14


@pytest.mark.parametrize("p_r", [0.5, 0.75, 0.9])
@pytest.mark.parametrize("self_interaction", [False, True])
def test_strong_selection_in_a_large_population_against_many_digits(p_r, self_interaction):
    payoff = race_payoff(4, 1, 1.5, 0.5, 1e4, 100, p_r)
    exact = oracle.log_fixation(payoff, 500, 1.0, self_interaction)
    logs = log_fixation(payoff, 500, 1.0, self_interaction)
    assert np.nanmin(logs) < -700 * math.log(10)  # far below the smallest float
    for b, a in np.argwhere(OFF):
        assert abs(logs[b, a] / float(exact[b][a]) - 1) < 1e-9
    with mpmath.workdps(60):
        rate = [[0 if x is None else mpmath.exp(x) / 2 for x in row] for row in exact]
        stationary = [float(x) for x in oracle.tree_stationary(rate)]
    shares = stationary_distribution(payoff, 500, 1.0, self_interaction).probability
    np.testing.assert_allclose(shares, stationary, rtol=0, atol=1e-10)


def test_neutral_fixation_is_one_over_population():
    for population in (2, 3, 100, 10_000):
        for beta in (0.0, 1.0):
            payoff = np.ones((3, 3)) if beta else ROCK_PAPER_SCISSORS
            assert np.allclose(log_fixation(payoff, population, beta)[OFF], -math.log(population), rtol=1e-12)


@pytest.mark.parametrize("r", [0.3, 0.9, 1.1, 4.0])
@pytest.mark.parametrize("population", [2, 10, 300])
def test_moran_process_with_constant_fitness(r, population):
    logs = log_fixation_moran([[1.0, 1.0], [r, r]], population, 1.0)[0, 1]
    exact = mpmath.log((1 - 1 / mpmath.mpf(r)) / (1 - mpmath.mpf(r) ** -population))
    assert abs(logs / float(exact) - 1) < 1e-11
    stepwise = log_fixation_stepwise(np.full(population - 1, -math.log(r)))
    assert abs(stepwise / float(exact) - 1) < 1e-11
    assert abs(log_fixation_constant(math.log(r), population, 1.0) / float(exact) - 1) < 1e-11
    exponential = log_fixation_moran(np.log([[1.0, 1.0], [r, r]]), population, 1.0, "exponential")[0, 1]
    assert abs(exponential / float(exact) - 1) < 1e-11


def test_payoffs_up_to_the_largest_floats_that_are_accepted():
    rng = np.random.default_rng(8)
    for size in (1e20, 1e100, 1e290):
        for payoff in size * rng.normal(size=(20, 2, 2)):
            logs = log_fixation(payoff, 100, 1.0)
            exact = oracle.log_fixation(payoff, 100, 1.0)
            for b, a in ((0, 1), (1, 0)):
                if exact[b][a] < -1e-300:
                    assert abs(logs[b, a] / float(exact[b][a]) - 1) < 1e-12 * max(
                        1.0, _spread(payoff) / abs(logs[b, a])
                    )


def _spread(payoff):
    """Magnitude of the sums that cancel."""
    return 1e4 * np.abs(payoff).max()


def test_ratio_of_fixation_probabilities_of_a_pair():
    rng = np.random.default_rng(1)
    for payoff in rng.normal(size=(20, 2, 2)):
        logs = log_fixation(payoff, 30, 2.0)
        total = sum(oracle.advantage(payoff, 1, 0, k, 30, False) for k in range(1, 30))
        assert math.isclose(logs[0, 1] - logs[1, 0], 2.0 * total, rel_tol=1e-9, abs_tol=1e-12)


def test_rock_paper_scissors_spends_a_third_in_each():
    for beta in (0.01, 1.0, 50.0):
        probability = stationary_distribution(ROCK_PAPER_SCISSORS, 100, beta).probability
        np.testing.assert_allclose(probability, 1 / 3, rtol=1e-12)


def test_two_states_and_random_chains_in_exact_fractions():
    rng = np.random.default_rng(2)
    for size in (2, 3, 4):
        for _ in range(5):
            rate = oracle.random_rates(size, rng)
            exact = [float(x) for x in oracle.tree_stationary(rate)]
            shares = stationary_of(np.log(np.array(rate, dtype=float))).probability
            np.testing.assert_allclose(shares, exact, rtol=1e-13)
    assert oracle.tree_stationary([[Fraction(0), Fraction(1, 10)], [Fraction(3, 10), Fraction(0)]])[0] == Fraction(3, 4)


def test_chains_beyond_floats_in_exact_fractions():
    tiny = Fraction(1, 10**400)
    rate = [[0, tiny, tiny * 2], [tiny**2, 0, tiny * 5], [tiny * 3, tiny**3, 0]]
    exact = oracle.tree_stationary(rate)
    logs = np.array(
        [[-math.inf if x == 0 else math.log(x.numerator) - math.log(x.denominator) for x in r] for r in rate]
    )
    np.testing.assert_allclose(stationary_of(logs).probability, [float(x) for x in exact], rtol=1e-12)


def test_a_grid_is_its_points():
    rng = np.random.default_rng(3)
    payoff = rng.normal(size=(4, 5, 3, 3))
    grid = stationary_distribution(payoff, 50, 1.0)
    assert grid.probability.shape == (4, 5, 3)
    for at in np.ndindex(4, 5):
        alone = stationary_distribution(payoff[at], 50, 1.0)
        assert (alone.probability == grid.probability[at]).all()
    assert log_fixation(payoff[0, 0], 50, [0.1, 1.0, 10.0]).shape == (3, 3, 3)


def test_reducible_chains_are_reported():
    with np.errstate(divide="ignore"):
        two_absorbing = stationary_of(np.log([[1.0, 0, 0], [0.2, 0.5, 0.3], [0, 0, 1.0]]))
        one_absorbing = stationary_of(np.log([[1.0, 0, 0], [0.2, 0.5, 0.3], [0.1, 0.1, 0.8]]))
    assert two_absorbing.reducible
    assert np.isnan(two_absorbing.probability).all()
    assert two_absorbing.reason(("A", "B", "C")).startswith("reducible: 2 sets")
    assert not one_absorbing.reducible
    assert one_absorbing.probability.tolist() == [1.0, 0.0, 0.0]
    assert one_absorbing.reason() == ""


def test_metastable_chains_are_reported():
    coordination = [[1.0, 0.0], [0.0, 1.0]]
    strong, weak = (stationary_distribution(coordination, 100, beta) for beta in (10.0, 0.01))
    np.testing.assert_allclose(strong.probability, 0.5)
    assert strong.metastable
    assert strong.reason(("left", "right")).startswith("metastable: stays in one of {left}, {right}")
    assert not weak.metastable
    assert not stationary_distribution(coordination, 100, 10.0, patience=1e300).metastable


@pytest.mark.parametrize(("strategies", "population"), [(2, 7), (3, 5), (4, 4)])
def test_full_chain_against_brute_force(strategies, population):
    payoff = np.random.default_rng(strategies).normal(size=(strategies, strategies))
    states, matrix = oracle.brute_force_chain(payoff, population, 1.5, 0.05)
    chain = full_chain(payoff, population, 1.5, 0.05)
    assert [tuple(state) for state in chain.states] == states
    np.testing.assert_allclose(chain.matrix.toarray(), matrix, atol=1e-15)
    exact = np.linalg.solve(
        np.vstack([(matrix.T - np.eye(len(states)))[:-1], np.ones(len(states))]), np.eye(len(states))[-1]
    )
    np.testing.assert_allclose(chain.stationary, exact, atol=1e-14)


def test_iterated_full_chain_is_stationary_and_agrees_with_a_direct_solution():
    from scipy.sparse.linalg import spsolve

    payoff = race_payoff(4, 1, 1.5, 0.5, 1e4, 100, 0.9)
    chain = full_chain(payoff, 60, 0.05, 0.01)
    assert chain.converged
    assert not chain.metastable
    size = len(chain.states)
    equations = chain.matrix.T.tolil()
    equations.setdiag(equations.diagonal() - 1)
    equations[-1, :] = 1
    direct = spsolve(equations.tocsc(), np.eye(size)[-1])
    assert np.abs(direct - chain.stationary).sum() < 1e-9
    assert np.abs(chain.stationary @ chain.matrix - chain.stationary).sum() < 1e-14


def test_full_chain_tends_to_rare_mutants():
    payoff = race_payoff(4, 1, 1.5, 0.5, 1e4, 100, 0.77)
    limit = stationary_distribution(payoff, 20, 0.02).probability
    distance = [np.abs(full_chain(payoff, 20, 0.02, mu).frequency - limit).sum() for mu in (1e-3, 1e-4, 1e-5)]
    print("distances from the limit of rare mutants", distance)
    assert distance[0] > 5 * distance[1] > 25 * distance[2]
    assert distance[2] < 1e-3


def test_full_chain_reports_metastability():
    chain = full_chain([[1.0, 0.0], [0.0, 1.0]], 50, 20.0, 1e-4)
    assert chain.metastable
    assert chain.reason.startswith("metastable")
    np.testing.assert_allclose(chain.frequency, 0.5)


def test_groups_of_two_are_pairs_and_hypergeometric_weights_are_right():
    rng = np.random.default_rng(4)
    payoff = rng.normal(size=(3, 3))
    groups = np.stack([np.zeros((3, 3)), payoff, np.broadcast_to(np.diag(payoff)[:, None], (3, 3))], axis=-1)
    np.testing.assert_allclose(group_log_fixation(groups, 40, 1.0)[OFF], log_fixation(payoff, 40, 1.0)[OFF], rtol=1e-11)
    own, other = rng.normal(size=(2, 8))
    advantage = group_advantage(own, other, 30)
    for i in range(1, 30):
        k = np.arange(7)
        mine = stats.hypergeom.pmf(k, 29, i - 1, 6) @ own[1:]
        theirs = stats.hypergeom.pmf(k, 29, i, 6) @ other[:0:-1]
        assert math.isclose(advantage[i - 1], mine - theirs, rel_tol=1e-10, abs_tol=1e-12)


def test_several_populations_move_one_at_a_time():
    rng = np.random.default_rng(5)
    tables = [rng.normal(size=(2, 3, 2)) - 5, rng.normal(size=(2, 3, 3)) - 5]
    rates = populations_log_rates(tables)
    assert rates.shape == (6, 6)
    assert np.isfinite(rates).sum() == 6 * 3
    assert rates[0, 3] == tables[0][0, 0, 1] - math.log(3)
    assert rates[4, 3] == tables[1][1, 1, 0] - math.log(3)


def test_risk_dominance_invasions_and_gradient():
    stag_hunt = [[4.0, 0.0], [3.0, 2.0]]
    assert risk_dominates(stag_hunt).tolist() == [[False, False], [True, False]]
    arrows = invasions(log_fixation(ROCK_PAPER_SCISSORS, 100, 1.0), ("rock", "paper", "scissors"), 100)
    assert {(a.resident, a.invader) for a in arrows} == {("rock", "paper"), ("paper", "scissors"), ("scissors", "rock")}
    neutral = invasions(log_fixation(np.ones((2, 2)), 100, 1.0), ("a", "b"), 100)
    assert [a.neutral for a in neutral] == [True, True]
    share, gradient = gradient_of_selection(stag_hunt, 10, 0.5)
    k = np.arange(11)
    gap = np.array([oracle.advantage(stag_hunt, 0, 1, x, 10, False) for x in k])
    up, down = (share * (1 - share) / (1 + np.exp(sign * 0.5 * gap)) for sign in (-1, 1))
    np.testing.assert_allclose(gradient, up - down, atol=1e-15)


def test_replicator_dynamics():
    times = np.linspace(0, 30, 7)
    path = replicator([[1.0, 1.0], [2.0, 2.0]], [0.9, 0.1], times)  # logistic growth at rate 1
    np.testing.assert_allclose(path[:, 1], 1 / (1 + 9 * np.exp(-times)), atol=1e-9)
    orbit = replicator(ROCK_PAPER_SCISSORS, [0.5, 0.3, 0.2], times)
    np.testing.assert_allclose(orbit.prod(axis=1), 0.03, rtol=1e-7)  # the product of shares is conserved
    hawks = replicator([[0.0, 3.0], [1.0, 2.0]], [0.1, 0.9], [0, 100])[-1]
    np.testing.assert_allclose(hawks, [0.5, 0.5], atol=1e-8)
    mutated = replicator([[1.0, 1.0], [1.0, 1.0]], [1.0, 0.0], times, mutation=0.1)
    np.testing.assert_allclose(mutated[:, 1], (1 - np.exp(-0.2 * times)) / 2, atol=1e-9)


def test_replicator_dynamics_of_three_populations():
    payoff = np.zeros((3, 2, 2, 2))
    for p in range(3):
        np.moveaxis(payoff[p], p, 0)[0] = 1.0  # the first strategy is better by 1, whatever others do
    game = Game(("x", "y", "z"), (("a", "b"),) * 3, payoff)
    times = np.linspace(0, 5, 4)
    for path, start in zip(
        replicator_of_populations(game, [[0.1, 0.9], [0.5, 0.5], [0.9, 0.1]], times), (0.1, 0.5, 0.9), strict=True
    ):
        np.testing.assert_allclose(path[:, 0], 1 / (1 + (1 / start - 1) * np.exp(-times)), atol=1e-9)


def test_any_symmetric_game_comes_in():
    game = Game.symmetric([[3.0, 0.0], [5.0, 1.0]], ("C", "D"))
    assert (log_fixation(game, 20, 1.0)[0, 1] == log_fixation(game.payoff[0], 20, 1.0)[0, 1]).all()
    with pytest.raises(InputError, match="needs a symmetric two-player game"):
        log_fixation(Game.of_two([[1, 2]], [[1, 2]]), 20, 1.0)


def test_inputs_are_not_changed():
    payoff = np.random.default_rng(6).normal(size=(3, 3))
    payoff.flags.writeable = False
    log_fixation(payoff, 10, 1.0)
    stationary_distribution(payoff, 10, 1.0)
    full_chain(payoff, 5, 1.0, 0.1)
    evolution.imitate(payoff, [3, 3, 4], 1.0, 0.1, 100, 1)
    replicator(payoff, [0.2, 0.3, 0.5], [0, 1])
    rates = log_fixation(payoff, 10, 1.0)
    rates.flags.writeable = False
    stationary_of(rates)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: log_fixation([[1, 2, 3]], 10, 1.0), "payoff: must have shape"),
        (lambda: log_fixation([[1, math.inf], [0, 0]], 10, 1.0), "payoff: must be finite, got inf"),
        (lambda: log_fixation([[1, 0], [0, 1]], 1, 1.0), "population: must be a whole number"),
        (lambda: log_fixation([[1, 0], [0, 1]], 10, -1.0), "beta: must be at least 0, got -1.0"),
        (lambda: log_fixation([[1e200, 0], [0, 1]], 10, 1e200), "beta: beta x payoff x population must stay below"),
        (lambda: log_fixation_moran([[0, 0], [1, 1]], 10, 1.0), "intensity: 1 - w"),
        (lambda: full_chain([[1, 0], [0, 1]], 10, 1.0, 0.0), "mutation: must be above 0"),
        (lambda: full_chain(np.eye(4), 1000, 1.0, 0.1), "population: 1000 players of 4 strategies have"),
        (lambda: stationary_of([[0, math.nan], [0, 0]]), "log_rate: must be below infinity"),
        (lambda: group_advantage([0, 1, 2], [0, 1, 2], 1), "population: must be"),
        (lambda: replicator(np.eye(2), [0.5, 0.6], [0, 1]), "start: must be 2 shares"),
        (lambda: replicator(-np.eye(2), [0.5, 0.5], [0, 1], 0.1), "payoff: with mutation"),
        (lambda: replicator(np.eye(2), [0.5, 0.5], [1, 0]), "times: must be two or more"),
    ],
)
def test_bad_input_is_one_clear_line(call, message):
    with pytest.raises(InputError) as caught:
        call()
    assert message in str(caught.value)
    assert "\n" not in str(caught.value)
