"""What shared benchmarks do to the risk, through what, and where they raise it."""

from matplotlib.figure import Figure

from race_sim.figures.kinds import Columns, Kind, Provenance, Tables, chosen, grid
from race_sim.plots import effect_map, response_curves

CAUSES = {  # the first two, often close, are drawn solid and dashed
    "answer_seen": "labs answer to being seen",
    "all": "all together",
    "answer_flow": "labs answer to the flow",
    "seen": "buyers see more",
    "flow": "safety work and capability flow",
}
PANELS = (
    ("free", "labs choose", "visibility by shared benchmarks (0 to 1)", "sharing of safety work (0 to 1)"),
    ("held", "labs' shares held at those of the race", "visibility by shared benchmarks (0 to 1)",
     "sharing of safety work (0 to 1)"),
    ("market", "full coverage, labs choose", "safety premium of buyers (0 to 1)", "wear of benchmarks (1/OOM)"),
)  # fmt: skip
FULL_COLOUR = 100.0  # percent


def parts(tables: Tables, provenance: Provenance) -> Figure:
    """What each cause adds to the risk, over coverage."""
    table = tables["parts.csv"]
    curves = {}
    for cause, words in CAUSES.items():
        rows = chosen(table, cause=cause).sort_values("coverage")
        curves[words] = ([0.0, *(100 * rows["risk"])], [0.0, *(100 * rows["standard_error"])])
    figure = Figure(figsize=(5.8, 4.2))
    ax = figure.subplots()
    response_curves([0.0, *sorted(table["coverage"].unique())], curves, ax=ax,
                    xlabel="coverage of shared benchmarks (0 to 1)",
                    ylabel="added to the risk of a catastrophe\nin 10 years (percentage points)")  # fmt: skip
    ax.axhline(0.0, color="black", linewidth=0.8)
    ax.legend(fontsize=8, loc="lower left")
    return figure


def what_parts_show(tables: Tables, provenance: Provenance) -> str:
    """Of the finding: the risk with all benchmarks against that of the race, and what being seen does of that."""
    table = tables["parts.csv"]
    race = 100 * chosen(table, cause="race")["risk"].iloc[0]
    full = table[table["coverage"] == table["coverage"].max()].set_index("cause")["risk"] * 100
    return (
        f"Shared benchmarks take the risk from {race:.2f} % to {race + full['all']:.2f} %; labs that answer to being "
        f"seen do {100 * full['answer_seen'] / full['all']:.0f} % of that"
    )


def maps(tables: Tables, provenance: Provenance) -> Figure:
    """Where sharing raises the risk (orange) and where it lowers it (blue)."""
    figure = Figure(figsize=(5.2, 8.4))
    for ax, (kind, title, xlabel, ylabel) in zip(figure.subplots(3, 1), PANELS, strict=True):
        rows = chosen(tables["maps.csv"], map=kind)
        columns, lines, (effect, error) = grid(rows, "column", "row", "change_percent", "standard_error")
        effect_map(columns, lines, effect, error, xlabel=xlabel, ylabel=ylabel, ax=ax,
                   largest=FULL_COLOUR, digits=0)  # fmt: skip
        ax.set_title(title, fontsize=10, loc="left")
    figure.suptitle("change of the probability of a catastrophe against the race (%)\n"
                    "blue: lower, orange: higher; in brackets: within two standard errors of none",
                    fontsize=9, x=0.01, ha="left")  # fmt: skip
    return figure


KINDS = (
    Kind("parts", "Through what do shared benchmarks change the risk?",
         {"parts.csv": Columns(("cause",), ("coverage", "risk", "standard_error"))}, parts, finding=what_parts_show),
    Kind("maps", "Where does sharing raise the risk, and where does it lower it?",
         {"maps.csv": Columns(("map",), ("column", "row", "change_percent", "standard_error"))}, maps),
)  # fmt: skip
