"""HTML tables for notebooks: texts in, markup out.

No scripts, no network, and no colours but the theme's own. Alignment stands in every cell, because Jupyter's style
sheet aligns all cells to the right.
"""

from collections.abc import Iterable, Sequence
from html import escape


class Markup(str):
    """Text that is HTML already; every other text is escaped."""

    __slots__ = ()


def html(text: object) -> Markup:
    """Make markup of a text: escape it, unless it is markup.

    Parameters
    ----------
    text : object
        Markup as it is; anything else as text, escaped.

    Returns
    -------
    Markup
        The markup.

    Examples
    --------
    >>> html("a < b"), html(Markup("<b>a</b>"))
    ('a &lt; b', '<b>a</b>')
    """
    return text if isinstance(text, Markup) else Markup(escape(str(text)))


def bold(text: object) -> Markup:
    """Set a text in bold.

    Parameters
    ----------
    text : object
        Markup as it is; anything else as text, escaped.

    Returns
    -------
    Markup
        The markup.
    """
    return Markup(f"<b>{html(text)}</b>")


def faint(text: object) -> Markup:
    """Set a text less prominently: units, errors, remarks.

    Parameters
    ----------
    text : object
        Markup as it is; anything else as text, escaped.

    Returns
    -------
    Markup
        The markup.
    """
    return Markup(f'<span style="opacity: 0.75">{html(text)}</span>')


def lines(texts: Iterable[object]) -> Markup:
    """Set texts below each other.

    Parameters
    ----------
    texts : iterable of object
        Markup as it is; anything else as text, escaped.

    Returns
    -------
    Markup
        The markup.
    """
    return Markup("<br>".join(map(html, texts)))


def titled(title: object, *parts: object) -> Markup:
    """Set a title over its parts.

    Parameters
    ----------
    title : object
        Markup or text.
    *parts : object
        Markup as it is, and texts as paragraphs; empty ones are left out.

    Returns
    -------
    Markup
        The markup.
    """
    marked = (part if isinstance(part, Markup) else Markup(f"<div>{html(part)}</div>") for part in parts if part)
    return Markup(f'<div style="overflow-x: auto"><div>{bold(title)}</div>{"".join(marked)}</div>')


def folded(summary: object, body: Markup) -> Markup:
    """Fold a part away; it opens at a click, without a script.

    Parameters
    ----------
    summary : object
        What is seen before: markup or text.
    body : Markup
        What is folded away.

    Returns
    -------
    Markup
        The markup.
    """
    return Markup(f'<details><summary style="cursor: pointer">{html(summary)}</summary>{body}</details>')


def table(head: Sequence[object], rows: Iterable[Sequence[object]], numbers: Iterable[int] = ()) -> Markup:
    """Set a table.

    Parameters
    ----------
    head : sequence of object
        Titles of the columns: markup or texts.
    rows : iterable of sequence of object
        Cells: markup or texts.
    numbers : iterable of int
        Places of the columns that are aligned to the right.

    Returns
    -------
    Markup
        The markup.

    Examples
    --------
    >>> print(table(["lab", "share (1)"], [["us_1", "0.25"]], [1]).count("<td"))
    2
    """
    right = set(numbers)

    def cell(tag: str, place: int, text: object) -> str:
        side = "right" if place in right else "left"
        return f'<{tag} style="text-align:{side};vertical-align:top">{html(text)}</{tag}>'

    def row(tag: str, texts: Sequence[object]) -> str:
        return f"<tr>{''.join(cell(tag, place, text) for place, text in enumerate(texts))}</tr>"

    body = "".join(row("td", texts) for texts in rows)
    style = "border-collapse: collapse; font-variant-numeric: tabular-nums; margin: 0.4em 0"
    return Markup(
        f'<table style="{style}" cellpadding="4"><thead>{row("th", head)}</thead><tbody>{body}</tbody></table>'
    )


def with_unit(name: object, unit: str) -> Markup:
    """Set a name with its unit, as at the head of a column.

    Parameters
    ----------
    name : object
        Markup or text.
    unit : str
        Its unit; empty for none.

    Returns
    -------
    Markup
        The markup.
    """
    return Markup(f"{html(name)} {faint(f'({unit})')}") if unit else html(name)
