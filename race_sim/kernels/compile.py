"""One decorator, ``jit``: a function of the kernels, run from the shipped machine code or compiled by numba.

A law is written once, in Python. The installation (``make kernels`` in a checkout) lets numba compile what Python calls
and keeps the code (race_sim/kernels/shipped.py); where nothing kept fits the arguments, numba compiles at the first
call. Both give the same numbers to the last bit: no fast-math, and the batch runner and the Mesa agents reach a law by
different callers.
"""

from collections.abc import Callable
from typing import Any

from race_sim.kernels import shipped
from race_sim.kernels.sources import COMPILES, announce


class Kernel:
    """A function of the kernels; other kernels call it as numba's dispatcher, Python through ``__call__``.

    Parameters
    ----------
    function : callable
        Its source.
    forceinline : bool
        Whether its code is copied into compiled callers.
    cached : bool
        Whether it is one of the package's own: kept on disk, and shipped.
    """

    def __init__(self, function: Callable[..., Any], forceinline: bool = False, cached: bool = True) -> None:
        self.py_func = function
        self.__name__ = function.__name__
        self.__qualname__ = function.__qualname__
        self.__module__ = function.__module__
        self.__doc__ = function.__doc__
        self.__wrapped__ = function
        self._forceinline = forceinline
        self._cached = cached
        self._dispatcher: Any = None
        self._entry: Any = None if cached else ()

    @property
    def dispatcher(self) -> Any:
        """What numba made of it, at first need."""
        if self._dispatcher is None:
            from race_sim.kernels.cache import dispatcher

            self._dispatcher = dispatcher(self.py_func, self._forceinline, self._cached)
        return self._dispatcher

    @property
    def _numba_type_(self) -> Any:
        """What numba takes it for when another kernel names it."""
        return self.dispatcher._numba_type_

    def __call__(self, *arguments: Any) -> Any:
        """Run it."""
        if self._entry is None:
            self._entry = shipped.entries(self)
        for entry in self._entry:
            flat = entry.flat(arguments)
            if flat is not None and entry.ready():
                return entry(flat)
        if not self._cached and not self.dispatcher.signatures:
            announce(self.__name__)
        return self.dispatcher(*arguments)

    def renew(self) -> None:
        """Let it be compiled anew at its next call, and keep that out of the cache on disk."""
        self._entry, self._cached, self._dispatcher = (), False, None


def jit(function: Callable[..., Any]) -> Any:
    """Compile a function of the kernels: IEEE arithmetic without reassociation, without the interpreter lock.

    Parameters
    ----------
    function : callable
        A function of the kernels.

    Returns
    -------
    callable
        The kernel; the function itself where NUMBA_DISABLE_JIT=1.
    """
    return Kernel(function) if COMPILES else function


def uncached(function: Callable[..., Any]) -> Any:
    """Compile a function from outside the package, as ``jit`` does; the key of the cache does not know it.

    Parameters
    ----------
    function : callable
        Somebody's function.

    Returns
    -------
    callable
        The kernel.
    """
    return Kernel(function, cached=False) if COMPILES else function


def inlined(function: Callable[..., Any]) -> Any:
    """Compile a short function, as ``jit`` does; its code is copied into every compiled caller, which saves the call.

    Parameters
    ----------
    function : callable
        A function of the kernels.

    Returns
    -------
    callable
        The kernel.
    """
    return Kernel(function, forceinline=True) if COMPILES else function
