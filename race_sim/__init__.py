"""A game-theory simulation of the AI race: labs inside nations choose between speed and safety."""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from race_sim.agents import Lab, Nation
    from race_sim.catalogue import solve
    from race_sim.distributions import Lognormal, Normal, Triangular, Uniform
    from race_sim.errors import InputError
    from race_sim.estimation import Estimate, estimate
    from race_sim.levers import least_setting, price_of_slowing_alone
    from race_sim.model import RaceModel
    from race_sim.policy_games import policy_game
    from race_sim.reproduction import reproduce
    from race_sim.scenario import Scenario
    from race_sim.simulation import simulate
    from race_sim.summary import summarise

__version__ = "0.1.0"

_WHERE = {
    "Lab": "agents",
    "Nation": "agents",
    "solve": "catalogue",
    "Lognormal": "distributions",
    "Normal": "distributions",
    "Triangular": "distributions",
    "Uniform": "distributions",
    "InputError": "errors",
    "Estimate": "estimation",
    "estimate": "estimation",
    "least_setting": "levers",
    "price_of_slowing_alone": "levers",
    "RaceModel": "model",
    "policy_game": "policy_games",
    "reproduce": "reproduction",
    "Scenario": "scenario",
    "simulate": "simulation",
    "summarise": "summary",
}
__all__ = [
    "Estimate",
    "InputError",
    "Lab",
    "Lognormal",
    "Nation",
    "Normal",
    "RaceModel",
    "Scenario",
    "Triangular",
    "Uniform",
    "__version__",
    "estimate",
    "least_setting",
    "policy_game",
    "price_of_slowing_alone",
    "reproduce",
    "simulate",
    "solve",
    "summarise",
]


def __getattr__(name: str) -> Any:
    if name not in _WHERE:
        raise AttributeError(f"module 'race_sim' has no attribute {name!r}")
    return getattr(import_module(f"race_sim.{_WHERE[name]}"), name)


def __dir__() -> list[str]:
    return sorted(__all__)
