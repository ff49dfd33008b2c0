"""The panel: widgets move a state, its images and tables follow."""

import io
import math
from collections.abc import Callable
from typing import Any

import ipywidgets as widgets
import numpy as np
from matplotlib.figure import Figure

from race_sim.errors import InputError
from race_sim.explore.figures import game_figure, race_figure
from race_sim.explore.numbers import GameNumbers, RaceNumbers, State, game_numbers, race_numbers
from race_sim.nations.solved_game import own_class, subgame_name
from race_sim.plots import house_style
from race_sim.scenario.distributions import Distribution
from race_sim.scenario.policies import POLICIES
from race_sim.scenario.scenario import Parameter
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
STEP_OF_LOGARITHM = 0.05
SAME = 1e-9  # relative difference up to which a control has not been moved
DECADES = 3.0  # of a range from which its slider is logarithmic
DOTS = 90  # per inch of an image


class Panel:
    """Widgets, and what they show; see ``race_sim.interact``.

    Parameters
    ----------
    state : State
        Where the panel starts.

    Attributes
    ----------
    controls : dict of str to widget
        A slider for each parameter and a drop-down for each nation's policy, by path, and ``seed``.
    race, game : Image
        The figures.
    outcomes, solution : HTML
        The tables.
    message : HTML
        One line, where a state cannot be shown.
    box : HBox
        All of them.
    """

    def __init__(self, state: State) -> None:
        scenario = state.scenario
        known = {parameter.path: parameter for parameter in scenario.parameters()}
        self._start = state
        self.controls: dict[str, Any] = {path: _slider(known[path]) for path in SLIDERS}
        for name, nation in scenario.nations.items():
            path = f"nations.{name}.policy"
            self.controls[path] = widgets.Dropdown(
                options=list(POLICIES), value=nation.policy, description=path, **_wide()
            )
        self.controls["seed"] = widgets.IntText(value=state.seed, description="seed", **_wide())
        self._at_start = {path: control.value for path, control in self.controls.items()}
        self.race, self.game = (widgets.Image(format="png") for _ in range(2))
        self.outcomes, self.solution, self.message = (widgets.HTML() for _ in range(3))
        self._drawn: dict[str, object] = {}
        shown = widgets.VBox([self.message, self.race, self.outcomes, self.game, self.solution])
        self.box = widgets.HBox([widgets.VBox(list(self.controls.values())), shown], layout={"flex_flow": "row wrap"})
        for control in self.controls.values():
            control.observe(self._moved, names="value")
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
        moved = {path: value for path, value in values.items() if _moved_from(self._at_start[path], value)}
        return self._start.changed(moved, seed=seed)

    def refresh(self) -> None:
        """Compute and draw what has changed."""
        state = self.state
        refusals = [
            self._show(self.race, self.outcomes, race_numbers, race_figure, _outcomes, state),
            self._show(self.game, self.solution, game_numbers, game_figure, _solution, state),
        ]
        self.message.value = lines(bold(line) for line in dict.fromkeys(refusals) if line)

    def _moved(self, change: object) -> None:
        self.refresh()

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
            return str(refused)
        if self._drawn.get(compute.__name__) is not numbers:
            image.value, below.value = _png(draw(numbers)), describe(numbers)
            self._drawn[compute.__name__] = numbers
        image.layout.display = below.layout.display = None
        return ""


def _moved_from(start: object, value: object) -> bool:
    """Whether a control stands elsewhere; a browser gives a slider's number back with a rounding error of its own."""
    if isinstance(start, float) and isinstance(value, float):
        return not math.isclose(start, value, rel_tol=SAME, abs_tol=SAME)
    return value != start


def _wide() -> dict[str, Any]:
    return {"style": {"description_width": "15em"}, "layout": {"width": "32em", "flex": "0 0 auto"}}


def _grid(start: float, low: float, high: float, step: float, bounds: tuple[float, float]) -> tuple[float, float]:
    """The ends of a grid that has the start on it and reaches as far as low and high, or as the bounds allow."""
    down, up = math.ceil((start - low) / step - SAME), math.ceil((high - start) / step - SAME)
    down -= start - down * step < bounds[0] - SAME
    up -= start + up * step > bounds[1] + SAME
    return start - down * step, start + up * step


def _slider(parameter: Parameter) -> Any:
    """A slider over the plausible range, on a grid that has the scenario's value; logarithmic over several decades.

    A browser moves a value that is not on the grid.
    """
    known = parameter.about
    assert known.plausible is not None
    value = parameter.value
    start = float(value.draw(np.array([0.5]))[0]) if isinstance(value, Distribution) else value
    low, high = min(known.plausible[0], start), max(known.plausible[1], start)
    unit = "" if known.unit == "1" else f" ({known.unit})"
    more = {
        "description": f"{parameter.path}{unit}",
        "tooltip": f"{known.meaning}; {known.status}; plausible {known.plausible[0]:g} to {known.plausible[1]:g}",
        **_wide(),
    }
    bounds = known.at_least, known.at_most
    if low > 0 and math.log10(high / low) >= DECADES:
        ends = [math.log10(value) if value > 0.0 else -math.inf for value in (start, low, high, *bounds)]
        least, most = _grid(ends[0], ends[1], ends[2], STEP_OF_LOGARITHM, (ends[3], ends[4]))
        return widgets.FloatLogSlider(
            value=start, min=least, max=most, step=STEP_OF_LOGARITHM, readout_format=".3g", **more
        )
    step = (high - low) / 100
    least, most = _grid(start, low, high, step, bounds)
    return widgets.FloatSlider(value=start, min=least, max=most, step=step, readout_format=".3g", **more)


def _png(figure: Figure) -> bytes:
    picture = io.BytesIO()
    with house_style():
        figure.savefig(picture, format="png", dpi=DOTS)
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
