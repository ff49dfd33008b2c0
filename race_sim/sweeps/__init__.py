"""A scenario over a design of points: sweeps and sensitivity; ``engine`` knows no model."""

from race_sim.sweeps.engine import Design, grid, latin_hypercube, sobol, table

__all__ = ["Design", "grid", "latin_hypercube", "sobol", "table"]
