"""Where the set of best replies changes: the vertices from which all equilibria of a two-player game are made.

Let ``payoff`` (replies, mixed) be what each reply earns against each strategy that the opponent mixes. The polyhedron
``{(y, v): payoff y <= v, y >= 0, sum y = 1}`` has one inequality per reply, tight where the reply is best, and one per
mixed strategy, tight where it is unused. Its vertices are found by solving every square system of tight inequalities
[1]_ [2]_, in steps that keep ties and near-ties apart at any scale of payoffs:

- only differences within a column of payoffs matter, and multiplying a column by a positive number moves a vertex
  without changing which inequalities are tight: so columns are shifted to a maximum of 0 and scaled to a range of 1;
- payoffs of a column that agree to 12 digits are made equal, so that what is left is either a tie or a difference;
- each solution carries a bound on its error, as if every payoff were rounded by a few units in the last place, and an
  inequality is tight where its slack is within that bound, and only there.

References
----------
.. [1] Mangasarian, O. L. (1964). Equilibrium points of bimatrix games. Journal of the Society for Industrial and
   Applied Mathematics 12:778-780. doi:10.1137/0112064
.. [2] von Stengel, B. (2002). Computing equilibria for two-person games. Handbook of Game Theory 3:1723-1759.
   doi:10.1016/S1574-0005(02)03008-4
"""

from itertools import combinations
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from race_sim.solvers.equilibria.regret import Flags, ties
from race_sim.solvers.game import Real

Index = NDArray[np.int64]
EPSILON = float(np.finfo(float).eps)
ROUNDED = 8 * EPSILON  # relative error of payoffs that is allowed for
SINGULAR = 1e-2  # bound on the error of a probability beyond which a system counts as singular
REGRET = 1e-9  # what a slack may be short of 0 at most, whatever the bound says


class Vertices(NamedTuple):
    """The vertices of the set of best replies.

    Attributes
    ----------
    mixture : array (vertices, mixed)
        The opponent's mixture at each vertex.
    support : array (vertices, mixed) of bool
        Which strategies it uses.
    best : array (vertices, replies) of bool
        Which replies are best there.
    """

    mixture: Real
    support: Flags
    best: Flags


class Systems(NamedTuple):
    """Solutions of square systems of tight inequalities, for each draw of the payoffs: candidates for vertices.

    Attributes
    ----------
    usable : array (draws, systems) of bool
        Whether the system is not singular.
    feasible : array (draws, systems) of bool
        Whether it is usable and its solution a vertex.
    mixture : array (draws, systems, mixed)
        The opponent's mixture, not normalised.
    support : array (draws, systems, mixed) of bool
        Which strategies it uses.
    best : array (draws, systems, replies) of bool
        Which replies are best against it.
    """

    usable: Flags
    feasible: Flags
    mixture: Real
    support: Flags
    best: Flags


def vertices(payoff: Real) -> Vertices:
    """Find all vertices.

    Parameters
    ----------
    payoff : array (replies, mixed)
        What each reply earns against each strategy that the opponent mixes.

    Returns
    -------
    Vertices
        Each once.
    """
    return vertices_of_draws(payoff[None])[0]


def vertices_of_draws(payoff: Real) -> list[Vertices]:
    """Find all vertices for each of several draws of the payoffs, whose systems are solved together.

    Parameters
    ----------
    payoff : array (draws, replies, mixed)
        Draws of the payoffs.

    Returns
    -------
    list of Vertices
        One per draw.
    """
    solved = systems(payoff)
    result = []
    for draw, keep in enumerate(solved.feasible):
        mixture, support, best = solved.mixture[draw][keep], solved.support[draw][keep], solved.best[draw][keep]
        first = _distinct(np.concatenate([~support, best], axis=1))
        mixture, support = np.where(support, mixture, 0.0)[first], support[first]
        result.append(Vertices(mixture / mixture.sum(axis=1, keepdims=True), support, best[first]))
    return result


def supports_exist(payoff: Real, used: Index, replies: Index) -> Flags:
    """In which draws some mixture over exactly these strategies makes all of these replies best.

    Parameters
    ----------
    payoff : array (draws, replies, mixed)
        Draws of the payoffs.
    used : array of int
        Strategies that the mixture uses, all of them and no other.
    replies : array of int
        Replies that must be best.

    Returns
    -------
    array (draws,) of bool
        Whether there is such a mixture.
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
    """Solve the systems in which some replies are all best against a mixture over as many strategies.

    Parameters
    ----------
    payoff : array (draws, replies, mixed)
        Draws of the payoffs.
    replies : array (systems, k) of int, optional
        The replies of each system.
    used : array (systems, k) of int, optional
        The strategies of each system. Without these two: all systems that there are.

    Returns
    -------
    Systems
        In the order given, or by size.
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
    payoff = _with_ties(np.ldexp(payoff, -exponent))
    best = payoff.max(axis=1, keepdims=True)
    below = payoff - best
    span = -below.min(axis=1, keepdims=True)
    widest = span.max(axis=2, keepdims=True)
    unit = np.where(span > 0, span, np.where(widest > 0, widest, 1.0))
    level = np.maximum(np.abs(payoff), np.abs(best))
    return below / unit, unit, np.where(below < 0, ROUNDED * level / unit, 0.0)


def _with_ties(payoff: Real) -> Real:
    """Payoffs of a column that agree, to rounding, replaced by the highest of them."""
    order = np.argsort(-payoff, axis=1)
    ranked = np.take_along_axis(payoff, order, axis=1)
    starts = np.ones(ranked.shape, dtype=bool)
    starts[:, 1:] = ~ties(ranked[:, 1:], ranked[:, :-1])
    group = np.maximum.accumulate(np.where(starts, np.arange(payoff.shape[1])[None, :, None], 0), axis=1)
    tied = np.empty(payoff.shape)
    np.put_along_axis(tied, order, np.take_along_axis(ranked, group, axis=1), axis=1)
    return tied


def _solve(payoff: Real, unit: Real, noise: Real, rows: Index, columns: Index) -> Systems:
    count, size = rows.shape
    matrix = np.zeros((len(payoff), count, size + 1, size + 1))
    matrix[..., :size, :size] = payoff[:, rows[:, :, None], columns[:, None, :]]
    matrix[..., :size, size], matrix[..., size, :size] = -1.0, 1.0
    usable = np.linalg.slogdet(matrix)[0] != 0
    matrix[~usable] = np.eye(size + 1)
    inverse = np.linalg.inv(matrix)
    solution, level = inverse[..., :size, size], inverse[..., size, size, None]
    part, doubt = (np.moveaxis(values[:, :, columns], 1, 2) for values in (payoff, noise))
    # The error of the solution: that of each equation, carried through the inverse.
    weight = np.abs(solution)[..., None]
    residual = (doubt @ weight)[..., 0] + ROUNDED * (1 + np.abs(level) + weight.sum(axis=-2))  # (..., replies)
    in_rows = np.take_along_axis(residual, _per_draw(rows, payoff), axis=-1)
    error = (np.abs(inverse[..., :size]) @ in_rows[..., None])[..., 0] + ROUNDED * np.abs(inverse[..., size])
    usable &= error[..., :size].max(axis=-1) < SINGULAR
    slack = level - (part @ solution[..., None])[..., 0]
    slack_error = error[..., size, None] + (np.abs(part) @ error[..., :size, None])[..., 0] + residual
    best = np.abs(slack) <= np.minimum(slack_error, REGRET)
    np.put_along_axis(best, _per_draw(rows, payoff), True, axis=-1)
    allowed = np.minimum(error[..., :size], REGRET)
    feasible = usable & (solution >= -allowed).all(axis=-1) & (best | (slack > 0)).all(axis=-1)
    mixture = np.zeros((len(payoff), count, payoff.shape[2]))
    support = np.zeros(mixture.shape, dtype=bool)
    np.put_along_axis(mixture, _per_draw(columns, payoff), solution / unit[:, 0][:, columns], axis=-1)
    np.put_along_axis(support, _per_draw(columns, payoff), solution > allowed, axis=-1)
    return Systems(usable, feasible, mixture, support, best)


def _per_draw(index: Index, payoff: Real) -> Index:
    return np.broadcast_to(index, (len(payoff), *index.shape))


def _distinct(tight: Flags) -> Index:
    """One row per vertex: a vertex is known by what is tight there, and of two nested sets the larger is right."""
    _, first = np.unique(tight, axis=0, return_index=True)
    number = tight[first].astype(np.int32)
    outside = number @ (1 - number).T  # [i, j]: how many inequalities are tight at i and not at j
    np.fill_diagonal(outside, 1)
    return np.sort(first[(outside > 0).all(axis=1)])
