"""Han, Lenaerts, Santos, Pereira (2022), Voluntary safety commitments, arXiv 2104.03741: five strategies.

Written from the paper's equations without sight of the package's implementation.

Readings. The punishment race is that of `han2021`, with its readings. An agreement is formed only if both are in, and
each of the two then pays eps; a player in the race without an agreement plays unsafe and pays nothing.
"""

import numpy

from tests.published import han2021
from tests.published.exact_chain import floats, number, small_mutation_of_pairs
from tests.published.han2020 import pair_payoff


def sample(random: numpy.random.Generator) -> dict:
    point = han2021.sample(random)
    del point["incentive"]
    point["Z"] = int(2 * 40 ** random.uniform(0, 1))
    point["eps"] = float(random.choice([0.0, 10 ** random.uniform(-2, 2)]))
    return point


def results(
    c=1,
    b=4,
    B=1e4,
    W=100,
    s=1.5,
    p_r=0.5,
    p_fo=0,
    Z=100,
    beta=0.01,
    s_a=0.3,
    s_b=1.5,
    eps=0,
    self_interaction=False,
):
    plain = pair_payoff(c, b, B, W, s, p_r, p_fo)
    ss, su, us, uu = plain[0][0], plain[0][1], plain[1][0], plain[1][1]
    p, q = han2021.punishment_payoffs(c, b, B, W, s, p_r, p_fo, s_a, s_b)
    eps = number(eps)
    payoff = [
        [ss, su, su, su, su],
        [us, uu, uu, uu, uu],
        [us, uu, ss - eps, su - eps, ss - eps],
        [us, uu, us - eps, uu - eps, q - eps],
        [us, uu, ss - eps, p - eps, ss - eps],
    ]
    logs, shares = small_mutation_of_pairs(payoff, Z, number(beta), self_interaction)
    return floats(
        {"payoff": payoff, "log_fixation": logs, "stationary": shares, "unsafe": shares[1] + shares[3]},
    )


DIFFERS = {
    "unsafe, p_r = .1 (without self-interaction)": "the paper's figures count a player among its own opponents "
    "(self-interaction), which the printed formula of the average payoff does not; with it, the row comes out"
}


def published():
    for self_interaction in (True, False):
        counted = f"({'with' if self_interaction else 'without'} self-interaction)"
        for p_r, share in ((0.1, 0.952), (0.6, 0.026)):
            ours = results(p_r=p_r, self_interaction=self_interaction)["unsafe"]
            yield f"unsafe, p_r = {p_r} {counted}".replace("0.", "."), share, ours, 5e-4
