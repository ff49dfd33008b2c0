"""The tool that mutates the laws: what it draws is code, lies in functions, and is the same again."""

import ast

import pytest

from tests import verification
from tests.mutants import FILES, drawn, mutants_of
from tests.scratch import ROOT


def test_every_mutant_is_another_program():
    for file in FILES:
        content = (ROOT / "race_sim" / "kernels" / f"{file}.py").read_bytes()
        whole, number = ast.dump(ast.parse(content)), 0
        for one in mutants_of(file):
            assert content[one.start : one.end].decode() == one.before
            if number % 10 == 0:
                changed = content[: one.start] + one.after.encode() + content[one.end :]
                assert ast.dump(ast.parse(changed)) != whole, one
            number += 1
        assert number > 20


def test_the_list_is_the_seeds():
    assert drawn(60, 1) == drawn(60, 1) != drawn(60, 2)
    assert drawn(60, 1)[:10] == drawn(10, 1)
    assert len({one.file for one in drawn(60, 1)}) >= 5


@pytest.mark.long
def test_a_short_race_notices_a_wrong_law(scratch):
    one = next(m for m in drawn(400, 1) if m.function == "perceived_quality")
    path = scratch.root / "race_sim" / "kernels" / f"{one.file}.py"
    content = path.read_bytes()
    assert scratch.run("-m", "tests.short_races", NUMBA_DISABLE_JIT="1").returncode == 0
    scratch.write(f"race_sim/kernels/{one.file}.py", (content[: one.start] + one.after.encode() + content[one.end :])
                  .decode())  # fmt: skip
    assert scratch.run("-m", "tests.short_races", NUMBA_DISABLE_JIT="1").returncode == 1


class Report:
    """What pytest knows of a test."""

    def __init__(self, failed, *rows):
        self.failed, self.nodeid = failed, "tests/test_x.py::test_y"
        self.user_properties = [("verified", row) for row in rows]


def test_rows_of_what_is_verified():
    good, bad = ("02 b: error", 0.1, -1.0, 1.0, "holds"), ("01 a: error", 3.0, -1.0, 1.0, "FAILS")
    assert verification.rows([Report(False, good), Report(True, bad)]) == [bad, good]
    table = verification.rows([Report(False, good), Report(True)])
    assert [row[-1] for row in table] == ["holds", "FAILS"], "a test that broke is a row that fails"
    assert verification.lines([bad, good])[-1] == "2 checks, 1 hold"
    assert "at most 2" in verification.lines([("a", 1.0, float("-inf"), 2.0, "holds")])[0]


def test_a_check_that_fails_is_recorded_before_it_fails(verified, record_property, request):
    with pytest.raises(AssertionError, match=r"too far: 2 is not in \[0, 1\]"):
        verified("too far", 2.0, 0.0, 1.0)
    request.node.user_properties[:] = [one for one in request.node.user_properties if one[1][0] != "too far"]
