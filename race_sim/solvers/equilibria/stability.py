"""Which of several equilibria: evolutionary stability, risk dominance, payoff dominance."""

from itertools import combinations

import numpy as np

from race_sim.errors import InputError, checked_arguments, checked_count, checked_kind
from race_sim.solvers.equilibria.equilibrium import Equilibrium, with_errors
from race_sim.solvers.equilibria.regret import Flags, own_payoffs, paid, pure, pure_cells, ties
from race_sim.solvers.equilibria.vertices import vertices
from race_sim.solvers.game import Game, Real

DEFINITE = 1e-9  # relative to the largest entry: a quadratic form nearer to 0 than this counts as 0


@checked_arguments(game=checked_kind(Game))
def evolutionarily_stable(game: Game, *, draws: int = 1000, seed: int = 0) -> list[Equilibrium]:
    """All evolutionarily stable strategies [1]_ of a symmetric two-player game, as symmetric equilibria.

    x is stable where ``u(x, x) >= u(y, x)`` for all y, and ``u(x, y) > u(y, y)`` where that is an equality. Such an x
    is a vertex (see ``vertices``), and a vertex is stable if and only if ``z' A z < 0`` for every direction z from x
    towards best replies to it, a test of strict copositivity [2]_ [3]_.

    Parameters
    ----------
    game : Game
        Symmetric.
    draws, seed : int
        Of the bootstrap, for games with samples.

    Returns
    -------
    list of Equilibrium
        Both players use the stable strategy.

    Raises
    ------
    InputError
        Where the game is not symmetric.

    References
    ----------
    .. [1] Maynard Smith, J., and Price, G. R. (1973). The logic of animal conflict. Nature 246:15-18.
       doi:10.1038/246015a0
    .. [2] Haigh, J. (1975). Game theory and evolution. Advances in Applied Probability 7:8-11.
    .. [3] Abakuks, A. (1980). Conditions for evolutionarily stable strategies. Journal of Applied Probability
           17:559-562.

    Examples
    --------
    >>> hawks_and_doves = Game.symmetric([[-1, 4], [0, 2]], ("hawk", "dove"))
    >>> [one.profile[0].round(3).tolist() for one in evolutionarily_stable(hawks_and_doves)]
    [[0.667, 0.333]]
    """
    if not game.is_symmetric:
        raise InputError(f"game: must be symmetric for evolutionary stability, got {' against '.join(game.players)}")
    stable = []
    for mixture, support, best in zip(*vertices(game.payoff[0]), strict=True):
        if (best | ~support).all() and _repels(game.payoff[0], support, best):
            stable.append((mixture, mixture.copy()))
    return list(with_errors(game, stable, draws, seed))


@checked_arguments(game=checked_kind(Game), draws=checked_count)
def risk_dominant(game: Game, *, draws: int = 1000, seed: int = 0) -> Equilibrium | None:
    """The strict pure equilibrium that risk-dominates every other one.

    Of two equilibria that differ for both players, that one risk-dominates whose product of the two players' losses
    from leaving it alone, in the 2x2 game between the two, is larger ([1]_, section 3.9).

    Parameters
    ----------
    game : Game
        Of two players.
    draws, seed : int
        Of the bootstrap, for games with samples.

    Returns
    -------
    Equilibrium or None
        None where none does, or where there are fewer than two.

    Raises
    ------
    InputError
        For other than two players.

    References
    ----------
    .. [1] Harsanyi, J. C., and Selten, R. (1988). A general theory of equilibrium selection in games. MIT Press.

    Examples
    --------
    >>> stag_hunt = Game.symmetric([[4, 0], [3, 3]], ("stag", "hare"))
    >>> risk_dominant(stag_hunt).line(stag_hunt)
    'row: hare | column: hare'
    """
    _two_players(game, "risk dominance")
    strict = [cell for cell in pure_cells(game) if _is_strict(game, cell)]
    for cell in strict if len(strict) > 1 else []:
        if all(_risk_dominates(game.payoff, cell, other) for other in strict if other != cell):
            return with_errors(game, [pure(game, cell)], draws, seed)[0]
    return None


@checked_arguments(game=checked_kind(Game), draws=checked_count)
def payoff_dominant(game: Game, *, draws: int = 1000, seed: int = 0) -> Equilibrium | None:
    """The pure equilibrium in which every player gets more than in any other pure one.

    ([1]_, section 3.6, there for all equilibria.)

    Parameters
    ----------
    game : Game
        Of any number of players.
    draws, seed : int
        Of the bootstrap, for games with samples.

    Returns
    -------
    Equilibrium or None
        None where there is none such, and where there are fewer than two pure equilibria.

    References
    ----------
    .. [1] Harsanyi, J. C., and Selten, R. (1988). A general theory of equilibrium selection in games. MIT Press.

    Examples
    --------
    >>> payoff_dominant(Game.symmetric([[4, 0], [3, 3]])).profile[0].tolist()
    [1.0, 0.0]
    """
    cells = pure_cells(game)
    for cell in cells if len(cells) > 1 else []:
        here = paid(game.payoff, cell)
        others = [paid(game.payoff, other) for other in cells if other != cell]
        if all(((here > there) & ~ties(here, there)).all() for there in others):
            return with_errors(game, [pure(game, cell)], draws, seed)[0]
    return None


def _two_players(game: Game, what: str) -> None:
    if len(game.players) != 2:
        raise InputError(f"game: {what} needs two players, got {len(game.players)}")


def _is_strict(game: Game, cell: tuple[int, ...]) -> bool:
    """Whether every deviation from the cell loses."""
    for n in range(len(game.players)):
        own = own_payoffs(game.payoff, n, cell)
        others = np.delete(own, cell[n])
        if ((others > own[cell[n]]) | ties(others, own[cell[n]])).any():
            return False
    return True


def _risk_dominates(payoff: Real, cell: tuple[int, ...], other: tuple[int, ...]) -> bool:
    (a, b), (c, d) = cell, other
    if a == c or b == d:  # impossible between strict equilibria
        return False
    here = (payoff[0, a, b] - payoff[0, c, b]) * (payoff[1, a, b] - payoff[1, a, d])
    there = (payoff[0, c, d] - payoff[0, a, d]) * (payoff[1, c, d] - payoff[1, c, b])
    return bool(here > there and not ties(here, there))


def _repels(payoff: Real, support: Flags, best: Flags) -> bool:
    """Whether ``z' payoff z < 0`` for all z != 0 over ``best`` with sum 0 and z >= 0 outside ``support``."""
    pivot = int(np.flatnonzero(support)[0])
    free = [int(i) for i in np.flatnonzero(support) if i != pivot]
    signed = [int(i) for i in np.flatnonzero(best & ~support)]
    rest = free + signed
    if not rest:
        return True
    basis = np.zeros((len(payoff), len(rest)))
    basis[rest, range(len(rest))] = 1.0
    basis[pivot] = -1.0
    below = payoff - payoff.max(axis=0)
    form = -basis.T @ (below + below.T) @ basis
    limit = DEFINITE * float(np.abs(form).max())
    return _is_strictly_copositive(form, len(free), limit)


def _is_strictly_copositive(form: Real, free: int, limit: float) -> bool:
    """Whether ``z' form z > 0`` for all z != 0 whose entries from ``free`` on are not negative."""
    inner, cross, outer = form[:free, :free], form[:free, free:], form[free:, free:]
    if free:
        if np.linalg.eigvalsh(inner).min() <= limit:
            return False
        outer = outer - cross.T @ np.linalg.solve(inner, cross)
    for size in range(1, len(outer) + 1):  # Kaplan 2000: no principal block has a positive vector of value <= 0
        for block in combinations(range(len(outer)), size):
            values, vectors = np.linalg.eigh(outer[np.ix_(block, block)])
            for value, vector in zip(values, vectors.T, strict=True):
                if value <= limit and ((vector > 0).all() or (vector < 0).all()):
                    return False
    return True
