"""One look for every figure: colour-blind safe, readable in black and white."""

from contextlib import AbstractContextManager
from functools import cache
from typing import Any, NamedTuple

import matplotlib as mpl

# Okabe and Ito 2008, in an order whose lightness differs from neighbour to neighbour.
COLOURS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#56B4E9", "#E69F00", "#000000", "#999999")
MARKERS = ("o", "s", "^", "D", "v", "P", "X", "*")
LINES = ("-", "--", "-.", ":", (0, (5, 1)), (0, (3, 1, 1, 1)), (0, (1, 1)), (0, (8, 2)))
HATCHES = ("", "////", "....", "\\\\\\\\", "xxxx", "----", "++++", "oo")
FAINT = 0.2  # opacity of a band

_SETTINGS = {
    "font.size": 9,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.grid": True,
    "grid.color": "#dddddd",
    "grid.linewidth": 0.6,
    "axes.axisbelow": True,
    "legend.frameon": False,
    "figure.constrained_layout.use": True,
    "svg.hashsalt": "race_sim",
}
_OF_THE_USER = (  # where figures are shown and how large, not how they look
    "backend", "interactive", "toolbar", "timezone", "date.epoch", "docstring", "figure.dpi", "figure.max_open_warning",
    "figure.raise_window", "figure.hooks", "savefig.directory", "tk.", "webagg.", "macosx.", "keymap.", "animation.",
)  # fmt: skip


class Look(NamedTuple):
    """What distinguishes one thing from the next: each of the four alone is enough for eight things.

    Attributes
    ----------
    colour : str
        Of Okabe and Ito, as a hexadecimal number.
    line : str or tuple
        A line style of matplotlib.
    marker, hatch : str
        As matplotlib names them.
    """

    colour: str
    line: str | tuple[int, tuple[int, ...]]
    marker: str
    hatch: str

    @property
    def band(self) -> dict[str, Any]:
        """Fill and edge of a band around a line, so that bands that overlap can be distinguished without colour.

        Returns
        -------
        dict of str to value
            Options of ``Axes.fill_between``.
        """
        faint, strong = (self.colour, FAINT), (self.colour, 0.7)
        return {"facecolor": faint, "edgecolor": strong, "linestyle": self.line, "linewidth": 0.6}


def look(number: int) -> Look:
    """Give colour, line, marker and hatch of one of several things; they repeat after eight.

    Parameters
    ----------
    number : int
        Which thing, from 0.

    Returns
    -------
    Look
        All four.

    Examples
    --------
    >>> look(1).colour == look(9).colour, look(1).marker
    (True, 's')
    """
    at = number % len(COLOURS)
    return Look(COLOURS[at], LINES[at], MARKERS[at], HATCHES[at])


def hatch_of(colour: str) -> str:
    """Give the hatch that goes with a house colour, so that both mean the same thing.

    Parameters
    ----------
    colour : str
        One of ``COLOURS``, or any other of matplotlib's.

    Returns
    -------
    str
        A hatch of matplotlib; empty for the first colour of the house and for any that is not of the house.

    Examples
    --------
    >>> hatch_of(COLOURS[1]), hatch_of("red")
    ('////', '')
    """
    return HATCHES[COLOURS.index(colour)] if colour in COLOURS else ""


def house_style() -> AbstractContextManager[None]:
    """Draw in the house style for as long as the context lasts; settings are as before afterwards.

    The user's own settings, of fonts or of LaTeX, do not count meanwhile, but for the backend and its like.

    Returns
    -------
    context manager
        For ``with house_style(): ...``.

    Examples
    --------
    >>> with house_style():
    ...     print(mpl.rcParams["axes.grid"])
    True
    """
    settings: Any = {**_defaults(), **_SETTINGS}
    return mpl.rc_context(settings)


@cache
def _defaults() -> dict[str, Any]:
    """Matplotlib's own settings of how figures look."""
    return {name: value for name, value in mpl.rcParamsDefault.items() if not name.startswith(_OF_THE_USER)}
