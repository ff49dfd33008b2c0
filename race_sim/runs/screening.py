"""Does every parameter, and every claim, move something? A paired screening: same luck, one change."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from race_sim.kernels.run import run_block
from race_sim.runs.estimation import columns
from race_sim.runs.outcomes import Real, keys
from race_sim.runs.records import build
from race_sim.runs.sampling import Sampling
from race_sim.scenario.scenario import Parameter, Scenario

DETECTED = 4.0  # |z| from which an effect counts as seen


@dataclass(frozen=True)
class Effect:
    """A paired change of one outcome: mean(after) - mean(before), its standard error and z-score."""

    outcome: str
    unit: str
    before: float
    effect: float
    standard_error: float
    z: float

    @property
    def seen(self) -> bool:
        """Whether the change stands out of the noise."""
        return abs(self.z) >= DETECTED


@dataclass(frozen=True)
class Screened:
    """One row: what was changed, from what to what, in which context, and the effect."""

    name: str
    before: str
    after: str
    context: str
    effect: Effect


@dataclass(frozen=True)
class Claim:
    """One claim about the race: how it is switched off, in which context it acts, and what that must change.

    ``on`` is how it is switched on first, where a scenario may have it off. A ``*`` in a path stands for all names.
    """

    text: str
    off: Mapping[str, Any]
    outcome: str
    policies: tuple[str, ...] = ()
    on: Mapping[str, Any] = field(default_factory=dict)


CLAIMS: tuple[Claim, ...] = (
    Claim("buyers see capability better than safety", {"market.measurement_reliability": 1.0}, "safety_share"),
    Claim("a mishap undermines public trust", {"trust.mishap_loss": 0.0}, "trust"),
    Claim("a mishap at one lab hits the whole industry", {"trust.commons_share": 0.0}, "trust"),
    Claim("a mishap triggers restrictive regulation", {
        "regulation.home_probability": 0.0, "regulation.abroad_probability": 0.0,
    }, "regulation"),
    Claim("the fear of a mishap disciplines labs", {"lab.anticipation": 0.0}, "safety_share"),
    Claim("alignment gets harder as capability grows", {"assurance.difficulty": 0.0}, "assurance_gap"),
    Claim("deployment outruns evaluation: the gap makes mishaps", {"incidents.gap_sensitivity": 0.0}, "mishap_hazard"),
    Claim("mishaps grow graver with capability", {"incidents.severity_growth": 0.0}, "catastrophe_hazard"),
    Claim("each breakthrough draws money", {"breakthrough.investment_boost": 0.0}, "capability"),
    Claim("rivals answer each breakthrough", {"breakthrough.rival_response": 0.0}, "capability"),
    Claim("breakthroughs draw talent from other labs", {"breakthrough.talent_drain": 0.0}, "capability"),
    Claim("shared benchmarks reward safety", {"cooperation.benchmarks": 0.0}, "safety_share", ("fundamentals",)),
    Claim("sharing spreads safety work", {"cooperation.sharing": 0.0}, "assurance_gap", ("fundamentals",)),
    Claim("sharing leaks capability", {"cooperation.leak": 0.0}, "lead", ("fundamentals",)),
    Claim("benchmarks are gamed and outgrown", {"cooperation.benchmark_wear": 0.0}, "safety_share", ("fundamentals",)),
    Claim("a treaty binds", {"cooperation.standard": 0.0}, "catastrophe_probability", ("treaty",)),
    Claim("verification finds defection", {"cooperation.verification": 0.0}, "treaty_in_force",
          ("treaty", "covert_defection")),
    Claim("a catastrophe costs every nation", {"nations.*.catastrophe_cost": 0.0}, "welfare"),
    Claim("the loser of the race loses", {"prize.enmity": 0.0}, "welfare"),
    Claim("a lead is worth something by itself", {"nation.rivalry": 0.0}, "welfare"),
    Claim("alarmed researchers are heard in their labs", {"alarm.voice": 0.0}, "safety_share", on={"alarm.voice": 0.2}),
    Claim("alarmed researchers make buyers see", {"alarm.whistle": 0.0}, "safety_share",
          on={"alarm.whistle": 0.5, "alarm.exposure": 2.0}),
    Claim("trust moves without mishaps", {"alarm.unease": 0.0}, "trust", on={"alarm.unease": 1.0}),
    Claim("labs choose when to release, and test meanwhile", {"release.longest": 0.0}, "mishap_hazard",
          on={"release.longest": 1.0, "release.test_yield": 1.0}),
    Claim("labs make light of the risk", {"labs.*.risk_perception": 1.0}, "safety_share",
          on={"labs.*.risk_perception": 0.03}),
)  # fmt: skip


def screen(
    scenario: Scenario | str,
    runs: int = 400,
    seed: int = 0,
    *,
    threads: int | None = None,
    progress: bool | None = None,
    report: Callable[[Screened], None] = lambda row: None,
) -> list[Screened]:
    """Move each parameter from the low to the high end of its plausible range, on the same luck.

    Parameters that act only under some policies or under one decision rule are moved there. Parameters without a
    plausible range (the time grid) and with a range of one point (a unit) are left out.

    Parameters
    ----------
    scenario : Scenario or str
        A scenario, the name of a shipped one, or the path of a TOML file.
    runs : int
        Number of runs on either side of every change, at least 2.
    seed : int
        Seed of all draws.
    threads : int, optional
        How many; all cores by default.
    progress : bool, optional
        Whether a bar is shown.
    report : callable
        Called with each row as it comes.

    Returns
    -------
    list of Screened
        A row per parameter: its largest paired effect, by z.
    """
    sampling = Sampling(runs, seed, threads=threads, progress=progress, least=2)
    scenario = Scenario.load(scenario)
    rows = []
    for parameter in scenario.parameters():
        plausible = parameter.about.plausible
        if plausible is None or plausible[0] == plausible[1]:
            continue
        context, changes = _context(scenario, parameter)
        here = scenario.replace(changes)
        low, high = (_linearised(here.replace({parameter.path: end}), sampling) for end in plausible)
        strongest = max(_effects(scenario, low, high), key=_rank)
        rows.append(Screened(parameter.path, f"{plausible[0]:g}", f"{plausible[1]:g}", context, strongest))
        report(rows[-1])
    return rows


def screen_claims(
    scenario: Scenario | str,
    runs: int = 400,
    seed: int = 0,
    *,
    threads: int | None = None,
    progress: bool | None = None,
    report: Callable[[Screened], None] = lambda row: None,
) -> list[Screened]:
    """Switch off each claim about the race, on the same luck, and see what that does to the outcome that it is about.

    Parameters
    ----------
    scenario : Scenario or str
        A scenario, the name of a shipped one, or the path of a TOML file.
    runs : int
        Number of runs on either side of every change, at least 2.
    seed : int
        Seed of all draws.
    threads : int, optional
        How many; all cores by default.
    progress : bool, optional
        Whether a bar is shown.
    report : callable
        Called with each row as it comes.

    Returns
    -------
    list of Screened
        A row per claim.
    """
    sampling = Sampling(runs, seed, threads=threads, progress=progress, least=2)
    scenario = Scenario.load(scenario)
    rows = []
    for claim in CLAIMS:
        here = scenario.replace({**_policies(scenario, claim.policies), **_named(scenario, claim.on)})
        on = _linearised(here, sampling)
        off = _linearised(here.replace(_named(scenario, claim.off)), sampling)
        effect = next(e for e in _effects(scenario, on, off) if e.outcome == claim.outcome)
        rows.append(Screened(claim.text, "on", "off", _text(claim.policies), effect))
        report(rows[-1])
    return rows


def _named(scenario: Scenario, changes: Mapping[str, Any]) -> dict[str, Any]:
    """Changes with every ``labs.*`` and ``nations.*`` written out."""
    rows = {"labs": scenario.lab_names, "nations": scenario.nation_names}
    named = {}
    for path, value in changes.items():
        for name in rows[path.partition(".")[0]] if "*" in path else ("",):
            named[path.replace("*", name)] = value
    return named


def _policies(scenario: Scenario, policies: tuple[str, ...]) -> dict[str, str]:
    """The policies dealt out to the nations in turn; the last one to all that are left."""
    if not policies:
        return {}
    return {
        f"nations.{name}.policy": policies[min(n, len(policies) - 1)] for n, name in enumerate(scenario.nation_names)
    }


def _text(policies: tuple[str, ...]) -> str:
    return f"policies {', '.join(policies)}" if policies else ""


def _context(scenario: Scenario, parameter: Parameter) -> tuple[str, dict[str, Any]]:
    """In words and as changes: the policies and the decision rule under which a parameter acts."""
    about = parameter.about
    changes: dict[str, Any] = dict(_policies(scenario, about.policies))
    if about.rule:
        changes["lab.rule"] = about.rule
        changes |= {f"labs.{name}.rule": about.rule for name in scenario.lab_names}
    changes |= about.beside
    beside = ", ".join(f"{path} {value:g}" for path, value in about.beside)
    return _text(about.policies) or (f"rule {about.rule}" if about.rule else beside), changes


def _rank(effect: Effect) -> tuple[float, bool, str]:
    """By z; of equal ones a payoff comes before the same payoff as it is perceived."""
    return abs(effect.z), not effect.outcome.startswith("perceived_"), effect.outcome


def _linearised(scenario: Scenario, sampling: Sampling) -> tuple[Real, Real]:
    """Means of all outcomes, and each run's deviation to first order, (runs, keys), whose mean is 0."""

    def batch(numbers: NDArray[np.int64]) -> tuple[Real, Real]:
        records = build(scenario, sampling.seed, numbers)
        run_block(*records)
        return columns(records)

    parts = list(sampling.batches(batch, scenario.name))
    values = np.concatenate([part[0] for part in parts])
    weights = np.concatenate([part[1] for part in parts])
    total = weights.mean(axis=0)
    means = np.divide(values.mean(axis=0), total, out=np.zeros_like(total), where=total > 0)
    deviations = np.divide(values - means * weights, total, out=np.zeros_like(values), where=total > 0)
    return means, deviations


def _effects(scenario: Scenario, before: tuple[Real, Real], after: tuple[Real, Real]) -> list[Effect]:
    effects = after[0] - before[0]
    paired = after[1] - before[1]
    errors = paired.std(axis=0, ddof=1) / np.sqrt(len(paired))
    report = []
    for (key, outcome), start, effect, error in zip(keys(scenario), before[0], effects, errors, strict=True):
        z = 0.0 if effect == 0.0 else effect / error if error > 0.0 else np.inf * effect
        report.append(Effect(key, outcome.unit, float(start), float(effect), float(error), float(z)))
    return report
