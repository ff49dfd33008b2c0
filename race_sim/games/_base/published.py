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
from race_sim.games._base.documentation import documented
from race_sim.games._base.reading import Reading, Verdict
from race_sim.solvers.game import Citation, Game

Source = Literal["paper", "reading"]
Status = Literal["reproduced", "differs", "published value unknown"]


def parameter(
    default: Any, meaning: str, at_least: float = -math.inf, at_most: float = math.inf, *, above: float = -math.inf
) -> Any:
    """A field of a published game: its default, what it means, and its bounds.

    Parameters
    ----------
    default : Any
        The paper's own value.
    meaning : str
        In words, with the unit if there is one; no full stop.
    at_least, at_most : float
        Bounds that are allowed themselves.
    above : float
        A lower bound that is not.

    Returns
    -------
    FieldInfo
        Of pydantic.

    Examples
    --------
    >>> parameter(0.5, "probability of heads", 0, 1).description
    'probability of heads'
    """
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

    Attributes
    ----------
    result : str
        What it is.
    place : str
        Where in the paper.
    published : float, str or None
        A number, a text, or None where the paper's value is not known.
    ours : callable
        Computes our value, without arguments.
    tolerance : float
        The absolute difference that rounding in the source, or its statistical error, allows.
    source : {"paper", "reading"}
        The paper's own number, or our reading of its equations.
    reason : str
        Why they differ, where they do.
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
    """A check that was carried out; the status follows from the two values, nobody types it in.

    Attributes
    ----------
    game : str
        Citation key.
    check : Check
        What was compared.
    ours : float or str
        Our value.
    """

    game: str
    check: Check
    ours: float | str

    @property
    def status(self) -> Status:
        """Whether our value is the published one, within the tolerance.

        Returns
        -------
        str
            ``reproduced``, ``differs`` or ``published value unknown``.
        """
        published = self.check.published
        if published is None:
            return "published value unknown"
        if isinstance(published, str) or isinstance(self.ours, str):
            return "reproduced" if published == self.ours else "differs"
        allowed = self.check.tolerance * (1 + 1e-9)  # a number half a digit away is within half a digit
        return "reproduced" if abs(self.ours - published) <= allowed else "differs"


AnyGame = TypeVar("AnyGame", bound="PublishedGame")


def finite(results: Callable[[AnyGame], dict[str, Any]]) -> Callable[[AnyGame], dict[str, Any]]:
    """Decorate ``results``: a number too large for a float is refused in one line, never returned as inf or NaN.

    Parameters
    ----------
    results : callable
        The method of a published game.

    Returns
    -------
    callable
        The same, which raises an `InputError` that names the number and the parameters.

    Raises
    ------
    InputError
        By the method that is returned, where a result is not finite.
    """

    @wraps(results)
    def checked(game: AnyGame) -> dict[str, Any]:
        where: str | None = "results"
        try:
            reported = results(game)
            where = _not_finite(reported)
        except (OverflowError, ZeroDivisionError):
            reported = {}
        if where is None:
            return reported
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
        where = _not_finite(item, f"{path}.{key}" if path else str(key))
        if where is not None:
            return where
    return None


class PublishedGame(BaseModel):
    """A game or a family of games from one paper; a subclass per paper, in a file of its own in ``race_sim/games``.

    Fields are the paper's parameters, with bounds; ``results`` gives what the paper reports at these parameters, as
    numbers, texts, lists and dicts of them; ``game`` the normal form, where there is one; ``checks`` the paper's own
    numbers. A game with a ``mapping`` is read off race scenarios by ``of_reading`` and says what it makes of them by
    ``answer``. Parameters out of bounds are refused with an `InputError`. Sections on parameters and source are added
    to a subclass's docstring from its fields and its citation.

    Parameters
    ----------
    **parameters : Any
        The fields; what is not given has the paper's own value.

    Attributes
    ----------
    citation : Citation
        Where the game comes from; its key names the game.
    mapping : str
        How the parameters are read off a race scenario, in words; empty where they have no counterpart there.
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
    def __pydantic_init_subclass__(cls, **options: Any) -> None:
        super().__pydantic_init_subclass__(**options)
        if cls.__doc__ and "citation" in vars(cls):
            cls.__doc__ = documented(cls)

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
        """What the paper says, in one line: the first sentence of its class, or of its file.

        Returns
        -------
        str
            Without line breaks.
        """
        document = cls.__dict__.get("__doc__") or import_module(cls.__module__).__doc__ or ""
        return " ".join(document.strip().partition("\n\n")[0].split())

    @classmethod
    def bounds(cls, name: str) -> str:
        """Name the bounds of a parameter.

        Parameters
        ----------
        name : str
            Of the parameter.

        Returns
        -------
        str
            Such as ``, 0 to 1``; empty where there are none.
        """
        limits = {limit: value for item in cls.model_fields[name].metadata for limit, value in _limits(item)}
        low = limits.get("ge", limits.get("gt"))
        word = "from" if "ge" in limits else "above"
        high = limits.get("le")
        if low is not None and high is not None:
            return f", {low:g} to {high:g}" if "ge" in limits else f", above {low:g} and at most {high:g}"
        return f", {word} {low:g}" if low is not None else f", at most {high:g}" if high is not None else ""

    def results(self) -> dict[str, Any]:
        """What the paper reports, at these parameters.

        Returns
        -------
        dict of str to Any
            Numbers, texts, None, lists and dicts of them, all finite. By convention ``payoff``, where it is a matrix,
            is that of ``game``, ``stationary`` are shares that add up to 1, and ``log_fixation`` is by [resident,
            invader].
        """
        raise NotImplementedError

    def game(self) -> Game | None:
        """Give the game in normal form.

        Returns
        -------
        Game or None
            None where actions are continuous or players evolve in several populations.
        """
        return None

    @classmethod
    def checks(cls) -> list[Check]:
        """The paper's own numbers, each with a way to compute ours.

        Returns
        -------
        list of Check
            At least one.
        """
        raise NotImplementedError

    @classmethod
    def reproduce(cls) -> Iterator[Reproduced]:
        """Carry out every check.

        Yields
        ------
        Reproduced
            One per check, in their order.
        """
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
