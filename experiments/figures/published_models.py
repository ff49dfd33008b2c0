"""The published numbers of the catalogued papers beside ours."""

import pandas as pd
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from race_sim.figures.kinds import Columns, Kind, Provenance, Tables
from race_sim.plots import COLOURS

COLUMNS = (1.04, 1.72)  # where the values stand, in widths of the panel
MOST = 3.0  # tolerances, beyond which a mark stands at the edge
REPRODUCED = "reproduced"
TABLES = {"reproduction.csv": Columns(("game", "result", "published", "ours", "status", "source"), ("tolerance",))}


def distance(row: pd.Series) -> float:
    """Ours less the published number, in tolerances; 0 for statements and exact numbers that agree, NaN if they do not.

    >>> distance(pd.Series({"published": "0.5", "ours": "0.504", "tolerance": 0.005, "status": "reproduced"}))
    0.8
    """
    try:
        difference, tolerance = float(row["ours"]) - float(row["published"]), float(row["tolerance"])
    except ValueError:
        difference, tolerance = 0.0, 0.0
    if tolerance > 0.0:
        return round(difference / tolerance, 12)
    return 0.0 if row["status"] == REPRODUCED else float("nan")


def reproduction(tables: Tables, provenance: Provenance) -> Figure:
    """One row per number or statement: its place within the tolerance, the published value and ours."""
    table = tables["reproduction.csv"].reset_index(drop=True)
    height = 1.0 + 0.17 * (len(table) + table["game"].nunique())
    figure = Figure(figsize=(7.4, height))
    figure.set_layout_engine("none")  # which leaves no room for the values beside the panel
    ax = figure.add_axes((0.47, 0.45 / height, 0.22, 1.0 - 1.0 / height))
    _band(ax)
    at, ticks = 0, []
    for game, rows in table.groupby("game", sort=False):
        ax.text(-0.01, at, str(game), transform=ax.get_yaxis_transform(), ha="right", va="center", fontsize=8,
                weight="bold")  # fmt: skip
        for _, row in rows.iterrows():
            at += 1
            ticks.append((at, _shortened(row["result"])))
            _mark(ax, at, row)
            same = row["published"] == row["ours"]
            words = [_text(row["published"]), "the same" if same else _text(row["ours"])]
            words[1] += "" if row["status"] == REPRODUCED else f" ({row['status']})"
            for place, text in zip(COLUMNS, words, strict=True):
                ax.text(place, at, text, va="center", transform=ax.get_yaxis_transform(), fontsize=7)
        at += 1
    ax.set_yticks([place for place, _ in ticks], [text for _, text in ticks], fontsize=7)
    ax.set_ylim(at - 0.3, -0.7)
    for place, text in zip(COLUMNS, ("published", "ours"), strict=True):
        ax.text(place, -0.2, text, transform=ax.get_yaxis_transform(), fontsize=8, weight="bold")
    figure.legend(*_legend(ax), loc="upper left", ncols=4, fontsize=8)
    return figure


def agreement(tables: Tables, provenance: Provenance) -> Figure:
    """One row per game: all its numbers within their tolerances, and how many checks came out."""
    table = tables["reproduction.csv"]
    games = list(dict.fromkeys(table["game"]))
    figure = Figure(figsize=(6.4, 1.3 + 0.26 * len(games)))
    ax = figure.subplots()
    _band(ax)
    for place, game in enumerate(games):
        rows = table[table["game"] == game]
        for number, (_, row) in enumerate(rows.iterrows()):
            _mark(ax, place + 0.5 * ((number + 0.5) / len(rows) - 0.5), row)
        good = int((rows["status"] == REPRODUCED).sum())
        ax.text(1.02, place, f"{good} of {len(rows)}", transform=ax.get_yaxis_transform(), va="center", fontsize=8)
    ax.set_yticks(range(len(games)), games)
    ax.set_ylim(len(games) - 0.5, -0.5)
    ax.set_title("reproduced", loc="right", fontsize=8)
    figure.legend(*_legend(ax), loc="outside lower center", ncols=3, fontsize=8)
    return figure


def _band(ax: Axes) -> None:
    ax.axvspan(-1.0, 1.0, color="#e8e8e8", linewidth=0, label="within the tolerance")
    ax.axvline(0.0, color="black", linewidth=0.8)
    ax.set_xlim(-MOST - 0.3, MOST + 0.3)
    ax.set_xlabel("ours less the published number (tolerances)")
    ax.grid(axis="y", visible=False)


def _mark(ax: Axes, at: float, row: pd.Series) -> None:
    """A dot, filled for the paper's own number; a cross, at the edge if far, for a check that came out otherwise."""
    away = distance(row)
    if row["status"] != REPRODUCED:
        beyond = MOST if pd.isna(away) else max(-MOST, min(MOST, away))
        ax.plot(beyond, at, "X", color=COLOURS[1], markersize=7, label="differs", zorder=3, clip_on=False)
        return
    own = row["source"] == "paper"
    ax.plot(away, at, "o", color=COLOURS[0], markerfacecolor=COLOURS[0] if own else "white", markersize=4, zorder=2,
            label="the paper's own number" if own else "our reading of its equations")  # fmt: skip


def _legend(ax: Axes) -> tuple[list[Artist], list[str]]:
    """Handles and labels, each label once."""
    result = dict(zip(*ax.get_legend_handles_labels()[::-1], strict=True))
    return list(result.values()), list(result)


def _text(value: object) -> str:
    try:
        return f"{float(str(value)):.5g}"
    except ValueError:
        return _shortened(str(value), 21)


def _shortened(text: str, most: int = 60) -> str:
    return text if len(text) <= most else text[: most - 3].rstrip() + "..."


KINDS = (
    Kind("reproduction", "Which numbers of the papers come out here?", TABLES, reproduction),
    Kind("agreement", "How well does each published model come out here?", TABLES, agreement),
)
