"""Every notebook runs from a clean state, offline; what it ships with is what it shows, and its prose quotes it."""

import json
import os
import re
import sys
import time
import warnings
from html import unescape
from pathlib import Path

import nbclient
import nbformat
import pytest

import race_sim
from tests.waiting import LIMIT, finished

ROOT = Path(__file__).parent.parent
NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))
OFFLINE = Path(__file__).parent / "offline"
LONG = 60.0  # seconds beyond which a notebook is too long for a student
WIDGET = "application/vnd.jupyter.widget-view+json"


@pytest.fixture
def offline(monkeypatch, tmp_path):
    """Kernels and their workers start without a network; the file to which refused attempts are written."""
    log = tmp_path / "refused.txt"
    monkeypatch.setenv("OFFLINE_LOG", str(log))
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join([str(OFFLINE), str(ROOT), os.environ.get("PYTHONPATH", "")]))
    monkeypatch.delenv("MPLBACKEND", raising=False)
    monkeypatch.setenv("TQDM_DISABLE", "1")
    return log


@pytest.fixture(scope="module")
def compiled():
    """The kernels in the cache on disk, so that the time of a notebook is its own."""
    race_sim.simulate("duopoly", runs=2, trajectories=True, progress=False)
    race_sim.estimate("duopoly", runs=2, progress=False)
    race_sim.RaceModel("duopoly").step()


def execute(notebook):
    """Run a notebook where Jupyter runs it: in its folder."""
    limits = {"timeout": LIMIT, "startup_timeout": LIMIT}
    where = {"metadata": {"path": ROOT / "notebooks"}}
    return nbclient.NotebookClient(notebook, kernel_name="python3", resources=where, **limits).execute()


def code_cells(notebook):
    return [cell for cell in notebook.cells if cell.cell_type == "code"]


def kinds(cell):
    """What a cell shows: ``stdout``, and the richest kind of each display."""
    shown = []
    for output in cell.outputs:
        kind = output.get("name")
        if "data" in output:
            kind = next(name for name in ("image/png", WIDGET, "text/html", "text/plain") if name in output.data)
        if kind not in shown:
            shown.append(kind)
    return shown


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook_runs_from_a_clean_state_and_offline(path, offline, compiled, record_property):
    shipped = nbformat.read(path, as_version=4)
    fresh = nbformat.read(path, as_version=4)
    for cell in code_cells(fresh):
        cell.outputs, cell.execution_count = [], None
    start = time.monotonic()
    execute(fresh)
    seconds = time.monotonic() - start
    record_property("seconds", seconds)
    if seconds > LONG:
        warnings.warn(f"{path.name} took {seconds:.0f} s here, more than {LONG:.0f}", stacklevel=1)
    assert not offline.exists(), f"tried to reach {offline.read_text().split()}"
    for number, (kept, new) in enumerate(zip(code_cells(shipped), code_cells(fresh), strict=True), start=1):
        assert not any(output.output_type == "error" for output in kept.outputs)
        assert kept.execution_count == number, "was executed in order, from a clean state"
        assert kinds(kept) == kinds(new)
        for output in new.outputs:
            assert output.get("name") != "stderr" or output.text.startswith("race-sim: compiling"), output.text


def test_the_kernels_are_offline_indeed(offline):
    code = "import socket, sys\nsocket.create_connection((sys.argv[1], 80), timeout=1)"
    for host in ("192.0.2.1", "example.org"):
        done = finished([sys.executable, "-c", code, host])
        assert "this process is offline" in done.stderr
    assert offline.read_text().split() == ["192.0.2.1", "example.org"]


def text_of(notebook):
    """Everything that a notebook computes with and shows, as text."""
    parts = []
    for cell in code_cells(notebook):
        parts.append(cell.source)
        for output in cell.outputs:
            parts.append(output.get("text", ""))
            data = output.get("data", {})
            parts.append(re.sub(r"<[^>]*>", " ", unescape(data.get("text/html", data.get("text/plain", "")))))
    return " ".join(parts)


def prose_of(notebook):
    """The prose, without code, links and formulas."""
    texts = "\n".join(cell.source for cell in notebook.cells if cell.cell_type == "markdown")
    for pattern in (r"```.*?```", r"`[^`]*`", r"\]\([^)]*\)"):
        texts = re.sub(pattern, " ", texts, flags=re.DOTALL)
    return texts


def numbers(text):
    """Numbers in a text."""
    return [float(number.replace(",", "")) for number in re.findall(r"(?<![\w.])\d+(?:,\d{3})*(?:\.\d+)?(?!\w)", text)]


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_every_number_in_the_prose_stands_in_code_or_outputs(path):
    notebook = nbformat.read(path, as_version=4)
    known = set(numbers(text_of(notebook)))
    for number in numbers(prose_of(notebook)):
        assert number in known, f"{number:g} is quoted, and nowhere to be seen"


def test_the_check_on_numbers_sees_a_wrong_one():
    assert numbers("risk of 0.71 % over 10 years in us_1, 1,000 runs") == [0.71, 10, 1000]
    cell = nbformat.v4.new_code_cell("1 + 1", outputs=[nbformat.v4.new_output("stream", text="0.71")])
    book = nbformat.v4.new_notebook(cells=[cell, nbformat.v4.new_markdown_cell("about 0.72, `0.99`")])
    assert set(numbers(prose_of(book))) - set(numbers(text_of(book))) == {0.72}


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook_teaches(path):
    """Question, expectation, reading, doubt, exercise; figures from race_sim.plots; names that exist."""
    notebook = nbformat.read(path, as_version=4)
    prose = "\n".join(cell.source for cell in notebook.cells if cell.cell_type == "markdown")
    for part in ("**Question.**", "**Expectation.**", "**Reading.**", "**What could make it wrong.**", "**Exercise.**"):
        assert part in prose
    code = "\n".join(cell.source for cell in code_cells(notebook))
    assert "from race_sim.plots import" in code
    assert not re.search(r"\bax\w*\.(plot|bar|hist|scatter|imshow)\(|plt\.(plot|bar|hist|scatter)\(", code)
    assert "image/png" in json.dumps(notebook.cells)
    for link in re.findall(r"\]\((\w+\.ipynb)\)", prose):
        assert (path.parent / link).exists()
    for named in re.findall(r"`((?:experiments|race_sim|results)/[\w/.]*)`", prose):
        assert (ROOT / named).exists(), named


def test_progress_bars_work_in_jupyter(offline, monkeypatch):
    monkeypatch.delenv("TQDM_DISABLE")
    cells = [
        "import os, time\nimport race_sim\nfrom race_sim.text import progress\nprogress.PATIENCE = 0.01",
        "with progress.bar(3, label='runs', unit='run') as shown:\n    time.sleep(0.2)\n    shown.update(3)",
        "race_sim.simulate('duopoly', runs=3, progress=True).sizes['run']",
        "race_sim.sweep('duopoly', {'prize.enmity': [0, 1]}, runs=2, progress=True).sizes['prize.enmity']",
        "race_sim.simulate('duopoly', runs=3, progress=False).sizes['run']",
        "os.environ['TQDM_DISABLE'] = '1'\nwith progress.bar(3, label='runs', unit='run') as bar:\n    bar.update(3)",
    ]
    book = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(cell) for cell in cells])
    shown = [kinds(cell) for cell in code_cells(execute(book))]
    assert shown == [[], [WIDGET], [WIDGET, "text/plain"], [WIDGET, "text/plain"], ["text/plain"], []]
