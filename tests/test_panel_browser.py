"""The panel of ``race_sim.interact`` in JupyterLab and a real browser: it shows the library's numbers, readably."""

import importlib.util
import json
import os
import secrets
import shutil
import subprocess
import sys
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest

import race_sim
from race_sim.explore import GameNumbers, State, game_figure, race_figure, race_numbers
from race_sim.explore.numbers import SHOWN as OUTCOMES
from race_sim.explore.panel import _png, _solution, sliders
from race_sim.nations.solved_game import solve_game
from race_sim.text.rounding import with_error
from tests.waiting import LIMIT, until

ROOT = Path(__file__).parent.parent
CODE = """\
import race_sim
scenario = race_sim.Scenario.load("us-china-2026").replace({"prize.enmity": race_sim.Uniform(low=0.2, high=0.4)})
race_sim.interact(scenario, runs=20)
"""
RUNS = 20
POLICIES = ("race", "unilateral_slowdown", "treaty")
UNCERTAIN = {"prize.enmity": race_sim.Uniform(low=0.2, high=0.4)}
COST = "nations.us.catastrophe_cost"
NEEDED = ("playwright", "jupyterlab", "ipywidgets", "ipykernel")
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
OPTIONS = [
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
]  # fmt: skip
THEMES = {"light": "JupyterLab Light", "dark": "JupyterLab Dark"}


def path_of_browser():
    """Where the system's Chromium is; without it, or a package, the test is skipped, or fails where it must not be."""
    missing = [name for name in NEEDED if importlib.util.find_spec(name) is None]
    browser = next(filter(None, map(shutil.which, BROWSERS)), None)
    missing += [] if browser else ["Chromium"]
    if missing:
        line = f"not installed: {', '.join(missing)}"
        if os.environ.get("RACE_SIM_NEEDS_BROWSER") == "1":
            pytest.fail(line)
        pytest.skip(line)
    return browser


def settings(folder, theme):
    """What JupyterLab is set to: a theme, and no news from outside."""
    for name, content in (
        ("themes", {"theme": THEMES[theme]}),
        ("notification", {"fetchNews": "false", "checkForUpdates": False, "doNotDisturbMode": True}),
    ):
        path = folder / "@jupyterlab" / "apputils-extension" / f"{name}.jupyterlab-settings"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(content))


def notebook(path):
    cell = {"cell_type": "code", "id": "a", "metadata": {}, "execution_count": None, "outputs": [], "source": CODE}
    kernel = {"display_name": "Python 3", "language": "python", "name": "python3"}
    content = {"cells": [cell], "metadata": {"kernelspec": kernel}, "nbformat": 4, "nbformat_minor": 5}
    path.write_text(json.dumps(content))


@contextmanager
def jupyterlab(folder, theme):
    """A server of JupyterLab with nothing of the user's; its address, with the token."""
    token = secrets.token_hex(16)
    names = ("config", "data", "runtime", "settings", "workspaces", "home", "files", "ipython")
    at = {name: folder / name for name in names}
    for path in at.values():
        path.mkdir()
    settings(at["settings"], theme)
    notebook(at["files"] / "panel.ipynb")
    environment = {
        **os.environ,
        "HOME": str(at["home"]),
        "JUPYTER_CONFIG_DIR": str(at["config"]),
        "JUPYTER_DATA_DIR": str(at["data"]),
        "JUPYTER_RUNTIME_DIR": str(at["runtime"]),
        "JUPYTERLAB_SETTINGS_DIR": str(at["settings"]),
        "JUPYTERLAB_WORKSPACES_DIR": str(at["workspaces"]),
        "IPYTHONDIR": str(at["ipython"]),
        "MPLBACKEND": "agg",
        "PYTHONPATH": os.pathsep.join([str(ROOT), os.environ.get("PYTHONPATH", "")]),
    }
    command = [
        sys.executable, "-m", "jupyterlab", "--no-browser", "--allow-root", "--ip=127.0.0.1", "--port=0",
        "--expose-app-in-browser", f"--ServerApp.root_dir={at['files']}", f"--IdentityProvider.token={token}",
    ]  # fmt: skip
    with (folder / "log.txt").open("w") as log:
        server = subprocess.Popen(command, env=environment, stdout=log, stderr=log, cwd=folder)
    try:

        def address():
            for path in at["runtime"].glob("jpserver-*.json"):
                try:
                    known = json.loads(path.read_text())
                except ValueError:  # half written
                    continue
                return f"http://127.0.0.1:{known['port']}/lab/tree/panel.ipynb?token={token}"
            return None

        yield until("an address of JupyterLab", address, alive=lambda: server.poll() is None)
    finally:
        server.terminate()
        try:
            server.wait(LIMIT)
        finally:
            server.kill()


@pytest.fixture(
    params=[
        (1000, "dark"),
        *(pytest.param(pair, marks=pytest.mark.long) for pair in ((1000, "light"), (1400, "light"), (1400, "dark"))),
    ],
    ids=lambda pair: f"{pair[0]}-{pair[1]}",
)
def shown(request, tmp_path):
    """The panel in JupyterLab."""
    browser_path = path_of_browser()
    from playwright.sync_api import sync_playwright

    width, theme = request.param
    with ExitStack() as stack:
        url = stack.enter_context(jupyterlab(tmp_path, theme))
        playwright = stack.enter_context(sync_playwright())
        context = playwright.chromium.launch_persistent_context(
            tmp_path / "browser",
            executable_path=browser_path,
            args=OPTIONS,
            viewport={"width": width, "height": 1000},
            timeout=1000 * LIMIT,
        )
        stack.callback(context.close)
        context.set_default_timeout(1000 * LIMIT)
        page = context.new_page()
        page.goto(url, wait_until="commit")
        page.wait_for_selector(".jp-Notebook .jp-Cell")
        page.wait_for_function(
            "() => window.jupyterapp?.shell?.currentWidget?.sessionContext?.session?.kernel?.status === 'idle'"
        )
        page.evaluate("() => { window.jupyterapp.commands.execute('notebook:run-all-cells') }")
        page.wait_for_selector(".jp-OutputArea-output img >> nth=1")
        yield Shown(page, width, theme)


class Shown:
    """What the panel shows in the browser, and how it is moved there."""

    def __init__(self, page, width, theme):
        self.page, self.width, self.theme = page, width, theme
        self.output = page.locator(".jp-OutputArea-output")

    def row(self, path):
        """The line of a control."""
        label = self.page.locator(f"label:text-matches('^{path}( \\\\(|$)')")
        return self.output.locator(".widget-hbox", has=label).last

    def readout(self, path):
        return self.row(path).locator(".widget-readout").inner_text()

    def outcomes(self):
        """Name -> text of the mean with its error, from the table of outcomes."""
        rows = self.output.locator("table").first.locator("tbody tr").all()
        cells = [row.locator("td").all_inner_texts() for row in rows]
        return {name: mean for name, mean, _ in cells}

    def solution(self):
        """The text of the tables of the game."""
        return "\n".join(self.output.locator(".widget-html-content:has(table)").last.all_inner_texts())

    def images(self):
        """The bytes of both figures."""
        code = """async image => {
            const bytes = new Uint8Array(await (await fetch(image.src)).arrayBuffer());
            return Array.from(bytes);
        }"""
        return [bytes(image.evaluate(code)) for image in self.output.locator("img").all()]

    def as_text(self, markup):
        """How this browser shows markup as text, where the panel's tables stand."""
        code = """(old, markup) => {
            const fresh = old.cloneNode(false);
            fresh.innerHTML = markup;
            old.parentNode.appendChild(fresh);
            const text = fresh.innerText;
            fresh.remove();
            return text;
        }"""
        return self.output.locator(".widget-html-content:has(table)").last.evaluate(code, markup)

    def shows(self, scenario):
        """Wait until the panel shows the library's numbers for a scenario: tables and figures, to the last byte."""
        estimated = race_sim.estimate(scenario, RUNS, progress=False).outcomes
        solved = solve_game(race_sim.policy_game(scenario, POLICIES, RUNS, progress=False))
        game, state = GameNumbers(solved), State.of(scenario, POLICIES, RUNS)
        means = {
            key: with_error(estimated[key].mean, estimated[key].standard_error)
            for key in (*OUTCOMES, *(f"payoff.{name}" for name in scenario.nations))
        }
        text = self.as_text(_solution(game)).split()
        images = [_png(race_figure(race_numbers(state))), _png(game_figure(game))]
        until(f"a table of {means}", lambda: self.outcomes() == means)
        until(f"the game {text}", lambda: self.solution().split() == text)
        until("the figures of these numbers", lambda: self.images() == images)
        assert f"verdict: {solved.equilibria.verdict}" in self.solution()
        assert self.output.get_by_text("verdict: ").first.is_visible()

    def colours(self):
        """(what, contrast) of every text of the panel with what is behind it, as WCAG defines it."""
        code = """root => {
            const numbers = colour => colour.match(/[\\d.]+/g).map(Number);
            const light = rgb => rgb.map(c => c / 255).map(c => c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4)
                .reduce((sum, c, k) => sum + c * [0.2126, 0.7152, 0.0722][k], 0);
            const texts = [];
            for (const element of root.querySelectorAll('td, th, b, span, label, .widget-readout, select, input')) {
                if (!element.getClientRects().length || element.closest('[disabled]')) continue;
                let opacity = 1, behind = null;
                for (let up = element; up; up = up.parentElement) {
                    const style = getComputedStyle(up);
                    if (!behind) opacity *= Number(style.opacity);
                    const [r, g, b, a = 1] = numbers(style.backgroundColor);
                    if (!behind && a > 0.5) behind = [r, g, b];
                }
                const front = numbers(getComputedStyle(element).color).slice(0, 3)
                    .map((c, k) => opacity * c + (1 - opacity) * behind[k]);
                const [low, high] = [light(front), light(behind)].sort((a, b) => a - b);
                texts.push([element.innerText || element.value, (high + 0.05) / (low + 0.05), light(behind)]);
            }
            return texts;
        }"""
        return self.output.first.evaluate(code)


def move(shown, path, keys):
    """Move a slider by its keys, as somebody who has clicked on it."""
    before = shown.readout(path)
    handle = shown.row(path).locator(".noUi-handle")
    handle.focus()
    for key in keys:
        handle.press(key)
    until(f"another number at {path}", lambda: shown.readout(path) != before)
    return float(shown.readout(path))


def test_the_panel_shows_the_librarys_numbers_readably(shown):
    scenario = race_sim.Scenario.load("us-china-2026").replace(UNCERTAIN)
    shown.shows(scenario)
    assert shown.readout(COST) == "1130"
    readable(shown)
    moved = move(shown, COST, ["ArrowRight", "ArrowRight"])
    assert moved == 1400.0
    shown.shows(scenario.replace({COST: moved}))
    move(shown, COST, ["ArrowLeft", "ArrowLeft"])
    shown.shows(scenario)
    enmity = move(shown, "prize.enmity", ["ArrowRight"])
    shown.shows(scenario.replace({"prize.enmity": enmity}))
    shown.row("prize.enmity").locator("button").click()
    shown.shows(scenario)
    disabled = shown.row("cooperation.verification").locator(".noUi-target[disabled]")
    assert disabled.count() == 1
    assert shown.output.get_by_text("cannot act: nobody can be detected").is_visible()
    policies = {"us": "treaty", "china": "covert_defection"}
    for name, policy in policies.items():
        shown.row(f"nations.{name}.policy").locator("select").select_option(policy)
    cheated = scenario.replace({f"nations.{name}.policy": policy for name, policy in policies.items()})
    shown.shows(cheated)
    until("a slider that can act", lambda: disabled.count() == 0)
    readable(shown)
    shown.output.get_by_text("back to the scenario").click()
    shown.shows(scenario)


def readable(shown):
    """Nothing is cut off or stands out of the page, numbers stand beside their sliders, texts can be told apart."""
    page = shown.output.first.bounding_box()
    right = page["x"] + page["width"]
    assert right <= shown.width
    for path in sliders([one.path for one in race_sim.Scenario.load("us-china-2026").parameters()]):
        readout = shown.row(path).locator(".widget-readout")
        assert readout.is_visible()
        box = readout.bounding_box()
        assert box["x"] + box["width"] <= right, path
        assert readout.evaluate("it => it.scrollWidth <= it.clientWidth"), f"{path}: the number is cut off"
        label = shown.row(path).locator("label").first
        assert label.evaluate("it => it.scrollWidth <= it.clientWidth"), f"{path}: the name is cut off"
        assert shown.row(path).locator(".slider-container").bounding_box()["width"] >= 100, path
    for wide in (*shown.output.locator("img").all(), *shown.output.locator(".widget-html:visible").all()):
        box = wide.bounding_box()
        assert box["x"] + box["width"] <= right + 1
    texts = shown.colours()
    assert len(texts) > 60
    assert [(text, contrast) for text, contrast, _ in texts if contrast < 4.5] == []
    behind = [light for text, _, light in texts if text == "mean ± standard error"]
    assert len(behind) == 1
    assert (behind[0] < 0.1) == (shown.theme == "dark")
