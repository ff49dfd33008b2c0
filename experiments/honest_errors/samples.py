"""How often intervals of means over runs hold the truth, by blocks of one long simulation."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache

import numpy as np

from race_sim import Scenario
from race_sim.kernels.run import run_block
from race_sim.nations.policy_games import Profiles, less_luck
from race_sim.runs.controls import Controls, martingales
from race_sim.runs.estimation import columns
from race_sim.runs.intervals import Limits, Spread
from race_sim.runs.moments import Halves
from race_sim.runs.outcomes import OUTCOMES, Outcome, Real, keys
from race_sim.runs.powers import Powers, interval_of
from race_sim.runs.records import build
from race_sim.runs.sampling import Sampling

RUNS = (50, 200, 1000)
BLOCK = max(RUNS)  # a multiple of all
SEED, TRUTH_SEED = 20260, 777
LEAST = 0.95


@dataclass(frozen=True)
class Block:
    """Some consecutive runs: numbers, numerators, weights, luck, payoffs; the last two where the first nation slows."""

    numbers: np.ndarray
    value: Real
    weight: Real
    luck: Real
    payoffs: Real
    slow: tuple[Real, Real] | None

    def part(self, first: int, count: int) -> "Block":
        """Runs ``first`` to ``first + count - 1`` of it."""
        s = slice(first, first + count)
        slow = None if self.slow is None else (self.slow[0][s], self.slow[1][s])
        return Block(self.numbers[s], self.value[s], self.weight[s], self.luck[s], self.payoffs[s], slow)


@dataclass
class Score:
    """What the repeats of one scenario, estimator and number of runs have shown so far, per outcome."""

    truth: Real
    repeats: int = 0
    sums: dict[str, Real] = field(default_factory=dict)

    def add(self, mean: Real, error: Real, low: Real, high: Real, bounds: tuple[Real, Real]) -> None:
        """Count one repeat."""
        near = 1e-9 * np.abs(self.truth)
        covered = (low <= self.truth + near) & (self.truth - near <= high)
        one_sided = ((low <= bounds[0]) != (high >= bounds[1])) & (low < high)
        self.repeats += 1
        for name, value in {
            "covered": covered,
            "normal": np.abs(mean - self.truth) <= 1.96 * error + near,
            "mean": mean,
            "width": high - low,
            "error": error,
            "one_sided": one_sided,
            "one_sided_covered": one_sided & covered,
            "point": low == high,
        }.items():
            self.sums[name] = self.sums.get(name, 0.0) + np.asarray(value, dtype=float)


def blocks(scenario: Scenario, estimator: str, seed: int, runs: int, paired: int) -> Iterator[Block]:
    """Runs in blocks of ``BLOCK``; the first ``paired`` of them with the first nation slowing down as well."""
    slowed = scenario.replace({f"nations.{scenario.nation_names[0]}.policy": "unilateral_slowdown"})

    def batch(numbers: np.ndarray) -> tuple[np.ndarray, ...]:
        records = build(scenario, seed, numbers, estimator)
        run_block(*records)
        parts = (numbers, *columns(records), martingales(records), records.nations["payoff"].copy())
        if numbers[0] >= paired:
            return (*parts, parts[-1][:0], parts[-2][:0])
        others = build(slowed, seed, numbers, estimator)
        run_block(*others)
        return (*parts, others.nations["payoff"].copy(), martingales(others))

    held: list[tuple[np.ndarray, ...]] = []
    for part in Sampling(runs, seed, estimator).batches(batch, f"{scenario.name}, {estimator}"):
        held.append(part)
        while sum(len(one[0]) for one in held) >= BLOCK:
            whole = [np.concatenate(arrays) for arrays in zip(*held, strict=True)]
            held = [tuple(array[BLOCK:] for array in whole)]
            first = [array[:BLOCK] for array in whole]
            yield Block(*first[:5], (first[5], first[6]) if len(first[5]) == BLOCK else None)


def differences(controls: Controls, estimator: str, seed: int, block: Block) -> Real:
    """What slowing down changes in both nations' payoffs, less luck as in the policy game, (runs, nations)."""
    assert block.slow is not None
    payoffs = np.stack([block.slow[0], block.payoffs], axis=2)
    if estimator == "integrated":
        luck = np.stack([block.slow[1], block.luck], axis=2)
        payoffs = less_luck(controls, seed, block.numbers, Profiles(payoffs, luck, ()))
    result: Real = payoffs[:, :, 0] - payoffs[:, :, 1]
    return result


@lru_cache
def truths(scenario: Scenario, runs: int) -> tuple[Real, Real]:
    """Expected values of all outcomes and of both differences of payoffs."""
    controls, outcomes = Controls.of(scenario, runs), [outcome for _, outcome in keys(scenario)]
    small, total, sums = Controls.of(scenario, BLOCK), None, np.zeros(len(scenario.nations))
    for block in blocks(scenario, "integrated", TRUTH_SEED, runs, runs):
        control = controls.columns(TRUTH_SEED, block.numbers, block.luck)
        part = Halves.of(block.numbers, block.value, block.weight, control)
        total = part if total is None else total.merge(part)
        sums += differences(small, "integrated", TRUTH_SEED, block).sum(axis=0)
    assert total is not None
    return controls.estimates(total, outcomes)[0], sums / runs


def coverage_error(repeats: int) -> float:
    """Binomial standard error of the coverage that is stated, in so many samples."""
    return float(np.sqrt(LEAST * (1.0 - LEAST) / repeats))


def covered(scenario: Scenario, estimator: str, size: tuple[int, int, int, int]) -> Iterator[dict[str, object]]:
    """One row per outcome and number of runs."""
    repeats, runs, paired, runs_of_truth = size
    named = list(keys(scenario))
    outcomes = [outcome for _, outcome in named]
    limits = Limits.of(scenario, estimator, outcomes)
    bounds, free = (limits.low, limits.high), (np.full(2, -np.inf), np.full(2, np.inf))
    cost = Outcome.event(next(o for o in OUTCOMES if o.variable == "nation_payoff"), scenario, estimator)[2]
    truth, gain = truths(scenario, runs_of_truth)
    scores = {n: Score(truth) for n in RUNS}
    pairs = {n: Score(gain) for n in RUNS}
    controls = {n: Controls.of(scenario, n, estimator) for n in RUNS}
    whole: Powers | None = None
    spread_of_pairs: Powers | None = None
    apart = np.zeros((2, 2))
    for block in blocks(scenario, estimator, SEED, runs, paired):
        part = Powers.of(block.value, block.weight)
        whole = part if whole is None else whole.merge(part)
        if block.slow is not None:
            change = differences(controls[BLOCK], estimator, SEED, block)
            apart += [(change < -0.5 * cost).sum(axis=0), (change > 0.5 * cost).sum(axis=0)]
            part = Powers.of(change, np.ones_like(change))
            spread_of_pairs = part if spread_of_pairs is None else spread_of_pairs.merge(part)
        for n in RUNS:
            for first in range(0, BLOCK, n):
                if scores[n].repeats == repeats:
                    break
                sample = block.part(first, n)
                control = controls[n].columns(SEED, sample.numbers, sample.luck)
                halves = Halves.of(sample.numbers, sample.value, sample.weight, control)
                result = controls[n].intervals(halves, outcomes, estimator)
                scores[n].add(*controls[n].estimates(halves, outcomes), result.low, result.high, bounds)
                if sample.slow is not None:
                    change = differences(controls[n], estimator, SEED, sample)
                    error = change.std(axis=0, ddof=1) / np.sqrt(n)
                    pairs[n].add(change.mean(axis=0), error, *interval_of(change, cost), free)
    assert whole is not None
    assert spread_of_pairs is not None
    names = [key for key, _ in named], [f"payoff.{name}, slowing less racing" for name in scenario.nation_names]
    rarer = apart.min(axis=0) / spread_of_pairs.runs if cost > 0.0 else np.full(2, np.inf)
    for n in RUNS:
        expectations = (
            events_expected(whole.spread(limits), limits, n),
            np.minimum(events_expected(spread_of_pairs.spread(Limits.none(2)), Limits.none(2), n), n * rarer),
        )
        for score, labels, expected in zip((scores[n], pairs[n]), names, expectations, strict=True):
            for place, (name, events) in enumerate(zip(labels, expected, strict=True)):
                yield {"scenario": scenario.name, "estimator": estimator, "runs": n, "outcome": name, "events": events,
                       "repeats": score.repeats, **summed(score, place)}  # fmt: skip


def summed(score: Score, place: int) -> dict[str, float]:
    """Frequencies and means over repeats, of one outcome."""
    count = score.repeats
    mean = {name: float(values[place]) / count for name, values in score.sums.items()}
    bounds = mean["one_sided"]
    return {
        "coverage": mean["covered"],
        "coverage_error": coverage_error(count),
        "normal_coverage": mean["normal"],
        "width": mean["width"],
        "relative_width": mean["width"] / (3.92 * mean["error"]) if mean["error"] > 0.0 else np.nan,
        "one_sided": bounds,
        "one_sided_coverage": mean["one_sided_covered"] / bounds if bounds > 0.0 else np.nan,
        "point": mean["point"],
    }


def events_expected(spread: Spread, limits: Limits, runs: int) -> Real:
    """How many events so many runs meet on average: the outcome's own, or by its cumulants, whichever are fewer."""
    with np.errstate(divide="ignore", invalid="ignore"):
        by_cumulants = np.where(spread.second > 0.0, spread.second**3 / spread.third**2, np.inf)
    away = np.minimum(spread.above, spread.below) / spread.runs
    own = np.where(limits.chance, np.minimum(spread.mean, 1.0 - spread.mean), np.where(away < 1.0, away, np.inf))
    result: Real = runs * np.where(limits.chance, own, np.minimum(own, by_cumulants))
    return result
