"""The classes of 2x2 games and the five factors of cooperation."""

import math
from itertools import permutations, product

import numpy as np
import pytest

from race_sim.errors import InputError
from race_sim.solvers.equilibria import CLASSES, bootstrap_payoffs, classify, cooperation_factors, subgame_classes
from race_sim.solvers.game import Game

pytestmark = pytest.mark.quick

# Every strict order of R, S, T, P that both players may share, best first.
ORDERS = {
    "prisoner's dilemma": ["TRPS"],
    "deadlock": ["TPRS", "TPSR", "PTRS", "PTSR", "PSTR"],
    "stag hunt": ["RTPS", "RPTS", "RPST"],
    "chicken": ["TRSP"],
    "harmony": ["RTSP", "RSTP", "RSPT", "SRTP", "SRPT"],
    "battle of the sexes": ["TSRP", "TSPR", "STRP", "STPR"],
    "other": ["PRTS", "PRST", "PSRT", "SPTR", "SPRT"],
}
CANONICAL = {
    "prisoner's dilemma": "TRPS",
    "stag hunt": "RTPS",
    "chicken": "TRSP",
    "harmony": "RTSP",
    "deadlock": "TPRS",
}


def values_of(order):
    return {letter: 4.0 - place for place, letter in enumerate(order)}


def game_of(row, column=None, **more):
    """A game from each player's R, S, T, P."""
    column = row if column is None else column
    first = [[row["R"], row["S"]], [row["T"], row["P"]]]
    second = [[column["R"], column["T"]], [column["S"], column["P"]]]
    return Game.of_two(first, second, [("cooperate", "defect")] * 2, **more)


def test_the_table_names_every_order_once():
    assert sorted(order for orders in ORDERS.values() for order in orders) == sorted(map("".join, permutations("RSTP")))


@pytest.mark.parametrize(("name", "order"), [(name, order) for name, orders in ORDERS.items() for order in orders])
def test_class_of_every_symmetric_order(name, order):
    classified = classify(game_of(values_of(order)))
    assert classified.class_ == name
    assert classified.probability == {one: float(one == name) for one in CLASSES}
    assert classified.orders["row"] == " > ".join(order)
    rescaled = {letter: 1e6 + 1e-3 * value**3 for letter, value in values_of(order).items()}
    assert classify(game_of(values_of(order), rescaled)).class_ == name  # only the order counts


def test_a_class_needs_both_players():
    of_order = {order: name for name, orders in ORDERS.items() for order in orders}
    diagonal = {("RPST", "PRST"), ("RPST", "PRTS"), ("RPTS", "PRST"), ("RPTS", "PRTS")}
    opposed = {frozenset(one) for one in product(("TSRP", "TSPR"), ("STRP", "STPR"))}  # both like the same equilibrium
    for row, column in product(of_order, repeat=2):
        expected = of_order[row] if of_order[row] == of_order[column] else "other"
        if frozenset((row, column)) in opposed:
            expected = "other"
        if (row, column) in diagonal or (column, row) in diagonal:
            expected = "battle of the sexes"
        assert classify(game_of(values_of(row), values_of(column))).class_ == expected, (row, column)


def test_textbook_payoffs():
    assert classify(Game.symmetric([[4, 0], [3, 3]])).class_ == "stag hunt"  # T = P, which decides nothing
    assert classify(Game.of_two([[2, 0], [0, 1]], [[1, 0], [0, 2]])).class_ == "battle of the sexes"
    assert classify(Game.of_two([[1, -1], [-1, 1]], [[-1, 1], [1, -1]])).class_ == "other"
    tied = classify(Game.symmetric([[3, 1], [5, 1]]))
    assert tied.class_ == "other"
    assert tied.orders["row"] == "T > R > S = P"
    assert classify(Game.symmetric([[0.3, 0], [0.1 + 0.2, 0.1]])).class_ == "other"  # R = T to rounding


def test_what_counts_as_cooperation():
    dilemma = Game.symmetric([[1, 5], [0, 3]], ("race", "treaty"))
    assert classify(dilemma, ("treaty", "treaty")).class_ == "prisoner's dilemma"
    assert classify(dilemma, (1, 1)).cooperate == {"row": "treaty", "column": "treaty"}
    assert classify(dilemma).class_ == "other"
    names = [("race", "treaty"), ("treaty", "race")]
    crossed = Game.of_two(dilemma.payoff[0][:, ::-1], dilemma.payoff[1][:, ::-1], names)
    assert classify(crossed, ("treaty", "treaty")).class_ == "prisoner's dilemma"


def test_every_subgame_of_two_shared_strategies():
    random = np.random.default_rng(0)
    first, second = random.normal(size=(2, 4, 4))
    game = Game.of_two(first, second, [tuple("abcd"), tuple("dbca")])
    classes = subgame_classes(game)
    assert list(classes) == [tuple(pair) for pair in ("ab", "ac", "ad", "bc", "bd", "cd")]
    for pair, one in classes.items():
        assert one == classify(game.subgame([pair, pair]))
    assert list(subgame_classes(game, "cab")) == [("c", "a"), ("c", "b"), ("a", "b")]


def noisy(mean, spread, runs=400, seed=0):
    samples = np.array(mean) + spread * np.random.default_rng(seed).normal(size=(runs, *np.shape(mean)))
    return Game(("us", "china"), (("treaty", "race"),) * 2, samples.mean(axis=0), samples=samples)


def test_probability_of_a_class_in_closed_form():
    """Only P against S is in doubt, for one player: dilemma or not, with the normal probability of its difference."""
    mean = game_of({"T": 50, "R": 30, "P": 0, "S": 0}, {"T": 50, "R": 30, "P": 10, "S": -10}).payoff
    game = noisy(mean, 1.0, seed=3)
    difference = game.samples[:, 0, 1, 1] - game.samples[:, 0, 0, 1]
    t = difference.mean() / (difference.std() / math.sqrt(len(difference)))
    expected = 0.5 * (1 + math.erf(t / math.sqrt(2)))
    classified = classify(game, draws=10_000)
    assert 0.02 < expected < 0.98
    assert classified.probability["prisoner's dilemma"] == pytest.approx(expected, abs=4 * 0.5 / 100 + 0.005)
    assert sum(classified.probability.values()) == pytest.approx(1)
    assert classified.probability == subgame_classes(game, draws=10_000)["treaty", "race"].probability


# Five factors


BELIEFS = {"prisoner's dilemma": "none", "harmony": "all", "stag hunt": "above", "chicken": "below", "deadlock": "none"}


@pytest.mark.parametrize(("name", "beliefs"), BELIEFS.items())
def test_beliefs_of_the_textbook_games(name, beliefs):
    values = values_of(CANONICAL[name])
    factors = cooperation_factors(game_of(values))["row"]
    assert factors.beliefs == beliefs
    for belief in np.linspace(0, 1, 101):
        gain = belief * (values["R"] - values["T"]) + (1 - belief) * (values["S"] - values["P"])
        assert factors.gain(belief) == pytest.approx(gain)
        assert factors.cooperates(belief) == (gain >= -1e-12)
    grid = np.linspace(0, 1, 100_001)
    share = np.mean([grid * (values["R"] - values["T"]) + (1 - grid) * (values["S"] - values["P"]) >= 0])
    assert factors.share_of_beliefs == pytest.approx(share, abs=2e-5)


def test_threshold_of_a_stag_hunt_and_its_slopes():
    values = {"R": 5.0, "T": 3.0, "P": 2.0, "S": 0.5}
    factors = cooperation_factors(game_of(values))["column"]
    assert factors.threshold == pytest.approx(1.5 / (1.5 + 2.0))
    assert (factors.threshold_slope["R"] < 0, factors.threshold_slope["T"] > 0) == (True, True)
    assert (factors.threshold_slope["S"] < 0, factors.threshold_slope["P"] > 0) == (True, True)
    for letter, slope in factors.threshold_slope.items():
        ends = [
            cooperation_factors(game_of({**values, letter: values[letter] + h}))["row"].threshold for h in (1e-5, -1e-5)
        ]
        assert slope == pytest.approx((ends[0] - ends[1]) / 2e-5, rel=1e-6)
    assert factors.gain_slope(0.25) == {"belief": 3.5, "R": 0.25, "S": 0.75, "T": -0.25, "P": -0.75}


def test_beliefs_at_the_edge_and_of_two_different_players():
    factors = cooperation_factors(game_of(values_of("TRPS"), values_of("RTPS")))
    assert (factors["row"].beliefs, factors["column"].beliefs) == ("none", "above")
    sure = cooperation_factors(game_of({"R": 3, "T": 3, "P": 1, "S": 0}))["row"]  # only if it is certain
    assert (sure.beliefs, sure.threshold, sure.cooperates(1), sure.cooperates(0.99)) == ("above", 1, True, False)
    never = cooperation_factors(game_of({"R": 2, "T": 3, "P": 1, "S": 1}))["row"]
    assert (never.beliefs, never.threshold, never.cooperates(0), never.cooperates(0.01)) == ("below", 0, True, False)
    assert cooperation_factors(game_of({"R": 3, "T": 3, "P": 1, "S": 1}))["row"].beliefs == "all"


def test_error_of_a_threshold():
    game = noisy(game_of({"R": 5, "T": 3, "P": 2, "S": 0.5}).payoff, 1.0, runs=2000)
    factors = cooperation_factors(game, draws=3000)["us"]
    assert factors.probability == {"none": 0, "all": 0, "above": 1, "below": 0}
    variance = sum(factors.threshold_slope[letter] ** 2 for letter in "RSTP") / 2000  # delta method, unit spread
    assert factors.threshold_error == pytest.approx(math.sqrt(variance), rel=0.15)
    assert np.array_equal(bootstrap_payoffs(game, 10), bootstrap_payoffs(game, 10))


BAD = {
    "game: must have two players with two strategies each, got (3, 3)": lambda: classify(Game.symmetric(np.eye(3))),
    "cooperate: must be one strategy per player (2)": lambda: classify(Game.symmetric(np.eye(2)), ("0",)),
    "order: no shared strategy 'x'": lambda: subgame_classes(Game.symmetric(np.eye(2)), ("0", "x")),
    "belief: must lie in [0, 1], got 2": lambda: cooperation_factors(Game.symmetric(np.eye(2)))["row"].gain(2),
}


@pytest.mark.parametrize("message", BAD)
def test_bad_input_in_one_line(message):
    with pytest.raises(InputError) as error:
        BAD[message]()
    assert message in str(error.value)
    assert "\n" not in str(error.value)
