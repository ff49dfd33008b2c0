import matplotlib.pyplot as plt
import numpy as np
import pytest

from race_sim.plots import contributions, effect_map


@pytest.fixture(autouse=True)
def close():
    yield
    plt.close("all")


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
