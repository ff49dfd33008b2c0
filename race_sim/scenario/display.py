"""How Jupyter shows a scenario: its nations, and every parameter with unit, status and source."""

from collections import Counter
from collections.abc import Sequence
from itertools import groupby
from typing import TYPE_CHECKING

from race_sim.text.markup import Markup, faint, folded, lines, table, titled

if TYPE_CHECKING:
    from race_sim.scenario.scenario import Parameter, Scenario


def of_scenario(scenario: "Scenario") -> Markup:
    """Show a scenario: nations, labs, and every parameter by section.

    Parameters
    ----------
    scenario : Scenario
        What is shown.

    Returns
    -------
    Markup
        HTML with value, unit, plausible range, status, meaning and source of every parameter.
    """
    nations = table(
        ["nation", "policy", "labs"],
        [
            (name, nation.policy, ", ".join(lab for lab, about in scenario.labs.items() if about.nation == name))
            for name, nation in scenario.nations.items()
        ],
    )
    parameters = scenario.parameters()
    sections = groupby(parameters, key=lambda parameter: parameter.path.partition(".")[0])
    parts = [folded(_counted(name, rows := list(group)), _parameters(rows)) for name, group in sections]
    rules = ", ".join(sorted({lab.rule or scenario.lab.rule for lab in scenario.labs.values()}))
    text = f"decision rules: {rules}; {_counted('all sections', parameters)}"
    return titled(scenario.name, " ".join(scenario.description.split()), nations, faint(text), *parts)


def _counted(section: str, parameters: Sequence["Parameter"]) -> str:
    counts = Counter(parameter.about.status for parameter in parameters)
    text = ", ".join(f"{count} {status}" for status, count in counts.most_common())
    return f"{section}: {len(parameters)} parameter{'s' if len(parameters) > 1 else ''} ({text})"


def _parameters(parameters: Sequence["Parameter"]) -> Markup:
    rows = []
    for parameter in parameters:
        known = parameter.about
        plausible = "" if known.plausible is None else f"{known.plausible[0]:g} to {known.plausible[1]:g}"
        meaning = known.meaning if known.source == known.status else lines([known.meaning, faint(known.source)])
        rows.append((parameter.path, parameter.text, known.unit, plausible, known.status, meaning))
    return table(["parameter", "value", "unit", "plausible", "status", "meaning and source"], rows, [1])
