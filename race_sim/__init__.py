"""A game-theory simulation of the AI race: labs inside nations choose between speed and safety."""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from race_sim.agents import Lab, Nation
    from race_sim.distributions import Lognormal, Normal, Triangular, Uniform
    from race_sim.errors import InputError
    from race_sim.estimation import Estimate, estimate
    from race_sim.model import RaceModel
    from race_sim.scenario import Scenario
    from race_sim.sensitivity import sensitivity_indices
    from race_sim.simulation import simulate
    from race_sim.summary import summarise
    from race_sim.sweeping import load_sweep, sweep

__version__ = "0.1.0"

_WHERE = {
    "Lab": "agents",
    "Nation": "agents",
    "Lognormal": "distributions",
    "Normal": "distributions",
    "Triangular": "distributions",
    "Uniform": "distributions",
    "InputError": "errors",
    "Estimate": "estimation",
    "estimate": "estimation",
    "RaceModel": "model",
    "Scenario": "scenario",
    "load_sweep": "sweeping",
    "sensitivity_indices": "sensitivity",
    "simulate": "simulation",
    "summarise": "summary",
    "sweep": "sweeping",
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
    "load_sweep",
    "sensitivity_indices",
    "simulate",
    "summarise",
    "sweep",
]


def __getattr__(name: str) -> Any:
    if name not in _WHERE:
        raise AttributeError(f"module 'race_sim' has no attribute {name!r}")
    return getattr(import_module(f"race_sim.{_WHERE[name]}"), name)


def __dir__() -> list[str]:
    return sorted(__all__)
