"""Figures: numbers in, Axes out. Nothing here simulates."""

from race_sim.plots.bars import contributions
from race_sim.plots.class_maps import class_key, class_map, class_shares
from race_sim.plots.clouds import cloud
from race_sim.plots.curves import response_curves
from race_sim.plots.estimates import estimates
from race_sim.plots.exceedance import exceedance
from race_sim.plots.frontiers import frontier
from race_sim.plots.functions import band, functions
from race_sim.plots.goals import intervals_reached, margins
from race_sim.plots.indices import index_intervals
from race_sim.plots.level_maps import level_map
from race_sim.plots.loops import loop
from race_sim.plots.maps import effect_map
from race_sim.plots.payoffs import payoff_matrix
from race_sim.plots.regions import regions
from race_sim.plots.regrets import regret_map
from race_sim.plots.replies import best_responses
from race_sim.plots.simplex import simplex_flow
from race_sim.plots.style import COLOURS, hatch_of, house_style, look
from race_sim.plots.survival import survival_curve
from race_sim.plots.tornados import tornado
from race_sim.plots.trajectory import trajectories
from race_sim.plots.transitions import invasion_diagram, stationary_bars
from race_sim.plots.valleys import detection_valley
from race_sim.plots.waterfalls import waterfall

__all__ = [
    "COLOURS",
    "band",
    "best_responses",
    "class_key",
    "class_map",
    "class_shares",
    "cloud",
    "contributions",
    "detection_valley",
    "effect_map",
    "estimates",
    "exceedance",
    "frontier",
    "functions",
    "hatch_of",
    "house_style",
    "index_intervals",
    "intervals_reached",
    "invasion_diagram",
    "level_map",
    "look",
    "loop",
    "margins",
    "payoff_matrix",
    "regions",
    "regret_map",
    "response_curves",
    "simplex_flow",
    "stationary_bars",
    "survival_curve",
    "tornado",
    "trajectories",
    "waterfall",
]
