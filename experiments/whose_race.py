"""Whose race is it: which failure of choice makes how much of the risk of a catastrophe?

Question: labs in us-china-2026 run more risk than a planner of the world would. How much of the excess comes from
each of five failures? Design: each failure can be corrected by itself. In every cell labs play, every half year, the
equilibrium of a stage game in which they count what the corrected failures name (race_sim.other_regarding_runs):

- short horizon: labs plan for 4 years; corrected, for the 10 years that the race takes;
- uncounted stake: a catastrophe costs a lab its own stake; corrected, also what it costs its nation and compatriots;
- market at home: what a lab takes from its nation's other labs does not count; corrected, their revenue and damages do;
- trust commons: the trust and the regulation that a lab's mishaps cost all others do not count; corrected, they do;
- rivalry of nations: nothing that falls abroad counts; corrected, foreign labs' revenue, damages and stakes and foreign
  nations' catastrophe costs do.

With none corrected labs play the rule stage_nash; with stake and market at home corrected a nation's labs act as one;
with all corrected every lab serves the world. All 32 combinations run on the same draws; each failure's part is its
Shapley value, run by run, so that the parts sum to the excess exactly. The same is done where buyers see safety as well
as they see capability (market.measurement_reliability 1, market.wear and cooperation.benchmark_wear 0): what is left
when the market is corrected?

Prediction for the race as it is (what was expected before a first trial of 24 runs per cell, though written down only
after it, so not blind): the uncounted stake, fifty times a lab's own, makes the largest part, rivalry of nations the
second; the market at home and the trust commons add little, the horizon next to nothing, since labs gain nothing by
leaving their rule. Prediction where safety is seen, written before any run of it: (1) the excess is less than two
thirds of what it is in the race as it is; (2) the market at home is still the largest part, since capability still
takes buyers from compatriots, but a smaller share of the excess; (3) rivalry of nations is second again.
"""

import argparse
from itertools import combinations

import pandas as pd
from tqdm import tqdm

from experiments._base.paired import Real, bootstrap_error, mean_error, shapley
from experiments._base.results import ExperimentResult, publish, verdict
from experiments.figures.whose_race import KINDS as KINDS
from race_sim import OtherRegarding, Scenario, other_regarding_runs
from race_sim.runs.provenance import provenance

ANSWER = (
    "competition inside nations makes the largest part of the excess risk, rivalry between them the second; where "
    "buyers see safety little excess is left"
)

SCENARIO = Scenario.load("us-china-2026").replace({"time.decision_interval": 0.5})
AS_IT_IS, SEEN = "the race as it is", "safety is seen"
MARKETS: dict[str, dict[str, float]] = {
    AS_IT_IS: {},
    SEEN: {"market.measurement_reliability": 1.0, "market.wear": 0.0, "cooperation.benchmark_wear": 0.0},
}
LONG_HORIZON = 10.0
FAILURES = {
    "horizon": "short horizon of labs",
    "stake": "stake that labs do not bear",
    "home": "market at home",
    "trust": "trust commons",
    "abroad": "rivalry of nations",
}
Cells = dict[frozenset[str], dict[str, Real]]


def run_cell(market: str, corrected: frozenset[str], runs: int, seed: int) -> dict[str, Real]:
    """Risk, mean safety share and welfare, run by run, with some failures corrected; decisions that did not settle."""
    scenario = SCENARIO.replace(MARKETS[market])
    if "horizon" in corrected:
        scenario = scenario.replace({"lab.planning_horizon": LONG_HORIZON})
    other_regarding = OtherRegarding(*(int(name in corrected) for name in ("stake", "home", "trust", "abroad")))
    records, unsettled = other_regarding_runs(scenario, other_regarding, runs, seed, progress=False)
    decisions = scenario.periods / scenario.periods_per_decision
    return {
        "catastrophe_probability": records.worlds["catastrophe"],
        "safety_share": records.worlds["share_time"] / records.worlds["time_alive"],
        "capability": records.worlds["best_capability"],
        "welfare": records.nations["payoff"].sum(axis=1),
        "unsettled": unsettled / decisions,
    }


def sweep(market: str, runs: int, seed: int) -> Cells:
    """All combinations of corrected failures."""
    sets = [frozenset(group) for size in range(len(FAILURES) + 1) for group in combinations(FAILURES, size)]
    return {corrected: run_cell(market, corrected, runs, seed) for corrected in tqdm(sets, desc=market, unit="cell")}


def parts(cells: Cells, outcome: str = "catastrophe_probability") -> dict[str, Real]:
    """Each failure's Shapley value, run by run: what it adds to an outcome."""
    everything = frozenset(FAILURES)
    return shapley(list(FAILURES), lambda failing: cells[everything - failing][outcome])


def cell_table(markets: dict[str, Cells]) -> pd.DataFrame:
    """One row per market, cell and outcome."""
    rows = []
    for market, cells in markets.items():
        for corrected, outcomes in cells.items():
            flags = [int(name in corrected) for name in FAILURES]
            rows += [(market, *flags, outcome, *mean_error(values)) for outcome, values in outcomes.items()]
    columns = [f"{name}_mended" for name in FAILURES]
    return pd.DataFrame(rows, columns=["market", *columns, "outcome", "mean", "standard_error"])


def part_table(markets: dict[str, Cells], seed: int) -> pd.DataFrame:
    """Each failure's part of the excess risk in each market, and of what the planner gains, with errors."""
    rows = []
    for market, cells in markets.items():
        excess = excess_risk(cells)
        for failure, values in parts(cells).items():
            share_error = bootstrap_error((values, excess), lambda part, whole: part / whole, seed)
            rows.append((market, failure, *mean_error(values), values.mean() / excess.mean(), share_error))
        rows.append((market, "sum", *mean_error(excess), 1.0, 0.0))
    columns = ["market", "failure", "risk_added", "standard_error", "share_of_excess", "share_standard_error"]
    return pd.DataFrame(rows, columns=columns)


def excess_risk(cells: Cells) -> Real:
    """Risk with no failure corrected less that with all of them corrected, run by run."""
    return cells[frozenset()]["catastrophe_probability"] - cells[frozenset(FAILURES)]["catastrophe_probability"]


def has_excess(cells: Cells) -> bool:
    """Whether labs as they are run more risk than with all failures corrected, beyond two standard errors."""
    mean, error = mean_error(excess_risk(cells))
    return mean > 2 * error


def ranked(table: pd.DataFrame, market: str) -> pd.DataFrame:
    """One market's parts, the largest first, by failure."""
    rows = table[(table["market"] == market) & (table["failure"] != "sum")]
    return rows.set_index("failure").sort_values("risk_added", ascending=False)


def account(market: str, cells: Cells, table: pd.DataFrame) -> list[str]:
    """The results in one market, in words."""
    rows = ranked(table, market)

    def percent(corrected: tuple[str, ...]) -> str:
        mean, error = mean_error(100 * cells[frozenset(corrected)]["catastrophe_probability"])
        return f"{mean:.3f} % (s.e. {error:.3f})"

    def part(failure: str) -> str:
        row = rows.loc[failure]
        added = f"- {FAILURES[failure]}: {100 * row['risk_added']:+.3f} points (s.e. {100 * row['standard_error']:.3f})"
        if not has_excess(cells):
            return f"{added}."
        share, error = 100 * row["share_of_excess"], 100 * row["share_standard_error"]
        return f"{added}, {share:.0f} % of the excess (s.e. {error:.0f})."

    excess, error = mean_error(100 * excess_risk(cells))

    return [
        f"{market.capitalize()}. Probability of a catastrophe within 10 years: labs as they are {percent(())}; a "
        f"nation's labs as one, looking 10 years ahead and bearing their nation's stake "
        f"{percent(('horizon', 'stake', 'home'))}; all failures mended {percent(tuple(FAILURES))}.",
        f"What each failure adds to the excess of {excess:+.3f} points (s.e. {error:.3f}; Shapley values over all 32 "
        "combinations, paired):",
        *(part(failure) for failure in rows.index),
        "Mended alone, each changes the risk to: "
        + "; ".join(f"{FAILURES[name]} {percent((name,))}" for name in FAILURES) + ".",
    ]  # fmt: skip


def findings(markets: dict[str, Cells], table: pd.DataFrame) -> list[str]:
    """The main results in words, against the predictions."""
    here, seen = ranked(table, AS_IT_IS), ranked(table, SEEN)
    before, after = (excess_risk(markets[market]) for market in (AS_IT_IS, SEEN))
    ratio = after.mean() / before.mean()
    ratio_error = bootstrap_error((after, before), lambda part, whole: part / whole, 1)
    some = has_excess(markets[SEEN])
    home, home_seen = (100 * rows.loc["home", "share_of_excess"] for rows in (here, seen))
    abroad, abroad_error = 100 * seen.loc["abroad", "risk_added"], 100 * seen.loc["abroad", "standard_error"]
    kept = list(here.index[:2]) == ["stake", "abroad"]
    unsettled = max(outcomes["unsettled"].mean() for cells in markets.values() for outcomes in cells.values())
    return [
        *(line for market, cells in markets.items() for line in account(market, cells, table)),
        f"Prediction for the race as it is (the stake first, rivalry of nations second): "
        f"{'held' if kept else 'did not hold'}; "
        f"found: {FAILURES[here.index[0]]} first, {FAILURES[here.index[1]]} second.",
        "Prediction where safety is seen:",
        verdict(1, ratio < 2 / 3, f"the excess is {ratio:.2f} times (s.e. {ratio_error:.2f}) that above."),
        verdict(2, some and seen.index[0] == "home" and home_seen < home,
                f"{FAILURES[seen.index[0]]} is first; "
                + (f"the market at home makes {home_seen:.0f} % of the excess, against {home:.0f} %." if some
                   else "there is no excess of which it could be a share.")),
        verdict(3, seen.index[1] == "abroad" and abroad > 2 * abroad_error,
                f"{FAILURES[seen.index[1]]} is second; rivalry of nations adds {abroad:+.4f} points "
                f"(s.e. {abroad_error:.4f})."),
        f"At most {100 * unsettled:.1f} % of a cell's decision dates had replies still moving after twelve rounds.",
    ]  # fmt: skip


def compute(options: argparse.Namespace) -> ExperimentResult:
    """All cells in every market, and the results in words."""
    runs, seed = (4, 1) if options.quick else (384, 1)
    markets = {market: sweep(market, runs, seed) for market in MARKETS}
    cells, table = cell_table(markets), part_table(markets, seed)
    origin = {**provenance(SCENARIO, seed, "integrated"), "runs": runs, "failures": FAILURES, "markets": MARKETS,
            "long_horizon": LONG_HORIZON}  # fmt: skip
    return ExperimentResult({"table.csv": cells, "parts.csv": table}, origin, findings(markets, table))


def main(arguments: list[str] | None = None) -> None:
    """Run it, and write and print its results."""
    publish("whose_race", __doc__, compute, arguments)


if __name__ == "__main__":
    main()
