"""How labs choose: one function per decision rule, ``rule(i, labs, nations, world, p) -> chosen share``.

A rule reads the state at the start of the period and returns a share; floors are applied afterwards. Decorating a
function with ``@rule`` is all it takes to add one: its name then works in scenarios, sweeps and both engines. Rules
from outside the package come in by ``add`` (``race_sim.add_rule``).
"""

import math
from typing import Any

import numpy as np

from race_sim.kernels.compile import jit, uncached
from race_sim.kernels.dependents import depend_on, renew
from race_sim.kernels.laws import LARGEST_SHARE
from race_sim.kernels.maximise import maximise
from race_sim.kernels.outlook import prospect
from race_sim.kernels.random import DECIDE, EXPLORE, standard_normal, uniforms
from race_sim.kernels.state import ARMS

RULES: list[Any] = []
_PLANS: list[bool] = []
REVEALED_LEAD = 0.5  # OOM per unit of lead in the rule `human`
RIVAL_RECKLESS, LEAD_IF_BOTH_CAUTIOUS, LEAD_IF_RECKLESS = 0.607, -0.296, 0.466  # arXiv 2607.26034


def rule(function=None, *, plans=True):
    """Register a decision rule; its code in a lab's record is its position in ``RULES``.

    plans: whether it looks ahead; where no lab's rule does, nobody's outlook is formed.
    """
    if function is None:
        return lambda decorated: rule(decorated, plans=plans)
    RULES.append(jit(function))
    _PLANS.append(plans)
    return RULES[-1]


@rule(plans=False)
def fixed(i, labs, nations, world, p):
    """Keep the initial share."""
    return labs[i].chosen


@rule
def best_response(i, labs, nations, world, p):
    """Myopic best response: the share that maximises J while rivals hold their last shares."""
    lab = labs[i]
    share, _, corner, maxima = maximise(prospect(i, labs, nations, world, p), p, nations[lab.nation].floor)
    lab.corners += world.survival * corner
    lab.several_maxima += world.survival if maxima > 1 else 0.0
    return share


@rule
def stage_nash(i, labs, nations, world, p):
    """Play one's part of the simultaneous equilibrium of J, which ``solve_stage`` has found for all such labs."""
    return labs[i].plan


@rule(plans=False)
def reciprocate(i, labs, nations, world, p):
    """Move a step towards the mean share seen in the other labs; shared benchmarks remove the noise of seeing it."""
    lab = labs[i]
    others = len(labs) - 1
    if others == 0:
        return lab.chosen
    first, second = uniforms(world.seed, world.run, world.period, i, DECIDE)
    noise = p.rules_observation_noise * (1.0 - nations[lab.nation].benchmarks) * standard_normal(first, second)
    seen = min(1.0, max(0.0, (world.shares - lab.share) / others + noise))
    return min(LARGEST_SHARE, max(0.0, lab.chosen + p.rules_reciprocity_step * (seen - lab.chosen)))


@rule(plans=False)
def imitate(i, labs, nations, world, p):
    """Fermi pairwise comparison: copy a random lab with probability 1 / (1 + exp(-selection (profit_j - profit_i)))."""
    lab = labs[i]
    others = len(labs) - 1
    explore, fresh = uniforms(world.seed, world.run, world.period, i, EXPLORE)
    if explore < p.rules_exploration:
        return fresh * LARGEST_SHARE
    if others == 0 or world.period == 0:
        return lab.chosen
    which, accept = uniforms(world.seed, world.run, world.period, i, DECIDE)
    j = min(others - 1, int(which * others))
    if j >= i:
        j += 1
    years = world.periods_per_decision * world.dt
    advantage = p.rules_selection * (labs[j].profit - lab.profit) / years
    if accept < 1.0 / (1.0 + math.exp(min(700.0, -advantage))):
        return labs[j].share
    return lab.chosen


@rule(plans=False)
def reinforce(i, labs, nations, world, p):
    """Roth and Erev 1995: a share on a grid, in proportion to its propensity, which grows by the profit earned."""
    lab = labs[i]
    if world.period > 0:
        years = world.periods_per_decision * world.dt
        for arm in range(ARMS):
            lab.propensity[arm] *= 1.0 - p.rules_forgetting
        lab.propensity[lab.arm] += max(0.0, lab.profit / years)
    total = 0.0
    for arm in range(ARMS):
        total += p.rules_initial_propensity + lab.propensity[arm]
    ball = uniforms(world.seed, world.run, world.period, i, DECIDE)[0] * total
    chosen = ARMS - 1
    for arm in range(ARMS):
        ball -= p.rules_initial_propensity + lab.propensity[arm]
        if ball < 0.0:
            chosen = arm
            break
    lab.arm = chosen
    return LARGEST_SHARE * chosen / (ARMS - 1)


@rule
def responsible_scaling(i, labs, nations, world, p):
    """The standard if the lab leads and its gap is material; otherwise a best response."""
    lab = labs[i]
    share = best_response(i, labs, nations, world, p)
    leads = lab.capability >= world.best_capability
    if leads and lab.capability - lab.assurance >= p.rules_material_gap:
        return max(share, p.cooperation_standard)
    return share


@jit
def find_neighbours(labs):
    """For each lab the other lab whose capability is nearest (the lower of two at equal distance), -1 for none."""
    count = len(labs)
    capability = np.empty(count)
    for i in range(count):
        capability[i] = labs[i].capability
    order = np.argsort(capability, kind="mergesort")
    for place in range(count):
        below = capability[order[place]] - capability[order[place - 1]] if place > 0 else np.inf
        above = capability[order[place + 1]] - capability[order[place]] if place < count - 1 else np.inf
        if count == 1:
            labs[order[place]].neighbour = -1
        elif below <= above:
            labs[order[place]].neighbour = order[place - 1]
        else:
            labs[order[place]].neighbour = order[place + 1]


@rule(plans=False)
def human(i, labs, nations, world, p):
    """Two shares, the standard (cautious) or a lower one (reckless), with logit weights estimated on 340 people.

    An extrapolation: the weights are those of arXiv 2607.26034, the mapping of its game and the intercept are ours.
    """
    lab = labs[i]
    cautious = max(p.cooperation_standard, p.rules_reckless_share)
    midpoint = 0.5 * (cautious + p.rules_reckless_share)
    odds = p.rules_reckless_intercept
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
    if draw < 1.0 / (1.0 + math.exp(min(700.0, -odds))):
        return p.rules_reckless_share
    return cautious


PLANS = np.array(_PLANS)
NAMES = [dispatcher.__name__ for dispatcher in RULES]
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


def _before(position, rest):
    """A choice by code that tries one rule from outside before the rest; what it returns is kept within [0, 0.95]."""
    here = RULES[position]

    def choose(i, labs, nations, world, p):
        if labs[i].rule == position:
            return min(LARGEST_SHARE, max(0.0, here(i, labs, nations, world, p)))
        return rest(i, labs, nations, world, p)

    return uncached(choose)


def add(function: Any, plans: bool) -> None:
    """Register a rule from outside, or put it in the place of an earlier one from outside that had its name.

    Whatever chooses by rule is compiled anew at its next call, and not kept on disk: the cache knows the package's own
    sources only.
    """
    global PLANS, choose
    for dispatcher in depend_on(__name__, "choose", "PLANS"):
        renew(dispatcher)
    name = function.__name__
    if name in NAMES:
        position = NAMES.index(name)
        RULES[position], _PLANS[position] = uncached(function), plans
    else:
        NAMES.append(name)
        RULES.append(uncached(function))
        _PLANS.append(plans)
    PLANS = np.array(_PLANS)
    choose = _built_in
    for position in range(BUILT_IN, len(RULES)):
        choose = _before(position, choose)
