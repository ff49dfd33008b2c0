"""Bova, Di Stefano, Han (2023), Both eyes open, arXiv 2303.03174: regulators and firms under two incentives.

Written from the paper's equations without sight of the package's implementation.

Readings. Both types of regulator are paid by the scheme, each with its own baseline and detection probability: a
low-quality regulator of two safe firms is paid r_l + g under vigilant incentives. A safe firm next to an unsafe one
also loses to a shared disaster (gamma) only what it earned by share of speed, as printed.
"""

import numpy

from tests.published.exact_chain import fixation, floats, neighbour_chain, number, pair_difference

FIRMS = ("AS", "AU", "VS")
REGULATORS = ("HQ", "LQ")


def sample(random: numpy.random.Generator) -> dict:
    p_l, p_h = sorted(random.uniform(0, 1, 2))
    return {
        "b": 10 ** random.uniform(-0.5, 1.2),
        "c": random.uniform(0, 3),
        "B": 10 ** random.uniform(0, 4),
        "W": 10 ** random.uniform(1, 4),
        "s": random.uniform(1.05, 4),
        "p_r": random.uniform(0, 1),
        "gamma": float(random.choice([0.0, random.uniform(0, 1)])),
        "p_h": float(p_h),
        "p_l": float(random.choice([0.0, p_l])),
        "r_l": random.uniform(-2, 2),
        "r_h": random.uniform(-3, 2),
        "g": random.uniform(0, 3),
        "scheme": str(random.choice(["bounty", "vigilant"])),
        "Z_firms": int(2 * 60 ** random.uniform(0, 1)),
        "Z_regulators": int(2 * 60 ** random.uniform(0, 1)),
        "beta": 10 ** random.uniform(-3, 0.3),
    }


def plays_safe(firm, regulator):
    return firm == "AS" or (firm == "VS" and regulator == "HQ")


def firm_payoff(safe, other_safe, b, c, B, W, s, p_r, gamma, p_fo):
    b, c, B, W, s, p_r, gamma, p_fo = map(number, (b, c, B, W, s, p_r, gamma, p_fo))
    shared = 1 - p_r * gamma
    if safe and other_safe:
        return B / (2 * W) + b / 2 - c
    if safe:
        return b * (1 - p_fo) * shared / (s + 1) + (b + B / W) * p_fo - c
    if other_safe:
        return (1 - p_r) * (1 - p_fo) * (s * b / (s + 1) + s * B / W)
    return (1 - p_r) * (1 - p_fo**2) * (b / 2 + s * B / (2 * W)) * shared


def regulator_payoff(safe_firms, baseline, detection, g, scheme):
    baseline, detection, g = map(number, (baseline, detection, g))
    if scheme == "vigilant":
        two_safe, two_unsafe = baseline + g, baseline + g * detection**2
    else:
        two_safe, two_unsafe = baseline, baseline + 2 * g * detection
    return {2: two_safe, 1: (two_safe + two_unsafe) / 2, 0: two_unsafe}[safe_firms]


def results(
    b=4,
    c=1,
    B=1e4,
    W=100,
    s=1.5,
    p_r=0.5,
    gamma=0,
    p_h=0.8,
    p_l=0,
    r_l=0,
    r_h=-1,
    g=1.2,
    scheme="bounty",
    Z_firms=100,
    Z_regulators=100,
    beta=1,
):
    beta = number(beta)
    detection = {"HQ": p_h, "LQ": p_l}
    baseline = {"HQ": r_h, "LQ": r_l}
    firms, regulators = {}, {}
    for kind in REGULATORS:
        safe = [plays_safe(firm, kind) for firm in FIRMS]
        firms[kind] = [[firm_payoff(i, j, b, c, B, W, s, p_r, gamma, detection[kind]) for j in safe] for i in safe]
        regulators[kind] = [
            [regulator_payoff(int(i) + int(j), baseline[kind], detection[kind], g, scheme) for j in safe] for i in safe
        ]

    states = [(firm, kind) for kind in REGULATORS for firm in FIRMS]

    def fix(start, end, changed):
        firm, kind = states[start]
        new_firm, new_kind = states[end]
        if changed == 0:
            invader, resident = FIRMS.index(new_firm), FIRMS.index(firm)
            return fixation(pair_difference(firms[kind], invader, resident, Z_firms, False), Z_firms, beta)
        pair = FIRMS.index(firm)
        gain = regulators[new_kind][pair][pair] - regulators[kind][pair][pair]
        return fixation(lambda k: gain, Z_regulators, beta)

    share = neighbour_chain(states, fix, neighbours=3)
    return floats(
        {
            "payoff_firms": firms,
            "payoff_regulators": regulators,
            "stationary": {f"{firm},{kind}": share[firm, kind] for firm, kind in states},
            "unsafe": sum(share[state] for state in states if not plays_safe(*state)),
            "low_quality": sum(share[state] for state in states if state[1] == "LQ"),
        }
    )


def published():
    for p_r in (0.1, 0.3, 0.5):
        result = results(p_r=p_r)
        yield f"bounty, p_r = {p_r}: unsafe", 0.977, result["unsafe"], 5e-4
        yield f"bounty, p_r = {p_r}: low quality", 0.974, result["low_quality"], 5e-4
        yield f"vigilant, p_r = {p_r}: unsafe", 0.371, results(p_r=p_r, scheme="vigilant")["unsafe"], 5e-4
