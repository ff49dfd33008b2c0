r"""Where the set of best replies changes: the vertices from which all equilibria of a two-player game are made.

Let ``payoff`` (replies, mixed) be what each reply earns against each strategy that the opponent mixes. The polyhedron
``{(y, v): payoff y <= v, y >= 0, sum y = 1}`` has one inequality per reply, tight where the reply is best, and one per
mixed strategy, tight where it is unused. Its vertices are found by solving every square system of tight inequalities
(Mangasarian 1964, doi:10.1137/0112064; von Stengel 2002, doi:10.1016/S1574-0005(02)03008-4), in three steps that keep
ties and near-ties apart at any scale of payoffs:

- only differences within a column of payoffs matter, and multiplying a column by a positive number moves a vertex
  without changing which inequalities are tight: so columns are shifted to a maximum of 0 and scaled to a range of 1;
- each solution carries a bound on its error, as if every payoff were rounded by a few units in the last place;
- an inequality is tight where its slack is within that bound, and only there.
"""

from itertools import combinations
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from race_sim.equilibria.regret import ROUNDING, Flags
from race_sim.game import Real

Index = NDArray[np.int64]
EPSILON = float(np.finfo(float).eps)
UNRELIABLE = 1e-5  # bound on the error of a probability beyond which a system counts as singular
REGRET = 1e-9  # relative gain from another reply beyond which a solution is none, whatever the bound says


class Vertices(NamedTuple):
    """Mixtures of the opponent at the vertices, which strategies they use, and which replies are best there."""

    mixture: Real  # (vertices, mixed)
    support: Flags  # (vertices, mixed)
    best: Flags  # (vertices, replies)


class Systems(NamedTuple):
    """Solutions of square systems, for each draw of the payoffs: candidates for vertices."""

    usable: Flags  # (draws, systems): not singular
    feasible: Flags  # (draws, systems): usable, and a vertex
    mixture: Real  # (draws, systems, mixed), not normalised
    support: Flags  # (draws, systems, mixed)
    best: Flags  # (draws, systems, replies)


def vertices(payoff: Real) -> Vertices:
    """All vertices for payoffs (replies, mixed)."""
    found = systems(payoff[None])
    keep = found.feasible[0]
    mixture, support, best = found.mixture[0][keep], found.support[0][keep], found.best[0][keep]
    first = _distinct(np.concatenate([~support, best], axis=1))
    mixture, support = np.where(support, mixture, 0.0)[first], support[first]
    return Vertices(mixture / mixture.sum(axis=1, keepdims=True), support, best[first])


def supports_exist(payoff: Real, used: Index, replies: Index) -> Flags:
    """In which draws some mixture over exactly the strategies ``used`` makes all of ``replies`` best; (draws,).

    payoff: (draws, replies, mixed).
    """
    exists = np.zeros(len(payoff), dtype=bool)
    open_ = np.ones(len(payoff), dtype=bool)
    if len(used) == len(replies):  # as a rule one system decides, because its solution is the only candidate
        one = systems(payoff, replies[None], used[None])
        open_ = ~one.usable[:, 0]
        exists = (one.feasible & one.support[..., used].all(axis=-1))[:, 0]
    if open_.any():  # vertices of the face where ``replies`` are best; together they must use all of ``used``
        face = systems(payoff[open_][..., used])
        inside = face.feasible & face.best[..., replies].all(axis=-1)
        exists[open_] = (face.support & inside[..., None]).any(axis=1).all(axis=-1)
    return exists


def systems(payoff: Real, replies: Index | None = None, used: Index | None = None) -> Systems:
    """Solve the systems in which ``replies`` (systems, k) are all best against a mixture over ``used`` (systems, k).

    payoff: (draws, replies, mixed). Without index sets: all systems there are.
    """
    scaled, unit, noise = _equilibrated(payoff)
    if replies is not None and used is not None:
        return _solve(scaled, unit, noise, replies, used)
    parts = []
    for size in range(1, min(scaled.shape[1:]) + 1):
        rows, columns = (_subsets(count, size) for count in scaled.shape[1:])
        parts.append(_solve(scaled, unit, noise, np.repeat(rows, len(columns), 0), np.tile(columns, (len(rows), 1))))
    return Systems(*(np.concatenate(arrays, axis=1) for arrays in zip(*parts, strict=True)))


def _subsets(count: int, size: int) -> Index:
    return np.array(list(combinations(range(count), size)), dtype=np.int64)


def _equilibrated(payoff: Real) -> tuple[Real, Real, Real]:
    """Columns shifted to a maximum of 0 and scaled to a range of 1; the ranges; the rounding error after scaling."""
    _, exponent = np.frexp(np.abs(payoff).max(axis=(1, 2), keepdims=True))
    payoff = np.ldexp(payoff, -exponent)
    level = np.abs(payoff).max(axis=1, keepdims=True)
    below = payoff - payoff.max(axis=1, keepdims=True)
    span = -below.min(axis=1, keepdims=True)
    tied = span <= ROUNDING * level
    widest = span.max(axis=2, keepdims=True)
    unit = np.where(tied, np.where(widest > 0, widest, 1.0), span)
    return np.where(tied, 0.0, below / unit), unit, np.where(tied, 0.0, ROUNDING * level / unit)


def _solve(payoff: Real, unit: Real, noise: Real, rows: Index, columns: Index) -> Systems:
    count, size = rows.shape
    matrix = np.zeros((len(payoff), count, size + 1, size + 1))
    matrix[..., :size, :size] = payoff[:, rows[:, :, None], columns[:, None, :]]
    matrix[..., :size, size], matrix[..., size, :size] = -1.0, 1.0
    usable = np.linalg.slogdet(matrix)[0] != 0
    matrix[~usable] = np.eye(size + 1)
    inverse = np.linalg.inv(matrix)
    solution = inverse[..., size]
    # Bound on the error: that of the residual, through the inverse.
    weight = np.abs(solution[..., :size])
    residual = (noise[:, 0][:, columns] * weight).sum(axis=-1) + 8 * EPSILON * (1 + np.abs(solution).sum(axis=-1))
    error = np.abs(inverse).sum(axis=-1) * residual[..., None]
    usable &= error[..., :size].max(axis=-1) < UNRELIABLE
    part = np.ascontiguousarray(np.moveaxis(payoff[:, :, columns], 1, 2))  # (draws, systems, replies, size)
    slack = solution[..., size, None] - (part @ solution[..., :size, None])[..., 0]
    slack_error = error[..., size, None] + (np.abs(part) @ error[..., :size, None])[..., 0] + residual[..., None]
    best = np.abs(slack) <= slack_error
    np.put_along_axis(best, np.broadcast_to(rows, (len(payoff), *rows.shape)), True, axis=-1)
    feasible = usable & (solution[..., :size] >= -error[..., :size]).all(axis=-1)
    feasible &= (best | (slack >= 0)).all(axis=-1) & (slack >= -REGRET).all(axis=-1)
    mixture = np.zeros((len(payoff), count, payoff.shape[2]))
    support = np.zeros(mixture.shape, dtype=bool)
    where = np.broadcast_to(columns, (len(payoff), *columns.shape))
    np.put_along_axis(mixture, where, solution[..., :size] / unit[:, 0][:, columns], axis=-1)
    np.put_along_axis(support, where, solution[..., :size] > error[..., :size], axis=-1)
    return Systems(usable, feasible, mixture, support, best)


def _distinct(tight: Flags) -> Index:
    """One row per vertex: a vertex is known by what is tight there, and of two nested sets the larger is right."""
    _, first = np.unique(tight, axis=0, return_index=True)
    number = tight[first].astype(np.int32)
    outside = number @ (1 - number).T  # [i, j]: how many inequalities are tight at i and not at j
    np.fill_diagonal(outside, 1)
    return np.sort(first[(outside > 0).all(axis=1)])
