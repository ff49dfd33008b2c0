"""What every test gets: figures closed behind it, and the sizes and seeds of fuzzes in the two rings."""

import os
import secrets
import signal
import sys
from dataclasses import dataclass

import pytest
from hypothesis import HealthCheck, settings

from race_sim.runs.build_kernels import aim_low
from tests import verification
from tests.scratch import scratch as scratch
from tests.verification import verified as verified
from tests.waiting import LIMIT

PATIENCE = ("COMM__TIMEOUTS__CONNECT", "COMM__TIMEOUTS__TCP", "ADMIN__TICK__LIMIT", "SCHEDULER__WORKER_TTL")
os.environ.update({f"DASK_DISTRIBUTED__{name}": f"{LIMIT:.0f}s" for name in PATIENCE})  # on a busy machine

aim_low()  # so that what `make kernels` has compiled is not compiled again

if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:  # in a job in the background, as in the programs it starts
    signal.signal(signal.SIGINT, signal.default_int_handler)

settings.register_profile(
    "race_sim",
    deadline=None,  # the first call of a law compiles it
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow],  # which asks the clock
)
settings.load_profile("race_sim")


def pytest_addoption(parser):
    parser.addoption("--seed", type=int, help="seed of the fuzzes in the long ring (default: drawn and printed)")
    parser.addoption("--verify", action="store_true", help="only what compares with something known; prints its table")


def pytest_configure(config):
    if config.option.seed is None:
        config.option.seed = secrets.randbelow(2**32)  # that of the main process, which its workers are handed


def pytest_collection_modifyitems(config, items):
    if config.option.verify:
        others = [item for item in items if "verified" not in getattr(item, "fixturenames", ())]
        config.hook.pytest_deselected(items=others)
        items[:] = [item for item in items if item not in others]


def pytest_terminal_summary(terminalreporter):
    if terminalreporter.config.option.verify:
        called = [one for kind in ("passed", "failed") for one in terminalreporter.stats.get(kind, ())]
        table = verification.rows(called)
        if table:
            verification.keep(table)
            terminalreporter.write_line("\n".join(["", *verification.lines(table)]))
    reports = (report for reports in terminalreporter.stats.values() for report in reports)
    if any(isinstance(report, pytest.TestReport) and "long" in report.keywords for report in reports):
        seed = terminalreporter.config.option.seed
        terminalreporter.write_line(f"seed of the long fuzzes: {seed} (again: --seed {seed})")


@dataclass(frozen=True)
class Fuzz:
    """How a fuzz is to be run: whole or as a sample, and from which seed."""

    whole: bool
    seed: int

    def cases(self, sample: int, whole: int) -> int:
        """How many cases to try, of these two numbers."""
        return whole if self.whole else sample

    def seeds(self, sample: int, whole: int) -> range:
        """A seed for each case."""
        return range(self.seed, self.seed + self.cases(sample, whole))


@pytest.fixture(params=["sample", pytest.param("whole", marks=pytest.mark.long)])
def fuzz(request):
    """A fixed sample in the ordinary ring; in the long one everything, from the seed of that run."""
    whole = request.param == "whole"
    return Fuzz(whole, request.config.option.seed if whole else 0)


@pytest.fixture(autouse=True)
def close_figures():
    """No test leaves figures open; those that draw nothing do not import matplotlib for it."""
    yield
    pyplot = sys.modules.get("matplotlib.pyplot")
    if pyplot is not None:
        pyplot.close("all")
