import matplotlib.pyplot as plt
import numpy as np
import pytest

from race_sim.errors import InputError
from race_sim.plots import contributions, effect_map, tornado, waterfall


def test_contributions_are_bars_from_zero_with_two_standard_errors():
    ax = contributions(["a", "b"], [0.3, -0.1], [0.01, 0.02], xlabel="risk added (1)")
    assert [(bar.get_x(), bar.get_width()) for bar in ax.patches] == [(0.0, 0.3), (0.0, -0.1)]
    assert len({bar.get_facecolor() for bar in ax.patches}) == 2
    assert [text.get_text() for text in ax.texts] == ["+0.30", "-0.10"]
    segments = ax.collections[0].get_segments()
    assert np.allclose([s[:, 0] for s in segments], [[0.28, 0.32], [-0.14, -0.06]])
    low, high = ax.get_xlim()
    assert low < -0.14
    assert high > 0.32


def test_maps_say_what_is_within_two_standard_errors_of_none():
    _, ax = plt.subplots()
    effects, errors = [[1.0, -0.3], [0.1, 0.0]], [[0.1, 0.2], [0.01, 0.0]]
    assert effect_map([0, 1], [0, 0.5], effects, errors, xlabel="x (1)", ylabel="y (1)", ax=ax, digits=1) is ax
    assert [text.get_text() for text in ax.texts] == ["+1.0", "(-0.3)", "+0.1", "(+0.0)"]
    assert [label.get_text() for label in ax.get_yticklabels()] == ["0", "0.5"]


def test_what_is_better_is_blue_whichever_way_better_goes():
    for higher_is_worse in (True, False):
        ax = effect_map([0], [0], [[1.0]], [[0.0]], xlabel="", ylabel="", higher_is_worse=higher_is_worse, largest=2.0)
        image = ax.images[0]
        assert image.get_array().item() == (1.0 if higher_is_worse else -1.0)
        assert image.get_clim() == (-2.0, 2.0)


def test_a_waterfall_ends_where_its_parts_lead():
    parts = {"values": [0.3, -0.1], "standard_errors": [0.01, 0.02], "start": ("alone", 0.2, 0.0), "xlabel": "risk (1)"}
    ax = waterfall(["a", "b"], end=("race", 0.4, 0.01), **parts)
    bars = [(bar.get_x(), bar.get_width()) for bar in ax.patches]
    assert np.allclose(bars, [(0, 0.2), (0.2, 0.3), (0.5, -0.1), (0, 0.4)])
    assert [bool(bar.get_hatch()) for bar in ax.patches] == [False, False, True, False]
    whiskers = ax.collections[0].get_segments()
    assert np.allclose([s[:, 0] for s in whiskers], [[0.2, 0.2], [0.48, 0.52], [0.36, 0.44], [0.38, 0.42]])
    assert [label.get_text() for label in ax.get_yticklabels()] == ["alone", "a", "b", "race"]
    assert [text.get_text() for text in ax.texts] == ["0.20", "+0.30", "-0.10", "0.40"]
    with pytest.raises(InputError, match=r"values: must add up from 0.2 to 0.5, got 0.4"):
        waterfall(["a", "b"], end=("race", 0.5, 0.01), **parts)


def test_a_tornado_has_the_widest_reach_on_top():
    names, low, high = ["a", "b", "c"], [0.1, 0.5, 0.3], [0.25, 0.4, 0.2]
    ax = tornado(names, low, high, 0.2, xlabel="risk (1)", standard_errors=([0.01] * 3, [0.02] * 3))
    assert [label.get_text() for label in ax.get_yticklabels()] == ["b", "a", "c"]
    ends = [bar.get_x() + bar.get_width() for bar in ax.patches]
    assert np.allclose(ends, [0.5, 0.1, 0.3, 0.4, 0.25, 0.2])
    assert len({(bar.get_facecolor(), bar.get_hatch()) for bar in ax.patches}) == 2
    assert np.allclose(ax.collections[1].get_segments()[0][:, 0], [0.36, 0.44])
    assert [text.get_text() for text in ax.get_legend().get_texts()] == [
        "low end of the range",
        "high end of the range",
    ]
    fewer = tornado(names, low, high, 0.2, xlabel="risk (1)", most=1)
    assert [label.get_text() for label in fewer.get_yticklabels()] == ["b"]
