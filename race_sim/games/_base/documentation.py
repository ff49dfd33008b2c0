"""What ``help`` says of a published game: its own words, and its parameters and source as its file gives them."""

from inspect import cleandoc
from types import UnionType
from typing import TYPE_CHECKING, Any, get_origin

if TYPE_CHECKING:
    from race_sim.games._base.published import PublishedGame

EXAMPLES = "\nExamples\n--------\n"


def documented(game: "type[PublishedGame]") -> str:
    """Extend a game's docstring by the sections Parameters, from its fields, and References, from its citation.

    Parameters
    ----------
    game : type of PublishedGame
        With a docstring.

    Returns
    -------
    str
        The docstring with these sections before its Examples.
    """
    prose, examples, shown = cleandoc(game.__doc__ or "").partition(EXAMPLES)
    parameters = [line for name in game.model_fields for line in _parameter(game, name)]
    sections = [_section("Parameters", parameters), _section("References", [f".. [1] {game.citation}"])]
    return "\n".join([prose.rstrip(), "", *sections]) + (examples + shown).removeprefix("\n")


def _section(title: str, lines: list[str]) -> str:
    return "\n".join([title, "-" * len(title), *lines, ""])


def _parameter(game: "type[PublishedGame]", name: str) -> tuple[str, str]:
    field = game.model_fields[name]
    default = "" if field.is_required() else f", default {field.default!r}"
    meaning = f"{field.description or name}{game.bounds(name)}."
    return f"{name} : {_kind(field.annotation)}{default}", f"    {meaning[0].upper()}{meaning[1:]}"


def _kind(annotation: Any) -> str:
    """``int``, ``float | None``, ``Literal['a', 'b']``, ``tuple``."""
    origin = get_origin(annotation)
    if isinstance(origin, type) and origin is not UnionType:
        return origin.__name__
    return annotation.__name__ if isinstance(annotation, type) else str(annotation).replace("typing.", "")
