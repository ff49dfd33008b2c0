"""Control variates: events less their probabilities, summed over a run (race_sim/MODEL.md, section 3.11).

Stages of their own beside those of the laws, which only leave in each lab's record by how much its draw surprised. Each
sum weighs a surprise by something known before it was drawn, so that it has mean 0 whatever the feedback.
"""

from race_sim.kernels.compile import inlined
from race_sim.kernels.laws import damages


@inlined
def count_breakthroughs(labs, nations, world, p):
    """Add breakthroughs less their probabilities; after ``advance``, before anybody has moved.

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
        lab = labs[i]
        nation = nations[lab.nation]
        surprise = lab.breakthrough_surprise
        nation.control_breakthroughs += surprise
        surprise *= world.left
        nation.control_share += surprise * lab.market_share
        nation.control_lead += surprise * max(0.0, p.breakthrough_size - (world.best_capability - lab.capability))
        world.control_own_risk += surprise * (lab.hazard * lab.severity)
        world.control_risk += surprise * world.left * world.grave


@inlined
def count_mishaps(labs, nations, world):
    """Add mishaps less their probabilities; after ``risk_mishap``.

    Parameters
    ----------
    labs : records
        All labs.
    nations : records
        All nations.
    world : record
        The world.
    """
    for i in range(len(labs)):
        surprise = labs[i].mishap_surprise
        nation = nations[labs[i].nation]
        nation.control_mishaps += surprise
        nation.control_mishap_years += surprise * world.left
        world.control_mishap_risk += surprise * world.left * world.left * world.grave


@inlined
def count_damages(labs, nations, world, p):
    """Add mishaps less their probabilities, times the damages that they cost; after ``pay_lab``.

    Not where a catastrophe was drawn: nobody pays then, so that the mean would not be 0.

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
    if world.sampled == 0:
        today = world.survival * world.discount
        for i in range(len(labs)):
            damage = damages(world.market_value * labs[i].market_share, p)
            nations[labs[i].nation].control_damages += labs[i].mishap_surprise * damage * today
