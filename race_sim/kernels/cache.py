"""The cache of what numba compiles here, keyed by a digest of all kernel sources.

numba keys a cached function by its own source file, so a change in a law would leave stale code in every caller that
lives in another file. A cache that cannot be read or written costs compilation time and one warning line, never the
run. Only what the shipped kernels do not hold comes here (race_sim/kernels/shipped.py).
"""

import contextlib
import hashlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numba
from numba.core import caching

from race_sim.kernels.sources import NOT_KEPT, NOT_READ, SOURCE_DIGEST, announce, cache_folder, warn_once


class _Locator(caching._CacheLocator):
    """Puts every function of the package into one folder, stamped with the digest of all kernel sources."""

    def __init__(self, line: int, file: str) -> None:
        self._line = line
        self._py_file = file

    def get_cache_path(self) -> str:
        return str(cache_folder())

    def get_source_stamp(self) -> str:
        return SOURCE_DIGEST

    def get_disambiguator(self) -> str:
        return str(self._line)

    @classmethod
    def from_function(cls, py_func: Callable[..., Any], py_file: str) -> "_Locator":
        return cls(py_func.__code__.co_firstlineno, py_file)


class _Implementation(caching.CompileResultCacheImpl):
    def __init__(self, py_func: Callable[..., Any]) -> None:
        self._locator_classes = [_Locator]
        super().__init__(py_func)


class _CheckedFile(caching.IndexDataCacheFile):
    """Data files carry their own checksum, so that a damaged one is noticed before it is loaded."""

    def _dump(self, obj: object) -> bytes:
        data: bytes = super()._dump(obj)
        return data + hashlib.sha256(data).digest()

    def _load_data(self, name: str) -> object:
        data = Path(self._data_path(name)).read_bytes()
        if hashlib.sha256(data[:-32]).digest() != data[-32:]:
            raise ValueError(f"{name} is damaged")
        return super()._load_data(name)


class _Cache(caching.FunctionCache):
    _impl_class = _Implementation

    def __init__(self, py_func: Callable[..., Any]) -> None:
        super().__init__(py_func)
        self._name = py_func.__name__
        self._cache_file = _CheckedFile(self._cache_path, self._impl.filename_base, SOURCE_DIGEST)

    def load_overload(self, sig: object, target_context: object) -> object:
        try:
            held = super().load_overload(sig, target_context)
        except Exception as error:
            warn_once(NOT_READ, f"{type(error).__name__}: {error}")
            with contextlib.suppress(OSError):
                self.flush()
            held = None
        if held is None:
            announce(self._name)
        return held

    def save_overload(self, sig: object, data: object) -> None:
        try:
            super().save_overload(sig, data)
        except Exception as error:
            warn_once(NOT_KEPT, f"{type(error).__name__}: {error}")

    def _index_key(self, sig: Any, codegen: Any) -> tuple[Any, ...]:
        return (sig, codegen.magic_tuple())


def dispatcher(function: Callable[..., Any], forceinline: bool = False, cached: bool = True) -> Any:
    """Let numba compile a function at its first call: IEEE arithmetic without reassociation, no interpreter lock.

    Parameters
    ----------
    function : callable
        A function of the kernels, or somebody's.
    forceinline : bool
        Whether its code is copied into every compiled caller.
    cached : bool
        Whether what is compiled is kept on disk: for the package's own functions only, whose sources the key knows.

    Returns
    -------
    callable
        A dispatcher of numba's.
    """
    made: Any = numba.njit(nogil=True, error_model="numpy", forceinline=forceinline)(function)
    if cached and cache_folder() is not None:
        made._cache = _Cache(function)
    return made
