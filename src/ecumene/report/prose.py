"""A model's docstring (a little Markdown) as HTML, every character escaped first.

Known: headings, paragraphs, lists, `code`, *emphasis* and addresses. Anything else stays text.
"""

from __future__ import annotations

import re

from markupsafe import Markup, escape

INLINE = (
    (re.compile(r"`([^`]+)`"), r"<code>\1</code>"),
    (re.compile(r"(?<![\w*])\*([^*\s][^*]*)\*(?![\w*])"), r"<em>\1</em>"),
    (re.compile(r"(https?://[^\s<>&;]+[\w/])"), r'<a href="\1" rel="noreferrer">\1</a>'),
)
ITEM = re.compile(r"^\s*(?:[-*]|\d+\.)\s+")


def html(text: str) -> Markup:
    """The text as headings, paragraphs and lists."""
    blocks = re.split(r"\n\s*\n", text.strip("\n"))
    return Markup("\n").join(_block(lines) for block in blocks for lines in _split(block))


def _split(block: str) -> list[list[str]]:
    """A block's lines, with each heading a block of its own."""
    found: list[list[str]] = [[]]
    for line in block.splitlines():
        if line.lstrip().startswith("#"):
            found += [[line], []]
        else:
            found[-1].append(line)
    return [lines for lines in found if "".join(lines).strip()]


def _block(lines: list[str]) -> Markup:
    """One heading, list or paragraph."""
    first = lines[0].lstrip()
    if first.startswith("#"):
        return Markup("<h3>{}</h3>").format(_inline(first.lstrip("# ")))
    if ITEM.match(first):
        return Markup("<ul>{}</ul>").format(Markup("").join(_items(lines)))
    return Markup("<p>{}</p>").format(_inline(" ".join(line.strip() for line in lines)))


def _items(lines: list[str]) -> list[Markup]:
    """A list's items; a line without a mark goes on with the item before it."""
    items: list[str] = []
    for line in lines:
        if ITEM.match(line) or not items:
            items.append(ITEM.sub("", line).strip())
        else:
            items[-1] += " " + line.strip()
    return [Markup("<li>{}</li>").format(_inline(item)) for item in items]


def _inline(text: str) -> Markup:
    """Escaped text with code, emphasis and addresses marked."""
    marked = str(escape(text))
    for pattern, replacement in INLINE:
        marked = pattern.sub(replacement, marked)
    return Markup(marked)  # escaped above; the patterns add fixed tags only
