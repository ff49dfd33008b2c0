"""The kernels have the numbers of two other programs, one in C and one in plain Mesa, where every law is at work."""

from collections.abc import Iterator

import numpy as np
import pytest

from experiments.performance.in_c import compiled, compiler, largest_difference
from experiments.performance.plain_mesa import PlainRace, difference
from race_sim import Scenario
from race_sim.kernels.run import run_block
from race_sim.runs.records import Records, build
from race_sim.scenario.distributions import Distribution
from race_sim.scenario.scenario import Parameter
from tests.twins import PLAIN_MESA, START, C, check_twin, does_nothing, has

SEED = 6  # of runs in which no payoff of order 10 happens to end next to 0, where rounding would look large
RULES = ("fixed", "best_response")
ESTIMATORS = ("integrated", "sampled")
EVERYTHING = {  # the baseline with whatever is neutral in it, or never reached, at work
    "incidents.mishap_hazard": 0.05, "prize.threshold": 5.0, "market.size": 2.0, "cooperation.penalty": 5.0,
    "cooperation.false_alarm": 0.1, "nations.us.lag": 1.0, "nations.us.growth_multiplier": 1.1,
    "nations.china.growth_multiplier": 0.9, "labs.us_1.initial_share": 0.3, "breakthrough.rate": 0.4,
    "breakthrough.boost_cap": 1.3, "capability.absorption": 0.6, "incidents.hazard_ceiling": 0.4, "market.wear": 0.02,
    "cooperation.benchmark_wear": 0.2, "lab.foresight": 0.8, "lab.doubt": 0.5, "labs.us_1.risk_perception": 0.4,
    "labs.us_2.risk_perception": 1.5, "labs.us_3.risk_perception": 0.9, "labs.us_4.risk_perception": 0.8,
    "labs.china_1.risk_perception": 0.2, "labs.china_2.risk_perception": 2.0, "labs.china_3.risk_perception": 0.7,
    "labs.china_4.risk_perception": 0.6, "nations.us.catastrophe_cost": 900.0, "nations.us.risk_perception": 0.5,
    "nations.china.risk_perception": 0.3, "release.initial": 0.15, "release.shortest": 0.16, "release.regulated": 0.6,
    "release.test_yield": 0.8, "cooperation.testing": 0.4, "alarm.voice": 0.1, "alarm.whistle": 0.3,
    "alarm.unease": 0.4, "nations.china.catastrophe_cost": None, "release.longest": 0.0,
}  # fmt: skip
OFF = {
    "capability.absorption": 0.0, "incidents.hazard_ceiling": 1e300, "lab.foresight": 0.0, "lab.doubt": 0.0,
    "release.initial": 0.0, "release.shortest": 0.0, "release.regulated": 0.0, "release.test_yield": 0.0,
    "cooperation.testing": 0.0, "alarm.voice": 0.0, "alarm.whistle": 0.0, "alarm.unease": 0.0,
}  # fmt: skip
POLICIES = (("treaty", "covert_defection"), ("fundamentals", "fundamentals"), ("unilateral_slowdown", "race"),
            ("treaty", "treaty"), ("treaty", "race"))  # fmt: skip


def races(rule: str) -> list[Scenario]:
    """What C is compared in: every policy is played."""
    return [
        Scenario.load("us-china-2026").replace(
            {**EVERYTHING, "lab.rule": rule, "nations.us.policy": us, "nations.china.policy": china}
        )
        for us, china in POLICIES
    ]


def plain_race(rule: str) -> Scenario:
    """What plain Mesa is compared in: nations race, and nothing is drawn per run."""
    perceived = {f"nations.{name}.risk_perception": 1.0 for name in ("us", "china")}
    changes = {**EVERYTHING, **perceived, "lab.rule": rule, "incidents.mishap_hazard": 0.1}
    return Scenario.load("us-china-2026-point").replace(changes)


def run(scenario: Scenario, estimator: str = "integrated", runs: int = 40) -> Records:
    """End states in the kernels."""
    records = build(scenario, SEED, np.arange(runs), estimator)
    run_block(*records)
    return records


@pytest.fixture(scope="module")
def run_in_c():
    if compiler() is None:
        pytest.skip("there is no C compiler here")
    return compiled()


@pytest.mark.parametrize("rule", RULES)
@pytest.mark.parametrize("estimator", ESTIMATORS)
def test_the_kernel_has_the_numbers_of_c(rule, estimator, run_in_c, verified):
    apart = []
    for scenario in [*races(rule), *(race.replace(OFF) for race in races(rule))]:
        check_twin(scenario, C, START)
        ours, theirs = run(scenario, estimator), build(scenario, SEED, np.arange(40), estimator)
        run_in_c(theirs)
        apart.append(largest_difference(ours, theirs))
    # exp and log of C are another library's, so that roundings add up; and a best response is a root of dJ/dx, which
    # rounding moves by more where J is flat
    bound = 1e-11 if rule == "fixed" else 1e-8
    verified(f"26 kernel against C, {rule}, {estimator}, ten cases: difference", max(apart), at_most=bound)


@pytest.mark.parametrize("rule", RULES)
@pytest.mark.parametrize("off", [{}, OFF])
def test_the_kernel_has_the_numbers_of_plain_mesa(rule, off, verified):
    scenario = plain_race(rule).replace(off)
    check_twin(scenario, PLAIN_MESA)
    ours = run(scenario, runs=6)
    apart = []
    for number in range(6):
        plain = PlainRace(scenario, SEED, number)
        plain.run_model()
        apart.append(difference(plain, ours.labs[number], ours.nations[number], ours.worlds[number]))
    # without doubt J has a kink where the gap closes, which the kernels look at from 1e-10 beside it
    bound = 1e-8 if off and rule == "best_response" else 1e-9
    laws = "neutral laws" if off else "all laws"
    verified(f"26 kernel against plain Mesa, {rule}, {laws}: difference", max(apart), at_most=bound)


def other(parameter: Parameter) -> float:
    """The end of a parameter's plausible range that is farther away."""
    value, plausible = parameter.value, parameter.about.plausible
    assert plausible is not None
    middle = value.draw(np.array([0.5]), *plausible)[0] if isinstance(value, Distribution) else value
    return max(plausible, key=lambda end: abs(end - middle))


def moved(parameter: Parameter, scenario: Scenario, before: Records, estimator: str, runs: int) -> bool:
    """Whether another value of a parameter changes any number of the end states."""
    after = run(scenario.replace({parameter.path: other(parameter)}), estimator, runs)
    return any(one.tobytes() != two.tobytes() for one, two in zip(before[:3], after[:3], strict=True))


def compared(twin: str) -> Iterator[tuple[Scenario, str, int]]:
    """Scenarios, estimators and numbers of runs in which a twin is compared."""
    for rule in RULES:
        if twin == "C":
            yield from ((scenario, estimator, 40) for scenario in races(rule) for estimator in ESTIMATORS)
        else:
            yield plain_race(rule), "integrated", 6


@pytest.mark.parametrize(("twin", "sources"), [("C", (C, START)), ("plain Mesa", (PLAIN_MESA,))])
def test_every_parameter_that_a_twin_has_is_at_work_where_it_is_compared(twin, sources):
    """None is neutral, and each moves a number: a law that differed would be seen."""
    text = "\n".join(source.read_text() for source in sources)
    waiting = None
    for scenario, estimator, runs in compared(twin):
        own = {p.path: p for p in scenario.parameters() if has(p, text) and not p.path.startswith("time.")}
        neutral = [p.path for p in own.values() if p.value == p.about.neutral]
        assert not neutral, f"neutral where {twin} is compared: {neutral}"
        before = run(scenario, estimator, runs)
        waiting = set(own) if waiting is None else waiting
        waiting -= {path for path in waiting if moved(own[path], scenario, before, estimator, runs)}
    assert waiting == set()


def test_a_parameter_that_a_twin_lacks_fails_it_once_it_does_something(tmp_path):
    """The C program as if it knew nothing of false alarms: named, and refused where there are some."""
    forgetful = tmp_path / "race.c"
    forgetful.write_text(C.read_text().replace("cooperation_false_alarm", "nothing"))
    scenario = races("fixed")[0]
    calm = scenario.replace({"cooperation.false_alarm": 0.0})
    assert "cooperation.false_alarm" in check_twin(calm, forgetful, START)
    with pytest.raises(AssertionError, match=r"at work in this comparison: cooperation\.false_alarm = 0\.1"):
        check_twin(scenario, forgetful, START)


def test_what_does_nothing():
    scenario = races("fixed")[2]
    at = {p.path: p for p in scenario.parameters()}
    assert does_nothing(at["cooperation.verification"], scenario)  # nobody signs
    assert not does_nothing(at["cooperation.verification"], races("fixed")[0])
    assert does_nothing(at["rules.exploration"], scenario)  # nobody imitates
    assert not does_nothing(at["trust.mishap_loss"], scenario)
    raced = scenario.replace({"nation.rivalry": 0.0})
    assert does_nothing(next(p for p in raced.parameters() if p.path == "nation.rivalry"), raced)
