"""Compiled tables: resampled runs, pure equilibria of any number of players, mixtures, against slow definitions."""

import itertools

import numpy as np
import pytest

from race_sim.kernels import tables
from race_sim.solvers.equilibria.regret import pure_equilibria
from race_sim.solvers.equilibria.vertices import supports_exist, vertices


@pytest.mark.parametrize("runs", [1, 2, 7, 400])
def test_resampled_means_have_the_moments_of_the_bootstrap(runs):
    cells = np.random.default_rng(1).exponential(size=(runs, 3))
    cells[:, 2] = cells[:, 0]
    drawn = np.empty((4000, 3))
    tables.resample(np.uint64(5), cells, drawn)
    assert (drawn[:, 0] == drawn[:, 2]).all()
    expected = cells.std(axis=0) / runs**0.5
    assert np.abs(drawn.mean(axis=0) - cells.mean(axis=0)).max() <= 4.0 * expected.max() / 4000**0.5 + 1e-12
    assert drawn.std(axis=0) == pytest.approx(expected, rel=0.06, abs=1e-12)
    covariance = np.cov(drawn[:, :2].T)[0, 1]
    assert covariance == pytest.approx(np.cov(cells[:, :2].T, bias=True)[0, 1] / runs if runs > 1 else 0.0, abs=4e-3)
    again = np.empty((10, 3))
    tables.resample(np.uint64(5), cells, again)
    assert (again == drawn[:10]).all()
    tables.resample(np.uint64(6), cells, again)
    assert runs == 1 or (again != drawn[:10]).any()


def test_every_run_is_drawn_equally_often():
    drawn = np.empty((3000, 9))
    tables.resample(np.uint64(1), np.eye(9), drawn)
    counts = 9.0 * drawn
    assert (counts == np.rint(counts)).all()
    assert (counts.sum(axis=1) == 9.0).all()
    chi = ((counts.sum(axis=0) - 3000.0) ** 2 / 3000.0).sum()
    assert chi < 27.9  # of chi-squared with 8 degrees of freedom, 1 in 2,000 exceeds it


@pytest.mark.parametrize("shape", [(3,), (2, 3), (3, 2), (2, 3, 2), (2, 2, 2, 3)])
def test_pure_equilibria_by_definition(shape):
    payoff = np.round(np.random.default_rng(2).normal(size=(60, len(shape), *shape)))  # with ties
    marked = pure_equilibria(payoff, len(shape))
    for table, flags in zip(payoff, marked, strict=True):
        for cell in itertools.product(*map(range, shape)):
            stays = all(
                table[(n, *cell)] >= max(table[(n, *cell[:n], other, *cell[n + 1 :])] for other in range(size))
                for n, size in enumerate(shape)
            )
            assert flags[cell] == stays


def test_ties_to_rounding_are_no_gain():
    payoff = np.array([[[1.0, 1.0 + 1e-13], [1e200, -1e200]], [[0.0, 0.0], [0.0, 0.0]]])
    assert pure_equilibria(payoff, 2).tolist() == [[False, True], [True, False]]


@pytest.mark.parametrize("scale", [1e-310, 1e-300, 1.0, 1e300])
@pytest.mark.parametrize("shape", [(2, 2), (3, 3), (2, 4), (4, 2)])
def test_supports_exist_where_vertices_say_so(shape, scale):
    random = np.random.default_rng(3)
    payoff = np.concatenate([random.normal(size=(15, *shape)), np.round(random.normal(size=(15, *shape)))])
    if scale > 1e-305:  # digits are lost below
        payoff = payoff * scale
        assert not np.isinf(payoff).any()
    for uses, best in itertools.product((1, 2), (1, 2)):
        for used in itertools.combinations(range(shape[1]), uses):
            for replies in itertools.combinations(range(shape[0]), best):
                exists = supports_exist(payoff, np.array(used), np.array(replies))
                for table, answer in zip(payoff, exists, strict=True):
                    face = vertices(table[:, list(used)])
                    right = face.support[face.best[:, list(replies)].all(axis=1)].any(axis=0).all()
                    assert answer == right


def test_payoffs_too_small_for_all_digits_are_brought_to_scale():
    payoff = np.array([[3.0, 0.0], [0.0, 1.0]])
    for scale in (2.0**-1060, 2.0**-1022, 2.0**1020):
        assert vertices(payoff * scale).mixture.tolist() == vertices(payoff).mixture.tolist()
