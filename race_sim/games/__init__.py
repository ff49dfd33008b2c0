"""The catalogue of published games of the AI race: one file per paper, named by its citation key, found by folder.

What a game is made of is imported from here: ``PublishedGame``, ``Citation``, ``Check``, ``parameter``, ``finite``, and
``Reading`` and ``Verdict`` for a game that is read off race scenarios. `race_sim.add_game` adds one from outside.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from race_sim.games._base.published import Check, PublishedGame, finite, parameter
    from race_sim.games._base.reading import Reading, Verdict
    from race_sim.solvers.game import Citation

_WHERE = {
    "Check": "games._base.published",
    "Citation": "solvers.game",
    "PublishedGame": "games._base.published",
    "Reading": "games._base.reading",
    "Verdict": "games._base.reading",
    "finite": "games._base.published",
    "parameter": "games._base.published",
}
__all__ = ["Check", "Citation", "PublishedGame", "Reading", "Verdict", "finite", "parameter"]


def __getattr__(name: str) -> Any:
    if name not in _WHERE:
        raise AttributeError(f"module 'race_sim.games' has no attribute {name!r}")
    return getattr(import_module(f"race_sim.{_WHERE[name]}"), name)
