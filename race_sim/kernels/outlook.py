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
)


class Prospect(NamedTuple):
    """One lab's decision problem at a frozen state: what the parameters alone do not say.

    Units as in race_sim/MODEL.md; hazards per year, times in years.
    """

    capability: float
    ahead: float  # what the frontier's growth adds to its projected capability, OOM
    drift: float  # diffusion that it takes in at a share of 0, OOM per year
    growth_at_zero: float  # own growth at a share of 0, OOM per year
    reach: float  # effective years of capability growth within the horizon
    assurance: float
    resources: float
    spill: float
    lift_per_care: float  # assurance gained over the horizon at a safety effort of 1
    released: float  # part of a projected capability that is deployed
    held: float  # what is added to that part, OOM
    tested: float  # projected assurance by testing, OOM
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
    drift = lab_drift(lab, nation, world, p)
    if p.capability_absorption > 0.0:
        drift *= absorbed(drive(1.0 - lab.share, p), p)
    lift = assurance_growth(lab.safety_work + lab_spill(lab, nation, world, p), lab.capability, p)
    return lab_drive, growth + drift, lift


@jit
def foresee(labs, nations, world, p):
    """Write by how much plans let the frontier, and each lab's own capability, rise, all at their last shares.

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
    world.foreseen = 0.0
    for i in range(len(labs)):
        labs[i].foreseen = 0.0
    if p.lab_foresight <= 0.0:
        return
    first = labs[world.leader]
    world.foreseen = frontier_growth(lab_growth(first, nations[first.nation], world, p)[1], p)
    for i in range(len(labs)):
        growth = lab_growth(labs[i], nations[labs[i].nation], world, p)[1]
        labs[i].foreseen = p.lab_foresight * (growth * reach(p) + world.foreseen)


@inlined
def release_plan(lab, delay, p):
    """Project what a lab deploys, d' = released k' + held, and what testing assures, at a delay (section 4).

    Parameters
    ----------
    lab : record
        The lab.
    delay : float
        Delay before release, years.
    p : record
        Parameters of the run.

    Returns
    -------
    tuple of float
        Released, a part; held and tested, OOM.
    """
    if delay <= 0.0:
        return 1.0, 0.0, 0.0
    left, kept = remembered(delay, p), withheld(delay, p)
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
    _, growth, lift = lab_growth(lab, nation, world, p)
    capability = lab.capability + growth * reach(p) + world.foreseen
    lift *= p.lab_planning_horizon
    released, held, tested = release_plan(lab, lab.delay, p)
    deployed = released * capability + held
    gap = doubted_gap(deployed - (lab.assurance + lift * hardening(lab.foreseen, p)) - tested, p)
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
    released, held, tested = release_plan(lab, delay, p)
    rivals_best = world.outlook_second if world.outlook_leader == i else world.outlook_best
    return Prospect(
        lab.capability,
        world.foreseen,
        lab_drift(lab, nation, world, p),
        capability_growth(drive(lab.effort_at_zero, p), lab.capability, nation.growth_multiplier, p),
        reach(p),
        lab.assurance,
        lab.resources,
        lab_spill(lab, nation, world, p),
        lift_per_care(p.lab_planning_horizon, lab.capability, p) * hardening(lab.foreseen, p),
        released,
        held,
        tested,
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
