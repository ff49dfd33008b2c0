"""Figures: numbers in, Axes out. Nothing here simulates."""

from race_sim.plots.bars import contributions
from race_sim.plots.class_maps import class_key, class_map, class_shares
from race_sim.plots.curves import response_curves
from race_sim.plots.estimates import estimates
from race_sim.plots.maps import effect_map
from race_sim.plots.style import COLOURS, house_style

__all__ = [
    "COLOURS",
    "class_key",
    "class_map",
    "class_shares",
    "contributions",
    "effect_map",
    "estimates",
    "house_style",
    "response_curves",
]
