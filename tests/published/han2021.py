"""Han, Pereira, Lenaerts, Santos (2021), Mediating AI developments, PLoS ONE 16:e0244592: punishment and reward.

Written from the paper's equations without sight of the package's implementation.

Readings. Speeds below zero count as standing still. If both stand still the race never ends: R grows without bound
and what is left per round is -c for the punisher, 0 for the punished. (The equations give b in later rounds by speed,
and all of it to the one who moves; with neither moving the shares are 0/0 and have no limit. That nobody earns then is
the natural reading of "the mover gets it", and the one of the public replication of this model, which sets both shares
to zero unless somebody moves.) A draw halves the prize. Later rounds are shared by speed and are not checked
(p_fo enters the first round and the games without punishment). The winner is the one with
the shorter time at the given W: AU by (W - s)/s', PS by (W - 1)/s''. The early limit (B far above b, W large) when PS
wins is not printed in the source of these equations; from the payoffs it is 1 - (1 + 2 s'')/s, and
1 - (1 + s'')/(s + s') at a draw, neither clipped. A rewarded pair with 1 + s_b < s_a has no speed and no prize.
"""

import numpy

from tests.published.exact_chain import floats, number, small_mutation_of_pairs
from tests.published.han2020 import pair_payoff


def sample(random: numpy.random.Generator) -> dict:
    s = random.uniform(1.05, 4)
    return {
        "c": random.uniform(0, 3),
        "b": 10 ** random.uniform(-0.5, 1.2),
        "B": 10 ** random.uniform(0, 4.5),
        "W": 10 ** random.uniform(1, 4),
        "s": s,
        "p_r": random.uniform(0, 1),
        "p_fo": float(random.choice([0.0, random.uniform(0, 1)])),
        "Z": int(2 * 75 ** random.uniform(0, 1)),
        "beta": 10 ** random.uniform(-4, 0),
        "s_a": float(random.choice([0.0, random.uniform(0, 1), random.uniform(0, 1), random.uniform(1, 2)])),
        "s_b": float(random.choice([0.0, random.uniform(0, s), random.uniform(0, s), random.uniform(s, 2 * s)])),
        "incentive": str(random.choice(["punishment", "reward"])),
        "self_interaction": bool(random.integers(2)),
    }


def stage(c, b, s, p_fo):
    c, b, s, p_fo = map(number, (c, b, s, p_fo))
    return {
        "pi11": -c + b / 2,
        "pi12": -c + (1 - p_fo) * b / (s + 1) + p_fo * b,
        "pi21": (1 - p_fo) * s * b / (s + 1),
        "pi22": (1 - p_fo**2) * b / 2,
    }


def race_after_punishment(W, s, s_a, s_b):
    """Speeds of AU and PS after the first round, who wins ("AU", "PS", "draw" or None) and in how many rounds."""
    W, s = number(W), number(s)
    unsafe = max(number(0), s - number(s_b))
    punisher = max(number(0), 1 - number(s_a))
    unsafe_time = (W - s) / unsafe if unsafe > 0 else None
    punisher_time = (W - 1) / punisher if punisher > 0 else None
    if unsafe_time is None and punisher_time is None:
        return unsafe, punisher, None, None
    if punisher_time is None or (unsafe_time is not None and unsafe_time < punisher_time):
        return unsafe, punisher, "AU", 1 + unsafe_time
    if unsafe_time is None or punisher_time < unsafe_time:
        return unsafe, punisher, "PS", 1 + punisher_time
    return unsafe, punisher, "draw", 1 + unsafe_time


def punishment_payoffs(c, b, B, W, s, p_r, p_fo, s_a, s_b):
    """P(PS, AU) and P(AU, PS) per round."""
    pi = stage(c, b, s, p_fo)
    c, b, B, p_r = map(number, (c, b, B, p_r))
    unsafe, punisher, winner, rounds = race_after_punishment(W, s, s_a, s_b)
    if winner is None:
        return -c, number(0)
    b_unsafe = b * unsafe / (unsafe + punisher)
    b_punisher = b * punisher / (unsafe + punisher)
    prize = {"AU": (number(0), B), "PS": (B, number(0)), "draw": (B / 2, B / 2)}[winner]
    keeps = number(1) if winner == "PS" else 1 - p_r
    punisher_earns = (pi["pi12"] + prize[0] + (rounds - 1) * (b_punisher - c)) / rounds
    unsafe_earns = keeps * (pi["pi21"] + prize[1] + (rounds - 1) * b_unsafe) / rounds
    return punisher_earns, unsafe_earns


def threshold(W, s, s_a, s_b, incentive):
    """The risk from which PS or RS is risk-dominant against AU when the prize dwarfs b."""
    if incentive == "reward":
        return 1 - max(number(0), 1 + number(s_b) - number(s_a)) / (3 * number(s))
    unsafe, punisher, winner, _ = race_after_punishment(W, s, s_a, s_b)
    s = number(s)
    return {
        "AU": 1 - 1 / (s + 2 * unsafe),
        "PS": 1 - (1 + 2 * punisher) / s,
        "draw": 1 - (1 + punisher) / (s + unsafe),
        None: 1 - 1 / s,
    }[winner]


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
    incentive="punishment",
    self_interaction=False,
):
    plain = pair_payoff(c, b, B, W, s, p_r, p_fo)
    ss, su, us, uu = plain[0][0], plain[0][1], plain[1][0], plain[1][1]
    if incentive == "punishment":
        punisher, punished = punishment_payoffs(c, b, B, W, s, p_r, p_fo, s_a, s_b)
        payoff = [[ss, su, ss], [us, uu, punished], [ss, punisher, ss]]
    else:
        pi11 = stage(c, b, s, p_fo)["pi11"]
        rewarded = pi11 + number(B) * (1 + number(s_b)) / number(W)
        together = pi11 + number(B) * max(number(0), 1 + number(s_b) - number(s_a)) / (2 * number(W))
        payoff = [[ss, su, rewarded], [us, uu, us], [pi11, su, together]]
    logs, shares = small_mutation_of_pairs(payoff, Z, number(beta), self_interaction)
    return floats(
        {
            "payoff": payoff,
            "log_fixation": logs,
            "stationary": shares,
            "unsafe": shares[1],
            "risk_dominance_threshold": threshold(W, s, s_a, s_b, incentive),
        }
    )


def published():
    stopped = results(s_a=1.0, s_b=1.5)["risk_dominance_threshold"]
    yield "threshold of PS when both stop, s = 1.5", 1 - 1 / 1.5, stopped, 1e-12
    slowed = results(s_a=0.3, s_b=0.3)["risk_dominance_threshold"]
    yield "threshold of PS, s = 1.5, s' = 1.2", 0.744, slowed, 5e-4
    yield "unsafe share, (s_a, s_b) = (.3, 1.5), p_r = .9", 0.0, results(p_r=0.9)["unsafe"], 5e-3
    for p_r, share in ((0.25, 1.0), (0.5, 1.0), (0.9, 0.0)):
        yield f"unsafe share, (0, 0), p_r = {p_r}", share, results(p_r=p_r, s_a=0, s_b=0)["unsafe"], 5e-3
