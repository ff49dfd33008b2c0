"""Scenario: what is simulated. Frozen, validated, from TOML or Python and back."""

import codecs
import os
import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Self

import pydantic
import tomli_w
from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from race_sim.errors import InputError, checked_mapping, checked_text, one_line, unknown
from race_sim.kernels.rules import NAMES
from race_sim.scenario import parameters as sections
from race_sim.scenario.distributions import Distribution
from race_sim.scenario.frozen import FrozenDict
from race_sim.scenario.parameters import About, about
from race_sim.scenario.policies import POLICIES

SHIPPED = Path(__file__).parent / "shipped"
BASELINE = "us-china-2026"
MARKS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_-]*")
_TABLES = ("nations", "labs")
REPLACED = {  # parameters of earlier versions, and what takes their place
    "cooperation.validity_decay": "replaced by market.wear and cooperation.benchmark_wear: with both at its value the "
    "law is the same",
}
RESERVED = {  # as names of nations and labs: they stand behind an outcome's name in keys and columns
    "none", "mean", "standard_error", "low", "high", "weight", "unit", "meaning", "run", "runs", "point", "reached",
    "outcome", "nation", "lab", "period", "time", "control", "luck", "nation_of_lab",
}  # fmt: skip


@dataclass(frozen=True)
class Parameter:
    """One parameter of a scenario: its path (``prize.enmity``), its value and what is known of it."""

    path: str
    value: float | Distribution
    about: About

    @property
    def text(self) -> str:
        """The value as text."""
        return str(self.value) if isinstance(self.value, Distribution) else f"{self.value:g}"


class Scenario(BaseModel):
    """A race: its laws' parameters, its nations and its labs. Frozen.

    Every numeric parameter is a number or a ``Distribution`` drawn once per run. Times are in years, capability in
    orders of magnitude (OOM), money in yearly market values at the start (V); ``parameters()`` gives each unit, bounds,
    plausible range, status and source. Whatever is not a valid scenario is refused by an InputError, with one line
    naming the key, the rule and the value.

    Examples
    --------
    >>> scenario = Scenario.load("us-china-2026")
    >>> scenario.replace({"prize.enmity": 0.3}).prize.enmity
    0.3
    """

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    name: str = Field(default="unnamed", description="name")
    description: str = Field(default="", description="what it describes, and its sources")
    time: sections.Time
    capability: sections.Capability
    breakthrough: sections.Breakthrough
    assurance: sections.Assurance
    incidents: sections.Incidents
    trust: sections.Trust
    regulation: sections.Regulation
    market: sections.Market
    release: sections.Release = Field(default_factory=sections.Release)
    alarm: sections.Alarm = Field(default_factory=sections.Alarm)
    lab: sections.LabDefaults
    nation: sections.NationDefaults
    prize: sections.Prize
    cooperation: sections.Cooperation
    rules: sections.AnyRules
    nations: Annotated[dict[str, sections.Nation], AfterValidator(FrozenDict)]
    labs: Annotated[dict[str, sections.Lab], AfterValidator(FrozenDict)]

    def __repr__(self) -> str:
        count = len(self.labs)
        return f"Scenario({self.name!r}: {', '.join(self.nations)}; {count} lab{'' if count == 1 else 's'})"

    __str__ = __repr__

    def _repr_html_(self) -> str:
        from race_sim.scenario.display import of_scenario

        return of_scenario(self)

    @classmethod
    def load(cls, source: "str | Path | Scenario") -> "Scenario":
        """Load a scenario.

        Parameters
        ----------
        source : str, Path or Scenario
            Name of a shipped scenario, or path of a TOML file; a Scenario is returned as it is.

        Returns
        -------
        Scenario
            The scenario.

        Raises
        ------
        InputError
            If there is no such scenario or file, or it is not valid.

        Examples
        --------
        >>> Scenario.load("duopoly").nation_names
        ('east', 'west')
        """
        if isinstance(source, Scenario):
            return source
        if not isinstance(source, str | os.PathLike) or "\0" in str(source):
            rule = "must be a Scenario, the name of a shipped one or the path of a TOML file"
            raise InputError(f"scenario: {rule}, got {one_line(source)}")
        text = str(source)
        path = Path(source)
        if text in shipped_names():
            path = SHIPPED / f"{text}.toml"
        elif path.suffix != ".toml" and not os.path.lexists(path):
            raise InputError(unknown("scenario", text, shipped_names()) + "; or give the path of a .toml file")
        return cls.from_dict(_read(path), where=text)

    @classmethod
    def from_toml(cls, text: str) -> "Scenario":
        """Read a scenario from text.

        Parameters
        ----------
        text : str
            A TOML document.

        Returns
        -------
        Scenario
            The scenario.

        Examples
        --------
        >>> text = Scenario.load("duopoly").to_toml()
        >>> Scenario.from_toml(text) == Scenario.load("duopoly")
        True
        """
        return cls.from_dict(_parse(checked_text("text", text), "TOML text"), where="TOML text")

    @classmethod
    def from_kept(cls, text: str) -> "Scenario":
        """Read a scenario that a result keeps, perhaps one of an earlier version.

        A parameter that was replaced since stands for the values of its successors at which the law is the same.

        Parameters
        ----------
        text : str
            A TOML document.

        Returns
        -------
        Scenario
            The scenario.

        Examples
        --------
        >>> text = Scenario.load("duopoly").to_toml()
        >>> Scenario.from_kept(text) == Scenario.load("duopoly")
        True
        """
        tables = _parse(checked_text("text", text), "TOML text")
        cooperation = tables.get("cooperation")
        if isinstance(cooperation, dict) and "validity_decay" in cooperation:
            tables.setdefault("market", {})["wear"] = cooperation["validity_decay"]
            cooperation["benchmark_wear"] = cooperation.pop("validity_decay")
        return cls.from_dict(tables, where="TOML text")

    @classmethod
    def from_dict(cls, tables: Mapping[str, Any], where: str = "scenario") -> "Scenario":
        """Make a scenario from nested dictionaries.

        Parameters
        ----------
        tables : mapping
            Tables as in a scenario file. ``base`` names a shipped scenario whose values stand where none is given; the
            tables ``nations`` and ``labs``, where given, replace those of the base as a whole.
        where : str
            What error messages call it.

        Returns
        -------
        Scenario
            The scenario.

        Raises
        ------
        InputError
            If it is not valid: one line with the key, the rule and the value.

        Examples
        --------
        >>> Scenario.from_dict({"base": "duopoly", "prize": {"enmity": 0.2}}).prize.enmity
        0.2
        """
        content = _with_base(checked_mapping(where, tables), where, ())
        try:
            scenario = cls.model_validate(content)
        except pydantic.ValidationError as error:
            raise InputError(f"{where}: {_first_line(error)}") from None
        scenario._check(where)
        return scenario

    def replace(self, changes: Mapping[str, Any]) -> Self:
        """Give a copy with other values.

        Parameters
        ----------
        changes : mapping of str to object
            Values by dotted path, e.g. ``{"prize.enmity": 0.3, "nations.us.policy": "treaty"}``.

        Returns
        -------
        Scenario
            The changed copy.

        Raises
        ------
        InputError
            If there is no such path, or the changed scenario is not valid.

        Examples
        --------
        >>> Scenario.load("duopoly").replace({"nations.east.policy": "treaty"}).policies
        {'east': 'treaty', 'west': 'race'}
        """
        tables = self.to_dict()
        for path, value in checked_mapping("changes", changes).items():
            *parents, last = path.split(".")
            table: Any = tables
            for parent in parents:
                if not isinstance(table, dict) or parent not in table:
                    raise InputError(unknown("parameter", path, self._paths()))
                table = table[parent]
            if path in REPLACED:
                raise InputError(f"{path}: {REPLACED[path]}, got {one_line(value)}")
            if path not in self._paths() and not (parents == [] and last in type(self).model_fields):
                raise InputError(unknown("parameter", path, self._paths()))
            table[last] = value
        changed = self.from_dict(tables, where=self.name)
        for path, value in changes.items():
            if own := changed._overriding(path):
                raise InputError(f"{path}: every {own[0].split('.')[0][:-1]} has its own ({', '.join(own)}), "
                                 f"got {one_line(value)}")  # fmt: skip
        return changed  # type: ignore[return-value]

    def to_dict(self) -> dict[str, Any]:
        """Give nested dictionaries of plain values, as ``from_dict`` takes them.

        Returns
        -------
        dict
            One table per section, nation and lab.

        Examples
        --------
        >>> Scenario.load("duopoly").to_dict()["time"]
        {'horizon': 10.0, 'periods_per_year': 12, 'decision_interval': 0.25}
        """
        return {key: _plain(self._section(key)) for key in type(self).model_fields}

    def to_toml(self) -> str:
        """Give a TOML document that loads as an equal scenario.

        Returns
        -------
        str
            The document.

        Examples
        --------
        >>> Scenario.load("duopoly").to_toml().splitlines()[0]
        'name = "duopoly"'
        """
        return tomli_w.dumps(self.to_dict())

    def parameters(self) -> list[Parameter]:
        """List every numeric parameter, with what is known of it; not those of which every nation or lab has its own.

        Returns
        -------
        list of Parameter
            Path, value, and unit, bounds, plausible range, status and source under ``about``.

        Examples
        --------
        >>> enmity = next(p for p in Scenario.load("duopoly").parameters() if p.path == "prize.enmity")
        >>> enmity.about.unit, enmity.about.status
        ('1', 'assumed')
        """
        return [parameter for parameter in self.every_parameter() if not self._overriding(parameter.path)]

    def every_parameter(self) -> list[Parameter]:
        """List every numeric parameter, those as well of which every nation or lab has its own.

        Returns
        -------
        list of Parameter
            As ``parameters`` does.

        Examples
        --------
        >>> scenario = Scenario.load("us-china-2026")
        >>> {p.path for p in scenario.every_parameter()} - {p.path for p in scenario.parameters()}
        {'nation.catastrophe_cost'}
        """
        return [
            Parameter(path, getattr(section, name), known)
            for path, section, name in self._fields()
            if (known := about(type(section), name)) is not None and getattr(section, name) is not None
        ]

    @property
    def nation_names(self) -> tuple[str, ...]:
        """Names of the nations, in order."""
        return tuple(self.nations)

    @property
    def lab_names(self) -> tuple[str, ...]:
        """Names of the labs, in order."""
        return tuple(self.labs)

    @property
    def policies(self) -> dict[str, str]:
        """The policy of every nation."""
        return {name: nation.policy for name, nation in self.nations.items()}

    @property
    def catastrophe_costs(self) -> dict[str, float | Distribution]:
        """What every nation loses in a catastrophe, V yr."""
        return {
            name: self.nation.catastrophe_cost if nation.catastrophe_cost is None else nation.catastrophe_cost
            for name, nation in self.nations.items()
        }

    @property
    def period_length(self) -> float:
        """Length of a period in years."""
        return 1.0 / _fixed(self.time.periods_per_year)

    @property
    def periods(self) -> int:
        """Number of periods of a run that reaches the horizon."""
        return round(_fixed(self.time.horizon) * _fixed(self.time.periods_per_year))

    @property
    def periods_per_decision(self) -> int:
        """Number of periods between two decisions of a lab."""
        return round(_fixed(self.time.decision_interval) * _fixed(self.time.periods_per_year))

    def _section(self, key: str) -> Any:
        """The value of a field; of rules' parameters those that there are now."""
        value = getattr(self, key)
        return sections.current_rules(value) if isinstance(value, sections.Rules) else value

    def _fields(self) -> Iterator[tuple[str, sections.Section, str]]:
        for key in type(self).model_fields:
            value = self._section(key)
            if isinstance(value, sections.Section):
                for name in type(value).model_fields:
                    yield f"{key}.{name}", value, name
        for key in _TABLES:
            for row, value in getattr(self, key).items():
                for name in type(value).model_fields:
                    yield f"{key}.{row}.{name}", value, name

    def _overriding(self, path: str) -> list[str]:
        """The values of single nations or labs that stand instead of one, if all have some."""
        table, _, name = path.partition(".")
        if table not in ("nation", "lab") or about(type(getattr(self, table)), name) is None:
            return []
        rows = getattr(self, f"{table}s")
        if any(getattr(row, name, None) is None for row in rows.values()):
            return []
        return [f"{table}s.{row}.{name}" for row in rows]

    def _paths(self) -> set[str]:
        return {path for path, _, _ in self._fields()}

    def _check(self, where: str) -> None:
        """The rules that concern more than one key."""

        def fail(key: str, message: str) -> None:
            raise InputError(f"{where}: {key}: {message}")

        if not self.name.isprintable():
            fail("name", f"must be text in one line, without control characters, got {one_line(self.name)}")
        if any(not (sign.isprintable() or sign in "\n\t") for sign in self.description):
            fail("description", f"must be text without control characters, got {one_line(self.description)}")
        if not self.nations:
            fail("nations", "at least one nation is needed, got none")
        if not self.labs:
            fail("labs", "at least one lab is needed, got none")
        for table in _TABLES:
            for name in getattr(self, table):
                if not _NAME.fullmatch(name):
                    fail(table, f"a name is a letter, then letters, digits, - or _, got {one_line(name)}")
                if name.casefold() in RESERVED:
                    fail(table, f"{name!r} has a meaning of its own in tables of outcomes, choose another name")
        for name in self.labs:
            if name in self.nations:
                fail(f"labs.{name}", "a lab and a nation must not have the same name")
        for name, lab in self.labs.items():
            if lab.nation not in self.nations:
                fail(f"labs.{name}.nation", unknown("nation", lab.nation, self.nations))
        for name, nation in self.nations.items():
            if nation.policy not in POLICIES:
                fail(f"nations.{name}.policy", unknown("policy", nation.policy, POLICIES))
            if not any(lab.nation == name for lab in self.labs.values()):
                fail(f"nations.{name}", "every nation needs a lab, got none")
        if self.lab.rule not in NAMES:
            fail("lab.rule", unknown("decision rule", self.lab.rule, NAMES))
        for name, lab in self.labs.items():
            if lab.rule is not None and lab.rule not in NAMES:
                fail(f"labs.{name}.rule", unknown("decision rule", lab.rule, NAMES))
        for key in ("horizon", "decision_interval"):
            value = _fixed(getattr(self.time, key))
            periods = value * _fixed(self.time.periods_per_year)
            if abs(periods - round(periods)) > 1e-6 or round(periods) < 1:
                fail(
                    f"time.{key}",
                    f"must be a whole number of periods, at least one, got {value:g} ({periods:g} periods)",
                )


def shipped_names() -> list[str]:
    """List the scenarios that ship with the package.

    Returns
    -------
    list of str
        Their names, sorted, those of the first version last.
    """
    return sorted((path.stem for path in SHIPPED.glob("*.toml")), key=lambda name: (name.endswith("-v1"), name))


def _fixed(value: float | Distribution) -> float:
    assert not isinstance(value, Distribution)
    return value


def _plain(value: Any) -> Any:
    if isinstance(value, sections.Section):
        plain = {}
        for name in type(value).model_fields:
            item = getattr(value, name)
            known = about(type(value), name)
            if item is not None:
                plain[name] = int(item) if known is not None and known.whole else _plain(item)
        return plain
    if isinstance(value, Distribution):
        return value.model_dump(exclude_none=True)
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    return value


def _read(path: Path) -> dict[str, Any]:
    try:
        content = path.read_bytes()
    except OSError as error:
        raise InputError(f"{path}: cannot be read: {error.strerror}") from None
    return _parse(_decoded(content, path), str(path))


def _decoded(content: bytes, path: Path) -> str:
    """Text in UTF-8, or in what a byte order mark at its start says (as Windows writes it)."""
    encoding = next((name for mark, name in MARKS if content.startswith(mark)), "utf-8")
    try:
        return content.decode(encoding).replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        wanted = "UTF-8 text" if encoding == "utf-8" else f"text in {encoding.upper()}, as its first bytes say"
        raise InputError(f"{path}: must be {wanted}, got byte {content[error.start]:#04x}") from None


def _parse(text: str, where: str) -> dict[str, Any]:
    text = text.removeprefix("\ufeff")
    if "\0" in text:
        raise InputError(f"{where}: must be UTF-8 text, got zero bytes (UTF-16 without a byte order mark?)")
    try:
        return tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise InputError(f"{where}: must be TOML: {one_line(str(error), 160)[1:-1]}") from None


def _with_base(tables: Mapping[str, Any], where: str, seen: tuple[str, ...]) -> dict[str, Any]:
    content = dict(tables)
    base = content.pop("base", None)
    if base is None:
        return content
    if not isinstance(base, str) or base not in shipped_names():
        raise InputError(f"{where}: base: {unknown('scenario', base, shipped_names())}")
    if base in seen:
        raise InputError(f"{where}: base: must not lead back to itself, got {base!r}")
    below = _with_base(_read(SHIPPED / f"{base}.toml"), base, (*seen, base))
    for key, value in content.items():
        if key not in _TABLES and isinstance(value, dict) and isinstance(below.get(key), dict):
            below[key] = {**below[key], **value}
        else:
            below[key] = value
    return below


def _first_line(error: pydantic.ValidationError) -> str:
    problems = error.errors()
    first = problems[0]
    key = ".".join(map(str, first["loc"]))
    kind, message = first["type"], first["msg"].removeprefix("Value error, ")
    if key in REPLACED:
        line = f"{key}: {REPLACED[key]}, got {one_line(first['input'])}"
    elif kind == "extra_forbidden":
        line = f"{key}: unknown key ({unknown('parameter', key.rpartition('.')[2], _siblings(first['loc']))})"
    elif kind == "missing":
        line = f"{key}: missing (give it, or name a scenario to start from: base = {BASELINE!r})"
    elif ", got " in message:
        line = f"{key}: {message}"
    else:
        line = f"{key}: {message[0].lower()}{message[1:]}, got {one_line(first['input'])}"
    line = " ".join(line.split())
    return line if len(problems) == 1 else f"{line} (and {len(problems) - 1} more)"


def _siblings(location: tuple[int | str, ...]) -> list[str]:
    fields = Scenario.model_fields
    if len(location) == 1:
        return ["base", *fields]
    table = str(location[0])
    rows: dict[str, Any] = {"nations": sections.Nation, "labs": sections.Lab}
    section = rows.get(table, fields[table].annotation)
    return list(getattr(section, "model_fields", ()))
