"""Nash equilibria against hand, against an independent enumeration, and their bootstrap shares."""

import math
from collections import Counter
from statistics import NormalDist

import numpy as np
import pytest

from race_sim import Scenario, policy_game
from race_sim.errors import InputError
from race_sim.solvers.equilibria import (
    best_reply_cycle,
    bootstrap_payoffs,
    expected_payoffs,
    exploitability,
    nash_equilibria,
)
from race_sim.solvers.equilibria.large_games import enumerated_by_quantecon
from race_sim.solvers.game import Game
from tests.enumeration import (
    by_least_squares,
    mixture_exists,
    regret,
    supports_by_linear_programming,
    supports_implied,
)

TINY = 2.0**-30
HALF, THIRD = [0.5, 0.5], [1 / 3, 1 / 3, 1 / 3]
PENNIES = [[1, -1], [-1, 1]]
ROCK = [[0, -1, 1], [1, 0, -1], [-1, 1, 0]]
STAG = [[4, 0], [3, 3]]


def negative(matrix):
    return (-np.array(matrix)).tolist()


def transposed(matrix):
    return np.array(matrix).T.tolist()


# name: payoffs of the two players, equilibria worked out by hand, whether they form a continuum
CANONICAL = {
    "matching pennies": (PENNIES, negative(PENNIES), [(HALF, HALF)], False),
    "coordination": ([[2, 0], [0, 1]], [[2, 0], [0, 1]],
                     [([1, 0], [1, 0]), ([0, 1], [0, 1]), ([1 / 3, 2 / 3], [1 / 3, 2 / 3])], False),
    "a degenerate row": ([[1, 1], [0, 2]], [[1, 1], [1, 0]], [([1, 0], [1, 0]), ([1, 0], HALF)], True),
    "near-ties that cycle": ([[1, 1], [1 + TINY, 1 - TINY]], [[1, 0], [0, 1]], [(HALF, HALF)], False),
    "near-ties that decide": ([[1, 1], [1 + TINY, 1 + TINY]], [[0, 1], [TINY, 0]], [([0, 1], [1, 0])], False),
    "ties to rounding": ([[0.1 + 0.2], [0.3]], [[0], [0]], [([1, 0], [1]), ([0, 1], [1])], True),
    "harmony": ([[4, 2], [3, 1]], [[4, 3], [2, 1]], [([1, 0], [1, 0])], False),
    "prisoner's dilemma": ([[3, 0], [5, 1]], [[3, 5], [0, 1]], [([0, 1], [0, 1])], False),
    "chicken": ([[3, 2], [4, 0]], [[3, 4], [2, 0]],
                [([1, 0], [0, 1]), ([0, 1], [1, 0]), ([2 / 3, 1 / 3], [2 / 3, 1 / 3])], False),
    "chicken with a catastrophe": ([[1, 0], [2, -1e10]], [[1, 2], [0, -1e10]],
                                   [([1, 0], [0, 1]), ([0, 1], [1, 0]),
                                    ([1e10 / (1e10 + 1), 1 / (1e10 + 1)], [1e10 / (1e10 + 1), 1 / (1e10 + 1)])], False),
    "battle of the sexes": ([[2, 0], [0, 1]], [[1, 0], [0, 2]],
                            [([1, 0], [1, 0]), ([0, 1], [0, 1]), ([2 / 3, 1 / 3], [1 / 3, 2 / 3])], False),
    "rock-paper-scissors": (ROCK, negative(ROCK), [(THIRD, THIRD)], False),
    "deadlock": ([[1, 0], [3, 2]], [[1, 3], [0, 2]], [([0, 1], [0, 1])], False),
    "stag hunt": (STAG, transposed(STAG), [([1, 0], [1, 0]), ([0, 1], [0, 1]), ([0.75, 0.25], [0.75, 0.25])], False),
    "an asymmetric one": ([[3, 3], [2, 5], [0, 6]], [[3, 2], [2, 6], [3, 1]],  # von Stengel 2007, example 3.3
                          [([1, 0, 0], [1, 0]), ([0.8, 0.2, 0], [2 / 3, 1 / 3]), ([0, 1 / 3, 2 / 3], [1 / 3, 2 / 3])],
                          False),
    "dominated by a mixture": ([[3, 0], [0, 3], [1, 1]], [[0, 1], [1, 0], [0, 0]], [([0.5, 0.5, 0], HALF)], False),
    "nothing matters": ([[0, 0], [0, 0]], [[0, 0], [0, 0]],
                        [([1, 0], [1, 0]), ([1, 0], [0, 1]), ([0, 1], [1, 0]), ([0, 1], [0, 1])], True),
    "two names for one strategy": ([[4, 0, 0], [3, 3, 3]], [[4, 3, 3], [0, 3, 3]],
                                   [([1, 0], [1, 0, 0]), ([0, 1], [0, 1, 0]), ([0, 1], [0, 0, 1]),
                                    ([0.75, 0.25], [0.75, 0.25, 0]), ([0.75, 0.25], [0.75, 0, 0.25])], True),
}  # fmt: skip
SCALES = (1.0, 1e-150, 1e-9, 1e9, 1e150)


def matches(profiles, expected, tolerance=1e-9):
    """Whether two lists of pairs of mixtures are the same, in any order."""
    vectors = [np.array([np.concatenate(pair) for pair in pairs]) for pairs in (profiles, expected)]
    if len(profiles) != len(expected):
        return False
    near = np.abs(vectors[0][:, None] - vectors[1][None]).max(axis=-1) < tolerance
    return bool((near.sum(axis=0) == 1).all() and (near.sum(axis=1) == 1).all())


@pytest.mark.parametrize("name", CANONICAL)
def test_canonical_games_by_hand(name):
    first, second, expected, degenerate = CANONICAL[name]
    equilibria = nash_equilibria(Game.of_two(first, second))
    assert matches([one.profile for one in equilibria], expected), equilibria
    assert (equilibria.degenerate, equilibria.complete) == (degenerate, True)
    assert all(one.exploitability < 1e-9 and one.bootstrap_share is None for one in equilibria)
    assert [one.kind for one in equilibria] == [
        "pure" if set(np.concatenate(one.profile)) == {0, 1} else "mixed" for one in equilibria
    ]


BEYOND_FLOATS = ("near", "rounding", "catastrophe")  # of the names: not for linear programming, nor for a common level


@pytest.mark.parametrize("name", [name for name in CANONICAL if not any(word in name for word in BEYOND_FLOATS)])
def test_canonical_games_by_linear_programming(name):
    first, second = (np.array(values, dtype=float) for values in CANONICAL[name][:2])
    profiles = [one.profile for one in nash_equilibria(Game.of_two(first, second))]
    assert supports_implied(first, second, profiles) == supports_by_linear_programming(first, second)


@pytest.mark.parametrize("scale", SCALES)
@pytest.mark.parametrize("name", CANONICAL)
def test_scale_and_level_of_payoffs_do_not_matter(name, scale):
    first, second, expected, _ = CANONICAL[name]
    equilibria = nash_equilibria(Game.of_two(scale * np.array(first), np.array(second) / scale))
    assert matches([one.profile for one in equilibria], expected), equilibria
    if not any(word in name for word in BEYOND_FLOATS):
        level = np.array([100.0, -7.0, 1000.0])[: len(first[0])]
        equilibria = nash_equilibria(Game.of_two(scale * (np.array(first) + level), np.array(second) / scale))
        assert matches([one.profile for one in equilibria], expected), equilibria


def test_a_thousand_random_games():
    random = np.random.default_rng(7)
    counts = []
    for _ in range(1000):
        first, second = random.normal(size=(2, *random.integers(1, 7, size=2)))
        equilibria = nash_equilibria(Game.of_two(first, second))
        assert matches([one.profile for one in equilibria], by_least_squares(first, second)), (first, second)
        assert all(regret(first, second, *one.profile) < 1e-9 for one in equilibria)
        assert len(equilibria) % 2 == 1  # Wilson 1971: without ties, an odd number
        assert not equilibria.degenerate
        counts.append(len(equilibria))
    assert max(counts) >= 7


def test_random_games_full_of_ties():
    random = np.random.default_rng(3)
    degenerate = 0
    for _ in range(25):
        first, second = random.integers(0, 3, size=(2, *random.integers(2, 4, size=2))).astype(float)
        equilibria = nash_equilibria(Game.of_two(first, second))
        pairs = [one.profile for one in equilibria]
        assert supports_implied(first, second, pairs) == supports_by_linear_programming(first, second), (first, second)
        assert all(regret(first, second, *pair) < 1e-9 for pair in pairs)
        degenerate += equilibria.degenerate
    assert 8 < degenerate < 25


def test_a_continuum_is_one():
    random = np.random.default_rng(5)
    seen = 0
    for _ in range(40):
        first, second = random.integers(0, 3, size=(2, 4, 4)).astype(float)
        game = Game.of_two(first, second)
        equilibria = nash_equilibria(game)
        for part in equilibria.components:
            shared = [
                (i, j)
                for i in part
                for j in part
                if i < j and np.array_equal(equilibria[i].profile[0], equilibria[j].profile[0])
            ]
            for i, j in shared:
                between = (equilibria[i].profile[0], 0.3 * equilibria[i].profile[1] + 0.7 * equilibria[j].profile[1])
                assert exploitability(game, between) < 1e-9
                seen += 1
    assert seen > 50


def test_quantecon_agrees_where_nothing_ties_and_takes_over_in_large_games(monkeypatch):
    random = np.random.default_rng(11)
    for size in (2, 3, 5):
        game = Game.of_two(*random.normal(size=(2, size, size)))
        assert matches(enumerated_by_quantecon(game), [one.profile for one in nash_equilibria(game)])
    monkeypatch.setattr("race_sim.solvers.equilibria.nash.LARGEST", 100)
    payoff = random.normal(size=(2, 6, 6))
    large = Game.of_two(*1e8 * payoff)
    equilibria = nash_equilibria(large)
    assert not equilibria.complete
    assert "a large game" in str(equilibria)
    assert matches([one.profile for one in equilibria], by_least_squares(*payoff))
    with pytest.raises(InputError, match="64 strategies in all"):
        nash_equilibria(Game.of_two(*random.normal(size=(2, 33, 32))))


def test_more_players_have_their_pure_equilibria():
    payoff = np.zeros((3, 2, 2, 2))  # whoever is alone on a side wins 1 from the other two
    for cell in np.ndindex(2, 2, 2):
        for n in range(3):
            payoff[(n, *cell)] = 0 if len(set(cell)) == 1 else 1.0 if cell.count(cell[n]) == 1 else -0.5
    game = Game(("a", "b", "c"), (("left", "right"),) * 3, payoff)
    equilibria = nash_equilibria(game)
    assert not equilibria.complete
    assert "pure ones only" in str(equilibria)
    expected = {cell for cell in np.ndindex(2, 2, 2) if len(set(cell)) == 2}
    assert {tuple(int(mixture.argmax()) for mixture in one.profile) for one in equilibria} == expected


def test_one_player_and_one_strategy():
    assert [one.profile[0].tolist() for one in nash_equilibria(Game(("a",), (("x", "y"),), [[1, 2]]))] == [[0, 1]]
    assert len(nash_equilibria(Game.symmetric([[7.0]]))) == 1


def test_expected_payoffs_by_hand():
    game = Game.of_two([[1, 2], [3, 4]], [[5, 6], [7, 8]])
    assert expected_payoffs(game, ([0.25, 0.75], [0.5, 0.5])) == pytest.approx(
        [0.25 * 1.5 + 0.75 * 3.5, 0.25 * 5.5 + 0.75 * 7.5]
    )
    assert exploitability(game, ([0.25, 0.75], [0.5, 0.5])) == pytest.approx(max(0.25 * 2, 0.5))
    three = Game(("a", "b", "c"), (("x", "y"),) * 3, np.arange(24.0).reshape(3, 2, 2, 2))
    mixtures = np.array([[0.2, 0.8], [0.5, 0.5], [0.9, 0.1]])
    by_hand = np.einsum("nabc,a,b,c->n", three.payoff, *mixtures)
    assert expected_payoffs(three, mixtures) == pytest.approx(by_hand)


def test_cycles():
    assert best_reply_cycle(Game.of_two(PENNIES, negative(PENNIES))).length == 4
    rock = best_reply_cycle(Game.symmetric(ROCK, ("rock", "paper", "scissors")), start=("rock", "rock"))
    assert rock.length == 6
    assert rock.before == (("rock", "rock"),)
    assert "cycle with length 6: (paper, rock) -> (paper, scissors)" in str(rock)
    rest = best_reply_cycle(Game.symmetric([[3, 0], [5, 1]], ("cooperate", "defect")))
    assert rest.is_equilibrium
    assert rest.cycle == (("defect", "defect"),)
    assert len(rest.before) == 2
    assert "cycle with length 4" in str(nash_equilibria(Game.of_two(PENNIES, negative(PENNIES))))


def estimated(mean, runs=2000, spread=1.0, seed=0):
    """A game whose samples scatter around these payoffs."""
    random = np.random.default_rng(seed)
    mean = np.array(mean, dtype=float)
    samples = mean + spread * random.normal(size=(runs, *mean.shape))
    names = [tuple(map(str, range(size))) for size in mean.shape[1:]]
    return Game(tuple("abc"[: len(mean)]), tuple(names), samples.mean(axis=0), samples=samples)


def test_bootstrap_errors_are_the_standard_errors():
    game = estimated(np.zeros((2, 3, 2)), spread=4.0)
    drawn = bootstrap_payoffs(game, draws=4000, seed=1)
    assert drawn.std(axis=0) / game.standard_error == pytest.approx(np.ones((2, 3, 2)), abs=5 / math.sqrt(2 * 4000))
    z = (drawn.mean(axis=0) - game.payoff) / (game.standard_error / math.sqrt(4000))
    assert np.abs(z).max() < 4
    assert np.array_equal(drawn, bootstrap_payoffs(game, draws=4000, seed=1))
    assert not np.array_equal(drawn, bootstrap_payoffs(game, draws=4000, seed=2))


def test_share_of_a_pure_equilibrium_in_closed_form():
    game = estimated([[0.03, 0.0]], seed=4)  # one player, two choices: the better one by t standard errors
    difference = game.samples[:, 0, 0] - game.samples[:, 0, 1]
    t = difference.mean() / (difference.std() / math.sqrt(len(difference)))
    (one,) = nash_equilibria(game, draws=10_000, seed=2)
    expected = 0.5 * (1 + math.erf(abs(t) / math.sqrt(2)))
    assert 0.6 < expected < 0.99
    assert abs(one.bootstrap_share - expected) < 4 * math.sqrt(expected * (1 - expected) / 10_000) + 0.003


def test_what_is_an_equilibrium_of_many_draws_only_is_listed_as_possible():
    game = estimated([[-0.02, 0.0]], seed=4)
    result = nash_equilibria(game, draws=4000, seed=2)
    (one,), (other,) = result, result.possible
    assert one.support != other.support
    assert one.bootstrap_share + other.bootstrap_share == 1.0
    assert 0.05 < other.bootstrap_share < 0.5
    runs = int(result.verdict.removeprefix("undecided: about ").removesuffix(" runs would tell").replace(",", ""))
    distance = NormalDist().inv_cdf(one.bootstrap_share)
    expected = 1.645**2 / (distance**2 + 0.6745**2) * len(game.samples)
    assert expected <= runs < 1.5 * expected
    words = result.to_dict()
    assert (words["verdict"], len(words["possible"])) == (result.verdict, 1)
    assert "possible: pure" in str(result)
    assert result.verdict in str(result)
    assert result.verdict in result._repr_html_()


def test_sure_and_exact_games_are_decided():
    sure = nash_equilibria(estimated([[1.0, 0.0]], seed=4))
    assert (sure.possible, sure.verdict) == ((), "decided")
    exact = nash_equilibria(Game.symmetric(STAG))
    assert (exact.possible, exact.verdict) == ((), "decided")
    assert "decided" not in str(exact)


def test_possible_mixed_equilibria_are_those_of_solved_draws():
    game = estimated(np.stack([PENNIES, negative(PENNIES)]) * 0.04, runs=500, seed=1)
    result = nash_equilibria(game, draws=400, seed=5)
    known = {one.support: one.bootstrap_share for one in (*result, *result.possible)}
    count = Counter()
    for payoff in bootstrap_payoffs(game, draws=400, seed=5):
        count.update({tuple(tuple(np.flatnonzero(m)) for m in pair) for pair in by_least_squares(*payoff)})
    often = {support: number / 400 for support, number in count.items() if number > 0.05 * 400}
    assert {support: known.get(support) for support in often} == often


def denied(runs, seeds, reference):
    """Equilibria of the reference that a game of so many runs denies, by seed."""
    scenario = Scenario.load("us-china-2026")
    affirmed = {
        one.support for one in nash_equilibria(policy_game(scenario, runs=reference, seed=7, progress=False)).pure
    }
    assert affirmed
    result = {}
    for seed in seeds:
        solved = nash_equilibria(policy_game(scenario, runs=runs, seed=seed, progress=False), seed=seed)
        missing = affirmed - {one.support for one in (*solved, *solved.possible)}
        if missing and solved.verdict == "decided":
            result[seed] = missing
    return result


def test_no_seed_denies_what_more_runs_affirm():
    assert denied(200, (3, 8), 1000) == {}


@pytest.mark.long
def test_no_seed_of_twenty_denies_what_4000_runs_affirm():
    assert denied(200, range(20), 4000) == {}


def test_shares_of_mixed_equilibria_by_solving_every_draw():
    game = estimated(np.stack([PENNIES, negative(PENNIES)]) * 0.04, runs=500, seed=1)
    equilibria = nash_equilibria(game, draws=400, seed=5)
    drawn = bootstrap_payoffs(game, draws=400, seed=5)
    for one in equilibria:
        supports = one.support
        solved = [
            any(
                tuple(tuple(np.flatnonzero(mixture)) for mixture in pair) == supports
                for pair in by_least_squares(*payoff)
            )
            for payoff in drawn
        ]
        assert 0 < one.bootstrap_share == np.mean(solved) < 1


def test_shares_where_strategies_are_the_same_by_construction():
    random = np.random.default_rng(2)
    samples = 0.3 * random.normal(size=(300, 2, 3, 3)) + np.stack([np.array(ROCK) * 0.03, -np.array(ROCK) * 0.03])
    samples = samples[..., [0, 1, 2, 2], :][..., [0, 1, 2, 2]]  # the fourth is the third by another name
    names = (("rock", "paper", "scissors", "shears"),) * 2
    game = Game(("a", "b"), names, samples.mean(axis=0), samples=samples)
    equilibria = nash_equilibria(game, draws=30, seed=3)
    assert equilibria.degenerate
    drawn = bootstrap_payoffs(game, draws=30, seed=3)
    for one in equilibria:
        rows, columns = map(list, one.support)
        solved = [mixture_exists(a, rows, columns) and mixture_exists(b.T, columns, rows) for a, b in drawn]
        assert one.bootstrap_share == np.mean(solved)
    shares = {one.support: one.bootstrap_share for one in equilibria}
    for one in equilibria:
        twin = tuple(tuple(sorted({2: 3, 3: 2}.get(a, a) for a in part)) for part in one.support)
        assert shares[twin] == one.bootstrap_share


def test_a_continuum_keeps_its_share():
    samples = np.zeros((50, 2, 2, 2))
    samples[:, 0] = [[1, 1], [0, 2]]
    samples[:, 1] = [[1, 1], [1, 0]]
    game = Game(("a", "b"), (("x", "y"),) * 2, samples.mean(axis=0), samples=samples)
    assert [one.bootstrap_share for one in nash_equilibria(game, draws=20)] == [1.0, 1.0]


def test_names_and_numbers():
    game = Game.symmetric(STAG, ("stag", "hare"), players=("us", "china"))
    equilibria = nash_equilibria(game)
    assert equilibria[2].to_dict(game)["profile"]["us"] == pytest.approx({"stag": 0.75, "hare": 0.25})
    first = equilibria.to_dict()["equilibria"][0]
    assert first["profile"] == {"us": {"stag": 1.0}, "china": {"stag": 1.0}}
    assert (first["kind"], first["exploitability"], first["bootstrap_share"]) == ("pure", 0.0, None)


BAD = {
    "profile: must be one distribution per player (2), got 1": lambda game: exploitability(game, ([1, 0],)),
    "profile of column: must be probabilities that sum to 1, got [1, 1]": lambda game: exploitability(
        game, ([1, 0], [1, 1])
    ),
    "profile of column: must have shape (2,), got (3,)": lambda game: exploitability(game, ([1, 0], [1, 0, 0])),
    "strategy of column: no strategy 'hog'": lambda game: best_reply_cycle(game, ("stag", "hog")),
    "start: strategy of column: must be a name or an index below 2, got 2": lambda game: best_reply_cycle(game, (0, 2)),
    "game: must have samples for its payoffs' errors, got exact payoffs": lambda game: bootstrap_payoffs(game),
    "draws: must be a whole number, at least 1, got 0": lambda game: bootstrap_payoffs(game, draws=0),
    "seed: must be a whole number in [0, 2^64), got -1": lambda game: bootstrap_payoffs(game, seed=-1),
}


@pytest.mark.parametrize("message", BAD)
def test_bad_input_in_one_line(message):
    with pytest.raises(InputError) as error:
        BAD[message](Game.symmetric(STAG, ("stag", "hare")))
    assert message in str(error.value)
    assert "\n" not in str(error.value)
