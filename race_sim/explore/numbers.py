"""A state of the panel -> the numbers that its figures and tables show. Draws nothing; each state is computed once."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from race_sim.errors import InputError, checked_count, checked_seed
from race_sim.nations.policy_games import offered_policies, policy_game
from race_sim.nations.solved_game import SolvedGame, solve_game
from race_sim.runs.simulation import simulate
from race_sim.runs.summary import summarise
from race_sim.scenario.scenario import Scenario

Real = NDArray[np.float64]
POLICIES_OFFERED = ("race", "unilateral_slowdown", "treaty")
KEPT = 32  # states whose numbers are kept
SHOWN = ("catastrophe_probability", "mishaps", "safety_share", "capability")


@dataclass(frozen=True)
class State:
    """Everything that the numbers depend on, as plain values.

    Attributes
    ----------
    scenario_toml : str
        Text of the scenario that the panel started from.
    changes : tuple of (str, float or str)
        Path -> value of what has been moved.
    policies : tuple of str
        Those between which both nations choose in the policy game.
    runs : int
        Of the trajectories, and of every cell of the game.
    seed : int
        Of all draws.
    """

    scenario_toml: str
    changes: tuple[tuple[str, float | str], ...] = ()
    policies: tuple[str, ...] = POLICIES_OFFERED
    runs: int = 200
    seed: int = 0

    @classmethod
    def of(
        cls, scenario: Scenario | str, policies: Sequence[str] = POLICIES_OFFERED, runs: int = 200, seed: int = 0
    ) -> "State":
        """Make the state in which nothing is changed.

        Parameters
        ----------
        scenario : Scenario or str
            A scenario, the name of a shipped one, or the path of a TOML file.
        policies : sequence of str
            Those between which both nations choose in the policy game.
        runs : int
            Of the trajectories, and of every cell of the game; at least 2.
        seed : int
            Of all draws.

        Returns
        -------
        State
            The state.

        Raises
        ------
        InputError
            For what is not valid.
        """
        scenario = Scenario.load(scenario)
        checked_count("runs", runs, at_least=2)
        checked_seed(seed)
        if len(scenario.nations) > 1:
            offered_policies(scenario, policies)
        return cls(scenario.to_toml(), (), tuple(policies), runs, seed)

    def changed(self, changes: Mapping[str, float | str], seed: int | None = None) -> "State":
        """Make the state with exactly these changes to the scenario.

        Parameters
        ----------
        changes : mapping of str to float or str
            Value by path.
        seed : int, optional
            Another seed; by default the same.

        Returns
        -------
        State
            The other state.
        """
        return replace(self, changes=tuple(sorted(changes.items())), seed=self.seed if seed is None else seed)

    @property
    def scenario(self) -> Scenario:
        """The scenario with the changes made; asking for it raises InputError where they are not valid."""
        return Scenario.from_toml(self.scenario_toml).replace(dict(self.changes))


@dataclass(frozen=True, eq=False)
class RaceNumbers:
    """How the runs of a state unfold.

    Attributes
    ----------
    times : array (periods,)
        Ends of the periods, yr.
    capability : mapping of str to array (runs, periods)
        Nation -> capability of its best lab, OOM.
    share : mapping of str to array (runs, periods)
        Nation -> mean safety share of its labs, a pure number.
    risk : array (runs, periods)
        Probability of a catastrophe so far.
    outcomes : mapping of str to (float, float, str)
        Key -> mean, standard error and unit of an outcome.
    """

    times: Real
    capability: Mapping[str, Real]
    share: Mapping[str, Real]
    risk: Real
    outcomes: Mapping[str, tuple[float, float, str]]


@dataclass(frozen=True, eq=False)
class GameNumbers:
    """The policy game of a state, solved.

    Attributes
    ----------
    solved : SolvedGame
        Payoffs, equilibria and classes.
    """

    solved: SolvedGame


@lru_cache(KEPT)
def race_numbers(state: State) -> RaceNumbers:
    """Simulate the runs of a state, with their paths.

    The same state is simulated once.

    Parameters
    ----------
    state : State
        What is simulated.

    Returns
    -------
    RaceNumbers
        Paths and outcomes.

    Raises
    ------
    InputError
        For a state that cannot be simulated.

    Examples
    --------
    >>> race_numbers(State.of("duopoly", runs=4)).risk.shape
    (4, 120)
    """
    scenario = state.scenario
    runs = simulate(scenario, state.runs, state.seed, trajectories=True, progress=False)
    home = runs["nation_of_lab"].values
    capability, share = runs["lab_capability_path"].values, runs["lab_share_path"].values
    table = summarise(runs)
    table = table.loc[[*SHOWN, *(f"payoff.{name}" for name in scenario.nations)]]
    return RaceNumbers(
        runs["time"].values,
        {name: capability[:, :, home == name].max(axis=2) for name in scenario.nations},
        {name: share[:, :, home == name].mean(axis=2) for name in scenario.nations},
        runs["catastrophe_path"].values,
        {
            str(key): (float(row["mean"]), float(row["standard_error"]), str(row["unit"]))
            for key, row in table.iterrows()
        },
    )


def game_numbers(state: State) -> GameNumbers:
    """Simulate and solve the policy game of a state.

    The nations' present policies play no part in it, so that a state which differs in these alone is not simulated
    again.

    Parameters
    ----------
    state : State
        What is simulated.

    Returns
    -------
    GameNumbers
        The solved game.

    Raises
    ------
    InputError
        For a state that cannot be simulated, and unless there are two nations.

    Examples
    --------
    >>> solved = game_numbers(State.of("duopoly", ("race", "unilateral_slowdown"), runs=20)).solved
    >>> solved.game.shape
    (2, 2)
    """
    own = {path: value for path, value in state.changes if not path.endswith(".policy")}
    return _game_numbers(state.changed(own))


@lru_cache(KEPT)
def _game_numbers(state: State) -> GameNumbers:
    scenario = state.scenario
    if len(scenario.nations) != 2:
        raise InputError(f"nations: the table of the policy game needs two, got {len(scenario.nations)}")
    game = policy_game(scenario, state.policies, state.runs, state.seed, progress=False)
    return GameNumbers(solve_game(game))
