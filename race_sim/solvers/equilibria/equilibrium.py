"""One equilibrium of a game, and how far it can be trusted."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

from race_sim.solvers.equilibria.bootstrap import bootstrap_payoffs
from race_sim.solvers.equilibria.regret import Flags, Profile, exploitability, pure_equilibria
from race_sim.solvers.equilibria.vertices import supports_exist
from race_sim.solvers.game import Game, Real


@dataclass(frozen=True, eq=False)
class Equilibrium:
    """A Nash equilibrium: one distribution per player, and how far it can be trusted.

    exploitability: what a player could still gain, in units of the payoffs; rounding error only. bootstrap_share: the
    share of resampled payoffs in which this profile (pure), or one over the same strategies (mixed), is an
    equilibrium; None where payoffs are exact.
    """

    profile: Profile
    kind: Literal["pure", "mixed"]
    exploitability: float
    bootstrap_share: float | None = None

    @property
    def support(self) -> tuple[tuple[int, ...], ...]:
        """The strategies that each player uses, as indices."""
        return tuple(tuple(map(int, np.flatnonzero(mixture))) for mixture in self.profile)

    def to_dict(self, game: Game) -> dict[str, Any]:
        """Names and numbers only: ``{"profile": {player: {strategy: probability}}, ...}``, unused strategies left out.

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
        """The profile in words, such as ``row: stag 0.25, hare 0.75 | column: hare``."""
        texts = []
        for player, mixture in self.to_dict(game)["profile"].items():
            parts = [name if len(mixture) == 1 else f"{name} {share:.4g}" for name, share in mixture.items()]
            texts.append(f"{player}: {', '.join(parts)}")
        return " | ".join(texts)


def with_errors(game: Game, profiles: Sequence[Profile], draws: int = 1000, seed: int = 0) -> tuple[Equilibrium, ...]:
    """The profiles, which are equilibria, each with its exploitability and its bootstrap share."""
    shares: list[float | None] = [None] * len(profiles)
    if game.samples is not None:
        payoff = bootstrap_payoffs(game, draws, seed)
        stays = pure_equilibria(payoff, len(game.players))
        shares = [float(_holds(payoff, stays, profile).mean()) for profile in profiles]
    return tuple(
        Equilibrium(profile, kind(profile), exploitability(game, profile), share)
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
    """Pure where every player uses one strategy."""
    return "pure" if all(np.count_nonzero(mixture) == 1 for mixture in profile) else "mixed"
