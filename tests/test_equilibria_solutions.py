"""Dominance, stability, welfare, leaders, repeated play and treaties, by hand and closed forms."""

import math

import numpy as np
import pytest
from scipy.optimize import linprog

from race_sim.errors import InputError
from race_sim.solvers.equilibria import (
    bootstrap_payoffs,
    critical_discount_factor,
    evolutionarily_stable,
    iterated_elimination,
    nash_equilibria,
    payoff_dominant,
    price_of_anarchy,
    quantal_response_path,
    risk_dominant,
    social_optimum,
    stackelberg,
    strictly_dominated,
    treaty_stability,
)
from race_sim.solvers.game import Game

DILEMMA = Game.symmetric([[3, 0], [5, 1]], ("cooperate", "defect"))
STAG_HUNT = Game.symmetric([[4, 0], [3, 3]], ("stag", "hare"))
CHICKEN = Game.symmetric([[3, 2], [4, 0]], ("swerve", "straight"))
SEXES = Game.of_two([[2, 0], [0, 1]], [[1, 0], [0, 2]])
PENNIES = Game.of_two([[1, -1], [-1, 1]], [[-1, 1], [1, -1]])


# Dominance


def test_dominance_by_hand():
    assert [(one.player, one.strategy) for one in strictly_dominated(DILEMMA)] == [
        ("row", "cooperate"),
        ("column", "cooperate"),
    ]
    assert strictly_dominated(DILEMMA)[0].margin == 1
    assert strictly_dominated(STAG_HUNT) == []
    weak = Game.of_two([[1, 1], [1, 0]], [[0, 0], [0, 0]])
    assert strictly_dominated(weak) == []
    mixed = Game.of_two([[4, 0], [0, 4], [1, 1]], [[0, 1], [1, 0], [0, 0]])
    (one,) = strictly_dominated(mixed)
    assert (one.strategy, one.margin) == ("2", pytest.approx(1))
    assert "2 is dominated by 0 0.5, 1 0.5" in str(one)
    edge = Game.of_two([[4, 0], [0, 4], [2, 2]], [[0, 1], [1, 0], [0, 0]])  # as good as the mixture: not dominated
    assert strictly_dominated(edge) == []


def test_iterated_elimination_by_hand():
    """Three rounds: right is dominated; then down; then left."""
    game = Game.of_two(
        [[1, 1, 0], [0, 0, 9]], [[0, 2, 1], [3, 1, 0]], [("up", "down"), ("left", "middle", "right")]
    )  # fmt: skip
    done = iterated_elimination(game)
    assert [[one.strategy for one in part] for part in done.rounds] == [["right"], ["down"], ["left"]]
    assert done.solves
    assert done.game.strategies == (("up",), ("middle",))


def test_a_dominated_strategy_is_never_a_best_reply():
    """Pearce 1984: in two-player games, strictly dominated and never a best reply are the same."""
    random = np.random.default_rng(1)
    count = 0
    for _ in range(60):
        game = Game.of_two(*random.normal(size=(2, 4, 3)))
        dominated = {one.strategy for one in strictly_dominated(game) if one.player == "row"}
        for a, name in enumerate(game.strategies[0]):
            behind = game.payoff[0] - game.payoff[0][a]
            solved = linprog([0] * 3, A_ub=behind, b_ub=[0] * 4, A_eq=[[1] * 3], b_eq=[1])
            assert (solved.status == 2) == (name in dominated)
        count += len(dominated)
        left = iterated_elimination(game).game
        for one in nash_equilibria(game):
            for n, support in enumerate(one.support):
                assert {game.strategies[n][a] for a in support} <= set(left.strategies[n])
    assert count > 20


# Stability


def stable(matrix):
    return sorted(one.profile[0].round(9).tolist() for one in evolutionarily_stable(Game.symmetric(matrix)))


def test_evolutionary_stability_by_hand():
    value, cost = 2.0, 6.0  # Maynard Smith and Price: hawks with probability value / cost
    hawk_dove = [[(value - cost) / 2, value], [0, value / 2]]
    assert stable(hawk_dove) == [pytest.approx([value / cost, 1 - value / cost])]
    assert stable([[4, 0], [3, 3]]) == [[0, 1], [1, 0]]
    assert stable([[3, 0], [5, 1]]) == [[0, 1]]
    assert stable([[0, 0], [0, 0]]) == []
    assert stable([[1, 1], [1, 0]]) == [[1, 0]]  # ties with the resident, and loses against itself
    assert stable([[1, 1], [1, 1.5]]) == [[0, 1]]
    third = pytest.approx([1 / 3] * 3)
    for win, lose, expected in ((2, 1, [third]), (1, 1, []), (1, 2, [])):
        assert stable([[0, -lose, win], [win, 0, -lose], [-lose, win, 0]]) == expected
    assert len(stable(np.eye(4))) == 4


def invaded(payoff, x, random):
    """Whether some mutant near x does no worse there than x does, by trying."""
    ends = np.concatenate([random.dirichlet(np.full(len(x), share), 1500) for share in (0.2, 1.0)] + [np.eye(len(x))])
    near = x + 1e-3 * (ends - x)
    change = np.einsum("ka,ab,kb->k", near - x, payoff, near)
    return bool((change[np.abs(near - x).max(axis=1) > 1e-6] > -1e-12).any())


def test_evolutionary_stability_against_mutants():
    random = np.random.default_rng(6)
    kinds = {True: 0, False: 0}
    for _ in range(120):
        payoff = random.integers(-4, 5, size=(4, 4)).astype(float)
        game = Game.symmetric(payoff)
        stable = {tuple(one.profile[0].round(9)) for one in evolutionarily_stable(game)}
        for one in nash_equilibria(game):
            x, y = one.profile
            if np.abs(x - y).max() < 1e-12:
                assert (tuple(x.round(9)) in stable) == (not invaded(payoff, x, random)), (payoff, x)
                kinds[tuple(x.round(9)) in stable] += 1
        supports = [set(np.flatnonzero(x)) for x in stable]  # Bishop and Cannings 1976: none within another
        assert not any(one < other for one in supports for other in supports)
    assert min(kinds.values()) > 30


def test_risk_and_payoff_dominance_by_hand():
    assert risk_dominant(STAG_HUNT).profile[0].tolist() == [0, 1]
    assert payoff_dominant(STAG_HUNT).profile[0].tolist() == [1, 0]
    assert risk_dominant(Game.symmetric([[4, 2], [3, 2.5]])).profile[0].tolist() == [1, 0]  # 1 * 1 > .5 * .5
    assert risk_dominant(SEXES) is None
    assert payoff_dominant(SEXES) is None
    assert risk_dominant(Game.of_two([[2, 0], [0, 1]], [[3, 0], [0, 2]])).profile[0].tolist() == [1, 0]
    assert risk_dominant(DILEMMA) is None
    assert payoff_dominant(DILEMMA) is None
    assert risk_dominant(PENNIES) is None


# Welfare and leaders


def test_social_optimum_and_price_of_anarchy_by_hand():
    assert social_optimum(DILEMMA).profile == ("cooperate", "cooperate")
    assert social_optimum(DILEMMA, [1, 0]).profile == ("defect", "cooperate")
    dilemma = price_of_anarchy(DILEMMA)
    assert (dilemma.optimum, dilemma.worst, dilemma.loss, dilemma.price_of_anarchy) == (6, 2, 4, 3)
    sexes = price_of_anarchy(SEXES)  # the mixed equilibrium pays 2/3 to each
    assert (sexes.price_of_anarchy, sexes.price_of_stability) == (pytest.approx(9 / 4), 1)
    losses = price_of_anarchy(Game.symmetric(DILEMMA.payoff[0] - 10))
    assert (losses.price_of_anarchy, losses.price_of_stability, losses.loss) == (None, None, 4)
    nobody = Game(
        ("a", "b", "c"), (("x", "y"), ("x", "y"), ("x",)), np.concatenate([PENNIES.payoff, [[[0, 0]] * 2]])[..., None]
    )
    assert price_of_anarchy(nobody) is None


def test_a_continuum_has_its_worst_point_at_an_end():
    game = Game.of_two([[1, 1], [0, 2]], [[1, 1], [1, 0]])
    assert price_of_anarchy(game).worst == 2
    random = np.random.default_rng(2)
    for _ in range(20):
        first, second = random.integers(0, 3, size=(2, 3, 3)).astype(float)
        equilibria = nash_equilibria(Game.of_two(first, second))
        summary = price_of_anarchy(Game.of_two(first, second))
        for one in equilibria:
            for other in equilibria:
                if np.array_equal(one.profile[0], other.profile[0]):
                    between = (one.profile[1] + other.profile[1]) / 2
                    welfare = one.profile[0] @ (first + second) @ between
                    assert summary.worst - 1e-9 <= welfare <= summary.best + 1e-9


def test_leadership_in_a_duopoly():
    """Price 1 - total: the leader makes 1/2 and earns 1/8, the follower 1/4 and 1/16 (von Stackelberg 1934)."""
    leads, follows = np.arange(9)[:, None] / 8, np.arange(17)[None] / 16
    price = 1 - leads - follows
    names = [[f"{quantity:g}" for quantity in values.ravel()] for values in (leads, follows)]
    game = Game.of_two(leads * price, follows * price, names)
    solution = stackelberg(game, "row")
    assert solution.profile == ("0.5", "0.25")
    assert solution.payoffs == {"row": 1 / 8, "column": 1 / 16}
    assert solution.at_worst == 1 / 8
    swapped = Game.of_two((follows * price).T, (leads * price).T, names[::-1])
    assert stackelberg(swapped, "column").profile == ("0.25", "0.5")


def test_leadership_by_hand():
    assert stackelberg(CHICKEN, "row").payoffs == {"row": 4, "column": 2}
    assert stackelberg(CHICKEN, "column").payoffs == {"row": 2, "column": 4}
    assert stackelberg(DILEMMA, "row").profile == ("defect", "defect")
    tied = Game.of_two([[5, 0], [2, 1]], [[1, 1], [0, 3]])  # after the first row, the follower does not care
    solution = stackelberg(tied, "row")
    assert (solution.profile, solution.payoffs["row"], solution.at_worst) == (("0", "0"), 5, 1)


# Repeated play


def critical(detection=1.0, false_alarm=0.0, length=math.inf, game=DILEMMA):
    return float(critical_discount_factor(game, (0, 0), (1, 1), detection, false_alarm, length))


def test_critical_discount_factor_in_closed_form():
    assert critical() == pytest.approx((5 - 3) / (5 - 1))  # (T - R) / (T - P)
    assert critical(0.7, 0.1) == pytest.approx(2 / (2 * 0.9 + 0.6 * 2))
    assert critical(length=1) == math.inf  # one period of punishment: (T - R) / (R - P) = 1 is not below 1
    gentle = Game.symmetric([[4, 0], [5, 1]])
    assert critical(length=1, game=gentle) == pytest.approx(1 / 3)
    assert critical(0.8, 0.1, 1, gentle) == pytest.approx(1 / (0.7 * 3 - 0.1))
    assert critical(length=2) == pytest.approx((math.sqrt(5) - 1) / 2)  # delta + delta^2 = 1
    assert critical(0.3, 0.3) == math.inf
    assert critical(0.1, 0.2) == math.inf
    assert critical(game=Game.symmetric([[4, 0], [3, 1]])) == 0


@pytest.mark.parametrize("length", [1, 2, 5, 40])
@pytest.mark.parametrize(("detection", "false_alarm"), [(1.0, 0.0), (0.9, 0.05), (0.6, 0.02)])
def test_critical_discount_factor_is_where_deviating_pays_the_same(detection, false_alarm, length):
    """Values of all phases from their linear equations; the deviation's gain changes sign at the answer."""
    game = Game.symmetric([[6, 0], [7, 1]])
    threshold = critical(detection, false_alarm, length, game)
    assert 0 < threshold < 1

    def gain(delta):
        phases = length + 1  # 0: cooperation; 1..length: punishment
        move = np.zeros((phases, phases))
        move[0, 0], move[0, 1] = 1 - false_alarm, false_alarm
        for phase in range(1, phases):
            move[phase, (phase + 1) % phases] = 1
        value = np.linalg.solve(np.eye(phases) - delta * move, np.append(6.0, np.ones(length)))
        return 7 + delta * ((1 - detection) * value[0] + detection * value[1]) - value[0]

    assert gain(threshold) == pytest.approx(0, abs=1e-9)
    assert gain(threshold - 0.01) > 0 > gain(threshold + 0.01)


def test_critical_discount_factor_by_player():
    game = Game.of_two([[3, 0], [5, 1]], [[3, 4], [0, 1]])
    factor = critical_discount_factor(game, (0, 0), (1, 1))
    assert factor.by_player == pytest.approx({"row": 1 / 2, "column": 1 / 3})
    assert (factor.value, factor.credible) == (pytest.approx(1 / 2), True)
    assert not critical_discount_factor(STAG_HUNT, ("stag", "stag"), ("stag", "hare")).credible
    names = critical_discount_factor(DILEMMA, ("cooperate", "cooperate"), ("defect", "defect"))
    assert names.value == critical()


# Treaties


def abatement(nations, cost, needed, samples=None):
    """Barrett's linear game: each unit abated benefits all by 1; signatories abate when at least ``needed`` sign."""
    payoff = np.zeros((nations,) + (2,) * nations)
    for cell in np.ndindex(*(2,) * nations):
        signed = cell.count(0)
        abating = signed if signed >= needed else 0
        for n in range(nations):
            payoff[(n, *cell)] = abating - cost * (cell[n] == 0 and abating > 0)
    names = tuple(f"nation {n}" for n in range(nations))
    return Game(names, (("treaty", "race"),) * nations, payoff, samples=None if samples is None else samples(payoff))


def test_self_enforcing_treaty():
    """Barrett 1994, linear: the stable treaty has the smallest number of members that gain by it, cost 2.5: 3 of 5."""
    treaties = treaty_stability(abatement(5, 2.5, 3))
    assert len(treaties) == 2**5
    sizes = {size: {one.stable for one in treaties if len(one.members) == size} for size in range(6)}
    assert sizes == {0: {True}, 1: {True}, 2: {False}, 3: {True}, 4: {False}, 5: {False}}
    four = next(one for one in treaties if len(one.members) == 4)
    assert set(four.gain_from_leaving.values()) == {3 - 1.5}
    assert not four.internally_stable
    two = next(one for one in treaties if len(one.members) == 2)
    assert (two.internally_stable, two.externally_stable) == (True, False)
    assert set(two.gain_from_joining.values()) == {0.5}
    assert treaties[-1].welfare == 5 * 2.5


def test_treaties_of_two():
    agreed = treaty_stability(DILEMMA, "cooperate", "defect")
    assert [one.members for one in agreed if one.stable] == [()]
    hunt = treaty_stability(STAG_HUNT, ("stag", "stag"), "hare")
    assert [one.members for one in hunt if one.stable] == [(), ("row", "column")]


def test_bootstrap_share_of_a_treaty():
    random = np.random.default_rng(3)
    game = abatement(3, 1.9, 2, lambda payoff: payoff + 1.0 * random.normal(size=(100, *payoff.shape)))
    treaties = {one.members: one for one in treaty_stability(game, draws=500)}
    pair = treaties["nation 0", "nation 1"]
    drawn = bootstrap_payoffs(game, 500)
    leaving = (drawn[:, 0, 1, 0, 1] > drawn[:, 0, 0, 0, 1]) | (drawn[:, 1, 0, 1, 1] > drawn[:, 1, 0, 0, 1])
    joining = drawn[:, 2, 0, 0, 0] > drawn[:, 2, 0, 0, 1]
    assert 0 < pair.bootstrap_share < 1
    assert pair.bootstrap_share == pytest.approx(1 - (leaving | joining).mean(), rel=1e-12)
    exact = treaty_stability(abatement(3, 1.9, 2, lambda payoff: np.stack([payoff] * 5)), draws=7)
    assert all(one.bootstrap_share == float(one.stable) for one in exact)


BAD = {
    "precisions: must be finite numbers, at least 0, got -1": lambda: quantal_response_path(DILEMMA, -1),
    "detection: must lie in [0, 1], got 1.5": lambda: critical(1.5),
    "punishment_length: must be a whole number, at least 1, or infinite, got 0.5": lambda: critical(length=0.5),
    "game: must be symmetric for evolutionary stability": lambda: evolutionarily_stable(SEXES),
    "player: no player 'rwo' (did you mean 'row'?)": lambda: stackelberg(CHICKEN, "rwo"),
    "weights: must be one number per player, at least 0, got [1]": lambda: social_optimum(CHICKEN, [1]),
    "signed: must differ from outside for every player": lambda: treaty_stability(DILEMMA, "defect", "defect"),
    "strategy of row: no strategy 'treaty'": lambda: treaty_stability(DILEMMA),
    "cooperate: must be one strategy per player (2)": lambda: critical_discount_factor(DILEMMA, (0,), (1, 1)),
}


@pytest.mark.parametrize("message", BAD)
def test_bad_input_in_one_line(message):
    with pytest.raises(InputError) as error:
        BAD[message]()
    assert message in str(error.value)
    assert "\n" not in str(error.value)
