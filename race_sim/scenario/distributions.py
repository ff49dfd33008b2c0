"""Distributions for parameters that are drawn once per run, by inversion of one uniform."""

import math
import numbers
from typing import Annotated, Any, Literal

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, Field, PlainValidator, ValidationError, model_validator

from race_sim.errors import InputError
from race_sim.kernels import draws

Real = NDArray[np.float64]


def finite(value: Any) -> float:
    """Convert a real number of any kind (Python's, numpy's, a fraction) to a float.

    Parameters
    ----------
    value : number
        What somebody gave.

    Returns
    -------
    float
        The value.

    Raises
    ------
    ValueError
        If it is no number, not finite, or too large for a float.
    """
    if isinstance(value, bool) or not isinstance(value, numbers.Real):
        raise ValueError("must be a number")
    try:
        number = float(value)
    except OverflowError:
        number = math.inf
    if not math.isfinite(number):
        raise ValueError("must be finite")
    return number


Number = Annotated[float, PlainValidator(finite)]


class Distribution(BaseModel):
    """A parameter's distribution over runs, truncated to [low, high] and to the parameter's own bounds.

    A value is the quantile at one uniform (inversion), so that a run's draw moves smoothly with the distribution.

    Parameters
    ----------
    **fields
        The fields of the distribution, by name; ``low`` and ``high`` may be left out where the kind has none.

    Raises
    ------
    InputError
        If a field is missing, unknown or not finite, or low is not below high.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")
    distribution: str
    low: Number | None = None
    high: Number | None = None

    def __init__(self, **fields: Any) -> None:
        try:
            super().__init__(**fields)
        except ValidationError as error:
            first = error.errors()[0]
            where = ".".join(map(str, first["loc"]))
            text = first["msg"].removeprefix("Value error, ")
            raise InputError(f"{where}: {text}" if where else text) from None

    @model_validator(mode="after")
    def _ordered(self) -> "Distribution":
        if self.low is not None and self.high is not None and not self.low < self.high:
            raise ValueError(f"low must be below high, got low = {self.low:g}, high = {self.high:g}")
        return self

    def __str__(self) -> str:
        fields = self.model_dump(exclude_none=True)
        kind = fields.pop("distribution")
        return f"{kind}({', '.join(f'{name[:4]} {value:g}' for name, value in fields.items())})"

    def _cdf(self, x: float) -> float:
        raise NotImplementedError

    @property
    def _shape(self) -> tuple[int, float, float, float]:
        """Kind and numbers, as the kernel takes them."""
        raise NotImplementedError

    def mass(self, at_least: float, at_most: float) -> tuple[float, float]:
        """Probability below the two ends of the support, before truncation.

        Parameters
        ----------
        at_least, at_most : float
            Bounds of the parameter; the support lies within them and within [low, high].

        Returns
        -------
        tuple of float
            Cumulative probabilities of the untruncated distribution at the lower and at the upper end.
        """
        low = max(at_least, -math.inf if self.low is None else self.low)
        high = min(at_most, math.inf if self.high is None else self.high)
        return self._cdf(low), self._cdf(high)

    def draw(self, uniform: Real, at_least: float = -math.inf, at_most: float = math.inf) -> Real:
        """Give the quantiles of the truncated distribution at probabilities.

        Parameters
        ----------
        uniform : array (n,)
            Probabilities in [0, 1).
        at_least, at_most : float
            Bounds of the parameter, to which the distribution is truncated besides its own low and high.

        Returns
        -------
        array (n,)
            Values within the bounds.

        Examples
        --------
        >>> Uniform(low=2, high=4).draw(np.array([0.0, 0.5])).tolist()
        [2.0, 3.0]
        """
        parts = np.ascontiguousarray(uniform, dtype=float)
        value = np.empty(parts.shape)
        low = max(at_least, -math.inf if self.low is None else self.low)
        high = min(at_most, math.inf if self.high is None else self.high)
        draws.quantiles(*self._shape, float(low), float(high), parts.ravel(), value.reshape(-1))
        return value


class Uniform(Distribution):
    """Uniform on [low, high].

    Examples
    --------
    >>> Uniform(low=0, high=10).draw(np.array([0.25])).tolist()
    [2.5]
    """

    distribution: Literal["uniform"] = "uniform"
    low: Number
    high: Number

    def _cdf(self, x: float) -> float:
        return min(1.0, max(0.0, (x - self.low) / (self.high - self.low)))

    @property
    def _shape(self) -> tuple[int, float, float, float]:
        return draws.UNIFORM, self.low, self.high, 0.0


class Triangular(Distribution):
    """Triangular on [low, high] with its peak at mode.

    Examples
    --------
    >>> Triangular(low=0, mode=1, high=2).draw(np.array([0.5])).tolist()
    [1.0]
    """

    distribution: Literal["triangular"] = "triangular"
    low: Number
    mode: Number
    high: Number

    @model_validator(mode="after")
    def _peaked(self) -> "Triangular":
        if not self.low <= self.mode <= self.high:
            raise ValueError(f"mode must lie in [low, high], got {self.mode:g}")
        return self

    def _cdf(self, x: float) -> float:
        if x <= self.low:
            return 0.0
        if x >= self.high:
            return 1.0
        span = self.high - self.low
        if x < self.mode:
            return (x - self.low) ** 2 / (span * (self.mode - self.low))
        return 1.0 - (self.high - x) ** 2 / (span * (self.high - self.mode))

    @property
    def _shape(self) -> tuple[int, float, float, float]:
        return draws.TRIANGULAR, self.low, self.mode, self.high


class Normal(Distribution):
    """Normal with the given mean and standard deviation, both before truncation.

    Examples
    --------
    >>> Normal(mean=3, standard_deviation=2).draw(np.array([0.5])).tolist()
    [3.0]
    """

    distribution: Literal["normal"] = "normal"
    mean: Number
    standard_deviation: Annotated[Number, Field(gt=0)]

    def _cdf(self, x: float) -> float:
        return 0.5 * math.erfc(-(x - self.mean) / (self.standard_deviation * math.sqrt(2.0)))

    @property
    def _shape(self) -> tuple[int, float, float, float]:
        return draws.NORMAL, self.mean, self.standard_deviation, 0.0


class Lognormal(Distribution):
    """Lognormal with the given median and standard deviation of the natural logarithm, both before truncation.

    Examples
    --------
    >>> Lognormal(median=0.02, sigma=0.5).draw(np.array([0.5])).tolist()
    [0.02]
    """

    distribution: Literal["lognormal"] = "lognormal"
    median: Annotated[Number, Field(gt=0)]
    sigma: Annotated[Number, Field(gt=0, le=20)]

    def _cdf(self, x: float) -> float:
        if x <= 0.0:
            return 0.0
        if x == math.inf:
            return 1.0
        return 0.5 * math.erfc(-math.log(x / self.median) / (self.sigma * math.sqrt(2.0)))

    @property
    def _shape(self) -> tuple[int, float, float, float]:
        return draws.LOGNORMAL, self.median, self.sigma, 0.0


KINDS: dict[str, type[Distribution]] = {
    "uniform": Uniform,
    "triangular": Triangular,
    "normal": Normal,
    "lognormal": Lognormal,
}


def parse(value: Any) -> Any:
    """Make a Distribution of a table with the key ``distribution``; return anything else as it is.

    Parameters
    ----------
    value : object
        A value as it stands in a scenario file.

    Returns
    -------
    object
        The Distribution, or the value.

    Raises
    ------
    ValueError
        If the table names a kind that does not exist.
    """
    if not isinstance(value, dict):
        return value
    kind = KINDS.get(str(value.get("distribution")))
    if kind is None:
        raise ValueError(f"distribution must be one of {', '.join(KINDS)}")
    return kind(**value)
