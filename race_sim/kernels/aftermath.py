"""What follows a period's incidents: trust, regulation, the finish line, payoffs and the monitoring of treaties.

Stages of ``race_sim.kernels.period`` (race_sim/MODEL.md, sections 3.7, 3.8, 5 and 6).
"""

from race_sim.kernels.compile import inlined
from race_sim.kernels.laws import (
    alarm_at_rest,
    damages,
    detection_per_year,
    jolted,
    probability_within,
    regulation_jump,
    regulation_probability,
    relax,
    trust_at_rest,
    trust_loss,
)
from race_sim.kernels.random import MONITOR, REGULATE, uniforms

DETECTED, ACCUSED = 1, 2


@inlined
def lose_trust(i, labs, world, p):
    """Move one lab's trust: losses from this period's mishaps, its own and others', then recovery (3.7, 3.10).

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
    trust = lab.trust
    for _ in range(world.mishaps_now - lab.mishap):
        trust *= 1.0 - trust_loss(False, p)
    if lab.mishap == 1:
        trust *= 1.0 - trust_loss(True, p)
    lab.trust = relax(trust, trust_at_rest(world.mean_alarm, p), p.trust_recovery, world.dt)


@inlined
def alarm_researchers(i, labs, world, p):
    """Move the alarm of one lab's researchers: jolts by this period's mishaps anywhere, then towards the gap (3.10).

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
    alarm = lab.alarm
    for _ in range(world.mishaps_now):
        alarm = jolted(alarm, p)
    lab.alarm = relax(alarm, alarm_at_rest(lab.capability - lab.assurance, p), p.alarm_rate, world.dt)


@inlined
def regulate(n, labs, nations, world, p):
    """Move one nation's regulation: a jump for each mishap that moves it, then decay (3.7).

    Parameters
    ----------
    n : int
        Number of the nation.
    labs : records
        All labs.
    nations : records
        All nations.
    world : record
        The world.
    p : record
        Parameters of the run.
    """
    nation = nations[n]
    level = nation.regulation
    if world.mishaps_now > 0:
        for i in range(len(labs)):
            if labs[i].mishap == 1:
                actor = i * len(nations) + n
                if uniforms(world.seed, world.run, world.period, actor, REGULATE)[0] < regulation_probability(
                    labs[i].nation == n, p
                ):
                    level += regulation_jump(level, p)
    nation.regulation = relax(level, 0.0, p.regulation_decay, world.dt)


@inlined
def finish(labs, nations, world, p):
    """Give the prize to the nation of the first lab over the threshold (3.8).

    The highest of several wins; exact ties split.

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
    if world.finished == 1 or world.best_capability < p.prize_threshold:
        return
    world.finished = 1
    world.finish_time = world.time
    world.finish_survival = world.survival
    prize = world.survival * world.discount * p.prize_prize
    tied = 0
    for i in range(len(labs)):
        if labs[i].capability == world.best_capability:
            tied += 1
    for i in range(len(labs)):
        if labs[i].capability == world.best_capability:
            nation = nations[labs[i].nation]
            nation.wins += world.survival / tied
            nation.payoff += prize * p.prize_enmity / tied
    for n in range(len(nations)):
        nations[n].payoff += prize * (1.0 - p.prize_enmity)


@inlined
def pay_lab(i, labs, nations, world, p):
    """Pay a lab its revenue of the period less the damages of its own mishap (section 5).

    Discounted, and weighted by survival.

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
    revenue = world.market_value * lab.market_share
    earned = revenue * world.dt - damages(revenue, p) * lab.mishap
    lab.profit += earned
    earned *= world.survival * world.discount
    lab.payoff += earned
    nations[lab.nation].payoff += earned


@inlined
def pay_nation(n, nations, world, p):
    """Pay a nation for the lead of the period, less the cost of the catastrophe risk that was run (section 5).

    Parameters
    ----------
    n : int
        Number of the nation.
    nations : records
        All nations.
    world : record
        The world.
    p : record
        Parameters of the run.
    """
    nation = nations[n]
    lead = 0.0
    if len(nations) > 1:
        lead = max(0.0, nation.best_capability - nation.rival_best)
    lost = (world.survival_before - world.survival) * nation.catastrophe_cost
    gained = world.survival * p.nation_rivalry * lead * world.dt
    nation.payoff += (gained - lost) * world.discount


@inlined
def monitor(n, nations, world, p):
    """Draw whether a defection is detected, or an honest signatory accused wrongly, under a treaty (section 6).

    Parameters
    ----------
    n : int
        Number of the nation.
    nations : records
        All nations.
    world : record
        The world.
    p : record
        Parameters of the run.
    """
    nation = nations[n]
    nation.suspicion = 0
    if world.treaty_in_force == 0 or nation.signs == 0:
        return
    detection, accusation = uniforms(world.seed, world.run, world.period, n, MONITOR)
    if nation.honours == 1:
        if accusation < probability_within(p.cooperation_false_alarm, world.dt):
            nation.suspicion = ACCUSED
    else:
        if detection < probability_within(detection_per_year(nation.alarm, p), world.dt):
            nation.suspicion = DETECTED
            nation.payoff -= world.survival * world.discount * p.cooperation_penalty


@inlined
def suspend(nations, world, p):
    """Suspend the treaty for everybody from the next period on after any detection or accusation (section 6).

    Parameters
    ----------
    nations : records
        All nations.
    world : record
        The world.
    p : record
        Parameters of the run.
    """
    suspected = 0
    for n in range(len(nations)):
        suspected += nations[n].suspicion
    if suspected > 0:
        world.suspended_until = world.period + 1 + round(p.cooperation_suspension_years / world.dt)
        world.suspensions += world.survival
