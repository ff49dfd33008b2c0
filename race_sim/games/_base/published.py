"""What a published game is made of: typed and bounded parameters, a citation, results, and what the paper reports."""

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import wraps
from importlib import import_module
from typing import Any, ClassVar, Literal, Self, TypeVar

import pydantic
from pydantic import BaseModel, ConfigDict, Field

from race_sim.errors import InputError, one_line, unknown
from race_sim.games._base.reading import Reading, Verdict
from race_sim.solvers.game import Citation, Game

Source = Literal["paper", "reading"]
Status = Literal["reproduced", "differs", "published value unknown"]


def parameter(
    default: Any, meaning: str, at_least: float = -math.inf, at_most: float = math.inf, *, above: float = -math.inf
) -> Any:
    """A field of a published game: default, meaning, bounds (``at_least`` and ``at_most`` included, not ``above``)."""
    bounds: dict[str, Any] = {}
    if at_least > -math.inf:
        bounds["ge"] = at_least
    if above > -math.inf:
        bounds["gt"] = above
    if at_most < math.inf:
        bounds["le"] = at_most
    return Field(default=default, description=meaning, **bounds)


@dataclass(frozen=True)
class Check:
    """One number or statement of a paper, and how to get ours.

    result: what it is. place: where in the paper. published: a number, a text, or None where the paper's value is not
    known. ours: computes our value. tolerance: the absolute difference that rounding in the source, or its statistical
    error, allows. source: ``paper`` for the paper's own number, ``reading`` for our reading of it. reason: why they
    differ, where they do.
    """

    result: str
    place: str
    published: float | str | None
    ours: Callable[[], float | str]
    tolerance: float = 0.0
    source: Source = "paper"
    reason: str = ""


@dataclass(frozen=True)
class Reproduced:
    """A check that was carried out; the status follows from the two values, nobody types it in."""

    game: str
    check: Check
    ours: float | str

    @property
    def status(self) -> Status:
        """Whether our value is the published one, within the tolerance."""
        published = self.check.published
        if published is None:
            return "published value unknown"
        if isinstance(published, str) or isinstance(self.ours, str):
            return "reproduced" if published == self.ours else "differs"
        allowed = self.check.tolerance * (1 + 1e-9)  # a number half a digit away is within half a digit
        return "reproduced" if abs(self.ours - published) <= allowed else "differs"


AnyGame = TypeVar("AnyGame", bound="PublishedGame")


def finite(results: Callable[[AnyGame], dict[str, Any]]) -> Callable[[AnyGame], dict[str, Any]]:
    """Decorates ``results``: a number too large for a float is refused in one line, never returned as inf or NaN."""

    @wraps(results)
    def checked(game: AnyGame) -> dict[str, Any]:
        where: str | None = "results"
        try:
            result = results(game)
            where = _not_finite(result)
        except (OverflowError, ZeroDivisionError):
            result = {}
        if where is None:
            return result
        given = {name: value for name, value in game if name in game.model_fields_set}
        raise InputError(f"{game.citation.key}: {where}: must be finite, is not at {one_line(given)}")

    return checked


def _limits(item: object) -> Iterator[tuple[str, float]]:
    for limit in ("ge", "gt", "le"):
        value = getattr(item, limit, None)
        if value is not None:
            yield limit, float(value)


def _not_finite(value: Any, path: str = "") -> str | None:
    if isinstance(value, float):
        return None if math.isfinite(value) else path
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, item in items:
        result = _not_finite(item, f"{path}.{key}" if path else str(key))
        if result is not None:
            return result
    return None


class PublishedGame(BaseModel):
    """A game or a family of games from one paper; a subclass per paper, in a file of its own in ``race_sim/games``.

    Fields are the paper's parameters, with bounds; ``results`` gives what the paper reports at these parameters, as
    numbers, texts, lists and dicts of them; ``game`` the normal form, where there is one; ``checks`` the paper's own
    numbers. Raises InputError for parameters out of bounds.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", validate_default=True, allow_inf_nan=False)
    citation: ClassVar[Citation]
    mapping: ClassVar[str] = ""

    def __init__(self, **parameters: Any) -> None:
        try:
            super().__init__(**parameters)
        except pydantic.ValidationError as error:
            raise InputError(self._in_one_line(error)) from None

    @classmethod
    def _in_one_line(cls, error: pydantic.ValidationError) -> str:
        first = error.errors()[0]
        name = ".".join(map(str, first["loc"]))
        key = cls.citation.key
        if first["type"] == "extra_forbidden":
            return f"{key}: {unknown('parameter', name, cls.model_fields)}"
        rule = first["msg"].removeprefix("Value error, ").replace("Input should be", "must be")
        return f"{key}: {name}: {rule}, got {one_line(first['input'])}" if name else f"{key}: {rule}"

    @classmethod
    def says(cls) -> str:
        """What the paper says, in one line: the first sentence of its class, or of its file."""
        document = cls.__dict__.get("__doc__") or import_module(cls.__module__).__doc__ or ""
        return " ".join(document.strip().partition("\n\n")[0].split())

    @classmethod
    def bounds(cls, name: str) -> str:
        """Bounds of a parameter for people: ``, 0 to 1``; empty where there are none."""
        limits = {limit: value for item in cls.model_fields[name].metadata for limit, value in _limits(item)}
        low = limits.get("ge", limits.get("gt"))
        word = "from" if "ge" in limits else "above"
        high = limits.get("le")
        if low is not None and high is not None:
            return f", {low:g} to {high:g}" if "ge" in limits else f", above {low:g} and at most {high:g}"
        return f", {word} {low:g}" if low is not None else f", at most {high:g}" if high is not None else ""

    def results(self) -> dict[str, Any]:
        """What the paper reports, at these parameters."""
        raise NotImplementedError

    def game(self) -> Game | None:
        """The game in normal form; None where actions are continuous or players evolve in several populations."""
        return None

    @classmethod
    def checks(cls) -> list[Check]:
        """The paper's own numbers, each with a way to compute ours."""
        raise NotImplementedError

    @classmethod
    def reproduce(cls) -> Iterator[Reproduced]:
        """Carry out every check."""
        for check in cls.checks():
            yield Reproduced(cls.citation.key, check, check.ours())

    @classmethod
    def of_reading(cls, reading: Reading) -> Self:
        """Read the game's parameters off a race scenario; games with a ``mapping`` define it, and `answer`.

        Parameters
        ----------
        reading : Reading
            Of the scenario.

        Returns
        -------
        PublishedGame
            The game at these parameters. Where the scenario lies outside what the game can express, an `InputError`
            says so.
        """
        raise NotImplementedError

    def answer(self, reading: Reading) -> Verdict:
        """Whether racing, and whether slowing down, is an equilibrium of the scenario that was read, and the risk.

        Parameters
        ----------
        reading : Reading
            From which the game was made.

        Returns
        -------
        Verdict
            None where the game cannot say; where it can say nothing at all, an `InputError` gives the reason.
        """
        raise NotImplementedError
