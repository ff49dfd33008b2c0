"""Run a sweep in processes that are killed at random moments. ``python -m tests.killed_sweeps FOLDER KILLS``.

The kernels are loaded once; each start is a fork of this process, so that twenty kills take seconds.
"""

import os
import random
import signal
import sys
import time
from pathlib import Path
from typing import Any

from tqdm.auto import tqdm

from race_sim import Scenario, sweep
from race_sim.sweeps.engine import grid
from race_sim.sweeps.engine.store import Store, read_checksums
from tests.forks import own_locks
from tests.waiting import until

tqdm.monitor_interval = 0  # no thread beside the main one that could hold a lock at a fork
SCENARIO = Scenario.load("duopoly").replace({"lab.rule": "fixed", "time.horizon": 1})
DESIGN = grid(
    "prize.enmity=0:1:400", "nations.east.policy=race,treaty,fundamentals,unilateral_slowdown,covert_defection"
)
OPTIONS = {"runs": 4, "seed": 1, "outcomes": ["welfare", "catastrophe_probability"], "points_per_part": 10}

PARTS_AT_A_TIME = 9  # so that no start finishes the 200 parts of the sweep, however late it is killed


def at_most(parts: int) -> None:
    """Let this process, a fork, keep so many parts, then wait to be killed."""
    own_locks()
    keep = Store.write

    def write(store: Store, *arguments: Any) -> None:
        nonlocal parts
        while parts == 0:
            signal.pause()
        parts -= 1
        keep(store, *arguments)

    Store.write = write  # type: ignore[method-assign]


def killed(folder: Path, kills: int) -> int:
    """Start the sweep and kill it at a random moment, ``kills`` times; returns how often work had been done.

    A moment is that of a random part, plus a little.
    """
    luck = random.Random(20)
    advanced = 0
    for _ in range(kills):
        before = len(read_checksums(folder))
        child = os.fork()
        if child == 0:
            at_most(PARTS_AT_A_TIME)
            sweep(SCENARIO, DESIGN, out=folder, threads=1, **OPTIONS)
            os._exit(0)
        wanted = before + luck.randint(0, 6)
        until(
            f"{wanted} parts",
            lambda wanted=wanted: len(read_checksums(folder)) >= wanted,
            alive=lambda child=child: os.waitpid(child, os.WNOHANG) == (0, 0),
        )
        time.sleep(luck.uniform(0.0, 0.004))
        os.kill(child, signal.SIGKILL)
        _, how = os.waitpid(child, 0)
        assert os.WIFSIGNALED(how), "the sweep was over before it could be killed"
        advanced += len(read_checksums(folder)) > before
    return advanced


if __name__ == "__main__":
    sweep(SCENARIO, {"prize.enmity": [0.5]}, 2, threads=1)
    print(killed(Path(sys.argv[1]), int(sys.argv[2])))
