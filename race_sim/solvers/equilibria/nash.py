"""Nash equilibria: all of a two-player game, the pure ones of any game, each with its error."""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from statistics import NormalDist
from typing import Any

import numpy as np

from race_sim.errors import checked_arguments, checked_kind
from race_sim.kernels.tables import pair_vertices
from race_sim.solvers.equilibria.bootstrap import bootstrap_payoffs
from race_sim.solvers.equilibria.cycles import best_reply_cycle
from race_sim.solvers.equilibria.equilibrium import Equilibrium, kind, with_errors
from race_sim.solvers.equilibria.large_games import enumerated_by_quantecon
from race_sim.solvers.equilibria.regret import Profile, expected_with_errors, pure, pure_cells, pure_equilibria
from race_sim.solvers.equilibria.vertices import Vertices, vertices
from race_sim.solvers.game import Game

LARGEST = 200_000  # systems of equations per player that are solved at most: 10 x 10 strategies
UNLIKELY = 0.05  # share of bootstrap draws up to which a profile counts as no equilibrium, and 1 less it as one
SOLVED = 100  # bootstrap draws that are solved for mixed equilibria which the mean payoffs do not have
LARGEST_SOLVED = 1000  # of such systems, in a game of which so many draws are solved
TELLS = 1.645  # standard errors at which a draw is of the other sign in UNLIKELY of cases
OWN_ERROR = 0.6745  # median size of a standard normal error, by which that distance is itself known


@dataclass(frozen=True, eq=False)
class EquilibriumSet:
    """The equilibria of a game, pure ones first; a sequence of them.

    Attributes
    ----------
    game : Game
        Whose equilibria they are.
    equilibria : tuple of Equilibrium
        Pure before mixed, few strategies before many.
    components : tuple of tuple of int
        Which of the listed belong to one connected piece, by position.
    degenerate : bool
        Whether the equilibria form a continuum; then those listed are its extreme points: where one player's mixture is
        the same in several of them, any average of the other's mixtures is an equilibrium too. Beyond two players and
        in large games, a continuum is not looked for.
    complete : bool
        Whether these are all: for two players yes, for more only the pure ones are sought.
    possible : tuple of Equilibrium
        Profiles that are no equilibria of the mean payoffs, and are in more than 5 % of bootstrap draws; mixed ones
        with the probabilities of one such draw. Empty where payoffs are exact.
    """

    game: Game
    equilibria: tuple[Equilibrium, ...]
    components: tuple[tuple[int, ...], ...]
    degenerate: bool
    complete: bool
    possible: tuple[Equilibrium, ...] = ()

    def __iter__(self) -> Iterator[Equilibrium]:
        return iter(self.equilibria)

    def __len__(self) -> int:
        return len(self.equilibria)

    def __getitem__(self, index: int) -> Equilibrium:
        return self.equilibria[index]

    @property
    def pure(self) -> tuple[Equilibrium, ...]:
        """The pure ones.

        Returns
        -------
        tuple of Equilibrium
            In their order.
        """
        return tuple(one for one in self.equilibria if one.kind == "pure")

    @property
    def verdict(self) -> str:
        """Whether the runs decide which profiles are equilibria.

        Decided is a game in which every listed equilibrium is one in 95 % of bootstrap draws at least, and nothing else
        is in more than 5 %. Otherwise the number of runs is named after which the least certain profile probably is
        decided, by a normal error: the runs there are, times the square of 1.645 over its distance from even in
        standard errors, which is taken as no less than the error that it has itself (so at most six times the runs).

        Returns
        -------
        str
            Such as ``decided``, or ``undecided: about 3,000 runs would tell``.

        Examples
        --------
        >>> nash_equilibria(Game.symmetric([[3, 0], [5, 1]])).verdict
        'decided'
        """
        shares = [one.bootstrap_share for one in (*self.equilibria, *self.possible)]
        unsure = [share for share in shares if share is not None and UNLIKELY < share < 1.0 - UNLIKELY]
        if not unsure or self.game.samples is None:
            return "decided"
        distance = min(abs(NormalDist().inv_cdf(share)) for share in unsure)
        runs = TELLS**2 / (distance**2 + OWN_ERROR**2) * len(self.game.samples)
        unit = 10.0 ** math.floor(math.log10(runs))
        return f"undecided: about {math.ceil(runs / unit) * unit:,.0f} runs would tell"

    def to_dict(self) -> dict[str, Any]:
        """Give names and numbers only, fit for JSON.

        Returns
        -------
        dict
            ``equilibria``, ``possible``, ``verdict``, ``components``, ``degenerate``, ``complete``.
        """
        return {
            "equilibria": [one.to_dict(self.game) for one in self.equilibria],
            "possible": [one.to_dict(self.game) for one in self.possible],
            "verdict": self.verdict,
            "components": [list(component) for component in self.components],
            "degenerate": self.degenerate,
            "complete": self.complete,
        }

    @property
    def headline(self) -> str:
        """How many there are, and whether these are all.

        Returns
        -------
        str
            Such as ``3 equilibria (all there are)``.
        """
        count = f"{len(self)} {'equilibrium' if len(self) == 1 else 'equilibria'}"
        which = (
            "all there are"
            if self.complete
            else "not all: " + ("pure ones only" if len(self.game.players) != 2 else "a large game")
        )
        if self.degenerate:
            which = f"extreme points of a continuum, {which}"
        return f"{count} ({which})"

    def __repr__(self) -> str:
        return f"EquilibriumSet({self.game.name!r}: {self.headline})"

    def _repr_html_(self) -> str:
        from race_sim.solvers.display import of_equilibria

        every = (*self.equilibria, *self.possible)
        return of_equilibria(self, [expected_with_errors(self.game, one.profile) for one in every])

    def __str__(self) -> str:
        lines = [self.headline]
        for number, one in enumerate(self.equilibria, start=1):
            share = "" if one.bootstrap_share is None else f", in {100 * one.bootstrap_share:.4g} % of bootstrap draws"
            lines.append(
                f"{number:3d}. {one.kind:5s} {one.line(self.game)}  (exploitability {one.exploitability:.1g}{share})"
            )
        for component in self.components:
            if len(component) > 1:
                lines.append(f"connected: {', '.join(str(i + 1) for i in component)}")
        if not self.pure:
            lines.append(f"no pure equilibrium: {best_reply_cycle(self.game)}")
        for one in self.possible:
            share = f"in {100 * (one.bootstrap_share or 0.0):.4g} % of bootstrap draws"
            lines.append(f"possible: {one.kind} {one.line(self.game)}  ({share})")
        if self.game.samples is not None:
            lines.append(f"verdict: {self.verdict}")
        return "\n".join(lines)


@checked_arguments(game=checked_kind(Game))
def nash_equilibria(game: Game, *, draws: int = 1000, seed: int = 0) -> EquilibriumSet:
    """All Nash equilibria [1]_ of a two-player game, pure and mixed; the pure ones of a game of any other number.

    A profile is an equilibrium when no player gains by leaving it alone. Two players: every pair of vertices (see
    ``vertices``) in which each strategy is unused or a best reply is an extreme equilibrium, and the set of equilibria
    is made of them [2]_; where a vertex is in several pairs, it is a continuum. Payoffs that differ by no more than
    rounding are ties. With more than about 10 strategies each, quantecon's vertex enumeration takes over and the set
    does not call itself complete.

    Parameters
    ----------
    game : Game
        Of any number of players.
    draws, seed : int
        Of the bootstrap, for games with samples.

    Returns
    -------
    EquilibriumSet
        Each with its exploitability and, for games with samples, the share of bootstrap draws in which it is one; and
        the profiles that are equilibria of more than 5 % of the draws only: pure ones, and for two players with few
        strategies mixed ones.

    Raises
    ------
    InputError
        For a number of draws or a seed that is none, and for a game of two with more than 64 strategies in all.

    References
    ----------
    .. [1] Nash, J. (1951). Non-cooperative games. Annals of Mathematics 54:286-295. doi:10.2307/1969529
    .. [2] Avis, D., Rosenberg, G. D., Savani, R., and von Stengel, B. (2010). Enumeration of Nash equilibria for
       two-player games. Economic Theory 42:9-37. doi:10.1007/s00199-009-0449-x

    Examples
    --------
    >>> print(nash_equilibria(Game.symmetric([[4, 0], [3, 3]], ("stag", "hare"))))
    3 equilibria (all there are)
      1. pure  row: stag | column: stag  (exploitability 0)
      2. pure  row: hare | column: hare  (exploitability 0)
      3. mixed row: stag 0.75, hare 0.25 | column: stag 0.75, hare 0.25  (exploitability 0)
    """
    joined = None
    if len(game.players) != 2:
        profiles, complete = [pure(game, cell) for cell in pure_cells(game)], False
    elif math.comb(sum(game.shape), game.shape[0]) > LARGEST:
        profiles, complete = enumerated_by_quantecon(game), False
    else:
        (profiles, joined), complete = _extreme_equilibria(game), True
    order = sorted(range(len(profiles)), key=lambda i: _rank(profiles[i]))
    equilibria = with_errors(game, [profiles[i] for i in order], draws, seed)
    labels = range(len(order)) if joined is None else [joined[i] for i in order]
    components = tuple(tuple(k for k, label in enumerate(labels) if label == one) for one in dict.fromkeys(labels))
    degenerate = any(len(one) > 1 for one in components)
    others = _possible(game, equilibria, draws, seed) if game.samples is not None else ()
    return EquilibriumSet(game, equilibria, components, degenerate, complete, others)


def _possible(game: Game, equilibria: tuple[Equilibrium, ...], draws: int, seed: int) -> tuple[Equilibrium, ...]:
    """Equilibria of more than ``UNLIKELY`` of the bootstrap draws which the mean payoffs do not have."""
    drawn = bootstrap_payoffs(game, draws, seed)
    listed = {one.support for one in equilibria}
    likely = np.argwhere(pure_equilibria(drawn, len(game.players)).mean(axis=0) > UNLIKELY)
    candidates: dict[tuple[tuple[int, ...], ...], Profile] = {
        tuple((int(a),) for a in cell): pure(game, cell) for cell in likely.tolist()
    }
    if len(game.players) == 2 and math.comb(sum(game.shape), game.shape[0]) <= LARGEST_SOLVED:
        for draw in drawn[:SOLVED]:
            for profile in _paired(vertices(draw[1].T), vertices(draw[0]))[0]:
                if kind(profile) == "mixed":
                    support = tuple(tuple(map(int, np.flatnonzero(mixture))) for mixture in profile)
                    candidates.setdefault(support, profile)
    others = sorted((profile for support, profile in candidates.items() if support not in listed), key=_rank)
    likely_ones = with_errors(game, others, draws, seed)
    return tuple(one for one in likely_ones if one.bootstrap_share is not None and one.bootstrap_share > UNLIKELY)


def _extreme_equilibria(game: Game) -> tuple[list[Profile], list[int]]:
    """Extreme equilibria of two players, and for each the number of its connected component."""
    return _paired(vertices(game.payoff[1].T), vertices(game.payoff[0]))


def _paired(row: Vertices, column: Vertices) -> tuple[list[Profile], list[int]]:
    """Pairs of vertices in which each strategy is unused or a best reply, and the component of each."""
    pairs = np.empty((len(row.mixture) * len(column.mixture), 2), np.int64)
    count = pair_vertices(row.support, row.best, column.support, column.best, pairs)
    listed = pairs[:count].tolist()
    return [(row.mixture[i], column.mixture[j]) for i, j in listed], _components(listed)


def _components(pairs: list[list[int]]) -> list[int]:
    """Pairs that share a vertex are connected; for each pair the number of its component."""
    label = list(range(len(pairs)))
    changed = True
    while changed:
        changed = False
        for side in (0, 1):
            lowest: dict[int, int] = {}
            for pair, one in zip(pairs, label, strict=True):
                lowest[pair[side]] = min(one, lowest.get(pair[side], one))
            spread = [lowest[pair[side]] for pair in pairs]
            changed, label = changed or spread != label, spread
    return label


def _rank(profile: Profile) -> tuple[Any, ...]:
    """Pure before mixed, few strategies before many, then in the order of the strategies."""
    support = [tuple(np.flatnonzero(mixture)) for mixture in profile]
    return (kind(profile) != "pure", sum(map(len, support)), support, [tuple(-mixture) for mixture in profile])
