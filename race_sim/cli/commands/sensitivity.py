"""``race-sim sensitivity``: which parameters outcomes depend on, over their plausible ranges."""

import argparse
from typing import TYPE_CHECKING, Any

from race_sim.cli.options import (
    chosen_scenario,
    command,
    names,
    quiet_option,
    sampling_options,
    scenario_options,
    whole,
)

if TYPE_CHECKING:
    from pathlib import Path


EXAMPLES = """
race-sim sensitivity duopoly --parameters prize.enmity prize.prize --samples 16 --runs 4
"""


def add(commands: Any) -> None:
    """Declare the command.

    Parameters
    ----------
    commands : object
        The commands of the parser, as argparse keeps them.
    """
    what = "show which parameters outcomes depend on, over plausible ranges"
    parser = command(commands, "sensitivity", what, EXAMPLES)
    scenario_options(parser)
    parser.add_argument(
        "--parameters",
        nargs="+",
        metavar="AXIS",
        help="e.g. prize.enmity prize.prize=1:500:log lab.rule=fixed,human (default: all that are only assumed)",
    )
    parser.add_argument("--samples", type=whole, default=512, help="base samples, a power of 2 for sobol (default 512)")
    parser.add_argument("--method", default="sobol", help="sobol (default), morris, pawn or delta")
    parser.add_argument("--outcomes", default="catastrophe_probability", metavar="KEY,...", help="outcomes to explain")
    parser.add_argument("--ranks", metavar="KEY,...", help="outcomes of which ranks are explained: for heavy tails")
    sampling_options(parser, 16)
    parser.add_argument("--workers", type=whole, help="processes of their own instead of threads")
    parser.add_argument("--out", metavar="DIR", help="keep the sweep (resumably), tables and figures in this folder")
    parser.add_argument("--no-lock", action="store_true", help="with --out, for file systems without locks")
    quiet_option(parser)
    parser.set_defaults(command=run)


def _own(folder: "Path") -> "Path":
    """The folder, if it is new, empty, or one that this command has left."""
    from race_sim.sweeps.engine.manifest import MANIFEST
    from race_sim.sweeps.engine.store import refuse_unless_empty

    if folder.is_dir() and not (folder / "sweep" / MANIFEST).exists():
        refuse_unless_empty(folder, ("sweep",))
    return folder


def run(options: argparse.Namespace) -> None:
    """Compute indices, print them, and keep them with their sweep in a folder.

    Parameters
    ----------
    options : argparse.Namespace
        As they were typed.

    Raises
    ------
    KeyboardInterrupt
        When it is stopped, with what is kept until then.
    """
    from pathlib import Path

    from race_sim.sweeps.engine.files import folder_of
    from race_sim.sweeps.sensitivity import sensitivity_indices
    from race_sim.sweeps.status import where_it_stands

    scenario = chosen_scenario(options)
    sweep_folder = None if options.out is None else _own(folder_of("--out", options.out)) / "sweep"
    try:
        result = sensitivity_indices(
            scenario,
            options.parameters,
            options.samples,
            options.runs,
            options.seed,
            names(options.outcomes),
            options.method,
            names(options.ranks) if options.ranks else (),
            sweep_folder,
            threads=options.threads,
            workers=options.workers,
            progress=False if options.quiet else "lines",
            lock=not options.no_lock,
        )
    except KeyboardInterrupt:
        kept = where_it_stands(str(sweep_folder)) if sweep_folder else "nothing was kept, as there was no --out"
        raise KeyboardInterrupt(f"interrupted; {kept}") from None
    from race_sim.figures.sweep_reports import index_table, write_indices

    print("\n\n".join(index_table(result, str(outcome)) for outcome in result["outcome"].values))
    if options.out is not None:
        write_indices(Path(options.out), result)
        print(f"\nkept in {options.out}")
