"""Tables of points, from CSV files and from pandas: every cell is read as it stands or refused, none is guessed at."""

import csv
import io
import re
from decimal import Decimal
from numbers import Real
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from race_sim.errors import InputError, one_line
from race_sim.runs.memory import check_fits

if TYPE_CHECKING:
    import pandas as pd

NUMBER = re.compile(r"[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]+)?")
ALMOST = re.compile(r"[+-]?[$€£]?[0-9]{1,3}([.,'’ \u00a0\u202f]?[0-9]+)*\s*[%$€£]?")  # what programs write for people
BYTES_PER_BYTE = 16  # of memory, for a byte of a file: a cell of few digits is an object while it is read
MISSING = {"na", "n/a", "#n/a", "nan", "-nan", "null", "none", "<na>", "-", "?"}
SAVE = "save it as 'CSV UTF-8 (comma delimited)'"
SIGNATURES = {
    b"PK\x03\x04": "is a workbook (.xlsx or .ods) and no CSV file: in Excel or Calc, " + SAVE,
    b"\xd0\xcf\x11\xe0": "is a workbook (.xls) and no CSV file: in Excel or Calc, " + SAVE,
    b"\xff\xfe": "is UTF-16 text (Excel's 'Unicode Text'): " + SAVE,
    b"\xfe\xff": "is UTF-16 text: " + SAVE,
    b"\x1f\x8b": "is compressed (gzip): unpack it first",
    b"PAR1": "is a Parquet file and no CSV file: give it as a DataFrame, pandas.read_parquet(FILE)",
}
SEPARATORS = {
    ";": f"semicolons, as Excel writes CSV where numbers have decimal commas: {SAVE} with points as decimal separators",
    "\t": f"tabs, as Excel's 'Text (Tab delimited)': {SAVE}",
    "|": f"bars: {SAVE}",
}


def read_csv(path: str | Path) -> dict[str, NDArray[Any]]:
    """Read a table of points from a CSV file.

    Commas stand between cells, points in numbers; the first line names the columns. Cells may be quoted. Empty lines at
    the end of the file do not count.

    Parameters
    ----------
    path : str or Path
        The file, in UTF-8, with or without a byte order mark.

    Returns
    -------
    mapping of str to array (rows,)
        Columns by name: floats where every cell is a number, otherwise objects that are texts.

    Raises
    ------
    InputError
        For a file that cannot be read or is no such table; says in which line, and what to change in the program that
        wrote it.
    """
    rows = _rows(str(path), _text(path))
    (_, header), body = rows[0], rows[1:]
    names = [name.strip() for name in header]
    _check_header(str(path), names)
    for line, cells in body:
        if len(cells) != len(names):
            hint = " (numbers with decimal commas?)" if len(names) < len(cells) <= 2 * len(names) else ""
            raise InputError(f"{path}: line {line}: has {len(cells)} values under {len(names)} names{hint}")
    if not body:
        raise InputError(f"{path}: at least one row under the names is needed, got none")
    lines = [line for line, _ in body]
    columns = zip(*(cells for _, cells in body), strict=True)
    return {name: _column(f"{path}: {name}", lines, cells) for name, cells in zip(names, columns, strict=True)}


def read_frame(frame: "pd.DataFrame") -> dict[str, NDArray[Any]]:
    """Read a table of points from a DataFrame.

    Parameters
    ----------
    frame : pandas.DataFrame
        One row per point; its index must have no name, since it is no column.

    Returns
    -------
    mapping of str to array (rows,)
        Columns by name: floats where every cell is a number, otherwise objects that are texts.

    Raises
    ------
    InputError
        For names that are there twice or are no text, an index that has a name, and a cell that is neither a finite
        number nor a name, or stands in a column of the others.
    """
    if frame.empty:
        raise InputError(f"table: at least one row and one column are needed, got {one_line(frame.shape)}")
    index = [name for name in frame.index.names if name is not None]
    if index:
        raise InputError(f"table: its index {one_line(index[0])} is no column: frame.reset_index() makes it one")
    names = list(frame.columns)
    for name in names:
        if not isinstance(name, str):
            raise InputError(f"table: names of columns must be texts, got {one_line(name)}")
    _check_header("table", names)
    return {name: _series(f"table: {name}", frame.iloc[:, place]) for place, name in enumerate(names)}


def _series(where: str, series: "pd.Series[Any]") -> NDArray[Any]:
    if isinstance(series.dtype, np.dtype) and series.dtype.kind in "iuf":
        values = series.to_numpy(dtype=float)
        if np.isfinite(values).all():
            return values
    return _values(where, series.tolist())


def _values(where: str, cells: list[Any]) -> NDArray[Any]:
    """A column of a DataFrame; numbers may come as objects."""
    texts = [isinstance(cell, str) for cell in cells]
    if all(texts):
        return np.array([str(cell) for cell in cells], dtype=object)
    values = np.empty(len(cells))
    mixed = any(isinstance(cell, Real) for cell in cells)
    for row, (cell, text) in enumerate(zip(cells, texts, strict=True), 1):
        number = isinstance(cell, Real | Decimal) and not isinstance(cell, bool | np.bool_)
        try:
            value = float(cell) if number else np.nan
        except OverflowError:
            value = np.inf
        if (mixed and text) or not (text or np.isfinite(value)):
            among = " in a column of numbers" if text else ""
            raise InputError(f"{where}: must be finite numbers or names, got {one_line(cell)}{among} in row {row}")
        values[row - 1] = value
    return values


def _text(path: str | Path) -> str:
    try:
        check_fits(f"{path}", Path(path).stat().st_size, BYTES_PER_BYTE, what="bytes")
        content = Path(path).read_bytes()
    except InputError:
        raise
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        raise InputError(f"{path}: cannot be read as a table: {reason}") from None
    for signature, what in SIGNATURES.items():
        if content.startswith(signature):
            raise InputError(f"{path}: {what}")
    if b"\0" in content:
        line = content[: content.index(b"\0")].count(b"\n") + 1
        raise InputError(f"{path}: line {line}: holds a NUL byte (the file is damaged, or UTF-16 text): {SAVE}")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        byte = f"0x{content[error.start]:02x}"
        raise InputError(f"{path}: line {line}: is no UTF-8 text (byte {byte}): {SAVE}") from None


def _rows(path: str, text: str) -> list[tuple[int, list[str]]]:
    """Every line that is not empty, with its number; lines at the end may be empty."""
    if not text.strip():
        raise InputError(f"{path}: at least one row and one column are needed, got an empty file")
    for separator, what in SEPARATORS.items():
        first = text.lstrip().splitlines()[0]
        if separator in first and "," not in first:
            raise InputError(f"{path}: must have commas between its cells, has {what}")
    if text.lstrip().lower().startswith("sep="):
        raise InputError(f"{path}: line 1: is 'sep=', which only Excel understands: delete this line")
    reader = csv.reader(io.StringIO(text.rstrip(), newline=""), strict=True, skipinitialspace=True)
    rows, empty = [], 0
    try:
        for cells in reader:
            if any(cell.strip() for cell in cells):
                if empty:
                    raise InputError(f"{path}: line {empty}: is empty; delete it")
                rows.append((reader.line_num, cells))
            elif len(cells) > 1:
                raise InputError(
                    f"{path}: line {reader.line_num}: has no values, only commas, as Excel writes for rows that were "
                    "emptied: delete these rows there, not only what is in them"
                )
            else:
                empty = empty or reader.line_num
    except csv.Error as error:
        raise InputError(f"{path}: line {reader.line_num}: cannot be read as a table: {error}") from None
    return rows


def _check_header(path: str, names: list[str]) -> None:
    for place, name in enumerate(names, 1):
        if not name:
            raise InputError(f"{path}: column {place}: has no name (an index? pandas: to_csv(FILE, index=False))")
        if NUMBER.fullmatch(name):
            raise InputError(f"{path}: the first line must name the columns, got {one_line(name)}")
        if names.count(name) > 1:
            raise InputError(f"{path}: {one_line(name)} names {names.count(name)} columns")


def _column(where: str, lines: list[int], texts: tuple[str, ...]) -> NDArray[Any]:
    """A column of a file: numbers where any cell is one, and then every cell must be."""
    cells = [cell.strip() for cell in texts]
    numbers = [NUMBER.fullmatch(cell) is not None for cell in cells]
    for line, cell, number in zip(lines, cells, numbers, strict=True):
        at = where.replace(": ", f": line {line}: ", 1)
        if not cell:
            raise InputError(f"{at}: has no value")
        if number and not np.isfinite(float(cell)):
            raise InputError(f"{at}: must be a finite number, got {one_line(cell)}")
        if not number and ALMOST.fullmatch(cell):
            rule = "must be a number with a point and nothing between its digits"
            raise InputError(f"{at}: {rule} (no decimal comma, thousands separator or sign), got {one_line(cell)}")
        if not number and (any(numbers) or cell.lower() in MISSING - {"none"} or cell.startswith("#")):
            raise InputError(f"{at}: must be a number{'' if any(numbers) else ' or a name'}, got {one_line(cell)}")
    return np.array([float(cell) for cell in cells]) if all(numbers) else np.array(cells, dtype=object)
