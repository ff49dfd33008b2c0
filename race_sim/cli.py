"""The command line, ``race-sim``. Modules that take long to import are imported by the commands that need them."""

import argparse
import os
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, NoReturn

from race_sim import __version__
from race_sim.errors import InputError

if TYPE_CHECKING:
    from race_sim.scenario import Scenario

BAD_INPUT, INTERRUPTED = 2, 130


class _Parser(argparse.ArgumentParser):
    """Says what is wrong in one line."""

    def error(self, message: str) -> NoReturn:
        raise InputError(f"{message} (see {self.prog} --help)")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; returns the exit code: 0 done, 2 bad input, 130 interrupted."""
    try:
        options = _parser().parse_args(arguments)
        options.command(options)
        sys.stdout.flush()
    except InputError as error:
        print(f"race-sim: {error}", file=sys.stderr)
        return BAD_INPUT
    except KeyboardInterrupt:
        print("race-sim: interrupted; nothing was written", file=sys.stderr)
        return INTERRUPTED
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(prog="race-sim", description="A game-theory simulation of the AI race.")
    parser.add_argument("--version", action="version", version=f"race-sim {__version__}")
    commands = parser.add_subparsers(title="commands", metavar="COMMAND", required=True)

    run = commands.add_parser("run", help="simulate a scenario and print its outcomes")
    _scenario_options(run)
    _sampling_options(run, 1000)
    run.add_argument("--estimator", default="integrated", help="integrated (default) or sampled")
    run.add_argument("--trajectories", action="store_true", help="with --out: keep every period of every run")
    run.add_argument("--out", metavar="DIR", help="write outcomes, runs, scenario and provenance into this new folder")
    run.add_argument("--json", action="store_true", help="print one JSON object")
    run.set_defaults(command=_run)

    listing = commands.add_parser("scenarios", help="list the scenarios that ship with the package")
    listing.set_defaults(command=_scenarios)

    show = commands.add_parser("show", help="show every parameter of a scenario")
    _scenario_options(show)
    show.add_argument("--toml", action="store_true", help="print it as a TOML file to start from")
    show.set_defaults(command=_show)

    screen = commands.add_parser("screen", help="show which outcome every parameter and every claim moves most")
    _scenario_options(screen)
    _sampling_options(screen, 400)
    screen.set_defaults(command=_screen)
    return parser


def _scenario_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("scenario", metavar="SCENARIO", help="name of a shipped scenario, or path of a TOML file")
    parser.add_argument("--set", action="append", default=[], metavar="PATH=VALUE", help="e.g. --set prize.enmity=0.3")
    parser.add_argument("--policies", metavar="NATION=POLICY,...", help="e.g. us=treaty,china=race")


def _sampling_options(parser: argparse.ArgumentParser, runs: int) -> None:
    parser.add_argument("--runs", type=_whole, default=runs, help=f"number of runs (default {runs})")
    parser.add_argument("--seed", type=_whole, default=0, help="seed of all draws (default 0)")
    parser.add_argument("--threads", type=_whole, help="threads (default: all cores); never changes a result")


def _whole(text: str) -> int:
    try:
        return int(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"must be a whole number, got {text!r}") from None


def _scenario(options: argparse.Namespace) -> "Scenario":
    from race_sim.scenario import Scenario, number

    changes: dict[str, Any] = {}
    for item in options.set:
        path, equals, value = item.partition("=")
        if not equals or not path.strip():
            raise InputError(f"--set: must be PATH=VALUE, got {item!r}")
        changes[path.strip()] = number(value.strip())
    scenario = Scenario.load(options.scenario)
    if options.policies is not None:
        for item in options.policies.split(","):
            nation, equals, policy = (part.strip() for part in item.partition("="))
            if not equals:
                raise InputError(f"--policies: must be NATION=POLICY,..., got {options.policies!r}")
            if nation not in scenario.nations:
                from race_sim.errors import unknown

                raise InputError(f"--policies: {unknown('nation', nation, scenario.nations)}")
            changes[f"nations.{nation}.policy"] = policy
    return scenario.replace(changes) if changes else scenario


def _run(options: argparse.Namespace) -> None:
    from race_sim.estimation import estimate
    from race_sim.reports import outcome_table, reserve, save_runs

    scenario = _scenario(options)
    if options.trajectories and not options.out:
        raise InputError("--trajectories: needs --out DIR, the folder to write them to")
    sampling = (options.runs, options.seed, options.estimator)
    if options.out:
        folder = reserve(options.out)
        result = save_runs(folder, scenario, *sampling, options.trajectories, options.threads)
    else:
        result = estimate(scenario, *sampling, threads=options.threads)
    print(result.to_json() if options.json else outcome_table(result))
    if options.out and not options.json:
        print(f"\nwritten to {options.out}")


def _scenarios(options: argparse.Namespace) -> None:
    from race_sim.scenario import Scenario, shipped_names

    for name in shipped_names():
        print(f"{name:22s} {' '.join(Scenario.load(name).description.split())}")


def _show(options: argparse.Namespace) -> None:
    from race_sim.reports import parameter_table

    scenario = _scenario(options)
    print(scenario.to_toml().rstrip() if options.toml else parameter_table(scenario))


def _screen(options: argparse.Namespace) -> None:
    from race_sim.records import checked_count, checked_seed
    from race_sim.reports import SCREEN_HEADER, screen_row
    from race_sim.screening import screen, screen_claims

    scenario = _scenario(options)
    checked_count("runs", options.runs, at_least=2)
    checked_seed(options.seed)
    if options.threads is not None:
        checked_count("threads", options.threads)
    print("Every parameter, from the low to the high end of its plausible range, and the outcome it moves most")
    print(SCREEN_HEADER)
    rows = screen(
        scenario,
        options.runs,
        options.seed,
        threads=options.threads,
        found=lambda row: print(screen_row(row), flush=True),
    )
    print("\nEvery claim, switched off, and the outcome that it is about")
    print(SCREEN_HEADER)
    rows += screen_claims(
        scenario,
        options.runs,
        options.seed,
        threads=options.threads,
        found=lambda row: print(screen_row(row), flush=True),
    )
    unseen = [row.name for row in rows if not row.effect.seen]
    print(
        f"\n{len(rows) - len(unseen)} of {len(rows)} move an outcome"
        + (f"; not: {', '.join(unseen)}" if unseen else "")
    )


if __name__ == "__main__":
    sys.exit(main())
