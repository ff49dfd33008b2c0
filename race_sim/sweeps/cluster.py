"""A dask cluster as an executor: the ``cluster`` extra."""

import contextlib
from collections.abc import Iterator
from concurrent.futures import Executor

from race_sim.errors import InputError


@contextlib.contextmanager
def connected(address: str, threads: int | None = None) -> Iterator[Executor]:
    """The executor of the scheduler at an address (``tcp://host:8786``), or of a cluster on this machine (``local``).

    threads: threads of the local cluster, one process each (default: all cores). InputError where dask is not
    installed or the scheduler does not answer.
    """
    try:
        from distributed import Client, LocalCluster
    except ImportError:
        raise InputError("--dask: needs dask.distributed: pip install 'race-sim[cluster]'") from None
    with contextlib.ExitStack() as stack:
        if address == "local":
            cluster = LocalCluster(n_workers=threads, threads_per_worker=1, dashboard_address=None)
            address = stack.enter_context(cluster).scheduler_address
        try:
            client = stack.enter_context(Client(address, timeout=10))
        except (OSError, ValueError) as error:
            raise InputError(f"--dask: no scheduler answers at {address}: {error}") from None
        executor = stack.enter_context(client.get_executor(pure=False))
        yield executor
