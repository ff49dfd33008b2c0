"""How far the shipped rule is from a dynamic best reply, in payoff and in risk: two labs, one of which plans ahead.

The lab that plans keeps to a rule of feedback, a share for each two years plus slopes on its own gap and on its lead,
which is optimised for its payoff on some runs, against a rival that plays best responses, and measured on others. That
is the least that a dynamic best reply gains; delays before release stay.
"""

import numpy as np
import pytest
from scipy.optimize import minimize

from race_sim.kernels.compile import jit
from race_sim.kernels.period import run_period
from race_sim.kernels.run import run_block
from race_sim.runs.records import Records, build
from race_sim.scenario.scenario import Scenario

SPANS, YEARS = 5, 2.0
SCENARIO = Scenario.load("duopoly").replace({"release.longest": 0.0})
LARGEST_GAIN = 0.03
Policy = np.ndarray


@jit
def run_reply(labs, nations, worlds, parameters, policy):
    """Every run to its end, the first lab by a rule of feedback, whose last two numbers are its slopes."""
    for r in range(len(worlds)):
        world = worlds[r]
        while world.alive == 1 and world.period < world.periods:
            first, other = labs[r, 0], labs[r, 1]
            span = min(int(world.period * world.dt / YEARS), SPANS - 1)
            gap, lead = first.capability - first.assurance, first.capability - other.capability
            share = policy[span] + policy[SPANS] * (gap - 1.0) + policy[SPANS + 1] * lead
            first.chosen = min(max(share, 0.0), 0.95)
            run_period(labs[r], nations[r], world, parameters[r])


def replied(policy: Policy, runs: np.ndarray) -> Records:
    """Runs in which the first lab keeps to a rule of feedback."""
    records = build(SCENARIO.replace({"labs.east_lab.rule": "fixed"}), 21, runs)
    run_reply(*records, policy)
    return records


def best_reply(runs: np.ndarray, start: float) -> Policy:
    """The rule of feedback with the largest mean payoff on some runs."""
    begin = np.array([start] * SPANS + [0.0, 0.0])
    found = minimize(lambda policy: -replied(policy, runs).labs["payoff"][:, 0].mean(), begin, method="Powell",
                     options={"maxfev": 350, "xtol": 1e-3, "ftol": 1e-6})  # fmt: skip
    return np.asarray(found.x)


@pytest.mark.parametrize(("fitted", "measured"), [pytest.param(300, 6000, marks=pytest.mark.long)])
def test_a_dynamic_reply_gains_little_more_than_the_rule(fitted, measured, verified):
    usual = build(SCENARIO, 21, np.arange(10_000, 10_000 + measured))
    run_block(*usual)
    start = float((usual.labs["share_time"][:, 0] / usual.worlds["time_alive"]).mean())
    reply = replied(best_reply(np.arange(fitted), start), np.arange(10_000, 10_000 + measured))
    one, two = reply.labs["payoff"][:, 0], usual.labs["payoff"][:, 0]
    gain = one.mean() / two.mean() - 1.0
    error = (one - (1.0 + gain) * two).std(ddof=1) / np.sqrt(measured) / two.mean()
    risk, before = (one.worlds["catastrophe"].mean() for one in (reply, usual))
    print(f"\ngain of a dynamic reply {100 * gain:+.2f} +- {100 * error:.2f} % of the payoff; risk {before:.5f} -> "
          f"{risk:.5f} ({100 * (risk / before - 1):+.0f} %)")  # fmt: skip
    assert error < LARGEST_GAIN / 4.0
    verified("29 gain of a dynamic reply of one lab of two over the shipped rule", gain, at_most=LARGEST_GAIN)
    verified(f"29 risk beside it over that of the rule ({before:.5f} to {risk:.5f})", risk / before, 0.2, 5.0)
