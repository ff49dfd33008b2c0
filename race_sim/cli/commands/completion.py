"""``race-sim completion``: a script with which a shell completes commands, options, scenarios and published games."""

import argparse
from typing import Any

from race_sim.cli.options import command
from race_sim.errors import InputError, unknown

EXAMPLES = """
race-sim completion bash
race-sim completion fish
"""
PLACES = {"SCENARIO": "scenarios", "GAME": "games"}
BASH = """# eval "$(race-sim completion bash)"
_race_sim() {{
    local word="${{COMP_WORDS[COMP_CWORD]}}" words
    case "${{COMP_WORDS[1]}}" in
{cases}
        *) words="{commands}" ;;
    esac
    [ "$COMP_CWORD" -eq 1 ] && words="{commands}"
    COMPREPLY=($(compgen -W "$words" -- "$word"))
    [ ${{#COMPREPLY[@]}} -eq 0 ] && COMPREPLY=($(compgen -f -- "$word"))
}}
complete -F _race_sim race-sim
"""
ZSH = """# eval "$(race-sim completion zsh)"
autoload -U +X bashcompinit && bashcompinit
"""


def add(commands: Any) -> None:
    """Declare the command.

    Parameters
    ----------
    commands : object
        The commands of the parser, as argparse keeps them.
    """
    parser = command(commands, "completion", "print a script that completes commands in a shell", EXAMPLES)
    parser.add_argument("shell", metavar="SHELL", help=", ".join(SCRIPTS))
    parser.set_defaults(command=run, commands=commands)


def run(options: argparse.Namespace) -> None:
    """Print the script.

    Parameters
    ----------
    options : argparse.Namespace
        As they were typed.

    Raises
    ------
    InputError
        For a shell that is not known.
    """
    if options.shell not in SCRIPTS:
        raise InputError(f"shell: {unknown('shell', options.shell, SCRIPTS)}")
    print(SCRIPTS[options.shell](_words(options.commands.choices)), end="")


def _words(parsers: dict[str, argparse.ArgumentParser]) -> dict[str, list[str]]:
    """What may follow each command: its options, and the names that may stand in its first place."""
    from race_sim.games._base.catalogue import catalogue
    from race_sim.scenario.scenario import shipped_names

    names = {"scenarios": shipped_names(), "games": sorted(catalogue())}
    result = {}
    for name, parser in parsers.items():
        words = [flag for action in parser._actions for flag in action.option_strings if flag.startswith("--")]
        places = [str(action.metavar) for action in parser._actions if not action.option_strings]
        result[name] = words + [word for place in places for word in names.get(PLACES.get(place, ""), [])]
    result["completion"] += list(SCRIPTS)
    return result


def _bash(words: dict[str, list[str]]) -> str:
    cases = "\n".join(f'        {name}) words="{" ".join(known)}" ;;' for name, known in words.items())
    return BASH.format(cases=cases, commands=" ".join(words))


def _zsh(words: dict[str, list[str]]) -> str:
    return ZSH + _bash(words)


def _fish(words: dict[str, list[str]]) -> str:
    commands = f"complete -c race-sim -n __fish_use_subcommand -f -a '{' '.join(words)}'"
    lines = ["# race-sim completion fish | source", commands]
    for name, known in words.items():
        seen = f"complete -c race-sim -n '__fish_seen_subcommand_from {name}'"
        lines += [f"{seen} -l {word[2:]}" for word in known if word.startswith("--")]
        plain = " ".join(word for word in known if not word.startswith("--"))
        lines += [f"{seen} -a '{plain}'"] if plain else []
    return "\n".join([*lines, ""])


SCRIPTS = {"bash": _bash, "zsh": _zsh, "fish": _fish}
