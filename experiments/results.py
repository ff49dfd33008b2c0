"""Where experiments leave what they found: ``results/<experiment>/`` with tables, figures and provenance."""

import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pandas as pd
from matplotlib.figure import Figure

RESULTS = Path(__file__).parent.parent / "results"


def folder(experiment: str, into: str | None = None) -> Path:
    """The folder of an experiment's results, made if need be; ``into`` replaces ``results``."""
    path = (RESULTS if into is None else Path(into)) / experiment
    path.mkdir(parents=True, exist_ok=True)
    return path


def _replace(path: Path, content: bytes) -> Path:
    partial = path.with_name(path.name + ".partial")
    with partial.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    partial.replace(path)
    return path


def write_table(path: Path, table: pd.DataFrame) -> Path:
    """A table as CSV, to six significant digits."""
    return _replace(path, table.to_csv(index=False, float_format="%.6g").encode())


def write_provenance(path: Path, provenance: Mapping[str, Any]) -> Path:
    """What it takes to compute the result again, as JSON."""
    return _replace(path, (json.dumps(provenance, indent=1) + "\n").encode())


def write_text(path: Path, text: str) -> Path:
    """A text file."""
    return _replace(path, text.encode())


def write_figure(path: Path, figure: Figure) -> Path:
    """A figure, in the format of the path's suffix."""
    partial = path.with_name(path.stem + ".partial" + path.suffix)
    metadata = {"Date": None} if path.suffix == ".svg" else {}
    figure.savefig(partial, dpi=150, metadata=metadata)
    partial.replace(path)
    return path


def verdict(number: int, holds: bool, detail: str) -> str:
    """One line on one part of a prediction: whether it came out, and by which numbers."""
    return f"({number}) {'holds' if holds else 'does not hold'}: {detail}"
