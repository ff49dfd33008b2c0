"""What every plot keeps to, tried on its example: one without an example, or one that does not show it, fails here."""

import inspect
import re
from importlib import import_module

import matplotlib.pyplot as plt
import numpy as np
import pytest
from matplotlib.axes import Axes

from race_sim import InputError, plots
from tests.artists import shown

NOT_SEEN = {  # in an example, and by what the plot is for
    "frontier": ["points 'unilateral us'", "points 'unilateral china'"],  # names that do not stand out are "others"
}


def plot(name):
    return getattr(plots, name)


def example(name):
    return import_module(f"race_sim.plots.charts.{name}").EXAMPLE


def numbers(value):
    """Every array in arguments, however deep."""
    if isinstance(value, np.ndarray):
        return [value]
    inside = value.values() if isinstance(value, dict) else value if isinstance(value, list | tuple) else ()
    return [array for part in inside for array in numbers(part)]


def variants(value):
    """For everything that a value consists of, the values in which only that is different: (where, several tries)."""
    if isinstance(value, dict):
        for key, part in value.items():
            yield f" {key!r}", [{f"{key}*" if one == key else one: two for one, two in value.items()}]
            for where, tries in variants(part):
                yield f"[{key!r}]{where}", [{**value, key: other} for other in tries]
    elif isinstance(value, list | tuple):
        for place, part in enumerate(value):
            for where, tries in variants(part):
                yield f"[{place}]{where}", [type(value)((*value[:place], one, *value[place + 1 :])) for one in tries]
    elif isinstance(value, np.ndarray):
        little, much = value.copy(), value.copy()
        little.flat[value.size // 2] += 1 if value.dtype == int else 0.02 * np.ptp(value)
        much.flat[value.size // 2] *= 2
        yield "", [little, much, value[::-1]]
    elif isinstance(value, bool):
        yield "", [not value]
    else:
        yield "", [f"{value}*" if isinstance(value, str) else 1.3 * value + 0.1]


def drawing(name, **arguments):
    """What the plot shows; what is wrong with the arguments where they are refused."""
    try:
        return shown(plot(name)(**arguments).figure)
    except (InputError, ValueError, IndexError, KeyError) as refused:
        return str(refused)
    finally:
        plt.close("all")


@pytest.mark.parametrize("name", plots.CHARTS)
def test_a_file_holds_the_plot_of_its_name_and_its_example(name):
    function = plot(name)
    assert inspect.isfunction(function)
    assert function.__module__ == f"race_sim.plots.charts.{name}"
    assert inspect.signature(function).return_annotation is Axes
    assert inspect.signature(function).parameters["ax"].default is None
    assert set(example(name)) <= set(inspect.signature(function).parameters)
    assert ">>>" in function.__doc__


def test_what_is_public():
    assert set(plots.CHARTS) < set(plots.__all__)
    assert all(hasattr(plots, name) for name in plots.__all__)
    with pytest.raises(AttributeError, match="no attribute 'estimate'"):
        _ = plots.estimate
    with pytest.raises(InputError, match="no plot 'estimate'"):
        plots.example("estimate")


@pytest.mark.parametrize("name", plots.CHARTS)
def test_drawn_into_the_given_axes_and_labelled(name):
    figure, (ax, other) = plt.subplots(1, 2)
    assert plots.example(name, ax) is ax
    assert not other.has_data()
    figure.canvas.draw()
    named = inspect.signature(plot(name)).parameters
    for axis, label in ((ax.xaxis, "xlabel"), (ax.yaxis, "ylabel")) if ax.axison else ():
        ticks = [text.get_text() for text in axis.get_ticklabels()]
        categories = any(re.match("[A-Za-z]", tick) for tick in ticks)
        text = axis.get_label_text().replace("\n", " ")
        if label in named or text:
            assert categories or re.search(r"\w.* \(.+\)$", text), text


@pytest.mark.parametrize("name", plots.CHARTS)
def test_axes_are_made_where_none_are_given(name):
    before = plt.get_fignums()
    assert isinstance(plots.example(name), Axes)
    assert len(plt.get_fignums()) == len(before) + 1


@pytest.mark.parametrize("name", plots.CHARTS)
def test_arrays_stay_as_they_are(name):
    arrays = numbers(example(name))
    before = [array.copy() for array in arrays]
    assert not any(array.flags.writeable for array in arrays)
    plots.example(name)
    assert all(np.array_equal(*pair) for pair in zip(before, arrays, strict=True))
    assert arrays or name == "frontier"  # which takes four numbers a point


@pytest.mark.parametrize("name", plots.CHARTS)
def test_everything_in_the_example_is_seen(name):
    """Whatever number, name or label of an example is another, the figure is another."""
    arguments = example(name)
    usual = drawing(name, **arguments)
    assert usual == drawing(name, **arguments), "the same twice"
    unseen = [
        f"{key}{where}"
        for key, value in arguments.items()
        for where, tries in variants(value)
        if all(drawing(name, **{**arguments, key: other}) == usual for other in tries)
    ]
    assert unseen == NOT_SEEN.get(name, [])


def test_looks_differ_in_each_respect():
    looks = [plots.look(number) for number in range(8)]
    assert all(len(set(respect)) == 8 for respect in zip(*looks, strict=True))
    assert plots.look(8) == plots.look(0)
    assert [plots.hatch_of(colour) for colour in plots.COLOURS] == [one.hatch for one in looks]
