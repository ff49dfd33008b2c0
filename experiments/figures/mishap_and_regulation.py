"""What the fear of a mishap does, and what a mishap does."""

from matplotlib.figure import Figure

from race_sim.figures.kinds import Columns, Kind, Provenance, Tables, grid
from race_sim.plots import effect_map, response_curves

EFFECT = ("effect_percent", "effect_percent_error")
FULL_COLOUR = 20.0  # percent


def fear_and_shots(tables: Tables, provenance: Provenance) -> Figure:
    """The effect of fear over the grid, and the effect of a warning shot over its year."""
    fear, shots = tables["fear.csv"], tables["warning_shots.csv"]
    figure = Figure(figsize=(5.6, 6.8))
    above, below = figure.subplots(2, 1, height_ratios=(1, 1.2))
    columns, lines, (effect, error) = grid(fear, "commons_share", "regulation_strength", *EFFECT)
    effect_map(columns, lines, effect, error, ax=above, digits=1, largest=FULL_COLOUR,
               xlabel="part of a loss of trust that all labs share (0 to 1)",
               ylabel="strength of regulation\nafter mishaps (1 = as measured)")  # fmt: skip
    above.set_title("what fear of mishaps does to the risk of a catastrophe (%)", fontsize=10, loc="left")
    curves = {str(name): (rows[EFFECT[0]], rows[EFFECT[1]]) for name, rows in shots.groupby("condition", sort=False)}
    response_curves(sorted(shots["year"].unique()), curves, xlabel="year of the mishap (yr)", ax=below,
                    ylabel="change of the risk of a\ncatastrophe after it (%)")  # fmt: skip
    below.axhline(0.0, color="black", linewidth=0.8)
    below.legend(fontsize=8)
    below.set_title("what a mishap does to the risk that is left", fontsize=10, loc="left")
    return figure


KINDS = (
    Kind("fear_and_shots", "Does the fear of a mishap discipline labs, and does a mishap make the rest safer?",
         {"fear.csv": Columns((), ("commons_share", "regulation_strength", *EFFECT)),
          "warning_shots.csv": Columns(("condition",), ("year", *EFFECT))}, fear_and_shots),
)  # fmt: skip
