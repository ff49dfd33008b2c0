"""Fernandez Domingos and others (2026), Falling behind drives unsafe development, arXiv 2607.26034.

Written from the paper's equations without sight of the package's implementation.

Readings. The share of unsafe rounds that makes the risk is taken of the rounds that are really played, so it is
random; a player behind at the end keeps everything for sure. Every pair is played round by round; the race of t rounds
has the probability of its length, and lengths beyond a chance of 1e-18 are left out.
"""

import math

import numpy

from tests.published.exact_chain import floats, frequency, number, small_mutation_of_pairs

STAGE = {("S", "S"): 1.0, ("S", "U"): 0.6, ("U", "S"): 2.4, ("U", "U"): 2.0}
STRATEGIES = ("AS", "AU", "CS", "CAS")


def sample(random: numpy.random.Generator) -> dict:
    step_safe = random.uniform(0.3, 2)
    point = {
        "p_max": random.uniform(0, 1),
        "W": int(random.integers(1, 11)),
        "w_stop": float(random.choice([1.0, random.uniform(0.05, 1), random.uniform(0.05, 1)])),
        "prize": float(random.choice([0.0, 10 ** random.uniform(0, 3), 10 ** random.uniform(0, 3)])),
        "step_safe": step_safe,
        "step_unsafe": step_safe * random.uniform(1.05, 3),
        "Z": int(2 * 50 ** random.uniform(0, 1)),
        "beta": 10 ** random.uniform(-4, 0),
        "mutation": 0.0,
        "self_interaction": bool(random.integers(2)),
    }
    if random.integers(4) == 0:
        point |= {"Z": int(random.integers(2, 6)), "mutation": 10 ** random.uniform(-6, 0)}
    return point


def choice(strategy, rival_last):
    """What a strategy plays, given what the rival played in the last round (None in the first round)."""
    if strategy == "AS":
        return "S"
    if strategy == "AU":
        return "U"
    if rival_last is None:
        return "S" if strategy == "CS" else "U"
    return rival_last


def expected_payoff(own, rival, p_max, W, w_stop, prize, step_safe, step_unsafe):
    own_last = rival_last = None
    earned = dict.fromkeys(STAGE, 0)
    own_unsafe = rival_unsafe = 0
    terms = []
    rounds, still_running = 0, 1.0
    while still_running > 1e-18:
        rounds += 1
        own_now, rival_now = choice(own, rival_last), choice(rival, own_last)
        earned[own_now, rival_now] += 1
        own_unsafe += own_now == "U"
        rival_unsafe += rival_now == "U"
        own_last, rival_last = own_now, rival_now
        if rounds < W:
            continue
        chance = still_running * w_stop
        still_running *= 1 - w_stop
        kept = math.fsum(times * STAGE[pair] for pair, times in earned.items())
        ahead = (own_unsafe - rival_unsafe) * (step_unsafe - step_safe)
        won = prize if ahead > 0 else prize / 2 if ahead == 0 else 0.0
        risk = p_max * own_unsafe / rounds if ahead >= 0 else 0.0
        terms.append(chance * (1 - risk) * (kept + won))
    return math.fsum(terms)


def thresholds(W, w_stop, prize):
    """The risks at which two unsafe earn what two safe earn, and at which AS resists AU and AU resists AS."""
    rounds = W + 1 / w_stop - 1
    both_safe, both_unsafe = rounds * 1.0 + prize / 2, rounds * 2.0 + prize / 2
    return {
        "social": 1 - both_safe / both_unsafe,
        "AS_AS": 1 - both_safe / (rounds * 2.4 + prize),
        "AU_AU": 1 - rounds * 0.6 / both_unsafe,
    }


def results(
    p_max=0.5,
    W=5,
    w_stop=0.2,
    prize=100,
    step_safe=1,
    step_unsafe=1.5,
    Z=100,
    beta=0.1,
    mutation=0,
    self_interaction=False,
):
    payoff = [
        [number(expected_payoff(own, rival, p_max, W, w_stop, prize, step_safe, step_unsafe)) for rival in STRATEGIES]
        for own in STRATEGIES
    ]
    beta, mutation = number(beta), number(mutation)
    logs, shares = small_mutation_of_pairs(payoff, Z, beta, self_interaction)
    result = {
        "payoff": payoff,
        "log_fixation": logs,
        "stationary": shares,
        "thresholds": thresholds(W, w_stop, prize),
    }
    if mutation > 0:
        result["frequency"] = frequency(payoff, Z, beta, mutation, self_interaction)
    return floats(result)


def published():
    result = thresholds(5, 0.2, 100)
    yield "social threshold", 0.132, result["social"], 5e-4
    yield "threshold of (AS, AS)", 0.515, result["AS_AS"], 5e-4
    yield "threshold of (AU, AU)", 0.921, result["AU_AU"], 5e-4
    tie = results()["payoff"]
    yield "AU and CAS earn the same against AU", 0.0, tie[1][1] - tie[3][1], 1e-12
    yield "AU and CAS earn the same against CAS", 0.0, tie[1][3] - tie[3][3], 1e-12
