"""What a lab expects of a safety share x: the objective J(x) of race_sim/MODEL.md, section 4, factor by factor.

J = H [S' V' w' F' - liability V' w' h' (1 - c')] - (1 - S') catastrophe_stake. The factors stand here in that text's
order, each once, with its slope below it (``_slope``; arguments that end in ``_x`` are slopes by the lab's share). One
lab's ``objective`` reads them at a share of its own choice, the labs' stage game and labs that count what falls on
others at everybody's outlook.
"""

from race_sim.kernels.compile import inlined
from race_sim.kernels.elementary import exp
from race_sim.kernels.laws import (
    care,
    damages,
    damping,
    doubted_gap,
    doubted_gap_slope,
    drive,
    driven_slope,
    gap_risk,
    gap_risk_slope,
    lift_slope,
    market_value,
    market_value_slope,
    mishap_hazard,
    mishap_hazard_slope,
    perceived_quality,
    perceived_quality_slope,
    pull,
    pull_slope,
    regulation_jump,
    regulation_probability,
    reliability,
    reliability_slope,
    seen_when_exposed,
    severity,
    severity_slope,
    trust_loss,
)

SMALLEST_WORTH = 1e-100  # V yr, to which a J of nearly 0 is held where gains are parts of it


@inlined
def developed(x, q, p):
    """Project k' and assurance by safety work at a share.

    Parameters
    ----------
    x : float
        Safety share, in [0, 0.95].
    q : Prospect
        The lab's decision problem.
    p : record
        Parameters of the run.

    Returns
    -------
    tuple of float
        Capability, and assurance before it is cut at k'; OOM.
    """
    capability = q.capability_at_rest + q.rise * drive(1.0 - x, p)
    return capability, q.assurance + q.lift_per_care * care(x * q.resources + q.spill, p)


@inlined
def projected(x, q, p):
    """Project d' and the gap before it is cut at 0 at a share, each with its slope.

    Parameters
    ----------
    x : float
        Safety share, in [0, 0.95].
    q : Prospect
        The lab's decision problem.
    p : record
        Parameters of the run.

    Returns
    -------
    tuple of float
        Deployed capability, its slope, gap (it falls as x rises), its slope; OOM.
    """
    idle = 1.0 - x
    rise = q.deployed_rise * drive(idle, p)
    deployed, deployed_x = q.deployed_at_rest + rise, driven_slope(rise, idle, p)
    work = x * q.resources + q.spill
    lift = q.lift_per_care * care(work, p)
    return deployed, deployed_x, deployed - (q.assured + lift), deployed_x - lift_slope(lift, work, q.resources, p)


@inlined
def market_scale(weight, rivals_pull):
    """Compute market share per unit of pull: w' is a lab's pull times this.

    Parameters
    ----------
    weight : float
        The lab's pull.
    rivals_pull : float
        Sum of the rivals' pulls.

    Returns
    -------
    float
        One over the sum of all pulls.
    """
    return 1.0 / (weight + rivals_pull)


@inlined
def market_scale_slope(scale, weight_x):
    """Compute its slope.

    Parameters
    ----------
    scale : float
        ``market_scale``.
    weight_x : float
        Its slope by the share.

    Returns
    -------
    float
        By the safety share.
    """
    return -scale * scale * weight_x


@inlined
def share_slope(scale, rivals_pull, weight_x):
    """Compute the slope of w'.

    Parameters
    ----------
    scale : float
        ``market_scale``.
    rivals_pull : float
        Sum of the rivals' pulls.
    weight_x : float
        Its slope by the share.

    Returns
    -------
    float
        By the safety share.
    """
    return rivals_pull * scale * scale * weight_x


@inlined
def survival_probability(catastrophes, p):
    """Compute S' = exp(-H x everybody's sum of h' c'), the sum as the lab perceives it.

    Parameters
    ----------
    catastrophes : float
        Hazard of a catastrophe at any lab, per year.
    p : record
        Parameters of the run.

    Returns
    -------
    float
        In [0, 1].
    """
    return exp(-p.lab_planning_horizon * catastrophes)


@inlined
def survival_probability_slope(survival, catastrophes_x, p):
    """Compute its slope.

    Parameters
    ----------
    survival : float
        S', the expected probability of survival over the planning horizon.
    catastrophes_x : float
        Slope of the hazard, per year.
    p : record
        Parameters of the run.

    Returns
    -------
    float
        By the safety share.
    """
    return -survival * p.lab_planning_horizon * catastrophes_x


@inlined
def fear_weights(p):
    """Compute what F' loses per unit of the lab's own hazard, of its compatriots' and of foreign labs'.

    Parameters
    ----------
    p : record
        Parameters of the run.

    Returns
    -------
    tuple of float
        Weights: trust, and speed by the jump of its nation's regulation.
    """
    jump = p.regulation_burden * regulation_jump(0.0, p)
    at_home = jump * regulation_probability(True, p)
    abroad = jump * regulation_probability(False, p)
    return trust_loss(True, p) + at_home, trust_loss(False, p) + at_home, trust_loss(False, p) + abroad


@inlined
def fear_factor(feared, p):
    """Compute F': what is left of revenue after what mishaps are expected to cost it.

    Parameters
    ----------
    feared : float
        Hazards weighted by ``fear_weights``, per year.
    p : record
        Parameters of the run.

    Returns
    -------
    float
        At least 0.
    """
    return max(0.0, 1.0 - p.lab_anticipation * p.lab_planning_horizon * feared)


@inlined
def fear_factor_slope(future, feared_x, p):
    """Compute its slope.

    Parameters
    ----------
    future : float
        F', the fear factor.
    feared_x : float
        Slope of the weighted hazards, per year.
    p : record
        Parameters of the run.

    Returns
    -------
    float
        By the safety share; 0 where F' is 0.
    """
    slope = -(p.lab_anticipation * p.lab_planning_horizon) * feared_x  # computed in any case: quicker than a branch
    return 0.0 if future <= 0.0 else slope


@inlined
def expected_damages(revenue, hazard, lab_severity, p):
    """Compute damages expected per year, liability V' w' h' (1 - c').

    Parameters
    ----------
    revenue : float
        Revenue per year, market values.
    hazard : float
        Hazard of a mishap at the lab, per year.
    lab_severity : float
        Probability that a mishap is a catastrophe.
    p : record
        Parameters of the run.

    Returns
    -------
    float
        Market values per year.
    """
    return damages(revenue, p) * hazard * (1.0 - lab_severity)


@inlined
def expected_damages_slope(revenue, hazard, hazard_x, lab_severity, lab_severity_x, p):
    """Compute its slope at a given revenue.

    Parameters
    ----------
    revenue : float
        Revenue per year, market values.
    hazard : float
        Hazard of a mishap at the lab, per year.
    hazard_x : float
        Its slope by the share, per year.
    lab_severity : float
        Probability that a mishap is a catastrophe.
    lab_severity_x : float
        Its slope by the share.
    p : record
        Parameters of the run.

    Returns
    -------
    float
        Market values per year, by the safety share.
    """
    return damages(revenue, p) * (hazard_x * (1.0 - lab_severity) - hazard * lab_severity_x)


@inlined
def worth(unit, revenue, survival, future, damage, p):
    """Compute J from its factors.

    Parameters
    ----------
    unit : float
        Unit in which revenue and damages are given, market values per year.
    revenue : float
        Revenue V' w' per year, in this unit.
    survival : float
        S', the expected probability of survival over the planning horizon.
    future : float
        F', the fear factor.
    damage : float
        Expected damages per year, in the same unit.
    p : record
        Parameters of the run.

    Returns
    -------
    float
        Market values x years.
    """
    flow = p.lab_planning_horizon * unit * (survival * revenue * future - damage)
    return flow - (1.0 - survival) * p.lab_catastrophe_stake


@inlined
def worth_slope(unit, unit_x, survival, survival_x, future, future_x, damage, damage_x, p):
    """Compute its slope where the unit is the lab's revenue, so that revenue is 1.

    Parameters
    ----------
    unit : float
        Revenue per year, market values.
    unit_x : float
        Its slope by the share.
    survival : float
        S', the expected probability of survival over the planning horizon.
    survival_x : float
        Its slope by the share.
    future : float
        F', the fear factor.
    future_x : float
        Its slope by the share.
    damage : float
        Expected damages per year, in the same unit.
    damage_x : float
        Its slope by the share.
    p : record
        Parameters of the run.

    Returns
    -------
    float
        Market values x years, by the safety share.
    """
    part, part_x = survival * future - damage, survival_x * future + survival * future_x - damage_x
    return p.lab_planning_horizon * (unit_x * part + unit * part_x) + survival_x * p.lab_catastrophe_stake


@inlined
def judged(capability, capability_x, raw_gap, raw_gap_x, q, p):
    """Compute J of what is deployed and how well it is assured, and its slope along a line on which both move.

    Parameters
    ----------
    capability : float
        Projected deployed capability d', OOM.
    capability_x : float
        Its slope by what moves, OOM per unit of it.
    raw_gap : float
        Projected gap before it is cut at 0, OOM.
    raw_gap_x : float
        Its slope.
    q : Prospect
        The lab's decision problem.
    p : record
        Parameters of the run.

    Returns
    -------
    tuple of float
        J and its slope, in market values x years (per unit of what moves).
    """
    gap = doubted_gap(raw_gap, p)
    gap_x = doubted_gap_slope(raw_gap, raw_gap_x, p)

    unexposed = reliability(capability, q.visibility, q.wear, p)
    seen = seen_when_exposed(unexposed, q.exposed)
    seen_x = reliability_slope(unexposed, capability, capability_x, q.visibility, q.wear, p) * (1.0 - q.exposed)
    quality = perceived_quality(capability, gap, seen, p)
    quality_x = perceived_quality_slope(quality, capability, capability_x, gap, gap_x, seen, seen_x, p)
    weight = pull(quality, q.reference, q.trust, p)
    weight_x = pull_slope(weight, quality, quality_x, q.reference, q.trust, p)
    scale = market_scale(weight, q.rivals_pull)
    scale_x = market_scale_slope(scale, weight_x)
    share = weight * scale
    share_x = share_slope(scale, q.rivals_pull, weight_x)

    undamped = gap_risk(gap, p)
    damped = damping(undamped, p)
    risk = undamped * damped
    risk_x = gap_risk_slope(undamped, gap, gap_x, p) * (damped * damped)
    hazard = mishap_hazard(share, risk, p)
    hazard_x = mishap_hazard_slope(hazard, share, share_x, risk, risk_x, p)
    grave = severity(capability, p)
    grave_x = severity_slope(grave, capability, capability_x, p)

    catastrophes = mishap_hazard(1.0, q.rivals_catastrophe, p)  # of rivals, per unit of scale
    survival = survival_probability(q.risk_perception * (hazard * grave + catastrophes * scale), p)
    graver = q.risk_perception * (hazard_x * grave + hazard * grave_x + catastrophes * scale_x)
    survival_x = survival_probability_slope(survival, graver, p)

    own_fear, home_fear, abroad_fear = fear_weights(p)
    rivals = home_fear * mishap_hazard(1.0, q.home_risk, p) + abroad_fear * mishap_hazard(1.0, q.abroad_risk, p)
    future = fear_factor(own_fear * hazard + rivals * scale, p)
    future_x = fear_factor_slope(future, own_fear * hazard_x + rivals * scale_x, p)

    trust_pulled = weight * q.trust + q.rivals_trust
    mean_trust = trust_pulled * scale
    mean_trust_x = weight_x * q.trust * scale + trust_pulled * scale_x
    leads = capability > q.rivals_best
    value_per_trust = market_value(capability, 1.0, p) if leads else q.rivals_value
    value = value_per_trust * mean_trust
    value_x = value_per_trust * mean_trust_x
    if leads:
        value_x += market_value_slope(value, capability, capability_x, p)
    revenue = value * share
    revenue_x = value_x * share + value * share_x

    damage = expected_damages(1.0, hazard, grave, p)
    damage_x = expected_damages_slope(1.0, hazard, hazard_x, grave, grave_x, p)
    return (
        worth(revenue, 1.0, survival, future, damage, p),
        worth_slope(revenue, revenue_x, survival, survival_x, future, future_x, damage, damage_x, p),
    )


@inlined
def objective(x, q, p):
    """Compute J(x) and dJ/dx.

    Parameters
    ----------
    x : float
        Safety share, in [0, 0.95].
    q : Prospect
        The lab's decision problem.
    p : record
        Parameters of the run.

    Returns
    -------
    tuple of float
        J and its slope, in market values x years; and the projected gap before it is cut at 0, in OOM: where it closes,
        J has a kink.
    """
    deployed, deployed_x, raw_gap, raw_gap_x = projected(x, q, p)
    value, slope = judged(deployed, deployed_x, raw_gap, raw_gap_x, q, p)
    return value, slope, raw_gap
