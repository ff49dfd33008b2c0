"""Which class, where: a map over two parameters."""

from collections.abc import Sequence

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import to_rgb
from matplotlib.patches import PathPatch
from matplotlib.path import Path
from numpy.typing import ArrayLike, NDArray

from race_sim.errors import InputError
from race_sim.plots.classes import HATCHING, SURE
from race_sim.plots.example_data import read_only
from race_sim.plots.style import COLOURS, hatch_of

Real = NDArray[np.float64]
Shade = tuple[float, float, float, float]
FAINT = (0.0, 0.0, 0.0, 0.25)  # of hatches where a class is not sure


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
    """Draw the class, say of a dilemma or of an equilibrium, at every point of a grid: a colour with its hatch.

    Where the probability of the class is below 0.95 both are paler, and dotted.

    Parameters
    ----------
    x : array (columns,)
        Values of the parameter along x, increasing, in the unit of that axis.
    y : array (rows,)
        Values of the parameter along y, likewise.
    classes : array of int (rows, columns)
        Places in ``colours``.
    probability : array (rows, columns)
        Of that class at that point, a pure number.
    colours : sequence of str
        A colour for each class; one of the house brings its hatch.
    xlabel, ylabel : str
        Labels of the axes, with their units in brackets.
    ax : Axes, optional
        Where to draw; by default the axes of a new figure.

    Returns
    -------
    Axes
        The axes drawn into.

    Raises
    ------
    InputError
        For fewer than two columns or rows.

    Examples
    --------
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


_VERIFICATION, _ENMITY = read_only(np.linspace(0, 1, 11)), read_only(np.linspace(0.05, 0.95, 10))
_SUM = _VERIFICATION + _ENMITY[:, None]
EXAMPLE = {
    "x": _VERIFICATION,
    "y": _ENMITY,
    "classes": read_only((_SUM > 0.9).astype(int) + (_VERIFICATION * _ENMITY[:, None] > 0.45), int),
    "probability": read_only(np.where(np.abs(_SUM - 0.9) < 0.16, 0.7, 0.99)),
    "colours": COLOURS,
    "xlabel": "verification (1/yr)",
    "ylabel": "enmity (1)",
}
