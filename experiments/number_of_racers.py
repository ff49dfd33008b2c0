"""Do more racers make the race more dangerous?

Question: how do the risk of catastrophe, safety shares and welfare depend on the number of labs and on the number of
nations that they belong to, and is the direction that of Armstrong, Bostrom and Shulman (2016, Racing to the
precipice, AI and Society 31:201), in whose race an additional team raises the risk? Design: identical labs, all racing,
on the laws of us-china-2026-point; 1 to 8 labs, in one nation, in two, or each in a nation of its own; either every lab
has resources 1 (more labs, more resources) or all labs together have 2 (the same resources, split). Same runs
everywhere.
Armstrong's risk is that of private information, 1 - n mu / ((n + 1)(n e - e + 1)) with capability against risk mu = 1
and the scenario's enmity e.
Prediction, before any run: (1) with resources per lab fixed, risk rises with the number of labs, as in Armstrong,
because each fights for its market share with speed; (2) with total resources fixed it rises less, or falls, because a
split makes every lab slower, so that capability and severity are lower at the horizon; (3) labs in one nation are safer
than the same labs in nations of their own, because safety work spills over at home; (4) safety shares fall with the
number of labs: a lab of many bears little of the risk that it makes; (5) payoff per nation falls with the number of
nations, as one market is divided.
"""

import argparse
from typing import Any

import pandas as pd
from tqdm import tqdm

from experiments._base.results import ExperimentResult, publish, verdict
from experiments.figures.number_of_racers import KINDS as KINDS
from race_sim import Scenario, estimate
from race_sim.runs.provenance import provenance

ANSWER = "more labs raise the risk, whether they bring resources of their own or share the same ones"

SCENARIO = "us-china-2026-point"
FULL = ((1, 2, 3, 4, 6, 8), 2000)
QUICK = ((1, 2, 4), 20)
HOMES = {"all in one nation": lambda labs: 1, "in two nations": lambda labs: 2, "each in its own": lambda labs: labs}
RESOURCES = {"each lab has resources 1": lambda labs: 1.0, "all labs together have 2": lambda labs: 2.0 / labs}
OUTCOMES = ("catastrophe_probability", "safety_share", "capability", "welfare_per_nation")
LABELS = {
    "catastrophe_probability": "probability of\na catastrophe (1)",
    "safety_share": "safety share (1)",
    "capability": "best capability\nat the horizon (OOM)",
    "welfare_per_nation": "payoff per nation\n(yearly market values)",
}


def race_of(labs: int, nations: int, resources: float) -> Scenario:
    """Identical labs, dealt out to the nations in turn."""
    tables: dict[str, Any] = Scenario.load(SCENARIO).to_dict()
    tables["name"] = f"{labs} labs in {nations} nations"
    tables["nations"] = {f"nation_{n + 1}": {"policy": "race"} for n in range(nations)}
    tables["labs"] = {
        f"lab_{i + 1}": {"nation": f"nation_{i % nations + 1}", "capability": 0.0, "resources": resources}
        for i in range(labs)
    }
    return Scenario.from_dict(tables)


def sweep(counts: tuple[int, ...], runs: int, seed: int) -> pd.DataFrame:
    """One row per number of labs, home, resources and outcome."""
    cells = [
        (labs, home, resources)
        for resources in RESOURCES
        for home, nations in HOMES.items()
        for labs in counts
        if nations(labs) <= labs
    ]
    rows = []
    for labs, home, resources in tqdm(cells, desc="races", unit="race"):
        nations = HOMES[home](labs)
        estimated = estimate(race_of(labs, nations, RESOURCES[resources](labs)), runs, seed, progress=False)
        for outcome in OUTCOMES:
            item = estimated["welfare" if outcome == "welfare_per_nation" else outcome]
            share = nations if outcome == "welfare_per_nation" else 1
            rows.append((resources, home, nations, labs, outcome, item.mean / share, item.standard_error / share))
    return pd.DataFrame(rows, columns=["resources", "home", "nations", "labs", "outcome", "mean", "standard_error"])


def armstrong(labs: int, enmity: float, spread: float = 1.0) -> float:
    """Risk in Armstrong's race under private information, ``mu <= 1 + e (n - 1)``; a lone team runs none of it."""
    slope = labs * enmity - enmity + 1.0
    return 1.0 - labs * spread / ((labs + 1.0) * slope)


def at(table: pd.DataFrame, resources: str, home: str, outcome: str) -> pd.DataFrame:
    """The rows of one curve, by number of labs."""
    chosen = (table["resources"] == resources) & (table["home"] == home) & (table["outcome"] == outcome)
    return table[chosen].sort_values("labs")


def findings(table: pd.DataFrame, enmity: float) -> list[str]:
    """The main results in words; every number is read off the table."""
    lines = []
    for outcome in OUTCOMES:
        lines.append(f"{LABELS[outcome].replace(chr(10), ' ')}, by number of labs (standard error of the last):")
        for resources in RESOURCES:
            for home in HOMES:
                rows = at(table, resources, home, outcome)
                values = ", ".join(f"{n}: {mean:.4g}" for n, mean in zip(rows["labs"], rows["mean"], strict=True))
                lines.append(f"- {resources}, {home}: {values} ({rows['standard_error'].iloc[-1]:.2g}).")
    counts = sorted(set(table["labs"]) - {1})
    lines.append(
        "Armstrong's race (private information, mu 1, this enmity): "
        + ", ".join(f"{n}: {armstrong(n, enmity):.3f}" for n in counts)
        + "."
    )
    lines.append("Direction from two labs to the most (z of the difference, errors added as if independent):")
    for resources in RESOURCES:
        for home in HOMES:
            rows = at(table, resources, home, "catastrophe_probability").set_index("labs")
            first, last = rows.loc[counts[0]], rows.loc[counts[-1]]
            change = last["mean"] - first["mean"]
            error = (first["standard_error"] ** 2 + last["standard_error"] ** 2) ** 0.5
            word = "rises" if change > 2 * error else "falls" if change < -2 * error else "does not change visibly"
            lines.append(
                f"- {resources}, {home}: risk {word} ({change:+.4f}, z {change / error:.1f}); Armstrong: rises."
            )
    return lines


def against_prediction(table: pd.DataFrame) -> list[str]:
    """Which parts of the prediction came out."""

    def ends(resources: str, home: str, outcome: str) -> tuple[pd.Series, pd.Series]:
        rows = at(table, resources, home, outcome)
        rows = rows[rows["labs"] > 1]
        return rows.iloc[0], rows.iloc[-1]

    def z(one: pd.Series, other: pd.Series) -> float:
        error = (one["standard_error"] ** 2 + other["standard_error"] ** 2) ** 0.5
        return float((other["mean"] - one["mean"]) / error)

    risk = {(r, h): ends(r, h, OUTCOMES[0]) for r in RESOURCES for h in HOMES}
    each, split = RESOURCES
    one, *_, own = HOMES
    rise = {key: last["mean"] - first["mean"] for key, (first, last) in risk.items()}
    spill = {r: z(risk[r, one][1], risk[r, own][1]) for r in RESOURCES}
    shares = {(r, h): at(table, r, h, "safety_share")["mean"] for r in RESOURCES for h in HOMES}
    falling = [f"{h} ({r})" for (r, h), values in shares.items() if values.is_monotonic_decreasing]
    payoffs = {r: [ends(r, h, "welfare_per_nation")[1]["mean"] for h in HOMES] for r in RESOURCES}
    return [
        verdict(1, all(z(*risk[each, h]) > 4 for h in HOMES), "z of the rise of risk, resources per lab fixed: "
                + ", ".join(f"{h} {z(*risk[each, h]):.1f}" for h in HOMES)),
        verdict(2, all(rise[split, h] < rise[each, h] for h in HOMES), "change of risk, total resources fixed: "
                + ", ".join(f"{h} {rise[split, h]:+.4f}" for h in HOMES)),
        verdict(3, all(value > 4 for value in spill.values()), "z of the risk in own nations above that in one: "
                + ", ".join(f"{r} {value:.1f}" for r, value in spill.items())),
        verdict(4, len(falling) == len(shares), "the safety share falls at every step with "
                + (", ".join(falling) or "none")),
        verdict(5, all(values == sorted(values, reverse=True) for values in payoffs.values()), "payoff per nation, "
                + "; ".join(f"{r}: {', '.join(f'{v:.1f} {h}' for v, h in zip(values, HOMES, strict=True))}"
                            for r, values in payoffs.items())),
    ]  # fmt: skip


def compute(options: argparse.Namespace) -> ExperimentResult:
    """Sweep, and put the results into words."""
    (counts, runs), seed = QUICK if options.quick else FULL, 1
    scenario = Scenario.load(SCENARIO)
    table = sweep(counts, runs, seed)
    words = findings(table, float(scenario.prize.enmity))  # type: ignore[arg-type]
    words += ["The prediction:", *against_prediction(table)]
    origin = {**provenance(scenario, seed, "integrated"), "runs": runs, "labs": counts}
    return ExperimentResult({"table.csv": table}, origin, words)


def main(arguments: list[str] | None = None) -> None:
    """Run it, and write and print its results."""
    publish("number_of_racers", __doc__, compute, arguments)


if __name__ == "__main__":
    main()
