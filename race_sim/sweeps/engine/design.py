"""Which points a sweep visits: a grid, a Latin hypercube, a Sobol design, or a table of one's own."""

import hashlib
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from race_sim.errors import InputError, checked_count, checked_seed, one_line, unknown
from race_sim.sweeps.engine.axes import Axis, Space, check_values
from race_sim.sweeps.engine.design_tables import read_csv, read_frame

if TYPE_CHECKING:
    import pandas as pd

LIMIT = 2**22  # points of one design: beyond about four million, split the question over several sweeps
STREAMS = ("common", "own")
KINDS = ("grid", "latin_hypercube", "sobol", "table")


@dataclass(frozen=True, eq=False)
class Points:
    """A design laid out.

    Attributes
    ----------
    columns : mapping of str to array (points,)
        The value at every point, by path; the last axis of a grid varies fastest.
    levels : mapping of str to array (n,), or None
        Levels of each axis of a grid; None for any other design.
    """

    columns: dict[str, NDArray[Any]]
    levels: dict[str, NDArray[Any]] | None

    def __len__(self) -> int:
        return len(next(iter(self.columns.values())))

    def digest(self) -> str:
        """Fingerprint of paths and values.

        Returns
        -------
        str
            SHA-256 in hexadecimal.
        """
        sha = hashlib.sha256()
        for path, column in self.columns.items():
            sha.update(path.encode() + b"\0")
            names = column.dtype == object
            sha.update("\0".join(column).encode() if names else np.ascontiguousarray(column).tobytes())
        return sha.hexdigest()


@dataclass(frozen=True, eq=False)
class Design:
    """A set of points in the space of a scenario's parameters, and how streams of random numbers are used at them.

    Made by ``grid``, ``latin_hypercube``, ``sobol`` and ``table``. Refused with an `InputError` are a design that
    varies nothing or one path twice, one of more than 2^22 points, and an unknown use of streams.

    Attributes
    ----------
    kind : {'grid', 'latin_hypercube', 'sobol', 'table'}
        How points are laid out.
    axes : tuple of Axis
        What varies; empty for a table.
    samples : int or None
        Number of points of a Latin hypercube or a Sobol design.
    seed : int
        Seed of the sample.
    streams : {'common', 'own'}
        ``common`` takes the same streams at every point, so that differences between points are paired (contrasts
        between policies, sensitivity indices); ``own`` gives each point streams of its own, for averages over a box.
    columns : mapping of str to array (points,)
        Values of a table, by path.
    """

    kind: str
    axes: tuple[Axis, ...] = ()
    samples: int | None = None
    seed: int = 0
    streams: str = "common"
    columns: dict[str, NDArray[Any]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if self.streams not in STREAMS:
            raise InputError(f"streams: {unknown('use of streams', self.streams, STREAMS)}")
        if not self.axes and not self.columns:
            raise InputError("design: at least one parameter to vary is needed, got none")
        paths = [axis.path for axis in self.axes]
        for path in paths:
            if paths.count(path) > 1:
                raise InputError(f"{path}: must be varied once, got {paths.count(path)} axes")
        if len(self) > LIMIT:
            raise InputError(f"design: must have at most {LIMIT:,} points, got {len(self):,}")

    def __len__(self) -> int:
        if self.kind == "grid":
            size = 1
            for axis in self.axes:
                size *= axis.size
            return min(size, sys.maxsize)  # more than that len() cannot give
        return self.samples or len(next(iter(self.columns.values())))

    def points(self, space: Space) -> Points:
        """Lay the design out, every name and value checked against a space.

        Parameters
        ----------
        space : mapping of str to Known
            What may stand at each path.

        Returns
        -------
        Points
            Values at every point, by path.

        Raises
        ------
        InputError
            For the first path or value that does not fit.
        """
        if self.kind == "table":
            for path, column in self.columns.items():
                if path not in space:
                    raise InputError(unknown("parameter", path, space))
                check_values(path, column.tolist(), space[path])
            return Points(dict(self.columns), None)
        axes = [axis.checked(space) for axis in self.axes]
        if self.kind == "grid":
            levels = {axis.path: axis.levels(space[axis.path]) for axis in axes}
            mesh = np.meshgrid(*levels.values(), indexing="ij")
            return Points({path: values.ravel() for path, values in zip(levels, mesh, strict=True)}, levels)
        unit = self.uniforms(len(axes))
        return Points({a.path: a.at(unit[:, n], space[a.path]) for n, a in enumerate(axes)}, None)

    def uniforms(self, dimensions: int) -> NDArray[np.float64]:
        """Draw the sample in the unit cube.

        Parameters
        ----------
        dimensions : int
            Dimensions of the cube.

        Returns
        -------
        array (samples, dimensions)
            A scrambled Sobol sample or a Latin hypercube, in [0, 1).
        """
        from scipy.stats import qmc

        engine = qmc.Sobol if self.kind == "sobol" else qmc.LatinHypercube
        unit: NDArray[np.float64] = engine(dimensions, rng=self.seed).random(self.samples)
        return np.minimum(unit, 1.0 - 2.0**-53)

    def describe(self) -> dict[str, Any]:
        """Say in plain values which design this is.

        Returns
        -------
        mapping of str to Any
            Kind, axes as text, points and streams; samples and seed where the design draws a sample.
        """
        description: dict[str, Any] = {
            "kind": self.kind,
            "axes": [str(axis) for axis in self.axes] or list(self.columns),
        }
        if self.samples is not None:
            description |= {"samples": self.samples, "seed": self.seed}
        return description | {"points": len(self), "streams": self.streams}


def grid(*axes: str | Axis, streams: str = "common") -> Design:
    """Every combination of the levels of its axes; the last axis varies fastest.

    Parameters
    ----------
    *axes : str or Axis
        Such as ``prize.enmity=0:1:5`` or ``nations.us.policy=race,treaty``; each must have levels.
    streams : {'common', 'own'}
        Use of streams at the points; see ``Design``.

    Returns
    -------
    Design
        With as many points as the product of the axes' levels.

    Examples
    --------
    >>> len(grid("prize.enmity=0:1:5", "nations.us.policy=race,treaty"))
    10
    """
    return Design("grid", _axes(axes), streams=streams)


def latin_hypercube(samples: int, *axes: str | Axis, seed: int = 0, streams: str = "common") -> Design:
    """Latin hypercube [1]_: along every axis each of ``samples`` equal slices holds one point.

    Parameters
    ----------
    samples : int
        Number of points.
    *axes : str or Axis
        Ranges such as ``prize.enmity=0:1``, lists, or paths alone for their plausible range.
    seed : int
        Seed of the sample.
    streams : {'common', 'own'}
        Use of streams at the points; see ``Design``.

    Returns
    -------
    Design
        With ``samples`` points.

    References
    ----------
    .. [1] McKay, M. D., Beckman, R. J., and Conover, W. J. (1979). A comparison of three methods for selecting values
       of input variables in the analysis of output from a computer code. Technometrics 21(2):239-245.
       doi:10.2307/1268522

    Examples
    --------
    >>> len(latin_hypercube(100, "prize.enmity=0:1", "prize.prize=1:500:log"))
    100
    """
    return Design("latin_hypercube", _axes(axes), checked_count("samples", samples), checked_seed(seed), streams)


def sobol(samples: int, *axes: str | Axis, seed: int = 0, streams: str = "common") -> Design:
    """Scrambled Sobol design [1]_, which fills the box more evenly than random points do.

    Parameters
    ----------
    samples : int
        Number of points, a power of 2, on which the design's balance rests.
    *axes : str or Axis
        Ranges such as ``prize.enmity=0:1``, lists, or paths alone for their plausible range.
    seed : int
        Seed of the scrambling.
    streams : {'common', 'own'}
        Use of streams at the points; see ``Design``.

    Returns
    -------
    Design
        With ``samples`` points.

    Raises
    ------
    InputError
        Where ``samples`` is no power of 2.

    References
    ----------
    .. [1] Owen, A. B. (1998). Scrambling Sobol' and Niederreiter-Xing points. Journal of Complexity 14(4):466-489.
       doi:10.1006/jcom.1998.0487

    Examples
    --------
    >>> len(sobol(128, "prize.enmity", "lab.rule=fixed,best_response"))
    128
    """
    if checked_count("samples", samples) & (samples - 1):
        below = 2 ** (int(samples).bit_length() - 1)
        raise InputError(f"sobol: must be a power of 2 ({below} or {2 * below}), got {samples}")
    return Design("sobol", _axes(axes), int(samples), checked_seed(seed), streams)


def table(source: "str | Path | pd.DataFrame | Mapping[str, Any]", *, streams: str = "common") -> Design:
    """Take the rows of a table as points.

    Parameters
    ----------
    source : DataFrame, mapping of str to sequence, str or Path
        A DataFrame, columns in Python, or a CSV file. Column names are paths; columns hold numbers, or names of
        policies and rules.
    streams : {'common', 'own'}
        Use of streams at the points; see ``Design``.

    Returns
    -------
    Design
        With one point per row.

    Raises
    ------
    InputError
        For what cannot be read as a table, has no row or no column, or holds a cell that is neither a finite number nor
        a name; says in which line and what is to be changed.

    Examples
    --------
    >>> len(table({"prize.enmity": [0.0, 1.0], "nations.us.policy": ["race", "treaty"]}))
    2
    """
    if isinstance(source, str | Path):
        return Design("table", columns=read_csv(source), streams=streams)
    import pandas as pd

    try:
        frame = pd.DataFrame(source)
    except (ValueError, TypeError) as error:
        raise InputError(f"table: must be a table: {one_line(str(error))}") from None
    return Design("table", columns=read_frame(frame), streams=streams)


def design_of(source: Any) -> Design:
    """Make a design of what stands for one.

    Parameters
    ----------
    source : Design, mapping, DataFrame, str or Path
        A design itself, a mapping of paths to values (a grid), a DataFrame or a CSV file (a table).

    Returns
    -------
    Design
        With common streams, unless ``source`` is a design and has others.

    Raises
    ------
    InputError
        For anything else.
    """
    if isinstance(source, Design):
        return source
    if isinstance(source, Mapping):
        return Design("grid", tuple(Axis.of(str(path), values) for path, values in source.items()))
    if isinstance(source, str | Path) or hasattr(source, "columns"):
        return table(source)
    raise InputError(f"design: must be a Design, a mapping, a DataFrame or a CSV file, got {one_line(source)}")


def _axes(axes: tuple[str | Axis, ...]) -> tuple[Axis, ...]:
    return tuple(axis if isinstance(axis, Axis) else Axis.parse(axis) for axis in axes)
