"""The continuous-action games by three ways: closed form, the payoff itself, simulation."""

import math
from itertools import product

import numpy as np
import pytest

from race_sim import InputError, solve
from race_sim.games._base.roots import every_root
from race_sim.games.armstrong2016 import INFORMATION, Armstrong2016
from race_sim.games.askell2019 import Askell2019
from race_sim.games.bova2024 import Bova2024
from race_sim.games.jensen2023 import Jensen2023
from race_sim.games.kwa2026 import Kwa2026
from race_sim.games.lacroix2022 import Lacroix2022
from race_sim.games.naude2020 import Naude2020
from race_sim.games.spt import Spt
from race_sim.games.tan2026 import Tan2026
from race_sim.solvers.game import Game

RACES = [(2, 1.0, 1.0), (5, 1.0, 3.0), (3, 0.4, 2.5), (4, 0.0, 1.0)]


# --- armstrong2016


@pytest.mark.parametrize("race", RACES)
@pytest.mark.parametrize("information", INFORMATION)
def test_armstrong_by_simulation(race, information):
    game = Armstrong2016(n=race[0], e=race[1], mu=race[2])
    risk, error = game.simulate(information, 100_000, np.random.default_rng(7))
    assert abs(risk - game.results()["risk"][information]) < 4 * error


def test_armstrong_by_best_replies():
    for n, e, mu in ((2, 1.0, 1.0), (4, 0.3, 0.5)):
        game = Armstrong2016(n=n, e=e, mu=mu)
        results = game.numerical_equilibria()
        assert results["none"] == pytest.approx([game.results()["safety"]["none"]], abs=1e-6)
        assert results["private"] == pytest.approx([game.a], rel=1e-5)
    assert Armstrong2016(mu=9).numerical_equilibria()["none"] == [1.0]


@pytest.mark.parametrize("race", RACES[:3])
def test_armstrong_nobody_gains_without_information(race):
    game = Armstrong2016(n=race[0], e=race[1], mu=race[2])
    s = game.results()["safety"]["none"]
    best = max(game.payoff_without_information(own, s) for own in np.linspace(0, 1, 2001))
    assert best <= game.payoff_without_information(s, s) + 1e-12


@pytest.mark.parametrize("race", RACES[:3])
def test_armstrong_nobody_gains_knowing_oneself(race):
    game = Armstrong2016(n=race[0], e=race[1], mu=race[2])
    for capability in np.linspace(0.05, 1, 9) * game.mu:
        honest = game.payoff_knowing_oneself(capability, capability, game.a)
        best = max(
            game.payoff_knowing_oneself(capability, pretended, game.a) for pretended in np.linspace(0, game.mu, 400)
        )
        # The integral has a kink where safety reaches 1, which 40 nodes resolve to about 1e-3 at worst.
        assert best <= honest + (1e-9 if game.mu <= game.a else 2e-3)


def test_armstrong_leaders_continuum_is_exactly_that():
    """The second team undercuts iff the leader's safety exceeds D / e; the leader never leaves safety unused."""
    e, gap = 0.5, 0.3
    for s in np.linspace(0, 1, 101):
        undercutting, content = s - gap, (1 - e) * s
        stable = undercutting <= content + 1e-12 and s >= gap - 1e-12
        assert stable == (gap - 1e-9 <= s <= min(1, gap / e) + 1e-9)
    ends = solve("armstrong2016", n=3, e=e, mu=2)
    draws = np.sort(2 * np.random.default_rng(3).random((200_000, 3)), axis=1)
    gaps = draws[:, -1] - draws[:, -2]
    for risk, slope in ((ends["risk"]["public"], e), (ends["public_lower_risk"], 1.0)):
        sample = 1 - np.minimum(1, gaps / slope)
        assert abs(sample.mean() - risk) < 4 * sample.std() / math.sqrt(len(sample))


def test_armstrong_risks_too_small_to_be_one_less_safety():
    """Binomial expansions by hand; 1 - safety would keep no digit of them."""
    results = solve("armstrong2016", n=2, e=1e-12, mu=1e3)["risk"]
    assert results["private"] == pytest.approx((1 + 1e-12) ** 2 / 3e6, rel=1e-14, abs=0)
    assert results["public"] == pytest.approx(1e-15 - 1e-30 / 3, rel=1e-14, abs=0)
    far = solve("armstrong2016", n=1000, e=0.01, mu=1e3)  # risks of (11/1000)^1000 and less
    assert far["risk"]["private"] == 0
    assert not far["third_team_raises_risk"]
    assert solve("armstrong2016", n=1000, e=1.0, mu=1001.5)["third_team_raises_risk"]


def test_armstrong_without_enmity():
    assert solve("armstrong2016", e=0)["risk"] == {"none": 0, "private": 0, "public": 0}


# --- jensen2023

LABS = [
    {},
    {"r": 0.05},
    {"n": 3, "d": 0.5, "alpha": 0.5, "beta": 0.7, "r": 0.01},
    {"alpha": 0.5, "beta": 0.8, "theta": 0.3, "A": 3.0, "B": 2.0},
    {"risk": "winner", "alpha": 0.6, "beta": 0.6, "r": 0.02},
    {"risk": "winner", "n": 4, "d": 0.2, "alpha": 0.5, "beta": 0.5, "theta": 0.4, "r": 0.01},
]


@pytest.mark.parametrize("labs", LABS)
def test_jensen_upper_root_is_a_best_reply_to_itself(labs):
    """From the payoff alone: no spending on a wide grid around the root pays more, and nor does any small step."""
    game = Jensen2023(**labs)
    results = game.results()
    chosen = results["X_s"], results["X_p"]
    at_rest = game.payoff(*chosen, chosen)
    assert at_rest == pytest.approx(results["payoff"], rel=1e-9)
    assert at_rest > results["payoff_of_spending_nothing"]
    factors = np.concatenate([np.geomspace(1e-3, 30, 60), [0.999, 1.001]])
    best = max(game.payoff(chosen[0] * one, chosen[1] * two, chosen) for one, two in product(factors, factors))
    assert best <= at_rest + 1e-12


def test_jensen_lower_root_solves_the_conditions_too():
    game = Jensen2023()
    for root in game.roots():
        s = math.exp(root)
        assert 2 * game.r * (1 + s) ** 3 == pytest.approx(s, rel=1e-9)
    cubic = np.roots([2 * 0.01, 6 * 0.01, 6 * 0.01 - 1, 2 * 0.01])
    assert sorted(math.exp(root) for root in game.roots()) == pytest.approx(sorted(cubic[cubic > 0]), rel=1e-9)


def test_jensen_root_where_hardly_anything_is_spent():
    """s0 = 1/2: however dear compute is, a root lies just above it, and solves the conditions to full precision."""
    labs = {"n": 3, "theta": 1.0, "alpha": 2.0, "r": 1e12}
    results = solve("jensen2023", **labs)
    s, x_s, x_p = results["safety"], results["X_s"], results["X_p"]
    assert 0 < s - 0.5 < 1e-12
    assert results["price_threshold"] is None
    success = (s / (1 + s)) ** 3
    assert x_s == pytest.approx(2 * success / (3 * (1 + s)) / 1e12, rel=1e-12, abs=0)
    assert s == pytest.approx(x_s**2 / x_p, rel=1e-12)
    assert solve("jensen2023", **labs | {"r": 1e13})["X_p"] < x_p


def test_jensen_threshold_where_performance_and_safety_vanish_together():
    """n = 2, theta = 1/2: X_p > 0 iff s > 0. By hand 2 (s / (1 + s)^3)^(3/2) = r^(3/2), which is highest at s = 1/2."""
    labs = {"alpha": 2.0, "theta": 0.5}
    threshold = solve("jensen2023", **labs)["price_threshold"]
    assert threshold == pytest.approx(2 ** (2 / 3) * 4 / 27, rel=1e-12)
    assert solve("jensen2023", **labs, r=0.999 * threshold)["exists"]
    assert not solve("jensen2023", **labs, r=1.001 * threshold)["exists"]
    assert solve("jensen2023", theta=0.5)["price_threshold"] is None


def test_jensen_price_threshold():
    for labs in ({}, {"n": 4, "d": 0.3, "alpha": 0.9}, {"risk": "winner", "alpha": 1.3}):
        threshold = solve("jensen2023", **labs)["price_threshold"]
        assert solve("jensen2023", **labs, r=0.999 * threshold)["exists"]
        beyond = solve("jensen2023", **labs, r=1.001 * threshold)
        assert not beyond["exists"]
        assert beyond["safety"] is beyond["performance"] is beyond["success"] is None
    assert solve("jensen2023", alpha=0.4)["price_threshold"] is None
    assert solve("jensen2023", alpha=0.4, r=1e3)["exists"]


def test_jensen_near_the_threshold_spending_nothing_is_better():
    results = solve("jensen2023", r=0.074)
    assert results["exists"]
    assert results["payoff"] < results["payoff_of_spending_nothing"]


# --- spt


@pytest.mark.parametrize(
    "case",
    [{"k": k, "sigma": sigma} for k in (0.2, 3) for sigma in ("exponential", "linear")]
    + [{"contest": "logistic", "sigma": "linear", "k": k} for k in (0.1, 0.3, 0.45)],
)
def test_spt_by_small_steps(case):
    game = Spt(**case)
    assert game.numerical_equilibria() == pytest.approx([game.results()["x"]], abs=1e-5)
    p = game.results()["performance"]
    grid = np.linspace(1e-6, 3 / game.k, 4001)
    assert max(game.log_payoff(own, p) for own in grid) <= game.log_payoff(p, p) + 1e-12


def test_spt_corner_and_refusal():
    corner = Spt(contest="logistic", sigma="linear", k=0.7)
    assert corner.results()["safety"] == 1
    assert all(corner.log_payoff(own, 0) < corner.log_payoff(0, 0) for own in (0.01, 0.1, 1))
    with pytest.raises(InputError, match=r"spt: sigma: must not be 'exponential' with the logistic contest \("):
        Spt(contest="logistic")


# --- naude2020


@pytest.mark.parametrize(
    "race",
    [{}, {"b": [1, 1, 1]}, {"d": 0}, {"d": 40}, {"b": [2], "d": 0.5}, {"b": [5, 5, 4.9, 0.1, 3], "v": 2, "d": 3}],
)
def test_naude_by_best_replies(race):
    game = Naude2020(**race)
    results = game.results()
    assert game.numerical_total() == pytest.approx(results["Y"], rel=1e-9)
    assert sum(results["success"]) + results["none_succeeds"] == pytest.approx(1)
    for player, x in enumerate(results["x"]):
        grid = np.concatenate([[0.0], np.geomspace(1e-6, game.v, 4000)])
        best = max(game.payoff(player, own, results["x"]) for own in grid)
        assert best <= game.payoff(player, x, results["x"]) + 1e-12


def test_naude_needs_a_contest():
    with pytest.raises(InputError, match="naude2020: d: must be above 0 for a single team"):
        solve("naude2020", b=[1], d=0)
    assert solve("naude2020", b=3) == solve("naude2020", b=[3])
    assert solve("naude2020", d=40)["active"] == [False] * 4


# --- kwa2026


@pytest.mark.parametrize("case", [{}, {"n": 5}, {"k": 0.3}, {"k": 1}, {"w": 3, "n": 10}, {"k": 1e6}])
def test_kwa_by_closed_form_and_best_replies(case):
    game = Kwa2026(**case)
    results = game.results()
    assert results["p"] == pytest.approx(game.closed_form(), rel=1e-12)
    best = max(game.payoff(own, results["s"]) for own in np.linspace(1e-6, 1 - 1e-6, 20_001))
    assert best <= game.payoff(results["s"], results["s"]) * (1 + 1e-12)


@pytest.mark.parametrize("a", [0.3, 1.0, 2.5])
def test_kwa_root_of_the_payoffs_slope(a):
    game = Kwa2026(a=a, n=3)
    step = 1e-5
    roots = every_root(lambda s: math.log(game.payoff(s + step, s) / game.payoff(s - step, s)), 1e-4, 1 - 1e-4, 400)
    assert roots == pytest.approx([game.results()["s"]], abs=1e-6)


# --- lacroix2022, tan2026, askell2019, bova2024


def test_lacroix_gradient_is_the_payoff_difference():
    game = Lacroix2022(N=7, n_star=4, r=0.8, c=0.15, m=2)
    x = 0.37
    gain = 0.0
    for others in range(7):
        weight = math.comb(6, others) * x**others * (1 - x) ** (6 - others)
        lost = [game.r * game.m * (cooperators < 4) for cooperators in (others, others + 1)]
        gain += weight * (lost[0] - lost[1] - game.c)
    assert game.gradient(x) == pytest.approx(gain, abs=1e-12)
    table = game.game()
    assert table.payoff[(2, *([0] * 4), 1, 1, 1)] == -game.c
    assert table.payoff[(6, *([0] * 3), 1, 1, 1, 1)] == pytest.approx(-1.6)


@pytest.mark.parametrize(
    ("case", "stable", "ends"),
    [
        ({}, [False, True], (True, False)),
        ({"n_star": 1}, [True], (False, False)),
        ({"n_star": 6}, [False], (True, True)),
        ({"r": 0.1}, [], (True, False)),
        ({"c": 0}, [], (False, True)),
        ({"c": 0, "r": 0}, [], (False, False)),
        ({"N": 1000, "n_star": 500, "c": 1e-3}, [False, True], (True, False)),
    ],
)
def test_lacroix_rest_points(case, stable, ends):
    game = Lacroix2022(**case)
    results = game.results()
    assert [root["stable"] for root in results["roots"]] == stable
    assert (results["boundary"]["0"], results["boundary"]["1"]) == ends
    for root in results["roots"]:
        slope = game.gradient(root["x"] + 1e-6) - game.gradient(root["x"] - 1e-6)
        assert (slope < 0) == root["stable"]


@pytest.mark.parametrize("case", [{}, {"D": 0}, {"D": 0, "S": 0.4}, {"I": 0}, {"pi": 1}])
def test_tan_equilibria_are_those_of_the_normal_form(case):
    for prize in (0.5, 2, 5, 20):
        game = Tan2026(**case, V=prize)
        payoff = game.game().payoff[0]
        pure = {
            (a, b)
            for a, b in product((0, 1), repeat=2)
            if payoff[a, b] >= payoff[1 - a, b] and payoff[b, a] >= payoff[1 - b, a]
        }
        named = {
            "both deploy": {(0, 0)},
            "both wait": {(1, 1)},
            "both deploy, or both wait": {(0, 0), (1, 1)},
            "one deploys, the other follows": {(0, 1), (1, 0)},
        }[game.results()["equilibria"]]
        assert pure == named, (case, prize)


def test_tan_thresholds_are_roots_of_the_payoffs():
    game = Tan2026()
    results = game.results()
    leader, follower = game.payoffs(results["preempt"])
    assert leader == pytest.approx(follower)
    assert game.payoffs(results["individual"])[0] == pytest.approx(0, abs=1e-12)
    assert sum(game.payoffs(results["social"])) == pytest.approx(0, abs=1e-12)
    assert solve("tan2026", D=0, S=0.4)["suicide_region"] == {"low": None, "high": None, "width": 0.0}


def test_askell_beliefs_are_those_at_which_cooperation_pays():
    generator = np.random.default_rng(5)
    for _ in range(200):
        R, S, T, P = generator.integers(0, 4, 4).astype(float)
        interval = solve("askell2019", R=R, S=S, T=T, P=P)["beliefs"]["interval"]
        for belief in np.linspace(0, 1, 101):
            gain = belief * (R - T) + (1 - belief) * (S - P)
            if abs(gain) > 1e-9:
                assert (gain > 0) == (interval is not None and interval[0] <= belief <= interval[1])


def test_askell_of_any_game_from_both_sides():
    game = Game.of_two([[3, 0], [2, 1]], [[5, 1], [0, 2]], [("care", "rush"), ("slow", "fast")])
    first = Askell2019.of(game, "row", "care", "slow")
    second = Askell2019.of(game, "column", "slow", "care")
    assert (first.R, first.S, first.T, first.P) == (3, 0, 2, 1)
    assert (second.R, second.S, second.T, second.P) == (5, 0, 1, 2)
    with pytest.raises(InputError, match="two strategies each"):
        Askell2019.of(Game.symmetric(np.eye(3)), "row", "0")


def test_bova2024_by_simulation():
    game = Bova2024(r=0.7, y=3.0, tau=2.0)
    estimates = game.simulate(200_000, np.random.default_rng(11))
    results = game.results()
    for sample, value in ((estimates, results["mean_estimate"]), (estimates >= 2.0, results["detection_probability"])):
        assert abs(sample.mean() - value) < 4 * sample.std() / math.sqrt(len(sample))
    assert solve("bova2024", r=0)["bias"] == -1
    assert solve("bova2024", r=0)["missed"] == 1


def test_every_root_finds_close_pairs_and_touching_ones():
    assert every_root(lambda x: (x - 0.5) ** 2, 0, 1, 100) == pytest.approx([0.5], abs=1e-7)
    assert every_root(lambda x: (x - 0.5) * (x - 0.5003), 0, 1, 100) == pytest.approx([0.5, 0.5003], abs=1e-9)
    assert every_root(lambda x: x * x + 1, 0, 1) == []
    assert every_root(lambda x: x, 0, 1) == [0]
