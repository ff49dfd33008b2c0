"""The published games of the AI race, found by folder."""

from importlib import import_module
from pkgutil import iter_modules

from race_sim import games
from race_sim.errors import InputError, unknown
from race_sim.published import PublishedGame


def catalogue() -> dict[str, type[PublishedGame]]:
    """Every published game by its citation key, found in ``race_sim/games``: a new game takes one new file there."""
    found: dict[str, type[PublishedGame]] = {}
    for module in iter_modules(games.__path__, prefix=f"{games.__name__}."):
        for value in vars(import_module(module.name)).values():
            if isinstance(value, type) and issubclass(value, PublishedGame) and value.__module__ == module.name:
                found[value.citation.key] = value
    return dict(sorted(found.items()))


def published(key: str) -> type[PublishedGame]:
    """The published game with this citation key. Raises InputError where there is none."""
    known = catalogue()
    if key not in known:
        raise InputError(unknown("game", key, known))
    return known[key]
