"""How Jupyter shows a game and its equilibria: payoffs with units, errors and best replies."""

from collections.abc import Sequence
from itertools import islice, product
from typing import TYPE_CHECKING, Any

import numpy as np

from race_sim.text.markup import Markup, bold, faint, folded, lines, table, titled, with_unit
from race_sim.text.rounding import with_error

if TYPE_CHECKING:
    from race_sim.solvers.equilibria import EquilibriumSet
    from race_sim.solvers.game import Game

ROWS = 60  # profiles or equilibria that are listed
RISK = "catastrophe_probability"


def of_game(game: "Game") -> Markup:
    """Show payoffs in every profile with their errors, best replies in bold, outcomes with theirs, and the source.

    Parameters
    ----------
    game : Game
        Two players are shown as a matrix, others profile by profile, the first 60 of them.

    Returns
    -------
    Markup
        HTML for Jupyter.
    """
    head = game.name or "Game"
    rule = f"payoffs in {game.unit}" if game.unit else "payoffs"
    exact = game.standard_error is None
    remark = f"{rule}{'' if exact else ' ± standard error'}; bold: best reply to the others"
    body = _matrix(game) if len(game.players) == 2 else _profiles(game)
    kept = game.provenance
    source = "; ".join(f"{key} {kept[key]}" for key in ("runs", "seed", "estimator") if key in kept)
    return titled(head, faint(remark), body, *_outcomes(game), source and faint(source), str(game.citation or ""))


def _paid(game: "Game", player: int, cell: tuple[int, ...]) -> Markup | str:
    values, errors = game.payoff[player], game.standard_error
    text = with_error(float(values[cell]), None if errors is None else float(errors[(player, *cell)]))
    others = (*cell[:player], slice(None), *cell[player + 1 :])
    return bold(text) if values[cell] == values[others].max() else text


def _matrix(game: "Game") -> Markup:
    first, second = game.players
    rows = []
    for a, name in enumerate(game.strategies[0]):
        cells = [
            lines(Markup(f"{faint(player)} {_paid(game, n, (a, b))}") for n, player in enumerate(game.players))
            for b in range(game.shape[1])
        ]
        rows.append((bold(name), *cells))
    return table([f"{first} \\ {second}", *game.strategies[1]], rows, range(1, 1 + game.shape[1]))


def _profiles(game: "Game") -> Markup:
    players = range(len(game.players))
    cells = islice(product(*map(range, game.shape)), ROWS)
    rows = [
        (*(game.strategies[n][cell[n]] for n in players), *(_paid(game, n, cell) for n in players)) for cell in cells
    ]
    head = [*game.players, *(with_unit(f"payoff of {player}", game.unit) for player in game.players)]
    more = int(np.prod(game.shape)) - len(rows)
    body = table(head, rows, range(len(game.players), 2 * len(game.players)))
    return Markup(body + faint(f"and {more} more profiles")) if more > 0 else body


def _outcomes(game: "Game") -> list[Markup]:
    """One folded table per outcome of a game of two, the risk first."""
    if len(game.players) != 2:
        return []
    first, second = game.players
    tables = []
    for key in sorted(game.outcomes, key=lambda key: key != RISK):
        errors = game.outcome_errors.get(key)
        rows = [
            (name, *(with_error(float(game.outcomes[key][a, b]), None if errors is None else float(errors[a, b]))
                     for b in range(game.shape[1])))
            for a, name in enumerate(game.strategies[0])
        ]  # fmt: skip
        body = table([f"{first} \\ {second}", *game.strategies[1]], rows, range(1, 1 + game.shape[1]))
        tables.append(folded(with_unit(key, game.outcome_units.get(key, "")), body))
    return tables


def of_equilibria(equilibria: "EquilibriumSet", payoffs: Sequence[tuple[Any, Any]]) -> Markup:
    """Show every equilibrium: who plays what, what it pays, and how far it can be trusted.

    Parameters
    ----------
    equilibria : EquilibriumSet
        The first 60 are listed.
    payoffs : sequence of tuple
        For each equilibrium, then each possible one, the players' expected payoffs and their standard errors (None
        where exact), (players,) each.

    Returns
    -------
    Markup
        HTML for Jupyter.
    """
    game = equilibria.game
    simulated = game.samples is not None
    rows = []
    every = (*equilibria.equilibria, *equilibria.possible)
    for place, (one, (means, errors)) in enumerate(zip(every, payoffs, strict=True), start=1):
        number = place if place <= len(equilibria) else "possible"
        played = []
        for mixture in one.to_dict(game)["profile"].values():
            parts = [name if len(mixture) == 1 else f"{name} {share:.4g}" for name, share in mixture.items()]
            played.append(", ".join(parts))
        paid = [with_error(float(mean), None if errors is None else float(errors[n])) for n, mean in enumerate(means)]
        share = "" if one.bootstrap_share is None else f"{100 * one.bootstrap_share:.4g} %"
        rows.append((number, one.kind, *played, *paid, f"{one.exploitability:.1g}", *([share] if simulated else [])))
    more = len(rows) - ROWS
    head = ["", "kind", *game.players, *(with_unit(f"payoff of {player}", game.unit) for player in game.players)]
    head += [with_unit("exploitability", game.unit), *(["share of bootstrap draws"] if simulated else [])]
    body = table(head, rows[:ROWS], [0, *range(2 + len(game.players), len(head))])
    connected = [
        f"connected: {', '.join(str(k + 1) for k in component)}"
        for component in equilibria.components
        if len(component) > 1
    ]
    remarks = [*connected, f"and {more} more" if more > 0 else ""]
    if simulated:
        remarks.append(f"verdict: {equilibria.verdict}")
    said = [remark for remark in remarks if remark]
    return titled(equilibria.headline, body, *([faint(lines(said))] if said else []))
