"""A race to play with: a state becomes numbers, numbers become figures, and widgets move the state."""

from typing import TYPE_CHECKING, Any

from race_sim.errors import InputError
from race_sim.explore.figures import game_figure, race_figure
from race_sim.explore.numbers import GameNumbers, RaceNumbers, State, game_numbers, race_numbers
from race_sim.scenario.scenario import BASELINE, Scenario

if TYPE_CHECKING:
    from race_sim.explore.panel import Panel

__all__ = [
    "GameNumbers",
    "RaceNumbers",
    "State",
    "game_figure",
    "game_numbers",
    "interact",
    "race_figure",
    "race_numbers",
]


def interact(scenario: Scenario | str = BASELINE, **options: Any) -> "Panel":
    """A panel for Jupyter: sliders for the main parameters, drop-downs for policies, figures that follow at once.

    Shown are trajectories (medians and quantile bands over runs), outcomes with their errors, and the policy game with
    its equilibria and classes. Sliders span the plausible ranges; a parameter that is not moved keeps the scenario's
    value, distributions included. options: ``policies`` of the game, ``runs`` (in each of its cells too) and ``seed``.
    What a move leaves as it was is not computed again. A state that cannot be simulated shows one line.

    Raises InputError where ipywidgets is not installed, and for a scenario or an option that is not valid.

    >>> panel = interact("duopoly", runs=20, policies=("race", "unilateral_slowdown"))
    >>> before = panel.race.value
    >>> panel.controls["lab.planning_horizon"].value = 1.0
    >>> panel.race.value != before
    True
    """
    try:
        from race_sim.explore.panel import Panel
    except ImportError:
        raise InputError("interact: needs ipywidgets: pip install 'race-sim[notebook]'") from None
    unknown = set(options) - {"policies", "runs", "seed"}
    if unknown:
        raise InputError(f"interact: options are policies, runs and seed, got {', '.join(sorted(unknown))}")
    return Panel(State.of(scenario, **options))
