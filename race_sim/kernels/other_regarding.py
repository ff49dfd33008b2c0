"""Labs that count more than their own objective, and runs that such labs, or a script, steer.

A counterfactual of the decision rule ``stage_nash``: at each decision date labs play the equilibrium of a stage game in
which parts of what a share does to others count as the lab's own.
"""

from typing import NamedTuple

import numpy as np

from race_sim.kernels.compile import inlined, jit
from race_sim.kernels.laws import LARGEST_SHARE
from race_sim.kernels.objective import worth
from race_sim.kernels.period import is_decision, run_period
from race_sim.kernels.release import choose_delay
from race_sim.kernels.stage_game import GOLDEN, PLATEAU, accounts, freeze, look, own_best

CELLS = 12
REPLY_TOLERANCE = 1e-5  # width at which a reply is found
SETTLED = 1e-3  # a sweep of replies that moves no share by more has settled
LARGEST_SWEEPS = 12


class OtherRegarding(NamedTuple):
    """What labs count besides their own objective, each 0 or 1; with all 0 they play their best responses.

    ``stake``: what a catastrophe takes from its nation and from its nation's other labs. ``home``: revenue and damages
    of its nation's other labs. ``trust``: what its mishaps do to the trust and the regulation that all others expect.
    ``abroad``: revenue, damages, stakes and catastrophe costs of other nations and their labs. With all 1 every lab
    maximises the same sum: all labs' objectives less all nations' catastrophe costs.

    Examples
    --------
    >>> OtherRegarding(stake=1, home=1, trust=0, abroad=0)._replace(trust=1).trust
    1
    """

    stake: int
    home: int
    trust: int
    abroad: int


@inlined
def other_regarding_objective(x, i, standing, shares, counted, labs, nations, world, p):
    """Compute what lab i maximises: its own objective and the parts of others' that it counts.

    A factor of another lab's objective that lab i does not count keeps its standing value, that at ``shares``, so that
    the choice does not depend on it.

    Parameters
    ----------
    x : float
        Safety share, in [0, 0.95].
    i : int
        Number of the lab.
    standing : tuple
        ``accounts`` at ``shares``.
    shares : array (labs,)
        Safety shares, in [0, 0.95].
    counted : OtherRegarding
        What labs count besides their own objective.
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
    home = labs[i].nation
    last = shares[i]
    shares[i] = x
    revenue, future, damage, survival, alive = accounts(shares, labs, nations, world, p)
    shares[i] = last
    value = 0.0
    for j in range(len(labs)):
        at_home = labs[j].nation == home
        market = j == i or (counted.home if at_home else counted.abroad) == 1
        trust = j == i or counted.trust == 1
        stake = j == i or (counted.stake if at_home else counted.abroad) == 1
        value += worth(
            1.0,
            revenue[j] if market else standing.revenue[j],
            survival[j] if stake else standing.survival[j],
            future[j] if trust else standing.future[j],
            damage[j] if market else standing.damage[j],
            p,
        )
    for n in range(len(nations)):
        if (counted.stake if n == home else counted.abroad) == 1:
            value -= (1.0 - alive) * nations[n].catastrophe_cost
    return value


@jit
def other_regarding_reply(i, shares, counted, labs, nations, world, p):
    """Find the share that maximises ``other_regarding_objective``, ties to the lowest.

    A grid, then golden sections beside its best point.

    Parameters
    ----------
    i : int
        Number of the lab.
    shares : array (labs,)
        Safety shares, in [0, 0.95].
    counted : OtherRegarding
        What labs count besides their own objective.
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
        The share.
    """
    floor = min(labs[i].floor, LARGEST_SHARE)
    standing = accounts(shares, labs, nations, world, p)
    span = LARGEST_SHARE - floor
    best, value, where = floor, -np.inf, 0
    for cell in range(CELLS + 1):
        x = floor + span * (cell / CELLS) ** 2
        result = other_regarding_objective(x, i, standing, shares, counted, labs, nations, world, p)
        if cell == 0 or result > value + PLATEAU * abs(value):
            best, value, where = x, result, cell
    left = floor + span * (max(0, where - 1) / CELLS) ** 2
    right = floor + span * (min(CELLS, where + 1) / CELLS) ** 2
    a, b = right - GOLDEN * (right - left), left + GOLDEN * (right - left)
    at_a = other_regarding_objective(a, i, standing, shares, counted, labs, nations, world, p)
    at_b = other_regarding_objective(b, i, standing, shares, counted, labs, nations, world, p)
    while right - left > REPLY_TOLERANCE:
        if at_a >= at_b - PLATEAU * abs(at_b):
            right, b, at_b = b, a, at_a
            a = right - GOLDEN * (right - left)
            at_a = other_regarding_objective(a, i, standing, shares, counted, labs, nations, world, p)
        else:
            left, a, at_a = a, b, at_b
            b = left + GOLDEN * (right - left)
            at_b = other_regarding_objective(b, i, standing, shares, counted, labs, nations, world, p)
    last = other_regarding_objective(right, i, standing, shares, counted, labs, nations, world, p)
    if last > value + PLATEAU * abs(value) or (right < best and last >= value - PLATEAU * abs(value)):
        best, value = right, last
    stays = other_regarding_objective(shares[i], i, standing, shares, counted, labs, nations, world, p)
    return max(floor, shares[i]) if stays > value + PLATEAU * abs(value) else best


@jit
def settle_other_regarding(shares, counted, labs, nations, world, p):
    """Let labs reply one after another until a sweep moves nobody.

    One after another, not all at once: where labs share a goal, each reply then brings it nearer.

    Parameters
    ----------
    shares : array (labs,)
        Start; changed to the end.
    counted : OtherRegarding
        What labs count besides their own objective.
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
        Largest move of the last sweep.
    """
    selfish = counted.stake + counted.home + counted.trust + counted.abroad == 0
    moved = 0.0
    for _ in range(LARGEST_SWEEPS):
        moved = 0.0
        for i in range(len(labs)):
            if selfish:
                look(shares, labs, nations, world, p)
                share, _ = own_best(i, labs, nations, world, p)
            else:
                share = other_regarding_reply(i, shares, counted, labs, nations, world, p)
            moved = max(moved, abs(share - shares[i]))
            shares[i] = share
        if moved < SETTLED:
            break
    return moved


@jit
def run_other_regarding(labs, nations, worlds, parameters, counted, unsettled):
    """Run every row to its end; at each decision date labs play the equilibrium of their other-regarding stage game.

    It is one of shares; delays before release are each lab's own best ones, as under the rule ``stage_nash``.
    Labs must carry the rule ``fixed``, so that what is chosen here stands.

    Parameters
    ----------
    labs : records (runs, labs)
        All labs of all runs.
    nations : records (runs, nations)
        All nations of all runs.
    worlds : records (runs,)
        The worlds of all runs.
    parameters : records (runs,)
        Parameters of all runs.
    counted : OtherRegarding
        What labs count besides their own objective.
    unsettled : array (runs,)
        Gets the number of decision dates at which replies went on moving.
    """
    count = labs.shape[1]
    shares, last = np.empty(count), np.empty(count)
    for r in range(len(worlds)):
        world, p = worlds[r], parameters[r]
        while world.alive == 1 and world.period < world.periods:
            if is_decision(world):
                freeze(labs[r], nations[r], world, p)
                for i in range(count):
                    shares[i] = last[i] = labs[r, i].share
                if settle_other_regarding(shares, counted, labs[r], nations[r], world, p) >= SETTLED:
                    unsettled[r] += 1
                look(last, labs[r], nations[r], world, p)
                for i in range(count):
                    labs[r, i].chosen = shares[i]
                    choose_delay(shares[i], i, labs[r], nations[r], world, p)
            run_period(labs[r], nations[r], world, p)


@jit
def run_scripted(labs, nations, worlds, parameters, shares, delays):
    """Run every row to its end with given shares and delays before release; floors apply.

    Labs carry the rule ``fixed``.

    Parameters
    ----------
    labs : records (runs, labs)
        All labs of all runs.
    nations : records (runs, nations)
        All nations of all runs.
    worlds : records (runs,)
        The worlds of all runs.
    parameters : records (runs,)
        Parameters of all runs.
    shares : array (runs, periods, labs)
        Safety shares in [0, 1].
    delays : array (runs, periods, labs)
        Years; without periods, all labs keep the delay of the start.
    """
    for r in range(len(worlds)):
        world = worlds[r]
        while world.alive == 1 and world.period < world.periods:
            for i in range(labs.shape[1]):
                labs[r, i].chosen = shares[r, world.period, i]
                if delays.shape[1] > 0:
                    labs[r, i].delay_chosen = labs[r, i].delay_step = delays[r, world.period, i]
            run_period(labs[r], nations[r], world, parameters[r])
