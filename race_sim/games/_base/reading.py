"""What a published game gets to know of a race scenario, and what it answers to the comparison's question."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import NamedTuple

from race_sim.solvers.game import Game

RACE, SLOW = "race", "unilateral_slowdown"  # policies: the strategies of the simulated game of two nations


@dataclass(frozen=True)
class Reading:
    """What the published games need to know of a scenario; every number of it follows from the scenario's laws.

    A distribution in the scenario stands for its median. `race_sim.nations.comparison.read` computes it.

    Attributes
    ----------
    speed : float
        Of a lab without safety work over that of one that keeps the standard, (1 - standard)^-effort_elasticity (law
        3.2 of MODEL.md).
    unsafe_probability : float
        Of a catastrophe within the horizon if all labs spend nothing on safety and all nations race, simulated.
    even_probability : float
        The same if all labs spend half of their resources on safety.
    years : float
        Until a lab that keeps the standard reaches the finish line, at most the horizon, without diffusion,
        breakthroughs and harder ideas.
    rounds : float
        Decisions of a lab within these years.
    head_start : float
        Between the best labs of the nations at the start, OOM.
    price_of_safety : float
        What keeping the standard costs within those years, OOM.
    prize : float
        Of the nation that crosses the finish line first, V yr.
    enmity : float
        Part of the prize that the other nations do not get, in [0, 1].
    catastrophe_cost : float
        To each nation, V yr.
    revenue_per_round : float
        Of the whole market between two decisions at its size at the start, V yr.
    nations : int
        Their number.
    effort_elasticity : float
        Of the growth of capability to effort on speed.
    slowing_or_racing : callable
        Called without arguments, it simulates the game of two nations that slow down (``SLOW``) or race (``RACE``),
        once, and gives the `Game`. Raises `InputError` where there are not two nations.
    """

    speed: float
    unsafe_probability: float
    even_probability: float
    years: float
    rounds: float
    head_start: float
    price_of_safety: float
    prize: float
    enmity: float
    catastrophe_cost: float
    revenue_per_round: float
    nations: int
    effort_elasticity: float
    slowing_or_racing: Callable[[], Game] = field(repr=False, compare=False)


class Verdict(NamedTuple):
    """What a game says of a scenario; None where it cannot say.

    Attributes
    ----------
    racing : bool or None
        Whether it is an equilibrium that all race.
    slowing : bool or None
        Whether it is an equilibrium that all keep the standard.
    risk : float or None
        Probability of a catastrophe where the players do what the game predicts.
    says : str
        The answer in the game's own terms, one line.
    """

    racing: bool | None
    slowing: bool | None
    risk: float | None
    says: str
