"""Whole runs: the thin shell around ``run_period``. Rows are runs; each row is independent of every other."""

from race_sim.kernels.compile import jit
from race_sim.kernels.period import run_period


@jit
def trace(labs, nations, world, lab_trace, nation_trace, world_trace):
    """Copy what a trajectory keeps of the present state."""
    for i in range(len(labs)):
        row, lab = lab_trace[i], labs[i]
        row.capability = lab.capability
        row.assurance = lab.assurance
        row.share = lab.share
        row.trust = lab.trust
        row.boost = lab.boost
        row.market_share = lab.market_share
        row.hazard = lab.hazard
        row.severity = lab.severity
        row.payoff = lab.payoff
        row.mishap = lab.mishap
        row.breakthrough = lab.breakthrough
    for n in range(len(nations)):
        line, nation = nation_trace[n], nations[n]
        line.regulation = nation.regulation
        line.floor = nation.floor
        line.benchmarks = nation.benchmarks
        line.sharing = nation.sharing
        line.payoff = nation.payoff
        line.suspicion = nation.suspicion
    world_trace.time = world.time
    world_trace.survival = world.survival
    world_trace.catastrophe = world.catastrophe
    world_trace.alive = world.alive
    world_trace.treaty_in_force = world.treaty_in_force
    world_trace.market_value = world.market_value
    world_trace.mean_trust = world.mean_trust


@jit
def run_block(labs, nations, worlds, parameters):
    """Run every row to its end. labs (runs, labs), nations (runs, nations), worlds and parameters (runs,)."""
    for r in range(len(worlds)):
        own_labs, own_nations, world, p = labs[r], nations[r], worlds[r], parameters[r]
        while world.alive == 1 and world.period < world.periods:
            run_period(own_labs, own_nations, world, p)


@jit
def run_traced(labs, nations, worlds, parameters, lab_traces, nation_traces, world_traces):
    """As ``run_block``, keeping (runs, periods, ...) traces; after a catastrophe the last state stands."""
    for r in range(len(worlds)):
        world = worlds[r]
        for t in range(world.periods):
            if world.alive == 1:
                run_period(labs[r], nations[r], world, parameters[r])
            trace(labs[r], nations[r], world, lab_traces[r, t], nation_traces[r, t], world_traces[r, t])
