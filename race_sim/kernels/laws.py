"""The laws of the race, one function each, on floats and the parameters' record ``p``.

Symbols and units are those of race_sim/MODEL.md, section 3. Where a lab's objective needs the slope of a law by the
lab's safety share x, a function of the law's name with ``_slope`` stands below it; it takes the law's value and its
arguments, each that moves with x followed by its slope (``_x``). Where the objective needs to know at which capability
a law has a kink, a third function says so. A parameter of a law is therefore a field in race_sim/scenario/parameters.py
and the law here.
"""

import math

from race_sim.kernels.compile import inlined
from race_sim.kernels.elementary import LN10, exp, exp10, expm1, log, log1p, power

LARGEST_SHARE = 0.95
SMALLEST_TRUST = 1e-12
LARGEST_EXPONENT = 100.0
NO_CEILING = 1e300  # per year: stands for no ceiling of the hazard
STEEPEST_LIFT = 1e9  # stands for the infinite slope of assurance in safety effort at no effort, OOM


@inlined
def power10(x):
    """Compute 10^x, with x held within 100 orders of magnitude, so that products of three stay finite.

    Parameters
    ----------
    x : float
        Exponent.

    Returns
    -------
    float
        Between 1e-100 and 1e100.
    """
    return exp10(max(-LARGEST_EXPONENT, min(x, LARGEST_EXPONENT)))


@inlined
def relax(value, target, rate, dt):
    """Move a value towards a target for one period of linear relaxation.

    A rate beyond 1 / dt arrives at the target and stays there.

    Parameters
    ----------
    value : float
        Where it stands.
    target : float
        Where it goes.
    rate : float
        Part of the way per year.
    dt : float
        Length of the period, years.

    Returns
    -------
    float
        ``value + min(1, rate dt) (target - value)``.
    """
    return value + min(1.0, rate * dt) * (target - value)


@inlined
def probability_within(yearly, dt):
    """Compute the probability within a period of an event with a yearly probability.

    Parameters
    ----------
    yearly : float
        Probability per year.
    dt : float
        Length of the period, years.

    Returns
    -------
    float
        1 - (1 - yearly)^dt.
    """
    return 1.0 - power(1.0 - yearly, dt)


@inlined
def event_probability(hazard, dt):
    """Compute the probability within a period of an event with a hazard.

    Parameters
    ----------
    hazard : float
        Per year.
    dt : float
        Length of the period, years.

    Returns
    -------
    float
        1 - exp(-hazard dt).
    """
    return -expm1(-hazard * dt)


@inlined
def share_in_use(chosen, floor):
    """Apply a floor to a chosen share.

    Parameters
    ----------
    chosen : float
        Share that the lab chose.
    floor : float
        Share that it must keep.

    Returns
    -------
    float
        The share in use, min(0.95, max(chosen, floor)).
    """
    return min(LARGEST_SHARE, max(chosen, floor))


@inlined
def resources(funding, boost, trust, p):
    """Compute a lab's resources, r = r(0) boost trust^investment_elasticity (law 3.1).

    Parameters
    ----------
    funding : float
        Resources r(0) at the start.
    boost : float
        Boost by breakthroughs.
    trust : float
        Public trust in the lab, in [0, 1].
    p : record
        Parameters of the run.

    Returns
    -------
    float
        Relative to the best-funded lab at the start.
    """
    return funding * boost * power(trust, p.trust_investment_elasticity)


@inlined
def effort(share, lab_resources, regulation, p):
    """Compute what is left for speed, e = (1 - s) r (1 - burden R) (law 3.2).

    Parameters
    ----------
    share : float
        Safety share, in [0, 0.95].
    lab_resources : float
        Resources r, relative to the best-funded lab at the start.
    regulation : float
        Regulation R of its nation, in [0, 1].
    p : record
        Parameters of the run.

    Returns
    -------
    float
        Effort e.
    """
    return (1.0 - share) * lab_resources * (1.0 - p.regulation_burden * regulation)


@inlined
def drive(lab_effort, p):
    """Compute e^effort_elasticity (law 3.2).

    The drive of a product is the product of drives: J rests on that.

    Parameters
    ----------
    lab_effort : float
        Effort e.
    p : record
        Parameters of the run.

    Returns
    -------
    float
        The drive.
    """
    return power(lab_effort, p.capability_effort_elasticity)


@inlined
def driven_slope(rise, idle, p):
    """Compute the slope by the share of what is in proportion to the drive of the idle share, 1 - x.

    Parameters
    ----------
    rise : float
        What it is, OOM.
    idle : float
        1 - x.
    p : record
        Parameters of the run.

    Returns
    -------
    float
        OOM.
    """
    return -p.capability_effort_elasticity * rise / idle


@inlined
def effort_of(part, p):
    """Find the effort that has a drive.

    Parameters
    ----------
    part : float
        The drive.
    p : record
        Parameters of the run.

    Returns
    -------
    float
        The effort.
    """
    return power(part, 1.0 / p.capability_effort_elasticity)


@inlined
def capability_growth(lab_drive, capability, multiplier, p):
    """Compute own growth, growth_rate drive 10^(-idea_difficulty k) (law 3.2).

    Parameters
    ----------
    lab_drive : float
        Effort to the power of its elasticity.
    capability : float
        Capability k, OOM above the best lab at the start.
    multiplier : float
        The nation's growth multiplier.
    p : record
        Parameters of the run.

    Returns
    -------
    float
        OOM per year.
    """
    return p.capability_growth_rate * multiplier * lab_drive * power10(-p.capability_idea_difficulty * capability)


@inlined
def diffusion(capability, best, partner_best, sharing, p):
    """Compute what flows in from the frontier and, under sharing, leaks from partners (law 3.2).

    Parameters
    ----------
    capability : float
        Capability k, OOM above the best lab at the start.
    best : float
        Best capability of the world, OOM.
    partner_best : float
        Best capability among partners, OOM.
    sharing : float
        Openness of safety work in force, in [0, 1].
    p : record
        Parameters of the run.

    Returns
    -------
    float
        OOM per year.
    """
    caught_up = p.capability_diffusion_rate * max(0.0, best - capability)
    return caught_up + p.cooperation_leak * sharing * max(0.0, partner_best - capability)


@inlined
def absorbed(part, p):
    """Compute the part of an inflow that a lab takes in, 1 - a + a (1 - s)^effort_elasticity (law 3.2).

    Who does not work on capability does not take in that of others, at an absorption a of 1.

    Parameters
    ----------
    part : float
        Drive of its idle share, 1 - s.
    p : record
        Parameters of the run.

    Returns
    -------
    float
        In [0, 1].
    """
    return 1.0 - p.capability_absorption + p.capability_absorption * part


@inlined
def reach(p):
    """Compute the years of growth within the planning horizon that catching-up leaves (section 4).

    Parameters
    ----------
    p : record
        Parameters of the run.

    Returns
    -------
    float
        (1 - exp(-D H)) / D with the diffusion rate D; H when D is 0.
    """
    if p.capability_diffusion_rate <= 0.0:
        return p.lab_planning_horizon
    return -expm1(-p.capability_diffusion_rate * p.lab_planning_horizon) / p.capability_diffusion_rate


@inlined
def frontier_growth(growth, years, p):
    """Compute by how much plans let the frontier rise while the others catch up, f G (H - reach) (section 4).

    Parameters
    ----------
    growth : float
        Growth G of the most capable lab at its last share, OOM per year.
    years : float
        ``reach``.
    p : record
        Parameters of the run.

    Returns
    -------
    float
        OOM; 0 without foresight f.
    """
    return p.lab_foresight * growth * (p.lab_planning_horizon - years)


@inlined
def spillover(own, nation_total, world_total, partners_total, sharing, p):
    """Compute the safety work of others that also counts (law 3.3).

    At home, abroad, and more of it from partners under sharing.

    Parameters
    ----------
    own : float
        The lab's own safety work.
    nation_total : float
        Its nation's safety work.
    world_total : float
        Everybody's.
    partners_total : float
        That of its nation and the nations that it shares with.
    sharing : float
        Openness of safety work in force, in [0, 1].
    p : record
        Parameters of the run.

    Returns
    -------
    float
        Safety effort, at least 0.
    """
    domestic, foreign = p.assurance_domestic_spillover, p.assurance_foreign_spillover
    at_home = domestic * (nation_total - own)
    abroad = foreign * (world_total - nation_total)
    shared = sharing * (domestic - foreign) * (partners_total - nation_total)
    return max(0.0, at_home + abroad + shared)


@inlined
def care(safety_effort, p):
    """Compute q^elasticity (law 3.3).

    Parameters
    ----------
    safety_effort : float
        Safety effort q with spillovers.
    p : record
        Parameters of the run.

    Returns
    -------
    float
        The care.
    """
    return power(safety_effort, p.assurance_elasticity)


@inlined
def lift_slope(lift, safety_effort, safety_effort_x, p):
    """Compute the slope of assurance that is in proportion to the care of a safety effort.

    Parameters
    ----------
    lift : float
        Assurance gained, OOM.
    safety_effort : float
        Safety effort q with spillovers.
    safety_effort_x : float
        Its slope by the share.
    p : record
        Parameters of the run.

    Returns
    -------
    float
        OOM; a large number where the effort is 0 and rises.
    """
    if safety_effort > 0.0:
        return p.assurance_elasticity * lift * safety_effort_x / safety_effort
    return STEEPEST_LIFT if safety_effort_x > 0.0 else 0.0


@inlined
def assurance_growth(safety_effort, capability, p):
    """Compute da/dt = growth_rate q^elasticity 10^(-difficulty k) (law 3.3).

    Parameters
    ----------
    safety_effort : float
        Safety effort q with spillovers.
    capability : float
        Capability k, OOM above the best lab at the start.
    p : record
        Parameters of the run.

    Returns
    -------
    float
        OOM per year.
    """
    return p.assurance_growth_rate * care(safety_effort, p) * power10(-p.assurance_difficulty * capability)


@inlined
def lift_per_care(years, capability, p):
    """Compute assurance gained in some years at a care of 1.

    The same law for J, which asks for many safety efforts.

    Parameters
    ----------
    years : float
        How long.
    capability : float
        Capability k, OOM above the best lab at the start.
    p : record
        Parameters of the run.

    Returns
    -------
    float
        OOM.
    """
    return years * p.assurance_growth_rate * power10(-p.assurance_difficulty * capability)


@inlined
def hardening(rise, p):
    """Compute what is left of assurance gained while capability rises in a straight line (section 4).

    The mean of 10^(-difficulty k) on the way over its value at the start.

    Parameters
    ----------
    rise : float
        Rise of capability, OOM.
    p : record
        Parameters of the run.

    Returns
    -------
    float
        (1 - 10^(-difficulty rise)) / (difficulty rise ln 10); 1 where nothing rises or hardens.
    """
    harder = LN10 * p.assurance_difficulty * rise
    return -expm1(-harder) / harder if harder > 0.0 else 1.0


@inlined
def breakthrough_probability(lab_drive, dt, p):
    """Compute the probability of a breakthrough in a period, 1 - exp(-rate e^effort_elasticity dt) (law 3.4).

    Parameters
    ----------
    lab_drive : float
        Effort to the power of its elasticity.
    dt : float
        Length of the period, years.
    p : record
        Parameters of the run.

    Returns
    -------
    float
        In [0, 1].
    """
    return -expm1(-p.breakthrough_rate * lab_drive * dt)


@inlined
def drained(lab_resources, others_resources, p):
    """Compute what one lab's breakthrough leaves of every other lab's boost (law 3.4).

    Parameters
    ----------
    lab_resources : float
        Resources r, relative to the best-funded lab at the start.
    others_resources : float
        Sum of all other labs' resources.
    p : record
        Parameters of the run.

    Returns
    -------
    float
        Factor max(0, 1 - drain boost r / sum of others).
    """
    if others_resources <= 0.0:
        return 1.0
    return max(
        0.0, 1.0 - p.breakthrough_talent_drain * p.breakthrough_investment_boost * lab_resources / others_resources
    )


@inlined
def doubted_gap(raw_gap, p):
    """Compute the gap that a lab expects, sigma ln(1 + exp(raw / sigma)) (section 4).

    Labs do not know a projected gap to the digit: it is the mean of max(0, raw + error), the error logistic of scale
    sigma.

    Parameters
    ----------
    raw_gap : float
        Projected capability less projected assurance, OOM; negative where assurance is ahead.
    p : record
        Parameters of the run.

    Returns
    -------
    float
        OOM; max(0, raw) without doubt sigma.
    """
    gap = max(0.0, raw_gap)
    if p.lab_doubt <= 0.0:
        return gap
    return gap + p.lab_doubt * log1p(exp(-abs(raw_gap) / p.lab_doubt))


@inlined
def doubted_gap_slope(raw_gap, raw_gap_x, p):
    """Compute its slope.

    Parameters
    ----------
    raw_gap : float
        Projected capability less projected assurance, OOM.
    raw_gap_x : float
        Its slope by the share, OOM.
    p : record
        Parameters of the run.

    Returns
    -------
    float
        OOM, by the safety share.
    """
    if p.lab_doubt <= 0.0:
        return raw_gap_x if raw_gap > 0.0 else 0.0
    small = exp(-abs(raw_gap) / p.lab_doubt)
    return raw_gap_x * (1.0 if raw_gap > 0.0 else small) / (1.0 + small)


@inlined
def gap_risk(gap, p):
    """Compute 10^(gap_sensitivity u) - 1 (law 3.5).

    Parameters
    ----------
    gap : float
        Gap u, OOM.
    p : record
        Parameters of the run.

    Returns
    -------
    float
        At least 0 for a gap of at least 0.
    """
    return power10(p.incidents_gap_sensitivity * gap) - 1.0


@inlined
def gap_risk_slope(risk, gap, gap_x, p):
    """Compute its slope.

    Parameters
    ----------
    risk : float
        ``gap_risk``.
    gap : float
        Gap u, OOM.
    gap_x : float
        Its slope by the share, OOM.
    p : record
        Parameters of the run.

    Returns
    -------
    float
        By the safety share.
    """
    return LN10 * p.incidents_gap_sensitivity * (risk + 1.0) * gap_x


@inlined
def damping(risk, p):
    """Compute what the ceiling of the hazard leaves of a gap's risk, 1 / (1 + risk M / C) (law 3.5).

    Parameters
    ----------
    risk : float
        ``gap_risk``.
    p : record
        Parameters of the run.

    Returns
    -------
    float
        In (0, 1]; times the risk it is the damped risk, and its square times a slope of the risk that one's slope.
    """
    if p.incidents_hazard_ceiling >= NO_CEILING:
        return 1.0
    return 1.0 / (1.0 + risk * p.incidents_mishap_hazard / p.incidents_hazard_ceiling)


@inlined
def damped_risk(gap, p):
    """Compute the risk of a gap under the ceiling of the hazard, g / (1 + g M / C) (law 3.5).

    Parameters
    ----------
    gap : float
        Gap u, OOM.
    p : record
        Parameters of the run.

    Returns
    -------
    float
        At least 0.
    """
    risk = gap_risk(gap, p)
    return risk * damping(risk, p)


@inlined
def mishap_hazard(market_share, risk, p):
    """Compute the hazard of a mishap, h = mishap_hazard w g / (1 + g M / C) (law 3.5).

    Linear in the share and in the risk: J takes the hazard of many rivals at once, at their total of share x risk.

    Parameters
    ----------
    market_share : float
        Market share w, in [0, 1].
    risk : float
        Damped ``gap_risk``.
    p : record
        Parameters of the run.

    Returns
    -------
    float
        Per year.
    """
    return p.incidents_mishap_hazard * market_share * risk


@inlined
def mishap_hazard_slope(hazard, market_share, market_share_x, risk, risk_x, p):
    """Compute its slope.

    Parameters
    ----------
    hazard : float
        Hazard of a mishap at the lab, per year.
    market_share : float
        Market share w, in [0, 1].
    market_share_x : float
        Its slope by the safety share.
    risk : float
        Damped ``gap_risk``.
    risk_x : float
        Its slope by the share.
    p : record
        Parameters of the run.

    Returns
    -------
    float
        Per year, by the safety share.
    """
    return p.incidents_mishap_hazard * (market_share_x * risk + market_share * risk_x)


@inlined
def severity(capability, p):
    """Compute the probability that a mishap is a catastrophe (law 3.5).

    Parameters
    ----------
    capability : float
        Capability k, OOM above the best lab at the start.
    p : record
        Parameters of the run.

    Returns
    -------
    float
        Probability min(1, catastrophe_probability 10^(severity_growth k)).
    """
    return min(1.0, p.incidents_catastrophe_probability * power10(p.incidents_severity_growth * capability))


@inlined
def severity_slope(lab_severity, capability, capability_x, p):
    """Compute its slope.

    Parameters
    ----------
    lab_severity : float
        Probability that a mishap is a catastrophe.
    capability : float
        Capability k, OOM above the best lab at the start.
    capability_x : float
        Its slope by the lab's safety share, OOM.
    p : record
        Parameters of the run.

    Returns
    -------
    float
        By the safety share; 0 where it is certain.
    """
    return 0.0 if lab_severity >= 1.0 else LN10 * p.incidents_severity_growth * lab_severity * capability_x


@inlined
def severity_kink(p):
    """Find the capability at which every mishap is a catastrophe.

    Parameters
    ----------
    p : record
        Parameters of the run.

    Returns
    -------
    float
        OOM; infinite where there is none.
    """
    if p.incidents_severity_growth > 0.0 and p.incidents_catastrophe_probability > 0.0:
        return -log(p.incidents_catastrophe_probability) / (LN10 * p.incidents_severity_growth)
    return math.inf


@inlined
def ordinary_probability(mishap, catastrophe):
    """Compute the probability of an ordinary mishap given no catastrophe, p (1 - c) / (1 - p c) (law 3.5).

    Parameters
    ----------
    mishap : float
        Probability p of a mishap in the period.
    catastrophe : float
        Probability c that it is a catastrophe.

    Returns
    -------
    float
        In [0, 1].
    """
    alive = 1.0 - mishap * catastrophe
    if alive <= 0.0:
        return 0.0
    return mishap * (1.0 - catastrophe) / alive


@inlined
def visibility(benchmarks, p):
    """Compute how much of the gap a buyer sees at the start's capability (law 3.6).

    Parameters
    ----------
    benchmarks : float
        Shared benchmarks in force, in [0, 1].
    p : record
        Parameters of the run.

    Returns
    -------
    float
        In [0, 1].
    """
    return p.market_measurement_reliability + (1.0 - p.market_measurement_reliability) * benchmarks


@inlined
def wear(benchmarks, p):
    """Compute how much of what a buyer sees is lost as capability outgrows the start (law 3.6).

    Parameters
    ----------
    benchmarks : float
        Shared benchmarks in force, in [0, 1].
    p : record
        Parameters of the run.

    Returns
    -------
    float
        Per OOM.
    """
    return p.market_wear + benchmarks * (p.cooperation_benchmark_wear - p.market_wear)


@inlined
def reliability(capability, lab_visibility, lab_wear, p):
    """Compute how much of the gap a buyer sees (law 3.6).

    Worn benchmarks never hide what is seen without them.

    Parameters
    ----------
    capability : float
        Capability k, OOM above the best lab at the start.
    lab_visibility : float
        ``visibility`` under the benchmarks in force.
    lab_wear : float
        ``wear`` under them.
    p : record
        Parameters of the run.

    Returns
    -------
    float
        In [0, 1].
    """
    outgrown = max(0.0, capability)
    unaided = max(0.0, p.market_measurement_reliability - p.market_wear * outgrown)
    return max(unaided, lab_visibility - lab_wear * outgrown)


@inlined
def reliability_slope(seen, capability, capability_x, lab_visibility, lab_wear, p):
    """Compute its slope.

    Parameters
    ----------
    seen : float
        Reliability, in [0, 1].
    capability : float
        Capability k, OOM above the best lab at the start.
    capability_x : float
        Its slope by the lab's safety share, OOM.
    lab_visibility : float
        ``visibility`` under the benchmarks in force.
    lab_wear : float
        ``wear`` under them.
    p : record
        Parameters of the run.

    Returns
    -------
    float
        By the safety share.
    """
    if seen <= 0.0 or capability <= 0.0:
        return 0.0
    aided = lab_visibility - lab_wear * capability >= seen
    return -(lab_wear if aided else p.market_wear) * capability_x


@inlined
def reliability_kinks(lab_visibility, lab_wear, p):
    """Find the capabilities from which on benchmarks show no more than is seen without them, and nothing is seen.

    Parameters
    ----------
    lab_visibility : float
        ``visibility`` under the benchmarks in force.
    lab_wear : float
        ``wear`` under them.
    p : record
        Parameters of the run.

    Returns
    -------
    tuple of float
        OOM; infinite where there is none.
    """
    unaided, fading = p.market_measurement_reliability, p.market_wear
    if lab_wear > fading:
        worn = (lab_visibility - unaided) / (lab_wear - fading)
        if unaided > fading * worn:
            return worn, unaided / fading if fading > 0.0 else math.inf
    return math.inf, lab_visibility / lab_wear if lab_wear > 0.0 else math.inf


@inlined
def perceived_quality(capability, gap, seen, p):
    """Compute z = k - safety_premium rel u (law 3.6).

    Parameters
    ----------
    capability : float
        Capability k, OOM above the best lab at the start.
    gap : float
        Gap u, OOM.
    seen : float
        Reliability, in [0, 1].
    p : record
        Parameters of the run.

    Returns
    -------
    float
        OOM.
    """
    return capability - p.market_safety_premium * seen * gap


@inlined
def perceived_quality_slope(quality, capability, capability_x, gap, gap_x, seen, seen_x, p):
    """Compute its slope.

    Parameters
    ----------
    quality : float
        Perceived quality z, OOM.
    capability : float
        Capability k, OOM above the best lab at the start.
    capability_x : float
        Its slope by the lab's safety share, OOM.
    gap : float
        Gap u, OOM.
    gap_x : float
        Its slope by the share, OOM.
    seen : float
        Reliability, in [0, 1].
    seen_x : float
        Its slope by the share.
    p : record
        Parameters of the run.

    Returns
    -------
    float
        OOM, by the safety share.
    """
    return capability_x - p.market_safety_premium * (seen * gap_x + seen_x * gap)


@inlined
def pull(quality, reference, trust, p):
    """Compute a lab's weight in the market, trust 10^(selectivity (z - reference)) (law 3.6).

    The reference cancels in shares. Trust is held above 1e-12, so that a market in which all trust is gone still has
    shares (those of equal trust).

    Parameters
    ----------
    quality : float
        Perceived quality z, OOM.
    reference : float
        Quality that cancels in shares, OOM.
    trust : float
        Public trust in the lab, in [0, 1].
    p : record
        Parameters of the run.

    Returns
    -------
    float
        Positive.
    """
    return max(trust, SMALLEST_TRUST) * power10(p.market_selectivity * (quality - reference))


@inlined
def pull_slope(weight, quality, quality_x, reference, trust, p):
    """Compute its slope.

    Parameters
    ----------
    weight : float
        The lab's pull.
    quality : float
        Perceived quality z, OOM.
    quality_x : float
        Its slope by the share, OOM.
    reference : float
        Quality that cancels in shares, OOM.
    trust : float
        Public trust in the lab, in [0, 1].
    p : record
        Parameters of the run.

    Returns
    -------
    float
        By the safety share.
    """
    return weight * LN10 * p.market_selectivity * quality_x


@inlined
def market_value(best_capability, mean_trust, p):
    """Compute V = size 10^(growth max k) mean trust (law 3.6).

    Linear in trust: J multiplies by it later.

    Parameters
    ----------
    best_capability : float
        Capability of the best lab, OOM.
    mean_trust : float
        Trust, mean weighted by market share.
    p : record
        Parameters of the run.

    Returns
    -------
    float
        Yearly market values at the start.
    """
    return p.market_size * power10(p.market_growth * best_capability) * mean_trust


@inlined
def market_value_slope(value, best_capability, best_capability_x, p):
    """Compute the part of its slope that the frontier makes, where the lab leads.

    Parameters
    ----------
    value : float
        ``market_value``.
    best_capability : float
        Capability of the best lab, OOM.
    best_capability_x : float
        Its slope by the share, OOM.
    p : record
        Parameters of the run.

    Returns
    -------
    float
        Market values, by the safety share.
    """
    return value * LN10 * p.market_growth * best_capability_x


@inlined
def trust_loss(own, p):
    """Compute the part of its trust that a lab loses at a mishap (law 3.7).

    Parameters
    ----------
    own : bool
        Whether the mishap is its own.
    p : record
        Parameters of the run.

    Returns
    -------
    float
        In [0, 1].
    """
    return p.trust_mishap_loss if own else p.trust_commons_share * p.trust_mishap_loss


@inlined
def regulation_probability(at_home, p):
    """Compute the probability that a mishap moves a nation's regulation (law 3.7).

    Parameters
    ----------
    at_home : bool
        Whether the mishap is at one of its own labs.
    p : record
        Parameters of the run.

    Returns
    -------
    float
        In [0, 1].
    """
    return p.regulation_home_probability if at_home else p.regulation_abroad_probability


@inlined
def regulation_jump(level, p):
    """Compute what a mishap that moves regulation adds to it (law 3.7).

    Parameters
    ----------
    level : float
        Regulation R before.
    p : record
        Parameters of the run.

    Returns
    -------
    float
        Rise step (1 - R).
    """
    return p.regulation_step * (1.0 - level)


@inlined
def deployed_capability(capability, deployed, delay, dt):
    """Move the deployed capability d of a lab for one period, d = k - (k - d) tau / (tau + dt) (law 3.9).

    Its steady lag behind a capability that grows by g per year is g tau to the digit, whatever the period.

    Parameters
    ----------
    capability : float
        Capability k at the end of the period, OOM.
    deployed : float
        Deployed capability at its start, OOM.
    delay : float
        Delay tau, years.
    dt : float
        Length of the period, years.

    Returns
    -------
    float
        OOM; k without a delay.
    """
    if delay <= 0.0:
        return capability
    return capability - (capability - deployed) * delay / (delay + dt)


@inlined
def test_findings(delay, p):
    """Compute what testing before release assures in the long run, Y (1 - exp(-tau / T)) (law 3.9).

    Parameters
    ----------
    delay : float
        Delay tau, years.
    p : record
        Parameters of the run.

    Returns
    -------
    float
        OOM.
    """
    if p.release_test_yield <= 0.0 or delay <= 0.0:
        return 0.0
    return p.release_test_yield * (1.0 - exp(-delay / p.release_test_time))


@inlined
def test_findings_slope(delay, p):
    """Compute its slope by the delay.

    Parameters
    ----------
    delay : float
        Delay tau, years.
    p : record
        Parameters of the run.

    Returns
    -------
    float
        OOM per year.
    """
    return p.release_test_yield * exp(-delay / p.release_test_time) / p.release_test_time


@inlined
def tested_assurance(tested, findings, delay, dt):
    """Move assurance by testing for one period, e + (Y (1 - exp(-tau / T)) - e) dt / (tau + dt) (law 3.9).

    Parameters
    ----------
    tested : float
        Assurance e by testing at the start of the period, OOM.
    findings : float
        ``test_findings`` of the delay, OOM.
    delay : float
        Delay tau, years.
    dt : float
        Length of the period, years.

    Returns
    -------
    float
        OOM.
    """
    if delay <= 0.0:
        return 0.0
    return tested + (findings - tested) * dt / (delay + dt)


@inlined
def unassured(deployed, assurance, tested):
    """Compute the gap of what is deployed, u = max(0, d - a - e) (law 3.9).

    Parameters
    ----------
    deployed : float
        Deployed capability d, OOM.
    assurance : float
        Assurance a, OOM.
    tested : float
        Assurance e by testing before release, OOM.

    Returns
    -------
    float
        OOM.
    """
    return max(0.0, deployed - assurance - tested)


@inlined
def least_delay(regulation, keeps_standard, p):
    """Compute the delay before release that a nation's labs must keep (law 3.9).

    Parameters
    ----------
    regulation : float
        Its regulation R, in [0, 1].
    keeps_standard : bool
        Whether the standard of a slowdown or a treaty binds it.
    p : record
        Parameters of the run.

    Returns
    -------
    float
        Years.
    """
    delay = max(p.release_shortest, p.release_regulated * regulation)
    return max(delay, p.cooperation_testing) if keeps_standard else delay


@inlined
def remembered(delay, p):
    """Compute what is left of today's lag after the planning horizon, exp(-H / tau) (section 4).

    Parameters
    ----------
    delay : float
        Delay tau, years.
    p : record
        Parameters of the run.

    Returns
    -------
    float
        In [0, 1).
    """
    return exp(-p.lab_planning_horizon / delay) if delay > 0.0 else 0.0


@inlined
def remembered_slope(left, delay, p):
    """Compute its slope by the delay.

    Parameters
    ----------
    left : float
        ``remembered``.
    delay : float
        Delay tau, years.
    p : record
        Parameters of the run.

    Returns
    -------
    float
        Per year.
    """
    return left * p.lab_planning_horizon / (delay * delay) if left > 0.0 else 0.0


@inlined
def withheld(delay, left, counted):
    """Compute the part of a projected rise of capability that is not yet deployed, tau (1 - exp(-H / tau)) / H_c.

    Parameters
    ----------
    delay : float
        Delay tau, years.
    left : float
        ``remembered``.
    counted : float
        ``years_counted``, H_c (section 4).

    Returns
    -------
    float
        In [0, 1].
    """
    return min(1.0, delay * (1.0 - left) / counted)


@inlined
def years_counted(years, p):
    """Compute the years of growth that a projected capability counts, H_c = reach + f (H - reach) (section 4).

    Parameters
    ----------
    years : float
        ``reach``.
    p : record
        Parameters of the run.

    Returns
    -------
    float
        Years.
    """
    return years + p.lab_foresight * (p.lab_planning_horizon - years)


@inlined
def withheld_slope(delay, left, left_t, kept, counted):
    """Compute the slope of ``withheld`` by the delay.

    Parameters
    ----------
    delay : float
        Delay tau, years.
    left : float
        ``remembered``.
    left_t : float
        Its slope.
    kept : float
        ``withheld``.
    counted : float
        ``years_counted``.

    Returns
    -------
    float
        Per year; 0 where nothing is deployed.
    """
    return (1.0 - left - left_t * delay) / counted if kept < 1.0 else 0.0


@inlined
def alarm_at_rest(gap, p):
    """Compute the alarm of researchers at which it rests, 1 - 10^(-sensitivity u) (law 3.10).

    Parameters
    ----------
    gap : float
        The whole gap k - a, which researchers see, OOM.
    p : record
        Parameters of the run.

    Returns
    -------
    float
        In [0, 1).
    """
    return 1.0 - power10(-p.alarm_sensitivity * gap)


@inlined
def jolted(alarm, p):
    """Compute alarm after a mishap anywhere, x + jolt (1 - x) (law 3.10).

    Parameters
    ----------
    alarm : float
        Alarm x before, in [0, 1].
    p : record
        Parameters of the run.

    Returns
    -------
    float
        In [0, 1].
    """
    return alarm + p.alarm_jolt * (1.0 - alarm)


@inlined
def exposed_part(alarm, p):
    """Compute the part of the time that a lab is exposed, w x t / (1 + w x t) (law 3.10).

    Whistle-blowers act at the rate w x, and an exposed lab stays so for t years.

    Parameters
    ----------
    alarm : float
        Alarm x of its researchers, in [0, 1].
    p : record
        Parameters of the run.

    Returns
    -------
    float
        In [0, 1).
    """
    if p.alarm_whistle <= 0.0:
        return 0.0
    tips = p.alarm_whistle * alarm * p.alarm_exposure
    return tips / (1.0 + tips)


@inlined
def seen_when_exposed(seen, exposed):
    """Compute how much of the gap a buyer sees on the mean of both states, rel + (1 - rel) E (law 3.10).

    Parameters
    ----------
    seen : float
        Reliability, in [0, 1].
    exposed : float
        ``exposed_part``; then all is seen.

    Returns
    -------
    float
        In [0, 1]. Its slope is (1 - E) times that of the reliability.
    """
    return seen * (1.0 - exposed) + exposed


@inlined
def trust_at_rest(mean_alarm, p):
    """Compute the trust to which it recovers, min(1, 1 - unease (x - x(0))) (law 3.10).

    Parameters
    ----------
    mean_alarm : float
        Alarm x, mean weighted by market share.
    p : record
        Parameters of the run.

    Returns
    -------
    float
        In [0, 1].
    """
    return min(1.0, 1.0 - p.alarm_unease * (mean_alarm - p.alarm_start))


@inlined
def detection_per_year(alarm, p):
    """Compute the yearly probability that a covert defection is detected (section 6, law 3.10).

    Parameters
    ----------
    alarm : float
        Largest alarm among the defector's labs, in [0, 1].
    p : record
        Parameters of the run.

    Returns
    -------
    float
        In [0, 1].
    """
    spread = p.cooperation_detection_max - p.cooperation_detection_min
    yearly = p.cooperation_detection_min + spread * p.cooperation_verification + p.alarm_whistle * alarm
    return min(1.0, max(0.0, yearly))


@inlined
def damages(revenue, p):
    """Compute what an ordinary mishap costs a lab (section 5).

    Parameters
    ----------
    revenue : float
        Revenue per year, market values.
    p : record
        Parameters of the run.

    Returns
    -------
    float
        Market values.
    """
    return p.lab_liability * revenue


@inlined
def discount_factor(time, p):
    """Compute what a payoff at a time is worth today, exp(-discount_rate t) (section 5).

    Parameters
    ----------
    time : float
        Years from the start.
    p : record
        Parameters of the run.

    Returns
    -------
    float
        In (0, 1].
    """
    return exp(-p.nation_discount_rate * time)
