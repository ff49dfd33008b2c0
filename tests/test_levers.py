"""The least setting of a lever: found where it is known, with the confidence that it states."""

import math

import numpy as np
import pytest

from race_sim import InputError, Scenario, least_setting, policy_game, price_of_slowing_alone
from race_sim.nations import levers
from race_sim.nations.levers import LEVERS, Difference
from race_sim.nations.policy_games import Profiles, simulate_profiles
from race_sim.runs.sampling import Sampling

DUOPOLY = Scenario.load("duopoly")


def known_margins(monkeypatch, margin, noise=1.0):
    """Payoffs in which every deviation loses ``margin(verification, nation, policy)`` on average, with shared luck."""

    def play(scenario, profiles, sampling):
        luck = np.random.default_rng(sampling.seed).normal(size=(8192, 2, 3))[sampling.numbers]
        runs = sampling.runs
        payoffs = np.empty((runs, 2, len(profiles)))
        for k, profile in enumerate(profiles):
            for n, policy in enumerate(profile):
                payoffs[:, n, k] = luck[:, n, 0]
                if policy != "treaty":
                    lost = margin(scenario.cooperation.verification, n, policy)
                    payoffs[:, n, k] -= lost + noise * luck[:, n, 1 if policy == "race" else 2]
        return Profiles(payoffs, np.zeros((runs, 0, len(profiles))), ())

    monkeypatch.setattr(levers, "simulate_profiles", play)


@pytest.mark.parametrize("truth", [0.13, 0.5, 0.81])
def test_the_interval_holds_the_known_threshold(monkeypatch, truth, capsys):
    """60 searches, each with luck of its own: at a confidence of 0.95 three of them may miss."""
    known_margins(monkeypatch, lambda x, n, policy: 3.0 if policy == "race" or n == 1 else 4.0 * (x - truth))
    inside, widths = 0, []
    for seed in range(60):
        result = least_setting(DUOPOLY, seed=seed, max_runs=4096)
        if result.verdict == "threshold":
            inside += result.low < truth <= result.high
            widths.append(result.high - result.low)
            assert (result.binding.nation, result.binding.policy) == ("east", "covert_defection")
    with capsys.disabled():
        print(f"\nthreshold {truth}: {inside} of {len(widths)} intervals hold it, mean width {np.mean(widths):.3f}")
    assert len(widths) == 60
    assert inside >= 57
    assert np.mean(widths) < 0.15


def test_less_noise_gives_the_tolerance(monkeypatch):
    known_margins(monkeypatch, lambda x, n, policy: x - 0.3, noise=0.01)
    result = least_setting(DUOPOLY, tolerance=0.02)
    assert result.low < 0.3 < result.high
    assert result.high - result.low <= 0.02
    assert "from between" in str(result)


@pytest.mark.parametrize(
    ("margin", "verdict"),
    [
        (lambda x, n, policy: 1.0, "everywhere"),
        (lambda x, n, policy: 0.0 if policy == "race" else 1.0, "undecided"),
        (lambda x, n, policy: -1.0 if (n, policy) == (1, "race") else 1.0, "nowhere"),
        (lambda x, n, policy: 8 * abs(x - 0.5) - 1, "not monotone"),
        (lambda x, n, policy: 0.5 - x, "not monotone"),
    ],
)
def test_verdicts(monkeypatch, margin, verdict):
    known_margins(monkeypatch, margin)
    result = least_setting(DUOPOLY, max_runs=1024)
    assert result.verdict == verdict
    assert str(result)
    if verdict in ("everywhere", "nowhere", "not monotone"):
        assert math.isnan(result.low)
        assert math.isnan(result.high)
    if verdict == "nowhere":
        assert (result.binding.nation, result.binding.policy) == ("west", "race")


def test_runs_grow_only_where_the_sign_is_hard_to_tell(monkeypatch):
    known_margins(monkeypatch, lambda x, n, policy: x - 0.55)
    tested = least_setting(DUOPOLY, max_runs=4096).tested
    runs = {one.setting: one.runs for one in tested}
    assert runs[0.0] == 256
    assert runs[0.5] > 256
    assert [one.setting for one in tested] == sorted(runs)


def test_the_penalty_that_stops_defection_is_the_one_that_payoffs_give():
    """A penalty changes payoffs only, and linearly: the threshold is the gain over expected discounted detections."""
    scenario = Scenario.load("treaty-dilemma")
    profiles = [("treaty", "treaty"), ("covert_defection", "treaty"), ("treaty", "covert_defection")]
    free, fined = (
        simulate_profiles(scenario.replace({"cooperation.penalty": penalty}), profiles, Sampling(2048)).payoffs
        for penalty in (0.0, 1.0)
    )
    needed = []
    for n in (0, 1):
        gain = (free[:, n, 1 + n] - free[:, n, 0]).mean()
        detections = (free[:, n, 1 + n] - fined[:, n, 1 + n]).mean()
        needed.append(gain / detections)
    result = least_setting(scenario, "penalty", ["covert_defection"], max_runs=1024)
    print(f"\nneeded {needed}, {result}")
    assert result.verdict == "threshold"
    assert result.low < max(needed) <= result.high
    assert min(needed) > 0.2


def test_every_lever_moves_its_parameter():
    for lever in LEVERS.values():
        for setting in (lever.low, lever.high):
            changed = DUOPOLY.replace({lever.path: lever.value(setting)})
            section, name = lever.path.split(".")
            assert getattr(getattr(changed, section), name) == lever.value(setting)
    assert LEVERS["prize_sharing"].value(0.25) == 0.75


def test_differences():
    result = Difference.of(np.array([1.0, 2.0, 3.0]))
    assert (result.mean, result.standard_error) == (2.0, pytest.approx(1 / math.sqrt(3)))
    assert result.z == pytest.approx(2 * math.sqrt(3))
    assert Difference.of(np.zeros(4)).z == 0.0
    assert Difference.of(np.full(4, -2.0)).z == -math.inf


def test_slowing_down_alone_has_its_price_at_the_dilemma():
    price = price_of_slowing_alone(policy_game("dilemma", ["race", "unilateral_slowdown"], runs=500))
    assert all(one.z < -4 for one in price.values())
    alone = price_of_slowing_alone(policy_game("harmony", ["race", "unilateral_slowdown"], runs=500))
    assert all(one.z > 4 for one in alone.values())
    with pytest.raises(InputError, match="unilateral_slowdown"):
        price_of_slowing_alone(policy_game("dilemma", ["race", "treaty"], runs=2))


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"lever": "goodwill"}, "no lever 'goodwill'"),
        ({"deviations": ("war",)}, "no policy 'war'"),
        ({"deviations": ("treaty",)}, "deviations"),
        ({"profile": ("treaty",)}, "one policy per nation (2)"),
        ({"max_runs": 100}, "max_runs: must be a whole number, at least 256"),
        ({"max_settings": 2}, "max_settings"),
        ({"tolerance": 0}, "tolerance: must lie in (0, 1), got 0"),
        ({"confidence": 1.0}, "confidence"),
    ],
)
def test_bad_arguments_give_one_line(arguments, message):
    with pytest.raises(InputError) as error:
        least_setting(DUOPOLY, **arguments)
    assert message in str(error.value)
    assert "\n" not in str(error.value)
