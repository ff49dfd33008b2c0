"""The error of estimated payoffs, by resampling the runs: the same runs in all cells, as they share their luck."""

import numpy as np

from race_sim.errors import InputError, checked_arguments, checked_count, checked_kind, checked_seed
from race_sim.kernels.tables import resample
from race_sim.solvers.game import Game, Real


@checked_arguments(game=checked_kind(Game))
def bootstrap_payoffs(game: Game, draws: int = 1000, seed: int = 0) -> Real:
    """Resample the runs behind estimated payoffs: payoffs as other runs might have given them.

    Each draw takes as many runs as there are, with replacement and jointly in all profiles, and averages their payoffs.
    Profiles that agree in every run agree in every draw, to the last bit.

    Parameters
    ----------
    game : Game
        With ``samples``.
    draws : int
        Number of draws, at least 1.
    seed : int
        Of the draws.

    Returns
    -------
    array (draws, players, *shape)
        Mean payoffs of each draw.

    Raises
    ------
    InputError
        Where the game has no samples, and for a number of draws or a seed that is none.

    References
    ----------
    .. [1] Efron, B. (1979). Bootstrap methods: another look at the jackknife. Annals of Statistics 7:1-26.
       doi:10.1214/aos/1176344552

    Examples
    --------
    >>> game = Game(("one",), (("a", "b"),), [[1.0, 0.5]], samples=[[[0.0, 0.0]], [[2.0, 1.0]]])
    >>> drawn = bootstrap_payoffs(game, draws=100)
    >>> sorted(set(drawn[:, 0, 0].tolist())), bool((drawn[:, 0, 0] == 2 * drawn[:, 0, 1]).all())
    ([0.0, 1.0, 2.0], True)
    """
    checked_count("draws", draws)
    checked_seed(seed)
    if game.samples is None:
        raise InputError("game: must have samples for its payoffs' errors, got exact payoffs")
    drawn = np.empty((draws, game.payoff.size))
    resample(np.uint64(seed), np.ascontiguousarray(game.samples.reshape(len(game.samples), -1)), drawn)
    return drawn.reshape(draws, *game.payoff.shape)
