"""Systems of tight inequalities of a two-player game: solved one by one, with a bound on the error of each.

``race_sim.solvers.equilibria.vertices`` says what they are for.
"""

from race_sim.kernels.compile import inlined, jit

ROUNDED = 8 * 2.220446049250313e-16  # relative error of payoffs that is allowed for
SINGULAR = 1e-2  # bound on the error of a probability beyond which a system counts as singular
REGRET = 1e-9  # what a slack may be short of 0 at most, whatever the bound says
WRONG = -1e-6  # a probability or a slack so far below 0 that no rounding explains it,
SMALL_PIVOT = 1e-7  # unless a pivot was as small as this


@inlined
def fill(payoff, rows, columns, size, matrix):
    """Write down a system: all of some replies pay the same level, and probabilities add up to 1.

    Parameters
    ----------
    payoff : array (replies, mixed)
        What each reply earns against each strategy.
    rows, columns : array (at least size,) of int
        Replies and strategies of the system.
    size : int
        How many.
    matrix : array (at least size + 1, at least size + 1)
        Filled.
    """
    for i in range(size):
        for j in range(size):
            matrix[i, j] = payoff[rows[i], columns[j]]
        matrix[i, size] = -1.0
        matrix[size, i] = 1.0
    matrix[size, size] = 0.0


@inlined
def pivot(matrix, order, step):
    """Find the row of the largest element of a column, from row ``step`` on.

    Parameters
    ----------
    matrix : array (at least order, at least order)
        A matrix.
    order : int
        Its rows and columns that count.
    step : int
        Which column.

    Returns
    -------
    int
        The row.
    """
    best = step
    for i in range(step + 1, order):
        if abs(matrix[i, step]) > abs(matrix[best, step]):
            best = i
    return best


@inlined
def clearly_wrong(payoff, rows, columns, size, matrix, right):
    """Whether a system can be left out at a glance: its solution is negative, or another reply pays more, by far.

    Parameters
    ----------
    payoff : array (replies, mixed)
        What each reply earns against each strategy.
    rows, columns : array (at least size,) of int
        Replies and strategies of the system.
    size : int
        How many.
    matrix, right : array (at least size + 1, at least size + 1) and (at least size + 1,)
        Room to work in.

    Returns
    -------
    bool
        False where that is not sure.
    """
    fill(payoff, rows, columns, size, matrix)
    order = size + 1
    for i in range(size):
        right[i] = 0.0
    right[size] = 1.0
    for step in range(order):
        best = pivot(matrix, order, step)
        if abs(matrix[best, step]) < SMALL_PIVOT:
            return matrix[best, step] == 0.0
        if best != step:
            for j in range(step, order):
                matrix[step, j], matrix[best, j] = matrix[best, j], matrix[step, j]
            right[step], right[best] = right[best], right[step]
        for i in range(step + 1, order):
            factor = matrix[i, step] / matrix[step, step]
            if factor != 0.0:
                for j in range(step + 1, order):
                    matrix[i, j] -= factor * matrix[step, j]
                right[i] -= factor * right[step]
    for i in range(order - 1, -1, -1):
        for j in range(i + 1, order):
            right[i] -= matrix[i, j] * right[j]
        right[i] /= matrix[i, i]
        if i < size and right[i] < WRONG:
            return True
    for reply in range(len(payoff)):
        slack = right[size]
        for j in range(size):
            slack -= payoff[reply, columns[j]] * right[j]
        if slack < WRONG:
            return True
    return False


@inlined
def invert(matrix, order, inverse):
    """Invert a matrix by Gauss's and Jordan's elimination with the largest pivots of each column.

    Parameters
    ----------
    matrix : array (at least order, at least order)
        Overwritten.
    order : int
        Its rows and columns that count.
    inverse : array (at least order, at least order)
        Filled.

    Returns
    -------
    bool
        False where a pivot is 0.
    """
    for i in range(order):
        for j in range(order):
            inverse[i, j] = 1.0 if i == j else 0.0
    for step in range(order):
        best = pivot(matrix, order, step)
        if matrix[best, step] == 0.0:
            return False
        if best != step:
            for j in range(order):
                matrix[step, j], matrix[best, j] = matrix[best, j], matrix[step, j]
                inverse[step, j], inverse[best, j] = inverse[best, j], inverse[step, j]
        scale = 1.0 / matrix[step, step]
        for j in range(order):
            matrix[step, j] *= scale
            inverse[step, j] *= scale
        for i in range(order):
            factor = matrix[i, step]
            if i != step and factor != 0.0:
                for j in range(order):
                    matrix[i, j] -= factor * matrix[step, j]
                    inverse[i, j] -= factor * inverse[step, j]
    return True


@jit
def solve_system(payoff, noise, rows, columns, size, matrix, inverse, error, residual, probability, used, best):
    """Solve one system, with a bound on the error of its solution, as if payoffs were rounded.

    Parameters
    ----------
    payoff : array (replies, mixed)
        What each reply earns against each strategy.
    noise : array (replies, mixed)
        Their rounding errors.
    rows, columns : array (at least size,) of int
        Replies and strategies of the system.
    size : int
        How many.
    matrix, inverse : array (at least size + 1, at least size + 1)
        Room to work in.
    error : array (at least size + 1,)
        Room to work in.
    residual : array (replies,)
        Room to work in.
    probability : array (mixed,)
        Filled with the mixture; 0 where a strategy is not in the system.
    used : array (mixed,) of bool
        Filled: which strategies it uses.
    best : array (replies,) of bool
        Filled: which replies are best against it.

    Returns
    -------
    int
        2 for a vertex, 1 for a solution that is none, 0 for a singular system.
    """
    fill(payoff, rows, columns, size, matrix)
    if not invert(matrix, size + 1, inverse):
        return 0
    level = inverse[size, size]
    total = 0.0
    for j in range(size):
        total += abs(inverse[j, size])
    for reply in range(len(payoff)):
        residual[reply] = ROUNDED * (1.0 + abs(level) + total)
        for j in range(size):
            residual[reply] += noise[reply, columns[j]] * abs(inverse[j, size])
    for i in range(size + 1):
        error[i] = ROUNDED * abs(inverse[i, size])
        for j in range(size):
            error[i] += abs(inverse[i, j]) * residual[rows[j]]
    for j in range(size):
        if not error[j] < SINGULAR:
            return 0
    kind = 2
    for j in range(len(used)):
        probability[j], used[j] = 0.0, False
    for j in range(size):
        allowed = min(error[j], REGRET)
        if inverse[j, size] < -allowed:
            kind = 1
        probability[columns[j]] = inverse[j, size]
        used[columns[j]] = inverse[j, size] > allowed
    for reply in range(len(payoff)):
        slack, doubt = level, error[size] + residual[reply]
        for j in range(size):
            slack -= payoff[reply, columns[j]] * inverse[j, size]
            doubt += abs(payoff[reply, columns[j]]) * error[j]
        best[reply] = abs(slack) <= min(doubt, REGRET)
        if not best[reply] and not slack > 0.0:
            kind = 1
    for i in range(size):
        if not best[rows[i]]:
            best[rows[i]] = True
    return kind
