"""``race-sim least-setting``: the least verification, penalty, ... at which a treaty, say, keeps itself."""

import argparse
from typing import TYPE_CHECKING, Any

from race_sim.cli.options import chosen_scenario, command, form_options, names, quiet_option, scenario_options, whole

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
    form_options(parser, "every tested setting and deviation")
    quiet_option(parser)
    parser.set_defaults(command=run)


def run(options: argparse.Namespace) -> None:
    """Search, and print what was found and every setting that was tested.

    Parameters
    ----------
    options : argparse.Namespace
        As they were typed.
    """
    from race_sim.cli.run_folder import Report, reserve, show
    from race_sim.nations.levers import least_setting

    scenario = chosen_scenario(options)
    folder = None if options.out is None else reserve(options.out)
    result = least_setting(
        scenario,
        options.lever,
        names(options.deviations),
        None if options.profile is None else names(options.profile),
        seed=options.seed,
        max_runs=options.most_runs,
        max_settings=options.most_settings,
        threads=options.threads,
    )
    rows, solution = list(_rows(result)), _solution(result)
    tested = [dict(zip(COLUMNS, row, strict=True)) for row in rows]
    report = Report(_text(result), {**solution, "tested": tested}, COLUMNS, rows, solution)
    show("least-setting", options, scenario, folder, report)


def _solution(result: "Threshold") -> dict[str, Any]:
    """What was found, in plain values."""
    from race_sim.nations.levers import LEVERS

    ends = {name: getattr(result, name) for name in ("low", "high")}
    known = {name: value if value == value else None for name, value in ends.items()}
    return {"lever": result.lever, "unit": LEVERS[result.lever].unit, "profile": list(result.profile),
            "verdict": result.verdict, **known, "confidence": result.confidence}  # fmt: skip


def _text(result: "Threshold") -> str:
    lines = [
        f"{result}\n",
        f"{result.lever:>13s}  equilibrium     runs  most tempting deviation, what it gains, 95 % interval",
    ]
    for one in result.tested:
        most = one.margins[0]
        loss = most.loss
        lines.append(
            f"{one.setting:13.4g}  {WORDS[one.sign]:11s} {one.runs:8,d}  {most.policy} by {most.nation}: "
            f"{-loss.mean:+.3g} [{-loss.high:.3g}, {-loss.low:.3g}]"
        )
    return "\n".join(lines)


def _rows(result: "Threshold") -> Any:
    """One row per tested setting and deviation."""
    for one in result.tested:
        for margin in one.margins:
            loss = margin.loss
            yield (one.setting, WORDS[one.sign], one.runs, margin.policy, margin.nation, -loss.mean,
                   loss.standard_error, -loss.high, -loss.low)  # fmt: skip
