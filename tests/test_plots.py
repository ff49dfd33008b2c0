import matplotlib.pyplot as plt
import numpy as np
import pytest

from race_sim.plots import (
    COLOURS,
    band,
    class_key,
    class_map,
    class_shares,
    estimates,
    functions,
    house_style,
    regions,
    response_curves,
    simplex_flow,
    stationary_bars,
)

pytestmark = pytest.mark.quick


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


def test_a_map_shows_classes_and_marks_what_is_not_sure():
    classes, sure = [[0, 1, 1], [1, 1, 0]], [[1, 1, 0.5], [0.99, 1, 1]]
    ax = class_map([0, 1, 2], [10, 20], classes, sure, ["#ff0000", "#0000ff"], xlabel="x (1)", ylabel="y (1)")
    colours = ax.collections[0].get_array().reshape(2, 3, 3)
    assert np.allclose(colours[0, 0], [1, 0.15, 0.15])
    assert np.allclose(colours[1, 0], [0.15, 0.15, 1])
    assert np.allclose(colours[0, 2], [0.65, 0.65, 1]), "paler where it is not sure"
    assert np.array_equal(ax.lines[0].get_xydata(), [[2, 10]])


def test_shares_fill_the_bar_and_carry_their_errors():
    shares = {"a": ([0.25, 1.0], [0.05, 0.0]), "b": ([0.75, 0.0], [0.05, 0.0])}
    ax = class_shares(["one", "two"], shares, COLOURS, xlabel="share (1)")
    assert [label.get_text() for label in ax.get_yticklabels()] == ["one", "two"]
    assert [(bar.get_x(), bar.get_width()) for bar in ax.patches] == [(0, 0.25), (0, 1.0), (0.25, 0.75), (1.0, 0.0)]
    assert np.allclose(ax.collections[0].get_segments()[0][:, 0], [0.15, 0.35])
    assert [patch.get_label() for patch in class_key(["a", "b"], COLOURS)] == ["a", "b"]


def test_stationary_bars_draw_arrows_where_selection_favours_the_invader():
    fixation = [[1, 5, 0.2], [0.1, 1, 1], [3, 1, 1]]
    ax = stationary_bars(["a", "b", "c"], [0.2, 0.3, 0.5], fixation)
    assert len(ax.patches) == 3 + 2
    assert [text.get_text() for text in ax.texts][:3] == ["0.200", "0.300", "0.500"]
    assert {"5", "3"} <= {text.get_text() for text in ax.texts}
    assert len(stationary_bars(["a", "b", "c"], [0.2, 0.3, 0.5], fixation, arrows=1).patches) == 3 + 1


def test_simplex_corners_and_directions():
    ax = simplex_flow(["a", "b", "c"], [[1 / 3, 1 / 3, 1 / 3]], [[-1, 1, 0]], [[[1, 0, 0], [0, 0, 1]]])
    (line,) = ax.lines[:1]
    assert line.get_xydata().tolist() == pytest.approx(np.array([[0, 0], [0.5, np.sqrt(3) / 2]]))
    arrows = next(item for item in ax.collections if hasattr(item, "U"))
    assert (float(arrows.U[0]), float(arrows.V[0])) == pytest.approx((1, 0))


def test_regions_and_functions():
    ax = regions([1, 2, 3], [0, 1], [[0, 0, 1], [1, 1, 1]], xlabel="x (1)", ylabel="y (1)", label="z (1)",
                 boundaries={"line": [0.1, 0.2, 0.3]})  # fmt: skip
    assert ax.get_xlim() == (1, 3)
    assert ax.get_legend().get_texts()[0].get_text() == "line"
    ax = functions([0, 1, 2], {"one": [1, np.nan, 2], "two": [2, 2, 2]}, xlabel="x (1)", ylabel="y (1)")
    assert [line.get_label() for line in ax.lines] == ["one", "two"]
    shaded = band([0, 2, 1], [1, 1, 2], [0, 1, 2], label="between", ax=ax)
    assert shaded.collections[0].get_label() == "between"


def test_an_interval_is_drawn_from_bound_to_bound():
    """No event in 50 runs is not the certainty that a standard error of 0 looks like."""
    ax = estimates(["rare"], [0.0], [0.0], xlabel="risk (1)", intervals=([0.0], [0.07]))
    (bar,) = ax.collections[0].get_segments()
    assert bar[:, 0] == pytest.approx([0.0, 0.07])
    ax = response_curves([0, 1], {"race": ([0.0, 0.2], [0.0, 0.1], [0.07, 0.5])}, xlabel="x (1)", ylabel="risk (1)")
    heights = ax.collections[0].get_paths()[0].vertices[:, 1]
    assert (heights.min(), heights.max()) == (0.0, 0.5)
    assert {0.07, 0.1} <= set(heights.tolist())
