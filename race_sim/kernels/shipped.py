"""Compiled kernels, kept: what numba has made of them as optimised LLVM code, made machine code once per machine.

``race_sim/runs/build_kernels.py`` writes the file ``compiled.kernels`` beside this module: one line of JSON (what it
was made from, and the entries with the types that they take) and LLVM code by group of entries. Here llvmlite turns a
group into machine code for the processor at hand at its first use, which takes about a second, and keeps that too.
numba is not imported. A file that was made from other sources or for another kind of machine is left alone: then numba
compiles.

Of what numba does inside, this rests on two things: ``_numba_type_``, by which a kernel is known to others
(race_sim/kernels/compile.py), and how compiled functions are called, with an address for the result, one for what is
raised, and plain arguments. tests/test_shipped_kernels.py compares every number.
"""

import contextlib
import ctypes
import hashlib
import json
import lzma
import os
import platform
import sys
import threading
from dataclasses import dataclass
from functools import cache, cached_property
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np

from race_sim.kernels.sources import NOT_READ, STAMP, cache_folder, numba_version, warn_once

FILE = Path(__file__).parent / "compiled.kernels"
FORMAT = 2
MACHINE = f"{platform.machine()}-{sys.platform}-{sys.byteorder}"
MATHEMATICS = ("libm.so.6", "libm.dylib", "msvcrt.dll")  # where sqrt is
_lock = threading.RLock()


@dataclass(frozen=True)
class Bundle:
    """What the file holds.

    Attributes
    ----------
    header : dict
        Its first line.
    packed : bytes
        Compressed LLVM code of all groups, one after the other: they are much alike.
    """

    header: dict[str, Any]
    packed: bytes

    @cached_property
    def _whole(self) -> bytes:
        return lzma.decompress(self.packed)

    def code(self, group: str) -> str:
        """Give LLVM code.

        Parameters
        ----------
        group : str
            Of entries.

        Returns
        -------
        str
            Of all of them.
        """
        start, length, _ = self.header["places"][group]
        return self._whole[start : start + length].decode()


def pack(header: dict[str, Any], code: dict[str, str]) -> bytes:
    """Put entries and code into one file.

    Parameters
    ----------
    header : dict
        Everything but the places of the code.
    code : dict of str to str
        LLVM code by group.

    Returns
    -------
    bytes
        The file's content.
    """
    places, whole = {}, b""
    for group, text in code.items():
        part = text.encode()
        places[group] = [len(whole), len(part), hashlib.sha256(part).hexdigest()]
        whole += part
    packed = lzma.compress(whole, preset=9)
    digest = hashlib.sha256(packed).hexdigest()
    return json.dumps({**header, "places": places, "digest": digest}).encode() + b"\n" + packed


def unpack(content: bytes) -> Bundle:
    """Read a file.

    Parameters
    ----------
    content : bytes
        What ``pack`` gave.

    Returns
    -------
    Bundle
        Entries and code.

    Raises
    ------
    ValueError
        If it is damaged.
    """
    line, _, packed = content.partition(b"\n")
    header = json.loads(line)
    if hashlib.sha256(packed).hexdigest() != header["digest"]:
        raise ValueError("the code is damaged")
    return Bundle(header, packed)


def reason_against(header: dict[str, Any]) -> str:
    """Say why compiled kernels do not fit here.

    Parameters
    ----------
    header : dict
        Of their file.

    Returns
    -------
    str
        Why, or nothing where they fit.
    """
    if header.get("format") != FORMAT or header.get("sources") != STAMP:
        return "they were made from other sources"
    if header.get("machine") != MACHINE:
        return f"they were made for {header.get('machine')}, this is {MACHINE}"
    return ""


@cache
def bundle() -> Bundle | None:
    """Read the compiled kernels that fit here.

    Returns
    -------
    Bundle or None
        None where there are none: one line says why, unless there is no file.
    """
    if os.environ.get("RACE_SIM_SHIPPED_KERNELS") == "0":
        return None
    try:
        held = unpack(FILE.read_bytes())
        against = reason_against(held.header)
    except FileNotFoundError:
        return None
    except (OSError, ValueError, KeyError, TypeError) as error:
        held, against = None, f"{type(error).__name__}: {error}"
    if against:
        warn_once("the shipped kernels are not used, numba compiles", against)
        return None
    return held


def compiled_by() -> str:
    """Tell which numba compiled the kernels in use.

    Returns
    -------
    str
        Its version: of the compiled kernels, or of the installed numba where there are none.
    """
    held = bundle()
    return numba_version() if held is None else str(held.header["numba"])


@cache
def _engine(group: str) -> Any:
    """Machine code of a group: kept from an earlier time, or translated now."""
    import llvmlite.binding as llvm

    compiled = bundle()
    assert compiled is not None
    llvm.initialize_native_target()
    llvm.initialize_native_asmprinter()
    for library in MATHEMATICS:
        with contextlib.suppress(Exception):
            llvm.load_library_permanently(library)
    processor, features = llvm.get_host_cpu_name(), llvm.get_host_cpu_features().flatten()
    target = llvm.Target.from_default_triple().create_target_machine(
        cpu=processor, features=features, opt=3, codemodel="jitdefault", jit=True
    )
    engine = llvm.create_mcjit_compiler(llvm.parse_assembly(""), target)
    made_by = "|".join((compiled.header["places"][group][2], processor, features, version("llvmlite")))
    key = hashlib.sha256(made_by.encode()).hexdigest()
    folder = cache_folder()
    path = None if folder is None else folder / f"{group}-{key[:24]}.machine"
    data = _kept(path)
    if data is None:
        data = target.emit_object(llvm.parse_assembly(compiled.code(group)))
        _keep(path, data)
    engine.add_object_file(llvm.object_file.ObjectFileRef.from_data(data))
    engine.finalize_object()
    return engine


def _kept(path: Path | None) -> bytes | None:
    """Machine code from an earlier time; None where there is none, or it is damaged."""
    if path is None:
        return None
    try:
        content = path.read_bytes()
    except OSError:
        return None
    if hashlib.sha256(content[:-32]).digest() == content[-32:]:
        return content[:-32]
    warn_once(NOT_READ, f"{path.name} is damaged")
    return None


def _keep(path: Path | None, data: bytes) -> None:
    """Keep machine code, whole or not at all."""
    if path is None:
        return
    partial = path.with_name(f"{path.name}.{os.getpid()}.{threading.get_ident()}.partial")
    try:
        partial.write_bytes(data + hashlib.sha256(data).digest())
        partial.replace(path)
    except OSError:
        with contextlib.suppress(OSError):
            partial.unlink()


class Entry:
    """One function for one list of types, callable from Python.

    Parameters
    ----------
    described : dict
        As the file's header has it: ``group``, ``symbol``, ``takes``, ``gives``.
    records : dict of str to str
        What the records' fields are, by the letter of the record.
    """

    def __init__(self, described: dict[str, Any], records: dict[str, str]) -> None:
        self._described = described
        self._takes = [_Taken(kind, records) for kind in described["takes"]]
        self._gives = described["gives"]
        self._function: Any = None

    def flat(self, arguments: tuple[Any, ...]) -> list[Any] | None:
        """Turn arguments into numbers and addresses.

        Parameters
        ----------
        arguments : tuple
            Of the function.

        Returns
        -------
        list or None
            None where they are of other types.
        """
        if len(arguments) != len(self._takes):
            return None
        result: list[Any] = []
        for taken, argument in zip(self._takes, arguments, strict=True):
            if not taken.add(argument, result):
                return None
        return result

    def ready(self) -> bool:
        """Load its machine code.

        Returns
        -------
        bool
            Whether it can be called: not, where llvmlite does not take the code, which one line says.
        """
        if self._function is None:
            try:
                self._load()
            except Exception as error:
                warn_once("the shipped kernels are not used, numba compiles", f"{type(error).__name__}: {error}")
                return False
        return True

    def __call__(self, flat: list[Any]) -> Any:
        """Run it."""
        if not self._gives:
            status = self._function(_SCRATCH, _SCRATCH, *flat)
            result: Any = None
        else:
            out = (ctypes.c_double * len(self._gives))()
            status = self._function(_SCRATCH, _SCRATCH, *flat, ctypes.addressof(out))
            values = [_GIVEN[kind](value) for kind, value in zip(self._gives, out, strict=True)]
            result = values[0] if len(values) == 1 else tuple(values)
        if status != 0:
            raise MemoryError(f"{self._described['name']} failed (status {status})")
        return result

    def _load(self) -> None:
        with _lock:
            address = _engine(self._described["group"]).get_function_address(self._described["symbol"])
        types = [c for taken in self._takes for c in taken.types]
        if self._gives:
            types.append(ctypes.c_void_p)
        self._function = ctypes.CFUNCTYPE(ctypes.c_int32, ctypes.c_void_p, ctypes.c_void_p, *types)(address)


_KEPT = (ctypes.c_void_p * 2)()  # where numba's functions leave nothing, and what they raise
_SCRATCH = ctypes.addressof(_KEPT)
_GIVEN = {"f": float, "i": int, "b": bool}
_SCALARS: dict[str, tuple[tuple[type, ...], type]] = {
    "f": ((float, np.float64), ctypes.c_double),
    "i": ((int, np.int64), ctypes.c_int64),
    "u": ((np.uint64,), ctypes.c_uint64),
    "b": ((bool, np.bool_), ctypes.c_bool),
}
NUMBERS = {"F": np.dtype(np.float64), "I": np.dtype(np.int64), "B": np.dtype(np.bool_)}
_addresses: dict[int, tuple[np.void, int]] = {}
MOST_ADDRESSES = 8


def _address(record: np.void) -> int:
    """Where a record lies; the last ones are remembered, as numpy takes long to tell."""
    known = _addresses.get(id(record))
    if known is not None and known[0] is record:
        return known[1]
    if len(_addresses) >= MOST_ADDRESSES:
        _addresses.clear()
    address: int = record.__array_interface__["data"][0]
    _addresses[id(record)] = (record, address)
    return address


class _Taken:
    """One argument: a scalar, a record, or an array of so many dimensions (race_sim/kernels/entries.py)."""

    def __init__(self, kind: str, records: dict[str, str]) -> None:
        self.kind = kind
        self.read_only = kind.endswith("r")
        self.dimensions = int(kind[1:].removesuffix("r") or 0)
        self.fields = records.get(kind[0])
        self.scalars, first = _SCALARS.get(kind, ((), ctypes.c_void_p))
        self.types: tuple[Any, ...] = (first, *[ctypes.c_int64] * self.dimensions)
        self._right: set[int] = set()
        self._known: list[np.dtype[Any]] = []  # keeps what stands in _right alive

    def add(self, argument: Any, result: list[Any]) -> bool:
        """Put what is passed of an argument at the end of a list, if the argument is of the type."""
        if self.scalars:
            if type(argument) not in self.scalars:
                return False
            result.append(argument if type(argument) in (float, int, bool) else argument.item())
            return True
        if self.dimensions == 0:
            if type(argument) is not np.void or not self._fits(argument.dtype):
                return False
            result.append(_address(argument))
            return True
        if type(argument) is not np.ndarray or argument.ndim != self.dimensions or not self._fits(argument.dtype):
            return False
        flags = argument.flags
        if not (flags.c_contiguous and (flags.writeable or self.read_only)):
            return False
        result.append(argument.ctypes.data)
        result.extend(argument.shape)
        return True

    def _fits(self, dtype: np.dtype[Any]) -> bool:
        if id(dtype) in self._right:
            return True
        fits = str(dtype.descr) == self.fields if self.fields is not None else dtype == NUMBERS[self.kind[0]]
        if fits:
            self._right.add(id(dtype))
            self._known.append(dtype)
        return fits


def entries(kernel: Any) -> tuple[Entry, ...]:
    """Find what was compiled of a function.

    Parameters
    ----------
    kernel : Kernel
        One of the package's own functions.

    Returns
    -------
    tuple of Entry
        One per list of types.
    """
    compiled = bundle()
    if compiled is None:
        return ()
    name = f"{kernel.__module__}.{kernel.__qualname__}"
    return tuple(Entry(one, compiled.header["records"]) for one in compiled.header["entries"] if one["name"] == name)
