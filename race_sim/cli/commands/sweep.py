"""``race-sim sweep``: estimates at every point of a design, kept in a folder, which can be looked at and extended."""

import argparse
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING, Any

from race_sim.cli.options import chosen_scenario, names, quiet_option, sampling_options, scenario_options, whole
from race_sim.errors import InputError

if TYPE_CHECKING:
    from concurrent.futures import Executor

    import xarray as xr

    from race_sim.sweeps.engine.design import Design

EPILOG = """
--vary takes  path=lo:hi:n  (n values, both ends included),  path=lo:hi:n:log  (in equal ratios)  or  path=a,b,c
(numbers, policies or decision rules); with sobol and lhs also  path=lo:hi,  path=lo:hi:log  or just  path  (its
plausible range). The same command started again goes on where it was stopped. The folder is readable without race_sim:
pandas.read_parquet("DIR/points").
A finished sweep is extended by more values of its axes, more runs or more outcomes:  race-sim sweep extend DIR --vary
path=a,b,c --runs N --outcomes KEY,...  Several processes share a folder, each with the same command and its own part of
the work:  --take 0/4, --take 1/4, ...

examples:
  race-sim sweep duopoly --vary prize.enmity=0:1:3 --vary lab.rule=fixed,best_response --runs 10 --out my-sweep
  race-sim sweep status my-sweep
  race-sim sweep extend my-sweep --runs 20
"""
USUAL_RUNS = 1000
FIXED = (
    "set", "policies", "streams", "out", "seed", "estimator", "target_error", "most_runs", "per_run", "points_per_part",
    "take",
)  # fmt: skip


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
        usage="%(prog)s SCENARIO --vary PATH=LO:HI:N [--vary ...] --out DIR [options]\n       %(prog)s status DIR\n"
        "       %(prog)s extend DIR [--vary ...] [--runs N] [--outcomes KEY,...]",
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    scenario_options(parser)
    parser.add_argument("folder", nargs="?", metavar="DIR", help="after 'status' or 'extend': the sweep's folder")
    parser.add_argument("--vary", action="append", default=[], metavar="AXIS", help="a parameter and its values")
    parser.add_argument("--design", default="grid", help="grid (default), sobol:N, lhs:N or the path of a CSV file")
    parser.add_argument("--streams", default="common", help="common (default): the same luck at every point; own")
    parser.add_argument("--out", metavar="DIR", help="folder to keep the sweep in")
    sampling_options(parser, USUAL_RUNS)
    parser.add_argument("--outcomes", metavar="KEY,...", help="outcomes to keep (default: all)")
    parser.add_argument("--estimator", default="integrated", help="integrated (default) or sampled")
    parser.add_argument("--target-error", metavar="KEY:5%", help="runs at each point until this relative error")
    parser.add_argument("--most-runs", type=whole, help="with --target-error: most runs at a point")
    parser.add_argument("--per-run", action="store_true", help="keep the outcomes of every run as well")
    parser.add_argument("--workers", type=whole, help="processes of their own instead of threads")
    parser.add_argument("--dask", metavar="ADDRESS", help="a dask scheduler, or local (needs race-sim[cluster])")
    parser.add_argument("--points-per-part", type=whole, help="points in a file (default: a few seconds' work)")
    parser.add_argument("--no-lock", action="store_true", help="for file systems without locks: go without")
    parser.add_argument("--take", metavar="I/N", help="do every Nth part from part I on, beside other tasks")
    quiet_option(parser)
    parser.set_defaults(command=run, runs=None)
    parser.set_defaults(usual={name: parser.get_default(name) for name in FIXED})


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
    if options.scenario == "extend":
        _extend(options)
        return
    if options.folder is not None:
        raise InputError(
            f"sweep: only 'status' and 'extend' take a folder here, got {options.folder!r} (the folder is --out)"
        )
    if options.out is None:
        raise InputError("--out: must name the folder to keep the sweep in, got none")
    from race_sim.sweeps.engine.files import folder_of
    from race_sim.sweeps.request import MOST_RUNS
    from race_sim.sweeps.sweep import sweep

    folder_of("--out", options.out)
    with _working(options, options.out) as executor:
        result = sweep(
            chosen_scenario(options),
            _design(options),
            USUAL_RUNS if options.runs is None else options.runs,
            options.seed,
            names(options.outcomes) if options.outcomes else None,
            options.out,
            executor,
            options.target_error,
            estimator=options.estimator,
            per_run=options.per_run,
            threads=options.threads,
            workers=options.workers,
            points_per_part=options.points_per_part,
            most_runs=MOST_RUNS if options.most_runs is None else options.most_runs,
            progress=False if options.quiet else "lines",
            lock=not options.no_lock,
            take=options.take,
        )
    _report(result, options.out)


def _status(options: argparse.Namespace) -> None:
    from race_sim.sweeps.status import status

    if options.folder is None:
        raise InputError("sweep status: must be followed by the folder of a sweep, got nothing")
    print(status(options.folder))


def _extend(options: argparse.Namespace) -> None:
    from race_sim.sweeps.engine.files import folder_of
    from race_sim.sweeps.engine.manifest import read_manifest
    from race_sim.sweeps.extension import extend_sweep

    if options.folder is None:
        raise InputError("sweep extend: must be followed by the folder of a sweep, got nothing")
    for name, value in options.usual.items():
        if getattr(options, name) != value:
            raise InputError(f"--{name.replace('_', '-')}: is that of the sweep, 'extend' cannot change it")
    described = read_manifest(folder_of("DIR", options.folder))["sweep"]["design"]
    options.seed, options.streams = described.get("seed", 0), described["streams"]
    with _working(options, options.folder) as executor:
        result = extend_sweep(
            options.folder,
            runs=options.runs,
            design=_design(options) if options.vary or options.design != "grid" else None,
            outcomes=names(options.outcomes) if options.outcomes else None,
            executor=executor,
            threads=options.threads,
            workers=options.workers,
            progress=False if options.quiet else "lines",
            lock=not options.no_lock,
        )
    _report(result, options.folder)


@contextmanager
def _working(options: argparse.Namespace, folder: str) -> Iterator["Executor | None"]:
    """Where parts are computed; Ctrl-C says what is kept in the folder."""
    if options.workers is not None and options.dask:
        raise InputError("--workers: cannot be had together with --dask")
    from race_sim.sweeps.status import where_it_stands

    with ExitStack() as stack:
        executor = None
        if options.dask:
            from race_sim.sweeps.engine.cluster import connected

            executor = stack.enter_context(connected(options.dask, options.threads))
        try:
            yield executor
        except KeyboardInterrupt:
            raise KeyboardInterrupt(
                f"interrupted; {where_it_stands(folder)}; the same command goes on from there"
            ) from None


def _report(result: "xr.Dataset", folder: str) -> None:
    from race_sim.figures.sweep_reports import summary
    from race_sim.sweeps.status import where_it_stands

    print(summary(result))
    print(f"\nkept in {folder}")
    if "point" in result.dims:
        print(where_it_stands(folder))


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
    if not options.design.lower().endswith(".csv"):
        raise InputError(f"--design: must be grid, sobol:N, lhs:N or a .csv file, got {options.design!r}")
    if options.vary:
        raise InputError("--vary: cannot be had together with a table, whose columns say what varies")
    return table(options.design, streams=options.streams)
