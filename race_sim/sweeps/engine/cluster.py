"""A dask cluster as an executor: the ``cluster`` extra."""

import contextlib
import logging
from collections.abc import Iterator
from concurrent.futures import Executor

from race_sim.errors import InputError

PATIENCE = 10.0  # seconds that a scheduler has to answer


@contextlib.contextmanager
def connected(address: str, threads: int | None = None) -> Iterator[Executor]:
    """Connect to a dask cluster, for as long as the ``with`` block lasts.

    Parameters
    ----------
    address : str
        Of a scheduler (``tcp://host:8786``), or ``local`` for a cluster on this machine.
    threads : int, optional
        Threads of the local cluster, one process each; by default all cores.

    Yields
    ------
    concurrent.futures.Executor
        The cluster's.

    Raises
    ------
    InputError
        Where dask is not installed, no scheduler answers within 10 seconds, or the cluster gave a part up because
        workers died of it.
    """
    try:
        from distributed import Client, KilledWorker, LocalCluster
    except ImportError:
        raise InputError("--dask: needs dask.distributed: pip install 'race-sim[cluster]'") from None
    with contextlib.ExitStack() as stack:
        if address == "local":
            quiet = {"dashboard_address": "127.0.0.1:0", "silence_logs": logging.ERROR}  # any free port
            cluster = LocalCluster(n_workers=threads, threads_per_worker=1, **quiet)
            address = stack.enter_context(cluster).scheduler_address
        try:
            client = stack.enter_context(Client(address, timeout=PATIENCE))
        except (OSError, ValueError) as error:
            raise InputError(f"--dask: no scheduler answers at {address}: {error}") from None
        try:
            yield stack.enter_context(client.get_executor(pure=False))
        except KilledWorker as error:
            raise InputError(f"--dask: {str(error).splitlines()[0]}; start the same sweep again to go on") from None
