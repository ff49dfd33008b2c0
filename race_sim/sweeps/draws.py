"""Sobol designs over what a scenario draws per run: the draws laid evenly instead of at random."""

from race_sim.errors import InputError
from race_sim.runs.controls import drawn_parameters
from race_sim.scenario.distributions import Distribution
from race_sim.scenario.scenario import Scenario
from race_sim.sweeps.engine.axes import Axis
from race_sim.sweeps.engine.design import Design, sobol, table


def sobol_over_draws(scenario: Scenario | str, samples: int, seed: int = 0) -> Design:
    """A design of ``samples`` points (a power of 2) with the distributions that the scenario draws from.

    A scrambled Sobol sample (Owen 1998), carried to each drawn parameter by its quantile function; each point has
    streams of its own. The mean over the points of a sweep with one run each has the expectation that ``estimate`` has
    for outcomes that are not conditional on survival (probabilities, counts, payoffs), and a smaller error, since
    nothing is left to the luck of the draws. That error shows in the spread over several ``seed``, not within a design.

    Raises InputError for a scenario that draws nothing.

    >>> design = sobol_over_draws("us-china-2026", 8)
    >>> len(design), "capability.growth_rate" in design.columns
    (8, True)
    """
    drawn = drawn_parameters(Scenario.load(scenario))
    if not drawn:
        raise InputError("scenario: must draw a parameter per run, got one that draws none")
    unit = sobol(samples, *(Axis(parameter.path) for parameter in drawn), seed=seed).uniforms(len(drawn))
    columns = {}
    for place, parameter in enumerate(drawn):
        assert isinstance(parameter.value, Distribution)
        columns[parameter.path] = parameter.value.draw(
            unit[:, place], parameter.about.at_least, parameter.about.at_most
        )
    return table(columns, streams="own")
