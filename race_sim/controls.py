"""Control variates that cost nothing: what a run knows of its own luck, with a mean of exactly 0.

Two kinds. *Martingales*: over a run, the sum of (breakthrough or mishap - its probability) times something known
before, which the kernels keep. *Draws*: polynomials, orthogonal under their distribution, of the parameters that are
drawn per run; and products of both, which have mean 0 because a martingale has, whatever was drawn. Regression on them
takes out of an outcome's mean the part of the error that luck explains (P. Glasserman 2003, Monte Carlo Methods in
Financial Engineering, section 4.1).
"""

import itertools
import math
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from race_sim.distributions import Distribution
from race_sim.kernels.state import NATION_CONTROLS, WORLD_CONTROLS
from race_sim.records import Records, draw
from race_sim.scenario import Parameter, Scenario

Real = NDArray[np.float64]
RUNS_PER_CONTROL = 40  # runs per weight that is fitted, at least: what fitting adds to the error stays small
MOST_CONTROLS = 300
DEGREE = 2


def martingales(records: Records) -> Real:
    """The kernels' martingales, (runs, controls): nations' in turn, then the world's."""
    nations = [records.nations[name] for name in NATION_CONTROLS]
    worlds = [records.worlds[name][:, np.newaxis] for name in WORLD_CONTROLS]
    return np.concatenate(nations + worlds, axis=1)


def martingale_names(scenario: Scenario) -> list[str]:
    """Names of the columns of ``martingales``."""
    nations = [f"{name.removeprefix('control_')}.{nation}" for name in NATION_CONTROLS for nation in scenario.nations]
    return nations + [name.removeprefix("control_") for name in WORLD_CONTROLS]


def level(scenario: Scenario, runs: int) -> int:
    """How many kinds of controls so many runs bear: 0 none, 1 martingales, 2 linear draws, 3 quadratic, 4 products."""
    luck = len(NATION_CONTROLS) * len(scenario.nations) + len(WORLD_CONTROLS)
    drawn = len(drawn_parameters(scenario))
    sizes = [luck]
    if drawn:
        sizes += [luck + drawn, luck + drawn * (drawn + 3) // 2, luck + drawn * (drawn + 3) // 2 + luck * drawn]
    return sum(size <= min(MOST_CONTROLS, runs / RUNS_PER_CONTROL) for size in sizes)


def controls(scenario: Scenario, seed: int, runs: NDArray[np.int64], luck: Real, kinds: int) -> Real:
    """All controls of the given runs, (runs, controls), each of mean 0 over runs.

    luck: their ``martingales``. kinds: of ``level``; with 0 there are no columns.
    """
    if kinds == 0:
        return np.empty((len(runs), 0))
    columns = [luck]
    if kinds > 1:
        bases = [_basis(p, draw(p.path, p.value, p.about, seed, runs)) for p in drawn_parameters(scenario)]
        linear = [basis[1] for basis in bases]
        columns += [value[:, np.newaxis] for value in linear]
        if kinds > 2:
            squares = [basis[2] for basis in bases]
            pairs = [a * b for a, b in itertools.combinations(linear, 2)]
            columns += [value[:, np.newaxis] for value in squares + pairs]
        if kinds > 3:
            columns += [luck * value[:, np.newaxis] for value in linear]
    return np.concatenate(columns, axis=1)


def drawn_parameters(scenario: Scenario) -> list[Parameter]:
    """The parameters that the scenario draws per run."""
    return [parameter for parameter in scenario.parameters() if isinstance(parameter.value, Distribution)]


def _basis(parameter: Parameter, value: Real) -> list[Real]:
    """Polynomials of degree 0 to DEGREE, orthonormal under the parameter's distribution, at these values."""
    assert isinstance(parameter.value, Distribution)
    centre, spread, triangle = _orthogonal(parameter.value, parameter.about.at_least, parameter.about.at_most)
    powers = np.vander((value - centre) / spread, DEGREE + 1, increasing=True)
    return list((powers @ np.asarray(triangle)).T)


@lru_cache
def _orthogonal(
    distribution: Distribution, at_least: float, at_most: float
) -> tuple[float, float, tuple[tuple[float, ...], ...]]:
    """Centre and spread of a distribution, and the coefficients of its polynomials in the standardised value."""
    nodes, weights = _quadrature()
    value = distribution.draw(nodes, at_least, at_most)
    centre = float(weights @ value)
    spread = math.sqrt(max(float(weights @ (value - centre) ** 2), 1e-300))
    powers = np.vander((value - centre) / spread, DEGREE + 1, increasing=True)
    _, triangle = np.linalg.qr(np.sqrt(weights)[:, np.newaxis] * powers)
    inverse = np.linalg.inv(triangle * np.sign(np.diag(triangle))[:, np.newaxis])
    return centre, spread, tuple(map(tuple, inverse))


@lru_cache
def _quadrature() -> tuple[Real, Real]:
    """Nodes and weights on [0, 1], Gauss-Legendre on panels that shrink towards both ends, where quantiles bend."""
    ends = np.concatenate([[0.0], 10.0 ** np.arange(-12.0, -1.0), np.linspace(0.1, 0.5, 9)])
    ends = np.unique(np.concatenate([ends, 1.0 - ends]))
    nodes, weights = np.polynomial.legendre.leggauss(16)
    width = np.diff(ends)[:, np.newaxis]
    return (ends[:-1, np.newaxis] + width * (nodes + 1.0) / 2.0).ravel(), (width * weights / 2.0).ravel()
