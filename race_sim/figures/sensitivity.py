"""Which parameters outcomes depend on: what ``race-sim sensitivity --out`` leaves."""

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from race_sim.figures.kinds import Kind, Provenance, Tables
from race_sim.plots import index_intervals

LABELS = {  # kind of index, the first that a table has orders its rows -> what the axis says
    "total": "share of the variance between points (0 to 1)",
    "mu_star": "mean absolute elementary effect (unit of the outcome)",
    "delta": "change of the density, delta (0 to 1)",
    "median": "change of the distribution, PAWN (0 to 1)",
}
DRAWN = ("total", "first_order", "mu_star", "delta", "median")
ROWS, ROWS_OF_SEVERAL = 25, 12
PREFIX = "indices-"


def panel(table: pd.DataFrame, ax: Axes, rows: int, label: str) -> Axes:
    """Draw the indices of the most influential parameters of one outcome.

    Parameters
    ----------
    table : DataFrame
        One row per parameter, the most influential first; a kind of index per column, and ``KIND_low`` and
        ``KIND_high`` beside it where it has an interval.
    ax : Axes
        Where to draw.
    rows : int
        The most parameters that are shown.
    label : str
        Of the axis, with its unit in brackets.

    Returns
    -------
    Axes
        The axes drawn into.
    """
    top = table.head(rows)
    shown = {}
    for kind in (kind for kind in DRAWN if kind in top):
        low, high = (kind + "_low", kind + "_high") if kind + "_low" in top else (kind, kind)
        shown[kind.replace("_", " ")] = (top[kind], top[low], top[high])
    return index_intervals(list(top["parameter"]), shown, xlabel=label, ax=ax)


def indices(tables: Tables, provenance: Provenance) -> Figure:
    """Draw one panel per outcome.

    Parameters
    ----------
    tables : mapping of str to DataFrame
        The tables that the kind of figure needs, by file name.
    provenance : mapping
        What the result's folder says of how it was computed.

    Returns
    -------
    Figure
        The figure, on no canvas of pyplot's.
    """
    rows = ROWS if len(tables) == 1 else ROWS_OF_SEVERAL
    heights = [0.7 + 0.22 * min(rows, len(table)) for table in tables.values()]
    figure = Figure(figsize=(6.4, 0.2 + sum(heights)))
    panels = figure.subplots(len(tables), 1, squeeze=False, height_ratios=heights)[:, 0]
    for ax, (name, table) in zip(panels, tables.items(), strict=True):
        kind = next(kind for kind in LABELS if kind in table)
        panel(table, ax, rows, f"{name.removeprefix(PREFIX).removesuffix('.csv')}: {LABELS[kind]}")
    return figure


KINDS = (Kind("indices", "Which parameters do the outcomes depend on?", {}, indices),)
