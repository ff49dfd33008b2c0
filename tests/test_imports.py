"""Who may import whom, and what starts fast."""

import sys
from pathlib import Path

import pytest

from tests.waiting import finished

ROOT = Path(__file__).parent.parent


def imported(code: str) -> set[str]:
    """Top-level modules in memory after running the code in a new process."""
    report = "\nimport sys; print(' '.join(sorted({name.partition('.')[0] for name in sys.modules})), end='')"
    done = finished([sys.executable, "-c", code + report])
    assert done.returncode == 0, done.stderr
    return set(done.stdout.rpartition("\n")[2].split())


def test_plots_import_nothing_that_computes():
    loaded = imported("from race_sim import plots")
    assert "matplotlib" in loaded
    assert not loaded & {"mesa", "numba", "pandas", "pyarrow", "pydantic", "quantecon", "scipy", "xarray"}


def test_one_plot_imports_no_other():
    code = "import sys\nfrom race_sim.plots import estimates\nprint(*(one for one in sys.modules if '.charts.' in one))"
    done = finished([sys.executable, "-c", code])
    assert done.stdout.split() == ["race_sim.plots.charts.estimates"]


WITHOUT_MESA = "import sys; sys.modules['mesa'] = None\n"


@pytest.mark.quick
@pytest.mark.parametrize(
    "code",
    [
        "import race_sim",
        "from race_sim.cli import main\ntry: main(['--help'])\nexcept SystemExit: pass",
        "from race_sim.cli import main\nmain([])",
    ],
)
def test_help_imports_neither_numba_nor_mesa(code):
    assert not imported(code) & {"numba", "mesa", "numpy", "pandas", "matplotlib", "xarray", "scipy"}


def test_runs_do_not_import_mesa_or_matplotlib():
    loaded = imported("from race_sim import estimate\nestimate('duopoly', runs=2)")
    assert not loaded & {"mesa", "matplotlib"}


@pytest.mark.parametrize(
    "code",
    [
        "from race_sim.kernels import run, period, rules, stage_equilibrium",
        "from race_sim import simulate, summarise, estimate; summarise(simulate('duopoly', runs=3))",
        "from race_sim.runs.screening import screen, screen_claims, CLAIMS",
        "from race_sim import plots",
        "from race_sim.cli import main\nassert main(['run', 'duopoly', '--runs', '3']) == 0",
    ],
)
def test_everything_but_the_agents_works_without_mesa(code):
    imported(WITHOUT_MESA + code)


def test_the_agents_say_what_is_missing():
    code = WITHOUT_MESA + "from race_sim import RaceModel"
    done = finished([sys.executable, "-c", code])
    assert "mesa" in done.stderr


@pytest.mark.quick
def test_contracts():
    lint = "from importlinter.cli import lint_imports_command as lint; lint()"
    done = finished([sys.executable, "-c", lint], cwd=ROOT)
    assert "0 broken" in done.stdout, done.stdout
