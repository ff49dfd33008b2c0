"""Every figure of every shipped result on one page: ``results/gallery/README.md``.

Each is drawn from the tables of its result, as ``race-sim plot`` draws it. Figures that are solved and not read off a
table, as those of the published models, are shown as their experiment left them. Nothing is simulated.
"""

import argparse
from collections.abc import Iterator
from pathlib import Path

from experiments._base.results import RESULTS, write_text
from experiments._base.steps import Step, experiments
from race_sim.figures.drawing import drawn, save
from race_sim.figures.result_folders import PROVENANCE, opened

AFTER = ("experiments",)

DOTS_PER_INCH = 100


def shipped(results: Path) -> list[Step]:
    """The experiments that have left a result in a folder, in the order of their names."""
    return [step for step in experiments() if (results / step.name / PROVENANCE).exists()]


def section(step: Step, results: Path, into: Path) -> Iterator[str]:
    """Draw every figure of a result into a folder; the part of the page on it, by paragraphs."""
    folder = results / step.name
    result = opened(folder)
    yield f"## {step.name}\n"
    yield f"{step.question}{f' Answer: {step.answer}.' if step.answer else ''}\n"
    findings = f"[Findings](../{step.name}/findings.txt), " if (folder / "findings.txt").exists() else ""
    yield f"{findings}[all tables](../{step.name}).\n"
    for kind in result.kinds:
        path = save(drawn(result, kind), into / f"{step.name}-{kind.name}.png", DOTS_PER_INCH)
        yield f"**{kind.question}**\n"
        yield f"![{kind.question}]({path.name})\n"
        chosen = "" if kind is result.kinds[0] else f" --kind {kind.name}"
        yield f"`race-sim plot results/{step.name}{chosen}`\n"
    from_tables = {kind.name for kind in result.kinds}
    for path in sorted(folder.glob("*.png")):
        if path.stem not in from_tables:
            yield f"**{path.stem}**, solved by `python -m experiments.{step.name}`\n"
            yield f"![{path.stem}](../{step.name}/{path.name})\n"


def main(arguments: list[str] | None = None) -> None:
    """Draw all, and write the page."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="of quick results: nothing is different")
    parser.add_argument("--into", help="the folder with the results, and of the gallery in it, instead of results/")
    options = parser.parse_args(arguments)
    results = RESULTS if options.into is None else Path(options.into)
    into = results / "gallery"
    into.mkdir(parents=True, exist_ok=True)
    head = "# Gallery\n\nEvery figure of every result, the question it answers, and the command that draws it again.\n"
    sections = [part for step in shipped(results) for part in section(step, results, into)]
    print(write_text(into / "README.md", "\n".join([head, "`make gallery` draws this page.\n", *sections])))


if __name__ == "__main__":
    main()
