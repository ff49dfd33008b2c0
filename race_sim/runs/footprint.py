"""What runs take in memory while they are computed and kept: estimated before the work, so that no work is lost."""

from race_sim.kernels.state import LAB, LAB_TRACE, NATION, NATION_TRACE, WORLD, WORLD_TRACE
from race_sim.runs.controls import martingale_names
from race_sim.runs.memory import check_fits
from race_sim.runs.records import PARAMETERS
from race_sim.scenario.scenario import Scenario

FIXED = 2e8  # bytes of compiled laws, threads and their batches
NUMBER = 8  # bytes


def check_runs(scenario: Scenario, runs: int, trajectories: bool = False, copies: float = 1.0) -> None:
    """Refuse runs whose records, and trajectories, do not fit into memory together.

    Parameters
    ----------
    scenario : Scenario
        What is simulated.
    runs : int
        How many runs are kept at once.
    trajectories : bool
        Whether every period of every run is.
    copies : float
        How often what is computed is held at the peak: 1 while batches are joined, 2 where it is summarised and written
        as well.

    Raises
    ------
    InputError
        Where they do not fit; says how many do.
    """
    each = 1.3 * of_records(scenario) + (2.2 * of_paths(scenario) if trajectories else 0.0)
    what = "runs with trajectories" if trajectories else "runs"
    check_fits("runs", runs, copies * each, FIXED, what)


def check_profiles(scenario: Scenario, runs: int, profiles: int) -> None:
    """Refuse a policy game whose samples do not fit into memory together.

    Parameters
    ----------
    scenario : Scenario
        What is simulated.
    runs : int
        Runs in every cell.
    profiles : int
        Cells.

    Raises
    ------
    InputError
        Where they do not fit; says how many runs do.
    """
    numbers = 2 * (len(scenario.nations) + len(martingale_names(scenario))) + 4 * len(scenario.nations)
    check_fits("runs", runs, NUMBER * numbers * profiles, FIXED, f"runs in each of {profiles} cells")


def of_records(scenario: Scenario) -> int:
    """Count the bytes of a run's records.

    Parameters
    ----------
    scenario : Scenario
        Has the labs and nations.

    Returns
    -------
    int
        Of all its labs and nations, its world and its parameters.
    """
    labs, nations = len(scenario.labs) * LAB.itemsize, len(scenario.nations) * NATION.itemsize
    return int(labs + nations + WORLD.itemsize + PARAMETERS.itemsize)


def of_paths(scenario: Scenario) -> int:
    """Count the bytes of a run's trajectories.

    Parameters
    ----------
    scenario : Scenario
        Has the periods, labs and nations.

    Returns
    -------
    int
        Of every period of its labs, nations and world.
    """
    labs, nations = len(scenario.labs) * LAB_TRACE.itemsize, len(scenario.nations) * NATION_TRACE.itemsize
    return int(scenario.periods * (labs + nations + WORLD_TRACE.itemsize))
