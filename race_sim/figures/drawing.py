"""Results drawn again from the tables that they consist of, and figures kept as files."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from textwrap import wrap
from typing import Any

from matplotlib.figure import Figure
from matplotlib.transforms import Bbox

from race_sim.errors import InputError
from race_sim.figures.kinds import Kind
from race_sim.figures.result_folders import Result, opened
from race_sim.plots import house_style

COUNTS = ("runs", "draws", "samples", "points")  # what a result may have been computed from
CHARACTERS = 15  # of a title, per inch
FOOT = 0.14  # inches, which a caption takes
CAPTION = "caption"
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
        figure = kind.draw(tables, result.provenance)
        what = kind.question if kind.finding is None else kind.finding(tables, result.provenance)
        head(figure, what, caption(result.provenance))
    return figure


def caption(provenance: Mapping[str, Any]) -> str:
    """Say in one line what a result rests on.

    Parameters
    ----------
    provenance : mapping
        How it was computed.

    Returns
    -------
    str
        Scenario, number of runs, draws or samples, seed, estimator and experiment, as far as they are known.

    Examples
    --------
    >>> caption({"scenario": "duopoly", "runs": 50, "seed": 1, "experiment": "whose_race"})
    'duopoly; 50 runs; seed 1; whose_race'
    """
    parts = [str(provenance["scenario"])] if isinstance(provenance.get("scenario"), str) else []
    parts += [f"{provenance[name]:,} {name}" for name in COUNTS if isinstance(provenance.get(name), int)]
    parts += [f"seed {provenance['seed']}"] if "seed" in provenance else []
    parts += [str(provenance[name]) for name in ("estimator", "experiment") if name in provenance]
    return "; ".join(parts)


def head(figure: Figure, title: str, below: str) -> None:
    """Give a figure its title, above whatever it says there itself, and its caption.

    Parameters
    ----------
    figure : Figure
        Changed.
    title : str
        What it shows; broken into lines by the figure's width.
    below : str
        The caption, at the foot; empty for none.
    """
    wide = int(CHARACTERS * figure.get_figwidth())
    own = figure.get_suptitle()
    figure.suptitle("\n".join([*wrap(title, wide), *([own] if own else [])]), fontsize=9, x=0.01, ha="left")
    if below:  # beneath the figure proper, so that no layout has to make room
        foot = -FOOT / figure.get_figheight()
        figure.text(0.99, foot, below, fontsize=6, ha="right", va="bottom", color="0.4", gid=CAPTION)


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
            width, height = figure.get_size_inches()
            foot = FOOT if any(text.get_gid() == CAPTION for text in figure.texts) else 0.0
            whole = Bbox([[0.0, -foot], [width, height]])
            figure.savefig(partial, dpi=dots_per_inch, metadata=METADATA[path.suffix], bbox_inches=whole)
        partial.replace(path)
    except OSError as error:
        raise InputError(f"--out: {str(path)!r} cannot be written: {error.strerror}") from None
    finally:
        if partial.exists():
            partial.unlink()
    return path
