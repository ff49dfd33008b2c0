"""Sobol designs over what a scenario draws per run: the draws laid evenly instead of at random."""

from race_sim.errors import InputError
from race_sim.runs.controls import drawn_parameters
from race_sim.scenario.distributions import Distribution
from race_sim.scenario.scenario import Scenario
from race_sim.sweeps.engine.axes import Axis
from race_sim.sweeps.engine.design import Design, sobol, table


def sobol_over_draws(scenario: Scenario | str, samples: int, seed: int = 0) -> Design:
    """Lay out evenly what a scenario draws per run: a Sobol design with the scenario's own distributions.

    A scrambled Sobol sample [1]_ in the unit cube is carried to each drawn parameter by its quantile function,
    truncated to the parameter's bounds. Each point has streams of its own. The mean over the points of a sweep with one
    run each has the expectation that ``estimate`` has for outcomes that are not conditional on survival (probabilities,
    counts, payoffs), and a smaller error, since the draws leave nothing to chance. That error shows in the spread over
    several seeds, not within a design.

    Parameters
    ----------
    scenario : Scenario or str
        A scenario, the name of a shipped one, or the path of a TOML file.
    samples : int
        Number of points, a power of 2.
    seed : int
        Seed of the scrambling.

    Returns
    -------
    Design
        A table of ``samples`` points with ``streams="own"``; its columns are the paths of the drawn parameters.

    Raises
    ------
    InputError
        For a scenario that draws nothing, or a number of samples that is no power of 2.

    References
    ----------
    .. [1] Owen, A. B. (1998). Scrambling Sobol' and Niederreiter-Xing points. Journal of Complexity 14(4):466-489.
       doi:10.1006/jcom.1998.0487

    Examples
    --------
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
