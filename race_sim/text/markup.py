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
    """The text as markup: escaped, unless it is markup.

    >>> html("a < b"), html(Markup("<b>a</b>"))
    ('a &lt; b', '<b>a</b>')
    """
    return text if isinstance(text, Markup) else Markup(escape(str(text)))


def bold(text: object) -> Markup:
    """The text in bold."""
    return Markup(f"<b>{html(text)}</b>")


def faint(text: object) -> Markup:
    """The text less prominent: units, errors, remarks."""
    return Markup(f'<span style="opacity: 0.75">{html(text)}</span>')


def lines(texts: Iterable[object]) -> Markup:
    """The texts below each other."""
    return Markup("<br>".join(map(html, texts)))


def titled(title: object, *parts: object) -> Markup:
    """A title over its parts, which are markup or paragraphs of text."""
    text = (part if isinstance(part, Markup) else Markup(f"<div>{html(part)}</div>") for part in parts if part)
    return Markup(f'<div style="overflow-x: auto"><div>{bold(title)}</div>{"".join(text)}</div>')


def folded(summary: object, body: Markup) -> Markup:
    """A part that opens at a click, without a script."""
    return Markup(f'<details><summary style="cursor: pointer">{html(summary)}</summary>{body}</details>')


def table(head: Sequence[object], rows: Iterable[Sequence[object]], numbers: Iterable[int] = ()) -> Markup:
    """A table. numbers: the columns that are aligned to the right.

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
    """A name with its unit, as tables head their columns."""
    return Markup(f"{html(name)} {faint(f'({unit})')}") if unit else html(name)
