"""Regret, Pareto fronts and scenario discovery, by hand and on a box that is known."""

import numpy as np
import pytest

from race_sim import InputError
from race_sim.solvers.robustness import pareto_front, prim, regret


def test_regret_by_hand():
    values = np.array([[3.0, 1.0, 3.0], [2.0, 6.0, 5.0]])
    result = regret(values)
    assert result.tolist() == [[0, 2, 0], [4, 0, 1]]
    assert result.max(axis=0).argmin() == 2  # minimax regret takes the compromise
    assert values.tolist() == [[3, 1, 3], [2, 6, 5]]


def test_a_front_keeps_ties_and_drops_what_is_dominated():
    assert pareto_front([[1, 1], [1, 1], [2, 0], [0.5, 1], [0, 3]]).tolist() == [True, True, True, False, True]


def test_prim_finds_the_box_in_which_all_failures_lie():
    inputs = np.random.default_rng(3).random((4000, 6))
    fails = (inputs[:, 1] > 0.6) & (inputs[:, 4] < 0.5)
    boxes = prim(inputs, fails)
    last = boxes[-1]
    assert (boxes[0].density, boxes[0].coverage, boxes[0].mass) == (fails.mean(), 1.0, 1.0)
    assert last.density == 1.0
    assert last.coverage > 0.85
    assert set(last.limited) == {1, 4}
    assert last.low[1] == pytest.approx(0.6, abs=0.03)
    assert last.high[4] == pytest.approx(0.5, abs=0.03)
    masses = [box.mass for box in boxes]
    assert masses == sorted(masses, reverse=True)
    for box in boxes:
        inside = ((inputs >= box.low) & (inputs <= box.high)).all(axis=1)
        assert box.mass == inside.mean()
        assert box.density == fails[inside].mean()


def test_prim_without_failures_and_with_nothing_else():
    inputs = np.random.default_rng(3).random((50, 2))
    assert [box.density for box in prim(inputs, np.zeros(50))] == [0.0]
    assert [box.density for box in prim(inputs, np.ones(50))] == [1.0]
    with pytest.raises(InputError, match="prim"):
        prim(inputs, np.ones(3))
