"""What plans foresee, against what happens; what labs and nations believe of the risk; the ceiling of the hazard."""

import numpy as np
import pytest

from race_sim import InputError, Scenario, simulate
from race_sim.kernels.laws import NO_CEILING
from race_sim.kernels.outlook import prospect
from race_sim.kernels.run import run_block
from race_sim.kernels.stage_game import freeze, look
from race_sim.nations.policy_games import simulate_profiles
from race_sim.runs.outcomes import perceived_payoff
from race_sim.runs.records import Records, build
from race_sim.runs.sampling import Sampling

HORIZON = 4.0
STILL = {  # growth is steady: nothing breaks through, ideas do not harden, shares stay
    "breakthrough.rate": 0.0, "capability.idea_difficulty": 0.0, "incidents.mishap_hazard": 0.0, "lab.rule": "fixed",
    "lab.planning_horizon": HORIZON, "time.horizon": HORIZON, "time.periods_per_year": 400, "prize.threshold": 1000.0,
}  # fmt: skip
OFF = {"capability.absorption": 0.0, "incidents.hazard_ceiling": NO_CEILING, "lab.foresight": 0.0, "lab.doubt": 0.0}


def planned_and_realised(scenario: Scenario) -> tuple[Records, Records]:
    """One run's records with the outlook formed at the start, and at the end of the planning horizon."""
    plan, end = build(scenario, 0, np.arange(1)), build(scenario, 0, np.arange(1))
    state = plan.labs[0], plan.nations[0], plan.worlds[0], plan.parameters[0]
    freeze(*state)
    look(plan.labs[0]["share"].copy(), *state)
    run_block(*end)
    return plan, end


@pytest.mark.parametrize("foresight", [0.0, 1.0])
def test_plans_with_foresight_are_exact_for_labs_behind_a_steady_leader(foresight):
    scenario = Scenario.load("us-china-2026-point-v1").replace({**STILL, "lab.foresight": foresight})
    plan, end = planned_and_realised(scenario)
    miss = end.labs["capability"][0] - plan.labs["outlook_deployed"][0]
    print(f"\nforesight {foresight:g}: capability after {HORIZON:g} years less what was planned, OOM: {miss.round(3)}")
    if foresight:
        assert np.abs(miss).max() < 0.01  # of the order of the period
    else:
        assert miss.min() > 1.0


def test_a_lone_lab_foresees_its_own_growth():
    lone = {"base": "duopoly-v1", "nations": {"east": {"policy": "race"}},
            "labs": {"east_lab": {"nation": "east", "capability": 0.0, "resources": 1.0}}}  # fmt: skip
    plan, end = planned_and_realised(Scenario.from_dict(lone).replace({**STILL, "lab.foresight": 1.0}))
    assert plan.labs["outlook_deployed"][0] == pytest.approx(end.labs["capability"][0], rel=1e-9)


def test_foreseen_assurance_is_closer_to_what_is_gained():
    """Alignment hardens as capability grows by 3 to 4 OOM: plans that hold it still promise too much."""
    base = Scenario.load("us-china-2026-point-v1").replace(
        {**STILL, "lab.initial_share": 0.02, "assurance.difficulty": 0.1}
    )
    misses = []
    for foresight in (0.0, 1.0):
        scenario = base.replace({"lab.foresight": foresight})
        plan, end = planned_and_realised(scenario)
        state = plan.labs[0], plan.nations[0], plan.worlds[0], plan.parameters[0]
        q = prospect(0, *state)
        gained = q.lift_per_care * (state[0][0]["safety_work"] + q.spill) ** scenario.assurance.elasticity
        misses.append(gained - (end.labs["assurance"][0, 0] - plan.labs["assurance"][0, 0]))
    print(f"\nassurance planned less gained, OOM: {misses[0]:.3f} without foresight, {misses[1]:.3f} with it")
    assert misses[0] > 0.3
    assert abs(misses[1]) < 0.01


def test_neutral_values_are_those_without_the_law():
    scenario = Scenario.load("us-china-2026-v1")
    assert {path: value for path, value in OFF.items() if scenario.replace({path: value}) == scenario} == OFF
    costs = {f"nations.{name}.catastrophe_cost": 600.0 for name in scenario.nation_names}
    one, two = simulate(scenario, 20, 3), simulate(scenario.replace(costs), 20, 3)
    assert all(one[name].equals(two[name]) for name in one.data_vars)


def test_hazards_of_all_labs_stay_below_the_ceiling(verified):
    wild = {"incidents.mishap_hazard": 5.0, "incidents.gap_sensitivity": 2.0, "incidents.catastrophe_probability": 0.0}
    for ceiling in (0.05, 0.8):
        data = simulate(
            Scenario.load("us-china-2026-v1").replace({**wild, "incidents.hazard_ceiling": ceiling}),
            20,
            1,
            trajectories=True,
        )
        total = data["lab_hazard_path"].sum("lab").values
        verified(f"23 largest hazard of all labs over a ceiling of {ceiling:g}", total.max() / ceiling, 0.9, 1 + 1e-12)


@pytest.mark.parametrize("policies", [("race", "race"), ("treaty", "covert_defection")])
def test_a_perceived_payoff_is_that_at_another_cost(policies, verified):
    """At a perception of c, payoffs are those at cost x c: no new run is needed."""
    played = {f"nations.{name}.policy": policy for name, policy in zip(("us", "china"), policies, strict=True)}
    base = Scenario.load("us-china-2026-v1").replace({**played, "nations.us.catastrophe_cost": 5000.0})
    believed = base.replace({"nations.us.risk_perception": 0.18, "nations.china.risk_perception": 2.0})
    records = [build(one, 2, np.arange(60)) for one in (base, believed)]
    for one in records:
        run_block(*one)
    assert records[0].nations["payoff"].tobytes() == records[1].nations["payoff"].tobytes()
    cheaper = base.replace({"nations.us.catastrophe_cost": 900.0, "nations.china.catastrophe_cost": 1200.0})
    there = build(cheaper, 2, np.arange(60))
    run_block(*there)
    apart = np.abs(perceived_payoff(records[1]) / there.nations["payoff"] - 1.0).max()
    verified(f"24 perceived payoff against that at another cost, {policies[1]}: error", apart, at_most=1e-12)
    assert perceived_payoff(records[0]).tobytes() == records[0].nations["payoff"].tobytes()


def test_nations_choose_by_what_they_perceive():
    base, profiles = Scenario.load("us-china-2026-v1"), [("race", "race")]
    paid = [
        simulate_profiles(base.replace({"nations.us.risk_perception": perception}), profiles, Sampling(20)).payoffs
        for perception in (1.0, 0.0)
    ]
    assert (paid[1][:, 0] > paid[0][:, 0]).all()
    assert (paid[1][:, 1] == paid[0][:, 1]).all()


def test_a_lab_that_believes_in_less_risk_cares_less():
    base = Scenario.load("us-china-2026-v1").replace(
        {"lab.catastrophe_stake": 600.0, "incidents.catastrophe_probability": 0.2}
    )
    blind = base.replace({f"labs.{name}.risk_perception": 0.03 for name in base.lab_names})
    shares = [simulate(scenario, 100, 1)["safety_share"].mean().item() for scenario in (base, blind)]
    assert shares[1] < shares[0] - 0.02


def test_a_parameter_that_was_replaced_is_refused_with_what_replaced_it():
    text = Scenario.load("us-china-2026-point-v1").to_toml()
    old = text.replace("benchmark_wear = 0.03", "validity_decay = 0.07")
    with pytest.raises(InputError, match=r"cooperation.validity_decay: replaced by market.wear and cooperation.benchm"):
        Scenario.from_toml(old)
    with pytest.raises(InputError, match=r"cooperation.validity_decay: replaced by .*, got 0.1$"):
        Scenario.load("duopoly-v1").replace({"cooperation.validity_decay": 0.1})
    kept = Scenario.from_kept(old)
    assert (kept.market.wear, kept.cooperation.benchmark_wear) == (0.07, 0.07)
    assert Scenario.from_kept(text) == Scenario.from_toml(text)
