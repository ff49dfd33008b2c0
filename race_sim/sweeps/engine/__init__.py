"""Designs (which points), execution (on which cores), store (in which files). Nothing here knows the model."""

from race_sim.sweeps.engine.design import Design, grid, latin_hypercube, sobol, table

__all__ = ["Design", "grid", "latin_hypercube", "sobol", "table"]
