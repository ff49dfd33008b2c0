"""The best response is the best: against a fine grid, on states that races reach."""

import numpy as np
import pytest

from race_sim.kernels.compile import jit
from race_sim.kernels.laws import LARGEST_SHARE
from race_sim.kernels.maximise import maximise
from race_sim.kernels.objective import objective
from tests.states import decision_problems

GRID = 20_001


@jit
def best_on_grid(q, p, floor, points):
    """Largest J on an even grid of shares, and where it is first reached."""
    best, where = -np.inf, floor
    for n in range(points):
        x = floor + (0.95 - floor) * n / (points - 1)
        value = objective(x, q, p)[0]
        if value > best:
            best, where = value, x
    return best, where


@pytest.mark.parametrize("widen", [1.0, 2.0])
def test_no_share_on_a_fine_grid_is_better(widen, verified):
    worst, corners, several, count = -1.0, 0, 0, 0
    for q, floor, (_, _, _, p), _ in decision_problems(1000, widen):
        share, value, corner, maxima = maximise(q, p, floor)
        assert floor <= share <= LARGEST_SHARE
        rounding = 4e-16 * p["lab_catastrophe_stake"]  # of (1 - S') stake
        ours = objective(share, q, p)[0]
        assert value == pytest.approx(ours, rel=1e-9, abs=rounding)
        best, _ = best_on_grid(q, p, floor, GRID)
        worst = max(worst, (best - ours - rounding) / max(abs(best), 1e-12))
        corners, several, count = corners + corner, several + (maxima > 1), count + 1
    print(f"\n{count} states, {corners} at an end, {several} with several maxima; largest relative loss {worst:.1e}")
    verified(f"08 best share against a grid of 20,001, box times {widen:g}: loss of J", worst, at_most=1e-9)
    assert 0 < corners < count


def test_ties_go_to_the_lowest_share():
    q, floor, (_, _, _, p), _ = next(iter(decision_problems(1)))
    q, flat = q._replace(rivals_value=0.0), p.copy()
    flat["market_size"] = 0.0
    flat["lab_catastrophe_stake"] = 0.0
    assert maximise(q, flat, 0.1)[0] == 0.1
    assert floor >= 0.0


def test_a_floor_at_the_top_leaves_no_choice():
    q, _, (_, _, _, p), _ = next(iter(decision_problems(1)))
    assert maximise(q, p, 0.95)[0] == 0.95
