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
    """Make a panel for Jupyter: sliders and drop-downs, and figures that follow at once.

    Sliders move the main parameters over their plausible ranges, drop-downs the nations' policies. Shown are
    trajectories (medians and quantile bands over runs), outcomes with their errors, and the policy game with its
    equilibria and classes. A parameter that is not moved keeps the scenario's value, distributions included. What a
    move leaves as it was is not computed again. A state that cannot be simulated shows one line.

    Parameters
    ----------
    scenario : Scenario or str
        Where the panel starts: a scenario, the name of a shipped one, or the path of a TOML file.
    **options : value
        ``policies``, offered to both nations in the policy game; ``runs``, of the trajectories and in each cell of the
        game (200); ``seed`` (0).

    Returns
    -------
    Panel
        What Jupyter shows; its ``controls`` can be moved from Python as well.

    Raises
    ------
    InputError
        Where ipywidgets is not installed, and for a scenario or an option that is not valid.

    Examples
    --------
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
