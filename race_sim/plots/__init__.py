"""Plots: numbers in, Axes out. Nothing here simulates.

``race_sim.plots.NAME`` is the plot in ``charts/NAME.py``; it is imported when it is asked for, and no other with it.
"""

from collections.abc import Callable
from importlib import import_module
from pkgutil import iter_modules
from typing import Any

from matplotlib.axes import Axes

from race_sim.errors import InputError, unknown
from race_sim.plots import charts
from race_sim.plots.classes import class_key
from race_sim.plots.style import COLOURS, hatch_of, house_style, look

CHARTS = tuple(sorted(module.name for module in iter_modules(charts.__path__)))
__all__ = [*CHARTS, "CHARTS", "COLOURS", "class_key", "example", "hatch_of", "house_style", "look"]


def example(name: str, ax: Axes | None = None) -> Axes:
    """Draw a plot's example: what it looks like, from small numbers.

    Parameters
    ----------
    name : str
        One of ``CHARTS``.
    ax : Axes, optional
        Where to draw; by default the axes of a new figure.

    Returns
    -------
    Axes
        The axes drawn into.

    Raises
    ------
    InputError
        For a name that no plot has.

    Examples
    --------
    >>> example("estimates").get_xlabel()
    'catastrophe (probability)'
    """
    if name not in CHARTS:
        raise InputError(unknown("plot", name, CHARTS))
    where: dict[str, Any] = {} if ax is None else {"ax": ax}
    return __getattr__(name)(**_file(name).EXAMPLE, **where)


def __getattr__(name: str) -> Callable[..., Axes]:
    if name not in CHARTS:
        raise AttributeError(f"module 'race_sim.plots' has no attribute {name!r}")
    chart: Callable[..., Axes] = getattr(_file(name), name)
    return chart


def _file(name: str) -> Any:
    return import_module(f"{charts.__name__}.{name}")


def __dir__() -> list[str]:
    return sorted(__all__)
