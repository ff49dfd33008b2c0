"""Every figure of every shipped result on one page: ``results/gallery/README.md``.

Each is drawn from the tables of its result, as ``race-sim plot`` draws it; the papers' figures, which are solved and
not read off a table, are shown as ``experiments.published_models`` left them. Nothing is simulated.
"""

import argparse
from collections.abc import Iterator
from pathlib import Path

from experiments._base.results import RESULTS, write_text
from race_sim.figures.drawing import drawn, save
from race_sim.figures.result_folders import PROVENANCE, opened

PAPERS = "published_models"
DOTS_PER_INCH = 100


def shipped(results: Path) -> list[Path]:
    """The folders of experiments' results, in the order of their names."""
    return sorted(path.parent for path in results.glob(f"*/{PROVENANCE}"))


def sections(results: Path, into: Path) -> Iterator[str]:
    """Draw every figure into a folder; for each result its part of the page."""
    for folder in shipped(results):
        result = opened(folder)
        yield f"## {folder.name}\n"
        if (folder / "findings.txt").exists():
            yield f"[What was found](../{folder.name}/findings.txt), [all tables](../{folder.name}).\n"
        for kind in result.kinds:
            path = save(drawn(result, kind), into / f"{folder.name}-{kind.name}.png", DOTS_PER_INCH)
            yield f"**{kind.question}**\n"
            yield f"![{kind.question}]({path.name})\n"
            chosen = "" if kind is result.kinds[0] else f" --kind {kind.name}"
            yield f"`race-sim plot results/{folder.name}{chosen}`\n"
    yield from papers(results / PAPERS)


def papers(folder: Path) -> Iterator[str]:
    """The part of the page on the papers' main figures, drawn from our numbers."""
    drawn_already = {kind.name for kind in opened(folder).kinds}
    yield "## The papers' main figures, from our numbers\n"
    for path in sorted(folder.glob("*.png")):
        if path.stem not in drawn_already:
            yield f"**{path.stem}** (`race-sim solve {path.stem}`)\n"
            yield f"![{path.stem}](../{folder.name}/{path.name})\n"
    yield "`python -m experiments.published_models`\n"


def main(arguments: list[str] | None = None) -> None:
    """Draw all, and write the page."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--results", default=str(RESULTS), help="the folder with the results (default: results/)")
    parser.add_argument("--into", help="write here instead of results/gallery")
    options = parser.parse_args(arguments)
    results = Path(options.results)
    into = results / "gallery" if options.into is None else Path(options.into)
    into.mkdir(parents=True, exist_ok=True)
    head = "# Gallery\n\nEvery figure of every result, the question it answers, and the command that draws it again.\n"
    text = "\n".join([head, "`make gallery` draws this page.\n", *sections(results, into)])
    print(write_text(into / "README.md", text))


if __name__ == "__main__":
    main()
