"""Half a benchmark: who gains from how much visibility and how much sharing, and at which head start?

Question: both nations of us-china-2026 share fundamentals. Which visibility of safety (cooperation.benchmarks) and
which openness of safety work (cooperation.sharing) would the leader choose, which the laggard, and which would both
agree on? Design: a grid of both levers for several head starts (China's lag), all cells on the same draws, gains paired
against the race of both at the same head start. The bargain is Nash's: the cell with the largest product of the two
nations' gains, among cells where both gain. Each lever alone is an edge of the grid; cases with another leak of
capability by sharing and another wear (market.wear and benchmark_wear) follow at the baseline's head start.
Prediction, written down before the run: full visibility suits both at any head start, because it cuts a risk that both
pay for; sharing suits the laggard at full, while the leader wants little of it, the less the longer its head start,
because leaks cost it the lead; the bargain is full visibility with some sharing; a larger leak drives sharing to none,
and faster wear costs the laggard more than the leader.
"""

import argparse
from itertools import product

import numpy as np
import pandas as pd
from tqdm import tqdm

from experiments._base.paired import Real, mean_error
from experiments._base.results import ExperimentResult, publish
from experiments.figures.half_a_benchmark import KINDS as KINDS
from race_sim import Scenario, simulate
from race_sim.runs.provenance import provenance

ANSWER = "full visibility suits the leader and the bargain; the laggard wants all the sharing"

SCENARIO = "us-china-2026"
LEADER, LAGGARD = "us", "china"
FULL = {
    "benchmarks": (0.0, 0.25, 0.5, 0.75, 1.0),
    "sharing": (0.0, 0.25, 0.5, 0.75, 1.0),
    "lag": (0.0, 7.0, 14.0, 24.0),
}
QUICK = {"benchmarks": (0.0, 1.0), "sharing": (0.0, 1.0), "lag": (7.0,)}
PRICES = {
    "as it is": {},
    "no leak": {"cooperation.leak": 0.0},
    "leak 0.3 per year": {"cooperation.leak": 0.3},
    "no wear": {"market.wear": 0.0, "cooperation.benchmark_wear": 0.0},
    "wear 0.1 per OOM": {"market.wear": 0.1, "cooperation.benchmark_wear": 0.1},
}
HERE = 7.0
Grid = dict[str, tuple[float, ...]]
Gains = dict[tuple[float, float], Real]


def gains(grid: Grid, lag: float, prices: dict[str, float], runs: int, seed: int) -> Gains:
    """What both nations gain over a race of both, (2, runs), for every pair of visibility and sharing."""
    base = Scenario.load(SCENARIO).replace({"nations.china.lag": lag} | prices)

    def payoffs(changes: dict[str, object]) -> Real:
        dataset = simulate(base.replace(changes), runs, seed, progress=False)
        return dataset["nation_payoff"].sel(nation=[LEADER, LAGGARD]).values.T

    race = payoffs({})
    both = {f"nations.{name}.policy": "fundamentals" for name in (LEADER, LAGGARD)}
    gained = {}
    for benchmarks, sharing in product(grid["benchmarks"], grid["sharing"]):
        levers = {"cooperation.benchmarks": benchmarks, "cooperation.sharing": sharing}
        gained[benchmarks, sharing] = payoffs(both | levers) - race
    return gained


def optima(gained: Gains) -> dict[str, tuple[float, float] | None]:
    """The pair of levers that each nation likes best, and Nash's bargain, None where no pair is good for both."""
    mean = {pair: values.mean(axis=1) for pair, values in gained.items()}
    good = [pair for pair, (one, other) in mean.items() if one > 0.0 and other > 0.0]
    return {
        "leader": max(mean, key=lambda pair: mean[pair][0]),
        "laggard": max(mean, key=lambda pair: mean[pair][1]),
        "bargain": max(good, key=lambda pair: mean[pair].prod()) if good else None,
    }


def confidence(gained: Gains, seed: int, draws: int = 400) -> dict[str, float]:
    """How often each optimum stays where it is when runs are drawn anew with replacement."""
    random = np.random.default_rng(seed)
    pairs = list(gained)
    cube = np.stack([gained[pair] for pair in pairs])
    first = optima(gained)
    stays = dict.fromkeys(first, 0)
    for _ in range(draws):
        pick = random.integers(cube.shape[2], size=cube.shape[2])
        again = optima(dict(zip(pairs, cube[:, :, pick], strict=True)))
        for name, pair in first.items():
            stays[name] += again[name] == pair
    return {name: count / draws for name, count in stays.items()}


def sweep(grid: Grid, runs: int, seed: int) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Gains of both nations in every cell, and the optima with how sure they are."""
    cells, best = [], []
    cases = [(lag, "as it is") for lag in grid["lag"]] + [(HERE, price) for price in PRICES if price != "as it is"]
    for lag, price in tqdm(cases, desc="cases", unit="case"):
        gained = gains(grid, lag, PRICES[price], runs, seed)
        for (benchmarks, sharing), values in gained.items():
            cells.append((lag, price, benchmarks, sharing, *mean_error(values[0]), *mean_error(values[1])))
        sure = confidence(gained, seed)
        for whose, pair in optima(gained).items():
            levers = pair or (np.nan, np.nan)
            gain = (*mean_error(gained[pair][0]), *mean_error(gained[pair][1])) if pair else (np.nan,) * 4
            best.append((lag, price, whose, *levers, *gain, sure[whose]))
    money = ["leader_gain", "leader_error", "laggard_gain", "laggard_error"]
    levers = ["lag", "price", "benchmarks", "sharing"]
    best_columns = ["lag", "price", "whose", "benchmarks", "sharing", *money, "stays"]
    return pd.DataFrame(cells, columns=[*levers, *money]), pd.DataFrame(best, columns=best_columns)


def findings(grid: Grid, cells: pd.DataFrame, best: pd.DataFrame) -> list[str]:
    """The main results in words, against the prediction."""

    def both(row: pd.Series) -> str:
        return (f"leader {row['leader_gain']:+.2f} (s.e. {row['leader_error']:.2f}), "
                f"laggard {row['laggard_gain']:+.2f} (s.e. {row['laggard_error']:.2f})")  # fmt: skip

    def text(row: pd.Series) -> str:
        if np.isnan(row["benchmarks"]):
            return "none is good for both"
        where = f"visibility {row['benchmarks']:g} and sharing {row['sharing']:g}"
        return f"{where}: {both(row)}; stays in {100 * row['stays']:.0f} % of bootstraps"

    lines = ["Gains over a race of both, in yearly market values of 2026; lag of China in months."]
    for (lag, price), rows in best.groupby(["lag", "price"], sort=False):
        where = f"lag {lag:g}" + (f", {price}" if price != "as it is" else "")
        lines += [f"- {where}: {row['whose']}: {text(row)}." for _, row in rows.iterrows()]
    plain = best[best["price"] == "as it is"]
    top = max(grid["benchmarks"])
    alone = cells[(cells["price"] == "as it is") & (cells["lag"] == HERE)].set_index(["benchmarks", "sharing"])
    for name, pair in (("visibility alone", (top, 0.0)), ("sharing alone", (0.0, max(grid["sharing"])))):
        row = alone.loc[pair]
        lines.append(f"- lag {HERE:g}, {name} at full: {both(row)}.")
    leader, laggard, bargain = (plain[plain["whose"] == name] for name in ("leader", "laggard", "bargain"))
    leaky = best[(best["price"] == "leak 0.3 per year") & (best["whose"] == "bargain")]
    full = cells[(cells["benchmarks"] == top) & (cells["sharing"] == max(grid["sharing"])) & (cells["lag"] == HERE)]
    by_price = full.set_index("price")[["leader_gain", "laggard_gain"]]
    cost = by_price.loc["wear 0.1 per OOM"] - by_price.loc["as it is"]
    held = {
        "full visibility suits both at any head start":
            (leader["benchmarks"] == top).all() and (laggard["benchmarks"] == top).all(),
        "the laggard wants full sharing": (laggard["sharing"] == max(grid["sharing"])).all(),
        "the leader wants little of it": (leader["sharing"] <= 0.25).all(),
        "and the less the longer its head start": leader["sharing"].is_monotonic_decreasing
            and leader["sharing"].nunique() > 1,
        "the bargain has full visibility": (bargain["benchmarks"] == top).all(),
        "a larger leak drives sharing out of the bargain": not (leaky["sharing"] > 0.0).any(),
        "faster wear costs the laggard more": cost["laggard_gain"] < min(0.0, cost["leader_gain"]),
    }  # fmt: skip
    verdicts = "; ".join(f"{words}: {'held' if ok else 'did not hold'}" for words, ok in held.items())
    return [*lines, f"Prediction: {verdicts}."]


def compute(options: argparse.Namespace) -> ExperimentResult:
    """Gains everywhere, and the optima."""
    grid, runs, seed = (QUICK, 10, 1) if options.quick else (FULL, 256, 1)
    cells, best = sweep(grid, runs, seed)
    origin = {**provenance(Scenario.load(SCENARIO), seed, "integrated"), "runs": runs, "grid": grid, "prices": PRICES}
    return ExperimentResult({"table.csv": cells, "optima.csv": best}, origin, findings(grid, cells, best))


def main(arguments: list[str] | None = None) -> None:
    """Run it, and write and print its results."""
    publish("half_a_benchmark", __doc__, compute, arguments)


if __name__ == "__main__":
    main()
