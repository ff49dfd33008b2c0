"""Researchers' alarm: how it moves, by closed form, and what its outlets do."""

import itertools

import numpy as np
import pytest

from race_sim import Scenario, simulate
from race_sim.kernels import laws
from race_sim.kernels.run import run_block
from race_sim.runs.records import build
from tests.states import parameters

FROZEN = {  # nothing grows and nothing happens: the gap stays
    "capability.growth_rate": 0.0, "assurance.growth_rate": 0.0, "breakthrough.rate": 0.0, "lab.rule": "fixed",
    "incidents.mishap_hazard": 0.0, "capability.diffusion_rate": 0.0, "assurance.initial_gap": 1.5,
}  # fmt: skip
OUTLETS = {"alarm.voice": 0.1, "alarm.whistle": 0.5, "alarm.unease": 0.5}


def test_by_hand():
    p = parameters(alarm_sensitivity=0.5, alarm_jolt=0.25, alarm_whistle=0.5, alarm_exposure=2.0, alarm_unease=0.5,
                   alarm_start=0.4, cooperation_detection_min=0.1, cooperation_detection_max=0.5,
                   cooperation_verification=0.5)  # fmt: skip
    assert laws.alarm_at_rest(2.0, p) == pytest.approx(0.9)
    assert laws.alarm_at_rest(0.0, p) == 0.0
    assert laws.jolted(0.6, p) == pytest.approx(0.7)
    assert laws.exposed_part(0.5, p) == pytest.approx(1 / 3)
    assert laws.seen_when_exposed(0.4, 0.5) == pytest.approx(0.7)
    assert laws.trust_at_rest(0.8, p) == pytest.approx(0.8)
    assert laws.trust_at_rest(0.1, p) == 1.0
    assert laws.detection_per_year(0.8, p) == pytest.approx(0.7)
    assert laws.detection_per_year(1.0, parameters(alarm_whistle=3.0)) == 1.0


def test_alarm_at_a_constant_gap_is_the_closed_form_to_first_order(verified):
    """x(t) = G + (x0 - G) exp(-rate t), G = 1 - 10^(-sensitivity u); the miss falls in proportion to the period."""
    misses = []
    for per_year in (12, 24, 48):
        scenario = Scenario.load("duopoly-v1").replace({**FROZEN, "time.periods_per_year": per_year, "time.horizon": 2})
        records = build(scenario, 0, np.arange(1))
        run_block(*records)
        rest = 1.0 - 10.0 ** (-0.19 * 1.5)
        exact = rest + (0.35 - rest) * np.exp(-2.0)
        misses.append(records.labs["alarm"][0, 0] - exact)
    for one, half in itertools.pairwise(misses):
        verified("20 alarm at a constant gap: errors over those of half the period", one / half, 1.8, 2.2)
    verified("20 alarm at a constant gap, closed form: error at 48 periods a year", abs(misses[2]), at_most=0.002)


def test_trust_rests_where_unease_leaves_it(verified):
    """1 - unease (G - x0), with no mishap at all."""
    scenario = Scenario.load("duopoly-v1").replace(
        {**FROZEN, "alarm.unease": 0.6, "assurance.initial_gap": 5.0, "time.horizon": 60}
    )
    records = build(scenario, 0, np.arange(1))
    run_block(*records)
    rest = 1.0 - 10.0 ** (-0.19 * 5.0)
    misses = np.abs(records.labs["trust"][0] / (1.0 - 0.6 * (rest - 0.35)) - 1.0)
    verified("21 trust at rest, 1 - unease (G - x0): error", misses.max(), at_most=1e-9)


def test_the_start_is_a_rest_point_of_a_gap_of_one():
    scenario = Scenario.load("us-china-2026-point-v1")
    assert 1.0 - 10.0 ** -float(scenario.alarm.sensitivity) == pytest.approx(float(scenario.alarm.start), abs=0.005)


def test_exposure_is_what_an_on_off_process_spends_on(verified):
    """Told at the rate w x while hidden, exposed for t years on average: exposed E of the time."""
    random = np.random.default_rng(5)
    for told, stay in ((0.4, 0.5), (2.0, 1.5)):
        hidden = random.exponential(1 / told, 200_000)
        exposed = random.exponential(stay, 200_000)
        part = exposed.sum() / (hidden.sum() + exposed.sum())
        expected = laws.exposed_part(1.0, parameters(alarm_whistle=told, alarm_exposure=stay))
        error = expected * (1 - expected) * np.sqrt(2 / 200_000)
        verified(
            f"22 exposure against an on-off process, rate {told:g}, stay {stay:g}: z", (part - expected) / error, -4, 4
        )


def test_mishaps_anywhere_alarm_everybody():
    scenario = Scenario.load("us-china-2026-v1").replace({"incidents.mishap_hazard": 0.5, "alarm.rate": 0.0})
    data = simulate(scenario, 30, 1, trajectories=True)
    alarm, mishaps = data["lab_alarm_path"].values, data["lab_mishap_path"].values.sum(axis=2)
    expected = 1.0 - 0.65 * 0.7 ** np.cumsum(mishaps, axis=1)
    assert mishaps.sum() > 30
    assert alarm == pytest.approx(np.repeat(expected[:, :, None], alarm.shape[2], axis=2), rel=1e-12)


def test_without_outlets_alarm_changes_nothing_else():
    base = Scenario.load("us-china-2026-v1").replace(
        {"nations.us.policy": "treaty", "nations.china.policy": "covert_defection"}
    )
    wild = {"alarm.start": 0.9, "alarm.rate": 3.0, "alarm.sensitivity": 0.5, "alarm.jolt": 0.5, "alarm.exposure": 2.0}
    one, two = simulate(base, 20, 1), simulate(base.replace(wild), 20, 1)
    changed = [name for name in one.data_vars if not one[name].equals(two[name])]
    assert changed == ["lab_alarm"]


def test_voice_is_a_floor_of_the_researchers_own():
    scenario = Scenario.load("us-china-2026-v1").replace({"alarm.voice": 0.5})
    data = simulate(scenario, 10, 1, trajectories=True)
    share, alarm = data["lab_share_path"].values, data["lab_alarm_path"].values
    before = np.concatenate([np.full_like(alarm[:, :1], 0.35), alarm[:, :-1]], axis=1)
    assert (share >= 0.5 * before - 1e-15).all()
    assert np.isclose(share, 0.5 * before).any()


@pytest.mark.parametrize(
    ("outlet", "policies", "outcome", "sign"),
    [
        ({"alarm.voice": 0.3}, ("race", "race"), "safety_share", 1),
        ({"alarm.whistle": 0.5, "alarm.exposure": 2.0}, ("race", "race"), "safety_share", 1),
        ({"alarm.whistle": 0.5, "alarm.exposure": 0.0}, ("treaty", "covert_defection"), "treaty_in_force", -1),
        ({"alarm.unease": 1.0}, ("race", "race"), "trust", -1),
    ],
)
def test_each_outlet_moves_what_it_is_for(outlet, policies, outcome, sign):
    played = {f"nations.{name}.policy": policy for name, policy in zip(("us", "china"), policies, strict=True)}
    base = Scenario.load("us-china-2026-v1").replace(played)
    paired = simulate(base.replace(outlet), 200, 1)[outcome].values - simulate(base, 200, 1)[outcome].values
    assert sign * paired.mean() > 4 * paired.std() / np.sqrt(200)
