"""The simultaneous equilibrium of the labs' stage game at a frozen state, for the labs that play ``stage_nash``."""

from race_sim.kernels.compile import jit
from race_sim.kernels.laws import LARGEST_SHARE
from race_sim.kernels.maximise import maximise
from race_sim.kernels.objective import SMALLEST_WORTH, objective
from race_sim.kernels.outlook import form_outlook, prospect
from race_sim.kernels.rules import STAGE_NASH
from race_sim.kernels.survey import survey_safety

LARGEST_ROUNDS = 200
EQUILIBRIUM_TOLERANCE = 1e-9


@jit
def solve_stage(labs, nations, world, p):
    """Play damped best responses until no share moves, and write each player's plan.

    Plays with the shares in the records and restores them. Damping falls as 2 / (2 + round / 8), so that a cycle cannot
    pass for an equilibrium: what is left of it shows as exploitability.

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

    Returns
    -------
    float
        Largest relative gain that is left to a player.
    """
    for i in range(len(labs)):
        labs[i].plan = labs[i].share
    gain = 0.0
    for number in range(LARGEST_ROUNDS):
        survey_safety(labs, nations, world)
        form_outlook(labs, nations, world, p)
        gain = 0.0
        moved = 0.0
        for i in range(len(labs)):
            lab = labs[i]
            if lab.rule == STAGE_NASH:
                q = prospect(i, labs, nations, world, p)
                target, value, _, _ = maximise(q, p, lab.floor)
                now = objective(lab.share, q, p)[0]
                gain = max(gain, (value - now) / max(SMALLEST_WORTH, abs(now)))
                lab.step = target - lab.share
                moved = max(moved, abs(lab.step))
        if moved < EQUILIBRIUM_TOLERANCE:
            break
        if number < LARGEST_ROUNDS - 1:
            damping = 2.0 / (2.0 + number / 8.0)
            for i in range(len(labs)):
                if labs[i].rule == STAGE_NASH:
                    labs[i].share = min(LARGEST_SHARE, labs[i].share + damping * labs[i].step)
                    labs[i].safety_work = labs[i].share * labs[i].resources
    for i in range(len(labs)):
        lab = labs[i]
        last = lab.plan
        lab.plan = lab.share
        lab.share = last
        lab.safety_work = lab.share * lab.resources
    survey_safety(labs, nations, world)
    form_outlook(labs, nations, world, p)
    return gain
