"""Which runs are simulated, with which luck and on how many threads: one object, checked once."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from race_sim.errors import InputError, checked_count, checked_seed, unknown
from race_sim.runs.batches import in_batches

ESTIMATORS = ("integrated", "sampled")
Result = TypeVar("Result")


def checked_estimator(estimator: str) -> str:
    """The estimator, if there is one of that name."""
    if estimator not in ESTIMATORS:
        raise InputError(f"estimator: {unknown('estimator', estimator, ESTIMATORS)}")
    return estimator


@dataclass(frozen=True)
class Sampling:
    """Runs ``first_run`` to ``first_run + runs - 1`` of a seed. Results never depend on ``threads`` and ``progress``.

    controlled: whether what the luck of the runs explains is taken out of means. least: of runs, at least.
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
        }
        for name, value in checked.items():
            object.__setattr__(self, name, value)

    @property
    def numbers(self) -> NDArray[np.int64]:
        """Numbers of the runs, (runs,)."""
        return np.arange(self.first_run, self.first_run + self.runs)

    def batches(self, work: Callable[[NDArray[np.int64]], Result], label: str) -> Iterator[Result]:
        """``work`` on the numbers of the runs, batch by batch, in order; ``label`` stands at the progress bar."""
        return in_batches(work, self.runs, self.first_run, self.threads, self.progress, label)
