"""Every law by hand, its limits, and the objective against a transcription of the text."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from race_sim.kernels import laws
from race_sim.kernels.objective import objective, reach
from tests.states import decision_problems


def test_by_hand():
    assert laws.power10(2.0) == pytest.approx(100.0, rel=1e-14)
    assert laws.relax(0.2, 1.0, 0.5, 0.1) == pytest.approx(0.24)
    assert laws.relax(0.2, 1.0, 30.0, 0.1) == 1.0
    assert laws.probability_within(0.19, 0.5) == pytest.approx(0.1)
    assert laws.share_in_use(0.1, 0.3) == 0.3
    assert laws.share_in_use(0.99, 0.3) == 0.95
    assert laws.resources(0.5, 2.0, 0.25, 0.5) == pytest.approx(0.5)
    assert laws.effort(0.1, 2.0, 0.25, 0.4) == pytest.approx(1.62)
    assert laws.capability_growth(0.5, 2.0, 1.0, 0.5) == pytest.approx(0.05)
    assert laws.diffusion(1.0, 3.0, 2.0, 0.3, 0.1) == pytest.approx(0.7)
    assert laws.diffusion(3.0, 3.0, 2.0, 0.3, 0.1) == 0.0
    # own 1, at home 3 more, abroad 4; then a quarter of the way from 0.1 to 0.5 for partners' 4
    assert laws.spillover(1.0, 4.0, 8.0, 4.0, 0.5, 0.1, 0.0) == pytest.approx(1.9)
    assert laws.spillover(1.0, 4.0, 8.0, 8.0, 0.5, 0.1, 0.25) == pytest.approx(2.3)
    assert laws.assurance_growth(4.0, 1.0, 1.5, 0.5, 1.0) == pytest.approx(0.3)
    assert laws.breakthrough_probability(2.0, 0.5, 0.1) == pytest.approx(1 - math.exp(-0.1))
    assert laws.drained(1.0, 2.0, 0.5, 0.4) == pytest.approx(0.9)
    assert laws.drained(1.0, 0.1, 0.5, 0.4) == 0.0
    assert laws.drained(1.0, 0.0, 0.5, 0.4) == 1.0
    assert laws.reliability(2.0, 0.4, 0.5, 0.1) == pytest.approx(0.5)
    assert laws.reliability(9.0, 0.4, 0.0, 0.1) == 0.0
    assert laws.reliability(-5.0, 0.4, 0.0, 0.1) == pytest.approx(0.4)
    assert laws.perceived_quality(3.0, 2.0, 0.5, 0.6) == pytest.approx(2.4)
    assert laws.pull(2.0, 1.0, 0.5, 1.0) == pytest.approx(5.0)
    assert laws.market_value(2.0, 0.5, 3.0, 0.5) == pytest.approx(15.0)
    assert laws.gap_risk(2.0, 0.5) == pytest.approx(9.0)
    assert laws.mishap_hazard(0.5, 9.0, 0.01) == pytest.approx(0.045)
    assert laws.severity(2.0, 0.01, 0.5) == pytest.approx(0.1)
    assert laws.severity(9.0, 0.01, 0.5) == 1.0
    assert laws.event_probability(2.0, 0.5) == pytest.approx(1 - math.exp(-1))
    assert laws.ordinary_probability(0.5, 0.2) == pytest.approx(0.4 / 0.9)
    assert laws.ordinary_probability(1.0, 1.0) == 0.0
    assert laws.discount_factor(0.05, 10.0) == pytest.approx(math.exp(-0.5))
    assert reach(4.0, 0.0) == 4.0
    assert reach(4.0, 0.3) == pytest.approx((1 - math.exp(-1.2)) / 0.3)
    assert reach(4.0, 1e-12) == pytest.approx(4.0)


def test_shares_of_a_market_without_trust_are_those_of_equal_trust():
    pulls = [laws.pull(z, 2.0, 0.0, 1.0) for z in (1.0, 2.0)]
    assert pulls[1] / pulls[0] == pytest.approx(10.0)
    assert sum(pulls) > 0.0


@settings(derandomize=True)
@given(st.floats(-1e6, 1e6))
def test_power10_is_finite_and_positive(x):
    assert 0.0 < laws.power10(x) < 1e101


@settings(max_examples=200, derandomize=True)
@given(st.floats(0, 1), st.floats(0, 1))
def test_an_estimator_and_the_other_have_the_same_mishaps(mishap, catastrophe):
    """p (1 - c) = (1 - p c) x the ordinary probability: section 3.5."""
    alive = 1.0 - mishap * catastrophe
    assert alive * laws.ordinary_probability(mishap, catastrophe) == pytest.approx(
        mishap * (1 - catastrophe), abs=1e-12
    )


LEVEL = st.floats(0.0, 10.0)
UNIT = st.floats(0.0, 1.0)


@settings(derandomize=True)
@given(st.tuples(UNIT, UNIT), st.tuples(LEVEL, LEVEL), LEVEL, LEVEL, UNIT)
def test_directions(units, levels, one, other, unit):
    """Which way every law goes, weakly, in the argument that its text names."""
    (less, more), (low, high) = sorted(units), sorted(levels)
    assert laws.resources(one, other, low, unit) <= laws.resources(one, other, high, unit)
    assert laws.effort(more, one, unit, unit) <= laws.effort(less, one, unit, unit)
    assert laws.effort(unit, one, unit, more) <= laws.effort(unit, one, unit, less)
    assert laws.capability_growth(one, high, other, unit) <= laws.capability_growth(one, low, other, unit)
    assert laws.diffusion(high, one, other, unit, unit) <= laws.diffusion(low, one, other, unit, unit)
    assert laws.assurance_growth(low, one, other, 0.5, unit) <= laws.assurance_growth(high, one, other, 0.5, unit)
    assert laws.assurance_growth(one, high, other, 0.5, unit) <= laws.assurance_growth(one, low, other, 0.5, unit)
    assert laws.breakthrough_probability(low, one, unit) <= laws.breakthrough_probability(high, one, unit) <= 1.0
    assert 0.0 <= laws.drained(high, one, unit, other) <= laws.drained(low, one, unit, other) <= 1.0
    assert 0.0 <= laws.reliability(high, unit, less, unit) <= laws.reliability(low, unit, less, unit) <= 1.0
    assert laws.reliability(one, unit, less, other) <= laws.reliability(one, unit, more, other) + 1e-15
    assert laws.perceived_quality(one, high, unit, other) <= laws.perceived_quality(one, low, unit, other)
    assert laws.pull(low, one, unit, other) <= laws.pull(high, one, unit, other)
    assert 0.0 <= laws.gap_risk(low, one) <= laws.gap_risk(high, one)
    assert laws.severity(low, unit, one) <= laws.severity(high, unit, one) <= 1.0
    assert laws.probability_within(less, unit) <= laws.probability_within(more, unit) <= 1.0
    assert 0.0 <= laws.event_probability(low, one) <= laws.event_probability(high, one) <= 1.0
    assert laws.discount_factor(unit, high) <= laws.discount_factor(unit, low) <= 1.0


@settings(derandomize=True)
@given(LEVEL, LEVEL, st.floats(0.0, 100.0), UNIT)
def test_relaxation_moves_towards_its_target_and_never_past_it(value, target, rate, dt):
    after = laws.relax(value, target, rate, dt)
    slack = 1e-14 * max(value, target)
    assert min(value, target) - slack <= after <= max(value, target) + slack


def transcribed(x, i, labs, nations, world, p):
    """J(x) from the text of MODEL.md, section 4, with sums over rivals written out."""
    horizon, lab = p["lab_planning_horizon"], labs[i]
    home = nations[lab["nation"]]
    damp = p["capability_diffusion_rate"]
    years = (1 - math.exp(-damp * horizon)) / damp if damp > 0 else horizon

    def projected(j, share):
        rival, nation = labs[j], nations[labs[j]["nation"]]
        effort = (1 - share) * rival["resources"] * (1 - p["regulation_burden"] * nation["regulation"])
        best = max(other["capability"] for other in labs)
        partners = [
            k for k in range(len(labs))
            if labs[k]["nation"] != rival["nation"] and nation["group"] > 0
            and nations[labs[k]["nation"]]["group"] == nation["group"]
        ]  # fmt: skip
        leaked = max([labs[k]["capability"] for k in partners], default=-math.inf)
        speed = (
            p["capability_growth_rate"] * nation["growth_multiplier"]
            * effort ** p["capability_effort_elasticity"]
            * 10 ** (-p["capability_idea_difficulty"] * rival["capability"])
            + damp * (best - rival["capability"])
            + p["cooperation_leak"] * nation["sharing"] * max(0.0, leaked - rival["capability"])
        )  # fmt: skip
        near, far = p["assurance_domestic_spillover"], p["assurance_foreign_spillover"]
        work = share * rival["resources"]
        for k in range(len(labs)):
            others = labs[k]["share"] * labs[k]["resources"]
            if k == j:
                continue
            if labs[k]["nation"] == rival["nation"]:
                work += near * others
            else:
                work += (far + (nation["sharing"] * (near - far) if k in partners else 0.0)) * others
        gain = (
            p["assurance_growth_rate"] * max(work, 0.0) ** p["assurance_elasticity"]
            * 10 ** (-p["assurance_difficulty"] * rival["capability"])
        )  # fmt: skip
        capability = rival["capability"] + speed * years
        assurance = min(capability, rival["assurance"] + horizon * gain)
        gap = capability - assurance
        reliability = p["market_measurement_reliability"]
        reliability += (1 - reliability) * nation["benchmarks"]
        reliability = max(0.0, reliability - p["cooperation_validity_decay"] * max(0.0, capability))
        quality = capability - p["market_safety_premium"] * reliability * gap
        risk = p["incidents_mishap_hazard"] * (10 ** (p["incidents_gap_sensitivity"] * gap) - 1)
        grave = p["incidents_catastrophe_probability"] * 10 ** (p["incidents_severity_growth"] * capability)
        return capability, quality, risk, min(1.0, grave)

    rows = [projected(j, x if j == i else labs[j]["share"]) for j in range(len(labs))]
    top = max(row[1] for row in rows)
    pulls = [
        lab["trust"] * 10 ** (p["market_selectivity"] * (row[1] - top)) for lab, row in zip(labs, rows, strict=True)
    ]
    shares = [pull / sum(pulls) for pull in pulls]
    hazards = [share * row[2] for share, row in zip(shares, rows, strict=True)]
    survival = math.exp(-horizon * sum(hazard * row[3] for hazard, row in zip(hazards, rows, strict=True)))
    trust = sum(share * lab["trust"] for share, lab in zip(shares, labs, strict=True))
    value = p["market_size"] * 10 ** (p["market_growth"] * max(row[0] for row in rows)) * trust
    own = hazards[i]
    others = sum(hazards) - own
    at_home = sum(h for h, lab in zip(hazards, labs, strict=True) if lab["nation"] == labs[i]["nation"])
    abroad = sum(hazards) - at_home
    fear = p["trust_mishap_loss"] * (own + p["trust_commons_share"] * others) + p["regulation_burden"] * p[
        "regulation_step"
    ] * (p["regulation_home_probability"] * at_home + p["regulation_abroad_probability"] * abroad)
    future = max(0.0, 1 - p["lab_anticipation"] * horizon * fear)
    revenue = value * shares[i]
    earned = horizon * (survival * revenue * future - p["lab_liability"] * revenue * own * (1 - rows[i][3]))
    assert home is not None
    return earned - (1 - survival) * p["lab_catastrophe_stake"]


def test_objective_is_the_text():
    random = np.random.default_rng(1)
    worst = 0.0
    for q, _, (labs, nations, world, p), i in decision_problems(1000):
        x = float(random.choice([0.0, 0.95, 0.95 * random.random()]))
        ours, text = objective(x, q, p)[0], transcribed(x, i, labs, nations, world, p)
        worst = max(worst, abs(ours - text) / max(1e-6, abs(text)))
    print(f"\nlargest relative difference on 1000 states: {worst:.1e}")
    assert worst < 1e-9


def test_derivative_of_the_objective():
    """Between the slopes to either side, which are next to equal but where a kink of J lies within the step."""
    random, smooth = np.random.default_rng(2), 0
    for q, _, (_, _, _, p), _ in decision_problems(1000):
        x, step = 0.01 + 0.9 * random.random(), 1e-6
        slope = objective(x, q, p)[1]
        below, here, above = (objective(x + d, q, p)[0] for d in (-step, 0.0, step))
        left, right = (here - below) / step, (above - here) / step
        size = max(abs(left), abs(right), abs(here))
        rounding = 1e-15 * (abs(here) + p["lab_catastrophe_stake"]) / step  # of differences, (1 - S') stake included
        slack = 1e-6 * size + rounding
        assert min(left, right) - slack <= slope <= max(left, right) + slack
        smooth += abs(left - right) < 1e-4 * size
    assert smooth > 900
