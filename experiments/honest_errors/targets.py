"""How often intervals hold the truth where a precision is asked for and other runs decide how many there are."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pandas as pd

from experiments.honest_errors.samples import SEED, Score, coverage_error, truths
from race_sim import Scenario, sweep
from race_sim.runs.intervals import Limits
from race_sim.runs.outcomes import keys
from race_sim.sweeps.engine import table

TARGETS = (  # scenario, estimator, target
    ("us-china-2026", "integrated", "catastrophe_probability:5%"),
    ("us-china-2026", "integrated", "mishaps:5%"),
    ("us-china-2026", "sampled", "mishaps:10%"),
    ("duopoly", "integrated", "mishaps:10%"),
    ("duopoly", "sampled", "mishaps:10%"),
)
INERT = "cooperation.penalty"  # of a defection, where all race
FIRST = 50  # runs, at least


def rows(repeats: int, runs_of_truth: int, samples: pd.DataFrame, folder: Path | None) -> Iterator[dict[str, object]]:
    """One row per target and outcome; events per run are those of ``samples``, the table of fixed numbers of runs.

    folder: where the sweeps are kept, so that another start goes on.
    """
    for name, estimator, target in TARGETS:
        scenario = Scenario.load(name)
        outcomes = [key for key, _ in keys(scenario)]
        points = table({INERT: np.linspace(0.0, 1.0, repeats)}, streams="own")
        out = None if folder is None else folder / f"{name}-{estimator}-{target.partition(':')[0]}"
        swept = sweep(scenario, points, FIRST, SEED, outcomes, out, target_error=target, estimator=estimator)
        truth, _ = truths(scenario, runs_of_truth)
        limits = Limits.of(scenario, estimator, [outcome for _, outcome in keys(scenario)])
        score = Score(truth)
        columns = (swept[key].values for key in ("mean", "standard_error", "low", "high"))
        for mean, error, low, high in zip(*columns, strict=True):
            score.add(mean, error, low, high, (limits.low, limits.high))
        count, runs = score.repeats, float(swept["runs"].mean())
        known = samples[(samples["scenario"] == name) & (samples["estimator"] == estimator)]
        per_run = (known["events"] / known["runs"]).groupby(known["outcome"], sort=False).last()
        for place, key in enumerate(outcomes):
            yield {
                "scenario": name,
                "estimator": estimator,
                "target": target,
                "runs": runs,
                "outcome": key,
                "events": runs * float(per_run[key]),
                "repeats": count,
                "coverage": float(score.sums["covered"][place]) / count,
                "coverage_error": coverage_error(count),
                "point": float(score.sums["point"][place]) / count,
                "relative_bias": float(score.sums["mean"][place]) / count / truth[place] - 1.0 if truth[place] else 0.0,
            }
