"""Which way to cooperate does least harm, whatever of our assumptions is wrong?

Question: over everything in us-china-2026 that is only assumed, which pair of policies of the nations has the least
regret in welfare, which keeps the risk of a catastrophe lowest, and where does the best one fail? Design: a Latin
hypercube over all assumed parameters at once, all pairs of policies on the same points and the same luck; regret is
what the best pair at a point would have gained there; scenario discovery (PRIM) looks for the assumptions under which
the pair of least maximal regret is worse than a race. Prediction: a standard kept by both has the least regret, and
fails where a catastrophe costs little and the gap breeds few mishaps.
"""

import argparse

import numpy as np
import pandas as pd
from scipy.stats import ks_2samp

from experiments._base.results import ExperimentResult, publish
from experiments.figures.robust_cooperation import KINDS as KINDS
from race_sim import Scenario, sweep
from race_sim.runs.provenance import provenance
from race_sim.solvers.robustness import Box, pareto_front, prim, regret
from race_sim.sweeps.engine import latin_hypercube, table
from race_sim.sweeps.evaluate import space
from race_sim.sweeps.sensitivity import assumed

ANSWER = (
    "shared fundamentals have the least regret, a standard that both keep the lowest risk; neither is best everywhere"
)

SCENARIO = "us-china-2026"
PROFILES = {
    "both race": ("race", "race"),
    "both slow down": ("unilateral_slowdown", "unilateral_slowdown"),
    "both share fundamentals": ("fundamentals", "fundamentals"),
    "treaty kept": ("treaty", "treaty"),
    "China cheats on treaty": ("treaty", "covert_defection"),
    "US slows alone": ("unilateral_slowdown", "race"),
}
RISK, SEED = "catastrophe_probability", 1
INPUTS, COVERED = 6, 1 / 3  # inputs that a box may limit, and the share of failures that it must hold


def cloud(samples: int, runs: int, out: str | None) -> tuple[pd.DataFrame, np.ndarray, np.ndarray]:
    """The assumptions at every point, and welfare and risk (points, profiles) on the same luck."""
    scenario = Scenario.load(SCENARIO)
    design = latin_hypercube(samples, *assumed(scenario), seed=SEED)
    points = pd.DataFrame(design.points(space(scenario)).columns)
    nations = ("nations.us.policy", "nations.china.policy")
    rows = [points.assign(**dict(zip(nations, policies, strict=True))) for policies in PROFILES.values()]
    means = sweep(scenario, table(pd.concat(rows)), runs, SEED, ["welfare", RISK], out)["mean"]
    welfare, risk = (means.sel(outcome=key).values.reshape(len(PROFILES), -1).T for key in ("welfare", RISK))
    return points, welfare, risk


def summary(welfare: np.ndarray, risk: np.ndarray) -> pd.DataFrame:
    """One row per profile. Welfare by its median: its mean lies in a few points where the market explodes."""
    lost = regret(welfare)
    front = pareto_front(np.column_stack([np.median(welfare, axis=0), -risk.mean(axis=0)]))
    return pd.DataFrame({
        "profile": list(PROFILES), "median_welfare": np.median(welfare, axis=0), "mean_risk": risk.mean(axis=0),
        "mean_regret": lost.mean(axis=0), "regret_90": np.quantile(lost, 0.9, axis=0), "max_regret": lost.max(axis=0),
        "best_at": (lost == 0.0).mean(axis=0), "worse_than_race_at": (welfare < welfare[:, :1]).mean(axis=0),
        "pareto": front,
    })  # fmt: skip


def most_separating(points: pd.DataFrame, fails: np.ndarray) -> pd.DataFrame:
    """The inputs whose distributions differ most between failures and the rest (Kolmogorov-Smirnov)."""
    if not 0 < fails.sum() < len(fails):
        return points.iloc[:, :INPUTS]
    apart = [-ks_2samp(points.loc[fails, name], points.loc[~fails, name]).statistic for name in points]
    return points.iloc[:, np.argsort(apart, kind="stable")[:INPUTS]]


def described(points: pd.DataFrame, boxes: list[Box]) -> tuple[Box, list[str]]:
    """The box of highest density among those that hold enough of the failures, and its limits in words."""
    box = max((box for box in boxes if box.coverage >= COVERED or box is boxes[0]), key=lambda box: box.density)
    words = []
    for column in box.limited:
        values = points.iloc[:, column]
        above = f"above {box.low[column]:.3g}" if box.low[column] > values.min() else ""
        below = f"below {box.high[column]:.3g}" if box.high[column] < values.max() else ""
        words.append(f"{points.columns[column]} {' and '.join(filter(None, (above, below)))}")
    return box, words


def findings(points: pd.DataFrame, welfare: np.ndarray, by_profile: pd.DataFrame, runs: int) -> list[str]:
    """The main results in words; every number is read off the tables."""
    safe = by_profile.sort_values("max_regret").iloc[0]
    usual, low = by_profile.sort_values("mean_regret").iloc[0], by_profile.sort_values("mean_risk").iloc[0]
    front = by_profile.loc[by_profile["pareto"], "profile"]
    race, mostly = by_profile.iloc[0], by_profile.sort_values("regret_90").iloc[0]
    lines = [
        f"{len(points)} points over {points.shape[1]} assumed parameters, {runs} runs at each, "
        f"{len(by_profile)} profiles on the same luck; welfare in yearly market values of 2026:",
        f"- Least maximal regret: {safe['profile']} ({safe['max_regret']:.3g}; both race: {race['max_regret']:.3g}).",
        f"- Least regret that one point in ten exceeds: {mostly['profile']} ({mostly['regret_90']:.3g}; both race: "
        f"{race['regret_90']:.3g}).",
        f"- Least mean regret: {usual['profile']} ({usual['mean_regret']:.3g}; both race: {race['mean_regret']:.3g}).",
        f"- Lowest mean risk of a catastrophe: {low['profile']} ({100 * low['mean_risk']:.2g} %; both race: "
        f"{100 * race['mean_risk']:.2g} %).",
        f"- On the front of median welfare and mean risk: {', '.join(front)}.",
    ]
    place = list(PROFILES).index(str(safe["profile"]))
    fails = welfare[:, place] < welfare[:, 0]
    inputs = most_separating(points, fails)
    box, words = described(inputs, prim(inputs, fails))
    lines.append(
        f"- {safe['profile']} has less welfare than a race at {100 * fails.mean():.0f} % of the points; at "
        f"{100 * box.density:.0f} % where {'; '.join(words) or 'anything holds'} (which covers "
        f"{100 * box.coverage:.0f} % of these points)."
    )
    return lines


def point_table(welfare: np.ndarray, risk: np.ndarray) -> pd.DataFrame:
    """One row per profile and point of the assumptions."""
    points, profiles = welfare.shape
    return pd.DataFrame({
        "profile": np.repeat(list(PROFILES), points), "point": np.tile(np.arange(points), profiles),
        "welfare": welfare.T.ravel(), "risk": risk.T.ravel(), "regret": regret(welfare).T.ravel(),
    })  # fmt: skip


def compute(options: argparse.Namespace) -> ExperimentResult:
    """Sweep, and put the results into words."""
    samples, runs = (20, 2) if options.quick else (1000, 16)
    points, welfare, risk = cloud(samples, runs, options.sweep)
    by_profile = summary(welfare, risk)
    origin = {**provenance(Scenario.load(SCENARIO), SEED, "integrated"), "samples": samples, "runs": runs,
            "profiles": PROFILES, "parameters": list(points.columns)}  # fmt: skip
    return ExperimentResult({"table.csv": by_profile, "points.csv": point_table(welfare, risk)}, origin,
                 findings(points, welfare, by_profile, runs))  # fmt: skip


def main(arguments: list[str] | None = None) -> None:
    """Run it, and write and print its results."""
    publish(
        "robust_cooperation",
        __doc__,
        compute,
        arguments,
        {"--sweep": "keep the sweep behind it in this folder, and go on from there"},
    )


if __name__ == "__main__":
    main()
