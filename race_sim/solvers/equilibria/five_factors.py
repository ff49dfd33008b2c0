"""Five factors that make cooperation more likely, measured on any 2x2 game."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from race_sim.errors import InputError, checked_arguments, checked_choices, checked_kind, one_line
from race_sim.solvers.equilibria.bootstrap import bootstrap_payoffs
from race_sim.solvers.equilibria.classification import four_payoffs
from race_sim.solvers.equilibria.regret import chosen, ties
from race_sim.solvers.game import Game, Real

Beliefs = Literal["none", "all", "above", "below"]
KINDS: tuple[Beliefs, ...] = ("none", "all", "above", "below")


@dataclass(frozen=True)
class CooperationFactors:
    """When a player cooperates, by its belief that the other does, and what would make it do so more readily.

    Attributes
    ----------
    reward, sucker, temptation, punishment : float
        R (shared upside), S (exposure), T (advantage), P (shared downside), in units of the payoffs.
    beliefs : {"none", "all", "above", "below"}
        The beliefs at which it cooperates: none, all, those above the threshold (itself included) or below it.
    threshold : float or None
        The belief at which both choices pay the same; None for none and all.
    threshold_slope : mapping of str to float
        Its derivative by R, S, T and P; empty where there is none.
    probability : mapping of str to float
        Of each kind of beliefs, over resampled payoffs.
    threshold_error : float or None
        Standard deviation of the threshold over those draws that have the same kind of beliefs; None where payoffs are
        exact or there is no threshold.
    """

    reward: float
    sucker: float
    temptation: float
    punishment: float
    beliefs: Beliefs
    threshold: float | None
    threshold_slope: Mapping[str, float]
    probability: Mapping[str, float]
    threshold_error: float | None

    def gain(self, belief: float) -> float:
        """What cooperating pays more than defecting at a belief: ``pi (R - T) + (1 - pi)(S - P)``.

        Parameters
        ----------
        belief : float
            Probability pi that the other cooperates, in [0, 1].

        Returns
        -------
        float
            In units of the payoffs.

        Raises
        ------
        InputError
            For a belief outside [0, 1].
        """
        if not 0 <= belief <= 1:
            raise InputError(f"belief: must lie in [0, 1], got {one_line(belief)}")
        return belief * (self.reward - self.temptation) + (1 - belief) * (self.sucker - self.punishment)

    def cooperates(self, belief: float) -> bool:
        """Whether it cooperates at a belief; it does where both choices pay the same.

        Parameters
        ----------
        belief : float
            Probability that the other cooperates, in [0, 1].

        Returns
        -------
        bool
            True where cooperating pays at least as much.
        """
        gain = self.gain(belief)
        if self.threshold is None:
            return self.beliefs == "all"
        return gain >= 0 or belief == self.threshold

    def gain_slope(self, belief: float) -> dict[str, float]:
        """How the gain changes with each of the five factors at a belief.

        Parameters
        ----------
        belief : float
            Probability that the other cooperates, in [0, 1].

        Returns
        -------
        dict of str to float
            Derivatives by ``belief`` (trust), ``R``, ``S``, ``T`` and ``P``.
        """
        trust = self.reward - self.temptation - self.sucker + self.punishment
        return {"belief": trust, "R": belief, "S": 1 - belief, "T": -belief, "P": belief - 1}

    @property
    def share_of_beliefs(self) -> float:
        """Length of the set of beliefs at which it cooperates.

        Returns
        -------
        float
            In [0, 1].
        """
        if self.threshold is None:
            return float(self.beliefs == "all")
        return 1 - self.threshold if self.beliefs == "above" else self.threshold


@checked_arguments(game=checked_kind(Game), cooperate=checked_choices)
def cooperation_factors(
    game: Game, cooperate: Sequence[str | int] = (0, 0), *, draws: int = 1000, seed: int = 0
) -> dict[str, CooperationFactors]:
    """Measure the five factors of cooperation [1]_ for each player of a 2x2 game.

    A player that believes the other to cooperate with probability pi cooperates iff ``pi (R - T) + (1 - pi)(S - P) >=
    0``: high trust pi, shared upside R, low exposure (high S), low advantage (low T), shared downside (low P) favour
    it. The beliefs that satisfy it: none (prisoner's dilemma), all (harmony), those above (stag hunt) or below
    (chicken) ``pi* = (P - S) / ((P - S) + (R - T))``, which for a stag hunt falls in R and S and rises in T and P.

    Parameters
    ----------
    game : Game
        Two players with two strategies each.
    cooperate : sequence of str or int
        The strategy that counts as cooperation, by name or index, one per player.
    draws, seed : int
        Of the bootstrap, for games with samples.

    Returns
    -------
    dict of str to CooperationFactors
        By player.

    Raises
    ------
    InputError
        For other than two players with two strategies each, and for a strategy that there is not.

    References
    ----------
    .. [1] Askell, A., Brundage, M., and Hadfield, G. (2019). The role of cooperation in responsible AI development.
       arXiv:1907.04534

    Examples
    --------
    >>> stag_hunt = cooperation_factors(Game.symmetric([[4, 0], [3, 3]], ("stag", "hare")))["row"]
    >>> stag_hunt.beliefs, stag_hunt.threshold, stag_hunt.cooperates(0.8)
    ('above', 0.75, True)
    """
    if game.shape != (2, 2):
        raise InputError(f"game: must have two players with two strategies each, got {one_line(game.shape)}")
    cells = chosen(game, cooperate, "cooperate")
    values = four_payoffs(game.payoff, cells)
    drawn = None if game.samples is None else four_payoffs(bootstrap_payoffs(game, draws, seed), cells)
    return {
        player: _factors(values[n], values[n][None] if drawn is None else drawn[:, n], drawn is not None)
        for n, player in enumerate(game.players)
    }


def _factors(values: Real, drawn: Real, estimated: bool) -> CooperationFactors:
    (kind,), (threshold,) = _beliefs(values[None])
    kinds, thresholds = _beliefs(drawn)
    shares = np.bincount(kinds, minlength=len(KINDS)) / len(kinds)
    alike = thresholds[kinds == kind]
    has_threshold = not np.isnan(threshold)
    error = float(alike.std(ddof=1)) if estimated and has_threshold and len(alike) > 1 else None
    reward, sucker, temptation, punishment = map(float, values)
    return CooperationFactors(
        reward,
        sucker,
        temptation,
        punishment,
        beliefs=KINDS[kind],
        threshold=float(threshold) if has_threshold else None,
        threshold_slope=_threshold_slope(values) if has_threshold else {},
        probability=dict(zip(KINDS, shares.tolist(), strict=True)),
        threshold_error=error,
    )


def _beliefs(values: Real) -> tuple[np.ndarray[tuple[int, ...], np.dtype[np.int64]], Real]:
    """Index in KINDS, and the threshold (NaN without one), for R, S, T, P of shape (draws, 4)."""
    r, s, t, p = values.T
    trusted, distrusted = _difference(r, t), _difference(s, p)  # gain at belief 1 and at belief 0
    with np.errstate(divide="ignore", invalid="ignore"):
        threshold = -distrusted / (trusted - distrusted)
    at_one, at_zero = trusted >= 0, distrusted >= 0
    kind = np.select([at_one & at_zero, at_one, at_zero], [1, 2, 3], default=0)
    return kind, np.where(at_one == at_zero, np.nan, threshold)


def _difference(one: Real, other: Real) -> Real:
    return np.where(ties(one, other), 0.0, one - other)


def _threshold_slope(values: Real) -> dict[str, float]:
    r, s, t, p = map(float, values)
    width = (p - s) + (r - t)
    by_upside, by_downside = -(p - s) / width**2, (r - t) / width**2
    return {"R": by_upside, "S": -by_downside, "T": -by_upside, "P": by_downside}
