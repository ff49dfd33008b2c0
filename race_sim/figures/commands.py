"""What the commands ``run``, ``game``, ``compare`` and ``least-setting`` leave with ``--out``, drawn."""

from itertools import product

import numpy as np
import pandas as pd
from matplotlib.figure import Figure
from numpy.typing import ArrayLike

from race_sim.figures.kinds import Columns, Kind, Provenance, Tables, chosen
from race_sim.plots import estimates, payoff_matrix, response_curves

TABLE = "outcomes.csv"
RISK = "catastrophe_probability"
OF_NATIONS = "payoff."  # outcomes that are drawn beside those of the whole race
NUMBERS = ("mean", "standard_error", "low", "high")


def main_outcomes(table: pd.DataFrame) -> list[str]:
    """List what is drawn of a run's outcomes unless others are asked for: those of the whole race, and payoffs.

    Parameters
    ----------
    table : DataFrame
        One row per outcome.

    Returns
    -------
    list of str
        Outcomes whose mean is known.
    """
    known = table[table["mean"].notna()]["outcome"]
    return [key for key in known if "." not in key or key.startswith(OF_NATIONS)]


def outcomes(tables: Tables, provenance: Provenance) -> Figure:
    """Draw estimates of a run's outcomes, a panel for each unit.

    Parameters
    ----------
    tables : mapping of str to DataFrame
        ``outcomes.csv``.
    provenance : mapping
        What the folder says of how it was computed.

    Returns
    -------
    Figure
        The figure, on no canvas of pyplot's.
    """
    table = tables[TABLE]
    units = list(dict.fromkeys(table["unit"]))
    heights = [0.7 + 0.22 * int((table["unit"] == unit).sum()) for unit in units]
    figure = Figure(figsize=(6.4, 0.2 + sum(heights)))
    panels = figure.subplots(len(units), 1, squeeze=False, height_ratios=heights)[:, 0]
    for ax, unit in zip(panels, units, strict=True):
        rows = chosen(table, unit=unit)
        estimates(list(rows["outcome"]), rows["mean"], rows["standard_error"], ax=ax, xlabel=f"mean over runs ({unit})",
                  intervals=(rows["low"], rows["high"]))  # fmt: skip
    return figure


def _policies(table: pd.DataFrame) -> list[str]:
    return list(table.columns[: list(table.columns).index("outcome")])


def _of_two(tables: Tables, provenance: Provenance) -> bool:
    return len(provenance["players"]) == 2


def payoffs(tables: Tables, provenance: Provenance) -> Figure:
    """Draw the payoff matrix of a policy game of two nations.

    Parameters
    ----------
    tables : mapping of str to DataFrame
        ``outcomes.csv``.
    provenance : mapping
        What the folder says of how it was computed.

    Returns
    -------
    Figure
        The figure, on no canvas of pyplot's.
    """
    table, players = tables[TABLE], list(provenance["players"])
    names = [list(provenance["policies"][player]) for player in players]
    shape = tuple(map(len, names))
    columns = _policies(table)
    numbers = np.empty((2, 2, *shape))
    for n, player in enumerate(players):
        rows = chosen(table, outcome=f"{OF_NATIONS}{player}").set_index(columns)
        for a, b in product(*map(range, shape)):
            row = rows.loc[(names[0][a], names[1][b])]
            numbers[:, n, a, b] = row["mean"], row["standard_error"]
    cells, others = (
        [
            (names[0].index(first), names[1].index(second))
            for one in provenance[kind]
            if one["kind"] == "pure"
            for first, second in [(*one["profile"][players[0]], *one["profile"][players[1]])]
        ]
        for kind in ("equilibria", "possible_equilibria")
    )
    figure = Figure(figsize=(1.9 * shape[1] + 2.0, 0.85 * shape[0] + 1.2))
    payoff_matrix(numbers[0], names, players, numbers[1], cells, provenance["unit"], figure.subplots(), possible=others,
                  verdict=f"verdict: {provenance['verdict']}")  # fmt: skip
    return figure


def risks(tables: Tables, provenance: Provenance) -> Figure:
    """Draw the risk of a catastrophe under every profile of policies.

    Parameters
    ----------
    tables : mapping of str to DataFrame
        ``outcomes.csv``.
    provenance : mapping
        What the folder says of how it was computed.

    Returns
    -------
    Figure
        The figure, on no canvas of pyplot's.
    """
    rows = chosen(tables[TABLE], outcome=RISK)
    columns = _policies(rows)
    names = [name.removeprefix("nations.").removesuffix(".policy") for name in columns]
    labels = [", ".join(f"{who} {what}" for who, what in zip(names, row, strict=True)) for row in rows[columns].values]
    figure = Figure(figsize=(6.4, 0.9 + 0.22 * len(labels)))
    estimates(labels, 100.0 * rows["mean"], 100.0 * rows["standard_error"], ax=figure.subplots(),
              xlabel="probability of a catastrophe by the horizon (%)")  # fmt: skip
    return figure


def answers(tables: Tables, provenance: Provenance) -> Figure:
    """Draw what racing risks by every model that says so, and whether racing and slowing down are equilibria in each.

    Parameters
    ----------
    tables : mapping of str to DataFrame
        ``outcomes.csv``.
    provenance : mapping
        What the folder says of how it was computed.

    Returns
    -------
    Figure
        The figure, on no canvas of pyplot's.
    """
    rows = tables[TABLE]
    words = {"True": "yes", "False": "no"}
    labels = [
        f"{row.model}  (race: {words.get(str(row.racing), 'open')}, standard: {words.get(str(row.slowing), 'open')})"
        for row in rows.itertuples()
    ]
    figure = Figure(figsize=(6.4, 0.9 + 0.25 * len(labels)))
    estimates(labels, 100.0 * rows["risk"], np.zeros(len(rows)), ax=figure.subplots(),
              xlabel="probability of a catastrophe where all race (%)")  # fmt: skip
    return figure


def settings(tables: Tables, provenance: Provenance) -> Figure:
    """Draw what each deviation gains over the settings of a lever.

    Parameters
    ----------
    tables : mapping of str to DataFrame
        ``outcomes.csv``.
    provenance : mapping
        What the folder says of how it was computed.

    Returns
    -------
    Figure
        The figure, on no canvas of pyplot's.
    """
    table = tables[TABLE].sort_values("setting", kind="stable")
    levels = sorted(table["setting"].unique())
    lines: dict[str, tuple[ArrayLike, ...]] = {}
    for (policy, nation), rows in table.groupby(["deviation", "nation"], sort=False):
        curve = rows.drop_duplicates("setting", keep="last").set_index("setting").reindex(levels)
        lines[f"{policy} by {nation}"] = tuple(curve[name].to_numpy() for name in ("gain", "low", "high"))
    figure = Figure(figsize=(6.4, 3.6))
    ax = response_curves(levels, lines, xlabel=f"{provenance['lever']} ({provenance['unit']})", ax=figure.subplots(),
                         ylabel="what leaving the treaty gains (V yr)")  # fmt: skip
    ax.axhline(0.0, color="black", linewidth=0.8)
    if len(lines) > 1:
        ax.legend()
    return figure


NEEDED = {  # of the provenance
    "run": (),
    "game": ("players", "policies", "equilibria", "possible_equilibria", "verdict", "unit"),
    "compare": (),
    "least-setting": ("lever", "unit"),
}
_PROFILES = {TABLE: Columns(("outcome",), ("mean", "standard_error"))}
KINDS = {
    "run": (
        Kind("outcomes", "What came of the race?", {TABLE: Columns(("outcome", "unit"), NUMBERS)}, outcomes),
    ),
    "game": (
        Kind("payoffs", "Which policies are best replies to each other?", _PROFILES, payoffs, _of_two),
        Kind("risks", "How likely is a catastrophe under every profile of policies?", _PROFILES, risks),
    ),
    "compare": (
        Kind("answers", "What do the models say that racing risks, and is it an equilibrium?",
             {TABLE: Columns(("model",), ("risk",))}, answers),
    ),
    "least-setting": (
        Kind("settings", "At which setting does no nation gain by leaving?",
             {TABLE: Columns(("deviation", "nation"), ("setting", "gain", "low", "high"))}, settings),
    ),
}  # fmt: skip
