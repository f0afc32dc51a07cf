"""A run in a notebook's cell: the answer, its numbers, and where the page is."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from markupsafe import Markup

from ..store import plain
from . import headline, scorecard, words

CELL = "text-align:left;padding:0.15em 1.2em 0.15em 0"


def summary_html(record: Mapping[str, Any]) -> str:
    """A few lines of HTML that stand in light and dark notebooks alike."""
    record = plain(record)
    rows = [(words.name(n), words.quantity(n, v)) for n, v in _singles(record)]
    rows += [
        ("seed", str(record.get("seed"))),
        ("digest", str(record.get("digest"))),
        ("computed in", words.seconds(record.get("seconds"))),
    ]
    row = Markup('<tr><th style="{}">{}</th><td style="{}">{}</td></tr>')
    body = Markup("").join(row.format(CELL, name, CELL, value) for name, value in rows)
    page = Markup(
        '<div style="font-family:system-ui,sans-serif"><p style="margin:0 0 0.4em"><strong>{}'
        "</strong> {}</p><table>{}</table><p>{} <code>ecumene report {}</code> writes the page."
        "</p></div>"
    )
    sentence = scorecard.counted(record)
    name = record.get("run", "last")
    return str(
        page.format(headline.headline(record), headline.ending(record), body, sentence, name)
    )


def _singles(record: Mapping[str, Any]) -> list[tuple[str, Any]]:
    """The measures that are one number."""
    measures = record.get("measures") or {}
    return [(n, v) for n, v in measures.items() if not isinstance(v, Mapping)]
