"""Every shipped result can be drawn again from its tables; whatever is damaged is refused in one line."""

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import matplotlib as mpl
import numpy as np
import pandas as pd
import pytest

from experiments import gallery
from experiments._base.steps import experiments
from experiments.figures.published_models import distance
from race_sim import InputError, cli, sensitivity_indices, sweep
from race_sim.figures.drawing import caption, draw, save
from race_sim.figures.experiments import kinds_of
from race_sim.figures.kinds import chosen
from race_sim.figures.result_folders import opened
from race_sim.figures.sweep_reports import write_indices
from race_sim.plots import cloud, exceedance, intervals_reached, level_map, margins
from tests.waiting import finished

ROOT = Path(__file__).parent.parent
RESULTS = ROOT / "results"
SHIPPED = [step.name for step in gallery.shipped(RESULTS)]
WITH_FIGURES = [name for name in SHIPPED if opened(RESULTS / name).kinds]
DRAWN = [(name, kind.name) for name in SHIPPED for kind in opened(RESULTS / name).kinds]
START = {".png": b"\x89PNG", ".svg": b"<?xml", ".pdf": b"%PDF"}
pytestmark = pytest.mark.filterwarnings("error")


@pytest.fixture(scope="module")
def sweeps(tmp_path_factory):
    """Folders of small sweeps, by what varies there."""
    folder = tmp_path_factory.mktemp("sweeps")
    designs = {
        "one": {"prize.enmity": "0:1:3"},
        "two": {"prize.enmity": "0:1:3", "prize.prize": "10:1000:2:log"},
        "mixed": {"prize.enmity": "0:1:3", "lab.rule": ["fixed", "best_response"]},
        "names": {"lab.rule": ["fixed", "best_response"], "nations.west.policy": ["race", "treaty"]},
        "log": {"prize.prize": "10:1000:3:log"},
        "three": {"prize.enmity": "0:1:2", "prize.prize": "10:20:2", "lab.liability": "1:2:2"},
        "many": pd.DataFrame(np.random.default_rng(1).random((60, 2)), columns=["prize.enmity", "trust.recovery"]),
    }
    for name, design in designs.items():
        outcomes = ["welfare", "mishaps"] if name == "two" else None
        sweep("duopoly", design, 4, 1, outcomes, folder / name, progress=False)
    return folder


def plot(*arguments):
    return cli.main(["plot", *map(str, arguments)])


def copied(name, tmp_path):
    return Path(shutil.copytree(RESULTS / name, tmp_path / name))


@pytest.mark.parametrize("suffix", START)
@pytest.mark.parametrize("name", WITH_FIGURES)
def test_every_shipped_result_is_drawn(name, suffix, tmp_path, capsys):
    out = tmp_path / f"figure{suffix}"
    assert plot(RESULTS / name, "--out", out) == 0
    assert out.read_bytes().startswith(START[suffix])
    assert [path.name for path in tmp_path.iterdir()] == [out.name]
    text = capsys.readouterr().out.splitlines()
    assert text[-1] == f"written to {out}"
    others = [kind.name for kind in opened(RESULTS / name).kinds[1:]]
    assert (f"other kinds: {', '.join(others)}" in text) == bool(others)


@pytest.mark.parametrize("name", [step.name for step in experiments()])
def test_every_experiment_ships_what_it_draws_and_what_that_is_drawn_from(name):
    kinds = kinds_of(name)
    assert len({kind.name for kind in kinds}) == len(kinds)
    for kind in kinds:
        assert kind.question.endswith("?") or ": " in kind.question
        assert kind.tables
        assert all((RESULTS / name / file).exists() for file in kind.tables)
        assert (RESULTS / name / f"{kind.name}.png").exists()


FOREIGN = {"experiment": "some_other_study", "rows": {}}
PLOT_FROM = """
import sys
from importlib.util import module_from_spec, spec_from_file_location
spec = spec_from_file_location("race_sim", sys.argv[1], submodule_search_locations=[sys.argv[1].rpartition("/")[0]])
sys.modules["race_sim"] = package = module_from_spec(spec)
spec.loader.exec_module(package)
from race_sim.cli import main
sys.exit(main(["plot", *sys.argv[2:]]))
"""


def plotted_by(package, *arguments):
    """``race-sim plot`` by a package that is found by itself, as an installed one is: nothing else is on the path."""
    command = [sys.executable, "-P", "-c", PLOT_FROM, str(package / "race_sim" / "__init__.py"), *map(str, arguments)]
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    return finished(command, cwd="/", env=environment)


def test_results_are_drawn_in_a_checkout_that_is_not_on_the_path(tmp_path):
    done = plotted_by(ROOT, RESULTS / "whose_race", "--out", tmp_path / "figure.png")
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "figure.png").exists()


def test_outside_a_checkout_one_line_says_where_results_are_drawn(tmp_path):
    (tmp_path / "race_sim").symlink_to(ROOT / "race_sim")
    done = plotted_by(tmp_path, RESULTS / "whose_race")
    assert done.returncode == 2
    assert done.stderr == (
        f"race-sim: {RESULTS / 'whose_race'}: is a result of the experiment 'whose_race', which only a checkout of "
        "race_sim can draw: there is no folder experiments beside the installed package\n"
    )


def test_results_of_an_experiment_that_is_not_here(tmp_path, capsys):
    """One line where it is asked for, and no gallery stops at them."""
    folder = tmp_path / "some_other_study"
    folder.mkdir()
    (folder / "provenance.json").write_text(json.dumps(FOREIGN))
    copied("whose_race", tmp_path)
    assert plot(folder) == 2
    message = capsys.readouterr().err
    assert message.startswith(f"race-sim: {folder}: no experiment 'some_other_study' (known: ")
    assert message.count("\n") == 1
    gallery.main(["--into", str(tmp_path)])
    page = (tmp_path / "gallery" / "README.md").read_text()
    assert "## whose_race" in page
    assert "some_other_study" not in page


@pytest.mark.parametrize(("name", "kind"), DRAWN)
def test_panels_say_what_they_show(name, kind):
    figure = draw(RESULTS / name, kind)
    panels = [ax for ax in figure.axes if ax.axison]
    assert panels
    outer = [ax.get_xlabel() for ax in panels if ax.get_xlabel()]
    assert outer
    for label in (*outer, *(ax.get_ylabel() for ax in panels if ax.get_ylabel())):
        assert "(" in label, f"{label!r} has no unit"
    assert all(ax.has_data() for ax in panels)
    figure.draw_without_rendering()


@pytest.mark.parametrize(("name", "kind"), DRAWN)
def test_a_figure_says_what_it_shows_and_what_it_rests_on(name, kind):
    result = opened(RESULTS / name)
    figure = draw(RESULTS / name, kind)
    which = result.kind(kind)
    title = " ".join(figure.get_suptitle().split())
    expected = which.question if which.finding is None else which.finding(result.read(which), result.provenance)
    assert title.startswith(expected)
    (below,) = (text.get_text() for text in figure.texts if text.get_gid() == "caption")
    assert below == caption(result.provenance)
    assert name in below


def test_findings_are_those_of_the_tables():
    folder = RESULTS / "cooperation_and_catastrophe"
    table = pd.read_csv(folder / "table.csv")
    point = {"benchmarks": 1.0, "verification": 0.5, "enmity": 0.6}
    race = chosen(table, profile="both race", outcome="catastrophe_probability", **point)
    assert f"is {100 * race['mean'].iloc[0]:.2f} %" in draw(folder).get_suptitle()
    parts = pd.read_csv(RESULTS / "whose_race" / "parts.csv")
    most = parts[parts["failure"] != "sum"].iloc[:5]["share_of_excess"].max()
    assert f"{100 * most:.0f} %" in draw(RESULTS / "whose_race").get_suptitle()


def test_a_figure_shows_the_numbers_of_its_table():
    table = pd.read_csv(RESULTS / "cooperation_and_catastrophe" / "table.csv")
    rows = table[(table["outcome"] == "safety_share") & (table["benchmarks"] == 1.0) & (table["verification"] == 0.5)
                 & (table["enmity"] == 0.6)]  # fmt: skip
    first, second, _ = draw(RESULTS / "cooperation_and_catastrophe").axes
    assert second.lines[0].get_xdata() == pytest.approx(100 * rows["mean"].to_numpy())
    assert [label.get_text() for label in first.get_yticklabels()] == rows["profile"].tolist()
    ladder = draw(RESULTS / "whose_race", "ladder").axes[0].lines[0].get_xdata()
    cells = pd.read_csv(RESULTS / "whose_race" / "table.csv")
    first = cells[cells["outcome"] == "catastrophe_probability"].iloc[0]
    assert ladder[0] == pytest.approx(100 * first["mean"])


def test_files_are_the_same_to_the_byte(tmp_path):
    for suffix in START:
        one, other = (save(draw(RESULTS / "whose_race"), tmp_path / f"{n}{suffix}").read_bytes() for n in "ab")
        assert one == other


def test_where_a_figure_goes(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    assert plot(RESULTS / "whose_race") == 0
    assert plot(RESULTS / "whose_race", "--kind", "ladder", "--out", "new/deeper/figure.pdf") == 0
    assert sorted(str(path.relative_to(tmp_path)) for path in tmp_path.rglob("*.p*")) == [
        "new/deeper/figure.pdf", "whose_race-failures.png",
    ]  # fmt: skip


@pytest.mark.quick
@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["results/whose_rice"], "does not exist"),
        (["results/whose_race/table.csv"], "is a file"),
        (["results/gallery"], "holds no result"),
        (["results/whose_race", "--kind", "lader"], "did you mean 'ladder'"),
        (["results/whose_race", "--kind", "?"], "known: failures, ladder"),
        (["results/whose_race", "--outcomes", "welfare"], "can be chosen for runs, sweeps"),
        (["results/whose_race", "--out", "figure.jpg"], ".png, .svg, .pdf, got 'figure.jpg'"),
        (["results/whose_race", "--out", "figure"], "got 'figure'"),
        (["results/whose_race", "--out", "/dev/null/figure.png"], "cannot be written"),
    ],
)
def test_bad_input_is_one_line(arguments, message, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "results").symlink_to(RESULTS)
    assert plot(*arguments) == 2
    text = capsys.readouterr()
    assert message in text.err
    assert text.err.count("\n") == 1
    assert not text.out
    assert [path.name for path in tmp_path.iterdir()] == ["results"]


def first_mean_as_text(text):
    return re.sub(r"(?<=catastrophe_probability,)[^,]+", "lots", text, count=1)


def without_column(text):
    return pd.read_csv(text).drop(columns="mean").to_csv(index=False)


@pytest.mark.parametrize(
    ("damage", "message"),
    [
        (lambda path: path.write_text(without_column(path)), "must have a column 'mean'"),
        (lambda path: path.write_text(path.read_text()[:1000]), "damaged or cut off at line"),
        (lambda path: path.write_text("\n".join(path.read_text().split("\n")[:9]) + "\n"), "must have 320 rows, has 8"),
        (lambda path: path.write_text(first_mean_as_text(path.read_text())), "mean: must be numbers, got"),
        (lambda path: path.write_text(path.read_text().split("\n")[0] + "\n"), "must have 320 rows, has 0"),
        (lambda path: path.write_text(""), "damaged or cut off"),
        (lambda path: path.write_bytes(b"\xff\xfe\x00table"), "damaged"),
        (lambda path: path.unlink(), "No such file"),
        (lambda path: path.with_name("provenance.json").write_text("{"), "damaged: no JSON object"),
        (lambda path: path.with_name("provenance.json").write_text("[]"), "damaged: no JSON object"),
        (lambda path: path.with_name("provenance.json").write_text("{}"), "names none"),
        (lambda path: path.with_name("provenance.json").write_text('{"experiment": "whose_rice"}'), "'whose_race'"),
        (lambda path: path.with_name("provenance.json").unlink(), "holds no result"),
    ],
)
def test_what_is_damaged_is_refused(damage, message, tmp_path, monkeypatch, capsys):
    folder = copied("whose_race", tmp_path)
    damage(folder / "table.csv")
    work = tmp_path / "work"
    work.mkdir()
    monkeypatch.chdir(work)
    assert plot(folder, "--kind", "ladder") == 2
    text = capsys.readouterr().err
    assert message in text
    assert text.count("\n") == 1
    assert not list(work.iterdir())


@pytest.mark.quick
@pytest.mark.parametrize(
    ("name", "kinds"),
    [
        ("one", ["curves", "rows", "clouds"]),
        ("two", ["map", "rows", "clouds"]),
        ("mixed", ["curves", "rows", "clouds"]),
        ("names", ["rows"]),
        ("three", ["rows", "clouds"]),
        ("many", ["clouds"]),
    ],
)
def test_a_sweep_is_drawn_by_what_varies(name, kinds, sweeps, tmp_path):
    assert [kind.name for kind in opened(sweeps / name).kinds] == kinds
    for kind in kinds:
        assert plot(sweeps / name, "--kind", kind, "--out", tmp_path / f"{kind}.svg") == 0
        figure = draw(sweeps / name, kind)
        assert all("(" in ax.get_xlabel() for ax in figure.axes if ax.axison and ax.get_xlabel())


@pytest.mark.quick
def test_curves_and_maps_of_a_sweep_are_its_estimates(sweeps):
    table = pd.read_parquet(sweeps / "mixed" / "points")
    lines = draw(sweeps / "mixed", outcomes=["welfare"]).axes[0].lines
    for line, (_, rows) in zip(lines, table.groupby("lab.rule", sort=False), strict=True):
        assert line.get_ydata() == pytest.approx(rows["welfare"].to_numpy())
    figure = draw(sweeps / "two", outcomes=["mishaps"])
    image = np.asarray(figure.axes[0].images[0].get_array())
    points = pd.read_parquet(sweeps / "two" / "points")
    assert image.ravel() == pytest.approx(points.sort_values(["prize.prize", "prize.enmity"])["mishaps"].to_numpy())
    assert figure.axes[0].get_xlabel() == "prize.enmity (1)"
    scales = [draw(sweeps / name, "curves").axes[0].get_xscale() for name in ("one", "log")]
    assert scales == ["linear", "log"]


def test_outcomes_of_a_sweep_are_chosen(sweeps, tmp_path, capsys):
    out = tmp_path / "figure.png"
    assert len(draw(sweeps / "one").axes) == 3, "the headlines, of all outcomes"
    assert len(draw(sweeps / "one", outcomes=["trust"]).axes) == 1
    assert plot(sweeps / "one", "--outcomes", "welfare,lead", "--out", out) == 0
    assert plot(sweeps / "one", "--outcomes", "wellfare", "--out", out) == 2
    assert "did you mean 'welfare'" in capsys.readouterr().err


def test_sweeps_that_are_not_whole(sweeps, tmp_path, capsys):
    folder = Path(shutil.copytree(sweeps / "many", tmp_path / "many"))
    part = folder / "points" / "part-00000.parquet"
    part.write_bytes(part.read_bytes()[:-9])
    assert plot(folder, "--out", tmp_path / "figure.png") == 2
    assert "is damaged" in capsys.readouterr().err
    (folder / "checksums.txt").write_text("")
    assert plot(folder, "--out", tmp_path / "figure.png") == 2
    assert "holds no finished part yet" in capsys.readouterr().err
    sweep("duopoly", {"prize.enmity": "0:1:9"}, 2, 1, ["welfare"], tmp_path / "one", points_per_part=3, progress=False)
    lines = (tmp_path / "one" / "checksums.txt").read_text().splitlines(keepends=True)
    (tmp_path / "one" / "checksums.txt").write_text(lines[0])
    assert plot(tmp_path / "one", "--out", tmp_path / "figure.png") == 0
    assert "6 of its points are still missing" in capsys.readouterr().out


def test_sensitivity_is_drawn_from_its_indices(tmp_path, capsys):
    result = sensitivity_indices("duopoly", ["prize.enmity", "lab.liability"], 8, 2, 1, ("welfare", "mishaps"))
    write_indices(tmp_path / "found", result)
    assert {path.suffix for path in (tmp_path / "found").iterdir()} == {".csv", ".png"}
    assert plot(tmp_path / "found", "--out", tmp_path / "figure.png") == 0
    assert len(draw(tmp_path / "found").axes) == 2
    ax = draw(tmp_path / "found", outcomes=["welfare"]).axes[0]
    assert ax.get_xlabel().startswith("welfare: share of the variance")
    table = pd.read_csv(tmp_path / "found" / "indices-welfare.csv")
    assert [label.get_text() for label in ax.get_yticklabels()] == table["parameter"].tolist()
    (tmp_path / "found" / "indices-welfare.csv").write_text("parameter,total\nprize.enmity")
    with pytest.raises(InputError, match="damaged or cut off"):
        draw(tmp_path / "found")


def test_the_gallery_has_every_figure(tmp_path):
    for name in ("whose_race", "published_models"):
        copied(name, tmp_path)
    gallery.main(["--into", str(tmp_path)])
    made = {path.name for path in (tmp_path / "gallery").iterdir()}
    assert made == {"README.md", "whose_race-failures.png", "whose_race-ladder.png", "published_models-agreement.png",
                    "published_models-reproduction.png"}  # fmt: skip
    page = (tmp_path / "gallery" / "README.md").read_text()
    assert all(name in page for name in made - {"README.md"})
    assert "race-sim plot results/whose_race --kind ladder" in page
    assert "../published_models/tan2026.png" in page


def test_the_shipped_gallery_shows_what_is_shipped():
    page = (RESULTS / "gallery" / "README.md").read_text()
    for name, kind in DRAWN:
        assert (RESULTS / "gallery" / f"{name}-{kind}.png").exists()
        assert f"]({name}-{kind}.png)" in page


def test_distances_are_counted_in_tolerances():
    row = {"published": "0.18", "ours": "0.19", "tolerance": 0.005, "status": "differs"}
    assert distance(pd.Series(row)) == pytest.approx(2.0)
    assert np.isnan(distance(pd.Series({**row, "published": "rises", "ours": "falls", "tolerance": 0.0})))


def test_shares_that_reach_a_value():
    ax = exceedance({"a": [0.0, 1.0, 10.0, 100.0]}, xlabel="regret (1)", ylabel="share (1)")
    assert ax.lines[0].get_xydata().tolist() == [[1.0, 0.75], [10.0, 0.5], [100.0, 0.25]]
    assert (ax.get_xscale(), ax.get_yscale()) == ("log", "log")


def test_goals_kept_and_missed():
    ax = margins(["kept", "missed", "far"], [2.0, 0.5, 1e6], ["a", "b", "c"], xlabel="times better (1)", most=10.0)
    assert [(bar.get_x(), bar.get_width()) for bar in ax.patches] == [(1.0, 1.0), (1.0, -0.5), (1.0, 9.0)]
    assert len({bar.get_facecolor() for bar in ax.patches}) == 2
    assert ax.patches[1].get_hatch()
    ax = intervals_reached(["x (1)"], [1.0], [100.0], [10.0], [1.0], [np.nan])
    assert ax.containers[1].lines[0].get_xdata() == pytest.approx([0.5])
    assert [text.get_text() for text in ax.texts] == ["1", "100", "10"]


def test_levels_have_numbers_where_there_is_room():
    small = level_map([0, 1], [1000, 2000], [[1, np.nan], [3, 4000]], np.ones((2, 2)), xlabel="x (1)", ylabel="y (1)",
                      label="z (1)")  # fmt: skip
    assert [text.get_text() for text in small.texts] == ["1\n(1)", "3\n(1)", "4,000\n(1)"]
    assert [label.get_text() for label in small.get_yticklabels()] == ["1,000", "2,000"]
    large = level_map(
        np.arange(30), np.arange(30), np.ones((30, 30)), np.ones((30, 30)), xlabel="", ylabel="", label=""
    )
    assert not large.texts
    assert len(large.get_xticks()) == 10


def test_a_cloud_has_medians():
    x = np.arange(16.0)
    ax = cloud(x, 2 * x, xlabel="x (1)", ylabel="y (1)")
    assert ax.lines[0].get_xydata().tolist() == np.stack([x, 2 * x], axis=1).tolist()
    assert ax.lines[1].get_ydata()[:2].tolist() == [1.0, 5.0]


SETTINGS = {
    "text.usetex": True,
    "font.family": "no such font",
    "font.size": 40,
    "savefig.bbox": "tight",
    "savefig.pad_inches": 3,
    "savefig.transparent": True,
    "lines.linewidth": 9,
    "figure.dpi": 30,
    "svg.fonttype": "none",
    "axes.facecolor": "black",
    "axes.formatter.use_locale": True,
}


@pytest.mark.parametrize("suffix", [".png", ".svg"])
def test_the_users_settings_of_matplotlib_do_not_reach_our_figures(suffix, tmp_path):
    own = save(draw(RESULTS / "whose_race"), tmp_path / f"own{suffix}").read_bytes()
    with mpl.rc_context(SETTINGS):
        drawn = save(draw(RESULTS / "whose_race"), tmp_path / f"drawn{suffix}").read_bytes()
    assert drawn == own


@pytest.mark.parametrize(
    ("backend", "settings"),
    [
        ("nonsense", b""),
        ("tkagg", b""),
        ("", b"text.usetex: True\nfont.family: no such font\n"),
        ("", b"backend: nonsense\n"),
        ("", b"figure.figsize: wide\n"),
        ("", b"\xff\xfe no text\n"),
    ],
)
def test_plot_whatever_the_users_matplotlib_is_set_to(backend, settings, tmp_path):
    (tmp_path / "matplotlibrc").write_bytes(settings)
    environment = {**os.environ, "MPLBACKEND": backend, "MATPLOTLIBRC": str(tmp_path), "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-m", "race_sim.cli", "plot", RESULTS / "whose_race", "--out", tmp_path / "figure.png"]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    with mpl.rc_context(mpl.rcParamsDefault):
        assert (tmp_path / "figure.png").read_bytes() == save(
            draw(RESULTS / "whose_race"), tmp_path / "own.png"
        ).read_bytes()
