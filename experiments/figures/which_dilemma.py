"""Which dilemma nations face: maps of classes around the baseline, and shares of the box of assumptions."""

from functools import partial

from matplotlib.figure import Figure

from race_sim.figures.kinds import Columns, Kind, Provenance, Tables, chosen, grid
from race_sim.plots import class_key, class_map, class_shares

COLOURS = {
    "prisoner's dilemma": "#D55E00",
    "chicken": "#E69F00",
    "stag hunt": "#56B4E9",
    "harmony": "#009E73",
    "deadlock": "#555555",
    "sharing pays": "#009E73",
    "sharing costs": "#555555",
    "other": "#CC79A7",
}
CLASSES, PALETTE = list(COLOURS), list(COLOURS.values())
GAMES = {
    "race/unilateral_slowdown": "slow down alone, or race?",
    "treaty/covert_defection": "keep a treaty, or cheat on it?",
    "race/fundamentals": "share fundamentals, or race?",
}
NATIONS = {"us": "US (leads)", "china": "China (lags)"}
WHO = {"us": "US", "china": "China"}
PANELS = (  # map, labels, where the baseline lies for the US and for China
    ("contestedness", "China's lag at the start (months)", "China's growth\nrelative to the US (ratio)",
     ((6.8, 1.0), (6.8, 1.0))),
    ("prize", "prize (yearly market values)", "enmity (0 to 1)", ((20.0, 0.6), (20.0, 0.6))),
    ("catastrophe_cost", "cost of a catastrophe (yearly market values)", "enmity (0 to 1)",
     ((1130.0, 0.6), (940.0, 0.6))),
)  # fmt: skip


def maps(tables: Tables, provenance: Provenance, game: str) -> Figure:
    """Three maps of one game's classes, a column per nation."""
    table = chosen(tables["maps.csv"], game=game)
    present = [name for name in CLASSES if (table["class"] == name).any()]
    figure = Figure(figsize=(7.0, 7.8))
    axes = figure.subplots(len(PANELS), len(NATIONS))
    for line, (name, xlabel, ylabel, baseline) in zip(axes, PANELS, strict=True):
        for ax, nation, here in zip(line, NATIONS, baseline, strict=True):
            rows = chosen(table, map=name, nation=nation)
            rows = rows.assign(number=rows["class"].map(CLASSES.index))
            x, y, (classes, sure) = grid(rows, "x", "y", "number", "probability")
            class_map(x, y, classes, sure, PALETTE, xlabel=xlabel, ax=ax,
                      ylabel=ylabel if ax is line[0] else "")  # fmt: skip
            if name == "catastrophe_cost":
                ax.set_xscale("log")
            ax.set_xlim(x[0], x[-1])
            ax.set_ylim(y[0], y[-1])
            ax.plot(*here, "*", color="white", markeredgecolor="black", markersize=11, clip_on=False)
    for ax, title in zip(axes[0], NATIONS.values(), strict=True):
        ax.set_title(title, loc="left", fontsize=10)
    figure.suptitle(f"{game.replace('/', ' against ')}: the class of game that each nation faces;\n"
                    "pale, dotted: probability below 0.95; star: baseline")  # fmt: skip
    figure.legend(handles=class_key(present, [COLOURS[name] for name in present]), loc="outside lower center",
                  ncols=min(3, len(present)))  # fmt: skip
    return figure


def box(tables: Tables, provenance: Provenance) -> Figure:
    """Shares of the classes over the box, one panel per game."""
    table = tables["box.csv"]
    games = [game for game in GAMES if (table["game"] == game).any()]
    figure = Figure(figsize=(7.0, 6.2))
    axes = figure.subplots(len(games), 1, sharex=True, squeeze=False)[:, 0]
    for ax, game in zip(axes, games, strict=True):
        here = chosen(table, game=game)
        names = [name for name in CLASSES if (chosen(here, **{"class": name})["share"] > 0).any()]
        shares = {}
        for name in names:
            rows = chosen(here, **{"class": name})
            shares[name] = (rows["share"], rows["standard_error"])
        class_shares(
            [WHO.get(who, who) for who in dict.fromkeys(here["nation"])],
            shares,
            [COLOURS[name] for name in names],
            xlabel="",
            ax=ax,
        )
        ax.set_title(f"{GAMES[game]} ({game.replace('/', ' against ')})", loc="left", fontsize=9)
        labels = ["other, or not the same" if name == "other" else name for name in names]
        ax.legend(handles=class_key(labels, [COLOURS[name] for name in names]), fontsize=7, loc="center left",
                  bbox_to_anchor=(1.0, 0.5))  # fmt: skip
    axes[-1].set_xlabel("share of the box of assumed parameters (whole: 1)\nnumbers in %, whiskers two standard errors")
    return figure


MAPS = {"maps.csv": Columns(("map", "game", "nation", "class"), ("x", "y", "probability"))}
KINDS = (
    *(
        Kind(f"map_{game.replace('/', '_')}", f"Which dilemma is it: {words}", MAPS, partial(maps, game=game))
        for game, words in GAMES.items()
    ),
    Kind("box", "Which dilemma is how common over everything that is assumed?",
         {"box.csv": Columns(("game", "nation", "class"), ("share", "standard_error"))}, box),
)  # fmt: skip
