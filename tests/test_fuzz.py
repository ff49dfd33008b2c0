"""Any scenario file is a run with finite outcomes, or one line that says what is wrong with it."""

import contextlib
import io
import json
import math

import numpy as np
import tomli_w
from hypothesis import HealthCheck, given, settings
from hypothesis import seed as seeded
from hypothesis import strategies as st

from race_sim import Scenario, cli
from race_sim.kernels.rules import NAMES
from race_sim.kernels.run import run_traced
from race_sim.kernels.state import LAB_TRACE, NATION_TRACE, WORLD_TRACE
from race_sim.runs.records import build
from race_sim.scenario.policies import POLICIES
from tests.random_scenarios import random_scenario

ABOUT = {p.path: p.about for p in Scenario.load("duopoly").parameters() if not p.path.startswith("time.")}
NUMBERS = [0, 1, -1, 0.5, 1e-9, 1e9, -1e9, 1e308, -1e308, 5e-324, 2**70, math.nan, math.inf, -math.inf]
WRONG = ["much", "", True, [], [0.5], {}, {"distribution": "beta"}, {"low": 0.0, "high": 1.0}]


@st.composite
def distributions(draw, low, high):
    """Tables that name a distribution: often a valid one."""
    a, b = sorted((draw(st.floats(low, high)) + 0.0, draw(st.floats(low, high)) + 0.0))  # no -0.0
    kind = draw(st.sampled_from(["uniform", "triangular", "normal", "lognormal"]))
    ends = {"low": a, "high": b} if draw(st.booleans()) or kind in ("uniform", "triangular") else {}
    rest = {
        "uniform": {},
        "triangular": {"mode": draw(st.floats(a, b))},
        "normal": {"mean": draw(st.floats(low, high)), "standard_deviation": draw(st.floats(0, high - low))},
        "lognormal": {"median": draw(st.floats(low, high)), "sigma": draw(st.floats(0, 3))},
    }[kind]
    return {"distribution": kind, **ends, **rest}


@st.composite
def values(draw, known):
    """A value for a parameter: mostly within its bounds, at them, just outside, or of another kind."""
    low, high = known.at_least, known.at_most
    near = known.plausible or (low, high)
    kind = draw(st.integers(0, 39))
    if kind < 20:
        value = draw(st.floats(*near))
    elif kind < 28:
        value = draw(st.floats(low, high))
    elif kind < 34:
        value = draw(st.sampled_from([low, high, *near]))
    elif kind < 37:
        return draw(distributions(*near) if draw(st.booleans()) else distributions(low, high))
    elif kind == 37:
        return draw(st.sampled_from([low - 1.0, high + 1.0, math.nextafter(high, math.inf)]))
    else:
        return draw(st.sampled_from(NUMBERS if kind == 38 else WRONG))
    return int(value) if known.whole and draw(st.booleans()) else value


@st.composite
def files(draw):
    """The text of a scenario file: a shipped race with some things changed, rarely broken as a text."""
    tables = {"base": "duopoly", "time": {"horizon": draw(st.sampled_from([1, 0.5, 2.0])), "periods_per_year": 4}}
    for path in draw(st.lists(st.sampled_from(sorted(ABOUT)), max_size=8, unique=True)):
        section, *row, name = path.split(".")
        if not row:
            tables.setdefault(section, {})[name] = draw(values(ABOUT[path]))
    tables.setdefault("lab", {})["rule"] = draw(st.sampled_from([*NAMES, *NAMES, "guess"]))
    if draw(st.booleans()):
        nations = [f"n{n}" for n in range(draw(st.integers(1, 3)))]
        labs = [f"l{i}" for i in range(draw(st.integers(len(nations), 5)))]
        tables["nations"] = {name: {"policy": draw(st.sampled_from([*POLICIES, *POLICIES, "war"]))} for name in nations}
        tables["labs"] = {
            name: {
                "nation": nations[i % len(nations)],
                "capability": draw(values(ABOUT["labs.east_lab.capability"])),
                "resources": draw(values(ABOUT["labs.east_lab.resources"])),
            }
            for i, name in enumerate(labs)
        }
    oddity = draw(st.integers(0, 30))
    if oddity == 0:
        tables["prizes"] = 1
    elif oddity == 1:
        tables.setdefault("prize", {})["colour"] = "red"
    elif oddity == 2:
        del tables["base"]
    elif oddity == 3:
        tables["time"]["horizon"] = draw(st.sampled_from(NUMBERS + WRONG))
    elif oddity == 4:
        tables["prize"] = draw(st.sampled_from(NUMBERS + WRONG))
    text = tomli_w.dumps(tables)
    if oddity == 5:
        cut = draw(st.integers(0, len(text)))
        text = text[:cut] + draw(st.text(max_size=5)) + text[cut + 3 :]
    return text


def as_text(arguments):
    """Exit code, output and errors of the command line."""
    out, err = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        code = cli.main(arguments)
    return code, out.getvalue(), err.getvalue()


@given(text=files(), estimator=st.sampled_from(["integrated", "sampled"]))
def a_file_runs_or_is_refused(path, counts, text, estimator):
    path.write_text(text, encoding="utf-8")
    code, out, err = as_text(["run", str(path), "--runs", "3", "--json", "--threads", "1", "--estimator", estimator])
    counts[code] += 1
    if code == 0:
        result = json.loads(out, parse_constant=lambda word: 1 / 0)
        assert result["runs"] == 3
        assert result["outcomes"]["catastrophe_probability"]["mean"] is not None
        assert err == ""
    else:
        assert code == 2
        assert out == ""
        assert err.count("\n") == 1
        assert "race-sim: " in err
        assert "Traceback" not in err


def test_a_file_runs_or_is_refused_in_one_line(tmp_path, fuzz):
    cases, counts = fuzz.cases(sample=200, whole=2000), {0: 0, 2: 0}
    checks = settings(max_examples=cases, derandomize=not fuzz.whole, suppress_health_check=list(HealthCheck))
    seeded(fuzz.seed)(checks(a_file_runs_or_is_refused))(tmp_path / "race.toml", counts)
    print(f"\n{counts[0]} files ran, {counts[2]} were refused in one line")
    assert counts[0] > cases / 8
    assert counts[2] > cases / 8


def test_no_valid_scenario_yields_nan_or_infinity(fuzz, verified):
    """Every number of every record and of every trace, over the plausible box widened threefold."""
    seeds, wild = fuzz.seeds(sample=60, whole=600), 0
    for seed in seeds:
        scenario = random_scenario(seed, widen=3.0)
        records = build(scenario, seed, np.arange(3), ("integrated", "sampled")[seed % 2])
        runs, labs = records.labs.shape
        shapes = (runs, scenario.periods)
        traces = (
            np.zeros((*shapes, labs), LAB_TRACE),
            np.zeros((*shapes, records.nations.shape[1]), NATION_TRACE),
            np.zeros(shapes, WORLD_TRACE),
        )
        run_traced(*records, *traces)
        for array in (*records[:3], *traces):
            for field in array.dtype.names:
                wild += int((~np.isfinite(array[field].astype(float))).sum())
        for trace in (records.labs,):
            assert (trace["assurance"] <= trace["capability"]).all()
            assert ((trace["share"] >= 0) & (trace["share"] <= 0.95)).all()
            assert ((trace["trust"] >= 0) & (trace["trust"] <= 1)).all()
        assert ((records.worlds["survival"] >= 0) & (records.worlds["survival"] <= 1)).all()
        total = records.worlds["survival"] + records.worlds["catastrophe"]
        assert np.allclose(total, 1.0, atol=1e-12)
    verified(f"13 NaN or infinity on {len(seeds)} scenarios of the box widened threefold: values", wild, at_most=0)
