"""Every parameter of the race: its unit, bounds, plausible range, status, source and meaning. Values live in TOML.

Adding a field here is all it takes: it then appears in scenario files, ``--set``, ``show``, the screening and, as
``p.<section>_<name>``, in the kernels.
"""

import numbers
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Annotated, Any, Literal, cast

import pydantic
from pydantic import BaseModel, ConfigDict, Field, PlainValidator

from race_sim.kernels import rules
from race_sim.kernels.laws import NO_CEILING
from race_sim.kernels.rules import RuleParameter
from race_sim.scenario.distributions import Distribution, finite, parse

Status = Literal["measured", "elicited", "assumed", "calibrated", "lever", "structure"]


@dataclass(frozen=True)
class About:
    """What is known of one parameter, apart from its value.

    ``policies`` are the nations' policies, in turn, under which it acts, when it does not act under any; ``rule`` is
    the decision rule under which it acts, likewise; ``beside`` are values of other parameters, by path, beside which it
    acts, where it does not act at their neutral values; ``neutral`` the value at which it does nothing. ``status`` says
    where its values come from: measured, elicited (experts were asked), calibrated (fitted to targets), assumed, a
    lever (for actors to choose) or structure (it fixes the form of a run). ``whole`` is True where only whole numbers
    make sense.
    """

    meaning: str
    unit: str
    at_least: float
    at_most: float
    plausible: tuple[float, float] | None
    status: Status
    source: str
    whole: bool = False
    policies: tuple[str, ...] = ()  # nations' policies, in turn, under which it acts, when not under any
    rule: str = ""  # the decision rule under which it acts, when not under any
    neutral: float | None = None  # the value at which it does nothing, if there is one
    beside: tuple[tuple[str, float], ...] = ()  # values of others beside which it acts

    def check(self, value: float | Distribution) -> float | Distribution:
        """Check a value, or a distribution of values, against the bounds.

        Parameters
        ----------
        value : float or Distribution
            What a scenario gives. Of a distribution, enough must lie within the bounds.

        Returns
        -------
        float or Distribution
            The value as it came.

        Raises
        ------
        ValueError
            If it does not lie within the bounds, is a fraction where a whole number is needed, or is a distribution
            where the parameter fixes the structure of a run.
        """
        rule = f"must lie in [{self.at_least:g}, {self.at_most:g}]"
        if isinstance(value, Distribution):
            if self.status == "structure":
                raise ValueError("must be a number: it fixes the structure of the run and cannot be drawn")
            for end in (value.low, value.high):
                if end is not None and not self.at_least <= end <= self.at_most:
                    raise ValueError(f"{rule}, got an end at {end:g}")
            first, last = value.mass(self.at_least, self.at_most)
            if last - first < 1e-6:
                raise ValueError(f"{rule}: less than 1e-6 of this distribution does")
        elif not self.at_least <= value <= self.at_most:
            raise ValueError(f"{rule}, got {value:g}")
        elif self.whole and value != int(value):
            raise ValueError(f"must be a whole number, got {value:g}")
        return value


def _quantity(value: Any) -> float | Distribution:
    value = parse(value)
    if isinstance(value, Distribution):
        return value
    if isinstance(value, bool) or not isinstance(value, numbers.Real):
        raise ValueError("must be a number or a distribution")
    return finite(value)


def _optional_quantity(value: Any) -> float | Distribution | None:
    return None if value is None else _quantity(value)


Quantity = Annotated[float | Distribution, PlainValidator(_quantity)]
OptionalQuantity = Annotated[float | Distribution | None, PlainValidator(_optional_quantity)]


def parameter(
    meaning: str,
    unit: str,
    bounds: tuple[float, float],
    plausible: tuple[float, float] | None = None,
    status: Status = "assumed",
    source: str = "assumed",
    whole: bool = False,
    policies: tuple[str, ...] = (),
    rule: str = "",
    neutral: float | None = None,
    beside: tuple[tuple[str, float], ...] = (),
    **default: Any,
) -> Any:
    """Declare a parameter as a pydantic field that carries an ``About``.

    Parameters
    ----------
    meaning : str
        What it is, in a few words.
    unit : str
        Its unit; ``1`` for a number without one.
    bounds : tuple of float
        Lowest and highest valid value.
    plausible : tuple of float, optional
        Range over which it is screened and swept by default; None where that makes no sense.
    status : str
        Where its values come from, see ``About``.
    source : str
        Source of the plausible range.
    whole : bool
        Whether only whole numbers are valid.
    policies : tuple of str
        Nations' policies, in turn, under which it acts.
    rule : str
        Decision rule under which it acts.
    neutral : float, optional
        The value at which it does nothing, if there is one.
    beside : tuple of (str, float)
        Values of other parameters, by path, beside which it acts.
    **default
        ``default``: the value in scenarios that give none.

    Returns
    -------
    object
        The field.
    """
    known = About(meaning, unit, *bounds, plausible, status, source, whole, policies, rule, neutral, beside)
    return Field(description=meaning, json_schema_extra={"about": known}, **default)  # type: ignore[dict-item]


def about(section: type[BaseModel], name: str) -> About | None:
    """Look up what is known of a parameter.

    Parameters
    ----------
    section : type
        The class of a table of scenario files.
    name : str
        A field of it.

    Returns
    -------
    About or None
        None for a field that is no parameter.
    """
    extra = section.model_fields[name].json_schema_extra
    return extra["about"] if isinstance(extra, dict) and "about" in extra else None  # type: ignore[return-value]


class Section(BaseModel):
    """A table of a scenario file."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    @pydantic.field_validator("*", mode="after")
    @classmethod
    def _within_bounds(cls, value: Any, info: pydantic.ValidationInfo) -> Any:
        known = about(cls, str(info.field_name))
        return value if known is None or value is None else known.check(value)


ANY_RATE = (0.0, 100.0)
UNIT = (0.0, 1.0)
OPEN = ("fundamentals",)
SIGNED = ("treaty",)
CHEATED = ("treaty", "covert_defection")
RESPONSE_CURVE = "assumed; swept in every sensitivity analysis"
EPOCH = "Epoch AI 2024-2026: training compute x4.5 (4.0-5.3) times algorithms x2.8 (1.8-5.3) per year"
TARGETS = "calibrated to dated targets, `python -m experiments.calibrate_baseline` (race_sim/MODEL.md, Calibration)"
DERIVED = (
    "deaths of 10 % of people x value of a statistical life / V: US 34 M x 10 M$ (5 to 13.7), China 141 M x 2 M$ "
    "(1 to 4), V 0.3 T$ a year (0.05 to 0.5)"
)
ACCIDENTS = (
    "seven past accidents, Jeffreys intervals; race_sim/scenario/data/mishap_restriction_analogs.csv (selected cases)"
)


class Time(Section):
    """Horizon and resolution."""

    horizon: Quantity = parameter("length of the race", "yr", (0.01, 200), None, "structure", whole=False)
    periods_per_year: Quantity = parameter("periods per year", "1/yr", (1, 10000), None, "structure", whole=True)
    decision_interval: Quantity = parameter("time between a lab's decisions", "yr", (1e-4, 200), None, "structure")


class Capability(Section):
    """Law 3.2: how capability grows."""

    growth_rate: Quantity = parameter(
        "growth of effective compute at an effort of 1", "OOM/yr", (0, 20), (0.86, 1.45), "measured", EPOCH
    )
    effort_elasticity: Quantity = parameter(
        "elasticity of growth to effort", "1", (0.01, 2), (0.2, 0.7), source=RESPONSE_CURVE
    )
    idea_difficulty: Quantity = parameter(
        "how much harder ideas become", "1/OOM", (0, 2), (0, 0.10), "calibrated",
        f"direction: Bloom et al. 2020; {TARGETS}", neutral=0,
    )  # fmt: skip
    diffusion_rate: Quantity = parameter(
        "closing of the gap to the best lab", "1/yr", ANY_RATE, (0.14, 1.5), "calibrated",
        "Epoch AI, lag of open and Chinese models behind the frontier; low confidence", neutral=0,
    )  # fmt: skip
    absorption: Quantity = parameter(
        "part of what flows in that is taken in only by who works on capability",
        "1",
        UNIT,
        (0, 1),
        neutral=0,
        default=0.0,
    )


class Breakthrough(Section):
    """Law 3.4: breakthroughs, the money and the talent that they draw."""

    rate: Quantity = parameter("breakthroughs at an effort of 1", "1/yr", ANY_RATE, (0, 0.6), neutral=0)
    size: Quantity = parameter("jump of capability", "OOM", (0, 10), (0, 1.8), neutral=0)
    investment_boost: Quantity = parameter("rise of own resources", "1", (0, 10), (0, 0.6), neutral=0)
    rival_response: Quantity = parameter("rise of rival nations' resources", "1", (0, 10), (0, 0.3), neutral=0)
    boost_decay: Quantity = parameter("return of boosted resources to normal", "1/yr", ANY_RATE, (0, 1.5), neutral=0)
    boost_cap: Quantity = parameter("largest boost", "1", (1, 1000), (2, 30))
    talent_drain: Quantity = parameter(
        "share of the boost that comes from all other labs", "1", UNIT, (0, 0.75), neutral=0
    )


class Assurance(Section):
    """Law 3.3: how much capability testing, interpretability and alignment work can vouch for."""

    growth_rate: Quantity = parameter(
        "growth of assurance at a safety effort of 1", "OOM/yr", (0, 50), (0.8, 3.2), "calibrated", TARGETS
    )
    elasticity: Quantity = parameter("elasticity of assurance to safety effort", "1", (0.01, 2), (0.3, 0.8))
    difficulty: Quantity = parameter("how alignment hardens as capability grows", "1/OOM", (0, 2), (0, 0.15), neutral=0)
    domestic_spillover: Quantity = parameter(
        "part of compatriots' safety work that also counts", "1", UNIT, (0, 0.5), neutral=0
    )
    foreign_spillover: Quantity = parameter(
        "part of foreign safety work that also counts", "1", UNIT, (0, 0.2), neutral=0
    )
    initial_gap: Quantity = parameter(
        "capability without assurance at the start", "OOM", (0, 20), (0.3, 1.5), "calibrated", TARGETS, neutral=0
    )


class Incidents(Section):
    """Law 3.5: mishaps (50 or more deaths, or 100 billion dollars) and catastrophe."""

    mishap_hazard: Quantity = parameter(
        "scale of the mishap hazard", "1/yr", ANY_RATE, (0.003, 0.06), "calibrated", TARGETS, neutral=0
    )
    gap_sensitivity: Quantity = parameter(
        "growth of the hazard with the assurance gap", "1/OOM", (0, 5), (0.1, 0.4), neutral=0
    )
    catastrophe_probability: Quantity = parameter(
        "probability that a mishap at the start's capability is a catastrophe", "1", UNIT, (0.0006, 0.2), "calibrated",
        TARGETS, neutral=0,
    )  # fmt: skip
    severity_growth: Quantity = parameter(
        "growth of that probability with capability", "1/OOM", (0, 5), (0, 0.03), "calibrated", TARGETS, neutral=0
    )
    hazard_ceiling: Quantity = parameter(
        "largest hazard of a mishap, all labs together, however wide the gap", "1/yr", (1e-9, NO_CEILING), (0.05, 1),
        "calibrated", TARGETS, neutral=NO_CEILING, default=NO_CEILING,
    )  # fmt: skip


class Trust(Section):
    """Laws 3.1 and 3.7: public trust."""

    mishap_loss: Quantity = parameter("part of trust lost at a mishap", "1", UNIT, (0.02, 0.5), neutral=0)
    recovery: Quantity = parameter("recovery of trust", "1/yr", ANY_RATE, (0.1, 1), neutral=0)
    commons_share: Quantity = parameter("part of the loss that hits every other lab", "1", UNIT, (0, 1), neutral=0)
    investment_elasticity: Quantity = parameter("elasticity of resources to trust", "1", (0, 5), (0, 1), neutral=0)


class Regulation(Section):
    """Law 3.7: restrictive regulation after mishaps."""

    home_probability: Quantity = parameter(
        "a mishap moves regulation in its own nation", "1", UNIT, (0.28, 0.83), "measured", ACCIDENTS, neutral=0
    )
    abroad_probability: Quantity = parameter(
        "a mishap moves regulation in another nation", "1", UNIT, (0.09, 0.59), "measured", ACCIDENTS, neutral=0
    )
    step: Quantity = parameter("part of the way to full regulation at a jump", "1", UNIT, (0, 1), neutral=0)
    decay: Quantity = parameter(
        "decay of regulation",
        "1/yr",
        ANY_RATE,
        (0.05, 1),
        source="assumed (durations seen: 1 month to 30 years)",
        neutral=0,
    )
    floor: Quantity = parameter("safety share that full regulation forces", "1", (0, 0.95), (0, 0.6), neutral=0)
    burden: Quantity = parameter("part of speed that full regulation takes", "1", UNIT, (0, 0.6), neutral=0)


class Market(Section):
    """Law 3.6: what buyers see and pay."""

    size: Quantity = parameter("yearly market value at the start (the unit of money)", "V", (0, 1e6), (1, 1), neutral=1)
    growth: Quantity = parameter("growth of the market with the frontier", "1/OOM", (0, 5), (0, 0.3), neutral=0)
    selectivity: Quantity = parameter("how sharply buyers choose by quality", "1/OOM", (0, 20), (0.3, 2), neutral=0)
    safety_premium: Quantity = parameter(
        "what a visible gap costs in perceived quality", "1", (0, 20), (0, 1), "calibrated", TARGETS, neutral=0
    )
    measurement_reliability: Quantity = parameter("how well buyers see safety unaided", "1", UNIT, (0.05, 1), neutral=0)
    wear: Quantity = parameter(
        "loss of that reliability as capability outgrows it", "1/OOM", (0, 10), (0, 0.03), neutral=0, default=0.03
    )


class Release(Section):
    """Law 3.9: the delay between having a capability and deploying it, and what testing finds meanwhile."""

    initial: Quantity = parameter("delay at the start", "yr", (0, 10), (0, 0.5), neutral=0, default=0.0)
    shortest: Quantity = parameter("shortest delay", "yr", (0, 10), (0, 0.5), neutral=0, default=0.0)
    longest: Quantity = parameter(
        "longest delay that labs choose (0: they keep the first)", "yr", (0, 10), (0, 1), "structure", neutral=0,
        beside=(("release.test_yield", 1.0),), default=0.0,
    )  # fmt: skip
    regulated: Quantity = parameter("delay that full regulation forces", "yr", (0, 10), (0, 1), neutral=0, default=0.0)
    test_yield: Quantity = parameter(
        "what endless testing before release assures", "OOM", (0, 20), (0, 2), neutral=0,
        beside=(("release.initial", 0.1),), default=0.0,
    )  # fmt: skip
    test_time: Quantity = parameter(
        "delay at which testing has found all but 1 / e of that", "yr", (1e-6, 100), (0.03, 0.3), default=0.05,
        source="assumed: 180 days for GPT-4, under 7 for o3",
        beside=(("release.initial", 0.1), ("release.test_yield", 1.0)),
    )  # fmt: skip


class Alarm(Section):
    """Law 3.10: the alarm of researchers, who see the whole gap, and its outlets."""

    start: Quantity = parameter(
        "alarm at the start", "1", UNIT, (0.1, 0.4), "measured",
        "share of AI authors who prefer slower progress; race_sim/scenario/data/calibration_points.csv", default=0.35,
    )  # fmt: skip
    rate: Quantity = parameter("how fast alarm follows the gap", "1/yr", ANY_RATE, (0.3, 3), default=1.0)
    sensitivity: Quantity = parameter(
        "growth of alarm with the gap", "1/OOM", (0, 5), (0.1, 0.4), "calibrated",
        "the alarm at the start is a rest point at a gap of 1 OOM: 1 - 10^-0.19 = 0.35", default=0.19,
    )  # fmt: skip
    jolt: Quantity = parameter("part of the way to full alarm at a mishap", "1", UNIT, (0, 0.5), default=0.3)
    voice: Quantity = parameter(
        "safety share that full alarm forces on its own lab", "1", (0, 0.95), (0, 0.2), neutral=0, default=0.0
    )
    whistle: Quantity = parameter(
        "how often fully alarmed researchers expose their lab", "1/yr", ANY_RATE, (0, 0.5), neutral=0, default=0.0
    )
    exposure: Quantity = parameter(
        "how long a lab stays exposed", "yr", (0, 100), (0.25, 2), beside=(("alarm.whistle", 0.5),), default=0.5
    )
    unease: Quantity = parameter(
        "trust that full alarm, beyond that at the start, withholds", "1", UNIT, (0, 1), neutral=0, default=0.0
    )


class LabDefaults(Section):
    """Section 4: what every lab wants and how it chooses."""

    liability: Quantity = parameter(
        "damages of an ordinary mishap, in years of revenue", "yr", (0, 1e6), (0, 30), neutral=0
    )
    catastrophe_stake: Quantity = parameter(
        "what a lab itself loses in a catastrophe", "V yr", (0, 1e9), (0, 600), neutral=0
    )
    planning_horizon: Quantity = parameter("how far labs look ahead", "yr", (0.01, 100), (0.5, 8))
    anticipation: Quantity = parameter(
        "how much a feared loss of trust and regulation counts", "1", UNIT, (0, 1), neutral=0
    )
    initial_share: Quantity = parameter("safety share at the start", "1", (0, 0.95), (0, 0.5))
    foresight: Quantity = parameter(
        "how far plans count the frontier's growth and their own", "1", UNIT, (0, 1), "structure",
        "structure: 0 holds frontier and difficulty where they are, 1 moves them on as they grow", neutral=0,
        default=0.0,
    )  # fmt: skip
    doubt: Quantity = parameter(
        "how far a lab may be wrong about a projected gap", "OOM", (0, 20), (0.3, 1.5), neutral=0, default=0.0
    )
    rule: str = Field(description="decision rule of every lab that names none")


class NationDefaults(Section):
    """Section 5: what every nation wants."""

    catastrophe_cost: Quantity = parameter(
        "what a nation loses in a catastrophe", "V yr", (0, 1e12), (20, 1e5), neutral=0
    )
    rivalry: Quantity = parameter("yearly value of an OOM of lead", "V/OOM", (0, 1e6), (0, 2), neutral=0)
    discount_rate: Quantity = parameter("discount rate", "1/yr", (0, 10), (0.01, 0.1), neutral=0)


class Prize(Section):
    """Law 3.8: the finish line."""

    threshold: Quantity = parameter("capability at the finish line", "OOM", (-50, 1000), (4, 12))
    prize: Quantity = parameter("value of being first", "V yr", (0, 1e9), (0, 500), neutral=0)
    enmity: Quantity = parameter("part of the prize that others do not get", "1", UNIT, (0, 1), neutral=0)


class Cooperation(Section):
    """Section 6: what nations can agree on, how it is watched, what it costs."""

    benchmarks: Quantity = parameter(
        "visibility of safety under shared benchmarks", "1", UNIT, (0, 1), "lever", policies=OPEN, neutral=0
    )
    sharing: Quantity = parameter(
        "openness of safety work (1 = as at home)", "1", UNIT, (0, 1), "lever", policies=OPEN, neutral=0
    )
    standard: Quantity = parameter(
        "safety share that a slowdown or a treaty asks", "1", (0, 0.95), (0, 0.95), "lever", policies=SIGNED, neutral=0
    )
    verification: Quantity = parameter(
        "effort of verification", "1", UNIT, (0, 1), "lever", policies=CHEATED, neutral=0
    )
    leak: Quantity = parameter(
        "diffusion of capability that full sharing adds", "1/yr", ANY_RATE, (0, 0.5), policies=OPEN, neutral=0
    )
    benchmark_wear: Quantity = parameter(
        "loss of reliability of shared benchmarks, which are gamed and outgrown", "1/OOM", (0, 10), (0, 0.15),
        policies=OPEN, neutral=0, default=0.03,
    )  # fmt: skip
    testing: Quantity = parameter(
        "delay before release that a slowdown or a treaty asks", "yr", (0, 10), (0, 1), "lever", policies=SIGNED,
        neutral=0, default=0.0,
    )  # fmt: skip
    treaty_min_signatories: Quantity = parameter(
        "nations that must sign",
        "nations",
        (1, 1000),
        (1, 2),
        "structure",
        whole=True,
        policies=("treaty", "race"),
        neutral=1,
    )
    detection_min: Quantity = parameter(
        "yearly detection of defection without verification",
        "1",
        UNIT,
        (0.1, 0.6),
        source="assumed; nuclear safeguards",
        policies=CHEATED,
        neutral=0,
    )
    detection_max: Quantity = parameter(
        "yearly detection at full verification",
        "1",
        UNIT,
        (0.5, 0.95),
        source="assumed; nuclear safeguards 20 to 90 %",
        policies=CHEATED,
    )
    suspension_years: Quantity = parameter(
        "length of a suspension", "yr", (0, 1000), (0.5, 10), policies=CHEATED, neutral=0
    )
    suspend_sharing: Quantity = parameter(
        "whether a suspension stops sharing too (0 or 1)",
        "1",
        UNIT,
        (0, 1),
        "structure",
        whole=True,
        policies=CHEATED,
        neutral=0,
    )
    penalty: Quantity = parameter(
        "what a detected defector pays", "V yr", (0, 1e9), (0, 50), policies=CHEATED, neutral=0
    )
    false_alarm: Quantity = parameter(
        "yearly probability of a wrong accusation", "1", UNIT, (0, 0.2), policies=SIGNED, neutral=0
    )


def _of_rules(rules: Mapping[str, Mapping[str, RuleParameter]]) -> dict[str, Any]:
    """Fields for the parameters that decision rules declare."""
    fields = {}
    for rule, declared in rules.items():
        for name, own in declared.items():
            default: dict[str, Any] = {} if own.default is None else {"default": float(own.default)}
            status = cast("Status", own.status)
            fields[name] = (
                Quantity,
                parameter(own.meaning, own.unit, own.bounds, own.plausible, status, own.source, rule=rule, **default),
            )
    return fields


if TYPE_CHECKING:

    class Rules(Section):
        """Section 4: parameters of single decision rules."""

        def __getattr__(self, name: str) -> float | Distribution: ...

else:
    Rules = pydantic.create_model(
        "Rules",
        __base__=Section,
        __module__=__name__,
        __doc__="Section 4: parameters of single decision rules, declared on the rules (race_sim/kernels/rules.py).",
        **_of_rules(rules.PARAMETERS),
    )


def rules_section() -> type[Section]:
    """Give the section that holds the parameters of all decision rules there are.

    Returns
    -------
    type
        ``Rules``, or a subclass with the parameters of rules that were added from outside (``race_sim.add_rule``).
    """
    more = rules.added()
    if not more:
        return Rules
    return _with_added(tuple((key, rule, own) for key, (rule, own) in more.items()))


@lru_cache(maxsize=8)
def _with_added(more: tuple[tuple[str, str, RuleParameter], ...]) -> type[Section]:
    fields: dict[str, Any] = {}
    for key, rule, own in more:
        fields |= _of_rules({rule: {key: own}})
    return pydantic.create_model("Rules", __base__=Rules, __module__=__name__, **fields)


def current_rules(value: Any) -> Any:
    """Read the parameters of decision rules.

    Parameters
    ----------
    value : mapping or Rules
        A table, or a section that was made before a rule was added or replaced.

    Returns
    -------
    Rules
        All parameters that the rules now declare; what ``value`` does not give has its default.
    """
    section = rules_section()
    if not isinstance(value, Rules):
        return section.model_validate(value)
    if type(value) is section:
        return value
    kept = set(type(value).model_fields) & set(section.model_fields)
    return section.model_validate({name: getattr(value, name) for name in kept})


AnyRules = Annotated[Rules, PlainValidator(current_rules)]


class Nation(Section):
    """One nation."""

    policy: str = Field(default="race", description="policy towards the race")
    lag: Quantity = parameter(
        "head-start deficit of its labs", "months", (0, 600), (4, 14), "measured",
        "Epoch AI, lag of Chinese behind US models, mean 7; race_sim/scenario/data/calibration_points.csv",
        neutral=0, default=0.0,
    )  # fmt: skip
    growth_multiplier: Quantity = parameter(
        "its labs' growth relative to capability.growth_rate", "1", (0, 10), (0.8, 1.2), neutral=1, default=1.0
    )
    catastrophe_cost: OptionalQuantity = parameter(
        "what it loses in a catastrophe, instead of nation.catastrophe_cost", "V yr", (0, 1e12), (280, 11_300),
        source=DERIVED, default=None,
    )  # fmt: skip
    risk_perception: Quantity = parameter(
        "its view of the probability of a catastrophe over the model's", "1", (0, 1e3), (0.03, 1),
        "elicited", "XPT: superforecasters over experts 0.18; LEAP wave 9: public over experts 0.56; "
        "race_sim/scenario/data/calibration_points.csv", neutral=1, default=1.0,
    )  # fmt: skip


class Lab(Section):
    """One lab."""

    nation: str = Field(description="the nation it belongs to")
    capability: Quantity = parameter("capability at the start, before its nation's lag", "OOM", (-50, 50), (-1, 0))
    resources: Quantity = parameter("resources, relative to the best-funded lab", "1", (1e-6, 1e6), (0.1, 1))
    rule: str | None = Field(default=None, description="decision rule, instead of lab.rule")
    initial_share: OptionalQuantity = parameter(
        "safety share at the start, instead of lab.initial_share", "1", (0, 0.95), (0, 0.5), default=None
    )
    risk_perception: Quantity = parameter(
        "its view of the hazard of a catastrophe over that of the model",
        "1",
        (0, 1e3),
        (0.03, 1),
        neutral=1,
        default=1.0,
    )
