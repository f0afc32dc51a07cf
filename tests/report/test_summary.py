"""The notebook's summary: the answer, escaped."""

from __future__ import annotations

from ecumene.report import summary_html


def test_the_summary_has_the_answer_and_lets_nothing_hostile_in(record):
    html = summary_html(record | {"run": "<b>"})
    assert "Cascade reached 910 of 1,000 agents" in html
    assert "91.0 %" in html
    assert "9f9f" in html
    assert "&lt;b&gt;" in html
    assert html.count("<tr>") == 5  # two measures, seed, digest, seconds
    assert "<script" not in html
    assert "<img" not in html
