"""Do the published models of the AI race give here what their papers report?

Question: which numbers and statements of the catalogued papers come out of an independent implementation of their
equations? Design: every check of every game, and each paper's main figure drawn from our numbers. Prediction: numbers
come out to the digits printed, except where a paper's text and its figures use different conventions.
"""

import argparse
from collections.abc import Iterator
from types import ModuleType

import pandas as pd
from matplotlib.figure import Figure

from experiments._base.results import ExperimentResult, publish
from experiments.published_models import continuous, evolutionary
from race_sim import reproduce
from race_sim.games._base.catalogue import catalogue
from race_sim.plots import house_style
from race_sim.runs.provenance import versions

FIGURES: tuple[ModuleType, ...] = (continuous, evolutionary)
POINTS, QUICK_POINTS = 121, 13


def drawn(points: int) -> Iterator[tuple[str, Figure]]:
    """Each paper's main figure, solved at that many points of a curve; by citation key."""
    for key in catalogue():
        for module in FIGURES:
            draw = getattr(module, key, None)
            if draw is not None:
                with house_style():
                    yield key, draw(points)


def findings(table: pd.DataFrame) -> list[str]:
    """How many checks came out, and why the others did not."""
    counts = table.groupby(["source", "status"]).size()
    lines = [f"{len(table)} checks of {table['game'].nunique()} games:"]
    lines += [f"- {source}, {status}: {count}" for (source, status), count in counts.items()]
    for _, row in table[table["status"] == "differs"].iterrows():
        lines.append(
            f"- {row['game']}, {row['result']}: {row['published']} published, {row['ours']} here. {row['reason']}"
        )
    return lines


def compute(options: argparse.Namespace) -> ExperimentResult:
    """Carry out every check, and draw every figure."""
    points = QUICK_POINTS if options.quick else POINTS
    table = reproduce()
    origin = {
        **versions("pydantic"),
        "points": points,
        "games": {key: game.citation.bibtex() for key, game in catalogue().items()},
    }
    return ExperimentResult({"reproduction.csv": table}, origin, findings(table), figures=drawn(points))


def main(arguments: list[str] | None = None) -> None:
    """Run it, and write and print its results."""
    publish("published_models", __doc__, compute, arguments)


if __name__ == "__main__":
    main()
