"""Alalawi and others (2024), Trust AI regulation?, arXiv 2403.09510: users, creators, regulators.

Written from the paper's equations without sight of the package's implementation.

Readings. A conditional user keeps the letter T in the names of the states and counts as trusting in the marginal,
whatever the regulator does; where the regulator does not regulate it is treated as N.
"""

import itertools

import numpy

from tests.published.exact_chain import fixation, floats, neighbour_chain, number


def sample(random: numpy.random.Generator) -> dict:
    return {
        "bU": random.uniform(0, 8),
        "bP": random.uniform(0, 8),
        "bR": random.uniform(0, 8),
        "cP": random.uniform(0, 3),
        "u": random.uniform(0, 4),
        "v": random.uniform(0, 3),
        "cR": random.uniform(0, 6),
        "b_fo": float(random.choice([0.0, random.uniform(0, 6)])),
        "eps": random.uniform(-10, 10),
        "Z_users": int(2 * 60 ** random.uniform(0, 1)),
        "Z_creators": int(2 * 60 ** random.uniform(0, 1)),
        "Z_regulators": int(2 * 60 ** random.uniform(0, 1)),
        "beta": 10 ** random.uniform(-3, 0.5),
        "conditional": bool(random.integers(2)),
    }


def results(
    bU=4,
    bP=4,
    bR=4,
    cP=0.5,
    u=1.5,
    v=0.5,
    cR=0.5,
    b_fo=0,
    eps=0.2,
    Z_users=100,
    Z_creators=100,
    Z_regulators=100,
    beta=0.1,
    conditional=False,
):
    bU, bP, bR, cP, u, v, cR, b_fo, eps, beta = map(number, (bU, bP, bR, cP, u, v, cR, b_fo, eps, beta))
    payoff = {
        "TCC": (bU, bP - cP, bR - cR),
        "TCD": (bU, bP - cP, bR),
        "TDC": (eps * bU, bP - u, bR - cR - v + b_fo),
        "TDD": (eps * bU, bP, bR),
        "NCC": (0, -cP, -cR),
        "NCD": (0, -cP, 0),
        "NDC": (0, 0, -cR),
        "NDD": (0, 0, 0),
    }
    if conditional:
        payoff["TCD"], payoff["TDD"] = payoff["NCD"], payoff["NDD"]
    states = list(itertools.product("TN", "CD", "CD"))
    sizes = (Z_users, Z_creators, Z_regulators)

    def fix(start, end, changed):
        gain = number(payoff["".join(states[end])][changed] - payoff["".join(states[start])][changed])
        return fixation(lambda k: gain, sizes[changed], beta)

    share = neighbour_chain(states, fix, neighbours=3)
    return floats(
        {
            "stationary": {"".join(state): share[state] for state in states},
            "trust": sum(share[state] for state in states if state[0] == "T"),
            "comply": sum(share[state] for state in states if state[1] == "C"),
            "regulate": sum(share[state] for state in states if state[2] == "C"),
        }
    )


def published():
    """The result in words: discerning users make regulation work when it is cheap enough."""
    cheap, dear = results(conditional=True), results(conditional=True, cR=5)
    blind = results()
    yield "conditional users, cheap: regulation kept by most", 1.0, float(cheap["regulate"] > 0.5), 0
    yield "conditional users, cheap: trust above that of blind users", 1.0, float(cheap["trust"] > blind["trust"]), 0
    yield "conditional users, cheap: more compliance than blind users", 1.0, float(cheap["comply"] > blind["comply"]), 0
    yield "conditional users, dear: regulation given up by most", 1.0, float(dear["regulate"] < 0.5), 0
