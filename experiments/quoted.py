"""What the README quotes: the question and the answer of every experiment, and the measured performance.

``python -m experiments.quoted`` writes each between its two marks in README.md; tests compare the two.
"""

import argparse
import re
from collections.abc import Callable
from pathlib import Path

import pandas as pd

from experiments._base.results import RESULTS, write_text
from experiments._base.steps import experiments

AFTER = ("experiments",)

README = Path(__file__).parent.parent / "README.md"
LAST = "<!-- end -->\n"
POINT, RACE = "us-china-2026-point", "us-china-2026"
Measured = Callable[[str], float]


def rounded(value: float, digits: int) -> str:
    """To so many significant digits, without decimals.

    >>> rounded(23917.3, 3)
    '23,900'
    """
    return f"{float(f'{value:.{digits}g}'):,.0f}"


def kernel(of: Measured) -> list[tuple[str, str]]:
    """What is measured of the kernel, and the value in words."""
    risk = "{}: CPU to a 1 % error of catastrophe_probability, sampled / with controls"
    game = "policy game: errors of differences, independent and plain / {}, median"
    return [
        ("CPU time against a C program with the same laws and draws (`-O3 -march=native`), equal to 1e-12",
         f"{of('fixed: CPU time of the kernel / of C -O3 -march=native'):.2f} (`fixed`), "
         f"{of('best_response: CPU time of the kernel / of C -O3 -march=native'):.2f} (`best_response`)"),
        ("against a plain Mesa model of the same laws, equal to 1e-9",
         f"{of('best_response: CPU time of plain Mesa / of the kernel, per run'):.0f} times faster"),
        ("one thread against two", f"{of('wall time with one thread / with two'):.2f}"),
        ("cost per lab at 1,000 labs against 10",
         f"{of('fixed: CPU time per lab at 1,000 labs / at 10'):.2f} (`fixed`), "
         f"{of('best_response: CPU time per lab at 1,000 labs / at 10'):.2f} (`best_response`)"),
        ("peak memory at a million runs against ten thousand (`race_sim.estimate`)",
         f"{of('peak memory at 1,000,000 runs / at 10,000, without trajectories'):.1f}"),
        ("CPU time to a 1 % error of the catastrophe probability, `sampled` against `integrated`",
         f"{rounded(of(risk.format(POINT)), 3)} times (`{POINT}`), "
         f"{rounded(of(risk.format(RACE)), 3)} times (`{RACE}`)"),
        ("variance of the mean risk over a box of ten parameters, random points against Sobol points",
         f"{of('mean risk over a box of 10 parameters at 512 points: variance, random / Sobol'):.0f} times smaller"),
        ("standard errors of payoff differences in the policy game, against independent plain runs",
         f"{of(game.format('paired')):.1f} times smaller (paired), "
         f"{of(game.format('paired and controlled')):.1f} times (paired, with controls)"),
    ]  # fmt: skip


def against_egttools(table: pd.Series) -> list[tuple[str, str]]:
    """The same for evolution; nothing where EGTtools was not installed when it was measured."""
    imitation = table[table.index.str.startswith("Fermi imitation")]
    grid = table[table.index.str.startswith("stationary distributions, 100 x 100")]
    if imitation.empty:
        return []
    return [
        ("stationary distributions on a grid of games, against EGTtools",
         f"{rounded(float(grid.iloc[0]), 2)} times faster"),
        ("simulated imitation at mutation 0.01, against EGTtools",
         f"{imitation.min():.0f} to {imitation.max():.0f} times faster"),
    ]  # fmt: skip


def headline() -> str:
    """Three sentences: what cooperation does, whether it is a dilemma, and what that rests on; each with its error."""
    table = pd.read_csv(RESULTS / "cooperation_and_catastrophe" / "table.csv")
    here = table[(table["benchmarks"] == 1.0) & (table["verification"] == 0.5) & (table["enmity"] == 0.6)]
    risk = here[here["outcome"] == "catastrophe_probability"].set_index("profile")

    def percent(profile: str) -> str:
        mean, error = (100 * risk.loc[profile, name] for name in ("mean", "standard_error"))
        return f"{mean:.3f} % (s.e. {error:.3f})"

    alone = (RESULTS / "cooperation_and_catastrophe" / "findings.txt").read_text()
    gains = re.search(r"Slowing down alone: the US (.*\)), China (.*\)), against racing too", alone)
    points = re.search(r"box of (\d+) assumed", (RESULTS / "which_dilemma" / "findings.txt").read_text())
    assert gains is not None
    assert points is not None
    assert risk.loc["both slow down", "mean"] < 0.5 * risk.loc["both race", "mean"]
    box = pd.read_csv(RESULTS / "which_dilemma" / "box.csv")
    slowing = box[box["game"] == "race/unilateral_slowdown"].set_index(["class", "nation"])

    def share(name: str, nation: str) -> str:
        row = slowing.loc[(name, nation)]
        return f"{100 * row['share']:.0f} % (s.e. {100 * row['standard_error']:.0f})"

    sentences = (
        f"**Cooperation cuts the risk by more than half.** When the US and China both race, the probability of a "
        f"catastrophe within ten years is {percent('both race')}; a safety standard that both keep makes it "
        f"{percent('both slow down')}, shared fundamentals {percent('both share fundamentals')}, a treaty that is kept "
        f"{percent('treaty kept')}.",
        f"**Slowing down alone is a close call.** Against racing too, in yearly market values of 2026, the US "
        f"{gains[1]}; China {gains[2]}. It leaves the risk at {percent('US slows alone')} and "
        f"{percent('China slows alone')}.",
        f"**Which game it is hangs on what is assumed.** Over a box of {points[1]} assumed parameters, slowing down is "
        f"in a nation's own interest (harmony) in {share('harmony', 'us')} of it for the US and "
        f"{share('harmony', 'china')} for China, and racing best for both (deadlock) in {share('deadlock', 'us')} and "
        f"{share('deadlock', 'china')}: it turns on the cost of a catastrophe.",
    )
    return "\n".join([*(f"{number}. {text}" for number, text in enumerate(sentences, 1)), ""])


def questions() -> str:
    """Every experiment that has been answered: its question, with a link to its findings, and its answer."""
    lines = ["| question | answer, under the baseline's assumptions |", "|---|---|"]
    for step in experiments():
        if step.answer is not None:
            result = RESULTS / step.name
            findings = result / "findings.txt" if (result / "findings.txt").exists() else result
            lines.append(f"| [{step.question}]({findings.relative_to(RESULTS.parent)}) | {step.answer} |")
    return "\n".join([*lines, ""])


def performance() -> str:
    """The measured ratios, and what the control variates are worth."""
    table = pd.read_csv(RESULTS / "performance" / "table.csv").set_index("what")["value"]

    def of(what: str) -> float:
        return float(table[what])

    without = "{}: CPU to a 1 % error of catastrophe_probability, sampled / integrated"
    rows = [*kernel(of), *against_egttools(table)]
    lines = ["| the kernel | |", "|---|---|", *(f"| {what} | {value} |" for what, value in rows)]
    return "\n".join([
        *lines, "",
        "`integrated` is that precise because it takes out of every mean what the luck of the runs explains: control",
        "variates whose mean is known to be 0 ([race_sim/MODEL.md](race_sim/MODEL.md), section 3.11). Without them the",
        f"ratios are {rounded(of(without.format(POINT)), 3)} and {rounded(of(without.format(RACE)), 2)}.", "",
    ])  # fmt: skip


BLOCKS = {
    "<!-- from results/cooperation_and_catastrophe and results/which_dilemma -->\n": headline,
    "<!-- from the experiments' ANSWER -->\n": questions,
    "<!-- from results/performance/table.csv -->\n": performance,
}


def replaced(text: str, first: str, block: str) -> str:
    """The text with another block after the mark ``first``, up to the next ``LAST``."""
    before, mark, rest = text.partition(first)
    _, end, after = rest.partition(LAST)
    if not mark or not end:
        raise SystemExit(f"{README.name}: has lost the marks {first.strip()} and {LAST.strip()}")
    return before + first + block + LAST + after


def main(arguments: list[str] | None = None) -> None:
    """Write the blocks into the README."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="with quick results: the README is left as it is")
    parser.add_argument("--into", help="with results elsewhere: the README, which quotes results/, is left as it is")
    options = parser.parse_args(arguments)
    if options.quick or options.into:
        print(f"{README.name} quotes the full results in results/ only: left as it is")
        return
    text = README.read_text()
    for first, block in BLOCKS.items():
        text = replaced(text, first, block())
    write_text(README, text)
    print(f"answers and numbers written into {README.name}")


if __name__ == "__main__":
    main()
