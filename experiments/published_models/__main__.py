"""Do the published models of the AI race give here what their papers report?

Question: which numbers and statements of the catalogued papers come out of an independent implementation of their
equations? Design: every check of every game, and each paper's main figure drawn from our numbers. Prediction: numbers
come out to the digits printed, except where a paper's text and its figures use different conventions.
"""

import argparse
import platform
from importlib.metadata import version
from types import ModuleType

import race_sim
from experiments.published_models import continuous, evolutionary
from experiments.results import folder, write_figure, write_provenance, write_table, write_text
from race_sim import reproduce
from race_sim.catalogue import catalogue
from race_sim.plots import house_style

FIGURES: tuple[ModuleType, ...] = (continuous, evolutionary)
POINTS, QUICK_POINTS = 121, 13


def main(arguments: list[str] | None = None) -> None:
    """Carry out every check, draw every figure, and say what came out."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="coarse figures, in seconds")
    parser.add_argument("--into", help="write here instead of results/")
    parser.add_argument("--only", nargs="*", help="draw the figures of these games only")
    options = parser.parse_args(arguments)
    out = folder("published_models", options.into)
    points = QUICK_POINTS if options.quick else POINTS
    games = catalogue()
    for key in options.only or games:
        for module in FIGURES:
            draw = getattr(module, key, None)
            if draw is not None:
                with house_style():
                    print(write_figure(out / f"{key}.png", draw(points)), flush=True)
    if options.only:
        return
    table = reproduce()
    write_table(out / "reproduction.csv", table)
    counts = table.groupby(["source", "status"]).size()
    words = [f"{len(table)} checks of {len(games)} games:"]
    words += [f"- {source}, {status}: {count}" for (source, status), count in counts.items()]
    for _, row in table[table["status"] == "differs"].iterrows():
        words.append(
            f"- {row['game']}, {row['result']}: {row['published']} published, {row['ours']} here. {row['reason']}"
        )
    write_text(out / "findings.txt", "\n".join(words) + "\n")
    write_provenance(out / "provenance.json", {
        "race_sim": race_sim.__version__,
        "python": platform.python_version(),
        **{name: version(name) for name in ("numpy", "scipy", "numba", "pydantic")},
        "points": points,
        "games": {key: game.citation.bibtex() for key, game in games.items()},
    })  # fmt: skip
    print("\n".join(words))


if __name__ == "__main__":
    main()
