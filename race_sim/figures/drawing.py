"""Results drawn again from the tables that they consist of, and figures kept as files."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from matplotlib.figure import Figure

from race_sim.errors import InputError
from race_sim.figures.kinds import Kind
from race_sim.figures.result_folders import Result, opened
from race_sim.plots import house_style

METADATA: dict[str, dict[str, Any]] = {".png": {}, ".svg": {"Date": None}, ".pdf": {"CreationDate": None}}


def draw(folder: str | Path, kind: str | None = None, outcomes: Sequence[str] = ()) -> Figure:
    """A figure of the result in a folder: of an experiment, a sweep or a sensitivity analysis.

    kind: which figure, None for the main one. outcomes: of a sweep or of sensitivity indices, those to draw. Nothing
    is simulated. Raises InputError for a folder that holds no result or a damaged one, and for an unknown name.
    """
    result = opened(folder, outcomes)
    return drawn(result, result.kind(kind))


def drawn(result: Result, kind: Kind) -> Figure:
    """One figure of a result that was opened."""
    tables = result.read(kind)
    with house_style():
        return kind.draw(tables, result.provenance)


def checked_suffix(path: Path) -> Path:
    """InputError unless the path ends in a format that figures are kept in."""
    if path.suffix not in METADATA:
        raise InputError(f"--out: must end in {', '.join(METADATA)}, got {str(path)!r}")
    return path


def save(figure: Figure, path: Path, dots_per_inch: int = 150) -> Path:
    """Keep a figure in the format of the path's suffix, as a whole or not at all; InputError if it cannot be."""
    checked_suffix(path)
    partial = path.with_name(f".{path.stem}.partial{path.suffix}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with house_style():
            figure.savefig(partial, dpi=dots_per_inch, metadata=METADATA[path.suffix])
        partial.replace(path)
    except OSError as error:
        raise InputError(f"--out: {str(path)!r} cannot be written: {error.strerror}") from None
    finally:
        if partial.exists():
            partial.unlink()
    return path
