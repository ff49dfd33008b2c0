"""Which points a sweep visits: a grid, a Latin hypercube, a Sobol design, or a table of one's own."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from race_sim.errors import InputError, checked_count, checked_seed, one_line, unknown
from race_sim.sweeps.engine.axes import Axis, Space, check_values

if TYPE_CHECKING:
    import pandas as pd

LIMIT = 2**22  # points of one design: beyond about four million, split the question over several sweeps
STREAMS = ("common", "own")
KINDS = ("grid", "latin_hypercube", "sobol", "table")


@dataclass(frozen=True, eq=False)
class Points:
    """A design laid out: ``columns[path]`` holds the value at every point; a grid also has its levels per axis."""

    columns: dict[str, NDArray[Any]]
    levels: dict[str, NDArray[Any]] | None

    def __len__(self) -> int:
        return len(next(iter(self.columns.values())))

    def digest(self) -> str:
        """SHA-256 of paths and values."""
        result = hashlib.sha256()
        for path, column in self.columns.items():
            result.update(path.encode() + b"\0")
            names = column.dtype == object
            result.update("\0".join(column).encode() if names else np.ascontiguousarray(column).tobytes())
        return result.hexdigest()


@dataclass(frozen=True, eq=False)
class Design:
    """A set of points in the space of a scenario's parameters, and how replicate streams are used at them.

    streams: ``common`` takes the same streams at every point, so that differences between points are paired (contrasts
    between policies, sensitivity indices); ``own`` gives each point streams of its own, for averages over a box.
    Made by ``grid``, ``latin_hypercube``, ``sobol`` and ``table``.
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
            return size
        return self.samples or len(next(iter(self.columns.values())))

    def points(self, space: Space) -> Points:
        """Every point, its names and values checked against what the space knows; InputError for the first misfit."""
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
        """The sample in the unit cube, (samples, dimensions)."""
        from scipy.stats import qmc

        engine = qmc.Sobol if self.kind == "sobol" else qmc.LatinHypercube
        unit: NDArray[np.float64] = engine(dimensions, rng=self.seed).random(self.samples)
        return np.minimum(unit, 1.0 - 2.0**-53)

    def describe(self) -> dict[str, Any]:
        """Plain values that say which design this is."""
        text: dict[str, Any] = {"kind": self.kind, "axes": [str(axis) for axis in self.axes] or list(self.columns)}
        if self.samples is not None:
            text |= {"samples": self.samples, "seed": self.seed}
        return text | {"points": len(self), "streams": self.streams}


def grid(*axes: str | Axis, streams: str = "common") -> Design:
    """Every combination of the levels of its axes; the last axis varies fastest.

    >>> len(grid("prize.enmity=0:1:5", "nations.us.policy=race,treaty"))
    10
    """
    return Design("grid", _axes(axes), streams=streams)


def latin_hypercube(samples: int, *axes: str | Axis, seed: int = 0, streams: str = "common") -> Design:
    """A Latin hypercube (McKay, Beckman and Conover 1979) of ``samples`` points.

    >>> len(latin_hypercube(100, "prize.enmity=0:1", "prize.prize=1:500:log"))
    100
    """
    return Design("latin_hypercube", _axes(axes), checked_count("samples", samples), checked_seed(seed), streams)


def sobol(samples: int, *axes: str | Axis, seed: int = 0, streams: str = "common") -> Design:
    """A scrambled Sobol design (Owen 1998); ``samples`` must be a power of 2, on which its balance rests.

    >>> len(sobol(128, "prize.enmity", "lab.rule=fixed,best_response"))
    128
    """
    if checked_count("samples", samples) & (samples - 1):
        below = 2 ** (int(samples).bit_length() - 1)
        raise InputError(f"sobol: must be a power of 2 ({below} or {2 * below}), got {samples}")
    return Design("sobol", _axes(axes), int(samples), checked_seed(seed), streams)


def table(source: "str | Path | pd.DataFrame | Mapping[str, Any]", *, streams: str = "common") -> Design:
    """The rows of a table (a DataFrame, columns in Python, or a CSV file) as points; column names are paths.

    >>> len(table({"prize.enmity": [0.0, 1.0], "nations.us.policy": ["race", "treaty"]}))
    2
    """
    import pandas as pd

    where = "table"
    if isinstance(source, str | Path):
        where = str(source)
        try:
            source = pd.read_csv(source, skipinitialspace=True)
        except (OSError, ValueError) as error:
            reason = getattr(error, "strerror", None) or str(error).splitlines()[0]
            raise InputError(f"{where}: cannot be read as a table: {reason}") from None
    try:
        frame = pd.DataFrame(source)
    except ValueError as error:
        raise InputError(f"{where}: must be a table: {error}") from None
    if frame.empty:
        raise InputError(f"{where}: at least one row and one column are needed, got {one_line(frame.shape)}")
    return Design(
        "table", columns={str(path): _column(where, str(path), frame[path]) for path in frame}, streams=streams
    )


def design_of(source: Any) -> Design:
    """A design from what stands for one: itself, a mapping of paths to values (a grid), a DataFrame or a CSV file."""
    if isinstance(source, Design):
        return source
    if isinstance(source, Mapping):
        return Design("grid", tuple(Axis.of(str(path), values) for path, values in source.items()))
    if isinstance(source, str | Path) or hasattr(source, "columns"):
        return table(source)
    raise InputError(f"design: must be a Design, a mapping, a DataFrame or a CSV file, got {one_line(source)}")


def _axes(axes: tuple[str | Axis, ...]) -> tuple[Axis, ...]:
    return tuple(axis if isinstance(axis, Axis) else Axis.parse(axis) for axis in axes)


def _column(where: str, path: str, series: "pd.Series[Any]") -> NDArray[Any]:
    import pandas as pd

    if pd.api.types.is_numeric_dtype(series) and not pd.api.types.is_bool_dtype(series):
        values = series.to_numpy(dtype=float)
        if np.isfinite(values).all():
            return values
        row = int(np.flatnonzero(~np.isfinite(values))[0])
    else:
        names = series.to_numpy(dtype=object)
        missing = [n for n, name in enumerate(names) if not isinstance(name, str)]
        if not missing:
            return names
        row = missing[0]
    raise InputError(f"{where}: {path}: must be finite numbers or names, got {series.iloc[row]!r} in row {row + 1}")
