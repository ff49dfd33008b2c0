"""race.c, compiled by the C compiler of this machine and called on the kernels' own records."""

import ctypes
import shutil
import subprocess
import tempfile
from collections.abc import Callable
from pathlib import Path

import numpy as np

from race_sim.kernels.state import LAB, NATION, WORLD
from race_sim.runs.records import PARAMETERS, Records

SOURCE = Path(__file__).with_name("race.c")
FLAGS = ("-O3", "-march=native", "-std=c17")
KINDS = {"f": "double", "i": "int64_t", "u": "uint64_t"}


def struct(name: str, fields: np.dtype[np.void]) -> str:
    """A C struct with the memory layout of an array's records."""
    lines = []
    for field in fields.names or ():
        base, shape = fields[field].base, fields[field].shape
        lines.append(f"    {KINDS[base.kind]} {field}{''.join(f'[{size}]' for size in shape)};")
    return "\n".join([f"struct {name} {{", *lines, "};", ""])


def compiler() -> str | None:
    """The C compiler of this machine, if it has one."""
    return shutil.which("cc") or shutil.which("gcc") or shutil.which("clang")


def compiled() -> Callable[[Records], None]:
    """Compile race.c; returns a function that takes a batch of runs to its end, in place."""
    with tempfile.TemporaryDirectory() as folder:
        header = [struct("Lab", LAB), struct("Nation", NATION), struct("World", WORLD)]
        (Path(folder) / "records.h").write_text("\n".join([*header, struct("Parameters", PARAMETERS)]))
        library = Path(folder) / "race.so"
        command = [
            compiler() or "cc",
            *FLAGS,
            "-shared",
            "-fPIC",
            f"-I{folder}",
            "-o",
            str(library),
            str(SOURCE),
            "-lm",
        ]
        subprocess.run(command, check=True)
        race = ctypes.CDLL(str(library)).race
    race.restype = None

    def run(records: Records) -> None:
        arrays = [array.ctypes.data_as(ctypes.c_void_p) for array in records]
        sizes = (*records.labs.shape, records.nations.shape[1])
        race(*(ctypes.c_int64(size) for size in sizes), *arrays)

    return run


# What the kernels keep so as not to compute it again.
KEPT = {"driven_share", "idle_drive", "tested_delay", "findings"}
KEPT |= {"growth_at_zero", "lift_per_care", "reach", "years_counted"}


def largest_difference(one: Records, other: Records) -> float:
    """Largest relative difference of any number in two batches of records but ``KEPT`` (absolute below 0.001)."""
    worst = 0.0
    for first, second in zip(one[:3], other[:3], strict=True):
        for field in set(first.dtype.names or ()) - KEPT:
            a, b = first[field].astype(float), second[field].astype(float)
            worst = max(worst, float(np.max(np.abs(a - b) / np.maximum(np.abs(a), 1e-3), initial=0.0)))
    return worst
