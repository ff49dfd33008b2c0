"""How far a race's labs are, at each decision date, from the equilibrium of the stage game that they are in."""

from pathlib import Path

import numpy as np
import pandas as pd

from race_sim.errors import checked_count, checked_seed
from race_sim.kernels.run import run_block
from race_sim.labs.stage import StageGame
from race_sim.runs.records import build
from race_sim.scenario.scenario import BASELINE, Scenario


def distance_from_equilibrium(scenario: Scenario | str | Path = BASELINE, run: int = 0, seed: int = 0) -> pd.DataFrame:
    """Measure how far labs are, at each decision date of one run, from the equilibrium of the stage game.

    Under the rule ``best_response`` labs answer each other's last shares, so gains measure how much moving at the same
    time costs them.

    Parameters
    ----------
    scenario : Scenario or str
        A scenario, the name of a shipped one, or the path of a TOML file.
    run : int
        Number of the run.
    seed : int
        Seed of all draws.

    Returns
    -------
    pandas.DataFrame
        One row per decision date and lab: ``time`` (years, the start of the period), ``lab``, ``share`` (in use from
        then on), ``equilibrium_share`` (reached by best responses from the last shares; NaN where they do not settle)
        and ``relative_gain``, what the lab would gain, as a part of its objective, by moving alone from the shares that
        all labs chose.

    Examples
    --------
    >>> table = distance_from_equilibrium("duopoly")
    >>> bool((table["relative_gain"] >= 0.0).all())
    True
    """
    scenario = Scenario.load(scenario)
    records = build(scenario, checked_seed(seed), np.array([checked_count("run", run, at_least=0)]))
    world = records.worlds
    rows = []
    for period in range(0, scenario.periods, scenario.periods_per_decision):
        if not world["alive"][0]:
            break
        game = StageGame(records, scenario)
        result = game.equilibrium(1).equilibria
        rest = result[0].shares if result else np.full(len(game.labs), np.nan)
        world["periods"] = period + 1
        run_block(*records)
        shares = records.labs["share"][0].copy()
        gains = game.gains(shares)
        world["periods"] = min(scenario.periods, period + scenario.periods_per_decision)
        run_block(*records)
        time = period * scenario.period_length
        rows += [(time, *row) for row in zip(game.labs, shares, rest, gains, strict=True)]
    return pd.DataFrame(rows, columns=["time", "lab", "share", "equilibrium_share", "relative_gain"])
