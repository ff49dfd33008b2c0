"""Figures: numbers in, Axes out. Nothing here simulates."""

from race_sim.plots.curves import response_curves
from race_sim.plots.estimates import estimates
from race_sim.plots.indices import index_intervals
from race_sim.plots.style import COLOURS, house_style

__all__ = ["COLOURS", "estimates", "house_style", "index_intervals", "response_curves"]
