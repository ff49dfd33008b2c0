"""Equilibria of two-player games found in another way than the package does: support by support."""

from itertools import combinations, product

import numpy as np
from scipy.optimize import linprog

REGRET = 1e-9


def regret(first, second, x, y):
    """The most that either player gains by deviating."""
    rows, columns = first @ y, x @ second
    return max(rows.max() - x @ rows, columns.max() - columns @ y)


def subsets(count, size=None):
    sizes = range(1, count + 1) if size is None else [size]
    return [list(chosen) for k in sizes for chosen in combinations(range(count), k)]


def by_least_squares(first, second):
    """Equilibria of a game without ties: for supports of one size, the mixtures that make the opponent indifferent."""
    result = []
    for size in range(1, min(first.shape) + 1):
        rows, columns = (np.array(subsets(count, size)) for count in first.shape)
        pairs = list(product(rows, columns))
        y = _indifferent(first, *map(np.array, zip(*pairs, strict=True)))
        likely = [k for k, (rows, _) in enumerate(pairs) if y[k].min() >= 0 and _best(first @ y[k], rows)]
        if likely:
            swapped = (np.array(sets) for sets in zip(*(pairs[k][::-1] for k in likely), strict=True))
            x = _indifferent(second.T, *swapped)
            candidates = [(one, y[k]) for one, k in zip(x, likely, strict=True) if one.min() >= 0]
            result += [pair for pair in candidates if regret(first, second, *pair) < REGRET]
    return result


def _indifferent(payoff, replies, used):
    """Mixtures over ``used`` (pairs, k) that make ``replies`` (pairs, k) equal, by least squares; else -1."""
    pairs, size = used.shape
    matrix = np.zeros((pairs, size + 1, size + 1))
    matrix[:, :size, :size] = payoff[replies[:, :, None], used[:, None, :]]
    matrix[:, :size, size], matrix[:, size, :size] = -1, 1
    solution = np.linalg.pinv(matrix)[:, :size, size]
    mixtures = np.zeros((pairs, payoff.shape[1]))
    np.put_along_axis(mixtures, used, solution, axis=1)
    mixtures[(solution <= 0).any(axis=1)] = -1
    return mixtures


def supports_by_linear_programming(first, second):
    """All pairs of supports over which there is an equilibrium, ties or not."""
    return {
        (tuple(rows), tuple(columns))
        for rows in subsets(first.shape[0])
        for columns in subsets(first.shape[1])
        if mixture_exists(first, rows, columns) and mixture_exists(second.T, columns, rows)
    }


def mixture_exists(payoff, replies, used):
    """Whether a mixture over exactly ``used`` makes all of ``replies`` best: can all its probabilities be positive?"""
    count, size = len(payoff), len(used)
    part = payoff[:, used]
    others = [i for i in range(count) if i not in replies]
    smallest = np.hstack([-np.eye(size), np.zeros((size, 1)), np.ones((size, 1))])
    worse = np.hstack([part[others], -np.ones((len(others), 1)), np.zeros((len(others), 1))])
    equal = np.hstack([part[replies], -np.ones((len(replies), 1)), np.zeros((len(replies), 1))])
    solved = linprog(
        np.append(np.zeros(size + 1), -1.0),
        A_ub=np.vstack([smallest, worse]),
        b_ub=np.zeros(size + len(others)),
        A_eq=np.vstack([equal, [1.0] * size + [0.0, 0.0]]),
        b_eq=np.append(np.zeros(len(replies)), 1.0),
        bounds=[(0, None)] * size + [(None, None)] * 2,
    )
    return solved.status == 0 and -solved.fun > 1e-6


def supports_implied(first, second, extreme):
    """All pairs of supports over which there is an equilibrium, if ``extreme`` are all extreme equilibria."""
    listed = {_key(x, y) for x, y in extreme}
    return {
        (tuple(rows), tuple(columns))
        for rows in subsets(first.shape[0])
        for columns in subsets(first.shape[1])
        if _implied(first, second, extreme, listed, rows, columns)
    }


def _implied(first, second, extreme, listed, rows, columns):
    """Mixtures over parts of the supports, to which all of the other support is best: do they fill the supports?"""
    xs = [x for x, _ in extreme if _within(x, rows) and _best(x @ second, columns)]
    ys = [y for _, y in extreme if _within(y, columns) and _best(first @ y, rows)]
    filled = bool(xs) and bool(ys) and _fills(xs, rows) and _fills(ys, columns)
    return filled and all(_key(x, y) in listed for x in xs for y in ys)


def _within(mixture, support):
    return set(np.flatnonzero(mixture)) <= set(support)


def _best(values, support):
    return (values[support] >= values.max() - REGRET).all()


def _fills(mixtures, support):
    return (np.sum(mixtures, axis=0)[support] > 0).all()


def _key(x, y):
    return tuple(np.round(np.concatenate([x, y]), 7) + 0.0)
