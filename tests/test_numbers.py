"""Every number that the README quotes is that of a shipped table, to the digits shown; no other number stands there."""

import re

import pytest

from experiments import quoted

README = quoted.README.read_text()
NO_RESULTS = ("after a pilot of 24 runs",)


def test_the_quoted_numbers_are_those_of_the_table():
    between = README.partition(quoted.FIRST)[2].partition(quoted.LAST)[0]
    assert between == quoted.block()


def test_no_other_number_is_quoted():
    text = README.replace(quoted.block(), "")
    text = " ".join(re.sub(r"```.*?```", "", text, flags=re.DOTALL).split())
    for known in NO_RESULTS:
        text = text.replace(known, "")
    text = re.sub(r"`[^`]*`|\]\([^)]*\)|<!--.*?-->", "", text)
    assert re.findall(r"[^ ]*\d[^ ]*", text) == []


def test_writing_changes_the_block_only(tmp_path, monkeypatch, capsys):
    copy = tmp_path / "README.md"
    copy.write_text(README.replace(quoted.block(), "| the kernel | 7 |\n"))
    monkeypatch.setattr(quoted, "README", copy)
    quoted.main()
    assert copy.read_text() == README
    copy.write_text("nothing")
    with pytest.raises(SystemExit, match="has lost the marks"):
        quoted.main()
    assert copy.read_text() == "nothing"
