"""Labs that count more than their own objective, and runs that such labs, or a script, steer.

A counterfactual of the decision rule ``stage_nash``: at each decision date labs play the equilibrium of a stage game in
which parts of what a share does to others count as the lab's own.
"""

from typing import NamedTuple

import numpy as np

from race_sim.kernels.compile import inlined, jit
from race_sim.kernels.laws import LARGEST_SHARE
from race_sim.kernels.period import is_decision, run_period
from race_sim.kernels.stage_game import GOLDEN, PLATEAU, accounts, freeze, look, own_best

CELLS = 12
REPLY_TOLERANCE = 1e-5  # width at which a reply is found
SETTLED = 1e-3  # a sweep of replies that moves no share by more has settled
LARGEST_SWEEPS = 12


class OtherRegarding(NamedTuple):
    """What labs count besides their own objective, each 0 or 1; with all 0 they play their best responses.

    stake: what a catastrophe takes from its nation and from its nation's other labs. home: revenue and damages of its
    nation's other labs. trust: what its mishaps do to the trust and the regulation that all others expect. abroad:
    revenue, damages, stakes and catastrophe costs of other nations and their labs. With all 1 every lab maximises the
    same sum: all labs' objectives less all nations' catastrophe costs.

    >>> Concerns(stake=1, home=1, trust=0, abroad=0)._replace(trust=1).trust
    1
    """

    stake: int
    home: int
    trust: int
    abroad: int


@inlined
def other_regarding_objective(x, i, base, shares, other_regarding, labs, nations, world, p, revenue, future, damages):
    """What lab i maximises at a share x: its own objective and the parts of others' that its concerns count.

    base: the accounts (3, labs) and the survival at ``shares``: a factor of another lab's objective that lab i does not
    count keeps its value there, so that it does not bear on the choice.
    """
    kept, kept_survival = base
    home = labs[i].nation
    last = shares[i]
    shares[i] = x
    look(shares, labs, nations, world, p)
    shares[i] = last
    survival = accounts(labs, nations, world, p, revenue, future, damages)
    horizon, stake = p.lab_planning_horizon, p.lab_catastrophe_stake
    value = 0.0
    for j in range(len(labs)):
        at_home = labs[j].nation == home
        market = j == i or (other_regarding.home if at_home else other_regarding.abroad) == 1
        earned, paid = (revenue[j], damages[j]) if market else (kept[0, j], kept[2, j])
        trusted = future[j] if j == i or other_regarding.trust == 1 else kept[1, j]
        alive = (
            survival if j == i or (other_regarding.stake if at_home else other_regarding.abroad) == 1 else kept_survival
        )
        value += horizon * (alive * earned * trusted - paid) - (1.0 - alive) * stake
    for n in range(len(nations)):
        if (other_regarding.stake if n == home else other_regarding.abroad) == 1:
            value -= (1.0 - survival) * p.nation_catastrophe_cost
    return value


@jit
def other_regarding_reply(i, shares, other_regarding, labs, nations, world, p):
    """The share that maximises ``concerned`` for lab i, ties to the lowest: a grid, then golden sections beside it."""
    count = len(labs)
    floor = min(nations[labs[i].nation].floor, LARGEST_SHARE)
    look(shares, labs, nations, world, p)
    revenue, future, damages = np.empty(count), np.empty(count), np.empty(count)
    kept = np.empty((3, count))
    base = (kept, accounts(labs, nations, world, p, kept[0], kept[1], kept[2]))
    span = LARGEST_SHARE - floor
    best, value, where = floor, -np.inf, 0
    for cell in range(CELLS + 1):
        x = floor + span * (cell / CELLS) ** 2
        result = other_regarding_objective(
            x, i, base, shares, other_regarding, labs, nations, world, p, revenue, future, damages
        )
        if cell == 0 or result > value + PLATEAU * abs(value):
            best, value, where = x, result, cell
    left = floor + span * (max(0, where - 1) / CELLS) ** 2
    right = floor + span * (min(CELLS, where + 1) / CELLS) ** 2
    a, b = right - GOLDEN * (right - left), left + GOLDEN * (right - left)
    at_a = other_regarding_objective(
        a, i, base, shares, other_regarding, labs, nations, world, p, revenue, future, damages
    )
    at_b = other_regarding_objective(
        b, i, base, shares, other_regarding, labs, nations, world, p, revenue, future, damages
    )
    while right - left > REPLY_TOLERANCE:
        if at_a >= at_b - PLATEAU * abs(at_b):
            right, b, at_b = b, a, at_a
            a = right - GOLDEN * (right - left)
            at_a = other_regarding_objective(
                a, i, base, shares, other_regarding, labs, nations, world, p, revenue, future, damages
            )
        else:
            left, a, at_a = a, b, at_b
            b = left + GOLDEN * (right - left)
            at_b = other_regarding_objective(
                b, i, base, shares, other_regarding, labs, nations, world, p, revenue, future, damages
            )
    last = other_regarding_objective(
        right, i, base, shares, other_regarding, labs, nations, world, p, revenue, future, damages
    )
    if last > value + PLATEAU * abs(value) or (right < best and last >= value - PLATEAU * abs(value)):
        best, value = right, last
    here = other_regarding_objective(
        shares[i], i, base, shares, other_regarding, labs, nations, world, p, revenue, future, damages
    )
    return max(floor, shares[i]) if here > value + PLATEAU * abs(value) else best


@jit
def settle_other_regarding(shares, other_regarding, labs, nations, world, p):
    """Replies of one lab after another until a sweep moves nobody; changes ``shares``, returns the last largest move.

    One after another, not all at once: where labs share a goal, each reply then brings it nearer.
    """
    selfish = other_regarding.stake + other_regarding.home + other_regarding.trust + other_regarding.abroad == 0
    moved = 0.0
    for _ in range(LARGEST_SWEEPS):
        moved = 0.0
        for i in range(len(labs)):
            if selfish:
                look(shares, labs, nations, world, p)
                share, _ = own_best(i, labs, nations, world, p)
            else:
                share = other_regarding_reply(i, shares, other_regarding, labs, nations, world, p)
            moved = max(moved, abs(share - shares[i]))
            shares[i] = share
        if moved < SETTLED:
            break
    return moved


@jit
def run_other_regarding(labs, nations, worlds, parameters, other_regarding, unsettled):
    """Run every row to its end; at each decision date labs play the equilibrium of their concerned stage game.

    Labs must carry the rule ``fixed``, so that what is chosen here stands. unsettled: (runs,), decision dates at which
    replies went on moving.
    """
    count = labs.shape[1]
    shares = np.empty(count)
    for r in range(len(worlds)):
        world, p = worlds[r], parameters[r]
        while world.alive == 1 and world.period < world.periods:
            if is_decision(world):
                freeze(labs[r], nations[r], world, p)
                for i in range(count):
                    shares[i] = labs[r, i].share
                if settle_other_regarding(shares, other_regarding, labs[r], nations[r], world, p) >= SETTLED:
                    unsettled[r] += 1
                for i in range(count):
                    labs[r, i].chosen = shares[i]
            run_period(labs[r], nations[r], world, p)


@jit
def run_scripted(labs, nations, worlds, parameters, shares):
    """Run every row to its end with given shares (runs, periods, labs); floors apply. Labs carry the rule ``fixed``."""
    for r in range(len(worlds)):
        world = worlds[r]
        while world.alive == 1 and world.period < world.periods:
            for i in range(labs.shape[1]):
                labs[r, i].chosen = shares[r, world.period, i]
            run_period(labs[r], nations[r], world, parameters[r])
