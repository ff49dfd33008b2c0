"""One decorator, ``jit``, and the cache of machine code behind it.

numba keys a cached function by its own source file, so a change in a law would leave stale code in every caller that
lives in another file. Here the key is a digest of *all* kernel sources. A cache that cannot be read or written costs
compilation time and one warning line, never the run.
"""

import contextlib
import hashlib
import os
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numba
from numba.core import caching, config

HERE = Path(__file__).parent


def _source_digest() -> str:
    digest = hashlib.sha256(numba.__version__.encode())
    for path in sorted(HERE.glob("*.py")):
        digest.update(path.name.encode() + path.read_bytes())
    return digest.hexdigest()[:16]


SOURCE_DIGEST = _source_digest()
NOT_KEPT = "compiled code is not cached, every start compiles anew"
NOT_READ = "cached code is damaged, compiling anew"
_warned = False


def _warn_once(what: str, reason: object) -> None:
    global _warned
    if not _warned:
        _warned = True
        print(f"race-sim: warning: {what} ({' '.join(str(reason).split())})", file=sys.stderr)


def _writable(folder: Path) -> bool:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        tempfile.TemporaryFile(dir=folder).close()
    except OSError:
        return False
    return True


def _cache_folder() -> Path | None:
    """The first writable of: NUMBA_CACHE_DIR, the package's own ``__pycache__``, the user's cache folder."""
    candidates = [HERE / "__pycache__"]
    if os.environ.get("NUMBA_CACHE_DIR"):
        candidates.insert(0, Path(os.environ["NUMBA_CACHE_DIR"]))
    try:
        user = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
        candidates.append(user / "race_sim")
    except RuntimeError:
        pass
    for folder in candidates:
        if _writable(folder):
            return folder
    _warn_once(NOT_KEPT, f"no writable folder among {', '.join(map(str, candidates))}")
    return None


CACHE_FOLDER = _cache_folder()


class _Locator(caching._CacheLocator):
    """Puts every function of the package into one folder, stamped with the digest of all kernel sources."""

    def __init__(self, line: int, file: str) -> None:
        self._line = line
        self._py_file = file

    def get_cache_path(self) -> str:
        return str(CACHE_FOLDER)

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
        self._cache_file = _CheckedFile(self._cache_path, self._impl.filename_base, SOURCE_DIGEST)

    def load_overload(self, sig: object, target_context: object) -> object:
        try:
            return super().load_overload(sig, target_context)
        except Exception as error:
            _warn_once(NOT_READ, f"{type(error).__name__}: {error}")
            with contextlib.suppress(OSError):
                self.flush()
            return None

    def save_overload(self, sig: object, data: object) -> None:
        try:
            super().save_overload(sig, data)
        except Exception as error:
            _warn_once(NOT_KEPT, f"{type(error).__name__}: {error}")

    def _index_key(self, sig: Any, codegen: Any) -> tuple[Any, ...]:
        return (sig, codegen.magic_tuple())


COMPILES = not vars(config)["DISABLE_JIT"]


def _compiled(function: Callable[..., Any], forceinline: bool) -> Any:
    dispatcher: Any = numba.njit(nogil=True, error_model="numpy", forceinline=forceinline)(function)
    if CACHE_FOLDER is not None and COMPILES:
        dispatcher._cache = _Cache(function)
    return dispatcher


def jit(function: Callable[..., Any]) -> Any:
    """Compile a function on first call: IEEE arithmetic without reassociation, without the interpreter lock, cached.

    No fast-math: the batch runner and the Mesa agents reach a law through different callers, and their results must be
    equal to the last bit.

    Parameters
    ----------
    function : callable
        A function of the kernels.

    Returns
    -------
    callable
        What numba compiles it to.
    """
    return _compiled(function, forceinline=False)


def uncached(function: Callable[..., Any]) -> Any:
    """Compile a function from outside the package, as ``jit`` does; the key of the cache does not know it.

    Parameters
    ----------
    function : callable
        Somebody's function.

    Returns
    -------
    callable
        What numba compiles it to.
    """
    return numba.njit(nogil=True, error_model="numpy")(function)


def inlined(function: Callable[..., Any]) -> Any:
    """Compile a short function, as ``jit`` does; its code is copied into every compiled caller, which saves the call.

    Parameters
    ----------
    function : callable
        A function of the kernels.

    Returns
    -------
    callable
        What numba compiles it to.
    """
    return _compiled(function, forceinline=True)
