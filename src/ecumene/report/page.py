"""One run as one self-contained HTML page: its plots, tables and limits, from its folder alone.

Nothing is fetched: style, plotting library and data stand in the page, and its own content
security policy forbids every connection and every script but the two that belong to it.
"""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from markupsafe import Markup

from ..store import RunFolder, Series, plain
from ..store.canonical import encode
from ..store.disk import storing, write_whole
from . import headline, prose, scorecard, tables, telling, words
from .figures import figures

if TYPE_CHECKING:
    from jinja2 import Environment

REPORT = "report.html"
# What the template asks for and a record need not have.
OPTIONAL = (
    *("title", "run", "status", "reason", "preset", "step_unit", "synchrony", "plan_summary"),
    *("command", "ecumene_version", "reads_background", "intervention_notices"),
)
HERE = Path(__file__).parent
LIBRARY = HERE / "assets" / "echarts" / "echarts.common.min.js"


def write_report(run: RunFolder, scorecard: Sequence[Mapping[str, Any]] | None = None) -> Path:
    """Write `report.html` into the run's folder and give its path.

    It shows `scorecard`, or without one that which was kept when the run was made.
    """
    path = run.path / REPORT
    shown = run.scorecard if scorecard is None else scorecard
    page = render({**run.record, "scorecard": shown}, run.series)
    with storing(path):
        write_whole(path, encode(page))
    return path


def render(record: dict[str, Any], series: Series) -> str:
    """The whole page as text."""
    record = dict.fromkeys(OPTIONAL) | plain(record)
    data = figures(record, series)
    library, drawing = _source(LIBRARY), _source(HERE / "templates" / "plots.js")
    return (
        _environment()
        .get_template("page.html")
        .render(
            record=record,
            amount=words.amount,
            answers=telling.answers(record),
            changed_groups=telling.groups(record),
            answer=headline.headline(record),
            ending=headline.ending(record),
            short_title=headline.short_title(record),
            numbers=tables.key_numbers(record, series),
            figures=data,
            data=in_script(data),
            scorecard_count=scorecard.counted(record),
            scorecard=scorecard.lines(record.get("scorecard") or []),
            scorecard_width=scorecard.WIDTH,
            parameters=tables.parameters(record),
            interventions=tables.interventions(record),
            population=record.get("population"),
            notices=record.get("network_notices") or [],
            plan=tables.grid(record.get("plan") or []),
            doc=prose.html(record.get("doc") or ""),
            origin=tables.origin(record),
            cost=tables.cost(record),
            limits=tables.limits(record),
            style=_source(HERE / "templates" / "style.css"),
            scripts=[library, drawing],
            policy=_policy(library, drawing),
        )
    )


@cache
def _environment() -> Environment:
    """Jinja with everything escaped and nothing undefined."""
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    return Environment(
        loader=FileSystemLoader(HERE / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


@cache
def _source(path: Path) -> Markup:
    """A file of this package, to stand in the page as it is."""
    return Markup(path.read_text(encoding="utf-8"))


def in_script(data: object) -> Markup:
    """JSON that cannot end the element it stands in."""
    text = json.dumps(data, separators=(",", ":"), allow_nan=False)
    for sign in "<>&'":
        text = text.replace(sign, f"\\u{ord(sign):04x}")
    return Markup(text)


def _policy(*scripts: str) -> str:
    """A content security policy: no connection, and no script but these."""
    hashes = [hashlib.sha256(script.encode()).digest() for script in scripts]
    allowed = " ".join(f"'sha256-{base64.b64encode(h).decode()}'" for h in hashes)
    return f"default-src 'none'; script-src {allowed}; style-src 'unsafe-inline'; img-src data:"
