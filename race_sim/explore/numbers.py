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
    """Everything that the numbers depend on, as plain values: a scenario's text, changes at paths, and what is run.

    policies: those between which both nations choose in the policy game. runs: of the trajectories, and of every cell
    of the game.
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
        """The state in which nothing is changed. Raises InputError for what is not valid."""
        scenario = Scenario.load(scenario)
        checked_count("runs", runs, at_least=2)
        checked_seed(seed)
        if len(scenario.nations) > 1:
            offered_policies(scenario, policies)
        return cls(scenario.to_toml(), (), tuple(policies), runs, seed)

    def changed(self, changes: Mapping[str, float | str], seed: int | None = None) -> "State":
        """The state with exactly these changes to the scenario, and another seed if one is given."""
        return replace(self, changes=tuple(sorted(changes.items())), seed=self.seed if seed is None else seed)

    @property
    def scenario(self) -> Scenario:
        """The scenario with the changes made. Raises InputError where they are not valid."""
        return Scenario.from_toml(self.scenario_toml).replace(dict(self.changes))


@dataclass(frozen=True, eq=False)
class RaceNumbers:
    """How the runs of a state unfold.

    times: (periods,), yr. capability (OOM, of the nation's best lab) and share (1, mean of its labs): by nation, (runs,
    periods). risk: probability of a catastrophe so far, (runs, periods). outcomes: key -> (mean, standard error, unit).
    """

    times: Real
    capability: Mapping[str, Real]
    share: Mapping[str, Real]
    risk: Real
    outcomes: Mapping[str, tuple[float, float, str]]


@dataclass(frozen=True, eq=False)
class GameNumbers:
    """The policy game of a state, solved."""

    solved: SolvedGame


@lru_cache(KEPT)
def race_numbers(state: State) -> RaceNumbers:
    """Simulate the runs of a state, with their paths. Raises InputError for a state that cannot be simulated.

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
    """Simulate and solve the policy game of a state; the nations' present policies play no part in it.

    Raises InputError for a state that cannot be simulated, and unless there are two nations.

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
