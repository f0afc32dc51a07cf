"""A model's docstring becomes a page's text, and never markup of its own."""

from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st

from ecumene.report import prose


def test_headings_paragraphs_lists_code_and_addresses():
    html = str(prose.html("# T\none\ntwo `c`\n\n- a\n  b\n- *d*\n\nhttps://a.org/x."))
    assert html == (
        "<h3>T</h3>\n<p>one two <code>c</code></p>\n<ul><li>a b</li><li><em>d</em></li></ul>\n"
        '<p><a href="https://a.org/x" rel="noreferrer">https://a.org/x</a>.</p>'
    )


def test_formulas_with_stars_stay_as_they_are():
    assert str(prose.html("u = 1 - p + p*u**(k - 1)")) == "<p>u = 1 - p + p*u**(k - 1)</p>"


@given(text=st.text(st.sampled_from("<>&\"'`*#- \nahtps:/.")))
def test_no_tag_but_its_own_ever_comes_out(text):
    tags = re.findall(r"<[^>]*>", str(prose.html(text)))
    known = r"</?(h3|p|ul|li|code|em|a)>|<a href=\"https?://[^\"<>]*\" rel=\"noreferrer\">"
    assert all(re.fullmatch(known, tag) for tag in tags)
