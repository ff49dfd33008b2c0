"""Tables of points: every cell is read as it stands, or one line says what is wrong with the file."""

import random
from decimal import Decimal
from fractions import Fraction

import numpy as np
import pandas as pd
import pytest

from race_sim import Scenario, cli
from race_sim.sweeps.engine import table
from race_sim.sweeps.engine.design import design_of
from race_sim.sweeps.evaluate import space
from tests.refusals import refused

SPACE = space(Scenario.load("duopoly"))
NAMES = "prize.enmity,nations.east.policy\n"


def read(tmp_path, content):
    path = tmp_path / "points.csv"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return table(path).points(SPACE).columns


@pytest.mark.parametrize(
    ("content", "words"),
    [
        # more or fewer values than names
        ("prize.enmity,trust.recovery\n0.1,0.5,0.9\n0.3,0.6,0.8\n", ("line 2", "3 values under 2 names")),
        ("prize.enmity,trust.recovery\n0.1,0.5\n0.3\n", ("line 3", "1 values under 2 names")),
        ("prize.enmity,trust.recovery\n0.1,0.5\n0.3,0.4,\n", ("line 3", "3 values under 2 names")),
        ("prize.enmity\n0,5\n", ("line 2", "2 values under 1 names", "decimal commas")),
        # other separators
        ("prize.enmity;nations.east.policy\n0,1;race\n", ("semicolons", "Excel")),
        ("prize.enmity\tnations.east.policy\n0.1\trace\n", ("tabs", "Tab delimited")),
        ("prize.enmity|nations.east.policy\n0.1|race\n", ("bars",)),
        ("sep=,\n" + NAMES + "0.1,race\n", ("line 1", "sep=")),
        ("sep=;\nprize.enmity;nations.east.policy\n0,1;race\n", ("semicolons",)),
        # empty rows and cells
        (NAMES + "0.1,race\n0.9,treaty\n,\n", ("line 4", "no values", "Excel", "delete these rows")),
        (NAMES + ",\n0.9,treaty\n", ("line 2", "no values")),
        (NAMES + "0.1,race\n\n0.9,treaty\n", ("line 3", "is empty")),
        ("prize.enmity\n0.1\n\n0.9\n", ("line 3", "is empty")),
        (NAMES + "0.1,race\n,treaty\n", ("line 3", "prize.enmity", "has no value")),
        (NAMES + "0.1,\n0.9,treaty\n", ("line 2", "nations.east.policy", "has no value")),
        (NAMES + "0.1,race\n  ,treaty\n", ("line 3", "prize.enmity", "has no value")),
        (NAMES + '0.1,race\n"",treaty\n', ("line 3", "prize.enmity", "has no value")),
        (NAMES, ("at least one row",)),
        ("", ("empty file",)),
        ("\n \n", ("empty file",)),
        # names of columns
        ("prize.enmity,prize.enmity\n0.1,0.2\n", ("'prize.enmity' names 2 columns",)),
        ("prize.enmity, prize.enmity \n0.1,0.2\n", ("'prize.enmity' names 2 columns",)),
        (",prize.enmity\n0,0.1\n", ("column 1", "has no name", "index=False")),
        ("prize.enmity,\n0.1,0.2\n", ("column 2", "has no name")),
        ("0.1,0.5\n0.2,0.6\n", ("first line must name the columns", "'0.1'")),
        ("prize.enmity.1\n0.1\n", ("no parameter 'prize.enmity.1'",)),
        # numbers as programs write them for people
        ("prize.prize\n1\n\"1,000\"\n", ("line 3", "prize.prize", "thousands separator", "'1,000'")),
        ('prize.prize\n"0,5"\n', ("line 2", "decimal comma", "'0,5'")),
        ("prize.prize\n1 000\n", ("line 2", "'1 000'")),
        ("prize.prize\n1\u00a0000\n", ("line 2", "thousands")),
        ("prize.prize\n1\u202f000\n", ("line 2", "thousands")),
        ("prize.prize\n1'000\n", ("line 2", "thousands")),
        ("prize.prize\n1.000.000\n", ("line 2", "'1.000.000'")),
        ("prize.prize\n50%\n", ("line 2", "'50%'")),
        ("prize.prize\n$5\n", ("line 2", "'$5'")),
        ("prize.prize\n1\n1_000\n", ("line 3", "must be a number", "'1_000'")),
        ("prize.prize\n1\n0x10\n", ("line 3", "must be a number", "'0x10'")),
        ("prize.prize\n1\n١\n", ("line 3", "must be a number")),
        ("prize.prize\n1\n1e999\n", ("line 3", "finite", "'1e999'")),
        ("prize.prize\n1\nNA\n", ("line 3", "must be a number", "'NA'")),
        ("prize.prize\nnan\n", ("line 2", "must be a number", "'nan'")),
        ("prize.prize\n1\ninf\n", ("line 3", "'inf'")),
        ("prize.prize\n1\nTRUE\n", ("line 3", "must be a number", "'TRUE'")),
        ("prize.prize\n#DIV/0!\n", ("line 2", "'#DIV/0!'")),
        ("prize.prize\n1\n2001-02-03\n", ("line 3", "must be a number")),
        (NAMES + "0.1,race\n0.2,3\n", ("line 2", "nations.east.policy", "must be a number", "'race'")),
        (NAMES + "0.1,NA\n", ("line 2", "nations.east.policy", "'NA'")),
        # quotes
        (NAMES + '0.1,"race\n0.2,race\n', ("cannot be read as a table",)),
        (NAMES + '0.1,"race"x\n', ("line 2", "cannot be read as a table")),
        (NAMES + '0.1,"ra\nce"\n', ("no name 'ra\\nce'",)),
        (NAMES + "0.1,'race'\n", ("no name",)),
        # bytes
        ((NAMES + "0.1,race\n").encode("utf-16"), ("UTF-16", "Unicode Text")),
        ((NAMES + "0.1,race\n").encode("utf-16-be"), ("NUL byte",)),
        ((NAMES + "0.1,race\n").encode("utf-16-le"), ("NUL byte",)),
        (NAMES.encode() + b"0.1,ra\0ce\n", ("line 2", "NUL byte")),
        (NAMES.encode() + b"0.1,race\n0.2,r\xe4ce\n", ("line 3", "no UTF-8", "0xe4")),
        (b"PK\x03\x04rest", ("workbook", ".xlsx")),
        (b"\xd0\xcf\x11\xe0rest", ("workbook", ".xls")),
        (b"\x1f\x8brest", ("gzip",)),
        (b"PAR1rest", ("Parquet",)),
    ],
)  # fmt: skip
def test_what_is_wrong_with_a_file_is_said_in_one_line(tmp_path, content, words):
    refused(lambda: read(tmp_path, content), "points.csv" if "no " not in words[0] else "", *words)


@pytest.mark.parametrize("suffix", ["csv", "CSV"])
def test_the_command_refuses_such_a_file_and_writes_nothing(tmp_path, suffix, capsys):
    path = tmp_path / f"points.{suffix}"
    path.write_text("prize.enmity,trust.recovery\n0.1,0.5,0.9\n0.3,0.6,0.8\n")
    assert cli.main(["sweep", "duopoly", "--design", str(path), "--runs", "4", "--out", str(tmp_path / "out")]) == 2
    assert capsys.readouterr().err.count("\n") == 1
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    "content",
    [
        NAMES + "0.1,race\n0.9,treaty\n",
        NAMES + "0.1,race\n0.9,treaty",
        NAMES + "0.1,race\n0.9,treaty\n\n \n",
        NAMES.replace("\n", "\r\n") + "0.1,race\r\n0.9,treaty\r\n",
        NAMES.replace("\n", "\r") + "0.1,race\r0.9,treaty\r",
        "\ufeff" + NAMES + "0.1,race\n0.9,treaty\n",
        '"prize.enmity","nations.east.policy"\n"0.1","race"\n"0.9","treaty"\n',
        " prize.enmity , nations.east.policy \n 0.1 , race \n 0.9 , treaty \n",
        NAMES + "+1e-1,race\n.9,treaty\n",
    ],
)
def test_the_same_table_as_many_programs_write_it(tmp_path, content):
    columns = read(tmp_path, content)
    assert {path: column.tolist() for path, column in columns.items()} == {
        "prize.enmity": [0.1, 0.9],
        "nations.east.policy": ["race", "treaty"],
    }


def test_a_nation_may_hold_a_policy_that_pandas_takes_for_nothing(tmp_path):
    path = tmp_path / "points.csv"
    path.write_text("lab.rule\nNone\n")
    assert table(path).columns["lab.rule"].tolist() == ["None"]


def test_numbers_from_a_file_are_the_nearest_floats(tmp_path):
    luck = random.Random(3)
    values = [luck.random() * 10.0 ** luck.randint(-20, 3) for _ in range(2000)]
    path = tmp_path / "points.csv"
    path.write_text("prize.prize\n" + "".join(f"{value!r}\n" for value in values))
    assert table(path).columns["prize.prize"].tolist() == values


def test_an_object_column_of_numbers_from_pandas():
    rows = {
        0: {"prize.enmity": 0.1, "nations.east.policy": "race"},
        1: {"prize.enmity": 0.2, "nations.east.policy": "treaty"},
    }
    columns = design_of(pd.DataFrame(rows).T).points(SPACE).columns
    assert columns["prize.enmity"].dtype == float
    assert columns["prize.enmity"].tolist() == [0.1, 0.2]
    assert columns["nations.east.policy"].tolist() == ["race", "treaty"]


@pytest.mark.parametrize(
    "values",
    [
        np.array([1, 2], dtype=np.uint8),
        np.array([1, 2], dtype=np.float16),
        pd.array([1, 2], dtype="Int64"),
        pd.array([1.0, 2.0], dtype="Float64"),
        pd.Categorical([1, 2]),
        pd.arrays.SparseArray([1.0, 2.0]),
        np.array([1, 2.0], dtype=object),
        [Decimal("1"), Fraction(2)],
        [np.int64(1), np.float32(2)],
    ],
)
def test_numbers_of_every_type_are_numbers(values):
    column = design_of(pd.DataFrame({"prize.prize": values})).columns["prize.prize"]
    assert column.dtype == float
    assert column.tolist() == [1.0, 2.0]


@pytest.mark.parametrize("values", [pd.array(["race", "treaty"], dtype="string"), pd.Categorical(["race", "treaty"])])
def test_names_of_every_type_are_names(values):
    column = design_of(pd.DataFrame({"nations.east.policy": values})).columns["nations.east.policy"]
    assert column.tolist() == ["race", "treaty"]


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ([0.1, None], ("nan", "row 2")),
        ([0.1, np.inf], ("inf", "row 2")),
        (pd.array([1, None], dtype="Int64"), ("<NA>", "row 2")),
        (pd.array(["race", None], dtype="string"), ("row 2",)),
        (np.array([0.1 + 1j, 0.2]), ("row 1",)),
        ([True, False], ("True", "row 1")),
        (np.array([0.1, True], dtype=object), ("True", "row 2")),
        (np.array([0.1, "0.2"], dtype=object), ("'0.2' in a column of numbers", "row 2")),
        (np.array(["race", 0.2], dtype=object), ("'race' in a column of numbers", "row 1")),
        ([10**400, 1], ("row 1",)),
        (pd.to_datetime(["2020-01-01", "2021-01-01"]), ("Timestamp", "row 1")),
        (pd.to_timedelta([1, 2]), ("Timedelta", "row 1")),
        ([[0.1], [0.2]], ("[0.1]", "row 1")),
    ],
)
def test_what_is_no_number_in_a_frame_is_refused(values, words):
    refused(lambda: design_of(pd.DataFrame({"prize.enmity": values})), "prize.enmity", *words)


@pytest.mark.parametrize(
    ("frame", "words"),
    [
        (pd.DataFrame([[0.1, 0.2]], columns=["prize.enmity", "prize.enmity"]), ("names 2 columns",)),
        (pd.DataFrame({"prize.enmity": [0.1], "x": [1]}).set_index("x"), ("index 'x'", "reset_index")),
        (pd.DataFrame([[0.1]]), ("names of columns must be texts", "0")),
        (pd.DataFrame([[0.1]], columns=pd.MultiIndex.from_tuples([("a", "b")])), ("must be texts",)),
        (pd.DataFrame({"": [0.1]}), ("has no name",)),
        (pd.DataFrame({"prize.enmity": []}), ("at least one row",)),
        ({"prize.enmity": [0.1], "prize.prize": [1, 2]}, ("must be a table",)),
        ({"prize.enmity": 0.1}, ("must be a table",)),
    ],
)
def test_what_is_no_table_of_points_is_refused(frame, words):
    refused(lambda: table(frame), *words)
