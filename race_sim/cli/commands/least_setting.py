"""``race-sim least-setting``: the least verification, penalty, ... at which a treaty, say, keeps itself."""

import argparse
from typing import TYPE_CHECKING, Any

from race_sim.cli.options import chosen_scenario, command, names, quiet_option, scenario_options, whole

if TYPE_CHECKING:
    from race_sim.nations.levers import Threshold

EXAMPLES = """
race-sim least-setting duopoly --lever penalty --deviations covert_defection --most-runs 256 --most-settings 5
race-sim least-setting duopoly --lever verification --most-runs 256 --most-settings 5 --csv
"""
WORDS = {1: "yes", -1: "no", 0: "cannot tell"}
COLUMNS = ("setting", "equilibrium", "runs", "deviation", "nation", "gain", "standard_error", "low", "high")


def add(commands: Any) -> None:
    """Declare the command.

    Parameters
    ----------
    commands : object
        The commands of the parser, as argparse keeps them.
    """
    what = "find the least setting of a lever at which no nation gains by leaving a treaty"
    parser = command(commands, "least-setting", what, EXAMPLES)
    scenario_options(parser, policies=False)
    parser.add_argument(
        "--lever", default="verification", help="verification (default), benchmarks, penalty, sharing, prize_sharing"
    )
    parser.add_argument("--profile", metavar="POLICY,...", help="one policy per nation (default: treaty for all)")
    parser.add_argument(
        "--deviations", metavar="POLICY,...", default="covert_defection,race", help="what each may play instead"
    )
    parser.add_argument("--most-runs", type=whole, default=4096, help="runs at a setting, at most (default 4096)")
    parser.add_argument("--most-settings", type=whole, default=16, help="settings that are tested (default 16)")
    parser.add_argument("--seed", type=whole, default=0, help="seed of all draws (default 0)")
    parser.add_argument("--threads", type=whole, help="threads (default: all cores); never changes a result")
    form = parser.add_mutually_exclusive_group()
    form.add_argument("--json", action="store_true", help="print one JSON object")
    form.add_argument("--csv", action="store_true", help="print every tested setting and deviation as CSV")
    quiet_option(parser)
    parser.set_defaults(command=run)


def run(options: argparse.Namespace) -> None:
    """Search, and print what was found and every setting that was tested.

    Parameters
    ----------
    options : argparse.Namespace
        As they were typed.
    """
    import csv
    import json
    import sys

    from race_sim.nations.levers import LEVERS, least_setting

    result = least_setting(
        chosen_scenario(options),
        options.lever,
        names(options.deviations),
        None if options.profile is None else names(options.profile),
        seed=options.seed,
        max_runs=options.most_runs,
        max_settings=options.most_settings,
        threads=options.threads,
    )
    rows = list(_rows(result))
    if options.json:
        ends = {name: getattr(result, name) for name in ("low", "high")}
        known = {name: value if value == value else None for name, value in ends.items()}
        tested = [dict(zip(COLUMNS, row, strict=True)) for row in rows]
        print(json.dumps({"lever": result.lever, "unit": LEVERS[result.lever].unit, "profile": list(result.profile),
                          "verdict": result.verdict, **known, "confidence": result.confidence, "tested": tested},
                         allow_nan=False))  # fmt: skip
    elif options.csv:
        writer = csv.writer(sys.stdout, lineterminator="\n")
        writer.writerows([COLUMNS, *rows])
    else:
        print(f"{result}\n")
        print(f"{result.lever:>13s}  equilibrium     runs  most tempting deviation, what it gains, 95 % interval")
        for one in result.tested:
            most = one.margins[0]
            loss = most.loss
            print(
                f"{one.setting:13.4g}  {WORDS[one.sign]:11s} {one.runs:8,d}  {most.policy} by {most.nation}: "
                f"{-loss.mean:+.3g} [{-loss.high:.3g}, {-loss.low:.3g}]"
            )


def _rows(result: "Threshold") -> Any:
    """One row per tested setting and deviation."""
    for one in result.tested:
        for margin in one.margins:
            loss = margin.loss
            yield (one.setting, WORDS[one.sign], one.runs, margin.policy, margin.nation, -loss.mean,
                   loss.standard_error, -loss.high, -loss.low)  # fmt: skip
