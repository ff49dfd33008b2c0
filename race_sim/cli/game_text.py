"""The nations' policy game as text for people."""

import math
from itertools import product

import numpy as np

from race_sim.nations.policy_games import PAIRING, paired_error_gains
from race_sim.nations.solved_game import RISK, SolvedGame, own_class, subgame_name
from race_sim.solvers.equilibria import CooperationFactors, Equilibrium, best_reply_cycle
from race_sim.solvers.equilibria.regret import best_replies
from race_sim.solvers.game import Game, Real

LISTED = 12  # equilibria that the text lists


def game_text(solved: SolvedGame) -> str:
    """Write the solved policy game for people.

    Parameters
    ----------
    solved : SolvedGame
        As ``solve_game`` gives it.

    Returns
    -------
    str
        Payoffs with errors, risks, equilibria, welfare, classes, and what slowing down alone costs.
    """
    parts = [_heading(solved.game)]
    parts += _matrices(solved.game) if len(solved.game.players) == 2 else [_profiles(solved.game)]
    parts += [_equilibria(solved), _welfare(solved)]
    if solved.subgames:
        parts.append(_subgames(solved))
    parts += [_slowing(solved), _gains(solved.game)]
    return "\n\n".join(parts)


def _heading(game: Game) -> str:
    kept = game.provenance
    return (
        f"{game.name}: the policy game of {' and '.join(game.players)}, {kept['runs']} runs in every cell, "
        f"seed {kept['seed']}, {kept['estimator']} estimator\n"
        f"Payoffs in {game.unit} (yearly market values at the start)"
    )


def _matrices(game: Game) -> list[str]:
    """The bimatrix and the risk, each number over its standard error."""
    first, second = game.players
    errors = game.standard_error
    assert errors is not None
    best = best_replies(game)
    stars = np.where(best, "*", " ")
    cells = [
        [
            [" ".join(f"{game.payoff[n, a, b]:8.2f}{stars[n, a, b]}" for n in (0, 1)),
             " ".join(f"({errors[n, a, b]:.2f}) ".rjust(9) for n in (0, 1))]
            for b in range(game.shape[1])
        ]
        for a in range(game.shape[0])
    ]  # fmt: skip
    risk, risk_error = 100.0 * game.outcomes[RISK], 100.0 * game.outcome_errors[RISK]
    risks = [
        [[f"{risk[a, b]:.3f} ({risk_error[a, b]:.3f})"] for b in range(game.shape[1])] for a in range(game.shape[0])
    ]
    return [
        f"Payoffs of {first} (chooses the row), {second} (chooses the column); below them standard errors;\n"
        f"* best reply to the other's policy\n" + _table(game, cells),
        "Probability of a catastrophe by the horizon, % (standard error)\n" + _table(game, risks),
    ]


def _table(game: Game, cells: list[list[list[str]]]) -> str:
    """Policies of the first player down, of the second across; each cell some lines."""
    rows, columns = game.strategies
    corner = f"{game.players[0]} \\ {game.players[1]}"
    left = max(len(name) for name in (*rows, corner))
    width = max(*(len(name) for name in columns), *(len(line) for row in cells for cell in row for line in cell)) + 1
    lines = [corner.ljust(left) + "".join(name.rjust(width + 1) for name in columns)]
    for name, row in zip(rows, cells, strict=True):
        for k in range(len(row[0])):
            lines.append((name if k == 0 else "").ljust(left) + "".join(cell[k].rjust(width + 1) for cell in row))
    return "\n".join(line.rstrip() for line in lines)


def _profiles(game: Game) -> str:
    """For three nations or more: one line per profile."""
    errors = game.standard_error
    assert errors is not None
    best = best_replies(game)
    left = [max(map(len, (player, *names))) for player, names in zip(game.players, game.strategies, strict=True)]
    head = "  ".join(player.ljust(width) for player, width in zip(game.players, left, strict=True))
    lines = [
        "Every profile of policies, every nation's payoff (standard error; * best reply), risk of a catastrophe, %",
        head + "  " + "".join(f"{player:>18s}" for player in game.players) + f"{'risk':>10s}",
    ]
    for cell in product(*map(range, game.shape)):
        names = "  ".join(game.strategies[n][a].ljust(left[n]) for n, a in enumerate(cell))
        words = (f"{game.payoff[(n, *cell)]:.2f}{'*' if best[(n, *cell)] else ' '} ({errors[(n, *cell)]:.2f})"
                for n in range(len(cell)))  # fmt: skip
        lines.append(
            f"{names}  " + "".join(f"{text:>18s}" for text in words) + f"{100 * game.outcomes[RISK][cell]:10.3f}"
        )
    return "\n".join(lines)


def _equilibria(solved: SolvedGame) -> str:
    result, game = solved.equilibria, solved.game
    which = "all there are" if result.complete else "pure ones only"
    lines = [f"Nash equilibria ({len(result)}; {which}): nobody gains by another policy, given the others'"]
    for number, one in enumerate(list(result)[:LISTED], start=1):
        lines.append(f"{number:3d}. {_equilibrium(game, one)}")
    if len(result) > LISTED:
        lines.append(f"     and {len(result) - LISTED} more, which --json lists")
    for component in result.components:
        if len(component) > 1 and component[0] < LISTED:
            numbers = ", ".join(str(k + 1) for k in component if k < LISTED)
            lines.append(
                f"     {numbers} are connected: where one nation alone differs, its mixtures are equilibria too"
            )
    if not result.pure:
        lines.append(f"     No pure equilibrium: {best_reply_cycle(game)}")
    if result.possible:
        lines.append("Possible too: no equilibria of the mean payoffs, but of more than 5 % of bootstrap draws")
        lines += [f"  -  {_equilibrium(game, one)}" for one in result.possible[:LISTED]]
    lines.append(f"Verdict: {result.verdict}")
    return "\n".join(lines)


def _equilibrium(game: Game, one: Equilibrium) -> str:
    """Who plays what, with which probability, and in how many draws."""
    words = []
    for player, mixture in one.to_dict(game)["profile"].items():
        parts = [name if share == 1.0 else f"{name} with probability {share:.3f}" for name, share in mixture.items()]
        words.append(f"{player} plays {' or '.join(parts)}")
    return f"{one.kind}: {', '.join(words)} (in {_percent(one.bootstrap_share)} of bootstrap draws)"


def _welfare(solved: SolvedGame) -> str:
    best = ", ".join(f"{who} {what}" for who, what in zip(solved.game.players, solved.optimum.profile, strict=True))
    text = f"Best for all together: {best} (welfare {solved.optimum.welfare:.2f})"
    if solved.anarchy is None:
        return text
    ratio = solved.anarchy.price_of_anarchy
    named = "" if ratio is None else f", price of anarchy {ratio:.4f}"
    return f"{text}; the worst equilibrium loses {solved.anarchy.loss:.2f} of it{named}"


def _subgames(solved: SolvedGame) -> str:
    """The class of every 2x2 subgame, and what each nation makes of it."""
    lines = [
        "Every pair of policies as a game of its own: its class where it is that of both nations (probability over",
        "bootstrap draws), then each nation's own class and order of R (both cooperate), S (it alone), T (the other",
        "alone), P (neither), and the beliefs that the other cooperates at which it cooperates too (Askell and others)",
    ]
    width = 1 + max(map(len, solved.game.players))
    for pair, result in solved.subgames.items():
        likely = sorted(result.probability.items(), key=lambda item: -item[1])
        chances = ", ".join(f"{name} {_percent(share)}" for name, share in likely if share >= 0.005)
        lines.append(f"  {subgame_name(solved.game, pair)}, {pair[0]} cooperates: {result.class_} ({chances})")
        for player, factors in solved.factors[pair].items():
            lines.append(
                f"      {player + ':':{width}s} {own_class(factors):20s} {result.orders[player]}; {_beliefs(factors)}"
            )
    return "\n".join(lines)


def _beliefs(factors: CooperationFactors) -> str:
    if factors.threshold is None:
        return f"cooperates {'whatever it believes' if factors.beliefs == 'all' else 'at no belief'}"
    error = "" if factors.threshold_error is None else f" (s.e. {factors.threshold_error:.2f})"
    return f"cooperates at beliefs {factors.beliefs} {factors.threshold:.2f}{error}"


def _slowing(solved: SolvedGame) -> str:
    lines = ["Slowing down alone against a rival that races, minus racing too (paired over the same runs):\n"
             "mean +- standard error, 95 % interval"]  # fmt: skip
    for player, price in solved.slowing.items():
        z = f"z {price.z:.1f}" if math.isfinite(price.z) else "the same in every run"
        lines.append(
            f"  {player}: {price.mean:+.3f} +- {price.standard_error:.3f} "
            f"[{price.low:+.3f}, {price.high:+.3f}] {solved.game.unit} ({z})"
        )
    return "\n".join(lines)


def _gains(game: Game) -> str:
    gains: Real = paired_error_gains(game)
    if not len(gains):
        return "No policy changes any payoff"
    return (
        f"Common random numbers and controls: standard errors of differences between a nation's policies are\n"
        f"{np.median(gains):.2f} times smaller than from independent runs without controls\n(median of {len(gains)} "
        f"differences; {gains.min():.2f} to {gains.max():.2f}; pairing alone {game.provenance[PAIRING]:.2f}): worth "
        f"{np.median(gains) ** 2:.1f} times the runs"
    )


def _percent(share: float | None) -> str:
    return "all" if share is None else f"{100 * share:.3g} %"
