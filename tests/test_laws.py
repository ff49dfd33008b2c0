"""Every law by hand, its limits, and the objective against a transcription of the text."""

import inspect
import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from race_sim import Scenario
from race_sim.kernels import laws
from race_sim.kernels.laws import NO_CEILING
from race_sim.kernels.objective import objective
from tests.states import decision_problems, parameters
from tests.twins import START, C, lacking

pytestmark = pytest.mark.quick


def test_by_hand():
    assert laws.power10(2.0) == pytest.approx(100.0, rel=1e-14)
    assert laws.relax(0.2, 1.0, 0.5, 0.1) == pytest.approx(0.24)
    assert laws.relax(0.2, 1.0, 30.0, 0.1) == 1.0
    assert laws.probability_within(0.19, 0.5) == pytest.approx(0.1)
    assert laws.event_probability(2.0, 0.5) == pytest.approx(1 - math.exp(-1))
    assert laws.share_in_use(0.1, 0.3) == 0.3
    assert laws.share_in_use(0.99, 0.3) == 0.95
    assert laws.ordinary_probability(0.5, 0.2) == pytest.approx(0.4 / 0.9)
    assert laws.ordinary_probability(1.0, 1.0) == 0.0


def test_growth_by_hand():
    p = parameters(
        trust_investment_elasticity=0.5, regulation_burden=0.25, capability_effort_elasticity=0.5,
        capability_growth_rate=2.0, capability_idea_difficulty=0.5, capability_diffusion_rate=0.3, cooperation_leak=0.2,
        assurance_domestic_spillover=0.5, assurance_foreign_spillover=0.1, assurance_growth_rate=1.5,
        assurance_elasticity=0.5, assurance_difficulty=1.0, breakthrough_rate=0.5, breakthrough_talent_drain=0.5,
        breakthrough_investment_boost=0.4, lab_planning_horizon=4.0, nation_discount_rate=0.05,
    )  # fmt: skip
    assert laws.resources(0.5, 2.0, 0.25, p) == pytest.approx(0.5)
    assert laws.effort(0.1, 2.0, 0.4, p) == pytest.approx(1.62)
    assert laws.drive(0.25, p) == pytest.approx(0.5)
    assert laws.effort_of(0.5, p) == pytest.approx(0.25)
    assert laws.capability_growth(0.5, 2.0, 0.5, p) == pytest.approx(0.05)
    assert laws.diffusion(1.0, 3.0, 2.0, 0.5, p) == pytest.approx(0.7)
    assert laws.diffusion(3.0, 3.0, 2.0, 0.5, p) == 0.0
    # own 1, at home 3 more, abroad 4; then a quarter of the way from 0.1 to 0.5 for partners' 4
    assert laws.spillover(1.0, 4.0, 8.0, 4.0, 0.0, p) == pytest.approx(1.9)
    assert laws.spillover(1.0, 4.0, 8.0, 8.0, 0.25, p) == pytest.approx(2.3)
    assert laws.assurance_growth(4.0, 1.0, p) == pytest.approx(0.3)
    assert laws.lift_per_care(3.0, 1.0, p) * laws.care(4.0, p) == pytest.approx(0.9)
    assert laws.breakthrough_probability(2.0, 0.1, p) == pytest.approx(1 - math.exp(-0.1))
    assert laws.drained(1.0, 2.0, p) == pytest.approx(0.9)
    assert laws.drained(1.0, 0.1, p) == 0.0
    assert laws.drained(1.0, 0.0, p) == 1.0
    assert laws.discount_factor(10.0, p) == pytest.approx(math.exp(-0.5))
    assert laws.reach(p) == pytest.approx((1 - math.exp(-1.2)) / 0.3)
    assert laws.reach(parameters(lab_planning_horizon=4.0)) == 4.0
    slow = parameters(lab_planning_horizon=4.0, capability_diffusion_rate=1e-12)
    assert laws.reach(slow) == pytest.approx(4.0)


def test_market_and_incidents_by_hand():
    p = parameters(
        market_measurement_reliability=0.4, market_safety_premium=0.6, market_selectivity=1.0, market_size=3.0,
        market_growth=0.5, market_wear=0.1, cooperation_benchmark_wear=0.3, incidents_gap_sensitivity=0.5,
        incidents_mishap_hazard=0.01, incidents_hazard_ceiling=0.01,
        incidents_catastrophe_probability=0.01, incidents_severity_growth=0.5, trust_mishap_loss=0.2,
        trust_commons_share=0.5, regulation_home_probability=0.6, regulation_abroad_probability=0.3,
        regulation_step=0.4, lab_liability=3.0,
    )  # fmt: skip
    assert laws.visibility(0.5, p) == pytest.approx(0.7)
    assert laws.wear(0.5, p) == pytest.approx(0.2)
    assert laws.reliability(1.0, 0.7, 0.2, p) == pytest.approx(0.5)
    assert laws.reliability(3.5, 0.7, 0.2, p) == pytest.approx(0.05)  # 0 under benchmarks: worn, they hide nothing
    assert laws.reliability(9.0, 0.7, 0.2, p) == 0.0
    assert laws.reliability(-5.0, 0.4, 0.2, p) == pytest.approx(0.4)
    assert laws.reliability_kinks(0.7, 0.2, p) == pytest.approx((3.0, 4.0))
    assert laws.reliability_kinks(0.4, 0.1, p) == (math.inf, pytest.approx(4.0))
    assert laws.reliability_kinks(0.7, 0.05, p) == (math.inf, pytest.approx(14.0))  # benchmarks that wear more slowly
    assert laws.damping(9.0, p) == pytest.approx(0.1)
    assert laws.perceived_quality(3.0, 2.0, 0.5, p) == pytest.approx(2.4)
    assert laws.pull(2.0, 1.0, 0.5, p) == pytest.approx(5.0)
    assert laws.market_value(2.0, 0.5, p) == pytest.approx(15.0)
    assert laws.gap_risk(2.0, p) == pytest.approx(9.0)
    assert laws.mishap_hazard(0.5, 9.0, p) == pytest.approx(0.045)
    assert laws.severity(2.0, p) == pytest.approx(0.1)
    assert laws.severity(9.0, p) == 1.0
    assert laws.severity_kink(p) == pytest.approx(4.0)
    assert (laws.trust_loss(True, p), laws.trust_loss(False, p)) == (0.2, 0.1)
    assert (laws.regulation_probability(True, p), laws.regulation_probability(False, p)) == (0.6, 0.3)
    assert laws.regulation_jump(0.5, p) == pytest.approx(0.2)
    assert laws.damages(2.0, p) == 6.0
    nothing = parameters()
    assert laws.reliability_kinks(0.4, 0.0, nothing) == (math.inf, math.inf)
    assert laws.severity_kink(nothing) == math.inf


def test_plans_by_hand():
    p = parameters(
        capability_effort_elasticity=0.5, capability_absorption=0.5, capability_diffusion_rate=0.3,
        assurance_difficulty=0.5, lab_planning_horizon=4.0, lab_foresight=0.5, lab_doubt=0.5,
    )  # fmt: skip
    assert laws.absorbed(laws.drive(0.25, p), p) == pytest.approx(0.75)
    assert laws.frontier_growth(2.0, laws.reach(p), p) == pytest.approx(4.0 - laws.reach(p))
    assert laws.hardening(2.0, p) == pytest.approx(0.9 / math.log(10.0))  # mean of 10^-x over x from 0 to 1
    assert laws.hardening(1e-9, p) == pytest.approx(1.0)
    assert laws.hardening(0.0, p) == 1.0
    assert laws.doubted_gap(0.0, p) == pytest.approx(0.5 * math.log(2.0))
    assert laws.doubted_gap(1.0, p) == pytest.approx(0.5 * math.log(1.0 + math.exp(2.0)))
    assert laws.doubted_gap(-1.0, p) == pytest.approx(laws.doubted_gap(1.0, p) - 1.0)
    assert laws.doubted_gap(-1e6, p) == 0.0
    assert laws.doubted_gap_slope(0.0, 3.0, p) == pytest.approx(1.5)
    nothing = parameters()
    assert (laws.doubted_gap(-1.0, nothing), laws.doubted_gap(1.0, nothing)) == (0.0, 1.0)
    assert (laws.doubted_gap_slope(-1.0, 3.0, nothing), laws.doubted_gap_slope(1.0, 3.0, nothing)) == (0.0, 3.0)


def test_doubt_is_the_mean_over_a_logistic_error():
    p = parameters(lab_doubt=0.4)
    level = (np.arange(200_000) + 0.5) / 200_000
    error = 0.4 * np.log(level / (1.0 - level))
    for raw in (-0.7, 0.0, 0.3, 2.0):
        assert laws.doubted_gap(raw, p) == pytest.approx(np.maximum(0.0, raw + error).mean(), rel=1e-4)


def test_neutral_values_leave_every_bit():
    p = parameters(incidents_mishap_hazard=100.0, incidents_hazard_ceiling=NO_CEILING, market_wear=0.03,
                   cooperation_benchmark_wear=0.03, market_measurement_reliability=0.33)  # fmt: skip
    assert laws.damping(1e100, p) == laws.absorbed(0.7, p) == laws.hardening(3.0, p) == 1.0
    assert [laws.wear(b, p) for b in (0.0, 0.3, 1.0)] == [0.03, 0.03, 0.03]
    for capability in np.linspace(-2.0, 40.0, 400).tolist():
        for benchmarks in (0.0, 0.4, 1.0):
            seen = laws.visibility(benchmarks, p)
            assert laws.reliability(capability, seen, 0.03, p) == max(0.0, seen - 0.03 * max(0.0, capability))


def test_slopes_are_those_of_the_laws():
    """Each ``_slope`` against a difference of its law, along a line on which all arguments move."""
    p = parameters(
        capability_effort_elasticity=0.35, assurance_elasticity=0.6, incidents_gap_sensitivity=0.3,
        incidents_mishap_hazard=0.02, incidents_catastrophe_probability=0.01, incidents_severity_growth=0.2,
        market_wear=0.1, market_measurement_reliability=0.5, market_safety_premium=0.6, market_selectivity=1.3,
        market_size=2.0, market_growth=0.2, lab_doubt=0.6, incidents_hazard_ceiling=0.03,
    )  # fmt: skip
    step = 1e-6
    one, two, one_x, two_x = 1.7, 0.8, 0.9, -0.4

    def difference(law):
        return (law(one + step * one_x, two + step * two_x) - law(one - step * one_x, two - step * two_x)) / (2 * step)

    risk, hazard, grave = laws.gap_risk(one, p), laws.mishap_hazard(one, two, p), laws.severity(one, p)
    seen, weight, value = (
        laws.reliability(one, 0.7, 0.15, p),
        laws.pull(one, 1.0, 0.5, p),
        laws.market_value(one, 0.5, p),
    )
    quality = laws.perceived_quality(one, two, 0.5, p)
    slopes = [
        (laws.gap_risk_slope(risk, one, one_x, p), lambda a, b: laws.gap_risk(a, p)),
        (laws.mishap_hazard_slope(hazard, one, one_x, two, two_x, p), lambda a, b: laws.mishap_hazard(a, b, p)),
        (laws.severity_slope(grave, one, one_x, p), lambda a, b: laws.severity(a, p)),
        (laws.reliability_slope(seen, one, one_x, 0.7, 0.15, p), lambda a, b: laws.reliability(a, 0.7, 0.15, p)),
        (
            laws.reliability_slope(0.5 - 0.1 * one, one, one_x, 0.6, 0.5, p),
            lambda a, b: laws.reliability(a, 0.6, 0.5, p),
        ),
        (laws.doubted_gap_slope(one, one_x, p), lambda a, b: laws.doubted_gap(a, p)),
        (laws.doubted_gap_slope(-two, -two_x, p), lambda a, b: laws.doubted_gap(-b, p)),
        (
            laws.gap_risk_slope(risk, one, one_x, p) * laws.damping(risk, p) ** 2,
            lambda a, b: laws.gap_risk(a, p) * laws.damping(laws.gap_risk(a, p), p),
        ),
        (
            laws.perceived_quality_slope(quality, one, one_x, two, two_x, 0.5, 0.0, p),
            lambda a, b: laws.perceived_quality(a, b, 0.5, p),
        ),
        (
            laws.perceived_quality_slope(quality, one, one_x, 0.5, 0.0, two, two_x, p),
            lambda a, b: laws.perceived_quality(a, 0.5, b, p),
        ),
        (laws.pull_slope(weight, one, one_x, 1.0, 0.5, p), lambda a, b: laws.pull(a, 1.0, 0.5, p)),
        (laws.market_value_slope(value, one, one_x, p), lambda a, b: laws.market_value(a, 0.5, p)),
        (laws.lift_slope(2.0 * laws.care(one, p), one, one_x, p), lambda a, b: 2.0 * laws.care(a, p)),
        (two_x * -laws.driven_slope(3.0 * laws.drive(two, p), two, p), lambda a, b: 3.0 * laws.drive(b, p)),
    ]
    for slope, law in slopes:
        assert slope == pytest.approx(difference(law), rel=1e-7)


def test_shares_of_a_market_without_trust_are_those_of_equal_trust():
    p = parameters(market_selectivity=1.0)
    pulls = [laws.pull(z, 2.0, 0.0, p) for z in (1.0, 2.0)]
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
    p = parameters(
        trust_investment_elasticity=unit, regulation_burden=unit, capability_growth_rate=other,
        capability_idea_difficulty=unit, capability_diffusion_rate=unit, cooperation_leak=unit,
        assurance_growth_rate=other, assurance_elasticity=0.5, assurance_difficulty=unit, breakthrough_rate=one,
        breakthrough_talent_drain=unit, breakthrough_investment_boost=other, market_measurement_reliability=unit,
        market_wear=unit, market_safety_premium=other, market_selectivity=other,
        incidents_gap_sensitivity=one, incidents_catastrophe_probability=unit, incidents_severity_growth=one,
        nation_discount_rate=unit,
    )  # fmt: skip
    hazards = parameters(incidents_mishap_hazard=2.0, incidents_hazard_ceiling=6.0)
    assert laws.resources(one, other, low, p) <= laws.resources(one, other, high, p)
    assert laws.effort(more, one, unit, p) <= laws.effort(less, one, unit, p)
    assert laws.effort(unit, one, more, p) <= laws.effort(unit, one, less, p)
    assert laws.capability_growth(one, high, 1.0, p) <= laws.capability_growth(one, low, 1.0, p)
    assert laws.diffusion(high, one, other, unit, p) <= laws.diffusion(low, one, other, unit, p)
    assert laws.assurance_growth(low, one, p) <= laws.assurance_growth(high, one, p)
    assert laws.assurance_growth(one, high, p) <= laws.assurance_growth(one, low, p)
    assert laws.breakthrough_probability(low, unit, p) <= laws.breakthrough_probability(high, unit, p) <= 1.0
    assert 0.0 <= laws.drained(high, one, p) <= laws.drained(low, one, p) <= 1.0
    assert laws.visibility(less, p) <= laws.visibility(more, p) <= 1.0 + 1e-15
    assert 0.0 <= laws.reliability(high, unit, more, p) <= laws.reliability(low, unit, more, p) <= unit
    assert laws.reliability(one, less, unit, p) <= laws.reliability(one, more, unit, p)
    assert laws.reliability(one, unit, more, p) <= laws.reliability(one, unit, less, p)
    assert low * laws.damping(low, hazards) <= high * laws.damping(high, hazards) <= 3.0
    assert 0.0 <= laws.hardening(high, p) <= laws.hardening(low, p) <= 1.0
    assert laws.perceived_quality(one, high, unit, p) <= laws.perceived_quality(one, low, unit, p)
    assert laws.pull(low, one, unit, p) <= laws.pull(high, one, unit, p)
    assert 0.0 <= laws.gap_risk(low, p) <= laws.gap_risk(high, p)
    assert laws.severity(low, p) <= laws.severity(high, p) <= 1.0
    assert laws.probability_within(less, unit) <= laws.probability_within(more, unit) <= 1.0
    assert 0.0 <= laws.event_probability(low, one) <= laws.event_probability(high, one) <= 1.0
    assert laws.discount_factor(high, p) <= laws.discount_factor(low, p) <= 1.0


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
        idle, absorption = (1 - share) ** p["capability_effort_elasticity"], p["capability_absorption"]
        speed = (
            p["capability_growth_rate"] * nation["growth_multiplier"]
            * effort ** p["capability_effort_elasticity"]
            * 10 ** (-p["capability_idea_difficulty"] * rival["capability"])
            + (1 - absorption + absorption * idle) * (
                damp * (best - rival["capability"])
                + p["cooperation_leak"] * nation["sharing"] * max(0.0, leaked - rival["capability"])
            )
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
        return rival["capability"] + speed * years, gain

    def judged(j, share, ahead, at_last_share):
        rival, nation = labs[j], nations[labs[j]["nation"]]
        capability, gain = projected(j, share)
        capability += ahead
        rise = p["lab_foresight"] * (at_last_share + ahead - rival["capability"])  # mean difficulty on the way there
        at, weights = np.polynomial.legendre.leggauss(24)
        hardened = (weights * 10 ** (-p["assurance_difficulty"] * rise * (at + 1) / 2)).sum() / 2
        delay, now = rival["delay"], rival["capability"]
        left = math.exp(-horizon / delay) if delay > 0 else 0.0
        counted = years + p["lab_foresight"] * (horizon - years)
        lag = min(1.0, delay * (1 - left) / counted) * (capability - now) + (now - rival["deployed"]) * left
        findings = p["release_test_yield"] * (1 - math.exp(-delay / p["release_test_time"]))
        capability -= lag  # from here on what is deployed
        raw = capability - (rival["assurance"] + horizon * gain * hardened)
        raw -= findings + (rival["tested"] - findings) * left
        doubt = p["lab_doubt"]
        gap = doubt * np.logaddexp(0.0, raw / doubt) if doubt > 0 else max(0.0, raw)
        unaided, outgrown = p["market_measurement_reliability"], max(0.0, capability)
        lost = p["market_wear"] + nation["benchmarks"] * (p["cooperation_benchmark_wear"] - p["market_wear"])
        reliability = max(
            0.0, unaided - p["market_wear"] * outgrown,
            unaided + (1 - unaided) * nation["benchmarks"] - lost * outgrown,
        )  # fmt: skip
        tips = p["alarm_whistle"] * rival["alarm"] * p["alarm_exposure"]
        reliability += (1 - reliability) * tips / (1 + tips)
        quality = capability - p["market_safety_premium"] * reliability * gap
        risk = p["incidents_mishap_hazard"] * (10 ** (p["incidents_gap_sensitivity"] * gap) - 1)
        risk = 1 / (1 / risk + 1 / p["incidents_hazard_ceiling"]) if risk > 0 else 0.0
        grave = p["incidents_catastrophe_probability"] * 10 ** (p["incidents_severity_growth"] * capability)
        return capability, quality, risk, min(1.0, grave)

    last = [projected(j, labs[j]["share"])[0] for j in range(len(labs))]
    first = max(range(len(labs)), key=lambda j: labs[j]["capability"])
    ahead = p["lab_foresight"] * (last[first] - labs[first]["capability"]) * (horizon / years - 1)
    rows = [judged(j, x if j == i else labs[j]["share"], ahead, last[j]) for j in range(len(labs))]
    top = max(row[1] for row in rows)
    pulls = [
        max(1e-12, lab["trust"]) * 10 ** (p["market_selectivity"] * (row[1] - top))
        for lab, row in zip(labs, rows, strict=True)
    ]
    shares = [pull / sum(pulls) for pull in pulls]
    hazards = [share * row[2] for share, row in zip(shares, rows, strict=True)]
    survival = math.exp(
        -horizon * labs[i]["risk_perception"] * sum(hazard * row[3] for hazard, row in zip(hazards, rows, strict=True))
    )
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


def test_objective_is_the_text(verified):
    """Parameters that neither the text above nor race.c has are at their neutral values."""
    random = np.random.default_rng(1)
    worst = 0.0
    known = Scenario.load("us-china-2026-point")
    absent = [p for p in lacking(known, inspect.getsource(transcribed), C, START) if p.about.neutral is not None]
    changes = {p.path: p.about.neutral for p in absent}
    for q, _, (labs, nations, world, p), i in decision_problems(1000, changes=changes):
        x = float(random.choice([0.0, 0.95, 0.95 * random.random()]))
        ours, text = objective(x, q, p)[0], transcribed(x, i, labs, nations, world, p)
        worst = max(worst, abs(ours - text) / max(1e-6, abs(text)))
    verified("08 J against its text, written a second time, on 1,000 states: difference", worst, at_most=1e-9)


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
