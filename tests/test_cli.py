"""The command line, as a user types it."""

import json
import shlex
import shutil
import sys
from pathlib import Path

import pytest
import xarray as xr

from race_sim import Scenario, cli, least_setting
from tests.waiting import finished

COMMAND = [sys.executable, "-m", "race_sim.cli"]
SHORT = ["--set", "time.horizon=1"]


def run(*arguments, cwd=None):
    return finished([*COMMAND, *arguments], cwd=cwd)


def test_json_is_the_same_to_the_byte_whatever_the_threads_and_the_folder(tmp_path):
    options = ["run", "us-china-2026", "--runs", "600", "--json"]
    outputs = {
        run(*options, "--threads", threads, cwd=cwd).stdout
        for threads, cwd in (("1", None), ("2", None), ("2", tmp_path), ("1", "/"), ("3", None))
    }
    assert len(outputs) == 1
    result = json.loads(outputs.pop())
    assert set(result) == {"scenario", "runs", "seed", "estimator", "outcomes"}
    assert (result["scenario"], result["runs"], result["seed"], result["estimator"]) == (
        "us-china-2026", 600, 0, "integrated",
    )  # fmt: skip
    names = {"catastrophe_probability", "catastrophe_hazard", "mishaps", "mishap_hazard", "safety_share",
             "assurance_gap", "lead", "trust", "regulation", "capability", "time_to_threshold", "payoff.us",
             "winner.china", "winner.none"}  # fmt: skip
    assert names <= set(result["outcomes"])
    for item in result["outcomes"].values():
        assert set(item) == {"mean", "standard_error", "low", "high"}
    wins = sum(result["outcomes"][f"winner.{who}"]["mean"] for who in ("us", "china", "none"))
    assert wins == pytest.approx(1.0)


@pytest.mark.quick
def test_a_table_to_read(capsys):
    assert cli.main(["run", "duopoly", "--runs", "20", *SHORT]) == 0
    text = capsys.readouterr().out
    assert "duopoly: 20 runs, seed 0, integrated estimator" in text
    assert "catastrophe_probability" in text
    assert "+-" in text


@pytest.mark.quick
@pytest.mark.parametrize("extra", [[], ["--all"], ["--estimator", "sampled", "--all"], ["--outcomes", "winner,lag"]])
def test_tables_fit_a_hundred_columns(capsys, extra):
    assert cli.main(["run", "us-china-2026", "--runs", "30", *SHORT, *extra]) == 0
    text = capsys.readouterr().out
    assert max(map(len, text.splitlines())) <= 100
    assert ("payoff.us_1" in text) == ("--all" in extra)
    assert ("--all" in text) == (extra == [])


def test_outcomes_are_chosen_in_every_form(capsys, tmp_path):
    base = ["run", "us-china-2026", "--runs", "20", *SHORT]
    chosen = [*base, "--outcomes", "winner, payoff.us"]
    keys = ["winner.none", "winner.us", "winner.china", "payoff.us"]
    assert cli.main([*chosen, "--json"]) == 0
    assert list(json.loads(capsys.readouterr().out)["outcomes"]) == keys
    assert cli.main([*chosen, "--csv"]) == 0
    table = capsys.readouterr().out
    assert [line.partition(",")[0] for line in table.splitlines()] == ["outcome", *keys]
    assert cli.main([*base, "--csv", "--out", str(tmp_path / "runs")]) == 0
    whole = capsys.readouterr().out
    assert whole == (tmp_path / "runs" / "outcomes.csv").read_text()
    assert set(table.splitlines()) <= set(whole.splitlines())
    assert cli.main([*base, "--outcomes", "winer"]) == 2
    assert "--outcomes: no outcome 'winer' (did you mean 'winner" in capsys.readouterr().err
    assert cli.main([*base, "--csv", "--json"]) == 2


def test_quiet_says_nothing_beside_the_result():
    inert = ["run", "duopoly", "--runs", "20", "--set", "cooperation.penalty=0.5", *SHORT]
    loud, quiet = run(*inert), run(*inert, "--quiet")
    about_kernels = ("race-sim: warning: the shipped kernels are not used", "race-sim: compiling ")
    assert "note: " in loud.stderr
    assert [line for line in quiet.stderr.splitlines() if not line.startswith(about_kernels)] == []
    assert quiet.stdout == loud.stdout


def test_least_settings_are_those_of_python_in_every_form(capsys):
    asked = ["least-setting", "duopoly", "--lever", "penalty", "--deviations", "covert_defection", "--most-runs", "256",
             "--most-settings", "5", "--quiet"]  # fmt: skip
    result = least_setting("duopoly", "penalty", ("covert_defection",), max_runs=256, max_settings=5)
    assert cli.main(asked) == 0
    text = capsys.readouterr().out
    assert text.startswith(str(result))
    assert max(map(len, text.splitlines()[1:])) <= 100
    assert cli.main([*asked, "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["verdict"], told["low"], told["high"]) == (result.verdict, result.low, result.high)
    assert [row["setting"] for row in told["tested"][::2]] == [one.setting for one in result.tested]
    assert cli.main([*asked, "--csv"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == 1 + sum(len(one.margins) for one in result.tested)
    assert float(lines[1].split(",")[5]) == -result.tested[0].margins[0].loss.mean
    assert cli.main(["least-setting", "duopoly", "--lever", "patience"]) == 2
    assert "lever: no lever 'patience'" in capsys.readouterr().err


@pytest.mark.skipif(shutil.which("bash") is None, reason="needs bash")
@pytest.mark.parametrize(("typed", "wanted", "unwanted"), [
    (["race-sim", "sw"], {"sweep"}, {"run"}),
    (["race-sim", "run", "us-"], {"us-china-2026", "us-china-2026-point"}, {"duopoly"}),
    (["race-sim", "run", "--out"], {"--out", "--outcomes"}, {"--runs"}),
    (["race-sim", "solve", "han"], {"han2020", "han2021", "han2022"}, {"tan2026"}),
    (["race-sim", "completion", "z"], {"zsh"}, {"bash"}),
])  # fmt: skip
def test_bash_completes_what_is_typed(typed, wanted, unwanted):
    script = run("completion", "bash").stdout
    words = " ".join(f"'{word}'" for word in typed)
    ask = f"{script}\nCOMP_WORDS=({words}); COMP_CWORD={len(typed) - 1}; _race_sim; echo ${{COMPREPLY[@]}}"
    done = finished(["bash", "-c", ask])
    assert done.stderr == ""
    given = set(done.stdout.split())
    assert wanted <= given
    assert not unwanted & given


def test_other_shells_and_none(capsys):
    for shell in ("zsh", "fish"):
        assert cli.main(["completion", shell]) == 0
        text = capsys.readouterr().out
        assert "us-china-2026" in text
        assert "trajectories" in text
    assert cli.main(["completion", "tcsh"]) == 2
    assert "no shell 'tcsh'" in capsys.readouterr().err


def examples():
    """Every worked example of every command's help, by command."""
    for action in cli._parser()._actions:
        for name, parser in (action.choices or {}).items() if isinstance(action.choices, dict) else ():
            text = (parser.epilog or "").partition("examples:")[2]
            yield name, [line.strip() for line in text.splitlines() if line.strip()]


@pytest.mark.parametrize(("name", "lines"), list(examples()))
def test_examples_of_every_help_run(name, lines, capsys, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert lines
    for line in lines:
        program, *arguments = shlex.split(line)
        assert program == "race-sim"
        assert cli.main(arguments) == 0, capsys.readouterr().err
        assert capsys.readouterr().out


@pytest.mark.quick
def test_policies_and_settings_reach_the_race(capsys):
    outcomes = []
    for extra in ([], ["--policies", "us=treaty,china=treaty"], ["--set", "lab.rule=fixed"]):
        assert cli.main(["run", "us-china-2026", "--runs", "20", "--json", *SHORT, *extra]) == 0
        outcomes.append(json.loads(capsys.readouterr().out)["outcomes"])
    assert outcomes[0]["treaty_in_force"]["mean"] == 0.0
    assert outcomes[1]["treaty_in_force"]["mean"] > 0.5
    assert outcomes[2]["safety_share"]["mean"] == pytest.approx(0.1)


@pytest.mark.quick
def test_scenarios_and_show(capsys):
    assert cli.main(["scenarios"]) == 0
    assert "us-china-2026" in capsys.readouterr().out
    assert cli.main(["show", "us-china-2026"]) == 0
    text = capsys.readouterr().out
    for parameter in Scenario.load("us-china-2026").parameters():
        assert parameter.path in text
    assert cli.main(["show", "us-china-2026", "--set", "prize.enmity=0.25", "--toml"]) == 0
    assert Scenario.from_toml(capsys.readouterr().out).prize.enmity == 0.25


def test_out_writes_everything_or_nothing(tmp_path, capsys):
    folder = tmp_path / "runs"
    assert cli.main(["run", "duopoly", "--runs", "8", *SHORT, "--trajectories", "--out", str(folder)]) == 0
    assert {path.name for path in folder.iterdir()} == {"outcomes.csv", "runs.nc", "scenario.toml", "provenance.json"}
    with xr.open_dataset(folder / "runs.nc", engine="scipy") as runs:
        assert runs.sizes == {"run": 8, "nation": 2, "lab": 2, "control": 15, "period": 12}
    assert Scenario.load(folder / "scenario.toml").time.horizon == 1
    provenance = json.loads((folder / "provenance.json").read_text())
    assert provenance["runs"] == 8
    assert cli.main(["run", "duopoly", "--runs", "8", *SHORT, "--out", str(folder)]) == 2
    assert "must be a new or empty folder" in capsys.readouterr().err
    assert [path.name for path in tmp_path.iterdir()] == ["runs"]


def test_the_largest_seed_can_be_written(tmp_path):
    options = ["run", "duopoly", "--runs", "2", *SHORT, "--seed", str(2**64 - 1), "--out", str(tmp_path / "runs")]
    assert cli.main(options) == 0


@pytest.mark.quick
@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ([], "required"),
        (["rum"], "invalid choice"),
        (["run"], "required"),
        (["run", "us-china-226"], "did you mean"),
        (["run", "nowhere.toml"], "cannot be read"),
        (["run", "duopoly", "--runs", "many"], "--runs: must be a whole number, got 'many'"),
        (["run", "duopoly", "--runs", "0"], "runs: must be a whole number, at least 1"),
        (["run", "duopoly", "--seed", "-1"], "seed: must be a whole number"),
        (["run", "duopoly", "--threads", "0"], "threads"),
        (["run", "duopoly", "--estimator", "guess"], "estimator"),
        (["run", "duopoly", "--set", "prize.enmity"], "--set: must be PATH=VALUE"),
        (["run", "duopoly", "--set", "prize.enmity=2"], "prize.enmity: must lie in [0, 1], got 2"),
        (["run", "duopoly", "--set", "prize.emnity=0"], "prize.emnity"),
        (["run", "duopoly", "--policies", "us"], "--policies"),
        (["run", "duopoly", "--policies", "mars=race"], "no nation 'mars'"),
        (["run", "us-china-2026", "--policies", "us=war"], "no policy 'war'"),
        (["run", "duopoly", "--trajectories"], "--trajectories: needs --out"),
        (["run", "duopoly", "--out", "/proc/nowhere/x"], "cannot be written"),
        (["show", "duopoly", "--json"], "unrecognized arguments: --json"),
        (["screen", "duopoly", "--runs", "1"], "at least 2"),
    ],
)
def test_bad_input_is_one_line_and_exit_code_2(arguments, message, capsys):
    assert cli.main(arguments) == 2
    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err.count("\n") == 1
    assert captured.err.startswith("race-sim: ")
    assert message in captured.err


def test_exit_code_of_the_process():
    done = run("run", "duopoly", "--set", "prize.enmity=2")
    assert done.returncode == 2
    assert "Traceback" not in done.stderr


def test_a_closed_pipe_is_no_error():
    pipe = f"{sys.executable} -m race_sim.cli show us-china-2026 | head -1"
    done = finished(["sh", "-c", pipe])
    assert "Traceback" not in done.stderr
    assert done.returncode == 0


def test_interrupted_in_the_middle_nothing_is_left(tmp_path, monkeypatch, capsys):
    from race_sim.runs import sampling

    def interrupt(*arguments, **options):
        raise KeyboardInterrupt

    monkeypatch.setattr(sampling, "in_batches", interrupt)
    assert cli.main(["run", "duopoly", "--runs", "8", "--out", str(tmp_path / "runs")]) == 130
    assert "interrupted" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


def test_progress_on_a_terminal_only():
    done = run("run", "duopoly", "--runs", "300", *SHORT)
    assert "\r" not in done.stdout
    assert all(line.startswith("race-sim: ") for line in done.stderr.splitlines())  # what is compiled, if anything


def test_version():
    done = run("--version")
    assert done.returncode == 0
    assert done.stdout.startswith("race-sim ")
    assert Path(cli.__file__).exists()
