"""``race-sim sweep``: estimates at every point of a design, kept in a folder; ``race-sim sweep status DIR``."""

import argparse
from contextlib import ExitStack
from typing import TYPE_CHECKING, Any

from race_sim.cli.options import chosen_scenario, sampling_options, scenario_options, whole
from race_sim.errors import InputError

if TYPE_CHECKING:
    from race_sim.sweeps.engine.design import Design

EPILOG = """
--vary takes  path=lo:hi:n  (n values, both ends included),  path=lo:hi:n:log  (in equal ratios)  or  path=a,b,c
(numbers, policies or decision rules); with sobol and lhs also  path=lo:hi,  path=lo:hi:log  or just  path  (its
plausible range). The same command started again goes on where it was stopped. The folder is readable without race_sim:
pandas.read_parquet("DIR/points").
"""


def add(commands: Any) -> None:
    """Declare the command.

    Parameters
    ----------
    commands : object
        The commands of the parser, as argparse keeps them.
    """
    parser = commands.add_parser(
        "sweep",
        help="estimate outcomes at every point of a design, resumably",
        usage="%(prog)s SCENARIO --vary PATH=LO:HI:N [--vary ...] --out DIR [options]\n       %(prog)s status DIR",
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    scenario_options(parser)
    parser.add_argument("folder", nargs="?", metavar="DIR", help="after 'status': the folder to report on")
    parser.add_argument("--vary", action="append", default=[], metavar="AXIS", help="a parameter and its values")
    parser.add_argument("--design", default="grid", help="grid (default), sobol:N, lhs:N or the path of a CSV file")
    parser.add_argument("--streams", default="common", help="common (default): the same luck at every point; own")
    parser.add_argument("--out", metavar="DIR", help="folder to keep the sweep in")
    sampling_options(parser, 1000)
    parser.add_argument("--outcomes", metavar="KEY,...", help="outcomes to keep (default: all)")
    parser.add_argument("--estimator", default="integrated", help="integrated (default) or sampled")
    parser.add_argument("--target-error", metavar="KEY:5%", help="runs at each point until this relative error")
    parser.add_argument("--most-runs", type=whole, help="with --target-error: most runs at a point")
    parser.add_argument("--per-run", action="store_true", help="keep the outcomes of every run as well")
    parser.add_argument("--workers", type=whole, help="processes of their own instead of threads")
    parser.add_argument("--dask", metavar="ADDRESS", help="a dask scheduler, or local (needs race-sim[cluster])")
    parser.add_argument("--points-per-part", type=whole, help="points in a file (default: a few seconds' work)")
    parser.set_defaults(command=run)


def run(options: argparse.Namespace) -> None:
    """Carry a sweep out and print its first rows, or print how far the one in a folder is.

    Parameters
    ----------
    options : argparse.Namespace
        As they were typed.

    Raises
    ------
    InputError
        For options that do not go together.
    KeyboardInterrupt
        When it is stopped, with what is kept until then.
    """
    if options.scenario == "status":
        _status(options)
        return
    if options.folder is not None:
        raise InputError(f"sweep: only 'status' takes a folder here, got {options.folder!r} (the folder is --out)")
    if options.out is None:
        raise InputError("--out: must name the folder to keep the sweep in, got none")
    if options.workers is not None and options.dask:
        raise InputError("--workers: cannot be had together with --dask")
    from race_sim.figures.sweep_reports import summary, where_it_stands
    from race_sim.sweeps.sweep import MOST_RUNS, sweep

    with ExitStack() as stack:
        executor = None
        if options.dask:
            from race_sim.sweeps.engine.cluster import connected

            executor = stack.enter_context(connected(options.dask, options.threads))
        try:
            result = sweep(
                chosen_scenario(options),
                _design(options),
                options.runs,
                options.seed,
                options.outcomes.split(",") if options.outcomes else None,
                options.out,
                executor,
                options.target_error,
                estimator=options.estimator,
                per_run=options.per_run,
                threads=options.threads,
                workers=options.workers,
                points_per_part=options.points_per_part,
                most_runs=MOST_RUNS if options.most_runs is None else options.most_runs,
                progress="lines",
            )
        except KeyboardInterrupt:
            raise KeyboardInterrupt(
                f"interrupted; {where_it_stands(options.out)}; the same command goes on from there"
            ) from None
    print(summary(result))
    print(f"\nkept in {options.out}")


def _status(options: argparse.Namespace) -> None:
    from race_sim.figures.sweep_reports import status

    if options.folder is None:
        raise InputError("sweep status: must be followed by the folder of a sweep, got nothing")
    print(status(options.folder))


def _design(options: argparse.Namespace) -> "Design":
    from race_sim.sweeps.engine.design import grid, latin_hypercube, sobol, table

    kind, colon, samples = options.design.partition(":")
    if kind in ("sobol", "lhs") and colon:
        if not samples.isdigit():
            raise InputError(f"--design: must be {kind}:N with a whole number N, got {options.design!r}")
        make = sobol if kind == "sobol" else latin_hypercube
        return make(int(samples), *options.vary, seed=options.seed, streams=options.streams)
    if options.design == "grid":
        return grid(*options.vary, streams=options.streams)
    if not options.design.endswith(".csv"):
        raise InputError(f"--design: must be grid, sobol:N, lhs:N or a .csv file, got {options.design!r}")
    if options.vary:
        raise InputError("--vary: cannot be had together with a table, whose columns say what varies")
    return table(options.design, streams=options.streams)
