"""Sweeps on worker processes that die, and on a dask cluster on this machine."""

import os
import signal
import threading
import time

import pytest

from race_sim import InputError, cli, sweep
from race_sim.sweeps.engine.execution import in_any_order, pool
from race_sim.sweeps.engine.store import read, read_checksums
from race_sim.sweeps.engine.tables import checksum
from tests.killed_sweeps import SCENARIO

ASKED = {"design": {"prize.enmity": "0:1:100"}, "runs": 100, "seed": 1, "outcomes": ["welfare"], "points_per_part": 2}


def end(number):
    if number == 3:
        os.kill(os.getpid(), signal.SIGKILL)
    return number


def test_a_worker_that_is_killed_is_said_in_one_line():
    with pytest.raises(InputError, match="ended abruptly"), pool(workers=1) as chosen:
        for _ in in_any_order(end, range(9), chosen):
            pass


def test_workers_end_with_the_process_that_they_work_for(tmp_path):
    """A killed sweep leaves no process behind."""
    import subprocess
    import sys

    code = (
        "import os, sys, time; from race_sim.sweeps.engine.execution import pool, in_any_order\n"
        "if __name__ == '__main__':\n"
        "    with pool(workers=1) as p:\n"
        "        for _, pid in in_any_order(eval, ['__import__(\"os\").getpid()'], p):\n"
        "            print(pid, flush=True); time.sleep(60)\n"
    )
    script = tmp_path / "script.py"
    script.write_text(code)
    with subprocess.Popen([sys.executable, str(script)], stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        worker = int(process.stdout.readline())
        process.kill()
    limit = time.monotonic() + 20
    while time.monotonic() < limit:
        try:
            os.kill(worker, 0)
        except ProcessLookupError:
            return
        time.sleep(0.05)
    pytest.fail("the worker outlived its parent")


def test_dask_with_a_worker_killed_twice(tmp_path):
    distributed = pytest.importorskip("distributed")
    sweep(SCENARIO, **ASKED, out=tmp_path / "alone")
    folder = tmp_path / "dask"
    quiet = {"dashboard_address": "127.0.0.1:0", "silence_logs": 50}  # any free port
    with (
        distributed.LocalCluster(n_workers=2, threads_per_worker=1, **quiet) as cluster,
        distributed.Client(cluster) as client,
    ):
        killed = []

        def kill_twice():
            for parts in (2, 15):
                while len(read_checksums(folder)) < parts:
                    time.sleep(0.02)
                pids = [info["pid"] for info in client.scheduler_info()["workers"].values() if "pid" in info]
                pids = pids or list(client.run(os.getpid).values())
                os.kill(pids[0], signal.SIGKILL)
                killed.append(pids[0])

        killer = threading.Thread(target=kill_twice, daemon=True)
        killer.start()
        sweep(SCENARIO, **ASKED, out=folder, executor=client.get_executor(pure=False))
        killer.join(timeout=1)
    assert len(set(killed)) == 2
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
