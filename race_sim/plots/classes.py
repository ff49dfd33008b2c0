"""What plots of classes share: how sure is sure, hatches that let the colour through, and the legend."""

from collections.abc import Sequence

from matplotlib.artist import Artist
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from race_sim.plots.style import hatch_of

SURE = 0.95
UNSURE = f"dots: probability below {SURE:g}"
HATCHING = (0.0, 0.0, 0.0, 0.6)  # black, but the colour shows through


def class_key(names: Sequence[str], colours: Sequence[str], *, undecided: bool = False) -> list[Artist]:
    """Make legend handles for classes, in the colours and hatches that ``class_map`` and ``class_shares`` give them.

    Parameters
    ----------
    names : sequence of str
        The classes.
    colours : sequence of str
        A colour for each; one of the house brings its hatch.
    undecided : bool
        Whether the dots of ``class_map`` are explained as well.

    Returns
    -------
    list of Artist
        The handles, each with its label.

    Examples
    --------
    >>> [handle.get_label() for handle in class_key(["chicken", "harmony"], ["red", "blue"])]
    ['chicken', 'harmony']
    """
    dots: list[Artist] = [Line2D([], [], marker=".", markersize=2.5, color="black", linestyle="none", label=UNSURE)]
    return [
        Patch(facecolor=(colour, 0.85), edgecolor=HATCHING, linewidth=0, hatch=hatch_of(colour), label=name)
        for name, colour in zip(names, colours, strict=False)
    ] + (dots if undecided else [])
