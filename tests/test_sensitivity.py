"""Sensitivity indices: by closed form, against scipy, on the race; whatever does nothing has none."""

import numpy as np
import pytest
from scipy.stats import sobol_indices as scipy_sobol_indices
from scipy.stats import uniform

from race_sim import InputError, Scenario, cli, sensitivity_indices
from race_sim.plots import index_intervals
from race_sim.sweeps.engine.density import density_indices
from race_sim.sweeps.engine.indices import METHODS, analyse, sample
from race_sim.sweeps.sensitivity import assumed, ordered

FIXED = Scenario.load("us-china-2026").replace({"lab.rule": "fixed", "time.horizon": 3})
A, B = 7.0, 0.1


def ishigami(unit):
    """Ishigami and Homma 1990, on [-pi, pi]^3."""
    x, y, z = (2.0 * np.pi * unit[:, :3] - np.pi).T
    return np.sin(x) + A * np.sin(y) ** 2 + B * z**4 * np.sin(x)


def ishigami_indices():
    """First-order and total indices in closed form."""
    first = np.array([0.5 * (1.0 + B * np.pi**4 / 5.0) ** 2, A**2 / 8.0, 0.0])
    pair = B**2 * np.pi**8 * (1.0 / 18.0 - 1.0 / 50.0)  # of x and z
    return first / (first.sum() + pair), (first + np.array([pair, 0.0, pair])) / (first.sum() + pair)


def test_ishigami_within_its_intervals():
    unit = sample("sobol", 2048, 4, seed=1)  # the fourth input does nothing
    result = analyse("sobol", unit, ishigami(unit), seed=2)
    for name, exact in zip(("first_order", "total"), ishigami_indices(), strict=True):
        assert result[name][:3] == pytest.approx(exact, abs=0.05)
        assert (result[f"{name}_low"][:3] <= exact).all(), name
        assert (exact <= result[f"{name}_high"][:3]).all(), name
        assert result[name][3] == 0.0


def test_intervals_cover_as_often_as_they_say():
    """95 % intervals of the first-order and total indices in 100 designs; binomial z-scores of each."""
    covered = {name: np.zeros(3) for name in ("first_order", "total")}
    for seed in range(100):
        unit = sample("sobol", 256, 3, seed)
        result = analyse("sobol", unit, ishigami(unit))
        for (name, times), exact in zip(covered.items(), ishigami_indices(), strict=True):
            times += (result[f"{name}_low"] <= exact) & (exact <= result[f"{name}_high"])
    for name, times in covered.items():
        z = (times / 100 - 0.95) / np.sqrt(0.95 * 0.05 / 100)
        print(name, times, z)
        assert (z > -4.0).all()
        assert times.sum() < 300


def test_a_sample_consists_of_independent_ones_and_few_points_have_no_interval():
    unit = sample("sobol", 256, 2, seed=3)
    for half in (unit[:256], unit[256:512]):
        for part in half.reshape(8, 32, 2):
            assert (np.sort((part * 32).astype(int), axis=0) == np.arange(32)[:, np.newaxis]).all(), "each is even"
    assert len(np.unique(unit[:512], axis=0)) == 512
    assert np.isfinite(analyse("sobol", unit, unit.sum(axis=1))["total_low"]).all()
    few = sample("sobol", 128, 2, seed=3)
    result = analyse("sobol", few, few.sum(axis=1))
    assert np.isnan([result["total_low"], result["first_order_high"]]).all()
    assert np.isfinite(result["total"]).all()


def test_the_same_numbers_as_scipy():
    samples = 512
    unit = sample("sobol", samples, 3, seed=3)
    output = ishigami(unit)
    parts = output.reshape(5, samples)
    functions = {"f_A": parts[:1], "f_B": parts[1:2], "f_AB": parts[2:][:, np.newaxis]}
    theirs = scipy_sobol_indices(func=functions, n=samples, dists=[uniform()] * 3)
    ours = analyse("sobol", unit, output)
    assert ours["first_order"] == pytest.approx(theirs.first_order, abs=0.02)
    assert ours["total"] == pytest.approx(theirs.total_order, abs=1e-3)


def test_by_hand():
    """f = x at A = (0, 0) and B = (1, 1): V = 1/4, E[(f(A) - f(A_1))^2] / 2 = 1/2 and E[f(B) (f(A_1) - f(A))] = 1/2."""
    output = np.array([0.0, 0.0, 1.0, 1.0, 1.0, 1.0])  # A (2), B (2), A with B's column (2)
    result = analyse("sobol", np.zeros((6, 1)), output)
    assert result["total"].tolist() == [0.5 / 0.25]
    assert result["first_order"].tolist() == [0.5 * 1.0 / 0.25]


@pytest.mark.parametrize("method", METHODS)
def test_every_method_ranks_ishigami_and_sees_nothing_in_a_constant(method):
    if method in ("morris", "pawn"):
        pytest.importorskip("SALib")
    unit = sample(method, {"morris": 64, "delta": 512}.get(method, 256), 4, seed=1)
    state = np.random.get_state()[1].copy()  # noqa: NPY002
    result = analyse(method, unit, ishigami(unit), seed=1)
    again = analyse(method, unit, ishigami(unit), seed=1)
    assert all((result[name] == again[name]).all() for name in result)
    assert (np.random.get_state()[1] == state).all()  # noqa: NPY002
    leading = {"sobol": "total", "morris": "mu_star", "pawn": "median", "delta": "delta"}[method]
    assert result[leading][3] < min(result[leading][:2])
    nothing = analyse(method, unit, np.ones(len(unit)), seed=1)
    assert set(nothing) == set(result)
    assert all((values == 0.0).all() for values in nothing.values())


def test_delta_of_a_step_and_of_a_sum():
    """By hand: a step at the middle is 1/2 and first order 1; a sum of two uniforms 1/3, less what kernels smooth."""
    unit = sample("delta", 2048, 3, seed=1)  # the third input does nothing
    step = density_indices(unit, np.where(unit[:, 0] < 0.5, 0.0, 1.0), seed=2)
    assert step["delta"][0] == pytest.approx(0.5, abs=0.03)
    assert step["first_order"][0] == pytest.approx(1.0, abs=0.02)
    both = density_indices(unit, unit[:, 0] + unit[:, 1], seed=2)
    assert both["delta"][:2] == pytest.approx(1.0 / 3.0, abs=0.06)
    assert both["first_order"][:2] == pytest.approx(0.5, abs=0.05)
    for result in (step, both):
        assert abs(result["delta"][2]) < 0.06
        assert (result["half"] < 0.05).all()
        assert abs(result["first_order"][2]) < 0.03


def test_what_does_nothing_has_an_index_below_a_fiftieth():
    """Inert parameters at 512 samples and few, noisy replicates: every row has the same luck, so they are exactly 0."""
    inert = ["cooperation.penalty", "rules.selection", "cooperation.suspension_years"]
    acting = ["lab.initial_share", "incidents.gap_sensitivity"]
    result = sensitivity_indices(
        FIXED, [*inert, *acting], 512, runs=2, seed=5, outcomes=["catastrophe_probability", "welfare"]
    )
    total = result["total"].sel(parameter=inert)
    assert (total < 0.02).all()
    assert (total == 0.0).all()
    assert (result["total"].sel(parameter=acting) > 0.1).all()


def test_ranks_do_not_change_when_values_are_stretched():
    """Values to be stretched: a cost that only scales welfare far below 0 leaves the order of points as it is."""
    axes = ["lab.initial_share", "incidents.gap_sensitivity"]
    stretched = FIXED.replace({"nations.us.catastrophe_cost": 1e9})
    further = FIXED.replace({"nations.us.catastrophe_cost": 1e10})
    one, other = (
        sensitivity_indices(scenario, axes, 64, runs=2, outcomes=["welfare"], ranks=["welfare"])
        for scenario in (stretched, further)
    )
    assert one["total"].values == pytest.approx(other["total"].values, abs=1e-6)
    plain = sensitivity_indices(FIXED, axes, 64, runs=2, outcomes=["welfare"])
    assert not np.allclose(plain["total"].values, one["total"].values, atol=1e-6)


def test_whole_and_named_parameters():
    names = "nations.us.policy=race,unilateral_slowdown"
    axes = [names, "cooperation.treaty_min_signatories=1:2", "lab.rule=fixed,human", "prize.enmity"]
    result = sensitivity_indices(FIXED, axes, 64, runs=8, seed=1, outcomes=["safety_share", "welfare"])
    share = result["total"].sel(outcome="safety_share")
    assert share.sel(parameter="lab.rule") > 0.1
    assert share.sel(parameter="nations.us.policy") > 0.1
    assert share.sel(parameter="prize.enmity") == 0.0
    assert (result["total"].sel(parameter="cooperation.treaty_min_signatories") == 0.0).all()
    table = ordered(result, "safety_share")
    assert table["total"].is_monotonic_decreasing
    assert table.loc["nations.us.policy", "range"] == "race,unilateral_slowdown"


def test_the_share_of_noise_falls_with_the_runs():
    few, many = (
        sensitivity_indices(FIXED, ["lab.initial_share", "prize.enmity"], 32, runs=runs, outcomes=["welfare"])
        for runs in (4, 64)
    )
    ratio = few["noise_share"].item() / many["noise_share"].item()
    assert 4 < ratio < 64  # in expectation 16


def test_an_outcome_that_is_undefined_somewhere_has_no_indices_and_says_so(capsys):
    """Where every mishap is a catastrophe and every lab has one, nobody survives to have a lead."""
    asked = ["sensitivity", "duopoly-v1", "--set", "lab.rule=fixed", "--samples", "8", "--runs", "2", "--outcomes"]
    asked += ["lead,welfare", "--set", "assurance.initial_gap=20", "--set", "incidents.gap_sensitivity=5"]
    asked += ["--parameters", "incidents.catastrophe_probability=0:1", "incidents.mishap_hazard=1:100"]
    assert cli.main(asked) == 0
    text = capsys.readouterr().out
    assert "lead: undefined at some points" in text
    assert "welfare: sobol indices of 2 parameters" in text


def test_the_default_is_every_parameter_that_is_only_assumed():
    scenario = Scenario.load("us-china-2026")
    status = {parameter.path: parameter.about.status for parameter in scenario.parameters()}
    result = assumed(scenario)
    assert len(result) > 50
    assert all(status[path] == "assumed" for path in result)
    assert {"prize.enmity", "lab.planning_horizon", "nations.us.catastrophe_cost"} <= set(result)


def test_the_command(tmp_path, capsys):
    out = str(tmp_path / "found")
    asked = [
        "sensitivity",
        "duopoly",
        "--set",
        "time.horizon=1",
        "--set",
        "lab.rule=fixed",
        "--samples",
        "16",
        "--runs",
    ]
    asked += [
        "4",
        "--outcomes",
        "welfare,safety_share",
        "--parameters",
        "lab.initial_share",
        "prize.enmity",
        "--out",
        out,
    ]
    assert cli.main(asked) == 0
    text = capsys.readouterr()
    assert "64 of 64 points" in text.err
    assert "welfare: sobol indices of 2 parameters" in text.out
    names = {path.name for path in (tmp_path / "found").iterdir()}
    files = {f"indices-{key}.{kind}" for key in ("welfare", "safety_share") for kind in ("csv", "png")}
    assert names == {"sweep", *files}
    assert cli.main([*asked, "--quiet"]) == 0, "resumed from the sweep that is kept"
    assert cli.main([*asked[:-2], "--quiet"]) == 0
    assert capsys.readouterr().err == ""


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"parameters": ["prize.emnity"]}, "did you mean 'prize.enmity'"),
        ({"parameters": []}, "at least one"),
        ({"parameters": ["prize.enmity", "prize.enmity=0:1"]}, "given once"),
        ({"samples": 100}, "power of 2 (64 or 128)"),
        ({"samples": 2}, "at least 4"),
        ({"samples": 2**30}, "at most"),
        ({"runs": 1}, "at least 2"),
        ({"ranks": ["mishaps"]}, "no outcome to explain 'mishaps'"),
        ({"method": "guess"}, "no method 'guess'"),
        ({"outcomes": ["welfar"]}, "did you mean 'welfare'"),
    ],
)
def test_bad_arguments_are_one_line(options, message):
    with pytest.raises(InputError) as error:
        sensitivity_indices("duopoly", **{"parameters": ["prize.enmity"], "samples": 16, "runs": 2, **options})
    assert message in str(error.value)
    assert "\n" not in str(error.value)


def test_figure():
    values = ([0.5, 0.2], [0.4, 0.1], [0.6, 0.3])
    ax = index_intervals(["one", "two"], {"total": values, "first order": values}, xlabel="share (1)")
    assert [text.get_text() for text in ax.get_yticklabels()] == ["one", "two"]
    assert len(ax.containers) == 2
    assert ax.get_xlabel() == "share (1)"
