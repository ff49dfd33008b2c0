"""A dask cluster as an executor: the ``cluster`` extra."""

import contextlib
import logging
import sys
from collections.abc import Iterator
from concurrent.futures import Executor
from typing import Any

from race_sim.errors import InputError

PATIENCE = 10.0  # seconds that a scheduler has to answer
ANY_PORT = "127.0.0.1:0"
NO_KEYS = (
    "--dask local: its workers are threads of this process; for processes, which need keys to keep others of this "
    "machine out, install cryptography: pip install 'race-sim[cluster]'"
)
NOTHING_SERVED: dict[str, list[Any]] = {"distributed.scheduler.http.routes": [], "distributed.worker.http.routes": []}


@contextlib.contextmanager
def connected(address: str, threads: int | None = None) -> Iterator[Executor]:
    """Connect to a dask cluster, for as long as the ``with`` block lasts.

    Whoever reaches a scheduler can run code with the rights of its user. A cluster on this machine therefore listens
    only to who has its keys, made for the occasion. Where cryptography, which makes them, is not installed, its workers
    are threads of this process, which nobody else reaches, and a line says so. A scheduler that is somebody else's is
    as safe as it has been made.

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
        import dask
        from distributed import Client, KilledWorker, LocalCluster
    except ImportError:
        raise InputError("--dask: needs dask.distributed: pip install 'race-sim[cluster]'") from None
    with contextlib.ExitStack() as stack:
        security = None
        if address == "local":
            security = _own_keys()
            stack.enter_context(dask.config.set(NOTHING_SERVED))
            cluster = LocalCluster(
                n_workers=threads,
                threads_per_worker=1,
                processes=security is not None,
                protocol="inproc://" if security is None else "tls://",
                security=security,
                dashboard_address=ANY_PORT,
                worker_dashboard_address=ANY_PORT if security is None else None,
                silence_logs=logging.ERROR,
            )
            address = stack.enter_context(cluster).scheduler_address
        try:
            client = stack.enter_context(Client(address, timeout=PATIENCE, security=security))
        except (OSError, ValueError) as error:
            raise InputError(f"--dask: no scheduler answers at {address}: {error}") from None
        try:
            yield stack.enter_context(client.get_executor(pure=False))
        except KilledWorker as error:
            raise InputError(f"--dask: {str(error).splitlines()[0]}; start the same sweep again to go on") from None


def _own_keys() -> Any:
    """Keys and certificates for one cluster, which dask makes with cryptography; None where that is not installed."""
    from distributed.security import Security

    try:
        return Security.temporary()
    except ImportError:
        print(f"race-sim: {NO_KEYS}", file=sys.stderr)
        return None
