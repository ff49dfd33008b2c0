"""One axis of a design: which values a parameter takes.

========================  ==========================================================================
``path=lo:hi:n``          n values from lo to hi, both included, equally spaced
``path=lo:hi:n:log``      the same, equally spaced in the logarithm
``path=a,b,c``            these values: numbers, or names of policies and decision rules
``path=lo:hi``            any value from lo to hi (designs that draw samples); ``path=lo:hi:log`` too
``path``                  any value of the parameter's plausible range (designs that draw samples)
========================  ==========================================================================

Parameters that are whole numbers stay whole: samples are drawn from lo, lo + 1, ..., hi with equal probability.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from race_sim.errors import InputError, one_line, unknown

Real = NDArray[np.float64]
FORMS = "path=lo:hi:n, path=lo:hi:n:log or path=a,b,c"


@dataclass(frozen=True)
class Known:
    """What may stand at a path: a number within bounds (whole or not), or one of several names.

    Attributes
    ----------
    at_least, at_most : float
        Bounds, both included.
    whole : bool
        Whether only whole numbers may stand there.
    plausible : tuple of float, or None
        Ends of the plausible range, which an axis without values of its own takes.
    names : tuple of str
        The names that may stand there; empty where a number must.
    """

    at_least: float = -math.inf
    at_most: float = math.inf
    whole: bool = False
    plausible: tuple[float, float] | None = None
    names: tuple[str, ...] = ()


Space = Mapping[str, Known]


@dataclass(frozen=True)
class Axis:
    """A path and its values: a list, or a range with or without a number of steps.

    Refused with an `InputError` are values that are given twice, ranges whose ends are not in order, fewer than two
    steps, and a logarithmic range that does not start above 0.

    Attributes
    ----------
    path : str
        What varies, such as ``prize.enmity`` or ``nations.us.policy``.
    values : tuple of float or str
        The list; empty for a range, and for an axis that takes what is plausible.
    ends : tuple of float, or None
        Ends of the range, both included.
    count : int or None
        Number of levels; None for a range that only samples can be drawn from.
    logarithmic : bool
        Whether levels are equally spaced, or samples uniform, in the logarithm.
    """

    path: str
    values: tuple[float | str, ...] = ()
    ends: tuple[float, float] | None = None
    count: int | None = None
    logarithmic: bool = False

    def __post_init__(self) -> None:
        if self.ends is None:
            if len(set(self.values)) != len(self.values):
                raise InputError(f"{self.path}: each value once, got {one_line(','.join(map(str, self.values)))}")
            return
        low, high = self.ends
        if not low < high:
            raise InputError(f"{self.path}: lo must be below hi, got {low:g}:{high:g}")
        if self.count is not None and self.count < 2:
            raise InputError(f"{self.path}: n must be a whole number, at least 2, got {self.count}")
        if self.logarithmic and low <= 0.0:
            raise InputError(f"{self.path}: lo must be above 0 on a logarithmic axis, got {low:g}")

    @classmethod
    def parse(cls, text: str) -> "Axis":
        """Read an axis from its text, in one of the forms at the top of this module.

        Parameters
        ----------
        text : str
            Such as ``prize.enmity=0:1:5``.

        Returns
        -------
        Axis
            Not yet checked against a space.

        Raises
        ------
        InputError
            For text that has none of the forms.

        Examples
        --------
        >>> Axis.parse("lab.catastrophe_stake=1:100:3:log").levels(Known()).round(9).tolist()
        [1.0, 10.0, 100.0]
        """
        path, equals, right = (part.strip() for part in text.partition("="))
        if not path or (equals and not right):
            raise InputError(f"axis: must be {FORMS}, got {text!r}")
        if not equals:
            return cls(path)
        if ":" in right:
            return cls._parse_range(path, right)
        return cls.of(path, [_value(item.strip()) for item in right.split(",")])

    @classmethod
    def of(cls, path: str, values: Any) -> "Axis":
        """Make an axis from values in Python.

        Parameters
        ----------
        path : str
            What varies.
        values : sequence, float or str
            A sequence of numbers or names, one of them, or text such as ``"0:1:5"``.

        Returns
        -------
        Axis
            Not yet checked against a space.

        Raises
        ------
        InputError
            For no value, and for one that is neither a finite number nor a name.

        Examples
        --------
        >>> print(Axis.of("prize.enmity", [0, 0.5]))
        prize.enmity=0,0.5
        """
        if isinstance(values, str):
            return cls.parse(f"{path}={values}")
        items = np.atleast_1d(np.asarray(values, dtype=object)).tolist()
        if not items:
            raise InputError(f"{path}: at least one value is needed, got none")
        return cls(path, tuple(_checked(path, item) for item in items))

    @classmethod
    def _parse_range(cls, path: str, right: str) -> "Axis":
        parts = [part.strip() for part in right.split(":")]
        logarithmic = parts[-1] == "log"
        numbers = parts[:-1] if logarithmic else parts
        try:
            low, high = float(numbers[0]), float(numbers[1])
            count = int(numbers[2]) if len(numbers) == 3 else None
            if len(numbers) > 3 or not (math.isfinite(low) and math.isfinite(high)):
                raise ValueError
        except (ValueError, IndexError):
            raise InputError(f"{path}: must be {FORMS}, got {right!r}") from None
        return cls(path, (), (low, high), count, logarithmic)

    def __str__(self) -> str:
        if self.ends is None:
            return f"{self.path}={','.join(map(_text, self.values))}" if self.values else self.path
        steps = "" if self.count is None else f":{self.count}"
        return f"{self.path}={_text(self.ends[0])}:{_text(self.ends[1])}{steps}{':log' if self.logarithmic else ''}"

    @property
    def size(self) -> int:
        """Number of levels.

        Raises
        ------
        InputError
            For an axis that has no levels: a range without a number of steps.
        """
        if self.ends is None and self.values:
            return len(self.values)
        if self.count is None:
            raise InputError(f"{self.path}: a grid needs {FORMS}, got {str(self)!r}")
        return self.count

    def checked(self, space: Space) -> "Axis":
        """Check the axis against a space, and fill in the range or the names that it leaves to it.

        Parameters
        ----------
        space : mapping of str to Known
            What may stand at each path.

        Returns
        -------
        Axis
            The axis itself where it has values of its own; otherwise one over all names, or over the plausible range.

        Raises
        ------
        InputError
            For a path that the space does not have, a value that may not stand there, or no plausible range to fill in.
        """
        if self.path not in space:
            raise InputError(unknown("parameter", self.path, space))
        known = space[self.path]
        if self.ends is None and not self.values:
            if known.names:
                return Axis(self.path, known.names)
            if known.plausible is None or known.plausible[0] == known.plausible[1]:
                raise InputError(f"{self.path}: has no plausible range of its own, give one: {self.path}=lo:hi")
            return Axis(self.path, (), known.plausible)
        check_values(self.path, self.ends or self.values, known)
        if self.count is not None:
            check_values(self.path, self.levels(known).tolist(), known)
        return self

    def levels(self, known: Known) -> NDArray[Any]:
        """Compute the values of a grid along this axis.

        Parameters
        ----------
        known : Known
            What may stand at the path.

        Returns
        -------
        array (n,)
            Floats, or objects where they are names; the ends of a range are exact.
        """
        if self.ends is None:
            return np.array(self.values, dtype=object if known.names else float)
        low, high = self.ends
        if self.logarithmic:
            inner = np.exp(np.linspace(math.log(low), math.log(high), self.size))
            return np.concatenate([[low], inner[1:-1], [high]])
        return np.linspace(low, high, self.size)

    def at(self, uniform: Real, known: Known) -> NDArray[Any]:
        """Quantile function of the axis: uniform over its range, or over its list with equal probabilities.

        With ends lo and hi, a value is ``lo + u (hi - lo)``, or ``lo (hi / lo)^u`` on a logarithmic axis. For whole
        numbers hi + 1 stands for hi, and values are rounded down: lo, ..., hi are equally probable on an axis that is
        not logarithmic.

        Parameters
        ----------
        uniform : array (n,)
            Quantiles u in [0, 1).
        known : Known
            What may stand at the path.

        Returns
        -------
        array (n,)
            Floats, or objects where they are names.
        """
        if self.ends is None or self.count is not None:
            levels = self.levels(known)
            drawn: NDArray[Any] = levels[np.minimum((uniform * len(levels)).astype(int), len(levels) - 1)]
            return drawn
        low, high = self.ends
        top = high + 1.0 if known.whole else high
        values = low * (top / low) ** uniform if self.logarithmic else low + (top - low) * uniform
        values = np.floor(values) if known.whole else values
        clipped: NDArray[Any] = np.minimum(np.maximum(values, low), high)
        return clipped


def check_values(path: str, values: Any, known: Known) -> None:
    """Check that every value may stand at a path.

    Parameters
    ----------
    path : str
        Named in the error.
    values : iterable of float or str
        The values.
    known : Known
        What may stand at the path.

    Raises
    ------
    InputError
        For the first value that may not stand there.
    """
    if known.names:
        for value in values:
            if value not in known.names:
                raise InputError(f"{path}: {unknown('name', value, known.names)}")
        return
    if isinstance(values, np.ndarray) and values.dtype.kind == "f":  # at once: a design may have millions
        good = (values >= known.at_least) & (values <= known.at_most) & (not known.whole or values == np.floor(values))
        values = values[~good][:1]
    for value in values:
        if isinstance(value, str):
            raise InputError(f"{path}: must be a number, got {one_line(value)}")
        if not known.at_least <= value <= known.at_most:
            raise InputError(f"{path}: must lie in [{known.at_least:g}, {known.at_most:g}], got {value:g}")
        if known.whole and value != int(value):
            raise InputError(f"{path}: must be a whole number, got {value:g}")


def _value(text: str) -> float | str:
    try:
        return float(text)
    except ValueError:
        return text


def _checked(path: str, value: Any) -> float | str:
    if isinstance(value, str) and value:
        return value
    if isinstance(value, bool) or not isinstance(value, int | float | np.number) or not math.isfinite(value):
        raise InputError(f"{path}: must be finite numbers or names, got {one_line(value)}")
    return float(value)


def _text(value: float | str) -> str:
    return value if isinstance(value, str) else repr(value).removesuffix(".0")
