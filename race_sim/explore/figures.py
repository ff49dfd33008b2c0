"""Numbers -> figures. Simulates nothing, and leaves pyplot's figures alone."""

import matplotlib as mpl
from matplotlib.figure import Figure

from race_sim.explore.numbers import GameNumbers, RaceNumbers
from race_sim.plots import house_style, payoff_matrix, trajectories


def race_figure(numbers: RaceNumbers) -> Figure:
    """Draw how capability, safety shares and the risk unfold: medians and quantile bands over runs.

    Parameters
    ----------
    numbers : RaceNumbers
        As ``race_numbers`` computes them.

    Returns
    -------
    Figure
        Three panels, on no canvas of pyplot's.

    Examples
    --------
    >>> from race_sim.explore import State, race_numbers
    >>> len(race_figure(race_numbers(State.of("duopoly", runs=4))).axes)
    3
    """
    parts = (
        (numbers.capability, "capability of the best lab (OOM)"),
        (numbers.share, "safety share, mean of labs (1)"),
        ({"the race": numbers.risk}, "catastrophe so far (probability)"),
    )
    with house_style(), mpl.rc_context({"figure.constrained_layout.use": False}):  # it doubles the time of drawing
        figure = Figure(figsize=(9.6, 3.1))
        figure.subplots_adjust(left=0.06, right=0.985, bottom=0.16, top=0.96, wspace=0.34)
        for ax, (groups, label) in zip(figure.subplots(1, 3), parts, strict=True):
            trajectories(numbers.times, groups, ylabel=label, ax=ax)
        for ax in figure.axes[1:]:
            ax.legend().remove()  # that of the first says it
            ax.set_ylim(bottom=0.0)
    return figure


def game_figure(numbers: GameNumbers) -> Figure:
    """Draw the policy game's payoff matrix.

    Best replies are bold, pure equilibria framed, possible ones by broken lines, standard errors in brackets; below the
    title whether the runs decide which are equilibria.

    Parameters
    ----------
    numbers : GameNumbers
        As ``game_numbers`` computes them.

    Returns
    -------
    Figure
        One panel, on no canvas of pyplot's.

    Examples
    --------
    >>> from race_sim.explore import State, game_numbers
    >>> figure = game_figure(game_numbers(State.of("duopoly", ("race", "unilateral_slowdown"), runs=20)))
    >>> figure.axes[0].get_xlabel()
    'west (right)'
    """
    game = numbers.solved.game
    solved = numbers.solved.equilibria
    cells, others = (
        [(row[0], column[0]) for row, column in (one.support for one in equilibria if one.kind == "pure")]
        for equilibria in (solved.equilibria, solved.possible)
    )
    rows, columns = game.shape
    with house_style(), mpl.rc_context({"figure.constrained_layout.use": False}):
        width, height = 1.9 * columns + 2.0, 0.85 * rows + 1.0  # inches
        figure = Figure(figsize=(width, height))
        names = 0.07 * max(map(len, game.strategies[0])) + 0.4  # of the rows, beside the table
        figure.subplots_adjust(left=names / width, right=1 - 0.1 / width, bottom=0.1 / height, top=1 - 0.85 / height)
        payoff_matrix(
            game.payoff,
            game.strategies,
            game.players,
            game.standard_error,
            cells,
            game.unit,
            figure.subplots(),
            possible=others,
            verdict=f"verdict: {solved.verdict}",
        )
    return figure
