"""Cimpeanu, Santos, Pereira, Lenaerts, Han (2022), AI race on networks, Sci Rep 12:1723: the game that is played.

Written from the paper's equations without sight of the package's implementation. `results` has only the payoffs of one
meeting: the share of unsafe play is random and cannot be compared number by number. `lattice_run` plays the race on a
square lattice in plain Python, for a comparison of averages.

Readings. Half of the nodes, drawn at random, are safe at the start. One generation is as many updates as there are
nodes; in each a node drawn at random, the same one again being possible, looks at one of its neighbours and copies it
with the Fermi probability of what the two earn in all their meetings at that moment.
"""

import math

import numpy

from tests.published.exact_chain import floats
from tests.published.han2020 import pair_payoff


def sample(random: numpy.random.Generator) -> dict:
    return {
        "c": random.uniform(0, 3),
        "b": 10 ** random.uniform(-0.5, 1.2),
        "B": 10 ** random.uniform(0, 4.5),
        "W": 10 ** random.uniform(1, 4),
        "s": random.uniform(1.05, 4),
        "p_r": random.uniform(0, 1),
        "p_fo": random.uniform(0, 1),
        "beta": 10 ** random.uniform(-3, 1),
        "nodes": int(random.integers(4, 9)) ** 2,
        "graph": str(random.choice(["well_mixed", "lattice", "scale_free"])),
        "generations": 8,
        "seed": int(random.integers(1000)),
    }


def results(c=1, b=4, B=1e4, W=100, s=1.5, p_r=0.5, p_fo=0.5, **_):
    payoff = pair_payoff(c, b, B, W, s, p_r, p_fo)
    return floats({"payoff": [row[:2] for row in payoff[:2]]})


def lattice_run(payoff, side, beta, generations, random: numpy.random.Generator):
    """The share of unsafe nodes at the end of one race on a side x side lattice whose borders meet."""
    nodes = side * side
    unsafe = [0] * (nodes - nodes // 2) + [1] * (nodes // 2)
    random.shuffle(unsafe)

    def neighbours(node):
        row, column = divmod(node, side)
        return (
            row * side + (column + 1) % side,
            row * side + (column - 1) % side,
            (row + 1) % side * side + column,
            (row - 1) % side * side + column,
        )

    def earned(node):
        return sum(payoff[unsafe[node]][unsafe[other]] for other in neighbours(node))

    for _ in range(generations * nodes):
        node = int(random.integers(nodes))
        model = neighbours(node)[int(random.integers(4))]
        if random.random() < 1 / (1 + math.exp(-beta * (earned(model) - earned(node)))):
            unsafe[node] = unsafe[model]
    return sum(unsafe) / nodes


def published():
    """The paper's own results are orderings of simulated shares: no number to check here."""
    yield from ()
