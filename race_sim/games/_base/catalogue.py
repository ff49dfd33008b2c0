"""The published games of the AI race: those of the package, found by folder, and those that were added."""

from importlib import import_module
from pkgutil import iter_modules
from typing import Any, TypeVar

from race_sim import games
from race_sim.errors import InputError, checked_arguments, checked_text, one_line, unknown
from race_sim.games._base.published import PublishedGame
from race_sim.solvers.game import Citation

AnyGame = TypeVar("AnyGame", bound=type[PublishedGame])
_ADDED: dict[str, type[PublishedGame]] = {}


def catalogue() -> dict[str, type[PublishedGame]]:
    """Every published game: those of ``race_sim/games``, one file each, and those that were added.

    Returns
    -------
    dict of str to type of PublishedGame
        The games' classes by citation key, in its order.
    """
    return {key: published(key) for key in sorted(_files() | _ADDED)}


@checked_arguments(key=checked_text)
def published(key: str) -> type[PublishedGame]:
    """The published game with this citation key; imports its file only.

    Parameters
    ----------
    key : str
        Such as ``tan2026``.

    Returns
    -------
    type of PublishedGame
        The game's class.

    Raises
    ------
    InputError
        Where there is no such game.

    Examples
    --------
    >>> published("tan2026").citation.year
    2025
    """
    if key in _ADDED:
        return _ADDED[key]
    files = _files()
    if key not in files:
        raise InputError(unknown("game", key, files | _ADDED))
    for value in vars(import_module(files[key])).values():
        if isinstance(value, type) and issubclass(value, PublishedGame) and value.__module__ == files[key]:
            return value
    raise InputError(f"{files[key]}: must define a PublishedGame")


def add_game(game: AnyGame) -> AnyGame:
    """Decorate a published game from outside the package, which is then known by its citation's key.

    It works where the package's own games do, in this process: ``catalogue``, `race_sim.solve`, `race_sim.reproduce`,
    ``race-sim games`` and, where it has a ``mapping``, `race_sim.compare`. Adding a key again replaces the game. A game
    of the package is such a class in a file of its own, ``race_sim/games/KEY.py``, without the decorator.

    Parameters
    ----------
    game : type of PublishedGame
        A subclass with a `Citation`. What it is made of comes from ``race_sim.games``.

    Returns
    -------
    type of PublishedGame
        The class, as it was.

    Raises
    ------
    InputError
        For anything else, and for the key of a game of the package.

    Examples
    --------
    >>> from race_sim.games import Check, Citation, PublishedGame, finite, parameter
    >>> @add_game
    ... class Coin(PublishedGame):
    ...     "A coin falls on either side."
    ...
    ...     citation = Citation("coin2027", ("A. Author",), "On coins", 2027, "Working paper", note="An example.")
    ...     bias: float = parameter(0.5, "probability of heads", 0, 1)
    ...
    ...     @finite
    ...     def results(self):
    ...         return {"heads": self.bias, "two_heads": self.bias**2}
    ...
    ...     @classmethod
    ...     def checks(cls):
    ...         return [Check("two heads, fair coin", "table 1", 0.25, lambda: cls().results()["two_heads"])]
    >>> solve("coin2027", bias=0.1)["heads"]
    0.1
    >>> [row.status for row in published("coin2027").reproduce()]
    ['reproduced']
    """
    if not isinstance(game, type) or not issubclass(game, PublishedGame):
        raise InputError(f"game: must be a subclass of race_sim.games.PublishedGame, got {one_line(game)}")
    citation = getattr(game, "citation", None)
    if not isinstance(citation, Citation) or not citation.key.isidentifier():
        raise InputError(f"game: {game.__name__} must have a citation whose key is a name, got {one_line(citation)}")
    if citation.key in _files():
        raise InputError(f"game: {citation.key} is in the package, choose another key")
    _ADDED[citation.key] = game
    return game


def solve(key: str, **parameters: Any) -> dict[str, Any]:
    """Solve a published game at these parameters.

    Parameters
    ----------
    key : str
        The game's citation key, as listed by ``race-sim games``.
    **parameters : Any
        The paper's symbols; what is not given has the paper's own value.

    Returns
    -------
    dict of str to Any
        What the game reports: plain numbers, texts, lists and dicts.

    Raises
    ------
    InputError
        For an unknown game or parameter, and for a value out of bounds.

    Examples
    --------
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
