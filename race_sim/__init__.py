"""A game-theory simulation of the AI race: labs inside nations choose between speed and safety."""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from race_sim.agents import Lab, Nation
    from race_sim.catalogue import solve
    from race_sim.counterfactual import Concerns, concerned_runs, scripted_runs
    from race_sim.distributions import Lognormal, Normal, Triangular, Uniform
    from race_sim.drawn_designs import sobol_over_draws
    from race_sim.errors import InputError
    from race_sim.estimation import Estimate, estimate
    from race_sim.evolution import (
        full_chain,
        imitate,
        imitate_on,
        log_fixation,
        replicator,
        stationary_distribution,
    )
    from race_sim.explore import interact
    from race_sim.extensions import add_policy, add_rule
    from race_sim.levers import least_setting, price_of_slowing_alone
    from race_sim.model import RaceModel
    from race_sim.policy_games import policy_game
    from race_sim.reproduction import reproduce
    from race_sim.scenario import Scenario
    from race_sim.sensitivity import sensitivity_indices
    from race_sim.simulation import simulate
    from race_sim.stage import StageGame, stage_game
    from race_sim.stage_distance import distance_from_equilibrium
    from race_sim.summary import summarise
    from race_sim.sweep_reports import sweep_table
    from race_sim.sweeping import load_sweep, sweep

__version__ = "0.1.0"

_WHERE = {
    "Lab": "agents",
    "Nation": "agents",
    "solve": "catalogue",
    "Lognormal": "distributions",
    "Normal": "distributions",
    "Triangular": "distributions",
    "Uniform": "distributions",
    "sobol_over_draws": "drawn_designs",
    "InputError": "errors",
    "Estimate": "estimation",
    "estimate": "estimation",
    "interact": "explore",
    "add_policy": "extensions",
    "add_rule": "extensions",
    "least_setting": "levers",
    "price_of_slowing_alone": "levers",
    "full_chain": "evolution",
    "imitate": "evolution",
    "imitate_on": "evolution",
    "log_fixation": "evolution",
    "replicator": "evolution",
    "stationary_distribution": "evolution",
    "RaceModel": "model",
    "policy_game": "policy_games",
    "reproduce": "reproduction",
    "Scenario": "scenario",
    "load_sweep": "sweeping",
    "sensitivity_indices": "sensitivity",
    "simulate": "simulation",
    "Concerns": "counterfactual",
    "concerned_runs": "counterfactual",
    "scripted_runs": "counterfactual",
    "StageGame": "stage",
    "stage_game": "stage",
    "distance_from_equilibrium": "stage_distance",
    "summarise": "summary",
    "sweep": "sweeping",
    "sweep_table": "sweep_reports",
}
__all__ = [
    "Concerns",
    "Estimate",
    "InputError",
    "Lab",
    "Lognormal",
    "Nation",
    "Normal",
    "RaceModel",
    "Scenario",
    "StageGame",
    "Triangular",
    "Uniform",
    "__version__",
    "add_policy",
    "add_rule",
    "concerned_runs",
    "distance_from_equilibrium",
    "estimate",
    "full_chain",
    "imitate",
    "imitate_on",
    "interact",
    "least_setting",
    "load_sweep",
    "log_fixation",
    "policy_game",
    "price_of_slowing_alone",
    "replicator",
    "reproduce",
    "scripted_runs",
    "sensitivity_indices",
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
    if name not in _WHERE:
        raise AttributeError(f"module 'race_sim' has no attribute {name!r}")
    return getattr(import_module(f"race_sim.{_WHERE[name]}"), name)


def __dir__() -> list[str]:
    return sorted(__all__)
