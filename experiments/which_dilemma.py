"""Which dilemma do nations face: a prisoner's dilemma, chicken, a stag hunt, harmony, deadlock?

Question: what class of game is race against unilateral_slowdown, treaty against covert_defection and race against
fundamentals, for each nation, and how sure is it? Design: three maps around us-china-2026: contestedness (China's lag x
its growth relative to the US), prize x enmity and catastrophe cost x enmity; then the whole box of assumed parameters
(Sobol points over the plausible ranges; those that span a factor of 20 or more, on a logarithmic scale). A nation's
class is that of its own order of the four outcomes (R both cooperate, S it alone, T the other alone, P neither); its
probability is the share of bootstrap draws over runs. Fundamentals alone are racing, so there S = T = P and the
question is only whether sharing pays. Payoffs are linear in catastrophe cost, rivalry, prize and enmity, which move no
lab: maps over these need no further runs (race_sim.nations.valuation).
Prediction, written when the baseline's own classes were known (deadlock for the US, a prisoner's dilemma for China)
and nothing else: (1) without a lag and at equal growth both nations face the same class; (2) as a catastrophe gets
dearer, the class goes from deadlock through prisoner's dilemma to harmony, for the US at a higher cost than for China;
(3) more prize and more enmity turn harmony into dilemma and never the reverse; (4) treaty against covert_defection is a
prisoner's dilemma in less than a fifth of the box, because benchmarks make labs careful by themselves; (5) sharing
fundamentals pays for the laggard nearly everywhere, for the leader only where a catastrophe is dear; (6) over the box
no class of race against unilateral_slowdown holds a majority, and harmony is the most frequent.
"""

import argparse
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.stats import qmc
from tqdm import tqdm

from experiments._base.results import ExperimentResult, publish, verdict
from experiments.figures.which_dilemma import KINDS as KINDS
from race_sim import Scenario
from race_sim.nations.policy_games import simulate_profiles
from race_sim.nations.valuation import payoff_parts
from race_sim.runs.provenance import provenance
from race_sim.runs.sampling import Sampling
from race_sim.solvers.game import Real

ANSWER = (
    "over the box of assumptions harmony or deadlock, by what a catastrophe costs; seldom the same for both nations"
)

SCENARIO = "us-china-2026"
NATIONS = ("us", "china")
GAMES = {
    "race/unilateral_slowdown": ("unilateral_slowdown", "race"),
    "treaty/covert_defection": ("treaty", "covert_defection"),
    "race/fundamentals": ("fundamentals", "race"),
}
PROFILES = sorted({(a, b) for pair in GAMES.values() for a in pair for b in pair})
CLASSES = (
    "prisoner's dilemma",
    "chicken",
    "stag hunt",
    "harmony",
    "deadlock",
    "sharing pays",
    "sharing costs",
    "other",
)
DRAWS = 200
LOGARITHMIC = 20.0


@dataclass(frozen=True)
class Grid:
    """How much is computed."""

    lags: tuple[float, ...]
    multipliers: tuple[float, ...]
    fine: int
    runs: int
    map_runs: int
    points: int
    point_runs: int


FULL = Grid((0.0, 2.0, 4.0, 7.0, 10.0, 14.0), (0.8, 0.9, 1.0, 1.1, 1.2), 41, 1500, 300, 256, 100)
QUICK = Grid((0.0, 7.0), (0.8, 1.2), 5, 20, 10, 4, 5)


def classes_of(payoffs: Real) -> NDArray[np.int64]:
    """Each nation's own class, index in CLASSES, for payoffs (..., nations, profiles); (..., games, nations)."""
    classes = []
    for cooperate, defect in GAMES.values():
        for n in (0, 1):

            def own(mine: str, other: str, n: int = n) -> Real:
                return payoffs[..., n, PROFILES.index((mine, other) if n == 0 else (other, mine))]

            r, s = own(cooperate, cooperate), own(cooperate, defect)
            t, p = own(defect, cooperate), own(defect, defect)
            alone_is_nothing = (s == p) & (t == p)
            conditions = [
                alone_is_nothing & (r > p),
                alone_is_nothing & (r <= p),
                (t > r) & (r > p) & (p > s),
                (t > r) & (r > s) & (s > p),
                (r > t) & (p > s) & (r > p),
                (r > t) & (s > p) & (r > p),
                (t > r) & (p > s) & (p > r),
            ]
            classes.append(np.select(conditions, (5, 6, 0, 1, 2, 3, 4), default=7))
    return np.stack(classes, axis=-1).reshape(*payoffs.shape[:-2], len(GAMES), 2)


def weights(runs: int, seed: int) -> Real:
    """How often each run is in each bootstrap draw, (draws, runs), as shares."""
    picked: Real = np.random.default_rng(seed).multinomial(runs, np.full(runs, 1 / runs), size=DRAWS) / runs
    return picked


def class_and_probability(points: Real) -> tuple[NDArray[np.int64], Real]:
    """The class of the mean payoffs and its probability: draws (draws, ..., nations, profiles), the mean appended."""
    classes = classes_of(points)
    return classes[-1], (classes[:-1] == classes[-1]).mean(axis=0)


def bootstrap_means(samples: Real, seed: int) -> Real:
    """Means of (runs, ...) over bootstrap draws and, last, over the runs; equal columns stay equal to the last bit."""
    flat = samples.reshape(len(samples), -1)
    distinct, where = np.unique(flat, axis=1, return_inverse=True)
    means = np.concatenate([weights(len(flat), seed) @ distinct, distinct.mean(axis=0, keepdims=True)])
    picked: Real = means[:, where.ravel()].reshape(len(means), *samples.shape[1:])
    return picked


def contested(grid: Grid, seed: int) -> pd.DataFrame:
    """Classes over China's lag and its growth relative to that of the US."""
    rows = []
    for lag in tqdm(grid.lags, desc="lags"):
        for multiplier in grid.multipliers:
            here = Scenario.load(SCENARIO).replace(
                {"nations.china.lag": lag, "nations.china.growth_multiplier": multiplier}
            )
            payoffs = simulate_profiles(here, PROFILES, Sampling(grid.map_runs, seed, progress=False)).payoffs
            rows += _rows("contestedness", lag, multiplier, *class_and_probability(bootstrap_means(payoffs, seed)))
    return pd.DataFrame(rows, columns=_COLUMNS)


def valued(grid: Grid, seed: int) -> pd.DataFrame:
    """Classes over prize x enmity and over catastrophe cost x enmity, from one set of payoff parts."""
    baseline = Scenario.load(SCENARIO)
    parts = payoff_parts(baseline, PROFILES, grid.runs, seed, progress=False)
    stacked = np.stack([parts.market, parts.catastrophe, parts.lead, parts.shared, parts.won], axis=1)
    market, catastrophe, lead, shared, won = np.moveaxis(bootstrap_means(stacked, seed), 1, 0)
    own_costs, rivalry = np.array(list(baseline.catastrophe_costs.values()))[:, np.newaxis], baseline.nation.rivalry
    enmities = np.linspace(0.0, 1.0, grid.fine)
    maps = (
        ("prize", np.linspace(0.0, 500.0, grid.fine), lambda value: (own_costs, value)),
        ("catastrophe_cost", np.geomspace(20.0, 1e5, grid.fine), lambda value: (value, baseline.prize.prize)),
    )
    rows = []
    for name, values, wants in maps:
        for value in values:
            cost, prize = wants(value)
            for enmity in enmities:
                won_or_shared = (1.0 - enmity) * shared + enmity * won
                payoffs = market - cost * catastrophe + rivalry * lead + prize * won_or_shared
                rows += _rows(name, value, enmity, *class_and_probability(payoffs))
    return pd.DataFrame(rows, columns=_COLUMNS)


_COLUMNS = ["map", "x", "y", "game", "nation", "class", "probability"]


def _rows(name: str, x: float, y: float, classes: NDArray[np.int64], probability: Real) -> list[tuple[object, ...]]:
    return [
        (name, x, y, game, nation, CLASSES[classes[g, n]], probability[g, n])
        for g, game in enumerate(GAMES)
        for n, nation in enumerate(NATIONS)
    ]


def box(scenario: Scenario) -> dict[str, tuple[float, float]]:
    """The assumed parameters of laws and nations that are not parts of one lab, with their plausible ranges."""
    return {
        parameter.path: parameter.about.plausible
        for parameter in scenario.parameters()
        if parameter.about.status == "assumed"
        and parameter.about.plausible is not None
        and parameter.about.plausible[0] < parameter.about.plausible[1]
        and parameter.path.partition(".")[0] not in ("labs", "rules")
    }


def over_the_box(grid: Grid, seed: int) -> tuple[pd.DataFrame, int]:
    """Share of each class over Sobol points of the box: mean over points of the class's probability, and its error."""
    scenario = Scenario.load(SCENARIO)
    ranges = box(scenario)
    unit = qmc.Sobol(len(ranges), seed=seed).random(grid.points)
    probability = np.zeros((grid.points, len(GAMES), 3, len(CLASSES)))
    for point, row in enumerate(tqdm(unit, desc="points of the box")):
        values = {path: _scaled(u, *ends) for u, (path, ends) in zip(row, ranges.items(), strict=True)}
        sampling = Sampling(grid.point_runs, seed, first_run=point * grid.point_runs, progress=False)
        payoffs = simulate_profiles(scenario.replace(values), PROFILES, sampling).payoffs
        classes = classes_of(bootstrap_means(payoffs, seed)[:-1])
        for k in range(len(CLASSES)):
            probability[point, :, :2, k] = (classes == k).mean(axis=0)
            probability[point, :, 2, k] = (classes == k).all(axis=-1).mean(axis=0)
    probability[..., 2, 7] = 1.0 - probability[..., 2, :7].sum(axis=-1)
    share, error = probability.mean(axis=0), probability.std(axis=0, ddof=1) / np.sqrt(grid.points)
    rows = [
        (game, who, name, share[g, w, k], error[g, w, k])
        for g, game in enumerate(GAMES)
        for w, who in enumerate((*NATIONS, "both the same"))
        for k, name in enumerate(CLASSES)
    ]
    return pd.DataFrame(rows, columns=["game", "nation", "class", "share", "standard_error"]), len(ranges)


def _scaled(u: float, low: float, high: float) -> float:
    if low > 0.0 and high / low >= LOGARITHMIC:
        return float(low * (high / low) ** u)
    return float(low + u * (high - low))


def findings(table: pd.DataFrame, shares: pd.DataFrame, parameters: int) -> list[str]:
    """The main results in words; every number is read off the tables."""
    lines = ["Classes at the baseline's prize and enmity, by the cost of a catastrophe (each nation's own class):"]
    costs = table[(table["map"] == "catastrophe_cost")]
    enmity = costs["y"].iloc[(costs["y"] - 0.6).abs().argmin()]
    for game in GAMES:
        for nation in NATIONS:
            here = costs[(costs["game"] == game) & (costs["nation"] == nation) & (costs["y"] == enmity)]
            path, last = [], ""
            for _, row in here.sort_values("x").iterrows():
                if row["class"] != last:
                    path.append(f"{row['class']} from {row['x']:.3g}")
                    last = row["class"]
            lines.append(f"- {game}, {nation}: {', '.join(path)}.")
    lines.append("Contestedness (share of the grid's points, by class; probability of that class averaged over them):")
    for game in GAMES:
        for nation in NATIONS:
            here = table[(table["map"] == "contestedness") & (table["game"] == game) & (table["nation"] == nation)]
            parts = [
                f"{name} {len(part)} of {len(here)} ({part['probability'].mean():.2f})"
                for name, part in sorted(here.groupby("class"), key=lambda item: -len(item[1]))
            ]
            lines.append(f"- {game}, {nation}: {', '.join(parts)}.")
    lines.append("Without a lag and at equal growth (probability):")
    level = table[(table["map"] == "contestedness") & (table["x"] == 0.0)]
    level = level[level["y"] == level["y"].iloc[(level["y"] - 1.0).abs().argmin()]]
    for game in GAMES:
        both = level[level["game"] == game]
        lines.append(
            f"- {game}: "
            + ", ".join(f"{row['nation']} {row['class']} ({row['probability']:.2f})" for _, row in both.iterrows())
            + "."
        )
    lines.append(f"Over the box of {parameters} assumed parameters (share +- standard error, above 1 %):")
    for (game, nation), part in shares.groupby(["game", "nation"], sort=False):
        seen = part[part["share"] >= 0.01].sort_values("share", ascending=False)
        listed = ", ".join(f"{r['class']} {100 * r['share']:.0f} +- {100 * r['standard_error']:.0f} %"
                          for _, r in seen.iterrows())  # fmt: skip
        lines.append(f"- {game}, {nation}: {listed}.")
    low, high = box(Scenario.load(SCENARIO))["nations.us.catastrophe_cost"]
    lines.append(
        "Shares of the box are no probabilities of the world: the cost of a catastrophe, which decides most, is "
        f"uniform on a logarithmic scale from {low:g} to {high:g} there."
    )
    return lines


def against_prediction(table: pd.DataFrame, shares: pd.DataFrame) -> list[str]:
    """Which parts of the prediction came out."""
    slowing, treaty, sharing = GAMES
    level = table[(table["map"] == "contestedness") & (table["x"] == 0.0)]
    level = level[level["y"] == level["y"].iloc[(level["y"] - 1.0).abs().argmin()]]
    same = [game for game in GAMES if level["class"][level["game"] == game].nunique() == 1]
    costs = table[table["map"] == "catastrophe_cost"]
    costs = costs[costs["y"] == costs["y"].iloc[(costs["y"] - 0.6).abs().argmin()]].sort_values("x")
    paths = {who: costs[(costs["game"] == slowing) & (costs["nation"] == who)] for who in NATIONS}
    steps = {who: list(dict.fromkeys(rows["class"])) for who, rows in paths.items()}
    harmony = {who: rows["x"][rows["class"] == "harmony"].min() for who, rows in paths.items()}
    prizes = table[(table["map"] == "prize") & (table["game"] == slowing)]
    back = 0
    for along, other in (("x", "y"), ("y", "x")):
        for _, rows in prizes.groupby(["nation", other]):
            names = rows.sort_values(along)["class"].tolist()
            back += sum(one == "prisoner's dilemma" and "harmony" in names[k:] for k, one in enumerate(names))

    def share(game: str, who: str, name: str) -> float:
        return float(
            shares[(shares["game"] == game) & (shares["nation"] == who) & (shares["class"] == name)]["share"].iloc[0]
        )

    dilemma = {who: share(treaty, who, "prisoner's dilemma") for who in NATIONS}
    pays = {who: share(sharing, who, "sharing pays") for who in NATIONS}
    first = costs[(costs["game"] == sharing) & (costs["nation"] == "us") & (costs["class"] == "sharing pays")][
        "x"
    ].min()
    top = {}
    for who in NATIONS:
        here = shares[(shares["game"] == slowing) & (shares["nation"] == who)]
        top[who] = here.loc[here["share"].idxmax()]
    expected = ["deadlock", "prisoner's dilemma", "harmony"]
    return [
        verdict(1, len(same) == len(GAMES), f"without a lag, at equal growth, both nations' class is the same in "
                f"{', '.join(same) or 'no game'}"),
        verdict(2, all(path == expected for path in steps.values()) and harmony["us"] > harmony["china"], "; ".join(
                f"{who}: {' -> '.join(path)}, harmony from {harmony[who]:.3g}" for who, path in steps.items())),
        verdict(3, back == 0, f"{back} points of the map of prize and enmity are a dilemma with harmony beyond them"),
        verdict(4, max(dilemma.values()) < 0.2, "share of the box: "
                + ", ".join(f"{who} {value:.2f}" for who, value in dilemma.items())),
        verdict(5, pays["china"] > 0.9 and first > 600, f"sharing pays in {pays['us']:.2f} (US) and "
                f"{pays['china']:.2f} (China) of the box; to the US, at the baseline, from a cost of {first:.3g} on"),
        verdict(6, all(row["share"] < 0.5 and row["class"] == "harmony" for row in top.values()), "most frequent: "
                + ", ".join(f"{who} {row['class']} {row['share']:.2f}" for who, row in top.items())),
    ]  # fmt: skip


def compute(options: argparse.Namespace) -> ExperimentResult:
    """Map, sample, and put the results into words."""
    grid, seed = (QUICK, 1) if options.quick else (FULL, 1)
    table = pd.concat([contested(grid, seed), valued(grid, seed)], ignore_index=True)
    shares, parameters = over_the_box(grid, seed)
    words = [*findings(table, shares, parameters), "The prediction:", *against_prediction(table, shares)]
    origin = {**provenance(Scenario.load(SCENARIO), seed, "integrated"), "grid": vars(grid), "draws": DRAWS,
            "box": box(Scenario.load(SCENARIO))}  # fmt: skip
    return ExperimentResult({"maps.csv": table, "box.csv": shares}, origin, words)


def main(arguments: list[str] | None = None) -> None:
    """Run it, and write and print its results."""
    publish("which_dilemma", __doc__, compute, arguments)


if __name__ == "__main__":
    main()
