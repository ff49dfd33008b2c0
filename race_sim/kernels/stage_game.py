"""The labs' stage game at a frozen state: objectives at candidate shares, best replies, a planner's climb.

Everything here plays with the shares in the records of one run and leaves the laws to the other kernels.
"""

import math
from typing import NamedTuple

import numpy as np

from race_sim.kernels.arrays import copy_into
from race_sim.kernels.compile import inlined, jit
from race_sim.kernels.laws import LARGEST_SHARE, market_value, mishap_hazard
from race_sim.kernels.maximise import maximise
from race_sim.kernels.objective import (
    SMALLEST_WORTH,
    expected_damages,
    fear_factor,
    fear_weights,
    market_scale,
    objective,
    survival_probability,
    worth,
)
from race_sim.kernels.outlook import foresee, form_outlook, prospect
from race_sim.kernels.survey import open_lab, open_treaty, survey_capability, survey_safety

CELLS = 12
GOLDEN = 0.5 * (math.sqrt(5.0) - 1.0)
PLATEAU = 1e-12  # relative difference of objectives that counts as none: rounding of a sum over labs
PEAK_TOLERANCE = 1e-8  # width at which a planner's peak along a direction is found
LARGEST_SWEEPS = 40


@jit
def freeze(labs, nations, world, p):
    """Set the state in which labs decide, at the start of the next period.

    Parameters
    ----------
    labs : records
        All labs.
    nations : records
        All nations.
    world : record
        The world.
    p : record
        Parameters of the run.
    """
    open_treaty(nations, world, p)
    for i in range(len(labs)):
        open_lab(i, labs, nations, p)
    survey_safety(labs, nations, world)
    survey_capability(labs, nations, world)
    foresee(labs, nations, world, p)


@jit
def look(shares, labs, nations, world, p):
    """Form everybody's outlook at given shares.

    Parameters
    ----------
    shares : array (labs,)
        Safety shares, in [0, 0.95].
    labs : records
        All labs.
    nations : records
        All nations.
    world : record
        The world.
    p : record
        Parameters of the run.
    """
    for i in range(len(labs)):
        labs[i].share = shares[i]
        labs[i].safety_work = shares[i] * labs[i].resources
    survey_safety(labs, nations, world)
    form_outlook(labs, nations, world, p)


@jit
def own_objective(i, x, labs, nations, world, p):
    """Compute J of lab i at a share, rivals projected as in the outlook last formed.

    Parameters
    ----------
    i : int
        Number of the lab.
    x : float
        Safety share, in [0, 0.95].
    labs : records
        All labs.
    nations : records
        All nations.
    world : record
        The world.
    p : record
        Parameters of the run.

    Returns
    -------
    float
        Market values x years.
    """
    return objective(x, prospect(i, labs, nations, world, p), p)[0]


@jit
def own_best(i, labs, nations, world, p):
    """Find the best share of lab i, rivals projected as in the outlook last formed.

    Parameters
    ----------
    i : int
        Number of the lab.
    labs : records
        All labs.
    nations : records
        All nations.
    world : record
        The world.
    p : record
        Parameters of the run.

    Returns
    -------
    tuple of float
        The share, and J there.
    """
    share, value, _, _ = maximise(prospect(i, labs, nations, world, p), p, labs[i].floor)
    return share, value


@jit
def replies(shares, labs, nations, world, p, target, gain):
    """Fill in the best shares of all labs against given shares, and what each gains by moving there alone.

    Parameters
    ----------
    shares : array (labs,)
        Safety shares, in [0, 0.95].
    labs : records
        All labs.
    nations : records
        All nations.
    world : record
        The world.
    p : record
        Parameters of the run.
    target : array (labs,)
        Filled: best shares.
    gain : array (labs,)
        Filled: gains as parts of J.
    """
    look(shares, labs, nations, world, p)
    for i in range(len(labs)):
        target[i], value = own_best(i, labs, nations, world, p)
        now = own_objective(i, shares[i], labs, nations, world, p)
        gain[i] = max(0.0, (value - now) / max(SMALLEST_WORTH, abs(now)))


@jit
def adjust(shares, players, damping, tolerance, labs, nations, world, p, path):
    """Play simultaneous best responses of some labs until nobody moves.

    Parameters
    ----------
    shares : array (labs,)
        Safety shares, in [0, 0.95].
    players : array (labs,) of bool
        Who moves.
    damping : array (rounds,)
        Part of the way that is gone in each round.
    tolerance : float
        Move that counts as none.
    labs : records
        All labs.
    nations : records
        All nations.
    world : record
        The world.
    p : record
        Parameters of the run.
    path : array (rounds + 1, labs)
        Filled: shares, round by round, from ``shares`` on.

    Returns
    -------
    int
        Number of rounds; -1 where some share still moves by ``tolerance`` or more after all.
    """
    copy_into(shares, path[0])
    target, gain = np.empty(len(labs)), np.empty(len(labs))
    for number in range(len(damping)):
        replies(path[number], labs, nations, world, p, target, gain)
        moved = 0.0
        for i in range(len(labs)):
            step = target[i] - path[number, i] if players[i] else 0.0
            moved = max(moved, abs(step))
            path[number + 1, i] = min(LARGEST_SHARE, path[number, i] + damping[number] * step)
        if moved < tolerance:
            return number
    return -1


class Accounts(NamedTuple):
    """The factors of all labs' objectives at some shares: each lab's J is their ``worth``.

    ``revenue`` is V' w' per year, ``future`` F', ``damage`` expected per year, ``survival`` S' as the lab perceives it,
    (labs,) each; ``alive`` is S' without anybody's perception.
    """

    revenue: np.ndarray
    future: np.ndarray
    damage: np.ndarray
    survival: np.ndarray
    alive: float


@jit
def accounts(shares, labs, nations, world, p):
    """Compute the factors of all labs' objectives, in O(labs).

    Parameters
    ----------
    shares : array (labs,)
        Safety shares, in [0, 0.95].
    labs : records
        All labs.
    nations : records
        All nations.
    world : record
        The world.
    p : record
        Parameters of the run.

    Returns
    -------
    Accounts
        Revenue, F', damages, S' as labs perceive it and as it is.
    """
    look(shares, labs, nations, world, p)
    count = len(labs)
    revenue, future, damage, survival = np.empty(count), np.empty(count), np.empty(count), np.empty(count)
    scale = market_scale(world.outlook_pull, 0.0)
    value = market_value(world.outlook_best, world.outlook_trust * scale, p)
    everywhere = mishap_hazard(scale, world.outlook_risk, p)
    own_fear, home_fear, abroad_fear = fear_weights(p)
    catastrophes = mishap_hazard(scale, world.outlook_catastrophe, p)
    for i in range(count):
        lab = labs[i]
        share = lab.outlook_pull * scale
        hazard = mishap_hazard(share, lab.outlook_risk, p)
        at_home = mishap_hazard(scale, nations[lab.nation].outlook_risk, p)
        revenue[i] = value * share
        rivals = home_fear * (at_home - hazard) + abroad_fear * (everywhere - at_home)
        future[i] = fear_factor(own_fear * hazard + rivals, p)
        damage[i] = expected_damages(revenue[i], hazard, lab.outlook_severity, p)
        survival[i] = survival_probability(lab.risk_perception * catastrophes, p)
    return Accounts(revenue, future, damage, survival, survival_probability(catastrophes, p))


@jit
def total(shares, weights, cost, labs, nations, world, p):
    """Compute the weighted sum of all labs' objectives, less what a catastrophe costs.

    Parameters
    ----------
    shares : array (labs,)
        Safety shares, in [0, 0.95].
    weights : array (labs,)
        Weight of each lab's objective.
    cost : float
        What a catastrophe costs beyond the labs' stakes, V yr.
    labs : records
        All labs.
    nations : records
        All nations.
    world : record
        The world.
    p : record
        Parameters of the run.

    Returns
    -------
    float
        Market values x years.
    """
    revenue, future, damage, survival, alive = accounts(shares, labs, nations, world, p)
    value = -(1.0 - alive) * cost
    for i in range(len(labs)):
        value += weights[i] * worth(1.0, revenue[i], survival[i], future[i], damage[i], p)
    return value


@inlined
def move(at, shares, direction, floors, trial):
    """Fill in shares moved along a direction, held within [floor, 0.95].

    Parameters
    ----------
    at : float
        How far.
    shares : array (labs,)
        Safety shares, in [0, 0.95].
    direction : array (labs,)
        Direction in which shares move.
    floors : array (labs,)
        Shares that labs must keep.
    trial : array (labs,)
        Filled.
    """
    for i in range(len(shares)):
        trial[i] = min(LARGEST_SHARE, max(floors[i], shares[i] + at * direction[i]))


@jit
def peak(shares, direction, floors, best, weights, cost, labs, nations, world, p, trial):
    """Find how far along a direction ``total`` is largest: the best cell of a grid, then golden sections.

    Parameters
    ----------
    shares : array (labs,)
        Safety shares, in [0, 0.95].
    direction : array (labs,)
        Direction in which shares move.
    floors : array (labs,)
        Shares that labs must keep.
    best : float
        Total at ``shares``.
    weights : array (labs,)
        Weight of each lab's objective.
    cost : float
        What a catastrophe costs beyond the labs' stakes, V yr.
    labs : records
        All labs.
    nations : records
        All nations.
    world : record
        The world.
    p : record
        Parameters of the run.
    trial : array (labs,)
        Room for shares that are tried.

    Returns
    -------
    tuple of float
        How far, and the total there.
    """
    low, high = -np.inf, np.inf
    for i in range(len(shares)):
        if direction[i] != 0.0:
            one, other = (floors[i] - shares[i]) / direction[i], (LARGEST_SHARE - shares[i]) / direction[i]
            low, high = max(low, min(one, other)), min(high, max(one, other))
    at, value = 0.0, best
    if not low < high:
        return at, value
    width = (high - low) / CELLS
    for cell in range(CELLS + 1):
        point = low + width * cell
        move(point, shares, direction, floors, trial)
        result = total(trial, weights, cost, labs, nations, world, p)
        if result > value:
            at, value = point, result
    left, right = max(low, at - width), min(high, at + width)
    while right - left > PEAK_TOLERANCE:
        a, b = right - GOLDEN * (right - left), left + GOLDEN * (right - left)
        move(a, shares, direction, floors, trial)
        at_a = total(trial, weights, cost, labs, nations, world, p)
        move(b, shares, direction, floors, trial)
        at_b = total(trial, weights, cost, labs, nations, world, p)
        if at_a >= at_b:
            right = b
        else:
            left = a
        if at_a > value:
            at, value = a, at_a
        if at_b > value:
            at, value = b, at_b
    return at, value


@jit
def climb(shares, directions, weights, cost, floors, labs, nations, world, p):
    """Maximise ``total`` along each direction in turn, again and again until a round of them gains nothing.

    Parameters
    ----------
    shares : array (labs,)
        Start; changed to the end.
    directions : array (directions, labs)
        Directions.
    weights : array (labs,)
        Weight of each lab's objective.
    cost : float
        What a catastrophe costs beyond the labs' stakes, V yr.
    floors : array (labs,)
        Shares that labs must keep.
    labs : records
        All labs.
    nations : records
        All nations.
    world : record
        The world.
    p : record
        Parameters of the run.

    Returns
    -------
    float
        The total reached.
    """
    trial = np.empty(len(shares))
    best = total(shares, weights, cost, labs, nations, world, p)
    for _ in range(LARGEST_SWEEPS):
        before = best
        for number in range(len(directions)):
            at, value = peak(shares, directions[number], floors, best, weights, cost, labs, nations, world, p, trial)
            if value > best:
                move(at, shares, directions[number], floors, trial)
                copy_into(trial, shares)
                best = value
        if best - before <= PLATEAU * abs(best):
            break
    return best
