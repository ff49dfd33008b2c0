"""The published games of the AI race, found by folder."""

from importlib import import_module
from pkgutil import iter_modules
from typing import Any

from race_sim import games
from race_sim.errors import InputError, unknown
from race_sim.games._base.published import PublishedGame


def catalogue() -> dict[str, type[PublishedGame]]:
    """Every published game by its citation key, found in ``race_sim/games``: a new game takes one new file there."""
    return {key: published(key) for key in sorted(_files())}


def published(key: str) -> type[PublishedGame]:
    """The published game with this citation key; imports its file only. Raises InputError where there is none.

    >>> published("tan2026").citation.year
    2025
    """
    files = _files()
    if key not in files:
        raise InputError(unknown("game", key, files))
    for value in vars(import_module(files[key])).values():
        if isinstance(value, type) and issubclass(value, PublishedGame) and value.__module__ == files[key]:
            return value
    raise InputError(f"{files[key]}: must define a PublishedGame")


def solve(key: str, **parameters: Any) -> dict[str, Any]:
    """What a published game reports at these parameters (the paper's symbols; by default the paper's own values).

    Returns plain numbers, texts, lists and dicts. Raises InputError for an unknown game or parameter, and for a value
    out of bounds.

    >>> solve("armstrong2016", n=5, mu=3)["risk"]["private"]
    0.5
    """
    return published(key)(**parameters).results()


def _files() -> dict[str, str]:
    """Citation key -> module: a game's file is named by its key."""
    return {
        module.name: f"{games.__name__}.{module.name}"
        for module in iter_modules(games.__path__)
        if module.name[0] != "_"
    }
