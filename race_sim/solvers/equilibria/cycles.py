"""Best replies in turn: they end in a pure equilibrium or go round in a cycle, which is reported as one."""

from collections.abc import Sequence
from dataclasses import dataclass

from race_sim.errors import checked_arguments, checked_choices, checked_kind
from race_sim.solvers.equilibria.regret import chosen, named, own_payoffs, ties
from race_sim.solvers.game import Game


@dataclass(frozen=True)
class BestReplyPath:
    """Pure profiles that best replies pass through: some of them once, then others for ever.

    Attributes
    ----------
    before : tuple of tuple of str
        Profiles that are passed once, each as one strategy per player.
    cycle : tuple of tuple of str
        Profiles that recur; a single one is a pure equilibrium.
    """

    before: tuple[tuple[str, ...], ...]
    cycle: tuple[tuple[str, ...], ...]

    @property
    def length(self) -> int:
        """Number of profiles that recur.

        Returns
        -------
        int
            1 in a pure equilibrium.
        """
        return len(self.cycle)

    @property
    def is_equilibrium(self) -> bool:
        """Whether the replies come to rest.

        Returns
        -------
        bool
            They then do so in a pure equilibrium.
        """
        return self.length == 1

    def __str__(self) -> str:
        profiles = [f"({', '.join(profile)})" for profile in self.cycle]
        if self.is_equilibrium:
            return f"best replies reach the pure equilibrium {profiles[0]} in {len(self.before)} steps"
        return f"best replies cycle with length {self.length}: {' -> '.join([*profiles, profiles[0]])}"


@checked_arguments(game=checked_kind(Game), start=checked_choices)
def best_reply_cycle(game: Game, start: Sequence[str | int] | None = None) -> BestReplyPath:
    """Let players in turn move to their best reply, if they gain by it, until that repeats.

    The player whose turn it is changes to the first of its best replies if that pays more than its present strategy,
    and stays where it is otherwise; then it is the next player's turn.

    Parameters
    ----------
    game : Game
        Of any number of players.
    start : sequence of str or int, optional
        Names or indices of strategies, one per player; by default everybody's first.

    Returns
    -------
    BestReplyPath
        Which may be a cycle: it is reported as one, never averaged.

    Raises
    ------
    InputError
        For a strategy that there is not.

    Examples
    --------
    >>> print(best_reply_cycle(Game.of_two([[1, -1], [-1, 1]], [[-1, 1], [1, -1]], [("H", "T")] * 2)))
    best replies cycle with length 4: (H, H) -> (H, T) -> (T, T) -> (T, H) -> (H, H)
    """
    cell = (0,) * len(game.players) if start is None else chosen(game, start, "start")
    turn, visits, passed = 0, {}, [cell]
    while (turn, cell) not in visits:
        visits[turn, cell] = len(passed) - 1
        moved = _reply(game, turn, cell)
        if moved != cell:
            passed.append(moved)
        cell, turn = moved, (turn + 1) % len(game.players)
    first = visits[turn, cell]
    recurring = passed[first:] if first == len(passed) - 1 else passed[first:-1]
    names = [named(game, one) for one in passed]
    return BestReplyPath(tuple(names[:first]), tuple(names[first : first + len(recurring)]))


def _reply(game: Game, player: int, cell: tuple[int, ...]) -> tuple[int, ...]:
    values = own_payoffs(game.payoff, player, cell)
    if ties(values[cell[player]], values.max()):
        return cell
    return (*cell[:player], int(values.argmax()), *cell[player + 1 :])
