"""``race-sim plot``: a figure drawn again from what a result consists of."""

import argparse
from typing import Any

from race_sim.cli.options import names

EPILOG = """
RESULT is a folder that an experiment left, or race-sim run, game, compare, least-setting, sweep or sensitivity with
--out. Nothing is simulated. Without --kind
the main figure is drawn, and the others are named. A sweep over one number is drawn as curves, over two as a map, and
any other as rows or, with many points, as clouds.

examples:
  race-sim sweep duopoly --vary prize.enmity=0:1:3 --runs 10 --out my-sweep
  race-sim plot my-sweep --outcomes welfare
  race-sim game duopoly --policies race,treaty --runs 20 --out my-game
  race-sim plot my-game --kind risks
"""


def add(commands: Any) -> None:
    """Declare the command.

    Parameters
    ----------
    commands : object
        The commands of the parser, as argparse keeps them.
    """
    parser = commands.add_parser(
        "plot",
        help="draw a figure of a result again, from its tables",
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("folder", metavar="RESULT", help="e.g. results/whose_race, or the folder of a sweep")
    parser.add_argument("--kind", metavar="KIND", help="which of its figures (default: the main one)")
    parser.add_argument("--outcomes", metavar="KEY,...", help="of a run, a sweep or sensitivity: the outcomes to draw")
    parser.add_argument("--out", metavar="FILE", help="file.png, .svg or .pdf (default: RESULT-KIND.png, here)")
    parser.set_defaults(command=run)


def run(options: argparse.Namespace) -> None:
    """Draw one figure, keep it, and print what it answers and where it is.

    Parameters
    ----------
    options : argparse.Namespace
        As they were typed.
    """
    from pathlib import Path

    from race_sim.figures.drawing import checked_suffix, drawn, save
    from race_sim.figures.result_folders import opened

    out = None if options.out is None else checked_suffix(Path(options.out))
    result = opened(options.folder, names(options.outcomes) if options.outcomes else ())
    kind = result.kind(options.kind)
    name = result.folder.resolve().name
    written = save(drawn(result, kind), Path(f"{name}-{kind.name}.png") if out is None else out)
    print(kind.question)
    if result.missing:
        print(f"the sweep is not complete: {result.missing:,} of its points are still missing")
    others = [other.name for other in result.kinds if other is not kind]
    if others:
        print(f"other kinds: {', '.join(others)}")
    print(f"written to {written}")
