"""What labs expect of each other: everybody projected over the planning horizon (race_sim/MODEL.md, section 4).

The projection of all labs at their last shares is the ``outlook`` in the records; what one lab takes from it for its
own choice is gathered once per decision in a ``Prospect``.
"""

from typing import NamedTuple

from race_sim.kernels.compile import inlined, jit
from race_sim.kernels.laws import (
    absorbed,
    assurance_growth,
    capability_growth,
    care,
    damped_risk,
    diffusion,
    doubted_gap,
    drive,
    frontier_growth,
    hardening,
    lift_per_care,
    market_value,
    perceived_quality,
    pull,
    reach,
    reliability,
    remembered,
    seen_when_exposed,
    severity,
    spillover,
    test_findings,
    visibility,
    wear,
    withheld,
    years_counted,
)


class Prospect(NamedTuple):
    """One lab's decision problem at a frozen state: what the parameters alone do not say.

    Units as in race_sim/MODEL.md; hazards per year, times in years.
    """

    capability_at_rest: float  # projected capability at a share of 1, OOM
    rise: float  # by which it is higher at a share of 0, OOM
    deployed_at_rest: float  # both of what is deployed
    deployed_rise: float
    assurance: float
    assured: float  # assurance, with the projected one by testing, OOM
    years_counted: float  # of growth, by a projected capability
    resources: float
    spill: float
    lift_per_care: float  # assurance gained over the horizon at a safety effort of 1
    trust: float
    risk_perception: float
    visibility: float  # reliability at the start
    wear: float  # what it loses per OOM
    exposed: float
    reference: float
    rivals_pull: float
    rivals_trust: float
    home_risk: float
    abroad_risk: float
    rivals_catastrophe: float
    rivals_best: float
    rivals_value: float  # market value per trust when the best rival leads


@inlined
def idle_drive(lab, p):
    """Compute the drive of what a lab's share leaves idle, 1 - s.

    Parameters
    ----------
    lab : record
        The lab.
    p : record
        Parameters of the run.

    Returns
    -------
    float
        The drive, kept from ``use_share`` unless the share is another one.
    """
    return lab.idle_drive if lab.share == lab.driven_share else drive(1.0 - lab.share, p)


@inlined
def lab_drift(lab, nation, world, p):
    """Compute what flows towards a lab from the frontier and from partners (law 3.2).

    Parameters
    ----------
    lab : record
        The lab.
    nation : record
        Its nation.
    world : record
        The world.
    p : record
        Parameters of the run.

    Returns
    -------
    float
        OOM per year.
    """
    return diffusion(lab.capability, world.best_capability, nation.partner_best, nation.sharing, p)


@inlined
def lab_spill(lab, nation, world, p):
    """Compute the safety work of others that also counts for a lab (law 3.3).

    Parameters
    ----------
    lab : record
        The lab.
    nation : record
        Its nation.
    world : record
        The world.
    p : record
        Parameters of the run.

    Returns
    -------
    float
        Safety effort.
    """
    return spillover(
        lab.safety_work, nation.safety_work, world.safety_work, nation.partners_safety_work, nation.sharing, p
    )


@inlined
def lab_growth(lab, nation, world, p):
    """Compute a lab's drive, and growth of its capability and assurance, at the share in use (laws 3.2 and 3.3).

    Parameters
    ----------
    lab : record
        The lab.
    nation : record
        Its nation.
    world : record
        The world.
    p : record
        Parameters of the run.

    Returns
    -------
    tuple of float
        Drive; growth of capability and of assurance, OOM per year.
    """
    lab_drive = drive((1.0 - lab.share) * lab.effort_at_zero, p)
    growth = capability_growth(lab_drive, lab.capability, nation.growth_multiplier, p)
    drift = lab_drift(lab, nation, world, p) * absorbed(idle_drive(lab, p), p)
    lift = assurance_growth(lab.safety_work + lab_spill(lab, nation, world, p), lab.capability, p)
    return lab_drive, growth + drift, lift


@inlined
def planned_growth(lab, nation, world, p):
    """Compute the growth of a lab's capability that plans count, at the share in use, after ``foresee``.

    Parameters
    ----------
    lab : record
        The lab.
    nation : record
        Its nation.
    world : record
        The world.
    p : record
        Parameters of the run.

    Returns
    -------
    float
        OOM per year.
    """
    part = idle_drive(lab, p)
    return lab.growth_at_zero * part + lab_drift(lab, nation, world, p) * absorbed(part, p)


@jit
def foresee(labs, nations, world, p):
    """Write what plans hold fixed: growth and care as they are, and how far the frontier and each lab will rise.

    Rises are those at the last shares.

    Parameters
    ----------
    labs : records
        All labs.
    nations : records
        All nations.
    world : record
        The world.
    p : record
        Parameters of the run.
    """
    world.reach = reach(p)
    world.years_counted = years_counted(world.reach, p)
    world.foreseen = 0.0
    for i in range(len(labs)):
        lab = labs[i]
        multiplier = nations[lab.nation].growth_multiplier
        lab.growth_at_zero = capability_growth(drive(lab.effort_at_zero, p), lab.capability, multiplier, p)
        lab.lift_per_care = lift_per_care(p.lab_planning_horizon, lab.capability, p)
        lab.foreseen = 0.0
    if p.lab_foresight <= 0.0:
        return
    first = labs[world.leader]
    world.foreseen = frontier_growth(planned_growth(first, nations[first.nation], world, p), world.reach, p)
    for i in range(len(labs)):
        lab = labs[i]
        growth = planned_growth(lab, nations[lab.nation], world, p)
        lab.foreseen = p.lab_foresight * (growth * world.reach + world.foreseen)
        lab.lift_per_care *= hardening(lab.foreseen, p)


@inlined
def release_plan(lab, delay, counted, p):
    """Project what a lab deploys, d' = released k' + held, and what testing assures, at a delay (section 4).

    Parameters
    ----------
    lab : record
        The lab.
    delay : float
        Delay before release, years.
    counted : float
        Years of growth that a projected capability counts.
    p : record
        Parameters of the run.

    Returns
    -------
    tuple of float
        Released, a part; held and tested, OOM.
    """
    if delay <= 0.0:
        return 1.0, 0.0, 0.0
    left = remembered(delay, p)
    kept = withheld(delay, left, counted)
    findings = test_findings(delay, p)
    lag = (lab.capability - lab.deployed) * left
    return 1.0 - kept, lab.capability * kept - lag, findings + (lab.tested - findings) * left


@inlined
def project(i, labs, nations, world, p):
    """Project lab i over the planning horizon at the share in use, after ``foresee``.

    Writes its outlook fields but the pull.

    Parameters
    ----------
    i : int
        Number of the lab.
    labs : records
        All labs.
    nations : records
        All nations.
    world : record
        The world.
    p : record
        Parameters of the run.
    """
    lab = labs[i]
    nation = nations[lab.nation]
    capability = lab.capability + planned_growth(lab, nation, world, p) * world.reach + world.foreseen
    lift = lab.lift_per_care * care(lab.safety_work + lab_spill(lab, nation, world, p), p)
    released, held, tested = release_plan(lab, lab.delay, world.years_counted, p)
    deployed = released * capability + held
    gap = doubted_gap(deployed - (lab.assurance + lift) - tested, p)
    seen = reliability(deployed, visibility(nation.benchmarks, p), wear(nation.benchmarks, p), p)
    lab.outlook_deployed = deployed
    lab.outlook_quality = perceived_quality(deployed, gap, seen_when_exposed(seen, lab.exposed), p)
    lab.outlook_risk = damped_risk(gap, p)
    lab.outlook_severity = severity(deployed, p)


@jit
def form_outlook(labs, nations, world, p):
    """Project every lab at its last share and sum up what each will count of the others, in O(labs).

    Parameters
    ----------
    labs : records
        All labs.
    nations : records
        All nations.
    world : record
        The world.
    p : record
        Parameters of the run.
    """
    reference = -1e300
    world.outlook_best = -1e300
    world.outlook_second = -1e300
    for i in range(len(labs)):
        project(i, labs, nations, world, p)
        reference = max(reference, labs[i].outlook_quality)
        if labs[i].outlook_deployed > world.outlook_best:
            world.outlook_second = world.outlook_best
            world.outlook_best = labs[i].outlook_deployed
            world.outlook_leader = i
        elif labs[i].outlook_deployed > world.outlook_second:
            world.outlook_second = labs[i].outlook_deployed
    for n in range(len(nations)):
        nations[n].outlook_risk = 0.0
    world.outlook_reference = reference
    world.outlook_pull = 0.0
    world.outlook_trust = 0.0
    world.outlook_catastrophe = 0.0
    for i in range(len(labs)):
        lab = labs[i]
        weight = pull(lab.outlook_quality, reference, lab.trust, p)
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
    """Gather the decision problem of lab i at its delay in use, given the outlook on everybody else.

    Parameters
    ----------
    i : int
        Number of the lab.
    labs : records
        All labs.
    nations : records
        All nations.
    world : record
        The world.
    p : record
        Parameters of the run.

    Returns
    -------
    Prospect
        What its objective needs.
    """
    return prospect_at(labs[i].delay, i, labs, nations, world, p)


@inlined
def prospect_at(delay, i, labs, nations, world, p):
    """Gather the decision problem of lab i at a delay.

    Parameters
    ----------
    delay : float
        Delay before release, years.
    i : int
        Number of the lab.
    labs : records
        All labs.
    nations : records
        All nations.
    world : record
        The world.
    p : record
        Parameters of the run.

    Returns
    -------
    Prospect
        What its objective needs.
    """
    lab = labs[i]
    nation = nations[lab.nation]
    weight = lab.outlook_pull
    released, held, tested = release_plan(lab, delay, world.years_counted, p)
    drift = lab_drift(lab, nation, world, p)
    idle_drift = drift * absorbed(0.0, p)
    capability_at_rest = lab.capability + idle_drift * world.reach + world.foreseen
    rise = (lab.growth_at_zero + drift * absorbed(1.0, p) - idle_drift) * world.reach
    rivals_best = world.outlook_second if world.outlook_leader == i else world.outlook_best
    return Prospect(
        capability_at_rest,
        rise,
        released * capability_at_rest + held,
        released * rise,
        lab.assurance,
        lab.assurance + tested,
        world.years_counted,
        lab.resources,
        lab_spill(lab, nation, world, p),
        lab.lift_per_care,
        lab.trust,
        lab.risk_perception,
        visibility(nation.benchmarks, p),
        wear(nation.benchmarks, p),
        lab.exposed,
        world.outlook_reference,
        max(0.0, world.outlook_pull - weight),
        max(0.0, world.outlook_trust - weight * lab.trust),
        max(0.0, nation.outlook_risk - weight * lab.outlook_risk),
        max(0.0, world.outlook_risk - nation.outlook_risk),
        max(0.0, world.outlook_catastrophe - weight * lab.outlook_risk * lab.outlook_severity),
        rivals_best,
        market_value(rivals_best, 1.0, p),
    )
