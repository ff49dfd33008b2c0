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
    """Draw a figure of the result in a folder: of an experiment, a sweep or a sensitivity analysis.

    Nothing is simulated: tables in, a figure out.

    Parameters
    ----------
    folder : str or Path
        Where the result was left.
    kind : str, optional
        Which of its figures; by default the main one.
    outcomes : sequence of str
        Of a sweep or of sensitivity indices, those to draw; by default the main ones.

    Returns
    -------
    Figure
        The figure, on no canvas of pyplot's.

    Raises
    ------
    InputError
        For a folder that holds no result or a damaged one, an experiment that is not at hand or draws nothing, and an
        unknown name.
    """
    result = opened(folder, outcomes)
    return drawn(result, result.kind(kind))


def drawn(result: Result, kind: Kind) -> Figure:
    """Draw one figure of a result that was opened, in the house style.

    Parameters
    ----------
    result : Result
        As ``opened`` gives it.
    kind : Kind
        One of its kinds.

    Returns
    -------
    Figure
        The figure, on no canvas of pyplot's.

    Raises
    ------
    InputError
        For a table that is missing or damaged.
    """
    tables = result.read(kind)
    with house_style():
        return kind.draw(tables, result.provenance)


def checked_suffix(path: Path) -> Path:
    """Check that a path ends in a format that figures are kept in.

    Parameters
    ----------
    path : Path
        Where a figure is to be kept.

    Returns
    -------
    Path
        The path.

    Raises
    ------
    InputError
        Unless it ends in .png, .svg or .pdf.
    """
    if path.suffix not in METADATA:
        raise InputError(f"--out: must end in {', '.join(METADATA)}, got {str(path)!r}")
    return path


def save(figure: Figure, path: Path, dots_per_inch: int = 150) -> Path:
    """Keep a figure in the format of the path's suffix, as a whole or not at all.

    The same figure gives the same bytes: no date is written.

    Parameters
    ----------
    figure : Figure
        What is kept.
    path : Path
        Where: .png, .svg or .pdf; its folder is made.
    dots_per_inch : int
        Resolution of a .png.

    Returns
    -------
    Path
        The path.

    Raises
    ------
    InputError
        If it has another suffix or cannot be written.
    """
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
