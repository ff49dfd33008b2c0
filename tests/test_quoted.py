"""What the README quotes is what experiments say and tables hold, to the digit; no other number stands there."""

import re

import pytest

from experiments import quoted
from experiments._base.results import RESULTS
from experiments._base.steps import experiments

README = quoted.README.read_text()
NO_RESULTS = ("after a pilot of 24 runs",)


@pytest.mark.parametrize("first", quoted.BLOCKS)
def test_what_stands_between_the_marks_is_up_to_date(first):
    between = README.partition(first)[2].partition(quoted.LAST)[0]
    assert between == quoted.BLOCKS[first](), "make results, or python -m experiments.quoted"


@pytest.mark.parametrize("step", experiments(), ids=lambda step: step.name)
def test_every_experiment_is_answered_in_the_readme(step):
    """Answers are sentences: a number would go stale."""
    assert step.answer
    assert not re.search(r"\d", step.answer)
    assert f"| [{step.question}](results/{step.name}" in README
    assert (RESULTS / step.name).is_dir()


def test_no_other_number_is_quoted():
    text = README
    for block in quoted.BLOCKS.values():
        text = text.replace(block(), "")
    text = " ".join(re.sub(r"```.*?```", "", text, flags=re.DOTALL).split())
    for known in NO_RESULTS:
        text = text.replace(known, "")
    text = re.sub(r"`[^`]*`|\]\([^)]*\)|<!--.*?-->", "", text)
    assert re.findall(r"[^ ]*\d[^ ]*", text) == []


def test_writing_changes_the_blocks_only(tmp_path, monkeypatch, capsys):
    copy = tmp_path / "README.md"
    stale = README
    for block in quoted.BLOCKS.values():
        stale = stale.replace(block(), "| the kernel | 7 |\n")
    copy.write_text(stale)
    monkeypatch.setattr(quoted, "README", copy)
    quoted.main(["--quick"])
    assert copy.read_text() == stale, "quick results are not quoted"
    quoted.main([])
    assert copy.read_text() == README
    copy.write_text("nothing")
    with pytest.raises(SystemExit, match="has lost the marks"):
        quoted.main([])
    assert copy.read_text() == "nothing"
