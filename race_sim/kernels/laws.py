"""The laws of the race, one function each, on floats and the parameters' record ``p``.

Symbols and units are those of race_sim/MODEL.md, section 3. Where a lab's objective needs the slope of a law by the
lab's safety share x, a function of the law's name with ``_slope`` stands below it; it takes the law's value and its
arguments, each that moves with x followed by its slope (``_x``). Where the objective needs to know at which capability
a law has a kink, a third function says so. A parameter of a law is therefore a field in race_sim/scenario/parameters.py
and the law here.
"""

import math

from race_sim.kernels.compile import inlined

LN10 = math.log(10.0)
LARGEST_SHARE = 0.95
SMALLEST_TRUST = 1e-12
LARGEST_EXPONENT = 100.0 * LN10
STEEPEST_LIFT = 1e9  # stands for the infinite slope of assurance in safety effort at no effort, OOM


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
def event_probability(hazard, dt):
    """1 - exp(-hazard dt)."""
    return -math.expm1(-hazard * dt)


@inlined
def share_in_use(chosen, floor):
    return min(LARGEST_SHARE, max(chosen, floor))


@inlined
def resources(funding, boost, trust, p):
    """3.1: r = r(0) boost trust^investment_elasticity, relative to the best-funded lab at the start."""
    return funding * boost * power(trust, p.trust_investment_elasticity)


@inlined
def effort(share, lab_resources, regulation, p):
    """3.2: what is left for speed, e = (1 - s) r (1 - burden R)."""
    return (1.0 - share) * lab_resources * (1.0 - p.regulation_burden * regulation)


@inlined
def drive(lab_effort, p):
    """3.2: e^effort_elasticity. The drive of a product is the product of drives: J rests on that."""
    return power(lab_effort, p.capability_effort_elasticity)


@inlined
def driven_slope(growth, idle, years, p):
    """Slope of ``growth * years``, where ``growth`` is in proportion to the drive of the idle share, 1 - x."""
    return -p.capability_effort_elasticity * growth * years / idle


@inlined
def effort_of(part, p):
    """The effort that has the drive ``part``."""
    return part ** (1.0 / p.capability_effort_elasticity)


@inlined
def capability_growth(lab_drive, capability, multiplier, p):
    """3.2: own growth in OOM per year, growth_rate drive 10^(-idea_difficulty k), times the nation's multiplier."""
    return p.capability_growth_rate * multiplier * lab_drive * power10(-p.capability_idea_difficulty * capability)


@inlined
def diffusion(capability, best, partner_best, sharing, p):
    """3.2: what flows in from the frontier and, under sharing, leaks from partners, in OOM per year."""
    caught_up = p.capability_diffusion_rate * max(0.0, best - capability)
    return caught_up + p.cooperation_leak * sharing * max(0.0, partner_best - capability)


@inlined
def reach(p):
    """4: years of growth within the planning horizon that catching-up leaves: (1 - exp(-D H)) / D, H when D is 0."""
    if p.capability_diffusion_rate <= 0.0:
        return p.lab_planning_horizon
    return -math.expm1(-p.capability_diffusion_rate * p.lab_planning_horizon) / p.capability_diffusion_rate


@inlined
def spillover(own, nation_total, world_total, partners_total, sharing, p):
    """3.3: safety work of others that also counts: at home, abroad, and more of it from partners under sharing."""
    domestic, foreign = p.assurance_domestic_spillover, p.assurance_foreign_spillover
    at_home = domestic * (nation_total - own)
    abroad = foreign * (world_total - nation_total)
    shared = sharing * (domestic - foreign) * (partners_total - nation_total)
    return max(0.0, at_home + abroad + shared)


@inlined
def care(safety_effort, p):
    """3.3: q^elasticity."""
    return power(safety_effort, p.assurance_elasticity)


@inlined
def lift_slope(lift, safety_effort, safety_effort_x, p):
    """Slope of ``lift``, assurance in proportion to the care of a safety effort."""
    if safety_effort > 0.0:
        return p.assurance_elasticity * lift * safety_effort_x / safety_effort
    return STEEPEST_LIFT if safety_effort_x > 0.0 else 0.0


@inlined
def assurance_growth(safety_effort, capability, p):
    """3.3: da/dt = growth_rate q^elasticity 10^(-difficulty k), in OOM per year."""
    return p.assurance_growth_rate * care(safety_effort, p) * power10(-p.assurance_difficulty * capability)


@inlined
def lift_per_care(years, capability, p):
    """The same law for J, which asks for many safety efforts: assurance gained in some years at a care of 1, OOM."""
    return years * p.assurance_growth_rate * power10(-p.assurance_difficulty * capability)


@inlined
def breakthrough_probability(lab_drive, dt, p):
    """3.4: 1 - exp(-rate e^effort_elasticity dt)."""
    return -math.expm1(-p.breakthrough_rate * lab_drive * dt)


@inlined
def drained(lab_resources, others_resources, p):
    """3.4: what one lab's breakthrough leaves of every other lab's boost: max(0, 1 - drain boost r / sum of others)."""
    if others_resources <= 0.0:
        return 1.0
    return max(
        0.0, 1.0 - p.breakthrough_talent_drain * p.breakthrough_investment_boost * lab_resources / others_resources
    )


@inlined
def gap_risk(gap, p):
    """3.5: 10^(gap_sensitivity u) - 1."""
    return power10(p.incidents_gap_sensitivity * gap) - 1.0


@inlined
def gap_risk_slope(risk, gap, gap_x, p):
    return LN10 * p.incidents_gap_sensitivity * (risk + 1.0) * gap_x


@inlined
def mishap_hazard(market_share, risk, p):
    """3.5: h = mishap_hazard w (10^(gap_sensitivity u) - 1), per year.

    Linear in the share and in the risk: J takes the hazard of many rivals at once, at their total of share x risk.
    """
    return p.incidents_mishap_hazard * market_share * risk


@inlined
def mishap_hazard_slope(hazard, market_share, market_share_x, risk, risk_x, p):
    return p.incidents_mishap_hazard * (market_share_x * risk + market_share * risk_x)


@inlined
def severity(capability, p):
    """3.5: probability that a mishap is a catastrophe, min(1, catastrophe_probability 10^(severity_growth k))."""
    return min(1.0, p.incidents_catastrophe_probability * power10(p.incidents_severity_growth * capability))


@inlined
def severity_slope(lab_severity, capability, capability_x, p):
    return 0.0 if lab_severity >= 1.0 else LN10 * p.incidents_severity_growth * lab_severity * capability_x


@inlined
def severity_kink(p):
    """The capability at which every mishap is a catastrophe, infinite where there is none."""
    if p.incidents_severity_growth > 0.0 and p.incidents_catastrophe_probability > 0.0:
        return -math.log10(p.incidents_catastrophe_probability) / p.incidents_severity_growth
    return math.inf


@inlined
def ordinary_probability(mishap, catastrophe):
    """3.5: probability of an ordinary mishap given no catastrophe, p (1 - c) / (1 - p c)."""
    alive = 1.0 - mishap * catastrophe
    if alive <= 0.0:
        return 0.0
    return mishap * (1.0 - catastrophe) / alive


@inlined
def visibility(benchmarks, p):
    """3.6: how much of the gap a buyer sees at the start's capability, with benchmarks in force."""
    return p.market_measurement_reliability + (1.0 - p.market_measurement_reliability) * benchmarks


@inlined
def reliability(capability, lab_visibility, p):
    """3.6: how much of the gap a buyer sees; falls by validity_decay per OOM beyond the start, never below 0."""
    return max(0.0, lab_visibility - p.cooperation_validity_decay * max(0.0, capability))


@inlined
def reliability_slope(seen, capability, capability_x, lab_visibility, p):
    return 0.0 if seen <= 0.0 or capability <= 0.0 else -p.cooperation_validity_decay * capability_x


@inlined
def reliability_kink(lab_visibility, p):
    """The capability from which on nothing is seen, infinite where there is none."""
    if p.cooperation_validity_decay > 0.0:
        return lab_visibility / p.cooperation_validity_decay
    return math.inf


@inlined
def perceived_quality(capability, gap, seen, p):
    """3.6: z = k - safety_premium rel u."""
    return capability - p.market_safety_premium * seen * gap


@inlined
def perceived_quality_slope(quality, capability, capability_x, gap, gap_x, seen, seen_x, p):
    return capability_x - p.market_safety_premium * (seen * gap_x + seen_x * gap)


@inlined
def pull(quality, reference, trust, p):
    """3.6: weight of a lab in the market, trust 10^(selectivity (z - reference)); the reference cancels in shares.

    Trust is held above 1e-12, so that a market in which all trust is gone still has shares (those of equal trust).
    """
    return max(trust, SMALLEST_TRUST) * power10(p.market_selectivity * (quality - reference))


@inlined
def pull_slope(weight, quality, quality_x, reference, trust, p):
    return weight * LN10 * p.market_selectivity * quality_x


@inlined
def market_value(best_capability, mean_trust, p):
    """3.6: V = size 10^(growth max k) mean trust, per year. Linear in trust: J multiplies by it later."""
    return p.market_size * power10(p.market_growth * best_capability) * mean_trust


@inlined
def market_value_slope(value, best_capability, best_capability_x, p):
    """The part of the slope that the frontier makes, where the lab leads."""
    return value * LN10 * p.market_growth * best_capability_x


@inlined
def trust_loss(own, p):
    """3.7: part of its trust that a lab loses at a mishap, its own or another lab's."""
    return p.trust_mishap_loss if own else p.trust_commons_share * p.trust_mishap_loss


@inlined
def regulation_probability(at_home, p):
    """3.7: probability that a mishap moves regulation in its own nation, or in another."""
    return p.regulation_home_probability if at_home else p.regulation_abroad_probability


@inlined
def regulation_jump(level, p):
    """3.7: what a mishap that moves regulation adds to it."""
    return p.regulation_step * (1.0 - level)


@inlined
def damages(revenue, p):
    """5: what an ordinary mishap costs a lab with this revenue per year."""
    return p.lab_liability * revenue


@inlined
def discount_factor(time, p):
    return math.exp(-p.nation_discount_rate * time)
