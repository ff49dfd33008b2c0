"""Which class, where: maps over two parameters, and shares of classes side by side."""

from collections.abc import Mapping, Sequence

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.colors import to_rgb
from matplotlib.lines import Line2D
from matplotlib.patches import Patch, PathPatch
from matplotlib.path import Path
from numpy.typing import ArrayLike, NDArray

from race_sim.errors import InputError
from race_sim.plots.style import hatch_of

Real = NDArray[np.float64]
Shade = tuple[float, float, float, float]

SURE = 0.95
UNSURE = f"dots: probability below {SURE:g}"
HATCHING, FAINT = (0.0, 0.0, 0.0, 0.6), (0.0, 0.0, 0.0, 0.25)  # hatches are black, but let the colour through
BEHIND_TEXT = {"facecolor": "white", "alpha": 0.75, "edgecolor": "none", "pad": 0.8}


def class_map(
    x: ArrayLike,
    y: ArrayLike,
    classes: ArrayLike,
    probability: ArrayLike,
    colours: Sequence[str],
    *,
    xlabel: str,
    ylabel: str,
    ax: Axes | None = None,
) -> Axes:
    """The class, say a dilemma's or an equilibrium's, at every point of a grid: its colour with that colour's hatch.

    Where its probability is below 0.95 both are paler, and dotted. x: (columns,), y: (rows,), increasing. classes,
    probability: (rows, columns), indices in ``colours`` and the probability of that class. Labels carry units.

    >>> ax = class_map([0, 1], [0, 1], [[0, 1], [1, 1]], [[1, 1], [1, 0.6]], "rb", xlabel="x (1)", ylabel="y (1)")
    >>> ax.get_xlabel()
    'x (1)'
    """
    ax = plt.subplots()[1] if ax is None else ax
    across, up = np.asarray(x, dtype=float), np.asarray(y, dtype=float)
    if min(len(across), len(up)) < 2:
        raise InputError(f"x, y: must have two values or more each, got {len(across)} and {len(up)}")
    which, sure = np.asarray(classes), np.asarray(probability, dtype=float)
    palette = np.array([to_rgb(colour) for colour in colours])
    strength = np.where(sure >= SURE, 0.85, 0.35)[..., np.newaxis]
    ax.pcolormesh(across, up, 1.0 - strength * (1.0 - palette[which]), shading="nearest", linewidth=0, rasterized=True)
    for number in np.unique(which):
        for decided, shade in ((sure >= SURE, HATCHING), (sure < SURE, FAINT)):
            _hatched(ax, across, up, (which == number) & decided, hatch_of(colours[int(number)]), shade)
    doubtful = np.argwhere(sure < SURE)
    step = max(1, len(across) // 15), max(1, len(up) // 15)
    shown = doubtful[(doubtful[:, 0] % step[1] == 0) & (doubtful[:, 1] % step[0] == 0)]
    ax.plot(across[shown[:, 1]], up[shown[:, 0]], ".", color="black", markersize=2.5)
    ax.set_xlabel(xlabel)
    ax.set_ylabel(ylabel)
    ax.grid(visible=False)
    return ax


def _hatched(ax: Axes, x: Real, y: Real, where: NDArray[np.bool_], hatch: str, shade: Shade) -> None:
    """Hatch the cells (rows, columns) around grid points, as one patch, so that no line runs between them."""
    if not hatch or not where.any():
        return
    right, top = _edges(x), _edges(y)
    cells = [
        Path(np.column_stack([right[[c, c + 1, c + 1, c, c]], top[[r, r, r + 1, r + 1, r]]]), closed=True)
        for r, c in np.argwhere(where)
    ]
    ax.add_patch(PathPatch(Path.make_compound_path(*cells), hatch=hatch, facecolor="none", edgecolor=shade, lw=0))


def _edges(at: Real) -> Real:
    """Where the cells around points begin and end: half way between, and as far beyond the outer ones."""
    between = (at[1:] + at[:-1]) / 2
    return np.concatenate([[2 * at[0] - between[0]], between, [2 * at[-1] - between[-1]]])


def class_key(names: Sequence[str], colours: Sequence[str], *, undecided: bool = False) -> list[Artist]:
    """Legend handles for classes, in the colours and hatches that ``class_map`` and ``class_shares`` give them.

    undecided: with one for the dots of ``class_map`` as well.

    >>> [handle.get_label() for handle in class_key(["chicken", "harmony"], ["red", "blue"])]
    ['chicken', 'harmony']
    """
    dots: list[Artist] = [Line2D([], [], marker=".", markersize=2.5, color="black", linestyle="none", label=UNSURE)]
    return [
        Patch(facecolor=(colour, 0.85), edgecolor=HATCHING, linewidth=0, hatch=hatch_of(colour), label=name)
        for name, colour in zip(names, colours, strict=False)
    ] + (dots if undecided else [])


def class_shares(
    rows: Sequence[str],
    shares: Mapping[str, tuple[ArrayLike, ArrayLike]],
    colours: Sequence[str],
    *,
    xlabel: str,
    ax: Axes | None = None,
) -> Axes:
    """One bar per row, cut into the shares of classes; a whisker of two standard errors below the end of each.

    shares: class -> (shares, standard errors), each (rows,). The first row stands at the top.

    >>> ax = class_shares(["us"], {"harmony": ([0.3], [0.02]), "chicken": ([0.7], [0.02])}, "rb", xlabel="share (1)")
    >>> len(ax.patches)
    2
    """
    ax = plt.subplots()[1] if ax is None else ax
    at = np.arange(len(rows))
    left = np.zeros(len(rows))
    for number, (name, (share, error)) in enumerate(shares.items()):
        width, spread = np.asarray(share, dtype=float), np.asarray(error, dtype=float)
        colour = colours[number]
        ax.barh(at, width, left=left, facecolor=(colour, 0.85), hatch=hatch_of(colour), edgecolor=HATCHING, lw=0,
                height=0.7, label=name)  # fmt: skip
        for row in map(int, np.flatnonzero(width >= 0.06)):
            place = left[row] + width[row] / 2, row - 0.1
            ax.text(*place, f"{100 * width[row]:.0f}", ha="center", va="center", fontsize=8, bbox=BEHIND_TEXT)
        left = left + width
        seen = width > 0.02
        ax.errorbar(
            left[seen], at[seen] + 0.25, xerr=2 * spread[seen], fmt="none", ecolor="black", capsize=2, linewidth=0.9
        )
    ax.set_yticks(at, rows)
    ax.invert_yaxis()
    ax.set_xlim(0, 1)
    ax.set_xlabel(xlabel)
    ax.grid(axis="y", visible=False)
    return ax
