"""A game-theory simulation of the AI race: labs inside nations choose between speed and safety."""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from race_sim import plots
    from race_sim.agents.lab import Lab
    from race_sim.agents.model import RaceModel
    from race_sim.agents.nation import Nation
    from race_sim.errors import InputError
    from race_sim.explore import interact
    from race_sim.figures.sweep_reports import sweep_table
    from race_sim.games._base.catalogue import add_game, solve
    from race_sim.games._base.reproduction import reproduce
    from race_sim.kernels.rules import RuleParameter
    from race_sim.labs.counterfactual import OtherRegarding, other_regarding_runs, scripted_runs
    from race_sim.labs.distance import distance_from_equilibrium
    from race_sim.labs.stage import StageGame, stage_game
    from race_sim.nations.comparison import compare
    from race_sim.nations.levers import least_setting, price_of_slowing_alone
    from race_sim.nations.perception import perception_thresholds
    from race_sim.nations.policy_games import policy_game
    from race_sim.runs.estimation import Estimate, estimate
    from race_sim.runs.extensions import add_outcome, add_policy, add_rule
    from race_sim.runs.shipped_results import shipped_result
    from race_sim.runs.simulation import simulate
    from race_sim.runs.summary import summarise
    from race_sim.scenario.distributions import Lognormal, Normal, Triangular, Uniform
    from race_sim.scenario.policies import Policy
    from race_sim.scenario.scenario import Scenario
    from race_sim.solvers import equilibria, evolution
    from race_sim.solvers.evolution import (
        full_chain,
        imitate,
        imitate_on,
        log_fixation,
        replicator,
        stationary_distribution,
    )
    from race_sim.solvers.game import Game
    from race_sim.sweeps.draws import sobol_over_draws
    from race_sim.sweeps.extension import extend_sweep
    from race_sim.sweeps.sensitivity import sensitivity_indices
    from race_sim.sweeps.sweep import load_sweep, sweep

__version__ = "0.1.0"

_NAMES = {
    "agents.lab": ("Lab",),
    "agents.model": ("RaceModel",),
    "agents.nation": ("Nation",),
    "errors": ("InputError",),
    "explore": ("interact",),
    "figures.sweep_reports": ("sweep_table",),
    "games._base.catalogue": ("add_game", "solve"),
    "games._base.reproduction": ("reproduce",),
    "kernels.rules": ("RuleParameter",),
    "labs.counterfactual": ("OtherRegarding", "other_regarding_runs", "scripted_runs"),
    "labs.distance": ("distance_from_equilibrium",),
    "labs.stage": ("StageGame", "stage_game"),
    "nations.comparison": ("compare",),
    "nations.levers": ("least_setting", "price_of_slowing_alone"),
    "nations.perception": ("perception_thresholds",),
    "nations.policy_games": ("policy_game",),
    "runs.estimation": ("Estimate", "estimate"),
    "runs.extensions": ("add_outcome", "add_policy", "add_rule"),
    "runs.shipped_results": ("shipped_result",),
    "runs.simulation": ("simulate",),
    "runs.summary": ("summarise",),
    "scenario.distributions": ("Lognormal", "Normal", "Triangular", "Uniform"),
    "scenario.policies": ("Policy",),
    "scenario.scenario": ("Scenario",),
    "solvers.evolution": (
        "full_chain",
        "imitate",
        "imitate_on",
        "log_fixation",
        "replicator",
        "stationary_distribution",
    ),
    "solvers.game": ("Game",),
    "sweeps.draws": ("sobol_over_draws",),
    "sweeps.extension": ("extend_sweep",),
    "sweeps.sensitivity": ("sensitivity_indices",),
    "sweeps.sweep": ("load_sweep", "sweep"),
}
_MODULES = {"equilibria": "solvers.equilibria", "evolution": "solvers.evolution", "plots": "plots", "sweeps": "sweeps"}
_WHERE = {name: module for module, names in _NAMES.items() for name in names}
__all__ = [
    "Estimate",
    "Game",
    "InputError",
    "Lab",
    "Lognormal",
    "Nation",
    "Normal",
    "OtherRegarding",
    "Policy",
    "RaceModel",
    "RuleParameter",
    "Scenario",
    "StageGame",
    "Triangular",
    "Uniform",
    "__version__",
    "add_game",
    "add_outcome",
    "add_policy",
    "add_rule",
    "compare",
    "distance_from_equilibrium",
    "equilibria",
    "estimate",
    "evolution",
    "extend_sweep",
    "full_chain",
    "imitate",
    "imitate_on",
    "interact",
    "least_setting",
    "load_sweep",
    "log_fixation",
    "other_regarding_runs",
    "perception_thresholds",
    "plots",
    "policy_game",
    "price_of_slowing_alone",
    "replicator",
    "reproduce",
    "scripted_runs",
    "sensitivity_indices",
    "shipped_result",
    "simulate",
    "sobol_over_draws",
    "solve",
    "stage_game",
    "stationary_distribution",
    "summarise",
    "sweep",
    "sweep_table",
]


def __getattr__(name: str) -> Any:
    if name in _MODULES:
        return import_module(f"race_sim.{_MODULES[name]}")
    if name not in _WHERE:
        raise AttributeError(f"module 'race_sim' has no attribute {name!r}")
    return getattr(import_module(f"race_sim.{_WHERE[name]}"), name)


def __dir__() -> list[str]:
    return sorted(__all__)
