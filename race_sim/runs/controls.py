"""Control variates that cost nothing: what a run knows of its own luck, with a mean of exactly 0.

Two kinds. *Martingales*: over a run, the sum of (breakthrough or mishap - its probability) times something known
before, which the kernels keep. *Draws*: polynomials, orthogonal under their distribution, of the parameters that are
drawn per run; and products of both, which have mean 0 because a martingale has, whatever was drawn. Regression on them
takes out of an outcome's mean the part of the error that luck explains (P. Glasserman 2003, Monte Carlo Methods in
Financial Engineering, section 4.1). Weights are fitted on one half of the runs and applied to the other, which also
decides how many controls it has, if any, by the errors that it expects beyond the runs to which weights were fitted.
Events that it has hardly met are not used: the luck of not meeting one leaves no trace in the spread of the runs. All
that is decided for a half comes from other runs than its own, so that no mean leans to what its runs happened to meet.
"""

import itertools
import math
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from race_sim.kernels.state import BREAKTHROUGH_CONTROLS, MISHAP_CONTROLS
from race_sim.runs.intervals import Interval, Limits
from race_sim.runs.moments import Halves
from race_sim.runs.outcomes import Outcome, additive_groups
from race_sim.runs.records import Records, draw
from race_sim.scenario.distributions import Distribution
from race_sim.scenario.scenario import Parameter, Scenario

Real = NDArray[np.float64]
RUNS_PER_CONTROL = 20  # runs per weight that is fitted, at least
MOST_CONTROLS = 300
DEGREE = 2


def martingales(records: Records) -> Real:
    """Gather the sums of (event - its probability) x (what was known before) that the kernels keep.

    Parameters
    ----------
    records : Records
        The end of some runs.

    Returns
    -------
    array (runs, controls)
        Those of breakthroughs, then those of mishaps; each has mean 0.
    """
    columns = []
    for nations, world in (BREAKTHROUGH_CONTROLS, MISHAP_CONTROLS):
        columns += [records.nations[name] for name in nations]
        columns += [records.worlds[name][:, np.newaxis] for name in world]
    return np.concatenate(columns, axis=1)


def martingale_names(scenario: Scenario) -> list[str]:
    """Name the columns of ``martingales``.

    Parameters
    ----------
    scenario : Scenario
        Whose nations give their names.

    Returns
    -------
    list of str
        One per column.
    """
    names: list[str] = []
    for nations, world in (BREAKTHROUGH_CONTROLS, MISHAP_CONTROLS):
        names += [f"{name}.{nation}" for name in nations for nation in scenario.nations]
        names += world
    return [name.removeprefix("control_") for name in names]


@dataclass(frozen=True)
class Controls:
    """The controls of a scenario's runs: draws; breakthroughs; mishaps; products of draws and luck, in this order.

    ``counts`` says how many of the first ones to try, from few to many; it is empty where none can be fitted.
    """

    scenario: Scenario
    counts: tuple[int, ...]

    @classmethod
    def of(cls, scenario: Scenario, runs: int, estimator: str = "integrated") -> "Controls":
        """Choose the controls that so many runs support.

        Parameters
        ----------
        scenario : Scenario
            What is simulated.
        runs : int
            Number of runs: at least 20 per control.
        estimator : str
            ``sampled`` gets none: a sampled catastrophe ends a run, and its frequency is left as it is drawn.

        Returns
        -------
        Controls
            Possibly with nothing to try.
        """
        if estimator != "integrated":
            return cls(scenario, ())
        bearable = min(MOST_CONTROLS, runs / RUNS_PER_CONTROL)
        sizes = np.unique(np.cumsum(_sizes(scenario)))
        return cls(scenario, tuple(int(size) for size in sizes if 0 < size <= bearable))

    @property
    def counting(self) -> list[int]:
        """Columns that count events, one per nation: breakthroughs, then mishaps."""
        draws, breakthroughs, _, _ = _sizes(self.scenario)
        nations = range(len(self.scenario.nations))
        return [draws + n for n in nations] + [draws + breakthroughs + n for n in nations]

    def columns(self, seed: int, runs: NDArray[np.int64], luck: Real, count: int | None = None) -> Real:
        """Compute the controls of some runs.

        Parameters
        ----------
        seed : int
            Seed of all draws.
        runs : array (runs,)
            Their numbers.
        luck : array (runs, martingales)
            The runs' ``martingales``.
        count : int, optional
            How many of the first; by default the most that are tried.

        Returns
        -------
        array (runs, count)
            Each column has mean 0.
        """
        count = max(self.counts, default=0) if count is None else count
        if count == 0:
            return np.empty((len(runs), 0))
        drawn = drawn_parameters(self.scenario)
        bases = [_basis(p, draw(p.path, p.value, p.about, seed, runs)) for p in drawn]
        linear = [basis[1] for basis in bases]
        draws = linear + [basis[2] for basis in bases] + [a * b for a, b in itertools.combinations(linear, 2)]
        columns = [value[:, np.newaxis] for value in draws] + [luck] + [luck * value[:, np.newaxis] for value in linear]
        return np.concatenate(columns, axis=1)[:, :count]

    def estimates(self, halves: Halves, outcomes: Iterable[Outcome]) -> tuple[Real, Real]:
        """Compute means less what the controls explain, and their standard errors.

        Parameters
        ----------
        halves : Halves
            Moments of the runs.
        outcomes : iterable of Outcome
            Of the columns, in their order.

        Returns
        -------
        tuple of array (outcomes,)
            Means and standard errors.
        """
        return halves.ratio(self.counts, self.counting, additive_groups(outcomes))

    def intervals(self, halves: Halves, outcomes: Iterable[Outcome], estimator: str) -> Interval:
        """Compute the 95 % intervals of the means of ``estimates``.

        Parameters
        ----------
        halves : Halves
            Moments of the runs.
        outcomes : iterable of Outcome
            Of the columns, in their order.
        estimator : str
            ``integrated`` or ``sampled``: whether catastrophes are events.

        Returns
        -------
        Interval
            Lower and upper bounds, and runs that met an event.
        """
        outcomes = list(outcomes)
        limits = Limits.of(self.scenario, estimator, outcomes)
        return halves.interval(limits, self.counts, self.counting, additive_groups(outcomes))


def _sizes(scenario: Scenario) -> tuple[int, int, int, int]:
    nations, drawn = len(scenario.nations), len(drawn_parameters(scenario))
    breakthroughs, mishaps = (len(own) * nations + len(all_) for own, all_ in (BREAKTHROUGH_CONTROLS, MISHAP_CONTROLS))
    return drawn * (drawn + 3) // 2, breakthroughs, mishaps, drawn * (breakthroughs + mishaps)


def drawn_parameters(scenario: Scenario) -> list[Parameter]:
    """List the parameters that a scenario draws per run.

    Parameters
    ----------
    scenario : Scenario
        What is simulated.

    Returns
    -------
    list of Parameter
        Those whose value is a Distribution.
    """
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
