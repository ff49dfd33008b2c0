"""Which compiled functions hang on a global of a module, and how they are compiled anew when it changes."""

from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules
from types import ModuleType

from race_sim.kernels.sources import COMPILES

PACKAGE = __name__.rpartition(".")[0]


def depend_on(module, *names):
    """Find the compiled functions of the kernels that name a global of a module, directly or through others.

    Parameters
    ----------
    module : str
        Name of the module.
    *names : str
        Its globals.

    Returns
    -------
    list of callable
        Compiled functions.
    """
    if not COMPILES:
        return []
    known = [import_module(f"{PACKAGE}.{item.name}") for item in iter_modules([str(Path(__file__).parent)])]
    dispatchers = {id(value): value for item in known for value in vars(item).values() if hasattr(value, "py_func")}
    targets = {(module, name) for name in names}
    return [dispatcher for dispatcher in dispatchers.values() if _reaches(dispatcher.py_func, targets, set())]


def _reaches(function, targets, seen):
    """Whether a function's code names a target, or calls a function that does."""
    if id(function) in seen:
        return False
    seen.add(id(function))
    words, around = function.__code__.co_names, function.__globals__
    named = [(around["__name__"], word, around[word]) for word in words if word in around]
    for _, _, value in list(named):
        if isinstance(value, ModuleType):
            named += [(value.__name__, word, getattr(value, word)) for word in words if hasattr(value, word)]
    held = [(None, None, cell.cell_contents) for cell in function.__closure__ or ()]
    return any(
        (module, word) in targets or (hasattr(value, "py_func") and _reaches(value.py_func, targets, seen))
        for module, word, value in (*named, *held)
    )
