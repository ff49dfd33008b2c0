"""Whose race is it: which failure of choice makes how much of the risk of a catastrophe?

Question: labs in us-china-2026 run more risk than a planner of the world would. How much of the excess comes from
each of five failures? Design: each failure can be mended by itself. In every cell labs play, every half year, the
equilibrium of a stage game in which they count what the mended failures name (race_sim.concerned_runs):

- short horizon: labs plan for 4 years; mended, for the 10 years that the race takes;
- uncounted stake: a catastrophe costs a lab its own stake; mended, also what it costs its nation and its compatriots;
- market at home: what a lab takes from its nation's other labs does not count; mended, their revenue and damages do;
- trust commons: the trust and the regulation that a lab's mishaps cost all others do not count; mended, they do;
- rivalry of nations: nothing that falls abroad counts; mended, foreign labs' revenue, damages and stakes and foreign
  nations' catastrophe costs do.

With none mended labs play the rule stage_nash; with stake and market at home mended a nation's labs act as one; with
all mended every lab serves the world. All 32 combinations run on the same draws; each failure's part is its Shapley
value, run by run, so that the parts sum to the excess exactly. Prediction (what was expected before a first trial of 24
runs per cell, though written down only after it, so not blind): the uncounted stake, fifty times a lab's own, makes the
largest part, rivalry of nations the second; the market at home and the trust commons add little, the horizon next to
nothing, since labs gain nothing by leaving their rule.
"""

import argparse
from itertools import combinations

import numpy as np
import pandas as pd
from matplotlib import pyplot as plt
from tqdm import tqdm

from experiments.paired import Real, bootstrap_error, mean_error, shapley
from experiments.results import folder, write_figure, write_provenance, write_table, write_text
from race_sim import Concerns, Scenario, concerned_runs
from race_sim.plots import contributions, estimates, house_style
from race_sim.simulation import provenance

SCENARIO = Scenario.load("us-china-2026").replace({"time.decision_interval": 0.5})
LONG_HORIZON = 10.0
FAILURES = {
    "horizon": "short horizon of labs",
    "stake": "stake that labs do not bear",
    "home": "market at home",
    "trust": "trust commons",
    "abroad": "rivalry of nations",
}
LADDER = {
    "labs as they are": (),
    "labs look 10 years ahead": ("horizon",),
    "and bear their nation's stake": ("horizon", "stake"),
    "and a nation's labs act as one": ("horizon", "stake", "home"),
    "and count the trust commons": ("horizon", "stake", "home", "trust"),
    "and act for the world": tuple(FAILURES),
}
Cells = dict[frozenset[str], dict[str, Real]]


def run_cell(mended: frozenset[str], runs: int, seed: int) -> dict[str, Real]:
    """Risk, mean safety share and welfare, run by run, with some failures mended; and decisions that did not settle."""
    scenario = SCENARIO
    if "horizon" in mended:
        scenario = scenario.replace({"lab.planning_horizon": LONG_HORIZON})
    concerns = Concerns(*(int(name in mended) for name in ("stake", "home", "trust", "abroad")))
    records, unsettled = concerned_runs(scenario, concerns, runs, seed, progress=False)
    decisions = scenario.periods / scenario.periods_per_decision
    return {
        "catastrophe_probability": records.worlds["catastrophe"],
        "safety_share": records.worlds["share_time"] / records.worlds["time_alive"],
        "capability": records.worlds["best_capability"],
        "welfare": records.nations["payoff"].sum(axis=1),
        "unsettled": unsettled / decisions,
    }


def sweep(runs: int, seed: int) -> Cells:
    """All combinations of mended failures."""
    sets = [frozenset(group) for size in range(len(FAILURES) + 1) for group in combinations(FAILURES, size)]
    return {mended: run_cell(mended, runs, seed) for mended in tqdm(sets, desc="cells", unit="cell")}


def parts(cells: Cells, outcome: str = "catastrophe_probability") -> dict[str, Real]:
    """Each failure's Shapley value, run by run: what it adds to an outcome."""
    everything = frozenset(FAILURES)
    return shapley(list(FAILURES), lambda failing: cells[everything - failing][outcome])


def cell_table(cells: Cells) -> pd.DataFrame:
    """One row per cell and outcome."""
    rows = []
    for mended, outcomes in cells.items():
        flags = [int(name in mended) for name in FAILURES]
        rows += [(*flags, outcome, *mean_error(values)) for outcome, values in outcomes.items()]
    columns = [f"{name}_mended" for name in FAILURES]
    return pd.DataFrame(rows, columns=[*columns, "outcome", "mean", "standard_error"])


def part_table(cells: Cells, seed: int) -> pd.DataFrame:
    """Each failure's part of the excess risk, and of what the planner gains, with errors."""
    rows = []
    excess = cells[frozenset()]["catastrophe_probability"] - cells[frozenset(FAILURES)]["catastrophe_probability"]
    for failure, values in parts(cells).items():
        share_error = bootstrap_error((values, excess), lambda part, whole: part / whole, seed)
        rows.append((failure, *mean_error(values), values.mean() / excess.mean(), share_error))
    rows.append(("sum", *mean_error(excess), 1.0, 0.0))
    columns = ["failure", "risk_added", "standard_error", "share_of_excess", "share_standard_error"]
    return pd.DataFrame(rows, columns=columns)


def findings(cells: Cells, table: pd.DataFrame) -> list[str]:
    """The main results in words, against the prediction."""
    rows = table.set_index("failure")
    order = rows.drop("sum")["risk_added"].sort_values(ascending=False).index

    def percent(mended: tuple[str, ...]) -> str:
        mean, error = mean_error(100 * cells[frozenset(mended)]["catastrophe_probability"])
        return f"{mean:.3f} % (s.e. {error:.3f})"

    def part(failure: str) -> str:
        mean, error, share, share_error = rows.loc[failure]
        return (f"- {FAILURES[failure]}: {100 * mean:+.3f} points (s.e. {100 * error:.3f}), "
                f"{100 * share:.0f} % of the excess (s.e. {100 * share_error:.0f}).")  # fmt: skip

    predicted = ["stake", "abroad"]
    kept = list(order[:2]) == predicted
    unsettled = max(outcomes["unsettled"].mean() for outcomes in cells.values())
    return [
        f"Probability of a catastrophe within 10 years: labs as they are {percent(())}; a nation's labs as one, "
        f"looking 10 years ahead and bearing their nation's stake {percent(('horizon', 'stake', 'home'))}; "
        f"all failures mended {percent(tuple(FAILURES))}.",
        "What each failure adds to the excess (Shapley values over all 32 combinations, paired):",
        *(part(failure) for failure in order),
        f"The two failures of labs' sight, horizon and stake, make "
        f"{100 * rows.loc[['horizon', 'stake'], 'share_of_excess'].sum():.0f} % together.",
        "Mended alone, each changes the risk to: "
        + "; ".join(f"{FAILURES[name]} {percent((name,))}" for name in FAILURES) + ".",
        f"Prediction (the stake first, rivalry of nations second): {'held' if kept else 'did not hold'}; "
        f"found: {FAILURES[order[0]]} first, {FAILURES[order[1]]} second.",
        f"At most {100 * unsettled:.1f} % of a cell's decision dates had replies still moving after twelve rounds.",
    ]  # fmt: skip


def draw(cells: Cells, table: pd.DataFrame) -> plt.Figure:
    """Each failure's part, and the risk as failures are mended one after another."""
    rows = table[table["failure"] != "sum"].sort_values("risk_added", ascending=False)
    ladder = [mean_error(cells[frozenset(mended)]["catastrophe_probability"]) for mended in LADDER.values()]
    with house_style():
        figure, axes = plt.subplots(1, 2, figsize=(10, 3.0))
        contributions(
            [FAILURES[name] for name in rows["failure"]], 100 * rows["risk_added"], 100 * rows["standard_error"],
            ax=axes[0],
            xlabel="part of the excess risk of a catastrophe in 10 years\n(percentage points, Shapley value)",
        )  # fmt: skip
        axes[0].set_title("which failure makes the excess risk", fontsize=10, loc="left")
        means, errors = np.array(ladder).T
        estimates(list(LADDER), 100 * means, 100 * errors, ax=axes[1],
                  xlabel="probability of a catastrophe\nwithin 10 years (%)")  # fmt: skip
        axes[1].set_xlim(left=0.0)
        axes[1].set_title("risk as failures are mended in turn", fontsize=10, loc="left")
    return figure


def main(arguments: list[str] | None = None) -> None:
    """Run all cells, write tables, figure and provenance, and say what was found."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="few runs, in seconds")
    parser.add_argument("--into", help="write here instead of results/")
    options = parser.parse_args(arguments)
    runs, seed = (4, 1) if options.quick else (384, 1)
    cells = sweep(runs, seed)
    table = part_table(cells, seed)
    words = findings(cells, table)
    out = folder("whose_race", options.into)
    write_table(out / "table.csv", cell_table(cells))
    write_table(out / "parts.csv", table)
    write_text(out / "findings.txt", "\n".join(words) + "\n")
    write_provenance(out / "provenance.json", {
        **provenance(SCENARIO, seed, "integrated"), "runs": runs, "failures": FAILURES, "long_horizon": LONG_HORIZON,
    })  # fmt: skip
    figure = write_figure(out / "failures.png", draw(cells, table))
    print("\n".join(words))
    print("Figure:", figure, sep="\n")


if __name__ == "__main__":
    main()
