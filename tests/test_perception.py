"""The belief about the risk at which a nation slows down: closed form, flip of the game, intervals."""

import math
from itertools import product

import numpy as np
import pytest

from race_sim import InputError, Scenario, perception_thresholds, policy_game
from race_sim.nations import perception
from race_sim.nations.perception import PAIR, Quotient, _played

RISKY = {"incidents.mishap_hazard": 0.03}
DEAR = {"nation.catastrophe_cost": 3000.0}


def test_the_threshold_is_where_the_policy_game_flips(verified):
    scenario = Scenario.load("us-china-2026").replace(
        {**RISKY, "nations.us.catastrophe_cost": 3000.0, "nations.china.catastrophe_cost": 3000.0}
    )
    missed = 0
    for threshold in perception_thresholds(scenario, runs=60, seed=3):
        value = threshold.perception.value
        assert value == pytest.approx(threshold.price.mean / threshold.saved.mean)
        assert threshold.saved.mean > 0.0
        for belief in (0.999 * value, 1.001 * value):
            believing = scenario.replace({f"nations.{threshold.nation}.risk_perception": max(0.0, belief)})
            game = policy_game(believing, PAIR, runs=60, seed=3, controlled=False)
            n = game.players.index(threshold.nation)
            at = [PAIR.index(threshold.others)] * 2
            worth = []
            for own in (0, 1):
                at[n] = own
                worth.append(game.payoff[(n, *at)])
            if belief >= 0.0:
                missed += int(worth[1] > worth[0]) != threshold.chooses(belief)
    verified("25 perceptions .1 % beside a threshold where the policy game says otherwise", missed, at_most=0)


def test_at_the_break_even_cost_both_policies_are_worth_the_same():
    scenario = Scenario.load("duopoly").replace({**RISKY, **DEAR})
    first = perception_thresholds(scenario, runs=40, seed=1)[0]
    there = scenario.replace({"nation.catastrophe_cost": first.break_even_cost.value})
    game = policy_game(there, PAIR, runs=40, seed=1, controlled=False)
    assert game.payoff[0, 0, 0] == pytest.approx(game.payoff[0, 1, 0], rel=1e-9, abs=1e-8)
    dear = perception_thresholds(scenario.replace({"nation.catastrophe_cost": 30000.0}), runs=40, seed=1)[0]
    assert dear.break_even_cost.value == pytest.approx(first.break_even_cost.value, rel=1e-9)
    assert dear.perception.value == pytest.approx(0.1 * first.perception.value, rel=1e-9)


def test_each_profile_runs_once_and_what_does_not_fit_is_refused(monkeypatch):
    played = []
    monkeypatch.setattr(perception, "_played", lambda *given: played.append(given[2]) or _played(*given))
    assert len(perception_thresholds("duopoly", runs=2)) == 4
    assert sorted(played) == sorted(product(PAIR, PAIR))
    with pytest.raises(InputError, match="runs"):
        perception_thresholds("duopoly", runs=10**11)


def test_quotients_by_hand_and_without_a_divisor():
    count = np.arange(1.0, 11.0)
    one = Quotient.of(2.0 * count, count)
    assert (one.value, one.low, one.high) == pytest.approx((2.0, 2.0, 2.0))
    assert [type(number) for number in (one.value, one.low, one.high)] == [float] * 3  # as they are printed
    none = Quotient.of(np.array([1.0, 1.1, 0.9]), np.array([1.0, -1.0, 0.1]))
    assert (none.low, none.high) == (-math.inf, math.inf)


def test_fieller_intervals_hold_the_truth():
    random = np.random.default_rng(8)
    held = 0
    for _ in range(2000):
        divisor = random.normal(1.0, 2.0, 60)
        dividend = 0.7 * divisor + random.normal(0.0, 1.0, 60)
        one = Quotient.of(dividend, divisor)
        held += one.low <= 0.7 <= one.high
    assert abs(held / 2000 - 0.95) < 4 * math.sqrt(0.95 * 0.05 / 2000)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"policies": ["race"]}, "policies: must be two different policies, got ['race']"),
        ({"policies": ["race", "race"]}, "policies: must be two different policies"),
        ({"policies": ["race", "slow"]}, "policies: no policy 'slow'"),
        ({"runs": 1}, "runs: "),
    ],
)
def test_bad_input_is_one_line(arguments, message):
    with pytest.raises(InputError) as caught:
        perception_thresholds("duopoly", **arguments)
    assert message in str(caught.value)
    assert "\n" not in str(caught.value)
