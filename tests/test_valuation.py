"""Payoffs put together from their parts are those that are simulated, whatever nations want."""

import numpy as np
import pytest

from race_sim import Scenario
from race_sim.nations.policy_games import simulate_profiles
from race_sim.nations.valuation import VALUES, payoff_parts
from race_sim.runs.sampling import Sampling

PROFILES = [("race", "race"), ("treaty", "covert_defection"), ("unilateral_slowdown", "race")]


@pytest.fixture(scope="module")
def scenario():
    return Scenario.load("us-china-2026").replace({"cooperation.penalty": 3.0, "prize.threshold": 5.0})


@pytest.fixture(scope="module")
def parts(scenario):
    return payoff_parts(scenario, PROFILES, 40, 6)


@pytest.mark.parametrize(
    "values", [(600.0, 0.2, 20.0, 0.6), (1e5, 0.0, 0.0, 1.0), (20.0, 2.0, 500.0, 0.0), (0.0, 1.0, 7.0, 0.3)]
)
def test_parts_add_up_to_what_is_simulated(scenario, parts, values):
    shared = dict(zip(VALUES, values, strict=True)) | {f"nations.{n}.catastrophe_cost": None for n in ("us", "china")}
    direct = simulate_profiles(scenario.replace(shared), PROFILES, Sampling(40, 6)).payoffs
    assert np.allclose(parts.payoffs(*values), direct, rtol=1e-10, atol=1e-8)
    assert np.allclose(parts.mean_payoffs(*values)[0], direct.mean(axis=0), rtol=1e-10, atol=1e-8)


def test_parts_are_what_their_names_say(parts):
    assert (parts.catastrophe >= -1e-12).all()
    assert (parts.catastrophe < 1).all()
    assert (parts.lead >= -1e-9).all()
    assert np.allclose(parts.won.sum(axis=1), parts.shared[:, 0], atol=1e-9), "somebody wins what is shared"
    assert np.allclose(parts.shared[:, 0], parts.shared[:, 1]), "a line that is crossed is crossed for all"
    assert parts.shared.max() <= 1


def test_many_points_at_once(parts):
    cost = np.array([100.0, 1000.0, 5000.0])
    many = parts.mean_payoffs(cost, 0.2, 20.0, np.array([0.0, 0.5, 1.0]))
    assert many.shape == (3, 2, 3)
    assert np.allclose(many[1], parts.payoffs(1000.0, 0.2, 20.0, 0.5).mean(axis=0))
