"""A dask cluster as an executor: the ``cluster`` extra."""

import contextlib
import logging
from collections.abc import Iterator
from concurrent.futures import Executor
from typing import Any

from race_sim.errors import InputError

PATIENCE = 10.0  # seconds that a scheduler has to answer
NOTHING_SERVED: dict[str, list[Any]] = {"distributed.scheduler.http.routes": [], "distributed.worker.http.routes": []}


@contextlib.contextmanager
def connected(address: str, threads: int | None = None) -> Iterator[Executor]:
    """Connect to a dask cluster, for as long as the ``with`` block lasts.

    Whoever reaches a scheduler can run code with the rights of its user. A cluster on this machine therefore encrypts
    what it says with keys of its own, made for the occasion, and nothing else is served; a scheduler of somebody else's
    is as safe as he has made it.

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
        Where dask, or for ``local`` cryptography, is not installed, no scheduler answers within 10 seconds, or the
        cluster gave a part up because workers died of it.
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
            quiet = {"dashboard_address": "127.0.0.1:0", "silence_logs": logging.ERROR}  # any free port
            cluster = LocalCluster(n_workers=threads, threads_per_worker=1, security=security, **quiet)
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
    """Keys and certificates for one cluster; dask makes them with cryptography."""
    from distributed.security import Security

    try:
        return Security.temporary()
    except ImportError:
        raise InputError(
            "--dask local: needs cryptography, without which others on this machine could send it code: "
            "pip install 'race-sim[cluster]', or use --workers N"
        ) from None
