"""The vertices of the set of best replies in a two-player game: payoffs brought to one scale, and every system tried.

``race_sim.solvers.equilibria.vertices`` says what they are for.
"""

from race_sim.kernels.arrays import copy_into
from race_sim.kernels.compile import inlined, jit
from race_sim.kernels.tight_systems import ROUNDED, clearly_wrong, solve_system

TIE = 1e-12  # payoffs that agree to this, relative to the larger of the two, are a tie


@inlined
def join_ties(payoff, column, order):
    """Replace payoffs of a column that agree, to rounding, by the highest of them.

    Parameters
    ----------
    payoff : array (replies, mixed)
        Changed in place.
    column : int
        Which.
    order : array (replies,) of int
        Filled with the replies, the best first.
    """
    for i in range(len(payoff)):
        value, at = payoff[i, column], i
        while at > 0 and payoff[order[at - 1], column] < value:
            order[at] = order[at - 1]
            at -= 1
        order[at] = i
    last = top = payoff[order[0], column]
    for i in range(1, len(payoff)):
        value = payoff[order[i], column]
        if not abs(value - last) <= TIE * max(abs(value), abs(last)):
            top = value
        payoff[order[i], column] = top
        last = value


@jit
def equilibrate(payoff, noise, unit, order):
    """Shift columns to a maximum of 0 and scale them to a range of 1, for each of several draws of the payoffs.

    Parameters
    ----------
    payoff : array (draws, replies, mixed)
        Changed in place.
    noise : array (draws, replies, mixed)
        Filled with the rounding errors after scaling.
    unit : array (draws, mixed)
        Filled with the ranges.
    order : array (replies,) of int
        Room to work in.
    """
    replies, mixed = payoff.shape[1:]
    for draw in range(len(payoff)):
        widest = 0.0
        for j in range(mixed):
            join_ties(payoff[draw], j, order)
            unit[draw, j] = payoff[draw, order[0], j] - payoff[draw, order[replies - 1], j]
            widest = max(widest, unit[draw, j])
        for j in range(mixed):
            if unit[draw, j] <= 0.0:
                unit[draw, j] = widest if widest > 0.0 else 1.0
            best = payoff[draw, 0, j]
            for i in range(1, replies):
                best = max(best, payoff[draw, i, j])
            for i in range(replies):
                value = payoff[draw, i, j]
                payoff[draw, i, j] = (value - best) / unit[draw, j]
                noise[draw, i, j] = ROUNDED * max(abs(value), abs(best)) / unit[draw, j] if value < best else 0.0


@inlined
def next_subset(subset, size, count):
    """Go on to the next subset in lexicographic order.

    Parameters
    ----------
    subset : array (at least size,) of int
        Increasing; changed in place.
    size : int
        Elements of it that count.
    count : int
        What they are chosen from, 0 to count - 1.

    Returns
    -------
    bool
        Whether there was one more.
    """
    i = size - 1
    while i >= 0 and subset[i] == count - size + i:
        i -= 1
    if i < 0:
        return False
    subset[i] += 1
    for j in range(i + 1, size):
        subset[j] = subset[j - 1] + 1
    return True


@inlined
def within(used, best, other_used, other_best):
    """Whether everything that is tight at one vertex is tight at another.

    Parameters
    ----------
    used : array (mixed,) of bool
        Strategies that the one uses: the others are tight.
    best : array (replies,) of bool
        Replies that are best there.
    other_used : array (mixed,) of bool
        Strategies that the other uses.
    other_best : array (replies,) of bool
        Replies that are best there.

    Returns
    -------
    bool
        True also where they are the same.
    """
    for j in range(len(used)):
        if other_used[j] and not used[j]:
            return False
    missing = 0
    for i in range(len(best)):
        missing += best[i] and not other_best[i]
    return missing == 0


@jit
def find_vertices(payoff, noise, subsets, matrices, errors, mixture, support, best):
    """Find the vertices of the set of best replies, each once: of two whose tight sets are nested the larger is right.

    Parameters
    ----------
    payoff, noise : array (replies, mixed)
        What each reply earns against each strategy, and its rounding error.
    subsets : array (2, at least size) of int
        Room to work in, for the largest size of a system: the smaller number of replies and strategies.
    matrices : array (2, at least size + 1, at least size + 1)
        Room to work in.
    errors : array (2, at least size + 1 and replies)
        Room to work in.
    mixture : array (room, mixed)
        Filled with a vertex per row.
    support : array (room, mixed) of bool
        Filled: which strategies each uses.
    best : array (room, replies) of bool
        Filled: which replies are best at each.

    Returns
    -------
    int
        Number of vertices; -1 where there is no room for them.
    """
    replies, mixed = payoff.shape
    rows, columns, matrix, inverse = subsets[0], subsets[1], matrices[0], matrices[1]
    error, residual = errors[0], errors[1]
    count = 0
    for size in range(1, min(replies, mixed) + 1):
        for i in range(size):
            rows[i] = i
        more_rows = True
        while more_rows:
            for j in range(size):
                columns[j] = j
            more_columns = True
            while more_columns:
                if not clearly_wrong(payoff, rows, columns, size, matrix, error):
                    if count == len(mixture):
                        return -1
                    kind = solve_system(payoff, noise, rows, columns, size, matrix, inverse, error, residual,
                                        mixture[count], support[count], best[count])  # fmt: skip
                    if kind == 2:
                        count = admit(mixture, support, best, count)
                more_columns = next_subset(columns, size, mixed)
            more_rows = next_subset(rows, size, replies)
    return count


@jit
def admit(mixture, support, best, count):
    """Keep the vertex in row ``count``, unless it is known, and drop those that it shows to be wrong.

    Parameters
    ----------
    mixture : array (room, mixed)
        A vertex per row.
    support : array (room, mixed) of bool
        Which strategies each uses.
    best : array (room, replies) of bool
        Which replies are best at each.
    count : int
        Number of vertices before it.

    Returns
    -------
    int
        Number of vertices with it.
    """
    for k in range(count):
        if within(support[count], best[count], support[k], best[k]):
            return count
    kept = 0
    for k in range(count + 1):
        if k == count or not within(support[k], best[k], support[count], best[count]):
            if kept != k:
                copy_into(mixture[k], mixture[kept])
                copy_into(support[k], support[kept])
                copy_into(best[k], best[kept])
            kept += 1
    return kept
