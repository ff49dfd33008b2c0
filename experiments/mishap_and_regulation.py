"""Does the fear of a mishap discipline labs, and does a mishap that happens make the rest of the race safer?

Question 1: by how much do labs in us-china-2026 run less risk because they expect a mishap to cost them trust and bring
regulation? Design: a grid of the part of a loss of trust that all labs share (commons_share) and of the strength of
regulation (a factor on the probabilities that a mishap moves it), each cell with labs that expect those losses
(anticipation 1) and with labs that do not (0), on the same draws.
Question 2: does a mishap in year t, a warning shot, raise or lower the risk of a catastrophe after t? Design: an
experiment inside each run, not a regression: the race runs to year t; in one copy a lab, drawn by its hazard, has a
mishap in the next period, in the other nobody has one; both go on with the same draws. Laws are those of the race (the
period of the intervention is played by its Mesa agents). The effect is that on the risk after t of races alive at t. It
is repeated without regulation, with only its floor or only its burden, and without loss of trust.
Prediction, written down before the run: fear takes less than a tenth off the risk anywhere on the grid, since labs
expect 0.16 mishaps within their horizon; a warning shot lowers the later risk by a tenth to a fifth, and it does so by
the floor of regulation; without regulation it changes nothing or makes things slightly worse, because trust lost takes
money from safety too; shots in mid-race do most, early ones are forgotten and late ones come too late.
"""

import argparse
from itertools import product

import numpy as np
import pandas as pd
from tqdm import tqdm

from experiments._base.paired import Real, mean_error
from experiments._base.results import ExperimentResult, publish
from experiments.figures.mishap_and_regulation import KINDS as KINDS
from race_sim import Lab, RaceModel, Scenario, simulate
from race_sim.kernels.run import run_block
from race_sim.runs.provenance import provenance
from race_sim.runs.records import Records, build

ANSWER = "hardly; and a mishap makes the rest of the race hardly safer either"

BASE = Scenario.load("us-china-2026")
HOME, ABROAD = BASE.regulation.home_probability, BASE.regulation.abroad_probability
FULL = {"commons": (0.0, 0.25, 0.5, 0.75, 1.0), "strength": (0.0, 0.5, 1.0, 1.5), "years": (1, 3, 5, 7, 9)}
QUICK = {"commons": (0.0, 1.0), "strength": (0.0, 1.0), "years": (2, 6)}
CONDITIONS = {
    "as it is": {},
    "only the floor of regulation": {"regulation.burden": 0.0, "trust.mishap_loss": 0.0},
    "only the burden of regulation": {"regulation.floor": 0.0, "trust.mishap_loss": 0.0},
    "only the loss of trust": {"regulation.home_probability": 0.0, "regulation.abroad_probability": 0.0},
}
NOBODY = -1
Grid = dict[str, tuple[float, ...]]


class Struck(Lab):
    """A lab whose mishap, in this period, is decided by the experiment: ``model.struck`` has one, nobody else has."""

    def risk_mishap(self) -> None:
        """As ever, but the mishap is not drawn."""
        super().risk_mishap()
        self.record["mishap"] = int(self.index == self.model.struck)


def intervene(scenario: Scenario, records: Records, seed: int, struck: np.ndarray) -> None:
    """Play the next period of every run with a mishap at the given lab (or at nobody); changes the records."""
    for row, lab in enumerate(struck):
        model = RaceModel(scenario, rng=seed, run=int(records.worlds["run"][row]), lab_class=Struck)
        model.struck = int(lab)
        for ours, theirs in zip(model.records, records, strict=True):
            ours[0] = theirs[row]
        model.step()
        for ours, theirs in zip(model.records, records, strict=True):
            theirs[row] = ours[0]


def branch(scenario: Scenario, year: float, runs: int, seed: int, shot: bool) -> tuple[Real, Real, Real, np.ndarray]:
    """Races with or without a mishap just after ``year``: survival until then, risk after, mean share after, who."""
    records = build(scenario, seed, np.arange(runs))
    records.worlds["periods"] = round(year / scenario.period_length)
    run_block(*records)
    hazard = records.labs["hazard"] / records.labs["hazard"].sum(axis=1, keepdims=True)
    luck = np.random.default_rng(seed).random(runs)
    drawn = np.minimum((hazard.cumsum(axis=1) < luck[:, np.newaxis]).sum(axis=1), hazard.shape[1] - 1)
    records.worlds["periods"] = scenario.periods
    intervene(scenario, records, seed, drawn if shot else np.full(runs, NOBODY))
    alive = records.worlds["survival"].copy()
    before = records.worlds["share_time"].copy(), records.worlds["time_alive"].copy()
    run_block(*records)
    share = (records.worlds["share_time"] - before[0]) / (records.worlds["time_alive"] - before[1])
    return alive, 1.0 - records.worlds["survival"] / alive, share, drawn


def weighted(values: Real, weights: Real) -> tuple[float, float]:
    """Mean of paired values over races alive, and its standard error to first order."""
    mean = float((values * weights).mean() / weights.mean())
    return mean, mean_error((values - mean) * weights / weights.mean())[1]


def warning_shots(grid: Grid, runs: int, seed: int) -> pd.DataFrame:
    """One row per condition and year: the effect of a mishap on the risk and on the shares after it."""
    rows = []
    for (name, changes), year in tqdm(list(product(CONDITIONS.items(), grid["years"])), desc="shots", unit="cell"):
        scenario = BASE.replace(changes)
        alive, risk, share, _ = branch(scenario, year, runs, seed, shot=True)
        _, calm, calm_share, _ = branch(scenario, year, runs, seed, shot=False)
        level = weighted(calm, alive)
        ratio = (risk * alive).mean() / (calm * alive).mean()
        relative_error = mean_error((risk - ratio * calm) * alive / (calm * alive).mean())[1]
        rows.append((name, year, *level, *weighted(risk - calm, alive), 100 * (ratio - 1), 100 * relative_error,
                     *weighted(share - calm_share, alive)))  # fmt: skip
    columns = ["condition", "year", "risk_without", "risk_without_error", "effect", "effect_error", "effect_percent",
               "effect_percent_error", "share_effect", "share_effect_error"]  # fmt: skip
    return pd.DataFrame(rows, columns=columns)


def fears(grid: Grid, runs: int, seed: int) -> pd.DataFrame:
    """One row per commons share and strength of regulation: risk and shares with and without anticipation."""
    rows = []
    for commons, strength in tqdm(list(product(grid["commons"], grid["strength"])), desc="fears", unit="cell"):
        pair = []
        for anticipation in (0.0, 1.0):
            scenario = BASE.replace({
                "trust.commons_share": commons, "lab.anticipation": anticipation,
                "regulation.home_probability": strength * HOME, "regulation.abroad_probability": strength * ABROAD,
            })  # fmt: skip
            pair.append(simulate(scenario, runs, seed, progress=False))
        risk, feared = (dataset["catastrophe_probability"].values for dataset in pair)
        share = pair[1]["safety_share"].values - pair[0]["safety_share"].values
        ratio = feared.mean() / risk.mean()
        error = mean_error(100 * (feared - ratio * risk) / risk.mean())[1]
        rows.append((commons, strength, *mean_error(risk), *mean_error(feared), 100 * (ratio - 1), error,
                     *mean_error(share)))  # fmt: skip
    columns = ["commons_share", "regulation_strength", "risk_fearless", "risk_fearless_error", "risk_fearful",
               "risk_fearful_error", "effect_percent", "effect_percent_error", "share_effect",
               "share_effect_error"]  # fmt: skip
    return pd.DataFrame(rows, columns=columns)


def findings(fear: pd.DataFrame, shots: pd.DataFrame) -> list[str]:
    """The main results in words, against the prediction."""

    def effect(row: pd.Series) -> str:
        return f"{row['effect_percent']:+.1f} % (s.e. {row['effect_percent_error']:.1f})"

    here = fear.sort_values(["commons_share", "regulation_strength"])
    home = here[here["commons_share"] == 1.0].set_index("regulation_strength").loc[1.0]
    most, least = (here.loc[f] for f in (here["effect_percent"].idxmin(), here["effect_percent"].idxmax()))
    real = shots[shots["condition"] == "as it is"].set_index("year")
    best = real["effect_percent"].idxmin()
    lines = [
        f"Fear of mishaps changes the risk of a catastrophe by {effect(home)} where the whole industry pays and "
        f"regulation is as measured, and labs' mean safety share by {home['share_effect']:+.4f} "
        f"(s.e. {home['share_effect_error']:.4f}); over the grid by {effect(most)} to {effect(least)}.",
        f"Risk of labs that fear, over the grid: {100 * fear['risk_fearful'].min():.3f} to "
        f"{100 * fear['risk_fearful'].max():.3f} %.",
        "A mishap (warning shot) changes the risk of a catastrophe after it by, for the year that it happens in:",
    ]
    for name, rows in shots.groupby("condition", sort=False):
        lines.append(f"- {name}: " + ", ".join(f"{row['year']:g}: {effect(row)}" for _, row in rows.iterrows()) + ".")
    floor = shots[shots["condition"] == "only the floor of regulation"].set_index("year")["effect_percent"]
    trust = shots[shots["condition"] == "only the loss of trust"].set_index("year")
    held = {
        "fear takes less than a tenth off the risk": (fear["effect_percent"] > -10).all(),
        "a warning shot lowers the later risk by a tenth to a fifth": real["effect_percent"].between(-20, -10).all(),
        "most of it by the floor": (floor < 0.5 * real["effect_percent"]).all(),
        "lost trust alone does not make the race safer": (trust["effect_percent"]
                                                          > -2 * trust["effect_percent_error"]).all(),
        "shots in mid-race do most": best not in (real.index.min(), real.index.max()),
    }  # fmt: skip
    verdicts = "; ".join(f"{words}: {'held' if ok else 'did not hold'}" for words, ok in held.items())
    return [*lines, f"Prediction: {verdicts}."]


def compute(options: argparse.Namespace) -> ExperimentResult:
    """Both parts."""
    grid, runs, seed = (QUICK, 12, 1) if options.quick else (FULL, 768, 1)
    fear, shots = fears(grid, runs, seed), warning_shots(grid, runs, seed)
    origin = {**provenance(BASE, seed, "integrated"), "runs": runs, "grid": grid, "conditions": CONDITIONS}
    return ExperimentResult({"fear.csv": fear, "warning_shots.csv": shots}, origin, findings(fear, shots))


def main(arguments: list[str] | None = None) -> None:
    """Run it, and write and print its results."""
    publish("mishap_and_regulation", __doc__, compute, arguments)


if __name__ == "__main__":
    main()
