"""Images of the main plots, to compare later drawings with. ``python -m tests.baseline_images`` draws them anew.

Letters differ from one version of matplotlib to the next (an image with them by 20 levels of 255, root mean square); so
does the place of a legend, which depends on how wide they are. So every text is drawn as a dot at its anchor, filled
where the text is bold, and legends are left out; what texts and legends say is tested by itself. What is left is the
same to the last pixel in matplotlib 3.8, 3.10 and 3.11.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import matplotlib as mpl
import matplotlib.style
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from race_sim.plots import example, house_style

BASELINES = Path(__file__).parent / "data" / "images"
MAIN = ("trajectories", "response_curves", "class_map", "payoff_matrix", "best_responses", "frontier")


@contextmanager
def settings() -> Iterator[None]:
    """The house style on matplotlib's own settings, so that no file of the user's changes the images."""
    with mpl.style.context("default"), house_style():
        yield


def drawn(name: str) -> Figure:
    """The figure of an example, in axes whose place does not depend on how wide a font is, with dots for texts."""
    with settings():
        figure = Figure(figsize=(5.6, 3.8), dpi=70, layout="none")
        ax = example(name, figure.add_axes((0.08, 0.08, 0.84, 0.84)))
    limits = ax.get_xlim(), ax.get_ylim()
    for text in ax.texts:
        fill = "full" if text.get_weight() == "bold" else "none"
        place, transform = text.get_position(), text.get_transform()
        ax.plot(*place, "o", markersize=5, fillstyle=fill, color=text.get_color(), transform=transform, clip_on=False)
    ax.set(xlim=limits[0], ylim=limits[1])
    for text in (*ax.texts, *ax.get_xticklabels(), *ax.get_yticklabels(), ax.xaxis.label, ax.yaxis.label, ax.title):
        text.set_visible(False)
    if ax.get_legend() is not None:
        ax.get_legend().remove()
    return figure


def save(figure: Figure, path: Path) -> Path:
    """As a PNG, by Agg, whatever the backend in use."""
    with settings():
        FigureCanvasAgg(figure).print_png(path, metadata={"Software": None})
    return path


if __name__ == "__main__":
    BASELINES.mkdir(exist_ok=True)
    for one in MAIN:
        print(save(drawn(one), BASELINES / f"{one}.png"))
