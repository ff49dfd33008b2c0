"""The panel: widgets move a state, its images and tables follow."""

import io
from collections.abc import Callable, Collection
from functools import partial
from itertools import product
from typing import Any

import ipywidgets as widgets
import numpy as np
from matplotlib.figure import Figure

from race_sim.errors import InputError
from race_sim.explore.acting import facts_of, why_as_race, why_not
from race_sim.explore.controls import WIDE, Row, Slider, close
from race_sim.explore.figures import game_figure, race_figure
from race_sim.explore.numbers import GameNumbers, RaceNumbers, State, game_numbers, race_numbers
from race_sim.nations.solved_game import own_class, subgame_name
from race_sim.plots import house_style
from race_sim.scenario.distributions import Distribution
from race_sim.scenario.policies import POLICIES
from race_sim.text.markup import Markup, bold, lines, table, with_unit
from race_sim.text.rounding import with_error

SLIDERS = (
    "prize.enmity",
    "prize.prize",
    "nation.catastrophe_cost",
    "cooperation.verification",
    "cooperation.benchmarks",
    "cooperation.sharing",
    "trust.mishap_loss",
    "trust.commons_share",
    "lab.planning_horizon",
)
DOTS = 90  # per inch of an image


def sliders(known: Collection[str]) -> list[str]:
    """Give the paths of the parameters that a panel moves: those of single nations where each has its own.

    Parameters
    ----------
    known : collection of str
        Paths of a scenario's parameters.

    Returns
    -------
    list of str
        Those of ``SLIDERS`` among them.

    Examples
    --------
    >>> sliders(["prize.enmity", "nations.us.catastrophe_cost", "nations.china.catastrophe_cost", "trust.recovery"])
    ['prize.enmity', 'nations.us.catastrophe_cost', 'nations.china.catastrophe_cost']
    """
    paths = []
    for path in SLIDERS:
        table, _, name = path.partition(".")
        own = [other for other in known if other.startswith(f"{table}s.") and other.endswith(f".{name}")]
        paths += [path] if path in known else own
    return paths


class Panel:
    """Widgets, and what they show; see ``race_sim.interact``.

    Parameters
    ----------
    state : State
        Where the panel starts.

    Attributes
    ----------
    controls : dict of str to Slider or widget
        A slider for each parameter and a drop-down for each nation's policy, by path, and ``seed``.
    rows : dict of str to Row
        Each control with its button and the line that says what it cannot do.
    back : Button
        Takes all controls back.
    race, game : Image
        The figures.
    outcomes, solution : HTML
        The tables.
    message : HTML
        What cannot be shown, and what the last move has not changed.
    box : HBox
        All of them.
    """

    def __init__(self, state: State) -> None:
        scenario = state.scenario
        known = {parameter.path: parameter for parameter in scenario.parameters()}
        self._start = state
        paths = sliders(known)
        self._about = {path: known[path].about for path in paths}
        self.controls: dict[str, Any] = {path: Slider(known[path]) for path in paths}
        for name, nation in scenario.nations.items():
            path = f"nations.{name}.policy"
            self.controls[path] = widgets.Dropdown(
                options=list(POLICIES), value=nation.policy, description=path, **WIDE
            )
        self.controls["seed"] = widgets.IntText(value=state.seed, description="seed", **WIDE)
        self.rows = {path: Row(control) for path, control in self.controls.items()}
        self.back = widgets.Button(
            description="back to the scenario", icon="undo", disabled=True, layout={"width": "auto"}
        )
        self.back.on_click(lambda _: self.reset())
        self.race, self.game = (widgets.Image(format="png", layout={"max_width": "100%"}) for _ in range(2))
        self.outcomes, self.solution, self.message = (
            widgets.HTML(layout={"max_width": "100%", "overflow": "auto"}) for _ in range(3)
        )
        self._shown: dict[str, Any] = {}
        self._resetting = False
        left = widgets.VBox([*(row.box for row in self.rows.values()), self.back], layout={"flex": "2 1 32em"})
        right = widgets.VBox(
            [self.message, self.race, self.outcomes, self.game, self.solution],
            layout={"flex": "3 1 34em", "min_width": "0", "padding": "0 0 0 0.7em"},
        )
        self.box = widgets.HBox([left, right], layout={"flex_flow": "row wrap", "width": "100%"})
        for path, row in self.rows.items():
            row.on_move(partial(self._moved, path))
        self.refresh()

    def __repr__(self) -> str:
        return (
            f"Panel({self._start.scenario.name!r}: {len(self.controls)} controls; run the cell in Jupyter to move them)"
        )

    def _repr_mimebundle_(self, **options: Any) -> dict[str, Any]:
        return {**self.box._repr_mimebundle_(**options), "text/plain": repr(self)}

    @property
    def state(self) -> State:
        """The scenario with what has been moved; what stands where it started keeps the scenario's value."""
        values = {path: control.value for path, control in self.controls.items()}
        seed = values.pop("seed")
        moved = {path: value for path, value in values.items() if value != self.rows[path].start}
        return self._start.changed(moved, seed=seed)

    def reset(self) -> None:
        """Take every control back to where it started."""
        self._resetting = True
        try:
            for row in self.rows.values():
                row.reset()
        finally:
            self._resetting = False
        self.refresh()

    def refresh(self, moved: str = "") -> None:
        """Compute and draw what has changed.

        Parameters
        ----------
        moved : str, optional
            Path of the one control that has been moved since, of which is said if it has changed nothing.
        """
        state = self.state
        self._say_what_acts(state)
        before = dict(self._shown)
        notes = [
            self._show(self.race, self.outcomes, race_numbers, race_figure, _outcomes, state),
            self._show(self.game, self.solution, game_numbers, game_figure, _solution, state),
        ]
        if moved and self._shown.keys() == before.keys() and all(map(_same, before.values(), self._shown.values())):
            notes.append(f"{moved} has changed nothing in these {state.runs:,} runs: every number is as before")
        said = [bold(line) for line in dict.fromkeys(notes) if line]
        self.message.value = close(lines(said)) if said else ""
        self.back.disabled = all(row.button.disabled for row in self.rows.values())

    def _moved(self, path: str) -> None:
        if not self._resetting:
            self.refresh(path)

    def _say_what_acts(self, state: State) -> None:
        """Disable what can act neither in the race nor in the game, and say why."""
        try:
            scenario = state.scenario
        except InputError:
            return
        profile = tuple(scenario.policies.values())
        race = facts_of(scenario, [profile])
        cells = list(product(state.policies, repeat=2)) if len(profile) == 2 else []
        game = facts_of(scenario, cells)
        for path, known in self._about.items():
            row, slider = self.rows[path], self.controls[path]
            why, nor = why_not(scenario, path, known, race), why_not(scenario, path, known, game)
            said = []
            if why and cells and not nor:
                said.append(f"acts in the game only: in the race {why}")
            elif why:
                said.append(f"cannot act: {why}")
            if isinstance(slider.own, Distribution):
                said.append(f"{'instead of' if slider.moved else 'drawn in every run:'} {slider.own}")
            row.say("; ".join(said), possible=not why or (bool(cells) and not nor))
        for place, name in enumerate(scenario.nations):
            self.rows[f"nations.{name}.policy"].say(why_as_race(scenario, profile, place))

    def _show(
        self,
        image: Any,
        below: Any,
        compute: Callable[[State], Any],
        draw: Callable[[Any], Figure],
        describe: Callable[[Any], Markup],
        state: State,
    ) -> str:
        """Redraw one part unless its numbers are those that it shows; returns the line that says why it cannot."""
        try:
            numbers = compute(state)
        except InputError as refused:
            image.layout.display = below.layout.display = "none"
            self._shown.pop(compute.__name__, None)
            return str(refused)
        if self._shown.get(compute.__name__) is not numbers:
            image.value, below.value = _png(draw(numbers)), close(describe(numbers))
            self._shown[compute.__name__] = numbers
        image.layout.display = below.layout.display = None
        return ""


def _same(one: Any, other: Any) -> bool:
    """Whether two computations have given the same numbers, bit by bit."""
    if isinstance(one, GameNumbers):
        return np.array_equal(one.solved.game.payoff, other.solved.game.payoff)
    return all(np.array_equal(*pair, equal_nan=True) for pair in zip(_numbers(one), _numbers(other), strict=True))


def _numbers(numbers: RaceNumbers) -> list[Any]:
    table = [(mean, error) for mean, error, _ in numbers.outcomes.values()]
    return [*numbers.capability.values(), *numbers.share.values(), numbers.risk, np.array(table)]


def _png(figure: Figure) -> bytes:
    picture = io.BytesIO()
    with house_style():
        figure.savefig(picture, format="png", dpi=DOTS, pil_kwargs={"compress_level": 1})
    return picture.getvalue()


def _outcomes(numbers: RaceNumbers) -> Markup:
    rows = [(key, with_error(mean, error), unit) for key, (mean, error, unit) in numbers.outcomes.items()]
    return table(["outcome", "mean ± standard error", "unit"], rows, [1])


def _solution(numbers: GameNumbers) -> Markup:
    """Equilibria, then the class of every pair of policies with its probability and each nation's own."""
    solved = numbers.solved
    rows = []
    for pair, result in solved.subgames.items():
        own = (f"{player}: {own_class(factors)}" for player, factors in solved.factors[pair].items())
        sure = f"{100 * result.probability[result.class_]:.3g}"
        rows.append((subgame_name(solved.game, pair), result.class_, sure, lines(own)))
    head = ["pair of policies", "class of both", with_unit("probability", "%"), "class by nation"]
    return Markup(solved.equilibria._repr_html_() + table(head, rows, [2]))
