"""Options that several commands share, and the scenario they ask for. Imports nothing that takes long."""

import argparse
import re
import tomllib
from typing import TYPE_CHECKING, Any

from race_sim.errors import LARGEST_COUNT, InputError, one_line, unknown

if TYPE_CHECKING:
    from race_sim.cli.inert import Numbers
    from race_sim.scenario.scenario import Scenario

_DIGITS = r"\d+(?:_\d+)*"
_WHOLE = re.compile(rf"[+-]?{_DIGITS}", re.ASCII)
_NUMBER = re.compile(rf"[+-]?(?:{_DIGITS}\.?|(?:{_DIGITS})?\.{_DIGITS})(?:[eE][+-]?\d+)?", re.ASCII)


def scenario_options(parser: argparse.ArgumentParser, policies: bool = True) -> None:
    """Add SCENARIO, --set and --policies.

    Parameters
    ----------
    parser : ArgumentParser
        Of a command.
    policies : bool
        Whether there is --policies; not for a command that varies policies itself.
    """
    parser.add_argument("scenario", metavar="SCENARIO", help="name of a shipped scenario, or path of a TOML file")
    parser.add_argument("--set", action="append", default=[], metavar="PATH=VALUE", help="e.g. --set prize.enmity=0.3")
    if policies:
        parser.add_argument("--policies", metavar="NATION=POLICY,...", help="e.g. us=treaty,china=race")


def command(commands: Any, name: str, what: str, examples: str) -> argparse.ArgumentParser:
    """Declare a command, with worked examples below its help.

    Parameters
    ----------
    commands : object
        The commands of the parser, as argparse keeps them.
    name : str
        Its name.
    what : str
        What it does, in one line.
    examples : str
        Command lines that run in seconds, one a line.

    Returns
    -------
    ArgumentParser
        Of the command.
    """
    lines = "".join(f"\n  {line}" for line in examples.strip().splitlines())
    parser: argparse.ArgumentParser = commands.add_parser(
        name, help=what, description=f"{what[0].upper()}{what[1:]}.", epilog=f"examples:{lines}",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )  # fmt: skip
    return parser


def quiet_option(parser: argparse.ArgumentParser) -> None:
    """Add --quiet.

    Parameters
    ----------
    parser : ArgumentParser
        Of a command that takes a while.
    """
    parser.add_argument("--quiet", action="store_true", help="no progress and no notes on standard error")


def form_options(parser: argparse.ArgumentParser, table: str) -> None:
    """Add --json and --csv, of which one can be had, and --out.

    Parameters
    ----------
    parser : ArgumentParser
        Of a command.
    table : str
        What its table holds.
    """
    form = parser.add_mutually_exclusive_group()
    form.add_argument("--json", action="store_true", help="print one JSON object")
    form.add_argument("--csv", action="store_true", help=f"print {table} as CSV")
    parser.add_argument("--out", metavar="DIR", help=f"write {table}, scenario and provenance into this new folder")


def sampling_options(parser: argparse.ArgumentParser, runs: int) -> None:
    """Add --runs, --seed and --threads.

    Parameters
    ----------
    parser : ArgumentParser
        Of a command.
    runs : int
        How many runs there are by default.
    """
    parser.add_argument("--runs", type=whole, default=runs, help=f"number of runs (default {runs})")
    parser.add_argument("--seed", type=whole, default=0, help="seed of all draws (default 0)")
    parser.add_argument("--threads", type=whole, help="threads (default: all cores); never changes a result")


def whole(text: str) -> int:
    """Read a whole number, as the type of an option.

    Parameters
    ----------
    text : str
        As it was typed, with the digits 0 to 9.

    Returns
    -------
    int
        The number.

    Raises
    ------
    argparse.ArgumentTypeError
        For anything else.

    Examples
    --------
    >>> whole("1000"), whole("1e3"), whole("1_000"), whole("1000.")
    (1000, 1000, 1000, 1000)
    """
    text = text.strip()
    value = _typed(text)
    if isinstance(value, float) and value.is_integer() and abs(value) <= LARGEST_COUNT:
        return int(value)
    if isinstance(value, int):
        return value
    raise argparse.ArgumentTypeError(f"must be a whole number, got {one_line(text)}")


def number(text: str) -> Any:
    """Read a value as it is typed on a command line.

    Parameters
    ----------
    text : str
        As it was typed.

    Returns
    -------
    value
        A number, a TOML value where it is one, a list of either where there are commas, otherwise the text.

    Examples
    --------
    >>> number("0.3"), number(".3"), number("true"), number("3, 2, .5"), number("race")
    (0.3, 0.3, True, [3, 2, 0.5], 'race')
    """
    text = text.strip()
    if _NUMBER.fullmatch(text):
        return _typed(text)
    parts = [part.strip() for part in text.split(",")]
    if len(parts) > 1 and all(map(_NUMBER.fullmatch, parts)):
        return [_typed(part) for part in parts]
    if not text.isprintable():  # a line break would end the value, and what follows it be lost
        return text
    for form in (text, f"[{text}]") if len(parts) > 1 else (text,):
        try:
            return tomllib.loads(f"value = {form}")["value"]
        except (ValueError, RecursionError):
            continue
    return text


def _typed(text: str) -> int | float | str:
    """A number as people type it, ``.3``, ``1.`` or ``1e3`` too; any other text as it is."""
    try:
        return int(text) if _WHOLE.fullmatch(text) else float(text) if _NUMBER.fullmatch(text) else text
    except ValueError:  # thousands of digits
        return text


def names(text: str) -> list[str]:
    """Read names with commas between them.

    Parameters
    ----------
    text : str
        As it was typed.

    Returns
    -------
    list of str
        The names, without the spaces around them.

    Examples
    --------
    >>> names("welfare, trust")
    ['welfare', 'trust']
    """
    return [name.strip() for name in text.split(",")]


def settings(items: list[str]) -> dict[str, Any]:
    """Read ``--set PATH=VALUE`` options as changes.

    Parameters
    ----------
    items : list of str
        As they were typed.

    Returns
    -------
    dict of str to value
        Path -> number, list, truth value or text.

    Raises
    ------
    InputError
        For one that is not PATH=VALUE.

    Examples
    --------
    >>> settings(["prize.enmity=0.3", "lab.rule=fixed"])
    {'prize.enmity': 0.3, 'lab.rule': 'fixed'}
    """
    changes: dict[str, Any] = {}
    for item in items:
        path, equals, value = item.partition("=")
        if not equals or not path.strip():
            raise InputError(f"--set: must be PATH=VALUE, got {item!r}")
        changes[path.strip()] = number(value.strip())
    return changes


def chosen_scenario(options: argparse.Namespace) -> "Scenario":
    """Load the scenario that the options of ``scenario_options`` describe.

    Parameters
    ----------
    options : argparse.Namespace
        As they were typed.

    Returns
    -------
    Scenario
        With its changes made.

    Raises
    ------
    InputError
        For a scenario, a nation, a policy or a setting that there is not.
    """
    from race_sim.scenario.scenario import Scenario

    changes = settings(options.set)
    scenario = Scenario.load(options.scenario)
    policies = getattr(options, "policies", None)
    chosen: set[str] = set()
    for item in [] if policies is None else names(policies):
        nation, equals, policy = (part.strip() for part in item.partition("="))
        if not equals or nation in chosen:
            raise InputError(f"--policies: must be NATION=POLICY,..., each nation once, got {policies!r}")
        if nation not in scenario.nations:
            raise InputError(f"--policies: {unknown('nation', nation, scenario.nations)}")
        chosen.add(nation)
        changes[f"nations.{nation}.policy"] = policy
    if not {f"lab.{name}" for name in scenario.lab.model_fields_set}.union(changes) & {"lab.foresight", "lab.doubt"}:
        _say_that_plans_stand_still(options)
    return scenario.replace(changes) if changes else scenario


def _say_that_plans_stand_still(options: argparse.Namespace) -> None:
    from race_sim.cli.surroundings import say

    if not getattr(options, "quiet", False):
        say(
            f"note: {options.scenario} gives neither lab.foresight nor lab.doubt: labs plan as if the frontier stood "
            "still and gaps were known, as in the first version; the shipped scenarios have 1 and 0.5"
        )


def note(
    options: argparse.Namespace, scenario: "Scenario", cells: int, numbers: "Numbers", of_runs: bool = False
) -> None:
    """Say on standard error, in one line each, which of the settings change nothing, or surprise.

    Parameters
    ----------
    options : argparse.Namespace
        As they were typed.
    scenario : Scenario
        With its settings.
    cells : int
        How many profiles of policies each run is simulated under.
    numbers : callable
        (scenario, runs) -> array of what is shown.
    of_runs : bool
        Whether that is what ``race_sim.cli.inert.by_run`` gives.
    """
    from race_sim.cli.inert import notes
    from race_sim.cli.surroundings import say

    if getattr(options, "quiet", False):
        return
    for line in notes(options.scenario, scenario, settings(options.set), options.runs, cells, numbers, of_runs):
        say(f"note: {line}")
