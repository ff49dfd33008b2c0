"""Equilibria of tables of payoffs, and in how many resampled tables a profile is one."""

import numpy as np

from race_sim.kernels.arrays import normalise
from race_sim.kernels.compile import jit
from race_sim.kernels.random import BOOTSTRAP, uniforms
from race_sim.kernels.tight_systems import solve_system
from race_sim.kernels.vertex_enumeration import TIE, equilibrate, find_vertices

ROOM = 256  # vertices for which there is room at first
EXPONENT, ALL_ONES, MIDDLE = np.int64(52), np.int64(2047), np.int64(2045)


@jit
def resample(seed, cells, drawn):
    """Average the rows of a table over runs drawn with replacement, as many as there are, jointly in all columns.

    Parameters
    ----------
    seed : uint64
        Seed of the draws.
    cells : array (runs, columns)
        A row per run.
    drawn : array (draws, columns)
        Filled with the means. Columns that agree in every run agree in every draw, to the last bit.
    """
    runs, columns = cells.shape
    times = np.empty(runs)
    for draw in range(len(drawn)):
        times[:] = 0.0
        for pair in range((runs + 1) // 2):
            first, second = uniforms(seed, draw, pair, 0, BOOTSTRAP)
            times[int(first * runs)] += 1.0
            if 2 * pair + 1 < runs:
                times[int(second * runs)] += 1.0
        drawn[draw] = 0.0
        for run in range(runs):
            if times[run] > 0.0:
                for column in range(columns):
                    drawn[draw, column] += times[run] * cells[run, column]
        for column in range(columns):
            drawn[draw, column] /= runs


@jit
def mark_pure(payoff, sizes, stays):
    """Mark the pure equilibria of several tables: nobody's strategy pays less than its best reply, ties are no gain.

    Parameters
    ----------
    payoff : array (tables, players, cells)
        The last player's strategy changes from one cell to the next.
    sizes : array (players,) of int
        Numbers of strategies.
    stays : array (tables, cells) of bool
        Filled.
    """
    cells = payoff.shape[2]
    for table in range(len(payoff)):
        for cell in range(cells):
            stays[table, cell] = True
        step = cells
        for player in range(len(sizes)):
            whole = step
            step = whole // sizes[player]
            own = payoff[table, player]
            for first in range(0, cells, whole):
                for start in range(first, first + step):
                    best = own[start]
                    for cell in range(start, start + whole, step):
                        best = max(best, own[cell])
                    for cell in range(start, start + whole, step):
                        value = own[cell]
                        if not abs(value - best) <= TIE * max(abs(value), abs(best)):
                            stays[table, cell] = False


@jit
def even_out(payoff, scaled, noise, unit):
    """Bring payoffs to one scale: by a power of 2, then columns to a maximum of 0 and a range of 1.

    Parameters
    ----------
    payoff : array (replies, mixed)
        What each reply earns against each strategy.
    scaled, noise : array (1, replies, mixed)
        Filled: payoffs, and their rounding errors.
    unit : array (1, mixed)
        Filled with the ranges.
    """
    replies, mixed = payoff.shape
    largest = 0.0
    for i in range(replies):
        for j in range(mixed):
            largest = max(largest, abs(payoff[i, j]))
    exponent = np.float64(largest).view(np.int64) >> EXPONENT
    power = 1.0
    if exponent < ALL_ONES:
        power = np.int64(max(MIDDLE - exponent, 1) << EXPONENT).view(np.float64)
        power = power if exponent > 0 else 4.49423283715579e307  # 2^1021
    for i in range(replies):
        for j in range(mixed):
            scaled[0, i, j] = payoff[i, j] * power
    equilibrate(scaled, noise, unit, np.empty(replies, np.int64))


@jit
def list_vertices(payoff, mixture, support, best):
    """List the vertices of the set of best replies.

    Parameters
    ----------
    payoff : array (replies, mixed)
        What each reply earns against each strategy that the opponent mixes.
    mixture : array (room, mixed)
        Filled with the opponent's mixture at each vertex.
    support : array (room, mixed) of bool
        Filled: which strategies it uses.
    best : array (room, replies) of bool
        Filled: which replies are best there.

    Returns
    -------
    int
        Number of vertices; -1 where there is no room for them.
    """
    replies, mixed = payoff.shape
    size = min(replies, mixed)
    scaled, noise, unit = np.empty((1, replies, mixed)), np.empty((1, replies, mixed)), np.empty((1, mixed))
    even_out(payoff, scaled, noise, unit)
    count = find_vertices(
        scaled[0], noise[0], np.empty((2, size), np.int64), np.empty((2, size + 1, size + 1)),
        np.empty((2, max(size + 1, replies))), mixture, support, best,
    )  # fmt: skip
    for k in range(count):
        for j in range(mixed):
            mixture[k, j] = mixture[k, j] / unit[0, j] if support[k, j] else 0.0
        normalise(mixture[k])
    return count


@jit
def pair_vertices(row_support, row_best, column_support, column_best, pairs):
    """Pair vertices of two players: equilibria, as each strategy is unused or a best reply.

    Parameters
    ----------
    row_support : array (rows, first) of bool
        Strategies that the first player uses at each vertex of its mixtures.
    row_best : array (rows, second) of bool
        Best replies of the second player there.
    column_support : array (columns, second) of bool
        Strategies that the second player uses.
    column_best : array (columns, first) of bool
        Best replies of the first player there.
    pairs : array (room, 2) of int
        Filled with the numbers of both vertices; ``rows * columns`` is room for all.

    Returns
    -------
    int
        Number of pairs.
    """
    count = 0
    for i in range(len(row_support)):
        for j in range(len(column_support)):
            fits = True
            for a in range(row_support.shape[1]):
                fits = fits and (column_best[j, a] or not row_support[i, a])
            for b in range(row_best.shape[1]):
                fits = fits and (row_best[i, b] or not column_support[j, b])
            if fits:
                pairs[count, 0] = i
                pairs[count, 1] = j
                count += 1
    return count


@jit
def covers(support, best, count, replies, mixed):
    """Tell whether the vertices at which all of some replies are best use every strategy together.

    Parameters
    ----------
    support : array (room, mixed) of bool
        Strategies that each vertex uses.
    best : array (room, all replies) of bool
        Best replies there.
    count : int
        Number of vertices.
    replies : array of int
        Replies that must be best.
    mixed : int
        Number of strategies.

    Returns
    -------
    bool
        Also where no strategy is asked for.
    """
    for j in range(mixed):
        used = False
        for k in range(count):
            fits = support[k, j]
            for reply in replies:
                fits = fits and best[k, reply]
            used = used or fits
        if not used:
            return False
    return True


@jit
def mark_supports(payoff, used, replies, exists):
    """Mark the tables in which some mixture over exactly these strategies makes all of these replies best.

    As a rule one system decides, because its solution is the only candidate.

    Parameters
    ----------
    payoff : array (tables, all replies, all mixed)
        What each reply earns against each strategy.
    used : array of int
        Strategies that the mixture uses, all of them and no other.
    replies : array of int
        Replies that must be best.
    exists : array (tables,) of bool
        Filled.
    """
    tables, height, width = payoff.shape
    size, most = len(used), max(len(used), len(replies))
    scaled, noise, unit = np.empty((1, height, width)), np.empty((1, height, width)), np.empty((1, width))
    matrices, errors = np.empty((2, most + 1, most + 1)), np.empty((2, max(most + 1, height)))
    mixture, support, best = np.empty(width), np.empty(width, np.bool_), np.empty(height, np.bool_)
    face, room = np.empty((height, size)), ROOM
    mixtures, supports, bests = (
        np.empty((room, size)),
        np.empty((room, size), np.bool_),
        np.empty((room, height), np.bool_),
    )
    for table in range(tables):
        if size == len(replies):
            even_out(payoff[table], scaled, noise, unit)
            kind = solve_system(scaled[0], noise[0], replies, used, size, matrices[0], matrices[1],
                                errors[0], errors[1], mixture, support, best)  # fmt: skip
            if kind > 0:
                exists[table] = kind == 2
                for strategy in used:
                    exists[table] = exists[table] and support[strategy]
                continue
        for i in range(height):
            for j in range(size):
                face[i, j] = payoff[table, i, used[j]]
        count = list_vertices(face, mixtures, supports, bests)
        while count < 0:
            room *= ROOM
            mixtures = np.empty((room, size))
            supports, bests = np.empty((room, size), np.bool_), np.empty((room, height), np.bool_)
            count = list_vertices(face, mixtures, supports, bests)
        exists[table] = covers(supports, bests, count, replies, size)
