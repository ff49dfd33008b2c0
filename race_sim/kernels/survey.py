"""Treaty, floors and totals: what is fixed at the start of a period before anybody moves."""

from race_sim.kernels.compile import inlined
from race_sim.kernels.laws import drive, effort, exposed_part, least_delay, resources, share_in_use, test_findings

NOBODY, FUNDAMENTALS, TREATY = 0, 1, 2


@inlined
def form_groups(nations, world, p):
    """Decide whether the treaty is in force, and which nations share with each other (section 6).

    Parameters
    ----------
    nations : records
        All nations.
    world : record
        The world.
    p : record
        Parameters of the run.
    """
    signatories = 0
    for n in range(len(nations)):
        signatories += nations[n].signs
    exists = signatories > 0 and signatories >= p.cooperation_treaty_min_signatories
    world.treaty_in_force = 1 if exists and world.period >= world.suspended_until else 0
    shares_on = world.treaty_in_force == 1 or (exists and p.cooperation_suspend_sharing < 0.5)
    open_nations = 0
    for n in range(len(nations)):
        open_nations += nations[n].shares_openly
    for n in range(len(nations)):
        nation = nations[n]
        nation.group = NOBODY
        if nation.signs == 1 and shares_on and signatories > 1:
            nation.group = TREATY
        if nation.shares_openly == 1 and open_nations > 1:
            nation.group = FUNDAMENTALS


@inlined
def open_treaty(nations, world, p):
    """Open the treaty and the groups that share, and what follows: benchmarks, sharing and floors in force.

    Parameters
    ----------
    nations : records
        All nations.
    world : record
        The world.
    p : record
        Parameters of the run.
    """
    form_groups(nations, world, p)
    for n in range(len(nations)):
        nation = nations[n]
        nation.benchmarks = p.cooperation_benchmarks if nation.group != NOBODY else 0.0
        nation.sharing = p.cooperation_sharing if nation.group != NOBODY else 0.0
        nation.floor = p.regulation_floor * nation.regulation
        bound = nation.signs == 1 and nation.honours == 1 and world.treaty_in_force == 1
        kept = bound or nation.keeps_standard == 1
        if kept:
            nation.floor = max(nation.floor, p.cooperation_standard)
        nation.least_delay = least_delay(nation.regulation, kept, p)


@inlined
def open_lab(i, labs, nations, p):
    """Set a lab's resources of the period, and the share and the delay in use under the floors in force.

    Parameters
    ----------
    i : int
        Number of the lab.
    labs : records
        All labs.
    nations : records
        All nations.
    p : record
        Parameters of the run.
    """
    lab = labs[i]
    nation = nations[lab.nation]
    lab.resources = resources(lab.funding, lab.boost, lab.trust, p)
    lab.effort_at_zero = effort(0.0, lab.resources, nation.regulation, p)
    lab.floor = max(nation.floor, p.alarm_voice * lab.alarm)
    lab.exposed = exposed_part(lab.alarm, p)
    use_share(i, labs, nations, p)


@inlined
def use_share(i, labs, nations, p):
    """Set a lab's share in use, min(0.95, max(chosen, floor)), and its delay in use, as in every period.

    Parameters
    ----------
    i : int
        Number of the lab.
    labs : records
        All labs.
    nations : records
        All nations.
    p : record
        Parameters of the run.
    """
    lab = labs[i]
    lab.share = share_in_use(lab.chosen, lab.floor)
    lab.delay = max(lab.delay_chosen, nations[lab.nation].least_delay)
    lab.safety_work = lab.share * lab.resources
    if lab.driven_share != lab.share:
        lab.driven_share, lab.idle_drive = lab.share, drive(1.0 - lab.share, p)
    if lab.tested_delay != lab.delay:
        lab.tested_delay, lab.findings = lab.delay, test_findings(lab.delay, p)


@inlined
def survey_safety(labs, nations, world):
    """Sum safety work and shares per nation, per group that shares and for the world, in O(labs).

    Parameters
    ----------
    labs : records
        All labs.
    nations : records
        All nations.
    world : record
        The world.
    """
    for n in range(len(nations)):
        nations[n].safety_work = 0.0
    shares = 0.0
    for i in range(len(labs)):
        nations[labs[i].nation].safety_work += labs[i].safety_work
        shares += labs[i].share
    world.shares = shares
    world.safety_work = 0.0
    fundamentals = 0.0
    treaty = 0.0
    for n in range(len(nations)):
        work = nations[n].safety_work
        world.safety_work += work
        if nations[n].group == FUNDAMENTALS:
            fundamentals += work
        elif nations[n].group == TREATY:
            treaty += work
    for n in range(len(nations)):
        nation = nations[n]
        if nation.group == FUNDAMENTALS:
            nation.partners_safety_work = fundamentals
        elif nation.group == TREATY:
            nation.partners_safety_work = treaty
        else:
            nation.partners_safety_work = nation.safety_work


@inlined
def survey_capability(labs, nations, world):
    """Find the best capability of each nation, of its rivals, of its partners and of the world; sum resources.

    Also the best that is deployed, and each nation's largest alarm.

    Parameters
    ----------
    labs : records
        All labs.
    nations : records
        All nations.
    world : record
        The world.
    """
    for n in range(len(nations)):
        nations[n].best_capability = -1e300
        nations[n].alarm = 0.0
    resources = 0.0
    highest = -1e300
    deployed = -1e300
    for i in range(len(labs)):
        lab = labs[i]
        nation = nations[lab.nation]
        nation.best_capability = max(nation.best_capability, lab.capability)
        nation.alarm = max(nation.alarm, lab.alarm)
        deployed = max(deployed, lab.deployed)
        resources += lab.resources
        if lab.capability > highest:
            highest = lab.capability
            world.leader = i
    world.resources = resources
    world.best_capability = highest
    world.best_deployed = deployed
    # 0: all nations; 1 and 2: the sharing groups. Best, second best and who is best.
    for group in range(3):
        best = -1e300
        second = -1e300
        leader = -1
        for n in range(len(nations)):
            if group == NOBODY or nations[n].group == group:
                if nations[n].best_capability > best:
                    second = best
                    best = nations[n].best_capability
                    leader = n
                elif nations[n].best_capability > second:
                    second = nations[n].best_capability
        for n in range(len(nations)):
            other = second if leader == n else best
            if group == NOBODY:
                nations[n].rival_best = other
                nations[n].partner_best = -1e300
            elif nations[n].group == group:
                nations[n].partner_best = other
