"""Han, Pereira, Santos, Lenaerts (2020), To regulate or not, JAIR 69:881: the race between AS, AU and CS.

Written from the paper's equations without sight of the package's implementation.

Readings. The thresholds are the formulas as they stand, so below s = 1 they are negative. With more than two players
the shared risk gamma is not in the paper's equations and is left at zero, and so are self-interaction (groups are
drawn without replacement, the focal player apart) and mutation. AS and CS never see an unsafe round together: among
themselves both earn what a group of N safe players earns. Nothing is clipped: for W < s the factor W/s - 1 is
negative.
"""

import math

import numpy

from tests.published.exact_chain import digits, floats, frequency, number, small_mutation, small_mutation_of_pairs

AS, AU, CS = 0, 1, 2


def sample(random: numpy.random.Generator) -> dict:
    point = {
        "c": random.uniform(0, 3),
        "b": 10 ** random.uniform(-0.5, 1.2),
        "B": 10 ** random.uniform(0, 4.5),
        "W": 10 ** random.uniform(0, 4),
        "s": random.uniform(0.3, 5),
        "p_r": random.uniform(0, 1),
        "p_fo": float(random.choice([0.0, 1.0, random.uniform(0, 1), random.uniform(0, 1)])),
        "gamma": float(random.choice([0.0, random.uniform(0, 1)])),
        "Z": int(2 * 75 ** random.uniform(0, 1)),
        "beta": float(random.choice([0.0, 10 ** random.uniform(-4, 0), 10 ** random.uniform(-4, 0)])),
        "self_interaction": bool(random.integers(2)),
        "mutation": 0.0,
        "N": 2,
    }
    kind = random.integers(4)
    if kind == 0:
        point |= {"Z": int(random.integers(2, 8)), "mutation": 10 ** random.uniform(-6, 0)}
    elif kind == 1 and point["Z"] >= 3:
        point |= {"gamma": 0.0, "self_interaction": False, "N": int(random.integers(3, min(point["Z"], 12) + 1))}
    return point


def pair_payoff(c, b, B, W, s, p_r, p_fo, gamma=0):
    """Payoffs per round of AS, AU, CS (rows) against AS, AU, CS (columns)."""
    c, b, B, W, s, p_r, p_fo, gamma = map(number, (c, b, B, W, s, p_r, p_fo, gamma))
    pi11 = -c + b / 2
    pi12 = -c + (1 - p_fo) * b / (s + 1) + p_fo * b
    pi21 = (1 - p_fo) * s * b / (s + 1)
    pi22 = (1 - p_fo**2) * b / 2
    q = 1 - p_r
    shared = 1 - p_r * gamma
    both_safe = B / (2 * W) + pi11
    return [
        [both_safe, shared * pi12, both_safe],
        [q * (s * B / W + pi21), q * (s * B / (2 * W) + pi22), q * (s * B / W + s / W * (pi21 + (W / s - 1) * pi22))],
        [both_safe, shared * (s / W) * (pi12 + (W / s - 1) * pi22), both_safe],
    ]


def group_payoff(strategy, against, k, c, b, B, W, s, p_r, p_fo, N):
    """What a member earns per round in a group of N, k of them safe, of two strategies."""
    c, b, B, W, s, p_r, p_fo = map(number, (c, b, B, W, s, p_r, p_fo))
    q = 1 - p_r

    def pi_safe(k):
        if k == N:
            return -c + b / N
        return -c + (1 - p_fo) * b / (k + s * (N - k)) + p_fo * b / k

    def pi_unsafe(k):
        return (1 - p_fo) * s * b / (k + s * (N - k))

    if AU not in (strategy, against):
        return B / (N * W) + pi_safe(N)
    conditional = CS in (strategy, against)
    if strategy != AU:
        if k == N:
            return B / (N * W) + pi_safe(N)
        if conditional:
            return s / W * (pi_safe(k) + (W / s - 1) * pi_unsafe(0))
        return pi_safe(k)
    prize = s * B / (W * (N - k))
    if conditional:
        return q * (prize + s / W * (pi_unsafe(k) + (W / s - 1) * pi_unsafe(0)))
    return q * (prize + pi_unsafe(k))


def group_average(in_group, strategy, members, Z, N):
    """What a player of a strategy that `members` of Z players have earns on average, groups drawn at random.

    `in_group[k]` is what it earns where k of the N in its group are safe.
    """
    total = number(0)
    for alike in range(N):
        ways = math.comb(members - 1, alike) * math.comb(Z - members, N - 1 - alike)
        if ways:
            total += ways * in_group[N - alike - 1 if strategy == AU else alike + 1]
    return total / math.comb(Z - 1, N - 1)


def group_difference(invader, resident, Z, N, **game):
    """P_A(k) - P_B(k) of the invaders A and the residents B in groups of N."""
    if AU not in (invader, resident):
        return lambda k: number(0)
    earns = {
        own: {k: group_payoff(own, other, k, N=N, **game) for k in (range(N) if own == AU else range(1, N + 1))}
        for own, other in ((invader, resident), (resident, invader))
    }
    return lambda k: (
        group_average(earns[invader], invader, k, Z, N) - group_average(earns[resident], resident, Z - k, Z, N)
    )


def results(
    c=1,
    b=4,
    B=1e4,
    W=100,
    s=1.5,
    p_r=0.5,
    p_fo=0.5,
    gamma=0,
    Z=100,
    beta=0.1,
    self_interaction=False,
    mutation=0,
    N=2,
):
    game = {"c": c, "b": b, "B": B, "W": W, "s": s, "p_r": p_r, "p_fo": p_fo}
    beta, mutation = number(beta), number(mutation)
    harmonic = digits.fsum(number(1) / i for i in range(1, N + 1))
    result = {"zones": {"social": 1 - 1 / number(s), "risk_dominance": 1 - 1 / (N * harmonic * number(s))}}
    if N == 2:
        payoff = pair_payoff(gamma=gamma, **game)
        logs, shares = small_mutation_of_pairs(payoff, Z, beta, self_interaction)
        result["payoff"] = payoff
        if mutation > 0:
            result["frequency"] = frequency(payoff, Z, beta, mutation, self_interaction)
    else:
        logs, shares = small_mutation(
            3, Z, beta, lambda invader, resident: group_difference(invader, resident, Z, N, **game)
        )
        result["payoff"] = None
    return floats(result | {"log_fixation": logs, "stationary": shares})


def exact_line(W=100, c=1, b=4, B=1e4, s=1.5, p_fo=0.5):
    """The risk at which AS and AU tie in risk dominance at finite W."""
    pay = pair_payoff(c, b, B, W, s, 0, p_fo)
    return float(1 - (pay[AS][AS] + pay[AS][AU]) / (pay[AU][AS] + pay[AU][AU]))


_FORMULA = (
    "the paper's figures count a player among its own opponents (self-interaction), which the printed formula of the "
    "average payoff does not; the same row with self-interaction comes out"
)
DIFFERS = {
    f"{row} (without self-interaction)": _FORMULA
    for row in (
        "p_r = .9: AU to AS, in 1/Z",
        "p_r = .9: AU to CS, in 1/Z",
        "p_r = .6: CS to AU, in 1/Z",
        "p_r = .6: AS to AU, in 1/Z",
    )
}


def published():
    zones = results()["zones"]
    yield "zone social, s = 1.5", 0.333, zones["social"], 5e-4
    yield "zone risk dominance, s = 1.5", 0.778, zones["risk_dominance"], 5e-4
    yield "zone risk dominance, N = 5", 0.942, results(N=5, Z=5)["zones"]["risk_dominance"], 5e-4
    yield "exact line of AS against AU, W = 100", 0.768, exact_line(), 5e-4
    for self_interaction in (True, False):
        with_or_without = "with" if self_interaction else "without"
        high = results(p_r=0.9, self_interaction=self_interaction)
        low = results(p_r=0.6, self_interaction=self_interaction)

        def flow(result, resident, invader):
            return 100 * float(digits.exp(result["log_fixation"][resident][invader]))

        rows = [
            ("p_r = .9: share of AU", 0.0, high["stationary"][AU], 5e-3),
            ("p_r = .9: share of AS", 0.5, high["stationary"][AS], 5e-3),
            ("p_r = .9: share of CS", 0.5, high["stationary"][CS], 5e-3),
            ("p_r = .9: AU to AS, in 1/Z", 0.18, flow(high, AU, AS), 5e-3),
            ("p_r = .9: AU to CS, in 1/Z", 0.12, flow(high, AU, CS), 5e-3),
            ("p_r = .6: share of AU", 1.0, low["stationary"][AU], 5e-3),
            ("p_r = .6: CS to AU, in 1/Z", 62.9, flow(low, CS, AU), 0.05),
            ("p_r = .6: AS to AU, in 1/Z", 62.4, flow(low, AS, AU), 0.05),
        ]
        for name, value, ours, tolerance in rows:
            yield f"{name} ({with_or_without} self-interaction)", value, ours, tolerance
