"""Second transcriptions of the laws (C, plain Mesa, the text of J) and the parameters that each of them has.

A parameter that a twin lacks is listed by name; it fails a comparison only where it does something in it.
"""

import re
from pathlib import Path

from race_sim import Scenario
from race_sim.scenario.scenario import Parameter

ROOT = Path(__file__).parent.parent
START = ROOT / "race_sim" / "runs" / "records.py"  # makes the state from which the kernels, and C, start
C = ROOT / "experiments" / "performance" / "race.c"
PLAIN_MESA = ROOT / "experiments" / "performance" / "plain_mesa.py"


def has(parameter: Parameter, sources: str) -> bool:
    """Whether the sources name a parameter: ``p->prize_enmity``, ``"prize.enmity"``, ``f"labs.{name}.resources"``."""
    section, *row, field = parameter.path.split(".")
    name = rf"{section}\.\{{[\w.]+\}}\.{field}" if row else rf"{section}[._]{field}"
    return re.search(rf"\b{name}\b", sources) is not None


def does_nothing(parameter: Parameter, scenario: Scenario) -> bool:
    """Whether a parameter is at its neutral value, or acts under a rule or a policy that nobody has."""
    about = parameter.about
    rules = {lab.rule or scenario.lab.rule for lab in scenario.labs.values()}
    needed = set(about.policies) - {"race"}
    return (
        parameter.value == about.neutral
        or (about.rule != "" and about.rule not in rules)
        or (bool(needed) and not needed & set(scenario.policies.values()))
    )


def lacking(scenario: Scenario, *sources: Path | str) -> list[Parameter]:
    """The scenario's parameters that a twin with these sources does not have, but for the time grid, which is given."""
    text = "\n".join(source if isinstance(source, str) else source.read_text() for source in sources)
    return [p for p in scenario.parameters() if not p.path.startswith("time.") and not has(p, text)]


def check_twin(scenario: Scenario, *sources: Path | str) -> list[str]:
    """Paths of what a twin lacks; an error where one of them does something in the scenario."""
    absent = lacking(scenario, *sources)
    print(f"\nnot in the twin: {', '.join(p.path for p in absent) or 'nothing'}")
    acting = [f"{p.path} = {p.text}" for p in absent if not does_nothing(p, scenario)]
    assert not acting, f"not in the twin, and at work in this comparison: {', '.join(acting)}"
    return [p.path for p in absent]
