"""Options that several commands share, and the scenario they ask for. Imports nothing that takes long."""

import argparse
import tomllib
from typing import TYPE_CHECKING, Any

from race_sim.errors import InputError, unknown

if TYPE_CHECKING:
    from race_sim.scenario.scenario import Scenario


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
        As it was typed.

    Returns
    -------
    int
        The number.

    Raises
    ------
    argparse.ArgumentTypeError
        For anything else.
    """
    try:
        return int(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"must be a whole number, got {text!r}") from None


def number(text: str) -> Any:
    """Read a value as it is typed on a command line.

    Parameters
    ----------
    text : str
        As it was typed.

    Returns
    -------
    value
        A TOML value where it is one, a list of them where there are commas, otherwise the text.

    Examples
    --------
    >>> number("0.3"), number("true"), number("3, 2, 0.5"), number("race")
    (0.3, True, [3, 2, 0.5], 'race')
    """
    for form in (text, f"[{text}]") if "," in text else (text,):
        try:
            return tomllib.loads(f"value = {form}")["value"]
        except tomllib.TOMLDecodeError:
            continue
    return text


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
    for item in [] if policies is None else policies.split(","):
        nation, equals, policy = (part.strip() for part in item.partition("="))
        if not equals:
            raise InputError(f"--policies: must be NATION=POLICY,..., got {policies!r}")
        if nation not in scenario.nations:
            raise InputError(f"--policies: {unknown('nation', nation, scenario.nations)}")
        changes[f"nations.{nation}.policy"] = policy
    return scenario.replace(changes) if changes else scenario
