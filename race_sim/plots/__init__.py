"""Figures: numbers in, Axes out. Nothing here simulates."""

from race_sim.plots.bars import contributions
from race_sim.plots.class_maps import class_key, class_map, class_shares
from race_sim.plots.curves import response_curves
from race_sim.plots.estimates import estimates
from race_sim.plots.frontiers import frontier
from race_sim.plots.functions import band, functions
from race_sim.plots.indices import index_intervals
from race_sim.plots.maps import effect_map
from race_sim.plots.payoffs import payoff_matrix
from race_sim.plots.regions import regions
from race_sim.plots.replies import best_responses
from race_sim.plots.simplex import simplex_flow
from race_sim.plots.style import COLOURS, house_style, look
from race_sim.plots.survival import survival_curve
from race_sim.plots.trajectory import trajectories
from race_sim.plots.transitions import stationary_bars

__all__ = [
    "COLOURS",
    "band",
    "best_responses",
    "class_key",
    "class_map",
    "class_shares",
    "contributions",
    "effect_map",
    "estimates",
    "frontier",
    "functions",
    "house_style",
    "index_intervals",
    "look",
    "payoff_matrix",
    "regions",
    "response_curves",
    "simplex_flow",
    "stationary_bars",
    "survival_curve",
    "trajectories",
]
