"""Control variates: of mean 0, whatever the policies; they make errors smaller, never wrong."""

import math

import numpy as np
import pytest

from race_sim import Scenario, Triangular, Uniform, estimate, simulate, summarise
from race_sim.kernels.run import run_block
from race_sim.runs.controls import Controls, _orthogonal, martingale_names, martingales
from race_sim.runs.moments import Halves, adjusted
from race_sim.runs.records import build

BASELINE = Scenario.load("us-china-2026")
FIXED = BASELINE.replace({"lab.rule": "fixed"})
TREATY = {"nations.us.policy": "treaty", "nations.china.policy": "covert_defection"}


def run_controls(scenario, runs, seed, estimator="integrated"):
    records = build(scenario, seed, np.arange(runs), estimator)
    run_block(*records)
    return Controls.of(scenario, 10**6).columns(seed, np.arange(runs), martingales(records))


@pytest.mark.parametrize(
    ("scenario", "estimator"),
    [
        (FIXED, "integrated"),
        (FIXED, "sampled"),
        (FIXED.replace({"incidents.mishap_hazard": 0.05, "breakthrough.rate": 1.0, **TREATY}), "integrated"),
        (FIXED.replace({"incidents.mishap_hazard": 0.05, "incidents.catastrophe_probability": 0.3}), "sampled"),
        (Scenario.load("five-labs").replace({"lab.rule": "imitate"}), "integrated"),
    ],
)
def test_every_control_has_mean_zero(scenario, estimator):
    result = run_controls(scenario, 6000, 3, estimator)
    if estimator == "sampled":  # has no control of damages
        result = result[:, result.any(axis=0)]
    spread = result.std(axis=0, ddof=1)
    z = result.mean(axis=0) / spread * math.sqrt(len(result))
    print(f"\n{scenario.name}, {estimator}: {result.shape[1]} controls, largest |z| {np.abs(z).max():.2f}")
    assert (spread > 0.0).all()
    assert np.abs(z).max() < 4.5


def test_polynomials_of_a_uniform_draw_are_those_of_legendre():
    centre, spread, triangle = _orthogonal(Uniform(low=2.0, high=4.0), 0.0, 10.0)
    assert centre == pytest.approx(3.0, rel=1e-12)
    assert spread == pytest.approx(1.0 / math.sqrt(3.0), rel=1e-12)
    x = np.linspace(-1.0, 1.0, 5)
    powers = np.vander(x / spread, 3, increasing=True) @ np.array(triangle)
    assert powers[:, 1] == pytest.approx(math.sqrt(3.0) * x)
    assert powers[:, 2] == pytest.approx(math.sqrt(5.0) * (3.0 * x * x - 1.0) / 2.0)


def test_the_mean_of_a_triangular_draw_is_exact():
    centre, spread, _ = _orthogonal(Triangular(low=0.0, mode=1.0, high=5.0), 0.0, 10.0)
    assert centre == pytest.approx(2.0, rel=1e-9)
    assert spread**2 == pytest.approx((0.0 + 1.0 + 25.0 - 5.0) / 18.0, rel=1e-9)


def test_what_controls_explain_wholly_has_no_error():
    random = np.random.default_rng(1)
    luck = random.normal(size=(400, 3))
    value = 2.0 + luck @ np.array([[1.0, 0.0], [-3.0, 0.5], [0.0, 7.0]])
    mean, error = Halves.of(np.arange(400), value, np.ones_like(value), luck).ratio((3,))
    assert mean == pytest.approx([2.0, 2.0], rel=1e-12)
    assert error == pytest.approx([0.0, 0.0], abs=1e-9)


def test_weights_are_fitted_on_the_other_half_and_batches_do_not_matter():
    random = np.random.default_rng(2)
    runs, luck = np.arange(300), random.normal(size=(300, 2))
    value, weight = random.normal(size=(300, 1)) + luck[:, :1], 2.0 + 0.1 * random.normal(size=(300, 1))
    whole = Halves.of(runs, value, weight, luck)
    parts = [Halves.of(runs[s], value[s], weight[s], luck[s]) for s in (slice(0, 7), slice(7, 8), slice(8, 300))]
    merged = parts[0].merge(parts[1]).merge(parts[2])
    assert np.concatenate(merged.ratio((2,))) == pytest.approx(np.concatenate(whole.ratio((2,))), rel=1e-12)

    even = runs % 2 == 0
    columns = []
    for target in (value, weight):
        left = np.empty_like(target)
        for half, other in ((even, ~even), (~even, even)):
            design = np.c_[np.ones(other.sum()), luck[other]]
            slopes = np.linalg.lstsq(design, target[other], rcond=None)[0][1:]
            left[half] = target[half] - luck[half] @ slopes
        columns.append(left)
    by_hand = Halves.of(runs, *columns).ratio()
    assert np.concatenate(whole.ratio((2,))) == pytest.approx(np.concatenate(by_hand), rel=1e-9)


def test_a_control_that_never_moves_and_one_that_repeats_another_do_no_harm():
    random = np.random.default_rng(3)
    luck = random.normal(size=(200, 1))
    value = luck + random.normal(size=(200, 1))
    runs, one = np.arange(200), np.ones((200, 1))
    alone = Halves.of(runs, value, one, luck).ratio((1,))
    crowded = Halves.of(runs, value, one, np.concatenate([luck, 0.0 * luck, 2.0 * luck], axis=1)).ratio((3,))
    assert np.concatenate(crowded) == pytest.approx(np.concatenate(alone), rel=1e-9)


def test_few_runs_bear_few_controls():
    assert [Controls.of(BASELINE, runs).counts for runs in (1, 279, 280, 440, 580)] == [
        (),
        (),
        (14,),
        (14, 22),
        (14, 22, 29),
    ]
    assert Controls.of(BASELINE, 1780).counts == (14, 22, 29, 89)
    point = Scenario.load("us-china-2026-point")
    assert [Controls.of(point, runs).counts for runs in (159, 160, 10**6)] == [(), (8,), (8, 15)]
    assert len(martingale_names(BASELINE)) == 15


def test_counting_columns_count():
    result = run_controls(FIXED.replace({"incidents.mishap_hazard": 0.05}), 2000, 3)
    expected = (len(result) * result.var(axis=0))[Controls.of(FIXED, 2000).counting]
    runs = simulate(FIXED.replace({"incidents.mishap_hazard": 0.05}), 2000, 3)
    breakthroughs, mishaps = runs.breakthroughs.sum().item(), runs.nation_mishaps.sum("run").values
    assert expected[:2].sum() == pytest.approx(breakthroughs, rel=0.1)
    assert expected[2:] == pytest.approx(mishaps, rel=0.15)


def test_events_that_hardly_occur_are_not_used():
    random = np.random.default_rng(5)
    events = (random.random((400, 1)) < 0.01) - 0.01
    value, one = random.normal(size=(400, 1)) + 40.0 * events, np.ones((400, 1))
    runs, plain = np.arange(400), Halves.of(np.arange(400), value, one).ratio()
    rare = Halves.of(runs, value, one, events)
    assert np.concatenate(rare.ratio((1,), [0])) == pytest.approx(np.concatenate(plain), rel=1e-12)
    assert rare.ratio((1,))[1] < 0.5 * plain[1], "where nobody says that it counts events"
    often = (random.random((400, 1)) < 0.5) - 0.5
    followed = Halves.of(runs, value + 40.0 * often, one, often)
    assert followed.ratio((1,), [0])[1] < 0.5 * followed.ratio()[1]
    with_impossible = Halves.of(runs, value + 40.0 * often, one, np.concatenate([often, 0.0 * often], axis=1))
    assert with_impossible.ratio((2,), [0, 1])[1] == pytest.approx(followed.ratio((1,), [0])[1], rel=1e-9)


def test_means_of_events_near_the_least_number_do_not_lean():
    random, chance, runs = np.random.default_rng(6), 0.1, 640  # expected in a half: 32 x 0.9, hardly 30
    one = np.ones((runs, 1))
    means = []
    for _ in range(1500):
        met = (random.random((runs, 1)) < chance).astype(float)
        means.append(Halves.of(np.arange(runs), met, one, met - chance).ratio((1,), [0])[0][0])
    without = np.sqrt(chance * (1.0 - chance) / runs)
    used = np.mean(np.abs(np.array(means) - chance) < 1e-9)
    z = (np.mean(means) - chance) / np.std(means, ddof=1) * math.sqrt(len(means))
    print(f"\nmean {np.mean(means):.5f} of {chance}, z {z:+.2f}; controls used wholly in {100 * used:.0f} % of samples")
    assert 0.05 < used < 0.5, "in some samples both halves have controls, in some none"
    assert np.std(means) < without
    assert abs(z) < 4.0


def test_what_is_decided_for_a_half_does_not_look_at_it():
    random = np.random.default_rng(7)
    runs, luck = np.arange(400), random.normal(size=(400, 30))
    value = luck[:, :1] + random.normal(size=(400, 1))
    even = runs % 2 == 0
    other_luck, other_value = luck.copy(), value.copy()
    other_luck[even], other_value[even] = random.normal(size=(200, 30)), random.normal(size=(200, 1))
    kept, changed = np.empty((2, 400, 1))
    for left, value_, luck_ in ((kept, value, luck), (changed, other_value, other_luck)):
        left[:] = adjusted(runs, value_, luck_, (1, 30), ()) - value_
    moves = ((luck, kept), (other_luck, changed))
    slopes = [np.linalg.lstsq(control[even], moved[even], rcond=None)[0] for control, moved in moves]
    assert slopes[0] == pytest.approx(slopes[1], abs=1e-9)
    assert np.count_nonzero(np.abs(slopes[0]) > 1e-9) == 1, "one of thirty controls explains something"


def test_controls_that_explain_nothing_are_not_used():
    random = np.random.default_rng(4)
    value, one, luck = random.normal(size=(60, 1)), np.ones((60, 1)), random.normal(size=(60, 20))
    halves = Halves.of(np.arange(60), value, one, luck)
    assert np.concatenate(halves.ratio((20,))) == pytest.approx(
        np.concatenate(Halves.of(np.arange(60), value, one).ratio())
    )


def test_controlled_and_plain_means_agree_and_errors_shrink():
    controlled = estimate(FIXED, 4000, seed=5)
    plain = estimate(FIXED, 4000, seed=5, controlled=False)
    gains = {}
    for key, item in plain.outcomes.items():
        error = math.hypot(item.standard_error, controlled[key].standard_error)
        assert abs(item.mean - controlled[key].mean) <= 4.0 * error + 1e-12, key
        if item.standard_error > 1e-9:  # delays never move under this rule
            gains[key] = (item.standard_error / controlled[key].standard_error) ** 2
    print(f"\nvariance, plain / controlled: {', '.join(f'{key} {gain:.3g}' for key, gain in gains.items())}")
    assert gains["catastrophe_probability"] > 10.0
    assert gains["mishaps"] > 50.0
    assert min(gains.values()) > 0.75  # rare events at single labs: fitting costs more than it explains


def test_the_controlled_error_is_that_of_repeated_estimates():
    quick = FIXED.replace({"time.horizon": 5})
    result = [estimate(quick, 600, seed=seed) for seed in range(120)]
    for key in ("catastrophe_probability", "mishaps", "payoff.us", "lead", "trust"):
        means = np.array([one[key].mean for one in result])
        ratio = means.std(ddof=1) / np.mean([one[key].standard_error for one in result])
        print(f"{key}: spread of 120 estimates / mean standard error {ratio:.2f}")
        assert 0.75 < ratio < 1.3, key


def test_sums_stay_sums():
    result = estimate(FIXED, 1000)
    assert result["welfare"].mean == pytest.approx(result["payoff.us"].mean + result["payoff.china"].mean, rel=1e-9)
    assert sum(result[f"winner.{who}"].mean for who in ("us", "china", "none")) == pytest.approx(1.0, rel=1e-9)


def test_summaries_use_the_same_controls():
    table, result = summarise(simulate(FIXED, 1000, seed=4, first_run=7)), estimate(FIXED, 1000, seed=4, first_run=7)
    for key, item in result.outcomes.items():
        assert table.loc[key, "mean"] == pytest.approx(item.mean, rel=1e-9, abs=1e-12), key
        assert table.loc[key, "standard_error"] == pytest.approx(item.standard_error, rel=1e-6, abs=1e-12), key
