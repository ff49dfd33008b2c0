"""How labs choose: one function per decision rule, ``rule(i, labs, nations, world, p, ...) -> chosen share``.

A rule reads the state at the start of the period and returns a share; floors are applied afterwards. What it alone
needs to know is declared on it, as further arguments that have a ``RuleParameter`` as their default. Decorating a
function with ``@rule`` is all it takes to add one: its name then works in scenarios, sweeps and both engines, and its
parameters are ``rules.NAME`` there. Rules from outside the package come in by ``add`` (``race_sim.add_rule``).
"""

import inspect
import math
from types import FunctionType
from typing import Any, NamedTuple

import numpy as np

from race_sim.kernels.compile import jit, uncached
from race_sim.kernels.dependents import depend_on
from race_sim.kernels.elementary import exp
from race_sim.kernels.laws import LARGEST_SHARE
from race_sim.kernels.random import DECIDE, EXPLORE, standard_normal, uniforms
from race_sim.kernels.release import choose_delay, share_and_delay
from race_sim.kernels.state import ARMS

ARGUMENTS = ("i", "labs", "nations", "world", "p")
LARGEST_ADDED = 16  # parameters of rules from outside the package, for which the parameters' record has room
RULES: list[Any] = []
_PLANS: list[bool] = []
REVEALED_LEAD = 0.5  # OOM per unit of lead in the rule `human`
RIVAL_RECKLESS, LEAD_IF_BOTH_CAUTIOUS, LEAD_IF_RECKLESS = 0.607, -0.296, 0.466  # arXiv 2607.26034


class RuleParameter(NamedTuple):
    """A parameter of one decision rule: the default of an argument of the rule, which gets the value in its place.

    ``bounds`` are those that values must lie within; ``default`` is the value in scenarios that give none, None where
    each must give one; ``plausible`` is the range over which it is screened and swept by default.

    Examples
    --------
    >>> RuleParameter("share kept by the leader", "1", (0, 0.95), (0.2, 0.6), default=0.4).default
    0.4
    """

    meaning: str
    unit: str
    bounds: tuple[float, float]
    plausible: tuple[float, float] | None = None
    default: float | None = None
    status: str = "assumed"
    source: str = "assumed"


PARAMETERS: dict[str, dict[str, RuleParameter]] = {}  # of every rule, by name
FIELDS: dict[str, str] = {}  # the field of the parameters' record that holds a rule's parameter
SPARE = tuple(f"rules_added_{number}" for number in range(LARGEST_ADDED))


def declared(function: Any) -> dict[str, Any]:
    """Read the parameters that a rule declares; what is no RuleParameter there is left to the caller to refuse.

    Parameters
    ----------
    function : callable
        A decision rule.

    Returns
    -------
    dict
        Defaults of its further arguments, by name.
    """
    arguments = list(inspect.signature(function).parameters.values())[len(ARGUMENTS) :]
    return {argument.name: argument.default for argument in arguments}


def _reader(fields):
    """A compiled function that reads these fields of the parameters' record as a tuple."""
    if not fields:

        def read(p):
            return ()

    else:
        first, rest = fields[0], _reader(fields[1:])

        def read(p):
            return (p[first], *rest(p))

    read.__qualname__ = "_".join(("read", *fields))
    return jit(read)


def bare(function: Any) -> Any:
    """Copy a function without its default arguments, which a compiler cannot read.

    Parameters
    ----------
    function : callable
        A decision rule.

    Returns
    -------
    callable
        The same code.
    """
    copy = FunctionType(function.__code__, function.__globals__, function.__name__, None, function.__closure__)
    copy.__qualname__ = f"{function.__name__}_of_parameters"
    return copy


def _callable(function, compiler):
    """The compiled rule with the five arguments that all have; it reads its own parameters by itself."""
    names = list(declared(function))
    if not names:
        return compiler(function)
    compiled, read = compiler(bare(function)), _reader([FIELDS[name] for name in names])

    def called(i, labs, nations, world, p):
        return compiled(i, labs, nations, world, p, *read(p))

    called.__name__ = called.__qualname__ = function.__name__
    called.__doc__ = function.__doc__
    return compiler(called)


def rule(function=None, *, plans=True):
    """Register a decision rule; its code in a lab's record is its position in ``RULES``.

    Parameters
    ----------
    function : callable, optional
        ``rule(i, labs, nations, world, p, ...) -> share``. Left out, ``rule`` is a decorator.
    plans : bool
        Whether it looks ahead; where no lab's rule does, nobody's outlook is formed.

    Returns
    -------
    callable
        The compiled rule with the five arguments that all have.
    """
    if function is None:
        return lambda decorated: rule(decorated, plans=plans)
    PARAMETERS[function.__name__] = declared(function)
    FIELDS.update({name: f"rules_{name}" for name in declared(function)})
    RULES.append(_callable(function, jit))
    _PLANS.append(plans)
    return RULES[-1]


@rule(plans=False)
def fixed(i, labs, nations, world, p):
    """Keep the initial share.

    Parameters
    ----------
    i : int
        The lab that decides.
    labs, nations : records
        All labs and nations, at the start of the period.
    world : record
        The world.
    p : record
        Parameters of the run.

    Returns
    -------
    float
        The share chosen, before floors.
    """
    return labs[i].chosen


@rule
def best_response(i, labs, nations, world, p):
    """Respond best, myopically: the share, and the delay, that maximise J while rivals hold their last ones.

    Parameters
    ----------
    i : int
        The lab that decides.
    labs, nations : records
        All labs and nations, at the start of the period.
    world : record
        The world.
    p : record
        Parameters of the run.

    Returns
    -------
    float
        The share chosen, before floors.
    """
    lab = labs[i]
    share, _, corner, maxima = share_and_delay(i, labs, nations, world, p)
    lab.corners += world.survival * corner
    lab.several_maxima += world.survival if maxima > 1 else 0.0
    return share


@rule
def stage_nash(i, labs, nations, world, p):
    """Play one's part of the simultaneous equilibrium of J, which ``solve_stage`` has left in the lab's plan.

    It is one of shares; the delay is the best for that share, while rivals hold their last ones.

    Parameters
    ----------
    i : int
        The lab that decides.
    labs, nations : records
        All labs and nations, at the start of the period.
    world : record
        The world.
    p : record
        Parameters of the run.

    Returns
    -------
    float
        The share chosen, before floors.
    """
    choose_delay(labs[i].plan, i, labs, nations, world, p)
    return labs[i].plan


@rule(plans=False)
def reciprocate(
    i, labs, nations, world, p,
    observation_noise=RuleParameter("noise in seeing rivals' shares (reciprocate)", "1", (0, 1), (0, 0.5)),
    reciprocity_step=RuleParameter("step towards rivals' mean share (reciprocate)", "1", (0, 1), (0.05, 1)),
):  # fmt: skip
    """Move a step towards the mean share seen in the other labs; shared benchmarks remove the noise of seeing it.

    Parameters
    ----------
    i : int
        The lab that decides.
    labs, nations : records
        All labs and nations, at the start of the period.
    world : record
        The world.
    p : record
        Parameters of the run.
    observation_noise : float
        Standard deviation of what is seen, without benchmarks.
    reciprocity_step : float
        Part of the way that is gone, in [0, 1].

    Returns
    -------
    float
        The share chosen, before floors.
    """
    lab = labs[i]
    others = len(labs) - 1
    if others == 0:
        return lab.chosen
    first, second = uniforms(world.seed, world.run, world.period, i, DECIDE)
    noise = observation_noise * (1.0 - nations[lab.nation].benchmarks) * standard_normal(first, second)
    seen = min(1.0, max(0.0, (world.shares - lab.share) / others + noise))
    return min(LARGEST_SHARE, max(0.0, lab.chosen + reciprocity_step * (seen - lab.chosen)))


@rule(plans=False)
def imitate(
    i, labs, nations, world, p,
    exploration=RuleParameter("probability of a random share (imitate)", "1", (0, 1), (0, 0.1)),
    selection=RuleParameter("intensity of selection on profit (imitate)", "1/V", (0, 1e6), (1, 100)),
):  # fmt: skip
    """Copy a random lab, or not, by Fermi's pairwise comparison of profits since the last decision.

    It is copied with probability 1 / (1 + exp(-selection (profit_j - profit_i))).

    Parameters
    ----------
    i : int
        The lab that decides.
    labs, nations : records
        All labs and nations, at the start of the period.
    world : record
        The world.
    p : record
        Parameters of the run.
    exploration : float
        Probability of a random share instead.
    selection : float
        Intensity of selection, per yearly market value.

    Returns
    -------
    float
        The share chosen, before floors.

    References
    ----------
    .. [1] A. Traulsen, M. A. Nowak, J. M. Pacheco 2006, Physical Review E 74:011909.
    """
    lab = labs[i]
    others = len(labs) - 1
    explore, fresh = uniforms(world.seed, world.run, world.period, i, EXPLORE)
    if explore < exploration:
        return fresh * LARGEST_SHARE
    if others == 0 or world.period == 0:
        return lab.chosen
    which, accept = uniforms(world.seed, world.run, world.period, i, DECIDE)
    j = min(others - 1, int(which * others))
    if j >= i:
        j += 1
    years = world.periods_per_decision * world.dt
    advantage = selection * (labs[j].profit - lab.profit) / years
    if accept < 1.0 / (1.0 + exp(min(700.0, -advantage))):
        return labs[j].share
    return lab.chosen


@rule(plans=False)
def reinforce(
    i, labs, nations, world, p,
    forgetting=RuleParameter("loss of propensities per decision (reinforce)", "1", (0, 1), (0, 0.5)),
    initial_propensity=RuleParameter("propensity of each share at the start (reinforce)", "V", (1e-9, 1e6), (0.1, 10)),
):  # fmt: skip
    """Pick a share on a grid in proportion to its propensity, which grows by the profit earned.

    Parameters
    ----------
    i : int
        The lab that decides.
    labs, nations : records
        All labs and nations, at the start of the period.
    world : record
        The world.
    p : record
        Parameters of the run.
    forgetting : float
        Part of each propensity that is lost per decision.
    initial_propensity : float
        Propensity of each share at the start, yearly market values.

    Returns
    -------
    float
        The share chosen, before floors.

    References
    ----------
    .. [1] A. E. Roth, I. Erev 1995, Learning in extensive-form games, Games and Economic Behavior 8:164.
    """
    lab = labs[i]
    if world.period > 0:
        years = world.periods_per_decision * world.dt
        for arm in range(ARMS):
            lab.propensity[arm] *= 1.0 - forgetting
        lab.propensity[lab.arm] += max(0.0, lab.profit / years)
    total = 0.0
    for arm in range(ARMS):
        total += initial_propensity + lab.propensity[arm]
    ball = uniforms(world.seed, world.run, world.period, i, DECIDE)[0] * total
    chosen = ARMS - 1
    for arm in range(ARMS):
        ball -= initial_propensity + lab.propensity[arm]
        if ball < 0.0:
            chosen = arm
            break
    lab.arm = chosen
    return LARGEST_SHARE * chosen / (ARMS - 1)


@rule
def responsible_scaling(
    i, labs, nations, world, p,
    material_gap=RuleParameter("gap at which a leader pauses (responsible_scaling)", "OOM", (0, 100), (0.3, 3)),
):  # fmt: skip
    """Keep the standard if the lab leads and its gap is material; otherwise respond best.

    Parameters
    ----------
    i : int
        The lab that decides.
    labs, nations : records
        All labs and nations, at the start of the period.
    world : record
        The world.
    p : record
        Parameters of the run.
    material_gap : float
        Gap from which it is material, OOM.

    Returns
    -------
    float
        The share chosen, before floors.
    """
    lab = labs[i]
    share = best_response(i, labs, nations, world, p)
    leads = lab.capability >= world.best_capability
    if leads and lab.capability - lab.assurance >= material_gap:
        return max(share, p.cooperation_standard)
    return share


@jit
def find_neighbours(labs):
    """Write for each lab the other lab whose capability is nearest, the lower of two at equal distance, -1 for none.

    Parameters
    ----------
    labs : records
        All labs; ``neighbour`` is filled in.
    """
    for i in range(len(labs)):
        here, below, above = labs[i].capability, -1, -1
        for j in range(len(labs)):
            there = labs[j].capability
            if there < here or (there == here and j < i):  # of equal ones the first stands below
                if below < 0 or there >= labs[below].capability:
                    below = j
            elif j != i and (above < 0 or there < labs[above].capability):
                above = j
        if below >= 0 and (above < 0 or here - labs[below].capability <= labs[above].capability - here):
            labs[i].neighbour = below
        else:
            labs[i].neighbour = above


@rule(plans=False)
def human(
    i, labs, nations, world, p,
    reckless_share=RuleParameter("the reckless of two shares (human)", "1", (0, 0.95), (0, 0.1)),
    reckless_intercept=RuleParameter("log-odds of reckless at even standing (human)", "1", (-50, 50), (-2, 2)),
):  # fmt: skip
    """Choose between the standard (cautious) and a lower share (reckless), with logit weights estimated on 340 people.

    An extrapolation: the weights are those of arXiv 2607.26034, the mapping of its game and the intercept are ours.

    Parameters
    ----------
    i : int
        The lab that decides.
    labs, nations : records
        All labs and nations, at the start of the period.
    world : record
        The world.
    p : record
        Parameters of the run.
    reckless_share : float
        The lower of the two shares.
    reckless_intercept : float
        Log-odds of the reckless one at even standing.

    Returns
    -------
    float
        The share chosen, before floors.
    """
    lab = labs[i]
    cautious = max(p.cooperation_standard, reckless_share)
    midpoint = 0.5 * (cautious + reckless_share)
    odds = reckless_intercept
    j = lab.neighbour
    if j >= 0:
        lead = (lab.capability - labs[j].capability) / REVEALED_LEAD
        if labs[j].share < midpoint:
            odds += RIVAL_RECKLESS
        elif lab.share >= midpoint:
            odds += LEAD_IF_BOTH_CAUTIOUS * lead
        if lab.share < midpoint:
            odds += LEAD_IF_RECKLESS * lead
    draw = uniforms(world.seed, world.run, world.period, i, DECIDE)[0]
    if draw < 1.0 / (1.0 + exp(min(700.0, -odds))):
        return reckless_share
    return cautious


PLANS = np.array(_PLANS)
NAMES = [function.__name__ for function in RULES]
BUILT_IN = len(NAMES)
STAGE_NASH = NAMES.index("stage_nash")
HUMAN = NAMES.index("human")


def _dispatch(position):
    """Chain the registered rules into one compiled choice by code."""
    here = RULES[position]
    if position == len(RULES) - 1:
        return here
    rest = _dispatch(position + 1)

    def choose(i, labs, nations, world, p):
        if labs[i].rule == position:
            return here(i, labs, nations, world, p)
        return rest(i, labs, nations, world, p)

    choose.__qualname__ = f"choose_{position}"
    return jit(choose)


choose = _built_in = _dispatch(0)


def _before(position, rest, fault):
    """A choice by code that tries one rule from outside before the rest; what it returns is kept within [0, 0.95].

    fault: an exception, raised with the rule's name, the lab's number and the time for a share that is not finite.
    """
    here, name = RULES[position], NAMES[position]

    def choose(i, labs, nations, world, p):
        if labs[i].rule == position:
            share = here(i, labs, nations, world, p)
            if not math.isfinite(share):
                raise fault(name, i, world.period * world.dt)
            return min(LARGEST_SHARE, max(0.0, share))
        return rest(i, labs, nations, world, p)

    return uncached(choose)


def added() -> dict[str, tuple[str, RuleParameter]]:
    """List the parameters of rules from outside.

    Returns
    -------
    dict
        The rule's name and the declaration, by the parameter's name.
    """
    return {key: (name, own) for name in NAMES[BUILT_IN:] for key, own in PARAMETERS[name].items()}


def add(function: Any, plans: bool, fault: type[Exception]) -> None:
    """Register a rule from outside, or put it in the place of an earlier one from outside that had its name.

    Its parameters get spare fields of the parameters' record. Whatever chooses by rule is compiled anew at its next
    call, and not kept on disk: the cache knows the package's own sources only.

    Parameters
    ----------
    function : callable
        ``rule(i, labs, nations, world, p, ...) -> share``, checked.
    plans : bool
        Whether it looks ahead.
    fault : type of Exception
        Raised with the rule's name, the lab's number and the time in years, where the rule returns a share that is not
        finite.
    """
    global PLANS, choose
    for kernel in depend_on(__name__, "choose", "PLANS"):
        kernel.renew()
    name = function.__name__
    for key in PARAMETERS.get(name, {}):
        del FIELDS[key]
    PARAMETERS[name] = declared(function)
    for key in PARAMETERS[name]:
        FIELDS[key] = next(field for field in SPARE if field not in FIELDS.values())
    if name in NAMES:
        position = NAMES.index(name)
        RULES[position], _PLANS[position] = _callable(function, uncached), plans
    else:
        NAMES.append(name)
        RULES.append(_callable(function, uncached))
        _PLANS.append(plans)
    PLANS = np.array(_PLANS)
    choose = _built_in
    for position in range(BUILT_IN, len(RULES)):
        choose = _before(position, choose, fault)
