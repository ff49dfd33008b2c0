"""Blind re-implementations against their own definitions: best replies, stationary payoffs, closed forms, limits."""

from types import ModuleType

import mpmath
import numpy as np
import pytest
from mpmath import mp, mpf

from tests.published import askell2019, bova2024, jensen2023, kwa2026, lacroix2022, naude2020, spt, tan2026


def draws(game: ModuleType, number: int, seed: int = 20230222):
    random = np.random.default_rng(seed)
    for _ in range(number):
        parameters = game.sample(random)
        yield parameters, game.results(**parameters)


def test_jensen_the_payoff_is_stationary_at_the_selected_root():
    solved = 0
    for parameters, answer in draws(jensen2023, 25):
        if not answer["exists"] or parameters["n"] > 20:
            continue
        solved += 1
        # A derivative is compared with the price of the input. The inputs are not rounded to floats: where X_p is next
        # to nothing its price is the difference of two much larger returns, and rounding would be magnified.
        long = jensen2023.exact(**parameters)
        slopes = jensen2023.gradient(long["X_s"], long["X_p"], **parameters)
        assert max(abs(slope) for slope in slopes) < 1e-13 * parameters["r"], parameters
    assert solved > 12


def jensen_best_deviation(r: float) -> tuple[float, float]:
    """The payoff at the upper root and the largest one over a grid of a lab's own inputs, to 30 times the root's."""
    answer = jensen2023.results(r=r)
    here = jensen2023.payoff(answer["X_s"], answer["X_p"], answer["X_s"], answer["X_p"], r=r)
    factors = np.concatenate([[0], np.geomspace(1e-3, 30, 60)])
    safety, performance = answer["X_s"] * factors[:, None], answer["X_p"] * factors[None, :]
    own, other = safety / (1 + safety), answer["X_s"] / (1 + answer["X_s"])
    payoffs = own * other * performance / (performance + answer["X_p"]) - r * (safety + performance)
    return float(here), float(payoffs.max())


def test_jensen_the_upper_root_is_a_best_reply_where_staying_in_pays():
    """At n = 2 with all else at its default the payoff at the root is positive iff r < 1/16.

    Above that and up to 2/27 the first-order conditions still hold, but a lab does better with no effort at all, which
    pays 0: the interior root is stationary and no equilibrium.
    """
    for r in (0.01, 0.05, 0.0624):
        here, best = jensen_best_deviation(r)
        assert here > 0
        assert best <= here * (1 + 1e-12)
    here, best = jensen_best_deviation(0.07)
    assert here < 0
    assert best == 0


def test_jensen_threshold_separates():
    for parameters, answer in draws(jensen2023, 30, seed=3):
        threshold = answer["price_threshold"]
        if threshold is None:
            assert answer["exists"], parameters
        else:
            assert jensen2023.results(**{**parameters, "r": threshold * (1 - 1e-3)})["exists"]
            assert not jensen2023.results(**{**parameters, "r": threshold * (1 + 1e-3)})["exists"]


def test_jensen_direction_in_the_price():
    for parameters, _ in draws(jensen2023, 30, seed=4):
        answer = jensen2023.exact(**parameters)
        dearer = jensen2023.exact(**{**parameters, "r": parameters["r"] * (1 + 1e-6)})
        if answer["exists"] and dearer["exists"]:
            assert (dearer["safety"] < answer["safety"]) == answer["safety_falls_with_price"], parameters


def test_spt_the_equilibrium_is_a_best_reply():
    for parameters, answer in draws(spt, 20):
        game = (parameters["contest"], parameters["sigma"], parameters["k"])
        x = answer["x"]
        own = np.linspace(1e-6, 1 if game[1] == "linear" else 20, 400)
        best = max(float(spt.payoff(value, x, *game)) for value in own)
        assert best <= float(spt.payoff(x, x, *game)) * (1 + 1e-14), parameters
    with pytest.raises(ValueError, match="stationary"):
        spt.results("logistic", "exponential", 1.0)


def test_naude_every_effort_is_a_best_reply():
    for parameters, answer in draws(naude2020, 30):
        if len(parameters["b"]) > 10:
            continue
        for lab, effort in enumerate(answer["x"]):
            here = naude2020.payoff(effort, lab, answer["x"], **parameters) if answer["x"] != [0.0] else 0.0
            for other in (effort + parameters["v"]) * np.geomspace(1e-6, 1, 60):
                assert naude2020.payoff(other, lab, answer["x"], **parameters) <= here + 1e-12 * parameters["v"]
        assert sum(answer["success"]) + answer["none_succeeds"] == pytest.approx(1, abs=1e-14)


def test_naude_closed_form():
    """Y = [(k - 1) + sqrt((k - 1)^2 + 4 S d)] / (2 S) over the active labs: so Y contains d."""
    for parameters, answer in draws(naude2020, 40):
        worth = [parameters["v"] * b for b, active in zip(parameters["b"], answer["active"], strict=True) if active]
        if not worth:
            assert answer["Y"] == parameters["d"]
            continue
        total, others = sum(1 / value for value in worth), len(worth) - 1
        closed = (others + (others**2 + 4 * total * parameters["d"]) ** 0.5) / (2 * total)
        assert answer["Y"] == pytest.approx(closed, rel=1e-12)


def test_askell_beliefs_by_enumeration():
    for parameters, answer in draws(askell2019, 300):
        R, S, T, P = (parameters[name] for name in "RSTP")
        beliefs, interval = np.linspace(0, 1, 1001), answer["beliefs"]["interval"]
        cooperates = beliefs * (R - T) + (1 - beliefs) * (S - P) >= 0
        low, high = interval if interval is not None else (2.0, -1.0)
        clear = (abs(beliefs - low) > 1e-9) & (abs(beliefs - high) > 1e-9)
        assert ((beliefs >= low) & (beliefs <= high))[clear].tolist() == cooperates[clear].tolist(), parameters


def test_lacroix_two_ways():
    with mp.workdps(50):
        for parameters, _ in draws(lacroix2022, 60):
            N, n_star = parameters["N"], parameters["n_star"]
            game = (N, n_star, *(mpf(parameters[name]) for name in "rcm"))
            x = mpf("0.37")
            terms = lacroix2022.gradient(x, *game), lacroix2022.closed_gradient(x, *game)
            assert abs(terms[0] - terms[1]) < mpf(10) ** -40
            if N <= 8:
                pair = lacroix2022.polynomial_roots(*game), lacroix2022.bisected_roots(*game)
                assert len(pair[0]) == len(pair[1])
                assert all(abs(a - b) < mpf(10) ** -25 for a, b in zip(*pair, strict=True))


def test_tan_signs_on_either_side_of_each_threshold():
    for parameters, answer in draws(tan2026, 50):
        for name in ("preempt", "individual", "social"):
            if answer[name] > 0:
                assert tan2026.at(answer[name] * (1 + 1e-9), **parameters)[name]
                assert not tan2026.at(answer[name] * (1 - 1e-9), **parameters)[name]


def test_kwa_one_equilibrium_that_satisfies_the_condition():
    """n [a (1 - s) + s] (1 - s) = w (n - 1) s (k s^a + 1 - s), the derivative worked out by hand."""
    for parameters, answer in draws(kwa2026, 20):
        n, k, a, w = (parameters[name] for name in ("n", "k", "a", "w"))
        assert answer["exists"]
        assert len(answer["roots"]) == 1
        s = mpf(answer["s"])
        left = n * (a * (1 - s) + s) * (1 - s)
        right = w * (n - 1) * s * (k * s**a + 1 - s)
        # s is rounded to a float: 1 - s keeps an absolute error of 1e-16.
        assert abs(left / right - 1) < 1e-12 + 1e-15 / (1 - answer["s"]), parameters


def test_bova_the_mean_by_simulation():
    """The most severe finding of a Poisson process on [0, y]: its distance below y is exponential, cut at y."""
    r, y, tau = 1.3, 2.0, 1.2
    estimates = np.maximum(y - np.random.default_rng(7).exponential(1 / r, 400_000), 0)
    answer = bova2024.results(r, y, tau)
    z_mean = (estimates.mean() - answer["mean_estimate"]) / (estimates.std() / len(estimates) ** 0.5)
    share = answer["detection_probability"]
    z_share = ((estimates >= tau).mean() - share) / (share * (1 - share) / len(estimates)) ** 0.5
    assert abs(z_mean) < 4
    assert abs(z_share) < 4
    assert answer["missed"] == pytest.approx(float(mpmath.exp(-r * (y - tau))), rel=1e-14)
