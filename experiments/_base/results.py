"""Where experiments leave their results: ``results/<experiment>/`` with tables, findings, provenance and figures."""

import argparse
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pandas as pd
from matplotlib.figure import Figure

from race_sim.figures.drawing import drawn, save
from race_sim.figures.result_folders import opened
from race_sim.sweeps.engine.files import write_synced

RESULTS = Path(__file__).parents[2] / "results"


@dataclass(frozen=True)
class ExperimentResult:
    """An experiment's tables and other texts by file name, findings in words, and what it takes to compute them again.

    figures: (name, figure) of those that are not drawn from the tables.
    """

    tables: Mapping[str, pd.DataFrame]
    provenance: Mapping[str, Any]
    words: Sequence[str] = ()
    texts: Mapping[str, str] = field(default_factory=dict)
    figures: Iterable[tuple[str, Figure]] = ()


def publish(
    experiment: str,
    description: str | None,
    compute: Callable[[argparse.Namespace], ExperimentResult],
    arguments: list[str] | None = None,
    options: Mapping[str, str] | None = None,
) -> Path:
    """Run an experiment from its command line, write its results, and print the findings.

    compute: called with the parsed options, ``quick`` among them. options: further ones, by their help. The figures,
    if it declares some, are drawn from the tables as they were written, as ``race-sim plot`` draws them. Returns the
    folder.
    """
    parser = argparse.ArgumentParser(description=description, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="a small grid and few runs, to see that it works")
    parser.add_argument("--into", help="write here instead of results/")
    for name, sentence in (options or {}).items():
        parser.add_argument(name, help=sentence)
    chosen = parser.parse_args(arguments)
    result = compute(chosen)
    out = (RESULTS if chosen.into is None else Path(chosen.into)) / experiment
    out.mkdir(parents=True, exist_ok=True)
    for name, table in result.tables.items():
        write_table(out / name, table)
    words = {"findings.txt": "".join(f"{line}\n" for line in result.words)} if result.words else {}
    for name, text in {**result.texts, **words}.items():
        write_text(out / name, text)
    rows = {name: len(table) for name, table in result.tables.items()}
    write_provenance(out / "provenance.json", {"experiment": experiment, **result.provenance, "rows": rows})
    print(*result.words, sep="\n")
    for path in [*draw_all(out), *(save(figure, out / f"{name}.png") for name, figure in result.figures)]:
        print(path)
    return out


def draw_all(folder: Path) -> list[Path]:
    """Every figure of an experiment's results, drawn from its tables into its folder; returns the files."""
    result = opened(folder)
    return [save(drawn(result, kind), folder / f"{kind.name}.png") for kind in result.kinds]


def write_table(path: Path, table: pd.DataFrame) -> Path:
    """A table as CSV, to six significant digits."""
    write_synced(path, table.to_csv(index=False, float_format="%.6g").encode())
    return path


def write_provenance(path: Path, provenance: Mapping[str, Any]) -> Path:
    """What it takes to compute the result again, as JSON."""
    write_synced(path, (json.dumps(provenance, indent=1) + "\n").encode())
    return path


def write_text(path: Path, text: str) -> Path:
    """A text file."""
    write_synced(path, text.encode())
    return path


def verdict(number: int, holds: bool, detail: str) -> str:
    """One line on one part of a prediction: whether it came out, and by which numbers."""
    return f"({number}) {'holds' if holds else 'does not hold'}: {detail}"
