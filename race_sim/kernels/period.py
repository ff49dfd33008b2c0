"""One period, stage by stage (race_sim/MODEL.md, section 2). A Mesa agent calls the same stages for its own row."""

from race_sim.kernels import rules
from race_sim.kernels.aftermath import (
    alarm_researchers,
    finish,
    lose_trust,
    monitor,
    pay_lab,
    pay_nation,
    regulate,
    suspend,
)
from race_sim.kernels.compile import inlined, jit
from race_sim.kernels.control_sums import count_breakthroughs, count_damages, count_mishaps
from race_sim.kernels.elementary import power
from race_sim.kernels.laws import (
    breakthrough_probability,
    damped_risk,
    deployed_capability,
    discount_factor,
    drained,
    event_probability,
    market_value,
    mishap_hazard,
    ordinary_probability,
    perceived_quality,
    pull,
    relax,
    reliability,
    seen_when_exposed,
    severity,
    tested_assurance,
    unassured,
    visibility,
    wear,
)
from race_sim.kernels.outlook import foresee, form_outlook, lab_growth
from race_sim.kernels.random import ADVANCE, SEVERITY, uniforms
from race_sim.kernels.rules import HUMAN, STAGE_NASH, find_neighbours
from race_sim.kernels.stage_equilibrium import solve_stage
from race_sim.kernels.survey import open_lab, open_treaty, survey_capability, survey_safety, use_share


@inlined
def open_period(world, p):
    """Set the time at the end of the period, at which its payoffs are discounted, and the time left at its start.

    Parameters
    ----------
    world : record
        The world.
    p : record
        Parameters of the run.
    """
    world.time = (world.period + 1) * world.dt
    world.left = 1.0 - world.period / world.periods
    world.discount = discount_factor(world.time, p)


@inlined
def is_decision(world):
    """Tell whether labs decide in this period.

    Parameters
    ----------
    world : record
        The world.

    Returns
    -------
    bool
        True every ``decision_interval``.
    """
    return world.period % world.periods_per_decision == 0


@jit
def prepare_decisions(labs, nations, world, p):
    """Form the outlook that all labs share at a decision date, and what single rules need to know of everybody.

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
    for i in range(len(labs)):
        if rules.PLANS[labs[i].rule]:
            foresee(labs, nations, world, p)
            form_outlook(labs, nations, world, p)
            break
    for i in range(len(labs)):
        if labs[i].rule == HUMAN:
            find_neighbours(labs)
            break
    for i in range(len(labs)):
        if labs[i].rule == STAGE_NASH:
            world.exploitability += world.survival * len(labs) * solve_stage(labs, nations, world, p)
            break


@inlined
def count_decision(i, labs, world):
    """Start a lab's new decision interval: profits are counted from here, and the delay chosen holds.

    Parameters
    ----------
    i : int
        Number of the lab.
    labs : records
        All labs.
    world : record
        The world.
    """
    labs[i].profit = 0.0
    labs[i].delay_chosen = labs[i].delay_step
    world.decisions += world.survival


@inlined
def advance(i, labs, nations, world, p):
    """Prepare one lab's next capability and assurance, and draw whether it breaks through (3.2 to 3.4).

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
    drive, growth, lift = lab_growth(lab, nations[lab.nation], world, p)
    lab.capability_next = lab.capability + growth * world.dt
    lab.assurance_next = lab.assurance + world.dt * lift
    first, lab.luck = uniforms(world.seed, world.run, world.period, i, ADVANCE)
    lab.breakthrough = 0
    probability = breakthrough_probability(drive, world.dt, p)
    if first < probability:
        lab.breakthrough = 1
        lab.capability_next += p.breakthrough_size
    lab.breakthrough_surprise = lab.breakthrough - probability
    lab.assurance_next = min(lab.assurance_next, lab.capability_next)


@inlined
def spread_breakthroughs(labs, nations, world, p):
    """Count breakthroughs per nation and what each lab's boost loses to the others' (3.4).

    O(labs), without a division.

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
    total = 0
    for n in range(len(nations)):
        nations[n].breakthroughs = 0
    for i in range(len(labs)):
        labs[i].drain = 1.0
        if labs[i].breakthrough == 1:
            total += 1
            nations[labs[i].nation].breakthroughs += 1
    world.breakthroughs = total
    if total == 0:
        return
    left = 1.0
    for i in range(len(labs)):
        labs[i].drain = left
        if labs[i].breakthrough == 1:
            others = world.resources - labs[i].resources
            left *= drained(labs[i].resources, others, p)
    left = 1.0
    for i in range(len(labs) - 1, -1, -1):
        labs[i].drain *= left
        if labs[i].breakthrough == 1:
            others = world.resources - labs[i].resources
            left *= drained(labs[i].resources, others, p)


@inlined
def settle(i, labs, nations, world, p):
    """Take the step that ``advance`` prepared, and release; boosts decay first, then products, then the cap.

    Laws 3.1, 3.4 and 3.9.

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
    lab.capability = lab.capability_next
    lab.assurance = lab.assurance_next
    lab.deployed = deployed_capability(lab.capability, lab.deployed, lab.delay, world.dt)
    lab.tested = tested_assurance(lab.tested, lab.findings, lab.delay, world.dt)
    boost = relax(lab.boost, 1.0, p.breakthrough_boost_decay, world.dt)
    if world.breakthroughs > 0:
        if lab.breakthrough == 1:
            boost *= 1.0 + p.breakthrough_investment_boost
        abroad = world.breakthroughs - nations[lab.nation].breakthroughs
        boost *= power(1.0 + p.breakthrough_rival_response, abroad)
        boost *= lab.drain
    lab.boost = min(boost, p.breakthrough_boost_cap)


@inlined
def offer(i, labs, nations, p):
    """Compute the quality that buyers perceive in one lab (3.6).

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
    benchmarks = nations[lab.nation].benchmarks
    seen = reliability(lab.deployed, visibility(benchmarks, p), wear(benchmarks, p), p)
    gap = unassured(lab.deployed, lab.assurance, lab.tested)
    lab.quality = perceived_quality(lab.deployed, gap, seen_when_exposed(seen, lab.exposed), p)


@inlined
def clear_market(labs, world, p):
    """Clear the market: shares, and its value, weighted by trust (3.6).

    Parameters
    ----------
    labs : records
        All labs.
    world : record
        The world.
    p : record
        Parameters of the run.
    """
    reference = labs[0].quality
    for i in range(1, len(labs)):
        reference = max(reference, labs[i].quality)
    total = 0.0
    for i in range(len(labs)):
        labs[i].pull = pull(labs[i].quality, reference, labs[i].trust, p)
        total += labs[i].pull
    mean_trust = 0.0
    mean_alarm = 0.0
    for i in range(len(labs)):
        lab = labs[i]
        lab.market_share = lab.pull / total
        mean_trust += lab.market_share * lab.trust
        mean_alarm += lab.market_share * lab.alarm
    world.mean_trust = mean_trust
    world.mean_alarm = mean_alarm
    world.market_value = market_value(world.best_deployed, world.mean_trust, p)


@inlined
def risk_mishap(i, labs, world, p):
    """Compute one lab's hazard, severity and risk of a catastrophe, and draw an ordinary mishap (3.5).

    Parameters
    ----------
    i : int
        Number of the lab.
    labs : records
        All labs.
    world : record
        The world.
    p : record
        Parameters of the run.
    """
    lab = labs[i]
    risk = damped_risk(unassured(lab.deployed, lab.assurance, lab.tested), p)
    lab.hazard = mishap_hazard(lab.market_share, risk, p)
    lab.severity = severity(lab.deployed, p)
    probability = event_probability(lab.hazard, world.dt)
    lab.mishap = 0
    lab.catastrophe = 0.0
    if world.sampled == 1:
        if lab.luck < probability:
            lab.mishap = 1
            if uniforms(world.seed, world.run, world.period, i, SEVERITY)[0] < lab.severity:
                lab.catastrophe = 1.0
    else:
        lab.catastrophe = probability * lab.severity
        probability = ordinary_probability(probability, lab.severity)
        if lab.luck < probability:
            lab.mishap = 1
    lab.mishap_surprise = lab.mishap - probability


@inlined
def survive(labs, world):
    """Apply the probability of a catastrophe in this period, or its occurrence; mishaps then do not count (3.5).

    Parameters
    ----------
    labs : records
        All labs.
    world : record
        The world.
    """
    loss = 0.0
    mishaps = 0
    for i in range(len(labs)):
        loss += (1.0 - loss) * labs[i].catastrophe
        mishaps += labs[i].mishap
    world.mishaps_now = mishaps
    if world.sampled == 1 and loss > 0.0:
        world.mishaps_now = 0
        for i in range(len(labs)):
            labs[i].mishap = 0
    world.survival_before = world.survival
    world.catastrophe += world.survival * loss
    world.discounted_catastrophe += world.survival * loss * world.discount
    world.survival *= 1.0 - loss
    if world.survival <= 0.0:
        world.alive = 0
        world.ended_at = world.time


@inlined
def keep_time(labs, nations, world):
    """Add to the integrals of (time alive x value) behind the path averages.

    Being alive at the start of the period counts.

    Parameters
    ----------
    labs : records
        All labs.
    nations : records
        All nations.
    world : record
        The world.
    """
    years = world.survival_before * world.dt
    hazard = 0.0
    grave = 0.0
    shares = 0.0
    for n in range(len(nations)):
        nations[n].regulation_time += years * nations[n].regulation
        nations[n].behind_time += years * (world.best_capability - nations[n].best_capability)
        world.regulation_time += years * nations[n].regulation / len(nations)
    for i in range(len(labs)):
        lab = labs[i]
        hazard += lab.hazard
        grave += lab.hazard * lab.severity
        shares += lab.share
        lab.share_time += years * lab.share
        lab.delay_time += years * lab.delay
        lab.alarm_time += years * lab.alarm
        lab.market_share_time += years * lab.market_share
        if lab.mishap == 1:
            lab.mishaps += world.survival
            nations[lab.nation].mishaps += world.survival
    world.time_alive += years
    world.hazard_time += years * hazard
    world.grave = grave
    world.catastrophe_hazard_time += years * grave
    world.share_time += years * shares / len(labs)
    world.leader_share_time += years * labs[world.leader].share
    world.trust_time += years * world.mean_trust
    world.treaty_time += years * world.treaty_in_force
    world.mishaps += world.survival * world.mishaps_now
    world.breakthroughs_total += world.survival * world.breakthroughs


@jit
def run_period(labs, nations, world, p):
    """Run all stages of one period in order.

    ``RaceModel.step`` is the same list, called on agents.

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
    open_period(world, p)
    open_treaty(nations, world, p)
    for i in range(len(labs)):
        open_lab(i, labs, nations, p)
    survey_safety(labs, nations, world)
    survey_capability(labs, nations, world)
    if is_decision(world):
        prepare_decisions(labs, nations, world, p)
        for i in range(len(labs)):
            labs[i].step = rules.choose(i, labs, nations, world, p)
        for i in range(len(labs)):
            labs[i].chosen = labs[i].step
            count_decision(i, labs, world)
            use_share(i, labs, nations, p)
        survey_safety(labs, nations, world)
    for i in range(len(labs)):
        advance(i, labs, nations, world, p)
    count_breakthroughs(labs, nations, world, p)
    spread_breakthroughs(labs, nations, world, p)
    for i in range(len(labs)):
        settle(i, labs, nations, world, p)
    survey_capability(labs, nations, world)
    for i in range(len(labs)):
        offer(i, labs, nations, p)
    clear_market(labs, world, p)
    for i in range(len(labs)):
        risk_mishap(i, labs, world, p)
    count_mishaps(labs, nations, world)
    survive(labs, world)
    keep_time(labs, nations, world)
    if world.alive == 1:
        for i in range(len(labs)):
            pay_lab(i, labs, nations, world, p)
            lose_trust(i, labs, world, p)
            alarm_researchers(i, labs, world, p)
        count_damages(labs, nations, world, p)
        for n in range(len(nations)):
            regulate(n, labs, nations, world, p)
        finish(labs, nations, world, p)
        for n in range(len(nations)):
            monitor(n, nations, world, p)
        suspend(nations, world, p)
    for n in range(len(nations)):
        pay_nation(n, nations, world, p)
    world.period += 1
