"""Sweeps on worker processes that die, and on a dask cluster on this machine."""

import os
import signal
import subprocess
import sys

import pytest

from race_sim import InputError, cli, sweep
from race_sim.sweeps.engine.execution import in_any_order, pool
from race_sim.sweeps.engine.store import read
from race_sim.sweeps.engine.tables import checksum
from tests.killed_sweeps import SCENARIO
from tests.waiting import gone, line_of, until

ASKED = {"design": {"prize.enmity": "0:1:100"}, "runs": 100, "seed": 1, "outcomes": ["welfare"], "points_per_part": 2}


def end(number):
    if number == 3:
        os.kill(os.getpid(), signal.SIGKILL)
    return number


def test_a_worker_that_is_killed_is_said_in_one_line():
    with pytest.raises(InputError, match="ended abruptly"), pool(workers=1) as chosen:
        for _ in in_any_order(end, range(9), chosen):
            pass


SCRIPT = """
import os, sys
from race_sim.sweeps.engine.execution import in_any_order, pool
if __name__ == "__main__":
    with pool(workers=1) as chosen:
        for _, pid in in_any_order(eval, ["__import__('os').getpid()"], chosen):
            print(pid, flush=True)
            sys.stdin.read()
"""


def test_workers_end_with_the_process_that_they_work_for(tmp_path):
    """A killed sweep leaves no process behind."""
    script = tmp_path / "script.py"
    script.write_text(SCRIPT)
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
    with subprocess.Popen([sys.executable, str(script)], **pipes) as process:
        worker = int(line_of(process))
        process.kill()
    until("the end of a worker whose parent was killed", lambda: gone(worker))


class Murderous:
    """An executor of a dask cluster that kills one of its workers before it takes certain tasks."""

    def __init__(self, executor, cluster, fatal):
        self.executor, self.cluster, self.fatal = executor, cluster, fatal
        self.taken, self.killed = 0, set()

    def alive(self):
        """A worker that is at work and was not killed before."""
        pids = {nanny.pid for nanny in self.cluster.workers.values()} - {None}
        return next((pid for pid in sorted(pids - self.killed) if not gone(pid)), None)

    def submit(self, work, task):
        if self.taken in self.fatal:
            pid = until("a worker to kill", self.alive)
            os.kill(pid, signal.SIGKILL)
            self.killed.add(pid)
        self.taken += 1
        return self.executor.submit(work, task)


def test_dask_with_a_worker_killed_twice(tmp_path):
    distributed = pytest.importorskip("distributed")
    sweep(SCENARIO, **ASKED, out=tmp_path / "alone")
    folder = tmp_path / "dask"
    quiet = {"dashboard_address": "127.0.0.1:0", "silence_logs": 50}  # any free port
    with (
        distributed.LocalCluster(n_workers=2, threads_per_worker=1, **quiet) as cluster,
        distributed.Client(cluster) as client,
    ):
        executor = Murderous(client.get_executor(pure=False), cluster, fatal=(5, 30))
        sweep(SCENARIO, **ASKED, out=folder, executor=executor)
    assert len(executor.killed) == 2
    assert checksum(read(folder, "points")) == checksum(read(tmp_path / "alone", "points"))


def test_a_scheduler_that_is_not_there(tmp_path, capsys, monkeypatch):
    pytest.importorskip("distributed")
    monkeypatch.setattr("race_sim.sweeps.engine.cluster.PATIENCE", 0.5)
    asked = ["sweep", "duopoly", "--vary", "prize.enmity=0,1", "--out", str(tmp_path / "x")]
    assert cli.main([*asked, "--dask", "tcp://127.0.0.1:1"]) == 2
    text = capsys.readouterr().err
    assert "no scheduler answers at tcp://127.0.0.1:1" in text
    assert text.count("\n") == 1


def listening():
    """Addresses of this machine at which this process or one that it has started listens."""
    psutil = pytest.importorskip("psutil")
    processes = [psutil.Process(), *psutil.Process().children(recursive=True)]
    ports = [port for process in processes for port in process.net_connections("inet") if port.status == "LISTEN"]
    return {port.laddr.ip for port in ports}


def test_a_cluster_on_this_machine_without_keys_stays_in_this_process(tmp_path, capsys, monkeypatch):
    distributed = pytest.importorskip("distributed")
    from race_sim.sweeps.engine.cluster import connected

    def none():
        raise ImportError("no cryptography")

    monkeypatch.setattr(distributed.security.Security, "temporary", none)
    with connected("local", 2) as executor:
        text = capsys.readouterr().err
        assert "threads of this process" in text
        assert "cryptography" in text
        assert text.count("\n") == 1
        assert executor._client.scheduler.address.startswith("inproc://")
        assert executor.submit(os.getpid).result() == os.getpid()
        assert listening() <= {"127.0.0.1"}
        sweep(SCENARIO, **ASKED, out=tmp_path / "dask", executor=executor)
    sweep(SCENARIO, **ASKED, out=tmp_path / "alone")
    assert checksum(read(tmp_path / "dask", "points")) == checksum(read(tmp_path / "alone", "points"))


def test_a_cluster_on_this_machine_speaks_only_to_those_who_have_its_keys(tmp_path):
    pytest.importorskip("cryptography")
    distributed = pytest.importorskip("distributed")
    from race_sim.sweeps.engine.cluster import connected

    with connected("local", 1) as executor:
        address = executor._client.scheduler.address
        assert address.startswith("tls://127.0.0.1:")
        with pytest.raises((OSError, ValueError)):
            distributed.Client(address.replace("tls", "tcp"), timeout=2)
        with pytest.raises((OSError, ValueError, TypeError)):
            distributed.Client(address, timeout=2)
        assert listening() == {"127.0.0.1"}
        sweep(SCENARIO, **ASKED, out=tmp_path / "dask", executor=executor)
    sweep(SCENARIO, **ASKED, out=tmp_path / "alone")
    assert checksum(read(tmp_path / "dask", "points")) == checksum(read(tmp_path / "alone", "points"))
