"""95 % intervals: exact for counts and normal samples, within bounds, honest about events that no run met."""

import math

import numpy as np
import pytest
from scipy import stats

from race_sim import InputError, Scenario, add_outcome, estimate, simulate, summarise
from race_sim.cli.reports import outcome_table
from race_sim.runs.intervals import Limits, Spread, interval
from race_sim.runs.moments import Halves
from race_sim.runs.outcomes import OUTCOMES, keys
from race_sim.runs.powers import POWERS, Powers


def limits(low=-math.inf, high=math.inf, chance=False, rise=0.0, fall=0.0):
    return Limits(*(np.array([value]) for value in (low, high, chance, rise, fall)))


def of(values, *known):
    values = np.asarray(values, dtype=float)[:, np.newaxis]
    declared = known[0] if known else limits()
    low, high = interval(Powers.of(values, np.ones_like(values)).spread(declared), declared)
    return low[0], high[0]


@pytest.mark.parametrize(
    ("events", "runs"), [(0, 50), (1, 50), (3, 50), (25, 50), (49, 50), (50, 50), (7, 1000), (0, 1)]
)
def test_a_chance_has_the_exact_binomial_interval(events, runs):
    exact = stats.binomtest(events, runs).proportion_ci(0.95, "exact")
    ours = of([1.0] * events + [0.0] * (runs - events), limits(0.0, 1.0, True, 1.0, 1.0))
    assert ours == pytest.approx((exact.low, exact.high), abs=1e-9)


@pytest.mark.parametrize("events", [0, 1, 3, 10, 40])
def test_a_count_has_the_exact_poisson_interval(events):
    runs = 20_000
    exact = stats.chi2.ppf(0.025, 2 * events) / 2 if events else 0.0, stats.chi2.ppf(0.975, 2 * events + 2) / 2
    ours = of([1.0] * events + [0.0] * (runs - events), limits(0.0, math.inf, rise=1.0))
    assert np.array(ours) * runs == pytest.approx(exact, rel=1e-2), "but for a standard error of the skewness"


def test_a_normal_sample_has_students_interval_and_allows_for_skewness():
    """As skewed as a standard error of the skewness, (6 / n)^(1/2), to each side: gammas with n^2 / 6 events."""
    runs, mean, error = 50, np.array([3.0]), 2.0
    second = np.array([error**2 * (runs - 1)])
    fourth = second**2 * 3.0 * (runs - 1.0) / (runs + 1.0)  # the fourth cumulant is then 0
    spread = Spread(runs, mean, second, np.zeros(1), fourth, np.array([runs]), np.array([runs]))
    low, high = interval(spread, limits())
    student = stats.t.ppf(0.975, runs - 1) * error
    events = runs**2 / 6.0
    reach = student / stats.norm.ppf(0.975) * (stats.gamma.ppf(0.975, events + 1.0) - events) / math.sqrt(events)
    assert (low[0], high[0]) == pytest.approx((3.0 - reach, 3.0 + reach), rel=1e-4)
    assert student < reach < 1.05 * student


def test_events_of_any_size_at_a_bound():
    """A share that is 0 but for events: none seen, one, and several; and the same seen from the other bound."""
    share = limits(0.0, 1.0)
    assert of(np.zeros(50), share) == pytest.approx((0.0, 1.0 - 0.025 ** (1 / 50)))
    single = of([0.1] + [0.0] * 49, share)[1]  # how large others are, it cannot say
    assert 0.03 < single < stats.beta.ppf(0.975, 2, 49)
    some = np.array([0.1, 0.12, 0.05, 0.02, 0.11, 0.09] + [0.0] * 44)
    low, high = of(some, share)
    assert 0.0 < low < some.mean() < high < 4.0 * some.mean()
    assert of(1.0 - some, share) == pytest.approx((1.0 - high, 1.0 - low))
    assert of(np.full(50, 0.3), share) == pytest.approx((0.3, 0.3))


def test_an_event_that_costs_much_and_was_not_met_lowers_the_bound():
    payoffs = np.random.default_rng(1).normal(40.0, 8.0, 50)
    (low, high), (lower, same) = of(payoffs), of(payoffs, limits(fall=600.0))
    assert same == high
    assert lower < low - 0.05 * 600.0
    assert of(-payoffs, limits(rise=600.0)) == pytest.approx((-same, -lower))


@pytest.mark.parametrize(
    ("draw", "mean"),
    [
        (lambda random, shape: random.exponential(size=shape), 1.0),
        (lambda random, shape: random.lognormal(sigma=0.8, size=shape), math.exp(0.32)),
        (lambda random, shape: -random.gamma(0.5, size=shape), -0.5),
        (lambda random, shape: random.uniform(size=shape), 0.5),
        (lambda random, shape: random.standard_t(5, size=shape), 0.0),
        (lambda random, shape: random.poisson(0.08, shape) * random.exponential(size=shape), 0.08),
    ],
)
@pytest.mark.parametrize("runs", [30, 200])
def test_skewed_samples_are_covered(draw, mean, runs):
    """Columns are repeats; Student's t covers 90 % of the lognormal ones and 80 % of the last at 30 runs."""
    values = draw(np.random.default_rng(5), (runs, 4000))
    one = np.ones_like(values)
    known = Limits.none(4000)
    if values.min() == 0.0:
        known = Limits(np.zeros(4000), np.full(4000, np.inf), known.chance, np.ones(4000), known.fall)
    low, high = interval(Powers.of(values, one).spread(known), known)
    coverage = ((low <= mean) & (mean <= high)).mean()
    print(f"\n{runs} runs: {coverage:.4f}")
    few = values.min() == 0.0 and 0.08 * runs < 5.0  # events that a sample meets
    assert 0.93 < coverage < (0.995 if few else 0.99)


def test_powers_merge_and_are_those_of_the_deviations():
    random = np.random.default_rng(2)
    value, weight = random.exponential(size=(300, 2)), 2.0 + random.random((300, 2))
    whole = Powers.of(value, weight)
    parts = [Powers.of(value[s], weight[s]) for s in (slice(0, 0), slice(0, 7), slice(7, 8), slice(8, 300))]
    merged = parts[0].merge(parts[1]).merge(parts[2]).merge(parts[3])
    for name in ("value", "weight", "sums", "above", "below"):
        assert getattr(merged, name) == pytest.approx(getattr(whole, name), rel=1e-9, abs=1e-9), name
    assert len(POWERS) == len(whole.sums)
    spread = whole.spread(Limits.none(2))
    deviations = (value - spread.mean * weight) / weight.mean(axis=0)
    assert spread.mean == pytest.approx(value.mean(axis=0) / weight.mean(axis=0))
    for power, moment in ((2, spread.second), (3, spread.third), (4, spread.fourth)):
        assert moment == pytest.approx((deviations**power).mean(axis=0), rel=1e-9)


def test_controls_make_intervals_narrower_and_choose_without_looking():
    random = np.random.default_rng(3)
    runs, luck = np.arange(400), random.normal(size=(400, 5))
    value = luck[:, :1] + 0.5 * random.normal(size=(400, 1))
    halves = Halves.of(runs, value, np.ones_like(value), luck)
    mean, error = halves.ratio((1, 5))
    result = halves.interval(Limits.none(1), (1, 5))
    assert result.low < mean < result.high
    assert (result.high - result.low)[0] == pytest.approx(2.0 * 1.97 * error[0], rel=0.05)
    plain = halves.interval(Limits.none(1))
    assert result.high - result.low < 0.6 * (plain.high - plain.low)


def test_a_choice_among_many_controls_neither_bends_means_nor_flatters_errors():
    """Controls that explain nothing, nine numbers of them, few runs and a skewed outcome: the choice is the others'."""
    random = np.random.default_rng(4)
    means, stated = [], []
    for _ in range(2000):
        luck, value = random.normal(size=(60, 8)), random.standard_exponential((60, 1))
        mean, error = Halves.of(np.arange(60), value, np.ones_like(value), luck).ratio((1, 2, 3, 4, 5, 6, 7, 8))
        means.append(mean[0])
        stated.append(error[0] ** 2)
    bias = (np.mean(means) - 1.0) / (np.std(means) / math.sqrt(len(means)))
    print(f"\nbias {bias:.2f} standard errors; variance stated {np.mean(stated) / np.var(means):.3f} of the true one")
    assert abs(bias) < 3.5
    assert 0.87 < np.mean(stated) / np.var(means) < 1.15


def test_rare_winners_are_not_printed_as_certain():
    """50 runs in none of which China is first, as happens in 3 of 100 such samples."""
    result = estimate("us-china-2026-v1", runs=50, seed=10025)
    us, china = result["winner.us"], result["winner.china"]
    assert (china.mean, china.events) == (0.0, 0.0)
    assert us.low < 0.931 < us.high <= 1.0
    assert china.low == 0.0 < 0.0685 < china.high


@pytest.mark.parametrize("estimator", ["integrated", "sampled"])
def test_intervals_lie_within_bounds_and_around_means(estimator):
    for runs in (2, 40, 400):
        result = estimate("us-china-2026", runs=runs, seed=3, estimator=estimator)
        for key, item in result.outcomes.items():
            low, high = item.outcome.bounds
            assert low <= item.low <= item.high <= high, key
            assert item.low - 1e-12 <= item.mean <= item.high + 1e-12, key


def test_a_single_run_says_little_and_nobody_nothing():
    one = estimate("duopoly-v1", runs=1)
    assert math.isnan(one["lead"].low)
    assert one.to_dict()["outcomes"]["lead"]["low"] is None
    assert one["winner.east"].high - one["winner.east"].low > 0.97
    doomed = Scenario.load("duopoly-v1").replace({
        "incidents.mishap_hazard": 100.0, "incidents.catastrophe_probability": 1.0, "time.horizon": 2,
    })  # fmt: skip
    result = estimate(doomed, runs=50, estimator="sampled")
    assert math.isnan(result["lead"].high)
    assert result["catastrophe_probability"].low == pytest.approx(0.025 ** (1 / 50))


def test_what_a_scenario_cannot_have_is_certain():
    race, treaty = Scenario.load("duopoly"), {"nations.east.policy": "treaty", "nations.west.policy": "treaty"}
    assert estimate(race, runs=20)["suspensions"].high == 0.0
    assert estimate(race.replace(treaty), runs=20)["suspensions"].high > 0.1


def test_summaries_have_the_same_intervals():
    for runs, estimator in ((30, "sampled"), (500, "integrated")):
        table = summarise(simulate("duopoly", runs, 4, estimator))
        for key, item in estimate("duopoly", runs, 4, estimator).outcomes.items():
            for name in ("low", "high", "events"):
                assert table.loc[key, name] == pytest.approx(getattr(item, name), rel=1e-6, abs=1e-9, nan_ok=True), key


def test_every_outcome_declares_bounds_that_its_runs_keep():
    runs = simulate("us-china-2026", 300, 6)
    for outcome in OUTCOMES:
        values, (low, high) = runs[outcome.variable].values, outcome.bounds
        assert low <= values.min(), outcome.name
        assert values.max() <= high + 1e-12, outcome.name
    declared = {outcome.name for _, outcome in keys(Scenario.load("duopoly")) if outcome.events}
    assert declared == {
        "catastrophe_probability", "mishaps", "suspensions", "breakthroughs", "welfare", "winner_none", "payoff",
        "perceived_payoff", "winner",
    }  # fmt: skip


@pytest.fixture
def outcomes_kept():
    before = list(OUTCOMES)
    yield
    OUTCOMES[:] = before


def test_an_added_outcome_declares_bounds_and_events(outcomes_kept):
    def never(records):
        return np.zeros(len(records.worlds))

    for events, high in (("chance", 1.0), ("count", math.inf), ("", 1.0)):
        add_outcome("never", "1", "does not occur", never, bounds=(0.0, high), events=events)
        item = estimate("duopoly", runs=50)["never"]
        assert (item.low, item.events) == (0.0, 0.0)
        assert item.high == pytest.approx(0.072, abs=0.003)
    add_outcome("never", "1", "does not occur", never)
    assert estimate("duopoly", runs=50)["never"].high == 0.0


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"bounds": (1.0, 0.0)}, "bounds: must be two numbers, the lower first, got"),
        ({"bounds": 3}, "bounds: must be two numbers"),
        ({"bounds": (0.0, 2.0), "events": "chance"}, "bounds: of a chance must be"),
        ({"events": "cost"}, "events"),
    ],
)
def test_bounds_and_events_that_cannot_be_are_refused(wrong, message, outcomes_kept):
    with pytest.raises(InputError, match=message):
        add_outcome("never", "1", "does not occur", lambda records: np.zeros(len(records.worlds)), **wrong)


def test_the_printed_table_has_intervals_and_says_where_no_event_was_met():
    lines = outcome_table(estimate("us-china-2026-v1", runs=50, seed=10025)).splitlines()
    us, china, never = (next(line for line in lines if f" {key} " in line) for key in
                        ("winner.us", "winner.china", "treaty_in_force"))  # fmt: skip
    assert "[0.929, 1.000]" in us
    assert "no event in 50 runs: below 0.071 at 95 %" in china
    assert "event" not in never


def test_a_run_that_leaves_a_bound_by_rounding_alone_has_not_left_it():
    """A path average of 1 - 1.1e-16 among nine of 1: the bound is that of ten of 1, where it was NaN."""
    value = np.ones((10, 2))
    value[2, 0] -= 1.1e-16
    limits = Limits(*(np.array([one, one]) for one in (0.0, 1.0, False, 0.0, 0.0)))
    low, high = interval(Powers.of(value, np.ones_like(value)).spread(limits), limits)
    assert low[0] == low[1] == pytest.approx(0.025**0.1)
    assert high.tolist() == [1.0, 1.0]
