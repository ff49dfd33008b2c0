"""Do the intervals that are printed cover the truth in 95 of 100 samples?

Question: how often does the 95 % interval of an estimate, and of a paired difference of payoffs, hold the expected
value, by outcome, estimator and number of runs? Design: us-china-2026 and duopoly under both estimators; repeat r of n
runs is runs r n to (r + 1) n - 1 of one seed, up to 2,000 repeats of 50, 200 and 1,000 runs, as many as the simulated
runs hold; all outcomes, controls and all as ``race_sim.estimate`` has them. Differences are those of both nations'
payoffs between a first nation that slows down alone and one that races, as in the policy game. Truth is the mean of
200,000 runs of another seed. Events expected are those of the outcome (runs that are worth 1, or 0 where that is rarer;
runs away from a bound; for a difference of payoffs, where catastrophes are drawn, runs in which one world has one and
the other does not, on the side that has fewer) or, where the outcome has none, n c2^3 / c3^2 by the cumulants of a run,
whichever are fewer.
Prediction, written down before this run, after the method was derived and tried on another seed: (1) no interval covers
less than 95 % minus 3 binomial errors minus 1 %; (2) where more than five events are expected, none covers more than
99 %, whole samples without any spread apart; (3) mean plus or minus 1.96 standard errors, as printed so far, covers
less than that bound for a quarter of the outcomes at 50 runs, and in the worst cases, the rare events, not even half;
(4) where more than fifty events are expected, intervals are within 10 % of 3.92 standard errors on average.
A first run, of 400,000 and 100,000 paired runs, denied (1) for payoff.china_3 at 50 runs (.920 and .923: a heavy tail
that 50 runs seldom show); intervals have allowed for a standard error of the skewness since.
Then the same where a precision is asked for (``--target-error``): 1,000 points that differ in a parameter that does
nothing, each with streams of its own. And for the intervals of Sobol indices: functions whose indices are known, 2,000
designs of 256 and 1,024 samples, and the risk in a duopoly over three parameters, 400 designs of 256 samples, of which
the truth is what 16,384 samples say.
Prediction, written down before the run, after the intervals of indices were tried on 2,000 other designs of these
functions: (5) with a target no interval covers less than that bound, nor, where more than five events are expected,
more than 99 %, and the mean of what was to be precise is within one target^2 of the truth, or 3 standard errors; (6) no
interval of an index covers less, or more than 99 %.
In a first run, in which the least error of all runs chose how many controls an outcome has, mishaps of the duopoly came
out 1.4 % low with a target, beyond what (5) allows. Since then each half of the runs has the number that the other half
chooses (race_sim/kernels/means.py). Prediction, written down before the run with it: (5) holds whole, and (1) to (4)
and (6) hold as they did.
After that run: mishaps of the duopoly are 1.37 % low still. The choice between numbers of controls is not at fault;
the rule is that events of which a half has met fewer than 30 are not used, as it looks at the events themselves, of
which a nation expects little more there: without it 500 other samples had no bias. Means will change by a mend, as all
results will be computed again.
"""

import argparse
import itertools
import os
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import numpy as np
import pandas as pd

from experiments._base.results import RESULTS, ExperimentResult, publish, verdict
from experiments.honest_errors import indices, targets
from experiments.honest_errors.samples import LEAST, RUNS, SEED, covered
from race_sim import Scenario
from race_sim.runs.provenance import provenance
from race_sim.runs.sampling import ESTIMATORS

SCENARIOS = ("us-china-2026", "duopoly")
FULL, QUICK = (2000, 2_000_000, 400_000, 200_000), (20, 2000, 1000, 2000)  # repeats, runs, paired runs, runs of truth
FULL_REST, QUICK_REST = (1000, 2000, 400, 16384), (4, 4, 2, 256)  # repeats of targets, functions, race; its truth
MOST, MARGIN, FEW = 0.99, 0.01, 5.0
LISTED = 12  # worst cases in words


def bound(table: pd.DataFrame) -> pd.Series:
    """The least coverage that is allowed, by row."""
    return LEAST - 3.0 * table["coverage_error"] - MARGIN


def of_samples(table: pd.DataFrame) -> list[str]:
    """What came of the first four parts of the prediction."""
    moving = table[table["point"] < 1.0]
    least = bound(moving)
    low, normal = moving[moving["coverage"] < least], moving[moving["normal_coverage"] < least]
    many = moving[moving["events"] > FEW]
    high = many[many["coverage"] > MOST]
    fifty = moving[moving["runs"] == min(RUNS)]
    short = len(normal[normal["runs"] == min(RUNS)]) / len(fifty)
    wide = moving[moving["events"] > 50.0]["relative_width"]
    worst = moving.loc[moving["coverage"].idxmin()]
    rare = moving[moving["one_sided"] > 0.0]
    sides, held = rare["one_sided"], rare["one_sided"] * rare["one_sided_coverage"]
    lines = [
        verdict(1, low.empty, f"{len(low)} of {len(moving)} intervals cover less; the least is {_case(worst)}"),
        verdict(2, high.empty, f"{len(high)} of {len(many)} with more than {FEW:g} events cover more than {MOST}"),
        verdict(3, short > 0.2 and fifty["normal_coverage"].min() < 0.5,
                f"1.96 errors cover too little for {100 * short:.0f} % of outcomes at {min(RUNS)} runs, the least "
                f"{fifty['normal_coverage'].min():.3f}"),
        verdict(4, bool((wide - 1.0).abs().max() < 0.1), f"relative widths from {wide.min():.2f} to {wide.max():.2f}"),
        f"One-sided intervals: at {len(rare)} of the rows, {100 * sides.sum() / len(rare):.0f} % of samples there, of "
        f"which {100 * held.sum() / sides.sum():.1f} % hold the truth; all samples of such a row, at least "
        f"{rare['coverage'].min():.3f}.",
    ]  # fmt: skip
    return lines + _listed(low, high)


def _listed(low: pd.DataFrame, high: pd.DataFrame) -> list[str]:
    lines = [f"- too low: {_case(row)}" for _, row in low.nsmallest(LISTED, "coverage").iterrows()]
    return lines + [f"- too high: {_case(row)}" for _, row in high.nlargest(LISTED, "coverage").iterrows()]


def _case(row: pd.Series) -> str:
    where = f"{row['scenario']}, {row['estimator']}, {row['runs']:.0f} runs"
    return f"{row['outcome']} ({where}; {row['events']:.3g} events): {row['coverage']:.3f} of {row['repeats']} samples"


def of_targets(table: pd.DataFrame) -> list[str]:
    """What came of the fifth part."""
    moving = table[table["point"] < 1.0]
    low = moving[moving["coverage"] < bound(moving)]
    many = moving[moving["events"] > FEW]
    high = many[many["coverage"] > MOST]
    asked = [f"{outcome}:" for outcome in table["outcome"]]
    precise = table[[target.startswith(key) for target, key in zip(table["target"], asked, strict=True)]]
    percent = precise["target"].str.partition(":")[2].str.rstrip("%").astype(float)
    allowed = np.maximum((percent / 100.0) ** 2, 3.0 * percent / 100.0 / np.sqrt(precise["repeats"]))
    biased = precise[precise["relative_bias"].abs() > allowed]
    worst = moving.loc[moving["coverage"].idxmin()]
    detail = (
        f"with a target, {len(low)} of {len(moving)} intervals cover less, {len(high)} of {len(many)} with more than "
        f"{FEW:g} events more than {MOST}; the least is {_case(worst)}; relative bias of what was to be precise: "
        + ", ".join(
            f"{100 * bias:+.2f} % ({100 * most:.2f} % allowed)"
            for bias, most in zip(precise["relative_bias"], allowed, strict=True)
        )
    )
    return [verdict(5, low.empty and high.empty and biased.empty, detail), *_listed(low, high)]


def of_indices(table: pd.DataFrame) -> list[str]:
    """What came of the last part."""
    moving = table[table["width"] > 0.0]
    low, high = moving[moving["coverage"] < bound(moving)], moving[moving["coverage"] > MOST]
    worst = moving.loc[moving["coverage"].idxmin()]
    detail = (
        f"of {len(moving)} intervals of indices, {len(low)} cover less, {len(high)} more than {MOST}; "
        f"the least is {_index(worst)}"
    )
    lines = [f"- too low: {_index(row)}" for _, row in low.nsmallest(LISTED, "coverage").iterrows()]
    lines += [f"- too high: {_index(row)}" for _, row in high.nlargest(LISTED, "coverage").iterrows()]
    return [verdict(6, low.empty and high.empty, detail), *lines]


def _index(row: pd.Series) -> str:
    return (
        f"{row['index']} of input {row['input']} of {row['function']} ({row['samples']} samples): "
        f"{row['coverage']:.3f} of {row['repeats']} designs"
    )


def _rows(case: tuple[Scenario, str, tuple[int, int, int, int]]) -> list[dict[str, object]]:
    return list(covered(*case))


def compute(options: argparse.Namespace) -> ExperimentResult:
    """Coverage of everything."""
    size, rest = (QUICK, QUICK_REST) if options.quick else (FULL, FULL_REST)
    if options.kept:
        table = pd.read_csv(RESULTS / "honest_errors" / "table.csv")
    else:
        cases = list(itertools.product(map(Scenario.load, SCENARIOS), ESTIMATORS, [size]))
        with ProcessPoolExecutor(min(len(cases), os.cpu_count() or 1)) as pool:
            table = pd.DataFrame(itertools.chain.from_iterable(pool.map(_rows, cases)))
    tables = {
        "table.csv": table,
        "indices.csv": pd.DataFrame(indices.rows(*rest[1:])),
        "targets.csv": pd.DataFrame(
            targets.rows(rest[0], size[3], table, None if options.sweep is None else Path(options.sweep))
        ),
    }
    text = {**provenance(Scenario.load(SCENARIOS[0]), SEED, ESTIMATORS[0]), "scenarios": SCENARIOS,
            "estimators": ESTIMATORS, "repeats, runs, paired runs, runs of truth": size,
            "repeats with a target, of functions, of the race, samples of its truth": rest}  # fmt: skip
    words = [*of_samples(table), *of_targets(tables["targets.csv"]), *of_indices(tables["indices.csv"])]
    return ExperimentResult(tables, text, words)


def main(arguments: list[str] | None = None) -> None:
    """Run it, and write and print what was found."""
    more = {
        "--kept": "yes: take the table of runs from results/, and compute what targets and indices need",
        "--sweep": "keep the sweeps behind the targets in this folder, and go on from there",
    }
    publish("honest_errors", __doc__, compute, arguments, more)


if __name__ == "__main__":
    main()
