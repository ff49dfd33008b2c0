"""What every plot keeps to, tried on its example: a plot without one fails here."""

import importlib
import inspect
import pkgutil
import re

import matplotlib.pyplot as plt
import numpy as np
import pytest
from matplotlib.axes import Axes

from race_sim import plots
from tests import plot_examples

PUBLIC = {
    name: thing
    for module in pkgutil.iter_modules(plots.__path__, "race_sim.plots.")
    for name, thing in vars(importlib.import_module(module.name)).items()
    if inspect.isfunction(thing) and thing.__module__ == module.name and not name.startswith("_")
}
DRAWN = sorted(name for name, thing in PUBLIC.items() if inspect.signature(thing).return_annotation is Axes)

# lines, patches, collections (bands, meshes, arrows, whiskers), images, texts of each example
ARTISTS = {
    "band": (1, 0, 1, 0, 0),
    "best_responses": (5, 0, 1, 0, 0),
    "class_map": (1, 3, 1, 0, 0),
    "class_shares": (6, 6, 3, 0, 6),
    "cloud": (2, 0, 0, 0, 0),
    "contributions": (3, 4, 1, 0, 4),
    "detection_valley": (6, 0, 2, 0, 0),
    "effect_map": (0, 0, 0, 1, 6),
    "estimates": (3, 0, 1, 0, 0),
    "exceedance": (2, 0, 0, 0, 0),
    "frontier": (26, 0, 10, 0, 0),
    "functions": (2, 0, 0, 0, 0),
    "index_intervals": (3, 0, 2, 0, 0),
    "intervals_reached": (4, 2, 1, 0, 6),
    "invasion_diagram": (0, 5, 1, 0, 9),
    "level_map": (0, 0, 0, 1, 6),
    "loop": (2, 0, 2, 0, 12),
    "margins": (2, 3, 0, 0, 3),
    "payoff_matrix": (0, 4, 0, 0, 18),
    "regions": (3, 0, 2, 0, 3),
    "regret_map": (1, 1, 0, 1, 12),
    "response_curves": (3, 0, 3, 0, 0),
    "simplex_flow": (2, 1, 1, 0, 3),
    "stationary_bars": (0, 9, 0, 0, 9),
    "survival_curve": (2, 0, 2, 0, 0),
    "tornado": (5, 8, 2, 0, 0),
    "trajectories": (4, 0, 4, 0, 2),
    "waterfall": (7, 6, 1, 0, 6),
}


def numbers(value):
    """Every array in arguments, however deep."""
    if isinstance(value, np.ndarray):
        return [value]
    inside = value.values() if isinstance(value, dict) else value if isinstance(value, list | tuple) else ()
    return [array for part in inside for array in numbers(part)]


def test_all_is_what_is_public():
    assert set(plots.__all__) == set(PUBLIC) | {"COLOURS"}
    assert len(plots.__all__) == len(set(plots.__all__))
    assert all(getattr(plots, name) is thing for name, thing in PUBLIC.items())


def test_every_plot_has_an_example_here_and_in_its_docstring():
    assert sorted(ARTISTS) == DRAWN
    assert all(callable(plot_examples.example(name)) for name in DRAWN)
    assert [name for name, thing in PUBLIC.items() if ">>>" not in thing.__doc__] == []


@pytest.mark.parametrize("name", DRAWN)
def test_drawn_into_the_given_axes_and_labelled(name):
    figure, (ax, other) = plt.subplots(1, 2)
    assert plot_examples.example(name)(ax=ax) is ax
    assert not other.has_data()
    figure.canvas.draw()
    counted = tuple(len(artists) for artists in (ax.lines, ax.patches, ax.collections, ax.images, ax.texts))
    assert counted == ARTISTS[name]
    for axis in (ax.xaxis, ax.yaxis) if ax.axison else ():
        ticks = [label.get_text() for label in axis.get_ticklabels()]
        categories = any(re.match("[A-Za-z]", tick) for tick in ticks)
        assert categories or re.search(r"\w.* \(.+\)$", axis.get_label_text()), (name, axis.get_label_text())


@pytest.mark.parametrize("name", DRAWN)
def test_axes_are_made_where_none_are_given(name):
    before = plt.get_fignums()
    ax = plot_examples.example(name)()
    assert isinstance(ax, Axes)
    assert len(plt.get_fignums()) == len(before) + 1


@pytest.mark.parametrize("name", DRAWN)
def test_arrays_stay_as_they_are(name, monkeypatch):
    seen = []

    def watched(*arguments, **named):
        arrays = numbers([*arguments, *named.values()])
        before = [array.copy() for array in arrays]
        assert not any(array.flags.writeable for array in arrays)
        result = PUBLIC[name](*arguments, **named)
        assert all(np.array_equal(*pair) for pair in zip(before, arrays, strict=True))
        seen.append(len(arrays))
        return result

    monkeypatch.setattr(plots, name, watched)
    plot_examples.example(name)()
    assert len(seen) == 1
    assert seen[0] > 0 or name == "frontier"  # which takes four numbers a point


def test_looks_differ_in_each_respect():
    looks = [plots.look(number) for number in range(8)]
    assert all(len(set(respect)) == 8 for respect in zip(*looks, strict=True))
    assert plots.look(8) == plots.look(0)
    assert [plots.hatch_of(colour) for colour in plots.COLOURS] == [one.hatch for one in looks]
