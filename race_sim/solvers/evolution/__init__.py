"""Evolutionary game theory: replicator dynamics, finite populations under Fermi imitation, networks. Any game in.

Infinite populations: ``replicator``. Finite ones, exactly: ``log_fixation``, ``stationary_distribution`` (rare
mutants), ``full_chain`` (finite mutation). Finite ones, by simulation: ``imitate`` (well mixed),
``imitate_on`` (a graph).
"""

from race_sim.solvers.evolution.agents import Simulated, imitate, imitate_on
from race_sim.solvers.evolution.fixation import (
    log_fixation,
    log_fixation_constant,
    log_fixation_moran,
    log_fixation_stepwise,
)
from race_sim.solvers.evolution.full_chain import FullChain, frequency_at, full_chain
from race_sim.solvers.evolution.graphs import Adjacency, adjacency, complete, square_lattice
from race_sim.solvers.evolution.groups import group_advantage, group_log_fixation
from race_sim.solvers.evolution.invasion import Invasion, gradient_of_selection, invasions, risk_dominates
from race_sim.solvers.evolution.replicator import replicator, replicator_of_populations
from race_sim.solvers.evolution.small_mutation import (
    StationaryDistribution,
    log_rates,
    populations_log_rates,
    stationary_distribution,
    stationary_of,
)

__all__ = [
    "Adjacency",
    "FullChain",
    "Invasion",
    "Simulated",
    "StationaryDistribution",
    "adjacency",
    "complete",
    "frequency_at",
    "full_chain",
    "gradient_of_selection",
    "group_advantage",
    "group_log_fixation",
    "imitate",
    "imitate_on",
    "invasions",
    "log_fixation",
    "log_fixation_constant",
    "log_fixation_moran",
    "log_fixation_stepwise",
    "log_rates",
    "populations_log_rates",
    "replicator",
    "replicator_of_populations",
    "risk_dominates",
    "square_lattice",
    "stationary_distribution",
    "stationary_of",
]
