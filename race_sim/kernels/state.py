"""What a race is made of, as records: one per lab, one per nation, one for the world.

Both engines hold exactly these records: the batch runner as arrays (runs, labs), a Mesa agent as its own row. Fields
below a heading are valid from the stage that the heading names until the same stage of the next period.
"""

from typing import NamedTuple

import numpy as np

ARMS = 11  # shares on the grid of the rule `reinforce`

_real, _whole = np.float64, np.int64

LAB = np.dtype(
    [
        # given
        ("nation", _whole),
        ("rule", _whole),
        ("funding", _real),  # r(0)
        ("risk_perception", _real),  # times the hazard of a catastrophe in its plans
        ("capability", _real),  # k, OOM
        ("assurance", _real),  # a, OOM
        ("boost", _real),
        ("trust", _real),
        ("chosen", _real),  # the share that the lab's rule chose last
        ("delay_chosen", _real),  # and the delay before release, years
        ("deployed", _real),  # d, the capability that is released, OOM
        ("tested", _real),  # e, assurance by testing before release, OOM
        ("alarm", _real),  # of its researchers
        # share and delay in use
        ("floor", _real),  # on the share: its nation's, or its own researchers'
        ("exposed", _real),  # part of the time that whistle-blowers have it exposed
        ("delay", _real),
        ("share", _real),
        ("resources", _real),
        ("effort_at_zero", _real),  # effort that a share of 0 would leave
        ("safety_work", _real),  # s r
        ("driven_share", _real),  # a share, and the drive of what it leaves idle: kept, as shares seldom change
        ("idle_drive", _real),
        ("tested_delay", _real),  # a delay, and what testing for it assures in the long run, OOM
        ("findings", _real),
        # outlook, formed at decision dates: the lab projected over the planning horizon at its last share
        ("growth_at_zero", _real),  # own growth that a share of 0 would have, OOM per year
        ("lift_per_care", _real),  # assurance gained over the planning horizon at a safety effort of 1, OOM
        ("foreseen", _real),  # rise of its own capability that its plans count, OOM
        ("outlook_deployed", _real),
        ("outlook_quality", _real),
        ("outlook_pull", _real),
        ("outlook_risk", _real),
        ("outlook_severity", _real),
        ("plan", _real),  # the joint equilibrium of the rule `stage_nash`
        ("step", _real),
        ("delay_step", _real),
        # advance
        ("capability_next", _real),
        ("assurance_next", _real),
        ("breakthrough", _whole),
        ("breakthrough_surprise", _real),  # breakthrough less its probability
        ("drain", _real),
        # market and incidents
        ("luck", _real),  # uniform against which a mishap is drawn
        ("quality", _real),
        ("pull", _real),
        ("market_share", _real),
        ("hazard", _real),
        ("severity", _real),
        ("mishap", _whole),
        ("mishap_surprise", _real),  # mishap less its probability
        ("catastrophe", _real),  # probability of one in the period; 0 or 1 when sampled
        # ledger
        ("payoff", _real),
        ("mishaps", _real),
        ("share_time", _real),
        ("delay_time", _real),
        ("alarm_time", _real),
        ("market_share_time", _real),
        ("profit", _real),  # since the last decision, market value x years
        # learning and book-keeping of the rules
        ("neighbour", _whole),  # the lab nearest in capability, for the rule `human`
        ("arm", _whole),
        ("propensity", _real, (ARMS,)),
        ("corners", _real),
        ("several_maxima", _real),
    ]
)

NATION = np.dtype(
    [
        # given
        ("keeps_standard", _whole),  # the floor applies whatever others do
        ("signs", _whole),
        ("honours", _whole),  # a signatory that applies the floor
        ("shares_openly", _whole),
        ("growth_multiplier", _real),
        ("catastrophe_cost", _real),
        ("risk_perception", _real),  # times the probability of a catastrophe in its payoff
        ("regulation", _real),
        # treaty and floors
        ("group", _whole),  # 0 shares with nobody, 1 fundamentals, 2 treaty
        ("floor", _real),
        ("least_delay", _real),
        ("benchmarks", _real),  # in force
        ("sharing", _real),  # in force
        # survey
        ("safety_work", _real),
        ("best_capability", _real),
        ("alarm", _real),  # the largest of its labs
        ("rival_best", _real),
        ("partner_best", _real),
        ("partners_safety_work", _real),
        # outlook
        ("outlook_risk", _real),
        # advance
        ("breakthroughs", _whole),
        # ledger
        ("payoff", _real),
        ("wins", _real),
        ("mishaps", _real),
        ("regulation_time", _real),
        ("behind_time", _real),  # integral of the distance to the best lab of the world
        # control variates: sums of (event - its probability) x (what was known before), of mean 0
        ("control_breakthroughs", _real),  # breakthroughs
        ("control_share", _real),  # breakthroughs x market share x time left
        ("control_lead", _real),  # breakthroughs x what they add to the frontier x time left, OOM
        ("control_mishaps", _real),  # mishaps
        ("control_mishap_years", _real),  # mishaps x time left
        ("control_damages", _real),  # mishaps x the damages that they cost the lab
        ("suspicion", _whole),  # 1 detected in defection, 2 accused wrongly, in this period
    ]
)

WORLD = np.dtype(
    [
        ("seed", np.uint64),
        ("run", _whole),
        ("sampled", _whole),  # the estimator: 1 sampled, 0 integrated
        ("periods", _whole),
        ("periods_per_decision", _whole),
        ("dt", _real),
        ("period", _whole),
        ("time", _real),  # at the end of the period
        ("left", _real),  # part of the horizon that is left at the start of the period
        ("discount", _real),  # factor that turns a payoff of the period into one of today
        ("alive", _whole),
        ("survival", _real),
        ("survival_before", _real),
        ("catastrophe", _real),  # probability mass so far
        ("ended_at", _real),
        # treaty
        ("treaty_in_force", _whole),
        ("suspended_until", _whole),
        # survey
        ("safety_work", _real),
        ("best_capability", _real),
        ("best_deployed", _real),
        ("first_capability", _real),  # the best at the start of the run
        ("resources", _real),
        ("shares", _real),
        # outlook
        ("reach", _real),  # years of growth within the planning horizon that catching-up leaves
        ("years_counted", _real),  # those that a projected capability counts
        ("foreseen", _real),  # rise of the frontier while the others catch up that plans count, OOM
        ("outlook_reference", _real),
        ("outlook_best", _real),
        ("outlook_second", _real),
        ("outlook_leader", _whole),
        ("outlook_pull", _real),
        ("outlook_trust", _real),
        ("outlook_risk", _real),
        ("outlook_catastrophe", _real),
        # advance
        ("breakthroughs", _whole),
        # market and incidents
        ("leader", _whole),
        ("market_value", _real),
        ("mean_trust", _real),
        ("mean_alarm", _real),
        ("mishaps_now", _whole),
        # finish
        ("finished", _whole),
        ("finish_time", _real),
        ("finish_survival", _real),
        # ledger: integrals of (time alive x value)
        ("time_alive", _real),
        ("hazard_time", _real),
        ("catastrophe_hazard_time", _real),
        ("share_time", _real),
        ("leader_share_time", _real),
        ("trust_time", _real),
        ("regulation_time", _real),
        ("treaty_time", _real),
        ("mishaps", _real),
        ("breakthroughs_total", _real),
        ("decisions", _real),
        ("exploitability", _real),
        ("suspensions", _real),
        ("discounted_catastrophe", _real),  # probability of a catastrophe, each part discounted from its time
        # control variates, as for nations
        ("grave", _real),  # hazard of a catastrophe in the period before
        ("control_own_risk", _real),  # breakthroughs x the lab's hazard of a catastrophe x time left
        ("control_risk", _real),  # breakthroughs x everybody's hazard of a catastrophe x time left squared
        ("control_mishap_risk", _real),  # mishaps x the same
    ]
)

# the controls of breakthroughs and those of mishaps, of nations (plain counts first) and of the world
BREAKTHROUGH_CONTROLS = (
    ("control_breakthroughs", "control_share", "control_lead"),
    ("control_own_risk", "control_risk"),
)
MISHAP_CONTROLS = (("control_mishaps", "control_mishap_years", "control_damages"), ("control_mishap_risk",))


class Traced(NamedTuple):
    """A field of a record that trajectories and the Mesa model's series keep, at the end of every period."""

    name: str
    unit: str
    meaning: str


LAB_TRACED = (
    Traced("capability", "OOM", "capability"),
    Traced("assurance", "OOM", "assurance"),
    Traced("share", "1", "safety share in use"),
    Traced("delay", "yr", "delay before release in use"),
    Traced("deployed", "OOM", "capability that is released"),
    Traced("alarm", "1", "alarm of its researchers"),
    Traced("trust", "1", "public trust"),
    Traced("boost", "1", "boost of resources"),
    Traced("market_share", "1", "market share"),
    Traced("hazard", "1/yr", "hazard of a mishap"),
    Traced("severity", "1", "probability that a mishap is a catastrophe"),
    Traced("payoff", "V yr", "payoff so far"),
    Traced("mishap", "mishaps", "ordinary mishap in the period"),
    Traced("breakthrough", "breakthroughs", "breakthrough in the period"),
)
NATION_TRACED = (
    Traced("regulation", "1", "regulation"),
    Traced("floor", "1", "floor on the safety share"),
    Traced("benchmarks", "1", "shared benchmarks in force"),
    Traced("sharing", "1", "sharing of safety work in force"),
    Traced("payoff", "V yr", "payoff so far"),
    Traced("suspicion", "1", "1 detected in defection, 2 accused wrongly, in the period"),
)
WORLD_TRACED = (
    Traced("time", "yr", "time at the end of the period"),
    Traced("survival", "1", "survival probability"),
    Traced("catastrophe", "1", "probability of a catastrophe so far"),
    Traced("alive", "1", "1 until a catastrophe has occurred"),
    Traced("treaty_in_force", "1", "1 while a treaty is in force"),
    Traced("market_value", "V", "market value per year"),
    Traced("mean_trust", "1", "public trust, weighted by market share"),
)


def _kept(record, traced):
    """What a trace keeps of a record."""
    return np.dtype([(field.name, record[field.name]) for field in traced])


LAB_TRACE, NATION_TRACE, WORLD_TRACE = _kept(LAB, LAB_TRACED), _kept(NATION, NATION_TRACED), _kept(WORLD, WORLD_TRACED)
