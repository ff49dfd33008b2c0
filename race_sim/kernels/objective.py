"""What a lab expects of a safety share: the objective J(x) of race_sim/MODEL.md, section 4, and its derivative.

Everything that does not depend on the lab's own share is gathered once per decision in a ``Prospect``. J and dJ/dx are
computed together: the exponentials, which cost most, serve both.
"""

import math
from typing import NamedTuple

from race_sim.kernels.compile import inlined, jit
from race_sim.kernels.laws import (
    LN10,
    assurance_growth,
    capability_growth,
    diffusion,
    gap_risk,
    market_value,
    mishap_hazard,
    perceived_quality,
    power,
    power10,
    pull,
    reliability,
    severity,
    spillover,
)

STEEPEST_LIFT = 1e9  # stands for the infinite slope of assurance in safety effort at no effort, OOM


class Prospect(NamedTuple):
    """One lab's decision problem at a frozen state: what the parameters alone do not say.

    Units as in race_sim/MODEL.md; hazards per year, times in years.
    """

    capability: float
    drift: float  # diffusion, OOM per year
    growth_at_zero: float  # own growth at a share of 0, OOM per year
    reach: float  # effective years of capability growth within the horizon
    assurance: float
    resources: float
    spill: float
    lift_per_effort: float  # assurance gained over the horizon at a safety effort of 1
    trust: float
    seen: float  # reliability at the start
    reference: float
    rivals_pull: float
    rivals_trust: float
    home_risk: float
    abroad_risk: float
    rivals_catastrophe: float
    rivals_best: float
    rivals_value: float  # market value per trust when the best rival leads


@inlined
def reach(horizon, diffusion_rate):
    """Years of growth that are left after catching-up: (1 - exp(-D H)) / D, and H when D is 0."""
    if diffusion_rate <= 0.0:
        return horizon
    return -math.expm1(-diffusion_rate * horizon) / diffusion_rate


@inlined
def lab_drift(lab, nation, world, p):
    return diffusion(
        lab.capability,
        world.best_capability,
        nation.partner_best,
        p.capability_diffusion_rate,
        p.cooperation_leak * nation.sharing,
    )


@inlined
def lab_spill(lab, nation, world, p):
    return spillover(
        lab.safety_work,
        nation.safety_work,
        world.safety_work,
        nation.partners_safety_work,
        p.assurance_domestic_spillover,
        p.assurance_foreign_spillover,
        nation.sharing,
    )


@inlined
def project(i, labs, nations, world, p):
    """Project lab i over the planning horizon at the share it has in use; writes its outlook fields but the pull."""
    lab = labs[i]
    nation = nations[lab.nation]
    horizon = p.lab_planning_horizon
    drive = power((1.0 - lab.share) * lab.effort_at_zero, p.capability_effort_elasticity)
    growth = capability_growth(
        drive, lab.capability, p.capability_growth_rate * nation.growth_multiplier, p.capability_idea_difficulty
    )
    years = reach(horizon, p.capability_diffusion_rate)
    capability = lab.capability + (growth + lab_drift(lab, nation, world, p)) * years
    lift = horizon * assurance_growth(
        lab.safety_work + lab_spill(lab, nation, world, p),
        lab.capability,
        p.assurance_growth_rate,
        p.assurance_elasticity,
        p.assurance_difficulty,
    )
    gap = max(0.0, capability - (lab.assurance + lift))
    seen = reliability(capability, p.market_measurement_reliability, nation.benchmarks, p.cooperation_validity_decay)
    lab.outlook_capability = capability
    lab.outlook_quality = perceived_quality(capability, gap, seen, p.market_safety_premium)
    lab.outlook_risk = gap_risk(gap, p.incidents_gap_sensitivity)
    lab.outlook_severity = severity(capability, p.incidents_catastrophe_probability, p.incidents_severity_growth)


@jit
def form_outlook(labs, nations, world, p):
    """Project every lab at its last share and total what each will count of the others: O(labs)."""
    reference = -1e300
    world.outlook_best = -1e300
    world.outlook_second = -1e300
    for i in range(len(labs)):
        project(i, labs, nations, world, p)
        reference = max(reference, labs[i].outlook_quality)
        if labs[i].outlook_capability > world.outlook_best:
            world.outlook_second = world.outlook_best
            world.outlook_best = labs[i].outlook_capability
            world.outlook_leader = i
        elif labs[i].outlook_capability > world.outlook_second:
            world.outlook_second = labs[i].outlook_capability
    for n in range(len(nations)):
        nations[n].outlook_risk = 0.0
    world.outlook_reference = reference
    world.outlook_pull = 0.0
    world.outlook_trust = 0.0
    world.outlook_catastrophe = 0.0
    for i in range(len(labs)):
        lab = labs[i]
        weight = pull(lab.outlook_quality, reference, lab.trust, p.market_selectivity)
        lab.outlook_pull = weight
        world.outlook_pull += weight
        world.outlook_trust += weight * lab.trust
        world.outlook_catastrophe += weight * lab.outlook_risk * lab.outlook_severity
        nations[lab.nation].outlook_risk += weight * lab.outlook_risk
    world.outlook_risk = 0.0
    for n in range(len(nations)):
        world.outlook_risk += nations[n].outlook_risk


@inlined
def prospect(i, labs, nations, world, p):
    """The decision problem of lab i, given the outlook on everybody else."""
    lab = labs[i]
    nation = nations[lab.nation]
    horizon = p.lab_planning_horizon
    weight = lab.outlook_pull
    rivals_best = world.outlook_second if world.outlook_leader == i else world.outlook_best
    growth_rate = p.capability_growth_rate * nation.growth_multiplier
    drive = power(lab.effort_at_zero, p.capability_effort_elasticity)
    return Prospect(
        lab.capability,
        lab_drift(lab, nation, world, p),
        capability_growth(drive, lab.capability, growth_rate, p.capability_idea_difficulty),
        reach(horizon, p.capability_diffusion_rate),
        lab.assurance,
        lab.resources,
        lab_spill(lab, nation, world, p),
        horizon * p.assurance_growth_rate * power10(-p.assurance_difficulty * lab.capability),
        lab.trust,
        reliability(0.0, p.market_measurement_reliability, nation.benchmarks, 0.0),
        world.outlook_reference,
        max(0.0, world.outlook_pull - weight),
        max(0.0, world.outlook_trust - weight * lab.trust),
        max(0.0, nation.outlook_risk - weight * lab.outlook_risk),
        max(0.0, world.outlook_risk - nation.outlook_risk),
        max(0.0, world.outlook_catastrophe - weight * lab.outlook_risk * lab.outlook_severity),
        rivals_best,
        market_value(rivals_best, 1.0, p.market_size, p.market_growth),
    )


@inlined
def projected(x, q, p):
    """Capability and the gap before it is cut at 0 (which falls as x rises) at a share x, each with its slope."""
    idle = 1.0 - x
    growth = q.growth_at_zero * power(idle, p.capability_effort_elasticity)
    capability = q.capability + (growth + q.drift) * q.reach
    capability_x = -p.capability_effort_elasticity * growth * q.reach / idle
    work = x * q.resources + q.spill
    lift = q.lift_per_effort * power(work, p.assurance_elasticity)
    if work > 0.0:
        lift_x = p.assurance_elasticity * lift * q.resources / work
    else:
        lift_x = STEEPEST_LIFT if q.resources > 0.0 else 0.0
    return capability, capability_x, capability - (q.assurance + lift), capability_x - lift_x


@inlined
def objective(x, q, p):
    """J(x) and dJ/dx for a safety share x in [0, 0.95], Prospect q and parameters p, in market values x years.

    Also returned is the projected gap before it is cut at 0, in OOM: where it closes, J has a kink.
    """
    capability, capability_x, raw_gap, raw_gap_x = projected(x, q, p)
    gap = max(0.0, raw_gap)
    gap_x = raw_gap_x if raw_gap > 0.0 else 0.0

    beyond = max(0.0, capability)
    seen = q.seen - p.cooperation_validity_decay * beyond
    seen_x = -p.cooperation_validity_decay * capability_x
    if seen <= 0.0:
        seen = 0.0
        seen_x = 0.0
    elif capability <= 0.0:
        seen_x = 0.0
    quality = perceived_quality(capability, gap, seen, p.market_safety_premium)
    quality_x = capability_x - p.market_safety_premium * (seen * gap_x + seen_x * gap)

    weight = pull(quality, q.reference, q.trust, p.market_selectivity)
    weight_x = weight * LN10 * p.market_selectivity * quality_x
    scale = 1.0 / (weight + q.rivals_pull)
    scale_x = -scale * scale * weight_x
    share = weight * scale
    share_x = q.rivals_pull * scale * scale * weight_x

    risk = gap_risk(gap, p.incidents_gap_sensitivity)
    risk_x = LN10 * p.incidents_gap_sensitivity * (risk + 1.0) * gap_x
    hazard = mishap_hazard(share, risk, p.incidents_mishap_hazard)
    hazard_x = p.incidents_mishap_hazard * (share_x * risk + share * risk_x)
    grave = severity(capability, p.incidents_catastrophe_probability, p.incidents_severity_growth)
    grave_x = 0.0 if grave >= 1.0 else LN10 * p.incidents_severity_growth * grave * capability_x

    home = p.incidents_mishap_hazard * q.home_risk
    abroad = p.incidents_mishap_hazard * q.abroad_risk
    catastrophes = hazard * grave + p.incidents_mishap_hazard * q.rivals_catastrophe * scale
    catastrophes_x = hazard_x * grave + hazard * grave_x + p.incidents_mishap_hazard * q.rivals_catastrophe * scale_x
    survival = math.exp(-p.lab_planning_horizon * catastrophes)
    survival_x = -survival * p.lab_planning_horizon * catastrophes_x

    fear = p.lab_anticipation * p.lab_planning_horizon
    jump = p.regulation_burden * p.regulation_step
    home_burden = jump * p.regulation_home_probability
    abroad_burden = jump * p.regulation_abroad_probability
    own_weight = p.trust_mishap_loss + home_burden
    home_weight = p.trust_mishap_loss * p.trust_commons_share + home_burden
    abroad_weight = p.trust_mishap_loss * p.trust_commons_share + abroad_burden
    others = home_weight * home + abroad_weight * abroad
    future = 1.0 - fear * (own_weight * hazard + others * scale)
    future_x = -fear * (own_weight * hazard_x + others * scale_x)
    if future <= 0.0:
        future = 0.0
        future_x = 0.0

    pulled_trust = weight * q.trust + q.rivals_trust
    mean_trust = pulled_trust * scale
    mean_trust_x = weight_x * q.trust * scale + pulled_trust * scale_x
    value_per_trust = q.rivals_value
    if capability > q.rivals_best:
        value_per_trust = market_value(capability, 1.0, p.market_size, p.market_growth)
    value = value_per_trust * mean_trust
    value_x = value_per_trust * mean_trust_x
    if capability > q.rivals_best:
        value_x += value * LN10 * p.market_growth * capability_x

    revenue = value * share
    revenue_x = value_x * share + value * share_x
    damages = p.lab_liability * hazard * (1.0 - grave)
    damages_x = p.lab_liability * (hazard_x * (1.0 - grave) - hazard * grave_x)
    per_revenue = survival * future - damages
    per_revenue_x = survival_x * future + survival * future_x - damages_x
    total = p.lab_planning_horizon * revenue * per_revenue - (1.0 - survival) * p.lab_catastrophe_stake
    total_x = (
        p.lab_planning_horizon * (revenue_x * per_revenue + revenue * per_revenue_x)
        + survival_x * p.lab_catastrophe_stake
    )
    return total, total_x, raw_gap
