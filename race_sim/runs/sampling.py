"""Which runs are simulated, with which luck and on how many threads: one object, checked once."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from race_sim.errors import InputError, checked_count, checked_flag, checked_seed, checked_text, unknown
from race_sim.runs.batches import in_batches

ESTIMATORS = ("integrated", "sampled")
Result = TypeVar("Result")


def checked_estimator(estimator: str) -> str:
    """Give the estimator back, if there is one of that name.

    Parameters
    ----------
    estimator : str
        ``integrated`` or ``sampled``.

    Returns
    -------
    str
        The same.

    Raises
    ------
    InputError
        If there is none of that name.
    """
    if checked_text("estimator", estimator) not in ESTIMATORS:
        raise InputError(f"estimator: {unknown('estimator', estimator, ESTIMATORS)}")
    return estimator


@dataclass(frozen=True)
class Sampling:
    """Runs ``first_run`` to ``first_run + runs - 1`` of a seed, and how they are computed. Frozen.

    Results never depend on ``threads`` and ``progress``.

    Attributes
    ----------
    runs : int
        Number of runs.
    seed : int
        Seed of all draws, in [0, 2^64).
    estimator : str
        ``integrated`` (carries the probability of survival) or ``sampled`` (draws the catastrophe).
    first_run : int
        Number of the first run.
    threads : int, optional
        How many; all cores by default.
    progress : bool, optional
        Whether a bar is shown; by default where it takes a while.
    controlled : bool
        Whether what the luck of the runs explains is taken out of means (``race_sim.runs.controls``).
    least : int
        Fewest runs that make sense.

    Raises
    ------
    InputError
        If one of them is not valid.
    """

    runs: int = 1000
    seed: int = 0
    estimator: str = "integrated"
    first_run: int = 0
    threads: int | None = None
    progress: bool | None = None
    controlled: bool = True
    least: int = field(default=1, repr=False)

    def __post_init__(self) -> None:
        checked = {
            "runs": checked_count("runs", self.runs, at_least=self.least),
            "seed": checked_seed(self.seed),
            "estimator": checked_estimator(self.estimator),
            "first_run": checked_count("first_run", self.first_run, at_least=0),
            "threads": None if self.threads is None else checked_count("threads", self.threads),
            "progress": None if self.progress is None else checked_flag("progress", self.progress),
            "controlled": checked_flag("controlled", self.controlled),
        }
        for name, value in checked.items():
            object.__setattr__(self, name, value)

    @property
    def numbers(self) -> NDArray[np.int64]:
        """Numbers of the runs, (runs,)."""
        return np.arange(self.first_run, self.first_run + self.runs)

    def batches(self, work: Callable[[NDArray[np.int64]], Result], label: str) -> Iterator[Result]:
        """Yield ``work`` on the numbers of the runs, batch by batch, in order.

        Parameters
        ----------
        work : callable
            Called with an array of run numbers (n,).
        label : str
            What stands at the progress bar.

        Returns
        -------
        iterator
            What ``work`` returned, batch by batch.
        """
        return in_batches(work, self.runs, self.first_run, self.threads, self.progress, label)
