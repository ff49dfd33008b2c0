"""Players who imitate each other: well mixed, by events, and on a graph, step by step.

Draws are addressed by (seed, run, step, purpose); numbers of steps and events go beyond 32 bits.
"""

import numpy as np

from race_sim.kernels.arrays import copy_into
from race_sim.kernels.compile import inlined, jit
from race_sim.kernels.elementary import log, log1p
from race_sim.kernels.population_chain import average_payoff, fermi
from race_sim.kernels.random import uniforms

# Purposes of draws, apart from those of the race. Each address yields two independent uniforms.
EVENT, UPDATE, START = 32, 33, 34

_WORD = 32
_LOW_WORD = 0xFFFFFFFF


@inlined
def draws(seed, run, number, purpose):
    """Draw two uniforms at the address of a step or an event.

    Parameters
    ----------
    seed, run : int
        Seed and number of the simulation.
    number : int
        Number of the step or event; may exceed 32 bits.
    purpose : int
        What the draw is for.

    Returns
    -------
    tuple of float
        Two independent uniforms in [0, 1).
    """
    return uniforms(seed, run, number & _LOW_WORD, number >> _WORD, purpose)


@inlined
def well_mixed_rates(count, payoff, beta, mutation, self_interaction, population, f, rate):
    """Fill in the probabilities that the next step turns a player of one strategy into one of another.

    Parameters
    ----------
    count : array (q,)
        Numbers of players by strategy.
    payoff : array (q, q)
        Payoff of the row's strategy against the column's.
    beta : float
        Intensity of selection.
    mutation : float
        Probability of a mutation per step.
    self_interaction : bool
        Whether a player also meets itself.
    population : int
        Number of players.
    f : array (q,)
        Filled: average payoffs.
    rate : array (q, q)
        Filled: probabilities, from row to column.

    Returns
    -------
    float
        Probability that anything changes in the next step.
    """
    strategies = len(count)
    spread = mutation / (strategies - 1.0)
    meets = (1.0 - mutation) / (population - 1.0)
    for a in range(strategies):
        f[a] = average_payoff(a, count, payoff, population, self_interaction)
    total = 0.0
    for a in range(strategies):
        for b in range(a):
            copy = fermi(f[b] - f[a], beta) if count[a] > 0 and count[b] > 0 else 0.5
            rate[a, b] = count[a] * (spread + meets * count[b] * copy) / population
            rate[b, a] = count[b] * (spread + meets * count[a] * (1.0 - copy)) / population
            total += rate[a, b] + rate[b, a]
    return total


@jit
def run_well_mixed(
    seed, run, count, payoff, beta, mutation, self_interaction, skipped, steps, blocks, block_sums, homogeneous
):
    """Simulate the exact counting process of a well-mixed population.

    Players of one strategy are alike, so that their numbers are the whole state; the steps in which nothing changes are
    drawn at once from their geometric law. After ``skipped`` steps, ``steps`` steps are recorded, in ``blocks`` blocks
    of equal length.

    Parameters
    ----------
    seed, run : int
        Seed and number of the simulation.
    count : array (q,)
        Numbers of players at the start; becomes those at the end.
    payoff : array (q, q)
        Payoff of the row's strategy against the column's.
    beta : float
        Intensity of selection.
    mutation : float
        Probability of a mutation per step.
    self_interaction : bool
        Whether a player also meets itself.
    skipped, steps, blocks : int
        Steps before recording, steps recorded, and blocks into which these are cut.
    block_sums : array (blocks, q)
        Gets sums of counts over the steps of each block.
    homogeneous : array (q,)
        Gets the number of recorded steps at which everybody plays a strategy.

    Returns
    -------
    int
        Number of changes.
    """
    strategies = len(count)
    population = count.sum()
    f = np.empty(strategies)
    rate = np.zeros((strategies, strategies))
    length = steps // blocks
    end = skipped + steps
    step = np.int64(0)
    events = np.int64(0)
    while step < end:
        total = well_mixed_rates(count, payoff, beta, mutation, self_interaction, population, f, rate)
        first, second = draws(seed, run, events, EVENT)
        stay = np.int64(end - step)
        if total > 0.0:
            wait = log(1.0 - first) / log1p(-total) if total < 1.0 else 0.0
            if wait < stay - 1.0:
                stay = np.int64(wait) + 1
        # The state is seen at the steps step, ..., step + stay - 1.
        begin = max(step, skipped)
        after = step + stay
        if after > skipped:
            for a in range(strategies):
                if count[a] == population:
                    homogeneous[a] += after - begin
            while begin < after:
                block = (begin - skipped) // length
                stop = min(after, skipped + (block + 1) * length)
                for a in range(strategies):
                    block_sums[block, a] += count[a] * (stop - begin)
                begin = stop
        step = after
        if step >= end:
            break
        target = second * total
        source = -1
        goal = -1
        for a in range(strategies):
            for b in range(strategies):
                if a != b and rate[a, b] > 0.0 and target >= 0.0:
                    source = a
                    goal = b
                    target -= rate[a, b]
        count[source] -= 1
        count[goal] += 1
        events += 1
    return events


@inlined
def node_payoff(i, strategy, near, payoff, degree, averaged):
    """Compute what a node gets from its neighbours.

    Parameters
    ----------
    i : int
        The node.
    strategy : int
        What it plays.
    near : array (nodes, q)
        Numbers of each node's neighbours by strategy.
    payoff : array (q, q)
        Payoff of the row's strategy against the column's.
    degree : int
        Number of its neighbours.
    averaged : bool
        On average, not in sum.

    Returns
    -------
    float
        Sum or average.
    """
    total = 0.0
    for c in range(near.shape[1]):
        total += near[i, c] * payoff[strategy, c]
    return total / degree if averaged else total


@jit
def count_neighbours(start, neighbour, strategy, near):
    """Count every node's neighbours by strategy.

    Parameters
    ----------
    start : array (nodes + 1,)
        Where each node's neighbours begin.
    neighbour : array (edges,)
        Neighbours, node by node.
    strategy : array (nodes,)
        What each node plays.
    near : array (nodes, q)
        Filled.
    """
    near[:] = 0
    for i in range(len(strategy)):
        for place in range(start[i], start[i + 1]):
            near[i, strategy[neighbour[place]]] += 1


@jit
def run_on_graph(seed, run, start, neighbour, strategy, payoff, beta, mutation, averaged, generations, frequency):
    """Simulate players on a graph, one update at a time.

    A node is drawn; it mutates, or copies a random neighbour with the Fermi probability of their payoffs. A generation
    is as many steps as there are nodes.

    Parameters
    ----------
    seed, run : int
        Seed and number of the simulation.
    start : array (nodes + 1,)
        Where each node's neighbours begin.
    neighbour : array (edges,)
        Neighbours, node by node.
    strategy : array (nodes,)
        What each node plays at the start; becomes what it plays at the end.
    payoff : array (q, q)
        Payoff of the row's strategy against the column's.
    beta : float
        Intensity of selection.
    mutation : float
        Probability of a mutation per step.
    averaged : bool
        Whether payoffs are averages over neighbours, not sums.
    generations : int
        How many.
    frequency : array (generations + 1, q)
        Filled: composition before the first and after each generation.

    Returns
    -------
    int
        Number of steps taken; once everybody plays alike and nobody mutates, none is.
    """
    nodes = len(strategy)
    strategies = len(payoff)
    near = np.zeros((nodes, strategies), dtype=np.int64)
    count_neighbours(start, neighbour, strategy, near)
    count = np.zeros(strategies, dtype=np.int64)
    for i in range(nodes):
        count[strategy[i]] += 1
    for a in range(strategies):
        frequency[0, a] = count[a] / nodes
    step = np.int64(0)
    for generation in range(1, generations + 1):
        if mutation == 0.0 and count[strategy[0]] == nodes:
            copy_into(frequency[generation - 1], frequency[generation])
            continue
        for _ in range(nodes):
            first, second = draws(seed, run, step, UPDATE)
            step += 1
            scaled = first * nodes
            i = int(scaled)
            degree = start[i + 1] - start[i]
            old = strategy[i]
            new = old
            if second < mutation:
                new = int(second / mutation * (strategies - 1))
                new += 1 if new >= old else 0
            elif degree > 0:
                j = neighbour[start[i] + int((scaled - i) * degree)]
                other = strategy[j]
                if other != old:
                    here = node_payoff(i, old, near, payoff, degree, averaged)
                    there = node_payoff(j, other, near, payoff, start[j + 1] - start[j], averaged)
                    if (second - mutation) < (1.0 - mutation) * fermi(there - here, beta):
                        new = other
            if new != old:
                strategy[i] = new
                count[old] -= 1
                count[new] += 1
                for place in range(start[i], start[i + 1]):
                    near[neighbour[place], old] -= 1
                    near[neighbour[place], new] += 1
        for a in range(strategies):
            frequency[generation, a] = count[a] / nodes
    return step


@jit
def scatter(seed, run, count, strategy):
    """Place players on the nodes at random (Fisher and Yates).

    Parameters
    ----------
    seed, run : int
        Seed and number of the simulation.
    count : array (q,)
        How many play each strategy.
    strategy : array (nodes,)
        Filled.
    """
    i = 0
    for a in range(len(count)):
        for _ in range(count[a]):
            strategy[i] = a
            i += 1
    for i in range(len(strategy) - 1, 0, -1):
        j = int(draws(seed, run, i, START)[0] * (i + 1))
        held = strategy[i]
        strategy[i] = strategy[j]
        strategy[j] = held
