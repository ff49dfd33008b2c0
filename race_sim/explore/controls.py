"""What is moved: a slider that has the scenario's own value exactly, and a row that says what a control can do."""

import math
from collections.abc import Callable
from typing import Any

import ipywidgets as widgets
import numpy as np
import traitlets

from race_sim.scenario.distributions import Distribution
from race_sim.scenario.scenario import Parameter
from race_sim.text.markup import Markup, faint, html

DECADES = 3.0  # of a range from which its slider is logarithmic
PER_DECADE = 20
STEPS = 100  # at most, of a linear slider
WIDE = {"style": {"description_width": "19em"}, "layout": {"width": "auto", "flex": "1 1 auto", "min_width": "0"}}


class Slider(traitlets.HasTraits):
    """A slider over a parameter's plausible range, widened to the scenario's value.

    It goes through a list of numbers, one of which is the scenario's own, to the last bit: what the browser holds is a
    place in that list, so that no grid rounds a value. A distribution stands at its median.

    Parameters
    ----------
    parameter : Parameter
        What it moves; it has a plausible range.

    Attributes
    ----------
    value : float
        Any number; one that is not in the list joins it.
    start : float
        Where the scenario stands.
    own : float or Distribution
        The scenario's value, which counts while the slider stands at ``start``.
    low, high : float
        Ends of the range.
    widget : SelectionSlider
        What is shown.

    Examples
    --------
    >>> from race_sim import Scenario
    >>> known = {parameter.path: parameter for parameter in Scenario.load("duopoly").parameters()}
    >>> slider = Slider(known["nation.catastrophe_cost"])
    >>> slider.value, slider.low, slider.high
    (1000.0, 20.0, 100000.0)
    """

    value = traitlets.Float()

    def __init__(self, parameter: Parameter) -> None:
        known = parameter.about
        assert known.plausible is not None
        self.own = parameter.value
        self.start = start_of(parameter.value)
        low, high = map(float, known.plausible)
        self.low, self.high = min(low, self.start), max(high, self.start)
        self._values = positions(self.low, self.high, self.start)
        unit = "" if known.unit == "1" else f" ({known.unit})"
        self.widget = widgets.SelectionSlider(
            options=self._options(),
            index=self._values.index(self.start),
            continuous_update=False,
            description=f"{parameter.path}{unit}",
            tooltip=f"{known.meaning}; {known.status}; plausible {known.plausible[0]:g} to {known.plausible[1]:g}",
            **WIDE,
        )
        self._follows = False
        super().__init__(value=self.start)
        self.widget.observe(self._slid, names="index")
        self.observe(self._set, names="value")

    @property
    def moved(self) -> bool:
        """Whether it stands elsewhere than the scenario."""
        return bool(self.value != self.start)

    def _options(self) -> list[tuple[str, float]]:
        return [(f"{value:.6g}", value) for value in self._values]

    def _slid(self, change: Any) -> None:
        if not self._follows and change.new is not None:
            self.value = self._values[change.new]

    def _set(self, change: Any) -> None:
        self._follows = True
        try:
            if self.value not in self._values:
                self._values = sorted({*self._values, self.value})
                with self.widget.hold_sync():
                    self.widget.options = self._options()
                    self.widget.index = self._values.index(self.value)
            self.widget.index = self._values.index(self.value)
        finally:
            self._follows = False


class Row:
    """A control with a button that takes it back, and a line that says what it cannot do.

    Parameters
    ----------
    control : Slider or widget
        What is moved: it has a ``value``.

    Attributes
    ----------
    control : Slider or widget
        The same.
    start : object
        Its value at the start.
    button : Button
        Takes it back.
    hint : HTML
        The line; not shown where there is nothing to say.
    box : VBox
        All of them.
    """

    def __init__(self, control: Any) -> None:
        self.control = control
        self.start = control.value
        self._inner = getattr(control, "widget", control)
        self.button = widgets.Button(
            icon="undo",
            tooltip="back to the scenario's value",
            disabled=True,
            layout={"width": "2.2em", "padding": "0"},
        )
        self.hint = widgets.HTML(layout={"display": "none", "margin": "0 0 0 1em"})
        line = widgets.HBox([self._inner, self.button], layout={"width": "100%"})
        self.box = widgets.VBox([line, self.hint], layout={"width": "100%"})
        self.button.on_click(lambda _: self.reset())
        control.observe(self._moved, names="value")

    @property
    def possible(self) -> bool:
        """Whether the control can be moved."""
        return not self._inner.disabled

    def reset(self) -> None:
        """Take the control back to the start."""
        self.control.value = self.start

    def on_move(self, call: Callable[[], None]) -> None:
        """Have something called after every move.

        Parameters
        ----------
        call : callable
            What is called.
        """
        self.control.observe(lambda _: call(), names="value")

    def say(self, text: str, possible: bool = True) -> None:
        """Show what the control cannot do.

        Parameters
        ----------
        text : str
            One line; empty for nothing.
        possible : bool
            Whether it can still be moved.
        """
        self._inner.disabled = not possible
        self.hint.value = close(faint(html(text))) if text else ""
        self.hint.layout.display = None if text else "none"

    def _moved(self, change: object) -> None:
        self.button.disabled = self.control.value == self.start


def close(text: Markup) -> Markup:
    """Set text with its lines close together, which widgets keep apart by the height of a button.

    Parameters
    ----------
    text : Markup
        Any markup.

    Returns
    -------
    Markup
        The markup.
    """
    return Markup(f'<div style="line-height: 1.4">{text}</div>')


def start_of(value: float | Distribution) -> float:
    """Say where a slider stands for a parameter's value.

    Parameters
    ----------
    value : float or Distribution
        What the scenario gives.

    Returns
    -------
    float
        The number itself, or the median of a distribution to four digits.

    Examples
    --------
    >>> start_of(0.1 + 0.2)
    0.30000000000000004
    """
    if isinstance(value, Distribution):
        return float(f"{float(value.draw(np.array([0.5]))[0]):.4g}")
    return float(value)


def positions(low: float, high: float, start: float) -> list[float]:
    """List the numbers that a slider goes through: round ones, both ends and the start.

    Parameters
    ----------
    low, high : float
        Ends of the range; over three decades or more the numbers are evenly spaced in their logarithm.
    start : float
        A number in between, which is in the list exactly.

    Returns
    -------
    list of float
        Increasing.

    Examples
    --------
    >>> positions(0.0, 1.0, 0.625)[61:65]
    [0.61, 0.62, 0.625, 0.63]
    >>> positions(20.0, 1e5, 600.0)[28:31]
    [500.0, 560.0, 600.0]
    """
    if low > 0 and math.log10(high / low) >= DECADES:
        powers = range(math.floor(math.log10(low) * PER_DECADE), math.ceil(math.log10(high) * PER_DECADE) + 1)
        inner = [float(f"{10 ** (power / PER_DECADE):.1e}") for power in powers]
    else:
        rough = (high - low) / STEPS
        tens = math.floor(math.log10(rough)) if rough > 0 else 0
        factor = next(factor for factor in (1, 2, 5, 10) if rough <= factor * 10.0**tens * (1 + 1e-9))
        first, last = (round(end / (factor * 10.0**tens)) for end in (low, high))
        inner = [float(f"{number * factor}e{tens}") for number in range(first, last + 1)]
    ends = {low, high, start}
    close = (high - low) * 1e-9
    kept = [value for value in inner if low < value < high and all(abs(value - end) > close for end in ends)]
    return sorted({*kept, *ends})
