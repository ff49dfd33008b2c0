"""Do shared benchmarks for safety make the race safer, and through what?

Question: how does the risk of a catastrophe in us-china-2026 depend on the coverage of benchmarks that both nations
share under the policy fundamentals, what part of it is due to visibility, to spillover and to labs' changed incentives,
and where does risk compensation (labs that do less because others do more) make sharing fail? Design: coverage c means
that benchmarks show the part c of safety and that the same part of the sharing lever (0.5) is in force; c = 0 is the
race. Visibility and sharing each act twice: on the world (buyers move; safety work and capability flow) and on what
labs choose. The four are switched separately: labs' shares and delays before release are recorded in a race with one
visibility and sharing and replayed in a world with another. All 16 combinations run on the same draws; parts are
Shapley values, run by run. Two maps then give the change of the risk over visibility and sharing, with labs free to
choose and with their choices held at those of the race; a third gives it over what safety is worth to buyers and how
fast benchmarks wear out.
Prediction, written down before the run: labs' answer to visibility is by far the largest part and lowers the risk; the
flow of safety work lowers it too; labs' answer to sharing raises it, by less than the flow gains; buyers' moves alone
hardly matter. Sharing fails without visibility and where buyers do not care for safety.
"""

import argparse
from itertools import product

import pandas as pd
from tqdm import tqdm

from experiments._base.paired import Real, mean_error, shapley
from experiments._base.results import ExperimentResult, publish
from experiments.figures.shared_benchmarks import KINDS as KINDS
from race_sim import Scenario, scripted_runs, simulate
from race_sim.runs.provenance import provenance

ANSWER = "yes, because labs answer to being seen; sharing without visibility does next to nothing"

SCENARIO = "us-china-2026"
FULL_SHARING = 0.5
CAUSES = {
    "seen": "buyers see more",
    "flow": "safety work and capability flow",
    "answer_seen": "labs answer to being seen",
    "answer_flow": "labs answer to the flow",
}
FULL = {
    "coverage": (0.25, 0.5, 0.75, 1.0),
    "benchmarks": (0.0, 0.1, 0.2, 0.4, 0.7, 1.0),
    "sharing": (0.0, 0.25, 0.5, 0.75, 1.0),
    "premium": (0.0, 0.15, 0.3, 0.6, 1.2),
    "wear": (0.0, 0.03, 0.06, 0.1, 0.15),
}
QUICK = {"coverage": (1.0,), "benchmarks": (0.0, 1.0), "sharing": (0.0, 1.0), "premium": (0.0, 0.6), "wear": (0.0, 0.1)}
Grid = dict[str, tuple[float, ...]]
Choices = tuple[Real, Real]


def fundamentals(benchmarks: float, sharing: float, **changes: float) -> Scenario:
    """Both nations share fundamentals at given values of the two levers; at 0 and 0 that is the race."""
    values = {"nations.us.policy": "fundamentals", "nations.china.policy": "fundamentals",
              "cooperation.benchmarks": benchmarks, "cooperation.sharing": sharing}  # fmt: skip
    return Scenario.load(SCENARIO).replace(values | {key.replace("__", "."): value for key, value in changes.items()})


def free(scenario: Scenario, runs: int, seed: int) -> tuple[Real, Choices]:
    """Risk (runs,) and the paths of labs' shares and delays (runs, periods, labs) when labs choose."""
    dataset = simulate(scenario, runs, seed, trajectories=True, progress=False)
    return dataset["catastrophe_probability"].values, (
        dataset["lab_share_path"].values,
        dataset["lab_delay_path"].values,
    )


def risk(scenario: Scenario, runs: int, seed: int) -> Real:
    """Risk (runs,) when labs choose."""
    return simulate(scenario, runs, seed, progress=False)["catastrophe_probability"].values


def replayed(scenario: Scenario, choices: Choices, seed: int) -> Real:
    """Risk (runs,) when labs' shares and delays are those of another race."""
    shares, delays = choices
    return scripted_runs(scenario, shares, seed, delays=delays, progress=False).worlds["catastrophe"]


def divide(coverage: float, runs: int, seed: int) -> dict[str, Real]:
    """What each cause adds to the risk at a coverage, run by run, and the whole change."""

    def levers(group: frozenset[str], prefix: str) -> tuple[float, float]:
        return (coverage if f"{prefix}seen" in group else 0.0,
                coverage * FULL_SHARING if f"{prefix}flow" in group else 0.0)  # fmt: skip

    choices = {}
    for group in (frozenset(), *({name} for name in ("seen", "flow")), frozenset(("seen", "flow"))):
        world = levers(frozenset(group), "")
        choices[world] = free(fundamentals(*world), runs, seed)[1]

    def value(group: frozenset[str]) -> Real:
        return replayed(fundamentals(*levers(group, "")), choices[levers(group, "answer_")], seed)

    cells = {frozenset(group): value(frozenset(group)) for group in subsets()}
    parts = shapley(list(CAUSES), lambda group: cells[group])
    return parts | {"all": cells[frozenset(CAUSES)] - cells[frozenset()], "race": cells[frozenset()]}


def subsets() -> list[frozenset[str]]:
    """All sets of causes."""
    flags = product((False, True), repeat=len(CAUSES))
    return [frozenset(name for name, on in zip(CAUSES, row, strict=True) if on) for row in flags]


def divided(grid: Grid, runs: int, seed: int) -> pd.DataFrame:
    """One row per coverage and cause: what it adds to the risk."""
    rows = []
    for coverage in tqdm(grid["coverage"], desc="coverage", unit="point"):
        parts = divide(coverage, runs, seed)
        rows += [(coverage, cause, *mean_error(values)) for cause, values in parts.items()]
    return pd.DataFrame(rows, columns=["coverage", "cause", "risk", "standard_error"])


def relative(after: Real, before: Real) -> tuple[float, float]:
    """Change of the mean risk in percent of the risk before, and its standard error to first order, paired."""
    ratio = after.mean() / before.mean()
    return 100.0 * (ratio - 1.0), mean_error(100.0 * (after - ratio * before) / before.mean())[1]


def mapped(grid: Grid, runs: int, seed: int) -> pd.DataFrame:
    """The change of the risk over visibility and sharing (free labs, held labs), and over premium and wear."""
    rows = []
    race, choices = free(fundamentals(0.0, 0.0), runs, seed)
    for benchmarks, sharing in tqdm(list(product(grid["benchmarks"], grid["sharing"])), desc="levers", unit="cell"):
        here = fundamentals(benchmarks, sharing)
        rows.append(("free", benchmarks, sharing, *relative(risk(here, runs, seed), race)))
        rows.append(("held", benchmarks, sharing, *relative(replayed(here, choices, seed), race)))
    for premium, wear in tqdm(list(product(grid["premium"], grid["wear"])), desc="market", unit="cell"):
        values = {"market__safety_premium": premium, "market__wear": wear, "cooperation__benchmark_wear": wear}
        before = risk(fundamentals(0.0, 0.0, **values), runs, seed)
        after = risk(fundamentals(1.0, FULL_SHARING, **values), runs, seed)
        rows.append(("market", premium, wear, *relative(after, before)))
    return pd.DataFrame(rows, columns=["map", "column", "row", "change_percent", "standard_error"])


def findings(parts: pd.DataFrame, maps: pd.DataFrame) -> list[str]:
    """The main results in words, against the prediction."""
    top = parts["coverage"].max()
    rows = parts[parts["coverage"] == top].set_index("cause")

    def points(cause: str) -> str:
        mean, error = rows.loc[cause, ["risk", "standard_error"]]
        return f"{100 * mean:+.3f} points (s.e. {100 * error:.3f})"

    def raised(kind: str, words: str) -> str:
        here = maps[(maps["map"] == kind) & ((maps["column"] > 0) | (maps["row"] > 0) | (kind == "market"))]
        worse = here[here["change_percent"] > 2 * here["standard_error"]]
        cells = "; ".join(f"{row.column:g} and {row.row:g}: {row.change_percent:+.0f} % (s.e. {row.standard_error:.0f})"
                          for row in worse.itertuples())  # fmt: skip
        return f"{words}: {cells or 'nowhere on the map'}."

    size = rows.loc[list(CAUSES), "risk"]
    held = {
        "labs' answer to being seen is the largest part and lowers the risk":
            size["answer_seen"] < 0 and size.abs().idxmax() == "answer_seen",
        "the flow lowers it": size["flow"] < -2 * rows.loc["flow", "standard_error"],
        "labs' answer to the flow raises it, by less than the flow gains":
            0 < size["answer_flow"] < -size["flow"],
    }  # fmt: skip
    return [
        f"The race has a probability of a catastrophe of {100 * rows.loc['race', 'risk']:.3f} % "
        f"(s.e. {100 * rows.loc['race', 'standard_error']:.3f}); coverage {top:g} changes it by {points('all')}.",
        *(f"- {words}: {points(cause)}." for cause, words in CAUSES.items()),
        raised("free", "Sharing raises the risk visibly at visibility and sharing of"),
        raised("held", "With labs' choices held at those of the race it would do so at"),
        raised("market", "Full coverage raises the risk visibly at a safety premium and a wear of"),
        "Prediction: " + "; ".join(f"{words}: {'held' if ok else 'did not hold'}" for words, ok in held.items()) + ".",
    ]


def compute(options: argparse.Namespace) -> ExperimentResult:
    """The parts and the maps."""
    grid, runs, seed = (QUICK, 10, 1) if options.quick else (FULL, 512, 1)
    parts, maps = divided(grid, runs, seed), mapped(grid, runs, seed)
    origin = {**provenance(Scenario.load(SCENARIO), seed, "integrated"), "runs": runs, "grid": grid}
    return ExperimentResult({"parts.csv": parts, "maps.csv": maps}, origin, findings(parts, maps))


def main(arguments: list[str] | None = None) -> None:
    """Run it, and write and print its results."""
    publish("shared_benchmarks", __doc__, compute, arguments)


if __name__ == "__main__":
    main()
