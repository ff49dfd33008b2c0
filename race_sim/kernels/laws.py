"""The laws of the race, one function each, on floats. Symbols and units are those of race_sim/MODEL.md, section 3."""

import math

from race_sim.kernels.compile import inlined

LN10 = math.log(10.0)
LARGEST_SHARE = 0.95
SMALLEST_TRUST = 1e-12
LARGEST_EXPONENT = 100.0 * LN10


@inlined
def power10(x):
    """10^x, with x held within 100 orders of magnitude, so that products of three stay finite."""
    return math.exp(max(-LARGEST_EXPONENT, min(LN10 * x, LARGEST_EXPONENT)))


@inlined
def power(base, exponent):
    """base^exponent for a base of at least 0. A square root, the baseline's exponent, costs an eighth of a power."""
    if exponent == 0.5:
        return math.sqrt(base)
    if base > 0.0:
        return math.exp(exponent * math.log(base))  # within a few roundings of a power, and cheaper
    return base**exponent


@inlined
def relax(value, target, rate, dt):
    """One period of linear relaxation towards ``target``; a rate beyond 1/dt arrives and stays."""
    return value + min(1.0, rate * dt) * (target - value)


@inlined
def probability_within(yearly, dt):
    """Probability within ``dt`` years of an event with probability ``yearly`` per year: 1 - (1 - yearly)^dt."""
    return 1.0 - (1.0 - yearly) ** dt


@inlined
def share_in_use(chosen, floor):
    return min(LARGEST_SHARE, max(chosen, floor))


@inlined
def resources(funding, boost, trust, investment_elasticity):
    """3.1: r = r(0) boost trust^investment_elasticity, relative to the best-funded lab at the start."""
    return funding * boost * power(trust, investment_elasticity)


@inlined
def effort(share, lab_resources, burden, regulation):
    """3.2: what is left for speed, e = (1 - s) r (1 - burden R)."""
    return (1.0 - share) * lab_resources * (1.0 - burden * regulation)


@inlined
def capability_growth(drive, capability, growth_rate, idea_difficulty):
    """3.2: own growth in OOM per year, growth_rate drive 10^(-idea_difficulty k), with drive = e^effort_elasticity."""
    return growth_rate * drive * power10(-idea_difficulty * capability)


@inlined
def diffusion(capability, best, partner_best, rate, leak):
    """3.2: what flows in from the frontier (rate) and, under sharing, from partners (leak), in OOM per year."""
    return rate * max(0.0, best - capability) + leak * max(0.0, partner_best - capability)


@inlined
def spillover(own, nation_total, world_total, partners_total, domestic, foreign, sharing):
    """3.3: safety work of others that also counts: at home, abroad, and more of it from partners under sharing."""
    at_home = domestic * (nation_total - own)
    abroad = foreign * (world_total - nation_total)
    shared = sharing * (domestic - foreign) * (partners_total - nation_total)
    return max(0.0, at_home + abroad + shared)


@inlined
def assurance_growth(safety_effort, capability, growth_rate, elasticity, difficulty):
    """3.3: da/dt = growth_rate q^elasticity 10^(-difficulty k), in OOM per year."""
    return growth_rate * power(safety_effort, elasticity) * power10(-difficulty * capability)


@inlined
def breakthrough_probability(drive, rate, dt):
    """3.4: 1 - exp(-rate e^effort_elasticity dt)."""
    return -math.expm1(-rate * drive * dt)


@inlined
def drained(lab_resources, others_resources, talent_drain, investment_boost):
    """3.4: what one lab's breakthrough leaves of every other lab's boost: max(0, 1 - drain boost r / sum of others)."""
    if others_resources <= 0.0:
        return 1.0
    return max(0.0, 1.0 - talent_drain * investment_boost * lab_resources / others_resources)


@inlined
def reliability(capability, measurement_reliability, benchmarks, validity_decay):
    """3.6: how much of the gap a buyer sees; falls by validity_decay per OOM beyond the start, never below 0."""
    seen = measurement_reliability + (1.0 - measurement_reliability) * benchmarks
    return max(0.0, seen - validity_decay * max(0.0, capability))


@inlined
def perceived_quality(capability, gap, seen, safety_premium):
    """3.6: z = k - safety_premium rel u."""
    return capability - safety_premium * seen * gap


@inlined
def pull(quality, reference, trust, selectivity):
    """3.6: weight of a lab in the market, trust 10^(selectivity (z - reference)); the reference cancels in shares.

    Trust is held above 1e-12, so that a market in which all trust is gone still has shares (those of equal trust).
    """
    return max(trust, SMALLEST_TRUST) * power10(selectivity * (quality - reference))


@inlined
def market_value(best_capability, mean_trust, size, growth):
    """3.6: V = size 10^(growth max k) mean trust, per year."""
    return size * power10(growth * best_capability) * mean_trust


@inlined
def gap_risk(gap, gap_sensitivity):
    """3.5: 10^(gap_sensitivity u) - 1."""
    return power10(gap_sensitivity * gap) - 1.0


@inlined
def mishap_hazard(market_share, risk, hazard):
    """3.5: h = mishap_hazard w (10^(gap_sensitivity u) - 1), per year."""
    return hazard * market_share * risk


@inlined
def severity(capability, catastrophe_probability, severity_growth):
    """3.5: probability that a mishap is a catastrophe, min(1, catastrophe_probability 10^(severity_growth k))."""
    return min(1.0, catastrophe_probability * power10(severity_growth * capability))


@inlined
def event_probability(hazard, dt):
    """1 - exp(-hazard dt)."""
    return -math.expm1(-hazard * dt)


@inlined
def ordinary_probability(mishap, catastrophe):
    """3.5: probability of an ordinary mishap given no catastrophe, p (1 - c) / (1 - p c)."""
    alive = 1.0 - mishap * catastrophe
    if alive <= 0.0:
        return 0.0
    return mishap * (1.0 - catastrophe) / alive


@inlined
def discount_factor(rate, time):
    return math.exp(-rate * time)
