import matplotlib.pyplot as plt
import numpy as np
import pytest

from race_sim.plots import COLOURS, estimates, house_style, response_curves


@pytest.fixture(autouse=True)
def close():
    yield
    plt.close("all")


def test_estimates_show_every_mean_with_two_standard_errors():
    with house_style():
        ax = estimates(["a", "b", "c"], [1.0, 2.0, 3.0], [0.1, 0.2, 0.3], xlabel="risk (1)")
    assert [label.get_text() for label in ax.get_yticklabels()] == ["a", "b", "c"]
    assert ax.get_xlabel() == "risk (1)"
    assert ax.yaxis_inverted()
    segments = ax.collections[0].get_segments()
    assert np.allclose([s[:, 0] for s in segments], [[0.8, 1.2], [1.6, 2.4], [2.4, 3.6]])


def test_response_curves_have_bands_and_distinct_lines():
    curves = {name: ([1.0, 2.0], [0.1, 0.2]) for name in ("one", "two", "three")}
    ax = response_curves([0.0, 1.0], curves, xlabel="x (1)", ylabel="y (1)")
    assert [line.get_label() for line in ax.lines] == ["one", "two", "three"]
    assert len({(line.get_color(), line.get_marker(), line.get_linestyle()) for line in ax.lines}) == 3
    assert ax.collections[0].get_paths()[0].vertices[:, 1].min() == pytest.approx(0.8)


def test_drawn_into_given_axes_and_on_a_logarithmic_scale():
    _, ax = plt.subplots()
    assert estimates(["a"], [0.01], [0.001], xlabel="risk (1)", ax=ax, logarithmic=True) is ax
    assert ax.get_xscale() == "log"


def test_the_style_is_left_as_it_was():
    before = dict(plt.rcParams)
    with house_style():
        assert plt.rcParams["axes.grid"]
    assert dict(plt.rcParams) == before
    assert len(set(COLOURS)) == len(COLOURS)
