"""Whole runs: the thin shell around ``run_period``. Rows are runs; each row is independent of every other."""

from race_sim.kernels.compile import inlined, jit
from race_sim.kernels.period import run_period
from race_sim.kernels.state import LAB_TRACE, NATION_TRACE, WORLD_TRACE


def _copier(names):
    """A compiled function that copies these fields from one record to another, field by field."""
    first, others = names[0], _copier(names[1:]) if len(names) > 1 else None
    if others is None:

        def copy(source, target):
            target[first] = source[first]

    else:

        def copy(source, target):
            target[first] = source[first]
            others(source, target)

    copy.__qualname__ = f"copy_{len(names)}_from_{first}"
    return inlined(copy)


copy_lab, copy_nation, copy_world = (_copier(record.names) for record in (LAB_TRACE, NATION_TRACE, WORLD_TRACE))


@jit
def trace(labs, nations, world, lab_trace, nation_trace, world_trace):
    """Copy what a trajectory keeps of the present state.

    Parameters
    ----------
    labs : records
        All labs.
    nations : records
        All nations.
    world : record
        The world.
    lab_trace : records (labs,)
        Gets what is kept of the labs.
    nation_trace : records (nations,)
        Gets what is kept of the nations.
    world_trace : record
        Gets what is kept of the world.
    """
    for i in range(len(labs)):
        copy_lab(labs[i], lab_trace[i])
    for n in range(len(nations)):
        copy_nation(nations[n], nation_trace[n])
    copy_world(world, world_trace)


@jit
def run_block(labs, nations, worlds, parameters):
    """Run every row to its end.

    Parameters
    ----------
    labs : records (runs, labs)
        All labs of all runs.
    nations : records (runs, nations)
        All nations of all runs.
    worlds : records (runs,)
        The worlds of all runs.
    parameters : records (runs,)
        Parameters of all runs.
    """
    for r in range(len(worlds)):
        own_labs, own_nations, world, p = labs[r], nations[r], worlds[r], parameters[r]
        while world.alive == 1 and world.period < world.periods:
            run_period(own_labs, own_nations, world, p)


@jit
def run_traced(labs, nations, worlds, parameters, lab_traces, nation_traces, world_traces):
    """Run every row to its end, and keep traces; after a catastrophe the last state stands.

    Parameters
    ----------
    labs : records (runs, labs)
        All labs of all runs.
    nations : records (runs, nations)
        All nations of all runs.
    worlds : records (runs,)
        The worlds of all runs.
    parameters : records (runs,)
        Parameters of all runs.
    lab_traces : records (runs, periods, labs)
        Filled.
    nation_traces : records (runs, periods, nations)
        Filled.
    world_traces : records (runs, periods)
        Filled.
    """
    for r in range(len(worlds)):
        world = worlds[r]
        for t in range(world.periods):
            if world.alive == 1:
                run_period(labs[r], nations[r], world, parameters[r])
            trace(labs[r], nations[r], world, lab_traces[r, t], nation_traces[r, t], world_traces[r, t])
