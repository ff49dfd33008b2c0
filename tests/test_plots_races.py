import numpy as np
import pytest

from race_sim.errors import InputError
from race_sim.plots import best_responses, frontier, survival_curve, trajectories
from tests.artists import legend


def test_trajectories_are_medians_within_the_middle_runs():
    runs = np.linspace(0.0, 100.0, 101)[:, None] * [0.0, 1.0]  # at time 1 the quantiles are those of 0 to 100
    ax = trajectories([0, 1], {"race": runs, "treaty": runs / 2}, ylabel="risk (%)", levels=(0.5, 0.9))
    assert [line.get_ydata().tolist() for line in ax.lines] == [[0, 50], [0, 25]]
    ends = [
        (band.get_paths()[0].vertices[:, 1].min(), band.get_paths()[0].vertices[:, 1].max()) for band in ax.collections
    ]
    assert np.allclose(ends, [(0, 95), (0, 75), (0, 47.5), (0, 37.5)])
    assert legend(ax) == ["race", "treaty", "middle 50 % of runs", "middle 90 % of runs"]
    opacities = [handle.get_facecolor()[3] for handle in ax.get_legend().legend_handles[2:]]
    assert opacities == pytest.approx([1 - 0.8**2, 0.2]), "the inner band lies on the outer one"
    assert (ax.get_xlabel(), ax.get_ylabel()) == ("time (yr)", "risk (%)")


def test_trajectories_of_runs_that_end_are_of_those_still_going():
    ax = trajectories([0, 1, 2], {"race": [[1, 2, np.nan], [3, np.nan, np.nan]]}, ylabel="labs (1)", levels=[0.5])
    assert np.array_equal(ax.lines[0].get_ydata(), [2, 2, np.nan], equal_nan=True)


def test_marks_lie_above_the_curves_in_rows_with_their_groups_colours():
    curves = {"race": [[0, 10]], "treaty": [[0, 5]]}
    ax = trajectories([0, 1], curves, ylabel="risk (%)", marks={"treaty": [0.2, 0.7], "all": []})
    assert ax.get_ylim()[1] > 11
    marks = ax.lines[2]
    assert marks.get_xdata().tolist() == [0.2, 0.7]
    assert marks.get_color() == ax.lines[1].get_color()
    lowest = ax.transAxes.inverted().transform(ax.transData.transform([(1, 10)]))[0, 1]
    heights = [line.get_ydata()[0] if len(line.get_ydata()) else 1.0 for line in ax.lines[2:]]
    assert min(heights) > lowest
    assert [text.get_text() for text in ax.texts] == ["mishaps, treaty", "mishaps, all"]


def test_the_first_players_replies_are_turned_on_their_side():
    shares = np.linspace(0, 1, 11)
    ax = best_responses(shares, {"a": shares**2, "b": 1 - shares}, xlabel="x (1)", ylabel="y (1)")
    first, second = ax.lines
    assert np.allclose(first.get_xydata(), np.column_stack([shares**2, shares]))
    assert np.allclose(second.get_xydata(), np.column_stack([shares, 1 - shares]))


def test_a_reply_that_jumps_has_a_gap_there_and_only_there():
    shares = np.linspace(0, 1, 11)
    ax = best_responses(
        shares, {"a": np.where(shares < 0.45, 1.0, 0.0), "b": 4 * shares}, xlabel="x (1)", ylabel="y (1)"
    )
    x, y = ax.lines[0].get_data()
    assert np.flatnonzero(np.isnan(x)).tolist() == np.flatnonzero(np.isnan(y)).tolist() == [5]
    assert not np.isnan(ax.lines[1].get_xydata()).any()


def test_stable_equilibria_are_filled_and_unstable_ones_hollow():
    flat = {"a": [0.5, 0.5], "b": [0.5, 0.5]}
    drawn = {"xlabel": "x (1)", "ylabel": "y (1)", "equilibria": [(0.1, 0.2), (0.5, 0.5)]}
    ax = best_responses([0, 1], flat, stable=[False, True], optima={"planner": (0.9, 0.9)}, **drawn)
    marks = {line.get_label(): line for line in ax.lines}
    assert marks["stable equilibrium"].get_xydata().tolist() == [[0.5, 0.5]]
    assert marks["unstable equilibrium"].get_xydata().tolist() == [[0.1, 0.2]]
    assert marks["unstable equilibrium"].get_markerfacecolor() == "white"
    assert marks["stable equilibrium"].get_markerfacecolor() != "white"
    assert marks["planner"].get_xydata().tolist() == [[0.9, 0.9]]
    unsaid = {line.get_label(): line for line in best_responses([0, 1], flat, **drawn).lines}
    assert len(unsaid["equilibrium"].get_xdata()) == 2


def test_arrows_of_the_field_are_directions():
    field = [0, 1], [0, 1], [[0, 3], [0, -2]], [[0, 4], [1, 0]]
    ax = best_responses([0, 1], {"a": [0, 1], "b": [1, 0]}, xlabel="x (1)", ylabel="y (1)", field=field)
    (arrows,) = ax.collections
    assert np.allclose(np.column_stack([arrows.U, arrows.V]), [[0, 0], [0.6, 0.8], [0, 1], [-1, 0]])


@pytest.mark.parametrize(
    ("responses", "stable", "rule"),
    [({"a": [0, 1]}, (), "responses: must be of two players, got 1"),
     ({"a": [0, 1], "b": [0, 1]}, [True], r"stable: must have one value per equilibrium \(2\), got 1")],
)  # fmt: skip
def test_best_responses_refuse(responses, stable, rule):
    with pytest.raises(InputError, match=rule):
        best_responses([0, 1], responses, xlabel="", ylabel="", equilibria=[(0, 0), (1, 1)], stable=stable)


POINTS = {"a": (1, 0.1, 1, 0.05), "b": (2, 0.1, 3, 0.05), "c": (3, 0.1, 2, 0.05), "d": (2, 0, 1, 0)}


@pytest.mark.parametrize(
    ("better", "front", "steps"),
    [
        (("more", "less"), [[2, 1], [3, 2]], "steps-pre"),
        (("more", "more"), [[2, 3], [3, 2]], "steps-pre"),
        (("less", "less"), [[1, 1]], "steps-post"),
        (("less", "more"), [[1, 1], [2, 3]], "steps-post"),
    ],
)
def test_the_front_is_what_nothing_dominates_and_is_filled(better, front, steps):
    ax = frontier(POINTS, xlabel="speed (1)", ylabel="risk (1)", better=better)
    assert ax.lines[0].get_xydata().tolist() == front
    assert ax.lines[0].get_drawstyle() == steps
    filled = [bars.lines[0].get_xydata()[0].tolist() for bars in ax.containers
              if bars.lines[0].get_markerfacecolor() != "white"]  # fmt: skip
    assert sorted(filled) == front


def test_equal_points_share_the_front():
    ax = frontier({"a": (1, 0, 1, 0), "b": (1, 0, 1, 0)}, xlabel="speed (1)", ylabel="risk (1)")
    assert ax.lines[0].get_xydata().tolist() == [[1, 1], [1, 1]]


def test_frontier_points_carry_two_standard_errors_and_some_stand_out():
    ax = frontier(POINTS, xlabel="speed (1)", ylabel="risk (1)", highlight=["b"])
    assert legend(ax) == ["Pareto front", "others", "b"]
    across, up = ax.containers[0].lines[2]
    assert np.allclose(across.get_segments(), [[[0.8, 1], [1.2, 1]]])
    assert np.allclose(up.get_segments(), [[[1, 0.9], [1, 1.1]]])
    assert legend(frontier(POINTS, xlabel="speed (1)", ylabel="risk (1)")) == ["Pareto front", *POINTS]


def test_highlights_that_are_no_points_are_refused():
    with pytest.raises(InputError, match="highlight: no point 'e'"):
        frontier(POINTS, xlabel="speed (1)", ylabel="risk (1)", highlight=["e"])


def test_survival_goes_down_in_steps_with_a_band_within_bounds():
    ax = survival_curve(
        [0, 1, 2], {"race": ([1, 0.5, 0.1], [0, 0.1, 0.1]), "treaty": ([1, 0.9, 0.8], [1, 0.8, 0.6], [1, 1, 0.9])}
    )
    assert [line.get_drawstyle() for line in ax.lines] == ["steps-post"] * 2
    corners = ax.collections[0].get_paths()[0].vertices
    assert {(1.0, 0.3), (1.0, 0.7), (2.0, 0.0)} <= {tuple(np.round(corner, 9).tolist()) for corner in corners}
    assert corners[:, 1].min() == 0.0
    assert ax.collections[1].get_paths()[0].vertices[:, 1].min() == 0.6
    assert legend(ax) == ["race", "treaty"]
    assert ax.get_ylabel() == "no mishap so far (probability)"
    assert survival_curve([0, 1], {"race": ([1, 0.5], [0, 0.1])}).get_legend() is None
