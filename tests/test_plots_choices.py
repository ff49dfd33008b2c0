import numpy as np
import pytest
from matplotlib.colors import to_rgba

from race_sim.errors import InputError
from race_sim.plots import (
    COLOURS,
    class_key,
    class_map,
    detection_valley,
    invasion_diagram,
    loop,
    payoff_matrix,
    regions,
    regret_map,
)
from tests.artists import legend

PAYOFF = [[[3, 0], [5, 1]], [[3, 5], [0, 1]]]
DILEMMA = (PAYOFF, [["slow", "race"]] * 2, ["us", "china"])


def test_best_replies_are_boxed_and_equilibria_framed():
    ax = payoff_matrix(*DILEMMA, np.full((2, 2, 2), 0.25), equilibria=[(1, 1)])
    boxed = [text.get_text() for text in ax.texts if text.get_bbox_patch() is not None]
    assert boxed == ["5\n(0.2)", "5\n(0.2)", "1\n(0.2)", "1\n(0.2)"]
    assert {text.get_weight() for text in ax.texts if text.get_text() in boxed} == {"bold"}
    (frame,) = ax.patches
    assert frame.get_bbox().contains(1, 1)
    assert not frame.get_bbox().contains(0, 1)


def test_dominated_strategies_are_greyed_and_named():
    ax = payoff_matrix(*DILEMMA, dominated=[("us", "slow"), ("china", "race")])
    row, column = (patch.get_path().get_extents(patch.get_patch_transform()) for patch in ax.patches)
    assert (row.ymin, row.ymax) == (-0.5, 0.5)
    assert (column.xmin, column.xmax) == (0.5, 1.5)
    assert all(patch.get_hatch() for patch in ax.patches)
    assert [label.get_text() for label in ax.get_yticklabels()] == ["slow\n(dominated)", "race"]
    assert [label.get_text() for label in ax.get_xticklabels()] == ["slow", "race\n(dominated)"]
    assert "dominated" in ax.get_title()
    assert "dominated" not in payoff_matrix(*DILEMMA).get_title()


@pytest.mark.parametrize(
    ("pair", "rule"),
    [(("usa", "slow"), "dominated: no player 'usa'"), (("us", "slwo"), "dominated: no strategy 'slwo'")],
)
def test_unknown_dominated_strategies_are_refused(pair, rule):
    with pytest.raises(InputError, match=rule):
        payoff_matrix(*DILEMMA, dominated=[pair])


def test_least_regret_is_bold_in_each_state_and_framed_where_the_largest_is_least():
    regrets = [[0, 9], [2, 1], [4, 0]]
    ax = regret_map(["a", "b", "c"], ["mild", "severe"], regrets, xlabel="state", ylabel="profile", label="regret (1)")
    bold = [text.get_position() for text in ax.texts if text.get_weight() == "bold"]
    assert bold == [(0, 0), (2, 1), (1, 2)]
    assert [text.get_text() for text in ax.texts if text.get_position()[0] == 2] == ["9.00", "2.00", "4.00"]
    (frame,) = ax.patches
    assert frame.get_bbox().contains(2, 1)
    (bar,) = (other for other in ax.figure.axes if other is not ax)
    assert bar.get_ylabel() == "regret (1)"


def test_the_error_of_the_largest_regret_is_that_of_its_state():
    ax = regret_map(["a"], ["x", "y"], [[1, 2]], xlabel="", ylabel="", label="", standard_errors=[[0.1, 0.3]], digits=0)
    assert [text.get_text() for text in ax.texts] == ["1\n(0.1)", "2\n(0.3)", "2\n(0.3)"]


def test_valleys_are_ringed_with_the_points_that_may_be_as_low():
    at = np.linspace(0, 1, 5)
    curves = {"us": ([9, 2, 1, 1.2, 1.1], [0.1] * 5), "china": ([1, 2, 3, 4, 5], [0.1] * 5)}
    ax = detection_valley(at, curves, xlabel="detection (1/yr)", ylabel="risk (1)")
    assert legend(ax) == ["us: valley at 0.5", "china: least, at the edge, at 0"]
    (reach, ring), (other, edge) = ax.lines[2:4], ax.lines[4:6]
    assert reach.get_xydata().tolist() == [[0.5, 1], [1, 1]]
    assert ring.get_xydata().tolist() == [[0.5, 1]]
    assert ring.get_fillstyle() == "none"
    assert other.get_xydata().tolist() == [[0, 1], [0, 1]]
    assert edge.get_xydata().tolist() == [[0, 1]]


def test_loops_have_marks_at_equal_times_and_arrows_along_them():
    ax = loop([0, 1, 4], {"race": ([0, 1, 4], [0, 2, 2])}, xlabel="trust (1)", ylabel="regulation (1)", every=2)
    (line,) = ax.lines
    assert line.get_xydata()[line.get_markevery()].tolist() == [[0, 0], [2, 2], [4, 2]]
    assert [(text.get_text(), text.xy[0]) for text in ax.texts] == [("0 yr", 0), ("2", 2), ("4", 4)]
    (arrows,) = ax.collections
    assert np.allclose(arrows.get_offsets(), [[1, 2], [3, 2]])
    assert arrows.V[0] > 0.3
    assert (arrows.U[1], arrows.V[1]) == pytest.approx((1, 0))


def test_a_loop_at_rest_has_no_arrows():
    ax = loop([0, 1, 2], {"treaty": ([1, 1, 1], [0, 0, 0])}, xlabel="trust (1)", ylabel="regulation (1)")
    assert len(ax.collections[0].get_offsets()) == 0


def test_invasions_go_from_resident_to_invader_and_areas_are_shares():
    fixation = [[1, 5, 0.2], [0.1, 1, 1], [30, 1, 1]]
    ax = invasion_diagram(["a", "b", "c"], [0.2, 0.3, 0.5], fixation, at_least=1)
    (nodes,) = ax.collections
    areas, places = nodes.get_sizes(), nodes.get_offsets()
    assert (areas[2] - areas[0]) / (areas[1] - areas[0]) == pytest.approx(3)
    ends = [(arrow._posA_posB[0], arrow._posA_posB[1]) for arrow in ax.patches]
    assert np.allclose(ends, [(places[a], places[b]) for a, b in ((2, 0), (0, 1), (1, 2), (2, 1))])
    assert [arrow.get_linestyle() for arrow in ax.patches] == ["-", "-", "--", "--"], "neutral ones are dashed"
    assert [text.get_text() for text in ax.texts] == ["a\n20.0 %", "b\n30.0 %", "c\n50.0 %", "30", "5", "1", "1"]
    assert len(invasion_diagram(["a", "b", "c"], [0.2, 0.3, 0.5], fixation, arrows=1).patches) == 1


def test_regions_have_labelled_contours_and_the_baseline():
    x = np.tile([0.0, 1.0, 2.0], (2, 1))
    drawn = {"xlabel": "x (1)", "ylabel": "y (1)", "label": "risk (1)"}
    ax = regions([0, 1, 2], [0, 1], x, **drawn, contours=(1.5, 0.5), baseline=(1, 0.5), limits=None)
    contours = ax.collections[1]
    assert contours.levels.tolist() == [0.5, 1.5]
    assert [text.get_text() for text in ax.texts] == ["0.5", "1.5"]
    (star,) = ax.lines
    assert star.get_xydata().tolist() == [[1, 0.5]]
    assert legend(ax) == ["baseline"]
    assert regions([0, 1, 2], [0, 1], x, **drawn).get_legend() is None


def test_classes_have_the_hatches_of_their_colours_fainter_where_undecided():
    classes, sure = [[0, 1, 1]] * 2, [[1, 1, 0.5], [1, 1, 1]]
    ax = class_map([0, 1, 2], [0, 2], classes, sure, COLOURS, xlabel="x (1)", ylabel="y (1)")
    decided, undecided = ax.patches
    assert decided.get_hatch() == undecided.get_hatch() == "////"
    assert to_rgba(decided.get_edgecolor())[3] > to_rgba(undecided.get_edgecolor())[3]
    corners = undecided.get_path().get_extents()
    assert (corners.xmin, corners.xmax, corners.ymin, corners.ymax) == (1.5, 2.5, -1, 1)
    assert decided.get_path().get_extents().xmin == 0.5
    handles = class_key(["harmony", "chicken"], COLOURS, undecided=True)
    assert [handle.get_label() for handle in handles] == ["harmony", "chicken", "dots: probability below 0.95"]
    assert handles[1].get_hatch() == "////"


def test_a_map_of_one_row_is_refused():
    with pytest.raises(InputError, match="x, y: must have two values or more each, got 2 and 1"):
        class_map([0, 1], [5], [[1, 1]], [[1, 1]], COLOURS, xlabel="x (1)", ylabel="y (1)")
