"""Tables of shipped results, from a checkout and from an installation."""

import shutil

import pandas as pd
import pytest

from race_sim import shipped_result
from race_sim.runs import shipped_results
from tests.refusals import refused
from tests.scratch import ROOT


def test_a_table_is_that_of_the_results():
    table = shipped_result("which_dilemma", "box.csv")
    pd.testing.assert_frame_equal(table, pd.read_csv(ROOT / "results" / "which_dilemma" / "box.csv"))


def test_an_installation_has_its_own(tmp_path, monkeypatch):
    shutil.copytree(ROOT / "results" / "whose_race", tmp_path / "results" / "whose_race")
    monkeypatch.setattr(shipped_results, "PLACES", (tmp_path / "results", tmp_path / "none"))
    assert len(shipped_result("whose_race"))


@pytest.mark.parametrize(("names", "rule"), [
    (("which_dilema",), "which_dilemma"), (("which_dilemma", "boxes.csv"), "box.csv"), ((3,), "experiment"),
    (("..",), "experiment"), (("whose_race", "../whose_race/table.csv"), "table"),
])  # fmt: skip
def test_what_there_is_not_is_refused(names, rule):
    refused(lambda: shipped_result(*names), rule)
