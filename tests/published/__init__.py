"""Every game of the catalogue written a second time, from its paper and without sight of the package: one file per key.

A twin has ``sample(random)``, a random parameter point; ``results(**parameters)``, what the game reports there or a
part of it, or a ValueError where the point is refused; and ``published()``, rows of (description, published number or
statement, the same here, tolerance). ``DIFFERS``, where there is one, has a reason for each row that does not come out.
"""

import importlib
import pkgutil
from types import ModuleType


def twins() -> dict[str, ModuleType]:
    """The modules of this folder that implement a game, by key."""
    names = [entry.name for entry in pkgutil.iter_modules(__path__) if not entry.name.startswith("test_")]
    modules = {name: importlib.import_module(f"{__name__}.{name}") for name in names}
    return {name: module for name, module in modules.items() if hasattr(module, "sample")}
