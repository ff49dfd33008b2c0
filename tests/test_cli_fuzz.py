"""Whatever is typed after ``race-sim``: results, valid where JSON is asked for, or one line and exit code 2."""

import contextlib
import io
import json
import random
from collections import Counter

import pytest

from race_sim import cli

SHORT = ["--set", "time.horizon=1"]
BAD_NUMBERS = ["0", "-1", "1.5", "x", "", "1e400", "9" * 400, "9" * 5000, "٣", "nan", "inf", "1,5", "--", "[" * 3000]
BAD_TEXTS = [
    "", " ", "x", ",", "=", "==", "a=b=c", "no\nwhere", "\0", "x" * 5000, "[" * 3000, "\x1b[2J", "--", "-x", "٣",
    "\udcff",
]  # fmt: skip
SETTINGS = [
    "prize.enmity=.3", "prize.enmity=+0.5", "prize.prize=1e2", "lab.rule=fixed", "lab.rule=human", "trust.recovery=1.",
    "cooperation.verification=0.9", "nations.east.policy=treaty", "name=other",
    "prize.enmity={distribution='uniform',low=0,high=1}",
    "breakthrough.rate=0", "time.periods_per_year=4", "prize.threshold=200", "incidents.mishap_hazard=0",
]  # fmt: skip
BAD_SETTINGS = [
    *BAD_TEXTS, "prize.enmity=2", "prize.emnity=1", "prize=1", "prize.enmity=" + "9" * 400, "prize.enmity=[1,2]",
    "prize.enmity=nan", "prize.enmity={low=1}", "labs=3", "nations={}", "time.horizon=0.013", "time.horizon=-1",
    "time.periods_per_year=1e9", "lab.rule=guess", "nations.east.policy=war", "labs.east_lab.nation=mars", "name=",
]  # fmt: skip
OUTCOMES = ["welfare", "welfare, trust", "catastrophe_probability", "payoff.east,mishaps"]
BAD_OUTCOMES = [*BAD_TEXTS, "welfare,welfare", "wellfare", "welfare,"]
SCENARIOS = ["duopoly"] * 8 + ["chicken", "us-china-2026-point", "us-china-2026"]
BAD_SCENARIOS = [*BAD_TEXTS, "duoply", "nowhere.toml", ".", "/dev/null", "odd.toml", "folder.toml"]
AXES = [
    "prize.enmity=0:1:2",
    "prize.enmity=0,1",
    "lab.rule=fixed,human",
    "nations.west.policy=race,treaty",
    "prize.prize=1:10:2:log",
]
BAD_AXES = [*BAD_TEXTS, "prize.enmity=0:1", "prize.enmity=1:0:3", "prize.enmity=0:2:3", "prize.enmity=0:1:" + "9" * 400,
            "prize.enmity=0:1:-3", "prize.enmity=a:b:c", "lab.rule=guess", "time.horizon=0.013,1",
            "prize.enmity=0:1:3:lin"]  # fmt: skip
OFFERS = ["race,treaty", "race, unilateral_slowdown", "east=race|treaty,west=race"]
POLICIES = ["east=treaty", "east = treaty, west = race", "west=covert_defection"]
FOLDERS = ["new", "a/b", "empty"]
BAD_FOLDERS = ["", " ", "full", "file", "file/x", "dangling", "x" * 300, "\0", "/proc/x", "\udcff" * 300]

# option: values that are taken, values that are not (one may be taken all the same)
SAMPLING = {"--runs": (["2", "1e1", "3."], BAD_NUMBERS), "--seed": (["0", "7", str(2**64 - 1)], BAD_NUMBERS[1:]),
            "--threads": (["1", "2"], BAD_NUMBERS)}  # fmt: skip
CHANGED = {"--set": (SETTINGS, BAD_SETTINGS)}
PLAYED = {"--policies": (POLICIES, BAD_TEXTS)}
JSON = {"--json": ([None], ["1"])}
KEPT = {"--csv": ([None], ["x"]), "--out": (FOLDERS, BAD_FOLDERS)}
QUIET = {"--quiet": ([None], ["x"])}
COMMANDS = {
    "run": CHANGED | PLAYED | SAMPLING | JSON | {
        "--estimator": (["integrated", "sampled"], BAD_TEXTS), "--trajectories": ([None], ["x"]),
        "--outcomes": (OUTCOMES, BAD_OUTCOMES), "--all": ([None], ["x"]), **KEPT, **QUIET,
    },
    "game": CHANGED | SAMPLING | JSON | KEPT | QUIET | {"--policies": (OFFERS, BAD_TEXTS)},
    "least-setting": CHANGED | JSON | KEPT | QUIET | {
        "--lever": (["penalty", "verification"], BAD_TEXTS), "--most-runs": (["256"], BAD_NUMBERS),
        "--most-settings": (["5"], BAD_NUMBERS), "--deviations": (["race", "covert_defection"], BAD_TEXTS),
        "--profile": (["treaty,treaty"], BAD_TEXTS),
    },
    "show": CHANGED | PLAYED | {"--toml": ([None], ["x"])},
    "compare": CHANGED | JSON | KEPT | {name: SAMPLING[name] for name in ("--runs", "--seed")},
    "screen": CHANGED | PLAYED | SAMPLING,
    "sweep": CHANGED | PLAYED | SAMPLING | {
        "--vary": (AXES, BAD_AXES),
        "--design": (["grid"], [*BAD_TEXTS, "sobol:x", "sobol:3", "lhs:", "odd.csv", "no.csv"]),
        "--streams": (["common", "own"], BAD_TEXTS), "--out": (FOLDERS, BAD_FOLDERS),
        "--outcomes": (OUTCOMES, BAD_OUTCOMES), "--estimator": (["integrated", "sampled"], BAD_TEXTS),
        "--target-error": (["welfare:90%"], BAD_TEXTS), "--per-run": ([None], ["x"]),
        "--points-per-part": (["1", "2"], BAD_NUMBERS),
    },
    "sensitivity": CHANGED | PLAYED | SAMPLING | {
        "--parameters": (["prize.enmity", "prize.enmity=0:1"], BAD_AXES), "--samples": (["4"], BAD_NUMBERS),
        "--method": (["sobol", "morris", "pawn", "delta"], BAD_TEXTS), "--outcomes": (OUTCOMES, BAD_OUTCOMES),
        "--ranks": (["welfare"], BAD_OUTCOMES), "--out": (FOLDERS, BAD_FOLDERS),
    },
    "plot": {"--kind": (["curves", "rows"], BAD_TEXTS), "--outcomes": (["welfare"], BAD_OUTCOMES),
             "--out": (["a.png", "new/a.svg"], [*BAD_FOLDERS, "a.gif", "file/a.png", "folder.toml"])},
    "solve": JSON | {"--set": (["k=2", "sigma=.5"], BAD_SETTINGS)},
    "reproduce": JSON,
    "scenarios": {},
    "games": {},
    "completion": {},
}  # fmt: skip
PLACES = {
    "completion": (["bash", "zsh", "fish"], BAD_TEXTS),
    "plot": (["swept"], ["empty", "full", *BAD_FOLDERS]),
    "solve": (["spt", "armstrong2016", "tan2026"], BAD_TEXTS),
    "reproduce": (["spt"], BAD_TEXTS),
    "scenarios": ([], ["x"]),
    "games": ([], ["x"]),
}
WEIGHTS = {
    "screen": 1,
    "sensitivity": 4,
    "compare": 4,
    "reproduce": 3,
    "least-setting": 1,
}  # of 10: those that take longer


def typed(draw):
    """A command as somebody might type it, mostly with one thing or two that is wrong."""
    if draw.random() < 0.03:
        return draw.choice(
            [[], ["--help"], ["--version"], [draw.choice(BAD_TEXTS)], ["rnu", "duopoly"], ["--runs", "3"]]
        )
    command = draw.choices(list(COMMANDS), [WEIGHTS.get(name, 10) for name in COMMANDS])[0]
    wrong = draw.choice((0.0, 0.0, 0.1, 0.3))  # part of what is typed

    def value(good, bad):
        return draw.choice(bad if not good or draw.random() < wrong else good)

    if command == "sweep" and draw.random() < 0.1:
        return ["sweep", "status", value(["swept"], ["empty", *BAD_FOLDERS])]
    place = PLACES.get(command, (SCENARIOS, BAD_SCENARIOS))
    arguments = [command] + ([value(*place)] if place[0] or draw.random() < wrong else [])
    needed = {
        "least-setting": ["--most-runs", "--most-settings"],
        "sweep": ["--vary", "--out", "--runs"],
        "sensitivity": ["--parameters", "--samples", "--runs"],
    }.get(command, ["--runs"] if "--runs" in COMMANDS[command] else [])
    options = list(COMMANDS[command])
    chosen = needed + draw.sample(options, min(len(options), draw.choice((0, 1, 1, 2, 3))))
    for name in chosen:
        if name in needed and draw.random() < wrong / 3 and name != "--runs":
            continue
        given = value(*COMMANDS[command][name])
        arguments += [name] if given is None else [name, given] if draw.random() < 0.8 else [f"{name}={given}"]
    if "--runs" in COMMANDS[command]:
        arguments += SHORT
    if draw.random() < wrong / 3:
        arguments.insert(draw.randrange(1, len(arguments) + 1), draw.choice(["--nonsense", "--help", "x", "", "-"]))
    return arguments


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """What the commands find where they are run."""
    monkeypatch.chdir(tmp_path)
    for name in ("empty", "full", "folder.toml"):
        (tmp_path / name).mkdir()
    (tmp_path / "full" / "mine").touch()
    (tmp_path / "file").touch()
    (tmp_path / "dangling").symlink_to("nowhere")
    (tmp_path / "odd.toml").write_bytes(b"\xff\xfe\x00base")
    (tmp_path / "odd.csv").write_text("prize.enmity;x\n0;1\n")
    sweep = [
        "sweep",
        "duopoly",
        *SHORT,
        "--vary",
        "prize.enmity=0,1",
        "--runs",
        "2",
        "--outcomes",
        "welfare",
        "--out",
        "swept",
    ]
    assert answer(sweep)[0] == 0
    return tmp_path


def answer(arguments):
    """Exit code, output and errors of a command in this process."""
    out, err = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        try:
            code = cli.main(arguments)
        except SystemExit as end:  # of --help and --version
            code = end.code
    return code, out.getvalue(), err.getvalue()


def fuzz(first, last):
    """How often each command ended with each exit code."""
    counts = Counter()
    for number in range(first, last):
        arguments = typed(random.Random(number))
        code, out, err = answer(arguments)
        shown = f"{number}: {[word[:60] for word in arguments]}\n{err}"
        assert code in (0, 2), shown
        assert "Traceback" not in err + out, shown
        if code == 2:
            assert err.endswith("\n"), shown
            last_line = err[:-1].rpartition("\n")[2]
            assert last_line.startswith("race-sim: "), shown
            assert last_line.isprintable(), shown
            assert sum(line.startswith("race-sim: ") and "note: " not in line for line in err.splitlines()) == 1, shown
        elif "--json" in arguments and "--help" not in arguments:
            json.loads(out, parse_constant=lambda word: 1 / 0)
        counts[arguments[0] if arguments else "", code] += 1
    return counts


@pytest.mark.filterwarnings("ignore")
def test_a_hundred_and_fifty_commands(folder):
    counts = fuzz(0, 150)
    assert sum(count for (_, code), count in counts.items() if code == 0) > 30
    assert sum(count for (_, code), count in counts.items() if code == 2) > 30


@pytest.mark.long
@pytest.mark.filterwarnings("ignore")
def test_five_thousand_commands(folder):
    counts = fuzz(150, 5150)
    for command in COMMANDS:
        assert counts[command, 0] > 0, command
        assert counts[command, 2] > 0, command
