"""One equilibrium of a game, and how far it can be trusted."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

from race_sim.solvers.equilibria.bootstrap import bootstrap_payoffs
from race_sim.solvers.equilibria.regret import Flags, Profile, below_best, gain, pure_equilibria
from race_sim.solvers.equilibria.vertices import supports_exist
from race_sim.solvers.game import Game, Real


@dataclass(frozen=True, eq=False)
class Equilibrium:
    """A Nash equilibrium [1]_: one distribution per player, and how far it can be trusted.

    Attributes
    ----------
    profile : tuple of array (strategies,)
        Each player's distribution over its strategies.
    kind : {"pure", "mixed"}
        Pure where every player uses one strategy.
    exploitability : float
        What a player could still gain, in units of the payoffs; rounding error only.
    bootstrap_share : float or None
        Share of resampled payoffs in which this profile (pure), or one over the same strategies (mixed), is an
        equilibrium; None where payoffs are exact.

    References
    ----------
    .. [1] Nash, J. (1951). Non-cooperative games. Annals of Mathematics 54:286-295. doi:10.2307/1969529
    """

    profile: Profile
    kind: Literal["pure", "mixed"]
    exploitability: float
    bootstrap_share: float | None = None

    @property
    def support(self) -> tuple[tuple[int, ...], ...]:
        """The strategies that each player uses.

        Returns
        -------
        tuple of tuple of int
            Indices, in the players' order.
        """
        return tuple(tuple(map(int, np.flatnonzero(mixture))) for mixture in self.profile)

    def to_dict(self, game: Game) -> dict[str, Any]:
        """Give names and numbers only, fit for JSON.

        Parameters
        ----------
        game : Game
            Whose equilibrium it is.

        Returns
        -------
        dict
            ``{"profile": {player: {strategy: probability}}, ...}``, unused strategies left out.

        Examples
        --------
        >>> stag_hunt = Game.symmetric([[4, 0], [3, 3]], ("stag", "hare"))
        >>> Equilibrium((np.array([0.75, 0.25]), np.array([0.0, 1.0])), "mixed", 0.75).to_dict(stag_hunt)["profile"]
        {'row': {'stag': 0.75, 'hare': 0.25}, 'column': {'hare': 1.0}}
        """
        named = zip(game.players, game.strategies, self.profile, strict=True)
        return {
            "profile": {
                player: {names[a]: float(mixture[a]) for a in np.flatnonzero(mixture)}
                for player, names, mixture in named
            },
            "kind": self.kind,
            "exploitability": self.exploitability,
            "bootstrap_share": self.bootstrap_share,
        }

    def line(self, game: Game) -> str:
        """The profile in words.

        Parameters
        ----------
        game : Game
            Whose equilibrium it is.

        Returns
        -------
        str
            Such as ``row: stag 0.25, hare 0.75 | column: hare``.
        """
        mixtures = []
        for player, mixture in self.to_dict(game)["profile"].items():
            parts = [name if len(mixture) == 1 else f"{name} {share:.4g}" for name, share in mixture.items()]
            mixtures.append(f"{player}: {', '.join(parts)}")
        return " | ".join(mixtures)


def with_errors(game: Game, profiles: Sequence[Profile], draws: int = 1000, seed: int = 0) -> tuple[Equilibrium, ...]:
    """Give each profile its exploitability and its bootstrap share.

    Parameters
    ----------
    game : Game
        Whose equilibria they are.
    profiles : sequence of tuple of array
        Equilibria; nothing here tests that they are.
    draws, seed : int
        Of the bootstrap, for games with samples.

    Returns
    -------
    tuple of Equilibrium
        In the order of the profiles.
    """
    shares: list[float | None] = [None] * len(profiles)
    if game.samples is not None:
        payoff = bootstrap_payoffs(game, draws, seed)
        stays = pure_equilibria(payoff, len(game.players))
        shares = [float(_holds(payoff, stays, profile).mean()) for profile in profiles]
    lost = below_best(game.payoff)
    return tuple(
        Equilibrium(profile, kind(profile), gain(lost, profile), share)
        for profile, share in zip(profiles, shares, strict=True)
    )


def _holds(payoff: Real, stays: Flags, profile: Profile) -> Flags:
    """In which draws the profile (pure), or one with the same supports (mixed), is an equilibrium; (draws,)."""
    support = [np.flatnonzero(mixture) for mixture in profile]
    if kind(profile) == "pure":
        where: Any = (slice(None), *(int(used[0]) for used in support))
        return np.asarray(stays[where])
    row, column = support
    return supports_exist(payoff[:, 0], column, row) & supports_exist(payoff[:, 1].swapaxes(1, 2), row, column)


def kind(profile: Profile) -> Literal["pure", "mixed"]:
    """Whether a profile is pure or mixed.

    Parameters
    ----------
    profile : tuple of array (strategies,)
        One distribution per player.

    Returns
    -------
    str
        ``pure`` where every player uses one strategy, else ``mixed``.
    """
    return "pure" if all(np.count_nonzero(mixture) == 1 for mixture in profile) else "mixed"
