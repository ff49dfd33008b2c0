"""Logit quantal response: equilibrium among players who err, the less the more it costs them."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from race_sim.errors import InputError, checked_arguments, checked_kind, checked_numbers, one_line
from race_sim.solvers.equilibria.regret import Profile, deviation_payoffs, exploitability
from race_sim.solvers.game import Game, Real

FIRST, SHORTEST, LONGEST = 0.03, 1e-10, 0.5  # steps along the path, in log-probabilities and scaled precision
DISTANCE, ALIGNED = 0.2, 0.98  # how far a step may bend: correction per length, cosine between its two directions
CORRECTIONS, CONVERGED = 30, 1e-12  # of Newton's method


@dataclass(frozen=True, eq=False)
class QuantalResponse:
    """A logit equilibrium at one precision, and what a player would gain there by never erring.

    Attributes
    ----------
    precision : float
        In 1 / unit of payoffs.
    profile : tuple of array (strategies,)
        Each player's distribution over its strategies.
    exploitability : float
        The most that a player would gain by a best reply, in units of the payoffs.
    turned : bool
        Whether the path came back to lower precisions before it got here; then there are other logit equilibria at some
        of them. A fold smaller than a step of the path may pass unseen.
    """

    precision: float
    profile: Profile
    exploitability: float
    turned: bool


@checked_arguments(game=checked_kind(Game))
def quantal_response_path(game: Game, precisions: ArrayLike) -> list[QuantalResponse]:
    """Logit quantal response equilibria [1]_ on the branch that starts where everybody plays at random.

    ``p_n(a) = exp(precision u_n(a, p_-n)) / sum_b exp(precision u_n(b, p_-n))`` for every player n and strategy a. The
    principal branch is followed by predictor and corrector along its length, also where it turns back [2]_, and
    reported where it first reaches each precision. In a game with exact symmetries the branch keeps them, as uniform
    play does, past any point where others fork off.

    Parameters
    ----------
    game : Game
        Of any number of players.
    precisions : array (points,)
        In 1 / unit of payoffs, at least 0, in any order: 0 is uniform play, and as it grows the branch tends to a Nash
        equilibrium.

    Returns
    -------
    list of QuantalResponse
        In the order of the precisions.

    Raises
    ------
    InputError
        Unless precisions are finite and not negative, or where the path cannot be followed.

    References
    ----------
    .. [1] McKelvey, R. D., and Palfrey, T. R. (1995). Quantal response equilibria for normal form games. Games and
       Economic Behavior 10:6-38. doi:10.1006/game.1995.1023
    .. [2] Turocy, T. L. (2005). A dynamic homotopy interpretation of the logistic quantal response equilibrium
       correspondence. Games and Economic Behavior 51:243-263. doi:10.1016/j.geb.2004.04.003

    Examples
    --------
    >>> dilemma = Game.symmetric([[3, 0], [4, 1]], ("cooperate", "defect"))  # to defect gains 1 in any case
    >>> for point in quantal_response_path(dilemma, [0, 1, 10]):
    ...     print(point.precision, point.profile[0].round(6).tolist())
    0.0 [0.5, 0.5]
    1.0 [0.268941, 0.731059]
    10.0 [4.5e-05, 0.999955]
    """
    wanted = np.atleast_1d(checked_numbers("precisions", precisions))
    if wanted.ndim != 1 or not np.isfinite(wanted).all() or (wanted < 0).any():
        raise InputError(f"precisions: must be finite numbers, at least 0, got {one_line(precisions)}")
    branch = _Branch(game)
    ascending = np.unique(wanted)
    points = {}
    for precision, (logs, turned) in zip(ascending, branch.at(ascending * branch.unit), strict=True):
        profile = branch.profile(logs)
        points[float(precision)] = QuantalResponse(float(precision), profile, exploitability(game, profile), turned)
    return [points[float(precision)] for precision in wanted]


class _Branch:
    """Zeros of ``log p_n(a) - log p_n(last) - precision (u_n(a) - u_n(last))`` and ``sum p_n - 1``."""

    def __init__(self, game: Game) -> None:
        spread = max(float(np.ptp(values, axis=n).max()) for n, values in enumerate(game.payoff))
        self.unit = spread if spread > 0 else 1.0
        below = [values - values.max(axis=n, keepdims=True) for n, values in enumerate(game.payoff)]
        self.payoff: Real = np.stack(below) / self.unit
        self.shape = game.shape
        self.cuts = np.cumsum(game.shape)[:-1]
        _, slope = self._equations(self._start())
        rising = np.append(np.zeros(slope.shape[0]), 1.0)
        self.orientation, _ = np.linalg.slogdet(np.vstack([slope, rising]))

    def _start(self) -> Real:
        return np.append(np.concatenate([np.full(size, -np.log(size)) for size in self.shape]), 0.0)

    def profile(self, logs: Real) -> Profile:
        weights = [np.exp(part) for part in np.split(logs, self.cuts)]
        return tuple(weight / weight.sum() for weight in weights)

    def at(self, precisions: Real) -> Iterator[tuple[Real, bool]]:
        """Log-probabilities at ascending precisions, and whether the path turned before."""
        point = self._start()
        tangent = self._tangent(point)
        step, turned = FIRST, False
        for precision in precisions:
            while point[-1] < precision:
                following, ahead, longer = self._advance(point, tangent, step)
                share = (precision - point[-1]) / (following[-1] - point[-1])
                if following[-1] < precision:
                    point, tangent, step = following, ahead, longer
                    turned |= bool(tangent[-1] < 0)
                    continue
                between = point + share * (following - point)
                exact = self._correct(between, None)
                if exact is not None and _near(exact, between, float(np.abs(following - point).max())):
                    exact[-1] = precision
                    point, tangent = exact, self._tangent(exact)
                else:
                    step = _shorter(step, point[-1] / self.unit)
            yield point[:-1], turned

    def _advance(self, point: Real, tangent: Real, step: float) -> tuple[Real, Real, float]:
        """The next point on the branch, the direction there, and the step to try then."""
        while True:
            predicted = point + step * tangent
            corrected = self._correct(predicted, tangent)
            if corrected is not None and _near(corrected, predicted, step):
                ahead = self._tangent(corrected)
                if ahead @ tangent > ALIGNED:
                    return corrected, ahead, min(2 * step, LONGEST * (1 + point[-1]))
            step = _shorter(step, point[-1] / self.unit)

    def _correct(self, point: Real, tangent: Real | None) -> Real | None:
        """Newton's method back to the branch, across the tangent (or at the same precision); None if it fails."""
        normal = np.append(np.zeros(len(point) - 1), 1.0) if tangent is None else tangent
        point = point.copy()
        for _ in range(CORRECTIONS):
            value, slope = self._equations(point)
            try:
                change = np.linalg.solve(np.vstack([slope, normal]), np.append(value, 0.0))
            except np.linalg.LinAlgError:
                return None
            point -= change
            if not np.isfinite(point).all() or point[:-1].max() > 1:
                return None
            if np.abs(change).max() <= CONVERGED * (1 + np.abs(point).max()):
                return point
        return None

    def _tangent(self, point: Real) -> Real:
        """The direction of the branch, away from where it starts: the determinant with it never changes its sign."""
        _, slope = self._equations(point)
        direction: Real = np.linalg.svd(slope)[2][-1]
        sign, _ = np.linalg.slogdet(np.vstack([slope, direction]))
        return direction if sign == self.orientation else -direction

    def _equations(self, point: Real) -> tuple[Real, Real]:
        logs, precision = np.split(point[:-1], self.cuts), point[-1]
        mixture = tuple(np.exp(part) for part in logs)
        pure = deviation_payoffs(self.payoff, mixture)
        value, slope = np.zeros(len(point) - 1), np.zeros((len(point) - 1, len(point)))
        starts = np.concatenate([[0], self.cuts])
        for n, (start, size) in enumerate(zip(starts, self.shape, strict=True)):
            own, last = slice(start, start + size - 1), start + size - 1
            value[own] = logs[n][:-1] - logs[n][-1] - precision * (pure[n][:-1] - pure[n][-1])
            value[last] = mixture[n].sum() - 1
            slope[own, own] = np.eye(size - 1)
            slope[own, last] = -1.0
            slope[last, start : last + 1] = mixture[n]
            slope[own, -1] = -(pure[n][:-1] - pure[n][-1])
            for m, (first, count) in enumerate(zip(starts, self.shape, strict=True)):
                if m != n:
                    paid = self._pairwise(n, m, mixture)
                    slope[own, first : first + count] = -precision * (paid[:-1] - paid[-1]) * mixture[m]
        return value, slope

    def _pairwise(self, n: int, m: int, mixture: Profile) -> Real:
        """Payoffs of n's strategies against each one of m, the others mixing; (n's strategies, m's)."""
        values = self.payoff[n]
        for k in reversed(range(len(mixture))):
            if k not in (n, m):
                values = np.tensordot(values, mixture[k], axes=(k, 0))
        return values if n < m else np.transpose(values)


def _near(one: Real, other: Real, length: float) -> bool:
    return bool(np.abs(one - other).max() <= DISTANCE * length)


def _shorter(step: float, precision: float) -> float:
    if step < SHORTEST:
        raise InputError(f"precisions: the path cannot be followed beyond {precision:g}")
    return step / 2
